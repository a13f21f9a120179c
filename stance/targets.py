"""Targets: the actors at whom a statement may be aimed, as questions for a classifier.

A target stands in the statement, in the clause that attributes it, or in the sentence before. The speaker's own actor is
no candidate: of 1,498 targets in annotated news, six were the speaker's own.
"""

from __future__ import annotations

from bisect import bisect_left
from operator import attrgetter

from stance import encoding
from stance.types import Actor, Attribution, Candidate, Cast, Document, Mention, Query, Span, Speaker

_END = attrgetter("span.end")
_START = attrgetter("span.start")


def candidates(document: Document, attribution: Attribution, speaker: Speaker | None, cast: Cast) -> tuple[Candidate, ...]:
    """The actors at whom a statement may be aimed.

    Args:
        document: The document.
        attribution: The statement.
        speaker: Who makes it; its own actor is left out.
        cast: Everyone who appears in the document.

    Returns:
        One candidate an actor, with all of its mentions in and around the statement; those that the statement itself names come first.
    """
    own = speaker.actor.id if speaker and speaker.actor else None
    found: dict[str, tuple[Actor, list[Span]]] = {}
    for mention in _nearest_first(document, attribution, cast):
        if mention.actor is not None and mention.actor.id != own:
            found.setdefault(mention.actor.id, (mention.actor, []))[1].append(mention.span)
    return tuple(Candidate(actor, tuple(spans)) for actor, spans in found.values())


def queries(document: Document, attribution: Attribution, speaker: Speaker | None, cast: Cast) -> tuple[Query, ...]:
    """The questions to ask about a statement: first about the statement as a whole, then about each of its candidates."""
    near = sorted(_nearest_first(document, attribution, cast), key=_START)
    actor = speaker.actor if speaker else None
    own = tuple(m.span for m in near if m.actor and actor and m.actor.id == actor.id)
    others = tuple(m.span for m in near if m.actor and not (actor and m.actor.id == actor.id))
    asked = (None, *candidates(document, attribution, speaker, cast))
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
