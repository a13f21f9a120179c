"""Linking: what two cues claim goes to the one it stands with."""

from stance.attribution.link import Draft, part
from stance.text import parse
from stance.types import Article, Span

TEXT = "“We will strike,” the ministry said in a statement.\n“Nobody stands alone,” Haug said. “We will help.”"


def span(words: str) -> Span:
    return Span(TEXT.index(words), TEXT.index(words) + len(words))


def test_a_fragment_stays_with_the_cue_of_its_sentence() -> None:
    first = Draft([span("We will strike,"), span("Nobody stands alone,")], span("said in a statement"), None, voiced=True)
    second = Draft([span("Nobody stands alone,"), span("We will help.")], span("said."), None, voiced=True)
    part(parse(Article(TEXT)), [first, second])
    assert [p.of(TEXT) for p in first.pieces] == ["We will strike,"]
    assert [p.of(TEXT) for p in second.pieces] == ["Nobody stands alone,", "We will help."]


def test_a_statement_never_loses_all_of_its_words() -> None:
    claimed = [span("Nobody stands alone,"), span("We will help.")]
    bare = Draft(list(claimed), None, None, voiced=True)
    part(parse(Article(TEXT)), [bare, Draft(list(claimed), span("said."), None, voiced=True)])
    assert bare.pieces == claimed
