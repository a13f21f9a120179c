"""Assessment: from the statements of a corpus to who threatens whom, how sure that is, and whether it is getting worse.

For an ordered pair of actors (a, b) and a period with n articles that hold m statements in all:

- **Counts and sums.** The number of a's statements toward b of each stance, and their sum weighted by probability: with p(s, i) the
  probability that the statement i takes the stance s toward b, the sum of s is the sum of p(s, i) over a's statements that have b as a
  target.
- **Issued threat** of a against b: sum of ``threatening`` / m. **Perceived threat** from a as b sees it: sum of ``alarmed`` of the reversed
  pair, b's statements about a, / m. The two are never added. ``deterrent`` and ``reassuring`` are shares in the same way.
- **Reach**: articles in which a threatens b / n; and for each period the **threat index**: articles with any issued or perceived threat /
  n, as a percentage of that share in the whole corpus. Both follow Caldara and Iacoviello (2022, "Measuring Geopolitical Risk", American
  Economic Review 112(4): 1194-1225), whose index is the share of articles that speak of adverse geopolitical events and threats, scaled to
  a mean of 100. Theirs finds articles by words; ours by statements, so that a threat has a speaker.
- **Net tension** of a toward b: 100 * sum over s of w(s) * sum of s / sum over s of sum of s, with w from `Weights`. It is a mean, so it
  tells the tone, not the amount; after Goldstein (1992, "A Conflict-Cooperation Scale for WEIS Events Data", Journal of Conflict
  Resolution 36: 369-385).
- **Intervals**: 95 %, by a bootstrap of articles (`stance.assessment.intervals`). They hold what the choice of articles may have done. They
  do not hold a model that is wrong in one direction, nor newspapers that are.
- **Escalation**: a one-sided exact test of the articles with a threat against the pair's own past (`stance.assessment.escalation`).

Articles without a date count in the figures of the whole corpus and in no period; `Assessments.undated` says how many there are.
A period without an article has no row: that nobody reported is no sign of calm. A statement without speaker, without an actor behind its
speaker, or without target counts in m, and its article in n, and else nowhere.
"""

from __future__ import annotations

import datetime
from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Literal

import numpy as np

from stance.assessment import escalation
from stance.assessment.events import ALARMED, STANCES, THREATENING, Analysed, Events, Floats, Ints, collect
from stance.assessment.intervals import Draws, Estimate, Table
from stance.assessment.results import MEASURES, Assessment, Assessments, Measure, Period, Weights
from stance.errors import ConfigError
from stance.types import Stance

__all__ = ["MEASURES", "Assessment", "Assessments", "Estimate", "Measure", "Period", "Weights", "assess"]

Every = Literal["day", "week", "month", "year"]

#: Layers of the bootstrap's table beyond the four stances: 1 if the article holds such a statement.
_HIT = len(STANCES)
#: Kinds of size.
_STATEMENTS, _ARTICLES = 0, 1
#: Columns of the table behind the pairs: articles with an issued threat, a perceived one, either, and an empty column.
_ISSUED, _PERCEIVED, _EITHER, _NOTHING = range(4)


def assess(
    analyses: Iterable[Analysed | Mapping[str, Any]],
    *,
    every: Every = "week",
    weights: Weights | None = None,
    false_alarms: float = 0.05,
    draws: int = 1000,
    seed: int = 0,
) -> Assessments:
    """Assesses who threatens, deters, reassures and fears whom over time.

    Args:
        analyses: Analyses, as `stance.Analyzer` gives them, or dictionaries of the shared format, as a line of JSON Lines holds them.
        every: The length of a period; a week begins on Monday.
        weights: How much each stance adds to the net tension; the defaults of `Weights` if None.
        false_alarms: The rate of false escalation flags to hold.
        draws: Number of bootstrap draws.
        seed: The same seed gives the same intervals.

    Returns:
        Every pair in every period, and over the whole corpus.

    Raises:
        InputError: If there is no article, or a dictionary is not in the shared format.
        ConfigError: If an option is out of range.
    """
    _check(every, false_alarms, draws)
    events, weights = collect(analyses), weights or Weights()
    starts, group = _periods(events, every)
    study = _Study(events, weights, draws, np.random.default_rng(seed))
    everything = np.arange(len(events.dates))
    dates = [date for date in events.dates if date]
    corpus, overall = study.period(everything, min(dates, default=None), max(dates, default=None))
    flags = _escalations(events, group, len(starts), false_alarms)
    periods, rows = [], []
    for number, (start, articles) in enumerate(zip(starts, _split(group, len(starts)), strict=True)):
        period, found = study.period(articles, start, _last_day(start, every), usual=corpus)
        periods.append(period)
        rows += [_flagged(row, flags.get((row.speaker.id, row.target.id, number))) for row in found]
    rows.sort(key=lambda row: (row.speaker.id, row.target.id, row.period.start))
    return Assessments(every, tuple(rows), tuple(periods), tuple(overall), corpus, len(events.dates) - len(dates), weights, false_alarms)


