"""Headlines: who issues a text, as its headline tells.

"Statement by Jan Nowak", "President Nowak's Remarks", "Statement of the President on Mali", "Poland-France Joint Declaration".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from stance.actors.gazetteer import Sort
from stance.actors.mentions import find_in
from stance.actors.phrases import Kind, Phrase
from stance.text import tokenise
from stance.types import Actor, ActorKind, Token

_BY = frozenset({"by", "from"})
_AFTER_NAME = frozenset({"on", "following", "ahead", "announcing", "regarding", "after", "at"})
_EARLY = 12
#: Words after which a headline tells what a text is about, or to whom it is sent, not whose it is.
_MATTER = frozenset({"on", "regarding", "about", "following", "to", "for", "ahead", "after"})
_DECLARED = frozenset({"statement", "declaration", "communique", "communiqué", "readout", "release"})
#: What those write or say whom a headline names right before it, or after "of".
_ISSUED = _DECLARED | {"statements", "remarks", "message", "letter", "speech", "address", "briefing", "call", "proclamation"}
_OFFICES = (Kind.OFFICE, Kind.OFFICIALS, Kind.BODY)
#: "Poland-France", "Poland – France": a dash between two names with capitals.
_DASH = re.compile(r"(?<=[\w.])\s*[-–—]\s*(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Headline:
    """What a headline tells of people and authors.

    Attributes:
        people: The phrases that name people.
        issuer: The phrase that names the person, the office or the body whose words the text holds, or None.
        name: The issuer's words, without an article.
        authors: Who declares something together, in its order.
    """

    people: tuple[Phrase, ...]
    issuer: Phrase | None
    name: tuple[str, ...]
    authors: tuple[Actor, ...]


def read(title: str | None) -> Headline:
    """Reads a headline; an empty one tells nothing."""
    tokens = tokenise(title or "")
    phrases = _all(find_in(tokens))
    named = [p for p in phrases if p.name and _ends(p, tokens)]
    people = tuple(p for p in named if p.head is not None or _before(p, tokens) & _BY)
    issuer = _issuer(tokens, phrases, people)
    if issuer is None:
        return Headline(people, None, (), _authors(title or ""))
    return Headline(people, issuer, tuple(t.text for t in tokens[issuer.start + bool(issuer.determiner) : issuer.end]), ())


def _all(phrases: Sequence[Phrase]) -> list[Phrase]:
    """Phrases, and those that stand within them: "Statement of the Leaders of Poland"."""
    found: list[Phrase] = []
    for phrase in phrases:
        inner: Phrase | None = phrase
        while inner is not None:
            found.append(inner)
            inner = inner.of
    return found


def _ends(phrase: Phrase, tokens: Sequence[Token]) -> bool:
    """Whether a name ends where one can see it: in a headline every word may have a capital."""
    following = tokens[phrase.end] if phrase.end < len(tokens) else None
    return following is None or not following.text[0].isupper() or following.lower in _AFTER_NAME | _ISSUED


def _before(phrase: Phrase, tokens: Sequence[Token]) -> set[str]:
    return {t.lower for t in tokens[max(0, phrase.start - 4) : phrase.start]}


def _issuer(tokens: Sequence[Token], phrases: Sequence[Phrase], people: Sequence[Phrase]) -> Phrase | None:
    lower = [t.lower for t in tokens]
    for phrase in people:
        after = phrase.end + (lower[phrase.end : phrase.end + 1] == ["'s"])
        if lower[after : after + 1] and lower[after] in _ISSUED:
            return phrase
    begins = [i + 1 for i, word in enumerate(lower[:_EARLY]) if word in _BY or (word == "of" and i and lower[i - 1] in _ISSUED)]
    if not begins:
        return None
    ends = next((i for i in range(begins[0], len(lower)) if lower[i] in _AFTER_NAME), len(lower))
    person = next((p for p in people if begins[0] <= p.start < ends), None)
    if not _ISSUED & set(lower[: begins[0]]):
        return person if person is not None and person.start == begins[0] else None
    if person is not None:
        return person
    first = next((p for p in phrases if p.start == begins[0]), None)
    return first if first is not None and first.kind in _OFFICES and first.end >= ends and _is_somebodys(first) else None


def _is_somebodys(phrase: Phrase) -> bool:
    """Whether an office or a body tells whose it is."""
    head = phrase.head
    return bool(phrase.actors or phrase.of) or (head is not None and bool(head.actor or head.home))


def _authors(title: str) -> tuple[Actor, ...]:
    """Who speak by "Joint Statement of Poland and France on Mali", "Poland-France Joint Declaration"."""
    tokens = tokenise(_DASH.sub(" - ", title))
    words = [t.lower for t in tokens]
    if not _DECLARED & set(words) or not ({"joint", "leaders"} & set(words) or _BY & set(words[:_EARLY])):
        return ()
    phrases = _all(find_in(tokens))
    begins = next((i for i, word in enumerate(words[:_EARLY]) if word in _BY), 0)
    matter = next((i for i in range(begins, len(words)) if words[i] in _MATTER), len(words))
    return _named_in([p for p in phrases if begins <= p.start < matter]) or _named_in(phrases)


def _named_in(phrases: Sequence[Phrase]) -> tuple[Actor, ...]:
    """The states and organisations that phrases name, and those of the people whose title tells them."""
    found: list[Actor] = []
    for phrase in phrases:
        told = [e.actor for e in phrase.actors if e.actor is not None and e.sort is not Sort.PLACE and not phrase.located]
        named = [actor for actor in told if actor.kind is not ActorKind.COLLECTIVE]
        hint = phrase.head.actor or phrase.head.home if phrase.name and phrase.head is not None else None
        found += named or [hint for hint in (hint,) if hint is not None]
    return tuple(dict.fromkeys(found))
