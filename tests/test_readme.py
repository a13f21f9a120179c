"""The README tells the truth."""

from __future__ import annotations

import contextlib
import io
import json
import re
from pathlib import Path

import pytest

from stance.pipeline import Analysis

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def block(language: str, after: str = "") -> str:
    return re.search(rf"```{language}\n(.*?)```", README[README.index(after) :], re.DOTALL)[1]


def test_the_worked_example_prints_what_stands_there() -> None:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(block("python"), "README.md", "exec"), {})  # noqa: S102 (our own)
    assert out.getvalue() == block("text")


def test_the_format_as_printed_can_be_read() -> None:
    record = json.loads(block("json", after="## The JSON format"))
    record["text"] = "x" * 200
    (statement,) = Analysis.from_dict(record)
    assert statement.speaker.actor.name == "Finland"


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`((?:stance|training|seeds|benchmarks|\.ci)/[\w./-]+|[A-Z]+\.md)`", README))))
def test_paths_that_it_names_exist(path: str) -> None:
    assert (ROOT / path).exists()


def test_it_names_no_path_of_a_machine() -> None:
    assert not re.search(r"/(?:home|Users|work|root|tmp)/", README)
