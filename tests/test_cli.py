"""The command line."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from stance import __version__, cli

TEXT = "“We are ready to defend every inch of our land,” Norwegian Defence Minister Liv Haug said on Monday in a message to Moscow."


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COLUMNS", "80")
    runner = CliRunner()

    def invoke(*arguments: object, stdin: bytes | str | None = None) -> Result:
        return runner.invoke(cli.app, [str(a) for a in arguments], input=stdin)

    return invoke


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "haug.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def jsonl(path: Path, *records: object) -> Path:
    path.write_text("".join((r if isinstance(r, str) else json.dumps(r)) + "\n" for r in records), encoding="utf-8")
    return path


def test_the_example_as_a_table(run) -> None:
    result = run("analyze", "--example")
    assert result.exit_code == 0, result.stderr
    assert "Kaskela" in result.stdout
    assert "deterrent" in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80
    assert result.stderr == ""


def test_json_lines_carry_ids_through(run, tmp_path: Path) -> None:
    path = jsonl(tmp_path / "in.jsonl", {"id": "b", "text": TEXT, "title": "T", "date": "2031-05-04"}, {"id": "a", "text": "Rain fell."})
    result = run("analyze", path, "--format", "jsonl")
    assert result.exit_code == 0
    first, second = map(json.loads, result.stdout.splitlines())
    assert (first["id"], first["title"], first["date"], first["text"]) == ("b", "T", "2031-05-04", TEXT)
    (statement,) = first["statements"]
    assert statement["speaker_actor"] == "NOR"
    assert second["statements"] == []


def test_csv(run, article: Path) -> None:
    result = run("analyze", article, "-f", "csv")
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert {row["article"] for row in rows} == {str(article)}
    assert {row["speaker"] for row in rows} == {"Liv Haug"}


def test_html_page(run, article: Path) -> None:
    result = run("analyze", article, "--example", "--format", "html")
    assert result.stdout.startswith("<!doctype html>")
    assert result.stdout.count("<article") == 2


@pytest.mark.parametrize("stdin", [TEXT, json.dumps({"id": "stdin", "text": TEXT}) + "\n"])
def test_standard_input(run, stdin: str) -> None:
    result = run("analyze", "-", "--format", "jsonl", stdin=stdin)
    assert json.loads(result.stdout)["id"] == "stdin"


def test_some_input_failed_the_rest_is_done(run, article: Path, tmp_path: Path) -> None:
    lines = jsonl(tmp_path / "in.jsonl", {"id": "ok", "text": TEXT}, "{broken", {"id": "blank", "text": " "}, {"id": "end", "text": TEXT})
    result = run("analyze", tmp_path / "none.txt", lines, article, "--format", "jsonl")
    assert result.exit_code == cli.FAILED
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == ["ok", "end", str(article)]
    assert f"stance: {tmp_path / 'none.txt'}: cannot be read (No such file or directory)" in result.stderr
    assert f"stance: {lines}:2: not JSON" in result.stderr
    assert f"stance: {lines}:3: article 'blank' is empty" in result.stderr


def test_a_fault_of_the_library_stops_one_article_only(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from stance.attribution import Rules

    find = Rules.find

    def fragile(self, documents, *, thoughts=False):
        if any(document.article.id == "bad" for document in documents):
            raise RuntimeError("out of luck")
        return find(self, documents, thoughts=thoughts)

    monkeypatch.setattr(Rules, "find", fragile)
    path = jsonl(tmp_path / "in.jsonl", *({"id": i, "text": TEXT} for i in ("a", "bad", "c")))
    result = run("analyze", path, "--model", "baseline", "--format", "jsonl")
    assert result.exit_code == cli.FAILED
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == ["a", "c"]
    assert "bad: could not be analysed: RuntimeError: out of luck" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["analyze"], "name at least one file"),
        (["analyze", "--example", "--format", "pdf"], "pdf"),
        (["analyze", "--example", "--model", "no-such-model"], "no-such-model"),
        (["analyze", "--example", "-o", "/nowhere/at/all.txt"], "there is no folder"),
        (["analyze", "--example", "-o", "."], "is a folder"),
        (["analyse"], "analyse"),
    ],
)
def test_wrong_usage(run, arguments: list[str], complaint: str) -> None:
    result = run(*arguments)
    assert result.exit_code == cli.USAGE
    assert complaint in " ".join(result.stderr.replace("│", " ").split())


def test_an_input_is_never_replaced(run, article: Path) -> None:
    result = run("analyze", article, "-o", article)
    assert result.exit_code == cli.USAGE
    assert article.read_text(encoding="utf-8") == TEXT


def test_output_replaces_a_file_only_at_the_end(run, article: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out.csv"
    out.write_text("before")
    assert run("analyze", tmp_path / "none.txt", "-f", "csv", "-o", out).exit_code == cli.FAILED
    assert out.read_text() == "before", "nothing was analysed"

    from stance import pipeline

    with monkeypatch.context() as patch:
        patch.setattr(pipeline.Analyzer, "stream", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
        result = run("analyze", article, "-f", "csv", "-o", out)
    assert (result.exit_code, result.stderr) == (cli.INTERRUPTED, "stance: interrupted\n")
    assert out.read_text() == "before"

    assert run("analyze", article, "-f", "csv", "-o", out).exit_code == 0
    assert out.read_text(encoding="utf-8").startswith("article,statement,")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["haug.txt", "out.csv"]


def test_a_device_is_written_not_replaced(run, article: Path) -> None:
    assert run("analyze", article, "-o", os.devnull).exit_code == 0
    assert not Path(os.devnull).is_file()


def test_version_and_help(run) -> None:
    assert run("--version").stdout == f"stance {__version__}\n"
    assert run().exit_code == cli.USAGE
    page = run("analyze", "--help")
    assert page.exit_code == 0
    assert "stance analyze archive.jsonl" in page.stdout
    assert "130 interrupted" in " ".join(page.stdout.split())


def test_python_m_stance_in_a_pipe_that_closes(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "in.jsonl", *({"id": f"{n}", "text": TEXT} for n in range(500)))
    command = [sys.executable, "-m", "stance", "analyze", str(path), "--format", "jsonl"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert json.loads(process.stdout.readline())["id"] == "0"
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == cli.BROKEN_PIPE


@pytest.mark.skipif(os.name == "nt", reason="signals are those of POSIX")
def test_interrupt_leaves_no_half_written_file(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    command = [sys.executable, "-m", "stance", "analyze", "-", "--format", "jsonl", "-o", str(out)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        deadline = time.monotonic() + 30
        while not list(tmp_path.iterdir()) and time.monotonic() < deadline:
            time.sleep(0.02)  # until it waits for its input, the file aside opened
        assert [p.name for p in tmp_path.iterdir()] == [f".out.jsonl.{process.pid}.part"]
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=30)
    assert process.returncode == cli.INTERRUPTED
    assert stderr == b"stance: interrupted\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(("articles", "shown"), [(3, True), (1, False)])
def test_progress_only_for_several_articles(tmp_path: Path, articles: int, shown: bool) -> None:
    path = jsonl(tmp_path / "in.jsonl", *({"id": f"{n}", "text": TEXT} for n in range(articles)))
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "stance", "analyze", str(path), "-o", str(tmp_path / "out")]
    environment = os.environ | {"TERM": "xterm"}
    done = subprocess.run(command, stderr=theirs, stdin=subprocess.DEVNULL, check=False, env=environment)
    os.write(theirs, b"\n")
    assert done.returncode == 0
    assert (b"articles" in os.read(ours, 100_000)) is shown
    os.close(ours)
    os.close(theirs)
