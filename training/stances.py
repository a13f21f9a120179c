"""An experiment with the transformer: gather the corpora, fine-tune, calibrate, measure, and log everything to a run."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice, zip_longest

import numpy as np
from tokenizers import Tokenizer
from torch import Tensor
from transformers import AutoConfig

from stance import actors, bundle, decision, encoding, reading, targets, text
from stance.attribution import Attributor
from stance.bundle import Bundle
from stance.classifiers.base import COLUMNS
from stance.classifiers.network import OnnxTransformer
from stance.classifiers.sheets import Writer
from stance.classifiers.transformer import AIMED, WHOLE, Settings, Transformer
from stance.encoders import TOKENIZER
from stance.errors import ConfigError
from stance.types import PRECEDENCE, Attribution, Document, Kind, Reach, Speaker, Stance
from training import backbone, calibration, card, checkpoints, experiment, export, tables, teaching, transformer
from training.attribution import TAGGER, tokenizer_of
from training.config import Stancing, TransformerConfig
from training.data import Corpus, Example, examples
from training.experiment import Intervals, Material
from training.scoring import actor_key
from training.teaching import Inputs, Teacher
from training.tracking import Record, Run, Store
from training.transformer import Lesson, Reader, TorchNetwork

Progress = Callable[[str], None]

#: What `stance.decision.DEFAULTS` explains, beside the thresholds of stances. None of it is tuned run by run: on halves of annotated
#: dev, what was tuned on the other half does worse than what is given, for each of four models by 0.01 to 0.02 (mean of stance macro F1
#: and of the F1 of whole triples); what is given was chosen with all of dev in sight.
_GIVEN = {"further": 1.6, "share": 0.8, "fallback": 0.2, "agreement": 0.5, "calm": 0.1}

_READ = 40  # unlabelled articles that are read together
_LEAST_NARRATED = 6  # words of a sentence; shorter ones are headings and names of places and newsrooms


def gather(plan: TransformerConfig, progress: Progress) -> Material:
    """Reads and parts the corpora of an experiment.

    Raises:
        InputError: If a required corpus is missing, one cannot be read, or nothing is left to train on.
    """
    found = experiment.collect(plan, progress)
    corpora = tuple(_part(c, plan.fraction, plan.seed) for c in found.corpora)
    missing = (*found.missing, *(path for path in plan.unlabelled if not path.is_file()))
    return replace(found, corpora=corpora, missing=missing)


def fit(plan: TransformerConfig, material: Material, *, store: Store, run: Run, progress: Progress) -> dict[str, Intervals]:
    """Fine-tunes, calibrates, measures on everything, and logs the complete run.

    Returns:
        The figures of each evaluation.

    Raises:
        TrackingError: If a teacher's run is not there or logged no weights.
    """
    experiment.describe(plan, material, run)
    base = bundle.load(plan.attributor)
    start = backbone.locate(plan.model.backbone, plan.model.sha256)
    tokenizer = tokenizer_of(start)
    progress("actors and candidates")
    own = lessons(plan, material.corpora)
    if plan.model.teachers:
        own = _taught(own, plan, base, store=store, run=run, progress=progress)
    run.metrics({"train/statements": float(len(own))})
    trained = transformer.fit(
        own,
        Writer(tokenizer),
        start,
        plan.model,
        seed=plan.seed,
        progress=progress,
        log=lambda values, step: run.metrics(values, step=step),
        start=_weights(store, plan, run),
    )
    checkpoints.log(run, trained)
    return finish([trained], plan, material=material, base=base, run=run, progress=progress)


def average(
    store: Store, records: Sequence[Record], plan: TransformerConfig, *, run: Run, progress: Progress, apart: bool = False
) -> dict[str, Intervals]:
    """Averages runs that differ in their seed alone, calibrates and measures the mean, and logs it as a run of its own.

    Args:
        store: Where the runs are.
        records: The runs.
        plan: What to calibrate and to measure on.
        run: The run to log to.
        progress: Told what is being done.
        apart: Whether the mean is that of their answers, which is better and takes each run's time, and not of their weights.

    Raises:
        TrackingError: If a run logged no weights.
        InputError: If the runs' networks differ.
    """
    material = gather(plan, progress)
    experiment.describe(plan, material, run)
    run.tags({"averaged": ", ".join(record.id for record in records), "apart": str(apart).lower()})
    progress("averaging")
    if apart:
        members = [_trained(store, record, where="average --apart")[0] for record in records]
    else:
        members = [_empty(plan)]
        checkpoints.average(store, records, members[0])
        checkpoints.log(run, members[0])
    base = bundle.load(plan.attributor)
    averaged = [f"{record.name} ({record.id[:8]})" for record in records]
    return finish(members, plan, material=material, base=base, run=run, progress=progress, averaged=averaged)


def finish(
    members: Sequence[Reader],
    plan: TransformerConfig,
    *,
    material: Material,
    base: Bundle,
    run: Run,
    progress: Progress,
    averaged: Sequence[str] = (),
) -> dict[str, Intervals]:
    """Exports trained networks, calibrates and measures them as they are served with `base`'s attributor, and logs figures and bundle."""
    tokenizer = tokenizer_of(backbone.locate(plan.model.backbone, plan.model.sha256))
    serve = _served(members, tokenizer, progress)
    tuning = next((e for name in plan.tune for e in material.evaluations if e.name == name), None)
    if tuning is None:
        raise ConfigError(f"{plan.name}: none of {', '.join(plan.tune)} is there to tune on; see tune, evaluate and held_out")
    progress(f"calibrating on {tuning.name}")
    raw = serve(Settings(distant=plan.model.distant, own=plan.model.own))
    asked = [e for article in tuning.corpus.articles for e in examples(article, reach=raw.reach, told_speakers=False)]
    settings, thresholds, figures = calibrate(raw, asked, threshold=plan.threshold, speakers=not plan.model.told_speakers)
    run.metrics({f"tuned/{name.removeprefix('cv_')}": value for name, value in figures.items()})
    run.tags({"tuned_on": tuning.name})
    inherited = {name: digest for name, digest in base.data.items() if name.startswith(TAGGER)}
    digests = {tables.name(corpus): corpus.sha256 for corpus in material.corpora} | inherited
    model = Bundle(plan.name, serve(settings), thresholds, base.attributor, data=digests, run_id=run.id)
    found: dict[str, Intervals] = {}
    for evaluation in material.evaluations:
        progress(f"measuring on {evaluation.name}")
        found[evaluation.name] = experiment.measure_and_log(model, evaluation, run, samples=plan.samples, seed=plan.seed)
    experiment.log_figures(found, run)
    if isinstance(model.classifier, OnnxTransformer):
        progress("logging the model")
        words = card.write_transformer(
            plan,
            material.corpora,
            material.missing,
            tuned_on=tuning.name,
            measured=found,
            inherited=inherited,
            averaged=averaged,
            apart=len(members) > 1,
        )
        experiment.log_bundle(run, model, words)
    return found


