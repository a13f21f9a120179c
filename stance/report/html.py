"""One self-contained page of HTML: no script, no picture, nothing fetched from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from string import Template
from typing import TextIO

from stance import __version__, markup
from stance.pipeline import Analysis


def write(analyses: Iterable[Analysis], out: TextIO) -> None:
    """Writes analyses as one page, article by article, so that a page of any length needs the memory of one article.

    Args:
        analyses: What to show.
        out: A text stream.
    """
    head, foot = _page()
    out.write(head)
    for number, analysis in enumerate(analyses, start=1):
        out.write(markup.fragment(analysis.article, analysis.statements, prefix=f"a{number}s"))
    out.write(foot)


@cache
def _page() -> tuple[str, str]:
    template = files("stance").joinpath("report/templates/page.html").read_text(encoding="utf-8")
    head, foot = template.split("$articles")
    return Template(head).substitute(style=markup.style(), version=__version__), foot
