"""The baseline: two logistic regressions over hashed features, as scikit-learn fits them, applied by plain matrix products.

The first tells the stance of the statement as a whole; the second, supposing that it is not neutral, for each candidate its
stance or that it is no target, from the words about the candidate and the first one's answer. All statements of a call are
hashed together, and each of them once, however many candidates it has.
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
from stance.classifiers.base import COLUMNS, Answer
from stance.classifiers.features import View
from stance.encoding import ModelInput, Passage
from stance.types import Query, Reach, Span

_MAX_EVIDENCE = 5
_NEUTRAL, _NOT_A_TARGET = COLUMNS.index("neutral"), COLUMNS.index("not_a_target")

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
        pair: Tells the stance of a statement that is not neutral toward a candidate, or that it is no target.
    """

    reach = Reach()  # it knows candidates by the words around their mentions
    explains_freely = True

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
        views = {key: View(passage) for key, passage in {id(i.passage): i.passage for i in inputs}.items()}
        rows = {key: n for n, key in enumerate(views)}
        whole = self._statement.probabilities(statement_matrix(list(views.values())))
        answer = whole[[rows[id(i.passage)] for i in inputs]]
        asked = [n for n, i in enumerate(inputs) if i.target]
        if asked:
            pairs = [inputs[n] for n in asked]
            related = relation_matrix([views[id(i.passage)] for i in pairs], pairs, answer[asked])
            answer[asked] = compose(answer[asked], self._pair.probabilities(*related))
        return answer

    def answer(self, queries: Sequence[Query]) -> Answer:
        """Probabilities alone: it cannot tell whom speakers speak for."""
        return Answer(self.predict_proba(queries))

    def explain(self, queries: Sequence[Query], columns: Sequence[int]) -> list[tuple[Span, ...]]:
        """The words of the content that spoke for the column, strongest first."""
        return [self._evidence(i.passage, column) for i, column in zip(encoding.encode_all(queries), columns, strict=True)]

    def _evidence(self, passage: Passage, column: int) -> tuple[Span, ...]:
        words = [w for w in passage.content if w.text[0].isalnum()]
        if not words:
            return ()
        scores = self._statement.contributions(_matrix([(features.of_word(w),) for w in words]), column)
        best = np.argsort(-scores, kind="stable")[:_MAX_EVIDENCE]
        return tuple(words[i].span for i in best if scores[i] > 0)


class _Scorer:
    """A head laid out for speed: coefficients of all hashed columns, classes in the order of `COLUMNS`."""

    def __init__(self, head: Head) -> None:
        columns = [COLUMNS.index(str(label)) for label in head.estimator.classes_]
        known = len(head.used)
        coefficients = np.asarray(head.estimator.coef_, dtype=np.float32)
        self._hashed = np.zeros((features.WIDTH, len(COLUMNS)), dtype=np.float32)
        for column, row in zip(columns, coefficients, strict=True):
            self._hashed[head.used, column] = row[:known] * head.scale
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
        wanted = column if column in self._columns else _NEUTRAL
        return np.asarray(scores[:, self._columns.index(wanted)] - scores.mean(axis=1))


def statement_matrix(views: Sequence[View], groups: Collection[str] = features.GROUPS) -> csr_matrix:
    """Hashed features of statements, shape ``(len(views), WIDTH)``; each group of `features.GROUPS` has length 1, those left out are 0."""
    return _matrix([tuple(getattr(v, group)() if group in groups else () for group in features.GROUPS) for v in views])


def compose(whole: Floats, aimed: Floats) -> Floats:
    """Probabilities of candidates' columns.

    Args:
        whole: Probabilities of their statements, shape ``(n, 6)``.
        aimed: The candidates' own, supposing that the statement is not neutral, shape ``(n, 6)``.
    """
    composed = aimed * (1 - whole[:, [_NEUTRAL]])
    composed[:, _NOT_A_TARGET] = 0.0
    composed[:, _NOT_A_TARGET] = 1 - composed.sum(axis=1)
    return np.asarray(composed)


def relation_matrix(views: Sequence[View], inputs: Sequence[ModelInput], whole: Floats) -> tuple[csr_matrix, Floats]:
    """Features of candidates.

    Args:
        views: The passage of each query.
        inputs: The queries.
        whole: Probabilities of their statements, shape ``(len(inputs), 6)``.

    Returns:
        Hashed features, shape ``(len(inputs), WIDTH)``, of length 1. Dense features, shape ``(len(inputs), 16)``: logarithms of the
        probabilities of the four stances, supposing that one of them holds, then the same again for each part that may name the
        candidate, 0 for all but the nearest.
    """
    related = [view.relation(i) for view, i in zip(views, inputs, strict=True)]
    stances = np.maximum(whole[:, :_NEUTRAL], 1e-9)
    logs = np.log(np.maximum(stances / stances.sum(axis=1, keepdims=True), 1e-4)) / 4
    nearest = np.array([n for _, n in related])
    dense = np.hstack([logs, *(logs * (nearest == n)[:, None] for n in range(len(features.PARTS)))])
    return _matrix([(columns,) for columns, _ in related]), dense


def _matrix(rows: Sequence[tuple[Collection[int], ...]]) -> csr_matrix:
    """A row for each of `rows`, in which each group of columns has length 1 and equal entries."""
    groups = [group for row in rows for group in row]
    sizes = np.array([len(group) for group in groups], dtype=np.int32)
    ends = np.cumsum(sizes, dtype=np.int32)[len(rows[0]) - 1 :: len(rows[0])] if rows else sizes
    indices = np.fromiter(chain.from_iterable(groups), dtype=np.int32, count=int(sizes.sum()))
    values = np.repeat(1 / np.sqrt(np.maximum(sizes, 1)), sizes).astype(np.float32)
    matrix = csr_matrix((values, indices, np.concatenate((np.zeros(1, np.int32), ends))), shape=(len(rows), features.WIDTH))
    matrix.sort_indices()  # sums do not depend on the order of sets, which differs from process to process
    return matrix
