"""Spread: what the corpus holds of what, and whether that is enough."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median

from stance.actors.gazetteer import Sort, gazetteer
from training.corpus.records import ERAS, KINDS, REGIONS, STANCES, STYLES, Record, StatementRecord, said, statements, words

ARTICLES, STATEMENTS = 300, 2400
PER_STANCE = 300
PER_CONTRAST = 60
MOST_OF_A_REGION = 0.25
#: Stances that are easily taken for each other.
CONTRASTS = (
    ("threatening", "deterrent"),
    ("deterrent", "reassuring"),
    ("threatening", "neutral"),
    ("alarmed", "neutral"),
    ("reassuring", "neutral"),
)
SPEAKERS = ("named", "pronominal", "collective", "anonymous", "absent")
_PRONOUNS = frozenset("he she they it we i you who his her their its one himself herself themselves".split())
_DETERMINERS = frozenset("the a an one its his her their this another".split())
_MODIFIER = re.compile(r",| (?:of|in|at|for|from|to|on|who|which|that) ")
_BODIES = frozenset(
    {Sort.BODY, Sort.FORCES, Sort.OFFICIALS, Sort.PEOPLE, Sort.ORGANISATION, Sort.MEDIA, Sort.DOCUMENT, Sort.STATE, Sort.CAPITAL, Sort.SEAT}
)
_SHORT, _LONG = 10, 25


@dataclass(frozen=True, slots=True)
class Count:
    """How often a property has each of its values.

    Attributes:
        name: The property.
        unit: What is counted: articles, statements or pairs.
        values: The counts.
        least: How many of each are wanted.
    """

    name: str
    unit: str
    values: Mapping[str, int]
    least: int = 1


@dataclass(frozen=True, slots=True)
class Spread:
    """What a corpus holds, and what it lacks."""

    counts: tuple[Count, ...]
    lengths: Mapping[str, tuple[int, float, int]]
    shortfalls: tuple[str, ...]


def measure(records: list[Record]) -> Spread:
    """Counts what a corpus holds by every property that it was written to vary."""
    counts = (*_of_articles(records), *_of_statements([s for _, _, s in statements(records)], records), _contrasts(records))
    lengths = {
        "words an article": _range(len(r["text"].split()) for r in records),
        "statements an article": _range(len(r["statements"]) for r in records),
        "words a statement": _range(len(said(r, s).split()) for _, r, s in statements(records)),
    }
    return Spread(counts, lengths, tuple(_shortfalls(records, counts)))


def _of_articles(records: list[Record]) -> list[Count]:
    return [
        _count("region", "articles", (r["region"] for r in records), REGIONS),
        _count("era", "articles", (r["era"] for r in records), ERAS),
        _count("style", "articles", (r["style"] for r in records), STYLES),
    ]


def _of_statements(found: list[StatementRecord], records: list[Record]) -> list[Count]:
    pairs = [(r, s) for r in records for s in r["statements"]]
    return [
        _count("stance", "statements", (s["stance"] for s in found), STANCES, PER_STANCE),
        _count("kind", "statements", (s["kind"] for s in found), KINDS),
        _count("cue", "statements", map(cue_position, found), ("before", "middle", "after", "absent")),
        _count("speaker", "statements", (speaker_type(r, s) for r, s in pairs), SPEAKERS),
        _count("targets", "statements", (("none", "one", "several")[min(2, len(s["targets"]))] for s in found), ("none", "one", "several")),
        _count("length", "statements", (_length(said(r, s)) for r, s in pairs), ("short", "medium", "long")),
    ]


def _count(name: str, unit: str, found: Iterable[str], values: tuple[str, ...], least: int = 1) -> Count:
    counter = Counter(found)
    return Count(name, unit, {value: counter[value] for value in values}, least)


def _contrasts(records: list[Record]) -> Count:
    """Pairs of statements that the same key sets against each other, by their stances."""
    pairs: defaultdict[str, set[str]] = defaultdict(set)
    for _, _, statement in statements(records):
        if key := statement.get("contrast"):
            pairs[key].add(statement["stance"])
    counter = Counter(frozenset(stances) for stances in pairs.values())
    return Count("contrast", "pairs", {f"{a}/{b}": counter[frozenset((a, b))] for a, b in CONTRASTS}, PER_CONTRAST)


def cue_position(statement: StatementRecord) -> str:
    """Where the cue stands: before, after or in the middle of the content, or nowhere."""
    cue, content = statement["cue"], statement["content"]
    if cue is None:
        return "absent"
    if cue[1] <= content[0][0]:
        return "before"
    return "after" if cue[0] >= content[-1][1] else "middle"


def speaker_type(record: Record, statement: StatementRecord) -> str:
    """How the attributing clause refers to the speaker.

    A rough description by the words of the source: a pronoun; a name of a person; a body, a state or several people; else somebody without
    a name ("a trader", "the Polish minister"). Absent where there is no source.
    """
    if statement["source"] is None:
        return "absent"
    start, end = statement["source"]
    mention = record["text"][start:end]
    if mention.casefold() in _PRONOUNS:
        return "pronominal"
    if _is_person(mention, statement["speaker"]):
        return "named"
    return "collective" if _is_body(mention) else "anonymous"


def _is_person(mention: str, speaker: str | None) -> bool:
    """Whether the mention holds a word of the speaker's name that is capitalised and unknown to the gazetteer."""
    named = {word for word in re.findall(r"[^\W\d_][\w’'-]+", mention) if word[0].isupper() and not gazetteer().knows(word)}
    shared = {word.casefold() for word in named} & set(words(speaker or ""))
    return bool(shared - _DETERMINERS) and not _is_body(mention)


def _is_body(mention: str) -> bool:
    """Whether the last known word of the mention's head stands for a body, a state, a paper or several people."""
    head = _MODIFIER.split(mention)[0]
    known = [entry for word in head.split() if (entry := gazetteer().word(word) or gazetteer().word(word.casefold()))]
    return bool(known) and known[-1].sort in _BODIES


def _length(content: str) -> str:
    count = len(content.split())
    return "short" if count < _SHORT else "long" if count > _LONG else "medium"


def _range(numbers: Iterable[int]) -> tuple[int, float, int]:
    found = sorted(numbers)
    return (found[0], median(found), found[-1]) if found else (0, 0, 0)


def _shortfalls(records: list[Record], counts: tuple[Count, ...]) -> Iterable[str]:
    total = sum(len(r["statements"]) for r in records)
    for number, wanted, unit in ((len(records), ARTICLES, "articles"), (total, STATEMENTS, "statements")):
        if number < wanted:
            yield f"{number} {unit}; at least {wanted} wanted"
    for count in counts:
        for value, number in count.values.items():
            if number < count.least:
                yield f"{count.name} {value}: {number} {count.unit}; at least {count.least} wanted"
            if count.name == "region" and number > MOST_OF_A_REGION * len(records):
                yield f"{count.name} {value}: {number} of {len(records)} articles; at most {MOST_OF_A_REGION:.0%} wanted"
