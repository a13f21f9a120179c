"""The folder that `stance assess` writes."""

from __future__ import annotations

import csv
import datetime
import time
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from stance.assessment import assess
from stance.pipeline import Analysis
from stance.report import dossier
from stance.types import Article
from tests.assessment.synthetic import REMARK, THREAT, article


def test_three_files(analysis: Analysis, tmp_path: Path) -> None:
    written = dossier.write(tmp_path / "new" / "out", [analysis], assess([analysis]), title="T")
    assert [path.name for path in written] == ["statements.parquet", "assessments.csv", "report.html"]
    assert sorted(path.name for path in (tmp_path / "new" / "out").iterdir()) == sorted(path.name for path in written)


def test_statements(analysis: Analysis, tmp_path: Path) -> None:
    odd = Analysis(Article("It rained.\ud800", id="odd"), (replace(analysis[2], content=analysis[2].content, text="\ud800"),))
    dossier.write_statements(tmp_path / "s.parquet", [analysis, odd])
    frame = pd.read_parquet(tmp_path / "s.parquet")
    assert list(frame.stance) == ["threatening", "reassuring", "deterrent", "neutral", "neutral"]
    assert list(frame.target)[:3] == ["Grey Fleet", "ISL", "Grey Fleet"]
    assert frame.date[0] == datetime.date(2031, 5, 4)
    assert list(frame.evidence[0]) == ["will be sunk"]
    assert frame.probabilities[0] == '{"threatening": 0.9, "not_a_target": 0.1}'
    assert frame.date.isna().tolist() == [False, False, False, False, True]


def test_assessments(analysis: Analysis, tmp_path: Path) -> None:
    found = assess([analysis])
    dossier.write_assessments(tmp_path / "a.csv", found)
    rows = list(csv.DictReader((tmp_path / "a.csv").open(encoding="utf-8")))
    assert list(rows[0]) == list(found.to_frame().columns)
    assert [row["start"] for row in rows] == ["2031-04-28"] * len(found) + ["all"] * len(found.overall)
    assert float(rows[0]["issued"]) == pytest.approx(found[0].issued.value, abs=1e-6)


def test_a_failure_leaves_the_old_file(analysis: Analysis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "assessments.csv").write_text("old")

    def fail(path: Path, _: object) -> None:
        path.write_text("half")
        raise OSError("full")

    monkeypatch.setattr(dossier, "write_assessments", fail)
    with pytest.raises(OSError, match="full"):
        dossier.write(tmp_path, [analysis], assess([analysis]), title="T")
    assert (tmp_path / "assessments.csv").read_text() == "old"
    assert not list(tmp_path.glob(".*"))


def test_ten_thousand_statements_take_less_than_ten_seconds(tmp_path: Path) -> None:
    corpus = [article(THREAT, *[REMARK] * 4, day=day % 364) for day in range(2000)]
    found = assess(corpus, draws=100)
    start = time.process_time()
    dossier.write(tmp_path, corpus, found, title="T")
    assert time.process_time() - start < 10
