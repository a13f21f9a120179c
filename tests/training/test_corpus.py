"""The corpus's checks, counts, splits, agreement and exports, each shown what it must find."""

from __future__ import annotations

import csv
import io
import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from stance.errors import InputError, MissingExtraError
from training.__main__ import app
from training.corpus import agreement, checks, duplicates, export, records, splits, spread
from training.corpus.records import Record

FILLER = " ".join(f"Gulls counted boat {n} in the grey harbour." for n in range(15))
TEXT = f"“We will sink whoever crosses the bar,” the Danish admiral said. Oslo denied that it had plans.\n\n{FILLER}"


def pair(words: str, text: str = TEXT) -> list[int]:
    start = text.index(words)
    return [start, start + len(words)]


def article(identity: str = "made-1", **changes: Any) -> Record:
    first = {
        "content": [pair("We will sink whoever crosses the bar,")],
        "kind": "direct",
        "cue": pair("said"),
        "source": pair("the Danish admiral"),
        "speaker": "the Danish admiral",
        "speaker_actor": "DNK",
        "targets": [{"actor": "NOR", "mention": pair("whoever crosses the bar"), "stance": "deterrent"}],
        "stance": "deterrent",
    }
    second = {
        "content": [pair("it had plans")],
        "kind": "indirect",
        "cue": pair("denied"),
        "source": pair("Oslo"),
        "speaker": "Oslo",
        "speaker_actor": "NOR",
        "targets": [],
        "stance": "neutral",
    }
    made: Any = {
        "id": identity,
        "title": "A harbour",
        "date": "1964-05-03",
        "region": "Europe",
        "era": "1960s",
        "style": "wire",
        "event": identity,
        "text": TEXT,
        "statements": [first, second],
    }
    record: Record = {**made, **changes}
    return record


def messages(*made: Record) -> list[str]:
    return [problem.message for problem in checks.problems(list(made))]


def test_a_sound_article_has_no_problems() -> None:
    assert messages(article()) == []


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("region", "Atlantis", "region 'Atlantis' is none of Europe"),
        ("style", "haiku", "style 'haiku' is none of wire"),
        ("era", "1970s", "date 1964-05-03 is not of the 1970s"),
        ("date", "May", "date 'May' is not like 1962-10-23"),
        ("event", "", "no event"),
        ("statements", [], "no statements"),
    ],
)
def test_what_is_wrong_with_an_article_is_told(key: str, value: object, message: str) -> None:
    assert any(m.startswith(message) for m in messages(article(**{key: value})))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"content": []}, "no content"),
        ({"content": [[5, 5]]}, "content [5, 5] is empty or lies outside the text"),
        ({"cue": [0, 10**6]}, "cue [0, 1000000] is empty or lies outside the text"),
        ({"content": [pair("We will sink whoever crosses the bar,”")]}, "a quotation mark at its edge whose partner is outside"),
        ({"content": [pair(" whoever crosses the bar,")]}, "has white space at its edge"),
        ({"content": [pair("ill sink whoever crosses the bar,")]}, "cuts a word"),
        ({"content": [pair("crosses the bar,"), pair("We will sink")]}, "fragments of the content overlap or are out of order"),
        ({"source": pair("whoever")}, "source overlaps the content"),
        ({"kind": "quoted"}, "kind 'quoted' is none of"),
        ({"kind": "indirect"}, "indirect, but all of it stands inside quotation marks"),
        ({"kind": "mixed"}, "mixed, but all of it stands inside quotation marks"),
        ({"content": [pair("Oslo denied")], "cue": None, "source": None}, "direct, but outside quotation marks"),
        ({"stance": "angry"}, "stance 'angry' is none of"),
        ({"stance": "threatening"}, "stance threatening; its targets make it deterrent"),
        ({"targets": [], "stance": "alarmed"}, "alarmed, but at nobody"),
        ({"targets": [{"actor": "NOR", "mention": None, "stance": "neutral"}]}, "a target's stance is one of"),
        ({"targets": [{"actor": "NOR", "mention": None, "stance": "deterrent"}] * 2}, "each actor once"),
        ({"targets": [{"actor": "SUN", "mention": None, "stance": "deterrent"}]}, "actor 'SUN' is no ISO 3166-1 alpha-3 code of today"),
        ({"speaker_actor": "Nato"}, "actor 'Nato' goes by the name of 'NATO'"),
        ({"speaker": None}, "an actor without a speaker"),
        ({"speaker": "Admiral Juel"}, "speaker 'Admiral Juel': the article has no"),
        ({"contrast": "a-1"}, "two statements of different stance share a key"),
    ],
)
def test_what_is_wrong_with_a_statement_is_told(change: dict[str, Any], message: str) -> None:
    made = article()
    made["statements"][0] |= change  # type: ignore[typeddict-item]
    assert any(message in m for m in messages(made)), messages(made)


