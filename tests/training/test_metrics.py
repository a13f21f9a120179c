"""The modules of `evaluate`."""

import doctest
import json
import os
from typing import Any

import pytest

pytest.importorskip("evaluate", reason="the train extra is not installed")
from tests.training.test_scoring import gold, shaken
from training import metrics, scoring


def lines(articles: list[dict[str, Any]]) -> list[str]:
    return [json.dumps(a) for a in articles]


def test_modules_share_out_all_figures_and_agree_with_the_scoring() -> None:
    articles = [{**gold()[0], "id": str(n)} for n in range(5)]
    made = {article["id"]: article for article in shaken(articles, 1)}
    told = [made.get(article["id"], {"id": article["id"], "statements": []}) for article in articles]
    found: dict[str, float] = {}
    for module in metrics.MODULES:
        own = module().compute(predictions=lines(told), references=lines(articles))
        assert not set(own) & set(found)
        found |= own
    assert found == scoring.values(scoring.counts(articles, told))


def test_samples_give_intervals() -> None:
    found = metrics.Calibration().compute(predictions=lines(gold()), references=lines(gold()), samples=10, seed=1)
    assert found == {"ece": {"value": 0.0, "low": 0.0, "high": 0.0}}


def test_headlines_are_figures() -> None:
    assert set(metrics.HEADLINES) <= set(scoring.values(scoring.counts(gold(), [])))


def test_examples_of_the_documentation_run_offline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "HF_HUB_OFFLINE", "1")
    assert doctest.testmod(metrics).failed == 0
