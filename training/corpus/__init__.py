"""The seed corpus: read, checked, counted, split, compared and exported.

`records` reads it, `checks` and `duplicates` find what is wrong in it, `spread` counts what it holds, `splits` parts it,
`agreement` compares two labellings, `export` hands it to other tools, and `commands` puts all of it on the command line.
"""

from __future__ import annotations

from training.corpus.agreement import compare
from training.corpus.checks import problems
from training.corpus.duplicates import near_duplicates, shared_passages
from training.corpus.export import as_dataset, to_csv, to_docbin
from training.corpus.records import Record, load
from training.corpus.splits import make, read, write
from training.corpus.spread import measure

__all__ = [
    "Record",
    "as_dataset",
    "compare",
    "load",
    "make",
    "measure",
    "near_duplicates",
    "problems",
    "read",
    "shared_passages",
    "to_csv",
    "to_docbin",
    "write",
]
