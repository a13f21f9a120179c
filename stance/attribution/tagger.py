"""The tagger: who said what, found by a fine-tuned encoder.

The network reads windows of a document. Of each token it tells whether an attribution is anchored there (a cue, or the first word
of a content without cue); then, for each anchor, which tokens are its source and which its content. Both answers are decoded
by Viterbi under the rules of BIO. Speakers' turns in transcripts that it overlooks are added by rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from stance.attribution import windows
from stance.attribution.decoding import runs, transitions, viterbi
from stance.attribution.link import Draft, inherit_sources, link
from stance.attribution.quotes import MARKS
from stance.attribution.tags import ANCHOR_TAGS, BARE, CUE, INSIDE_CUE, LINK_TAGS, REACH, SCHEMES, Link
from stance.attribution.transcripts import find_turns
from stance.attribution.view import View
from stance.attribution.windows import Encoded, Window
from stance.errors import BundleError
from stance.types import Attribution, Document, Span

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

_ANCHOR_MOVES = transitions(ANCHOR_TAGS)
_LINK_MOVES = transitions(LINK_TAGS)
_ATTRIBUTED, _VOICED = range(len(SCHEMES))


class Reading(NamedTuple):
    """What the network makes of windows.

    Attributes:
        anchors: Log-odds of anchor tags by each scheme, shape (windows, tokens, SCHEMES, ANCHOR_TAGS).
        first: What a token says as the first of an anchor, shape (windows, tokens, width).
        last: The same as its last.
        member: What it says as a token that may belong to an anchor.
    """

    anchors: Floats
    first: Floats
    last: Floats
    member: Floats


class Network(Protocol):
    """A trained network, whatever runs it."""

    def read(self, arrays: dict[str, Ints]) -> Reading:
        """Reads windows, as `windows.batch` gives them."""
        ...

    def link(self, anchor: Floats, member: Floats, distance: Ints, scheme: Ints) -> Floats:
        """Log-odds of link tags.

        Args:
            anchor: Sum of what an anchor's first and last token say, shape (anchors, width).
            member: What the tokens of its window say, shape (anchors, tokens, width).
            distance: Tokens from the anchor's first token, cut off at `REACH` either way, plus `REACH`; shape (anchors, tokens).
            scheme: Scheme by which the anchor was found, shape (anchors,).

        Returns:
            Shape (anchors, tokens, LINK_TAGS).
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How a network is applied; kept in the bundle. Chosen on dev: there longer windows were worse, and so were surroundings.

    Attributes:
        budget: Word pieces in a window's core.
        before: Word pieces shown before it.
        after: Word pieces shown after it.
        caution: Added to the log-odds that a token anchors nothing, by scheme: more of it finds fewer statements.
    """

    budget: int = 200
    before: int = 0
    after: int = 0
    caution: tuple[float, float] = (0.0, 0.0)

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return {**asdict(self), "caution": list(self.caution)}

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Self:
        """Reads what `to_dict` gave.

        Raises:
            BundleError: If a setting is missing, unknown, or out of range.
        """
        try:
            whole = {name: _within(name, told[name], *_RANGES[name]) for name in _RANGES}
            caution = tuple(_within("caution", value, -10, 10) for value in told["caution"])
            (first, second) = caution
        except (KeyError, TypeError, ValueError) as error:
            raise BundleError(f"the settings of the tagger are not as they must be ({error}); fetch or train the bundle again") from error
        return cls(**{name: int(value) for name, value in whole.items()}, caution=(first, second))


_RANGES = {"budget": (16, 400), "before": (0, 64), "after": (0, 64)}


def _within(name: str, value: Any, low: float, high: float) -> float:
    if not isinstance(value, int | float) or not low <= value <= high:
        raise ValueError(f"{name} is {value!r}, not a number from {low} to {high}")
    return value


class Found(NamedTuple):
    """An attribution in token ranges of a document; `cue` is None for a content without cue."""

    start: int
    cue: tuple[int, int] | None
    source: tuple[int, int] | None
    contents: tuple[tuple[int, int], ...]
    voiced: bool


class Anchor(NamedTuple):
    """An anchor in a window: its first and last token there, and what was found of it."""

    first: int
    last: int
    bare: bool
    voiced: bool


class Tagger:
    """Finds attributions with a network. It keeps no state between documents.

    Each window is read alone, several at a time where there are threads for it: what int8 makes of a window depends on what else
    is in the batch, and an article must not depend on its company. On one thread it is as fast as batches are (measured).

    Args:
        network: A trained network.
        tokenizer: Its tokenizer, without truncation and padding.
        settings: How it is applied.
        threads: How many windows are read at a time.
    """

    def __init__(self, network: Network, tokenizer: Tokenizer, settings: Settings, *, threads: int = 1) -> None:
        self.network = network
        self.tokenizer = tokenizer
        self.settings = settings
        self.threads = threads

    def find(self, documents: Sequence[Document], *, thoughts: bool = False) -> list[tuple[Attribution, ...]]:
        """Attributions of each document, in order of their content.

        Args:
            documents: Parsed articles.
            thoughts: Whether to find what sources think, hope or plan as well.
        """
        encoded = [windows.encode(document, self.tokenizer) for document in documents]
        found = self.find_tokens(encoded, scheme=_ATTRIBUTED if thoughts else _VOICED)
        return [_linked(d, e, own) for d, e, own in zip(documents, encoded, found, strict=True)]

    def find_tokens(self, encoded: Sequence[Encoded], *, scheme: int) -> list[list[Found]]:
        """What `find` makes attributions of, by the guideline of a scheme."""
        cut = [(n, window) for n, one in enumerate(encoded) for window in self.cut(one)]
        found: list[list[Found]] = [[] for _ in encoded]
        with ThreadPoolExecutor(self.threads) as pool:
            told = pool.map(lambda pair: self._find_in(encoded[pair[0]], pair[1], scheme), cut)
            for (n, _), own in zip(cut, told, strict=True):
                found[n] += own
        return found

    def cut(self, encoded: Encoded) -> Iterator[Window]:
        """The windows of a document."""
        s = self.settings
        return windows.cut(encoded, lambda: s.budget, before=s.before, after=s.after)

    def link_given(
        self, document: Document, encoded: Encoded, *, anchors: Mapping[Window, Sequence[Anchor]], scheme: int
    ) -> tuple[Attribution, ...]:
        """The attributions of anchors that are given, in windows of a document."""
        found = [one for w, own in anchors.items() for one in self._spans(self._read(encoded, w), w, own, scheme)]
        return _linked(document, encoded, found)

    def _read(self, encoded: Encoded, window: Window) -> Reading:
        return self.network.read(windows.batch([(encoded, window)]))

    def _find_in(self, encoded: Encoded, window: Window, scheme: int) -> list[Found]:
        reading = self._read(encoded, window)
        return list(self._spans(reading, window, self._anchors(reading, window, scheme), scheme))

    def _anchors(self, reading: Reading, window: Window, scheme: int) -> list[Anchor]:
        """The anchors in the core of a window."""
        scores = log_softmax(reading.anchors[0])
        voiced = [scheme == _VOICED or bool(v) for v in scores[:, _VOICED, 0] < np.log(0.5)]
        own = scores[:, scheme].copy()
        own[:, 0] += self.settings.caution[scheme]
        (path,) = viterbi(own[None], np.array([len(own)]), _ANCHOR_MOVES)
        core = range(window.core_start - window.start, window.core_end - window.start)
        cues = [Anchor(a, b - 1, False, voiced[a]) for a, b in runs(path, begin=CUE, inside=INSIDE_CUE) if a in core]
        return cues + [Anchor(a, a, True, voiced[a]) for a in np.flatnonzero(path == BARE).tolist() if a in core]

    def _spans(self, reading: Reading, window: Window, anchors: Sequence[Anchor], scheme: int) -> Iterator[Found]:
        """Source and content of each anchor."""
        if not anchors:
            return
        first, last = (np.array([anchor[n] for anchor in anchors]) for n in range(2))
        member = np.repeat(reading.member, len(anchors), axis=0)
        distance = np.clip(np.arange(member.shape[1]) - first[:, None], -REACH, REACH) + REACH
        scores = self.network.link(reading.first[0, first] + reading.last[0, last], member, distance, np.full(len(anchors), scheme))
        paths = viterbi(log_softmax(scores), np.full(len(anchors), member.shape[1]), _LINK_MOVES)
        for anchor, path in zip(anchors, paths, strict=True):
            yield _found(anchor, path, window.start)


def log_softmax(scores: Floats) -> Floats:
    """Logarithm of the softmax over the last axis."""
    scores = scores - scores.max(axis=-1, keepdims=True)
    return np.asarray(scores - np.log(np.exp(scores).sum(axis=-1, keepdims=True)), dtype=np.float32)


def _found(anchor: Anchor, tags: Ints, offset: int) -> Found:
    sources, contents = (
        tuple((a + offset, b + offset) for a, b in runs(tags, begin=kind, inside=kind + 1)) for kind in (Link.SOURCE, Link.CONTENT)
    )
    cue = None if anchor.bare else (anchor.first + offset, anchor.last + 1 + offset)
    return Found(anchor.first + offset, cue, sources[0] if sources else None, contents, anchor.voiced)


def _linked(document: Document, encoded: Encoded, found: Sequence[Found]) -> tuple[Attribution, ...]:
    view = encoded.view

    def span(tokens: tuple[int, int] | None) -> Span | None:
        return view.span(*tokens) if tokens else None

    drafts = []
    for one in sorted(found):
        pieces = [view.span(*_unquoted(view, content)) for content in one.contents]
        if pieces:
            drafts.append(Draft(pieces, span(one.cue), span(one.source), one.voiced))
    inherit_sources(document, drafts)
    drafts += [turn for turn in find_turns(document, view) if not any(_overlap(turn, draft) for draft in drafts)]
    return link(document, view, drafts)


def _unquoted(view: View, content: tuple[int, int]) -> tuple[int, int]:
    """A content without the quotation marks around it, where it is a quotation or part of one."""
    start, end = content
    quote = view.quote_of[start]
    if quote >= 0 and view.tokens[end - 1].end <= view.quotes[quote].outer.end:
        while end - start > 1 and view.tokens[start].text in MARKS:
            start += 1
        while end - start > 1 and view.tokens[end - 1].text in MARKS:
            end -= 1
    return start, end


def _overlap(one: Draft, other: Draft) -> bool:
    return one.pieces[0].start < other.pieces[-1].end and other.pieces[0].start < one.pieces[-1].end
