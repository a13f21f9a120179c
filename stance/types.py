"""The values that flow through the library: frozen, plain, with no third-party object inside.

Offsets count Unicode code points, start inclusive, end exclusive. Inside the library they point into
`Document.text` (the cleaned view of an article); in everything that a user receives (`Statement`, `Target`)
they point into the untouched `Article.text`.
"""

from __future__ import annotations

import datetime
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from stance.errors import InputError


class Stance(StrEnum):
    """The stance that a speaker takes toward one target."""

    DETERRENT = "deterrent"
    THREATENING = "threatening"
    REASSURING = "reassuring"
    ALARMED = "alarmed"
    NEUTRAL = "neutral"


#: Order in which the stances of several targets decide the stance of the statement.
PRECEDENCE = (Stance.THREATENING, Stance.DETERRENT, Stance.REASSURING, Stance.ALARMED)


class Kind(StrEnum):
    """How the words are given: all of them quoted, none of them, or some."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    MIXED = "mixed"


#: Two characters of an article for which the cleaned text has one.
_DOUBLED = frozenset({"``", "''", "’’", "‘‘", "\r\n"})


class Span(NamedTuple):
    """A half-open range of code points."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The words of this span in `text`."""
        return text[self.start : self.end]

    def overlaps(self, other: Span) -> bool:
        """Whether the two spans share a character."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: Span) -> bool:
        """Whether `other` lies within this span."""
        return self.start <= other.start and other.end <= self.end


class Token(NamedTuple):
    """A word or a punctuation mark of `Document.text`."""

    start: int
    end: int
    text: str
    lower: str


@dataclass(frozen=True, slots=True)
class Article:
    """A news article.

    Args:
        text: The untouched text.
        id: An identifier of the caller's.
        title: The headline, where it is not part of the text.
        date: The day of publication.

    Raises:
        InputError: If `text` is not a string or holds nothing but white space.
    """

    text: str
    id: str = ""
    title: str | None = None
    date: datetime.date | None = None

    def __post_init__(self) -> None:
        where = f"article {self.id!r}" if self.id else "the article"
        if not isinstance(self.text, str):
            raise InputError(f"{where}: text must be a str, not {type(self.text).__name__}; decode bytes first")
        if not self.text.strip():
            raise InputError(f"{where} is empty: it holds {len(self.text)} characters, none but white space")


@dataclass(frozen=True, slots=True)
class Alignment:
    """Where the cleaned text of a document stands in the article: runs of characters that were taken over as they are.

    Attributes:
        clean: Where each run starts in the cleaned text, ascending.
        raw: Where it starts in the article.
    """

    clean: tuple[int, ...]
    raw: tuple[int, ...]

    def to_raw(self, position: int) -> int:
        """The position in the article of a position in the cleaned text."""
        run = bisect_right(self.clean, position) - 1
        return self.raw[run] + position - self.clean[run]

    def to_clean(self, position: int) -> int:
        """The position in the cleaned text of a position in the article; that of the next kept character if it was removed."""
        run = bisect_right(self.raw, position) - 1
        following = self.clean[run + 1] if run + 1 < len(self.clean) else position
        return min(self.clean[run] + position - self.raw[run], following)


@dataclass(frozen=True, slots=True)
class Document:
    """A cleaned, segmented view of an article; made by `stance.text.parse`.

    Attributes:
        article: The article as it came.
        text: The cleaned text: ``\\n`` line ends, no soft hyphens or zero-width characters, doubled apostrophes as quotation marks.
        tokens: Words and punctuation marks, in order.
        sentences: Sentences, in order; they do not overlap.
        paragraphs: Paragraphs, in order; every sentence lies within one.
        alignment: Where `text` stands in `article.text`; None where both are equal.
    """

    article: Article
    text: str
    tokens: tuple[Token, ...]
    sentences: tuple[Span, ...]
    paragraphs: tuple[Span, ...]
    alignment: Alignment | None = field(default=None, repr=False)

    def to_article(self, span: Span) -> Span:
        """The span of `article.text` that a span of `text` stands for."""
        if self.alignment is None:
            return span
        start = self.alignment.to_raw(span.start)
        if span.start == span.end:
            return Span(start, start)
        last = self.alignment.to_raw(span.end - 1)
        return Span(start, last + (2 if self.article.text[last : last + 2] in _DOUBLED else 1))

    def from_article(self, span: Span) -> Span:
        """The span of `text` that a span of `article.text` stands for."""
        if self.alignment is None:
            return span
        return Span(self.alignment.to_clean(span.start), self.alignment.to_clean(span.end))


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who said what, as it stands in the text: spans of `Document.text`.

    Attributes:
        content: The attributed words, one span a fragment, in order; quotation marks left out.
        kind: Direct, indirect or mixed.
        cue: The words that attribute, or None (a quotation without cue).
        source: The mention that the cue attributes the words to, or None.
        voiced: False for thoughts, beliefs and hopes that nobody is reported to have uttered.
    """

    content: tuple[Span, ...]
    kind: Kind
    cue: Span | None = None
    source: Span | None = None
    voiced: bool = True

    @property
    def span(self) -> Span:
        """From the first character of the content to the last."""
        return Span(self.content[0].start, self.content[-1].end)


