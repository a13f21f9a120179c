"""Checkpoints: the weights of a run before they are quantised, and means of them."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import safetensors.torch
import torch
from torch import Tensor, nn

from stance.errors import InputError
from training.tracking import Record, Run, Store

_FOLDER, _FILE = "checkpoint", "model.safetensors"


def log(run: Run, module: nn.Module) -> None:
    """Logs the weights of a module."""
    with tempfile.TemporaryDirectory() as aside:
        weights = {name: value.contiguous() for name, value in module.state_dict().items()}
        safetensors.torch.save_file(weights, Path(aside) / _FILE)
        run.folder(Path(aside), _FOLDER)


def read(store: Store, record: Record) -> dict[str, Tensor]:
    """The weights that a run logged.

    Raises:
        TrackingError: If it logged none.
    """
    with store.files(record.id, f"{_FOLDER}/{_FILE}") as file:
        return dict(safetensors.torch.load_file(file))


def average(store: Store, records: Sequence[Record], module: nn.Module) -> None:
    """Puts the mean of the weights of runs into a module.

    The mean of weights that started alike is often better than any of them ("model soups", Wortsman and others, ICML 2022).

    Raises:
        TrackingError: If a run logged no weights.
        InputError: If the runs' networks differ.
    """
    weights = [read(store, record) for record in records]
    if any({k: v.shape for k, v in w.items()} != {k: v.shape for k, v in module.state_dict().items()} for w in weights):
        raise InputError("the runs' networks differ; average runs of one configuration that differ in their seed alone")
    module.load_state_dict({name: torch.stack([w[name] for w in weights]).mean(dim=0) for name in weights[0]})
