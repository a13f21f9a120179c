"""Splits: train, dev and test, which part no event and no contrast pair; made once, then frozen."""

from __future__ import annotations

import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from stance.errors import InputError
from training.corpus.records import Record, statements

SHARES = {"train": 0.70, "dev": 0.15, "test": 0.15}

Splits = dict[str, list[str]]


class Family(NamedTuple):
    """Articles that belong together, and what they hold: statements by stance, articles by region."""

    articles: tuple[str, ...]
    holds: Counter[str]


def make(records: list[Record], *, seed: int) -> Splits:
    """Parts a corpus; the same articles and seed give the same splits.

    Families of articles, the largest first, go where most is wanting of what they hold.

    Args:
        records: The articles.
        seed: The order among families of one size.

    Returns:
        For each split the ids of its articles, sorted.
    """
    families = list(_families(records))
    random.Random(seed).shuffle(families)  # noqa: S311
    families.sort(key=lambda family: -len(family.articles))
    total = sum((family.holds for family in families), Counter[str]())
    wanting = {name: {held: share * count for held, count in total.items()} for name, share in SHARES.items()}
    splits: Splits = {name: [] for name in SHARES}
    for family in families:
        best = max(SHARES, key=lambda name: _relief(family.holds, wanting[name], SHARES[name], total))
        splits[best] += family.articles
        for held, count in family.holds.items():
            wanting[best][held] -= count
    return {name: sorted(ids) for name, ids in splits.items()}


def _relief(holds: Counter[str], wanting: Mapping[str, float], share: float, total: Counter[str]) -> float:
    """By how much the squared relative want of a split falls if it takes a family."""
    return sum((wanting[h] ** 2 - (wanting[h] - count) ** 2) / (share * total[h] ** 2) for h, count in holds.items())


def _families(records: list[Record]) -> Iterator[Family]:
    """Articles joined by their event or by a contrast pair."""
    parent = {record["id"]: record["id"] for record in records}

    def root(article: str) -> str:
        while parent[article] != article:
            article = parent[article]
        return article

    ties: defaultdict[str, list[str]] = defaultdict(list)
    for record in records:
        ties[f"event {record['event']}"].append(record["id"])
    for place, _, statement in statements(records):
        if key := statement.get("contrast"):
            ties[f"contrast {key}"].append(place.article)
    for first, *others in ties.values():
        for other in others:
            parent[root(other)] = root(first)
    members: defaultdict[str, list[Record]] = defaultdict(list)
    for record in records:
        members[root(record["id"])].append(record)
    for family in members.values():
        holds = Counter(f"stance {s['stance']}" for r in family for s in r["statements"])
        holds.update(f"region {r['region']}" for r in family)
        yield Family(tuple(r["id"] for r in family), holds)


def write(path: Path, splits: Splits, *, seed: int, force: bool = False) -> None:
    """Freezes splits in a file.

    Raises:
        InputError: If the file is there already and `force` is not set.
    """
    if path.exists() and not force:
        raise InputError(f"{path} is frozen: figures measured on it could no longer be compared; --force writes it anew")
    path.write_text(json.dumps({"seed": seed, **splits}, indent=1) + "\n", encoding="utf-8")


def read(path: Path) -> Splits:
    """The frozen splits.

    Raises:
        InputError: If the file is missing or lacks a split.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return {name: list(found[name]) for name in SHARES}
    except FileNotFoundError:
        raise InputError(f"{path} is missing; python -m training data split {path.parent} writes it") from None
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise InputError(f"{path} does not hold the splits {', '.join(SHARES)}: {error!r}") from error


def inconsistencies(records: list[Record], splits: Splits) -> Iterator[str]:
    """Articles in no split or in several, ids that no article has, and families that are parted."""
    homes: defaultdict[str, list[str]] = defaultdict(list)
    for name, ids in splits.items():
        for article in ids:
            homes[article].append(name)
    known = {record["id"] for record in records}
    yield from (f"{article} is in no split" for article in sorted(known - set(homes)))
    yield from (f"split {names[0]} has {article}, which is no article" for article, names in homes.items() if article not in known)
    yield from (f"{article} is in {' and '.join(names)}" for article, names in homes.items() if len(names) > 1)
    for family in _families(records):
        parts = {name for article in family.articles for name in homes.get(article, [])}
        if len(parts) > 1:
            yield f"{', '.join(family.articles)} share an event or a contrast pair, but are in {' and '.join(sorted(parts))}"