def _check(every: str, false_alarms: float, draws: int) -> None:
    if every not in {"day", "week", "month", "year"}:
        raise ConfigError(f"every={every!r} is no length of a period; choose day, week, month or year")
    if not 0 < false_alarms < 1:
        raise ConfigError(f"false_alarms is {false_alarms!r}; give a rate between 0 and 1, for instance 0.05")
    if draws < 100:
        raise ConfigError(f"draws is {draws!r}; a 95 % interval needs at least 100, better 1000")


def _first_day(date: datetime.date, every: str) -> datetime.date:
    if every == "week":
        return date - datetime.timedelta(days=date.weekday())
    if every == "month":
        return date.replace(day=1)
    return date.replace(month=1, day=1) if every == "year" else date


def _last_day(start: datetime.date, every: str) -> datetime.date:
    if every == "week":
        return start + datetime.timedelta(days=6)
    if every == "month":
        return start.replace(day=monthrange(start.year, start.month)[1])
    return start.replace(month=12, day=31) if every == "year" else start


def _periods(events: Events, every: str) -> tuple[list[datetime.date], Ints]:
    """The first days of the periods that hold an article, in order, and the number of each article's period (-1 without a date)."""
    days = [_first_day(date, every) if date else None for date in events.dates]
    starts = sorted({day for day in days if day})
    number = {day: position for position, day in enumerate(starts)}
    return starts, np.array([number[day] if day else -1 for day in days], dtype=np.intp)


def _split(group: Ints, groups: int) -> list[Ints]:
    """The articles of each group."""
    order = np.argsort(group, kind="stable")
    edges = np.searchsorted(group[order], np.arange(groups + 1))
    return [order[a:b] for a, b in pairwise(edges)]


def _flagged(row: Assessment, flag: tuple[float, bool] | None) -> Assessment:
    return row if flag is None else replace(row, p=flag[0], escalated=flag[1])


