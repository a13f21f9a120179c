"""Antecedents: whom a pronoun may mean. All people in these texts are invented."""

from __future__ import annotations

import pytest

from stance.actors import antecedents
from stance.actors.gazetteer import gazetteer
from stance.actors.people import Person
from stance.actors.phrases import Kind, Phrase
from stance.actors.references import Reference
from stance.types import Actor, ActorKind, Span

KENYA = Actor("KEN", "Kenya", ActorKind.STATE)


def pronoun(gender: str) -> Phrase:
    return Phrase(10, 11, Kind.PRONOUN, gender=gender)


def person(*, gender: str = "", titled: bool = True, speaks: bool = False, quoted: bool = False) -> Reference:
    phrase = Phrase(0, 2, Kind.NAME, name=("Jan", "Nowacki"), quoted=quoted)
    return Reference(phrase, Span(0, 11), "Jan Nowacki", person=Person(("Jan", "Nowacki"), gender=gender, titled=titled), speaks=speaks)


def actor(word: str, *, located: bool = False) -> Reference:
    entry = gazetteer().word(word)
    assert entry is not None
    return Reference(Phrase(0, 1, Kind.ACTOR, actors=[entry], located=located), Span(0, len(word)), word, actor=KENYA)


@pytest.mark.parametrize(
    ("gender", "earlier"),
    [
        ("m", person(gender="f")),
        ("m", actor("Kenya")),
        ("n", person()),
        ("p", person()),
        ("p", actor("Kenyan")),
        ("n", actor("Nairobi", located=True)),
        ("", person()),
    ],
)
def test_who_cannot_be_meant(gender: str, earlier: Reference) -> None:
    assert antecedents.fit(pronoun(gender), earlier, opens=False) <= antecedents.NEVER / 2


@pytest.mark.parametrize(
    ("gender", "earlier"), [("m", person(gender="m")), ("f", person()), ("n", actor("Kenya")), ("p", actor("Kenyans"))]
)
def test_who_may_be_meant(gender: str, earlier: Reference) -> None:
    assert antecedents.fit(pronoun(gender), earlier, opens=False) > antecedents.NEVER / 2


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (person(speaks=True), person()),
        (person(), person(quoted=True)),
        (person(gender="m"), person()),
        (person(), person(titled=False)),
    ],
)
def test_who_is_rather_meant(better: Reference, worse: Reference) -> None:
    him = pronoun("m")
    assert antecedents.fit(him, better, opens=False) > antecedents.fit(him, worse, opens=False)


def test_who_opens_a_sentence_is_rather_meant() -> None:
    assert antecedents.fit(pronoun("m"), person(), opens=True) > antecedents.fit(pronoun("m"), person(), opens=False)


def test_a_relative_pronoun_means_what_stands_right_before_it() -> None:
    who = Phrase(3, 4, Kind.PRONOUN, gender="w")
    assert antecedents.fit(who, person(), opens=False) > antecedents.NEVER / 2
    assert antecedents.fit(pronoun("w"), person(), opens=False) == antecedents.NEVER


def test_an_owner_is_hardly_meant() -> None:
    him = pronoun("m")
    assert antecedents.fit(him, person(), opens=True, owns=True) < antecedents.fit(him, person(), opens=False)


def test_several_private_people_are_no_he_and_those_told_hardly_they() -> None:
    entry = gazetteer().word("reporters")
    assert entry is not None
    assert entry.plural
    reporters = Reference(Phrase(0, 1, Kind.PRIVATE, head=entry), Span(0, 9), "reporters", person=Person(("reporters",), private=True))
    assert antecedents.fit(pronoun("m"), reporters, opens=False) <= antecedents.NEVER / 2
    told = antecedents.fit(pronoun("p"), reporters, opens=False)
    reporters.speaks = True
    assert told + 1 < antecedents.fit(pronoun("p"), reporters, opens=False)
