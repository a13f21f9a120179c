"""Standoff labels: what annotators found in texts that are not ours to publish, kept apart from the texts.

A line of labels names its article by the SHA-256 of the text alone and holds nothing but offsets, actors (by code or name) and
labels; speakers' names are left out. Whoever has the texts puts both together again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from stance.errors import InputError
from stance.files import written_aside
from training.corpus.records import values

_KEPT = ("content", "kind", "cue", "source", "speaker_actor", "targets", "stance")
_TARGET = ("actor", "mention", "stance")
_MARKS = ("doubtful",)  # the annotator took it for no statement

Line = dict[str, Any]


def detach(records: Iterable[Line]) -> Iterator[Line]:
    """The labels of annotated articles without their words.

    Raises:
        InputError: If a record lacks a text, statements or targets.
    """
    for record in records:
        yield {"sha256": digest(_of(record, "text")), "statements": list(map(_bare, _of(record, "statements")))}


def _bare(statement: Line) -> Line:
    """What is kept of a statement; of a target nothing but what the format names."""
    kept = {key: statement[key] for key in (*_KEPT, *_MARKS) if key in statement}
    return {**kept, "targets": [{key: target.get(key) for key in _TARGET} for target in _of(statement, "targets")]}


def _of(record: Line, key: str) -> Any:
    if key not in record:
        raise InputError(f"no key {key!r} among {', '.join(map(repr, record))[:100]}; give articles and labels in the format of the README")
    return record[key]


def attach(labels: Iterable[Line], texts: Iterable[Line]) -> Iterator[Line]:
    """Annotated articles, in the texts' order; texts without labels are left out.

    Args:
        labels: As `detach` gives them.
        texts: Articles with at least ``id`` and ``text``.

    Raises:
        InputError: If labelled texts are missing, or a line lacks a key.
    """
    known = {_of(line, "sha256"): _of(line, "statements") for line in labels}
    for text in texts:
        statements = known.pop(digest(_of(text, "text")), None)
        if statements is not None:
            yield {"title": None, "date": None, **text, "statements": [{"speaker": None, **s} for s in statements]}
    if known:
        raise InputError(
            f"{len(known)} labelled texts are missing, the first with SHA-256 {next(iter(known))}; give the texts that were labelled"
        )


def digest(text: str) -> str:
    """By what labels know a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def read(path: Path) -> list[Line]:
    """The objects of a file of JSON Lines.

    Raises:
        InputError: If the file is missing or a line is no object; names the line.
    """
    found = []
    for number, value in values(path, remedy="give a file of JSON Lines"):
        try:
            found.append(dict(value))
        except (ValueError, TypeError) as error:
            raise InputError(f"{path}, line {number}: not a JSON object: {error}") from error
    return found


def write(path: Path, lines: Iterable[Line]) -> int:
    """Writes JSON Lines; the file appears whole or not at all.

    Returns:
        How many lines.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with written_aside(path) as aside, aside.open("w", encoding="utf-8") as out:
        return sum(bool(out.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")) for line in lines)
