"""The pipeline: articles in, analyses out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from stance import actors, bundle, decision, markup, serialise, targets, text
from stance.classifiers.base import COLUMNS
from stance.errors import ConfigError
from stance.models import DEFAULT
from stance.types import Article, Attribution, Document, Query, Reach, Span, Speaker, Stance, Statement

if TYPE_CHECKING:
    import pandas as pd

_BATCH_CHARACTERS = 50_000  # of articles that are read together; a longer one is read alone
_BATCH_QUERIES = 512
_LEAST_QUERIES = 16  # an article counts as no fewer, which bounds the number of articles in a batch

S = TypeVar("S")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Analysis:
    """An article and the statements in it: a sequence of `Statement` in text order.

    Attributes:
        article: The article as it came.
        statements: Its statements; their spans point into ``article.text``.
    """

    article: Article
    statements: tuple[Statement, ...]

    def __iter__(self) -> Iterator[Statement]:
        return iter(self.statements)

    def __len__(self) -> int:
        return len(self.statements)

    @overload
    def __getitem__(self, index: int) -> Statement: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Statement, ...]: ...
    def __getitem__(self, index: int | slice) -> Statement | tuple[Statement, ...]:
        return self.statements[index]

    @classmethod
    def from_dict(cls, record: dict[str, Any]) -> Self:
        """Reads a dictionary of the shared format: what `to_dict` gave, or gold data.

        Raises:
            InputError: If it is not in the format.
        """
        return cls(*serialise.from_dict(record))

    def to_dict(self) -> dict[str, Any]:
        """The shared format as a dictionary."""
        return serialise.to_dict(self.article, self.statements)

    def to_json(self) -> str:
        """The shared format as one line of JSON."""
        return serialise.to_json(self.to_dict())

    def to_frame(self) -> pd.DataFrame:
        """One row for each statement and target; a statement without target has one row too.

        Raises:
            MissingExtraError: If pandas is not installed.
        """
        return serialise.frame(serialise.rows(self.article, self.statements), columns=serialise.Row._fields)

    def _repr_html_(self) -> str:
        return markup.render(self.article, self.statements)


class Analyzer:
    """Analyses articles with one model. It keeps no state between articles; threads may share it.

    Args:
        model: The name of a built-in model, the folder of a bundle, or a bundle that was loaded before.
        thoughts: Whether to keep what sources are said to think, hope or plan but have not uttered.
        min_confidence: A stance, or a target, of which the model is less sure than this is not told; the statement is then neutral.
        evidence: Whether to tell which words drove each stance; by default where the model tells it at no cost, as the baseline does.

    Raises:
        BundleError: If the model cannot be loaded safely.
        ConfigError: If `min_confidence` is no probability.
    """

    def __init__(
        self,
        model: str | Path | bundle.Bundle = DEFAULT,
        *,
        thoughts: bool = False,
        min_confidence: float = 0.0,
        evidence: bool | None = None,
    ) -> None:
        if not 0 <= min_confidence <= 1:
            raise ConfigError(f"min_confidence is {min_confidence!r}; give a probability from 0 to 1")
        self.bundle = model if isinstance(model, bundle.Bundle) else bundle.load(model)
        self.thoughts = thoughts
        self.min_confidence = min_confidence
        self.evidence = self.bundle.classifier.explains_freely if evidence is None else evidence

    def analyze(self, article: Article | str) -> Analysis:
        """Finds the statements of one article.

        Args:
            article: An article, or its text.

        Returns:
            Its statements in text order.

        Raises:
            InputError: If the text is empty.
        """
        return next(self._label(self._prepare([_parse(article)])))

    def stream(
        self, articles: Iterable[Article | str], *, on_error: Callable[[Article | str, Exception], None] | None = None
    ) -> Iterator[Analysis]:
        """Analyses articles one after the other; reads only as far ahead as one batch.

        Args:
            articles: Articles, or their texts; any number of them.
            on_error: Called with an article that could not be analysed, and why; the article is left out and the others go on.
                Without it the error is raised.

        Yields:
            One analysis for each article, in their order.
        """
        for batch in _groups(self._prepare_all(articles, on_error), _size, _BATCH_QUERIES):
            yield from self._label(batch)

    def _prepare_all(
        self, articles: Iterable[Article | str], on_error: Callable[[Article | str, Exception], None] | None
    ) -> Iterator[_Prepared]:
        parsed = _guarded(articles, _parse, on_error)
        for batch in _groups(parsed, lambda document: len(document.text), _BATCH_CHARACTERS):
            try:
                prepared = self._prepare(batch)
            except Exception:
                if on_error is None:
                    raise
                yield from _guarded(batch, self._prepare_one, lambda document, error: on_error(document.article, error))
            else:
                yield from prepared

    def _prepare(self, documents: Sequence[Document]) -> list[_Prepared]:
        """Documents with the questions about their statements; a tagger reads them together."""
        found = self.bundle.attributor.find(documents, thoughts=self.thoughts)
        reach = self.bundle.classifier.reach
        return [_Prepared(d, _queries(d, own, reach)) for d, own in zip(documents, found, strict=True)]

    def _prepare_one(self, document: Document) -> _Prepared:
        return self._prepare([document])[0]

    def _label(self, batch: Sequence[_Prepared]) -> Iterator[Analysis]:
        """Classifies the statements of several articles together; what is in memory at a time is bounded by `_BATCH_QUERIES`."""
        labelled = self._label_statements(queries for prepared in batch for queries in prepared.statements)
        for prepared in batch:
            yield Analysis(prepared.document.article, tuple(islice(labelled, len(prepared.statements))))

    def _label_statements(self, asked: Iterable[tuple[Query, ...]]) -> Iterator[Statement]:
        for group in _groups(asked, len, _BATCH_QUERIES):
            answer = self.bundle.classifier.answer([query for queries in group for query in queries])
            ends = np.cumsum([len(queries) for queries in group])[:-1]
            speakers = [queries[0].speaker for queries in group]
            if answer.speaks is not None:
                speakers = [self._represented(queries, own) for queries, own in zip(group, np.split(answer.speaks, ends), strict=True)]
            decided = list(map(self._decide, group, speakers, np.split(answer.probabilities, ends)))
            yield from map(_statement, group, speakers, decided, self._evidence(group, decided))

    def _represented(self, queries: tuple[Query, ...], speaks: NDArray[np.float64]) -> Speaker | None:
        candidates = [query.candidate for query in queries if query.candidate]
        return decision.represented(queries[0].speaker, candidates, speaks[1:], thresholds=self.bundle.thresholds)

    def _decide(self, queries: tuple[Query, ...], speaker: Speaker | None, probabilities: NDArray[np.float64]) -> decision.Decision:
        candidates = [query.candidate for query in queries if query.candidate]
        return decision.decide(
            queries[0].document,
            candidates,
            probabilities,
            speaker=speaker,
            thresholds=self.bundle.thresholds,
            least=self.min_confidence,
        )

    def _evidence(self, group: Sequence[tuple[Query, ...]], decided: Sequence[decision.Decision]) -> list[tuple[Span, ...]]:
        """For each statement the words that drove its stance; none for a neutral one."""
        found: list[tuple[Span, ...]] = [()] * len(group)
        if not self.evidence:
            return found
        told = [i for i, d in enumerate(decided) if d.stance is not Stance.NEUTRAL]
        asked = [_main_query(group[i], decided[i]) for i in told]
        explained = self.bundle.classifier.explain(asked, [COLUMNS.index(decided[i].stance) for i in told]) if told else []
        for i, spans in zip(told, explained, strict=True):
            found[i] = spans
        return found


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A document and the questions about each of its statements."""

    document: Document
    statements: list[tuple[Query, ...]]


