"""Phrases: what a text's references to actors, people and bodies are made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from stance.actors.gazetteer import Entry
from stance.types import Span, Token


class Kind(StrEnum):
    """What a phrase is headed by."""

    PERSON = "person"
    NAME = "name"
    ACTOR = "actor"
    OFFICE = "office"
    OFFICIALS = "officials"
    BODY = "body"
    FORCES = "forces"
    PEOPLE = "people"
    PRIVATE = "private"
    DOCUMENT = "document"
    NOUN = "noun"
    PRONOUN = "pronoun"


@dataclass(slots=True)
class Phrase:
    """A phrase as it stands, in token indices (end exclusive).

    Attributes:
        start, end: Its tokens.
        kind: What heads it.
        name: The tokens of a personal or unknown proper name.
        head: The word that heads it, where the gazetteer has it.
        roles: Its words that tell an office or a body, normalised: {"foreign", "minister"}.
        actors: The actors that it names, in order; those of its "of" phrase apart.
        determiner: Its article or possessive, lower case, or "".
        former: Whether it says "former".
        owner: The person in front of it ("Nowak's government"), or None.
        of: The phrase after "of" ("head of the ministry"), or None.
        gender: "m", "f" or ""; of a pronoun also "p" (plural), "n" (neuter), "w" (relative) and "i" (first person).
        quoted: Whether it lies within quoted words (set in resolution).
        located: Whether it tells a place ("in Moscow").
        sentence: The number of its sentence.
    """

    start: int
    end: int
    kind: Kind
    name: tuple[str, ...] = ()
    head: Entry | None = None
    roles: frozenset[str] = frozenset()
    actors: list[Entry] = field(default_factory=list)
    determiner: str = ""
    former: bool = False
    owner: Phrase | None = None
    of: Phrase | None = None
    gender: str = ""
    quoted: bool = False
    located: bool = False
    sentence: int = 0

    def span(self, tokens: tuple[Token, ...]) -> Span:
        """Where it stands in the text."""
        return Span(tokens[self.start].start, tokens[self.end - 1].end)

    @property
    def category(self) -> str:
        """The class of its head, or ""."""
        return self.head.category if self.head else ""
