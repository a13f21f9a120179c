"""Assessment: what is counted, what is kept apart, and how results are asked for."""

from __future__ import annotations

import datetime
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import FrozenInstanceError, replace

import numpy as np
import pandas as pd
import pytest

import stance
from stance.assessment import Assessments, Estimate, Weights, assess
from stance.errors import ConfigError, InputError, MissingExtraError
from stance.types import PRECEDENCE, Actor, ActorKind, Stance, Target
from tests.assessment.synthetic import EAST, FEAR, FIRST, NORTH, REMARK, SOOTHING, SOUTH, THREAT, WARNING, article, days, statement


@pytest.fixture(scope="module")
def small() -> Assessments:
    """Two weeks: in the first NORTH threatens once and SOUTH fears twice; in the second NORTH warns and soothes."""
    return assess([article(THREAT, REMARK), article(FEAR, FEAR), article(WARNING, SOOTHING, day=9), article(REMARK, day=9)])


def test_issued_and_perceived_are_kept_apart(small: Assessments) -> None:
    first = small.pair("NORTH", "SOUTH")[0]
    assert first.counts == {Stance.THREATENING: 1, Stance.DETERRENT: 0, Stance.REASSURING: 0, Stance.ALARMED: 0}
    assert first.issued.value == pytest.approx(1 / 4)
    assert (first.perceived.value, first.alarms) == (pytest.approx(2 / 4), 2)
    back = small.pair("SOUTH", "NORTH")[0]
    assert back.counts[Stance.ALARMED] == 2
    assert back.issued.value == back.perceived.value == 0


def test_a_fear_alone_makes_a_row_for_the_feared() -> None:
    (feared,) = [r for r in assess([article(FEAR)]) if r.speaker == NORTH]
    assert (feared.target, feared.perceived.value, feared.articles, feared.tension) == (SOUTH, 1.0, 0, None)


def test_periods_are_calendar_periods(small: Assessments) -> None:
    assert [(p.start, p.end, p.articles, p.statements) for p in small.periods] == [
        (FIRST, FIRST + datetime.timedelta(days=6), 2, 4),
        (FIRST + datetime.timedelta(days=7), FIRST + datetime.timedelta(days=13), 2, 3),
    ]
    corpus = [article(THREAT, day=30)]
    found = {every: assess(corpus, every=every).periods[0] for every in ("day", "month", "year")}
    assert (found["day"].start, found["day"].end) == (datetime.date(2031, 2, 5), datetime.date(2031, 2, 5))
    assert (found["month"].start, found["month"].end) == (datetime.date(2031, 2, 1), datetime.date(2031, 2, 28))
    assert (found["year"].start, found["year"].end) == (datetime.date(2031, 1, 1), datetime.date(2031, 12, 31))


def test_shares_of_articles_and_the_threat_index(small: Assessments) -> None:
    first, second = small.periods
    assert (first.issued.value, first.perceived.value, first.threatened.value) == (0.5, 0.5, 1.0)
    assert second.threatened.value == 0
    assert small.corpus.threatened.value == 0.5
    assert (first.index.value, second.index.value) == (200, 0)
    assert small.pair("NORTH", "SOUTH")[0].reach.value == 0.5
    assert assess([article(REMARK)]).periods[0].index is None


def test_the_index_counts_threats_of_nobody_at_nobody() -> None:
    nameless = assess([article(statement(None, None, Stance.THREATENING)), article(REMARK)])
    assert nameless.corpus.issued.value == 0.5
    assert nameless.overall == ()


def test_sums_are_weighted_by_probability() -> None:
    unsure = replace(
        THREAT, targets=(Target(SOUTH, None, Stance.THREATENING, 0.6, {"threatening": 0.6, "deterrent": 0.3, "neutral": 0.1}),)
    )
    (row,) = assess([article(unsure, REMARK)])
    assert row.counts[Stance.THREATENING] == 1
    assert row.counts[Stance.DETERRENT] == 0
    assert row.sums == {Stance.THREATENING: 0.6, Stance.DETERRENT: 0.3, Stance.REASSURING: 0.0, Stance.ALARMED: 0.0}
    assert row.issued.value == pytest.approx(0.3)
    assert row.tension.value == pytest.approx(100 * (0.6 + 0.5 * 0.3) / 0.9)


