"""Predictions in the shared format, to be scored: by the whole pipeline on raw text, or given the annotated statements and speakers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from stance import decision
from stance.bundle import Bundle
from stance.pipeline import Analyzer
from training.data import Example, GoldArticle

Record = dict[str, Any]


def end_to_end(model: Bundle, articles: Iterable[GoldArticle]) -> Iterator[Record]:
    """What ``stance analyze`` finds in the articles."""
    for analysis in Analyzer(model).stream(article.document.article for article in articles):
        yield analysis.to_dict()


def given_spans(model: Bundle, articles: Sequence[GoldArticle], examples: Sequence[Sequence[Example]]) -> Iterator[Record]:
    """The annotated statements, with targets and stances as the model tells them.

    Args:
        model: A bundle.
        articles: Articles.
        examples: The examples of each article.
    """
    for article, own in zip(articles, examples, strict=True):
        statements = _decide(model, own) if own else []
        pairs = zip(article.record["statements"], statements, strict=True)
        yield {"id": article.record["id"], "statements": [{**_kept(gold), **told} for gold, told in pairs]}


def _kept(gold: Record) -> Record:
    return {key: gold.get(key) for key in ("content", "kind", "cue", "source", "speaker", "speaker_actor")}


def _decide(model: Bundle, examples: Sequence[Example]) -> list[Record]:
    probabilities = model.classifier.predict_proba([query for example in examples for query in example.queries])
    rows = np.split(probabilities, np.cumsum([len(example.queries) for example in examples])[:-1])
    told = []
    for example, own in zip(examples, rows, strict=True):
        candidates = [query.candidate for query in example.queries if query.candidate]
        first = example.queries[0]
        decided = decision.decide(first.document, candidates, own, speaker=first.speaker, thresholds=model.thresholds)
        targets = [{"actor": t.actor.id, "stance": str(t.stance), "confidence": t.confidence} for t in decided.targets]
        told.append(
            {
                "targets": targets,
                "stance": str(decided.stance),
                "confidence": decided.confidence,
                "probabilities": dict(decided.probabilities),
            }
        )
    return told