def _served(members: Sequence[Reader], tokenizer: Tokenizer, progress: Progress) -> Callable[[Settings], Transformer]:
    """The networks as they are served: in int8, or one as it is where it cannot be exported (a teacher's need not be)."""
    if len(members) == 1 and members[0].encoder.config.model_type != export.EXPORTED:
        return partial(Transformer, TorchNetwork(members[0]), Writer(tokenizer))
    progress("ONNX")
    return partial(OnnxTransformer, {**export.read_parts(*members), TOKENIZER: tokenizer.to_str().encode()})


def calibrate(
    raw: Transformer, asked: Sequence[Example], *, threshold: float, speakers: bool
) -> tuple[Settings, dict[str, float], dict[str, float]]:
    """Temperatures and limits for speakers that do best on examples, all thresholds, and the figures there.

    Args:
        raw: A transformer whose temperatures are 1.
        asked: Examples that it was not trained on.
        threshold: From which probability a stance is told.
        speakers: Whether it has learned whom speakers speak for.
    """
    answer = raw.answer([query for e in asked for query in e.queries])
    ends = np.cumsum([len(e.queries) for e in asked])[:-1]
    scores = [np.log(np.maximum(own, 1e-12)) for own in np.split(answer.probabilities, ends)]
    stances, labels = np.array([e.labels[0] for e in asked]), np.array([label for e in asked for label in e.labels[1:]])
    whole = calibration.temperature(np.array([s[0] for s in scores]), stances)
    aimed = calibration.temperature(np.concatenate([s[1:] for s in scores]), labels) if len(labels) else 1.0
    warm = [calibration.softmax(s / np.array([[whole], *[[aimed]] * (len(s) - 1)])) for s in scores]
    speaks = np.split(answer.speaks, ends) if speakers and answer.speaks is not None else []
    limits, speaking = calibration.tune_speakers(asked, speaks)
    judged = [calibration.judged(*each, limits=limits) for each in zip_longest(asked, warm, speaks)]
    stances_told = {f"{part}:{stance}": threshold for part in ("target", "whole") for stance in PRECEDENCE}
    thresholds = {**decision.DEFAULTS, **_GIVEN, **stances_told, **limits}
    figures = calibration.Judge(asked, judged)(thresholds)
    settings = replace(raw.settings, whole_temperature=whole, aimed_temperature=aimed)
    told = np.array([w[0] for w in warm])
    quality = {"statement_ece": calibration.ece(told, stances), "statement_log_loss": calibration.log_loss(told, stances)}
    return settings, thresholds, {**figures, **speaking, **quality}


def lessons(plan: TransformerConfig, corpora: Sequence[Corpus]) -> list[Lesson]:
    """The annotated statements of corpora, as often as each corpus is to be read."""
    reach = Reach(plan.model.distant, plan.model.own)
    return [
        _lesson(example, share=_share_of(example, corpus, plan.model), told=plan.model.told_speakers)
        for corpus in corpora
        for article in corpus.articles
        for example in examples(article, reach=reach, told_speakers=plan.model.told_speakers)
    ]


