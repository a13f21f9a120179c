"""A table for people who read a terminal: with or without colour, from 80 columns up."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable
from typing import TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from stance.pipeline import Analysis
from stance.types import Kind, Stance, Statement

_STYLES = {
    Stance.THREATENING: "bold red",
    Stance.DETERRENT: "bold blue",
    Stance.REASSURING: "green",
    Stance.ALARMED: "yellow",
    Stance.NEUTRAL: "dim",
}

_WIDEST = 120
_VISIBLE = {"Cc": "\ufffd", "Cs": "\ufffd", "Cf": ""}  # control, lone surrogate, invisible formatting


def write(analyses: Iterable[Analysis], out: TextIO) -> None:
    """Writes one table an article.

    Args:
        analyses: What to show.
        out: A text stream; colour is used if it is a terminal and ``NO_COLOR`` is not set.
    """
    console = Console(file=out, highlight=False, emoji=False)
    for number, analysis in enumerate(analyses):
        if number:
            console.print()
        console.print(_heading(analysis))
        if analysis.statements:
            console.print(_table(analysis.statements), width=min(console.width, _WIDEST))


def _heading(analysis: Analysis) -> Text:
    article = analysis.article
    counts = Counter(s.stance for s in analysis.statements)
    parts = [f"{counts[stance]} {stance.value}" for stance in Stance if counts[stance]]
    total = len(analysis.statements)
    found = f"{total} statement{'' if total == 1 else 's'}" + (f": {', '.join(parts)}" if parts else "")
    names = [name for name in (article.id, article.title, article.date and article.date.isoformat()) if name]
    return Text.assemble((_shown(" · ".join(names) or "article"), "bold"), "\n", found)


def _table(statements: Iterable[Statement]) -> Table:
    table = Table(box=None, padding=(0, 1, 1, 0), show_edge=False, expand=True, header_style="underline")
    table.add_column("#", justify="right", no_wrap=True)
    table.add_column("Speaker", ratio=3, overflow="fold")
    table.add_column("Stance, target", ratio=4, overflow="fold")
    table.add_column("Words", ratio=7, overflow="fold")
    for number, statement in enumerate(statements, start=1):
        table.add_row(str(number), _speaker(statement), _stances(statement), _words(statement))
    return table


def _speaker(statement: Statement) -> Text:
    speaker = statement.speaker
    if speaker is None:
        return Text("?", style="dim")
    text = Text(_shown(speaker.name))
    if speaker.actor and speaker.actor.id != speaker.name:
        text.append(f" ({_shown(speaker.actor.id)})")
    return text


def _stances(statement: Statement) -> Text:
    if not statement.targets:
        return Text.assemble((statement.stance.value, _STYLES[statement.stance]), f" {statement.confidence:.0%}")
    lines = [Text.assemble((t.stance.value, _STYLES[t.stance]), f" → {_shown(t.actor.name)} {t.confidence:.0%}") for t in statement.targets]
    return Text("\n").join(lines)


def _words(statement: Statement) -> Text:
    words = f"“{statement.text}”" if statement.kind is Kind.DIRECT else statement.text
    return Text(_shown(words))


def _shown(words: str) -> str:
    """The words on one line, without the control characters that would steer the reader's terminal."""
    return "".join(_VISIBLE.get(unicodedata.category(c), c) for c in " ".join(words.split()))
