"""Calibration: temperatures and thresholds, fitted on answers to statements that the model has not seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from sklearn.metrics import f1_score

from stance import decision
from stance.classifiers import COLUMNS
from stance.types import PRECEDENCE
from training.data import Example
from training.scoring import actor_key
from training.split import Rows

_ACTIVE = len(PRECEDENCE)
_RANKS = {str(stance): rank for rank, stance in enumerate(PRECEDENCE)}
_RANK_OF_COLUMN = np.array([_RANKS[column] for column in COLUMNS[:_ACTIVE]])

_FINE = tuple(float(value) for value in np.round(np.geomspace(0.08, 0.9, 20), 3))

#: The values that are tried for each threshold.
_GRID: dict[str, tuple[float, ...]] = {
    **{f"target:{stance}": _FINE for stance in PRECEDENCE},
    **{f"whole:{stance}": _FINE for stance in PRECEDENCE},
    "further": (1.0, 1.25, 1.6, 2.0, 3.0),
    "share": (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0),
    "fallback": (0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 1.0),
}

Floats = NDArray[np.float64]
Labels = NDArray[np.str_]
Mask = NDArray[np.bool_]


def softmax(scores: Floats) -> Floats:
    """Probabilities of each row of scores."""
    odds = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True))


def temperature(scores: Floats, labels: Labels) -> float:
    """The temperature under which the right answers are likeliest."""
    right = _columns(labels)
    return float(minimize_scalar(lambda tried: _surprise(softmax(scores / tried), right), bounds=(0.3, 3.0), method="bounded").x)


def log_loss(probabilities: Floats, labels: Labels) -> float:
    """Mean of the negative logarithm of the right answers' probabilities: it tells models apart that thresholds make look alike."""
    return _surprise(probabilities, _columns(labels))


def _columns(labels: Labels) -> Rows:
    return np.array([COLUMNS.index(label) for label in labels])


def _surprise(probabilities: Floats, right: Rows) -> float:
    return float(-np.log(np.maximum(probabilities[np.arange(len(right)), right], 1e-9)).mean())


def ece(probabilities: Floats, labels: Labels, *, bins: int = 10) -> float:
    """Expected calibration error of the likeliest column, over bins of equal width."""
    confidence = probabilities.max(axis=1)
    right = np.array(COLUMNS)[probabilities.argmax(axis=1)] == labels
    which = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [abs(confidence[which == b].mean() - right[which == b].mean()) * (which == b).mean() for b in range(bins) if (which == b).any()]
    return float(sum(gaps))


def tune(examples: Sequence[Example], answers: Sequence[Floats]) -> tuple[dict[str, float], dict[str, float]]:
    """Thresholds that do best on held-out answers, one at a time, twice around, and the figures there.

    It takes thousands of statements: on fewer, thresholds that are tuned do worse elsewhere than ones that are given.

    Args:
        examples: Statements.
        answers: Held-out probabilities of their queries.
    """
    judge = Judge(examples, answers)
    thresholds = dict(decision.DEFAULTS)
    best = judge(thresholds)
    for _ in range(2):
        for key, values in _GRID.items():
            for value in values:
                tried = {**thresholds, key: value}
                found = judge(tried)
                if found["cv_objective"] > best["cv_objective"]:
                    thresholds, best = tried, found
    return thresholds, best


def tune_speakers(examples: Sequence[Example], answers: Sequence[Floats]) -> tuple[dict[str, float], dict[str, float]]:
    """Thresholds by which speakers' actors are told best (F1), and the figures: without the classifier, and with it.

    Args:
        examples: Statements with their speakers as the library finds them.
        answers: For each query of each example the probability that the speaker speaks for the candidate; empty if nobody told.
    """
    if not answers:
        return {}, {}

    def f1(limits: Mapping[str, float]) -> float:
        hits = told = true = 0
        for example, speaks in zip(examples, answers, strict=True):
            candidates = [q.candidate for q in example.queries if q.candidate]
            speaker = decision.represented(example.queries[0].speaker, candidates, speaks[1:], thresholds=limits)
            actor, gold = actor_key(speaker.actor.id) if speaker and speaker.actor else None, actor_key(example.gold.speaker_actor)
            hits, told, true = hits + (actor is not None and actor == gold), told + (actor is not None), true + (gold is not None)
        return 2 * hits / (told + true) if told + true else 0.0

    none = {name: decision.DEFAULTS[name] for name in ("speaker:other", "speaker:own")}
    tried = [
        none,
        *({"speaker:other": o, "speaker:own": k} for o in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9) for k in (0.0, 0.02, 0.05, 0.1, 0.2)),
    ]
    best = max(tried, key=f1)
    return best, {"speaker_actor_f1_by_rule": f1(none), "speaker_actor_f1": f1(best)}


