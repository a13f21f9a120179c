"""An experiment: gather the data, fit, measure, and log everything to a run."""

from __future__ import annotations

import dataclasses
import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

import stance
from stance import bundle, reading
from stance.errors import BundleError, InputError
from stance.integrations import pyfunc
from stance.types import Reach
from training import baseline, card, config, data, figures, metrics, predict, scoring, split, tables
from training.baseline import Fitted
from training.config import Config, Experiment, Plan, TaggerConfig
from training.data import Corpus, Example, GoldArticle
from training.scoring import LABELS, Counts, Interval
from training.tracking import Record, Run, Store

Progress = Callable[[str], None]
Intervals = dict[str, Interval]

GIVEN = "given_"
_WORST = 100
_SHOWN = 300


@dataclass(frozen=True)
class Evaluation:
    """Articles to measure on.

    Attributes:
        name: What its figures are called by: ``val``, ``test``, ``dev``.
        corpus: Its articles and where they come from.
    """

    name: str
    corpus: Corpus

    def examples(self, reach: Reach) -> list[list[Example]]:
        """The examples of each article, with the candidates that a classifier judges."""
        return [data.examples(article, reach=reach) for article in self.corpus.articles]


@dataclass(frozen=True, slots=True)
class Material:
    """All data of an experiment.

    Attributes:
        corpora: What is trained on.
        evaluations: What is measured on.
        missing: Optional files that are not there.
        examples: The examples to train on.
    """

    corpora: tuple[Corpus, ...]
    evaluations: tuple[Evaluation, ...]
    missing: tuple[Path, ...]
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """What an evaluation found.

    Attributes:
        counts: Counts of the whole pipeline on raw text, by article.
        figures: Its figures, and with the prefix ``given_`` those given the annotated statements and speakers.
        given: Counts given the annotated statements.
        told: The statements behind `given`, as the model labelled them.
    """

    counts: Counts
    figures: Intervals
    given: Counts
    told: tuple[dict[str, Any], ...]


def gather(plan: Config, progress: Progress) -> Material:
    """Reads and parts the corpora of an experiment.

    Raises:
        InputError: If a required corpus is missing, one cannot be read, or nothing is left to train on.
    """
    read = collect(plan, progress)
    progress("actors and candidates")
    examples = tuple(e for corpus in read.corpora for article in corpus.articles for e in data.examples(article))
    return dataclasses.replace(read, examples=examples)


def collect(plan: Experiment, progress: Progress, *, spans_only: bool = False) -> Material:
    """Reads and parts the corpora of an experiment, without making examples of them.

    Args:
        plan: An experiment.
        progress: Told what is being done.
        spans_only: Whether statements may lack everything but their spans.

    Raises:
        InputError: If a required corpus is missing, one cannot be read, or nothing is left to train on.
    """
    progress("corpora")
    read, missing = data.corpora(plan.corpora.required, plan.corpora.optional, spans_only=spans_only)
    home, held_out = split.parts(plan.held_out)
    corpora = tuple(limited(split.training(corpus, home, plan.held_out), plan.limit) for corpus in read)
    if not any(article.statements for corpus in corpora for article in corpus.articles):
        raise InputError(f"{plan.name}: no statement is left to train on; see corpora and held_out in its configuration")
    missing += [path for path in plan.evaluate.values() if not path.is_file()]
    return Material(corpora, _evaluations(plan, held_out, spans_only=spans_only), tuple(missing), ())


def _evaluations(
    plan: Experiment, held_out: Mapping[str, Corpus], *, spans_only: bool = False, without: Sequence[Path] = ()
) -> tuple[Evaluation, ...]:
    """What an experiment is measured on: the parts held out, and the corpora to evaluate on that are there."""
    there = {name: path for name, path in plan.evaluate.items() if path.is_file() and path not in without}
    others = {name: data.corpora([path], [], spans_only=spans_only)[0][0] for name, path in there.items()}
    return tuple(Evaluation(name, limited(corpus, plan.limit)) for name, corpus in {**held_out, **others}.items())


