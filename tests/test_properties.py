"""What holds of every text."""

from __future__ import annotations

import json

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from stance import text
from stance.pipeline import Analysis, Analyzer

_WORDS = "said|warned that|according to|he|Norway|Moscow|NATO|President Liv Haug|Mr. Haug|the ministry|U.S.|we will strike"
_MORE = "is ready to defend|if|not|The|it was|.”said"
_MARKS = "“ ” \" ' '' `` ’ „ « » ( ) - — : , . ! … 😀 é"
_DIRT = ("\r\n", "\n", "\n\n", "\r\n\r\n", "\u00ad", "\u200b", "\u00a0", "\u2028", "\ud800", "\x00")
PIECES = st.sampled_from([*_WORDS.split("|"), *_MORE.split("|"), *_MARKS.split(), *_DIRT])
NEWS = st.lists(PIECES, min_size=1, max_size=60).map(" ".join)
TEXTS = st.one_of(st.text(min_size=1), st.text(alphabet=st.characters(exclude_categories=()), min_size=1), NEWS).filter(str.strip)
SETTINGS = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@SETTINGS
@given(article=TEXTS)
@example("SAID''")  # two characters that are cleaned into one, at the end of a span
@example("“\ud800,” he said.")
def test_any_text_is_analysed_and_every_span_is_what_it_claims(analyzer: Analyzer, article: str) -> None:
    analysis = Analyzer(analyzer.bundle, thoughts=True).analyze(article)
    for statement in analysis:
        assert statement.content
        for span in (*statement.content, statement.cue, statement.source, *statement.evidence, *(t.mention for t in statement.targets)):
            if span is not None:
                assert 0 <= span.start < span.end <= len(article)
        assert list(statement.content) == sorted(statement.content)
        fragments = [" ".join(text.clean(span.of(article))[0].split()) for span in statement.content]
        assert statement.text == " … ".join(fragments)
    assert Analysis.from_dict(json.loads(analysis.to_json())).to_dict() == analysis.to_dict()


@SETTINGS
@given(article=NEWS.filter(str.strip))
def test_windows_line_ends_change_offsets_only(analyzer: Analyzer, article: str) -> None:
    unix = article.replace("\r\n", "\n")
    windows = unix.replace("\n", "\r\n")
    assert without_offsets(analyzer.analyze(unix)) == without_offsets(analyzer.analyze(windows))


def without_offsets(analysis: Analysis) -> list[dict[str, object]]:
    records = analysis.to_dict()["statements"]
    for record in records:
        for key in ("content", "cue", "source", "evidence"):
            del record[key]
        for target in record["targets"]:
            del target["mention"]
    return records
