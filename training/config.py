"""Configuration: one complete YAML file per experiment, read strictly, with ``key=value`` overrides."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, Self, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from stance.errors import ConfigError

Group = Literal["words", "classes", "introduction"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Corpora(_Strict):
    """What to train on: corpora in the shared format; optional ones are left out, with a warning, where they are missing."""

    required: tuple[Path, ...]
    optional: tuple[Path, ...] = ()


class HeldOut(_Strict):
    """The corpus that is parted by event into what is trained on, ``val`` and ``test``.

    Attributes:
        corpus: A corpus; where it is among those to train on, only its part for training is.
        splits: Its frozen parts, by article. Where the file is missing, parts are drawn, always the same.
    """

    corpus: Path
    splits: Path


class Model(_Strict):
    """How the two regressions are fitted.

    Attributes:
        statement_features: What the statement's regression sees: its words, their classes by the lexicon, how it is introduced.
        statement_c: Inverse strength of the penalty of the statement's regression.
        pair_c: The same of the candidates' regression.
        min_count: Features that fewer examples show are left out.
        folds: Folds of the cross-validation that calibration and thresholds rest on.
    """

    statement_features: tuple[Group, ...] = Field(default=("words", "classes", "introduction"), min_length=1)
    statement_c: float = Field(gt=0)
    pair_c: float = Field(gt=0)
    min_count: int = Field(ge=1)
    folds: int = Field(ge=2)


class Finetuning(_Strict):
    """How an encoder is fine-tuned.

    Attributes:
        backbone: The encoder to start from: an installed package that carries one, a folder, or a name that Hugging Face knows.
        sha256: What its model.safetensors must hash to; null for any.
        epochs: How often the articles are read.
        learning_rate: Of the encoder's last layer, at the end of the warm-up; it then falls to 0.
        layer_decay: Of one layer's learning rate the share that the layer below it has.
        head_learning_rate: Of the heads.
        weight_decay: Of everything.
        warmup: Share of the steps in which the learning rates rise.
        batch_pieces: Word pieces in a batch, padding counted.
        masked: Share of the word pieces that are hidden.
        dropout: Of the heads.
        encoder_dropout: Of the encoder.
        bf16: Whether to compute in bfloat16.
    """

    backbone: str = Field(min_length=1)
    sha256: str | None = Field(default=None, pattern="^[0-9a-f]{64}$")
    epochs: float = Field(gt=0)
    learning_rate: float = Field(gt=0)
    layer_decay: float = Field(default=1.0, gt=0, le=1)
    head_learning_rate: float = Field(gt=0)
    weight_decay: float = Field(default=0.01, ge=0)
    warmup: float = Field(default=0.08, ge=0, lt=1)
    batch_pieces: int = Field(ge=512)
    masked: float = Field(default=0.05, ge=0, lt=1)
    dropout: float = Field(default=0.1, ge=0, lt=1)
    encoder_dropout: float = Field(default=0.0, ge=0, lt=1)
    bf16: bool = True


class Tagging(Finetuning):
    """How the tagger is fine-tuned.

    Attributes:
        shortest: Least word pieces of a window's core; each is drawn anew between this and `longest`.
        longest: Most word pieces of a window's core.
        before: Most word pieces shown before a core.
        after: Most word pieces shown after it.
        sentences: Share of the articles that are read in single sentences or few, in each epoch.
        smoothing: Of the labels.
        width: Of the head that links.
        window: Most word pieces of a window when the tagger is applied.
        caution: Added then to the log-odds that a token anchors nothing, by scheme.
    """

    shortest: int = Field(default=128, ge=16)
    longest: int = Field(default=256, ge=16, le=400)
    before: int = Field(default=40, ge=0, le=64)
    after: int = Field(default=24, ge=0, le=64)
    sentences: float = Field(default=0.1, ge=0, le=1)
    smoothing: float = Field(default=0.0, ge=0, lt=1)
    width: int = Field(default=256, ge=8)
    window: int = Field(default=200, ge=16, le=400)
    caution: tuple[float, float] = (0.0, 0.0)


class Stancing(Finetuning):
    """How the transformer that tells stances is fine-tuned.

    Attributes:
        start: Run whose trained weights to go on from; null to start from the backbone alone.
        aimed: Weight of the candidates' part of the loss beside that of the statements as a whole.
        shares: How often an article of a corpus is read in an epoch, by corpus; 1 for those not named.
        neutral: How often a neutral statement is read beside one with a stance; most statements of news are neutral.
        nameless: Share of the statements in which the candidates' names are hidden, so that stances are not learned by heart with them.
        teachers: Runs of the models whose mean answer is learned from as well.
        referees: Runs of larger models, asked only where the teachers doubt that a statement is neutral; they count as much as these there.
        trust: Share of the teachers' answer in the labels of annotated statements.
        doubt: From which probability of any stance the teachers doubt it.
        sure: How often a neutral statement is read that the teachers do not doubt, beside one that they do.
        told_speakers: Whether statements are learned with the speakers annotated, not with those that the library finds; whom a speaker
            speaks for is then not learned.
        distant: How many actors that are named elsewhere only are candidates too.
        own: Whether the speaker's own actor is.
    """

    start: str | None = None
    aimed: float = Field(default=1.0, gt=0)
    shares: dict[str, float] = {}
    neutral: float = Field(default=1.0, gt=0, le=1)
    nameless: float = Field(default=0.0, ge=0, le=1)
    teachers: tuple[str, ...] = ()
    referees: tuple[str, ...] = ()
    trust: float = Field(default=0.5, ge=0, le=1)
    doubt: float = Field(default=0.03, ge=0, le=1)
    sure: float = Field(default=1.0, gt=0, le=1)
    told_speakers: bool = False
    distant: int = Field(default=4, ge=0, le=12)
    own: bool = True

    @model_validator(mode="after")
    def _taught(self) -> Self:
        if self.referees and not self.teachers:
            raise ValueError("referees: they answer only where teachers doubt, and there are none; name teachers too")
        if self.sure < 1 and not (self.teachers and self.trust):
            raise ValueError("sure: nobody is asked about the annotated statements; name teachers too, and trust above 0")
        return self


class Experiment(_Strict):
    """What all experiments have.

    Attributes:
        name: What its runs are called.
        seed: Decides the folds, the order of the data, and the bootstrap.
        corpora: What to train on.
        held_out: What is kept back to measure on.
        evaluate: Further corpora to measure on, by name; those that are missing are left out, with a warning.
        samples: Bootstrap samples of the intervals.
        limit: No more articles than this are read of each corpus; for trials of the machinery.
    """

    name: str = Field(min_length=1)
    seed: int = Field(ge=0)
    corpora: Corpora
    held_out: HeldOut
    evaluate: dict[str, Path] = {}
    samples: int = Field(ge=10)
    limit: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _names(self) -> Self:
        if odd := {"val", "test", "cv", "best", "trial"} & set(self.evaluate):
            raise ValueError(f"evaluate: {min(odd)!r} names something else already; choose another name")
        return self

    def to_yaml(self) -> str:
        """The configuration as a file that `load` reads."""
        return yaml.safe_dump(self.model_dump(mode="json"), sort_keys=False, allow_unicode=True)


class Config(Experiment):
    """An experiment with the baseline: the stance of statements by linear models.

    Attributes:
        model: How the model is fitted.
    """

    model: Model


class TaggerConfig(Experiment):
    """An experiment with the tagger: who said what.

    Attributes:
        task: Tells it from other experiments.
        thoughts: The corpora, of those above, whose annotators marked thoughts, hopes and plans as well as what was voiced.
        model: How the tagger is fine-tuned.
    """

    task: Literal["attribution"]
    thoughts: tuple[Path, ...] = ()
    model: Tagging


class TransformerConfig(Experiment):
    """An experiment with the transformer: the stance of statements toward candidates.

    Attributes:
        task: Tells it from other experiments.
        attributor: The bundle whose rules or tagger find the statements of raw text.
        unlabelled: Articles without labels, which the teachers label; those that are missing are left out, with a warning.
        unlabelled_limit: No more articles than this are read of each of them.
        narration: Whether the sentences in which nothing is said are read of them, not the statements: where these have labels, the
            sentences show the pupil more of what its teachers know.
        tune: Temperatures are fitted on the first of these evaluations that is there.
        threshold: From which probability a stance is told, of a statement and toward a target. For the best F1 of calibrated probabilities
            it is half of that F1 (Lipton, Elkan and Naryanaswamy, ECML 2014).
        fraction: Share of each corpus's articles that is trained on; for learning curves.
        model: How the transformer is fine-tuned.
    """

    task: Literal["stance"]
    attributor: str = Field(default="transformer", min_length=1)
    unlabelled: tuple[Path, ...] = ()
    unlabelled_limit: int | None = Field(default=None, ge=1)
    narration: bool = False
    tune: tuple[str, ...] = Field(default=("dev", "val"), min_length=1)
    threshold: float = Field(default=0.25, gt=0, lt=1)
    fraction: float = Field(default=1.0, gt=0, le=1)
    model: Stancing


class Search(_Strict):
    """The values of a key that a sweep may try: a range, of whole numbers if both ends are whole, or choices."""

    low: int | float | None = None
    high: int | float | None = None
    log: bool = False
    choices: tuple[Any, ...] | None = None

    @model_validator(mode="after")
    def _either(self) -> Self:
        if (self.choices is None) == (self.low is None or self.high is None):
            raise ValueError("give either low and high, or choices")
        if self.low is not None and self.high is not None and self.low >= self.high:
            raise ValueError(f"low ({self.low}) must be less than high ({self.high})")
        return self


class Sweep(_Strict):
    """A search for the best settings of an experiment.

    Attributes:
        name: What its runs are called.
        objective: The figure that decides, one of ``val/...``: a sweep that saw other articles would spoil them.
        direction: Whether more or less of it is better.
        trials: How many settings are tried.
        startup_trials: How many of them are drawn at random before the sampler learns from them and before any is pruned.
        sampler_seed: Seed of the sampler.
        seeds: Each setting is trained with each of these; their mean counts.
        search: What may vary, by dotted key.
        experiment: The experiment, complete.
    """

    name: str = Field(min_length=1)
    objective: str = Field(pattern=r"^val/\w+$")
    direction: Literal["maximize", "minimize"]
    trials: int = Field(ge=1)
    startup_trials: int = Field(ge=1)
    sampler_seed: int = Field(ge=0)
    seeds: tuple[int, ...] = Field(min_length=1)
    search: dict[str, Search] = Field(min_length=1)
    experiment: Config

    @model_validator(mode="after")
    def _keys(self) -> Self:
        known = _keys(Config)
        for key in self.search:
            if key not in known or key == "seed":
                raise ValueError(f"search: {key!r} cannot vary; did you mean {_nearest(key, known)!r}?")
        return self


_Tree = TypeVar("_Tree", Config, TaggerConfig, TransformerConfig, Sweep)

Plan = Config | TaggerConfig | TransformerConfig


def load(path: Path, overrides: Sequence[str] = ()) -> Config:
    """Reads the configuration of an experiment.

    Args:
        path: A YAML file.
        overrides: ``key=value`` pairs; a dot in the key leads inward, the value is read as YAML.

    Raises:
        ConfigError: If the file cannot be read, a key is unknown (the message names the line and the nearest known key), or a value
            is out of range.
    """
    return _load(path, overrides, Config)


def load_experiment(path: Path, overrides: Sequence[str] = ()) -> Plan:
    """Reads the configuration of an experiment of any kind, which its key ``task`` tells; as `load`."""
    tree, content = _read(path, overrides)
    return _experiment(tree, content, str(path))


def load_sweep(path: Path, overrides: Sequence[str] = ()) -> Sweep:
    """Reads the configuration of a sweep; as `load`."""
    return _load(path, overrides, Sweep)


def parse(content: str, *, where: str) -> Plan:
    """Reads a configuration that a run logged.

    Raises:
        ConfigError: If it is of another version.
    """
    tree = yaml.safe_load(content)
    return _experiment(tree, content, where)


def _experiment(tree: dict[str, Any], content: str, where: str) -> Plan:
    match tree.get("task"):
        case None:
            return _validate(tree, content, where, Config)
        case "attribution":
            return _validate(tree, content, where, TaggerConfig)
        case "stance":
            return _validate(tree, content, where, TransformerConfig)
        case other:
            raise ConfigError(f"{where}: task is {other!r}; it is 'attribution', 'stance', or left out for the baseline")


def changes(overrides: Sequence[str]) -> dict[str, Any]:
    """``key=value`` pairs as a mapping, the values read as YAML.

    Raises:
        ConfigError: If one is not of that form.
    """
    return dict(map(_parted, overrides))


def replaced(config: _Tree, changes: Mapping[str, Any]) -> _Tree:
    """A configuration with other values under some dotted keys."""
    tree = config.model_dump(mode="json")
    for key, value in changes.items():
        _set(tree, key, value, f"{key}={value}")
    return _validate(tree, "", config.name, type(config))


def _load(path: Path, overrides: Sequence[str], model: type[_Tree]) -> _Tree:
    tree, content = _read(path, overrides)
    return _validate(tree, content, str(path), model)


def _read(path: Path, overrides: Sequence[str]) -> tuple[dict[str, Any], str]:
    """The keys of a file, changed as asked, and what it holds."""
    try:
        content = path.read_text(encoding="utf-8")
        tree = yaml.safe_load(content)
    except OSError as error:
        raise ConfigError(f"{path} cannot be read ({error.strerror}); see configs/ for complete examples") from error
    except yaml.YAMLError as error:
        raise ConfigError(f"{path} is not valid YAML: {error}") from error
    if not isinstance(tree, dict):
        raise ConfigError(f"{path} holds no keys; see configs/ for complete examples")
    for override in overrides:
        _override(tree, override)
    return tree, content


def _validate(tree: Any, content: str, where: str, model: type[_Tree]) -> _Tree:
    try:
        return model.model_validate(tree)
    except ValidationError as error:
        faults = (f"{where}{_line(content, fault['loc'])}: {_explain(fault, model)}" for fault in error.errors())
        raise ConfigError("; ".join(faults)) from error


def _override(tree: dict[str, Any], override: str) -> None:
    key, value = _parted(override)
    _set(tree, key, value, override)


def _parted(override: str) -> tuple[str, Any]:
    key, equals, value = override.partition("=")
    if not equals or not key:
        raise ConfigError(f"--set {override!r} is not key=value, such as seed=7 or model.folds=3")
    try:
        return key, yaml.safe_load(value)
    except yaml.YAMLError as error:
        raise ConfigError(f"--set {override!r}: the value is not valid YAML") from error


def _set(tree: dict[str, Any], key: str, value: Any, override: str) -> None:
    *path, last = key.split(".")
    for step in path:
        tree = tree.setdefault(step, {})
        if not isinstance(tree, dict):
            raise ConfigError(f"--set {override!r}: {step!r} holds a value and has no keys inside")
    tree[last] = value


def _line(content: str, steps: Sequence[str | int]) -> str:
    """Where a key stands in a file, as ``, line 7``; nothing for one that is not in it."""
    node, line = yaml.compose(content, Loader=yaml.SafeLoader) if content else None, None
    for step in steps:
        if not isinstance(node, yaml.MappingNode):
            break
        entry = next((pair for pair in node.value if pair[0].value == step), None)
        if entry is None:
            return ""
        line, node = entry[0].start_mark.line + 1, entry[1]
    return f", line {line}" if line else ""


def _explain(fault: Any, model: type[BaseModel]) -> str:
    where = ".".join(str(step) for step in fault["loc"])
    if fault["type"] == "extra_forbidden":
        return f"unknown key {where!r}; did you mean {_nearest(where, _keys(model))!r}?"
    if fault["type"] == "missing":
        return f"the key {where!r} is missing"
    if fault["type"] == "value_error":
        return f"{where}: {fault['ctx']['error']}".removeprefix(": ")
    return f"{where}: {fault['msg']}, not {fault['input']!r}"


def _nearest(key: str, known: Sequence[str]) -> str:
    return difflib.get_close_matches(key, known, n=1, cutoff=0.0)[0]


def _keys(model: type[BaseModel], prefix: str = "") -> list[str]:
    keys = []
    for name, entry in model.model_fields.items():
        keys.append(prefix + name)
        if isinstance(entry.annotation, type) and issubclass(entry.annotation, BaseModel):
            keys.extend(_keys(entry.annotation, f"{prefix}{name}."))
    return keys
