"""Decision: from probabilities to targets and a stance."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from stance import decision
from stance.text import parse
from stance.types import Actor, ActorKind, Article, Candidate, Document, Span, Speaker, Stance

DOCUMENT = parse(Article("Vastia\r\nand Selan and Quend met."))
CANDIDATES = tuple(Candidate(Actor(n, n, ActorKind.STATE), (Span(i, i + 5),)) for i, n in enumerate(("VST", "SEL", "QND")))
THRESHOLDS = {**{f"target:{s}": 0.4 for s in decision.PRECEDENCE}, **{f"whole:{s}": 0.6 for s in decision.PRECEDENCE}, "fallback": 0.2}


def answer(*rows: tuple[str, float]) -> np.ndarray:
    """Rows that give one column its probability and the rest to neutral (the first row) or to not_a_target."""
    out = np.zeros((len(rows), 6))
    for i, (name, p) in enumerate(rows):
        out[i, ("deterrent", "threatening", "reassuring", "alarmed", "neutral", "not_a_target").index(name)] = p
        out[i, 5 if i else 4] += 1 - p
    return out


def decide(*rows: tuple[str, float]) -> decision.Decision:
    return decision.decide(DOCUMENT, CANDIDATES[: len(rows) - 1], answer(*rows), thresholds=THRESHOLDS)


def test_no_target_is_neutral() -> None:
    told = decide(("neutral", 0.9), ("alarmed", 0.3))
    assert (told.targets, told.stance) == ((), Stance.NEUTRAL)
    assert told.confidence == pytest.approx(1.0)


def test_a_target_gives_the_statement_its_stance() -> None:
    told = decide(("alarmed", 0.5), ("alarmed", 0.7), ("alarmed", 0.1))
    assert [(t.actor.id, t.stance, t.confidence) for t in told.targets] == [("VST", "alarmed", 0.7)]
    assert told.stance is Stance.ALARMED


def test_precedence_decides_between_targets() -> None:
    told = decide(("neutral", 0.5), ("reassuring", 0.9), ("deterrent", 0.6))
    assert [(t.actor.id, t.stance) for t in told.targets] == [("SEL", "deterrent"), ("VST", "reassuring")]
    assert told.stance is Stance.DETERRENT


def test_a_further_target_needs_more() -> None:
    told = decide(("alarmed", 0.5), ("alarmed", 0.7), ("alarmed", 0.41))
    assert [t.actor.id for t in told.targets] == ["VST"]


def test_a_statement_that_is_hardly_neutral_has_its_likeliest_stance() -> None:
    probabilities = np.array([[0.36, 0.02, 0.5, 0.05, 0.07, 0.0], [0.2, 0.0, 0.25, 0.0, 0.05, 0.5]])
    stances = [
        decision.decide(DOCUMENT, CANDIDATES[:1], probabilities, thresholds={**THRESHOLDS, "calm": calm}).stance for calm in (0.0, 0.1)
    ]
    assert stances == [Stance.NEUTRAL, Stance.REASSURING]


def test_a_confident_whole_takes_the_likeliest_candidate_or_nobody() -> None:
    taken = decide(("threatening", 0.8), ("threatening", 0.1), ("threatening", 0.3))
    assert ([t.actor.id for t in taken.targets], taken.stance) == (["SEL"], Stance.THREATENING)
    nobody = decide(("threatening", 0.8), ("threatening", 0.1))
    assert (nobody.targets, nobody.stance, nobody.confidence) == ((), Stance.THREATENING, pytest.approx(0.8))


def test_mentions_point_into_the_article() -> None:
    told = decide(("neutral", 1.0), ("not_a_target", 1.0), ("not_a_target", 1.0), ("alarmed", 0.9))
    assert told.targets[0].mention == DOCUMENT.to_article(Span(2, 7))


@given(st.integers(0, 3).flatmap(lambda n: arrays(np.float64, (n + 1, 6), elements=st.floats(0.01, 1.0))))
def test_targets_and_stance_agree(raw: np.ndarray) -> None:
    told = decision.decide(DOCUMENT, CANDIDATES[: len(raw) - 1], raw / raw.sum(axis=1, keepdims=True), thresholds=THRESHOLDS)
    assert all(t.stance is not Stance.NEUTRAL for t in told.targets)
    assert not told.targets or told.stance is told.targets[0].stance
    assert len({t.actor.id for t in told.targets}) == len(told.targets)
    assert 0 <= told.confidence <= 1


def test_what_is_less_sure_than_asked_is_not_told() -> None:
    rows = answer(("alarmed", 0.5), ("alarmed", 0.7), ("alarmed", 0.65))

    def told(least: float) -> tuple[list[str], str]:
        made = decision.decide(DOCUMENT, CANDIDATES[:2], rows, thresholds={**THRESHOLDS, "further": 1.0}, least=least)
        return [t.actor.id for t in made.targets], str(made.stance)

    assert told(0.6) == (["VST", "SEL"], "alarmed")
    assert told(0.68) == (["VST"], "alarmed")
    assert told(0.8) == ([], "neutral")


def listed(text: str, *names: str) -> tuple[Document, tuple[Candidate, ...]]:
    document = parse(Article(text))
    spans = (Span(text.index(name), text.index(name) + len(name)) for name in names)
    return document, tuple(Candidate(Actor(name, name, ActorKind.STATE), (span,)) for name, span in zip(names, spans, strict=True))


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("We will punish Vastia, Selia and the Quand.", ["Vastia", "Selia", "Quand"]),
        ("We will punish Vastia and Selia but the Quand too.", ["Vastia", "Selia"]),
        ("If Vastia joins Selia, Quand will answer.", ["Vastia"]),
        ("We will punish Vastia, Selia will wait, and Quand too.", ["Vastia"]),
    ],
)
def test_a_target_takes_along_whom_a_list_names_with_it(text: str, targets: list[str]) -> None:
    document, candidates = listed(text, "Vastia", "Selia", "Quand")
    rows = answer(("threatening", 0.8), ("threatening", 0.8), ("threatening", 0.39), ("threatening", 0.39))
    made = decision.decide(document, candidates, rows, thresholds={**THRESHOLDS, "further": 10.0})
    assert [t.actor.id for t in made.targets] == targets


def test_answers_are_drawn_towards_each_other() -> None:
    rows = np.array([[0.0, 0.64, 0, 0, 0.36, 0], [0.0, 0.25, 0, 0, 0, 0.75], [0.0, 0.16, 0.09, 0, 0, 0.75]])
    agreed = decision._agreed(rows, 0.5)
    assert agreed[0, 1] == pytest.approx((0.64 + 0.25) / 2)
    assert agreed[1:, 1] == pytest.approx([0.4, 0.32])
    assert agreed[2, 2] == 0
    assert decision._agreed(rows, 0.0) is rows
    assert decision._agreed(rows[:1], 0.5) is not None


def test_the_actor_for_whom_a_speaker_speaks_is_no_target() -> None:
    rows = answer(("alarmed", 0.5), ("alarmed", 0.7), ("alarmed", 0.65))
    ruled = decision.without_own(Speaker("Orlo", CANDIDATES[0].actor), CANDIDATES[:2], rows)
    assert ruled[1].tolist() == [0, 0, 0, 0, 0, 1]
    assert (ruled[[0, 2]] == rows[[0, 2]]).all()
    assert decision.without_own(None, CANDIDATES[:2], rows) is rows


@pytest.mark.parametrize(
    ("speaks", "limits", "actor"),
    [
        ((0.1, 0.9), {}, "VST"),
        ((0.1, 0.9), {"speaker:other": 0.8}, "SEL"),
        ((0.1, 0.7), {"speaker:other": 0.8}, "VST"),
        ((0.1, 0.7), {"speaker:other": 0.8, "speaker:own": 0.2}, None),
        ((0.9, 0.7), {"speaker:other": 0.8, "speaker:own": 0.2}, "VST"),
    ],
)
def test_a_speaker_speaks_for_whom_the_classifier_takes_them_to(
    speaks: tuple[float, ...], limits: dict[str, float], actor: str | None
) -> None:
    speaker = Speaker("Orlo", CANDIDATES[0].actor)
    told = decision.represented(speaker, CANDIDATES[:2], np.array(speaks), thresholds=limits)
    assert told is not None
    assert (told.actor.id if told.actor else None) == actor
    assert decision.represented(None, CANDIDATES[:2], np.array(speaks), thresholds=limits) is None
    assert decision.represented(speaker, (), np.array([]), thresholds=limits) == speaker
