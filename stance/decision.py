"""Decision: from the probabilities of a statement's queries to its targets and its stance.

What is said of a statement as a whole and of its candidates may first be brought into agreement. A candidate is a target if the
probability of its likeliest stance then reaches that stance's threshold. Where no candidate does, but the statement as a whole reaches
its own or is hardly neutral, the likeliest candidates are taken, or none if none is likely: a threat to the world at large. So a
statement with targets is never neutral, and the stance is always the main target's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from stance.types import PRECEDENCE, Candidate, Document, Span, Speaker, Stance, Target

#: The classifiers' columns that are stances; ``not_a_target`` comes after them.
_STANCES = (Stance.DETERRENT, Stance.THREATENING, Stance.REASSURING, Stance.ALARMED, Stance.NEUTRAL)
_NOT_A_TARGET = "not_a_target"
_ACTIVE = len(PRECEDENCE)

#: Of candidates that are taken together, each is at least this share as likely a target as the likeliest.
PEERS = 0.55

#: What stands between two names of a list: "Moscow and Minsk", and between two of which more follow: "Oslo, Riga and the Hague".
_JOINT = re.compile(r"\s*,?\s+(?:and|or)\s+(?:the\s+)?")
_LISTED = re.compile(r"\s*,\s+(?:the\s+)?")
_GOES_ON = re.compile(r"\s*,\s+[A-Z]|\s*,?\s+(?:and|or)\s")

#: Who is named in one breath with a target is one too from this share of its probability on.
_COMPANION = 0.3

#: Thresholds of a bundle that names none: of each stance toward a candidate ("target:..."), of the statement as a whole
#: ("whole:..."); by how much a further target must exceed its own ("further"), and which share of the best candidate's
#: excess it must reach ("share"); from which probability of being a target at all a candidate is taken when only the
#: statement as a whole reaches its threshold ("fallback"); from which probability a speaker speaks for another actor than the
#: text seemed to say ("speaker:other"), and below which not for that one ("speaker:own"); probabilities reach neither by default.
#: Below which probability of being neutral a statement has its likeliest stance all the same ("calm").
#: How much the answers about a statement as a whole and about its candidates are brought together before all that ("agreement", 0 to 1).
DEFAULTS: Mapping[str, float] = {
    **{f"target:{s}": 0.4 for s in PRECEDENCE},
    **{f"whole:{s}": 0.5 for s in PRECEDENCE},
    "further": 1.2,
    "share": 0.5,
    "fallback": 0.2,
    "speaker:other": 10.0,
    "speaker:own": 0.0,
    "agreement": 0.0,
    "calm": 0.0,
}


@dataclass(frozen=True, slots=True)
class Decision:
    """What is told of a statement.

    Attributes:
        targets: Every target, the main one first; mentions point into `Article.text`.
        stance: The main target's stance; without targets neutral, or a stance aimed at nobody in particular.
        confidence: The probability of `stance` for the statement as a whole.
        probabilities: Probability of each of the five stances for the statement as a whole.
    """

    targets: tuple[Target, ...]
    stance: Stance
    confidence: float
    probabilities: Mapping[str, float]


def decide(
    document: Document,
    candidates: Sequence[Candidate],
    probabilities: NDArray[np.float64],
    *,
    speaker: Speaker | None = None,
    thresholds: Mapping[str, float] = DEFAULTS,
    least: float = 0.0,
) -> Decision:
    """Decides on the targets and the stance of a statement.

    Args:
        document: The document, for the mentions' place in the article.
        candidates: The statement's candidates.
        probabilities: Shape ``(1 + len(candidates), 6)``: first the statement as a whole, then its candidates in order.
        speaker: Who makes it, by the last word on that; the actor for whom they speak is no target.
        thresholds: A bundle's thresholds; those that it lacks are taken from `DEFAULTS`.
        least: Targets and stances of a lower confidence are not told.
    """
    probabilities = without_own(speaker, candidates, probabilities)
    chosen, stance = choose(probabilities, {**DEFAULTS, **thresholds})
    chosen = _with_companions(document, candidates, chosen, probabilities)
    told = (_target(document, candidates[row], probabilities[row + 1], aimed) for row, aimed in chosen)
    targets = tuple(target for target in told if target.confidence >= least)
    whole = {str(s): float(p) for s, p in zip(_STANCES, probabilities[0], strict=False)}
    if targets:
        stance = targets[0].stance
    elif whole[stance] < least:
        stance = Stance.NEUTRAL
    return Decision(targets, stance, max(whole[stance], *(t.confidence for t in targets), 0.0), whole)


def represented(
    speaker: Speaker | None, candidates: Sequence[Candidate], speaks: NDArray[np.float64], *, thresholds: Mapping[str, float] = DEFAULTS
) -> Speaker | None:
    """The speaker with the actor that the classifier takes them to speak for.

    Args:
        speaker: Who makes the statement, as far as the text told.
        candidates: The statement's candidates.
        speaks: Probability that the speaker speaks for each of them.
        thresholds: A bundle's thresholds; those that it lacks are taken from `DEFAULTS`.
    """
    if speaker is None or not candidates:
        return speaker
    limits = {**DEFAULTS, **thresholds}
    likeliest = candidates[int(speaks.argmax())].actor
    if speaks.max() >= limits["speaker:other"]:
        return replace(speaker, actor=likeliest)
    own = next((p for c, p in zip(candidates, speaks, strict=True) if speaker.actor and c.actor.id == speaker.actor.id), None)
    return replace(speaker, actor=None) if own is not None and own < limits["speaker:own"] else speaker


def without_own(speaker: Speaker | None, candidates: Sequence[Candidate], probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    """The probabilities with the actor for whom the speaker speaks ruled out as a target, which it is once in a hundred times.

    Args:
        speaker: Who makes the statement, by the last word on it.
        candidates: The statement's candidates.
        probabilities: Shape ``(1 + len(candidates), 6)``.
    """
    own = [row for row, c in enumerate(candidates, start=1) if speaker and speaker.actor and c.actor.id == speaker.actor.id]
    if own:
        probabilities = probabilities.copy()
        probabilities[own] = np.eye(len(_STANCES) + 1)[-1]
    return probabilities


def choose(probabilities: NDArray[np.float64], thresholds: Mapping[str, float]) -> tuple[list[tuple[int, Stance]], Stance]:
    """The candidates that are targets (by index, with their stances, the main one first), and the statement's stance."""
    probabilities = _agreed(probabilities, thresholds["agreement"])
    floors = np.array([thresholds[f"target:{s}"] for s in _STANCES[:_ACTIVE]])
    ratios = probabilities[1:, :_ACTIVE] / floors
    chosen = []
    if len(ratios):
        best = ratios.max(axis=1)
        first = int(best.argmax())
        further = max(thresholds["further"], thresholds["share"] * best[first])
        rows = [r for r in range(len(best)) if best[r] >= (1.0 if r == first else further)]
        chosen = [(r, _STANCES[int(ratios[r].argmax())]) for r in rows]
    if chosen:
        chosen.sort(key=lambda item: (PRECEDENCE.index(item[1]), -best[item[0]]))
        return chosen, chosen[0][1]
    return _as_a_whole(probabilities, thresholds)


