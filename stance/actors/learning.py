"""Learning: what a document tells of its people and states before anything is resolved.

One pass in text order meets the people, by the text's own titles ("the Polish president, Jan Nowak"), and notes for phrases that
name no state ("the interior minister") which states the text is about at that place.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence, Set

from stance.actors import figures, headline
from stance.actors.gazetteer import Sort, gazetteer
from stance.actors.names import MONTHS
from stance.actors.people import Context, People, Person, Ranking, suffix
from stance.actors.phrases import Kind, Phrase
from stance.types import Actor, ActorKind, Attribution, Document, Span
from stance.types import Kind as Form

EUROPEAN_UNION = Actor("European Union", "European Union", ActorKind.ORGANISATION)
_HOME_BONUS = 0.5
#: Words of an office that tell whom it speaks for: "rebel spokesman", "opposition leader".
_FACTIONS = {"rebel": "rebels", "rebels": "rebels", "opposition": "opposition", "separatist": "separatists", "insurgent": "insurgents"}
#: Collectives that are those of the state where things happen when they name none.
_HOME = frozenset({"rebels", "opposition", "protesters", "civilians", "people", "insurgents"})
#: States that news names as the seats of those who intervene far more often than as the scene.
_AT_PEACE = frozenset({"USA", "GBR", "FRA", "DEU", "ITA", "CAN", "ESP", "AUS", "JPN", "CHE", "BEL"})
_FAINT = 0.1  # share of the first one's weight with which another state may be the scene in its place
#: Words of offices that one person of a state holds at a time.
SOLE = frozenset({"president", "king", "prime", "chancellor", "foreign", "defence", "pope", "emir"})
#: Words after a state's name by which its own people speak for it.
_COMMITS = frozenset({"will", "would", "’", "'", "support", "commitment"})
#: Words between an office and a name after a comma by which the name is another's, and those that open a phrase about another.
_OTHERS = frozenset("""who whom whose which that after before with by met""".split())
_WHOSE = frozenset({"the", "a", "an", "his", "her", "its", "their", "'s", "’s"})
_TITLES = 4  # words of a title or a first name before what was read as a name, at most
_AT_ONCE = 3  # characters into a sentence in which it has begun
#: What texts call leaders too.
_OF_ANYBODY = frozenset(
    """survivor veteran author founder father brother cousin man woman critic target victim lawyer billionaire cleric doctor""".split()
)
#: A class of offices that no state has: whoever holds one speaks for a side that the text names, or for nobody.
FIGHTER = "fighter"
_OFFICIAL = frozenset(
    """government military ministry official security intelligence army police anti-terrorism counter-terrorism counterterrorism""".split()
)


class Dossier:
    """What is known of one document: its phrases, its people, and the states in question at each of its phrases.

    Args:
        document: The document.
        phrases: Its phrases, in order.
        attributions: Its attributions: what is quoted, and what people say, tells of them too.

    Attributes:
        spans: Where each phrase stands in the text.
        people: The people, by name.
        persons: The person of each phrase that names one, by the number of the phrase.
        about: The states in question at a phrase, by its number.
        ground: The states where things happen at a phrase, by its number.
        surfaces: The fullest form in which the text names an organisation or a state.
        title: Who speaks by the headline.
        authors: Who declares something together by the headline, in its order.
    """

    def __init__(self, document: Document, phrases: list[Phrase], attributions: Sequence[Attribution]) -> None:
        self.document = document
        self.phrases = phrases
        self.attributions = attributions
        self.spans = [p.span(document.tokens) for p in phrases]
        self.people = People()
        self.persons: dict[int, Person] = {}
        self.about: dict[int, Ranking] = {}
        self.ground: dict[int, Ranking] = {}
        self.surfaces: dict[str, str] = {}
        self.title: Person | None = None
        self.authors: tuple[Actor, ...] = ()
        self._starts = [s.start for s in self.spans]
        self._mark_quoted()
        self._read_title()
        self._meet()
        self._introduce()
        self._recognise()
        self._listen()
        self._guess()

    def _mark_quoted(self) -> None:
        for attribution in self.attributions:
            if attribution.kind is Form.DIRECT:
                for fragment in attribution.content:
                    for i in self.within(fragment):
                        self.phrases[i].quoted = True

    @property
    def issuer(self) -> Actor | None:
        """The actor whose words the text holds, by its headline."""
        if self.title is not None:
            return self.title.actor or self.title.guess
        return self.authors[0] if self.authors else None

    def within(self, span: Span) -> range:
        """The numbers of the phrases that overlap a span."""
        first = bisect_right(self._starts, span.start) - 1
        if first < 0 or self.spans[first].end <= span.start:
            first += 1
        return range(first, bisect_left(self._starts, span.end))

    def opens(self, phrase: Phrase, span: Span) -> bool:
        """Whether a phrase, at its span, is the first thing in its sentence: likely its subject."""
        return span.start - self.document.sentences[phrase.sentence].start < _AT_ONCE

    def ends(self, source: Span, span: Span) -> bool:
        """Whether nothing of a source but commas follows a span."""
        return not self.document.text[span.end : source.end].strip(" ,")

    def _read_title(self) -> None:
        """Learns the people of the headline; "Statement by Jan Nowak" tells who speaks."""
        told = headline.read(self.document.article.title)
        for phrase in told.people:
            person = self.people.meet(phrase.name)
            self._learn(person, phrase, ())
            if phrase is told.issuer:
                self.title = person
        if told.issuer is not None and not told.issuer.name:
            head = told.issuer.head
            self.title = Person(told.name, self.explicit(told.issuer, ()), home=head.home if head is not None else None)
        self.authors = told.authors

    def _meet(self) -> None:
        about, ground = Context(self.phrases), Context(self.phrases, ground=True)
        for i, phrase in enumerate(self.phrases):
            about.see(phrase)
            ground.see(phrase)
            if phrase.of is not None:
                about.see(phrase.of)
            if phrase.head is not None and not phrase.actors:
                self.about[i], self.ground[i] = about.ranking(), ground.ranking()
            self._note_surface(phrase)
            self._note_ruler(phrase)
            if phrase.name:
                person = self.persons[i] = self.people.meet(phrase.name)
                if person.met < 0 or (phrase.roles and not person.roles):
                    person.met = i
                    self.about[i], self.ground[i] = about.ranking(), ground.ranking()
                self._learn(person, phrase, self.ground.get(i, ()))
            else:
                self._note_description(i)

    def _note_description(self, i: int) -> None:
        """Learns from "Nowak is a spokesman" for whom he speaks; who "was" one may do so no more, but is "he" all the same."""
        phrase, subject, person = self.phrases[i], self.phrases[i - 1], self.persons.get(i - 1)
        if person is None or phrase.kind is not Kind.OFFICE or phrase.determiner not in ("a", "an") or phrase.quoted:
            return
        between = [t.lower for t in self.document.tokens[subject.end : phrase.start]]
        if self.opens(subject, self.spans[i - 1]) and between in (["is"], ["was"]):
            self.persons[i] = person
            if between == ["is"]:
                self._learn(person, phrase, self.ground.get(i, ()))

    def _introduce(self) -> None:
        """Learns whom a source presents at length: "China's ambassador to the United States, Cui Tiankai, said"."""
        for source in (a.source for a in self.attributions if a.source is not None):
            inside = self.within(source)
            office = next((i for i in inside[:-1] if self.phrases[i].kind is Kind.OFFICE), None)
            if office is not None and office not in self.persons and self._presents(office, inside[-1], source):
                self.persons[office] = self.persons[inside[-1]]
                self._learn_presented(inside[-1], office)

    def _presents(self, office: int, i: int, source: Span) -> bool:
        """Whether an office in a source is that of the name in which it ends, after a comma and with nobody else in between."""
        presenting, phrase, tokens = self.phrases[office], self.phrases[i], self.document.tokens
        comma = phrase.start - 1
        while comma > phrase.start - _TITLES and tokens[comma].text[0].isupper():
            comma -= 1
        if tokens[comma].text != "," and tokens[phrase.start - 1].text[0].isupper() and tokens[phrase.start - 1].lower not in MONTHS:
            comma = phrase.start  # "the ambassador to Israel Jan Nowak"
        if (
            not self.ends(source, self.spans[i])
            or not phrase.name
            or phrase.determiner
            or presenting.former
            or (comma < phrase.start and tokens[comma].text != ",")
        ):
            return False
        between = [t.lower for t in tokens[presenting.end : comma]]
        if _OTHERS & set(between) or any(self.phrases[k].kind in (Kind.OFFICE, Kind.PERSON, Kind.NAME) for k in range(office + 1, i)):
            return False
        back = comma - 1  # "the spokesman of the jailed politician, Jan Nowak" is another
        while back >= presenting.end and tokens[back].text.islower() and tokens[back].lower not in _WHOSE:
            back -= 1
        return back < presenting.end or tokens[back].lower not in _WHOSE

    def _learn_presented(self, i: int, office: int) -> None:
        """Learns the office of a person whom a source presents; an organisation's goes before their nationality, told beside the name."""
        person, phrase, presenting = self.persons[i], self.phrases[i], self.phrases[office]
        if presenting.start and self.document.tokens[presenting.start - 1].lower == "and":
            return  # "the UN and Arab League envoy" is the first one's
        body = self.explicit(presenting, self.ground.get(office, ()))
        if body is not None and body.kind is ActorKind.ORGANISATION and phrase.actors and phrase.actors[0].sort is Sort.DEMONYM:
            person.actor = body  # "NATO's commander of Libya operations, Canadian Lieutenant-General Jan Nowak"
        self._learn(person, presenting, self.ground.get(office, ()))

    def _note_ruler(self, phrase: Phrase) -> None:
        """Learns from "the Nowak government" and "Nowak's forces" that Nowak rules."""
        owner = phrase.owner
        if owner is not None and owner.name and (phrase.kind is Kind.FORCES or phrase.category in ("government", "military", "allies")):
            self.people.meet(owner.name).rules = True

    def _note_surface(self, phrase: Phrase) -> None:
        """Remembers the fullest form in which the text names an organisation or a state."""
        if phrase.kind is Kind.ACTOR and phrase.actors[0].sort in (Sort.STATE, Sort.ORGANISATION):
            entry = phrase.actors[0]
            words = self.surface(phrase)
            key = entry.title or (entry.actor.id if entry.actor else words)
            if len(words) > len(self.surfaces.get(key, "")):
                self.surfaces[key] = words

    def surface(self, phrase: Phrase) -> str:
        """The name in a phrase that is one, without its article."""
        tokens = self.document.tokens
        return self.document.text[tokens[phrase.end - len(phrase.actors[0].words)].start : tokens[phrase.end - 1].end]

    def _learn(self, person: Person, phrase: Phrase, ground: Ranking) -> None:
        person.gender = person.gender or phrase.gender
        if phrase.head is None and not phrase.actors:
            return
        person.titled = True
        if _is_bare_honorific(phrase):
            return
        person.roles |= phrase.roles
        person.categories.add(phrase.category)
        person.home = person.home or (phrase.head.home if phrase.head is not None else None)
        if phrase.former or self.is_private(phrase):
            person.private = person.actor is None
            person.former |= phrase.former
            return
        actor = self.explicit(phrase, ground)
        implied = not phrase.actors and phrase.of is None and phrase.owner is None
        if actor is not None and (person.actor is None or (person.implied and not implied)):
            person.actor, person.implied, person.private = actor, implied, False

    def is_private(self, phrase: Phrase) -> bool:
        """Whether its words tell of somebody who speaks for nobody: a witness, an expert, a journalist."""
        head = phrase.head
        if head is None:
            return any(e.sort is Sort.MEDIA for e in phrase.actors)
        if head.category == "source":
            return not (phrase.roles & _OFFICIAL or phrase.of is not None)
        return head.sort is Sort.PRIVATE or (head.sort is Sort.KIN and phrase.owner is None)

    def _recognise(self) -> None:
        """Learns for whom people speak of whom readers know it."""
        date = self.document.article.date
        year = date.year if date else None
        named = {entry.actor.id for phrase in self.phrases for entry in phrase.actors if entry.actor is not None}
        for person in self.people.all:
            figure = figures.find(person.name)
            if figure is not None and (not person.private or self._is_known(person, figure, year)):
                _place(person, figure, year)
            elif not person.private and person.actor is None and len(person.name) == 1 and year is not None:
                likely = [actor for actor in figures.surnamed(person.name[0], year) if actor.id in named]
                person.guess = likely[0] if len(likely) == 1 else None

    def _is_known(self, person: Person, figure: figures.Figure, year: int | None) -> bool:
        """Whether somebody whom the text calls a survivor, or a ruler's son, is the one whom readers know by this name."""
        if not figure.sure or figure.speaks_for(year) is None or person.former or person.met < 0 or suffix(person.name):
            return False
        told = self.phrases[person.met].head
        return told is None or told.sort is not Sort.PRIVATE or told.words[-1] in _OF_ANYBODY

    def _listen(self) -> None:
        """Learns from what people say: who says that "Poland will" do something, or tells of "Poland's support", speaks for Poland."""
        tokens = self.document.tokens
        for attribution in self.attributions:
            source = self.within(attribution.source) if attribution.source is not None else range(0)
            person = next((self.persons[i] for i in source if i in self.persons), None)
            if person is None or person.actor is not None or person.guess is not None or person.private or person.roles:
                continue
            subject = next((self.phrases[i] for i in self.within(attribution.content[0])), None)
            if subject is None or subject.kind is not Kind.ACTOR or subject.end >= len(tokens):
                continue
            begins = tokens[subject.start].start - attribution.content[0].start < 12
            if begins and subject.actors[0].sort is Sort.STATE and tokens[subject.end].lower in _COMMITS:
                person.guess = subject.actors[0].actor

    def _guess(self) -> None:
        """Guesses the state of people whom the text gives none: no two of them hold one office of one state."""
        held: set[tuple[Actor | None, str]] = {
            (p.actor, role) for p in self.people.all if p.actor is not None and not p.private for role in p.roles & SOLE
        }
        for person in sorted(self.people.all, key=lambda p: (not p.roles, not p.rules)):
            if person.actor is not None or person.guess is not None or person.private or person.met not in self.about:
                continue
            if FIGHTER in person.categories:
                continue
            sole = person.roles & SOLE or frozenset({"president"})
            taken = {actor for actor, role in held if role in sole}
            if person.roles:
                person.guess = self.likely(person.home, self.about[person.met], taken)
            elif person.rules:
                person.guess = self.likely(None, self.ground[person.met], taken)
            else:
                person.hunch = self.likely(None, self.about[person.met], taken)
            if person.roles & SOLE or person.rules:
                held.update((person.guess, role) for role in sole)
        if self.title is not None and not (self.title.actor or self.title.guess or self.title.private):
            self.title.guess = self.title.home

    def likely(self, home: Actor | None, ranking: Ranking, taken: Set[Actor | None]) -> Actor | None:
        """The likeliest state of a ranking, those taken left out and the one that a title hints at preferred."""
        scores = {actor: score for actor, score in ranking if actor not in taken}
        if home is not None and home not in taken:
            scores[home] = scores[home] + _HOME_BONUS if home in scores else 0.0  # a text without America has no American generals
        return max(scores, key=lambda actor: scores[actor], default=None)

    def explicit(self, phrase: Phrase, ground: Ranking) -> Actor | None:
        """The actor that a phrase itself names."""
        collective = self._collective(phrase, ground)
        if collective is not None:
            return collective
        actors = [e.actor for e in phrase.actors if e.actor is not None]
        if actors:
            led = self._led(phrase)
            if led is not None:
                return led
            actor = actors[0] if phrase.category == "diplomat" else actors[-1]
            return EUROPEAN_UNION if actor.id == "Europe" and phrase.kind is not Kind.PEOPLE else actor
        for other in (phrase.of, phrase.owner):
            if other is not None:
                return self._of(other, ground)
        return phrase.head.actor if phrase.head is not None else None

    def _led(self, phrase: Phrase) -> Actor | None:
        """The organisation that somebody of a state heads: "the Norwegian head of the UN mission"."""
        if phrase.of is None or phrase.kind not in (Kind.PERSON, Kind.OFFICE) or phrase.category != "leader":
            return None
        nationality = all(e.sort is Sort.DEMONYM for e in phrase.actors)
        bodies = (e for e in phrase.of.actors if e.actor is not None and e.actor.kind is ActorKind.ORGANISATION)
        named = (e.actor for e in bodies if e.category != "party")
        return next(named, None) if nationality else None

    def _of(self, phrase: Phrase, ground: Ranking) -> Actor | None:
        if phrase.name:
            person = self.people.known(phrase.name)
            return None if person is None else person.actor or person.guess
        return self.explicit(phrase, ground)

    def _collective(self, phrase: Phrase, ground: Ranking) -> Actor | None:
        """The rebels, the opposition and other people without a state of their own, and those who speak for them."""
        if phrase.head is None or phrase.kind in (Kind.PRIVATE, Kind.DOCUMENT):
            return None
        category = phrase.category if phrase.kind is Kind.PEOPLE else next((_FACTIONS[w] for w in phrase.roles if w in _FACTIONS), "")
        if not category:
            return None
        named = next((e.actor for e in reversed(phrase.actors) if e.actor is not None), None)
        if named is None and phrase.of is not None:
            named = self._of(phrase.of, ground)
        if named is not None and named.kind is not ActorKind.STATE:
            return named
        if named is None and category in _HOME and (category != "people" or phrase.determiner == "the"):
            named = _at_home(ground)
        return collective(named, category)


