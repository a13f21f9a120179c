"""The shared JSON Lines format, and flat rows for tables: one article and its statements, there and back.

The format of a line is that of gold data, seeds and predictions alike; the README describes it. To what it asks for, this
module adds `confidence`, `probabilities`, `evidence`, the words of each statement and a table of the actors.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from stance.actors.gazetteer import gazetteer
from stance.errors import InputError, MissingExtraError
from stance.types import Actor, ActorKind, Article, Kind, Span, Speaker, Stance, Statement, Target

if TYPE_CHECKING:
    import pandas as pd

_SURROGATE = re.compile(r"[\ud800-\udfff]")
_DIGITS = 4


class Row(NamedTuple):
    """One statement and one of its targets (or none), as a row of a table. Offsets point into the article's text."""

    article: str
    statement: int
    start: int
    end: int
    kind: str
    speaker: str | None
    speaker_actor: str | None
    target: str | None
    target_mention: str | None
    stance: str
    confidence: float
    text: str


def rows(article: Article, statements: Iterable[Statement]) -> list[Row]:
    """One row for each statement and target; a statement without target has one row too."""
    found = []
    for number, statement in enumerate(statements, start=1):
        for target in statement.targets or (None,):
            said = target or statement
            found.append(
                Row(
                    article=article.id,
                    statement=number,
                    start=statement.span.start,
                    end=statement.span.end,
                    kind=statement.kind.value,
                    speaker=statement.speaker.name if statement.speaker else None,
                    speaker_actor=_actor_id(statement.speaker),
                    target=target.actor.id if target else None,
                    target_mention=target.mention.of(article.text) if target and target.mention else None,
                    stance=said.stance.value,
                    confidence=round(said.confidence, _DIGITS),
                    text=statement.text,
                )
            )
    return found


def to_json(record: Mapping[str, Any]) -> str:
    """One line of JSON. Lone surrogates, which UTF-8 cannot hold, are escaped."""
    line = json.dumps(record, ensure_ascii=False, separators=(", ", ": "))
    return _SURROGATE.sub(lambda match: f"\\u{ord(match.group()):04x}", line)


def to_dict(article: Article, statements: Iterable[Statement]) -> dict[str, Any]:
    """An article and its statements as a dictionary of the shared format."""
    statements = tuple(statements)
    return {
        "id": article.id,
        "title": article.title,
        "date": article.date.isoformat() if article.date else None,
        "text": article.text,
        "statements": [_statement_to_dict(s) for s in statements],
        "actors": {a.id: {"name": a.name, "kind": a.kind.value} for a in _actors(statements)},
    }


def from_dict(record: Mapping[str, Any]) -> tuple[Article, tuple[Statement, ...]]:
    """The reverse of `to_dict`; also reads gold data, which has neither confidence nor a table of actors.

    Args:
        record: A dictionary of the shared format, with its text.

    Returns:
        The article and its statements.

    Raises:
        InputError: If a key is missing or holds what the format does not allow.
    """
    article = article_from_dict(record)
    try:
        known = {key: Actor(key, a["name"], ActorKind(a["kind"])) for key, a in record.get("actors", {}).items()}
        return article, tuple(_statement_from_dict(s, article.text, known) for s in record["statements"])
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        problem = f"no {error}" if isinstance(error, KeyError) else str(error)
        raise InputError(f"article {article.id!r}: a statement is not in the shared format: {problem}") from error


def frame(records: Sequence[Any], *, columns: Sequence[str]) -> pd.DataFrame:
    """A data frame of records.

    Raises:
        MissingExtraError: If pandas is not installed.
    """
    try:
        import pandas as pd  # noqa: PLC0415 (an extra)
    except ImportError:
        raise MissingExtraError("pandas", extra="report", purpose="make a data frame") from None
    return pd.DataFrame(records, columns=list(columns))


def article_from_dict(record: object, *, default_id: str = "") -> Article:
    """The article of a record; its statements, if any, are left alone.

    Args:
        record: An object as JSON gives it.
        default_id: The id of an article that has none.

    Returns:
        The article.

    Raises:
        InputError: If the record is not an object, has no text, or holds an id, title or date of the wrong kind.
    """
    if not isinstance(record, Mapping):
        raise InputError(f"expected an object with the keys id and text, found {_shown(record)}")
    if "text" not in record:
        raise InputError(f"no key 'text' among {_shown(list(record))}; give every article an id and a text")
    identifier, title = record.get("id"), record.get("title")
    if identifier is None:
        identifier = default_id
    if isinstance(identifier, bool) or not isinstance(identifier, str | int):
        raise InputError(f"id must be a string, not {_shown(identifier)}")
    if title is not None and not isinstance(title, str):
        raise InputError(f"title must be a string or null, not {_shown(title)}")
    return Article(record["text"], id=str(identifier), title=title, date=_date(record.get("date")))


