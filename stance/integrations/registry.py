"""Bundles out of an MLflow registry, by URIs such as ``models:/stance@champion``; the one module of the library that imports MLflow."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from stance.errors import BundleError, MissingExtraError

_STORE = Path("mlruns", "mlflow.db")

#: What URIs of models begin with.
SCHEMES = ("models:/", "runs:/")


@contextlib.contextmanager
def fetch(uri: str) -> Iterator[Path]:
    """The files of a model, in a folder that lasts as long as the block.

    Args:
        uri: ``models:/NAME@ALIAS``, ``models:/NAME/VERSION``, or ``runs:/RUN/model``; looked up in the store that
            ``MLFLOW_TRACKING_URI`` names, else in ``mlruns/mlflow.db`` of the current folder.

    Raises:
        MissingExtraError: If MLflow is not installed.
        BundleError: If the model cannot be fetched.
    """
    try:
        import mlflow  # noqa: PLC0415 (an extra)
    except ImportError:
        raise MissingExtraError("mlflow", extra="train", purpose=f"load {uri}") from None
    _choose_store(mlflow, uri)
    with tempfile.TemporaryDirectory(prefix="stance-") as aside:
        try:
            folder = mlflow.artifacts.download_artifacts(artifact_uri=uri, dst_path=aside)
        except (mlflow.exceptions.MlflowException, OSError) as error:
            store = mlflow.get_tracking_uri()
            raise BundleError(
                f"{uri} cannot be fetched from {store}: {error}; set MLFLOW_TRACKING_URI to the store that holds it"
            ) from error
        yield Path(folder)


def _choose_store(mlflow: Any, uri: str) -> None:
    """Points MLflow to the store of the current folder, unless one was chosen; MLflow by itself would make an empty one."""
    if mlflow.tracking.is_tracking_uri_set() or os.environ.get("MLFLOW_TRACKING_URI"):
        return
    if not _STORE.is_file():
        raise BundleError(f"{uri}: there is no {_STORE} here; set MLFLOW_TRACKING_URI to the store that holds the model")
    mlflow.set_tracking_uri(f"sqlite:///{_STORE}")