def test_order_ids_and_indirect_stops_are_looked_at() -> None:
    backwards = article()
    backwards["statements"].reverse()
    assert "the statements do not stand in the order of the text" in messages(backwards)
    assert "another article has this id" in messages(article(), article())
    stopped = article()
    stopped["statements"][1]["content"] = [pair("it had plans.")]
    assert messages(stopped) == ["the stop at the end of indirect content belongs outside"]


def test_near_duplicates_are_found_across_articles_only() -> None:
    again = article("made-2")
    (found,) = duplicates.near_duplicates([article(), again])
    assert (found.first, found.second, found.share) == (records.Place("made-1", 1), records.Place("made-2", 1), 1.0)
    again["text"] = again["text"].replace("sink whoever crosses", "stop the one who tries")
    again["statements"] = again["statements"][1:]
    again["statements"][0]["content"] = [pair("it had plans", again["text"])]
    assert duplicates.near_duplicates([article(), again]) == []


def test_passages_of_others_are_found(tmp_path: Path) -> None:
    file = tmp_path / "others.jsonl"
    file.write_text(json.dumps({"text": "They wrote: we will sink whoever crosses the BAR, the paper said."}) + '\n{"id": 1}\n')
    (found,) = duplicates.shared_passages([article()], [file])
    assert (found.article, found.file) == ("made-1", file)
    file.write_text(json.dumps({"text": "We will sink whoever crosses the line."}) + "\n")
    assert list(duplicates.shared_passages([article()], [file])) == []


def test_the_spread_counts_and_tells_what_is_lacking() -> None:
    found = spread.measure([article()])
    counts = {count.name: count.values for count in found.counts}
    assert counts["stance"] == {"deterrent": 1, "threatening": 0, "reassuring": 0, "alarmed": 0, "neutral": 1}
    assert counts["cue"] == {"before": 1, "middle": 0, "after": 1, "absent": 0}
    assert counts["targets"] == {"none": 1, "one": 1, "several": 0}
    assert counts["length"] == {"short": 2, "medium": 0, "long": 0}
    assert "1 articles; at least 300 wanted" in found.shortfalls
    assert "region Europe: 1 of 1 articles; at most 25% wanted" in found.shortfalls


@pytest.mark.parametrize(
    ("source", "speaker", "kind"),
    [
        ("he", "Ove Juel", "pronominal"),
        ("Admiral Ove Juel", "Ove Juel", "named"),
        ("the Foreign Ministry", "the Foreign Ministry", "collective"),
        ("two officials in Oslo", "two officials", "collective"),
        ("a fisherman", "a fisherman", "anonymous"),
        ("the Danish admiral", "the Danish admiral", "anonymous"),
        (None, None, "absent"),
    ],
)
def test_speakers_are_told_apart_by_their_mention(source: str | None, speaker: str | None, kind: str) -> None:
    text = f"“Stop,” {source} said."
    statement: Any = {"source": pair(source, text) if source else None, "speaker": speaker}
    assert spread.speaker_type(article(text=text), statement) == kind


