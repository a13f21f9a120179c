"""Targets: who may be aimed at."""

from stance import targets
from stance.text import parse
from stance.types import Actor, ActorKind, Article, Attribution, Cast, Kind, Mention, Reach, Span, Speaker

TEXT = "Ostmark kept silent. Orlo of Norland told Vastia that Norland and the Selan League would guard Vastia. Far away, Quend slept."
ACTORS = {n: Actor(n[:3].upper(), n, ActorKind.STATE) for n in ("Ostmark", "Norland", "Vastia", "Selan League", "Quend")}
CONTENT = "Norland and the Selan League would guard Vastia"
START = TEXT.index(CONTENT)
SAID = Attribution((Span(START, START + len(CONTENT)),), Kind.INDIRECT, Span(TEXT.index("told"), TEXT.index("told") + 4))
ORLO = Speaker("Orlo", ACTORS["Norland"])


def cast() -> Cast:
    mentions = []
    for name, actor in ACTORS.items():
        at = TEXT.find(name)
        while at >= 0:
            mentions.append(Mention(Span(at, at + len(name)), name, actor))
            at = TEXT.find(name, at + 1)
    return Cast(tuple(sorted(mentions, key=lambda m: m.span)), (ORLO,))


def test_actors_in_and_around_the_statement_but_not_the_speakers_own() -> None:
    found = targets.candidates(parse(Article(TEXT)), SAID, ORLO, cast())
    assert [c.actor.name for c in found] == ["Selan League", "Vastia", "Ostmark"]


def test_mentions_in_the_content_come_first() -> None:
    vastia = targets.candidates(parse(Article(TEXT)), SAID, ORLO, cast())[1]
    assert [s.start >= START for s in vastia.mentions] == [True, False]


def test_a_speaker_without_actor_excludes_nobody() -> None:
    found = targets.candidates(parse(Article(TEXT)), SAID, None, cast())
    assert "Norland" in [c.actor.name for c in found]


def test_queries_ask_about_the_whole_first_and_tell_own_from_others() -> None:
    asked = targets.queries(parse(Article(TEXT)), SAID, ORLO, cast())
    assert [q.candidate.actor.name if q.candidate else None for q in asked] == [None, "Selan League", "Vastia", "Ostmark"]
    assert {s.of(TEXT) for s in asked[0].own} == {"Norland"}
    assert [s.of(TEXT) for s in asked[0].others] == ["Ostmark", "Vastia", "Selan League", "Vastia"]


def test_a_statement_with_nobody_near_has_one_query() -> None:
    assert len(targets.queries(parse(Article(TEXT)), SAID, ORLO, Cast((), (ORLO,)))) == 1


def test_candidates_are_ranked_by_how_often_the_document_names_them() -> None:
    found = targets.candidates(parse(Article(TEXT)), SAID, ORLO, cast(), reach=Reach(distant=4, own=True))
    assert {c.actor.name: c.rank for c in found}["Vastia"] == 0
    assert sorted(c.rank for c in found if c.actor.name != "Norland") == [0, 1, 2, 3]
