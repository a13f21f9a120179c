"""Figures: people of public life of whom it is known for whom they spoke, and when.

A text that says "Lavrov" takes for granted what its readers know. The table ``resources/figures.tsv`` holds that knowledge: who
held an office that speaks for a state, an organisation or a group, from which year to which.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from stance.actors.gazetteer import gazetteer, rows
from stance.types import Actor, ActorKind

_OPEN = 9999  # the last year of a term that goes on
_SUFFIX = re.compile(r",? (?:jr|sr)\.?$", re.IGNORECASE)
_ARTICLE = re.compile(r"\b[AaEe]l-")
_COLLECTIVES = frozenset({"opposition", "rebels", "separatists", "insurgents", "protesters"})  # as texts name them: "Polish opposition"


@dataclass(frozen=True, slots=True)
class Term:
    """The years, first and last included, in which somebody spoke for an actor."""

    actor: Actor
    first: int
    last: int

    def holds(self, year: int | None) -> bool:
        """Whether a year lies in the term; a year that is not known may."""
        return year is None or self.first <= year <= self.last


@dataclass(frozen=True, slots=True)
class Figure:
    """Somebody known.

    Attributes:
        terms: The latest first.
        sure: Whether the name was a full one, not a surname alone.
    """

    terms: tuple[Term, ...]
    sure: bool

    def speaks_for(self, year: int | None) -> Actor | None:
        """The actor for whom they speak in a year, the latest where several would do; None in a year in which they hold no office."""
        return next((term.actor for term in self.terms if term.holds(year)), None)


def find(name: tuple[str, ...]) -> Figure | None:
    """Who bears a name, or None if nobody does or it is unknown."""
    return _known().by_name.get(_key(" ".join(name)))


def surnamed(name: str, year: int) -> set[Actor]:
    """The actors for whom people of a last name spoke in a year."""
    return {term.actor for term in _known().by_surname.get(_key(name), ()) if term.holds(year)}


class _Known(NamedTuple):
    """All figures by name, a surname standing for the one who alone is meant by it; and the terms of all who bear a last name."""

    by_name: dict[str, Figure]
    by_surname: dict[str, list[Term]]


@cache
def _known() -> _Known:
    """The table, read at first use."""
    full: dict[str, list[Term]] = {}
    alone: dict[str, list[Term]] = {}
    surnames: dict[str, list[Term]] = {}
    for row in rows("figures"):
        term = Term(_actor(row["actor"]), int(row["first"]), int(row["last"] or _OPEN))
        surnames.setdefault(_key(_SUFFIX.sub("", row["name"]).rpartition(" ")[2]), []).append(term)
        for name in (row["name"], *filter(None, row["aliases"].split("|"))):
            full.setdefault(_key(name), []).append(term)
        for name in filter(None, row["alone"].split("|")):
            alone.setdefault(_key(name), []).append(term)
    by_alone = {key: Figure(_sorted(terms), sure=False) for key, terms in alone.items()}
    return _Known(by_alone | {key: Figure(_sorted(terms), sure=True) for key, terms in full.items()}, surnames)


def _sorted(terms: list[Term]) -> tuple[Term, ...]:
    return tuple(sorted(terms, key=lambda term: (-term.last, -term.first)))


def _key(name: str) -> str:
    """A name by which spellings that differ in capitals, marks, the article and "Jr" alone are one."""
    return " ".join(_ARTICLE.sub("", _SUFFIX.sub("", name).replace("’", "'")).replace("-", " ").casefold().split())


@cache
def _actor(name: str) -> Actor:
    known = gazetteer()
    kind = ActorKind.COLLECTIVE if name.rpartition(" ")[2] in _COLLECTIVES else ActorKind.ORGANISATION
    return known.states.get(name) or known.actors.get(name) or Actor(name, name, kind)
