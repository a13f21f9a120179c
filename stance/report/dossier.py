"""The dossier of a corpus: a folder with every statement, every figure, and the report."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from stance import serialise
from stance.assessment import Assessments
from stance.assessment.events import Analysed
from stance.errors import MissingExtraError
from stance.files import written_aside
from stance.report import page
from stance.types import Statement, Target

try:
    import pyarrow as pa
    from pyarrow import parquet
except ImportError:
    raise MissingExtraError("pyarrow", extra="report", purpose="write statements.parquet") from None

STATEMENTS, ASSESSMENTS, REPORT = "statements.parquet", "assessments.csv", "report.html"

_SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("article", "title")),
        ("date", pa.date32()),
        *((name, pa.int32()) for name in ("statement", "start", "end")),
        *((name, pa.string()) for name in ("kind", "speaker", "speaker_actor", "target", "target_mention", "stance")),
        ("confidence", pa.float64()),
        *((name, pa.string()) for name in ("text", "probabilities")),
        ("evidence", pa.list_(pa.string())),
    ]
)


def write(folder: Path, analyses: Sequence[Analysed], assessments: Assessments, *, title: str) -> list[Path]:
    """Writes ``statements.parquet``, ``assessments.csv`` and ``report.html``; each takes its place only when it is complete.

    Args:
        folder: Where to; it is made if it does not exist.
        analyses: The corpus.
        assessments: What was made of it.
        title: The headline of the report.

    Returns:
        The files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    html = page.render(assessments, analyses, title=title)
    return [
        _replaced(folder / STATEMENTS, lambda path: write_statements(path, analyses)),
        _replaced(folder / ASSESSMENTS, lambda path: write_assessments(path, assessments)),
        _replaced(folder / REPORT, lambda path: path.write_text(html, encoding="utf-8")),
    ]


def write_statements(path: Path, analyses: Iterable[Analysed]) -> None:
    """Writes a row for each statement and target (`stance.serialise.Row`, and date, title, probabilities and evidence) as Parquet."""
    rows = [row for analysis in analyses for row in _rows(analysis)]
    parquet.write_table(pa.Table.from_pylist(rows, schema=_SCHEMA), path)


def write_assessments(path: Path, assessments: Assessments) -> None:
    """Writes a row for each pair and period, then one for each pair over the whole corpus, which has ``all`` for its start, as CSV."""
    rows = [row.to_dict() for row in assessments.rows]
    rows += [{**row.to_dict(), "start": "all", "end": "all"} for row in assessments.overall]
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, assessments.columns(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _rows(analysis: Analysed) -> Iterator[dict[str, Any]]:
    article = analysis.article
    said = [(statement, target) for statement in analysis.statements for target in statement.targets or (None,)]
    for row, (statement, target) in zip(serialise.rows(article, analysis.statements), said, strict=True):
        more = {"title": article.title, "date": article.date, "probabilities": _probabilities(statement, target)}
        cells = {**row._asdict(), **more, "evidence": [span.of(article.text) for span in statement.evidence]}
        yield {name: _storable(cell) for name, cell in cells.items()}


def _probabilities(statement: Statement, target: Target | None) -> str | None:
    """As JSON: toward the target, or of the statement as a whole; None for gold data."""
    probabilities = (target or statement).probabilities
    return json.dumps({str(k): round(v, 4) for k, v in probabilities.items()}) if probabilities else None


def _storable(cell: Any) -> Any:
    """The cell without lone surrogates, which UTF-8 cannot hold."""
    if isinstance(cell, list):
        return [_storable(item) for item in cell]
    return cell.encode("utf-8", errors="replace").decode() if isinstance(cell, str) else cell


def _replaced(path: Path, fill: Callable[[Path], object]) -> Path:
    with written_aside(path) as aside:
        fill(aside)
    return path
