"""Features and the lexicon behind them."""

from stance import encoding
from stance.classifiers import features
from stance.classifiers.features import View
from tests.classifiers.helpers import queries


def view(content: str) -> View:
    return View(encoding.encode(queries(content)[0]).passage)


def test_the_lexicon_knows_whole_words_and_beginnings() -> None:
    assert "harm" in features.classes("bombing")
    assert "condition" in features.classes("if")
    assert features.classes("iffy") == ()
    assert features.classes("") == ()


def test_names_are_roles() -> None:
    assert view("we will bomb Vastia").shapes["content"] == ["we", "will", "bomb", "OTHER"]


def test_classes_are_paired_within_a_sentence_only() -> None:
    both = features._column("LL:condition+harm")
    assert both in view("if they come we bomb Vastia").classes()
    assert both not in view("if they come. We bomb Vastia").classes()


def test_relation_tells_where_the_candidate_is_named() -> None:
    inside = encoding.encode(queries("we will bomb Vastia")[1])
    columns, nearest = View(inside.passage).relation(inside)
    assert features.PARTS[nearest] == "content"
    assert features._column("content-1:bomb") in columns
    assert features._column("where:content") in columns