def _date(value: object) -> datetime.date | None:
    if value is None or value == "":
        return None
    try:
        return datetime.datetime.fromisoformat(str(value)).date()
    except ValueError:
        raise InputError(f"date must be null or like '2023-06-28', not {_shown(value)}") from None


def _shown(value: object) -> str:
    words = repr(value)
    return words if len(words) <= 60 else words[:57] + "..."


def _actors(statements: Iterable[Statement]) -> list[Actor]:
    found: dict[str, Actor] = {}
    for statement in statements:
        speaking = (statement.speaker.actor,) if statement.speaker and statement.speaker.actor else ()
        for actor in (*speaking, *(t.actor for t in statement.targets)):
            found.setdefault(actor.id, actor)
    return list(found.values())


def _actor_id(speaker: Speaker | None) -> str | None:
    return speaker.actor.id if speaker and speaker.actor else None


def _statement_to_dict(statement: Statement) -> dict[str, Any]:
    return {
        "content": [list(s) for s in statement.content],
        "kind": statement.kind.value,
        "cue": _pair(statement.cue),
        "source": _pair(statement.source),
        "speaker": statement.speaker.name if statement.speaker else None,
        "speaker_actor": _actor_id(statement.speaker),
        "targets": [_target_to_dict(t) for t in statement.targets],
        "stance": statement.stance.value,
        "confidence": round(statement.confidence, _DIGITS),
        "probabilities": _rounded(statement.probabilities),
        "evidence": [list(s) for s in statement.evidence],
        "text": statement.text,
    }


def _target_to_dict(target: Target) -> dict[str, Any]:
    return {
        "actor": target.actor.id,
        "mention": _pair(target.mention),
        "stance": target.stance.value,
        "confidence": round(target.confidence, _DIGITS),
        "probabilities": _rounded(target.probabilities),
    }


def _pair(span: Span | None) -> list[int] | None:
    return list(span) if span else None


def _rounded(probabilities: Mapping[str, float]) -> dict[str, float]:
    return {str(label): round(p, _DIGITS) for label, p in probabilities.items()}


def _statement_from_dict(record: Mapping[str, Any], text: str, known: Mapping[str, Actor]) -> Statement:
    content = tuple(_span(pair, text) for pair in record["content"])
    if not content:
        raise ValueError("content is empty")
    actor = record.get("speaker_actor")
    name = record.get("speaker") or actor
    return Statement(
        text=record.get("text") or " … ".join(span.of(text) for span in content),
        kind=Kind(record["kind"]),
        speaker=Speaker(name, _actor(actor, known) if actor else None) if name else None,
        targets=tuple(_target_from_dict(t, text, known) for t in record["targets"]),
        stance=Stance(record["stance"]),
        confidence=float(record.get("confidence", 1.0)),
        probabilities=dict(record.get("probabilities", {})),
        content=content,
        cue=_optional_span(record.get("cue"), text),
        source=_optional_span(record.get("source"), text),
        evidence=tuple(_span(pair, text) for pair in record.get("evidence", ())),
    )


def _target_from_dict(record: Mapping[str, Any], text: str, known: Mapping[str, Actor]) -> Target:
    return Target(
        actor=_actor(record["actor"], known),
        mention=_optional_span(record.get("mention"), text),
        stance=Stance(record["stance"]),
        confidence=float(record.get("confidence", 1.0)),
        probabilities=dict(record.get("probabilities", {})),
    )


def _actor(identifier: str, known: Mapping[str, Actor]) -> Actor:
    if identifier in known:
        return known[identifier]
    return gazetteer().states.get(identifier) or Actor(identifier, identifier, ActorKind.ORGANISATION)


def _optional_span(pair: Sequence[int] | None, text: str) -> Span | None:
    return None if pair is None else _span(pair, text)


def _span(pair: Sequence[int], text: str) -> Span:
    start, end = pair
    if not 0 <= start <= end <= len(text):
        raise ValueError(f"the span {pair} lies outside the text of {len(text)} characters")
    return Span(start, end)
