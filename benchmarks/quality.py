"""Attribution quality of stance's rules and tagger, with textacy beside it: ``python benchmarks/quality.py GOLD.jsonl``.

A found content and an annotated one are aligned when the Jaccard overlap of their word tokens is at least 0.5: one to one, the
greatest overlap first. *Content* counts aligned pairs; *attribution* counts those whose sources share a character too, or are both missing.
Figures are micro-averaged over the file.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from common import MissingPeerError, Quotation, Span, Textacy, read
from rich.console import Console
from rich.table import Table

import stance
from stance.attribution import Attributor
from stance.text import parse
from stance.types import Article, Attribution, Document

LEAST_OVERLAP = 0.5

#: Finds the quotations of each text; None where it refuses one.
Finder = Callable[[list[str]], Iterator[list[Quotation] | None]]


@dataclass(slots=True)
class Score:
    """Hits among the found and the annotated."""

    hits: int = 0
    found: int = 0
    gold: int = 0

    @property
    def precision(self) -> float:
        """Hits among the found; 0 where nothing was found."""
        return self.hits / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """Hits among the annotated; 0 where nothing is annotated."""
        return self.hits / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.hits / (self.found + self.gold) if self.hits else 0.0

    def add(self, *, hits: int, found: int, gold: int) -> None:
        """Counts one article."""
        self.hits += hits
        self.found += found
        self.gold += gold


@dataclass(slots=True)
class Result:
    """The scores of one system; `refused` counts the articles that it would not read."""

    content: Score = field(default_factory=Score)
    attribution: Score = field(default_factory=Score)
    refused: int = 0


def main() -> None:
    """Scores every system on the file and prints a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path, metavar="GOLD.jsonl", help="annotated articles in the project's JSON Lines format")
    parser.add_argument("--limit", type=int, metavar="N", help="read only the first N articles")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write the figures here too")
    options = parser.parse_args()
    if not options.gold.is_file():
        parser.error(f"{options.gold}: no such file")
    articles = list(read(options.gold, options.limit))
    results = {name: evaluate(articles, find([article["text"] for article in articles])) for name, find in systems().items()}
    show(results, articles=len(articles))
    if options.json:
        options.json.write_text(json.dumps({name: figures(result) for name, result in results.items()}, indent=1) + "\n", encoding="utf-8")


def systems() -> dict[str, Finder]:
    """The systems by name."""
    found: dict[str, Finder] = {}
    for model, means in (("baseline", "rules"), ("transformer", "tagger")):
        attributor = stance.load(model).attributor
        found[f"stance, {means}"] = partial(by, attributor, thoughts=False)
        found[f"stance, {means}, thoughts too"] = partial(by, attributor, thoughts=True)
    try:
        found["textacy"] = Textacy().stream
    except MissingPeerError as missing:
        print(missing, file=sys.stderr)
    return found


def by(attributor: Attributor, texts: list[str], *, thoughts: bool) -> Iterator[list[Quotation]]:
    """What stance finds in texts; `thoughts` adds what sources are said to think but have not uttered."""
    documents = [parse(Article(text)) for text in texts]
    for document, found in zip(documents, attributor.find(documents, thoughts=thoughts), strict=True):
        yield [quotation(document, attribution) for attribution in found]


def quotation(document: Document, found: Attribution) -> Quotation:
    """An attribution in the terms of all systems."""
    content = tuple(document.to_article(span) for span in found.content)
    return Quotation(content, (document.to_article(found.source),) if found.source else ())


def evaluate(articles: Sequence[dict[str, Any]], found: Iterator[list[Quotation] | None]) -> Result:
    """Scores what a system found, one list for each article; a refused article (None) counts as one where it found nothing."""
    result = Result()
    for article, answer in zip(articles, found, strict=True):
        gold = [Quotation(spans(s["content"]), spans(s.get("source"))) for s in article["statements"]]
        quotations = answer or []
        result.refused += answer is None
        pairs = align(article["text"], gold, quotations)
        sizes = {"found": len(quotations), "gold": len(gold)}
        result.content.add(hits=len(pairs), **sizes)
        result.attribution.add(hits=sum(same_source(gold[i].source, quotations[j].source) for i, j in pairs), **sizes)
    return result


def align(text: str, gold: Sequence[Quotation], found: Sequence[Quotation]) -> list[tuple[int, int]]:
    """Pairs of indices, one to one, the greatest overlap first; among equals the earlier one."""
    tokens = [match.span() for match in re.finditer(r"\w+", text)]
    gold_words = [words(q.content, tokens) for q in gold]
    found_words = [words(q.content, tokens) for q in found]
    overlaps = [(jaccard(g, f), i, j) for i, g in enumerate(gold_words) for j, f in enumerate(found_words) if g & f]
    pairs: dict[int, int] = {}
    for overlap, i, j in sorted(overlaps, key=lambda o: (-o[0], o[1], o[2])):
        if overlap >= LEAST_OVERLAP and i not in pairs and j not in pairs.values():
            pairs[i] = j
    return list(pairs.items())


def words(pieces: Sequence[Span], tokens: Sequence[Span]) -> frozenset[int]:
    """Indices of the word tokens that share a character with a piece."""
    return frozenset(i for i, token in enumerate(tokens) if any(touch(token, piece) for piece in pieces))


def jaccard(one: frozenset[int], other: frozenset[int]) -> float:
    """Shared elements among all elements of two sets, not both empty."""
    return len(one & other) / len(one | other)


def touch(one: Span, other: Span) -> bool:
    """Whether two spans share a character."""
    return one[0] < other[1] and other[0] < one[1]


def same_source(gold: Sequence[Span], found: Sequence[Span]) -> bool:
    """Whether two sources share a character, or neither is there."""
    return any(touch(g, f) for g in gold for f in found) or not (gold or found)


def spans(value: list[Any] | None) -> tuple[Span, ...]:
    """A span field of the format: null, one pair, or a list of pairs."""
    if not value:
        return ()
    pairs = [value] if isinstance(value[0], int) else value
    return tuple((start, end) for start, end in pairs)


def figures(result: Result) -> dict[str, Any]:
    """The result for the JSON file."""
    return asdict(result) | {
        name: {**asdict(score), "precision": score.precision, "recall": score.recall, "f1": score.f1}
        for name, score in (("content", result.content), ("attribution", result.attribution))
    }


def show(results: dict[str, Result], *, articles: int) -> None:
    """Prints the table."""
    annotated = max(result.content.gold for result in results.values())
    table = Table(
        title=f"{articles} articles, {annotated} annotated statements", caption="refused: articles that the system would not read"
    )
    table.add_column("system")
    table.add_column("figure")
    for column in ("P", "R", "F1", "found", "refused"):
        table.add_column(column, justify="right")
    for name, result in results.items():
        for figure, score in (("content", result.content), ("attribution", result.attribution)):
            shares = (f"{share:.3f}" for share in (score.precision, score.recall, score.f1))
            table.add_row(name, figure, *shares, str(score.found), str(result.refused))
        table.add_section()
    Console().print(table)


if __name__ == "__main__":
    main()
