"""The transformer that the package ships: whole, safe, repeatable, and ahead of the rules on articles that it has not seen."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import stance
from stance import bundle, reading
from stance.attribution import Rules
from stance.attribution.network import OnnxTagger
from stance.pipeline import Analyzer
from stance.text import parse
from stance.types import Article
from training import data, scoring

ROOT = Path(__file__).parents[1]
SEEDS = ROOT / "seeds"
SHIPPED = ROOT / "stance" / "models" / "transformer"


@pytest.fixture(scope="module")
def transformer() -> Analyzer:
    return Analyzer("transformer")


@pytest.fixture(scope="module")
def unseen() -> list[data.GoldArticle]:
    """The part of the seeds that no model was trained on."""
    kept = set(json.loads((SEEDS / "splits.json").read_text())["test"])
    return [a for a in data.read(SEEDS / "articles.jsonl") if a.record["id"] in kept]


def records(analyzer: Analyzer, articles: list[data.GoldArticle]) -> list[dict[str, object]]:
    return [analysis.to_dict() for analysis in analyzer.stream(a.document.article for a in articles)]


def test_it_is_whole_and_small_and_says_where_it_comes_from() -> None:
    loaded = stance.load("transformer")
    assert isinstance(loaded.attributor, OnnxTagger)
    assert isinstance(stance.load("baseline").attributor, Rules)
    assert sum(path.stat().st_size for path in SHIPPED.iterdir()) < 30_000_000
    assert loaded.run_id
    card = (SHIPPED / bundle.CARD).read_text()
    assert "polnear" in card
    assert all(digest in card for name, digest in loaded.data.items() if "polnear" in name)


def test_it_finds_more_than_the_rules_do(transformer: Analyzer, analyzer: Analyzer, unseen: list[data.GoldArticle]) -> None:
    gold = [a.record for a in unseen]
    theirs, ours = (scoring.counts(gold, records(model, unseen)) for model in (analyzer, transformer))
    for figure in ("overlap_f1", "attribution_f1", "speaker_f1"):
        gain = scoring.difference(ours, theirs, figure=figure, samples=500, seed=1)
        assert gain.low > 0, (figure, gain)


def test_threads_and_company_change_nothing(transformer: Analyzer, unseen: list[data.GoldArticle]) -> None:
    tagger = transformer.bundle.attributor
    assert isinstance(tagger, OnnxTagger)
    documents = [a.document for a in unseen[:6]]
    together = OnnxTagger(tagger.parts, tagger.settings, threads=3).find(documents)
    assert together == [OnnxTagger(tagger.parts, tagger.settings, threads=1).find([d])[0] for d in documents]


def test_it_reads_the_example(transformer: Analyzer) -> None:
    analysis = transformer.analyze(reading.example())
    assert len(analysis) > 5
    assert all(s.speaker for s in analysis)


def test_thoughts_are_found_on_request(transformer: Analyzer) -> None:
    text = "Minister Liv Haug said on Monday that ships would be escorted. The crews hope that nobody will fire."
    voiced, every = (Analyzer(transformer.bundle, thoughts=thoughts).analyze(text) for thoughts in (False, True))
    assert [s.cue.of(text) for s in voiced] == ["said"]
    assert {"said", "hope"} <= {s.cue.of(text) for s in every}


@pytest.mark.parametrize("text", ["x", "“", "\n\n.\n\n", "word " * 3000, "“" * 500, "\ud83d\ude00 he said \u200b\u00ad no."])
def test_odd_texts_do_not_break_it(transformer: Analyzer, text: str) -> None:
    for statement in transformer.analyze(text):
        assert statement.span.of(text).strip()
    assert transformer.bundle.attributor.find([parse(Article(text))], thoughts=True)
