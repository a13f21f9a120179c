"""Agreement of two labellings of the same articles."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import NamedTuple

from stance.errors import InputError
from training import scoring
from training.corpus.records import Place, Record, StatementRecord
from training.scoring import actor_key

#: What both labellers decided on a statement, each as one nominal value.
FIELDS: dict[str, Callable[[StatementRecord], Hashable]] = {
    "kind": lambda s: s["kind"],
    "speaker actor": lambda s: actor_key(s["speaker_actor"]),
    "target": lambda s: frozenset(actor_key(t["actor"]) for t in s["targets"]),
    "stance": lambda s: s["stance"],
}


class Disagreement(NamedTuple):
    """A statement that the labellers see differently; a side is None where it did not mark the statement."""

    place: Place
    fields: tuple[str, ...]
    first: StatementRecord | None
    second: StatementRecord | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two labellings agree.

    Attributes:
        articles: Articles that both labelled.
        first: Statements that the first labeller marked.
        second: Statements that the second labeller marked.
        aligned: Statements that both marked.
        alpha: Krippendorff's alpha by field, over the statements that both marked.
        figures: The scorer's figures with the first labelling as gold.
        disagreements: Every statement on which they differ.
    """

    articles: int
    first: int
    second: int
    aligned: int
    alpha: dict[str, float]
    figures: dict[str, float]
    disagreements: tuple[Disagreement, ...]


def compare(first: Sequence[Record], second: Sequence[Record]) -> Agreement:
    """Compares two labellings of the articles that both hold.

    Raises:
        InputError: If they share no article, or an article's text differs.
    """
    theirs = {record["id"]: record for record in second}
    ours = [record for record in first if record["id"] in theirs]
    if not ours:
        raise InputError("the two labellings share no article; ids must be the same in both")
    for record in ours:
        if record["text"] != theirs[record["id"]]["text"]:
            raise InputError(f"article {record['id']!r} has another text in the second labelling; label the same text")
    found = [pair for record in ours for pair in _pairs(record, theirs[record["id"]])]
    both = [(a, b) for _, a, b in found if a and b]
    return Agreement(
        articles=len(ours),
        first=sum(a is not None for _, a, _ in found),
        second=sum(b is not None for _, _, b in found),
        aligned=len(both),
        alpha={name: alpha([(value(a), value(b)) for a, b in both]) for name, value in FIELDS.items()},
        figures=scoring.values(scoring.counts(ours, [theirs[record["id"]] for record in ours])),
        disagreements=tuple(_disagreements(found)),
    )


def alpha(units: Iterable[Sequence[Hashable]]) -> float:
    """Krippendorff's alpha for nominal values.

    Args:
        units: For each thing that was labelled the values that it was given; things with fewer than two are left out.

    Returns:
        1 for perfect agreement, 0 for that of chance, below for worse. 1 also where only one value was ever given.
    """
    coincidences: defaultdict[tuple[Hashable, Hashable], float] = defaultdict(float)
    for values in units:
        for pair in permutations(values, 2):
            coincidences[pair] += 1 / (len(values) - 1)
    totals: defaultdict[Hashable, float] = defaultdict(float)
    for (value, _), weight in coincidences.items():
        totals[value] += weight
    number = sum(totals.values())
    expected = number**2 - sum(total**2 for total in totals.values())
    observed = sum(weight for (a, b), weight in coincidences.items() if a != b)
    return 1 - (number - 1) * observed / expected if expected else 1.0


_Pair = tuple[Place, StatementRecord | None, StatementRecord | None]


def _pairs(first: Record, second: Record) -> Iterator[_Pair]:
    """Statements of an article side by side; those that one labeller alone marked stand alone."""
    free = set(range(len(second["statements"])))
    partner = {}
    for a, b, _ in scoring.align(first["statements"], second["statements"], _tokens(first["text"])):
        partner[a] = b
        free.remove(b)
    for n, statement in enumerate(first["statements"]):
        yield Place(first["id"], n + 1), statement, second["statements"][partner[n]] if n in partner else None
    yield from ((Place(first["id"], 0), None, second["statements"][n]) for n in sorted(free))


def _disagreements(found: Iterable[_Pair]) -> Iterator[Disagreement]:
    for place, a, b in found:
        if a is None or b is None:
            yield Disagreement(place, (), a, b)
        elif differing := tuple(name for name, value in FIELDS.items() if value(a) != value(b)):
            yield Disagreement(place, differing, a, b)


def _tokens(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in re.finditer(r"\w+", text)]
