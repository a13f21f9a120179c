"""Names: which tokens can be part of a proper name that no list has. All people in these texts are invented."""

from __future__ import annotations

from bisect import bisect_right

import pytest

from stance.actors import names
from stance.text import parse
from stance.types import Article


def candidates(text: str, *, taken: frozenset[str] = frozenset()) -> list[str]:
    document = parse(Article(text))
    starts = [sentence.start for sentence in document.sentences]
    sentences = [bisect_right(starts, token.start) - 1 for token in document.tokens]
    found = names.candidates(document.tokens, sentences, [token.text in taken for token in document.tokens])
    return [token.text for token, name in zip(document.tokens, found, strict=True) if name]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Talks with Jan Nowacki began.", ["Talks", "Jan", "Nowacki"]),  # "Talks" might be one: nothing tells otherwise
        ("Talks began. More talks with Jan Nowacki are planned.", ["Jan", "Nowacki"]),
        ("He met al-Nowacki on Monday.", ["al-Nowacki"]),
        ("He met pro-Nowacki men, Nowacki-based firms and Nowacki.", ["Nowacki"]),
        ("In June he met June Nowacki.", ["June", "Nowacki"]),
        ("He left in May.", []),
        ("They're told that Nowacki'd go.", []),
        ('He said: "Guns are near." Guns and guns and Nowacki.', ["Nowacki"]),
    ],
)
def test_what_may_be_a_name(text: str, found: list[str]) -> None:
    assert candidates(text) == found


def test_what_a_list_has_is_no_candidate() -> None:
    assert candidates("Today Kenya met Nowacki.", taken=frozenset({"Kenya"})) == ["Nowacki"]


def test_of_a_heading_in_capitals_only_what_stands_elsewhere() -> None:
    assert candidates("NOWACKI WARNS NEIGHBOURS\n\nOn Monday Nowacki spoke.") == ["NOWACKI", "Nowacki"]


@pytest.mark.parametrize(
    ("word", "bare"), [("he'd", "he"), ("they’re", "they"), ("don't", "do"), ("Nowacki", "Nowacki"), ("Nowacki's", "Nowacki's")]
)
def test_verbs_drawn_into_a_word(word: str, bare: str) -> None:
    assert names.without_verb(word) == bare
