"""The report: an assessment, its charts and every statement in its article, as one page that opens offline.

Jinja2 with autoescape writes it. What comes from elsewhere is either escaped by it, or is a fragment that `stance.markup` has escaped, or
a drawing. The content security policy lets no script run but the page's own, which it names by its hash.
"""

from __future__ import annotations

import base64
import datetime
import hashlib
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from stance import __version__, markup
from stance.assessment import MEASURES, Assessment, Assessments, Estimate, Measure
from stance.assessment.events import STANCES, Analysed
from stance.errors import MissingExtraError
from stance.report import plots
from stance.types import PRECEDENCE, Actor, Stance, Statement

if TYPE_CHECKING:
    from matplotlib.figure import Figure

try:
    import jinja2
    from markupsafe import Markup
except ImportError:
    raise MissingExtraError("Jinja2", extra="report", purpose="write a report") from None

_PAIRS, _SIDE, _PANELS, _READABLE = 10, 14, 6, 90
_DRAWN: tuple[Measure, ...] = ("issued", "perceived", "tension")
_SHOWN = (*PRECEDENCE, Stance.NEUTRAL)


def render(assessments: Assessments, analyses: Sequence[Analysed] = (), *, title: str = "Threat assessment") -> str:
    """Writes the page.

    Args:
        assessments: What to show.
        analyses: The articles behind it, which are shown by date; without them the page holds the figures only.
        title: The headline.

    Returns:
        A document of HTML.
    """
    script = _resource("assessment.js")
    analyses = sorted(analyses, key=lambda analysis: analysis.article.date or datetime.date.max)
    rows = [row for number, analysis in enumerate(analyses, start=1) for row in _statements(analysis, number)]
    return (
        _environment()
        .get_template("assessment.html")
        .render(
            title=title,
            version=__version__,
            script=Markup(script),  # noqa: S704 (our own)
            script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
            style=Markup(_resource("assessment.css") + markup.style()),  # noqa: S704 (our own)
            a=assessments,
            stances=[stance.value for stance in _SHOWN],
            counts=_counts(analyses, assessments),
            rankings=_rankings(assessments, rows),
            nearest=_nearest(assessments),
            matrix=_matrix(assessments),
            charts=_charts(assessments),
            rows=rows,
            actors=_actors(assessments),
            speakers=sorted({row["speaker_actor"] for row in rows if row["speaker_actor"]}, key=_by_name(assessments)),
            targets=sorted({aim[0] for row in rows for aim in row["aims"] if aim[0]}, key=_by_name(assessments)),
            articles=_articles(analyses),
        )
    )


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("stance", "report/templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"percent": _percent, "signed": _signed, "visible": markup.visible, "day": _day}
    return environment


def _resource(name: str) -> str:
    return files("stance").joinpath("report/templates", name).read_text(encoding="utf-8")


def _percent(estimate: Estimate) -> str:
    value, low, high = (100 * number for number in estimate)
    digits = 1 if high >= 10 else 2
    return f"{value:.{digits}f} % ({low:.{digits}f}–{high:.{digits}f})"


def _signed(estimate: Estimate | None) -> str:
    return "–" if estimate is None else f"{estimate.value:+.0f} ({estimate.low:+.0f} to {estimate.high:+.0f})".replace("-", "−")


def _day(date: Any) -> str:
    return f"{date.day} {date:%b %Y}" if date else "undated"


def _counts(analyses: Sequence[Analysed], assessments: Assessments) -> dict[str, int]:
    """Number of statements of each stance; without the articles, of those that a pair of actors stands behind."""
    counts = dict.fromkeys((s.value for s in _SHOWN), 0)
    if not analyses:
        return {s.value: sum(r.counts[s] for r in assessments.overall) for s in STANCES}
    for analysis in analyses:
        for statement in analysis.statements:
            counts[statement.stance.value] += 1
    return counts


def _statements(analysis: Analysed, number: int) -> Iterable[dict[str, Any]]:
    """What the table and the filters need of each statement."""
    article = analysis.article
    for position, statement in enumerate(analysis.statements, start=1):
        speaker = statement.speaker
        yield {
            "anchor": f"a{number}s{position}",
            "date": article.date.isoformat() if article.date else "",
            "speaker": markup.visible(speaker.name if speaker else ""),
            "speaker_actor": speaker.actor.id if speaker and speaker.actor else "",
            "aims": _aims(statement),
            "text": markup.visible(statement.text),
        }


def _aims(statement: Statement) -> list[tuple[str, str, str, float]]:
    """Each target's identifier and name, the stance toward it and its confidence; one without target if there is none."""
    aims = [(t.actor.id, t.actor.name, t.stance.value, round(t.confidence, 4)) for t in statement.targets]
    return aims or [("", "", statement.stance.value, round(statement.confidence, 4))]


def _rankings(assessments: Assessments, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The pairs that stand out by issued threat, perceived threat, deterrence and reassurance, each with its clearest statement."""
    clearest = _clearest(rows)
    shown: tuple[tuple[Measure, Stance], ...] = (
        ("issued", Stance.THREATENING),
        ("perceived", Stance.ALARMED),
        ("deterrent", Stance.DETERRENT),
        ("reassuring", Stance.REASSURING),
    )
    rankings = []
    for measure, stance in shown:
        pairs = []
        for r in assessments.top(_PAIRS, by=measure):
            speaker, target = (r.target, r.speaker) if measure == "perceived" else (r.speaker, r.target)
            count = r.alarms if measure == "perceived" else r.counts[stance]
            example = clearest.get((speaker.id, target.id, stance.value))
            pairs.append({"row": r, "speaker": speaker, "target": target, "n": count, "share": getattr(r, measure), "example": example})
        rankings.append({"measure": measure, "stance": stance.value, "pairs": [pair for pair in pairs if pair["n"]]})
    return rankings


def _clearest(rows: Iterable[dict[str, Any]]) -> dict[tuple[str, str, str], dict[str, Any]]:
    """For each speaker, target and stance the surest statement; of those equally sure, one long enough to be understood."""
    found: dict[tuple[str, str, str], tuple[tuple[float, int], dict[str, Any]]] = {}
    for row in rows:
        for target, _, stance, confidence in row["aims"]:
            key, rank = (row["speaker_actor"], target, stance), (confidence, min(len(row["text"]), _READABLE))
            if key not in found or rank > found[key][0]:
                found[key] = (rank, row)
    return {key: row for key, (_, row) in found.items()}


def _nearest(assessments: Assessments) -> Assessment | None:
    """The row that comes nearest to an escalation, to be told where there is none."""
    return min((r for r in assessments.rows if r.p is not None and r.counts[Stance.THREATENING]), key=lambda r: r.p or 0.0, default=None)


def _matrix(assessments: Assessments) -> dict[str, Any]:
    """The pairs of the most involved actors: for each measure what a cell shows, how dark it is, and what hovering tells."""
    names = {a.id: a for r in assessments.overall for a in (r.speaker, r.target)}
    sides = [names[i] for i in plots.leading_actors(assessments.overall, _SIDE)] if names else []
    known = {(r.speaker.id, r.target.id): r for r in assessments.overall}
    most = {m: max((abs(e.value) for r in known.values() if (e := getattr(r, m))), default=0.0) or 1.0 for m in MEASURES}
    lines = [(speaker, [(target, _cell(known.get((speaker.id, target.id)), most)) for target in sides]) for speaker in sides]
    return {"sides": sides, "lines": lines, "measures": [(m, plots.TITLES[m]) for m in MEASURES]}


def _cell(row: Assessment | None, most: dict[Any, float]) -> dict[str, list[Any]]:
    if row is None:
        return {}
    cell: dict[str, list[Any]] = {}
    for measure in MEASURES:
        estimate = getattr(row, measure)
        count = _count(row, measure)
        if estimate and count:
            shade = round(abs(estimate.value) / most[measure], 3)
            words = f"{estimate.value:+.0f}".replace("-", "−") if measure == "tension" else str(count)
            told = _signed(estimate) if measure == "tension" else f"{_percent(estimate)} of all statements"
            cell[measure] = [words, shade, told, estimate.value < 0]
    return cell


def _count(row: Assessment, measure: str) -> int:
    if measure == "perceived":
        return row.alarms
    if measure == "tension":
        return sum(row.counts.values())
    return row.counts[Stance.THREATENING if measure == "issued" else Stance(measure)]


def _charts(assessments: Assessments) -> list[dict[str, Any]]:
    """The drawings, each with its caption and a remark."""
    charts = []
    if assessments.overall and assessments.periods:
        drawing = plots.index_timeline(assessments)
        charts.append(_chart("index", drawing, "Threats over time", "Share of articles; the dotted line is that of the whole corpus."))
        for by in _DRAWN:
            if assessments.top(1, by=by):
                caption = f"{plots.TITLES[by].capitalize()} over time, by pair"
                note = "Of what the speaker says toward the target, −100 to 100." if by == "tension" else "% of all statements."
                charts.append(_chart(by, plots.timeline(assessments, by=by, n=_PANELS), caption, note))
    if assessments.top(1):
        charts.append(_chart("network", plots.network(assessments), "Who threatens whom", "From speaker to target; the wider, the more."))
    return charts


def _chart(key: str, drawing: Figure, caption: str, note: str) -> dict[str, Any]:
    svg = Markup(plots.svg(drawing, prefix=key))  # noqa: S704 (matplotlib escapes the words in it)
    return {"id": key, "svg": svg, "caption": caption, "note": note}


def _actors(assessments: Assessments) -> dict[str, str]:
    """The name of each actor by its identifier, in the order of names."""
    found: dict[str, Actor] = {a.id: a for r in assessments.overall for a in (r.speaker, r.target)}
    return {a.id: a.name for a in sorted(found.values(), key=lambda a: a.name.casefold())}


def _by_name(assessments: Assessments) -> Callable[[str], str]:
    """A key that sorts identifiers of actors by name."""
    names = _actors(assessments)

    def key(actor: str) -> str:
        return names.get(actor, actor).casefold()

    return key


def _articles(analyses: Sequence[Analysed]) -> list[Markup]:
    pieces = (markup.fragment(a.article, a.statements, prefix=f"a{n}s", table=False) for n, a in enumerate(analyses, start=1))
    return [Markup(piece) for piece in pieces]  # noqa: S704 (escaped by markup)