def fit(plan: Config, material: Material, run: Run, progress: Progress) -> dict[str, Intervals]:
    """Trains, measures on everything, and logs the complete run.

    Returns:
        The figures of each evaluation.
    """
    describe(plan, material, run)
    fitted = baseline.fit(material.examples, plan.model, seed=plan.seed, progress=progress)
    run.metrics({f"cv/{name.removeprefix('cv_')}": value for name, value in fitted.figures.items()})
    model = _bundle(plan, material, fitted, run.id)
    found: dict[str, Intervals] = {}
    for evaluation in material.evaluations:
        progress(f"measuring on {evaluation.name}")
        found[evaluation.name] = measure_and_log(model, evaluation, run, samples=plan.samples, seed=plan.seed)
    log_figures(found, run)
    progress("logging the model")
    _log_model(run, model, plan, material, fitted=fitted, found=found)
    return found


def evaluate(store: Store, record: Record, chosen: Sequence[Evaluation], progress: Progress) -> dict[str, Intervals]:
    """Measures a run's model and adds the figures to the run.

    Raises:
        TrackingError: If the run logged no model.
    """
    plan = plan_of(store, record)
    with store.bundle(record) as folder:
        model = bundle.load(bundle.within(folder))
    with store.run(record.name, run_id=record.id, system=False) as run:
        found = {}
        for evaluation in chosen:
            progress(f"measuring on {evaluation.name}")
            found[evaluation.name] = measure_and_log(model, evaluation, run, samples=plan.samples, seed=plan.seed)
            log_data([(evaluation.corpus, evaluation.name)], run)
        log_figures({**read_figures(store, record), **found}, run)
    return found


def export(store: Store, record: Record, folder: Path) -> None:
    """Puts a run's bundle into a folder, in place of what was there.

    Raises:
        TrackingError: If the run logged no model.
        BundleError: If the bundle was altered, or `folder` holds something else.
    """
    if folder.exists() and not (folder / bundle.MANIFEST).is_file():
        raise BundleError(f"{folder} is there and holds no {bundle.MANIFEST}; name a new folder, or one that holds a bundle")
    with store.bundle(record) as kept:
        found = bundle.within(kept)
        bundle.save(bundle.load(found), folder, card=(found / bundle.CARD).read_text(encoding="utf-8"))


def evaluations_of(store: Store, record: Record) -> list[Evaluation]:
    """What a run was to be measured on, by its configuration; files that are missing are left out."""
    plan = plan_of(store, record)
    unlabelled = plan.thoughts if isinstance(plan, TaggerConfig) else ()
    return list(_evaluations(plan, split.parts(plan.held_out)[1], without=unlabelled))


def plan_of(store: Store, record: Record) -> Plan:
    """The configuration of a run."""
    with store.files(record.id, "config.yaml") as found:
        return config.parse(found.read_text(encoding="utf-8"), where=f"config.yaml of run {record.id}")


def read_figures(store: Store, record: Record) -> dict[str, Intervals]:
    """The figures of a run with their intervals."""
    kept = store.read_json(record.id, "metrics.json")
    return {name: {figure: Interval(**i) for figure, i in intervals.items()} for name, intervals in kept.items()}


def log_figures(found: Mapping[str, Intervals], run: Run) -> None:
    """Logs the figures of all evaluations with their intervals as one file."""
    run.json({name: {figure: asdict(i) for figure, i in intervals.items()} for name, intervals in found.items()}, "metrics.json")


