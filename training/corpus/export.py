"""Export: the corpus for other tools, as a `datasets.Dataset`, a spaCy DocBin or a table."""

from __future__ import annotations

import csv
import importlib
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from typing import TYPE_CHECKING, Any

from stance.errors import MissingExtraError
from training.corpus.records import KINDS, STANCES, Pair, Record, StatementRecord, TargetRecord, said

if TYPE_CHECKING:
    from datasets import Dataset  # type: ignore[import-not-found, unused-ignore]
    from spacy.tokens import Doc, DocBin  # type: ignore[import-not-found, unused-ignore]

COLUMNS = (
    *("article", "date", "region", "era", "style", "event", "statement", "start", "end", "kind", "content", "cue", "source"),
    *("speaker", "speaker_actor", "statement_stance", "target", "mention", "stance"),
)


def as_dataset(records: Iterable[Record]) -> Dataset:
    """The articles as a `datasets.Dataset`: one row an article, kinds and stances as class labels.

    Args:
        records: Articles of the corpus.

    Raises:
        MissingExtraError: If `datasets` is not installed.
    """
    datasets = _optional("datasets", extra="train", purpose="make a Dataset")
    rows = [{**r, "statements": [{"contrast": None, **s} for s in r["statements"]]} for r in records]
    return datasets.Dataset.from_list(rows, features=_features(datasets))


def _features(datasets: Any) -> Any:
    text, pair = datasets.Value("string"), [datasets.Value("int32")]
    stance = datasets.ClassLabel(names=list(STANCES))
    statement = {
        "content": [pair],
        "kind": datasets.ClassLabel(names=list(KINDS)),
        "cue": pair,
        "source": pair,
        "speaker": text,
        "speaker_actor": text,
        "targets": [{"actor": text, "mention": pair, "stance": stance}],
        "stance": stance,
        "contrast": text,
    }
    keys = [key for key in Record.__annotations__ if key != "statements"]
    return datasets.Features({**dict.fromkeys(keys, text), "statements": [statement]})


def to_csv(records: Iterable[Record]) -> str:
    """A table with a row for each statement and target, and one for a statement without target; fragments are joined by a blank."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for record in records:
        for number, statement in enumerate(record["statements"], start=1):
            aimed: Sequence[TargetRecord | None] = statement["targets"] or [None]
            writer.writerows(_row(record, number, statement, target) for target in aimed)
    return out.getvalue()


def _row(record: Record, number: int, statement: StatementRecord, target: TargetRecord | None) -> Iterator[str | int | None]:
    """A row; where there is no target the stance is that of the statement."""
    text = record["text"]
    yield from (record["id"], record["date"], record["region"], record["era"], record["style"], record["event"], number)
    yield from (statement["content"][0][0], statement["content"][-1][1], statement["kind"], said(record, statement))
    yield from (_of(text, statement["cue"]), _of(text, statement["source"]))
    yield from (statement["speaker"], statement["speaker_actor"], statement["stance"])
    if target:
        yield from (target["actor"], _of(text, target["mention"]), target["stance"])
    else:
        yield from (None, None, statement["stance"])


def _of(text: str, pair: Pair | None) -> str | None:
    return text[pair[0] : pair[1]] if pair else None


def to_docbin(records: Iterable[Record]) -> DocBin:
    """The articles as a spaCy DocBin: one Doc an article, labels as span groups.

    The groups are ``contents`` (labelled by kind), ``stances`` (the same spans, labelled by stance), ``cues``, ``sources`` (labelled
    by the speaker's actor) and ``targets`` (labelled by stance, with the actor as `kb_id`). The `id` of a span is the number of its
    statement, from 1. Spans grow to whole tokens where a tokeniser that knows nothing of the corpus needs it.

    Raises:
        MissingExtraError: If `spacy` is not installed.
    """
    spacy = _optional("spacy", extra="spacy", purpose="make a DocBin")
    tokens = _optional("spacy.tokens", extra="spacy", purpose="make a DocBin")
    language = spacy.blank("en")
    docbin = tokens.DocBin(store_user_data=True)
    for record in records:
        doc = language.make_doc(record["text"])
        doc.user_data = {key: value for key, value in record.items() if key not in {"text", "statements"}}
        for group, spans in _groups(doc, record).items():
            doc.spans[group] = spans
        docbin.add(doc)
    return docbin


def _groups(doc: Doc, record: Record) -> dict[str, list[Any]]:
    groups: dict[str, list[Any]] = {name: [] for name in ("contents", "stances", "cues", "sources", "targets")}
    for number, statement in enumerate(record["statements"], start=1):
        for pair in statement["content"]:
            groups["contents"].append(_span(doc, pair, number, statement["kind"]))
            groups["stances"].append(_span(doc, pair, number, statement["stance"]))
        if statement["cue"]:
            groups["cues"].append(_span(doc, statement["cue"], number, "cue"))
        if statement["source"]:
            groups["sources"].append(_span(doc, statement["source"], number, statement["speaker_actor"] or ""))
        for target in statement["targets"]:
            if target["mention"]:
                groups["targets"].append(_span(doc, target["mention"], number, target["stance"], actor=target["actor"]))
    return groups


def _span(doc: Doc, pair: Pair, number: int, label: str, *, actor: str = "") -> Any:
    return doc.char_span(*pair, label=label, kb_id=actor, span_id=str(number), alignment_mode="expand")


def _optional(module: str, *, extra: str, purpose: str) -> Any:
    """A module of an optional package."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise MissingExtraError(module.partition(".")[0], extra=extra, purpose=purpose) from error
