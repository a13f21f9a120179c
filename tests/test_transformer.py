"""The transformer that the package ships: whole, safe, repeatable, and ahead of the rules on articles that it has not seen."""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import pytest

import stance
from stance import bundle, encoding, reading
from stance.attribution import Rules
from stance.attribution.network import OnnxTagger
from stance.classifiers.base import COLUMNS
from stance.classifiers.network import OnnxTransformer
from stance.errors import ConfigError
from stance.pipeline import Analyzer
from stance.text import parse
from stance.types import Article, Stance
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
    assert sum(path.stat().st_size for path in SHIPPED.iterdir()) < 60_000_000
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


def test_evidence_is_faithful(transformer: Analyzer, unseen: list[data.GoldArticle]) -> None:
    """Hiding the evidence harms the label more than hiding as many other words of the statement, on average and most of the time."""
    classifier, rng = transformer.bundle.classifier, random.Random(5)
    assert isinstance(classifier, OnnxTransformer)
    harms = []
    for example in [e for article in unseen for e in data.examples(article, reach=classifier.reach)]:
        column = int(classifier.predict_proba(example.queries[:1])[0].argmax())
        (evidence,) = classifier.explain(example.queries[:1], [column])
        asked = encoding.encode_all(example.queries[:1])
        (sheet,) = classifier.writer.write(asked)
        told = [w for w in sheet.words if asked[0].passage.content[w[0]].span in evidence]
        others = [w for w in sheet.words if w not in told]
        if column == COLUMNS.index("neutral") or not told or len(others) < len(told):
            continue
        before = classifier._log_probability(sheet, column)
        chosen = told, rng.sample(others, len(told))
        harms.append([before - classifier._log_probability(classifier._without(sheet, words), column) for words in chosen])
    gained = np.array(harms)[:, 0] - np.array(harms)[:, 1]
    assert len(harms) >= 20
    assert gained.mean() > 0.2
    assert (gained > 0).mean() > 0.75


def test_evidence_is_told_on_request_alone(transformer: Analyzer) -> None:
    assert not any(s.evidence for s in transformer.analyze(reading.example()))
    told = [s for s in Analyzer(transformer.bundle, evidence=True).analyze(reading.example()) if s.stance is not Stance.NEUTRAL]
    assert any(s.evidence for s in told)
    assert all(span.start >= s.span.start and span.end <= s.span.end for s in told for span in s.evidence)


def test_less_sure_stances_are_left_out_on_request(transformer: Analyzer, unseen: list[data.GoldArticle]) -> None:
    articles = [a.document.article for a in unseen[:6]]
    every, sure = (
        [
            s
            for analysis in Analyzer(transformer.bundle, min_confidence=least).stream(articles)
            for s in analysis
            if s.stance is not Stance.NEUTRAL
        ]
        for least in (0.0, 0.7)
    )
    assert 0 < len(sure) < len(every)
    assert all(s.confidence >= 0.7 for s in sure)
    with pytest.raises(ConfigError, match="min_confidence is 7"):
        Analyzer(transformer.bundle, min_confidence=7)
