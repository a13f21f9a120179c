"""Windows: they cover a document once, end where sentences end, and carry what the encoder does not see."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.attribution import windows
from stance.text import parse
from stance.types import Article
from tests.attribution.tiny import TEXT, tokenizer


def encoded(text: str = TEXT) -> windows.Encoded:
    return windows.encode(parse(Article(text)), tokenizer())


@given(st.integers(1, 200), st.integers(0, 60), st.integers(0, 60))
def test_every_token_is_in_the_core_of_one_window(budget: int, before: int, after: int) -> None:
    document = encoded()
    cut = list(windows.cut(document, lambda: budget, before=before, after=after))
    assert [t for w in cut for t in range(w.core_start, w.core_end)] == list(range(len(document.first) - 1))
    for w in cut:
        assert w.start <= w.core_start < w.core_end <= w.end
        assert document.first[w.core_start] - document.first[w.start] <= before
        assert document.first[w.end] - document.first[w.core_end] <= after
        assert document.first[w.core_end] - document.first[w.core_start] <= budget or w.core_end == w.core_start + 1


def test_cores_are_whole_paragraphs_where_they_fit_else_whole_sentences() -> None:
    document = encoded()
    pieces = len(document.pieces)
    ends = {w.core_end for w in windows.cut(document, lambda: pieces // 2, before=0, after=0)}
    assert ends - {len(document.first) - 1} <= document.paragraphs
    (first, *_) = windows.cut(document, lambda: int(document.first[document.sentences[2]]), before=0, after=0)
    assert first.core_end == max(p for p in document.paragraphs if p <= document.sentences[2])
    one = encoded("It rained. It snowed. It hailed.")
    assert {w.core_end for w in windows.cut(one, lambda: int(one.first[one.sentences[1]]), before=0, after=0)} <= set(one.sentences)


def test_features_tell_case_quotation_and_start() -> None:
    document = encoded("Orlo said NATO met 27 times. “Yes,” he said.")
    told = {t.text: tuple(row) for t, row in zip(document.view.tokens, document.features.tolist(), strict=True)}
    assert told["Orlo"] == (1, 6, 10)
    assert told["said"][0] == 0
    assert told["NATO"][0] == 2
    assert told["27"][0] == 4
    assert told["."][0] == 5
    assert told["Yes"][1] == 7
    assert told["“"][2] == 9


def test_a_character_that_the_tokenizer_drops_still_has_a_piece() -> None:
    document = encoded("He said \ufffd yes.")
    assert len(document.first) == len(document.view.tokens) + 1
    assert (np.diff(document.first) >= 1).all()
    assert document.first[-1] == len(document.pieces)


def test_a_batch_is_padded_and_finds_each_token() -> None:
    document = encoded()
    cut = list(windows.cut(document, lambda: 20, before=4, after=4))
    arrays = windows.batch([(document, w) for w in cut])
    assert arrays["mask"].sum(axis=1).tolist() == [windows.size(document, w) for w in cut]
    for row, w in enumerate(cut):
        heads = arrays["heads"][row, : w.end - w.start]
        assert arrays["pieces"][row, heads].tolist() == document.pieces[document.first[w.start : w.end]].tolist()
        assert arrays["features"][row, heads].tolist() == document.features[w.start : w.end].tolist()


@pytest.mark.parametrize("text", ["x", "“", "A b.\n\n\n\nC d."])
def test_odd_documents_are_cut_too(text: str) -> None:
    document = encoded(text)
    assert sum(w.core_end - w.core_start for w in windows.cut(document, lambda: 8, before=4, after=4)) == len(document.view.tokens)