def _parse(article: Article | str) -> Document:
    return text.parse(Article(article) if isinstance(article, str) else article)


def _queries(document: Document, found: tuple[Attribution, ...], reach: Reach) -> list[tuple[Query, ...]]:
    cast = actors.resolve(document, found)
    pairs = zip(found, cast.speakers, strict=True)
    return [targets.queries(document, said, speaker, cast, reach=reach) for said, speaker in pairs]


def _guarded(items: Iterable[S], do: Callable[[S], T], on_error: Callable[[S, Exception], None] | None) -> Iterator[T]:
    """What `do` makes of each item; items that it fails on are told to `on_error`, or end it all where that is None."""
    for item in items:
        try:
            done = do(item)
        except Exception as error:
            if on_error is None:
                raise
            on_error(item, error)
        else:
            yield done


def _size(prepared: _Prepared) -> int:
    return max(_LEAST_QUERIES, sum(map(len, prepared.statements)))


def _main_query(queries: tuple[Query, ...], decided: decision.Decision) -> Query:
    """The question whose answer decided the stance: that about the main target, else that about the statement as a whole."""
    main = decided.targets[0].actor if decided.targets else None
    return next(query for query in queries if (query.candidate.actor if query.candidate else None) == main)


def _statement(queries: tuple[Query, ...], speaker: Speaker | None, decided: decision.Decision, evidence: tuple[Span, ...]) -> Statement:
    """Puts a statement together; here spans of the document become spans of the article."""
    document, said = queries[0].document, queries[0].attribution
    return Statement(
        text=" … ".join(" ".join(span.of(document.text).split()) for span in said.content),
        kind=said.kind,
        speaker=speaker,
        targets=decided.targets,
        stance=decided.stance,
        confidence=decided.confidence,
        probabilities=decided.probabilities,
        content=tuple(map(document.to_article, said.content)),
        cue=document.to_article(said.cue) if said.cue else None,
        source=document.to_article(said.source) if said.source else None,
        evidence=tuple(map(document.to_article, evidence)),
    )


def _groups(items: Iterable[T], size: Callable[[T], int], limit: int) -> Iterator[list[T]]:
    """Consecutive items in lists, each closed as soon as the sizes in it add up to `limit`."""
    group: list[T] = []
    total = 0
    for item in items:
        group.append(item)
        total += size(item)
        if total >= limit:
            yield group
            group, total = [], 0
    if group:
        yield group
