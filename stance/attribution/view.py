"""A document's tokens with the quotation that each of them stands in. Positions are token indices; ranges are half-open."""

from __future__ import annotations

from dataclasses import dataclass

from stance.attribution.quotes import Quote
from stance.types import Document, Span, Token

_BREAKS = frozenset(",;:()[]—–-…") | {"--", "...", "|"}


@dataclass(frozen=True, slots=True)
class View:
    """Tokens of a document with the quotation that each of them stands in.

    Attributes:
        tokens: The document's tokens.
        quotes: The document's quotations.
        quote_of: For each token the index of its quotation (marks included), or -1.
    """

    tokens: tuple[Token, ...]
    quotes: tuple[Quote, ...]
    quote_of: tuple[int, ...]

    @classmethod
    def of(cls, document: Document, quotes: tuple[Quote, ...]) -> View:
        """The view of a document."""
        quote_of = [-1] * len(document.tokens)
        at = 0
        for index, token in enumerate(document.tokens):
            while at < len(quotes) and quotes[at].outer.end <= token.start:
                at += 1
            if at < len(quotes) and quotes[at].outer.start <= token.start:
                quote_of[index] = at
        return cls(document.tokens, quotes, tuple(quote_of))

    def lower(self, index: int) -> str:
        """The token's lower-case form; "" outside the document."""
        return self.tokens[index].lower if 0 <= index < len(self.tokens) else ""

    def is_name(self, index: int) -> bool:
        """Whether the token is capitalised."""
        return 0 <= index < len(self.tokens) and self.tokens[index].text[0].isupper()

    def is_quoted(self, index: int) -> bool:
        """Whether the token stands in a quotation or is one of its marks."""
        return 0 <= index < len(self.tokens) and self.quote_of[index] >= 0

    def breaks(self, index: int) -> bool:
        """Whether a clause breaks at this token: punctuation or a quotation."""
        return not 0 <= index < len(self.tokens) or self.tokens[index].text in _BREAKS or self.quote_of[index] >= 0

    def next_comma(self, start: int, stop: int, *, before: frozenset[str] | None = None) -> int:
        """The first comma outside quotations from `start` on, if need be one that stands before certain words; else `stop`."""
        for k in range(start, stop):
            if self.lower(k) == "," and not self.is_quoted(k) and (before is None or self.lower(k + 1) in before):
                return k
        return stop

    def span(self, start: int, end: int) -> Span:
        """The characters of a token range."""
        return Span(self.tokens[start].start, self.tokens[end - 1].end)
