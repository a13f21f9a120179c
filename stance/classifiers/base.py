"""What every classifier does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from stance.types import Query, Reach, Span

#: The columns of a classifier's answer, in order.
COLUMNS = ("deterrent", "threatening", "reassuring", "alarmed", "neutral", "not_a_target")


class Answer(NamedTuple):
    """What a classifier makes of queries.

    Attributes:
        probabilities: As `Classifier.predict_proba` gives them.
        speaks: Probability that the statement's speaker speaks for the candidate, shape ``(len(queries),)``, 0 without a candidate;
            None from a classifier that cannot tell.
    """

    probabilities: NDArray[np.float64]
    speaks: NDArray[np.float64] | None = None


class Classifier(Protocol):
    """Tells the stance of statements, as a whole and toward candidates."""

    @property
    def reach(self) -> Reach:
        """Whom it can judge as candidates beside those named in and around a statement."""
        ...

    @property
    def explains_freely(self) -> bool:
        """Whether `explain` costs next to nothing, so that evidence is told unasked."""
        ...

    def predict_proba(self, queries: Sequence[Query]) -> NDArray[np.float64]:
        """Calibrated probabilities, shape ``(len(queries), 6)``, columns as in `COLUMNS`; each row sums to 1.

        Without a candidate the query asks for the stance of the statement as a whole, and ``not_a_target`` is 0.
        With one it asks for the stance toward that candidate, or ``not_a_target``.
        """
        ...

    def answer(self, queries: Sequence[Query]) -> Answer:
        """`predict_proba`, and whom the speakers speak for."""
        ...

    def explain(self, queries: Sequence[Query], columns: Sequence[int]) -> list[tuple[Span, ...]]:
        """For each query the words of the content that spoke for the column, strongest first (spans of `Document.text`)."""
        ...