def test_net_tension_is_a_mean_between_its_ends(small: Assessments) -> None:
    first, second = small.pair("NORTH", "SOUTH")
    assert first.tension.value == 100
    assert second.tension.value == pytest.approx(100 * (0.5 - 1) / 2)
    other = assess([article(WARNING, SOOTHING)], weights=Weights(deterrent=0.0, reassuring=-0.5))
    assert other[0].tension.value == -25


def test_one_statement_is_no_certainty(small: Assessments) -> None:
    first = small.pair("NORTH", "SOUTH")[0]
    assert first.tension.high == 100
    assert first.tension.low < 50
    assert first.issued.low < 0.1
    assert first.issued.high > 0.6
    (only,) = assess([article(THREAT)])
    assert only.issued.value == only.issued.high == 1
    assert only.issued.low < 0.5


def test_silence_has_an_interval_that_shrinks_with_the_articles() -> None:
    corpus = [article(THREAT), *[article(*[REMARK] * 5, day=7)] * 3, *[article(*[REMARK] * 5, day=14)] * 100]
    _, few, many = assess(corpus).pair("NORTH", "SOUTH")
    assert few.issued.value == many.issued.value == few.issued.low == many.issued.low == 0
    assert 0.1 < few.issued.high < 1
    assert 0 < many.issued.high < 0.01
    assert few.tension is None


def test_undated_articles_count_in_the_whole_and_in_no_period() -> None:
    found = assess([article(THREAT), article(THREAT, day=None)])
    assert found.undated == 1
    assert found.overall[0].counts[Stance.THREATENING] == 2
    assert [row.counts[Stance.THREATENING] for row in found] == [1]
    assert "1 articles without a date" in repr(found)
    nowhere = assess([article(THREAT, day=None)])
    assert (nowhere.periods, nowhere.rows, nowhere.corpus.start) == ((), (), None)
    assert nowhere.overall[0].issued.value == 1


def test_dictionaries_of_the_shared_format_do_as_well_as_analyses(analysis, small: Assessments) -> None:
    assert assess([analysis.to_dict()], seed=3) == assess([analysis], seed=3)
    gold = {"id": "g", "date": "2031-05-04", "text": "We will burn it, he said.", "statements": [
        {"content": [[0, 15]], "kind": "direct", "cue": None, "source": None, "speaker": "he", "speaker_actor": "NOR",
         "targets": [{"actor": "ISL", "mention": None, "stance": "threatening"}], "stance": "threatening"}]}  # fmt: skip
    (row,) = assess([gold])
    assert (row.speaker.name, row.target.name, row.sums[Stance.THREATENING]) == ("Norway", "Iceland", 1.0)


def test_the_same_seed_gives_the_same_numbers() -> None:
    corpus = list(days(np.random.default_rng(1), days=3, articles=5, rate=0.2))
    assert assess(corpus, seed=5) == assess(corpus, seed=5)
    assert assess(corpus, seed=5) != assess(corpus, seed=6)


def test_top_ranks_by_what_is_surely_there() -> None:
    loud = statement(EAST, SOUTH, Stance.THREATENING)
    corpus = [article(THREAT, REMARK) for _ in range(20)] + [article(*[loud] * 25)]
    found = assess(corpus).top(5)
    assert [r.speaker for r in found] == [NORTH, EAST]
    assert assess(corpus).top(1, by="issued") == found[:1]
    assert assess(corpus).top(5, by="perceived") == ()
    with pytest.raises(ConfigError, match="cannot rank by 'fear'"):
        assess(corpus).top(5, by="fear")


def test_pairs_are_asked_for_by_code_or_name(small: Assessments) -> None:
    assert small.pair("north", "SOUTH").rows == small.pair("NORTH", "south").rows
    assert len(small.pair("NORTH", "SOUTH")) == 2
    with pytest.raises(InputError, match=r"'NORHT'; did you mean 'NORTH'\?"):
        small.pair("NORHT", "SOUTH")
    with pytest.raises(InputError, match="neither 'NORTH' nor 'NORTH'"):
        small.pair("NORTH", "NORTH")


