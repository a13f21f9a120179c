"""Encoders: what the tagger and the transformer have in common, word pieces and ONNX Runtime."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

from stance.errors import BundleError, ConfigError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

#: File name of a tokenizer in a bundle.
TOKENIZER = "tokenizer.json"

#: Ids of `case_of`; punctuation is `MARK`.
CASES = 6
_LOWER, _TITLE, _UPPER, _INITIAL, _DIGIT, MARK = range(CASES)

_SLOW = ["LayerNormFusion"]  # puts an operator that is slow on processors in place of what the graphs write out

S = TypeVar("S")
T = TypeVar("T")


def case_of(word: str) -> int:
    """How a word is written, which an uncased encoder does not see."""
    if word.islower():
        return _LOWER
    if not word[0].isalnum():
        return MARK
    if any(c.isdigit() for c in word):
        return _DIGIT
    if len(word) == 1:
        return _INITIAL
    return _UPPER if word.isupper() else _TITLE if word[0].isupper() else _LOWER


def special_id(tokenizer: Tokenizer, *names: str) -> int:
    """The id of a special piece, under whichever name a vocabulary has it."""
    found = (tokenizer.token_to_id(name) for name in names)
    return int(next(i for i in found if i is not None))


def read_tokenizer(content: bytes) -> Tokenizer:
    """A tokenizer that neither cuts nor pads.

    Raises:
        BundleError: If it cannot be read.
    """
    from tokenizers import Tokenizer  # noqa: PLC0415 (bundles without an encoder need not load it)

    try:
        tokenizer = Tokenizer.from_buffer(content)
    except Exception as error:  # the library raises bare Exceptions
        raise BundleError(f"{TOKENIZER} cannot be read: {error}; fetch or train the bundle again") from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def session(name: str, content: bytes) -> Any:
    """An ONNX Runtime session on one core.

    Args:
        name: The graph's name, for errors.
        content: The graph.

    Raises:
        BundleError: If ONNX Runtime cannot load it.
    """
    import onnxruntime  # noqa: PLC0415 (bundles without an encoder need not load it)

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # several inputs are read at a time instead
    options.enable_mem_pattern = False  # inputs differ in length, so that no plan of memory is used twice
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"], disabled_optimizers=_SLOW)
    except Exception as error:  # the runtime raises many kinds; none of them may reach a user bare
        raise BundleError(f"{name} is not a graph that ONNX Runtime can run: {error}; fetch or train the bundle again") from error


def threads() -> int:
    """How many inputs are read at a time: as many as there are cores, or what the environment variable ``STANCE_THREADS`` says.

    Raises:
        ConfigError: If ``STANCE_THREADS`` is not a number.
    """
    told = os.environ.get("STANCE_THREADS", "0")
    if not told.isdecimal():
        raise ConfigError(f"STANCE_THREADS is {told!r}; give a number of threads, or 0 for as many as there are cores")
    return int(told) or os.cpu_count() or 1


def side_by_side(do: Callable[[S], T], items: Sequence[S], workers: int) -> list[T]:
    """What a function makes of each item, several items at a time."""
    if workers == 1 or len(items) < 2:
        return [do(item) for item in items]
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(do, items))
