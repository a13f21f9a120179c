"""Scoring: what is right in predicted statements, counted by article, so that sums, figures and bootstraps are one formula.

Every figure is a function of counts that add up over articles. `count` fills one row for an article; `figures` reads any sum
of rows, so that a resampled set of articles is scored by adding its rows. It agrees with the project's reference scorer.

Gold and predicted statements of an article are paired one to one, the greatest Jaccard overlap of their contents' word tokens
first, at least 0.5. Figures are micro-averaged over articles; 0/0 is 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.errors import InputError
from stance.types import PRECEDENCE, Stance

Floats = NDArray[np.float64]
Record = Mapping[str, Any]
Triples = frozenset[tuple[str | None, str]]

ACTIVE = tuple(map(str, PRECEDENCE))
LABELS = (*ACTIVE, str(Stance.NEUTRAL))
BINS = 10

#: Figures that have hits among the predicted and among the gold; the last four are the stances wherever they are told.
PAIRED = (
    *("exact", "overlap", "attribution", "speaker", "speaker_actor", "target", "target_stance", "who_whom_what"),
    *(f"stance_e2e_{label}" for label in ACTIVE),
)
_SIDES = ("hit", "predicted", "gold")
_LEAST_OVERLAP = 0.5
WORD = re.compile(r"\w+")

#: One column of counts each: sides of the paired figures, cells of the confusion matrix, bins of the reliability diagram.
COLUMNS = (
    *(f"{name}:{side}" for name in PAIRED for side in _SIDES),
    *(f"{gold}>{told}" for gold in LABELS for told in LABELS),
    *(f"bin{b}:{what}" for b in range(BINS) for what in ("count", "confidence", "right")),
)
_AT = {name: n for n, name in enumerate(COLUMNS)}
_CONFUSION = slice(_AT[f"{LABELS[0]}>{LABELS[0]}"], _AT["bin0:count"])
_RELIABILITY = slice(_AT["bin0:count"], len(COLUMNS))

#: Spellings that count as one actor: the first stands for all (lower case, without "the").
_SPELLINGS = (
    "european union | eu | european commission",
    "united nations | un | u.n. | security council | un security council",
    "islamic state | isis | isil | is | daesh",
    "wagner group | wagner | wagner pmc | pmc wagner",
    "nato | north atlantic treaty organization",
    "pse | palestine | palestinian authority | plo",
    "taliban | taleban",
    "hezbollah | hizbollah | hizbullah",
    "international atomic energy agency | iaea",
    "houthis | houthi | houthi movement | ansar allah",
    "xkx | kosovo",
    "al-qaeda | al qaeda | al-qaida",
)
_CANONICAL = {spelling: line.split(" | ")[0] for line in _SPELLINGS for spelling in line.split(" | ")}


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts of a corpus.

    Attributes:
        ids: The articles.
        rows: Shape ``(len(ids), len(COLUMNS))``.
    """

    ids: tuple[str, ...]
    rows: Floats

    def confusion(self) -> Floats:
        """Aligned statements by gold and told stance, shape ``(5, 5)`` in the order of `LABELS`."""
        return np.asarray(self.rows.sum(axis=0)[_CONFUSION].reshape(len(LABELS), len(LABELS)))

    def reliability(self) -> Floats:
        """Number, summed confidence, and number right of aligned statements by bin of confidence, shape ``(BINS, 3)``."""
        return np.asarray(self.rows.sum(axis=0)[_RELIABILITY].reshape(BINS, 3))


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure, and the range that holds 95 % of its bootstrap."""

    value: float
    low: float
    high: float


def counts(gold: Sequence[Record], predicted: Sequence[Record]) -> Counts:
    """Counts of a corpus; a gold article without prediction counts as one where nothing was found.

    Args:
        gold: Articles in the shared format.
        predicted: Predictions in the shared format; their texts are not read.

    Raises:
        InputError: If two gold articles share an id.
    """
    told = {article["id"]: article["statements"] for article in predicted}
    ids = tuple(str(article["id"]) for article in gold)
    if len(set(ids)) < len(ids):
        twice = next(i for i in ids if ids.count(i) > 1)
        raise InputError(f"two articles have the id {twice!r}; give each its own")
    rows = [count(article["text"], article["statements"], told.get(article["id"], ())) for article in gold]
    return Counts(ids, np.array(rows).reshape(len(ids), len(COLUMNS)))


def count(text: str, gold: Sequence[Record], predicted: Sequence[Record]) -> Floats:
    """Counts of one article, shape ``(len(COLUMNS),)``."""
    row = np.zeros(len(COLUMNS))
    tokens = [match.span() for match in WORD.finditer(text)]
    _count_side(row, gold, "gold")
    _count_side(row, predicted, "predicted")
    for g, p, overlap in align(gold, predicted, tokens):
        row[_AT["overlap:hit"]] += 1
        row[_AT["exact:hit"]] += overlap == 1.0
        _count_pair(row, gold[g], predicted[p])
    return row


def align(gold: Sequence[Record], predicted: Sequence[Record], tokens: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, float]]:
    """Pairs of gold and predicted statements by index, with the overlap of their words, the greatest first."""
    theirs, ours = ([_tokens_in(s["content"], tokens) for s in side] for side in (gold, predicted))
    overlaps = [
        (len(a & b) / len(a | b), g, p) for g, a in enumerate(theirs) for p, b in enumerate(ours) if a & b
    ]  # fmt: skip
    free_gold, free_predicted = set(range(len(theirs))), set(range(len(ours)))
    for overlap, g, p in sorted(overlaps, key=lambda o: (-o[0], o[1], o[2])):
        if overlap >= _LEAST_OVERLAP and g in free_gold and p in free_predicted:
            free_gold.remove(g)
            free_predicted.remove(p)
            yield g, p, overlap


def figures(sums: Floats) -> dict[str, Floats]:
    """Figures of summed counts.

    Args:
        sums: Shape ``(..., len(COLUMNS))``.

    Returns:
        For each figure an array of shape ``(...)``.
    """
    found: dict[str, Floats] = {}
    for name in PAIRED:
        hit, predicted, gold = (sums[..., _AT[f"{name}:{side}"]] for side in _SIDES)
        found |= _precision_recall_f1(name, hit, predicted, gold)
    present = np.stack([sums[..., _AT[f"stance_e2e_{s}:gold"]] > 0 for s in ACTIVE], axis=-1)
    found["stance_e2e_macro_f1"] = _mean_where(np.stack([found[f"stance_e2e_{s}_f1"] for s in ACTIVE], axis=-1), present)
    confusion = sums[..., _CONFUSION].reshape(*sums.shape[:-1], len(LABELS), len(LABELS))
    seen, said, right = confusion.sum(axis=-1), confusion.sum(axis=-2), np.diagonal(confusion, axis1=-2, axis2=-1)
    for n, label in enumerate(LABELS):
        found |= _precision_recall_f1(f"stance_{label}", right[..., n], said[..., n], seen[..., n])
    found["stance_accuracy"] = _ratio(right.sum(axis=-1), seen.sum(axis=-1))
    found["stance_macro_f1"] = _mean_where(np.stack([found[f"stance_{label}_f1"] for label in LABELS], axis=-1), seen > 0)
    bins = sums[..., _RELIABILITY].reshape(*sums.shape[:-1], BINS, 3)
    found["ece"] = _ratio(np.abs(bins[..., 1] - bins[..., 2]).sum(axis=-1), bins[..., 0].sum(axis=-1))
    return found


def values(counted: Counts) -> dict[str, float]:
    """Figures of a corpus."""
    return {name: float(value) for name, value in figures(counted.rows.sum(axis=0)).items()}


def intervals(counted: Counts, *, samples: int, seed: int) -> dict[str, Interval]:
    """Figures of a corpus with 95 % intervals from a bootstrap by article; the same seed gives the same intervals."""
    drawn = figures(_weights(len(counted.ids), samples, seed) @ counted.rows)
    ends = {name: np.quantile(sample, (0.025, 0.975)) for name, sample in drawn.items()}
    return {name: Interval(value, *map(float, ends[name])) for name, value in values(counted).items()}


def difference(ours: Counts, theirs: Counts, *, figure: str, samples: int, seed: int) -> Interval:
    """By how much a figure of ours exceeds theirs, with a 95 % interval from a paired bootstrap by article.

    Raises:
        InputError: If the two were not counted on the same articles.
    """
    if ours.ids != theirs.ids:
        raise InputError(
            f"the runs were measured on different articles ({len(ours.ids)} and {len(theirs.ids)}); evaluate both on one corpus"
        )
    weights = _weights(len(ours.ids), samples, seed)
    drawn = figures(weights @ ours.rows)[figure] - figures(weights @ theirs.rows)[figure]
    low, high = np.quantile(drawn, (0.025, 0.975))
    return Interval(values(ours)[figure] - values(theirs)[figure], float(low), float(high))


def _weights(articles: int, samples: int, seed: int) -> Floats:
    """How often each article stands in each resampled corpus, shape ``(samples, articles)``."""
    rng = np.random.default_rng(seed)
    return rng.multinomial(articles, np.full(articles, 1 / articles), size=samples).astype(np.float64)


def _count_side(row: Floats, statements: Sequence[Record], side: str) -> None:
    for name in ("exact", "overlap", "attribution", "speaker"):
        row[_AT[f"{name}:{side}"]] += len(statements)
    for statement in statements:
        aimed = _aimed(statement)
        row[_AT[f"speaker_actor:{side}"]] += bool(statement.get("speaker_actor"))
        row[_AT[f"target:{side}"]] += len({actor for actor, _ in aimed})
        row[_AT[f"target_stance:{side}"]] += len(aimed)
        row[_AT[f"who_whom_what:{side}"]] += len(aimed)
        if statement.get("stance") in ACTIVE:
            row[_AT[f"stance_e2e_{statement['stance']}:{side}"]] += 1


def _count_pair(row: Floats, gold: Record, told: Record) -> None:
    """Hits of two statements that were aligned."""
    row[_AT["attribution:hit"]] += touch(gold.get("source"), told.get("source"))
    row[_AT["speaker:hit"]] += same_name(gold.get("speaker"), told.get("speaker"))
    same = actor_key(gold.get("speaker_actor")) == actor_key(told.get("speaker_actor"))
    row[_AT["speaker_actor:hit"]] += bool(gold.get("speaker_actor")) and same
    aimed, theirs = _aimed(gold), _aimed(told)
    row[_AT["target:hit"]] += len({actor for actor, _ in aimed} & {actor for actor, _ in theirs})
    row[_AT["target_stance:hit"]] += len(aimed & theirs)
    if same or not gold.get("speaker_actor"):
        row[_AT["who_whom_what:hit"]] += len(aimed & theirs)
    if gold.get("stance"):
        right = gold["stance"] == (stance := told.get("stance") or str(Stance.NEUTRAL))
        row[_AT[f"{gold['stance']}>{stance}"]] += 1
        if right and stance in ACTIVE:
            row[_AT[f"stance_e2e_{stance}:hit"]] += 1
        if told.get("confidence") is not None:
            b = min(int(told["confidence"] * BINS), BINS - 1)
            row[_AT[f"bin{b}:count"] : _AT[f"bin{b}:count"] + 3] += (1, told["confidence"], right)


def actor_key(actor: str | None) -> str | None:
    """An actor's code or name in one spelling; None for none."""
    if not actor:
        return None
    key = re.sub(r"^the\s+", "", actor.strip().casefold())
    return _CANONICAL.get(key, key)


