"""Markup: an article as a fragment of HTML, its statements highlighted by stance.

Everything that comes from an article or a model is escaped here, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from html import escape
from importlib.resources import files
from itertools import pairwise

from stance.types import Article, Span, Speaker, Stance, Statement


@cache
def style() -> str:
    """The style sheet that the fragments need; its rules reach no further than the class ``stance-article``."""
    return files("stance").joinpath("resources/markup.css").read_text(encoding="utf-8")


def fragment(article: Article, statements: Sequence[Statement], *, prefix: str = "s") -> str:
    """An article with its statements highlighted, and below it a table of them.

    Args:
        article: The article.
        statements: Its statements.
        prefix: Makes the anchors of this article unique within a page.

    Returns:
        One ``<article>`` element; hostile text in it stays text.
    """
    title = article.title or article.id
    heading = f"<h2>{_safe(title)}</h2>" if title else ""
    date = f'<p class="date">{article.date.isoformat()}</p>' if article.date else ""
    body = "".join(_segments(article.text, statements, prefix))
    return f'<article class="stance-article">{heading}{date}<div class="text">{body}</div>{_table(statements, prefix)}</article>\n'


def _segments(text: str, statements: Sequence[Statement], prefix: str) -> Iterator[str]:
    """The text, cut wherever a statement begins or ends; each piece is marked with the innermost statement that holds it."""
    spans = [(span, number) for number, statement in enumerate(statements) for span in statement.content]
    opening = {statement.content[0].start: number for number, statement in reversed(list(enumerate(statements)))}
    starts: dict[int, list[tuple[Span, int]]] = {}
    for span, number in spans:
        starts.setdefault(span.start, []).append((span, number))
    inside: list[tuple[Span, int]] = []
    for start, end in pairwise(sorted({0, len(text), *(edge for span, _ in spans for edge in span)})):
        inside = [(span, number) for span, number in inside + starts.get(start, []) if span.end > start]
        words = _safe(text[start:end])
        if not inside:
            yield words
            continue
        inside.sort(key=lambda item: item[0].end - item[0].start)
        anchor = f' id="{prefix}{opening[start] + 1}"' if start in opening else ""
        hover = escape("\n".join(_safe_words(_summary(statements[number])) for _, number in inside))
        yield f'<mark class="{statements[inside[0][1]].stance.value}"{anchor} title="{hover}">{words}</mark>'


def _summary(statement: Statement) -> str:
    aims = [f"{t.stance.value} toward {t.actor.name} ({t.confidence:.0%})" for t in statement.targets]
    return f"{_speaker(statement.speaker)}: {', '.join(aims) or f'{statement.stance.value} ({statement.confidence:.0%})'}"


def _speaker(speaker: Speaker | None) -> str:
    if speaker is None:
        return "unknown speaker"
    return f"{speaker.name} ({speaker.actor.name})" if speaker.actor and speaker.actor.name != speaker.name else speaker.name


def _table(statements: Sequence[Statement], prefix: str) -> str:
    if not statements:
        return "<p>No statements found.</p>"
    lines = "".join(_line(number, statement, prefix) for number, statement in enumerate(statements, start=1))
    head = "<tr><th>#</th><th>Speaker</th><th>Stance</th><th>Target</th><th>Confidence</th><th>Words</th></tr>"
    return f"<table><thead>{head}</thead><tbody>{lines}</tbody></table>"


def _line(number: int, statement: Statement, prefix: str) -> str:
    aims = [(t.stance, t.actor.name, t.confidence) for t in statement.targets] or [(statement.stance, "–", statement.confidence)]
    cells = (
        f'<a href="#{prefix}{number}">{number}</a>',
        _safe(_speaker(statement.speaker)),
        "<br>".join(_label(stance) for stance, _, _ in aims),
        "<br>".join(_safe(name) for _, name, _ in aims),
        "<br>".join(f"{confidence:.0%}" for _, _, confidence in aims),
        _safe(statement.text),
    )
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _label(stance: Stance) -> str:
    return f'<span class="{stance.value}">{stance.value}</span>'


def _safe(words: str) -> str:
    return escape(_safe_words(words))


def _safe_words(words: str) -> str:
    """The words without what neither HTML nor UTF-8 may hold: control characters and lone surrogates."""
    return words if words.isprintable() else "".join(c if c.isprintable() or c in "\n\r\t" or c.isspace() else "\ufffd" for c in words)
