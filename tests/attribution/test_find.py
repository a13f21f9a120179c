"""Attribution by rules, on sentences of our own: source, cue, content, kind."""

from __future__ import annotations

import pytest

from stance.attribution.lexicon import cues
from stance.attribution.rules import find_by_rules
from stance.text import parse
from stance.types import Article, Kind

Row = tuple[str | None, str | None, str, Kind]


def found(text: str) -> list[Row]:
    document = parse(Article(text))
    return [
        (
            a.source.of(document.text) if a.source else None,
            a.cue.of(document.text) if a.cue else None,
            " | ".join(c.of(document.text) for c in a.content),
            a.kind,
        )
        for a in find_by_rules(document)
        if a.voiced
    ]


DIR, IND, MIX = Kind.DIRECT, Kind.INDIRECT, Kind.MIXED


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # the cue before, after, in the middle
        ("The envoy said that the bridge would open.", ("The envoy", "said", "the bridge would open", IND)),
        ("The envoy said the bridge would open.", ("The envoy", "said", "the bridge would open", IND)),
        ("The bridge would open soon, the envoy said.", ("the envoy", "said", "The bridge would open soon", IND)),
        ("The bridge would open soon, said the envoy.", ("the envoy", "said", "The bridge would open soon", IND)),
        ("The bridge, the envoy said, would open.", ("the envoy", "said", "The bridge | would open", IND)),
        ("“We open it,” the envoy said, “at noon.”", ("the envoy", "said", "We open it, | at noon.", DIR)),
        ("“We open it,” said the envoy. “At noon.”", ("the envoy", "said", "We open it, | At noon.", DIR)),
        ("“We will not move.”said the envoy", ("the envoy", "said", "We will not move.", DIR)),
        ("The envoy added: “We open it at noon.”", ("The envoy", "added", "We open it at noon.", DIR)),
        (
            "The envoy called the delay “a shabby trick” by the builders.",
            ("The envoy", "called", "the delay “a shabby trick” by the builders", MIX),
        ),
        # sources
        ("Ana Lund, the Danish envoy, said the talks had failed.", ("Ana Lund, the Danish envoy", "said", "the talks had failed", IND)),
        ("Ana Lund (Denmark) said the talks had failed.", ("Ana Lund (Denmark)", "said", "the talks had failed", IND)),
        ("The law that governed the port forbade it, Lund said.", ("Lund", "said", "The law that governed the port forbade it", IND)),
        ("Norway's port minister said the pier was safe.", ("Norway's port minister", "said", "the pier was safe", IND)),
        ("The report angered Lund, who said it was wrong.", ("Lund, who", "said", "it was wrong", IND)),
        # circumstances and addressees
        ("Lund told reporters in Oslo on Monday that the pier was safe.", ("Lund", "told", "the pier was safe", IND)),
        ("Lund told the Gazette the pier was safe.", ("Lund", "told", "the pier was safe", IND)),
        ("Lund said in a statement on Friday that the pier was safe.", ("Lund", "said", "the pier was safe", IND)),
        # other cues
        ("According to the harbour office, the pier was safe.", ("the harbour office", "According to", "the pier was safe", IND)),
        ("The pier was safe, according to the harbour office.", ("the harbour office", "according to", "The pier was safe", IND)),
        ("Lund vowed to rebuild the pier.", ("Lund", "vowed", "to rebuild the pier", IND)),
        ("Lund warned against any new strike on the port.", ("Lund", "warned", "any new strike on the port", IND)),
        ("Lund condemned the attack on the port.", ("Lund", "condemned", "the attack on the port", IND)),
        ("Norway's warning that the port would close was ignored.", ("Norway", "warning", "the port would close was ignored", IND)),
        ("Captain Ida Moe: “We saw no ship.”", ("Captain Ida Moe", None, "We saw no ship.", DIR)),
    ],
)
def test_one_statement(text: str, expected: Row) -> None:
    assert found(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "The United States moved two ships on Friday.",
        "The gunmen threatened the village and left.",
        "Lund did not say where she would go.",
        "Three reports of smoke came in overnight.",
        "The so-called “iron line” runs along the river.",
    ],
)
def test_no_statement(text: str) -> None:
    assert found(text) == []


def test_participles_and_second_verbs_take_the_subject_of_the_first() -> None:
    text = "Lund said the pier was safe, adding that the cranes were not, and urged the builders to wait."
    assert [(s, c) for s, c, _, _ in found(text)] == [("Lund", "said"), ("Lund", "adding"), ("Lund", "urged")]
    assert [content for _, _, content, _ in found(text)] == ["the pier was safe", "the cranes were not", "the builders to wait"]


def test_the_subject_of_a_clause_without_a_cue() -> None:
    text = "In answer to the strike, the harbour chief met the crews, but insisted that work would go on."
    assert found(text) == [("the harbour chief", "insisted", "work would go on", IND)]


def test_a_quotation_in_a_new_paragraph_is_a_statement_without_cue() -> None:
    text = (
        "“We wait for the tide,” Lund said. She looked tired.\n\n“After that we shall see who is left to sail.”\n\nNobody spoke. It rained."
    )
    assert found(text) == [
        ("Lund", "said", "We wait for the tide,", DIR),
        (None, None, "After that we shall see who is left to sail.", DIR),
    ]


def test_a_multi_paragraph_quotation_is_one_statement() -> None:
    text = "“First we wait for the tide.\n\n“Then we sail,” Lund said."
    assert found(text) == [("Lund", "said", "First we wait for the tide. | Then we sail,", DIR)]


def test_transcripts_give_a_statement_a_turn() -> None:
    text = "MARLOW: Is the pier safe?\n\nLUND: It is.\n\nAnd it will be.\n\nMARLOW: Thank you."
    assert [(s, c) for s, _, c, _ in found(text)] == [
        ("MARLOW", "Is the pier safe?"),
        ("LUND", "It is. | And it will be."),
        ("MARLOW", "Thank you."),
    ]


def test_thoughts_are_marked() -> None:
    document = parse(Article("Lund hopes that the pier will hold."))
    assert [a.voiced for a in find_by_rules(document)] == [False]


def test_every_cue_of_the_lexicon_is_found_once() -> None:
    seen = [cue.words for entries in cues().values() for cue in entries]
    assert len(seen) == len(set(seen)), [words for words in seen if seen.count(words) > 1]