def _agreed(probabilities: NDArray[np.float64], weight: float) -> NDArray[np.float64]:
    """The probabilities with each answer drawn towards the other.

    A candidate's stance is likely if it is the statement's as well (geometric mean), a statement's if some candidate has it (mean).
    """
    whole, aimed = probabilities[0, :_ACTIVE], probabilities[1:, :_ACTIVE]
    if not weight or not len(aimed):
        return probabilities
    agreed = probabilities.copy()
    agreed[1:, :_ACTIVE] = aimed ** (1 - weight) * whole**weight
    agreed[0, :_ACTIVE] = (1 - weight) * whole + weight * aimed.max(axis=0)
    return agreed


def _with_companions(
    document: Document, candidates: Sequence[Candidate], chosen: list[tuple[int, Stance]], probabilities: NDArray[np.float64]
) -> list[tuple[int, Stance]]:
    """The targets, each followed by those named in one breath with it ("Moscow and Minsk") that are nearly a third as likely to be any."""
    taken = {row for row, _ in chosen}
    likely = 1 - probabilities[1:, _ACTIVE + 1]
    together: list[tuple[int, Stance]] = []
    for row, stance in chosen:
        listed = [row]
        for last in listed:  # grows: who is named with one of a list is named with all of it
            for other, candidate in enumerate(candidates):
                if other not in taken and likely[other] >= _COMPANION * likely[row] and _are_joined(document, candidates[last], candidate):
                    taken.add(other)
                    listed.append(other)
        together += [(each, stance) for each in listed]
    return together


def _are_joined(document: Document, one: Candidate, other: Candidate) -> bool:
    spans = ((min(a, b), max(a, b)) for a in one.mentions for b in other.mentions)
    return any(_joins(document.text, left, right) for left, right in spans if left.end <= right.start)


def _joins(text: str, left: Span, right: Span) -> bool:
    if _JOINT.fullmatch(text, left.end, right.start):
        return True
    return bool(_LISTED.fullmatch(text, left.end, right.start) and _GOES_ON.match(text, right.end))


def _as_a_whole(probabilities: NDArray[np.float64], thresholds: Mapping[str, float]) -> tuple[list[tuple[int, Stance]], Stance]:
    whole = probabilities[0, :_ACTIVE] / np.array([thresholds[f"whole:{s}"] for s in _STANCES[:_ACTIVE]])
    column = int(whole.argmax())
    if whole[column] < 1.0 and probabilities[0, _ACTIVE] >= thresholds["calm"]:
        return [], Stance.NEUTRAL
    stance = _STANCES[column]
    likely = 1 - probabilities[1:, _ACTIVE + 1]
    if len(likely) and likely.max() >= thresholds["fallback"]:
        return [(int(r), stance) for r in np.flatnonzero(likely >= max(PEERS * likely.max(), thresholds["fallback"]))], stance
    return [], stance


def _target(document: Document, candidate: Candidate, probabilities: NDArray[np.float64], stance: Stance) -> Target:
    named = {str(s): float(p) for s, p in zip((*_STANCES, _NOT_A_TARGET), probabilities, strict=True)}
    mention = document.to_article(candidate.mentions[0]) if candidate.mentions else None
    return Target(candidate.actor, mention, stance, named[stance], named)
