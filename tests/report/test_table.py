"""The table on a terminal."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest

from stance.pipeline import Analysis
from stance.report import table


def shown(*analyses: Analysis) -> str:
    out = io.StringIO()
    table.write(analyses, out)
    return out.getvalue()


@pytest.fixture(autouse=True)
def _width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("FORCE_COLOR", raising=False)


def test_everything_is_there_without_colour_in_80_columns(analysis: Analysis) -> None:
    written = shown(analysis)
    assert max(map(len, written.splitlines())) <= 80
    assert "\x1b" not in written
    assert "haug · A day at sea · 2031-05-04" in written
    assert "3 statements: 1 threatening, 1 reassuring, 1 neutral" in written
    words = " ".join(written.split())
    for piece in ("Liv Haug (NOR)", "threatening → Grey Fleet 90%", "deterrent → Grey Fleet 50%", "neutral 100%", "“Leave our waters"):
        assert all(word in words for word in piece.split())


def test_markup_and_control_characters_of_a_text_do_nothing(analysis: Analysis) -> None:
    hostile = replace(analysis[2], text="[red]x[/red] \x1b[31mred\x07 \u202eabc \ud800 :smile:")
    written = shown(replace(analysis, statements=(hostile,)))
    assert "[red]x[/red]" in written
    assert ":smile:" in written
    assert not set(written) & {"\x1b", "\x07", "\u202e", "\ud800"}


def test_colour_only_on_request(analysis: Analysis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[" in shown(analysis)


def test_an_article_without_statements(analysis: Analysis) -> None:
    assert "0 statements" in shown(replace(analysis, statements=()))
