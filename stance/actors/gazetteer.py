"""What is known before reading: names of states, places and organisations, and words for offices, bodies and people.

The tables under ``resources/`` are joined by the territory names of CLDR (babel) and ISO 3166 (pycountry), and compiled once
into an index over lower-cased token sequences.
"""

from __future__ import annotations

import csv
import importlib.resources
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

import pycountry
from babel import Locale

from stance.text import tokenise
from stance.types import Actor, ActorKind, Token

#: Languages whose names for states are known too ("Rusia", "Türkei"): those of much machine-translated news.
_LANGUAGES = ("en", "es", "fr", "de")
#: Foreign names of states that are first names or words in English text.
_MISLEADING = frozenset({"maurice", "dominique", "jersey", "man", "martin", "sainte", "papua"})
_QAEDA = re.compile(r"\b[Aa]l[- ]Qa[ei]da\b")
_KINDS = {"armed_group": ActorKind.ARMED_GROUP}


class Sort(StrEnum):
    """What an entry of the gazetteer stands for; the last eleven are words, not names."""

    STATE = "state"
    DEMONYM = "demonym"
    CAPITAL = "capital"
    SEAT = "seat"
    PLACE = "place"
    ORGANISATION = "organisation"
    MEDIA = "media"
    COLLECTIVE = "collective"
    HONORIFIC = "honorific"
    RANK = "rank"
    OFFICE = "office"
    OFFICIALS = "officials"
    BODY = "body"
    FORCES = "forces"
    PEOPLE = "people"
    PRIVATE = "private"
    KIN = "kin"
    DOCUMENT = "document"
    FORMER = "former"
    MODIFIER = "modifier"


