"""Metrics as `evaluate.Metric` modules: they work offline, on lines of the shared JSON format.

>>> import json
>>> from training import metrics
>>> text = "Norland will help Vastia, said Ana Orlo."
>>> statement = {"content": [[0, 24]], "source": [31, 39], "speaker": "Ana Orlo", "speaker_actor": "NRL", "stance": "reassuring",
...     "targets": [{"actor": "VST", "stance": "reassuring"}]}
>>> line = json.dumps({"id": "1", "text": text, "statements": [statement]})
>>> metrics.WhoWhomWhat().compute(predictions=[line], references=[line])["who_whom_what_f1"]
1.0
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, ClassVar

import datasets
import evaluate

from training import scoring
from training.scoring import ACTIVE, LABELS, PAIRED

_INPUTS = """
Args:
    predictions: One line of JSON for each predicted article, in the shared format; `text` may be left out.
    references: One line of JSON for each annotated article.
    samples: Bootstrap samples by article for 95 % intervals; 0 for none.
    seed: Seed of the bootstrap.
"""
_SIDES = ("precision", "recall", "f1")


class Statements(evaluate.Metric):  # type: ignore[misc]
    """Every figure at once; each of the modules below gives the figures that `names` lists."""

    names: ClassVar[tuple[str, ...] | None] = None

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"keep_in_memory": True, **options})

    def _info(self) -> evaluate.MetricInfo:
        line = datasets.Value("string")
        features = datasets.Features({"predictions": line, "references": line})
        return evaluate.MetricInfo(description=self.__doc__ or "", citation="", inputs_description=_INPUTS, features=features)

    def _compute(self, *, predictions: Sequence[str], references: Sequence[str], samples: int = 0, seed: int = 0) -> dict[str, Any]:
        counted = scoring.counts(*([json.loads(line) for line in lines] for lines in (references, predictions)))
        found: Mapping[str, Any] = scoring.values(counted)
        if samples:
            found = {name: asdict(i) for name, i in scoring.intervals(counted, samples=samples, seed=seed).items()}
        return {name: value for name, value in found.items() if self.names is None or name in self.names}


def _of(*names: str) -> tuple[str, ...]:
    return tuple(f"{name}_{side}" for name in names for side in _SIDES)


class Attribution(Statements):
    """Statements found: their words exactly, their words by half, and their words by half with the right source."""

    names = _of("exact", "overlap", "attribution")


class Speaker(Statements):
    """Statements found with the right speaker by name, and by the actor spoken for."""

    names = _of("speaker", "speaker_actor")


class Target(Statements):
    """Targets of statements, and targets with the right stance."""

    names = _of("target", "target_stance")


class WhoWhomWhat(Statements):
    """Speaker's actor, target and stance, all right: the figure to improve."""

    names = _of("who_whom_what")


class StanceOfAligned(Statements):
    """The stance of statements that were found: accuracy, macro F1, and each label's precision, recall and F1."""

    names = ("stance_accuracy", "stance_macro_f1", *_of(*(f"stance_{label}" for label in LABELS)))


class StanceEndToEnd(Statements):
    """The stance of all statements; those not found are missed, those found for nothing are false alarms."""

    names = ("stance_e2e_macro_f1", *_of(*(f"stance_e2e_{label}" for label in ACTIVE)))


class Calibration(Statements):
    """Expected calibration error of the told stance's confidence, over ten bins of equal width."""

    names = ("ece",)


MODULES = (Attribution, Speaker, Target, WhoWhomWhat, StanceOfAligned, StanceEndToEnd, Calibration)

#: The figures whose intervals are logged beside them, and which tables show first.
HEADLINES = (
    *(f"{name}_f1" for name in PAIRED if not name.startswith("stance_e2e")),
    *("stance_macro_f1", "stance_e2e_macro_f1", "ece"),
)
