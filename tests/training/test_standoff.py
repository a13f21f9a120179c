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
SHARED = ROOT / ".." / "shared" / "data"
LABELLED = {
    "news": SHARED / "unlabelled" / "articles.jsonl",
    "campaign": SHARED / "polnear" / "train.jsonl",
    "world": SHARED / "cameo" / "train.jsonl",
}
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


def test_a_line_without_a_key_is_told(tmp_path: Path) -> None:
    for bad in ({"text": TEXT}, {"statements": []}):
        with pytest.raises(InputError, match="no key"):
            list(standoff.detach([bad]))
    with pytest.raises(InputError, match="no key 'sha256'"):
        list(standoff.attach([{"statements": []}], []))
    (tmp_path / "odd.jsonl").write_text("[]\n3\n", encoding="utf-8")
    with pytest.raises(InputError, match="line 2"):
        standoff.read(tmp_path / "odd.jsonl")


def test_nothing_but_the_format_is_kept_of_a_target() -> None:
    made = record()
    made["statements"][0]["targets"][0]["name"] = "Oslo"
    (line,) = standoff.detach([made])
    assert set(line["statements"][0]["targets"][0]) == {"actor", "mention", "stance"}


@pytest.mark.parametrize("name", LABELLED)
def test_the_labels_fit_their_texts(name: str) -> None:
    if not LABELLED[name].is_file():
        pytest.skip("the texts that were labelled are not here (../shared)")
    for line in standoff.attach(standoff.read(ROOT / "labels" / f"{name}.jsonl"), standoff.read(LABELLED[name])):
        for statement in line["statements"]:
            spans = [*statement["content"], *filter(None, [statement["cue"], statement["source"]])]
            spans += [t["mention"] for t in statement["targets"] if t["mention"]]
            assert all(0 <= start < end <= len(line["text"]) for start, end in spans), line["id"]
            assert all(t["stance"] != "neutral" for t in statement["targets"]), line["id"]
            assert statement["targets"] == [] or statement["stance"] != "neutral", line["id"]