ACTORS = frozenset({Sort.STATE, Sort.DEMONYM, Sort.CAPITAL, Sort.SEAT, Sort.PLACE, Sort.ORGANISATION, Sort.MEDIA, Sort.COLLECTIVE})
HEADS = frozenset(
    {Sort.OFFICE, Sort.OFFICIALS, Sort.BODY, Sort.FORCES, Sort.PEOPLE, Sort.PRIVATE, Sort.KIN, Sort.DOCUMENT, Sort.RANK, Sort.HONORIFIC}
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One name or word.

    Attributes:
        words: Its tokens, lower case.
        cased: Its tokens as the table has them.
        sort: What it stands for.
        actor: The actor that it names, or for a role the state that it implies ("senator").
        category: For a role its class ("leader", "ministry", "rebels"); for an organisation its kind.
        gender: "m", "f" or "".
        plural: Whether it names several people or things.
        home: For a role the state that an English text means when it names none ("President Nowak"); a hint only.
        title: For an organisation the name of its row.
        nouns: For an organisation the nouns that may stand for it ("alliance", "bloc").
    """

    words: tuple[str, ...]
    cased: tuple[str, ...]
    sort: Sort
    actor: Actor | None = None
    category: str = ""
    gender: str = ""
    plural: bool = False
    home: Actor | None = None
    title: str = ""
    nouns: tuple[str, ...] = ()

    def fits(self, tokens: tuple[Token, ...], at: int) -> bool:
        """Whether the capitals of the text allow this entry at a token: "US" is not "us", "Turkey" not "turkey"."""
        for n, cased in enumerate(self.cased):
            text = tokens[at + n].text
            if cased[0].isupper() and (text != cased if cased.isupper() and len(cased) < 6 else not text[0].isupper()):
                return False
        return True


class Gazetteer:
    """The index: the longest entry that starts at a token is found by a few dictionary look-ups."""

    def __init__(self) -> None:
        self.states: dict[str, Actor] = {}
        self.actors: dict[str, Actor] = {}
        self.demonyms: dict[str, str] = {}
        self.nouns: set[str] = set()
        self._index: dict[str, dict[int, dict[tuple[str, ...], list[Entry]]]] = {}

    def add(self, phrase: str, **features: Any) -> None:
        """Adds a name or a word; of two entries that fit alike the first one added wins."""
        forms = {tuple(t.text for t in tokenise(phrase))}
        if "." in phrase:  # "Sen." before a name is one token, at the end of a text it is two
            forms.add(tuple(phrase.split()))
        for cased in forms:
            words = tuple(c.lower() for c in cased)
            lengths = self._index.setdefault(words[0], {})
            lengths.setdefault(len(words), {}).setdefault(words, []).append(Entry(words, cased, **features))

    def freeze(self) -> None:
        """Sorts the index, longest entries first."""
        self._index = {first: dict(sorted(lengths.items(), reverse=True)) for first, lengths in self._index.items()}

    def knows(self, phrase: str) -> bool:
        """Whether some entry has these words."""
        words = tuple(t.lower for t in tokenise(phrase))
        return words in self._index.get(words[0], {}).get(len(words), {})

    def word(self, word: str) -> Entry | None:
        """The entry for a single word as it stands, or None."""
        entries = self._index.get(word.lower(), {}).get(1, {}).get((word.lower(),), ())
        return next((entry for entry in entries if entry.cased[0] == word), None)

    def find(self, tokens: tuple[Token, ...], lower: tuple[str, ...], at: int) -> Entry | None:
        """The longest entry that starts at a token, or None."""
        lengths = self._index.get(lower[at])
        if lengths is None:
            return None
        for length, table in lengths.items():
            for entry in table.get(lower[at : at + length], ()):
                if entry.fits(tokens, at):
                    return entry
        return None


@cache
def gazetteer() -> Gazetteer:
    """The one gazetteer of the process, read at first use."""
    known = Gazetteer()
    states = list(rows("states"))
    for row in states:
        name = row["names"].partition("|")[0]
        known.states[row["code"]] = Actor(row["code"], name, ActorKind.STATE)
    for row in rows("roles"):
        _add_role(known, row)
    for row in states:
        _add_state(known, row)
    for row in rows("places"):
        for name in _names(row, "name", "aliases"):
            sort = Sort(row["kind"]) if row["kind"] in ("capital", "seat") else Sort.PLACE
            known.add(name, sort=sort, actor=known.states[row["state"]])
    for row in rows("organisations"):
        _add_organisation(known, row)
    _add_territories(known)
    known.freeze()
    return known


def rows(table: str) -> Iterator[dict[str, str]]:
    """The rows of a table under ``resources/``."""
    path = importlib.resources.files("stance.actors") / "resources" / f"{table}.tsv"
    yield from csv.DictReader(path.read_text(encoding="utf-8").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)


def _names(row: dict[str, str], *columns: str) -> list[str]:
    return [name for column in columns for name in row[column].split("|") if name]


def _add_state(known: Gazetteer, row: dict[str, str]) -> None:
    names, demonyms = _names(row, "names"), _names(row, "demonyms")
    actor = known.states[row["code"]]
    known.demonyms[row["code"]] = demonyms[0] if demonyms else names[0]
    for name in names:
        known.add(name.removeprefix("the ").removeprefix("The "), sort=Sort.STATE, actor=actor)
    for name in demonyms:
        plural = name.endswith(("s", "men")) and name.removesuffix("s") in demonyms
        known.add(name, sort=Sort.DEMONYM, actor=actor, plural=plural)


def _add_role(known: Gazetteer, row: dict[str, str]) -> None:
    sort = Sort(row["sort"])
    several = sort in (Sort.OFFICIALS, Sort.FORCES, Sort.PEOPLE)
    actor, home = known.states.get(row["state"]), known.states.get(row["state"].removeprefix("?"))
    if sort is Sort.COLLECTIVE:
        actor = Actor(row["class"], row["class"], ActorKind.COLLECTIVE)
    for phrase in _names(row, "phrases"):
        plural = several or (sort is Sort.PRIVATE and phrase.endswith("s") and not phrase.endswith("ss"))
        known.add(phrase, sort=sort, actor=actor, home=home, category=row["class"], gender=row["gender"], plural=plural)


def _add_organisation(known: Gazetteer, row: dict[str, str]) -> None:
    kind = row["kind"]
    actor = known.states.get(row["actor"]) or Actor(row["actor"], row["actor"], _KINDS.get(kind, ActorKind.ORGANISATION))
    for name in (actor.id, *_names(row, "name", "aliases")):
        known.actors.setdefault(name, actor)
    sort = Sort.MEDIA if kind == "media" else Sort.ORGANISATION
    nouns = tuple(row["nouns"].split("|")) if row["nouns"] else ()
    known.nouns.update(noun for noun in nouns if " " not in noun)
    names = _names(row, "name", "aliases", "adjective")
    for name in dict.fromkeys(spelling for each in names for spelling in _spellings(each)):
        known.add(name.removeprefix("the ").removeprefix("The "), sort=sort, actor=actor, category=kind, title=row["name"], nouns=nouns)


def _spellings(name: str) -> list[str]:
    """A name, or its four usual spellings if al-Qaeda is in it; a small "al" stands for a capital one too."""
    return [_QAEDA.sub(spelling, name) for spelling in ("al-Qaeda", "al-Qaida", "al Qaeda", "al Qaida")] if _QAEDA.search(name) else [name]


def _add_territories(known: Gazetteer) -> None:
    """Names of states from the libraries: territories that the table leaves out, and other languages' names."""
    codes = {country.alpha_2: country.alpha_3 for country in pycountry.countries}
    for language in _LANGUAGES:
        for alpha_2, name in Locale.parse(language).territories.items():
            code = codes.get(alpha_2)
            if code is None or len(name) < 4 or name.lower() in _MISLEADING or known.knows(name):
                continue
            actor = known.states.setdefault(code, Actor(code, name, ActorKind.STATE))
            known.demonyms.setdefault(code, actor.name)
            known.add(name, sort=Sort.STATE, actor=actor)
