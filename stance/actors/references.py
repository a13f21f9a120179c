"""References: what the phrases of a document refer to, once that is known."""

from __future__ import annotations

from dataclasses import dataclass

from stance.actors.gazetteer import Sort
from stance.actors.people import Person
from stance.actors.phrases import Phrase
from stance.types import Actor, ActorKind, Span

#: Collectives that say nothing without a state.
_VAGUE = frozenset({"people", "companies", "tribe", "refugees", "settlers", "activists", "detainees", "enemies"})


@dataclass(slots=True, eq=False)
class Reference:
    """A phrase and what it refers to.

    Attributes:
        phrase: The phrase.
        span: Where it stands in the text.
        name: The fullest name known for what it refers to.
        actor: The actor, or None.
        person: The person, where it is one.
        speaks: Whether a statement is attributed to it.
        paired: Whether it is two others together ("the two men").
        faint: Whether its actor is but the state in question ("an official").
        resolved: Whether anything was found that it refers to.
    """

    phrase: Phrase
    span: Span
    name: str
    actor: Actor | None = None
    person: Person | None = None
    speaks: bool = False
    resolved: bool = True
    faint: bool = False
    paired: bool = False

    @property
    def target(self) -> Actor | None:
        """The actor that it may stand for as the target of a statement: there a mere hunch is of use too."""
        if self.faint or self.phrase.gender == "w" or not self.resolved or self.located:
            return None
        if self.actor is not None and self.actor.kind is ActorKind.COLLECTIVE and self.actor.id in _VAGUE:
            return None
        if self.actor is not None or self.person is None or self.person.private:
            return self.actor
        return self.person.hunch if self.person.titled or self.person.speaks else None

    @property
    def located(self) -> bool:
        """Whether it is a capital that only tells where: "in Moscow"."""
        return self.phrase.located and self.phrase.actors[0].sort in (Sort.CAPITAL, Sort.SEAT)
