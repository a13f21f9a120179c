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
_MATTER = frozenset({"on", "regarding", "about", "following", "to", "for", "ahead", "after", "at", "in", "before", "with"})
_DECLARED = frozenset({"statement", "declaration", "communique", "communiqué", "readout"})
#: What those write or say whom a headline names right before it, or after "by", "from" or "of".
_ISSUED = _DECLARED | {"statements", "remarks", "message", "letter", "speech", "address", "briefing", "call", "proclamation"}
_OFFICES = (Kind.OFFICE, Kind.OFFICIALS, Kind.BODY)
#: What stands between those who declare something and the word for it: "Poland-France Strategic Partnership Joint Declaration".
_BETWEEN = frozenset(
    """joint leader leaders 's ' ’ strategic partnership trilateral summit ministerial presidential foreign defence ministers press
    national security advisors advisers""".split()
)
_LISTED = frozenset({",", "and", "&", "-", "the", "president", "of", "leaders", "governments"})
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
    if following is None or not following.text[0].isupper() or following.lower.endswith("ing"):
        return True
    return following.lower in _ISSUED | _MATTER


def _before(phrase: Phrase, tokens: Sequence[Token]) -> set[str]:
    return {t.lower for t in tokens[max(0, phrase.start - 4) : phrase.start]}


def _issuer(tokens: Sequence[Token], phrases: Sequence[Phrase], people: Sequence[Phrase]) -> Phrase | None:
    lower = [t.lower for t in tokens]
    if people and people[0].start == 0:  # "President Nowak's Remarks on Mali", but not "President Nowak's speech draws fire"
        after = people[0].end + (lower[people[0].end : people[0].end + 1] == ["'s"])
        if lower[after : after + 1] and lower[after] in _ISSUED - {"call"} and _stops(lower, after + 1):
            return people[0]
    begins = _begins(lower, phrases)
    if begins is None:
        return None
    ends = next((i for i in range(begins, len(lower)) if lower[i] in _AFTER_NAME), len(lower))
    person = next((p for p in people if begins <= p.start < ends), None)
    if person is not None:
        return person if _stops(lower, person.end) or lower[person.end] in ("'s", "and", ",", "of") else None
    first = next((p for p in phrases if p.start == begins), None)
    return first if first is not None and first.kind in _OFFICES and first.end >= ends and _is_somebodys(first) else None


def _begins(lower: Sequence[str], phrases: Sequence[Phrase]) -> int | None:
    """Where those stand who issue a text whose headline opens with what it is: "Background Press Call by", "Statement of"."""
    issued = next((i for i, word in enumerate(lower[:_EARLY]) if word in _ISSUED), None)
    if issued is None or any(p.end <= issued and (p.head or p.actors) for p in phrases):
        return None
    nearby = range(issued + 1, min(len(lower), _EARLY))
    return next((i + 1 for i in nearby if lower[i] in _BY or (lower[i] == "of" and i == issued + 1)), None)


def _stops(lower: Sequence[str], at: int) -> bool:
    """Whether a headline ends here or goes on to what the text is about."""
    return at >= len(lower) or lower[at] in _MATTER or lower[at] in ":–—-" or lower[at].endswith("ing")


def _is_somebodys(phrase: Phrase) -> bool:
    """Whether an office or a body tells whose it is."""
    head = phrase.head
    return bool(phrase.actors or phrase.of) or (head is not None and bool(head.actor or head.home))


def _authors(title: str) -> tuple[Actor, ...]:
    """Who speak by "Joint Statement of Poland and France on Mali", "Poland-France Joint Declaration"."""
    tokens = tokenise(_DASH.sub(" - ", title.rpartition(": ")[2]))
    lower = [t.lower for t in tokens]
    declared = next((i for i, word in enumerate(lower) if word in _DECLARED), None)
    if declared is None:
        return ()
    phrases = _all(find_in(tokens))
    joint = bool({"joint", "leaders", "trilateral"} & set(lower))
    before = [p for p in phrases if p.start < declared and p.actors]
    if joint and before and all(word in _BETWEEN for word in lower[max(p.end for p in before) : declared]):
        listed, _ = _listed(before, lower, before[0].start)
        return _named_in(listed) if len(listed) == len(before) else ()
    if before:
        return ()
    begins = next((i + 1 for i in range(declared + 1, len(lower)) if lower[i] in _BY), None)
    if begins is not None:
        listed, end = _listed([p for p in phrases if p.start >= begins], lower, begins)
        return _named_in(listed) if _stops(lower, end) else ()
    if not joint:
        return ()
    matter = next((i for i, word in enumerate(lower) if word in _MATTER), len(lower))
    return _named_in([p for p in phrases if p.start < matter]) or _named_in(phrases)


def _listed(phrases: Sequence[Phrase], lower: Sequence[str], at: int) -> tuple[list[Phrase], int]:
    """The phrases of a list from a token on that nothing interrupts, and where it ends."""
    listed: list[Phrase] = []
    for phrase in sorted(phrases, key=lambda p: (p.start, p.end)):
        if phrase.start > at and any(word not in _LISTED for word in lower[at : phrase.start]):
            break
        listed.append(phrase)
        at = max(at, phrase.end)
    return listed, at


def _named_in(phrases: Sequence[Phrase]) -> tuple[Actor, ...]:
    """The states and organisations that phrases name, and those of the people whose title tells them."""
    found: list[Actor] = []
    for phrase in phrases:
        told = [e.actor for e in phrase.actors if e.actor is not None and e.sort is not Sort.PLACE and not phrase.located]
        named = [actor for actor in told if actor.kind is not ActorKind.COLLECTIVE]
        hint = phrase.head.actor or phrase.head.home if phrase.name and phrase.head is not None else None
        found += named or ([hint] if hint is not None else [])
    return tuple(dict.fromkeys(found))
