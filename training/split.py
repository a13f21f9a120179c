"""Splits: folds that never part an event, so that a model is judged on news that it has not seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import GroupKFold

Rows = NDArray[np.intp]


def folds(groups: Sequence[str], *, count: int, seed: int) -> Iterator[tuple[Rows, Rows]]:
    """Rows to train on and rows to judge on, `count` times; all rows of a group stand on one side."""
    count = min(count, len(set(groups)))
    splitter = GroupKFold(count, shuffle=True, random_state=seed)
    yield from splitter.split(np.zeros(len(groups)), groups=np.asarray(groups))
