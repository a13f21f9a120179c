"""Text: an article becomes a document with tokens, sentences and paragraphs.

News text is dirty. It is cleaned once, here, into a view with a map back to the untouched text, so that nothing
downstream needs to know of Windows line ends, soft hyphens or doubled quotation marks. Sentences come from
`sentencex` (Wikimedia; maintained, rule-based, tells offsets, keeps quotations whole); the repairs below are for
what it cannot know: hard-wrapped lines, and machine-translated text that goes on in lower case after a full stop.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from statistics import median

import sentencex

from stance.types import Alignment, Article, Document, Span, Token

# Characters that carry no meaning in running text: soft hyphen, zero-width and directional marks, byte order mark, NUL, lone surrogates.
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\u202a-\u202e\u2066-\u2069\ufeff\x00\ud800-\udfff"
_DIRTY = re.compile(rf"\r\n?|[{_INVISIBLE}]|``|''|’’|‘‘|[\u00a0\u2000-\u200a\u202f\u3000\t\f\v\x1c-\x1f]|[\u0085\u2028\u2029]")
_TOKEN = re.compile(
    r"(?:[A-Z]\.){2,}"  # U.S.
    r"|(?:Mr|Mrs|Ms|Dr|Sen|Sens|Rep|Reps|Gov|Gen|Lt|Col|Maj|Capt|Cpl|Sgt|Cmdr|Adm|Brig|Prof|Rev|Hon|Amb|Pres|St|Jr|Sr|vs)\."
    r"|[A-Z]\.(?=\s+[A-Z])"  # an initial
    r"|\w+(?:[’'&./@-]\w+)*(?<!_)"  # words, AT&T, mid-1990s, don't; a genitive is cut off below
    r"|\.\.\.|…|--|[^\w\s]|_"
)
_GENITIVE = re.compile(r"(?<=\w)[’']s$", re.IGNORECASE)
_LINE_END = re.compile(r"\n")
_BLANK_LINE = re.compile(r"\n[ ]*\n\s*")
_TERMINAL = re.compile(r"[.!?:;…\"”’'»)\]]\s*$")
_WRAP_WIDTHS = range(40, 101)
_MAX_SENTENCE = 3000
_MAX_BLOCK = 20_000


def parse(article: Article) -> Document:
    """Cleans and segments an article.

    Args:
        article: Any article; no content of it raises.

    Returns:
        Its tokens, sentences and paragraphs.
    """
    text, alignment = clean(article.text)
    paragraphs = _paragraphs(text)
    sentences = tuple(s for p in paragraphs for s in _sentences(text, p))
    return Document(article, text, tokenise(text), sentences, paragraphs, alignment)


def clean(raw: str) -> tuple[str, Alignment | None]:
    """The cleaned text and where it stands in `raw`; no alignment if nothing changed."""
    parts: list[str] = []
    clean_starts, raw_starts = [0], [0]
    at = length = 0
    for match in _DIRTY.finditer(raw):
        start, end = match.span()
        new = _replacement(match)
        parts += [raw[at:start], new]
        length += start - at + len(new)
        if len(new) != end - start:
            if new:
                clean_starts.append(length - 1)
                raw_starts.append(start)
            clean_starts.append(length)
            raw_starts.append(end)
        at = end
    if not parts:
        return raw, None
    parts.append(raw[at:])
    return "".join(parts), _alignment(clean_starts, raw_starts)


def _alignment(clean_starts: list[int], raw_starts: list[int]) -> Alignment | None:
    """Of runs that start at the same place in the cleaned text only the last is kept: the others are empty."""
    runs = dict(zip(clean_starts, raw_starts, strict=True))
    return Alignment(tuple(runs), tuple(runs.values())) if len(clean_starts) > 1 else None


def _replacement(match: re.Match[str]) -> str:
    dirt = match.group()
    if dirt in ("``", "‘‘"):
        return "“"
    if dirt in ("''", "’’"):
        before, after = match.string[max(0, match.start() - 1) : match.start()], match.string[match.end() : match.end() + 1]
        return "“" if after.isalnum() and not before.strip() else "”"
    if dirt in ("\r\n", "\r", "\u0085", "\u2028", "\u2029"):
        return "\n"
    return " " if dirt.isspace() else ""


def tokenise(text: str) -> tuple[Token, ...]:
    """Words and punctuation marks of a text, in order; the genitive "'s" is a token of its own."""
    tokens = []
    for match in _TOKEN.finditer(text):
        word, start, end = match.group(), match.start(), match.end()
        genitive = _GENITIVE.search(word)
        if genitive:
            cut = start + genitive.start()
            tokens.append(Token(start, cut, text[start:cut], text[start:cut].lower()))
            tokens.append(Token(cut, end, genitive.group(), "'s"))
        else:
            tokens.append(Token(start, end, word, word.lower()))
    return tuple(tokens)


def _paragraphs(text: str) -> tuple[Span, ...]:
    wrapped = _is_hard_wrapped(text)
    spans = []
    for block in _split(text, Span(0, len(text)), _BLANK_LINE):
        lines = _split(text, block, _LINE_END)
        start = block.start
        for index, line in enumerate(lines):
            following = lines[index + 1] if index + 1 < len(lines) else None
            if following is None:
                spans.append(Span(start, line.end))
            elif not _is_soft_break(line.of(text), following.of(text), wrapped=wrapped):
                spans.append(Span(start, line.end))
                start = following.start
    return tuple(strip(text, s) for s in spans if s.of(text).strip())


def _is_hard_wrapped(text: str) -> bool:
    """Whether lines were broken at a fixed width, as in old wire copy and mail: most lines are near one width and end in mid-sentence."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if len(lines) < 4:
        return False
    in_mid_sentence = sum(not _TERMINAL.search(line) for line in lines)
    return int(median(map(len, lines))) in _WRAP_WIDTHS and in_mid_sentence > len(lines) / 2


