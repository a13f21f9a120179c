"""What every classifier does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from stance.types import Query, Span

#: The columns of a classifier's answer, in order.
COLUMNS = ("deterrent", "threatening", "reassuring", "alarmed", "neutral", "not_a_target")


class Classifier(Protocol):
    """Tells the stance of statements, as a whole and toward candidates."""

    def predict_proba(self, queries: Sequence[Query]) -> NDArray[np.float64]:
        """Calibrated probabilities, shape ``(len(queries), 6)``, columns as in `COLUMNS`; each row sums to 1.

        Without a candidate the query asks for the stance of the statement as a whole, and ``not_a_target`` is 0.
        With one it asks for the stance toward that candidate, or ``not_a_target``.
        """
        ...

    def explain(self, queries: Sequence[Query], columns: Sequence[int]) -> list[tuple[Span, ...]]:
        """For each query the words of the content that spoke for the column, strongest first (spans of `Document.text`)."""
        ...
