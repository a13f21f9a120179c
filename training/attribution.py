"""An experiment with the tagger: gather the corpora, fine-tune, measure, and log everything to a run."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer
from transformers import AutoConfig, AutoTokenizer

from stance import bundle
from stance.attribution.network import OnnxTagger
from stance.attribution.tagger import Anchor, Settings, Tagger
from stance.attribution.tags import SCHEMES
from stance.attribution.windows import Window
from stance.encoders import TOKENIZER, read_tokenizer
from stance.errors import ConfigError
from stance.types import Attribution, Document, Span
from training import backbone, card, checkpoints, experiment, export, items, metrics, scoring, spans, tables, tagger
from training.config import TaggerConfig
from training.data import Corpus, GoldArticle
from training.experiment import Evaluation, Intervals, Material
from training.scoring import Interval
from training.spans import Text
from training.tagger import Heads, TorchNetwork
from training.tracking import Record, Run, Store

Progress = Callable[[str], None]
Found = dict[str, Any]

ATTRIBUTED, VOICED = SCHEMES

#: How the corpora of a tagger are told from those of the classifier in a bundle's `data`.
TAGGER = "tagger: "


def gather(plan: TaggerConfig, progress: Progress) -> Material:
    """Reads and parts the corpora of an experiment.

    Raises:
        InputError: If a required corpus is missing or one cannot be read.
        ConfigError: If `thoughts` names a corpus that is not among those to train or to measure on.
    """
    named = {*plan.corpora.required, *plan.corpora.optional, *plan.evaluate.values()}
    if odd := set(plan.thoughts) - named:
        raise ConfigError(f"{plan.name}: thoughts names {min(odd)}, which is neither among corpora nor in evaluate")
    return experiment.collect(plan, progress, spans_only=True)


def fit(plan: TaggerConfig, material: Material, run: Run, progress: Progress) -> dict[str, Intervals]:
    """Fine-tunes, measures on everything, and logs the complete run.

    Returns:
        The figures of each evaluation.
    """
    experiment.describe(plan, material, run)
    start = backbone.locate(plan.model.backbone, plan.model.sha256)
    tokenizer = tokenizer_of(start)
    progress("word pieces")
    texts = [spans.text(a, tokenizer, scheme(plan, corpus)) for corpus in material.corpora for a in corpus.articles]
    heads = tagger.fit(texts, start, plan.model, seed=plan.seed, progress=progress, log=lambda values, step: run.metrics(values, step=step))
    checkpoints.log(run, heads)
    return finish(heads, tokenizer, plan, material=material, run=run, progress=progress)


def average(store: Store, records: Sequence[Record], plan: TaggerConfig, *, run: Run, progress: Progress) -> dict[str, Intervals]:
    """Averages the weights of runs that differ in their seed alone, measures the mean, and logs it as a run of its own.

    Of one run the weights are taken as they are, to be measured under other settings.

    Args:
        store: The store.
        records: The runs.
        plan: The configuration of one of them.
        run: The new run.
        progress: Told what is being done.

    Raises:
        TrackingError: If a run logged no weights.
        InputError: If the runs' networks differ.
    """
    material = gather(plan, progress)
    experiment.describe(plan, material, run)
    run.tags({"averaged": ", ".join(record.id for record in records)})
    start = backbone.locate(plan.model.backbone, plan.model.sha256)
    heads = tagger.Heads(AutoConfig.from_pretrained(str(start)), plan.model)
    progress("averaging")
    checkpoints.average(store, records, heads)
    checkpoints.log(run, heads)
    averaged = [record.id for record in records]
    return finish(heads.eval(), tokenizer_of(start), plan, material=material, run=run, progress=progress, averaged=averaged)


def finish(
    heads: Heads,
    tokenizer: Tokenizer,
    plan: TaggerConfig,
    *,
    material: Material,
    run: Run,
    progress: Progress,
    averaged: Sequence[str] = (),
) -> dict[str, Intervals]:
    """Exports a trained network, measures it as it is served, and logs figures and bundle; `averaged` names the runs it is the mean of."""
    progress("ONNX")
    settings = Settings(budget=plan.model.window, caution=plan.model.caution)
    served = OnnxTagger({**export.parts(heads), TOKENIZER: tokenizer.to_str().encode()}, settings)
    floating = Tagger(TorchNetwork(heads, bf16=False), tokenizer, settings)
    found = {}
    for evaluation in material.evaluations:
        progress(f"measuring on {evaluation.name}")
        found[evaluation.name] = measure_and_log(served, evaluation, run, plan)
    for evaluation in [e for e in material.evaluations if e.name in plan.evaluate] or material.evaluations:
        progress(f"measuring on {evaluation.name} before quantisation")
        log_loss(floating, evaluation, run, plan, served=found[evaluation.name])
    experiment.log_figures(found, run)
    progress("logging the model")
    words = card.write_tagger(plan, material.corpora, material.missing, measured=found, averaged=averaged)
    _log_model(run, served, plan, material, words)
    return found


def log_loss(floating: Tagger, evaluation: Evaluation, run: Run, plan: TaggerConfig, *, served: Intervals) -> None:
    """Logs what int8 costs: the figures of the model in float32, and how much lower those of the served model are."""
    articles = evaluation.corpus.articles
    told = list(_records(articles, floating.find([a.document for a in articles], thoughts=scheme(plan, evaluation.corpus) == ATTRIBUTED)))
    values = scoring.values(scoring.counts([article.record for article in articles], told))
    for figure in ("overlap_f1", "attribution_f1"):
        name = f"{evaluation.name}/{figure}"
        run.metrics({f"{name}_float": values[figure], f"{name}_lost_by_int8": values[figure] - served[figure].value})


def scheme(plan: TaggerConfig, corpus: Corpus) -> str:
    """By which guideline a corpus was annotated."""
    return ATTRIBUTED if corpus.path in plan.thoughts else VOICED


def tokenizer_of(start: Path | str) -> Tokenizer:
    """The tokenizer of a backbone.

    Raises:
        ConfigError: If it is not a fast one.
    """
    tokenizer = AutoTokenizer.from_pretrained(str(start))
    if not tokenizer.is_fast:
        raise ConfigError(f"model.backbone: the tokenizer of {start} is not a fast one, which the tagger needs")
    return read_tokenizer(tokenizer.backend_tokenizer.to_str().encode())


def measure_and_log(network: Tagger, evaluation: Evaluation, run: Run, plan: TaggerConfig) -> Intervals:
    """Measures a tagger: whole articles, sentence items, and the links given the annotated anchors."""
    articles, name = evaluation.corpus.articles, evaluation.name
    guideline = scheme(plan, evaluation.corpus)
    thoughts = guideline == ATTRIBUTED
    gold = [article.record for article in articles]
    told = list(_records(articles, network.find([a.document for a in articles], thoughts=thoughts)))
    counted = scoring.counts(gold, told)
    intervals = scoring.intervals(counted, samples=plan.samples, seed=plan.seed)
    single = list(items.items(articles))
    values = items.figures(single, network.find([item.document for item in single], thoughts=thoughts))
    linked = list(_records(articles, links(network, articles, guideline)))
    given = scoring.values(scoring.counts(gold, linked))
    values |= {f"given_cues_{figure}_f1": given[f"{figure}_f1"] for figure in ("exact", "overlap", "attribution")}
    kept = {figure: intervals[figure] for figure in metrics.Attribution.names}
    kept |= {figure: Interval(value, value, value) for figure, value in values.items()}
    run.metrics({f"{name}/{figure}": interval.value for figure, interval in kept.items()})
    run.table(misses(articles, told), f"errors/{name}.json")
    return kept


def links(network: Tagger, articles: Sequence[GoldArticle], guideline: str) -> list[tuple[Attribution, ...]]:
    """Attributions given the annotated anchors: what the linking alone is worth."""
    found = []
    for article in articles:
        text = spans.text(article, network.tokenizer, guideline)
        anchors = {window: _anchors_in(row, window, text) for row, window in enumerate(network.cut(text.encoded))}
        found.append(network.link_given(article.document, text.encoded, anchors=anchors, scheme=SCHEMES.index(guideline)))
    return found


def _anchors_in(row: int, window: Window, text: Text) -> list[Anchor]:
    """The annotated anchors in the core of a window, in its own tokens."""
    inside = range(window.core_start, window.core_end)
    golds = (g for g in text.golds if g.anchor[0] in inside and g.anchor[1] <= window.end)
    return [Anchor(row, g.anchor[0] - window.start, g.anchor[1] - 1 - window.start, g.bare, True) for g in golds]


def misses(articles: Sequence[GoldArticle], told: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Annotated statements that were not found with the right source, with the sentences they stand in."""
    rows = []
    for article, own in zip(articles, told, strict=True):
        text, gold = article.record["text"], article.record["statements"]
        tokens = [match.span() for match in scoring.WORD.finditer(text)]
        pairs = {g: (p, overlap) for g, p, overlap in scoring.align(gold, own["statements"], tokens)}
        for n, statement in enumerate(gold):
            theirs = own["statements"][pairs[n][0]] if n in pairs else None
            if theirs and scoring.touch(statement.get("source"), theirs.get("source")):
                continue
            rows.append(
                {
                    "article": article.record["id"],
                    "missed": "source" if theirs else "content",
                    "source": _shown(text, statement.get("source")),
                    "cue": _shown(text, statement.get("cue")),
                    "content": _shown(text, statement["content"]),
                    "told_source": _shown(text, theirs and theirs.get("source")),
                }
            )
    return rows


def _records(articles: Sequence[GoldArticle], found: Sequence[Sequence[Attribution]]) -> Iterator[Found]:
    for article, attributions in zip(articles, found, strict=True):
        yield {"id": article.record["id"], "statements": [_record(article.document, a) for a in attributions]}


def _record(document: Document, attribution: Attribution) -> Found:
    def pair(span: Span | None) -> list[int] | None:
        return list(document.to_article(span)) if span else None

    return {"content": [pair(s) for s in attribution.content], "cue": pair(attribution.cue), "source": pair(attribution.source)}


def _shown(text: str, spans: Any) -> str:
    return " … ".join(text[start:end] for start, end in scoring.pairs(spans))


def _log_model(run: Run, served: OnnxTagger, plan: TaggerConfig, material: Material, words: str) -> None:
    """Logs a bundle: this tagger with the baseline's classifier, since stances are another experiment's business."""
    baseline = bundle.load("baseline")
    digests = {f"{TAGGER}{tables.name(corpus)}": corpus.sha256 for corpus in material.corpora}
    model = dataclasses.replace(baseline, name=plan.name, attributor=served, data={**baseline.data, **digests}, run_id=run.id)
    experiment.log_bundle(run, model, words)
