"""Decoding: the best sequence of tags that keeps the rules of BIO, for many sequences at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


def transitions(tags: Sequence[str]) -> Floats:
    """What it costs to go from one tag (row) to the next (column): nothing, or -inf where ``I-x`` follows neither ``B-x`` nor ``I-x``.

    Args:
        tags: The tags, of which the first is the one outside of everything.

    Returns:
        A matrix of shape (tags, tags).
    """
    allowed = [[not tag.startswith("I-") or before in (tag, f"B-{tag[2:]}") for tag in tags] for before in tags]
    return np.where(allowed, 0.0, -np.inf).astype(np.float32)


def viterbi(scores: Floats, lengths: Ints, moves: Floats) -> Ints:
    """The best tags of each sequence.

    Args:
        scores: Log-odds of the tags, shape (sequences, tokens, tags).
        lengths: How many tokens of each sequence count.
        moves: As `transitions` gives them; a sequence starts as if tag 0 stood before it.

    Returns:
        Tags, shape (sequences, tokens); 0 beyond a sequence's end.
    """
    inside = np.arange(scores.shape[1]) < lengths[:, None]
    path = np.where(inside, scores.argmax(axis=-1), 0)
    before = np.pad(path, ((0, 0), (1, 0)))[:, :-1]
    # Where the best tags of all tokens make a legal sequence, nothing can be better; so it is most of the time.
    wrong = np.flatnonzero((np.isneginf(moves[before, path]) & inside).any(axis=1))
    if wrong.size:
        path[wrong] = _search(scores[wrong], lengths[wrong], moves)
    return path


def _search(scores: Floats, lengths: Ints, moves: Floats) -> Ints:
    """The best legal sequences, token by token."""
    count, tokens, tags = scores.shape
    back = np.empty((tokens, count, tags), dtype=np.int8)
    best = scores[:, 0] + moves[0]
    for t in range(1, tokens):
        ways = best[:, :, None] + moves
        back[t] = ways.argmax(axis=1)
        # Beyond its end a sequence stays as it is, so that its last tag is that of its end.
        best = np.where((t < lengths)[:, None], ways.max(axis=1) + scores[:, t], best)
    path = np.zeros((count, tokens), dtype=np.int64)
    rows, tag = np.arange(count), best.argmax(axis=1)
    for t in range(tokens - 1, -1, -1):
        inside = t < lengths
        path[:, t] = np.where(inside, tag, 0)
        tag = np.where(inside, back[t, rows, tag], tag) if t else tag
    return path


def runs(path: Ints, *, begin: int, inside: int) -> list[tuple[int, int]]:
    """The half-open token ranges of one kind of span in a sequence of tags."""
    found = []
    for start in np.flatnonzero(path == begin).tolist():
        end = start + 1
        while end < len(path) and path[end] == inside:
            end += 1
        found.append((start, end))
    return found
