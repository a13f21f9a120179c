"""Events: analyses become arrays, one entry for each statement of an actor and each actor that it is aimed at."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from stance.errors import InputError
from stance.types import Actor, Article, Stance, Statement, Target

#: The stances that say something of a pair, in the order of the columns of `Events.mass`.
STANCES = (Stance.THREATENING, Stance.DETERRENT, Stance.REASSURING, Stance.ALARMED)
THREATENING, ALARMED = STANCES.index(Stance.THREATENING), STANCES.index(Stance.ALARMED)

Ints = NDArray[np.intp]
Floats = NDArray[np.float64]


class Analysed(Protocol):
    """An article and its statements: `stance.pipeline.Analysis` is one."""

    @property
    def article(self) -> Article:
        """The article."""
        ...

    @property
    def statements(self) -> tuple[Statement, ...]:
        """Its statements."""
        ...


@dataclass(frozen=True, slots=True)
class Events:
    """A corpus as numbers. Articles and actors are numbered in the order in which they came.

    Attributes:
        actors: The actors.
        dates: The date of each article, or None.
        statements: Number of statements in each article, those without speaker or target among them.
        issued: Whether an article holds a threatening statement, whoever makes it and at whomever it is aimed.
        perceived: Whether it holds an alarmed one.
        speaking: Each article and each actor that speaks in it; shape ``(n, 2)``, without repetition.
        article: The article of each event.
        speaker: Its speaker's actor.
        target: Its target.
        stance: Its stance as decided, a column of `mass`.
        mass: The probability of each of `STANCES`; shape ``(len(article), 4)``.
    """

    actors: tuple[Actor, ...]
    dates: tuple[datetime.date | None, ...]
    statements: Ints
    issued: NDArray[np.bool_]
    perceived: NDArray[np.bool_]
    speaking: Ints
    article: Ints
    speaker: Ints
    target: Ints
    stance: Ints
    mass: Floats

    @property
    def pair(self) -> Ints:
        """The ordered pair of each event as one number: speaker * number of actors + target."""
        return self.speaker * len(self.actors) + self.target


@dataclass(slots=True)
class _Collected:
    """Lists that grow article by article."""

    actors: dict[str, tuple[int, Actor]] = field(default_factory=dict)
    dates: list[datetime.date | None] = field(default_factory=list)
    articles: list[tuple[int, bool, bool]] = field(default_factory=list)
    speaking: set[tuple[int, int]] = field(default_factory=set)
    events: list[tuple[int, int, int, int]] = field(default_factory=list)
    mass: list[tuple[float, ...]] = field(default_factory=list)

    def add(self, article: Article, statements: Sequence[Statement]) -> None:
        number, said = len(self.dates), set[Stance]()
        for statement in statements:
            said |= {statement.stance, *(t.stance for t in statement.targets)}
            if statement.speaker and statement.speaker.actor:
                self._add_statement(number, self._number(statement.speaker.actor), statement.targets)
        self.dates.append(article.date)
        self.articles.append((len(statements), Stance.THREATENING in said, Stance.ALARMED in said))

    def _add_statement(self, article: int, speaker: int, targets: Iterable[Target]) -> None:
        self.speaking.add((article, speaker))
        for target in targets:
            if target.stance in STANCES:
                self.events.append((article, speaker, self._number(target.actor), STANCES.index(target.stance)))
                self.mass.append(_mass(target))

    def _number(self, actor: Actor) -> int:
        return self.actors.setdefault(actor.id, (len(self.actors), actor))[0]


def collect(analyses: Iterable[Analysed | Mapping[str, Any]]) -> Events:
    """Reads a corpus once.

    Args:
        analyses: Analyses, or dictionaries of the shared format as a line of JSON Lines holds them.

    Returns:
        Its events.

    Raises:
        InputError: If there is no article at all, or a dictionary is not in the shared format.
    """
    collected = _Collected()
    for analysis in analyses:
        collected.add(*_parts(analysis))
    if not collected.dates:
        raise InputError("there are no articles to assess: give at least one analysis")
    return _arrays(collected)


def _parts(analysis: Analysed | Mapping[str, Any]) -> tuple[Article, tuple[Statement, ...]]:
    if isinstance(analysis, Mapping):
        from stance import serialise  # noqa: PLC0415 (brings the gazetteer, which analyses do not need)

        return serialise.from_dict(analysis)
    try:
        return analysis.article, analysis.statements
    except AttributeError:
        message = f"cannot assess a {type(analysis).__name__}: give a list of analyses, or of dictionaries read from JSON Lines"
        raise InputError(message) from None


def _mass(target: Target) -> tuple[float, ...]:
    """The probability of each stance; gold data, which has none, counts whole."""
    if target.probabilities:
        return tuple(float(target.probabilities.get(s.value, 0.0)) for s in STANCES)
    return tuple(target.confidence if s is target.stance else 0.0 for s in STANCES)


def _arrays(collected: _Collected) -> Events:
    article, speaker, target, stance = np.array(collected.events, dtype=np.intp).reshape(-1, 4).T
    statements, issued, perceived = zip(*collected.articles, strict=True)
    return Events(
        actors=tuple(actor for _, actor in collected.actors.values()),
        dates=tuple(collected.dates),
        statements=np.array(statements, dtype=np.intp),
        issued=np.array(issued, dtype=bool),
        perceived=np.array(perceived, dtype=bool),
        speaking=np.array(sorted(collected.speaking), dtype=np.intp).reshape(-1, 2),
        article=article,
        speaker=speaker,
        target=target,
        stance=stance,
        mass=np.array(collected.mass, dtype=np.float64).reshape(-1, len(STANCES)),
    )
