"""The baseline's training: fit both regressions, calibrate them, and tune the decision, all on folds that part no event."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags, hstack
from sklearn.linear_model import LogisticRegression

from stance import encoding
from stance.classifiers import COLUMNS
from stance.classifiers.features import View
from stance.classifiers.linear import Head, Linear, compose, relation_matrix, statement_matrix
from stance.types import Stance
from training.calibration import ece, softmax, temperature, tune
from training.config import Model
from training.data import Example
from training.split import folds

Floats = NDArray[np.float64]
Labels = NDArray[np.str_]
Mask = NDArray[np.bool_]
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Fitted:
    """A trained baseline.

    Attributes:
        classifier: The model.
        thresholds: As `stance.decision` takes them.
        figures: What cross-validation on the training data measured.
    """

    classifier: Linear
    thresholds: dict[str, float]
    figures: dict[str, float]


def fit(examples: Sequence[Example], model: Model, *, seed: int, progress: Progress) -> Fitted:
    """Trains the baseline on examples; the same input gives the same model."""
    inputs = [encoding.encode_all(e.queries) for e in examples]
    groups = [e.group for e in examples]
    progress("features")
    views = [View(i[0].passage) for i in inputs]
    sizes = [len(i) - 1 for i in inputs]
    owner = np.repeat(np.arange(len(inputs)), sizes)
    stances = np.array([e.labels[0] for e in examples])
    labels = np.array([label for e in examples for label in e.labels[1:]])

    progress("statements")
    everything = np.ones(len(stances), dtype=bool)
    cross_fit = partial(_cross_fit, model=model, seed=seed)
    statement, whole = cross_fit(_statements(views, model), None, stances, groups, learn=everything, strength=model.statement_c)
    progress("candidates")
    hashed, dense = relation_matrix([views[o] for o in owner], [pair for i in inputs for pair in i[1:]], whole[owner])
    active, of_pairs = stances[owner] != Stance.NEUTRAL, [groups[o] for o in owner]
    pair, aimed = cross_fit(hashed, dense, labels, of_pairs, learn=active, strength=model.pair_c)
    aimed = compose(whole[owner], aimed)

    progress("thresholds")
    answers = [np.vstack(rows) for rows in zip(whole[:, None], np.split(aimed, np.cumsum(sizes)[:-1]), strict=True)]
    thresholds, best = tune(examples, answers)
    figures = {**best, "cv_statement_ece": ece(whole, stances), "cv_pair_ece": ece(aimed, labels)}
    return Fitted(Linear(statement, pair), thresholds, figures)


def _statements(views: Sequence[View], model: Model) -> csr_matrix:
    """Features of statements, without the columns that only groups use which are left out: so a bundle needs not know what was."""
    kept = np.asarray((statement_matrix(views, model.statement_features) > 0).sum(axis=0)).ravel() > 0
    return (statement_matrix(views) @ diags(kept.astype(np.float32))).tocsr()


def _cross_fit(
    hashed: csr_matrix,
    dense: Floats | None,
    labels: Labels,
    groups: Sequence[str],
    *,
    learn: Mask,
    strength: float,
    model: Model,
    seed: int,
) -> tuple[Head, Floats]:
    """A head fitted on the rows to learn from, and for every row the probabilities by one that has not seen its event, both calibrated."""
    counts = np.asarray((hashed[learn] > 0).sum(axis=0)).ravel()
    used = np.flatnonzero(counts >= model.min_count).astype(np.int32)
    scale = _rarity(counts[used], int(learn.sum()))
    rows = hashed[:, used] @ diags(scale)
    if dense is not None:
        rows = hstack([rows, csr_matrix(dense.astype(np.float32))])
    rows = rows.tocsr()
    scores = np.full((len(labels), len(COLUMNS)), -np.inf)
    for train, held in folds(groups, count=model.folds, seed=seed):
        taught = train[learn[train]]
        estimator = _estimator(strength).fit(rows[taught], labels[taught])
        for label, column in zip(estimator.classes_, estimator.predict_log_proba(rows[held]).T, strict=True):
            scores[held, COLUMNS.index(label)] = column
    warmth = temperature(scores[learn], labels[learn])
    estimator = _estimator(strength).fit(rows[learn], labels[learn])
    estimator.coef_ = estimator.coef_.astype(np.float32)
    return Head(estimator, used, scale, warmth), softmax(scores / warmth)


def _rarity(counts: NDArray[np.int64], rows: int) -> NDArray[np.float32]:
    """Square root of the inverse document frequency, 1 on average of its squares."""
    rarity = np.log((1 + rows) / (1 + counts)) + 1
    return np.asarray(np.sqrt(rarity / rarity.mean()), dtype=np.float32)


def _estimator(strength: float) -> LogisticRegression:
    return LogisticRegression(C=strength, max_iter=500)
