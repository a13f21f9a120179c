"""The transformer's training: an encoder that reads a statement with all of its candidates, fine-tuned on annotated statements."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.utils.data import IterableDataset

from stance.classifiers import sheets
from stance.classifiers.base import COLUMNS
from stance.classifiers.sheets import Sheet, Writer
from stance.classifiers.transformer import AIMED, WHOLE, Scores
from stance.encoding import ModelInput
from training import finetune
from training.config import Stancing
from training.finetune import Batch, Log, Progress

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]

_READ = 32  # sheets in a batch that is only read
_CHUNK = 1000  # statements are sorted by length within chunks of this many, so that batches differ from epoch to epoch


@dataclass(frozen=True, slots=True)
class Lesson:
    """A statement to learn from.

    Attributes:
        inputs: That about the statement as a whole, then its candidates.
        whole: Probability of each stance.
        aimed: Probability of each of `AIMED`, shape (candidates, 5).
        speaks: Whether the speaker speaks for each candidate, 1 or 0; NaN where nobody knows.
        share: How often it is read in an epoch.
    """

    inputs: tuple[ModelInput, ...]
    whole: Floats
    aimed: Floats
    speaks: Floats
    share: float = 1.0


class Reader(nn.Module):
    """An encoder with a head for the statement as a whole and one for its candidates.

    Args:
        backbone: Folder or name of a Hugging Face encoder, or its configuration (then its weights are random).
        model: What is dropped out, and how much the candidates count.
    """

    def __init__(self, backbone: str | Path | Any, model: Stancing) -> None:
        super().__init__()
        self.encoder: Any = finetune.encoder(backbone, dropout=model.encoder_dropout)
        size = self.encoder.config.hidden_size
        self.features = nn.Embedding(sheets.FEATURES, size)
        nn.init.normal_(self.features.weight, std=0.01)  # not 0: slots must differ from the start
        self.whole = nn.Linear(size, len(WHOLE))
        self.aimed = nn.Linear(size, len(AIMED))
        self.speaks = nn.Linear(size, 1)
        self.dropout = nn.Dropout(model.dropout)
        self.weight = model.aimed

    def read(self, pieces: Tensor, mask: Tensor, features: Tensor, places: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Scores of the statements, shape (sheets, 5), of their candidates, (sheets, candidates, 5), and log-odds that these speak."""
        embedded = self.encoder.get_input_embeddings()(pieces) + self.features(features).sum(dim=2)
        hidden = self.dropout(self.encoder(inputs_embeds=embedded, attention_mask=mask).last_hidden_state)
        listed = hidden.gather(1, places[..., None].expand(-1, -1, hidden.shape[-1]))
        return self.whole(hidden[:, 0]), self.aimed(listed), self.speaks(listed)[..., 0]

    def forward(self, *, whole_labels: Tensor, aimed_labels: Tensor, speaks_labels: Tensor, **arrays: Tensor) -> dict[str, Tensor]:
        """The loss of a batch; labels are probabilities, all 0 or NaN where there is no candidate."""
        whole, aimed, speaks = self.read(**arrays)
        loss = -(whole.float().log_softmax(-1) * whole_labels).sum(-1).mean()
        count = aimed_labels.sum().clamp(min=1.0)
        loss = loss - self.weight * (aimed.float().log_softmax(-1) * aimed_labels).sum() / count
        known = ~speaks_labels.isnan()
        if known.any():
            loss = loss + self.weight * nn.functional.binary_cross_entropy_with_logits(speaks.float()[known], speaks_labels[known])
        return {"loss": loss}


