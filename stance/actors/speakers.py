"""Speakers: who makes each statement, by the fullest name that the article gives."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from stance.actors.coreference import Resolver, bare
from stance.actors.gazetteer import Sort
from stance.actors.phrases import Kind
from stance.actors.references import Reference
from stance.types import Actor, ActorKind, Attribution, Span, Speaker
from stance.types import Kind as Form

_NOBODY = frozenset(
    """people civilians refugees migrants companies allies settlers terrorists media activists detainees enemies Sunnis Shiites""".split()
)
#: What is named right after it: "the British broadcaster BBC".
_NAMED = frozenset(
    """agency newspaper daily weekly magazine broadcaster channel station network television radio website outlet group movement
    party faction company giant firm maker service operator airline bank""".split()
)
_LEFT = frozenset({"broke", "defected", "resigned", "quit", "deserted"})


def speakers(resolver: Resolver, attributions: Sequence[Attribution]) -> tuple[Speaker | None, ...]:
    """The speaker of each attribution, in the attributions' order; None where nobody could be made out."""
    found: list[Speaker | None] = []
    author = _author(resolver)
    starts = [p.start for p in resolver.known.document.paragraphs]
    last, ended = author, 0
    for attribution in attributions:
        here = bisect_right(starts, attribution.span.start)
        if attribution.source is not None:
            speaker = _of_source(resolver, attribution.source, last)
        elif author is not None and attribution.kind is not Form.DIRECT:
            speaker = author
        else:
            speaker = last if not found or here - ended <= 1 else author
        last, ended = speaker or last, bisect_right(starts, attribution.span.end)
        found.append(speaker)
    return tuple(found)


def _author(resolver: Resolver) -> Speaker | None:
    """Who speaks by the headline: "Statement by Jan Nowak"; of several, "Joint Statement of Poland and France", the first for all."""
    person, authors = resolver.known.title, resolver.known.authors
    if person is not None:
        return Speaker(" ".join(person.name), person.actor or person.guess)
    if not authors:
        return None
    *others, last = (actor.name for actor in authors)
    return Speaker(f"{', '.join(others)} and {last}" if others else last, authors[0])


def _of_source(resolver: Resolver, source: Span, last: Speaker | None) -> Speaker | None:
    inside = [resolver.references[i] for i in resolver.known.within(source)]
    words = source.of(resolver.known.document.text)
    if not inside:
        return Speaker(bare(words.split(",")[0])) if words.strip() else None
    inside = _owned(resolver, inside)
    first = inside[0]
    if first.phrase.kind is Kind.PRONOUN:
        if first.phrase.gender == "i":
            return last
        return Speaker(first.name, None if _is_nobody(first.actor) else first.actor) if first.resolved else None
    actor = _actor(inside)
    if _LEFT & set(words.lower().split()):
        actor = None
    entitled = _entitled(resolver, inside, source, actor)
    return entitled or Speaker(_joint(resolver, inside) or _name(resolver, first, source), actor)


def _entitled(resolver: Resolver, inside: list[Reference], source: Span, actor: Actor | None) -> Speaker | None:
    """Who is meant by the name in which a source ends: "China's state news agency Xinhua", "the UN and Arab envoy, Jan Nowak"."""
    first, last = inside[0].phrase, inside[-1]
    if first.kind not in (Kind.BODY, Kind.ACTOR) or last.phrase.determiner or not resolver.known.ends(source, last.span):
        return None
    if last.person is not None and any(r.person is last.person for r in inside[1:-1]):
        return Speaker(last.name, last.actor or actor)  # the dossier knows that the envoy is Nowak
    if last.phrase.kind is not Kind.NAME and not (last.phrase.actors and last.phrase.actors[0].sort in (Sort.ORGANISATION, Sort.MEDIA)):
        return None
    if first.kind is Kind.BODY:
        return Speaker(last.name, actor) if first.end == last.phrase.start else None
    noun = resolver.known.document.tokens[last.phrase.start - 1].text
    return Speaker(last.name, last.actor) if noun in _NAMED and first.actors[0].sort in (Sort.DEMONYM, Sort.STATE) else None


def _name(resolver: Resolver, first: Reference, source: Span) -> str:
    """The name of a source's first reference, as far as the source goes: "AFP" where "AFP reports" looked like one phrase."""
    text = resolver.known.document.text
    whole = first.name == bare(first.span.of(text))
    return bare(text[first.span.start : source.end]) if whole and first.span.end > source.end else first.name


def _is_nobody(actor: Actor | None) -> bool:
    """Whether an actor is one of the collectives that nobody speaks for: "Polish civilians"."""
    return actor is not None and actor.kind is ActorKind.COLLECTIVE and actor.id.rpartition(" ")[2] in _NOBODY


def _owned(resolver: Resolver, inside: list[Reference]) -> list[Reference]:
    """Leaves out owners: "Poland's news agency" and "Nowak's son Adam" are not Poland and Nowak."""
    tokens = resolver.known.document.tokens
    while len(inside) > 1:
        first, second = inside[0].phrase, inside[1].phrase
        gap = [t.lower for t in tokens[first.end : second.start]]
        if second.owner is not first and gap[:1] not in (["'s"], ["'"], ["’"]):
            break
        if len(gap) > 3 or (second.kind is Kind.DOCUMENT):
            break
        inside = inside[1:]
    return inside


def _actor(inside: list[Reference]) -> Actor | None:
    """The actor of the first who has one; a person keeps to their own. The public speaks for nobody."""
    first = inside[0]
    if first.person is not None:
        return first.actor
    if first.phrase.category in _NOBODY:
        return first.actor if first.paired else None
    return next((r.actor for r in inside if r.actor is not None), None)


def _joint(resolver: Resolver, inside: list[Reference]) -> str | None:
    """The names of two people who speak together."""
    if len(inside) < 2 or inside[0].person is None or inside[1].person is None or inside[1].phrase.kind is not Kind.PERSON:
        return None
    between = resolver.known.document.text[inside[0].span.end : inside[1].span.start].strip()
    return f"{inside[0].name} and {inside[1].name}" if between == "and" else None
