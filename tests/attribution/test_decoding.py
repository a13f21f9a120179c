"""Decoding: Viterbi against trying every sequence."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.attribution.decoding import runs, transitions, viterbi
from stance.attribution.tags import ANCHOR_TAGS, LINK_TAGS


@given(st.sampled_from([ANCHOR_TAGS, LINK_TAGS]), st.integers(0, 2**32 - 1), st.lists(st.integers(1, 4), min_size=1, max_size=4))
def test_it_finds_the_best_allowed_sequence(tags: tuple[str, ...], seed: int, lengths: list[int]) -> None:
    scores = np.random.default_rng(seed).normal(size=(len(lengths), 4, len(tags))).astype(np.float32)
    moves = transitions(tags)
    found = viterbi(scores, np.array(lengths), moves)
    for row, length in enumerate(lengths):

        def worth(path: tuple[int, ...], row: int = row) -> float:
            steps = zip((0, *path), path, strict=False)
            return float(sum(moves[a, b] for a, b in steps) + sum(scores[row, t, tag] for t, tag in enumerate(path)))

        best = max(product(range(len(tags)), repeat=length), key=worth)
        assert worth(tuple(found[row, :length].tolist())) == pytest.approx(worth(best), abs=1e-5)
        assert not found[row, length:].any()


def test_inside_follows_only_its_own_kind() -> None:
    moves = transitions(("O", "B-x", "I-x", "B-y", "I-y"))
    assert np.isneginf(moves).tolist() == [
        [False, False, True, False, True],
        [False, False, False, False, True],
        [False, False, False, False, True],
        [False, False, True, False, False],
        [False, False, True, False, False],
    ]


def test_runs_are_ranges() -> None:
    assert runs(np.array([0, 3, 4, 4, 0, 3, 3, 4]), begin=3, inside=4) == [(1, 4), (5, 6), (6, 8)]