def _is_soft_break(line: str, following: str, *, wrapped: bool) -> bool:
    """Whether the break between two lines lies within a paragraph."""
    if wrapped:
        return len(line.rstrip()) in _WRAP_WIDTHS or not _TERMINAL.search(line)
    return following[:1].islower()


def _split(text: str, span: Span, at: re.Pattern[str]) -> list[Span]:
    """The pieces of `span` between matches of `at`, stripped, empty ones left out."""
    pieces, start = [], span.start
    for match in at.finditer(text, span.start, span.end):
        pieces.append(strip(text, Span(start, match.start())))
        start = match.end()
    pieces.append(strip(text, Span(start, span.end)))
    return [p for p in pieces if p.start < p.end]


def strip(text: str, span: Span) -> Span:
    """A span without the white space at its edges; an empty one at its start if it holds nothing else."""
    words = span.of(text)
    return Span(span.end - len(words.lstrip()), span.start + len(words.rstrip())) if words.strip() else Span(span.start, span.start)


def _sentences(text: str, paragraph: Span) -> list[Span]:
    spans: list[Span] = []
    for span in _raw_sentences(text, paragraph):
        if span.start == span.end:
            continue
        if spans and text[span.start].islower():  # "... to Belarus. to take.", "“Why?” he asked"
            spans[-1] = Span(spans[-1].start, span.end)
        else:
            spans.append(span)
    return [part for span in spans for part in _bounded(text, span, _MAX_SENTENCE)]


def _raw_sentences(text: str, paragraph: Span) -> Iterator[Span]:
    for block in _bounded(text, paragraph, _MAX_BLOCK):
        for found in sentencex.get_sentence_boundaries("en", block.of(text).replace("\n", " ")):
            yield strip(text, Span(block.start + found["start_index"], block.start + found["end_index"]))


def _bounded(text: str, span: Span, longest: int) -> list[Span]:
    """The span, cut at blanks into parts of at most `longest` characters, so that no step has to read without bound."""
    parts = []
    while span.end - span.start > longest:
        cut = text.rfind(" ", span.start + 1, span.start + longest)
        cut = cut if cut > span.start else span.start + longest
        parts.append(strip(text, Span(span.start, cut)))
        span = strip(text, Span(cut, span.end))
    return [p for p in [*parts, span] if p.start < p.end]
