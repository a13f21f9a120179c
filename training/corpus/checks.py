"""Checks: every span and every label of a corpus, one by one."""

from __future__ import annotations

import csv
import datetime
import importlib.resources
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import pycountry

from stance.actors.gazetteer import Sort, gazetteer
from stance.types import PRECEDENCE, Stance
from training.corpus import spans
from training.corpus.records import ERAS, KINDS, REGIONS, STANCES, STYLES, Place, Record, StatementRecord, statements, words

_CODE = re.compile(r"[A-Z]{3}")
_WORDS = range(100, 451)
_ACTIVE = tuple(map(str, PRECEDENCE))


class Problem(NamedTuple):
    """Something wrong, and where."""

    place: Place
    message: str


def problems(records: list[Record]) -> Iterator[Problem]:
    """Everything that is wrong with the articles of a corpus, in their order."""
    seen: set[str] = set()
    for record in records:
        whole = Place(record["id"], 0)
        if record["id"] in seen:
            yield Problem(whole, "another article has this id")
        seen.add(record["id"])
        yield from (Problem(whole, message) for message in _article(record))
        readable = True
        for number, statement in enumerate(record["statements"], start=1):
            place, lost = Place(record["id"], number), list(spans.outside(record, statement))
            readable = readable and not lost
            yield from (Problem(place, message) for message in lost or spans.misplaced(record, statement))
            yield from (Problem(place, message) for message in _labels(record, statement))
        if readable:
            yield from (Problem(Place(record["id"], number), message) for number, message in spans.wrong_kinds(record))
    yield from _contrasts(records)


def _article(record: Record) -> Iterator[str]:
    for key, value, allowed in (("region", record["region"], REGIONS), ("era", record["era"], ERAS), ("style", record["style"], STYLES)):
        if value not in allowed:
            yield f"{key} {value!r} is none of {', '.join(allowed)}"
    try:
        if f"{datetime.date.fromisoformat(record['date']).year // 10}0s" != record["era"]:
            yield f"date {record['date']} is not of the {record['era']}"
    except ValueError:
        yield f"date {record['date']!r} is not like 1962-10-23"
    if not record["event"]:
        yield "no event"
    length = len(record["text"].split())
    if length not in _WORDS:
        yield f"{length} words; between {_WORDS.start} and {_WORDS.stop - 1} wanted"
    if not record["statements"]:
        yield "no statements"
    contents = [s["content"] for s in record["statements"]]
    if contents != sorted(contents):
        yield "the statements do not stand in the order of the text"
    for content in contents:
        if contents.count(content) > 1:
            yield f"two statements have the content {content}"


def _labels(record: Record, statement: StatementRecord) -> Iterator[str]:
    for key, value, allowed in (("kind", statement["kind"], KINDS), ("stance", statement["stance"], STANCES)):
        if value not in allowed:
            yield f"{key} {value!r} is none of {', '.join(allowed)}"
    if statement["speaker_actor"] and not statement["speaker"]:
        yield "an actor without a speaker"
    yield from _speaker(record, statement["speaker"] or "")
    aimed = [target["actor"] for target in statement["targets"]]
    if len(set(aimed)) < len(aimed) or not all(aimed):
        yield f"targets {aimed}: each actor once, and none null (a promise to the world at large has no target)"
    for actor in filter(None, [statement["speaker_actor"], *aimed]):
        yield from _actor(actor)
    yield from _precedence(statement)


def _speaker(record: Record, speaker: str) -> Iterator[str]:
    """The fullest name that the article gives is made of its words; only a state's adjective may be supplied ("its ministry")."""
    known = _vocabulary(f"{record['title'] or ''} {record['text']}")
    missing = [word for word in words(re.sub("[’']s\\b", "", speaker)) if word not in known and not _is_demonym(word)]
    if missing:
        yield f"speaker {speaker!r}: the article has no {missing[0]!r}"


@cache
def _vocabulary(article: str) -> frozenset[str]:
    return frozenset(words(article))


def _is_demonym(word: str) -> bool:
    entry = gazetteer().word(word.capitalize())
    return entry is not None and entry.sort is Sort.DEMONYM


def _actor(actor: str) -> Iterator[str]:
    if actor == "XKX" or pycountry.countries.get(alpha_3=actor):
        return
    usual = _organisations().get(actor)
    if usual and usual != actor:
        yield f"actor {actor!r} goes by the name of {usual!r}"
    if not usual and _CODE.fullmatch(actor):
        yield f"actor {actor!r} is no ISO 3166-1 alpha-3 code of today and no organisation that the library knows"


@cache
def _organisations() -> dict[str, str]:
    """The library's organisations and armed groups by every name and alias that it has for them."""
    table = (importlib.resources.files("stance.actors") / "resources" / "organisations.tsv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))
    known = {row["actor"]: row["actor"] for row in rows}
    for row in rows:
        for name in (row["name"], *row["aliases"].split("|")):
            known.setdefault(name, row["actor"])
    return known


def _precedence(statement: StatementRecord) -> Iterator[str]:
    stances = {target["stance"] for target in statement["targets"]}
    if not stances <= set(_ACTIVE):
        yield f"a target's stance is one of {', '.join(_ACTIVE)}"
    elif not stances and statement["stance"] == Stance.ALARMED:
        yield "alarmed, but at nobody"
    elif stances and statement["stance"] != (main := min(stances, key=_ACTIVE.index)):
        yield f"stance {statement['stance']}; its targets make it {main}"


def _contrasts(records: list[Record]) -> Iterator[Problem]:
    pairs: defaultdict[str, list[tuple[Place, str]]] = defaultdict(list)
    for place, _, statement in statements(records):
        if key := statement.get("contrast"):
            pairs[key].append((place, statement["stance"]))
    for key, members in pairs.items():
        found = [stance for _, stance in members]
        if len(found) != 2 or len(set(found)) != 2:
            yield Problem(members[0][0], f"contrast {key!r}: two statements of different stance share a key, not {found}")
