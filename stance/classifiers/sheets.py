"""Sheets: a statement and its candidates as word pieces, so that an encoder reads them all at once.

    [CLS] speaker, its actor [SEP] sentence before, clause and content in text order [SEP] candidate [SEP] candidate ... [SEP]

The separator before a candidate's name is where its answer is read off. Beside its word piece every piece has features: the
part it belongs to, whom it names, its case, the slot of the candidate that it names, which ties mentions to names, and in the list of
candidates how often the document names each beside the others: the actor that an article is about is a target several times as often.
Training and serving both write sheets here, so they cannot drift apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from stance.encoders import CASES, MARK, case_of, special_id
from stance.encoding import ModelInput, Passage, Role, Word

if TYPE_CHECKING:
    from tokenizers import Tokenizer

#: Change it with every change that alters the output: a model trained on another version is refused.
VERSION = 2

#: File name of the graph that reads sheets, in a bundle.
READER = "reader.onnx"

#: No more words than these of each part are shown, and no more pieces of a speaker's or a candidate's name.
_CONTENT, _CLAUSE, _BEFORE, _NAME = 120, 40, 40, 12

#: Candidates of one sheet; further ones stand on another.
SLOTS = 12
_MOST_PIECES = 500

_REMEMBERED = 20_000  # words whose pieces are kept

_NO_SLOT = SLOTS


class _Part(IntEnum):
    SPECIAL, SPEAKER, BEFORE, CLAUSE, CUE, CONTENT, LISTED = range(7)


_ROLES = {Role.NONE: 7, Role.SPEAKER: 8, Role.OTHER: 9}
_FIRST_CASE = 10
_FIRST_SLOT = _FIRST_CASE + CASES

_FIRST_RANK = _FIRST_SLOT + SLOTS + 1
_RANKS = 5  # first, second, third or fourth most often named, less often; one more id for what is not in the list
_NO_RANK = _RANKS

#: Ids of the features: part 0-6, role 7-9, case 10-15, slot 16-28, rank 29-34; every piece has one of each kind.
FEATURES, KINDS = _FIRST_RANK + _RANKS + 1, 5
_SLOT_KIND = 3

Ints = NDArray[np.int64]


def names(features: Any) -> Any:
    """Which pieces belong to a candidate, to its names or its separator, by the features of pieces, an array of shape (..., KINDS)."""
    return features[..., _SLOT_KIND] != _FIRST_SLOT + _NO_SLOT


class _Text(NamedTuple):
    """Words that share their features; `case` None for that of the words themselves."""

    words: str
    part: _Part
    role: Role
    slot: int = _NO_SLOT
    rank: int = _NO_RANK


@dataclass(frozen=True, slots=True)
class Sheet:
    """A statement with some or all of its candidates.

    Attributes:
        pieces: Ids of word pieces.
        features: Ids of the features of each piece, shape (pieces, KINDS).
        places: Where each candidate's answer is read off.
        rows: Which of the inputs these candidates are.
        words: For each word of the content that is shown: its index, and the range of its pieces.
    """

    pieces: Ints
    features: Ints
    places: Ints
    rows: tuple[int, ...]
    words: tuple[tuple[int, int, int], ...]


class Writer:
    """Writes sheets.

    Args:
        tokenizer: The encoder's tokenizer, without truncation and padding.
    """

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._cut = lru_cache(_REMEMBERED)(lambda words: tuple(tokenizer.encode(words, add_special_tokens=False).ids))
        self.begin, self.end = special_id(tokenizer, "[CLS]", "<s>"), special_id(tokenizer, "[SEP]", "</s>")
        self.mask, self.unknown = special_id(tokenizer, "[MASK]", "<mask>"), special_id(tokenizer, "[UNK]", "<unk>")

    def write(self, inputs: Sequence[ModelInput]) -> list[Sheet]:
        """The sheets of one statement.

        Args:
            inputs: What is asked about it, all with the same passage; that about the statement as a whole is answered on each sheet.

        Returns:
            One sheet; more where the candidates do not fit on one.
        """
        asked = [row for row, i in enumerate(inputs) if i.target_name]
        groups = [asked[at : at + SLOTS] for at in range(0, len(asked), SLOTS)] or [[]]
        return [self._sheet(inputs[0].passage, inputs, rows) for rows in groups]

    def _sheet(self, passage: Passage, inputs: Sequence[ModelInput], rows: Sequence[int]) -> Sheet:
        slots = {span: slot for slot, row in reversed(list(enumerate(rows))) for span in inputs[row].target}
        speaker = [_Text(name, _Part.SPEAKER, Role.SPEAKER) for name in _speaker(passage)]
        shown = sorted(_shown(passage))
        body = [_Text(word.text, part, word.role, slots.get(word.span, _NO_SLOT)) for _, _, word, part in shown]
        listed = [
            _Text(
                inputs[row].target_name,
                _Part.LISTED,
                Role.SPEAKER if inputs[row].target_name == passage.actor else Role.OTHER,
                slot,
                min(inputs[row].target_rank, _RANKS - 1),
            )
            for slot, row in enumerate(rows)
        ]
        texts = [*speaker, *body, *listed]
        cut = [self._cut(t.words) or (self.unknown,) for t in texts]
        split = len(speaker), len(speaker) + len(body)
        page = _Page(self)
        page.special(self.begin)
        page.add(texts[: split[0]], cut[: split[0]], most=2 * _NAME)
        page.special(self.end)
        budget = _MOST_PIECES - 3 * _NAME - (_NAME + 1) * len(listed)
        starts = page.add(texts[split[0] : split[1]], cut[split[0] : split[1]], most=budget)
        places = []
        for text, pieces in zip(texts[split[1] :], cut[split[1] :], strict=True):
            places.append(page.special(self.end, slot=text.slot, rank=text.rank))
            page.add([text], [pieces], most=_NAME)
        page.special(self.end)
        indices = {id(word): n for n, word in enumerate(passage.content)}
        ranges = zip(shown, pairwise(starts), strict=False)
        words = tuple((indices[id(w)], a, b) for (_, _, w, part), (a, b) in ranges if part is _Part.CONTENT and b > a)
        features = np.array(page.features, dtype=np.int64).reshape(-1, KINDS)
        return Sheet(np.array(page.pieces, dtype=np.int64), features, np.array(places, dtype=np.int64), tuple(rows), words)


class _Page:
    """Pieces and features under construction."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self.pieces: list[int] = []
        self.features: list[tuple[int, int, int, int, int]] = []

    def special(self, piece: int, *, slot: int = _NO_SLOT, rank: int = _NO_RANK) -> int:
        """Adds a special piece; returns its place."""
        self.pieces.append(piece)
        self.features.append((_Part.SPECIAL, _ROLES[Role.NONE], _FIRST_CASE + MARK, _FIRST_SLOT + slot, _FIRST_RANK + rank))
        return len(self.pieces) - 1

    def add(self, texts: Sequence[_Text], cut: Sequence[tuple[int, ...]], *, most: int) -> list[int]:
        """Adds words, as many as fit; returns where each starts, and where the last ends."""
        limit = len(self.pieces) + most
        starts = [len(self.pieces)]
        for text, pieces in zip(texts, cut, strict=True):
            room = limit - len(self.pieces)
            self.pieces.extend(pieces[:room])
            feature = (
                text.part,
                _ROLES[text.role],
                _FIRST_CASE + case_of(text.words),
                _FIRST_SLOT + text.slot,
                _FIRST_RANK + text.rank,
            )
            self.features.extend([feature] * min(room, len(pieces)))
            starts.append(len(self.pieces))
        return starts


def _speaker(passage: Passage) -> Iterator[str]:
    if passage.speaker:
        yield passage.speaker
    if passage.actor and passage.actor != passage.speaker:
        yield ","
        yield passage.actor


def _shown(passage: Passage) -> Iterator[tuple[int, int, Word, _Part]]:
    """Words with their places in the text and the parts they belong to."""
    cue = {word.span for word in passage.cue}
    parts = (
        (passage.before[-_BEFORE:], _Part.BEFORE),
        (passage.clause[:_CLAUSE], _Part.CLAUSE),
        (passage.content[:_CONTENT], _Part.CONTENT),
    )
    for words, part in parts:
        for word in words:
            own = _Part.CUE if part is not _Part.CONTENT and word.span in cue else part
            yield *word.span, word, own
