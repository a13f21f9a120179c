"""What several tests share."""

from __future__ import annotations

import datetime
import os
from pathlib import Path

import pytest

from stance.pipeline import Analysis, Analyzer
from stance.types import Actor, ActorKind, Article, Kind, Span, Speaker, Stance, Statement, Target

os.environ["_TYPER_FORCE_DISABLE_TERMINAL"] = "1"  # help without colour wherever the tests run
SHARED = Path(__file__).parents[2] / "shared"

NORWAY = Actor("NOR", "Norway", ActorKind.STATE)
ICELAND = Actor("ISL", "Iceland", ActorKind.STATE)
FLEET = Actor("Grey Fleet", "Grey Fleet", ActorKind.ARMED_GROUP)

TEXT = "“Leave our waters,” said Minister Liv Haug, “or the Grey Fleet will be sunk.” Oslo would protect Iceland, she added. It rained."


@pytest.fixture(scope="session")
def shared() -> Path:
    if not SHARED.is_dir():
        pytest.skip("../shared is not here: texts of others, not part of the repository")
    return SHARED


@pytest.fixture(scope="session")
def analyzer() -> Analyzer:
    """The baseline; the default has tests of its own."""
    return Analyzer("baseline")


@pytest.fixture
def analysis() -> Analysis:
    """An analysis made by hand: two fragments, two targets, a statement without speaker and target."""
    speaker = Speaker("Liv Haug", NORWAY)
    first = Statement(
        text="Leave our waters … or the Grey Fleet will be sunk.",
        kind=Kind.DIRECT,
        speaker=speaker,
        targets=(_target(FLEET, "Grey Fleet", Stance.THREATENING, 0.9),),
        stance=Stance.THREATENING,
        confidence=0.9,
        probabilities={"threatening": 0.9, "neutral": 0.1},
        content=(_span("Leave our waters,"), _span("or the Grey Fleet will be sunk.")),
        cue=_span("said"),
        source=_span("Minister Liv Haug"),
        evidence=(_span("will be sunk"),),
    )
    second = Statement(
        text="Oslo would protect Iceland",
        kind=Kind.INDIRECT,
        speaker=speaker,
        targets=(_target(ICELAND, "Iceland", Stance.REASSURING, 0.75), _target(FLEET, None, Stance.DETERRENT, 0.5)),
        stance=Stance.REASSURING,
        confidence=0.75,
        probabilities={"reassuring": 0.75, "deterrent": 0.25},
        content=(_span("Oslo would protect Iceland"),),
        cue=_span("added"),
        source=_span("she"),
    )
    third = Statement(
        text="It rained.",
        kind=Kind.INDIRECT,
        speaker=None,
        targets=(),
        stance=Stance.NEUTRAL,
        confidence=1.0,
        probabilities={"neutral": 1.0},
        content=(_span("It rained."),),
        cue=None,
        source=None,
    )
    article = Article(TEXT, id="haug", title="A day at sea", date=datetime.date(2031, 5, 4))
    return Analysis(article, (first, second, third))


def _span(words: str) -> Span:
    start = TEXT.index(words)
    return Span(start, start + len(words))


def _target(actor: Actor, mention: str | None, stance: Stance, confidence: float) -> Target:
    probabilities = {stance.value: confidence, "not_a_target": round(1 - confidence, 4)}
    return Target(actor, _span(mention) if mention else None, stance, confidence, probabilities)
