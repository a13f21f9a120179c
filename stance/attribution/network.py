"""The tagger's network, run by ONNX Runtime."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance import encoders
from stance.attribution.tagger import Reading, Settings, Tagger
from stance.attribution.tags import ENCODER, LINKER
from stance.encoders import TOKENIZER

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

_INPUTS = ("pieces", "features", "heads")  # windows come alone, so that nothing is padded and no mask is needed


class OnnxNetwork:
    """Two ONNX graphs: the encoder with the heads that read tokens, and the head that links.

    Args:
        parts: Content of `ENCODER` and `LINKER`.

    Raises:
        BundleError: If ONNX Runtime cannot load them.
    """

    def __init__(self, parts: Mapping[str, bytes]) -> None:
        self._encoder, self._linker = (encoders.session(name, parts[name]) for name in (ENCODER, LINKER))

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
        threads: How many windows are read at a time.
    """

    def __init__(self, parts: Mapping[str, bytes], settings: Settings, *, threads: int = 1) -> None:
        super().__init__(OnnxNetwork(parts), encoders.read_tokenizer(parts[TOKENIZER]), settings, threads=threads)
        self.parts = dict(parts)


def load(parts: Mapping[str, bytes], settings: Mapping[str, Any]) -> OnnxTagger:
    """A tagger from the files and the settings of a bundle. The environment variable ``STANCE_THREADS`` limits its threads.

    Raises:
        BundleError: If a file or a setting is not as it must be.
        ConfigError: If ``STANCE_THREADS`` is not a number.
    """
    return OnnxTagger(parts, Settings.from_dict(settings), threads=encoders.threads())
