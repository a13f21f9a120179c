"""The tagger: who said what, found by a fine-tuned encoder.

The network reads windows of a document. Of each token it tells whether an attribution is anchored there (a cue, or the first word
of a content without cue); then, for each anchor, which tokens are its source and which its content. Both answers are decoded
by Viterbi under the rules of BIO. Speakers' turns in transcripts that it overlooks are added by rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from stance.attribution import windows
from stance.attribution.decoding import runs, transitions, viterbi
from stance.attribution.link import Draft, inherit_sources, link, part
from stance.attribution.quotes import MARKS
from stance.attribution.tags import ANCHOR_TAGS, BARE, CUE, INSIDE_CUE, LINK_TAGS, REACH, SCHEMES, Link
from stance.attribution.transcripts import find_turns
from stance.attribution.view import View
from stance.attribution.windows import Encoded, Window
from stance.encoders import side_by_side
from stance.errors import BundleError
from stance.types import Attribution, Document, Span

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

_ANCHOR_MOVES = transitions(ANCHOR_TAGS)
_LINK_MOVES = transitions(LINK_TAGS)
_ATTRIBUTED, _VOICED = range(len(SCHEMES))
_ROW = itemgetter(0)
_CHUNK = 64  # windows whose readings are held in memory and decoded together


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
    """An anchor: the row of its window, its first and last token there, and what was found of it."""

    row: int
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
        for at in range(0, len(cut), _CHUNK):
            chunk = cut[at : at + _CHUNK]
            readings = side_by_side(lambda pair: self._read(encoded[pair[0]], pair[1]), chunk, self.threads)
            own = [window for _, window in chunk]
            for row, one in self._spans(readings, own, self._anchors(readings, own, scheme), scheme):
                found[chunk[row][0]].append(one)
        return found

    def cut(self, encoded: Encoded) -> Iterator[Window]:
        """The windows of a document."""
        s = self.settings
        return windows.cut(encoded, lambda: s.budget, before=s.before, after=s.after)

    def link_given(
        self, document: Document, encoded: Encoded, *, anchors: Mapping[Window, Sequence[Anchor]], scheme: int
    ) -> tuple[Attribution, ...]:
        """The attributions of anchors that are given, in windows of a document; each anchor's row is that of its window."""
        readings = [self._read(encoded, window) for window in anchors]
        found = self._spans(readings, list(anchors), [a for own in anchors.values() for a in own], scheme)
        return _linked(document, encoded, [one for _, one in found])

    def _read(self, encoded: Encoded, window: Window) -> Reading:
        return self.network.read(windows.batch([(encoded, window)]))

    def _anchors(self, readings: Sequence[Reading], cut: Sequence[Window], scheme: int) -> list[Anchor]:
        """The anchors in the cores of windows."""
        scores = log_softmax(_stacked([reading.anchors[0] for reading in readings]))
        voiced = np.full(scores.shape[:2], fill_value=True) if scheme == _VOICED else scores[:, :, _VOICED, 0] < np.log(0.5)
        own = scores[:, :, scheme].copy()
        own[:, :, 0] += self.settings.caution[scheme]
        found = []
        for row, (path, window) in enumerate(zip(viterbi(own, _lengths(cut), _ANCHOR_MOVES), cut, strict=True)):
            spans = [(a, b, False) for a, b in runs(path, begin=CUE, inside=INSIDE_CUE)]
            spans += [(a, a + 1, True) for a in np.flatnonzero(path == BARE).tolist()]
            core = range(window.core_start - window.start, window.core_end - window.start)
            found += [Anchor(row, a, b - 1, bare, bool(voiced[row, a])) for a, b, bare in spans if a in core]
        return found

    def _spans(
        self, readings: Sequence[Reading], cut: Sequence[Window], anchors: Sequence[Anchor], scheme: int
    ) -> Iterator[tuple[int, Found]]:
        """Source and content of each anchor, with the row of its window."""
        if not anchors:
            return
        scores = _stacked([links for row, own in groupby(anchors, key=_ROW) for links in self._link(readings[row], list(own), scheme)])
        lengths = _lengths([cut[anchor.row] for anchor in anchors])
        for anchor, path in zip(anchors, viterbi(log_softmax(scores), lengths, _LINK_MOVES), strict=True):
            yield anchor.row, _found(anchor, path, cut[anchor.row].start)

    def _link(self, reading: Reading, anchors: Sequence[Anchor], scheme: int) -> Floats:
        """Log-odds of the link tags of the anchors of one window, shape (anchors, tokens, LINK_TAGS)."""
        first, last = (np.array([anchor[n] for anchor in anchors]) for n in (1, 2))
        member = np.repeat(reading.member, len(anchors), axis=0)
        distance = np.clip(np.arange(member.shape[1]) - first[:, None], -REACH, REACH) + REACH
        return self.network.link(reading.first[0, first] + reading.last[0, last], member, distance, np.full(len(anchors), scheme))


def _stacked(arrays: Sequence[Floats]) -> Floats:
    """Arrays of different length as one, padded with zeros."""
    stacked = np.zeros((len(arrays), max(len(a) for a in arrays), *arrays[0].shape[1:]), dtype=np.float32)
    for row, array in enumerate(arrays):
        stacked[row, : len(array)] = array
    return stacked


def _lengths(cut: Sequence[Window]) -> Ints:
    return np.array([window.end - window.start for window in cut])


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
        pieces = [view.span(*_unquoted(view, content)) for content in one.contents if _has_words(view, content)]
        if pieces:
            drafts.append(Draft(pieces, span(one.cue), span(one.source), one.voiced))
    inherit_sources(document, drafts)
    part(document, drafts)
    drafts += [turn for turn in find_turns(document, view) if not any(_overlap(turn, draft) for draft in drafts)]
    return link(document, view, drafts)


def _has_words(view: View, content: tuple[int, int]) -> bool:
    return any(token.text[0].isalnum() for token in view.tokens[slice(*content)])


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
