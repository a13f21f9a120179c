"""Model cards: what a bundle is, what it was trained on, and how far it can be relied upon."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from training.baseline import Fitted
from training.config import Config
from training.data import Corpus, Example
from training.scoring import Interval

_SHOWN = ("attribution_f1", "speaker_actor_f1", "target_f1", "who_whom_what_f1", "stance_macro_f1", "ece")


def write(
    experiment: Config,
    corpora: Sequence[Corpus],
    missing: Sequence[Path],
    examples: Sequence[Example],
    *,
    fitted: Fitted,
    measured: Mapping[str, Mapping[str, Interval]],
) -> str:
    """The card of a trained baseline, in Markdown; `measured` holds the figures of each evaluation."""
    counts = Counter(e.labels[0] for e in examples)
    asked = sum(len(e.labels) - 1 for e in examples)
    lines = [
        f"# Model card: {experiment.name}",
        "",
        "Two logistic regressions (scikit-learn) over hashed words, pieces of words, word classes and roles. The first tells the",
        "stance of a statement in English news; the second, for each actor named near it, whether the statement is aimed at that",
        "actor, and with which stance.",
        "",
        "## Trained on",
        "",
        *(f"- `{c.path.name}`: {len(c.articles)} articles, SHA-256 `{c.sha256}`" for c in corpora),
        *(f"- `{path.name}` was missing and is not in it" for path in missing),
        "",
        f"{len(examples)} statements ({', '.join(f'{n} {label}' for label, n in sorted(counts.items()))}) and {asked} candidates. ",
        "The labels are a language model's, by the project's codebook; no human made them.",
        "",
        f"Seed {experiment.seed}; {experiment.model.folds} folds that part no event; settings: `{experiment.model.model_dump_json()}`.",
        "",
        "## Measured by cross-validation on the training data, given the statements and their speakers",
        "",
        *(f"- {name.removeprefix('cv_')}: {value:.3f}" for name, value in sorted(fitted.figures.items())),
        "",
        "Thresholds were tuned on these same folds, so that the first three figures are somewhat too good.",
        "",
        *_measured(measured),
        "## Limits",
        "",
        "A model of words: it misses irony, indirect threats and whatever the surroundings only imply, and takes reported threats",
        "for issued ones. It knows English news on international security; elsewhere its probabilities are not calibrated. It",
        "describes what a text says, not what an actor intends: have a person read the statement before anything follows from its label.",
        "",
    ]
    return "\n".join(lines)


def _measured(measured: Mapping[str, Mapping[str, Interval]]) -> list[str]:
    """A table of the figures of each evaluation, the whole pipeline on raw text."""
    if not measured:
        return []
    rows = [f"| {figure} | {' | '.join(_cell(found[figure]) for found in measured.values())} |" for figure in _SHOWN]
    head = [f"| | {' | '.join(measured)} |", "| --- |" + " --- |" * len(measured)]
    return ["## Measured on raw text, all steps together (95 % intervals, bootstrap by article)", "", *head, *rows, ""]


def _cell(figure: Interval) -> str:
    return f"{figure.value:.3f} ({figure.low:.3f}-{figure.high:.3f})"