def test_frame(small: Assessments) -> None:
    frame = small.to_frame()
    assert isinstance(frame, pd.DataFrame)
    assert len(frame) == len(small) == 3
    assert frame["start"].dtype.kind == "M"
    line = frame[(frame.speaker == "NORTH") & (frame.n_threatening == 1)].iloc[0]
    assert line.issued_low <= line.issued <= line.issued_high
    assert list(assess([article(REMARK)]).to_frame().columns) == list(frame.columns)


def test_frame_names_the_extra(small: Assessments, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'stance-nlp\[report\]'"):
        small.to_frame()


def test_results_are_frozen(small: Assessments) -> None:
    for value, name in ((small, "rows"), (small[0], "issued"), (small.corpus, "articles"), (small.weights, "alarmed")):
        with pytest.raises(FrozenInstanceError):
            setattr(value, name, None)


def test_repr_html_escapes(small: Assessments) -> None:
    villain = Actor("<script>alert(1)</script>", "<script>alert(1)</script>", ActorKind.ARMED_GROUP)
    html = assess([article(statement(villain, SOUTH, Stance.THREATENING))])._repr_html_()
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert "<td>NORTH</td><td>SOUTH</td>" in small._repr_html_()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"every": "fortnight"}, "every='fortnight'"),
        ({"false_alarms": 0}, "false_alarms is 0"),
        ({"draws": 10}, "draws is 10"),
    ],
)
def test_options_out_of_range_are_refused(options: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        assess([article(THREAT)], **options)


def test_weights_out_of_range_are_refused() -> None:
    with pytest.raises(ConfigError, match="the weight alarmed is 2"):
        Weights(alarmed=2)


def test_nothing_to_assess_is_refused() -> None:
    with pytest.raises(InputError, match="no articles to assess"):
        assess(iter(()))
    with pytest.raises(InputError, match="cannot assess a str"):
        assess("words")


def test_assess_needs_numpy_only() -> None:
    heavy = ("sklearn", "scipy", "pandas", "matplotlib", "jinja2", "pyarrow")
    code = f"import stance, sys; stance.assess; stance.Weights(); print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    assert stance.assess is assess


def test_estimates_hold_their_value() -> None:
    for row in assess(days(np.random.default_rng(2), days=30, articles=4, rate=0.3)):
        estimates = [row.issued, row.perceived, row.deterrent, row.reassuring, row.reach, *([row.tension] if row.tension else [])]
        assert all(isinstance(e, Estimate) and e.low <= e.value <= e.high for e in estimates)


@pytest.mark.parametrize(
    ("articles", "rate", "spread"),
    [(10, 0.1, None), (10, 0.1, 8), (30, 0.1, 8), (40, 0.05, 8)],
    ids=["few", "few-spread", "spread", "rare"],
)
def test_intervals_cover_the_truth(articles: int, rate: float, spread: float | None) -> None:
    """Each of 500 days is a draw from a corpus of known rates; days without a threat count, too."""
    corpus = days(np.random.default_rng(11), days=500, articles=articles, rate=rate, spread=spread)
    rows = assess(corpus, every="day", draws=500).pair("NORTH", "SOUTH").rows
    assert len(rows) == 500
    covered = np.mean([row.issued.low <= rate <= row.issued.high for row in rows])
    assert 0.93 <= covered <= 0.97


def test_ten_thousand_statements_take_less_than_five_seconds() -> None:
    def corpus() -> Iterator[stance.pipeline.Analysis]:
        rng = np.random.default_rng(4)
        actors = [Actor(f"A{i}", f"A{i}", ActorKind.STATE) for i in range(40)]
        for _ in range(2000):
            sides = rng.integers(0, 40, (5, 2))
            said = [statement(actors[a], actors[b], PRECEDENCE[rng.integers(0, 4)], confidence=0.7) for a, b in sides]
            yield article(*said, day=int(rng.integers(0, 364)))

    prepared = list(corpus())
    start = time.process_time()
    found = assess(prepared)
    assert time.process_time() - start < 5
    assert found.corpus.statements == 10_000
