"""A transformer of a few thousand random weights, made on the spot: it answers nonsense, but by the whole machinery."""

from functools import cache

import torch

from stance.classifiers.network import OnnxTransformer
from stance.classifiers.sheets import Writer
from stance.classifiers.transformer import Settings
from stance.encoders import TOKENIZER
from tests.attribution import tiny
from training import export
from training.config import Stancing
from training.transformer import Reader

MODEL = Stancing(backbone="tiny", epochs=1, learning_rate=0.001, head_learning_rate=0.001, batch_pieces=512)


def reader() -> Reader:
    made = Reader(tiny.config(), MODEL).eval()
    with torch.no_grad():  # as drawn, the weights are so small that every stance is as likely as any other
        for parameter in made.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.2)
    return made


def writer() -> Writer:
    return Writer(tiny.tokenizer())


@cache
def parts(*, int8: bool = True) -> dict[str, bytes]:
    return {**export.read_parts(reader(), int8=int8), TOKENIZER: tiny.tokenizer().to_str().encode()}


def transformer(*, threads: int = 1, int8: bool = True) -> OnnxTransformer:
    return OnnxTransformer(parts(int8=int8), Settings(1.5, 0.8, distant=2, own=True), threads=threads)
