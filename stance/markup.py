"""Markup: an article as a fragment of HTML, its statements highlighted by stance.

Everything that comes from an article or a model is escaped here; a report's templates, which escape by themselves, take these fragments
as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from html import escape
from importlib.resources import files
from itertools import pairwise
from zlib import crc32

from stance.types import Article, Span, Speaker, Stance, Statement

_LEAST_SHOWN = 0.01


class Html(str):
    """A piece of HTML: a string that a notebook shows as what it means."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return self


@cache
def style() -> str:
    """The style sheet that the fragments need; its rules reach no further than the class ``stance-article``."""
    return files("stance").joinpath("resources/markup.css").read_text(encoding="utf-8")


def render(article: Article, statements: Sequence[Statement], *, table: bool = True) -> Html:
    """An article with its statements highlighted, the style sheet included: for a notebook, or for a page of one's own.

    Args:
        article: The article.
        statements: Its statements.
        table: Whether a table of the statements follows.
    """
    prefix = f"s{crc32(article.text.encode(errors='replace')):08x}-"  # a notebook may show several articles
    return Html(f"<style>{style()}</style>{legend()}{fragment(article, statements, prefix=prefix, table=table)}")


def fragment(article: Article, statements: Sequence[Statement], *, prefix: str = "s", table: bool = True) -> Html:
    """An article with its statements highlighted; hovering over one tells speaker, targets, probabilities and evidence.

    Args:
        article: The article.
        statements: Its statements.
        prefix: Makes the anchors of this article unique within a page; statement n goes by ``{prefix}{n}``.
        table: Whether a table of the statements follows.

    Returns:
        One ``<article>`` element; hostile text in it stays text.
    """
    title = article.title or article.id
    heading = f"<h2>{safe(title)}</h2>" if title else ""
    date = f'<p class="date">{article.date.isoformat()}</p>' if article.date else ""
    body = "".join(_segments(article.text, statements, prefix))
    below = _table(statements, prefix) if table else ""
    return Html(f'<article class="stance-article">{heading}{date}<div class="text">{body}</div>{below}</article>\n')


def legend() -> Html:
    """The five stances in their colours."""
    labels = " ".join(_label(stance) for stance in (Stance.THREATENING, *(s for s in Stance if s is not Stance.THREATENING)))
    return Html(f'<p class="stance-article legend">{labels}</p>')


def safe(words: str) -> str:
    """The words escaped, without what neither HTML nor UTF-8 may hold."""
    return escape(visible(words))


def visible(words: str) -> str:
    """The words without control characters and lone surrogates."""
    return words if words.isprintable() else "".join(c if c.isprintable() or c in "\n\r\t" or c.isspace() else "\ufffd" for c in words)


def speaker_name(speaker: Speaker | None) -> str:
    """A speaker in words: "Liv Haug (Norway)"."""
    if speaker is None:
        return "unknown speaker"
    return f"{speaker.name} ({speaker.actor.name})" if speaker.actor and speaker.actor.name != speaker.name else speaker.name


def _segments(text: str, statements: Sequence[Statement], prefix: str) -> Iterator[str]:
    """The text, cut wherever a statement begins or ends; each piece is marked with the innermost statement that holds it."""
    spans = [(span, number) for number, statement in enumerate(statements) for span in statement.content]
    opening: dict[int, list[int]] = {}
    for number, statement in enumerate(statements):
        opening.setdefault(statement.content[0].start, []).append(number)
    starts: dict[int, list[tuple[Span, int]]] = {}
    for span, number in spans:
        starts.setdefault(span.start, []).append((span, number))
    inside: list[tuple[Span, int]] = []
    for start, end in pairwise(sorted({0, len(text), *(edge for span, _ in spans for edge in span)})):
        inside = [(span, number) for span, number in inside + starts.get(start, []) if span.end > start]
        if not inside:
            yield safe(text[start:end])
            continue
        numbers = [number for _, number in sorted(inside, key=lambda item: item[0].end - item[0].start)]
        innermost = statements[numbers[0]]
        first, *others = [f' id="{prefix}{number + 1}"' for number in opening.get(start, ())] or [""]
        holders = " ".join(f"{prefix}{number + 1}" for number in numbers)
        hover = safe("\n\n".join(_summary(statements[number], text) for number in numbers))
        words = "".join(_evidence(text, Span(start, end), innermost.evidence))
        yield from (f"<i{anchor}></i>" for anchor in others)
        yield f'<mark class="{innermost.stance.value}"{first} data-statement="{holders}" title="{hover}">{words}</mark>'


def _evidence(text: str, piece: Span, evidence: Sequence[Span]) -> Iterator[str]:
    """A piece of text, its words of evidence emphasised."""
    within = [Span(max(s.start, piece.start), min(s.end, piece.end)) for s in evidence if s.overlaps(piece)]
    for start, end in pairwise(sorted({*piece, *(edge for span in within for edge in span)})):
        words = safe(text[start:end])
        yield f"<b>{words}</b>" if any(span.contains(Span(start, end)) for span in within) else words


def _summary(statement: Statement, text: str) -> str:
    """What hovering tells of a statement."""
    aims = [f"{t.stance.value} toward {t.actor.name} ({t.confidence:.0%})" for t in statement.targets]
    lines = [f"{speaker_name(statement.speaker)}: {', '.join(aims) or f'{statement.stance.value} ({statement.confidence:.0%})'}"]
    lines += [_probabilities(f"toward {t.actor.name}", t.probabilities) for t in statement.targets if t.probabilities]
    if statement.probabilities and not statement.targets:
        lines.append(_probabilities("as a whole", statement.probabilities))
    if statement.evidence:
        lines.append("evidence: " + ", ".join(f"“{span.of(text)}”" for span in statement.evidence))
    return "\n".join(lines)


def _probabilities(of: str, probabilities: Mapping[str, float]) -> str:
    shown = sorted(((p, str(label)) for label, p in probabilities.items() if p >= _LEAST_SHOWN), reverse=True)
    return f"{of}: " + ", ".join(f"{label.replace('_', ' ')} {p:.0%}" for p, label in shown)


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
        safe(speaker_name(statement.speaker)),
        "<br>".join(_label(stance) for stance, _, _ in aims),
        "<br>".join(safe(name) for _, name, _ in aims),
        "<br>".join(f"{confidence:.0%}" for _, _, confidence in aims),
        safe(statement.text),
    )
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _label(stance: Stance) -> str:
    return f'<span class="{stance.value}">{stance.value}</span>'
