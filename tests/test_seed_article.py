"""The project's seed article, read as an analyst would read it. The text is another's, so the test runs only where it is at hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from stance.pipeline import Analysis, Analyzer
from stance.types import Article, Kind, Stance, Statement

MESSAGE = "very clear message to potential adversaries"


@pytest.fixture(scope="module")
def seed(shared: Path, analyzer: Analyzer) -> Analysis:
    return analyzer.analyze(Article((shared / "seed_article.txt").read_text(encoding="utf-8"), id="seed"))


def the(seed: Analysis, words: str) -> Statement:
    found = [s for s in seed if words in s.text]
    assert len(found) == 1, f"{words!r} stands in {len(found)} statements"
    return found[0]


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("ready to protect every inch", Kind.INDIRECT),
        ("had strengthened the eastern flank", Kind.INDIRECT),
        ("too early to draw any definitive conclusions", Kind.DIRECT),
        (MESSAGE, Kind.DIRECT),
        ("will strengthen their defense and deterrence", Kind.INDIRECT),
    ],
)
def test_stoltenberg_speaks_for_nato(seed: Analysis, words: str, kind: Kind) -> None:
    statement = the(seed, words)
    assert statement.kind is kind
    assert statement.speaker.name == "Jens Stoltenberg"
    assert statement.speaker.actor.id == "NATO"


def test_long_quotations_are_whole(seed: Analysis) -> None:
    assert the(seed, "too early to draw").text.startswith("We saw that some of these troops")
    message = the(seed, MESSAGE).text
    assert message.startswith("More importantly")
    assert message.rstrip(".").endswith("every inch of Allied territory")


def test_pronoun_and_description_are_the_sources(seed: Analysis) -> None:
    sources = {words: the(seed, words).source.of(seed.article.text) for words in ("had strengthened", "will strengthen")}
    assert sources == {"had strengthened": "the NATO leader", "will strengthen": "he"}


def test_the_message_deters_moscow_and_minsk(seed: Analysis) -> None:
    statement = the(seed, MESSAGE)
    assert statement.stance is Stance.DETERRENT
    deterred = {t.actor.id: t.mention.of(seed.article.text) for t in statement.targets if t.stance is Stance.DETERRENT}
    assert {"RUS": "Moscow", "BLR": "Minsk"}.items() <= deterred.items()


def test_too_early_is_neutral(seed: Analysis) -> None:
    statement = the(seed, "too early to draw")
    assert (statement.stance, statement.targets) == (Stance.NEUTRAL, ())


@pytest.mark.parametrize("words", ["could pose", "It is difficult for us to exclude"])
def test_duda_is_alarmed_at_the_wagner_group(seed: Analysis, words: str) -> None:
    found = [s for s in seed if words in s.text and s.speaker and s.speaker.name == "Andrzej Duda"]
    assert found
    for statement in found:
        assert statement.speaker.actor.id == "POL"
        assert statement.stance is Stance.ALARMED
        assert statement.target.actor.id == "Wagner Group"  # a place that it endangers may follow: "in Belarus"


def test_duda_speaks_twice(seed: Analysis) -> None:
    assert [s.kind for s in seed if s.speaker and s.speaker.name == "Andrzej Duda"] == [Kind.MIXED, Kind.DIRECT]


def test_prigozhin_says_so_in_public(seed: Analysis) -> None:
    statement = the(seed, "his rebellion was not aimed at")
    assert statement.speaker.name.endswith("Prigozhin")
    assert statement.speaker.actor is None or statement.speaker.actor.id == "Wagner Group"


def test_lukashenko_by_according_to(seed: Analysis) -> None:
    statement = the(seed, "annulment of the criminal charge")
    assert statement.cue.of(seed.article.text) == "according to"
    assert statement.speaker.name.endswith("Lukashenko")
    assert statement.speaker.actor.id == "BLR"


def test_narration_is_no_statement(seed: Analysis) -> None:
    for words in ("launched an armed uprising on Friday", "The mission was aborted", "led the way from the beginning", "Source: DN"):
        assert not [s for s in seed if words in s.text]


def test_the_default_reads_the_message_alike(seed: Analysis) -> None:
    default = Analyzer().analyze(seed.article)
    message = the(default, MESSAGE)
    assert message.stance is Stance.DETERRENT
    assert {t.actor.id for t in message.targets if t.stance is Stance.DETERRENT} >= {"RUS", "BLR"}
    assert [s.speaker.name for s in default] == [
        *["Jens Stoltenberg"] * 5,
        *("Alexandr Lukashenko", "Vladimir Putin", "Yevgeni Prigozhin", "Andrzej Duda", "Andrzej Duda"),
    ]
