"""Records: the lines of a corpus as they stand in its file, typed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, NotRequired, TypedDict

from stance.errors import InputError
from stance.types import Kind, Stance

#: A start and an end, code points into the text.
Pair = list[int]

REGIONS = (
    "Europe",
    "Russia & Eurasia",
    "Middle East & North Africa",
    "Sub-Saharan Africa",
    "South Asia",
    "East Asia",
    "Southeast Asia & Pacific",
    "Americas",
)
ERAS = ("1950s", "1960s", "1970s", "1980s", "1990s", "2000s", "2010s", "2020s")
STYLES = ("wire", "broadsheet", "tabloid", "transcript", "release", "translated", "liveblog")
KINDS = tuple(map(str, Kind))
STANCES = tuple(map(str, Stance))

_WORD = re.compile(r"\w+")


class TargetRecord(TypedDict):
    """A target, never neutral."""

    actor: str
    mention: Pair | None
    stance: str


class StatementRecord(TypedDict):
    """A statement; `contrast` is the key that it shares with the statement it is to be told apart from."""

    content: list[Pair]
    kind: str
    cue: Pair | None
    source: Pair | None
    speaker: str | None
    speaker_actor: str | None
    targets: list[TargetRecord]
    stance: str
    contrast: NotRequired[str]


class Record(TypedDict):
    """An article of the corpus: the shared format, and where in the world, when, in what style and of which event it tells."""

    id: str
    title: str | None
    date: str
    region: str
    era: str
    style: str
    event: str
    text: str
    statements: list[StatementRecord]


class Place(NamedTuple):
    """A statement of an article, counted from 1; statement 0 is the article as a whole."""

    article: str
    statement: int

    def __str__(self) -> str:
        return f"{self.article}, statement {self.statement}" if self.statement else self.article


def load(path: Path) -> list[Record]:
    """The articles of a file; only that each line is an object with the keys of an article is looked at.

    Raises:
        InputError: If the file is missing, or a line is no article; names the line.
    """
    remedy = "give the folder that holds articles.jsonl, such as seeds/"
    return [_record(path, number, found) for number, found in values(path, remedy=remedy)]


def values(path: Path, *, remedy: str) -> Iterator[tuple[int, Any]]:
    """What the lines of a file of JSON Lines hold, with their numbers; empty lines are passed over.

    Raises:
        InputError: If the file is missing (with the remedy), or a line is not JSON; names the line.
    """
    if not path.is_file():
        raise InputError(f"{path} is missing; {remedy}")
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except json.JSONDecodeError as error:
                raise InputError(f"{path}, line {number}: not JSON: {error}") from error


def _record(path: Path, number: int, found: Any) -> Record:
    missing = [key for key in Record.__annotations__ if not isinstance(found, dict) or key not in found]
    if missing:
        raise InputError(f"{path}, line {number}: an article needs the key {missing[0]!r}")
    record: Record = found
    return record


def said(record: Record, statement: StatementRecord) -> str:
    """The attributed words; fragments are joined by a blank."""
    return " ".join(record["text"][start:end] for start, end in statement["content"])


def words(text: str) -> list[str]:
    """The words of a text, without case."""
    return _WORD.findall(text.casefold())


def statements(records: list[Record]) -> Iterator[tuple[Place, Record, StatementRecord]]:
    """Every statement with its place and its article."""
    for record in records:
        for number, statement in enumerate(record["statements"], start=1):
            yield Place(record["id"], number), record, statement
