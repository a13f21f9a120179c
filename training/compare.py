"""Two runs side by side: what differs in parameters, code and data, and by how much the figures do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from training import metrics, registry
from training.scoring import LABELS, Counts
from training.tracking import Record, Store, TrackingError

_CODE = ("git.commit", "git.dirty", "seed", "data.missing")
_LABELS = tuple(f"stance_{label}_f1" for label in LABELS)


def show(store: Store, first: Record, second: Record, *, console: Console) -> None:
    """Prints what differs between two runs."""
    console.print(Group(origin(first, second), *(_figures(store, on, first, second) for on in evaluations(first, second))))


def evaluations(first: Record, second: Record) -> list[str]:
    """The evaluations on which both were measured, by name."""
    both = [{name.split("/")[0] for name in run.metrics if name.endswith("/overlap_f1")} for run in (first, second)]
    return sorted(both[0] & both[1])


def differing(first: Mapping[str, str], second: Mapping[str, str], keys: Iterable[str] | None = None) -> list[tuple[str, str, str]]:
    """Keys whose values differ, with both values; ``-`` for one that is absent."""
    chosen = sorted({*first, *second}) if keys is None else keys
    rows = [(key, first.get(key, "-"), second.get(key, "-")) for key in chosen]
    return [row for row in rows if row[1] != row[2]]


def origin(first: Record, second: Record) -> Table:
    """Parameters, code and data that differ."""
    table = Table("what differs", _title(first), _title(second), title="Configuration, code and data", title_justify="left")
    parts = [
        differing(first.params, second.params),
        differing(first.tags, second.tags, _CODE),
        differing(first.data, second.data),
    ]
    for rows in parts:
        for row in rows:
            table.add_row(*map(Text, row))
        table.add_section()
    if not any(parts):
        table.add_row("nothing", "", "")
    return table


def _figures(store: Store, on: str, first: Record, second: Record) -> Table:
    table = Table("figure", _title(first), _title(second), "difference (95 %)", title=f"On {on}", title_justify="left")
    try:
        counted = registry.pair(store, second, first, on=on)
    except TrackingError:
        counted, table.caption = None, "measured on different articles"
    given = tuple(f"given_{name}" for name in (*metrics.HEADLINES, *_LABELS))
    for group in (metrics.HEADLINES, _LABELS, given):
        for name in group:
            if all(f"{on}/{name}" in run.metrics for run in (first, second)):
                plain = second.metrics[f"{on}/{name}"] - first.metrics[f"{on}/{name}"]
                shown = Text(f"{plain:+.3f}") if counted is None or name.startswith("given_") else _difference(*counted, name)
                table.add_row(name, _cell(first, on, name), _cell(second, on, name), shown)
        table.add_section()
    return table


def _cell(run: Record, on: str, name: str) -> str:
    key = f"{on}/{name}"
    value = f"{run.metrics[key]:.3f}"
    if f"{key}_low" not in run.metrics:
        return value
    return f"{value} ({run.metrics[f'{key}_low']:.3f}–{run.metrics[f'{key}_high']:.3f})"


def _difference(second: Counts, first: Counts, name: str) -> Text:
    """Second less first; bold where the interval leaves out zero."""
    gain = registry.difference(second, first, figure=name)
    sure = gain.low > 0 or gain.high < 0
    return Text(f"{gain.value:+.3f} ({gain.low:+.3f} to {gain.high:+.3f})", style="bold" if sure else "")


def _title(run: Record) -> str:
    return f"{run.name}\n{run.id[:8]}"
