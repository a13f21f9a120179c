"""Cleaning and segmentation: offsets stay right whatever the text holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.errors import InputError
from stance.text import clean, parse
from stance.types import Article, Document, Span

DIRT = st.text(alphabet=st.sampled_from("aB.”“\"'`\r\n \u00ad\u200b\u00a0é日🇺🇦"), min_size=1, max_size=60)


def sentences(text: str) -> list[str]:
    document = parse(Article(text))
    return [s.of(document.text) for s in document.sentences]


def paragraphs(text: str) -> list[str]:
    document = parse(Article(text))
    return [p.of(document.text) for p in document.paragraphs]


@pytest.mark.parametrize("bad", ["", " \n\t "])
def test_an_empty_article_is_refused(bad: str) -> None:
    with pytest.raises(InputError, match="empty"):
        Article(bad)


def test_bytes_are_refused_with_a_remedy() -> None:
    with pytest.raises(InputError, match="decode bytes first"):
        Article(b"abc")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("a\r\nb\rc", "a\nb\nc"),
        ("Stol\u00adten\u200bberg", "Stoltenberg"),
        ("``Go,'' he said", "“Go,” he said"),
        ("he said ''go''", "he said “go”"),
        ("a\u00a0b", "a b"),
        ("plain", "plain"),
    ],
)
def test_clean(raw: str, cleaned: str) -> None:
    assert clean(raw)[0] == cleaned


@given(DIRT)
def test_every_token_maps_to_the_words_that_it_claims(raw: str) -> None:
    if not raw.strip():
        return
    document = parse(Article(raw))
    for token in document.tokens:
        span = document.to_article(Span(token.start, token.end))
        assert 0 <= span.start < span.end <= len(raw)
        assert clean(span.of(raw))[0].strip() == token.text or token.text in "“”"


@given(DIRT)
def test_to_clean_inverts_to_raw(raw: str) -> None:
    _, alignment = clean(raw)
    if alignment is None:
        return
    for position in range(len(clean(raw)[0])):
        assert alignment.to_clean(alignment.to_raw(position)) == position


@given(DIRT)
def test_sentences_lie_within_paragraphs_in_order(raw: str) -> None:
    if not raw.strip():
        return
    document = parse(Article(raw))
    ends = [0]
    for sentence in document.sentences:
        assert sentence.start >= ends[-1]
        assert any(p.contains(sentence) for p in document.paragraphs)
        ends.append(sentence.end)


def test_a_sentence_goes_on_in_lower_case() -> None:
    assert sentences("The convoy was sent to Harbin. to unload. It left.") == ["The convoy was sent to Harbin. to unload.", "It left."]


def test_abbreviations_do_not_end_a_sentence() -> None:
    assert len(sentences("Gen. Ada Muir met Mr. Oke of the U.S. Navy on Jan. 5. They spoke.")) == 2


def test_blank_lines_part_paragraphs_and_soft_breaks_do_not() -> None:
    assert paragraphs("One line\nthat goes on.\n\nAnother.") == ["One line\nthat goes on.", "Another."]
    assert paragraphs("One sentence.\nAnother one.") == ["One sentence.", "Another one."]


def test_hard_wrapped_wire_copy_is_one_paragraph() -> None:
    copy = (
        "GENEVA, May 3 - The delegations of the two river states met again\n"
        "on Monday without coming closer to an accord on the dam, and their\n"
        "chairmen left by separate doors while the mediator spoke of small\n"
        "steps that had been made on the question of the winter flow."
    )
    assert len(paragraphs(copy)) == 1


def test_genitives_and_titles_are_tokens() -> None:
    document: Document = parse(Article("Mr. Oke's aide from the U.S. said so."))
    assert [t.text for t in document.tokens] == ["Mr.", "Oke", "'s", "aide", "from", "the", "U.S.", "said", "so", "."]
