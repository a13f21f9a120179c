"""Spans: whether they lie in the text, start and end where they should, and agree with the quotation marks around them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise

from stance import text
from stance.attribution.quotes import find_quotes
from stance.types import Article, Span
from training.corpus.records import Pair, Record, StatementRecord

_CLOSED_BY = {"“": "”“", "„": "“”", "«": "»", "»": "«", "‹": "›", "‘": "’", '"': '"', "'": "'"}
_MARKS = frozenset("".join(_CLOSED_BY) + "”’›")
_ABBREVIATION = re.compile(r"(?:\b[A-Za-z]\.|\b(?:Mr|Mrs|Dr|St|No|Co|Inc|Jan|Feb|Aug|Sept|Oct|Nov|Dec)\.|\.\.\.)$")
_LABELLED_STYLES = frozenset({"transcript", "liveblog", "release"})


def outside(record: Record, statement: StatementRecord) -> Iterator[str]:
    """Spans that are empty or lie outside the text."""
    if not statement["content"]:
        yield "no content"
    for name, pair in _spans(statement):
        if not (len(pair) == 2 and 0 <= pair[0] < pair[1] <= len(record["text"])):
            yield f"{name} {pair} is empty or lies outside the text of {len(record['text'])} characters"


def misplaced(record: Record, statement: StatementRecord) -> Iterator[str]:
    """Spans that start or end in the wrong place, or overlap; they must lie in the text."""
    article = record["text"]
    for name, (start, end) in _spans(statement):
        found = article[start:end]
        if found != found.strip():
            yield f"{name} {found!r} has white space at its edge"
        if _joined(article[start - 1 : start], found[0]) or _joined(found[-1], article[end : end + 1]):
            yield f"{name} {found!r} cuts a word"
        if name == "content" and _loose_mark(found, direct=statement["kind"] == "direct"):
            yield f"{name} {found!r} has a quotation mark at its edge whose partner is outside"
    content = statement["content"]
    before_end = article[: content[-1][1]]
    if statement["kind"] == "indirect" and before_end.endswith((".", ",")) and not _ABBREVIATION.search(before_end):
        yield "the stop at the end of indirect content belongs outside"
    if any(second[0] < first[1] for first, second in pairwise(content)):
        yield "fragments of the content overlap or are out of order"
    for name, pair in (("cue", statement["cue"]), ("source", statement["source"])):
        if pair and any(pair[0] < end and start < pair[1] for start, end in content):
            yield f"{name} overlaps the content"


def _spans(statement: StatementRecord) -> Iterator[tuple[str, Pair]]:
    yield from (("content", pair) for pair in statement["content"])
    yield from ((name, pair) for name, pair in (("cue", statement["cue"]), ("source", statement["source"])) if pair)
    yield from (("mention", target["mention"]) for target in statement["targets"] if target["mention"])


def _joined(left: str, right: str) -> bool:
    return left.isalnum() and right.isalnum()


def _loose_mark(content: str, *, direct: bool) -> bool:
    """Whether a mark at an edge has no partner inside, or the two edges are one pair that is not a quotation within a quotation."""
    first, last, inner = content[0], content[-1], content[1:-1]
    if last in _CLOSED_BY.get(first, "") and not _MARKS & set(inner) - set("’'"):
        return not direct
    apostrophe = first in "'‘" and content[1:2].isdigit()
    opens = first in _CLOSED_BY and not apostrophe and not set(_CLOSED_BY[first]) & set(content[1:])
    closes = last in "”»›\u0022“" and not any(last in _CLOSED_BY.get(c, "") for c in content[:-1])
    return opens or closes


def wrong_kinds(record: Record) -> Iterator[tuple[int, str]]:
    """Statements, counted from 1, whose kind disagrees with the quotation marks; all spans must lie in the text.

    Direct content stands between marks or is a labelled speaker's turn, indirect content holds none of what does, mixed content both. A
    statement whose cue is quoted too, so one within somebody's quotation, may be of any kind.
    """
    document = text.parse(Article(record["text"]))
    quotes = [document.to_article(quote.outer) for quote in find_quotes(document)]
    for number, statement in enumerate(record["statements"], start=1):
        if statement["cue"] and _place(statement["cue"], quotes) == "inside":
            continue
        if message := _wrong_kind(statement, {_place(pair, quotes) for pair in statement["content"]}, record):
            yield number, message


def _wrong_kind(statement: StatementRecord, places: set[str], record: Record) -> str | None:
    kind = statement["kind"]
    if kind == "direct":
        fine = places == {"inside"} or _is_turn(record, statement) or all(_beside_mark(record["text"], p) for p in statement["content"])
        return None if fine else f"direct, but {' and '.join(sorted(places))} quotation marks"
    if places == {"inside"}:
        return f"{kind}, but all of it stands inside quotation marks"
    if kind == "indirect" and places != {"outside"}:
        return "indirect, but some of it stands inside quotation marks"
    if kind == "mixed" and places == {"outside"}:
        return "mixed, but none of it stands inside quotation marks"
    return None


def _place(pair: Pair, quotes: list[Span]) -> str:
    """Where a span stands: inside, partly inside or outside quotation marks."""
    span = Span(*pair)
    at = bisect_right(quotes, span.start, key=lambda quote: quote.start) - 1
    if at >= 0 and span.start > quotes[at].start and span.end <= quotes[at].end:
        return "inside"
    touched = any(span.overlaps(quote) for quote in quotes[max(at, 0) :] if quote.start < span.end)
    return "partly inside" if touched else "outside"


def _beside_mark(article: str, pair: Pair) -> bool:
    """Whether a mark stands right before or after: some outlets do not pair theirs well enough to be read."""
    return article[max(0, pair[0] - 1) : pair[0]] in _MARKS or article[pair[1] : pair[1] + 1] in _MARKS


def _is_turn(record: Record, statement: StatementRecord) -> bool:
    """Whether the words are a speaker's turn in a transcript or the like: no cue, and a label or a line of their own."""
    before = record["text"][: statement["content"][0][0]]
    return statement["cue"] is None and (record["style"] in _LABELLED_STYLES or ":" in before[-4:])
