"""Training the baseline."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("pydantic", reason="the train extra is not installed")
from typer.testing import CliRunner

from stance import decision, encoding
from stance.classifiers import COLUMNS
from stance.classifiers.features import View
from stance.types import PRECEDENCE
from tests.classifiers.helpers import examples, fit
from training import baseline, calibration
from training.__main__ import app
from training.config import Model

ROOT = Path(__file__).parents[2]


def test_the_same_input_gives_the_same_model() -> None:
    first, again = fit(), fit()
    np.testing.assert_array_equal(first.classifier.pair.estimator.coef_, again.classifier.pair.estimator.coef_)
    assert first.thresholds == again.thresholds


def test_the_judge_decides_as_the_library_does() -> None:
    rng = np.random.default_rng(5)
    asked = examples()
    for _ in range(20):
        answers = [rng.dirichlet(np.full(6, 0.5), size=2) for _ in asked]
        thresholds = {**decision.DEFAULTS, **{k: float(rng.uniform(0.1, 0.9)) for k in decision.DEFAULTS if ":" in k}}
        thresholds["agreement"] = float(rng.choice([0.0, 0.5]))
        thresholds["calm"] = float(rng.choice([0.0, 0.3]))
        rows, columns, stance = calibration.Judge(asked, answers).decide(thresholds)
        judged = {(int(row), COLUMNS[column]) for row, column in zip(rows, columns, strict=True)}
        told = [decision.choose(a, thresholds) for a in answers]
        assert judged == {(n, str(s)) for n, (chosen, _) in enumerate(told) for _, s in chosen}
        ranks = [PRECEDENCE.index(s) if s in PRECEDENCE else len(PRECEDENCE) for _, s in told]
        assert stance.tolist() == ranks


def test_calibration_error_is_zero_for_honest_and_large_for_boastful_answers() -> None:
    labels = np.array(["deterrent"] * 8 + ["alarmed"] * 2)
    honest = np.tile([0.8, 0, 0, 0.2, 0, 0], (10, 1))
    boastful = np.tile([0.0, 1.0, 0, 0, 0, 0], (10, 1))
    assert calibration.ece(honest, labels) == pytest.approx(0.0)
    assert calibration.ece(boastful, labels) == pytest.approx(1.0)


def test_groups_that_are_left_out_have_no_say() -> None:
    model = Model(statement_features=("words",), statement_c=10.0, pair_c=10.0, min_count=1, folds=3)
    words = baseline.fit(examples(), model, seed=1, progress=lambda _: None).classifier.statement
    everything = fit().classifier.statement
    assert set(words.used) < set(everything.used)
    views = [View(encoding.encode(e.queries[0]).passage) for e in examples()]
    assert set(words.used) == {column for view in views for column in view.words()}


def test_a_mistake_ends_with_2_and_its_message() -> None:
    run = CliRunner().invoke(app, ["fit", str(ROOT / "configs" / "baseline.yaml"), "--set", "modle.folds=2"])
    assert run.exit_code == 2
    assert "did you mean" in run.stderr
