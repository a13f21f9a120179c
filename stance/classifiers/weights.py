"""Weights: a linear classifier's file. skops builds no type that is not on our own list."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from stance.classifiers.linear import Head, Linear
from stance.errors import BundleError

# skops imports every module of scikit-learn, one of which imports torch wherever that is installed: seconds, for nothing.
_hidden = sys.modules.setdefault("torch", None) is None  # type: ignore[arg-type]
try:
    import skops.io
finally:
    if _hidden:
        del sys.modules["torch"]

# Everything that a fitted head is made of, beyond what skops itself holds to be safe: nothing.
_TRUSTED: list[str] = []
_HEADS = ("statement", "pair")


def read(path: Path) -> Linear:
    """A linear classifier from its file.

    Raises:
        BundleError: If the file holds anything else.
    """
    try:
        heads = skops.io.load(path, trusted=_TRUSTED)
        statement, pair = (Head(**heads[name]) for name in _HEADS)
        return Linear(statement, pair)
    except Exception as error:  # skops raises many kinds; none of them may reach a user bare
        raise BundleError(f"{path} does not hold a linear model that can be trusted: {error}; fetch or train the bundle again") from error


def write(classifier: Linear, path: Path) -> None:
    """Writes a linear classifier to a file."""
    heads = {name: _as_dict(getattr(classifier, name)) for name in _HEADS}
    skops.io.dump(heads, path, compression=8, compresslevel=9)


def _as_dict(head: Head) -> dict[str, Any]:
    return {"estimator": head.estimator, "used": head.used, "scale": head.scale, "temperature": float(head.temperature)}
