"""Scoring: figures, alignment, bootstrap; the same as the reference scorer's."""

import importlib.util
import itertools
import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stance.errors import InputError
from training import scoring
from training.scoring import LABELS, PAIRED

TEXT = "Ana Orlo said that Norland will help Vastia. “We will strike,” Emil Dorn warned Vastia. It is too early, the ministry said."


def span(words: str) -> list[int]:
    return [TEXT.index(words), TEXT.index(words) + len(words)]


def gold() -> list[dict[str, Any]]:
    statements = [
        said("Norland will help Vastia", "Ana Orlo", "NRL", "reassuring", "VST"),
        said("We will strike", "Emil Dorn", "the European Union", "threatening", "VST"),
        said("It is too early", "the ministry", None, "neutral", None),
    ]
    return [{"id": "one", "text": TEXT, "statements": statements}]


def said(content: str, speaker: str, actor: str | None, stance: str, target: str | None) -> dict[str, Any]:
    aimed = [{"actor": target, "mention": None, "stance": stance}] if target else []
    common = {"kind": "indirect", "cue": None, "source": span(speaker), "speaker": speaker, "speaker_actor": actor}
    return {"content": [span(content)], **common, "targets": aimed, "stance": stance}


def shaken(articles: list[dict[str, Any]], seed: int) -> list[dict[str, Any]]:
    """Predictions with every kind of mistake in them."""
    draw = random.Random(seed)
    told = []
    for article in articles:
        statements = []
        for s in article["statements"]:
            made = {**s, "confidence": draw.random(), "targets": [dict(t) for t in s["targets"]]}
            made["content"] = [[max(a - draw.choice((0, 0, 9)), 0), b + draw.choice((0, 0, 30))] for a, b in s["content"]]
            made["stance"] = draw.choice((s["stance"], *LABELS))
            made["speaker"] = draw.choice((s["speaker"], "Somebody Else", None, (s["speaker"] or "Nobody").split()[-1]))
            made["speaker_actor"] = draw.choice((s["speaker_actor"], "EU", "United Nations", None))
            made["source"] = draw.choice((s["source"], None, [0, 5]))
            for target in made["targets"]:
                target |= {"stance": draw.choice((target["stance"], *LABELS)), "actor": draw.choice((target["actor"], "the UN", "RUS"))}
            if draw.random() < 0.9:
                statements.append(made)
        if draw.random() < 0.95:
            told.append({"id": article["id"], "statements": [*statements, *statements[:1]]})
    return told


def test_perfect_predictions_score_1_and_none_score_0() -> None:
    perfect, nothing = (scoring.values(scoring.counts(gold(), told)) for told in (gold(), []))
    assert all(perfect[f"{name}_f1"] == 1.0 for name in PAIRED if name not in {"stance_e2e_deterrent", "stance_e2e_alarmed"})
    assert perfect["stance_macro_f1"] == perfect["stance_accuracy"] == perfect["stance_e2e_macro_f1"] == 1.0
    assert set(nothing.values()) == {0.0}


def test_the_greatest_overlap_is_aligned_first_and_each_statement_once() -> None:
    tokens = [(n, n + 1) for n in range(10)]
    wanted = [{"content": [[0, 4]]}, {"content": [[2, 6]]}]
    told = [{"content": [[0, 6]]}, {"content": [[2, 6]]}, {"content": [[8, 10]]}]
    assert list(scoring.align(wanted, told, tokens)) == [(1, 1, 1.0), (0, 0, 4 / 6)]


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [("Ana Orlo", "Orlo", True), ("Ana Orlo", "Ana", True), ("Ana Orlo", "Ana Dorn", False), (None, None, True), ("Orlo", None, False)],
)
def test_names_match_by_last_word_or_by_containing(first: str | None, second: str | None, same: bool) -> None:
    assert scoring.same_name(first, second) is scoring.same_name(second, first) is same


def test_actors_are_one_in_any_spelling() -> None:
    assert scoring.actor_key("the UN") == scoring.actor_key("United Nations") == scoring.actor_key(" UN Security Council ")
    assert scoring.actor_key("RUS") != scoring.actor_key("USA")
    assert scoring.actor_key("") is scoring.actor_key(None) is None


def test_calibration_error_is_the_weighted_gap_between_confidence_and_rightness() -> None:
    told = gold()
    for statement, confidence in zip(told[0]["statements"], (0.95, 0.95, 0.55), strict=True):
        statement["confidence"] = confidence
    told[0]["statements"][0]["stance"] = "neutral"
    ece = scoring.values(scoring.counts(gold(), told))["ece"]
    assert ece == pytest.approx(abs(1.9 - 1) / 3 + abs(0.55 - 1) / 3)


