"""Sentence items: the other way in which attribution is measured, sentence by sentence and span by span, as CofeNet (COLING 2022) does.

Every sentence that an annotated span touches is an item of its own, which the tagger reads alone; spans are cut at its ends. A
span counts if all of its words are right, and no more: sources, cues and fragments of content are counted each on its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from stance import text
from stance.types import Article, Attribution, Document, Span
from training.data import GoldArticle

KINDS = ("source", "cue", "content")
_WORD = re.compile(r"\w+")

Words = tuple[int, int]


class Item(NamedTuple):
    """A sentence with its annotated spans, each as its first and last word, by kind."""

    document: Document
    spans: dict[str, frozenset[Words]]


def items(articles: Sequence[GoldArticle]) -> Iterator[Item]:
    """The items of annotated articles."""
    for article in articles:
        document = article.document
        golds = _by_kind([s.attribution for s in article.statements])
        for sentence in document.sentences:
            cut = {kind: [_within(span, sentence) for span in golds[kind] if span.overlaps(sentence)] for kind in KINDS}
            if any(cut.values()):
                alone = sentence.of(document.text)
                yield Item(text.parse(Article(alone)), {kind: _words(alone, spans) for kind, spans in cut.items()})


def figures(gold: Sequence[Item], told: Sequence[Sequence[Attribution]]) -> dict[str, float]:
    """F1 of the exact spans of each kind, micro-averaged over items.

    Args:
        gold: Items.
        told: The attributions found in each of them, with spans of its document.
    """
    found = {}
    for kind in KINDS:
        hit = predicted = wanted = 0
        for item, attributions in zip(gold, told, strict=True):
            ours = _words(item.document.text, _by_kind(attributions)[kind])
            hit += len(ours & item.spans[kind])
            predicted += len(ours)
            wanted += len(item.spans[kind])
        found[f"items_{kind}_f1"] = 2 * hit / (predicted + wanted) if predicted + wanted else 0.0
    return found


def _by_kind(attributions: Sequence[Attribution]) -> dict[str, list[Span]]:
    return {
        "source": [a.source for a in attributions if a.source],
        "cue": [a.cue for a in attributions if a.cue],
        "content": [span for a in attributions for span in a.content],
    }


def _within(span: Span, sentence: Span) -> Span:
    """The part of a span that lies in a sentence, counted from the sentence's start."""
    return Span(max(span.start, sentence.start) - sentence.start, min(span.end, sentence.end) - sentence.start)


def _words(sentence: str, spans: Sequence[Span]) -> frozenset[Words]:
    """First and last word of each span; those without a word are left out."""
    tokens = [match.span() for match in _WORD.finditer(sentence)]
    touched = ([n for n, (a, b) in enumerate(tokens) if a < span.end and b > span.start] for span in spans)
    return frozenset((words[0], words[-1]) for words in touched if words)
