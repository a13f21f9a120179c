"""Training data of the tagger: annotated attributions as tags of tokens, windows as instances, instances as batches.

An attribution is found by its anchor: its cue, or the first word of its content where it has no cue. The tagger first finds the
anchors, then reads off, for each of them, which tokens are its source and its content. So links need no rule, and contents may
be discontinuous or stand within one another.
"""

from __future__ import annotations

import random
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer

from stance.attribution import windows
from stance.attribution.tags import BARE, CUE, IGNORED, SCHEMES, Link
from stance.attribution.windows import Encoded, Window
from stance.types import Attribution, Document, Span
from training.data import GoldArticle

Ints = NDArray[np.int64]
Range = tuple[int, int]
Batch = dict[str, torch.Tensor]

_CHUNK = 400  # windows are sorted by length within chunks of this many, so that batches differ from epoch to epoch


class Gold(NamedTuple):
    """An annotated attribution in token ranges."""

    anchor: Range
    bare: bool
    source: Range | None
    contents: tuple[Range, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """An annotated article, ready to be cut into windows; `scheme` tells by which guideline it was annotated."""

    article: GoldArticle
    encoded: Encoded
    golds: tuple[Gold, ...]
    scheme: int


@dataclass(frozen=True, slots=True)
class Instance:
    """A window with its tags.

    Attributes:
        text: The article.
        window: The window.
        anchors: Tag of each token.
        starts: First token of each anchor.
        ends: Last token of each anchor.
        links: For each anchor the tag of each token, shape (anchors, tokens).
    """

    text: Text
    window: Window
    anchors: Ints
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    links: tuple[Ints, ...]

    @property
    def size(self) -> int:
        """Number of word pieces, special ones included."""
        return windows.size(self.text.encoded, self.window)


def text(article: GoldArticle, tokenizer: Tokenizer, scheme: str) -> Text:
    """An article in tokens.

    Args:
        article: An annotated article.
        tokenizer: The encoder's tokenizer.
        scheme: One of `SCHEMES`.
    """
    document = article.document
    found = (_gold(document, s.attribution) for s in article.statements)
    return Text(article, windows.encode(document, tokenizer), tuple(g for g in found if g), SCHEMES.index(scheme))


def instance(text: Text, window: Window) -> Instance:
    """The tags of a window; spans that it cuts are cut in the tags too, and a content whose cue lies outside has none here."""
    length = window.end - window.start
    anchors = np.zeros(length, dtype=np.int64)
    starts, ends, links = [], [], []
    for gold in text.golds:
        start, end, bare = gold.anchor[0], gold.anchor[1], gold.bare
        if start < window.start or end > window.end:
            inside = [max(a, window.start) for a, b in gold.contents if a < window.end and b > window.start]
            if not inside:
                continue
            start, end, bare = inside[0], inside[0] + 1, True
        start, end = start - window.start, end - window.start
        if bare:
            anchors[start] = anchors[start] or BARE
        else:
            _mark(anchors, (start, end), CUE)
        tags = np.zeros(length, dtype=np.int64)
        spans = ([(gold.source, Link.SOURCE)] if gold.source else []) + [(c, Link.CONTENT) for c in gold.contents]
        for (a, b), tag in spans:
            _mark(tags, (a - window.start, b - window.start), tag)
        starts.append(start)
        ends.append(end - 1)
        links.append(tags)
    return Instance(text, window, anchors, tuple(starts), tuple(ends), tuple(links))


def epoch(
    texts: Sequence[Text], rng: random.Random, cut: Callable[[Text, random.Random], Iterator[Window]], pieces: int
) -> list[list[Instance]]:
    """Batches of one epoch, in random order, each of windows of like length.

    Args:
        texts: What to train on.
        rng: Source of randomness.
        cut: Cuts a text into windows, otherwise in every epoch.
        pieces: No more word pieces than this in a batch, padding counted.
    """
    found = [instance(text, window) for text in texts for window in cut(text, rng)]
    rng.shuffle(found)
    batches: list[list[Instance]] = []
    for at in range(0, len(found), _CHUNK):
        longest = 0
        batch: list[Instance] = []
        for one in sorted(found[at : at + _CHUNK], key=lambda i: i.size):
            longest = max(longest, one.size)
            if batch and longest * (len(batch) + 1) > pieces:
                batches.append(batch)
                longest, batch = one.size, []
            batch.append(one)
        batches.append(batch)
    rng.shuffle(batches)
    return batches


def collate(instances: Sequence[Instance]) -> Batch:
    """A batch as tensors.

    Returns:
        What `stance.attribution.windows.batch` gives, as tensors, and the right answers: ``anchor_tags`` (windows, tokens); ``rows``,
        ``starts`` and ``ends`` (anchors,), the window, first and last token of each anchor; ``link_tags`` (anchors, tokens);
        ``schemes`` (windows,). Tokens that do not count are tagged `IGNORED`.
    """
    arrays = windows.batch([(i.text.encoded, i.window) for i in instances])
    width = arrays["heads"].shape[1]
    anchors = np.full((len(instances), width), IGNORED)
    links = np.full((sum(len(i.starts) for i in instances), width), IGNORED)
    rows = [row for row, i in enumerate(instances) for _ in i.starts]
    for row, one in enumerate(instances):
        anchors[row, : len(one.anchors)] = one.anchors
    for row, tags in enumerate(tags for one in instances for tags in one.links):
        links[row, : len(tags)] = tags
    arrays |= {
        "anchor_tags": anchors,
        "link_tags": links,
        "rows": np.array(rows, dtype=np.int64),
        "starts": np.array([s for i in instances for s in i.starts], dtype=np.int64),
        "ends": np.array([e for i in instances for e in i.ends], dtype=np.int64),
        "schemes": np.array([i.text.scheme for i in instances]),
    }
    return {name: torch.from_numpy(array) for name, array in arrays.items()}


def _mark(tags: Ints, span: Range, begin: int) -> None:
    """Writes ``B`` and ``I`` tags; ``I`` is the tag after ``B``. What lies outside of the window is left out."""
    start, end = span
    if end <= 0 or start >= len(tags):
        return
    tags[max(start, 0) : end] = begin + 1
    if start >= 0:
        tags[start] = begin


def _gold(document: Document, attribution: Attribution) -> Gold | None:
    contents = [r for r in (_tokens(document, span) for span in attribution.content) if r]
    if not contents or any(b[0] < a[1] for a, b in pairwise(contents)):
        return None
    cue, source = (span and _tokens(document, span) for span in (attribution.cue, attribution.source))
    first = contents[0][0]
    return Gold(cue or (first, first + 1), cue is None, source, tuple(contents))


def _tokens(document: Document, span: Span) -> Range | None:
    """The tokens that a span touches."""
    start = bisect_right(document.tokens, span.start, key=lambda t: t.end)
    end = bisect_left(document.tokens, span.end, key=lambda t: t.start)
    return (start, end) if start < end else None
