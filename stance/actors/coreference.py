"""Coreference: which actor each phrase of a document refers to.

One pass in text order over a `Dossier` resolves surnames, offices, nouns and pronouns, looking back over a bounded number of
phrases, so that time is linear in the length of the text.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Set

from stance.actors import antecedents, figures
from stance.actors.gazetteer import Entry, Sort
from stance.actors.learning import EUROPEAN_UNION, FIGHTER, SOLE, Dossier
from stance.actors.mentions import ABROAD, BORNE
from stance.actors.people import Person
from stance.actors.phrases import Kind, Phrase
from stance.actors.references import Reference
from stance.types import Actor, ActorKind

_LOOK_BACK = 40
_FAR = 4
_IN_MIND = 6  # sentences for which a group or officials stay in mind
#: Nouns that stand for bodies of any state, not for the one named last.
_ANYBODYS = frozenset("""military army navy ministry department parliament government police bank agency council court""".split())
_POSSESSIVES = frozenset({"his", "her", "their", "its"})
_INDEFINITE = frozenset({"a", "an", "another", "one"})
_LOOSE = frozenset({"senior", "top", "general", "new", "local", "another", "other", "two", "both"})
_PAIRED = frozenset("""two both men women leader countries nations sides states presidents minister foreign defence diplomats""".split())
#: Arms that belong to nobody unless the text says to whom.
_HARDWARE = frozenset(
    {
        "drone",
        "drones",
        "missile",
        "missiles",
        "ship",
        "ships",
        "fleet",
        "tank",
        "tanks",
        "plane",
        "planes",
        "jet",
        "jets",
        "aircraft",
        "warship",
        "warships",
    }
)
#: Who acts where "Brussels" does, by the name under which the text must know them.
_IN_BRUSSELS = (
    ("European Union", EUROPEAN_UNION),
    ("North Atlantic Treaty Organization", Actor("NATO", "NATO", ActorKind.ORGANISATION)),
)


class Resolver:
    """Resolves the phrases of one document.

    Args:
        known: What is known of the document.
    """

    def __init__(self, known: Dossier) -> None:
        self.known = known
        self.references: list[Reference] = []
        self._recent: deque[Person] = deque(maxlen=_LOOK_BACK)
        self._groups: deque[tuple[Entry, Reference]] = deque(maxlen=_LOOK_BACK)
        self._owners = {id(p.owner) for p in known.phrases if p.owner is not None}
        sources = (a.source for a in known.attributions if a.source is not None)
        self._speaking = {i for source in sources for i in known.within(source) if not known.phrases[i].located}

    def run(self) -> list[Reference]:
        """One reference for each phrase, in order."""
        for i, phrase in enumerate(self.known.phrases):
            reference = self._refer(i, phrase)
            reference.speaks = i in self._speaking
            if reference.person is not None and reference.speaks:
                reference.person.speaks = True
            self.references.append(reference)
            if reference.person is not None:
                self._recall(reference.person)
        self._settle()
        return self.references

    def _settle(self) -> None:
        """Gives earlier mentions what was learnt of a person later on."""
        for reference in self.references:
            person, owner = reference.person, reference.phrase.owner
            if person is None and owner is not None and owner.name and reference.phrase.kind in (Kind.BODY, Kind.FORCES):
                known = self.known.people.known(owner.name)
                reference.actor = known.actor if known is not None and known.actor is not None else reference.actor
            elif person is not None and person.actor is not None and not person.private:
                reference.actor = person.actor

    def _recall(self, person: Person) -> None:
        if person in self._recent:
            self._recent.remove(person)
        self._recent.append(person)

    def _refer(self, i: int, phrase: Phrase) -> Reference:
        span = self.known.spans[i]
        reference = Reference(phrase, span, bare(span.of(self.known.document.text)))
        if i in self.known.persons:
            self._to_person(reference, self.known.persons[i])
        elif phrase.kind is Kind.ACTOR:
            self._to_actor(reference, phrase.actors[0])
        elif phrase.kind is Kind.PRONOUN:
            self._to_antecedent(reference)
        elif phrase.kind is Kind.NOUN:
            self._to_noun(reference)
        elif phrase.kind in (Kind.OFFICE, Kind.PRIVATE):
            self._to_office(i, reference)
        elif phrase.kind is Kind.DOCUMENT:
            self._to_author(reference)
        else:
            self._to_body(i, reference)
        return reference

    def _to_person(self, reference: Reference, person: Person) -> None:
        reference.person = person
        reference.name = " ".join(person.name)
        if person.actor is None and not person.private and reference.phrase.determiner in _POSSESSIVES:
            person.actor = self._possessor(reference.phrase)
        owner = reference.phrase.owner
        if person.actor is None and not person.private and owner is not None and owner.kind in (Kind.NOUN, Kind.BODY):
            person.actor = next((r.actor for r in self.references[-1:] if r.phrase is owner), None)  # "the body's head, Jan Nowak"
        reference.actor = None if person.private else person.actor or person.guess

    def _to_actor(self, reference: Reference, entry: Entry) -> None:
        person = self._bearer(reference.phrase)
        if person is not None:
            self._to_person(reference, person)
            return
        reference.actor = entry.actor if entry.sort not in (Sort.PLACE, Sort.MEDIA) else None
        if entry.words == ("brussels",) and not reference.phrase.located:
            reference.actor = next((actor for title, actor in _IN_BRUSSELS if title in self.known.surfaces), entry.actor)
        reference.name = self.known.surface(reference.phrase)
        if entry.sort is Sort.ORGANISATION:
            reference.name = self.known.surfaces.get(entry.title or (entry.actor.id if entry.actor else ""), reference.name)
        if entry.nouns:
            self._groups.append((entry, reference))

    def _bearer(self, phrase: Phrase) -> Person | None:
        """Somebody of the text who bears the name of a state: "Jordan said he would go"."""
        if phrase.end - phrase.start != 1 or phrase.actors[0].words[0] not in BORNE or phrase.actors[0].sort is Sort.DEMONYM:
            return None
        before = self.known.document.tokens[phrase.start - 1].lower if phrase.start else ""
        return None if before in ("in", "to", "from", "across", "of") else self.known.people.known((phrase.actors[0].cased[0],))

    def _possessor(self, phrase: Phrase) -> Actor | None:
        """Whom "his", "her", "their" or "its" points to."""
        gender = {"his": "m", "her": "f"}.get(phrase.determiner)
        for reference in reversed(self.references[-_LOOK_BACK:]):
            person = reference.person
            if reference.located or (reference.phrase.quoted and not phrase.quoted):
                continue  # what is named in a quotation is not what the reporter's "its" points to
            if reference.actor is not None and (gender is None or (person is not None and person.gender in ("", gender))):
                return reference.actor
        return None

    def _to_noun(self, reference: Reference) -> None:
        other = next(self._called(reference.phrase.roles), None)
        if other is None:
            reference.resolved = False
        else:
            reference.actor, reference.name = other.actor, other.name

    def _called(self, nouns: Set[str]) -> Iterator[Reference]:
        """Organisations for which one of these nouns may stand, the last named first."""
        return (other for entry, other in reversed(self._groups) if nouns & set(entry.nouns))

    def _to_author(self, reference: Reference) -> None:
        """Whose statement, letter or report it is: its own words tell, or who spoke last."""
        phrase = reference.phrase
        reference.actor = self.known.explicit(phrase, ())
        if reference.actor is not None:
            if phrase.actors:
                reference.name = self.known.surfaces.get(reference.actor.id, " ".join(phrase.actors[-1].cased))
            return
        for earlier in reversed(self.references[-_LOOK_BACK:]):
            if (earlier.phrase.quoted and not phrase.quoted) or earlier.phrase.category == "state":
                continue
            kind = earlier.phrase.kind
            body = kind in (Kind.BODY, Kind.DOCUMENT) or (earlier.speaks and kind in (Kind.ACTOR, Kind.OFFICE, Kind.OFFICIALS))
            if body and earlier.actor is not None and (earlier.speaks or phrase.sentence - earlier.phrase.sentence <= 1):
                reference.actor, reference.name = earlier.actor, earlier.name
                return

    def _to_office(self, i: int, reference: Reference) -> None:
        phrase = reference.phrase
        private = phrase.former or self.known.is_private(phrase)
        actor = None if private else self.known.explicit(phrase, self.known.ground.get(i, ()))
        if phrase.determiner in _POSSESSIVES and actor is None and not private:
            actor = self._possessor(phrase)
        if actor is None and not private:
            actor = self._seated(phrase)
        person = self._titular(phrase) or (None if phrase.determiner in _INDEFINITE else self._holder(phrase, actor))
        if person is not None:
            self._to_person(reference, person)
            return
        if actor is None and not private:
            actor = self._of_group(phrase)
        if actor is None and not private and phrase.category != FIGHTER:
            reference.faint = phrase.category == "official"
            actor = self.known.likely(phrase.head.home if phrase.head else None, self.known.about.get(i, ()), set())
        reference.actor = actor
        name = tuple(reference.name.split())
        reference.person = Person(name, actor, private=private, roles=set(phrase.roles), categories={phrase.category}, gender=phrase.gender)

    def _titular(self, phrase: Phrase) -> Person | None:
        """Somebody of the text whose last name is a title: "Pope said", of Nick Pope."""
        if phrase.end - phrase.start > 1:
            return None
        token = self.known.document.tokens[phrase.start]
        return self.known.people.known((token.text,)) if token.text[0].isupper() else None

    def _holder(self, phrase: Phrase, actor: Actor | None) -> Person | None:
        """Who holds an office: of those met of late, else of all whom the text names for it."""
        for person in reversed(self._recent):
            if self._holds(person, phrase, actor):
                return person
        if phrase.roles & SOLE:
            for person in self.known.people.all[:_LOOK_BACK]:
                if self._holds(person, phrase, actor):
                    return person
        return self._described(phrase, actor)

    def _described(self, phrase: Phrase, actor: Actor | None) -> Person | None:
        """The person just named without a title: "Nowak said ... The Polish president added"."""
        if actor is None or phrase.category not in ("leader", "diplomat", "official") or phrase.determiner != "the":
            return None
        for earlier in reversed(self.references[-6:]):
            person = earlier.person
            if person is not None and earlier.phrase.name and not person.private and phrase.sentence - earlier.phrase.sentence <= 2:
                if person.actor is not None and person.actor.kind is not ActorKind.STATE and phrase.sentence - earlier.phrase.sentence <= 1:
                    return person  # "NATO's Nowak tried to calm them ... the Polish diplomat said"
                rules = person.actor == actor and (person.rules or figures.find(person.name) is not None)
                if (person.actor is None or rules) and not person.roles and phrase.category == "leader":
                    person.actor = actor
                    return person
                return None
        return None

    def _holds(self, person: Person, phrase: Phrase, actor: Actor | None) -> bool:
        roles = phrase.roles - _LOOSE
        generic = phrase.category == "leader" and ("leader" in roles or "head" in roles) and "leader" in person.categories
        if not generic and not (roles and roles <= person.roles):
            return False
        if phrase.gender and person.gender and phrase.gender != person.gender:
            return False
        if actor is None or person.actor == actor:
            return True
        if person.actor is None and not person.private and roles & SOLE:
            person.actor = actor
            return True
        return person.actor is None and person.guess == actor

    def _to_body(self, i: int, reference: Reference) -> None:
        phrase = reference.phrase
        actor = self.known.explicit(phrase, self.known.ground.get(i, ()))
        if actor is None and phrase.determiner in _POSSESSIVES:
            actor = self._possessor(phrase)
        if actor is None and phrase.kind is not Kind.PEOPLE:
            actor = self._seated(phrase)
        several = phrase.determiner in ("the", "both") and (phrase.kind is Kind.OFFICIALS or bool(phrase.roles & {"men", "women"}))
        if several and (actor is None or phrase.kind is Kind.PEOPLE) and self._to_pair(reference):
            return
        if actor is None and phrase.kind is Kind.OFFICIALS:
            actor = self._of_group(phrase) or self._officials(phrase)
        if actor is None and phrase.determiner == "this" and phrase.roles & {"country", "nation"}:
            actor = self._last_state()
        if actor is None and phrase.kind is Kind.FORCES:
            actor = self._described_by(phrase)
            if actor is None and phrase.roles & _HARDWARE:
                reference.resolved = False
                return
        if actor is None and phrase.kind is Kind.BODY:
            self._to_same_body(reference)
            actor = reference.actor
        vague = phrase.kind is Kind.PEOPLE or phrase.category in ("diplomat", "state")
        if actor is None and not vague:
            at_home = phrase.kind is Kind.FORCES or phrase.category in ("government", "military")
            ranking = (self.known.ground if at_home else self.known.about).get(i, ())
            actor = self.known.likely(phrase.head.home if phrase.head else None, ranking, set())
        reference.actor = actor

    def _seated(self, phrase: Phrase) -> Actor | None:
        """The state in whose capital a sentence says that they are: "In Kyiv the foreign ministry"."""
        seat = self.references[-1] if self.references else None
        if seat is None or not seat.located or seat.phrase.sentence != phrase.sentence or phrase.category == "diplomat":
            return None
        tokens, first = self.known.document.tokens, seat.phrase.start - 1
        opens = tokens[first].start == self.known.document.sentences[phrase.sentence].start
        there = phrase.roles & ABROAD or any(t.text != "," for t in tokens[seat.phrase.end : phrase.start])
        return seat.phrase.actors[0].actor if opens and not there else None

    def _of_group(self, phrase: Phrase) -> Actor | None:
        """The organisation named of late that a noun right before an office stands for: "an alliance spokesman"."""
        at = phrase.end - len(phrase.head.words) - 1 if phrase.head is not None else -1
        noun = self.known.document.tokens[at].lower if at >= 0 else ""
        if noun in _ANYBODYS:
            return None
        near = (r.actor for r in self._called({noun}) if phrase.sentence - r.phrase.sentence <= _IN_MIND)
        return next((actor for actor in near if actor is not None and actor.kind is not ActorKind.STATE), None)

    def _officials(self, phrase: Phrase) -> Actor | None:
        """Whose officials "the officials" are: those of the same kind of whom was talked of late, or the issuer's of the text."""
        if phrase.determiner not in ("the", "both"):
            return None
        for earlier in reversed(self.references[-_LOOK_BACK:]):
            if phrase.sentence - earlier.phrase.sentence > _IN_MIND:
                break
            same = earlier.phrase.kind in (Kind.OFFICIALS, Kind.OFFICE) and earlier.phrase.category == phrase.category
            if same and earlier.phrase.actors and not earlier.faint and earlier.actor is not None:
                return earlier.actor
        if phrase.category == "state" and not self.known.authors:
            return None
        return self.known.issuer

    def _described_by(self, phrase: Phrase) -> Actor | None:
        """Whose forces they are by an adjective a word or two before: "the Russian shadow fleet"."""
        earlier = self.references[-1] if self.references else None
        if earlier is None or earlier.phrase.kind is not Kind.ACTOR or not 0 < phrase.start - earlier.phrase.end <= 2:
            return None
        between = self.known.document.tokens[earlier.phrase.end : phrase.start]
        return earlier.actor if all(t.text.isalpha() and t.text.islower() and len(t.text) > 3 for t in between) else None

    def _last_state(self) -> Actor | None:
        for reference in reversed(self.references[-_LOOK_BACK:]):
            if reference.phrase.kind is Kind.ACTOR and reference.actor is not None and reference.actor.kind is ActorKind.STATE:
                return reference.actor
        return None

    def _to_pair(self, reference: Reference) -> bool:
        """Finds the two that "the two leaders" and "both countries" are; the one whose text it is gives the actor, else the first named."""
        phrase = reference.phrase
        if not (phrase.roles & {"two", "both", "leader"} or phrase.determiner == "both") or phrase.roles - _PAIRED:
            return False
        people = phrase.category != "state"
        barred = "f" if "men" in phrase.roles else "m" if "women" in phrase.roles else ""
        if phrase.actors or phrase.of is not None:
            return False
        pair: list[Reference] = []
        for earlier in reversed(self.references[-_LOOK_BACK:]):
            if barred and "two" in earlier.phrase.roles and earlier.phrase.determiner != "the":
                return False  # "police arrested two suspects"
            fits = earlier.person is not None if people else earlier.phrase.kind is Kind.ACTOR and not earlier.located
            fits &= not (barred and earlier.person is not None and (earlier.person.gender == barred or not earlier.phrase.name))
            if fits and earlier.actor is not None and all(earlier.actor != other.actor for other in pair):
                pair.insert(0, earlier)
            if len(pair) == 2:
                issuer = self.known.issuer
                actor = issuer if issuer in {other.actor for other in pair} else pair[0].actor
                reference.name, reference.actor, reference.paired = f"{pair[0].name} and {pair[1].name}", actor, True
                return True
        return False

    def _to_same_body(self, reference: Reference) -> None:
        """Finds the ministry that "the ministry" is."""
        roles = reference.phrase.roles
        for earlier in reversed(self.references[-_LOOK_BACK:]):
            if earlier.phrase.kind is Kind.BODY and earlier.actor is not None and roles <= earlier.phrase.roles:
                reference.actor, reference.name = earlier.actor, earlier.name
                return
        other = next(self._called(roles), None)
        if other is not None and "government" not in roles:
            reference.actor, reference.name = other.actor, other.name

    # Pronouns

    def _to_antecedent(self, reference: Reference) -> None:
        phrase = reference.phrase
        best, score = None, antecedents.NEVER / 2
        for earlier in reversed(self.references[-_LOOK_BACK:]):
            distance = phrase.sentence - earlier.phrase.sentence
            if distance > _FAR:
                break
            owns = id(earlier.phrase) in self._owners
            value = antecedents.fit(phrase, earlier, opens=self.known.opens(earlier.phrase, earlier.span), owns=owns) - distance
            if value > score:
                best, score = earlier, value
        if best is None:
            reference.resolved = False
            return
        reference.person, reference.actor, reference.name = best.person, best.actor, best.name


def bare(words: str) -> str:
    """A phrase without its article, blanks made single."""
    first, _, rest = words.partition(" ")
    return " ".join((rest if rest and first.lower() in ("the", "a", "an", "this") else words).split())