def many(count: int) -> list[Record]:
    return [article(f"made-{n}", event=f"event-{n // 3}") for n in range(count)]


def test_splits_part_no_event_and_are_repeatable() -> None:
    made = splits.make(many(60), seed=1)
    assert made == splits.make(many(60), seed=1)
    assert {name: len(ids) for name, ids in made.items()} == {"train": 42, "dev": 9, "test": 9}
    assert list(splits.inconsistencies(many(60), made)) == []


def test_a_contrast_pair_is_not_parted() -> None:
    corpus = [article(f"made-{n}") for n in range(20)]
    for n in (3, 17):
        corpus[n]["statements"][0] = {**corpus[n]["statements"][0], "contrast": "a-1"}
    homes = {identity: name for name, ids in splits.make(corpus, seed=5).items() for identity in ids}
    assert homes["made-3"] == homes["made-17"]


def test_inconsistent_splits_are_told() -> None:
    wrong = {"train": ["made-0", "made-1", "made-9"], "dev": ["made-1"], "test": ["made-2"]}
    told = " / ".join(splits.inconsistencies(many(4), wrong))
    assert "made-3 is in no split" in told
    assert "split train has made-9, which is no article" in told
    assert "made-1 is in train and dev" in told
    assert "made-0, made-1, made-2 share an event or a contrast pair, but are in dev and test and train" in told


def test_splits_are_frozen(tmp_path: Path) -> None:
    path = tmp_path / "splits.json"
    with pytest.raises(InputError, match="data split"):
        splits.read(path)
    made = splits.make(many(20), seed=1)
    splits.write(path, made, seed=1)
    assert splits.read(path) == made
    with pytest.raises(InputError, match="frozen"):
        splits.write(path, made, seed=1)
    splits.write(path, made, seed=1, force=True)
    path.write_text("{}")
    with pytest.raises(InputError, match="does not hold the splits"):
        splits.read(path)


def test_alpha_equals_the_worked_example_of_krippendorff() -> None:
    """Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, nominal data with missing values: four observers, twelve units."""
    units = ["111", "2232", "3333", "3333", "2222", "1234", "4444", "1121", "2222", "555", "11", "3"]
    assert agreement.alpha(units) == pytest.approx(0.743, abs=0.001)
    assert agreement.alpha([("a", "a"), ("b", "b")]) == 1.0
    assert agreement.alpha([("a", "a")]) == 1.0
    assert agreement.alpha([("a", "b"), ("b", "a")]) < 0


def test_two_labellings_are_compared_on_what_both_marked() -> None:
    ours, theirs = article(), deepcopy(article())
    theirs["statements"][0]["targets"] = []
    theirs["statements"][0]["stance"] = "neutral"
    del theirs["statements"][1]
    found = agreement.compare([ours, article("made-2")], [theirs])
    assert (found.articles, found.first, found.second, found.aligned) == (1, 2, 1, 1)
    assert found.figures["overlap_recall"] == 0.5
    assert [d.fields for d in found.disagreements] == [("target", "stance"), ()]


def test_what_cannot_be_compared_is_refused() -> None:
    with pytest.raises(InputError, match="share no article"):
        agreement.compare([article()], [article("other")])
    with pytest.raises(InputError, match="another text"):
        agreement.compare([article()], [article(text=TEXT + " ")])


def test_a_table_has_a_row_for_each_target() -> None:
    made = article()
    made["statements"][0]["targets"].append({"actor": "SWE", "mention": None, "stance": "reassuring"})
    rows = list(csv.DictReader(io.StringIO(export.to_csv([made]))))
    assert [(row["target"], row["stance"], row["statement_stance"]) for row in rows] == [
        ("NOR", "deterrent", "deterrent"),
        ("SWE", "reassuring", "deterrent"),
        ("", "neutral", "neutral"),
    ]
    assert rows[0]["content"] == "We will sink whoever crosses the bar,"
    assert rows[0]["mention"] == "whoever crosses the bar"


