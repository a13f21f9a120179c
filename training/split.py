"""Splits: folds and parts that never part an event, so that a model is judged on news that it has not seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import GroupKFold

from stance.errors import InputError
from training import data
from training.config import HeldOut
from training.corpus import splits
from training.corpus.records import Record
from training.data import Corpus

#: What the parts of the frozen splits are called here: ``dev`` is kept for corpora of real news.
_NAMES = {"dev": "val", "test": "test"}
_DRAW = 13

Rows = NDArray[np.intp]


def folds(groups: Sequence[str], *, count: int, seed: int) -> Iterator[tuple[Rows, Rows]]:
    """Rows to train on and rows to judge on, `count` times; all rows of a group stand on one side."""
    count = min(count, len(set(groups)))
    splitter = GroupKFold(count, shuffle=True, random_state=seed)
    yield from splitter.split(np.zeros(len(groups)), groups=np.asarray(groups))


def parts(held_out: HeldOut) -> tuple[Mapping[str, str], dict[str, Corpus]]:
    """The part of each article of the corpus that is parted, and the parts to measure on by name.

    Raises:
        InputError: If the corpus is missing, or its frozen splits leave out an article.
    """
    corpus = data.corpora([held_out.corpus], [])[0][0]
    if held_out.splits.is_file():
        frozen = splits.read(held_out.splits)
    else:
        frozen = splits.make([_told(article.record) for article in corpus.articles], seed=_DRAW)
    home = {article: name for name, ids in frozen.items() for article in ids}
    for article in corpus.articles:
        if article.record["id"] not in home:
            remedy = f"write the splits anew: python -m training data split {held_out.corpus.parent} --force"
            raise InputError(f"{held_out.splits} puts {article.record['id']!r} of {held_out.corpus} nowhere; {remedy}")
    return home, {name: _part(corpus, home, part) for part, name in _NAMES.items()}


def training(corpus: Corpus, home: Mapping[str, str], held_out: HeldOut) -> Corpus:
    """What may be trained on of a corpus: all of it, unless it is the one that is parted."""
    return _part(corpus, home, "train") if corpus.path == held_out.corpus else corpus


def _part(corpus: Corpus, home: Mapping[str, str], part: str) -> Corpus:
    return Corpus(corpus.path, tuple(a for a in corpus.articles if home[a.record["id"]] == part), corpus.sha256)


def _told(record: Mapping[str, Any]) -> Record:
    """A record with the keys that splits are made by; a corpus of a user's own may lack them."""
    return cast(Record, {"region": "", **record, "event": data.event(record)})
