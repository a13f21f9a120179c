"""Transcripts and quotations with a label: "THE PRESIDENT: ...", "Senator Ann Hill: “...”"."""

from __future__ import annotations

import re

from stance.attribution.link import Draft
from stance.attribution.view import View
from stance.types import Document, Span

_UPPER = re.compile(r"(?:[A-Z][A-Z.'’-]+(?:\s+[A-Z][A-Z.'’-]*){0,5}|Q)(?:\s*\([^)]{1,40}\))?\s*:\s+(?=\S)")
_NAME = re.compile(
    r"(?:(?:of|for|the|al|de|van|von|bin)\s+|[A-Z][\w.'’-]*,?\s+){0,9}[A-Z][\w.'’-]*"
    r"(?:\s*\([^)]{1,60}\))?\s*:\s+(?=[\"“„«‘'])"
)
_NO_SPEAKER = re.compile(
    r"(?:PLEASE NOTE|NOTE|SOUNDBITE|UPDATE|PHOTOS?|VIDEO|SOURCES?|READ MORE|NEW|BREAKING|CREDIT|CORRECTION|WATCH|MORE|FILE|RELATED|TAGS?"
    r"|BY|DATE|TO|FROM|SUBJECT)\b",
    re.IGNORECASE,
)
_MIN_TURNS = 2
_MAX_PARAGRAPHS = 12


def find_turns(document: Document, view: View) -> list[Draft]:
    """The turns of a transcript, and quotations introduced by nothing but a name and a colon."""
    spoken = _spoken(document)
    return spoken or _labelled(document, view)


def _spoken(document: Document) -> list[Draft]:
    """Turns under a speaker's name in capitals; a turn runs on over paragraphs to the next label."""
    text = document.text
    turns: list[Draft] = []
    labels = [
        m if (m := _UPPER.match(text, p.start, p.end)) and not _NO_SPEAKER.match(text, p.start) else None for p in document.paragraphs
    ]
    if sum(label is not None for label in labels) < _MIN_TURNS:
        return []
    waiting: list[Span] = []  # paragraphs since the last label: they belong to its turn if another label follows soon
    for paragraph, label in zip(document.paragraphs, labels, strict=True):
        if label:
            if turns and len(waiting) <= _MAX_PARAGRAPHS:
                turns[-1].pieces.extend(waiting)
            turns.append(Draft([Span(label.end(), paragraph.end)], None, _label_span(text, label), True))
            waiting = []
        else:
            waiting.append(paragraph)
    return turns


def _labelled(document: Document, view: View) -> list[Draft]:
    drafts = []
    starts = {q.outer.start: q for q in view.quotes}
    for paragraph in document.paragraphs:
        label = _NAME.match(document.text, paragraph.start, paragraph.end)
        if label and label.end() in starts and not _NO_SPEAKER.match(document.text, label.start()):
            drafts.append(Draft(list(starts[label.end()].inner), None, _label_span(document.text, label), True))
    return drafts


def _label_span(text: str, label: re.Match[str]) -> Span:
    return Span(label.start(), label.start() + len(text[label.start() : label.end()].rstrip().rstrip(":").rstrip()))
