"""Escalation: what is flagged, and how often by chance."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from stance.assessment import _escalations, _periods, assess, escalation
from stance.assessment.events import collect
from stance.pipeline import Analysis
from stance.types import PRECEDENCE, Actor, ActorKind, Stance
from tests.assessment.synthetic import NORTH, REMARK, THREAT, article, statement


def test_p_values_are_those_of_fisher() -> None:
    hits, articles = np.array([[2, 0, 3]]), np.array([[20, 5, 6]])
    flags = escalation.test(hits, articles, level=0.05)
    assert np.isnan(flags.p[0, 0])
    assert flags.p[0, 1] == pytest.approx(1.0)
    expected = stats.fisher_exact([[3, 3], [2, 23]], alternative="greater").pvalue
    assert flags.p[0, 2] == pytest.approx(expected)


def test_a_surge_is_flagged_once() -> None:
    quiet = [article(THREAT if day % 50 == 0 else REMARK, day=day) for day in range(140)]
    surge = [article(*([THREAT] if i < 5 else [REMARK]), day=140) for i in range(7)]
    found = assess([*quiet, *surge])
    (flagged,) = found.escalations
    assert (flagged.period.start.toordinal() - found.periods[0].start.toordinal()) == 140
    assert flagged.p < 0.001
    assert [r.escalated for r in found.pair("NORTH", "SOUTH")].count(True) == 1


def test_more_coverage_alone_is_no_escalation() -> None:
    before = [article(THREAT if i % 4 == 0 else REMARK, day=i) for i in range(56)]
    flood = [article(THREAT if i % 4 == 0 else REMARK, day=56) for i in range(80)]
    assert assess([*before, *flood]).escalations == ()


def test_the_first_period_of_a_speaker_has_no_past() -> None:
    found = assess([article(*[THREAT] * 9), article(REMARK, day=7)])
    assert found.pair("NORTH", "SOUTH")[0].p is None
    assert found.escalations == ()


def test_no_threat_no_test() -> None:
    assert all(row.p is None for row in assess([article(statement(NORTH, NORTH, Stance.ALARMED), day=day) for day in (0, 7)]))


def test_shuffled_data_raises_few_flags() -> None:
    """Where nothing has changed, at most 5 in 100 whole assessments may raise any flag."""
    rng = np.random.default_rng(3)
    events = collect(_world(rng))
    starts, group = _periods(events, "week")
    raised, small, tests = 0, 0, 0
    for _ in range(300):
        flags = list(_escalations(events, rng.permutation(group), len(starts), 0.05).values())
        raised += any(flagged for _, flagged in flags)
        small += sum(p <= 0.05 for p, _ in flags)
        tests += len(flags)
    assert raised / 300 <= 0.05
    assert small / tests <= 0.05
    assert small > 0


def _world(rng: np.random.Generator) -> list[Analysis]:
    """Thirty weeks of eight actors that threaten each other now and then."""
    actors = [Actor(f"A{i}", f"A{i}", ActorKind.STATE) for i in range(8)]

    def said() -> list:
        speaker, target = rng.choice(8, 2, replace=False)
        stance = PRECEDENCE[rng.integers(0, 4)] if rng.random() < 0.5 else None
        return [statement(actors[speaker], actors[target] if stance else None, stance or Stance.NEUTRAL)]

    return [article(*(s for _ in range(1 + rng.poisson(4)) for s in said()), day=day) for day in range(210) for _ in range(rng.poisson(4))]
