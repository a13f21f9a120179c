"""Quotation marks of every sort."""

from __future__ import annotations

import pytest

from stance.attribution.quotes import find_quotes
from stance.text import parse
from stance.types import Article


def quotes(text: str) -> list[list[str]]:
    document = parse(Article(text))
    return [[s.of(document.text) for s in q.inner] for q in find_quotes(document)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“We wait,” she said.", "We wait,"),
        ('"We wait," she said.', "We wait,"),
        ("‘We wait,’ she said.", "We wait,"),
        ("'We wait,' she said.", "We wait,"),
        ("``We wait,'' she said.", "We wait,"),
        ("''We wait,'' she said.", "We wait,"),
        ("„We wait“, she said.", "We wait"),
        ("«We wait», she said.", "We wait"),
        ("»We wait«, she said.", "We wait"),
        ("“We wait,“ she said.", "We wait,"),
        ("“We wait”said the envoy.", "We wait"),
    ],
)
def test_marks(text: str, expected: str) -> None:
    assert quotes(text) == [[expected]]


def test_apostrophes_are_no_quotations() -> None:
    assert quotes("The allies' plan wasn't Rome's, and in '56 nobody's was.") == []


def test_a_quotation_within_a_quotation_belongs_to_the_outer_one() -> None:
    assert quotes("“He told me ‘never’ and left,” she said.") == [["He told me ‘never’ and left,"]]


def test_a_quotation_runs_on_when_the_next_paragraph_opens_with_a_mark() -> None:
    assert quotes("“First we wait.\n\n“Then we act,” he said.") == [["First we wait.", "Then we act,"]]


def test_a_quotation_broken_over_lines_is_one() -> None:
    assert quotes('"First we wait.\nThen we act," he said.') == [["First we wait.", "Then we act,"]]


def test_a_mark_that_is_never_closed_spoils_nothing() -> None:
    assert quotes("“This was never closed.\n\nNobody spoke. “Yes,” he said.") == [["Yes,"]]