def _share_of(example: Example, corpus: Corpus, model: Stancing) -> float:
    """How often a statement is read in an epoch."""
    neutral = example.labels[0] == Stance.NEUTRAL
    return model.shares.get(tables.name(corpus), 1.0) * (model.neutral if neutral else 1.0)


def _lesson(example: Example, *, share: float = 1.0, told: bool = False) -> Lesson:
    columns = [COLUMNS.index(label) for label in example.labels]
    sure = np.eye(len(COLUMNS), dtype=np.float32)[columns]
    actor = actor_key(example.gold.speaker_actor)
    speaks = [np.nan if told else float(actor_key(q.candidate.actor.id) == actor) for q in example.queries if q.candidate]
    return Lesson(tuple(encoding.encode_all(example.queries)), sure[0, WHOLE], sure[1:, AIMED], np.array(speaks, dtype=np.float32), share)


def _taught(own: Sequence[Lesson], plan: TransformerConfig, base: Bundle, *, store: Store, run: Run, progress: Progress) -> list[Lesson]:
    """What the teachers make of the annotated statements and of the articles without labels."""
    model, staff = plan.model, []
    for kind, names in (("teachers", model.teachers), ("referees", model.referees)):
        records = [store.record(name) for name in names]
        if records:
            run.tags({kind: ", ".join(record.id for record in records)})
        staff.append([_teacher(store, record, where=f"model.{kind}") for record in records])
    unlabelled = list(_unlabelled(plan, base.attributor, progress))
    return teaching.taught(own, unlabelled, *staff, trust=model.trust, doubt=model.doubt, sure=model.sure, progress=progress)


def _unlabelled(plan: TransformerConfig, attributor: Attributor, progress: Progress) -> Iterator[Inputs]:
    """What is to be learned from the teachers alone of the articles without labels, and what is asked about it."""
    there = [path for path in plan.unlabelled if path.is_file()]
    documents = [text.parse(article) for path in there for article in islice(reading.read(path), plan.unlabelled_limit)]
    reach = Reach(plan.model.distant, plan.model.own)
    for at in range(0, len(documents), _READ):
        progress(f"articles without labels: {at} of {len(documents)}")
        some = documents[at : at + _READ]
        for document, found in zip(some, attributor.find(some), strict=True):
            cast = actors.resolve(document, found)
            said = list(zip(found, cast.speakers, strict=True))
            for attribution, speaker in _narration(document, said) if plan.narration else said:
                yield tuple(encoding.encode_all(targets.queries(document, attribution, speaker, cast, reach=reach)))


def _narration(document: Document, said: Sequence[tuple[Attribution, Speaker | None]]) -> Iterator[tuple[Attribution, Speaker | None]]:
    """The sentences in which nothing is said, as if whoever spoke last had said them, or nobody known."""
    speaker = None
    for sentence in document.sentences:
        within = [(attribution, who) for attribution, who in said if sentence.overlaps(attribution.span)]
        if within:
            speaker = within[-1][1]
        elif len(sentence.of(document.text).split()) >= _LEAST_NARRATED:
            yield Attribution((sentence,), Kind.INDIRECT), speaker


def _weights(store: Store, plan: TransformerConfig, run: Run) -> dict[str, Tensor] | None:
    if plan.model.start is None:
        return None
    record = store.record(plan.model.start)
    run.tags({"start": record.id})
    return checkpoints.read(store, record)


def _teacher(store: Store, record: Record, *, where: str) -> Teacher:
    reader, plan = _trained(store, record, where=where)
    return Teacher(reader, Writer(tokenizer_of(backbone.locate(plan.model.backbone, plan.model.sha256))), plan.model.neutral)


def _trained(store: Store, record: Record, *, where: str) -> tuple[Reader, TransformerConfig]:
    """The network of a run and its configuration; `where` is what asked for it."""
    plan = experiment.plan_of(store, record)
    if not isinstance(plan, TransformerConfig):
        raise ConfigError(f"{where}: run {record.name} ({record.id}) is no transformer's; its configuration lacks task: stance")
    reader = _empty(plan)
    reader.load_state_dict(checkpoints.read(store, record))
    return reader, plan


def _empty(plan: TransformerConfig) -> Reader:
    start = backbone.locate(plan.model.backbone, plan.model.sha256)
    return Reader(AutoConfig.from_pretrained(str(start)), plan.model).eval()


def _part(corpus: Corpus, fraction: float, seed: int) -> Corpus:
    """A part of the articles of a corpus, drawn at random; a smaller part lies within a larger one."""
    drawn = random.Random(seed).sample(corpus.articles, len(corpus.articles))
    return replace(corpus, articles=tuple(drawn[: max(1, round(fraction * len(drawn)))])) if fraction < 1 else corpus
