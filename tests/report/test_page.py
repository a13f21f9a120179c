"""The report: it stands alone, says what was found, and lets nothing from an article in."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from stance.assessment import assess
from stance.errors import MissingExtraError
from stance.pipeline import Analysis
from stance.report import page
from stance.types import Actor, ActorKind, Article, Kind, Span, Speaker, Stance, Statement, Target
from tests.assessment.synthetic import FEAR, REMARK, SOUTH, THREAT, article, statement

HOSTILE = (
    "</script></style><script>alert(1)</script><img src=x onerror=alert(2)>' onclick='alert(3)\" onclick=\"alert(4) {{ 7*7 }} $x^2$ \\frac"
)
VOID = {"br", "meta", "link", "input"}


class Parsed(HTMLParser):
    """Elements, attributes and the words of a page; checks that elements are closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def hostile() -> Analysis:
    villain = Actor(HOSTILE, HOSTILE, ActorKind.ARMED_GROUP)
    target = Target(villain, None, Stance.THREATENING, 0.9, {"threatening": 0.9, HOSTILE: 0.1})
    parts = (HOSTILE, Kind.DIRECT, Speaker(HOSTILE, villain), (target,), Stance.THREATENING, 0.9, {}, (Span(0, len(HOSTILE)),))
    said = Statement(*parts, cue=None, source=None, evidence=(Span(3, 30),))
    return Analysis(Article(HOSTILE, id=HOSTILE, title=HOSTILE + "\x00\ud800", date=article().article.date), (said,))


@pytest.fixture(scope="module")
def corpus() -> list[Analysis]:
    return [article(THREAT, REMARK, day=8), article(FEAR), article(statement(None, SOUTH, Stance.DETERRENT), day=None)]


@pytest.fixture(scope="module")
def html(corpus: list[Analysis]) -> str:
    return page.render(assess(corpus), corpus, title="A & B")


def test_it_stands_alone(html: str) -> None:
    assert html.startswith("<!doctype html>")
    parsed = Parsed(html)
    assert not re.search(r"""(?:src|href|url)\s*[=(]\s*["']?\s*(?:https?:|//)""", html)
    assert {a["href"][0] for a in parsed.all("a")} == {"#"}
    assert [link["href"] for link in parsed.all("link")] == ["data:,"]
    assert "default-src 'none'" in next(m["content"] for m in parsed.all("meta") if m.get("http-equiv"))


def test_links_and_labels_lead_somewhere(html: str) -> None:
    parsed = Parsed(html)
    identifiers = [a["id"] for _, a in parsed.elements if "id" in a]
    assert len(identifiers) == len(set(identifiers))
    assert {a["href"][1:] for a in parsed.all("a")} <= set(identifiers)
    named = [a[key] for _, a in parsed.elements for key in ("for", "aria-labelledby") if key in a]
    assert set(named) <= set(identifiers)
    assert parsed.all("html")[0]["lang"] == "en"


def test_every_statement_is_in_the_table_and_in_its_article_by_date(html: str) -> None:
    parsed = Parsed(html)
    rows = [a for a in parsed.all("tr") if "data-anchor" in a]
    assert [row["data-date"] for row in rows] == ["2031-01-06", "2031-01-14", "2031-01-14", ""]
    assert json.loads(rows[1]["data-aims"]) == [["SOUTH", "SOUTH", "threatening", 1.0]]
    assert json.loads(rows[2]["data-aims"]) == [["", "", "neutral", 1.0]]
    assert {row["data-anchor"] for row in rows} >= {name for mark in parsed.all("mark") for name in mark["data-statement"].split()}
    assert len(parsed.all("article")) == 3


def test_it_says_what_was_found(html: str) -> None:
    words = " ".join(" ".join(Parsed(html).words).split())
    assert "3 articles, 6 Jan 2031 to 14 Jan 2031; 4 statements; 2 pairs of actors, by week." in words
    assert "1 article has no date" in words
    assert "<h1>A &amp; B</h1>" in html
    assert "Who threatens whom" in words
    assert "No week departs from its pair’s own past" in words


def test_escalations_are_listed() -> None:
    surge = [article(REMARK, day=day) for day in range(60)] + [article(THREAT, day=63) for _ in range(6)]
    words = " ".join(" ".join(Parsed(page.render(assess(surge))).words).split())
    assert "10 Mar 2031 to 16 Mar 2031 NORTH SOUTH 6 100.0 %" in words


def test_charts_are_drawings_in_the_colours_of_the_page(html: str) -> None:
    parsed = Parsed(html)
    assert len(parsed.all("svg")) == 5
    assert "var(--issued)" in html
    assert not re.search(r"<svg.*?#c4312a.*?</svg>", html, re.DOTALL)
    assert all(a["aria-label"] for a in parsed.all("div") if a.get("role") == "img")


def test_nothing_from_an_article_injects_markup() -> None:
    corpus = [hostile()]
    parsed = Parsed(page.render(assess(corpus), corpus, title=HOSTILE))
    assert len(parsed.all("script")) == 1
    assert parsed.all("img") == []
    assert {name for _, attributes in parsed.elements for name in attributes if name.startswith("on")} == set()
    assert "\ud800" not in "".join(parsed.words)
    assert "49 " not in "".join(parsed.words)
    assert any(HOSTILE in words for words in parsed.words)
    cells = [json.loads(a["data-cell"]) for a in parsed.all("td") if "data-cell" in a]
    assert cells[0]["issued"][0] == "1"
    ours = page._resource("assessment.js")
    assert "".join(parsed.words).count(ours) == 1


def test_without_articles_it_holds_the_figures_only(corpus: list[Analysis]) -> None:
    parsed = Parsed(assess(corpus).to_html())
    assert parsed.all("article") == parsed.all("form") == []
    assert len(parsed.all("svg")) == 5


@pytest.mark.parametrize("corpus", [[article(REMARK)], [article()], [article(THREAT, day=None)], [replace(article(), statements=(FEAR,))]])
def test_next_to_nothing_makes_a_page_all_the_same(corpus: list[Analysis]) -> None:
    Parsed(page.render(assess(corpus), corpus))


def test_to_html_writes_a_file(corpus: list[Analysis], tmp_path) -> None:
    path = tmp_path / "page.html"
    assert assess(corpus).to_html(path) == path.read_text(encoding="utf-8")


@pytest.mark.parametrize(("package", "name"), [("jinja2", "Jinja2"), ("matplotlib", "matplotlib")])
def test_a_missing_extra_is_named(package: str, name: str, corpus: list[Analysis], monkeypatch: pytest.MonkeyPatch) -> None:
    for module in [m for m in sys.modules if m.split(".")[0] == package or m in {"stance.report.page", "stance.report.plots"}]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.delattr("stance.report.page", raising=False)
    monkeypatch.delattr("stance.report.plots", raising=False)
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtraError, match=rf"{name} is needed .*pip install 'stance-nlp\[report\]'"):
        assess(corpus).to_html()
