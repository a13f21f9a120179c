"""Quotation marks: which words stand between them, whatever marks the outlet uses and however carelessly."""

from __future__ import annotations

import re
from dataclasses import dataclass

from stance.text import strip
from stance.types import Document, Span

#: Every quotation mark, double and single.
MARKS = frozenset("\"“”„«»‘’'‹›")
_MARK = re.compile(f"[{''.join(sorted(MARKS))}]")
_DOUBLE = frozenset('"“”„«»‹›')
_OPENERS = frozenset("“„«‹‘")
_MAX_RUN = 6000  # a quotation left open longer than this many characters is an error of the text


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation.

    Attributes:
        inner: The quoted words, one span a paragraph.
        outer: From the first opening mark to the end of the last closing mark.
    """

    inner: tuple[Span, ...]
    outer: Span


def find_quotes(document: Document) -> tuple[Quote, ...]:
    """Every quotation of a document, in order; they do not overlap. Quotations within quotations are part of the outer one."""
    quotes: list[Quote] = []
    reader = _Reader(document.text)
    for paragraph in document.paragraphs:
        quotes.extend(reader.read(paragraph))
    return tuple(quotes)


class _Reader:
    """Reads paragraph by paragraph, and carries an open quotation over to the next one."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.pending: list[Span] = []  # paragraphs of a quotation that is still open
        self.opened = 0

    def read(self, paragraph: Span) -> list[Quote]:
        """The quotations that end in this paragraph."""
        marks = [m.start() for m in _MARK.finditer(self.text, paragraph.start, paragraph.end)]
        quotes: list[Quote] = []
        open_at: int | None = None
        if self.pending:
            open_at = self._carry_on(paragraph, marks)
        for at in marks:
            if open_at is not None and at < open_at:
                continue
            if open_at is None:
                if self._opens(at) and (self.text[at] in _DOUBLE or self._single_closes(at, paragraph)):
                    open_at, self.opened = at + 1, at
            elif self._closes(at, self.text[self.opened]):
                quotes.extend(self._close(open_at, at))
                open_at = None
            elif at > open_at and self._reopens(at):
                self.pending, open_at, self.opened = [], at + 1, at  # the last mark was never closed
        if open_at is not None:
            self._leave_open(open_at, paragraph)
        return quotes

    def _reopens(self, at: int) -> bool:
        """Whether a mark within a quotation opens a new one, so that the last was never closed; marks of another sort are inner ones."""
        mark, opener = self.text[at], self.text[self.opened]
        return mark in '"“„«' and opener in _DOUBLE and self._opens(at) and (opener not in "“„«" or mark == opener)

    def _carry_on(self, paragraph: Span, marks: list[int]) -> int | None:
        """Where the open quotation goes on in this paragraph; None if it does not."""
        too_long = paragraph.end - self.opened > _MAX_RUN
        first = next((m for m in marks if self.text[m] in _DOUBLE), None)
        if not too_long and first == paragraph.start and self._opens(first):
            return first + 1
        if not too_long and first is not None and self._closes(first, self.text[self.opened]) and not self._opens(first):
            return paragraph.start
        if not too_long and first is None and len(self.pending) < 5:
            return paragraph.start
        self.pending = []
        return None

    def _close(self, start: int, at: int) -> list[Quote]:
        spans = [*self.pending, strip(self.text, Span(start, at))]
        inner = tuple(s for s in spans if s.start < s.end)
        self.pending = []
        return [Quote(inner, Span(self.opened, at + 1))] if inner else []

    def _leave_open(self, open_at: int, paragraph: Span) -> None:
        if self.text[self.opened] in _DOUBLE:
            self.pending.append(strip(self.text, Span(open_at, paragraph.end)))

    def _opens(self, at: int) -> bool:
        before = self.text[at - 1] if at else " "
        after = self.text[at + 1] if at + 1 < len(self.text) else " "
        mark = self.text[at]
        if after.isspace():
            return mark in "“„«" and not before.isalnum() and before not in ".,!?" and at + 2 < len(self.text)
        if mark in "'‘" and not after.isalpha():
            return False
        if mark in _OPENERS:
            return True
        return mark in "\"'»" and not before.isalnum() and before not in ".,!?"

    def _closes(self, at: int, opener: str) -> bool:
        mark = self.text[at]
        before = self.text[at - 1]
        after = self.text[at + 1] if at + 1 < len(self.text) else " "
        if opener in "‘'":
            return mark in "’'" and not after.isalnum() and not before.isspace()
        if opener == "„":
            return mark in '“”"'
        if opener == "»":
            return mark == "«"
        if mark == "“" and opener == "“":
            return before in ",.?!" and not after.isalnum()
        if mark == '"':
            return not before.isspace() or not after.isalnum()
        return mark in "”»›"

    def _single_closes(self, at: int, paragraph: Span) -> bool:
        """Whether a single opening mark has a partner and so is no apostrophe."""
        end = min(paragraph.end, at + 1500)
        for match in re.finditer(r"[’']", self.text[at + 1 : end]):
            if self._closes(at + 1 + match.start(), "‘"):
                return match.start() > 1
        return False