def _at_home(ground: Ranking) -> Actor | None:
    """The state whose rebels, civilians and so on are meant where none is named: the scene, rather than who intervenes there."""
    torn = (state for state, score in ground if state.id not in _AT_PEACE and score >= _FAINT * ground[0][1])
    return next(torn, ground[0][0] if ground else None)


def _place(person: Person, figure: figures.Figure, year: int | None) -> None:
    """Learns for whom somebody known speaks, where the text does not say it; out of office they speak for nobody."""
    known = figure.speaks_for(year)
    if person.actor is None or (person.implied and figure.sure and known is not None):
        person.actor = known
        person.private = person.actor is None and (person.private or (figure.sure and not person.roles))


def _is_bare_honorific(phrase: Phrase) -> bool:
    """Whether a title tells nothing of an office: "Mr Nowak"."""
    bare = phrase.head is not None and phrase.head.sort is Sort.HONORIFIC and len(phrase.roles) == 1
    return bare and not phrase.actors and phrase.of is None


def collective(state: Actor | None, category: str) -> Actor:
    """The collective of a state: "Polish protesters"; without a state the bare word."""
    if state is None:
        return Actor(category, category, ActorKind.COLLECTIVE)
    if state.id == "PSE" and category in ("people", "civilians"):
        return Actor("Palestinians", "Palestinians", ActorKind.COLLECTIVE)
    name = f"{gazetteer().demonyms.get(state.id, state.name)} {category}"
    return Actor(name, name, ActorKind.COLLECTIVE)