def judged(example: Example, probabilities: Floats, speaks: Floats | None, *, limits: Mapping[str, float]) -> Floats:
    """A statement's probabilities as the pipeline decides on them: the actor for whom its speaker speaks is no target.

    Args:
        example: A statement with its speaker as the library finds it.
        probabilities: Of its queries.
        speaks: For each query the probability that the speaker speaks for the candidate; None if nobody told.
        limits: Thresholds by which speakers' actors are told.
    """
    candidates = [q.candidate for q in example.queries if q.candidate]
    speaker = example.queries[0].speaker
    if speaks is not None:
        speaker = decision.represented(speaker, candidates, speaks[1:], thresholds=limits)
    return decision.without_own(speaker, candidates, probabilities)


class Judge:
    """Stance macro F1 and the F1 of (speaker, target, stance) under given thresholds; the objective is their mean.

    It does what `stance.decision.choose` does, for all statements at once; a test holds the two together.

    Args:
        examples: Statements.
        answers: Held-out probabilities of their queries.
    """

    def __init__(self, examples: Sequence[Example], answers: Sequence[Floats]) -> None:
        self._whole = np.array([a[0, :_ACTIVE] for a in answers])
        self._neutral = np.array([a[0, _ACTIVE] for a in answers])
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
        whole, aimed = self._agreed(thresholds["agreement"])
        ratios = aimed / [thresholds[f"target:{s}"] for s in COLUMNS[:_ACTIVE]]
        column, best = ratios.argmax(axis=1), ratios.max(axis=1, initial=0.0)
        top = np.zeros(count)
        np.maximum.at(top, self._owner, best)
        first = _first_of_each(self._owner, best == top[self._owner], count)
        further = np.maximum(thresholds["further"], thresholds["share"] * top)[self._owner]
        chosen = np.flatnonzero((best >= 1.0) & ((np.arange(len(best)) == first[self._owner]) | (best >= further)))
        column = column[chosen]
        stance = np.full(count, _ACTIVE)
        np.minimum.at(stance, self._owner[chosen], _RANK_OF_COLUMN[column])
        whole = whole / [thresholds[f"whole:{s}"] for s in COLUMNS[:_ACTIVE]]
        stirred = (whole.max(axis=1) >= 1.0) | (self._neutral < thresholds["calm"])
        bold = np.where((stance == _ACTIVE) & stirred, whole.argmax(axis=1), -1)
        stance[bold >= 0] = _RANK_OF_COLUMN[bold[bold >= 0]]
        likely = np.where(bold[self._owner] >= 0, self._likely, -1.0)
        top = np.full(count, thresholds["fallback"])
        np.maximum.at(top, self._owner, decision.PEERS * likely)
        taken = np.flatnonzero(likely >= top[self._owner])
        return np.concatenate([chosen, taken]), np.concatenate([column, bold[self._owner[taken]]]), stance

    def _agreed(self, weight: float) -> tuple[Floats, Floats]:
        """The probabilities of statements and of candidates, each drawn towards the other."""
        if not weight:
            return self._whole, self._aimed
        likeliest = np.zeros_like(self._whole)
        np.maximum.at(likeliest, self._owner, self._aimed)
        named = np.bincount(self._owner, minlength=len(self._whole))[:, None] > 0
        whole = np.where(named, (1 - weight) * self._whole + weight * likeliest, self._whole)
        return whole, self._aimed ** (1 - weight) * self._whole[self._owner] ** weight

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
