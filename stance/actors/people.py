"""People and states of one document, as far as the text has told: who holds which name and office, which state is in question."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import itemgetter

from stance.actors.gazetteer import Sort
from stance.actors.phrases import Kind, Phrase
from stance.types import Actor, ActorKind

_SUFFIXES = frozenset({"jr", "sr", "ii", "iii"})
_WINDOW = 24
_NAMESAKES = 8
_ABOUT = {Sort.STATE: 1.0, Sort.DEMONYM: 1.0, Sort.CAPITAL: 0.8, Sort.SEAT: 0.8, Sort.PLACE: 0.6, Sort.ORGANISATION: 0.6}
_GROUND = {Sort.STATE: 0.1, Sort.DEMONYM: 0.1, Sort.CAPITAL: 0.1, Sort.PLACE: 1.0}

Ranking = tuple[tuple[Actor, float], ...]


@dataclass(slots=True, eq=False)
class Person:
    """Somebody in the text.

    Attributes:
        name: The fullest name so far.
        actor: Whom they speak for, by the text's own words.
        guess: Whom they probably speak for, where the words do not say.
        hunch: The state in question where they appear; good enough for a candidate, not for a speaker.
        implied: Whether it is their title alone that tells `actor`: "defence secretary", which Americans have too.
        home: The state that their title hints at.
        private: Whether they speak for nobody: witnesses, experts, former officials.
        former: Whether it is because they left their office; then it does not matter who is known by their name.
        roles: Words of their offices, normalised.
        categories: Classes of their offices.
        gender: "m", "f" or "".
        titled: Whether the text gives them a title.
        speaks: Whether a statement is attributed to them.
        rules: Whether a government or forces are called theirs.
        met: The number of the phrase that tells most about them.
    """

    name: tuple[str, ...]
    actor: Actor | None = None
    guess: Actor | None = None
    hunch: Actor | None = None
    private: bool = False
    former: bool = False
    implied: bool = False
    home: Actor | None = None
    roles: set[str] = field(default_factory=set)
    categories: set[str] = field(default_factory=set)
    gender: str = ""
    titled: bool = False
    speaks: bool = False
    rules: bool = False
    met: int = -1


class People:
    """The people of a text, by name."""

    def __init__(self) -> None:
        self.all: list[Person] = []
        self._by_last: dict[str, list[Person]] = {}
        self._by_first: dict[str, Person] = {}

    def meet(self, name: tuple[str, ...]) -> Person:
        """The person of this name; a new one if need be."""
        person = self.known(name)
        if person is None:
            person = Person(name)
            self.all.append(person)
            namesakes = self._by_last.setdefault(_last(name), [])
            namesakes.insert(0, person)
            del namesakes[_NAMESAKES:]
        if len(name) > len(person.name):
            person.name = name
        if len(name) > 1:
            self._by_first.setdefault(name[0].lower(), person)
        return person

    def known(self, name: tuple[str, ...]) -> Person | None:
        """Somebody met under this name, or under a fuller or shorter form of it."""
        given = _given(name)
        namesakes = self._by_last.get(_last(name), [])
        for person in sorted(namesakes, key=lambda p: bool(suffix(p.name))):  # "Nowak" is rather the father than Nowak Jr
            other = _given(person.name)
            if (given <= other or other <= given) and not (given and other and suffix(name) != suffix(person.name)):
                return person
        return self._by_first.get(name[0].lower()) if len(name) == 1 else None


def _given(name: tuple[str, ...]) -> set[str]:
    return {word.lower() for word in name[: -2 if suffix(name) else -1]}


def suffix(name: tuple[str, ...]) -> str:
    """What a name ends in after the last name, such as "jr", or "": those who share the rest are others."""
    last = name[-1].lower().rstrip(".")
    return last if len(name) > 1 and last in _SUFFIXES else ""


def _last(name: tuple[str, ...]) -> str:
    """The last name without its article and without "Jr": "al-Nowak" and "Nowak" are one."""
    last = name[-2 if suffix(name) else -1].lower()
    return last[3:] if last.startswith(("al-", "el-")) else last


class Context:
    """Which state is in question at a place of the text.

    Recent mentions count most, the text as a whole counts a little. The *ground* is where things happen: cities, "in Libya",
    "Libyan rebels"; it tells whose rebels, civilians and troops are meant.
    """

    def __init__(self, phrases: Iterable[Phrase], *, ground: bool = False) -> None:
        self._weigh = _ground if ground else _about
        self._decay = 0.95 if ground else 0.85
        self._actors: dict[str, Actor] = {}
        totals: dict[str, float] = {}
        for phrase in phrases:
            for actor, weight in self._weigh(phrase):
                self._actors[actor.id] = actor
                totals[actor.id] = totals.get(actor.id, 0.0) + weight
        whole = sum(totals.values()) or 1.0
        self._prior = {code: n / whole for code, n in totals.items()}
        self._common = {code: self._prior[code] for code in sorted(self._prior, key=lambda c: -self._prior[c])[:4]}
        self._recent: deque[tuple[str, float]] = deque(maxlen=_WINDOW)

    def see(self, phrase: Phrase) -> None:
        """Takes note of a phrase."""
        for actor, weight in self._weigh(phrase):
            self._actors[actor.id] = actor
            self._recent.append((actor.id, weight))

    def ranking(self) -> Ranking:
        """The states in question here, the likeliest first, with their weights."""
        scores, prior, decay = dict(self._common), self._prior, 1.0 - self._decay
        for code, weight in reversed(self._recent):
            scores[code] = scores.get(code, prior.get(code, 0.0)) + decay * weight
            decay *= self._decay
        ranked = sorted(scores.items(), key=itemgetter(1), reverse=True)[:6]
        return tuple((self._actors[code], score) for code, score in ranked)


def _about(phrase: Phrase) -> list[tuple[Actor, float]]:
    seen = [(actor, _ABOUT[e.sort]) for e in phrase.actors if (actor := e.actor) and actor.kind is ActorKind.STATE and e.sort in _ABOUT]
    if not seen and phrase.head is not None and phrase.head.actor is not None:
        seen = [(phrase.head.actor, 0.6)]
    return seen


def _ground(phrase: Phrase) -> list[tuple[Actor, float]]:
    bonus = 1.5 if phrase.kind in (Kind.PEOPLE, Kind.FORCES) else 0.7 * (phrase.located or phrase.category in ("government", "leader"))
    return [
        (e.actor, _GROUND[e.sort] + bonus)
        for e in phrase.actors
        if e.actor is not None and e.actor.kind is ActorKind.STATE and e.sort in _GROUND
    ]
