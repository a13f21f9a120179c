"""Encoding: words, roles and surroundings of a statement."""

from hypothesis import given
from hypothesis import strategies as st

from stance import encoding
from stance.encoding import Role
from stance.text import parse
from stance.types import Actor, ActorKind, Article, Attribution, Candidate, Document, Kind, Query, Span, Speaker

TEXT = "Talks broke down at dawn. General Orlo warned Vastia that Norland will strike the port of Vastia. Rain fell."
NORLAND = Actor("NRL", "Norland", ActorKind.STATE)
VASTIA = Actor("VST", "Vastia", ActorKind.STATE)


def span(words: str, text: str = TEXT, *, after: int = 0) -> Span:
    start = text.index(words, after)
    return Span(start, start + len(words))


def document() -> Document:
    return parse(Article(TEXT))


def attribution() -> Attribution:
    return Attribution((span("Norland will strike the port of Vastia"),), Kind.INDIRECT, span("warned"), span("General Orlo"))


def query(*, with_candidate: bool = True) -> Query:
    named = (span("Vastia", after=60), span("Vastia"))
    candidate = Candidate(VASTIA, named) if with_candidate else None
    return Query(document(), attribution(), Speaker("Orlo", NORLAND), candidate, (span("Norland"),), tuple(sorted(named)))


def test_parts_of_a_passage() -> None:
    passage = encoding.encode(query()).passage
    assert [w.text for w in passage.content] == ["Norland", "will", "strike", "the", "port", "of", "Vastia"]
    assert [w.text for w in passage.clause] == ["General", "Orlo", "warned", "Vastia", "that", "."]
    assert " ".join(w.text for w in passage.before) == "Talks broke down at dawn ."
    assert [w.text for w in passage.cue] == ["warned"]
    assert (passage.actor_kind, passage.kind, passage.speaker) == ("state", "indirect", "Orlo")


def test_roles_depend_on_the_candidate() -> None:
    about, whole = encoding.encode(query()), encoding.encode(query(with_candidate=False))
    assert [about.role(w) for w in about.passage.content if w.role] == [Role.SPEAKER, Role.TARGET]
    assert [whole.role(w) for w in whole.passage.content if w.role] == [Role.SPEAKER, Role.OTHER]
    assert (about.target_kind, whole.target_kind) == ("state", "")


def test_a_mention_of_several_words_is_one_word() -> None:
    own = (span("General Orlo"),)
    passage = encoding.encode(Query(document(), attribution(), None, None, own, ())).passage
    assert passage.clause[0].text == "General Orlo"
    assert passage.clause[0].role is Role.SPEAKER
    assert passage.actor_kind == "unknown"


def test_queries_about_one_statement_share_their_passage() -> None:
    first = query()
    second = Query(first.document, first.attribution, first.speaker, None, first.own, first.others)
    alone = encoding.encode_all([first, second])
    assert alone[0].passage is alone[1].passage
    assert encoding.encode(first) == alone[0]


def test_fragments_start_anew_and_the_gap_is_clause() -> None:
    text = "“We will answer,” Orlo said, “with everything.” He left."
    cut = Attribution((span("We will answer,", text), span("with everything.", text)), Kind.DIRECT, span("said", text))
    passage = encoding.encode(Query(parse(Article(text)), cut, None, None)).passage
    assert [w.text for w in passage.content if w.first] == ["We", "with"]
    assert "Orlo" in [w.text for w in passage.clause]
    assert passage.before == ()


@given(st.text(min_size=1).filter(str.strip), st.data())
def test_any_text_and_any_span_can_be_encoded(text: str, data: st.DataObject) -> None:
    parsed = parse(Article(text))
    start = data.draw(st.integers(0, len(parsed.text)))
    content = Span(start, data.draw(st.integers(start, len(parsed.text))))
    passage = encoding.encode(Query(parsed, Attribution((content,), Kind.DIRECT), None, None, (content,), ())).passage
    assert all(0 <= w.span.start <= w.span.end <= len(parsed.text) for w in passage.content + passage.clause + passage.before)
