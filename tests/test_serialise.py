"""The shared JSON format and the rows of tables."""

from __future__ import annotations

import json
from typing import Any

import pytest

from stance import serialise
from stance.errors import InputError
from stance.pipeline import Analysis
from stance.types import ActorKind, Article, Stance


def test_a_line_of_json_and_back(analysis: Analysis) -> None:
    line = analysis.to_json()
    assert "\n" not in line
    assert Analysis.from_dict(json.loads(line)) == analysis


def test_the_format_is_the_shared_one(analysis: Analysis) -> None:
    record = analysis.to_dict()
    assert (record["id"], record["title"], record["date"]) == ("haug", "A day at sea", "2031-05-04")
    first, second, third = record["statements"]
    assert [record["text"][a:b] for a, b in first["content"]] == ["Leave our waters,", "or the Grey Fleet will be sunk."]
    assert record["text"][slice(*first["source"])] == "Minister Liv Haug"
    assert (first["kind"], first["speaker"], first["speaker_actor"], first["stance"]) == ("direct", "Liv Haug", "NOR", "threatening")
    assert [(t["actor"], t["stance"]) for t in second["targets"]] == [("ISL", "reassuring"), ("Grey Fleet", "deterrent")]
    assert second["targets"][1]["mention"] is None
    assert (third["speaker"], third["speaker_actor"], third["targets"], third["cue"]) == (None, None, [], None)
    assert record["actors"]["Grey Fleet"] == {"name": "Grey Fleet", "kind": "armed_group"}


def test_gold_has_neither_confidence_nor_actors() -> None:
    gold = {
        "id": "g",
        "text": "Norway said it was ready to deter the Grey Fleet.",
        "statements": [
            {
                "content": [[12, 49]],
                "kind": "indirect",
                "cue": [7, 11],
                "source": [0, 6],
                "speaker": "Norway",
                "speaker_actor": "NOR",
                "targets": [{"actor": "Grey Fleet", "mention": [34, 48], "stance": "deterrent"}],
                "stance": "deterrent",
            }
        ],
    }
    (statement,) = Analysis.from_dict(gold)
    assert statement.text == "it was ready to deter the Grey Fleet."
    assert statement.speaker.actor.kind is ActorKind.STATE
    assert statement.speaker.actor.name == "Norway"
    assert statement.target.actor.kind is ActorKind.ORGANISATION
    assert statement.target.stance is Stance.DETERRENT


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"content": [[0, 999]]}, "outside the text"),
        ({"content": []}, "content is empty"),
        ({"kind": "sung"}, "sung"),
        ({"stance": "friendly"}, "friendly"),
        ({"targets": None}, "not in the shared format"),
        ({"cue": [1]}, "not in the shared format"),
    ],
)
def test_what_is_not_in_the_format_is_refused(analysis: Analysis, change: dict[str, Any], complaint: str) -> None:
    record = analysis.to_dict()
    record["statements"][0].update(change)
    with pytest.raises(InputError, match=complaint):
        Analysis.from_dict(record)


def test_a_missing_key_is_named(analysis: Analysis) -> None:
    record = analysis.to_dict()
    del record["statements"][0]["kind"]
    with pytest.raises(InputError, match="no 'kind'"):
        Analysis.from_dict(record)


def test_rows_have_one_line_for_each_target(analysis: Analysis) -> None:
    rows = serialise.rows(analysis.article, analysis.statements)
    assert [(r.statement, r.speaker_actor, r.target, r.target_mention, r.stance, r.confidence) for r in rows] == [
        (1, "NOR", "Grey Fleet", "Grey Fleet", "threatening", 0.9),
        (2, "NOR", "ISL", "Iceland", "reassuring", 0.75),
        (2, "NOR", "Grey Fleet", None, "deterrent", 0.5),
        (3, None, None, None, "neutral", 1.0),
    ]
    assert analysis.article.text[rows[0].start : rows[0].end].startswith("Leave our waters")


def test_lone_surrogates_survive_as_escapes() -> None:
    line = Analysis(Article("a \ud83d b 😀", id="s"), ()).to_json()
    assert json.loads(line.encode("utf-8"))["text"] == "a \ud83d b 😀"


@pytest.mark.parametrize(
    ("record", "complaint"),
    [
        ([1], "expected an object"),
        ({"id": "x", "body": "y"}, "no key 'text' among"),
        ({"id": "x", "text": None}, "text must be a str, not NoneType"),
        ({"id": "x", "text": " "}, "article 'x' is empty"),
        ({"id": ["x"], "text": "y"}, "id must be a string"),
        ({"id": True, "text": "y"}, "id must be a string"),
        ({"id": "x", "text": "y", "title": 3}, "title must be a string"),
        ({"id": "x", "text": "y", "date": "June 2023"}, "date must be null or like '2023-06-28', not 'June 2023'"),
    ],
)
def test_records_that_are_no_articles(record: object, complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        serialise.article_from_dict(record)


def test_records_that_are_articles() -> None:
    read = serialise.article_from_dict
    assert read({"id": 7, "text": "y", "date": "2031-05-04T10:00:00Z"}).date.isoformat() == "2031-05-04"
    assert read({"id": 7, "text": "y"}).id == "7"
    assert read({"text": "y", "date": ""}, default_id="f:3").id == "f:3"