def test_intervals_hold_the_value_and_depend_on_the_seed_alone() -> None:
    articles = [{**gold()[0], "id": str(n)} for n in range(30)]
    counted = scoring.counts(articles, shaken(articles, 1))
    first, again, other = (scoring.intervals(counted, samples=200, seed=s) for s in (3, 3, 4))
    assert first == again != other
    assert all(first[name].low < first[name].value < first[name].high for name in ("who_whom_what_f1", "stance_macro_f1", "overlap_f1"))


def test_a_resampled_corpus_is_scored_as_if_its_articles_stood_there() -> None:
    articles = [{**gold()[0], "id": str(n)} for n in range(4)]
    told = shaken(articles, 5)
    twice = [{**a, "id": f"{a['id']}{copy}"} for a in articles for copy in ("", "x")]
    told_twice = [{**a, "id": f"{a['id']}{copy}"} for a in told for copy in ("", "x")]
    weighted = scoring.figures(scoring.counts(articles, told).rows.sum(axis=0) * 2)
    assert {k: float(v) for k, v in weighted.items()} == pytest.approx(scoring.values(scoring.counts(twice, told_twice)))


def test_the_paired_difference_is_sure_where_single_intervals_overlap() -> None:
    articles = [{**gold()[0], "id": str(n)} for n in range(40)]
    ours = shaken(articles, 7)
    theirs = json.loads(json.dumps(ours))
    for article in theirs[::3]:
        article["statements"] = []
    better, worse = scoring.counts(articles, ours), scoring.counts(articles, theirs)
    gain = scoring.difference(better, worse, figure="overlap_f1", samples=500, seed=1)
    assert 0 < gain.low < gain.value < gain.high
    none = scoring.difference(better, better, figure="overlap_f1", samples=50, seed=1)
    assert (none.value, none.low, none.high) == (0, 0, 0)


def test_runs_on_different_articles_are_not_compared() -> None:
    one, other = scoring.counts(gold(), []), scoring.counts([{**gold()[0], "id": "two"}], [])
    with pytest.raises(InputError, match="different articles"):
        scoring.difference(one, other, figure="ece", samples=10, seed=1)


def test_an_id_given_twice_is_refused() -> None:
    with pytest.raises(InputError, match="'one'"):
        scoring.counts(gold() * 2, [])


def test_every_figure_agrees_with_the_reference_scorer(shared: Path) -> None:
    spec = importlib.util.spec_from_file_location("reference", shared / "tools" / "score.py")
    assert spec is not None
    assert spec.loader is not None
    reference = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(reference)
    articles = reference.read(shared / "data" / "annotated" / "dev.jsonl")[:80]
    for seed in (1, 2):
        told = shaken(articles, seed)
        theirs, ours = reference.score(articles, told), scoring.values(scoring.counts(articles, told))
        for name, side in itertools.product(PAIRED[:8], enumerate(("precision", "recall", "f1"))):
            assert round(ours[f"{name}_{side[1]}"], 4) == theirs[name][side[0]], name
        for label, expected in theirs["stance_e2e"].items():
            assert tuple(round(ours[f"stance_e2e_{label}_{side}"], 4) for side in ("precision", "recall", "f1")) == expected
        by_label = {label: round(ours[f"stance_{label}_f1"], 4) for label in LABELS}
        assert by_label == theirs["stance_f1"]
        assert round(ours["stance_accuracy"], 4) == theirs["stance_accuracy"]
        # The reference averages figures that it has rounded before.
        assert round(sum(theirs["stance_f1"].values()) / len(theirs["stance_f1"]), 4) == theirs["stance_macro_f1"]
        assert ours["stance_macro_f1"] == pytest.approx(theirs["stance_macro_f1"], abs=1e-4)
        assert round(ours["stance_e2e_macro_f1"], 4) == theirs["stance_e2e_macro_f1"]
        matrix = scoring.counts(articles, told).confusion()
        assert {f"{g} -> {p}": int(matrix[i, j]) for i, g in enumerate(LABELS) for j, p in enumerate(LABELS) if matrix[i, j]} == theirs[
            "confusion"
        ]


def test_polnear_lines_are_scored_without_stances(shared: Path) -> None:
    lines = (shared / "data" / "polnear" / "dev.jsonl").read_text(encoding="utf-8").splitlines()[:10]
    articles = [json.loads(line) for line in lines]
    values = scoring.values(scoring.counts(articles, articles))
    assert values["attribution_f1"] == values["exact_f1"] == 1.0
    assert values["stance_macro_f1"] == 0.0


def test_counts_add_up_over_articles() -> None:
    articles = [{**gold()[0], "id": str(n)} for n in range(6)]
    told = shaken(articles, 2)
    whole = scoring.counts(articles, told).rows.sum(axis=0)
    parts = sum(scoring.counts([a], told).rows.sum(axis=0) for a in articles)
    np.testing.assert_allclose(whole, parts)
