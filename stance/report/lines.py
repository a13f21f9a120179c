"""Formats for other programs: JSON Lines and CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import TextIO

from stance import serialise
from stance.pipeline import Analysis


def write_jsonl(analyses: Iterable[Analysis], out: TextIO) -> None:
    """Writes one line of the shared JSON format an article."""
    for analysis in analyses:
        out.write(analysis.to_json() + "\n")


def write_csv(analyses: Iterable[Analysis], out: TextIO) -> None:
    """Writes a head line, then one row for each statement and target (`stance.serialise.Row`)."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(serialise.Row._fields)
    for analysis in analyses:
        writer.writerows(serialise.rows(analysis.article, analysis.statements))