def _escalations(events: Events, group: Ints, groups: int, level: float) -> dict[tuple[str, str, int], tuple[float, bool]]:
    """For each pair (by identifiers) and period with a past, the p-value and whether it is flagged; only pairs that threaten are tested."""
    count = len(events.actors)
    speaking = np.zeros((count, groups), dtype=np.intp)
    article, actor = events.speaking.T
    dated = group[article] >= 0
    np.add.at(speaking, (actor[dated], group[article[dated]]), 1)
    threats = (events.stance == THREATENING) & (group[events.article] >= 0)
    pairs, articles = np.unique(np.stack([events.pair[threats], events.article[threats]]), axis=1)
    known, pair = np.unique(pairs, return_inverse=True)
    hits = np.zeros((len(known), groups), dtype=np.intp)
    np.add.at(hits, (pair, group[articles]), 1)
    flags = escalation.test(hits, speaking[known // count], level=level)
    found = {}
    for row, period in np.argwhere(~np.isnan(flags.p)):
        speaker, target = divmod(int(known[row]), count)
        key = (events.actors[speaker].id, events.actors[target].id, int(period))
        found[key] = (float(flags.p[row, period]), bool(flags.flagged[row, period]))
    return found


@dataclass(frozen=True, slots=True)
class _Held:
    """The events of some articles, by pair: what the bootstrap's table holds of them, and sums and counts for each pair."""

    pairs: Ints
    table: Table
    sums: Floats
    counts: Ints


class _Study:
    """Assesses one stretch of time after the other with one source of chance."""

    def __init__(self, events: Events, weights: Weights, draws: int, rng: np.random.Generator) -> None:
        self.events, self.draws, self.rng = events, draws, rng
        self.weights = np.array([getattr(weights, stance.value) for stance in STANCES])
        self.order = np.argsort(events.article, kind="stable")
        self.sorted_articles = events.article[self.order]

    def period(
        self, articles: Ints, start: datetime.date | None, end: datetime.date | None, *, usual: Period | None = None
    ) -> tuple[Period, list[Assessment]]:
        """Assesses some articles.

        Args:
            articles: Their numbers, ascending.
            start: The first day.
            end: The last day.
            usual: The whole corpus, whose share of articles with a threat makes 100; None if the articles are the whole corpus.
        """
        held = self._held(articles)
        statements = self.events.statements[articles].astype(np.float64)
        sizes = np.stack([statements, np.ones(len(articles))], axis=1)
        drawn = Draws.of(held.table, sizes, draws=self.draws, rng=self.rng)
        shares = [drawn.share(layer, held.sums[:, layer], kind=_STATEMENTS, total=statements.sum()) for layer in range(len(STANCES))]
        reach = drawn.share(_HIT, held.sums[:, _HIT], kind=_ARTICLES, total=len(articles))
        tension = [mean and Estimate(*(100 * n for n in mean)) for mean in drawn.mean(self.weights, held.sums[:, :_HIT])]
        first = len(held.pairs)
        period = Period(
            start=start,
            end=end,
            articles=len(articles),
            statements=int(statements.sum()),
            issued=reach[first + _ISSUED],
            perceived=reach[first + _PERCEIVED],
            threatened=reach[first + _EITHER],
            index=_index(reach[first + _EITHER], usual.threatened.value if usual else reach[first + _EITHER].value),
            silent=shares[0][first + _NOTHING],
            silent_articles=reach[first + _NOTHING],
        )
        return period, self._assessments(period, held, shares, reach, tension)

    def _held(self, articles: Ints) -> _Held:
        """Sums the events of each article and pair into one entry of the table, and adds the columns that belong to no pair."""
        events = self.events
        chosen = self._events_of(articles)
        pairs, column = np.unique(events.pair[chosen], return_inverse=True)
        position = np.searchsorted(articles, events.article[chosen])
        cells, cell = np.unique(column * len(articles) + position, return_inverse=True)
        values = np.zeros((len(cells), len(STANCES) + 1))
        np.add.at(values[:, :_HIT], cell, events.mass[chosen])
        values[cell[events.stance[chosen] == THREATENING], _HIT] = 1
        counts = np.zeros((len(pairs), len(STANCES) + 1), dtype=np.intp)
        np.add.at(counts, (column, events.stance[chosen]), 1)
        np.add.at(counts[:, _HIT], cells // len(articles), 1)
        issued, perceived = events.issued[articles], events.perceived[articles]
        marked = [np.flatnonzero(hits) for hits in (issued, perceived, issued | perceived)]
        extra = np.zeros((sum(map(len, marked)), len(STANCES) + 1))
        extra[:, _HIT] = 1
        behind = [np.full(len(found), len(pairs) + number) for number, found in enumerate(marked)]
        table = Table(
            article=np.concatenate([cells % len(articles), *marked]),
            column=np.concatenate([cells // len(articles), *behind]),
            values=np.concatenate([values, extra]),
            columns=len(pairs) + _NOTHING + 1,
        )
        return _Held(pairs, table, table.totals(), counts)

    def _events_of(self, articles: Ints) -> Ints:
        if len(articles) == len(self.events.dates):
            return self.order
        first = np.searchsorted(self.sorted_articles, articles, side="left")
        last = np.searchsorted(self.sorted_articles, articles, side="right")
        return np.concatenate([self.order[a:b] for a, b in zip(first, last, strict=True)])

    def _assessments(
        self, period: Period, held: _Held, shares: list[list[Estimate]], reach: list[Estimate], tension: list[Estimate | None]
    ) -> list[Assessment]:
        """One for each pair with an event, and one for each pair whose target is alarmed by a speaker that says nothing to it."""
        count = len(self.events.actors)
        column = {int(pair): position for position, pair in enumerate(held.pairs)}
        silent = len(held.pairs) + _NOTHING
        zeros = np.zeros(len(STANCES) + 1, dtype=np.intp)
        feared = {
            (p % count) * count + p // count for p, alarms in zip(held.pairs.tolist(), held.counts[:, ALARMED], strict=True) if alarms
        }
        found = []
        for pair in sorted({*column, *feared}):
            speaker, target = divmod(pair, count)
            own, reversed_ = column.get(pair, silent), column.get(target * count + speaker, silent)
            counts = held.counts[own] if pair in column else zeros
            shown = [by_pair[own] for by_pair in shares]
            found.append(
                Assessment(
                    speaker=self.events.actors[speaker],
                    target=self.events.actors[target],
                    period=period,
                    articles=int(counts[_HIT]),
                    counts=dict(zip(STANCES, counts.tolist(), strict=False)),
                    sums=dict(zip(STANCES, held.sums[own].tolist(), strict=False)),
                    issued=shown[THREATENING],
                    perceived=shares[ALARMED][reversed_],
                    deterrent=shown[STANCES.index(Stance.DETERRENT)],
                    reassuring=shown[STANCES.index(Stance.REASSURING)],
                    alarms=int(held.counts[reversed_, ALARMED]) if reversed_ != silent else 0,
                    reach=reach[own],
                    tension=tension[own],
                )
            )
        return found


def _index(share: Estimate, usual: float) -> Estimate | None:
    """The threat index; the whole corpus stands at 100."""
    return Estimate(*(100 * number / usual for number in share)) if usual else None
