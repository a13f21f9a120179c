"""Highlighted articles; hostile text stays text."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import stance
from stance import markup
from stance.pipeline import Analysis
from stance.types import Actor, ActorKind, Article, Kind, Span, Speaker, Stance, Statement, Target

HOSTILE = "</mark><script>alert(1)</script><img src=x onerror='alert(2)'>\" onmouseover=\"alert(3) &lt;"


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in {"br", "meta"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def elements(html: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = _Elements()
    parser.feed(html)
    parser.close()
    assert parser.open == []
    return parser.found


def highlighted(html: str) -> str:
    body = html.partition('<div class="text">')[2].partition("</div>")[0]
    return unescape(re.sub(r"<[^>]*>", "", body))


def test_text_is_kept_and_statements_are_marked(analysis: Analysis) -> None:
    html = markup.fragment(*_parts(analysis))
    assert highlighted(html) == analysis.article.text
    marks = [attributes for tag, attributes in elements(html) if tag == "mark"]
    assert [m["class"] for m in marks] == ["threatening", "threatening", "reassuring", "neutral"]
    assert marks[0]["title"].splitlines() == [
        "Liv Haug (Norway): threatening toward Grey Fleet (90%)",
        "toward Grey Fleet: threatening 90%, not a target 10%",
        "evidence: “will be sunk”",
    ]
    assert marks[2]["title"].startswith("Liv Haug (Norway): reassuring toward Iceland (75%), deterrent toward Grey Fleet (50%)\n")
    assert marks[3]["title"] == "unknown speaker: neutral (100%)\nas a whole: neutral 100%"
    assert [m["data-statement"] for m in marks] == ["s1", "s1", "s2", "s3"]


def test_evidence_is_emphasised(analysis: Analysis) -> None:
    assert "or the Grey Fleet <b>will be sunk</b>.</mark>" in markup.fragment(*_parts(analysis))


def test_render_brings_its_style_and_is_shown_by_a_notebook(analysis: Analysis) -> None:
    html = stance.render(analysis)
    assert html == html._repr_html_() == analysis._repr_html_()
    assert html.startswith("<style>")
    assert "<table>" not in stance.render(analysis, table=False)


def test_rows_link_to_marks(analysis: Analysis) -> None:
    found = elements(markup.fragment(*_parts(analysis), prefix="a7s"))
    anchors = [a["id"] for tag, a in found if tag == "mark" and "id" in a]
    links = [a["href"] for tag, a in found if tag == "a"]
    assert links == [f"#{anchor}" for anchor in anchors] == ["#a7s1", "#a7s2", "#a7s3"]


def test_statements_that_begin_together_have_an_anchor_each(analysis: Analysis) -> None:
    found = elements(markup.fragment(analysis.article, [analysis[0], analysis[0]]))
    assert [a["id"] for _, a in found if "id" in a] == ["s2", "s1"]


def test_hostile_text_injects_nothing() -> None:
    actor = Actor(HOSTILE, HOSTILE, ActorKind.ORGANISATION)
    target = Target(actor, None, Stance.ALARMED, 0.5, {})
    parts = (HOSTILE, Kind.DIRECT, Speaker(HOSTILE, actor), (target,), Stance.ALARMED, 0.5, {HOSTILE: 1.0}, (Span(3, 40),), None, None)
    statement = Statement(*parts, evidence=(Span(0, 20), Span(10, 60)))
    article = Article(HOSTILE + "\x00\x1b", id="i", title=HOSTILE)
    html = markup.fragment(article, [statement])
    allowed = {"article", "h2", "div", "mark", "table", "thead", "tbody", "tr", "th", "td", "a", "span", "b"}
    assert {tag for tag, _ in elements(html)} <= allowed
    assert {name for _, attributes in elements(html) for name in attributes} <= {"class", "id", "title", "href", "data-statement"}
    assert highlighted(html) == HOSTILE + "\ufffd\ufffd"


def test_overlapping_statements(analysis: Analysis) -> None:
    first = analysis[1]
    inner = replace(first, stance=Stance.ALARMED, content=(Span(first.span.start + 5, first.span.end),))
    crossing = replace(first, stance=Stance.NEUTRAL, content=(Span(first.span.start - 20, first.span.start + 8),))
    html = markup.fragment(analysis.article, [first, inner, crossing])
    assert highlighted(html) == analysis.article.text
    assert [a["class"] for tag, a in elements(html) if tag == "mark"] == ["neutral", "reassuring", "alarmed", "alarmed"]


def test_no_statements() -> None:
    html = markup.fragment(Article("Quiet."), [])
    assert "No statements found." in html
    assert highlighted(html) == "Quiet."


def _parts(analysis: Analysis) -> tuple[Article, tuple[Statement, ...]]:
    return analysis.article, analysis.statements
