"""Windows: a document cut into stretches that an encoder reads at a time. Training and serving both cut here, so they cannot drift apart.

A window is made of whole paragraphs where they fit, else of whole sentences, else of as many words as fit. Around this core it
shows some of the text before and after, since a source often stands in the sentence before and a quotation goes on in the next.
Beside its word pieces a token has features that an uncased encoder does not see: its case, whether it stands in quotation marks,
whether a sentence or a paragraph starts with it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from stance.attribution.quotes import find_quotes
from stance.attribution.view import View
from stance.encoders import MARK, case_of, special_id
from stance.types import Document

if TYPE_CHECKING:
    from tokenizers import Tokenizer

#: Change it with every change that alters the output: a tagger trained on another version is refused.
VERSION = 1

#: Ids of the features: case 0-5, quotation 6-7, start 8-10; every token has one of each kind.
FEATURES, KINDS = 11, 3
_OUTSIDE, _INSIDE = 6, 7
_WITHIN, _SENTENCE, _PARAGRAPH = 8, 9, 10
_NEUTRAL = np.array([MARK, _OUTSIDE, _WITHIN], dtype=np.int64)

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Encoded:
    """A document in an encoder's terms.

    Attributes:
        view: Its tokens and quotations.
        pieces: Ids of the word pieces of the whole document, without special ones.
        first: For each token the position of its first piece; one more for the end.
        features: Ids of the features of each token, shape (tokens, KINDS).
        sentences: For each sentence its first token; one more for the end.
        paragraphs: The first tokens of paragraphs, as a set.
        special: Ids of the pieces that begin and end a window.
        mask: Id of the piece that hides another.
    """

    view: View
    pieces: Ints
    first: Ints
    features: Ints
    sentences: tuple[int, ...]
    paragraphs: frozenset[int]
    special: tuple[int, int]
    mask: int


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of a document: tokens ``start`` to ``end``, of which those from ``core_start`` to ``core_end`` are its own."""

    start: int
    end: int
    core_start: int
    core_end: int


def encode(document: Document, tokenizer: Tokenizer) -> Encoded:
    """Word pieces and features of a document.

    Args:
        document: A parsed article.
        tokenizer: A tokenizer without truncation and padding.
    """
    view = View.of(document, find_quotes(document))
    encoding = tokenizer.encode([token.text for token in view.tokens], is_pretokenized=True, add_special_tokens=False)
    owner = np.asarray(encoding.word_ids, dtype=np.int64)
    counts = np.bincount(owner, minlength=len(view.tokens))
    pieces = np.asarray(encoding.ids, dtype=np.int64)
    if not counts.all():  # characters that the tokenizer drops; every token needs a piece
        empty = np.flatnonzero(counts == 0)
        pieces = np.insert(pieces, np.searchsorted(owner, empty), special_id(tokenizer, "[UNK]", "<unk>"))
        counts[empty] = 1
    first = np.concatenate([[0], np.cumsum(counts)])
    starts = [token.start for token in view.tokens]
    sentences = sorted({bisect_left(starts, s.start) for s in document.sentences} | {0})
    paragraphs = frozenset(bisect_left(starts, p.start) for p in document.paragraphs)
    special = (special_id(tokenizer, "[CLS]", "<s>"), special_id(tokenizer, "[SEP]", "</s>"))
    mask = special_id(tokenizer, "[MASK]", "<mask>")
    return Encoded(view, pieces, first, _features(view, sentences, paragraphs), (*sentences, len(starts)), paragraphs, special, mask)


def cut(encoded: Encoded, budget: Callable[[], int], *, before: int, after: int) -> Iterator[Window]:
    """Windows that cover a document; each token is in the core of one.

    Args:
        encoded: A document.
        budget: Called for each window: no more word pieces than this in its core.
        before: Word pieces shown before the core.
        after: Word pieces shown after it.
    """
    first, total = encoded.first, len(encoded.first) - 1
    at = 0
    while at < total:
        end = _core_end(encoded, at, budget())
        start = int(np.searchsorted(first, first[at] - before, side="left"))
        stop = int(np.searchsorted(first, first[end] + after, side="right")) - 1
        yield Window(start, stop, at, end)
        at = end


def size(encoded: Encoded, window: Window) -> int:
    """Number of word pieces of a window, special ones included."""
    return int(encoded.first[window.end] - encoded.first[window.start]) + 2


def batch(pairs: Sequence[tuple[Encoded, Window]]) -> dict[str, Ints]:
    """Windows as arrays, padded to the longest.

    Args:
        pairs: Documents and windows of theirs.

    Returns:
        ``pieces`` and ``mask`` of shape (windows, pieces), ``features`` (windows, pieces, KINDS), and ``heads`` (windows, tokens), the
        position of each token's first piece.
    """
    longest = max(size(*pair) for pair in pairs)
    tokens = max(w.end - w.start for _, w in pairs)
    pieces = np.zeros((len(pairs), longest), dtype=np.int64)
    mask, heads = np.zeros_like(pieces), np.zeros((len(pairs), tokens), dtype=np.int64)
    features = np.tile(_NEUTRAL, (len(pairs), longest, 1))
    for row, (encoded, w) in enumerate(pairs):
        first = encoded.first[w.start : w.end + 1]
        last = int(first[-1] - first[0]) + 1
        pieces[row, 0], pieces[row, last], mask[row, : last + 1] = *encoded.special, 1
        pieces[row, 1:last] = encoded.pieces[first[0] : first[-1]]
        features[row, 1:last] = np.repeat(encoded.features[w.start : w.end], np.diff(first), axis=0)
        heads[row, : w.end - w.start] = first[:-1] - first[0] + 1
    return {"pieces": pieces, "mask": mask, "features": features, "heads": heads}


def _core_end(encoded: Encoded, at: int, budget: int) -> int:
    """Where a core that starts at a token ends: with the last paragraph that fits, the last sentence, or the last word."""
    first, total = encoded.first, len(encoded.first) - 1
    most = max(int(np.searchsorted(first, first[at] + budget, side="right")) - 1, at + 1)
    if most >= total:
        return total
    k = bisect_left(encoded.sentences, most + 1) - 1  # the last sentence that starts no later
    ends = encoded.sentences[bisect_left(encoded.sentences, at + 1) : k + 1]
    whole = [e for e in ends if e in encoded.paragraphs]
    return whole[-1] if whole else ends[-1] if ends else most


def _features(view: View, sentences: list[int], paragraphs: frozenset[int]) -> Ints:
    features = np.empty((len(view.tokens), KINDS), dtype=np.int64)
    features[:, 0] = [case_of(token.text) for token in view.tokens]
    features[:, 1] = np.where(np.asarray(view.quote_of) >= 0, _INSIDE, _OUTSIDE)
    features[:, 2] = _WITHIN
    features[sentences, 2] = _SENTENCE
    features[sorted(p for p in paragraphs if p < len(view.tokens)), 2] = _PARAGRAPH
    return features
