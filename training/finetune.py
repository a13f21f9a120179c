"""Fine-tuning: what every encoder's training has in common, around Hugging Face's `Trainer`."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, IterableDataset
from transformers import AttentionInterface, AutoModel, PrinterCallback, Trainer, TrainerCallback, TrainingArguments
from transformers.masking_utils import ALL_MASK_ATTENTION_FUNCTIONS, eager_mask
from transformers.utils import logging as hf_logging

from training.config import Finetuning

Batch = dict[str, Tensor]
Progress = Callable[[str], None]
Log = Callable[[dict[str, float], int], None]

_EVERY = 50  # steps between two reports of the loss
_START = 13  # heads always start alike, so that the weights of runs with different seeds can be averaged
_ATTENTION = "stance_plain"


def encoder(backbone: str | Path | Any, *, dropout: float) -> Any:
    """An encoder to fine-tune, with the attention that trains fastest. Heads made right after it always start alike.

    Args:
        backbone: Folder or name of a Hugging Face encoder, or its configuration (then its weights are random).
        dropout: What is dropped out in it.
    """
    torch.manual_seed(_START)
    if isinstance(backbone, str | Path):
        model = AutoModel.from_pretrained(str(backbone), add_pooling_layer=False)
    else:
        model = AutoModel.from_config(backbone, add_pooling_layer=False)  # type: ignore[no-untyped-call]
    if model.config.model_type == "bert":
        model.set_attn_implementation(_ATTENTION)
    # The embeddings of 30,000 word pieces would be half of the weights, and few pieces are seen often enough to gain by training.
    model.get_input_embeddings().requires_grad_(requires_grad=False)
    for module in model.modules():
        if isinstance(module, nn.Dropout):
            module.p = dropout
    return model


def zero(embedding: nn.Embedding) -> nn.Embedding:
    """An embedding that changes nothing until it is trained."""
    nn.init.zeros_(embedding.weight)
    return embedding


def fit(
    model: nn.Module, batches: IterableDataset[Batch], schedule: Finetuning, *, steps: int, seed: int, progress: Progress, log: Log
) -> None:
    """Fine-tunes a model whose encoder is called ``encoder`` on batches without end, and leaves it ready to be applied.

    Args:
        model: Returns its loss by ``loss``.
        batches: What to train on.
        schedule: How.
        steps: Batches to train on.
        seed: Decides what is dropped out.
        progress: Told what is being done.
        log: Told figures, such as the loss, and the step.
    """
    with tempfile.TemporaryDirectory() as aside:
        arguments = TrainingArguments(
            output_dir=aside,
            max_steps=steps,
            warmup_steps=round(schedule.warmup * steps),
            lr_scheduler_type="linear",
            max_grad_norm=1.0,
            bf16=schedule.bf16,
            use_cpu=not torch.cuda.is_available(),
            logging_steps=min(_EVERY, steps),
            save_strategy="no",
            report_to=[],
            disable_tqdm=True,
            seed=seed,
        )
        trainer = _Trainer(model, arguments, train_dataset=batches, optimizers=(_optimizer(model, schedule), None))
        trainer.remove_callback(PrinterCallback)
        trainer.add_callback(_Reports(progress, log, steps))
        trainer.train()
    model.cpu().eval()


class _Trainer(Trainer):
    """Takes batches as they come."""

    def get_train_dataloader(self) -> DataLoader[Batch]:
        """The batches; they are made whole, so nothing is left to collate."""
        return DataLoader(cast("IterableDataset[Batch]", self.train_dataset), batch_size=None)


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


def _optimizer(model: nn.Module, schedule: Finetuning) -> torch.optim.Optimizer:
    """AdamW; a layer learns the slower the deeper it lies, the heads fastest of all."""
    depth = cast("Any", model.encoder).config.num_hidden_layers
    groups: dict[float, list[nn.Parameter]] = {}
    for name, parameter in ((n, p) for n, p in model.named_parameters() if p.requires_grad):
        rate = schedule.head_learning_rate
        if name.startswith("encoder."):
            layer = int(name.split(".layer.")[1].split(".")[0]) + 1 if ".layer." in name else 0
            rate = schedule.learning_rate * schedule.layer_decay ** (depth - layer)
        groups.setdefault(rate, []).append(parameter)
    options = [{"params": parameters, "lr": rate} for rate, parameters in sorted(groups.items())]
    return torch.optim.AdamW(options, weight_decay=schedule.weight_decay, fused=True)


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
