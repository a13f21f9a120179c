"""Standoff labels: they hold no words, and find their texts again."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from stance.errors import InputError
from training import data
from training.__main__ import app
from training.corpus import standoff

ROOT = Path(__file__).parents[2]
LABELS = ROOT / "labels" / "news.jsonl"
TEXTS = ROOT / ".." / "shared" / "data" / "unlabelled" / "articles.jsonl"
TEXT = "“We will close the strait,” the Vastian admiral said in a message to Oslo."


def record(**changes: Any) -> dict[str, Any]:
    statement = {
        "content": [[1, 26]],
        "kind": "direct",
        "cue": [48, 52],
        "source": [28, 47],
        "speaker": "the Vastian admiral",
        "speaker_actor": "Vastia",
        "targets": [{"actor": "NOR", "mention": [69, 73], "stance": "threatening"}],
        "stance": "threatening",
    }
    return {"id": "a", "title": "A strait", "date": None, "text": TEXT, "statements": [statement]} | changes


def test_labels_hold_no_words_of_the_text() -> None:
    (line,) = standoff.detach([record()])
    assert set(line) == {"sha256", "statements"}
    assert "admiral" not in json.dumps(line)
    assert "strait" not in json.dumps(line)


def test_labels_and_texts_come_together_again() -> None:
    labels = list(standoff.detach([record()]))
    (back,) = standoff.attach(labels, [{"id": "b", "text": "Unlabelled."}, {"id": "a", "title": "A strait", "text": TEXT}])
    lost = record()
    lost["statements"][0]["speaker"] = None
    assert back == lost
    assert data.article(back).statements[0].targets[0].actor == "NOR"


def test_a_text_that_changed_is_missed() -> None:
    with pytest.raises(InputError, match="1 labelled texts are missing"):
        list(standoff.attach(standoff.detach([record()]), [{"id": "a", "text": TEXT + "!"}]))


def test_the_commands_write_what_they_read(tmp_path: Path) -> None:
    corpus, labels, back = (tmp_path / name for name in ("corpus.jsonl", "labels.jsonl", "new/back.jsonl"))
    corpus.write_text(json.dumps(record()) + "\n", encoding="utf-8")
    run = CliRunner().invoke
    assert run(app, ["data", "detach", str(corpus), "-o", str(labels)]).exit_code == 0
    assert run(app, ["data", "attach", str(labels), str(corpus), "-o", str(back)]).exit_code == 0
    assert [a.document.text for a in data.read(back)] == [TEXT]


def test_a_failed_command_leaves_no_file(tmp_path: Path) -> None:
    labels, texts, out = (tmp_path / name for name in ("labels.jsonl", "texts.jsonl", "out.jsonl"))
    standoff.write(labels, standoff.detach([record()]))
    texts.write_text(json.dumps({"id": "b", "text": "Other."}) + "\n", encoding="utf-8")
    result = CliRunner().invoke(app, ["data", "attach", str(labels), str(texts), "-o", str(out)])
    assert result.exit_code == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["labels.jsonl", "texts.jsonl"]


@pytest.mark.skipif(not TEXTS.is_file(), reason="the texts that were labelled are not here (../shared)")
def test_the_labels_of_news_fit_their_texts() -> None:
    for line in standoff.attach(standoff.read(LABELS), standoff.read(TEXTS)):
        for statement in line["statements"]:
            spans = [*statement["content"], *filter(None, [statement["cue"], statement["source"]])]
            spans += [t["mention"] for t in statement["targets"] if t["mention"]]
            assert all(0 <= start < end <= len(line["text"]) for start, end in spans), line["id"]
            assert all(t["stance"] != "neutral" for t in statement["targets"]), line["id"]
            assert statement["targets"] == [] or statement["stance"] != "neutral", line["id"]
