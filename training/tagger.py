"""The tagger's training: an encoder with two heads, fine-tuned by Hugging Face's `Trainer` on windows of annotated articles."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.utils.data import DataLoader, IterableDataset
from transformers import AttentionInterface, AutoModel, PrinterCallback, Trainer, TrainerCallback, TrainingArguments
from transformers.masking_utils import ALL_MASK_ATTENTION_FUNCTIONS, eager_mask
from transformers.utils import logging as hf_logging

from stance.attribution import windows
from stance.attribution.tagger import Reading
from stance.attribution.tags import ANCHOR_TAGS, IGNORED, LINK_TAGS, REACH, SCHEMES
from stance.attribution.windows import Window
from training import spans
from training.config import Tagging
from training.spans import Batch, Text

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]
Progress = Callable[[str], None]
Log = Callable[[dict[str, float], int], None]

_EVERY = 50  # steps between two reports of the loss
_START = 13  # heads always start alike, so that the weights of runs with different seeds can be averaged
_ATTENTION = "stance_plain"


class Heads(nn.Module):
    """An encoder that tells anchors and links.

    Args:
        backbone: Folder or name of a Hugging Face encoder, or its configuration (then its weights are random).
        model: How wide the heads are, and how much is dropped out.
    """

    def __init__(self, backbone: str | Path | Any, model: Tagging) -> None:
        super().__init__()
        if isinstance(backbone, str | Path):
            self.encoder = AutoModel.from_pretrained(str(backbone), add_pooling_layer=False)
        else:
            self.encoder = AutoModel.from_config(backbone, add_pooling_layer=False)  # type: ignore[no-untyped-call]
        self.encoder.set_attn_implementation(_ATTENTION)
        size = self.encoder.config.hidden_size
        self.features = _zero(nn.Embedding(windows.FEATURES, size))
        self.anchor = nn.Linear(size, len(SCHEMES) * len(ANCHOR_TAGS))
        self.first, self.last, self.member = (nn.Linear(size, model.width) for _ in range(3))
        self.distance = _zero(nn.Embedding(2 * REACH + 1, model.width))
        self.scheme = _zero(nn.Embedding(len(SCHEMES), model.width))
        self.tag = nn.Linear(model.width, len(LINK_TAGS))
        self.dropout = nn.Dropout(model.dropout)
        self.smoothing = model.smoothing
        # The embeddings of 30,000 word pieces would be half of the weights, and few pieces are seen often enough to gain by training.
        self.encoder.get_input_embeddings().requires_grad_(requires_grad=False)
        for module in self.encoder.modules():
            if isinstance(module, nn.Dropout):
                module.p = model.encoder_dropout

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
    torch.manual_seed(_START)
    heads = Heads(backbone, model)
    cut = partial(_cut, model=model)
    steps = max(1, round(model.epochs * len(spans.epoch(texts, random.Random(seed), cut, model.batch_pieces))))
    with tempfile.TemporaryDirectory() as aside:
        arguments = TrainingArguments(
            output_dir=aside,
            max_steps=steps,
            warmup_steps=round(model.warmup * steps),
            lr_scheduler_type="linear",
            max_grad_norm=1.0,
            bf16=model.bf16,
            use_cpu=not torch.cuda.is_available(),
            logging_steps=min(_EVERY, steps),
            save_strategy="no",
            report_to=[],
            disable_tqdm=True,
            seed=seed,
        )
        batches = _Batches(texts, cut, seed, model)
        trainer = _Trainer(heads, arguments, train_dataset=batches, optimizers=(_optimizer(heads, model), None))
        trainer.remove_callback(PrinterCallback)
        trainer.add_callback(_Reports(progress, log, steps))
        trainer.train()
    return heads.cpu().eval()


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


class _Trainer(Trainer):
    """Takes batches as they come."""

    def get_train_dataloader(self) -> DataLoader[Batch]:
        """The batches; they are made whole, so nothing is left to collate."""
        return DataLoader(cast("_Batches", self.train_dataset), batch_size=None)


class _Reports(TrainerCallback):
    def __init__(self, progress: Progress, log: Log, steps: int) -> None:
        self._progress, self._log, self._steps = progress, log, steps

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:  # noqa: ARG002 (the library's signature)
        """Shows how far it is."""
        self._progress(f"training: step {state.global_step} of {self._steps}")

    def on_log(self, args: Any, state: Any, control: Any, logs: dict[str, float] | None = None, **_: Any) -> None:  # noqa: ARG002
        """Passes figures on."""
        kept = {f"train/{name}": float(value) for name, value in (logs or {}).items() if name in {"loss", "grad_norm", "learning_rate"}}
        self._log(kept, state.global_step)


def _cut(text: Text, rng: random.Random, *, model: Tagging) -> Iterator[Window]:
    """Windows of random length with random surroundings; some articles sentence by sentence, without surroundings."""
    if rng.random() < model.sentences:
        yield from windows.cut(text.encoded, lambda: rng.randint(12, 60), before=0, after=0)
    else:
        before, after = rng.choice((0, model.before // 2, model.before)), rng.choice((0, model.after // 2, model.after))
        yield from windows.cut(text.encoded, lambda: rng.randint(model.shortest, model.longest), before=before, after=after)


def _optimizer(heads: Heads, model: Tagging) -> torch.optim.Optimizer:
    """AdamW; a layer learns the slower the deeper it lies, the heads fastest of all."""
    depth = heads.encoder.config.num_hidden_layers
    groups: dict[float, list[nn.Parameter]] = {}
    for name, parameter in ((n, p) for n, p in heads.named_parameters() if p.requires_grad):
        rate = model.head_learning_rate
        if name.startswith("encoder."):
            layer = int(name.split(".layer.")[1].split(".")[0]) + 1 if ".layer." in name else 0
            rate = model.learning_rate * model.layer_decay ** (depth - layer)
        groups.setdefault(rate, []).append(parameter)
    options = [{"params": parameters, "lr": rate} for rate, parameters in sorted(groups.items())]
    return torch.optim.AdamW(options, weight_decay=model.weight_decay, fused=True)


def _zero(embedding: nn.Embedding) -> nn.Embedding:
    """An embedding that changes nothing until it is trained."""
    nn.init.zeros_(embedding.weight)
    return embedding


def _plain_attention(
    _module: nn.Module, query: Tensor, key: Tensor, value: Tensor, attention_mask: Tensor | None, scaling: float, **_: Any
) -> tuple[Tensor, None]:
    """Attention in the precision of its inputs: on a CPU with bf16 nearly twice as fast in training as what PyTorch chooses (measured)."""
    scores = torch.matmul(query * scaling, key.transpose(2, 3))
    if attention_mask is not None:
        scores = scores + attention_mask.to(scores.dtype)
    shares = torch.softmax(scores, dim=-1, dtype=scores.dtype).to(value.dtype)
    return torch.matmul(shares, value).transpose(1, 2).contiguous(), None


hf_logging.set_verbosity_error()  # type: ignore[no-untyped-call]  # it reports that the pooler, which is left out on purpose, was not used
hf_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
AttentionInterface.register(_ATTENTION, _plain_attention)
ALL_MASK_ATTENTION_FUNCTIONS.register(_ATTENTION, eager_mask)
