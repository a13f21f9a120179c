"""Charts of an assessment, with matplotlib: a timeline with intervals, a heatmap of pairs, a directed network.

The figures belong to nobody's global state (`matplotlib.pyplot` is not used). `svg` gives one as a piece of HTML whose colours are those
of the page that it stands in, so that it is light or dark with it.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from stance import markup
from stance.assessment import MEASURES, Assessment, Assessments, Estimate, Measure, Period
from stance.errors import ConfigError, MissingExtraError

try:
    import matplotlib as mpl
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.patches import FancyArrowPatch
except ImportError:
    raise MissingExtraError("matplotlib", extra="report", purpose="draw charts") from None

#: What a measure is called, and its colour: one that a page can replace.
TITLES: dict[Measure, str] = {
    "issued": "issued threat",
    "perceived": "perceived threat",
    "deterrent": "deterrence",
    "reassuring": "reassurance",
    "tension": "net tension",
}
_COLOURS: dict[Measure, str] = {
    "issued": "#c4312a",
    "perceived": "#b87801",
    "deterrent": "#2f62d9",
    "reassuring": "#1d8a46",
    "tension": "#7a4fb5",
}
_INK, _MUTED, _PAPER = "#1c1d1f", "#5d6066", "#ffffff"
_VARIABLES = {_INK: "--ink", _MUTED: "--muted", _PAPER: "--panel"} | {colour: f"--{measure}" for measure, colour in _COLOURS.items()}
_MOST_TICKS = 9
_LONGEST_NAME = 22


def figure(assessments: Assessments, kind: str, *, by: Measure, n: int | None) -> Figure:
    """The chart that `Assessments.plot` was asked for.

    Raises:
        ConfigError: If there is no such kind or measure.
    """
    kinds = {"timeline": timeline, "heatmap": heatmap, "network": network}
    if kind not in kinds:
        raise ConfigError(f"cannot plot a {kind!r}; choose one of {', '.join(kinds)}")
    if by not in MEASURES:
        raise ConfigError(f"cannot plot {by!r}; choose one of {', '.join(MEASURES)}")
    return kinds[kind](assessments, by=by) if n is None else kinds[kind](assessments, by=by, n=n)


def timeline(assessments: Assessments, *, by: Measure = "issued", n: int = 6) -> Figure:
    """A measure over time, one panel for each of the n pairs that stand out; bars are 95 % intervals, triangles escalations."""
    pairs = assessments.top(n, by=by) or assessments.overall[:1]
    drawing, axes = _panels(max(len(pairs), 1))
    for axis, pair in zip(axes, pairs, strict=False):
        rows = assessments.pair(pair.speaker.id, pair.target.id).rows
        estimates = [getattr(row, by) for row in rows]
        _intervals(axis, estimates, _COLOURS[by], _gaps(assessments.periods), percent=by != "tension")
        for x, row in enumerate(rows):
            if row.escalated and by == "issued":
                axis.plot([x], [row.issued.value], marker="^", markersize=9, color=_COLOURS[by], markeredgecolor=_INK, clip_on=False)
        axis.set_title(_headline(pair, by), **_HEAD)
    _date_axis(axes[-1], assessments.periods)
    drawing.supylabel(f"{TITLES[by]}, " + ("−100 to 100" if by == "tension" else "% of all statements"), fontsize=9, color=_MUTED)
    return drawing


def index_timeline(assessments: Assessments) -> Figure:
    """The share of articles with an issued threat and with a perceived one, over time."""
    drawing, axes = _panels(2)
    shown: tuple[tuple[Measure, list[Estimate], Estimate], ...] = (
        ("issued", [p.issued for p in assessments.periods], assessments.corpus.issued),
        ("perceived", [p.perceived for p in assessments.periods], assessments.corpus.perceived),
    )
    for axis, (measure, estimates, usual) in zip(axes, shown, strict=True):
        _intervals(axis, estimates, _COLOURS[measure], _gaps(assessments.periods), percent=True)
        axis.axhline(usual.value, color=_MUTED, linewidth=0.8, linestyle=":")
        axis.set_title("Somebody threatens somebody" if measure == "issued" else "Somebody is alarmed by somebody", **_HEAD)
    _date_axis(axes[-1], assessments.periods)
    drawing.supylabel("% of all articles", fontsize=9, color=_MUTED)
    return drawing


def heatmap(assessments: Assessments, *, by: Measure = "issued", n: int = 12) -> Figure:
    """Speakers by targets over the whole corpus, the n most involved a side."""
    actors = leading_actors(assessments.overall, n)
    known = {(r.speaker.id, r.target.id): getattr(r, by) for r in assessments.overall}
    cells = [[known.get((row, column)) for column in actors] for row in actors]
    drawing = _figure(1.6 + 0.55 * len(actors), 1.4 + 0.42 * len(actors))
    axis = drawing.add_subplot()
    values = [[estimate.value if estimate else 0.0 for estimate in line] for line in cells]
    most = max((abs(v) for line in values for v in line), default=0.0) or 1.0
    axis.imshow(values, cmap="PuOr_r" if by == "tension" else "Reds", vmin=-most if by == "tension" else 0, vmax=most, aspect="auto")
    for y, line in enumerate(cells):
        for x, estimate in enumerate(line):
            if estimate and estimate.value:
                words = f"{estimate.value:+.0f}" if by == "tension" else f"{100 * estimate.value:.1f}"
                axis.text(x, y, words, ha="center", va="center", fontsize=8, color="white" if abs(estimate.value) > 0.6 * most else "black")
    names = {a.id: _short(a.name) for r in assessments.overall for a in (r.speaker, r.target)}
    axis.set_xticks(range(len(actors)), [names[a] for a in actors], rotation=40, ha="right", fontsize=8, parse_math=False)
    axis.set_yticks(range(len(actors)), [names[a] for a in actors], fontsize=8, parse_math=False)
    axis.set_xlabel("target", color=_MUTED)
    axis.set_ylabel("speaker", color=_MUTED)
    axis.set_title(f"{TITLES[by]}, " + ("−100 to 100" if by == "tension" else "% of all statements"), **_HEAD)
    return drawing


def network(assessments: Assessments, *, by: Measure = "issued", n: int = 20) -> Figure:
    """Arrows for the n pairs that stand out, from speaker to target; the width tells the measure."""
    pairs = [r for r in assessments.top(len(assessments.overall), by=by) if r.speaker.id != r.target.id][: max(n, 1)]
    actors = list(dict.fromkeys(a.id for r in pairs for a in (r.speaker, r.target)))
    names = {a.id: _short(a.name) for r in pairs for a in (r.speaker, r.target)}
    places = _circle(_untangled(actors, pairs))
    drawing = _figure(7.2, 5.6)
    axis = drawing.add_subplot()
    axis.set(xlim=(-1.6, 1.6), ylim=(-1.25, 1.25))
    axis.set_axis_off()
    most = max((abs(getattr(r, by).value) for r in pairs), default=1.0)
    for r in pairs:
        width = 0.8 + 4 * abs(getattr(r, by).value) / most
        axis.add_patch(_arrow(places[r.speaker.id], places[r.target.id], width, _COLOURS[by]))
    for actor, (x, y) in places.items():
        axis.plot([x], [y], marker="o", markersize=7, color=_INK)
        axis.text(1.09 * x, 1.09 * y, names[actor], ha="left" if x > 0 else "right", va="center", fontsize=9, color=_INK, parse_math=False)
    return drawing


def _headline(pair: Assessment, by: Measure) -> str:
    """Of a pair: who speaks of whom. A perceived threat is told by its target."""
    speaker, target = markup.visible(pair.speaker.name), markup.visible(pair.target.name)
    return f"{target} alarmed by {speaker}" if by == "perceived" else f"{speaker} → {target}"


def leading_actors(rows: Sequence[Assessment], n: int) -> list[str]:
    """The identifiers of the n actors that are most involved, as speakers or targets, by number of statements that take a stance."""
    involved: dict[str, int] = {}
    for row in rows:
        for actor in (row.speaker.id, row.target.id):
            involved[actor] = involved.get(actor, 0) + sum(row.counts.values())
    return sorted(involved, key=lambda actor: (-involved[actor], actor))[: max(n, 1)]


def svg(drawing: Figure, *, prefix: str) -> str:
    """A figure as an ``<svg>`` element.

    Args:
        drawing: The figure.
        prefix: Makes the identifiers in it unique within the page.
    """
    out = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": prefix, "font.family": "sans-serif"}):
        drawing.savefig(out, format="svg", transparent=True, metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    words = out.getvalue()
    words = words[words.index("<svg") :]
    words = re.sub(r"<metadata>.*?</metadata>|<defs>\s*<style.*?</defs>", "", words, flags=re.DOTALL)
    words = re.sub(r'\bid="', f'id="{prefix}-', words)
    words = re.sub(r"""(url\(#|href="#)""", rf"\g<1>{prefix}-", words)
    words = re.sub(r"font-family: [^;\"]*", "font-family: inherit", words)
    return re.sub("|".join(_VARIABLES), lambda match: f"var({_VARIABLES[match.group()]})", words)


#: Of a title. Names come from articles: a dollar sign in one begins no formula.
_HEAD: dict[str, Any] = {"loc": "left", "fontsize": 10, "color": _INK, "parse_math": False}


def _figure(width: float, height: float) -> Figure:
    return Figure(figsize=(width, height), layout="constrained")


def _panels(count: int) -> tuple[Figure, list[Axes]]:
    """Panels one above the other with one axis of time."""
    drawing = _figure(9, 0.9 + 1.25 * count)
    return drawing, list(drawing.subplots(count, 1, sharex=True, squeeze=False)[:, 0])


def _intervals(axis: Axes, estimates: Sequence[Estimate | None], colour: str, gaps: Sequence[float], *, percent: bool) -> None:
    """Values and intervals by position; the line breaks at gaps, and bars of periods in which nothing was seen are fainter."""
    known = [(x, estimate) for x, estimate in enumerate(estimates) if estimate]
    for seen, alpha in ((True, 0.3), (False, 0.13)):
        bars = [(x, e) for x, e in known if (e.value != 0 or not percent) is seen]
        ends = [e.low for _, e in bars], [e.high for _, e in bars]
        axis.vlines([x for x, _ in bars], *ends, color=colour, alpha=alpha, linewidth=_bar(len(estimates)))
    line = sorted([*((float(x), e.value) for x, e in known), *((gap, math.nan) for gap in gaps)])
    axis.plot([x for x, _ in line], [y for _, y in line], color=colour, linewidth=1, marker="o", markersize=3.5)
    for gap in gaps:
        axis.axvline(gap, color=_MUTED, linewidth=0.8, linestyle=(0, (1, 2)))
    axis.set_xlim(-0.7, max(len(estimates) - 0.3, 0.7))
    axis.set_ylim((0, _ceiling([e for _, e in known])) if percent else (-105, 105))
    if percent:
        axis.yaxis.set_major_formatter(lambda value, _: f"{100 * value:.3g}")
    else:
        axis.axhline(0, color=_MUTED, linewidth=0.6)
    axis.spines[["top", "right"]].set_visible(False)
    axis.spines[["left", "bottom"]].set_color(_MUTED)
    axis.tick_params(colors=_MUTED, labelsize=8)


def _ceiling(estimates: Sequence[Estimate]) -> float:
    """The top of the axis: a bar that leaves the chart belongs to a period with next to no articles."""
    seen = [e for e in estimates if e.value > 0]
    if not seen:
        return 1.0
    return min(1.0, 1.1 * min(max(e.high for e in seen), 3 * max(e.value for e in seen)))


def _bar(count: int) -> float:
    return max(1.2, min(8.0, 260 / max(count, 1)))


def _date_axis(axis: Axes, periods: Sequence[Period]) -> None:
    """Periods in order, one step each: stretches of time without articles are not drawn out."""
    step = max(1, math.ceil(len(periods) / _MOST_TICKS))
    starts = {x: periods[x].start for x in range(0, len(periods), step)}
    axis.set_xticks(list(starts), [f"{start.day} {start:%b %Y}" if start else "" for start in starts.values()], fontsize=8)


def _gaps(periods: Sequence[Period]) -> list[float]:
    """The positions between periods where articles are missing for long."""
    usual = min((_days(a, b) for a, b in pairwise(periods)), default=0)
    return [x + 0.5 for x, (a, b) in enumerate(pairwise(periods)) if _days(a, b) > max(90, 3 * usual)]


def _days(before: Period, after: Period) -> int:
    return (after.start - before.end).days if before.end and after.start else 0


def _circle(actors: Sequence[str]) -> dict[str, tuple[float, float]]:
    """Places on a circle, none of them at its very top or bottom, where names would meet."""
    turn = 2 * math.pi / max(len(actors), 1)
    return {actor: (math.sin((i + 0.5) * turn), math.cos((i + 0.5) * turn)) for i, actor in enumerate(actors)}


def _untangled(actors: Sequence[str], pairs: Sequence[Assessment]) -> list[str]:
    """The actors in an order in which neighbours talk of each other: from the busiest along its pairs."""
    talks: dict[str, list[str]] = {actor: [] for actor in actors}
    for r in pairs:
        talks[r.speaker.id].append(r.target.id)
        talks[r.target.id].append(r.speaker.id)
    order: list[str] = []
    waiting = sorted(actors, key=lambda actor: -len(talks[actor]))
    while waiting:
        actor = waiting.pop(0)
        order.append(actor)
        nearby = [a for a in dict.fromkeys(talks[actor]) if a in waiting]
        waiting = nearby + [a for a in waiting if a not in nearby]
    return order


def _arrow(start: tuple[float, float], end: tuple[float, float], width: float, colour: str) -> FancyArrowPatch:
    return FancyArrowPatch(
        start,
        end,
        connectionstyle="arc3,rad=0.16",
        arrowstyle=f"-|>,head_length={3 + width},head_width={1.5 + width / 2}",
        shrinkA=7,
        shrinkB=7,
        linewidth=width,
        color=colour,
        alpha=0.75,
    )


def _short(name: str) -> str:
    name = markup.visible(name)
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"