def score(plan: Config, material: Material, *, on: str, progress: Progress) -> dict[str, float]:
    """Trains and measures on one evaluation, without intervals, files or a model: what a sweep needs."""
    fitted = baseline.fit(material.examples, plan.model, seed=plan.seed, progress=progress)
    model = _bundle(plan, material, fitted, None)
    evaluation = next(e for e in material.evaluations if e.name == on)
    measured = measure(model, evaluation, samples=0, seed=plan.seed)
    values = {f"{on}/{name}": interval.value for name, interval in measured.figures.items()}
    return values | {f"cv/{name.removeprefix('cv_')}": value for name, value in fitted.figures.items()}


def describe(plan: Experiment, material: Material, run: Run) -> None:
    """Logs what goes into a run: parameters, the configuration, data sets, and what was missing."""
    run.params(plan.model_dump(mode="json"))
    run.text(plan.to_yaml(), "config.yaml")
    run.tags({"seed": str(plan.seed)})
    describe_data(material, run)


def describe_data(material: Material, run: Run) -> None:
    """Logs the data sets of a run, with their digests, and what was missing."""
    log_data([*((c, "train") for c in material.corpora), *((e.corpus, e.name) for e in material.evaluations)], run)
    run.tags({"data.missing": ", ".join(map(str, material.missing)) or "none"})


def log_data(used: Sequence[tuple[Corpus, str]], run: Run) -> None:
    """Logs corpora as inputs of a run, each with its use and the digest of what is used; the tags hold the SHA-256 of whole files."""
    for corpus, use in used:
        run.dataset(tables.statements(corpus), name=tables.name(corpus), path=corpus.path, digest=tables.digest(corpus), use=use)
    run.tags({f"data.sha256.{tables.name(corpus)}": corpus.sha256 for corpus, _ in used})


def measure(model: bundle.Bundle, evaluation: Evaluation, *, samples: int, seed: int) -> Measured:
    """Measures a model end to end and given the annotated statements; without samples the intervals are the values themselves."""
    articles = evaluation.corpus.articles
    gold = [article.record for article in articles]
    told = tuple(predict.given_spans(model, articles, evaluation.examples(model.classifier.reach)))
    raw = list(predict.end_to_end(model, articles))
    whole, given = _figures(gold, raw, samples, seed), _figures(gold, told, samples, seed)
    wanted = {name: given[name] for name in given if name.startswith(("target", "who", "stance", "ece")) and "e2e" not in name}
    found = whole | {f"{GIVEN}{name}": interval for name, interval in wanted.items()}
    return Measured(scoring.counts(gold, raw), found, scoring.counts(gold, told), told)


def measure_and_log(model: bundle.Bundle, evaluation: Evaluation, run: Run, *, samples: int, seed: int) -> Intervals:
    """Measures a model and logs figures, pictures, counts by article, and the worst errors."""
    measured, name = measure(model, evaluation, samples=samples, seed=seed), evaluation.name
    run.metrics(flat(name, measured.figures))
    counted = measured.counts
    rows = [[int(x) if x == int(x) else x for x in row] for row in counted.rows.tolist()]
    run.json(
        {"sha256": tables.digest(evaluation.corpus), "ids": counted.ids, "columns": scoring.COLUMNS, "rows": rows}, f"counts/{name}.json"
    )
    run.figure(figures.confusion(counted, title=f"{name}: stance of statements found in raw text"), f"figures/{name}_confusion.png")
    run.figure(figures.confusion(measured.given, title=f"{name}: stance of annotated statements"), f"figures/{name}_given_confusion.png")
    run.figure(figures.reliability(counted, title=f"{name}: reliability of the confidence"), f"figures/{name}_reliability.png")
    statements = [s for told in measured.told for s in told["statements"]]
    stances = [str(s.stance) for article in evaluation.corpus.articles for s in article.statements]
    probabilities = np.array([[s["probabilities"][label] for label in LABELS] for s in statements]).reshape(-1, len(LABELS))
    run.figure(
        figures.precision_recall(stances, probabilities, title=f"{name}: annotated statements"), f"figures/{name}_precision_recall.png"
    )
    run.table(worst_errors(evaluation, measured.told), f"errors/{name}.json")
    return measured.figures


