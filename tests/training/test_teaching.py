"""What a pupil is taught."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from training import teaching, transformer
from training.config import Stancing
from training.teaching import Teacher
from training.transformer import Lesson

SURE = [0.0, 0.0, 0.0, 0.0, 1.0, 0.0]
TORN = [0.4, 0.0, 0.0, 0.0, 0.6, 0.0]
NOT_AIMED = [0.1, 0.0, 0.0, 0.0, 0.0, 0.9]


def answer(whole: list[float]) -> np.ndarray:
    return np.array([whole, NOT_AIMED], dtype=np.float32)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[int]]:
    """Networks by name that tell what a table says, and what each of them was asked."""
    told = {"small": [answer(SURE), answer(TORN), answer(TORN)], "large": [answer([1.0, 0, 0, 0, 0, 0])] * 3}
    seen: dict[str, list[int]] = {}

    def answers(reader: Any, writer: Any, inputs: list[Any], *, progress: Any) -> list[np.ndarray]:
        seen[reader] = [each[0] for each in inputs]
        return [told[reader][each[0]] for each in inputs]

    monkeypatch.setattr(transformer, "answers", answers)
    return seen


def lesson(number: int) -> Lesson:
    label = np.array([0, 0, 0, 0, 1], dtype=np.float32)
    return Lesson((number, "candidate"), label, label[None], np.array([np.nan], dtype=np.float32))  # type: ignore[arg-type]


def teacher(name: str, neutral: float = 1.0) -> Teacher:
    return Teacher(name, None, neutral)  # type: ignore[arg-type]


def taught(*, referees: tuple[Teacher, ...] = (), trust: float = 0.5, sure: float = 1.0) -> list[Lesson]:
    return teaching.taught(
        [lesson(0), lesson(1)],
        [(2, "candidate")],  # type: ignore[list-item]
        [teacher("small")],
        referees,
        trust=trust,
        doubt=0.1,
        sure=sure,
        progress=lambda _: None,
    )


def test_labels_lean_towards_the_teachers(asked: dict[str, list[int]]) -> None:
    first, second, unlabelled = taught()
    assert first.whole == pytest.approx([0, 0, 0, 0, 1])
    assert second.whole == pytest.approx([0.2, 0, 0, 0, 0.8])
    assert second.aimed[0] == pytest.approx([0.05, 0, 0, 0, 0.95])
    assert unlabelled.whole == pytest.approx(TORN[:5])
    assert asked == {"small": [0, 1, 2]}


def test_without_trust_annotated_statements_keep_their_labels(asked: dict[str, list[int]]) -> None:
    _, second, unlabelled = taught(trust=0.0)
    assert second.whole == pytest.approx([0, 0, 0, 0, 1])
    assert unlabelled.whole == pytest.approx(TORN[:5])
    assert asked == {"small": [2]}


def test_referees_answer_where_teachers_doubt(asked: dict[str, list[int]]) -> None:
    first, second, unlabelled = taught(referees=(teacher("large"),))
    assert asked["large"] == [1, 2]
    assert first.whole == pytest.approx([0, 0, 0, 0, 1])
    assert second.whole == pytest.approx([0.35, 0, 0, 0, 0.65])
    assert unlabelled.whole == pytest.approx([0.7, 0, 0, 0, 0.3])


def test_neutral_statements_that_nobody_doubts_are_read_less_often(asked: dict[str, list[int]]) -> None:
    first, second, unlabelled = taught(sure=0.2)
    assert (first.share, second.share, unlabelled.share) == (0.2, 1.0, 1.0)


def test_a_statement_with_a_stance_is_read_even_if_the_teachers_miss_it(asked: dict[str, list[int]]) -> None:
    missed = replace(lesson(0), whole=np.array([1, 0, 0, 0, 0], dtype=np.float32), share=0.5)
    told = teaching.taught([missed], [], [teacher("small")], trust=0.5, doubt=0.1, sure=0.2, progress=lambda _: None)
    assert told[0].share == 0.5


def test_answers_are_as_if_neutral_statements_were_as_common_as_they_are() -> None:
    told = np.array([TORN, NOT_AIMED], dtype=np.float32)
    found = teaching.as_found(told, 0.25)
    assert found[0] == pytest.approx([0.4 / 2.8, 0, 0, 0, 2.4 / 2.8, 0])
    assert found[1] == pytest.approx([0.1 / 2.8, 0, 0, 0, 0, 1 - 0.1 / 2.8])
    assert teaching.as_found(told, 1.0) == pytest.approx(told)


@pytest.mark.parametrize(("teachers", "trust"), [((), 0.5), (("small",), 0.0)])
def test_what_is_sure_needs_teachers_that_are_asked(teachers: tuple[str, ...], trust: float) -> None:
    with pytest.raises(ValueError, match="sure: nobody is asked"):
        Stancing(
            backbone="x",
            epochs=1,
            learning_rate=1e-4,
            head_learning_rate=1e-3,
            batch_pieces=512,
            teachers=teachers,
            trust=trust,
            sure=0.5,
        )


def test_referees_need_teachers() -> None:
    with pytest.raises(ValueError, match="name teachers too"):
        Stancing(backbone="x", sha256=None, epochs=1, learning_rate=1e-4, head_learning_rate=1e-3, batch_pieces=512, referees=("large",))
