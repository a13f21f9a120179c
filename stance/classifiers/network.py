"""The transformer's network, run by ONNX Runtime."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stance import encoders
from stance.classifiers.sheets import READER, Sheet, Writer
from stance.classifiers.transformer import Scores, Settings, Transformer
from stance.encoders import TOKENIZER

#: Files of a bundle with a transformer: the encoder with its heads, and the tokenizer, which a tagger of the bundle shares.
PARTS = (READER, TOKENIZER)


class OnnxNetwork:
    """An ONNX graph that reads sheets.

    Args:
        graph: Content of `READER`.

    Raises:
        BundleError: If ONNX Runtime cannot load it.
    """

    def __init__(self, graph: bytes) -> None:
        self._session = encoders.session(READER, graph)

    def read(self, sheet: Sheet) -> Scores:
        """As `stance.classifiers.transformer.Network.read`."""
        inputs = {"pieces": sheet.pieces[None], "features": sheet.features[None], "places": sheet.places[None]}
        return Scores(*(part[0] for part in self._session.run(list(Scores._fields), inputs)))


class OnnxTransformer(Transformer):
    """A transformer that knows the files it was made from.

    Args:
        parts: Content of `PARTS`.
        settings: How the scores become probabilities.
        threads: How many sheets are read at a time.
    """

    def __init__(self, parts: Mapping[str, bytes], settings: Settings, *, threads: int = 1) -> None:
        super().__init__(OnnxNetwork(parts[READER]), Writer(encoders.read_tokenizer(parts[TOKENIZER])), settings, threads=threads)
        self.parts = dict(parts)


def load(parts: Mapping[str, bytes], settings: Mapping[str, Any]) -> OnnxTransformer:
    """A transformer from the files and the settings of a bundle. The environment variable ``STANCE_THREADS`` limits its threads.

    Raises:
        BundleError: If a file or a setting is not as it must be.
        ConfigError: If ``STANCE_THREADS`` is not a number.
    """
    return OnnxTransformer(parts, Settings.from_dict(settings), threads=encoders.threads())
