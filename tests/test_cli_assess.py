"""`stance assess`."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from stance import cli
from stance.pipeline import Analysis, Analyzer

TEXT = "“If the fleet does not leave, we will sink it,” Norwegian Defence Minister Liv Haug said on Monday in a message to Moscow."
FILES = ["assessments.csv", "report.html", "statements.parquet"]


@pytest.fixture
def run():
    return lambda *arguments: CliRunner().invoke(cli.app, ["assess", *map(str, arguments)])


@pytest.fixture
def corpus(tmp_path: Path, analysis: Analysis) -> Path:
    """One article without statements and one with."""
    path = tmp_path / "corpus.jsonl"
    path.write_text(json.dumps({"id": "new", "date": "2031-05-20", "text": TEXT}) + "\n" + analysis.to_json() + "\n", encoding="utf-8")
    return path


def articles(folder: Path) -> dict[str, int]:
    return pd.read_parquet(folder / "statements.parquet").groupby("article").statement.nunique().to_dict()


def test_three_files_are_written_and_named(run, corpus: Path, tmp_path: Path) -> None:
    result: Result = run(corpus, "--every", "month", "-o", tmp_path / "a" / "out", "--title", "Grey Fleet")
    assert result.exit_code == 0, result.stderr
    assert sorted(Path(line).name for line in result.stdout.splitlines()) == FILES
    assert sorted(path.name for path in (tmp_path / "a" / "out").iterdir()) == FILES
    assert "<h1>Grey Fleet</h1>" in (tmp_path / "a" / "out" / "report.html").read_text(encoding="utf-8")


def test_statements_that_came_are_kept_unless_told_otherwise(run, corpus: Path, tmp_path: Path) -> None:
    result = run(corpus, "-o", tmp_path / "out")
    assert "1 article keeps its statements" in result.stderr
    assert articles(tmp_path / "out") == {"haug": 3, "new": 1}
    result = run(corpus, "-o", tmp_path / "out", "--fresh")
    assert "keeps its statements" not in result.stderr
    labelled = Analyzer().analyze(Analysis.from_dict(json.loads(corpus.read_text(encoding="utf-8").splitlines()[1])).article)
    assert articles(tmp_path / "out")["haug"] == len(labelled)


def test_a_corpus_of_statements_needs_no_model(run, tmp_path: Path, analysis: Analysis, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "s.jsonl").write_text(analysis.to_json() + "\n", encoding="utf-8")
    monkeypatch.setattr(cli, "_analyzer", None)
    assert run(tmp_path / "s.jsonl", "-o", tmp_path / "out").exit_code == 0


def test_undated_articles_are_told_of(run, tmp_path: Path) -> None:
    (tmp_path / "haug.txt").write_text(TEXT, encoding="utf-8")
    result = run(tmp_path / "haug.txt", "-o", tmp_path / "out")
    assert result.exit_code == 0
    assert "1 of 1 articles have no date" in result.stderr
    assert "has no date" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


def test_a_bad_line_fails_alone(run, corpus: Path, tmp_path: Path) -> None:
    broken = {"id": "b", "text": "x", "statements": [{"content": [[0, 9]], "kind": "direct", "targets": [], "stance": "neutral"}]}
    corpus.write_text(corpus.read_text(encoding="utf-8") + json.dumps(broken) + "\n{oops\n", encoding="utf-8")
    result = run(corpus, "-o", tmp_path / "out")
    assert result.exit_code == 1
    assert "corpus.jsonl:3: article 'b': a statement is not in the shared format" in result.stderr
    assert "corpus.jsonl:4: not JSON" in result.stderr
    assert set(articles(tmp_path / "out")) == {"haug", "new"}


def test_nothing_to_assess(run, tmp_path: Path) -> None:
    result = run(tmp_path / "missing.jsonl", "-o", tmp_path / "out")
    assert result.exit_code == 1
    assert "there is nothing to assess" in result.stderr
    assert not (tmp_path / "out").exists()


def test_the_output_must_be_a_folder(run, corpus: Path) -> None:
    result = run(corpus, "-o", corpus)
    assert result.exit_code == 2
    assert "is a file" in result.stderr


def test_a_report_of_real_articles(run, shared: Path, tmp_path: Path) -> None:
    result = run(shared / "data" / "annotated" / "dev.jsonl", "--every", "month", "-o", tmp_path)
    assert result.exit_code == 0, result.stderr
    assert len(pd.read_csv(tmp_path / "assessments.csv")) > 200