def same_name(gold: str | None, told: str | None) -> bool:
    """Whether two names are one person's or body's: equal last words, or one holds all words of the other; two absent names are."""
    if not gold or not told:
        return not gold and not told
    ours, theirs = WORD.findall(gold.casefold()), WORD.findall(told.casefold())
    if not ours or not theirs:
        return False
    return ours[-1] == theirs[-1] or set(ours) <= set(theirs) or set(theirs) <= set(ours)


def _aimed(statement: Record) -> Triples:
    """Targets and the stances toward them, neutral ones left out."""
    return frozenset((actor_key(t["actor"]), t["stance"]) for t in statement.get("targets") or () if t.get("stance") in ACTIVE)


def pairs(spans: Any) -> Sequence[Sequence[int]]:
    """A field of spans as a list of pairs: it may be null, one pair, or several."""
    if not spans:
        return ()
    return [spans] if isinstance(spans[0], int) else list(spans)


def _tokens_in(spans: Any, tokens: Sequence[tuple[int, int]]) -> frozenset[int]:
    return frozenset(n for n, (a, b) in enumerate(tokens) if any(a < end and b > start for start, end in pairs(spans)))


def touch(gold: Any, told: Any) -> bool:
    """Whether two fields of spans share a character, or are both empty."""
    if not gold or not told:
        return not gold and not told
    return any(a < end and start < b for a, b in pairs(gold) for start, end in pairs(told))


def _precision_recall_f1(name: str, hit: Floats, predicted: Floats, gold: Floats) -> dict[str, Floats]:
    f1 = _ratio(2 * hit, predicted + gold)
    return {f"{name}_precision": _ratio(hit, predicted), f"{name}_recall": _ratio(hit, gold), f"{name}_f1": f1}


def _ratio(above: Floats, below: Floats) -> Floats:
    return np.asarray(np.divide(above, below, out=np.zeros(np.shape(above)), where=np.asarray(below) > 0), dtype=np.float64)


def _mean_where(scores: Floats, wanted: NDArray[np.bool_]) -> Floats:
    return _ratio((scores * wanted).sum(axis=-1), wanted.sum(axis=-1).astype(np.float64))
