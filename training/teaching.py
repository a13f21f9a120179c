"""Teaching: what a pupil learns from the answers of runs before it (Hinton and others, *Distilling the Knowledge in a Neural Network*)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from stance.classifiers.base import COLUMNS
from stance.classifiers.sheets import Writer
from stance.classifiers.transformer import AIMED, WHOLE
from stance.encoding import ModelInput
from stance.types import Stance
from training import transformer
from training.finetune import Progress
from training.transformer import Lesson, Reader

Floats = NDArray[np.float32]
Inputs = tuple[ModelInput, ...]

_NEUTRAL, _NO_TARGET = COLUMNS.index(Stance.NEUTRAL), AIMED[-1]


@dataclass(frozen=True, slots=True)
class Teacher:
    """A trained network to learn from.

    Attributes:
        reader: The network.
        writer: Writes sheets for it.
        neutral: How often it read a neutral statement beside one with a stance.
    """

    reader: Reader
    writer: Writer
    neutral: float = 1.0


def taught(
    own: Sequence[Lesson],
    unlabelled: Sequence[Inputs],
    teachers: Sequence[Teacher],
    referees: Sequence[Teacher] = (),
    *,
    trust: float,
    doubt: float,
    sure: float = 1.0,
    progress: Progress,
) -> list[Lesson]:
    """Annotated statements whose labels lean towards the teachers', and unlabelled ones with the teachers' alone.

    Args:
        own: The annotated statements.
        unlabelled: Statements without labels, and what is asked about each.
        teachers: They answer about everything; their mean counts.
        referees: Large networks, which take long. They answer where the teachers doubt, and count as much as these there.
        trust: Share of the teachers' answer in the labels of annotated statements.
        doubt: From which probability of any stance the teachers doubt that a statement is neutral.
        sure: How often an annotated statement is read that is neutral, and that nobody doubts, beside one that is doubted.
        progress: Told what is being done.
    """
    asked = [*(lesson.inputs for lesson in own if trust), *unlabelled]
    told = _mean_answers(teachers, asked, progress)
    doubted = [n for n, answer in enumerate(told) if _doubted(answer, doubt)] if referees else []
    second = _mean_answers(referees, [asked[n] for n in doubted], progress)
    for n, answer in zip(doubted, second, strict=True):
        told[n] = np.mean([told[n], answer], axis=0)
    mixed = list(own)
    if trust:
        mixed = [_leaning(o, t, trust, sure if _neutral(o) and not _doubted(t, doubt) else 1.0) for o, t in zip(own, told, strict=False)]
    return mixed + [_from_teacher(inputs, t) for inputs, t in zip(unlabelled, told[len(told) - len(unlabelled) :], strict=True)]


def as_found(told: Floats, neutral: float) -> Floats:
    """What a network would say if it had read neutral statements as often as they are found.

    A statement with a stance weighs 1 in its training and a neutral one `neutral`; by Bayes' rule its odds of being neutral are too low
    by that factor, and so are those of a candidate of being no target on the statement's account.

    Args:
        told: Probabilities of `COLUMNS` for a statement as a whole, then for its candidates, shape (inputs, 6).
        neutral: How often it read a neutral statement.
    """
    stances = [column for column in range(len(COLUMNS)) if column not in (_NEUTRAL, _NO_TARGET)]
    found = np.zeros_like(told)
    found[:, stances] = told[:, stances] / (1 + told[0, _NEUTRAL] * (1 / neutral - 1))
    found[0, _NEUTRAL] = 1 - found[0, stances].sum()
    found[1:, _NO_TARGET] = 1 - found[1:][:, stances].sum(axis=1)
    return found


def _mean_answers(teachers: Sequence[Teacher], asked: Sequence[Inputs], progress: Progress) -> list[Floats]:
    answers = [
        [as_found(answer, each.neutral) for answer in transformer.answers(each.reader, each.writer, asked, progress=progress)]
        for each in teachers
    ]
    return [np.mean(several, axis=0) for several in zip(*answers, strict=True)]


def _neutral(lesson: Lesson) -> bool:
    return int(lesson.whole.argmax()) == _NEUTRAL


def _doubted(told: Floats, doubt: float) -> bool:
    return bool(1 - told[0, _NEUTRAL] >= doubt)


def _leaning(lesson: Lesson, told: Floats, trust: float, share: float) -> Lesson:
    whole, aimed = _mean(lesson.whole, told[0, WHOLE], trust), _mean(lesson.aimed, told[1:, AIMED], trust)
    return replace(lesson, whole=whole, aimed=aimed, share=lesson.share * share)


def _from_teacher(inputs: Inputs, told: Floats) -> Lesson:
    return Lesson(inputs, told[0, WHOLE], told[1:, AIMED], np.full(len(inputs) - 1, np.nan, dtype=np.float32))


def _mean(label: Floats, told: Floats, trust: float) -> Floats:
    return np.asarray((1 - trust) * label + trust * told, dtype=np.float32)
