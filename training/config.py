"""Configuration: one complete YAML file per experiment, read strictly, with ``key=value`` overrides."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from stance.errors import ConfigError


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Corpora(_Strict):
    """What to train on: corpora in the shared format; optional ones are left out, with a warning, where they are missing."""

    required: tuple[Path, ...]
    optional: tuple[Path, ...] = ()


class Model(_Strict):
    """How the two regressions are fitted.

    Attributes:
        statement_c: Inverse strength of the penalty of the statement's regression.
        pair_c: The same of the candidates' regression.
        min_count: Features that fewer examples show are left out.
        folds: Folds of the cross-validation that calibration and thresholds rest on.
    """

    statement_c: float = Field(gt=0)
    pair_c: float = Field(gt=0)
    min_count: int = Field(ge=1)
    folds: int = Field(ge=2)


class Config(_Strict):
    """An experiment."""

    name: str
    seed: int
    out: Path
    corpora: Corpora
    model: Model


def load(path: Path, overrides: Sequence[str] = ()) -> Config:
    """Reads a configuration.

    Args:
        path: A YAML file.
        overrides: ``key=value`` pairs; a dot in the key leads inward, the value is read as YAML.

    Raises:
        ConfigError: If the file cannot be read, a key is unknown (the message names the nearest known one), or a value is out of range.
    """
    try:
        tree = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path} cannot be read ({error.strerror}); see configs/ for complete examples") from error
    except yaml.YAMLError as error:
        raise ConfigError(f"{path} is not valid YAML: {error}") from error
    if not isinstance(tree, dict):
        raise ConfigError(f"{path} holds no keys; see configs/ for complete examples")
    for override in overrides:
        _override(tree, override)
    try:
        return Config.model_validate(tree)
    except ValidationError as error:
        raise ConfigError(f"{path}: {'; '.join(_explain(e) for e in error.errors())}") from error


def _override(tree: dict[str, Any], override: str) -> None:
    key, equals, value = override.partition("=")
    if not equals or not key:
        raise ConfigError(f"--set {override!r} is not key=value, such as seed=7 or model.folds=3")
    *path, last = key.split(".")
    for step in path:
        tree = tree.setdefault(step, {})
        if not isinstance(tree, dict):
            raise ConfigError(f"--set {override!r}: {step!r} holds a value and has no keys inside")
    try:
        tree[last] = yaml.safe_load(value)
    except yaml.YAMLError as error:
        raise ConfigError(f"--set {override!r}: the value is not valid YAML") from error


def _explain(error: Any) -> str:
    where = ".".join(str(step) for step in error["loc"])
    if error["type"] == "extra_forbidden":
        near = difflib.get_close_matches(where, _keys(Config), n=1, cutoff=0.0)
        return f"unknown key {where!r}; did you mean {near[0]!r}?"
    return f"{where}: {error['msg']}, not {error['input']!r}"


def _keys(model: type[BaseModel], prefix: str = "") -> list[str]:
    keys = []
    for name, entry in model.model_fields.items():
        keys.append(prefix + name)
        if isinstance(entry.annotation, type) and issubclass(entry.annotation, BaseModel):
            keys.extend(_keys(entry.annotation, f"{prefix}{name}."))
    return keys
