"""A tagger of a few thousand random weights, made on the spot: it finds nonsense, but by the whole machinery."""

from functools import cache
from pathlib import Path

import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers
from transformers import BertConfig, PreTrainedTokenizerFast

from stance.attribution.network import OnnxTagger
from stance.attribution.tagger import Settings
from stance.encoders import TOKENIZER
from training import export
from training.config import Tagging
from training.tagger import Heads

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
TEXT = (
    "The minister said on Monday that the border would stay closed.\n\n"
    "“We will defend every port,” Admiral Orlo told reporters. “Nobody should doubt it.”\n\n"
    "According to officials in Vastia, talks had failed; the president thinks they never began."
)
MODEL = Tagging(backbone="tiny", epochs=1, learning_rate=0.001, head_learning_rate=0.001, batch_pieces=512, width=16)


@cache
def tokenizer() -> Tokenizer:
    made = Tokenizer(models.WordPiece(unk_token="[UNK]"))  # noqa: S106 (a piece)
    made.normalizer = normalizers.BertNormalizer(lowercase=True)
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.train_from_iterator([TEXT] * 3, trainers.WordPieceTrainer(vocab_size=200, special_tokens=SPECIAL, show_progress=False))
    return made


def config() -> BertConfig:
    size = tokenizer().get_vocab_size()
    return BertConfig(vocab_size=size, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64)


def heads(seed: int = 3) -> Heads:
    torch.manual_seed(seed)
    made = Heads(config(), MODEL).eval()
    with torch.no_grad():  # as drawn, the weights are so small that every tag is as likely as any other
        for parameter in made.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.2)
    return made


@cache
def parts() -> dict[str, bytes]:
    return {**export.parts(heads()), TOKENIZER: tokenizer().to_str().encode()}


def tagger() -> OnnxTagger:
    return OnnxTagger(parts(), Settings(), threads=1)


def backbone(folder: Path) -> Path:
    """A folder as Hugging Face has it, with random weights."""
    torch.manual_seed(5)
    Heads(config(), MODEL).encoder.save_pretrained(folder)
    PreTrainedTokenizerFast(tokenizer_object=tokenizer(), unk_token="[UNK]", pad_token="[PAD]").save_pretrained(folder)  # noqa: S106 (a piece)
    return folder
