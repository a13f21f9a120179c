"""Corpora of known rates: what the statistics are held against."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import numpy as np

from stance.pipeline import Analysis
from stance.types import Actor, ActorKind, Article, Kind, Span, Speaker, Stance, Statement, Target

FIRST = datetime.date(2031, 1, 6)  # a Monday
NORTH, SOUTH, EAST = (Actor(name, name, ActorKind.STATE) for name in ("NORTH", "SOUTH", "EAST"))


def statement(speaker: Actor | None, target: Actor | None, stance: Stance, *, confidence: float = 1.0) -> Statement:
    """A statement with nothing in it but who, whom and what; the probabilities are left out, as in gold data, unless it is unsure."""
    probabilities = {} if confidence == 1.0 else {stance.value: confidence, "not_a_target": 1 - confidence}
    targets = () if target is None else (Target(target, None, stance, confidence, probabilities),)
    said_by = Speaker("Somebody") if speaker is None else Speaker(speaker.name, speaker)
    return Statement("words", Kind.INDIRECT, said_by, targets, stance, confidence, probabilities, (Span(0, 5),), None, None)


THREAT, FEAR, SOOTHING, WARNING = (
    statement(NORTH, SOUTH, Stance.THREATENING),
    statement(SOUTH, NORTH, Stance.ALARMED),
    statement(NORTH, SOUTH, Stance.REASSURING),
    statement(NORTH, SOUTH, Stance.DETERRENT),
)
REMARK = statement(NORTH, None, Stance.NEUTRAL)


def article(*statements: Statement, day: int | None = 0) -> Analysis:
    """An article of `statements`, `day` days after the first Monday; None for no date."""
    return Analysis(Article("words", date=None if day is None else FIRST + datetime.timedelta(days=day)), statements)


def days(rng: np.random.Generator, *, days: int, articles: int, rate: float, spread: float | None = None) -> Iterator[Analysis]:
    """Each day is an independent draw of `articles` articles of one or more statements, of which a share of `rate` threaten and as many
    fear.

    Args:
        rng: Where chance comes from.
        days: Number of draws.
        articles: Articles a day.
        rate: The true share.
        spread: How much articles differ: each has a rate of its own from a beta distribution with this precision; None: all the same.
    """
    for day in range(days):
        for size in 1 + rng.poisson(4, articles):
            own = rate if spread is None else rng.beta(rate * spread, (1 - rate) * spread)
            threats = rng.binomial(size, own)
            yield article(*[THREAT] * threats, *[REMARK] * (size - threats), day=day)