class TorchNetwork:
    """A reader as `stance.classifiers.transformer.Transformer` uses it."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader.eval()

    @torch.inference_mode()
    def read(self, sheet: Sheet) -> Scores:
        """As `stance.classifiers.transformer.Network.read`."""
        tensors = {name: torch.from_numpy(array) for name, array in batch([sheet]).items()}
        whole, aimed, speaks = (part.float().numpy()[0] for part in self.reader.read(**tensors))
        return Scores(whole, aimed[: len(sheet.rows)], speaks[: len(sheet.rows)])


def batch(pages: Sequence[Sheet]) -> dict[str, Ints]:
    """Sheets as arrays, padded to the longest: ``pieces``, ``mask``, ``features`` and ``places``."""
    longest, most = max(len(p.pieces) for p in pages), max(1, *(len(p.places) for p in pages))
    pieces = np.zeros((len(pages), longest), dtype=np.int64)
    mask, places = np.zeros_like(pieces), np.zeros((len(pages), most), dtype=np.int64)
    features = np.zeros((len(pages), longest, sheets.KINDS), dtype=np.int64)
    for row, page in enumerate(pages):
        size = len(page.pieces)
        pieces[row, :size], mask[row, :size], features[row, :size] = page.pieces, 1, page.features
        places[row, : len(page.places)] = page.places
    return {"pieces": pieces, "mask": mask, "features": features, "places": places}


@torch.inference_mode()
def answers(
    reader: Reader, writer: Writer, asked: Sequence[Sequence[ModelInput]], *, progress: Progress, bf16: bool = True
) -> list[Floats]:
    """What a network makes of many statements, read in batches.

    Args:
        reader: A trained network.
        writer: Writes sheets for it.
        asked: For each statement its inputs, that about the statement as a whole first.
        progress: Told what is being done.
        bf16: Whether to compute in bfloat16.

    Returns:
        For each statement the probabilities of `COLUMNS`, shape (inputs, 6).
    """
    told = [np.zeros((len(inputs), len(COLUMNS)), dtype=np.float32) for inputs in asked]
    pages = [(n, sheet) for n, inputs in enumerate(asked) for sheet in writer.write(inputs)]
    pages.sort(key=lambda page: len(page[1].pieces))
    for at in range(0, len(pages), _READ):
        chunk = pages[at : at + _READ]
        tensors = {name: torch.from_numpy(array) for name, array in batch([sheet for _, sheet in chunk]).items()}
        with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
            scores = reader.read(**tensors)
        whole, aimed = (part.float().softmax(-1).numpy() for part in scores[:2])
        for row, (n, sheet) in enumerate(chunk):
            told[n][0, WHOLE] = whole[row]
            for place, asked_row in enumerate(sheet.rows):
                told[n][asked_row, AIMED] = aimed[row, place]
        progress(f"reading statements: {at + len(chunk)} of {len(pages)}")
    return told


def fit(
    lessons: Sequence[Lesson],
    writer: Writer,
    backbone: str | Path | Any,
    model: Stancing,
    *,
    seed: int,
    progress: Progress,
    log: Log,
    start: dict[str, Tensor] | None = None,
) -> Reader:
    """Fine-tunes an encoder.

    Args:
        lessons: What to train on.
        writer: Writes sheets for the encoder.
        backbone: As `Reader` takes it.
        model: How to train.
        seed: Decides the order of statements and candidates, and what is dropped out.
        progress: Told what is being done.
        log: Told figures, such as the loss, and the step.
        start: Weights of a reader to go on from.
    """
    reader = Reader(backbone, model)
    if start is not None:
        reader.load_state_dict(start)
    batches = _Batches(lessons, writer, seed, model)
    steps = max(1, round(model.epochs * sum(1 for _ in batches.epoch(random.Random(seed)))))
    finetune.fit(reader, batches, model, steps=steps, seed=seed, progress=progress, log=log)
    return reader


class _Batches(IterableDataset[Batch]):
    """Batches without end; candidates change places from epoch to epoch."""

    def __init__(self, lessons: Sequence[Lesson], writer: Writer, seed: int, model: Stancing) -> None:
        self._lessons, self._writer, self._seed, self._model = lessons, writer, seed, model

    def __iter__(self) -> Iterator[Batch]:
        rng, masks = random.Random(self._seed), torch.Generator().manual_seed(self._seed)
        while True:
            for pairs in self.epoch(rng):
                tensors = collate(pairs)
                pieces, features = tensors["pieces"], tensors["features"]
                nameless = torch.rand(len(pieces), 1, generator=masks) < self._model.nameless
                hidden = (torch.rand(pieces.shape, generator=masks) < self._model.masked) | (nameless & sheets.names(features))
                pieces[hidden & (features[..., 0] > 0)] = self._writer.mask
                yield tensors

    def epoch(self, rng: random.Random) -> Iterator[list[tuple[Lesson, Sheet]]]:
        """Batches that show every lesson as often as it is to be read."""
        chosen = [lesson for lesson in self._lessons for _ in range(_times(lesson.share, rng))]
        rng.shuffle(chosen)
        for at in range(0, len(chosen), _CHUNK):
            told = [_shuffled(lesson, rng) for lesson in chosen[at : at + _CHUNK]]
            pairs = [(lesson, sheet) for lesson in told for sheet in self._writer.write(lesson.inputs)]
            yield from _packed(pairs, self._model.batch_pieces, rng)


def collate(pairs: Sequence[tuple[Lesson, Sheet]]) -> Batch:
    """A batch as `Reader.forward` takes it."""
    arrays = batch([sheet for _, sheet in pairs])
    aimed = np.zeros((*arrays["places"].shape, len(AIMED)), dtype=np.float32)
    speaks = np.full(arrays["places"].shape, np.nan, dtype=np.float32)
    for row, (lesson, sheet) in enumerate(pairs):
        if sheet.rows:
            candidates = np.array(sheet.rows) - 1
            aimed[row, : len(sheet.rows)], speaks[row, : len(sheet.rows)] = lesson.aimed[candidates], lesson.speaks[candidates]
    labels = {"whole_labels": np.stack([lesson.whole for lesson, _ in pairs]), "aimed_labels": aimed, "speaks_labels": speaks}
    return {name: torch.from_numpy(array) for name, array in {**arrays, **labels}.items()}


def _times(share: float, rng: random.Random) -> int:
    return int(share) + (rng.random() < share % 1)


def _shuffled(lesson: Lesson, rng: random.Random) -> Lesson:
    """The lesson with its candidates in another order: no slot shall mean anything by itself."""
    order = list(range(1, len(lesson.inputs)))
    rng.shuffle(order)
    inputs = (lesson.inputs[0], *(lesson.inputs[i] for i in order))
    places = [i - 1 for i in order]
    return Lesson(inputs, lesson.whole, lesson.aimed[places], lesson.speaks[places], lesson.share)


def _packed(pairs: list[tuple[Lesson, Sheet]], most: int, rng: random.Random) -> Iterator[list[tuple[Lesson, Sheet]]]:
    """Batches of sheets of like length, in random order."""
    groups: list[list[tuple[Lesson, Sheet]]] = [[]]
    for pair in sorted(pairs, key=lambda pair: len(pair[1].pieces)):
        if groups[-1] and (len(groups[-1]) + 1) * len(pair[1].pieces) > most:
            groups.append([])
        groups[-1].append(pair)
    rng.shuffle(groups)
    yield from groups
