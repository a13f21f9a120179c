"""Escalation: does a speaker threaten a target in more of its articles than it did before?

For each pair and period the articles in which the speaker says anything are a sample, those with a threat against the target its hits.
All articles of the speaker in earlier periods are the past. If nothing has changed, the period's articles are a random draw from both
together, so the number of hits is hypergeometric: the one-sided exact test of Fisher, which is the permutation test that shuffles
articles between the period and the past. Conditioning on articles in which the speaker speaks keeps mere attention apart: more coverage
of everything that a state says is no escalation. Over all pairs and periods that could reach the level at all (Tarone 1990, Biometrics
46: 515-522), the procedure of Benjamini and Hochberg (1995, JRSS B 57: 289-300) holds the rate of false flags; where nothing has changed,
the chance that a whole assessment raises any flag is at most the level.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.intp]
Floats = NDArray[np.float64]


class Flags(NamedTuple):
    """The outcome, shape ``(pairs, periods)`` each: p-values (NaN where there is no past to compare with), and which are flagged."""

    p: Floats
    flagged: NDArray[np.bool_]


def test(hits: Ints, articles: Ints, *, level: float) -> Flags:
    """Compares each period with the pair's own past.

    Args:
        hits: In how many articles of a period the speaker threatens the target; shape ``(pairs, periods)``.
        articles: In how many the speaker says anything; same shape.
        level: The rate of false flags.

    Returns:
        P-values and flags.
    """
    past_hits, past_articles = np.cumsum(hits, axis=1) - hits, np.cumsum(articles, axis=1) - articles
    pair, period = np.nonzero((articles > 0) & (past_articles > 0))
    drawn, successes = articles[pair, period], (hits + past_hits)[pair, period]
    population = drawn + past_articles[pair, period]
    found = _upper_tail(hits[pair, period], drawn, successes, population)
    attainable = _upper_tail(np.minimum(drawn, successes), drawn, successes, population)
    p = np.full(hits.shape, np.nan)
    p[pair, period] = found
    flagged = np.zeros(hits.shape, dtype=bool)
    able = attainable <= level
    flagged[pair[able], period[able]] = _benjamini_hochberg(found[able], level)
    return Flags(p, flagged)


def _upper_tail(least: Ints, drawn: Ints, successes: Ints, population: Ints) -> Floats:
    """The chance of `least` or more successes among those drawn from a population without replacement."""
    if not len(least):
        return np.zeros(0)
    logs = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, population.max() + 1)))])

    def choose(n: Ints, k: Ints) -> Floats:
        return np.asarray(logs[n] - logs[k] - logs[n - k], dtype=np.float64)

    total = np.zeros(len(least))
    most = np.minimum(drawn, successes)
    for step in range(int((most - least).max()) + 1):
        hits = np.minimum(least + step, most)
        possible = (least + step <= most) & (population - successes >= drawn - hits)
        misses = np.where(possible, drawn - hits, 0)
        chance = np.exp(choose(successes, hits) + choose(population - successes, misses) - choose(population, drawn))
        total += np.where(possible, chance, 0.0)
    return np.minimum(total, 1.0)


def _benjamini_hochberg(p: Floats, level: float) -> NDArray[np.bool_]:
    order = np.argsort(p, kind="stable")
    passed = np.flatnonzero(p[order] <= level * np.arange(1, len(p) + 1) / max(len(p), 1))
    flagged = np.zeros(len(p), dtype=bool)
    flagged[order[: passed[-1] + 1 if len(passed) else 0]] = True
    return flagged
