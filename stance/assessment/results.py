"""What an assessment tells: frozen values, and the ways to look at them."""

from __future__ import annotations

import datetime
import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

from stance import serialise
from stance.assessment.events import STANCES
from stance.assessment.intervals import Estimate
from stance.errors import ConfigError, InputError
from stance.types import Actor, ActorKind, Stance

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

Measure = Literal["issued", "perceived", "deterrent", "reassuring", "tension"]
MEASURES: tuple[Measure, ...] = ("issued", "perceived", "deterrent", "reassuring", "tension")
_DIGITS = 6
_NOBODY = Actor("", "", ActorKind.COLLECTIVE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """How much a statement of each stance adds to the tension, from -1 (eases it most) to 1.

    The idea is that of Goldstein (1992), who scales events between states from conflict to co-operation. The defaults are a judgement,
    made to be
    replaced: a threat and a reassurance cancel each other out, deterrence and alarm weigh half a threat.

    Raises:
        ConfigError: If a weight lies outside [-1, 1].
    """

    threatening: float = 1.0
    deterrent: float = 0.5
    reassuring: float = -1.0
    alarmed: float = 0.5

    def __post_init__(self) -> None:
        for item in fields(self):
            value = getattr(self, item.name)
            if not -1 <= value <= 1:
                raise ConfigError(f"the weight {item.name} is {value!r}; give a number from -1 (eases tension) to 1 (raises it)")


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time with at least one article, or the whole corpus.

    Attributes:
        start: Its first day; None for a corpus without dates.
        end: Its last day.
        articles: Number of articles.
        statements: Number of statements in them, of whatever stance.
        issued: Share of articles in which anybody threatens anybody.
        perceived: Share of articles in which anybody is alarmed by anybody.
        threatened: Share of articles with either.
        index: The threat index, after Caldara and Iacoviello (2022): `threatened` as a percentage of that share in the whole corpus; None
            if no article of the corpus has any.
        silent: What can be said of a pair that the period's statements do not touch: a share of 0, and how large it may be all the same.
        silent_articles: The same for a share of articles.
    """

    start: datetime.date | None
    end: datetime.date | None
    articles: int
    statements: int
    issued: Estimate
    perceived: Estimate
    threatened: Estimate
    index: Estimate | None
    silent: Estimate
    silent_articles: Estimate


@dataclass(frozen=True, slots=True)
class Assessment:
    """One ordered pair of actors in one period. Shares are shares of all statements in the period; estimates carry 95 % intervals.

    Attributes:
        speaker: Who speaks.
        target: At whom it is aimed.
        period: When.
        articles: Number of articles in which the speaker takes a stance toward the target.
        counts: Number of the speaker's statements of each stance toward the target, each statement by its likeliest stance.
        sums: The same, each statement weighted by the probability of the stance.
        issued: The threat that the speaker issues against the target: share of threatening statements, weighted by probability.
        perceived: The threat that the target sees in the speaker: share of the target's statements that are alarmed by the speaker.
        deterrent: Share of the speaker's deterrent statements toward the target.
        reassuring: Share of the speaker's reassuring statements toward the target.
        alarms: Number of the target's statements that are alarmed by the speaker (what `perceived` rests on).
        reach: Share of the period's articles in which the speaker threatens the target, after Caldara and Iacoviello (2022).
        tension: Net tension of what the speaker says toward the target, from -100 (only reassures) to 100 (only threatens), by `Weights`;
            None where it says nothing.
        p: Chance of so many articles with a threat if nothing had changed since the earlier periods; None without a past.
        escalated: Whether the period is flagged as an escalation.
    """

    speaker: Actor
    target: Actor
    period: Period
    articles: int
    counts: Mapping[Stance, int]
    sums: Mapping[Stance, float]
    issued: Estimate
    perceived: Estimate
    deterrent: Estimate
    reassuring: Estimate
    alarms: int
    reach: Estimate
    tension: Estimate | None
    p: float | None = None
    escalated: bool = False

    def to_dict(self) -> dict[str, Any]:
        """A flat row: identifiers, dates, numbers; estimates as three columns."""
        row: dict[str, Any] = {"speaker": self.speaker.id, "target": self.target.id, "start": self.period.start, "end": self.period.end}
        row |= {"articles": self.articles, "period_articles": self.period.articles, "period_statements": self.period.statements}
        row |= {f"n_{s.value}": self.counts[s] for s in STANCES} | {f"sum_{s.value}": round(self.sums[s], _DIGITS) for s in STANCES}
        row["n_alarms"] = self.alarms
        for name in (*MEASURES, "reach"):
            row |= _columns(name, getattr(self, name))
        return row | {"p": self.p, "escalated": self.escalated}


def silence(speaker: Actor, target: Actor, period: Period) -> Assessment:
    """What a period without a statement between two actors tells of them: nothing was seen, which is not nothing."""
    none = period.silent
    zeros = dict.fromkeys(STANCES, 0)
    sums = dict.fromkeys(STANCES, 0.0)
    return Assessment(speaker, target, period, 0, zeros, sums, none, none, none, none, 0, period.silent_articles, None)


@dataclass(frozen=True, slots=True)
class Assessments:
    """Pairs of actors over time: a sequence of `Assessment`, by pair and then by time.

    Attributes:
        every: The length of a period: day, week, month or year.
        rows: One for each pair and period in which one of the two takes a stance toward the other.
        periods: Every period with an article, in order.
        overall: One for each pair, over the whole corpus, articles without a date included.
        corpus: The whole corpus as one period.
        undated: Number of articles without a date; they count in `overall` and `corpus` and in no period.
        weights: The weights of the tension.
        false_alarms: The rate of false escalation flags that was asked for.
    """

    every: str
    rows: tuple[Assessment, ...]
    periods: tuple[Period, ...]
    overall: tuple[Assessment, ...]
    corpus: Period
    undated: int
    weights: Weights
    false_alarms: float

    def __iter__(self) -> Iterator[Assessment]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: int) -> Assessment:
        return self.rows[index]

    @property
    def escalations(self) -> tuple[Assessment, ...]:
        """The flagged rows, the latest first."""
        return tuple(sorted((r for r in self.rows if r.escalated), key=lambda r: r.period.start or datetime.date.min, reverse=True))

    def pair(self, speaker: str, target: str) -> Self:
        """One ordered pair, with a row for every period: where neither says anything of the other, the interval says what that is worth.

        Args:
            speaker: Identifier or name of an actor: ``"RUS"``, ``"Russia"``.
            target: The other one's.

        Raises:
            InputError: If the corpus knows no such pair.
        """
        found = [r for r in self.overall if _is(r.speaker, speaker) and _is(r.target, target)]
        if not found:
            raise InputError(self._unknown(speaker, target))
        (whole,) = found
        known = {r.period.start: r for r in self.rows if (r.speaker.id, r.target.id) == (whole.speaker.id, whole.target.id)}
        rows = tuple(known.get(p.start) or silence(whole.speaker, whole.target, p) for p in self.periods)
        return replace(self, rows=rows, overall=(whole,))

    def top(self, n: int = 10, *, by: Measure = "issued") -> tuple[Assessment, ...]:
        """The pairs that stand out over the whole corpus.

        Args:
            n: How many at most.
            by: What to rank by. The lower end of the interval decides, so that one statement does not outrank twenty.

        Returns:
            Pairs of `overall`, the highest first; those of which nothing of the kind is known are left out.

        Raises:
            ConfigError: If there is no such measure.
        """
        if by not in MEASURES:
            raise ConfigError(f"cannot rank by {by!r}; choose one of {', '.join(MEASURES)}")
        ranked = [(estimate.low, estimate.value, r) for r in self.overall if (estimate := getattr(r, by)) and estimate.value != 0]
        ranked.sort(key=lambda item: item[:2], reverse=True)
        return tuple(r for _, _, r in ranked[: max(n, 0)])

    def columns(self) -> list[str]:
        """The names of the columns of a flat row."""
        return list(silence(_NOBODY, _NOBODY, self.corpus).to_dict())

    def to_frame(self) -> pd.DataFrame:
        """One row for each row of `rows`; estimates as three columns (``issued``, ``issued_low``, ``issued_high``).

        Raises:
            MissingExtraError: If pandas is not installed.
        """
        frame = serialise.frame([row.to_dict() for row in self.rows], columns=self.columns())
        return frame.astype({"start": "datetime64[s]", "end": "datetime64[s]"})

    def plot(self, kind: Literal["timeline", "heatmap", "network"] = "timeline", *, by: Measure = "issued", n: int | None = None) -> Figure:
        """A chart as a matplotlib figure.

        Args:
            kind: A ``timeline`` with intervals of the n pairs that stand out; a ``heatmap`` of speakers and targets; a directed
            ``network``.
            by: The measure that is shown.
            n: How many pairs (timeline; 6), actors a side (heatmap; 12) or arrows (network; 20).

        Raises:
            ConfigError: If there is no such kind or measure.
            MissingExtraError: If matplotlib is not installed.
        """
        from stance.report import plots  # noqa: PLC0415 (an extra; a result knows how it is shown, the report knows how to)

        return plots.figure(self, kind, by=by, n=n)

    def to_html(self, path: str | Path | None = None) -> str:
        """A page that stands alone, of the figures without the articles; also written to `path` if one is given.

        Raises:
            MissingExtraError: If Jinja2 or matplotlib is not installed.
        """
        from stance.report import page  # noqa: PLC0415 (an extra; a result knows how it is shown, the report knows how to)

        html = page.render(self)
        if path is not None:
            Path(path).write_text(html, encoding="utf-8")
        return html

    def __repr__(self) -> str:
        span = f"{self.corpus.start} to {self.corpus.end}" if self.corpus.start else "no dates"
        undated = f", {self.undated} articles without a date" if self.undated else ""
        return (
            f"<Assessments of {len(self.overall)} pairs in {self.corpus.articles} articles, by {self.every}, {span}; "
            f"{len(self.rows)} rows, {len(self.escalations)} escalations{undated}>"
        )

    def _repr_html_(self) -> str:
        lines = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in _cells(r))}</tr>" for r in self.top(10))
        heads = ("Speaker", "Target", "Threats", "Issued, % of statements", "Perceived, %", "Net tension")
        head = "".join(f"<th>{escape(h)}</th>" for h in heads)
        return f"<p>{escape(repr(self)[1:-1])}</p><table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>"

    def _unknown(self, speaker: str, target: str) -> str:
        actors = {name for r in self.overall for a in (r.speaker, r.target) for name in (a.id, a.name)}
        strangers = [name for name in (speaker, target) if not any(a.casefold() == name.casefold() for a in actors)]
        if not strangers:
            return f"neither {speaker!r} nor {target!r} takes a stance toward the other; see .to_frame() for the pairs that there are"
        close = difflib.get_close_matches(strangers[0], sorted(actors), n=3, cutoff=0.5)
        hint = f"did you mean {', '.join(map(repr, close))}?" if close else "states go by ISO 3166-1 alpha-3 code, others by name"
        return f"no statement of the corpus has the actor {strangers[0]!r}; {hint}"


def _is(actor: Actor, name: str) -> bool:
    return name.casefold() in (actor.id.casefold(), actor.name.casefold())


def _columns(name: str, estimate: Estimate | None) -> dict[str, float | None]:
    value, low, high = (round(number, _DIGITS) for number in estimate) if estimate else (None, None, None)
    return {name: value, f"{name}_low": low, f"{name}_high": high}


def _cells(row: Assessment) -> tuple[str, ...]:
    tension = f"{row.tension.value:+.0f} ({row.tension.low:+.0f} to {row.tension.high:+.0f})" if row.tension else "–"
    return row.speaker.name, row.target.name, str(row.counts[Stance.THREATENING]), _percent(row.issued), _percent(row.perceived), tension


def _percent(estimate: Estimate) -> str:
    return f"{estimate.value:.1%} ({estimate.low:.1%} to {estimate.high:.1%})"