class ActorKind(StrEnum):
    """What an actor is."""

    STATE = "state"
    ORGANISATION = "organisation"
    ARMED_GROUP = "armed_group"
    COLLECTIVE = "collective"


@dataclass(frozen=True, slots=True)
class Actor:
    """A political actor.

    Attributes:
        id: ISO 3166-1 alpha-3 code of a state (``RUS``; ``XKX`` for Kosovo), else the usual English name (``NATO``, ``Wagner Group``,
            ``Libyan rebels``).
        name: A name to show: ``Russia``, ``NATO``.
        kind: State, organisation, armed group, or a collective that has no proper name.
    """

    id: str
    name: str
    kind: ActorKind


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who makes a statement.

    Attributes:
        name: The fullest name that the article gives ("Jens Stoltenberg", "Russian Foreign Ministry").
        actor: The political actor spoken for; None for a private person or where it could not be resolved.
    """

    name: str
    actor: Actor | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """Words of the text that refer to an actor or to somebody who acts for one; `span` points into `Document.text`."""

    span: Span
    name: str
    actor: Actor | None


@dataclass(frozen=True, slots=True)
class Cast:
    """Everyone who appears in a document.

    Attributes:
        mentions: Resolved mentions in text order; they do not overlap.
        speakers: One for each attribution, in the attributions' order; None where nobody could be made out.
        prominence: How many actors are named more often than each, or as often and earlier, by its id.
    """

    mentions: tuple[Mention, ...]
    speakers: tuple[Speaker | None, ...]
    prominence: Mapping[str, int] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        named = Counter(mention.actor.id for mention in self.mentions if mention.actor)
        object.__setattr__(self, "prominence", {name: rank for rank, (name, _) in enumerate(named.most_common())})


@dataclass(frozen=True, slots=True)
class Candidate:
    """An actor at whom a statement may be aimed.

    Attributes:
        actor: The actor.
        mentions: Its mentions in and around the statement, spans of `Document.text`.
        rank: How many actors, the speaker's own left out, the document names more often, or as often and earlier.
    """

    actor: Actor
    mentions: tuple[Span, ...]
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Reach:
    """Who is offered to a classifier as a candidate, beside the actors that are named in and around a statement.

    Attributes:
        distant: How many actors that are named elsewhere only, the nearest first.
        own: Whether the speaker's own actor: who speaks for whom may be mistaken.
    """

    distant: int = 0
    own: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """The question that a classifier answers: what stance does this statement take toward this candidate?

    `candidate` is None for the statement as a whole (aimed at nobody in particular). `own` and `others` are the mentions,
    in and around the statement, of the speaker's own actor and of everybody else (the candidate among them), in text order.
    """

    document: Document
    attribution: Attribution
    speaker: Speaker | None
    candidate: Candidate | None
    own: tuple[Span, ...] = ()
    others: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """An actor at whom a statement is aimed, and the stance that it takes toward it.

    Attributes:
        actor: The target.
        mention: Where the text names it: span of `Article.text`, or None.
        stance: The stance toward this target, never neutral.
        confidence: The calibrated probability of `stance`.
        probabilities: Probability of each of the five stances and of ``not_a_target``; they sum to 1.
    """

    actor: Actor
    mention: Span | None
    stance: Stance
    confidence: float
    probabilities: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement: who said what, at whom it is aimed, and the stance that it takes.

    Attributes:
        text: The attributed words; fragments are joined by " … ".
        kind: Direct, indirect or mixed.
        speaker: Who says it, or None.
        targets: Every target with a stance of its own, the main one first.
        stance: The stance of the main target; neutral where there is none.
        confidence: The calibrated probability of `stance`.
        probabilities: Probability of each of the five stances for the statement as a whole.
        content: Spans of the attributed words in `Article.text`, one a fragment.
        cue: Span of the words that attribute, or None.
        source: Span of the mention that they attribute it to, or None.
        evidence: Spans of `Article.text` whose words drove the label, the strongest first.
    """

    text: str
    kind: Kind
    speaker: Speaker | None
    targets: tuple[Target, ...]
    stance: Stance
    confidence: float
    probabilities: Mapping[str, float]
    content: tuple[Span, ...]
    cue: Span | None
    source: Span | None
    evidence: tuple[Span, ...] = ()

    @property
    def target(self) -> Target | None:
        """The main target, or None."""
        return self.targets[0] if self.targets else None

    @property
    def span(self) -> Span:
        """From the first character of the content to the last, in `Article.text`."""
        return Span(self.content[0].start, self.content[-1].end)
