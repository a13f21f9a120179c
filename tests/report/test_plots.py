"""Charts."""

from __future__ import annotations

import math
import subprocess
import sys

import pytest

from stance.assessment import MEASURES, Assessments, assess
from stance.errors import ConfigError
from stance.report import plots
from stance.types import Actor, ActorKind, Stance
from tests.assessment.synthetic import EAST, FEAR, REMARK, SOUTH, THREAT, article, statement


@pytest.fixture(scope="module")
def found() -> Assessments:
    loud = statement(EAST, SOUTH, Stance.THREATENING)
    return assess([article(THREAT, REMARK), article(FEAR, loud, day=8), article(THREAT, REMARK, day=500)])


def test_a_timeline_has_a_panel_for_each_pair(found: Assessments) -> None:
    figure = found.plot()
    assert [axis.get_title(loc="left") for axis in figure.axes] == ["NORTH → SOUTH", "EAST → SOUTH"]
    line = figure.axes[0].lines[0]
    assert [y for y in line.get_ydata() if not math.isnan(y)] == pytest.approx([0.5, 0, 0.5])
    assert [label.get_text() for label in figure.axes[-1].get_xticklabels()] == ["6 Jan 2031", "13 Jan 2031", "17 May 2032"]
    assert len(found.plot(n=1).axes) == 1


def test_the_line_breaks_where_articles_are_missing_for_long(found: Assessments) -> None:
    line = found.plot(n=1).axes[0].lines[0]
    assert [x for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True) if math.isnan(y)] == [1.5]


def test_perceived_threats_are_told_by_who_feels_them(found: Assessments) -> None:
    assert found.plot(by="perceived").axes[0].get_title(loc="left") == "SOUTH alarmed by NORTH"


def test_escalations_are_marked() -> None:
    surge = [article(REMARK, day=day) for day in range(60)] + [article(THREAT, day=63) for _ in range(6)]
    assert any(line.get_marker() == "^" for line in assess(surge).plot().axes[0].lines)


def test_a_heatmap_names_both_sides(found: Assessments) -> None:
    (axis,) = found.plot("heatmap").axes
    assert {label.get_text() for label in axis.get_yticklabels()} == {"NORTH", "SOUTH", "EAST"}
    assert len(axis.texts) == 2
    assert len(found.plot("heatmap", n=2).axes[0].get_yticks()) == 2


def test_a_network_has_an_arrow_for_each_pair(found: Assessments) -> None:
    (axis,) = found.plot("network").axes
    assert len(axis.patches) == 2
    assert {text.get_text() for text in axis.texts} == {"NORTH", "SOUTH", "EAST"}


@pytest.mark.parametrize("kind", ["timeline", "heatmap", "network"])
@pytest.mark.parametrize("by", MEASURES)
def test_every_kind_draws_every_measure(found: Assessments, kind: str, by: str) -> None:
    assert plots.svg(found.plot(kind, by=by), prefix="p").startswith("<svg")


@pytest.mark.parametrize("kind", ["timeline", "heatmap", "network"])
def test_names_are_no_formulas_and_no_markup(kind: str) -> None:
    villain = Actor("$\\frac<script>&", "$\\frac{<script>&", ActorKind.ARMED_GROUP)
    drawn = plots.svg(assess([article(statement(villain, SOUTH, Stance.THREATENING))]).plot(kind), prefix="p")
    assert "<script" not in drawn
    assert "&lt;script" in drawn


def test_a_drawing_fetches_nothing_and_keeps_its_identifiers_apart(found: Assessments) -> None:
    drawn = plots.svg(found.plot(), prefix="one")
    assert "<style" not in drawn
    assert "metadata" not in drawn
    assert 'id="one-axes_1"' in drawn
    assert "url(#one-" in drawn


def test_unknown_kinds_and_measures_are_refused(found: Assessments) -> None:
    with pytest.raises(ConfigError, match="cannot plot a 'pie'"):
        found.plot("pie")
    with pytest.raises(ConfigError, match="cannot plot 'fear'"):
        found.plot(by="fear")


def test_plots_leave_pyplot_alone() -> None:
    code = "import sys, stance.report.plots; print('matplotlib.pyplot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "False"
