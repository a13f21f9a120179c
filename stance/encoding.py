"""Encoding: the one place where a (statement, candidate target) pair becomes model input.

Training and serving both call it, so that they cannot drift apart. What a model sees is plain words: the words that
attribute, what stands around the statement, the statement itself, and which words name the speaker's side, the
candidate, and others. A model turns these into its own numbers (hashed n-grams, word pieces); of the rest of the document it learns
only how often each candidate is named beside the others.

Change `VERSION` with every change that alters the output: a bundle trained on another version is refused.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from operator import itemgetter
from typing import NamedTuple

from stance.types import Attribution, Document, Query, Span

VERSION = 2

#: No more words than these of each part are read; a statement's stance shows well within them.
MAX_CONTENT, MAX_CLAUSE, MAX_BEFORE = 200, 60, 60

_START = itemgetter(0)
_END = itemgetter(1)


class Role(StrEnum):
    """Whom a word names; the value stands in for the name where names are masked."""

    NONE = ""
    SPEAKER = "SPEAKER"
    TARGET = "TARGET"
    OTHER = "OTHER"


class Word(NamedTuple):
    """A word or punctuation mark; all the words of a mention make one.

    Attributes:
        text: As it stands.
        span: Where it stands in `Document.text`.
        role: Whom it names; never ``TARGET``, since that differs from query to query.
        first: Whether a sentence or a fragment of the statement starts here.
    """

    text: str
    span: Span
    role: Role = Role.NONE
    first: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """What all queries about one statement share.

    Attributes:
        speaker: The speaker's name, "" if unknown.
        actor: Name of the actor that the speaker speaks for, "" if there is none.
        actor_kind: Kind of the speaker's actor, "person" if it speaks for none, "unknown" without a speaker.
        kind: Direct, indirect or mixed.
        cue: The words that attribute.
        before: The sentence before the statement.
        clause: The words of the statement's own sentences (and its cue's) that are not part of the content.
        content: The attributed words.
    """

    speaker: str
    actor: str
    actor_kind: str
    kind: str
    cue: tuple[Word, ...]
    before: tuple[Word, ...]
    clause: tuple[Word, ...]
    content: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class ModelInput:
    """A statement and the candidate that is asked about.

    Attributes:
        passage: The statement; the same object for all of its queries that were encoded together.
        target: Mentions of the candidate (spans of `Document.text`); empty for the statement as a whole.
        target_kind: Kind of the candidate, or "" for the statement as a whole.
        target_name: Name of the candidate, or "" for the statement as a whole.
        target_rank: How many actors, the speaker's own left out, the document names more often than the candidate.
    """

    passage: Passage
    target: frozenset[Span] = frozenset()
    target_kind: str = ""
    target_name: str = ""
    target_rank: int = 0

    def role(self, word: Word) -> Role:
        """Whom a word names, seen from the candidate."""
        return Role.TARGET if word.span in self.target else word.role


def encode(query: Query) -> ModelInput:
    """Model input of one query."""
    return encode_all((query,))[0]


def encode_all(queries: Iterable[Query]) -> list[ModelInput]:
    """Model inputs of several queries; those about one statement share its `Passage`."""
    passages: dict[tuple[int, int], Passage] = {}
    inputs = []
    for query in queries:
        key = (id(query.document), id(query.attribution))
        passage = passages.get(key)
        if passage is None:
            passage = passages[key] = _passage(query)
        if query.candidate is None:
            inputs.append(ModelInput(passage))
        else:
            actor, rank = query.candidate.actor, query.candidate.rank
            inputs.append(ModelInput(passage, frozenset(query.candidate.mentions), str(actor.kind), actor.name, rank))
    return inputs


def window(document: Document, attribution: Attribution) -> tuple[Span | None, Span]:
    """Where the surroundings of a statement are read.

    Returns:
        The sentence before (None at the start of the text), and the stretch from the start of the first to the end of
        the last sentence that holds the content, its cue or its source.
    """
    if not document.sentences:
        return None, attribution.span
    first, last = _sentences(document, attribution.span)
    for near in (attribution.cue, attribution.source):
        if near is not None:
            a, b = _sentences(document, near)
            if a >= first - 1 and b <= last + 1:
                first, last = min(first, a), max(last, b)
    before = document.sentences[first - 1] if first else None
    start = min(document.sentences[first].start, attribution.span.start)
    return before, Span(start, max(document.sentences[last].end, attribution.span.end))


def _sentences(document: Document, span: Span) -> tuple[int, int]:
    """Indices of the first and the last sentence that a span touches; of the one before it if it touches none."""
    last = max(bisect_left(document.sentences, span.end, key=_START) - 1, 0)
    return min(bisect_right(document.sentences, span.start, key=_END), last), last


def _passage(query: Query) -> Passage:
    document, attribution, speaker = query.document, query.attribution, query.speaker
    before, around = window(document, attribution)
    mentions = sorted([(s, Role.SPEAKER) for s in query.own] + [(s, Role.OTHER) for s in query.others])
    first, last = _sentences(document, attribution.span)
    starts = {s.start for s in document.sentences[first : last + 1]} | {s.start for s in attribution.content}

    def words(span: Span) -> list[Word]:
        return _words(document, span, mentions, starts)

    content = [w for fragment in attribution.content for w in words(fragment)]
    clause = [w for gap in _gaps(around, attribution.content) for w in words(gap)]
    return Passage(
        speaker=speaker.name if speaker else "",
        actor=speaker.actor.name if speaker and speaker.actor else "",
        actor_kind="unknown" if speaker is None else str(speaker.actor.kind) if speaker.actor else "person",
        kind=str(attribution.kind),
        cue=tuple(words(attribution.cue)) if attribution.cue else (),
        before=tuple(words(before)[-MAX_BEFORE:]) if before else (),
        clause=tuple(clause[:MAX_CLAUSE]),
        content=tuple(content[:MAX_CONTENT]),
    )


def _words(document: Document, span: Span, mentions: Sequence[tuple[Span, Role]], starts: Collection[int]) -> list[Word]:
    """The words of a span, its mentions as one word each."""
    tokens = document.tokens[bisect_right(document.tokens, span.start, key=_END) : bisect_left(document.tokens, span.end, key=_START)]
    words: list[Word] = []
    at = bisect_left(mentions, (Span(span.start, 0), Role.NONE))
    at = at - 1 if at and mentions[at - 1][0].end > span.start else at
    for token in tokens:
        start, end, text, _ = token
        while at < len(mentions) and mentions[at][0].end <= start:
            at += 1
        if at < len(mentions) and mentions[at][0].start < end:
            mention, role = mentions[at]
            if not (words and words[-1].span == mention):
                words.append(Word(mention.of(document.text), mention, role, start in starts))
        else:
            words.append(Word(text, Span(start, end), Role.NONE, start in starts))
    return words


def _gaps(around: Span, holes: Sequence[Span]) -> list[Span]:
    """What is left of `around` without the holes, which are in order."""
    gaps, at = [], around.start
    for hole in holes:
        if at < hole.start:
            gaps.append(Span(at, hole.start))
        at = max(at, hole.end)
    if at < around.end:
        gaps.append(Span(at, around.end))
    return gaps
