"""From drafts to attributions: fragments joined, quotations without a cue added, duplicates removed, kinds told."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass

from stance.attribution.quotes import MARKS, Quote
from stance.attribution.view import View
from stance.types import Attribution, Document, Kind, Span

_ALIKE = 0.8
_NEIGHBOURS = 4
_MIN_WORDS = 4  # a shorter quotation without a cue is a phrase that the reporter borrows


@dataclass
class Draft:
    """An attribution under construction.

    Attributes:
        pieces: Fragments of its content.
        cue: Words that attribute.
        source: Mention that they attribute it to.
        voiced: Whether it was uttered.
    """

    pieces: list[Span]
    cue: Span | None
    source: Span | None
    voiced: bool


def link(document: Document, view: View, drafts: list[Draft]) -> tuple[Attribution, ...]:
    """The attributions of a document, in order of their content."""
    drafts = _without_duplicates(drafts)
    loose = _loose_quotes(document, view.quotes, drafts)
    drafts = sorted(_joined(document, drafts, loose), key=lambda d: (d.pieces[0], d.pieces[-1].end))
    starts = [q.outer.start for q in view.quotes]
    return tuple(Attribution(tuple(d.pieces), _kind(view.quotes, starts, d.pieces), d.cue, d.source, d.voiced) for d in drafts)


def inherit_sources(document: Document, drafts: list[Draft]) -> None:
    """Gives a cue without a source that of the attribution before it in its sentence: "he said ..., adding that ...".

    Args:
        document: The document.
        drafts: Its drafts, in order of their cues.
    """
    starts = [s.start for s in document.sentences]
    last: Draft | None = None
    for draft in drafts:
        if draft.cue is None:
            continue
        if draft.source is not None:
            last = draft
        elif last is not None and last.cue is not None and bisect_right(starts, last.cue.start) == bisect_right(starts, draft.cue.start):
            draft.source = last.source


def part(document: Document, drafts: list[Draft]) -> None:
    """Leaves a fragment that two neighbours claim to the one whose cue is nearer, if the other has further fragments.

    Args:
        document: The document.
        drafts: Its drafts, in order of their cues.
    """
    starts = [s.start for s in document.sentences]

    def gap(cue: Span | None, piece: Span) -> tuple[float, float]:
        """Sentences and characters between a cue and a fragment; without a cue it is far."""
        if cue is None:
            return math.inf, math.inf
        sentences = abs(bisect_right(starts, cue.start) - bisect_right(starts, piece.start))
        return sentences, max(piece.start - cue.end, cue.start - piece.end, 0)

    for n, draft in enumerate(drafts):
        if len(draft.pieces) > 1:
            near = [*drafts[max(0, n - _NEIGHBOURS) : n], *drafts[n + 1 : n + 1 + _NEIGHBOURS]]
            claims = [(other.cue, piece) for other in near for piece in other.pieces]
            kept = [p for p in draft.pieces if not any(_alike(p, q) and gap(cue, p) < gap(draft.cue, p) for cue, q in claims)]
            draft.pieces = kept or draft.pieces


def _alike(one: Span, other: Span) -> bool:
    """Whether two spans are the same but for a few words."""
    shared = min(one.end, other.end) - max(one.start, other.start)
    return shared >= _ALIKE * (max(one.end, other.end) - min(one.start, other.start))


def _without_duplicates(drafts: list[Draft]) -> list[Draft]:
    """One draft a content: of two with the same first fragment the one with a source stays."""
    best: dict[Span, Draft] = {}
    for draft in drafts:
        draft.pieces = _clean(draft.pieces)
        if not draft.pieces:
            continue
        other = best.get(draft.pieces[0])
        if other is None or (other.source is None and draft.source is not None):
            best[draft.pieces[0]] = draft
    return list(best.values())


def _clean(pieces: list[Span]) -> list[Span]:
    kept: list[Span] = []
    for piece in sorted(set(pieces)):
        if piece.start < piece.end and not (kept and piece.start < kept[-1].end):
            kept.append(piece)
    return kept


def _loose_quotes(document: Document, quotes: tuple[Quote, ...], drafts: list[Draft]) -> list[Quote]:
    """Quotations that are sentences of their own and that no draft has."""
    taken = sorted(p for d in drafts for p in d.pieces)
    starts = [p.start for p in taken]
    reach: list[int] = []
    for p in taken:
        reach.append(max(p.end, reach[-1] if reach else 0))
    loose = []
    for quote in quotes:
        k = bisect_right(starts, quote.inner[0].start) - 1
        if k >= 0 and reach[k] > quote.inner[0].start:
            continue
        if _is_sentence(document.text, quote):
            loose.append(quote)
    return loose


def _is_sentence(text: str, quote: Quote) -> bool:
    """Whether a quotation stands alone: it starts like a sentence, where one may start, and ends like one."""
    first, last = quote.inner[0], quote.inner[-1]
    before = text[max(0, quote.outer.start - 3) : quote.outer.start].rstrip()
    after = text[quote.outer.end : quote.outer.end + 1]
    ends = text[last.end - 1] in ".?!…" or after in ".?!"
    return text[first.start].isupper() and (not before or before[-1] in '.?!:"”»') and ends


def _joined(document: Document, drafts: list[Draft], loose: list[Quote]) -> list[Draft]:
    """Drafts with the quotations that go on after their cue in the same paragraph; the others become drafts without a cue."""
    # Corpora with one sentence a line have lost their paragraphs: there a line end is no paragraph end.
    one_sentence_a_line = "\n\n" not in document.text and len(document.sentences) <= 1.3 * len(document.paragraphs)
    ends = [] if one_sentence_a_line else [p.end for p in document.paragraphs]
    starts = [s.start for s in document.sentences]
    quoted = sorted((d for d in drafts if d.cue), key=_reach)
    reach = [_reach(d) for d in quoted]
    alone: list[Draft] = []
    for quote in loose:
        k = bisect_right(reach, quote.outer.start) - 1
        if k >= 0 and _is_direct(document.text, quoted[k]) and _follows(reach[k], quote.outer.start, ends, starts):
            quoted[k].pieces = [*quoted[k].pieces, *quote.inner]
            reach[k] = quote.outer.end
        elif sum(len(s.of(document.text).split()) for s in quote.inner) >= _MIN_WORDS:
            alone.append(Draft(list(quote.inner), None, None, True))
    return [*drafts, *alone]


def _reach(draft: Draft) -> int:
    """Where a draft's content and cue end."""
    return max(draft.pieces[-1].end, draft.cue.end if draft.cue else 0)


def _follows(reach: int, start: int, paragraph_ends: list[int], sentence_starts: list[int]) -> bool:
    """Whether `start` lies in the paragraph of `reach`, in the same sentence or the next."""
    same_paragraph = bisect_right(paragraph_ends, reach) == bisect_right(paragraph_ends, start)
    return same_paragraph and bisect_right(sentence_starts, start) - bisect_right(sentence_starts, reach) <= 1


def _is_direct(text: str, draft: Draft) -> bool:
    """Whether a draft's content starts with a quotation mark."""
    return draft.pieces[0].start > 0 and text[draft.pieces[0].start - 1] in MARKS


def _kind(quotes: tuple[Quote, ...], starts: list[int], pieces: list[Span]) -> Kind:
    inside = touched = 0
    for piece in pieces:
        k = bisect_right(starts, piece.start) - 1
        if k >= 0 and quotes[k].outer.end >= piece.end:
            inside += 1
        elif (k >= 0 and quotes[k].outer.end > piece.start) or (k + 1 < len(quotes) and quotes[k + 1].outer.start < piece.end):
            touched += 1
    if inside == len(pieces):
        return Kind.DIRECT
    return Kind.MIXED if inside or touched else Kind.INDIRECT
