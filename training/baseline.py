"""The baseline's training: fit both regressions, calibrate them, and tune the decision, all on folds that part no event."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix, diags, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score

from stance import decision, encoding
from stance.classifiers import COLUMNS
from stance.classifiers.features import View
from stance.classifiers.linear import Head, Linear, relation_matrix, statement_matrix
from training.config import Model
from stance.types import PRECEDENCE, Stance
from training.data import Example, actor_key
from training.split import folds

_LEAST = 0.1

Floats = NDArray[np.float64]
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
    statement, whole = _cross_fit(statement_matrix(views), None, stances, groups, model.statement_c, model, seed)
    progress("candidates")
    relations, context = relation_matrix([views[o] for o in owner], [pair for i in inputs for pair in i[1:]], whole[owner])
    pair, aimed = _cross_fit(relations, context, labels, [groups[o] for o in owner], model.pair_c, model, seed)

    progress("thresholds")
    answers = [np.vstack(rows) for rows in zip(whole[:, None], np.split(aimed, np.cumsum(sizes)[:-1]), strict=True)]
    thresholds, best = tune(examples, answers)
    figures = {**best, "cv_statement_ece": ece(whole, stances), "cv_pair_ece": ece(aimed, labels)}
    return Fitted(Linear(statement, pair), thresholds, figures)


def _cross_fit(
    hashed: csr_matrix, dense: Floats | None, labels: NDArray[Any], groups: Sequence[str], strength: float, model: Model, seed: int
) -> tuple[Head, Floats]:
    """A head fitted on everything, and for each row the probabilities by heads that have not seen its event, both calibrated."""
    counts = np.asarray((hashed > 0).sum(axis=0)).ravel()
    used = np.flatnonzero(counts >= model.min_count).astype(np.int32)
    scale = _rarity(counts[used], len(labels))
    rows = hashed[:, used] @ diags(scale)
    if dense is not None:
        rows = hstack([rows, csr_matrix(dense.astype(np.float32))])
    rows = rows.tocsr()
    scores = np.full((len(labels), len(COLUMNS)), -np.inf)
    for train, held in folds(groups, count=model.folds, seed=seed):
        estimator = _estimator(strength).fit(rows[train], labels[train])
        for column, label in enumerate(estimator.classes_):
            scores[held, COLUMNS.index(label)] = estimator.predict_log_proba(rows[held])[:, column]
    temperature = _temperature(scores, labels)
    estimator = _estimator(strength).fit(rows, labels)
    estimator.coef_ = estimator.coef_.astype(np.float32)
    return Head(estimator, used, scale, temperature), _softmax(scores / temperature)


def _rarity(counts: NDArray[np.int64], rows: int) -> NDArray[np.float32]:
    """Square root of the inverse document frequency, 1 on average of its squares."""
    rarity = np.log((1 + rows) / (1 + counts)) + 1
    return np.sqrt(rarity / rarity.mean()).astype(np.float32)


def _estimator(strength: float) -> LogisticRegression:
    return LogisticRegression(C=strength, max_iter=300)


def _softmax(scores: Floats) -> Floats:
    odds = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True))


def _temperature(scores: Floats, labels: NDArray[Any]) -> float:
    """The temperature under which the right answers are likeliest."""
    right = np.array([COLUMNS.index(label) for label in labels])

    def loss(temperature: float) -> float:
        p = _softmax(scores / temperature)[np.arange(len(right)), right]
        return float(-np.log(np.maximum(p, 1e-9)).mean())

    return float(minimize_scalar(loss, bounds=(0.3, 3.0), method="bounded").x)


def ece(probabilities: Floats, labels: NDArray[Any], *, bins: int = 10) -> float:
    """Expected calibration error of the likeliest column, over bins of equal width."""
    confidence = probabilities.max(axis=1)
    right = np.array(COLUMNS)[probabilities.argmax(axis=1)] == labels
    which = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [abs(confidence[which == b].mean() - right[which == b].mean()) * (which == b).mean() for b in range(bins) if (which == b).any()]
    return float(sum(gaps))


def tune(examples: Sequence[Example], answers: Sequence[Floats]) -> tuple[dict[str, float], dict[str, float]]:
    """Thresholds that do best on held-out answers, one at a time, twice around."""
    judge = Judge(examples, answers)
    thresholds = dict(decision.DEFAULTS)
    best = judge(thresholds)
    grid = {"further": (1.0, 1.25, 1.6, 2.0, 3.0), "fallback": (0.02, 0.04, 0.08, 0.12, 0.2, 1.0)}
    for _ in range(2):
        for key in thresholds:
            for value in grid.get(key, tuple(np.round(np.geomspace(_LEAST, 0.8, 12), 3))):
                tried = judge({**thresholds, key: float(value)})
                if tried["cv_objective"] > best["cv_objective"]:
                    thresholds[key], best = float(value), tried
    return thresholds, best


class Judge:
    """Stance macro F1 and the F1 of (speaker, target, stance) under given thresholds; the objective is their mean.

    Args:
        examples: Statements.
        answers: Held-out probabilities of their queries.
    """

    def __init__(self, examples: Sequence[Example], answers: Sequence[Floats]) -> None:
        self._labels = [e.labels[0] for e in examples]
        self._gold = [{(actor_key(t.actor), t.stance) for t in e.gold.targets} for e in examples]
        self._names = [[actor_key(q.candidate.actor.id) for q in e.queries if q.candidate] for e in examples]
        self._answers = answers
        # No threshold that is ever tried makes these anything but neutral.
        self._open = [n for n, a in enumerate(answers) if a[:, : len(PRECEDENCE)].max() >= _LEAST]

    def __call__(self, thresholds: Mapping[str, float]) -> dict[str, float]:
        """The figures, given the statements and their speakers."""
        stances = [str(Stance.NEUTRAL)] * len(self._labels)
        hit = said = 0
        for n in self._open:
            chosen, stance = decision.choose(self._answers[n], thresholds)
            stances[n] = str(stance)
            told = {(self._names[n][row], aimed) for row, aimed in chosen}
            hit, said = hit + len(self._gold[n] & told), said + len(told)
        macro = float(f1_score(self._labels, stances, average="macro"))
        true = sum(map(len, self._gold))
        who = 2 * hit / (said + true) if said + true else 0.0
        return {"cv_objective": (macro + who) / 2, "cv_stance_macro_f1": macro, "cv_who_whom_what": who}
