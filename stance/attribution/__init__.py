"""Attribution: who said what. `find` returns source, cue and content of every reported or quoted statement."""

from __future__ import annotations

from stance.attribution.rules import find_by_rules
from stance.types import Attribution, Document


def find(document: Document) -> tuple[Attribution, ...]:
    """Every attribution of a document, in order of its content.

    Args:
        document: A parsed article.

    Returns:
        Attributions with spans of `document.text`; thoughts that nobody voiced are among them, marked by ``voiced=False``.
    """
    return find_by_rules(document)


__all__ = ["find"]
