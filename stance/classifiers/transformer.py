"""The transformer: a small encoder reads each statement with all of its candidates at once, and tells a stance toward each.

Sheets are read one at a time, several side by side in threads: weights in int8 make a result depend on what it is batched with, and
a statement must not depend on its company.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from stance import encoding
from stance.classifiers.base import COLUMNS, Answer
from stance.classifiers.sheets import Sheet, Writer
from stance.encoders import side_by_side
from stance.encoding import ModelInput
from stance.errors import BundleError
from stance.types import Query, Reach, Span

#: Columns of `COLUMNS` that a statement as a whole may have, and those that a candidate may have.
WHOLE, AIMED = (0, 1, 2, 3, 4), (0, 1, 2, 3, 5)

_MAX_EVIDENCE = 5
_CHUNK = 3  # words that are hidden together at first
_REFINED = 2  # chunks that are then looked at word by word
_LEAST = 0.02  # by which log-probability hiding a word must harm the label, for the word to be told

Floats = NDArray[np.float64]


class Scores(NamedTuple):
    """What a network makes of a sheet.

    Attributes:
        whole: Scores of the columns `WHOLE`.
        aimed: For each candidate the scores of `AIMED`, shape (candidates, 5).
        speaks: For each candidate the log-odds that the speaker speaks for it, shape (candidates,).
    """

    whole: NDArray[np.float32]
    aimed: NDArray[np.float32]
    speaks: NDArray[np.float32]


class Network(Protocol):
    """An encoder with its two heads."""

    def read(self, sheet: Sheet) -> Scores:
        """The scores of one sheet."""
        ...


@dataclass(frozen=True, slots=True)
class Settings:
    """How the network's scores become probabilities.

    Attributes:
        whole_temperature: Divides the scores of statements as a whole.
        aimed_temperature: Divides the scores of candidates.
        distant: How many actors that are named elsewhere only are candidates too.
        own: Whether the speaker's own actor is.
    """

    whole_temperature: float = 1.0
    aimed_temperature: float = 1.0
    distant: int = 0
    own: bool = False

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Self:
        """Settings from a bundle's manifest.

        Raises:
            BundleError: If one is missing, unknown or out of range.
        """
        if set(told) != set(cls.__dataclass_fields__):
            odd = min(set(told) ^ set(cls.__dataclass_fields__))
            raise BundleError(f"transformer settings: {odd!r} is missing or unknown; fetch or train the bundle again")
        if not isinstance(told["own"], bool):
            raise BundleError(f"transformer settings: own is {told['own']!r}; it must be true or false")
        for name, value in ((name, value) for name, value in told.items() if name != "own"):
            least = 0 if name == "distant" else 0.01
            if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= 100:
                raise BundleError(f"transformer settings: {name} is {value!r}; it must be a number from {least} to 100")
        return cls(**told)

    def to_dict(self) -> dict[str, Any]:
        """As `from_dict` reads it."""
        return asdict(self)


class Transformer:
    """The `Classifier` over an encoder.

    Args:
        network: Reads sheets.
        writer: Writes them.
        settings: How the scores become probabilities.
        threads: How many sheets are read at a time.
    """

    explains_freely = False  # some twenty more sheets a statement

    def __init__(self, network: Network, writer: Writer, settings: Settings, *, threads: int = 1) -> None:
        self.network = network
        self.writer = writer
        self.settings = settings
        self.threads = threads

    @property
    def reach(self) -> Reach:
        """Whom it can judge as candidates beside those named in and around a statement."""
        return Reach(self.settings.distant, self.settings.own)

    def predict_proba(self, queries: Sequence[Query]) -> Floats:
        """Calibrated probabilities, shape ``(len(queries), 6)``; columns as in `COLUMNS`."""
        return self.answer(queries).probabilities

    def answer(self, queries: Sequence[Query]) -> Answer:
        """Calibrated probabilities, and those that the speakers speak for the candidates."""
        probabilities, speaks = np.zeros((len(queries), len(COLUMNS))), np.zeros(len(queries))
        asked: list[tuple[list[int], list[int], Sheet]] = []
        for rows, inputs in _statements(queries):
            whole = [row for row, one in zip(rows, inputs, strict=True) if not one.target_name]
            for sheet in self.writer.write(inputs):
                asked.append((whole, [rows[n] for n in sheet.rows], sheet))
                whole = []  # the first sheet answers for the statement
        scores = side_by_side(self.network.read, [sheet for _, _, sheet in asked], self.threads)
        for (whole, aimed, _), told in zip(asked, scores, strict=True):
            probabilities[np.ix_(whole, WHOLE)] = _softmax(told.whole / self.settings.whole_temperature)
            probabilities[np.ix_(aimed, AIMED)] = _softmax(told.aimed / self.settings.aimed_temperature)
            speaks[aimed] = 1 / (1 + np.exp(-told.speaks.astype(np.float64)))
        return Answer(probabilities, speaks)

    def explain(self, queries: Sequence[Query], columns: Sequence[int]) -> list[tuple[Span, ...]]:
        """The words of the content without which the column would be less likely, strongest first.

        Found by occlusion (Zeiler & Fergus 2014): words are hidden three at a time, then those of the two weightiest groups one by one.
        """
        inputs = encoding.encode_all(queries)
        return side_by_side(lambda pair: self._evidence(*pair), list(zip(inputs, columns, strict=True)), self.threads)

    def _evidence(self, asked: ModelInput, column: int) -> tuple[Span, ...]:
        sheet = self.writer.write([asked])[0]
        words = [word for word in sheet.words if asked.passage.content[word[0]].text[0].isalnum()]
        if not words:
            return ()
        before = self._log_probability(sheet, column)

        def harm(hidden: Sequence[tuple[int, int, int]]) -> float:
            return before - self._log_probability(self._without(sheet, hidden), column)

        chunks = [words[at : at + _CHUNK] for at in range(0, len(words), _CHUNK)]
        weightiest = sorted(chunks, key=harm, reverse=True)[:_REFINED]
        harms = sorted(((harm([word]), -word[0], word) for chunk in weightiest for word in chunk), reverse=True)
        told = [asked.passage.content[word[0]].span for loss, _, word in harms[:_MAX_EVIDENCE] if loss > _LEAST]
        return tuple(dict.fromkeys(told))

    def _without(self, sheet: Sheet, hidden: Sequence[tuple[int, int, int]]) -> Sheet:
        """The sheet with the pieces of some words hidden."""
        pieces = sheet.pieces.copy()
        for _, start, end in hidden:
            pieces[start:end] = self.writer.mask
        return Sheet(pieces, sheet.features, sheet.places, sheet.rows, sheet.words)

    def _log_probability(self, sheet: Sheet, column: int) -> float:
        told = self.network.read(sheet)
        columns, scores = (AIMED, told.aimed[0]) if sheet.rows and column in AIMED else (WHOLE, told.whole)
        return float(np.log(np.maximum(_softmax(scores)[columns.index(column)], 1e-9)))


def _statements(queries: Sequence[Query]) -> list[tuple[list[int], list[ModelInput]]]:
    """The queries of each statement: their numbers, and what a model reads of them."""
    inputs = encoding.encode_all(queries)
    rows: dict[int, list[int]] = {}
    for row, asked in enumerate(inputs):
        rows.setdefault(id(asked.passage), []).append(row)
    return [(own, [inputs[row] for row in own]) for own in rows.values()]


def _softmax(scores: NDArray[Any]) -> Floats:
    wide = scores.astype(np.float64)  # in single precision a row may miss 1 by 1e-7
    odds = np.exp(wide - wide.max(axis=-1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=-1, keepdims=True))
