"""The baseline's training: fit both regressions, calibrate them, and tune the decision, all on folds that part no event."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix, diags, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score

from stance import decision, encoding
from stance.classifiers import COLUMNS
from stance.classifiers.features import View
from stance.classifiers.linear import Head, Linear, compose, relation_matrix, statement_matrix
from stance.types import PRECEDENCE, Stance
from training.config import Model
from training.data import Example, actor_key
from training.split import Rows, folds

_ACTIVE = len(PRECEDENCE)
_RANKS = {str(stance): rank for rank, stance in enumerate(PRECEDENCE)}
_RANK_OF_COLUMN = np.array([_RANKS[column] for column in COLUMNS[:_ACTIVE]])

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
    temperature = _temperature(scores[learn], labels[learn])
    estimator = _estimator(strength).fit(rows[learn], labels[learn])
    estimator.coef_ = estimator.coef_.astype(np.float32)
    return Head(estimator, used, scale, temperature), _softmax(scores / temperature)


def _rarity(counts: NDArray[np.int64], rows: int) -> NDArray[np.float32]:
    """Square root of the inverse document frequency, 1 on average of its squares."""
    rarity = np.log((1 + rows) / (1 + counts)) + 1
    return np.asarray(np.sqrt(rarity / rarity.mean()), dtype=np.float32)


def _estimator(strength: float) -> LogisticRegression:
    return LogisticRegression(C=strength, max_iter=500)


def _softmax(scores: Floats) -> Floats:
    odds = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True))


def _temperature(scores: Floats, labels: Labels) -> float:
    """The temperature under which the right answers are likeliest."""
    right = np.array([COLUMNS.index(label) for label in labels])

    def loss(temperature: float) -> float:
        p = _softmax(scores / temperature)[np.arange(len(right)), right]
        return float(-np.log(np.maximum(p, 1e-9)).mean())

    return float(minimize_scalar(loss, bounds=(0.3, 3.0), method="bounded").x)


def ece(probabilities: Floats, labels: Labels, *, bins: int = 10) -> float:
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
    grid = {
        "further": (1.0, 1.25, 1.6, 2.0, 3.0),
        "share": (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0),
        "fallback": (0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 1.0),
    }
    for _ in range(2):
        for key in thresholds:
            for value in grid.get(key, tuple(np.round(np.geomspace(0.08, 0.9, 20), 3))):
                tried = judge({**thresholds, key: float(value)})
                if tried["cv_objective"] > best["cv_objective"]:
                    thresholds[key], best = float(value), tried
    return thresholds, best


class Judge:
    """Stance macro F1 and the F1 of (speaker, target, stance) under given thresholds; the objective is their mean.

    It does what `stance.decision.choose` does, for all statements at once; a test holds the two together.

    Args:
        examples: Statements.
        answers: Held-out probabilities of their queries.
    """

    def __init__(self, examples: Sequence[Example], answers: Sequence[Floats]) -> None:
        self._whole = np.array([a[0, :_ACTIVE] for a in answers])
        self._aimed = np.concatenate([a[1:, :_ACTIVE] for a in answers])
        self._likely = 1 - np.concatenate([a[1:, -1] for a in answers])
        self._owner = np.repeat(np.arange(len(answers)), [len(a) - 1 for a in answers])
        self._right = np.array([_RANKS.get(e.labels[0], _ACTIVE) for e in examples])
        gold = [{(actor_key(t.actor), str(t.stance)) for t in e.gold.targets} for e in examples]
        names = [(n, actor_key(q.candidate.actor.id)) for n, e in enumerate(examples) for q in e.queries if q.candidate]
        self._hits = np.array([[(name, s) in gold[n] for s in COLUMNS[:_ACTIVE]] for n, name in names], dtype=bool).reshape(-1, _ACTIVE)
        self._true = sum(map(len, gold))

    def decide(self, thresholds: Mapping[str, float]) -> tuple[Rows, Rows, Rows]:
        """The candidates that are targets, the columns of their stances, and each statement's stance as its rank in `PRECEDENCE`."""
        count = len(self._whole)
        ratios = self._aimed / [thresholds[f"target:{s}"] for s in COLUMNS[:_ACTIVE]]
        column, best = ratios.argmax(axis=1), ratios.max(axis=1, initial=0.0)
        top = np.zeros(count)
        np.maximum.at(top, self._owner, best)
        first = _first_of_each(self._owner, best == top[self._owner], count)
        further = np.maximum(thresholds["further"], thresholds["share"] * top)[self._owner]
        chosen = np.flatnonzero((best >= 1.0) & ((np.arange(len(best)) == first[self._owner]) | (best >= further)))
        column = column[chosen]
        stance = np.full(count, _ACTIVE)
        np.minimum.at(stance, self._owner[chosen], _RANK_OF_COLUMN[column])
        whole = self._whole / [thresholds[f"whole:{s}"] for s in COLUMNS[:_ACTIVE]]
        bold = np.where((stance == _ACTIVE) & (whole.max(axis=1) >= 1.0), whole.argmax(axis=1), -1)
        stance[bold >= 0] = _RANK_OF_COLUMN[bold[bold >= 0]]
        likely = np.where(bold[self._owner] >= 0, self._likely, -1.0)
        top = np.full(count, thresholds["fallback"])
        np.maximum.at(top, self._owner, decision.PEERS * likely)
        taken = np.flatnonzero(likely >= top[self._owner])
        return np.concatenate([chosen, taken]), np.concatenate([column, bold[self._owner[taken]]]), stance

    def __call__(self, thresholds: Mapping[str, float]) -> dict[str, float]:
        """The figures, given the statements and their speakers."""
        rows, columns, stance = self.decide(thresholds)
        macro = float(f1_score(self._right, stance, average="macro"))
        total = len(rows) + self._true
        who = 2 * float(self._hits[rows, columns].sum()) / total if total else 0.0
        return {"cv_objective": (macro + who) / 2, "cv_stance_macro_f1": macro, "cv_who_whom_what": who}


def _first_of_each(owner: Rows, wanted: Mask, count: int) -> Rows:
    """For each owner its first wanted row, or -1."""
    first = np.full(count, -1)
    rows = np.flatnonzero(wanted)[::-1]
    first[owner[rows]] = rows
    return first
