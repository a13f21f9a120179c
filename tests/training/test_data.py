"""Corpora become queries with labels."""

import json
from pathlib import Path
from typing import Any

import pytest

from stance.errors import InputError
from training import data

TEXT = "Poland’s premier spoke first.\r\n“We will defend Poland against Russia,” he told reporters."


def pair(words: str) -> list[int]:
    start = TEXT.index(words)
    return [start, start + len(words)]


def record(**changes: Any) -> dict[str, Any]:
    statement = {
        "content": [pair("We will defend Poland against Russia,")],
        "kind": "direct",
        "cue": pair("told"),
        "source": pair("he"),
        "speaker": "the premier",
        "speaker_actor": "POL",
        "targets": [{"actor": "RUS", "mention": pair("Russia"), "stance": "deterrent"}],
        "stance": "deterrent",
    }
    return {"id": "made-1", "title": None, "date": None, "text": TEXT, "statements": [statement], **changes}


def test_offsets_are_those_of_the_cleaned_text() -> None:
    article = data.article(record())
    gold, text = article.statements[0], article.document.text
    assert "\r" not in text
    assert gold.attribution.content[0].of(text) == "We will defend Poland against Russia,"
    assert gold.targets[0].mention is not None
    assert gold.targets[0].mention.of(text) == "Russia"


def test_labels_follow_the_gold_targets_and_the_speaker_is_no_candidate() -> None:
    (example,) = data.examples(data.article(record()))
    named = {q.candidate.actor.id: label for q, label in zip(example.queries, example.labels, strict=True) if q.candidate}
    assert example.labels[0] == "deterrent"
    assert named["RUS"] == "deterrent"
    assert "POL" not in named


def test_a_candidate_that_no_target_names_is_none() -> None:
    changed = record()
    changed["statements"][0] |= {"targets": [], "stance": "neutral"}
    (example,) = data.examples(data.article(changed))
    assert set(example.labels[1:]) == {"not_a_target"}


@pytest.mark.parametrize(
    ("identity", "extra", "event"),
    [
        ("some+repo/Timeline17/HarborCrisis_cnn/articles.jsonl#35@365-876", {}, "HarborCrisis"),
        ("some+repo/Timeline17/HarborCrisis_bbc/articles.jsonl#2", {}, "HarborCrisis"),
        ("wire/2026-01-02.md#31@3040-3642", {}, "wire/2026-01-02.md#31"),
        ("seed-1", {"event": "straits"}, "straits"),
    ],
)
def test_events_join_newsrooms_and_passages(identity: str, extra: dict[str, str], event: str) -> None:
    assert data.event({"id": identity, **extra}) == event


def test_a_bad_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(json.dumps(record()) + '\n{"id": "x"}\n')
    with pytest.raises(InputError, match=r"bad\.jsonl, line 2"):
        data.read(path)


def test_required_corpora_must_be_there_and_optional_ones_are_reported(tmp_path: Path) -> None:
    path = tmp_path / "one.jsonl"
    path.write_text(json.dumps(record()) + "\n")
    there, missing = data.corpora([path], [tmp_path / "two.jsonl"])
    assert ([len(c.articles) for c in there], missing) == ([1], [tmp_path / "two.jsonl"])
    with pytest.raises(InputError, match=r"two\.jsonl is missing"):
        data.corpora([tmp_path / "two.jsonl"], [])
