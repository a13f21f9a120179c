"""Corpora as tables of `datasets`: one row for each statement, with typed features."""

from __future__ import annotations

import hashlib
import json

import datasets

from stance.types import Kind, Stance
from training.data import Corpus

FEATURES = datasets.Features(
    {
        "article": datasets.Value("string"),
        "event": datasets.Value("string"),
        "text": datasets.Value("string"),
        "kind": datasets.ClassLabel(names=[str(k) for k in Kind]),
        "speaker": datasets.Value("string"),
        "speaker_actor": datasets.Value("string"),
        "targets": datasets.Value("int64"),
        "stance": datasets.ClassLabel(names=[str(s) for s in Stance]),
    }
)


def statements(corpus: Corpus) -> datasets.Dataset:
    """The statements of a corpus."""
    rows = [
        {
            "article": article.record["id"],
            "event": article.group,
            "text": " … ".join(article.record["text"][start:end] for start, end in statement["content"]),
            "kind": statement["kind"],
            "speaker": statement.get("speaker") or "",
            "speaker_actor": statement.get("speaker_actor") or "",
            "targets": len(statement["targets"]),
            "stance": statement["stance"],
        }
        for article in corpus.articles
        for statement in article.record["statements"]
    ]
    return datasets.Dataset.from_list(rows, features=FEATURES)


def name(corpus: Corpus) -> str:
    """A corpus's folder and file, by which runs and bundles name it."""
    return "/".join(corpus.path.parts[-2:])


def digest(corpus: Corpus) -> str:
    """SHA-256 of the articles that are used: a part of a file differs from its other parts, and stays itself when those change."""
    lines = (json.dumps(article.record, sort_keys=True, ensure_ascii=False) for article in corpus.articles)
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()
