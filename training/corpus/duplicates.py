"""Repetition: statements that say nearly the same as one of another article, and passages that stand in texts of others.

Both compare runs of words by an index, so that the time grows with the text and not with its square.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from training.corpus.records import Place, Record, said, statements, words

_RUN = 5
_MOST_SHARED = 0.3
_PASSAGE = 8

Run = tuple[str, ...]


class Repetition(NamedTuple):
    """Two statements of different articles, and the share of the shorter one's five-word runs that the other has too."""

    first: Place
    second: Place
    share: float


class Passage(NamedTuple):
    """Eight words of an article that stand in a file of others."""

    article: str
    file: Path
    words: str


def near_duplicates(records: list[Record], *, most: float = _MOST_SHARED) -> list[Repetition]:
    """Pairs of statements of different articles that share more than `most` of the shorter one's five-word runs."""
    owned = {place: frozenset(runs(words(said(record, statement)), _RUN)) for place, record, statement in statements(records)}
    index: defaultdict[Run, list[Place]] = defaultdict(list)
    for place, own in owned.items():
        for run in own:
            index[run].append(place)
    shared = Counter(
        (first, second)
        for places in index.values()
        for n, first in enumerate(places)
        for second in places[n + 1 :]
        if first.article != second.article
    )
    found = ((a, b, count / min(len(owned[a]), len(owned[b]))) for (a, b), count in shared.items())
    return sorted(Repetition(a, b, share) for a, b, share in found if share > most)


def shared_passages(records: list[Record], files: Iterable[Path]) -> Iterator[Passage]:
    """Runs of eight words that an article shares with the ``text`` of a line of `files`; one a file and article."""
    index: dict[Run, str] = {}
    for record in records:
        for run in runs(words(record["text"]), _PASSAGE):
            index.setdefault(run, record["id"])
    for file in files:
        found: dict[str, str] = {}
        with file.open(encoding="utf-8") as lines:
            for line in lines:
                for run in runs(words(json.loads(line).get("text") or ""), _PASSAGE):
                    if run in index:
                        found.setdefault(index[run], " ".join(run))
        yield from (Passage(article, file, passage) for article, passage in sorted(found.items()))


def runs(sequence: list[str], length: int) -> Iterator[Run]:
    """Every run of `length` words."""
    return zip(*(sequence[n:] for n in range(length)), strict=False)
