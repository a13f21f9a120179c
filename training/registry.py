"""The registry: a run's model becomes the champion only if it beats the present one beyond doubt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from training import scoring
from training.scoring import Counts, Interval
from training.tracking import Record, Store, TrackingError

FIGURE = "who_whom_what_f1"
_SAMPLES = 2000
_SEED = 20


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a promotion.

    Attributes:
        version: The registered version of the model.
        promoted: Whether it is the champion now.
        on: The evaluation that decided; None where there was no champion to beat.
        champion: The run that was the champion before, or None.
        gain: By how much the figure exceeds the champion's, or None.
    """

    version: str
    promoted: bool
    on: str | None = None
    champion: Record | None = None
    gain: Interval | None = None

    def told(self) -> str:
        """The verdict in a sentence."""
        if self.champion is None or self.gain is None:
            return f"version {self.version} is the champion: there was none to beat"
        gain = f"{self.gain.value:+.4f} (95 %: {self.gain.low:+.4f} to {self.gain.high:+.4f}) in {FIGURE} on {self.on}"
        rival = f"{self.champion.name} ({self.champion.id[:8]})"
        if self.promoted:
            return f"version {self.version} is the champion now: {gain} over {rival}"
        return f"version {self.version} is registered, but {rival} stays champion: {gain}; the interval must lie above zero"


def promote(store: Store, run: Record, *, on: str | None = None) -> Verdict:
    """Registers a run's model, and crowns it if the 95 % interval of its gain over the champion lies above zero.

    The interval is that of a paired bootstrap by article, so that both are judged on the same resampled articles.

    Args:
        store: The store.
        run: A finished run.
        on: The evaluation that decides; by default ``dev`` if both runs were measured on it, else ``test``.

    Raises:
        TrackingError: If the run did not finish, or the two were not measured on the same articles.
    """
    if run.status != "FINISHED":
        raise TrackingError(f"run {run.name} ({run.id}) is {run.status}; only a run that finished can be promoted")
    champion_id, version = store.champion(), store.register(run)
    if champion_id in {None, run.id}:
        store.crown(version)
        return Verdict(version, promoted=True)
    champion = store.record(str(champion_id))
    on = on or ("dev" if all(f"dev/{FIGURE}" in r.metrics for r in (run, champion)) else "test")
    gain = difference(*pair(store, run, champion, on=on), figure=FIGURE)
    if gain.low > 0:
        store.crown(version)
    return Verdict(version, promoted=gain.low > 0, on=on, champion=champion, gain=gain)


def pair(store: Store, run: Record, other: Record, *, on: str) -> tuple[Counts, Counts]:
    """Counts of two runs on the same articles.

    Raises:
        TrackingError: If one was not measured on them.
    """
    (ours, digest), (theirs, other_digest) = (counts(store, r, on) for r in (run, other))
    if digest != other_digest or ours.ids != theirs.ids:
        remedy = f"measure both on one file: python -m training evaluate RUN --on {on}=PATH"
        raise TrackingError(f"{run.name} and {other.name} were measured on different {on} articles; {remedy}")
    return ours, theirs


def difference(ours: Counts, theirs: Counts, *, figure: str) -> Interval:
    """By how much a figure of ours exceeds theirs, with its 95 % interval."""
    return scoring.difference(ours, theirs, figure=figure, samples=_SAMPLES, seed=_SEED)


def counts(store: Store, run: Record, on: str) -> tuple[Counts, str]:
    """A run's counts by article on an evaluation, and the SHA-256 of the corpus."""
    try:
        kept = store.read_json(run.id, f"counts/{on}.json")
    except TrackingError as error:
        raise TrackingError(
            f"run {run.name} ({run.id}) was not measured on {on!r}; try: python -m training evaluate {run.id[:8]}"
        ) from error
    if tuple(kept["columns"]) != scoring.COLUMNS:
        raise TrackingError(
            f"run {run.name} ({run.id}) was scored by another version; measure it again: python -m training evaluate {run.id[:8]}"
        )
    return Counts(tuple(kept["ids"]), np.array(kept["rows"], dtype=np.float64)), kept["sha256"]
