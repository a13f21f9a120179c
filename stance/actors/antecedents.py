"""Antecedents: how well an earlier reference serves a pronoun."""

from __future__ import annotations

from stance.actors.gazetteer import Sort
from stance.actors.phrases import Kind, Phrase
from stance.actors.references import Reference

_ADJECTIVAL = ("an", "i")  # of demonyms that have another form for the people

#: The value of a reference that cannot be meant.
NEVER = -100.0


def fit(phrase: Phrase, earlier: Reference, *, opens: bool, owns: bool = False) -> float:
    """How well an earlier reference serves a pronoun as its antecedent, distance left aside.

    Args:
        phrase: The pronoun.
        earlier: The reference.
        opens: Whether the reference is the first one of its sentence: likely its subject.
        owns: Whether it only tells whose the next phrase is: "Nowak's spokesman".
    """
    if not earlier.resolved or earlier.located:
        return NEVER
    value = 0.8 * earlier.speaks - 2.5 * (earlier.phrase.quoted and not phrase.quoted)
    value += 0.3 * (opens and not earlier.phrase.quoted and not owns) - 0.3 * owns
    match phrase.gender:
        case "m" | "f":
            return value + _fit_person(phrase, earlier)
        case "w":
            return value if phrase.start - earlier.phrase.end <= 2 else NEVER
        case "p":
            return value + _fit_several(earlier)
        case "n":
            return value + _fit_thing(earlier)
    return NEVER


def _fit_person(phrase: Phrase, earlier: Reference) -> float:
    person, head = earlier.person, earlier.phrase.head
    if person is None or (head is not None and head.plural) or (person.gender and person.gender != phrase.gender):
        return NEVER
    if earlier.phrase.kind is Kind.NAME and not person.titled and not earlier.speaks:
        return -0.5 if len(person.name) > 1 else -1.5
    return 0.3 * bool(person.gender) + 0.3 * person.titled


def _fit_several(earlier: Reference) -> float:
    head = earlier.phrase.head
    if earlier.person is not None and not (head is not None and head.plural):
        return NEVER
    if _is_adjective(earlier.phrase) and not earlier.speaks:
        return NEVER
    if earlier.phrase.kind is Kind.PRIVATE and not earlier.speaks:
        return 0.0  # the reporters who were told are seldom those who tell
    return 0.8 * (earlier.phrase.kind in (Kind.OFFICIALS, Kind.PEOPLE, Kind.FORCES) or bool(head and head.plural))


def _is_adjective(phrase: Phrase) -> bool:
    """Whether it is "Libyan", which is no people by itself, other than "Libyans" and "the French"."""
    return phrase.kind is Kind.ACTOR and phrase.actors[0].sort is Sort.DEMONYM and phrase.actors[0].words[-1].endswith(_ADJECTIVAL)


def _fit_thing(earlier: Reference) -> float:
    plural = earlier.phrase.kind in (Kind.OFFICIALS, Kind.PEOPLE, Kind.FORCES)
    return NEVER if plural or earlier.actor is None or earlier.person is not None else 0.0
