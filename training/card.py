"""Model cards: what a bundle is, what it was trained on, and how far it can be relied upon."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from training.baseline import Fitted
from training.config import Config, TaggerConfig, TransformerConfig
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


def write_tagger(
    experiment: TaggerConfig,
    corpora: Sequence[Corpus],
    missing: Sequence[Path],
    *,
    measured: Mapping[str, Mapping[str, Interval]],
    averaged: Sequence[str] = (),
) -> str:
    """The card of a bundle with a tagger, in Markdown.

    Args:
        experiment: Its configuration.
        corpora: What it was trained on.
        missing: What it was to be trained on, but was not there.
        measured: The figures of each evaluation.
        averaged: The runs whose weights' mean it is; none for one that was trained.
    """
    names = list(dict.fromkeys(figure for found in measured.values() for figure in found if figure.endswith("_f1")))
    rows = [f"| {figure} | {' | '.join(_cell(found[figure]) for found in measured.values())} |" for figure in names]
    thoughts = [name for name in measured if name in experiment.evaluate and experiment.evaluate[name] in experiment.thoughts]
    lines = [
        f"# Model card: {experiment.name}",
        "",
        "Who says what: a small encoder (BERT's architecture, int8) reads windows of an English news article, finds the words that",
        "attribute, and tells for each of them which words are its source and which its content. The stances of the statements are",
        "told by the classifier of the `baseline` bundle, which has a card of its own.",
        "",
        "## Trained on",
        "",
        *(f"- `{c.path.name}` of `{c.path.parent.name}`: {len(c.articles)} articles, SHA-256 `{c.sha256}`" for c in corpora),
        *(f"- `{path.parent.name}/{path.name}` was missing and is not in it" for path in missing),
        "",
        f"Started from `{experiment.model.backbone}`. {_seeds(experiment.seed, averaged)}; settings:",
        f"`{experiment.model.model_dump_json()}`.",
        "",
        "Some of the corpora mark thoughts, hopes and plans, the others only what was voiced; the tagger learned both guidelines and is",
        f"asked for either. Measured by the first on: {', '.join(thoughts) or 'none'}; by the second on the others.",
        "",
        "## Measured as it is served, in int8 (95 % intervals by article where there are two ends)",
        "",
        f"| | {' | '.join(measured)} |",
        "| --- |" + " --- |" * len(measured),
        *rows,
        "",
        "`overlap`: half of the words are right; `attribution`: the source too; `items`: exact spans, sentence by sentence;",
        "`given_cues`: the linking alone, with the annotated cues.",
        "",
        "## Limits",
        "",
        "It knows English news. The annotations of security news it learned from are a language model's, by the project's codebook; those",
        f"of campaign news are people's. It reads no more than {experiment.model.window} word pieces at a time: a source that is named",
        "further away is not found.",
        "",
    ]
    return "\n".join(lines)


def write_transformer(
    experiment: TransformerConfig,
    corpora: Sequence[Corpus],
    missing: Sequence[Path],
    *,
    tuned_on: str,
    measured: Mapping[str, Mapping[str, Interval]],
    inherited: Mapping[str, str],
    averaged: Sequence[str] = (),
    apart: bool = False,
) -> str:
    """The card of a bundle with a transformer, in Markdown.

    Args:
        experiment: Its configuration.
        corpora: What it was trained on.
        missing: What it was to be trained on, but was not there.
        tuned_on: The evaluation on which temperatures, and how speakers are told, were fitted.
        measured: The figures of each evaluation.
        inherited: SHA-256 of the corpora that the tagger in the bundle was trained on, by name.
        averaged: The runs whose mean it is; none for one that was trained.
        apart: Whether it is the mean of their answers, not of their weights.
    """
    teachers = ", ".join(f"`{name}`" for name in experiment.model.teachers)
    referees = ", ".join(f"`{name}`" for name in experiment.model.referees)
    asked = f", and where these doubted from {referees}" if referees else ""
    taught = f" It learned from the mean answer of the runs {teachers}{asked} as well." if teachers else ""
    unlabelled = "the sentences in which nothing is said, as the teachers judge them" if experiment.narration else "without its labels"
    lines = [
        f"# Model card: {experiment.name}",
        "",
        "The stance of statements in English news: a small encoder (BERT's architecture, int8) reads a statement with its speaker, its",
        "surroundings and all the actors at whom it may be aimed, and tells its stance as a whole, and toward each of them. The",
        f"statements themselves are found by the attributor of the bundle `{experiment.attributor}`.",
        "",
        "## Trained on",
        "",
        *(f"- `{c.path.name}` of `{c.path.parent.name}`: {len(c.articles)} articles, SHA-256 `{c.sha256}`" for c in corpora),
        *(f"- `{path.parent.name}/{path.name}`, {unlabelled}" for path in experiment.unlabelled if path not in missing),
        *(f"- `{path.parent.name}/{path.name}` was missing and is not in it" for path in missing),
        "",
        f"Started from `{experiment.model.backbone}`. {_seeds(experiment.seed, averaged, apart=apart)}.{taught} Settings:",
        f"`{experiment.model.model_dump_json()}`.",
        "",
        "The stances of the corpora are a language model's, by the project's codebook; no human made them.",
        "",
        *(f"- {name}, SHA-256 `{digest}`" for name, digest in inherited.items()),
        "",
        *_measured(measured),
        f"Temperatures, and thresholds for whom speakers speak for, were fitted on `{tuned_on}`; its figures are somewhat too good.",
        "",
        "## Limits",
        "",
        "It knows English news on international security; elsewhere its probabilities are not calibrated. Deterrent and threatening",
        "statements are rare in what it learned from and are the ones it confounds most. It describes what a text says, not what an",
        "actor intends: have a person read the statement before anything follows from its label.",
        "",
    ]
    return "\n".join(lines)


def _seeds(seed: int, averaged: Sequence[str], *, apart: bool = False) -> str:
    what = "Answers" if apart else "Weights"
    return f"{what} are the mean of the runs {', '.join(averaged)}" if averaged else f"Seed {seed}"


def _measured(measured: Mapping[str, Mapping[str, Interval]]) -> list[str]:
    """A table of the figures of each evaluation, the whole pipeline on raw text."""
    if not measured:
        return []
    rows = [f"| {figure} | {' | '.join(_cell(found[figure]) for found in measured.values())} |" for figure in _SHOWN]
    head = [f"| | {' | '.join(measured)} |", "| --- |" + " --- |" * len(measured)]
    return ["## Measured on raw text, all steps together (95 % intervals, bootstrap by article)", "", *head, *rows, ""]


def _cell(figure: Interval) -> str:
    if figure.low == figure.high:
        return f"{figure.value:.3f}"
    return f"{figure.value:.3f} ({figure.low:.3f}-{figure.high:.3f})"
