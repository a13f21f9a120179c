"""Data: corpora in the shared JSON Lines format become documents, gold attributions, and queries with their labels."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stance import actors, serialise, targets, text
from stance.errors import InputError
from stance.types import Actor, ActorKind, Attribution, Candidate, Cast, Document, Kind, Query, Reach, Span, Speaker, Stance
from training import scoring

NOT_A_TARGET = "not_a_target"


@dataclass(frozen=True, slots=True)
class GoldTarget:
    """A target as annotated: the actor's code or name, and its mention in `Document.text`."""

    actor: str | None
    mention: Span | None
    stance: Stance


@dataclass(frozen=True, slots=True)
class GoldStatement:
    """A statement as annotated."""

    attribution: Attribution
    speaker: str | None
    speaker_actor: str | None
    targets: tuple[GoldTarget, ...]
    stance: Stance


@dataclass(frozen=True, slots=True)
class GoldArticle:
    """An annotated article; `record` is its line in the corpus."""

    document: Document
    statements: tuple[GoldStatement, ...]
    group: str
    record: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Example:
    """A statement with its queries, the one about the whole first, and the right answer to each of them."""

    gold: GoldStatement
    queries: tuple[Query, ...]
    labels: tuple[str, ...]
    group: str


@dataclass(frozen=True, slots=True)
class Corpus:
    """A corpus that was read, and the SHA-256 of its file."""

    path: Path
    articles: tuple[GoldArticle, ...]
    sha256: str


def corpora(required: Sequence[Path], optional: Sequence[Path], *, spans_only: bool = False) -> tuple[list[Corpus], list[Path]]:
    """The corpora that are there, and the optional ones that are not.

    Args:
        required: Corpora in the shared format.
        optional: Corpora that may be missing.
        spans_only: Whether statements may lack everything but ``content``, ``cue`` and ``source``.

    Raises:
        InputError: If a required one is missing, or one cannot be read.
    """
    for path in required:
        if not path.is_file():
            raise InputError(f"{path} is missing; run this from the repository's root, or change corpora.required")
    missing = [path for path in optional if not path.is_file()]
    there = [path for path in (*required, *optional) if path not in missing]
    return [
        Corpus(path, tuple(read(path, spans_only=spans_only)), hashlib.sha256(path.read_bytes()).hexdigest()) for path in there
    ], missing


def read(path: Path, *, spans_only: bool = False) -> list[GoldArticle]:
    """The articles of a corpus.

    Args:
        path: A file of JSON Lines in the shared format.
        spans_only: Whether statements may lack everything but their spans; they are then taken for neutral and indirect.

    Raises:
        InputError: If a line is not an article in the shared format; names the file and the line.
    """
    articles = []
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                try:
                    record = json.loads(line)
                    articles.append(article(completed(record) if spans_only else record))
                except (KeyError, TypeError, ValueError, InputError) as error:
                    raise InputError(f"{path}, line {number}: not an article in the shared format: {error!r}") from error
    return articles


def completed(record: Mapping[str, Any]) -> dict[str, Any]:
    """A record of spans as one of statements; cues and sources in several pieces become one from the first to the last."""
    statements = []
    for statement in record["statements"]:
        hulls = {name: _hull(statement.get(name)) for name in ("cue", "source")}
        statements.append({"kind": Kind.INDIRECT, "targets": [], "stance": Stance.NEUTRAL, **statement, **hulls})
    return {**record, "statements": statements}


def _hull(spans: Any) -> list[int] | None:
    several = scoring.pairs(spans)
    return [min(start for start, _ in several), max(end for _, end in several)] if several else None


def article(record: Mapping[str, Any]) -> GoldArticle:
    """An article from its JSON record."""
    document = text.parse(serialise.article_from_dict(record))
    statements = tuple(_statement(document, s) for s in record["statements"])
    return GoldArticle(document, statements, event(record), record)


def event(record: Mapping[str, Any]) -> str:
    """The event that an article reports: articles of one event never stand on both sides of a split.

    It is the record's own ``event`` if it has one; else the folder of an id such as ``.../LibyaWar_cnn/articles.jsonl#3@0-9``
    without the newsroom; else the article itself.
    """
    if record.get("event"):
        return str(record["event"])
    whole = str(record["id"]).split("@")[0]
    folder = re.search(r"/([^/#]+)_[^/_#]+/[^/#]+#", whole)
    return folder.group(1) if folder else whole


def examples(article: GoldArticle, *, reach: Reach = targets.NEAR, told_speakers: bool = True) -> list[Example]:
    """The queries that the library would ask about an article's gold statements, with their labels.

    Args:
        article: An annotated article.
        reach: Who is a candidate beside those named near.
        told_speakers: Whether speakers are those annotated, or those that the library finds.
    """
    attributions = tuple(s.attribution for s in article.statements)
    cast = actors.resolve(article.document, attributions)
    found = []
    for gold, heard in zip(article.statements, cast.speakers, strict=True):
        said_by = speaker(gold, cast) if told_speakers else heard
        asked = targets.queries(article.document, gold.attribution, said_by, cast, reach=reach)
        labels = (str(gold.stance), *(_label(q.candidate, gold) for q in asked[1:] if q.candidate))
        found.append(Example(gold, asked, labels, article.group))
    return found


def speaker(gold: GoldStatement, cast: Cast) -> Speaker | None:
    """The annotated speaker; its actor is the cast's own where the cast knows it."""
    if gold.speaker is None and gold.speaker_actor is None:
        return None
    actor = None
    if gold.speaker_actor:
        key = scoring.actor_key(gold.speaker_actor)
        known = (m.actor for m in cast.mentions if m.actor and scoring.actor_key(m.actor.id) == key)
        actor = next(known, None) or Actor(gold.speaker_actor, gold.speaker_actor, _kind(gold.speaker_actor))
    return Speaker(gold.speaker or gold.speaker_actor or "", actor)


def _kind(actor: str) -> ActorKind:
    return ActorKind.STATE if re.fullmatch("[A-Z]{3}", actor) else ActorKind.ORGANISATION


def _label(candidate: Candidate, gold: GoldStatement) -> str:
    for target in gold.targets:
        same = target.actor and scoring.actor_key(target.actor) == scoring.actor_key(candidate.actor.id)
        if same or (target.mention and any(target.mention.overlaps(s) for s in candidate.mentions)):
            return str(target.stance)
    return NOT_A_TARGET


def _statement(document: Document, record: Mapping[str, Any]) -> GoldStatement:
    content = tuple(sorted(_on(document, pair) for pair in record["content"]))
    cue, source = (_span(document, record.get(name)) for name in ("cue", "source"))
    attribution = Attribution(content, Kind(record["kind"]), cue, source)
    aimed = [t for t in record["targets"] if t["stance"] != Stance.NEUTRAL]
    gold = tuple(GoldTarget(t["actor"], _span(document, t.get("mention")), Stance(t["stance"])) for t in aimed)
    return GoldStatement(attribution, record.get("speaker"), record.get("speaker_actor"), gold, Stance(record["stance"]))


def _span(document: Document, pair: Sequence[int] | None) -> Span | None:
    return None if pair is None else _on(document, pair)


def _on(document: Document, pair: Sequence[int]) -> Span:
    """The span of `Document.text` that a pair of article offsets stands for."""
    start, end = pair
    return document.from_article(Span(start, end))
