"""Actors: who appears in a document, and who says what."""

from __future__ import annotations

from collections.abc import Sequence

from stance.actors.coreference import Resolver
from stance.actors.learning import Dossier
from stance.actors.mentions import find
from stance.actors.speakers import speakers
from stance.types import Attribution, Cast, Document, Mention

__all__ = ["resolve"]


def resolve(document: Document, attributions: Sequence[Attribution]) -> Cast:
    """Finds and resolves everyone who appears in a document.

    Args:
        document: A parsed article.
        attributions: Its attributions, in text order.

    Returns:
        The resolved mentions and one speaker for each attribution.
    """
    resolver = Resolver(Dossier(document, find(document), attributions))
    references = resolver.run()
    mentions = tuple(Mention(r.span, r.name, actor) for r in references if (actor := r.target) is not None)
    return Cast(mentions, speakers(resolver, attributions))
