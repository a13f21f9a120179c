"""Targets: the actors at whom a statement may be aimed, as questions for a classifier.

A target stands in the statement, in the clause that attributes it, or in the sentence before. The speaker's own actor is
hardly ever one (55 of 4,662 targets in annotated news); it is a candidate only for classifiers that may find the speaker to speak
for somebody else.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection
from dataclasses import replace
from operator import attrgetter

from stance import encoding
from stance.types import Actor, Attribution, Candidate, Cast, Document, Mention, Query, Reach, Span, Speaker

_END = attrgetter("span.end")
_START = attrgetter("span.start")
#: Nobody but those named in and around a statement.
NEAR = Reach()

_AFTER = 3  # what follows counts as this many times as far
_MOST = 120  # mentions before a statement that are looked through


def candidates(
    document: Document, attribution: Attribution, speaker: Speaker | None, cast: Cast, *, reach: Reach = NEAR
) -> tuple[Candidate, ...]:
    """The actors at whom a statement may be aimed.

    Args:
        document: The document.
        attribution: The statement.
        speaker: Who makes it; its own actor is left out unless `reach` says otherwise.
        cast: Everyone who appears in the document.
        reach: Who is offered beside the actors that are named in and around the statement.

    Returns:
        One candidate an actor, with all of its mentions in and around the statement; those that the statement itself names come first,
        distant ones, each with its nearest mention, last.
    """
    own = speaker.actor.id if speaker and speaker.actor and not reach.own else None
    found: dict[str, tuple[Actor, list[Span]]] = {}
    for mention in _nearest_first(document, attribution, cast):
        if mention.actor is not None and mention.actor.id != own:
            found.setdefault(mention.actor.id, (mention.actor, []))[1].append(mention.span)
    near = [Candidate(actor, tuple(spans)) for actor, spans in found.values()]
    asked = (*near, *_distant(attribution, cast, {own, *found}, reach.distant))
    return tuple(replace(candidate, rank=_rank(candidate.actor, speaker, cast)) for candidate in asked)


def _rank(actor: Actor, speaker: Speaker | None, cast: Cast) -> int:
    """How many actors the document names more often, the speaker's own left out, which itself comes last."""
    last = len(cast.prominence)
    own = speaker.actor if speaker else None
    ahead = cast.prominence.get(own.id, last) if own else last
    rank = last if actor == own else cast.prominence.get(actor.id, last)
    return rank - (ahead < rank)


def _distant(attribution: Attribution, cast: Cast, known: Collection[str | None], count: int) -> list[Candidate]:
    """The actors named nearest to a statement beside those known; what stands before it is nearer than what follows."""
    at = attribution.span.start
    found: dict[str, Candidate] = {}
    middle = bisect_left(cast.mentions, at, key=_START)
    around = cast.mentions[max(0, middle - _MOST) : middle + _MOST // _AFTER] if count else ()
    outside = [m for m in around if m.actor and m.actor.id not in known]
    for mention in sorted(outside, key=lambda m: (at - m.span.start) if m.span.start < at else _AFTER * (m.span.start - at)):
        if mention.actor and len(found) < count:
            found.setdefault(mention.actor.id, Candidate(mention.actor, (mention.span,)))
    return list(found.values())


def queries(document: Document, attribution: Attribution, speaker: Speaker | None, cast: Cast, *, reach: Reach = NEAR) -> tuple[Query, ...]:
    """The questions to ask about a statement: first about the statement as a whole, then about each of its candidates."""
    near = sorted(_nearest_first(document, attribution, cast), key=_START)
    actor = speaker.actor if speaker else None
    own = tuple(m.span for m in near if m.actor and actor and m.actor.id == actor.id)
    others = tuple(m.span for m in near if m.actor and not (actor and m.actor.id == actor.id))
    asked = (None, *candidates(document, attribution, speaker, cast, reach=reach))
    return tuple(Query(document, attribution, speaker, candidate, own, others) for candidate in asked)


def _nearest_first(document: Document, attribution: Attribution, cast: Cast) -> list[Mention]:
    """Mentions in the statement, then those in the attributing clause, then those in the sentence before."""
    before, around = encoding.window(document, attribution)
    inside: list[Mention] = []
    beside: list[Mention] = []
    for mention in _within(cast, around):
        (inside if any(mention.span.overlaps(s) for s in attribution.content) else beside).append(mention)
    return inside + beside + (_within(cast, before) if before else [])


def _within(cast: Cast, span: Span) -> list[Mention]:
    mentions = cast.mentions
    return list(mentions[bisect_left(mentions, span.start + 1, key=_END) : bisect_left(mentions, span.end, key=_START)])
