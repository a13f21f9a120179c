"""The seed corpus itself, and the mistakes that the library has made once."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stance.pipeline import Analyzer
from stance.types import Article
from training import scoring
from training.corpus import agreement, checks, duplicates, records, spans, splits, spread

SEEDS = Path(__file__).parents[1] / "seeds"
REGRESSIONS = [json.loads(line) for line in (SEEDS / "regressions.jsonl").read_text(encoding="utf-8").splitlines()]
Side = dict[str, Any]


@pytest.fixture(scope="module")
def corpus() -> list[records.Record]:
    return records.load(SEEDS / "articles.jsonl")


def test_every_span_and_label_holds(corpus: list[records.Record]) -> None:
    assert [f"{place}: {message}" for place, message in checks.problems(corpus)] == []


def test_no_two_articles_say_the_same(corpus: list[records.Record]) -> None:
    assert duplicates.near_duplicates(corpus) == []


def test_nothing_of_others_is_repeated(corpus: list[records.Record], shared: Path) -> None:
    assert list(duplicates.shared_passages(corpus, sorted((shared / "data").glob("*/*.jsonl")))) == []


def test_the_corpus_is_as_large_and_as_varied_as_it_claims(corpus: list[records.Record]) -> None:
    assert spread.measure(corpus).shortfalls == ()


def test_the_splits_are_frozen_and_part_no_event(corpus: list[records.Record]) -> None:
    frozen = splits.read(SEEDS / "splits.json")
    assert list(splits.inconsistencies(corpus, frozen)) == []
    for name, share in splits.SHARES.items():
        assert len(frozen[name]) / len(corpus) == pytest.approx(share, abs=0.02)


def test_every_stance_has_its_share_of_every_split(corpus: list[records.Record]) -> None:
    frozen = splits.read(SEEDS / "splits.json")
    found = [(record["id"], statement["stance"]) for _, record, statement in records.statements(corpus)]
    for stance in records.STANCES:
        total = sum(s == stance for _, s in found)
        for name, ids in frozen.items():
            inside = sum(s == stance and article in ids for article, s in found)
            assert inside / total == pytest.approx(splits.SHARES[name], abs=0.03), (stance, name)


def test_the_datasheet_tells_the_counts_of_the_corpus(corpus: list[records.Record]) -> None:
    datasheet = (SEEDS / "README.md").read_text(encoding="utf-8")
    measured = spread.measure(corpus)
    for count in (c for c in measured.counts if c.name in {"region", "stance", "kind", "contrast"}):
        for value, number in count.values.items():
            assert f"{value} {number:,}" in datasheet
    assert f"{len(corpus)} invented news articles with {sum(len(r['statements']) for r in corpus):,} labelled statements" in datasheet
    for name, ids in splits.read(SEEDS / "splits.json").items():
        assert f"{name} {len(ids)}" in datasheet.casefold()


def test_the_datasheet_tells_the_agreement_of_two_labellings() -> None:
    datasheet = (SEEDS / "README.md").read_text(encoding="utf-8")
    first, second = (records.load(SEEDS / "agreement" / f"{name}.jsonl") for name in ("first", "second"))
    found = agreement.compare(first, second)
    assert f"{found.first} statements were marked first, {found.second} second, {found.aligned} by both" in datasheet
    for value in found.alpha.values():
        assert f"**{value:.3f}**" in datasheet


def test_the_codebook_shows_what_the_corpus_holds(corpus: list[records.Record]) -> None:
    """Every worked example stands in the article that it names, and has the stance of the section that it stands in."""
    articles = {record["id"]: record for record in corpus}
    shown: Counter[str] = Counter()
    section = ""
    for line in (SEEDS / "CODEBOOK.md").read_text(encoding="utf-8").splitlines():
        section = line.lstrip("# ").casefold() if line.startswith("#") else section
        for article, words in re.findall(r"`(seed-[a-z]-\d{3})`: \*([^*]+)\*", line):
            stances = _stances_of(articles[article], words.split(" … "))
            assert stances, f"{article} has no statement with {words!r}"
            if section in records.STANCES:
                assert stances == {section}, f"{article}: {words!r}"
                shown[section] += 1
    assert all(shown[stance] >= 5 for stance in records.STANCES), shown


def _stances_of(record: records.Record, fragments: list[str]) -> set[str]:
    """Stances of the statements that hold all of these words."""
    held = [(s["stance"], [record["text"][start:end] for start, end in s["content"]]) for s in record["statements"]]
    return {stance for stance, parts in held if all(any(words in part for part in parts) for words in fragments)}


@pytest.mark.parametrize("record", REGRESSIONS, ids=lambda record: str(record["id"]))
def test_regressions_are_in_the_shared_format(record: Side) -> None:
    whole = {"region": "", "era": "", "style": "transcript", "event": "", **record}
    for statement in record["statements"]:
        assert list(spans.outside(whole, statement)) == []  # type: ignore[arg-type]
        assert list(spans.misplaced(whole, statement)) == []  # type: ignore[arg-type]
    assert record["why"]
    assert set(record["judged"]) <= {"count", *FIELDS}


@pytest.mark.parametrize("record", REGRESSIONS, ids=lambda record: f"{record['id']}: {record['why']}")
def test_mistakes_made_once_are_not_made_again(record: Side, analyzer: Analyzer, request: pytest.FixtureRequest) -> None:
    if reason := record.get("known_failure"):
        request.applymarker(pytest.mark.xfail(reason=reason, strict=True))  # fixed? then take the key out of regressions.jsonl
    told = json.loads(analyzer.analyze(Article(record["text"], id=record["id"])).to_json())["statements"]
    tokens = [match.span() for match in re.finditer(r"\w+", record["text"])]
    partner = {g: told[p] for g, p, _ in scoring.align(record["statements"], told, tokens)}
    if "count" in record["judged"]:
        assert len(told) == len(record["statements"])
    for number, gold in enumerate(record["statements"]):
        assert number in partner, "not found"
        for field in record["judged"]:
            if field != "count":
                assert FIELDS[field](gold, partner[number], record["text"]), (field, partner[number][field])


def _same_words(gold: Side, told: Side, text: str) -> bool:
    return _words(gold, text) == _words(told, text)


def _words(statement: Side, text: str) -> list[str]:
    return [word for start, end in statement["content"] for word in records.words(text[start:end])]


def _same_source(gold: Side, told: Side, text: str) -> bool:
    ours, theirs = gold["source"], told["source"]
    return bool(ours and theirs and ours[0] < theirs[1] and theirs[0] < ours[1]) or (ours is None and theirs is None)


def _same_targets(gold: Side, told: Side, text: str) -> bool:
    return {(t["actor"], t["stance"]) for t in gold["targets"]} == {(t["actor"], t["stance"]) for t in told["targets"]}


FIELDS: dict[str, Callable[[Side, Side, str], bool]] = {
    "content": _same_words,
    "source": _same_source,
    "speaker_actor": lambda gold, told, _: gold["speaker_actor"] == told["speaker_actor"],
    "stance": lambda gold, told, _: gold["stance"] == told["stance"],
    "targets": _same_targets,
}
