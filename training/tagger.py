"""The tagger's training: an encoder with two heads, fine-tuned by Hugging Face's `Trainer` on windows of annotated articles."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.utils.data import IterableDataset

from stance.attribution import windows
from stance.attribution.tagger import Reading
from stance.attribution.tags import ANCHOR_TAGS, IGNORED, LINK_TAGS, REACH, SCHEMES
from stance.attribution.windows import Window
from training import finetune, spans
from training.config import Tagging
from training.finetune import Log, Progress
from training.spans import Batch, Text

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]


class Heads(nn.Module):
    """An encoder that tells anchors and links.

    Args:
        backbone: Folder or name of a Hugging Face encoder, or its configuration (then its weights are random).
        model: How wide the heads are, and how much is dropped out.
    """

    def __init__(self, backbone: str | Path | Any, model: Tagging) -> None:
        super().__init__()
        self.encoder: Any = finetune.encoder(backbone, dropout=model.encoder_dropout)
        size = self.encoder.config.hidden_size
        self.features = finetune.zero(nn.Embedding(windows.FEATURES, size))
        self.anchor = nn.Linear(size, len(SCHEMES) * len(ANCHOR_TAGS))
        self.first, self.last, self.member = (nn.Linear(size, model.width) for _ in range(3))
        self.distance = finetune.zero(nn.Embedding(2 * REACH + 1, model.width))
        self.scheme = finetune.zero(nn.Embedding(len(SCHEMES), model.width))
        self.tag = nn.Linear(model.width, len(LINK_TAGS))
        self.dropout = nn.Dropout(model.dropout)
        self.smoothing = model.smoothing

    def tokens(self, pieces: Tensor, mask: Tensor, features: Tensor, heads: Tensor) -> Tensor:
        """What the encoder makes of each token's first piece, shape (windows, tokens, size)."""
        embedded = self.encoder.get_input_embeddings()(pieces) + self.features(features).sum(dim=2)
        hidden: Tensor = self.encoder(inputs_embeds=embedded, attention_mask=mask).last_hidden_state
        return hidden.gather(1, heads[..., None].expand(-1, -1, hidden.shape[-1]))

    def read(self, pieces: Tensor, mask: Tensor, features: Tensor, heads: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """As `stance.attribution.tagger.Network.read`."""
        return self._told(self.tokens(pieces, mask, features, heads))

    def link(self, anchor: Tensor, member: Tensor, distance: Tensor, scheme: Tensor) -> Tensor:
        """As `stance.attribution.tagger.Network.link`."""
        heads = (anchor + self.scheme(scheme))[:, None]
        scores: Tensor = self.tag(self.dropout(torch.relu(heads + member + self.distance(distance))))
        return scores

    def forward(self, *, rows: Tensor, starts: Tensor, ends: Tensor, schemes: Tensor, **arrays: Tensor) -> dict[str, Tensor]:
        """The loss of a batch, as `spans.collate` gives it."""
        anchor_tags, link_tags = arrays.pop("anchor_tags"), arrays.pop("link_tags")
        anchors, first, last, member = self._told(self.dropout(self.tokens(**arrays)))
        own = anchors[torch.arange(len(anchors)), :, schemes]
        loss = self._loss(own, anchor_tags)
        if len(rows):
            distance = (torch.arange(member.shape[1]) - starts[:, None]).clamp(-REACH, REACH) + REACH
            heads = first[rows, starts] + last[rows, ends]
            loss = loss + self._loss(self.link(heads, member[rows], distance, schemes[rows]), link_tags)
        return {"loss": loss}

    def _told(self, tokens: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        anchors = self.anchor(tokens).unflatten(-1, (len(SCHEMES), len(ANCHOR_TAGS)))
        return anchors, self.first(tokens), self.last(tokens), self.member(tokens)

    def _loss(self, scores: Tensor, tags: Tensor) -> Tensor:
        flat = scores.flatten(0, 1).float()
        return nn.functional.cross_entropy(flat, tags.flatten(), ignore_index=IGNORED, label_smoothing=self.smoothing)


class TorchNetwork:
    """Heads as the tagger uses them.

    Args:
        heads: Trained heads.
        bf16: Whether to compute in bfloat16, which is faster and as good.
    """

    def __init__(self, heads: Heads, *, bf16: bool = True) -> None:
        self.heads = heads.eval()
        self.bf16 = bf16

    @torch.inference_mode()
    def read(self, arrays: dict[str, Ints]) -> Reading:
        """As `stance.attribution.tagger.Network.read`."""
        tensors = {name: torch.from_numpy(array) for name, array in arrays.items()}
        with torch.autocast("cpu", torch.bfloat16, enabled=self.bf16):
            return Reading(*(told.float().numpy() for told in self.heads.read(**tensors)))

    @torch.inference_mode()
    def link(self, anchor: Floats, member: Floats, distance: Ints, scheme: Ints) -> Floats:
        """As `stance.attribution.tagger.Network.link`."""
        return np.asarray(self.heads.link(*map(torch.from_numpy, (anchor, member, distance, scheme))).numpy())


def fit(texts: Sequence[Text], backbone: str | Path | Any, model: Tagging, *, seed: int, progress: Progress, log: Log) -> Heads:
    """Fine-tunes an encoder.

    Args:
        texts: What to train on.
        backbone: As `Heads` takes it.
        model: How to train.
        seed: Decides the windows, their order, and what is dropped out.
        progress: Told what is being done.
        log: Told figures, such as the loss, and the step.
    """
    heads = Heads(backbone, model)
    cut = partial(_cut, model=model)
    steps = max(1, round(model.epochs * len(spans.epoch(texts, random.Random(seed), cut, model.batch_pieces))))
    finetune.fit(heads, _Batches(texts, cut, seed, model), model, steps=steps, seed=seed, progress=progress, log=log)
    return heads


class _Batches(IterableDataset[Batch]):
    """Batches without end, cut anew in each epoch."""

    def __init__(self, texts: Sequence[Text], cut: Callable[[Text, random.Random], Iterator[Window]], seed: int, model: Tagging) -> None:
        self._texts, self._cut, self._seed, self._model = texts, cut, seed, model

    def __iter__(self) -> Iterator[Batch]:
        rng, masks = random.Random(self._seed), torch.Generator().manual_seed(self._seed)
        mask = self._texts[0].encoded.mask
        while True:
            for batch in spans.epoch(self._texts, rng, self._cut, self._model.batch_pieces):
                tensors = spans.collate(batch)
                hidden = (torch.rand(tensors["pieces"].shape, generator=masks) < self._model.masked) & (tensors["mask"] == 1)
                tensors["pieces"][hidden] = mask
                yield tensors


def _cut(text: Text, rng: random.Random, *, model: Tagging) -> Iterator[Window]:
    """Windows of random length with random surroundings; some articles sentence by sentence, without surroundings."""
    if rng.random() < model.sentences:
        yield from windows.cut(text.encoded, lambda: rng.randint(12, 60), before=0, after=0)
    else:
        before, after = rng.choice((0, model.before // 2, model.before)), rng.choice((0, model.after // 2, model.after))
        yield from windows.cut(text.encoded, lambda: rng.randint(model.shortest, model.longest), before=before, after=after)
