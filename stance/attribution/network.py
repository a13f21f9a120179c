"""The tagger's network, run by ONNX Runtime."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from stance.attribution.tagger import Reading, Settings, Tagger
from stance.attribution.tags import ENCODER, LINKER, TOKENIZER
from stance.errors import BundleError, ConfigError

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

_SLOW = ["LayerNormFusion"]  # puts an operator that is slow on processors in place of what the graph writes out
_INPUTS = ("pieces", "features", "heads")  # windows come alone, so that nothing is padded and no mask is needed


class OnnxNetwork:
    """Two ONNX graphs: the encoder with the heads that read tokens, and the head that links.

    Args:
        parts: Content of `ENCODER` and `LINKER`.

    Raises:
        BundleError: If ONNX Runtime cannot load them.
    """

    def __init__(self, parts: Mapping[str, bytes]) -> None:
        self._encoder, self._linker = (_session(name, parts[name]) for name in (ENCODER, LINKER))

    def read(self, arrays: dict[str, Ints]) -> Reading:
        """As `stance.attribution.tagger.Network.read`."""
        return Reading(*self._encoder.run(list(Reading._fields), {name: arrays[name] for name in _INPUTS}))

    def link(self, anchor: Floats, member: Floats, distance: Ints, scheme: Ints) -> Floats:
        """As `stance.attribution.tagger.Network.link`."""
        told = self._linker.run(["links"], {"anchor": anchor, "member": member, "distance": distance, "scheme": scheme})
        return np.asarray(told[0])


class OnnxTagger(Tagger):
    """A tagger that knows the files it was made from.

    Args:
        parts: Content of `PARTS`.
        settings: How it is applied.
        threads: How many windows are read at a time; 0 for as many as there are cores.
    """

    def __init__(self, parts: Mapping[str, bytes], settings: Settings, *, threads: int = 0) -> None:
        super().__init__(OnnxNetwork(parts), read_tokenizer(parts[TOKENIZER]), settings, threads=threads or os.cpu_count() or 1)
        self.parts = dict(parts)


def load(parts: Mapping[str, bytes], settings: Mapping[str, Any]) -> OnnxTagger:
    """A tagger from the files and the settings of a bundle. The environment variable ``STANCE_THREADS`` limits its threads.

    Raises:
        BundleError: If a file or a setting is not as it must be.
        ConfigError: If ``STANCE_THREADS`` is not a number.
    """
    threads = os.environ.get("STANCE_THREADS", "0")
    if not threads.isdecimal():
        raise ConfigError(f"STANCE_THREADS is {threads!r}; give a number of threads, or 0 for as many as there are cores")
    return OnnxTagger(parts, Settings.from_dict(settings), threads=int(threads))


def read_tokenizer(content: bytes) -> Tokenizer:
    """A tokenizer that neither cuts nor pads.

    Raises:
        BundleError: If it cannot be read.
    """
    try:
        tokenizer = Tokenizer.from_buffer(content)
    except Exception as error:  # the library raises bare Exceptions
        raise BundleError(f"{TOKENIZER} cannot be read: {error}; fetch or train the bundle again") from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _session(name: str, content: bytes) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # several windows are read at a time instead
    options.enable_mem_pattern = False  # windows differ in length, so that no plan of memory is used twice
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"], disabled_optimizers=_SLOW)
    except Exception as error:  # the runtime raises many kinds; none of them may reach a user bare
        raise BundleError(f"{name} is not a graph that ONNX Runtime can run: {error}; fetch or train the bundle again") from error
