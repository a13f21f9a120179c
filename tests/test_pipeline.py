"""From articles to analyses."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import FrozenInstanceError

import pandas as pd
import pytest

from stance import pipeline, reading
from stance.errors import InputError, MissingExtraError
from stance.pipeline import Analysis, Analyzer
from stance.types import Article, Kind, Span, Stance

CUT = "“We will respond,” Norwegian Defence Minister Liv Haug said on Monday, “with everything that we have.”"


def test_a_cut_quotation_is_one_statement(analyzer: Analyzer) -> None:
    (statement,) = analyzer.analyze(CUT)
    assert statement.kind is Kind.DIRECT
    assert statement.text.startswith("We will respond")
    assert " … with everything that we have" in statement.text
    assert (statement.speaker.name, statement.speaker.actor.id) == ("Liv Haug", "NOR")
    assert [span.of(CUT)[:7] for span in statement.content] == ["We will", "with ev"]
    assert statement.cue.of(CUT) == "said"
    assert "Liv Haug" in statement.source.of(CUT)
    assert statement.span == Span(statement.content[0].start, statement.content[-1].end)


def test_spans_point_into_the_untouched_text(analyzer: Analyzer) -> None:
    dirty = "``The har\u00adbour is safe,'' said\u00a0Mayor\r\nIda Holm.\r\n\r\n\u200b“We will hold it against Denmark,” she added."
    first, second = analyzer.analyze(dirty)
    assert first.text.rstrip(",") == "The harbour is safe"
    assert first.content[0].of(dirty).rstrip(",") == "The har\u00adbour is safe"
    assert second.source.of(dirty) == "she"
    assert second.speaker.name == first.speaker.name == "Ida Holm"


def test_a_statement_without_target_or_speaker_is_kept(analyzer: Analyzer) -> None:
    (statement,) = analyzer.analyze("“It rained all night.”")
    assert (statement.speaker, statement.target, statement.targets, statement.stance) == (None, None, (), Stance.NEUTRAL)
    (statement,) = analyzer.analyze("The weather was fine, said Ida Holm.")
    assert statement.speaker.actor is None


def test_targets_carry_their_own_stance_and_sum_to_one(analyzer: Analyzer) -> None:
    found = [t for s in analyzer.analyze(reading.example()) for t in s.targets]
    assert found
    for target in found:
        assert target.stance is not Stance.NEUTRAL
        assert set(target.probabilities) == {s.value for s in Stance} | {"not_a_target"}
        assert sum(target.probabilities.values()) == pytest.approx(1)
        assert 0 < target.confidence <= 1


def test_statements_carry_five_probabilities(analyzer: Analyzer) -> None:
    for statement in analyzer.analyze(reading.example()):
        assert set(statement.probabilities) == {s.value for s in Stance}
        assert sum(statement.probabilities.values()) == pytest.approx(1)
        assert 0 < statement.confidence <= 1


def test_thoughts_are_left_out_unless_asked_for(analyzer: Analyzer) -> None:
    text = "Liv Haug believes that the truce will hold. “The truce holds,” said Liv Haug."
    assert len(analyzer.analyze(text)) == 1
    assert len(Analyzer(analyzer.bundle, thoughts=True).analyze(text)) == 2


def test_a_stream_equals_one_by_one(analyzer: Analyzer, monkeypatch: pytest.MonkeyPatch) -> None:
    example = reading.example().text
    articles = [Article(paragraph, id=str(n)) for n, paragraph in enumerate(example.splitlines())]
    expected = [analyzer.analyze(article) for article in articles]
    assert sum(map(len, expected)) > 5
    for batch in (512, 40, 5, 1):
        monkeypatch.setattr(pipeline, "_BATCH_QUERIES", batch)
        assert_same(list(analyzer.stream(articles)), expected)


def assert_same(found: list[Analysis], expected: list[Analysis]) -> None:
    assert [a.to_dict() for a in found] == [a.to_dict() for a in expected]


def test_a_stream_reads_no_further_than_a_batch(analyzer: Analyzer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "_BATCH_QUERIES", 3 * pipeline._LEAST_QUERIES)
    monkeypatch.setattr(pipeline, "_BATCH_CHARACTERS", 3 * len(CUT))
    taken = []

    def endless() -> Iterator[str]:
        while True:
            taken.append(1)
            yield CUT

    next(analyzer.stream(endless()))
    assert len(taken) <= 6


def test_a_stream_goes_on_behind_a_bad_article(analyzer: Analyzer) -> None:
    failed = []
    found = list(analyzer.stream([CUT, "  ", CUT], on_error=lambda article, error: failed.append((article, type(error)))))
    assert len(found) == 2
    assert failed == [("  ", InputError)]


def test_without_a_handler_the_error_is_raised(analyzer: Analyzer) -> None:
    with pytest.raises(InputError, match="empty"):
        list(analyzer.stream([CUT, "  "]))


def test_an_empty_stream(analyzer: Analyzer) -> None:
    assert list(analyzer.stream([])) == []


def test_an_analysis_is_a_frozen_sequence(analysis: Analysis) -> None:
    assert len(analysis) == 3
    assert list(analysis) == [analysis[0], analysis[1], analysis[2]]
    assert analysis[1:] == analysis.statements[1:]
    with pytest.raises(FrozenInstanceError):
        analysis.statements = ()  # type: ignore[misc]


def test_to_frame(analysis: Analysis) -> None:
    frame = analysis.to_frame()
    assert isinstance(frame, pd.DataFrame)
    assert list(frame["stance"]) == ["threatening", "reassuring", "deterrent", "neutral"]
    assert len(Analysis(analysis.article, ()).to_frame().columns) == len(frame.columns)


def test_to_frame_names_the_extra(analysis: Analysis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'stance-nlp\[report\]'"):
        analysis.to_frame()


def test_repr_html(analysis: Analysis) -> None:
    html = analysis._repr_html_()
    assert html.startswith("<style>")
    assert ".stance-article .threatening {" in html
    assert '<mark class="threatening"' in html