def test_a_dataset_has_class_labels() -> None:
    datasets = pytest.importorskip("datasets", reason="datasets is not installed: the export to it is not tested")
    made = export.as_dataset([article(), article("made-2")])
    assert made.num_rows == 2
    (statement,) = [made.features["statements"]]
    inner = statement.feature if hasattr(statement, "feature") else statement[0]
    assert isinstance(inner["stance"], datasets.ClassLabel)
    first = made[0]["statements"][0]
    assert inner["stance"].int2str(first["stance"]) == "deterrent"
    assert inner["kind"].int2str(first["kind"]) == "direct"
    assert first["content"] == article()["statements"][0]["content"]


def test_a_docbin_keeps_spans_and_labels() -> None:
    spacy = pytest.importorskip("spacy", reason="spacy is not installed: the export to it is not tested")
    (doc,) = export.to_docbin([article()]).get_docs(spacy.blank("en").vocab)
    assert [(span.text, span.label_, span.id_) for span in doc.spans["cues"]] == [("said", "cue", "1"), ("denied", "cue", "2")]
    assert [(span.text, span.label_) for span in doc.spans["stances"]][1] == ("it had plans", "neutral")
    (target,) = doc.spans["targets"]
    assert (target.label_, target.kb_id_) == ("deterrent", "NOR")
    assert doc.user_data["region"] == "Europe"


@pytest.mark.parametrize("make", [export.as_dataset, export.to_docbin])
def test_a_missing_package_is_named_with_its_extra(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.import_module", _no_module)
    with pytest.raises(MissingExtraError, match=r"pip install 'stance-nlp\[(train|spacy)\]'"):
        make([article()])


def _no_module(name: str) -> Any:
    raise ImportError(name)


def test_a_line_that_is_no_article_is_named(tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl"
    with pytest.raises(InputError, match="is missing"):
        records.load(path)
    path.write_text('{"id": "x"}\n')
    with pytest.raises(InputError, match="line 1: an article needs the key 'title'"):
        records.load(path)
    path.write_text(json.dumps(article()) + "\n{\n")
    with pytest.raises(InputError, match="line 2: not JSON"):
        records.load(path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "articles.jsonl").write_text("".join(json.dumps(record) + "\n" for record in many(12)))
    return tmp_path


def run(*arguments: object) -> Any:
    return CliRunner().invoke(app, ["data", *map(str, arguments)])


def test_the_commands_split_check_and_export(folder: Path) -> None:
    assert run("check", folder).exit_code == 2
    assert run("split", folder).exit_code == 0
    assert run("split", folder).exit_code == 2
    checked = run("check", folder, "--others", folder / "nowhere")
    assert checked.exit_code == 1
    assert "What the corpus holds" in checked.output
    assert "made-0, statement 1 repeats made-1, statement 1: 100% of its five-word runs" in checked.output
    assert "nowhere is not here" in checked.output
    assert run("export", folder, "--to", "csv", "-o", folder / "all.csv").exit_code == 0
    assert len((folder / "all.csv").read_text().splitlines()) == 1 + 2 * 12
    assert run("export", folder, "--to", "csv", "-o", folder / "dev.csv", "--split", "dev").exit_code == 0
    assert 1 < len((folder / "dev.csv").read_text().splitlines()) < 25
    assert run("export", folder, "--to", "csv", "-o", folder / "x.csv", "--split", "spare").exit_code == 2


def test_brackets_of_a_message_are_not_taken_for_markup(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.import_module", _no_module)
    told = run("export", folder, "--to", "docbin", "-o", folder / "x.spacy")
    assert told.exit_code == 2
    assert "stance-nlp[spacy]" in told.output


def test_the_command_compares(folder: Path) -> None:
    compared = run("compare", folder / "articles.jsonl", folder / "articles.jsonl", "--verbose")
    assert compared.exit_code == 0
    assert "12 articles; 24 and 24 statements, 24 marked by both" in compared.output
    assert "1.000" in compared.output