def flat(name: str, intervals: Mapping[str, Interval]) -> dict[str, float]:
    """Figures as metrics: every value, and the ends of the intervals of the main ones."""
    values = {f"{name}/{figure}": interval.value for figure, interval in intervals.items()}
    for figure in (f"{prefix}{headline}" for prefix in ("", GIVEN) for headline in metrics.HEADLINES):
        if figure in intervals:
            values |= {f"{name}/{figure}_low": intervals[figure].low, f"{name}/{figure}_high": intervals[figure].high}
    return values


def worst_errors(evaluation: Evaluation, told: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The annotated statements that the model got wrong, those whose right stance it held least likely first."""
    rows = []
    for article, labelled in zip(evaluation.corpus.articles, told, strict=True):
        for gold, said in zip(article.record["statements"], labelled["statements"], strict=True):
            wanted, given = _aims(gold), _aims(said)
            if gold["stance"] != said["stance"] or wanted != given:
                rows.append(_error(article, gold, said, wanted, given))
    return sorted(rows, key=lambda row: (row["gold"] == row["told"], row["probability_of_gold"], row["article"]))[:_WORST]


def _error(article: GoldArticle, gold: Mapping[str, Any], said: Mapping[str, Any], wanted: str, given: str) -> dict[str, Any]:
    text = article.document.article.text
    return {
        "article": article.record["id"],
        "gold": gold["stance"],
        "told": said["stance"],
        "probability_of_gold": round(said["probabilities"][gold["stance"]], 4),
        "confidence": round(said["confidence"], 4),
        "gold_targets": wanted,
        "told_targets": given,
        "speaker": gold.get("speaker") or "",
        "statement": " … ".join(text[start:end] for start, end in gold["content"])[:_SHOWN],
    }


def _aims(statement: Mapping[str, Any]) -> str:
    return ", ".join(sorted(f"{scoring.actor_key(t['actor'])}: {t['stance']}" for t in statement["targets"] if t["stance"] != "neutral"))


def _figures(gold: Sequence[Mapping[str, Any]], told: Sequence[Mapping[str, Any]], samples: int, seed: int) -> Intervals:
    lines = ([json.dumps(record) for record in side] for side in (told, gold))
    predictions, references = lines
    found = metrics.Statements().compute(predictions=predictions, references=references, samples=samples, seed=seed)
    return {name: Interval(**value) if samples else Interval(value, value, value) for name, value in (found or {}).items()}


def limited(corpus: Corpus, limit: int | None) -> Corpus:
    """The first articles of a corpus."""
    return corpus if limit is None else Corpus(corpus.path, corpus.articles[:limit], corpus.sha256)


def _bundle(plan: Config, material: Material, fitted: Fitted, run_id: str | None) -> bundle.Bundle:
    digests = {tables.name(corpus): corpus.sha256 for corpus in material.corpora}
    return bundle.Bundle(plan.name, fitted.classifier, fitted.thresholds, data=digests, run_id=run_id)


def _log_model(run: Run, model: bundle.Bundle, plan: Config, material: Material, *, fitted: Fitted, found: Mapping[str, Intervals]) -> None:
    words = card.write(plan, material.corpora, material.missing, material.examples, fitted=fitted, measured=found)
    log_bundle(run, model, words)


def log_bundle(run: Run, model: bundle.Bundle, words: str) -> None:
    """Logs a model with its card."""
    example = reading.example()
    sample = {"id": [example.id], "text": [example.text]}
    with tempfile.TemporaryDirectory() as aside:
        folder = Path(aside) / "bundle"
        bundle.save(model, folder, card=words)
        requirement = f"stance-nlp[train]=={stance.__version__}"
        run.model(folder, example=sample, inputs=pyfunc.INPUT, outputs=pyfunc.OUTPUT, requirement=requirement)
    run.text(words, "model_card.md")
