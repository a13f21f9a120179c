"""The page of HTML."""

from __future__ import annotations

import io
import re
from dataclasses import replace

from stance.pipeline import Analysis
from stance.report import html
from stance.types import Article


def page(*analyses: Analysis) -> str:
    out = io.StringIO()
    html.write(analyses, out)
    return out.getvalue()


def test_the_page_stands_alone(analysis: Analysis) -> None:
    written = page(analysis, replace(analysis, article=replace(analysis.article, id="second")))
    assert written.startswith("<!doctype html>")
    assert written.rstrip().endswith("</html>")
    assert not re.search(r"<script|<link|<img|https?://|url\(", written)
    assert '<meta name="color-scheme" content="light dark">' in written
    assert written.count("<article") == 2
    identifiers = re.findall(r' id="([^"]+)"', written)
    assert len(identifiers) == len(set(identifiers)) == 6


def test_no_placeholder_is_left_and_dollars_are_text(analysis: Analysis) -> None:
    written = page(Analysis(Article("It cost $articles, $style and ${version}."), ()))
    assert "It cost $articles, $style and ${version}." in written
    assert written.count("$") == 3


def test_no_articles_make_an_empty_page() -> None:
    assert page().count("<article") == 0
    assert "</html>" in page()
