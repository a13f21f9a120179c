"""The baseline: two logistic regressions over hashed features, as scikit-learn fits them, applied by plain matrix products.

The first tells the stance of the statement as a whole; the second, for each candidate, its stance or that it is no
target, from the words about the candidate and the first one's answer. All statements of a call are hashed together, and
each of them once, however many candidates it has.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from stance import encoding
from stance.classifiers import features
from stance.classifiers.base import COLUMNS
from stance.classifiers.features import View
from stance.encoding import ModelInput, Passage
from stance.types import Query, Span

_MAX_EVIDENCE = 5

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Head:
    """A fitted logistic regression.

    Attributes:
        estimator: As scikit-learn fitted it, on the columns in use alone.
        used: Those of the hashed columns that are in use, ascending; they come first in `estimator.coef_`, dense ones after them.
        scale: What each of these columns was multiplied by before the fit: the rarer, the more.
        temperature: Divides the scores; fitted so that the probabilities are calibrated.
    """

    estimator: LogisticRegression
    used: NDArray[np.int32]
    scale: NDArray[np.float32]
    temperature: float


class Linear:
    """The `Classifier` over hashed features.

    Args:
        statement: Tells the stance of a statement.
        pair: Tells the stance toward a candidate, or that it is no target.
    """

    def __init__(self, statement: Head, pair: Head) -> None:
        self.statement = statement
        self.pair = pair
        self._statement = _Scorer(statement)
        self._pair = _Scorer(pair)

    def predict_proba(self, queries: Sequence[Query]) -> Floats:
        """Calibrated probabilities, shape ``(len(queries), 6)``; columns as in `COLUMNS`."""
        if not queries:
            return np.zeros((0, len(COLUMNS)))
        inputs = encoding.encode_all(queries)
        views = {id(i.passage): View(i.passage) for i in inputs}
        rows = {key: n for n, key in enumerate(views)}
        whole = self._statement.probabilities(statement_matrix(list(views.values())))
        answer = whole[[rows[id(i.passage)] for i in inputs]]
        asked = [n for n, i in enumerate(inputs) if i.target]
        if asked:
            pairs = [inputs[n] for n in asked]
            answer[asked] = self._pair.probabilities(*relation_matrix([views[id(i.passage)] for i in pairs], pairs, answer[asked]))
        return answer

    def explain(self, queries: Sequence[Query], columns: Sequence[int]) -> list[tuple[Span, ...]]:
        """The words of the content that spoke for the column, strongest first."""
        return [self._evidence(i.passage, column) for i, column in zip(encoding.encode_all(queries), columns, strict=True)]

    def _evidence(self, passage: Passage, column: int) -> tuple[Span, ...]:
        words = [w for w in passage.content if w.text[0].isalnum()]
        if not words:
            return ()
        scores = self._statement.contributions(_matrix([features.of_word(w) for w in words]), column)
        best = np.argsort(-scores, kind="stable")[:_MAX_EVIDENCE]
        return tuple(words[i].span for i in best if scores[i] > 0)


class _Scorer:
    """A head laid out for speed: coefficients of all hashed columns, classes in the order of `COLUMNS`."""

    def __init__(self, head: Head) -> None:
        columns = [COLUMNS.index(str(label)) for label in head.estimator.classes_]
        known = len(head.used)
        coefficients = np.asarray(head.estimator.coef_, dtype=np.float32)
        self._hashed = np.zeros((features.WIDTH, len(COLUMNS)), dtype=np.float32)
        self._hashed[np.ix_(head.used, columns)] = (coefficients[:, :known] * head.scale).T
        self._dense = np.zeros((coefficients.shape[1] - known, len(COLUMNS)))
        self._dense[:, columns] = coefficients[:, known:].T
        self._bias = np.full(len(COLUMNS), -np.inf)
        self._bias[columns] = head.estimator.intercept_
        self._temperature = head.temperature
        self._columns = columns

    def probabilities(self, hashed: csr_matrix, dense: Floats | None = None) -> Floats:
        scores = hashed @ self._hashed + self._bias
        if dense is not None:
            scores += dense @ self._dense
        scores /= self._temperature
        odds = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(odds / odds.sum(axis=1, keepdims=True))

    def contributions(self, hashed: csr_matrix, column: int) -> Floats:
        """How much each row speaks for a column rather than for the average of the others."""
        scores = np.asarray(hashed @ self._hashed, dtype=np.float64)[:, self._columns]
        wanted = column if column in self._columns else COLUMNS.index("neutral")
        return np.asarray(scores[:, self._columns.index(wanted)] - scores.mean(axis=1))


def statement_matrix(views: Sequence[View]) -> csr_matrix:
    """Hashed features of statements, shape ``(len(views), WIDTH)``; each of the three kinds has length 1."""
    words = _matrix([v.words() for v in views])
    return words + _matrix([v.classes() for v in views]) + _matrix([v.introduction() for v in views])


def relation_matrix(views: Sequence[View], inputs: Sequence[ModelInput], whole: Floats) -> tuple[csr_matrix, Floats]:
    """Features of candidates.

    Args:
        views: The passage of each query.
        inputs: The queries.
        whole: Probabilities of their statements, shape ``(len(inputs), 6)``.

    Returns:
        Hashed features, shape ``(len(inputs), WIDTH)``, of length 1. Dense features, shape ``(len(inputs), 20)``: logarithms of the
        five stances' probabilities, then the same again for each part that may name the candidate, 0 for all but the nearest.
    """
    related = [view.relation(i) for view, i in zip(views, inputs, strict=True)]
    logs = np.log(np.clip(whole[:, :5], 1e-4, 1.0)) / 4
    nearest = np.array([n for _, n in related])
    dense = np.hstack([logs, *(logs * (nearest == n)[:, None] for n in range(len(features.PARTS)))])
    return _matrix([columns for columns, _ in related]), dense


def _matrix(rows: Sequence[Collection[int]]) -> csr_matrix:
    """Rows of length 1 whose entries are equal."""
    counts = np.array([len(r) for r in rows])
    indices = np.fromiter(chain.from_iterable(rows), dtype=np.int32, count=int(counts.sum()))
    values = np.repeat(1 / np.sqrt(np.maximum(counts, 1)), counts).astype(np.float32)
    return csr_matrix((values, indices, np.concatenate(([0], np.cumsum(counts)))), shape=(len(rows), features.WIDTH))
