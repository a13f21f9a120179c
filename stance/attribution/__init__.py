"""Attribution: who said what. `Rules` and `tagger.Tagger` find source, cue and content of every reported or quoted statement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from stance.attribution.rules import find_by_rules
from stance.types import Attribution, Document


class Attributor(Protocol):
    """What finds attributions."""

    def find(self, documents: Sequence[Document], *, thoughts: bool = False) -> list[tuple[Attribution, ...]]:
        """Attributions of each document, in order of their content, with spans of `Document.text`.

        Args:
            documents: Parsed articles.
            thoughts: Whether to find what sources think, hope or plan as well; it is marked by ``voiced=False``.
        """
        ...


class Rules:
    """Finds attributions by rules: cue verbs, quotation marks and clause boundaries."""

    def find(self, documents: Sequence[Document], *, thoughts: bool = False) -> list[tuple[Attribution, ...]]:
        """As `Attributor.find`."""
        return [tuple(a for a in find_by_rules(document) if a.voiced or thoughts) for document in documents]


__all__ = ["Attributor", "Rules"]
