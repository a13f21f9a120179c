"""Mentions: the phrases of a text that refer to actors, to people and to bodies, found in one pass over its tokens.

A phrase is read left to right by a small grammar: determiner, names and modifiers, head, "of" phrase, personal name, apposition
("the former Polish foreign minister Jan Nowak", "Nowak, spokesman for the ministry"). Nothing is resolved here beyond what
the phrase itself says; that is the work of `stance.actors.coreference`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import replace
from functools import cached_property

from stance.actors import names
from stance.actors.gazetteer import ACTORS, HEADS, Entry, Sort, gazetteer
from stance.actors.phrases import Kind, Phrase
from stance.types import Document, Span, Token

_ARTICLES = frozenset({"the", "a", "an", "this", "these", "those", "both", "another", "one", "no"})
_POSSESSIVES = frozenset({"his", "her", "their", "its", "our", "my", "your", "whose"})
#: Pronouns: masculine, feminine, plural, neuter, relative ("w"), first person ("i").
_PRONOUNS = (
    dict.fromkeys(("he", "him", "himself"), "m")
    | dict.fromkeys(("she", "herself"), "f")
    | {"they": "p", "them": "p", "it": "n", "who": "w", "which": "w", "i": "i", "we": "i"}
)
_COPULAS = frozenset({"is", "was", "'s", "seems", "seemed", "appears", "appeared", "becomes", "became", "remains", "remained"})
_STARTS = _ARTICLES | _POSSESSIVES | _PRONOUNS.keys()
_PARTICLES = frozenset("""al ben bin bint da das de del della den der di dos du el ibn la le ter ud ul van von""".split())
_GENITIVES = frozenset({"'s", "'", "’"})
#: Names of states and capitals that people bear too.
BORNE = frozenset("""chad cuba georgia india israel jordan kenya lima london malta paris sydney victoria washington""".split())
#: Bodies that may sit in another state's capital.
ABROAD = frozenset("""embassy consulate mission delegation office agency commission committee council bureau court""".split())
#: Titles that are last names too.
_TITULAR = frozenset({"pope", "king", "prince", "bishop", "major", "judge", "marshal", "cardinal", "sheikh"})
_LOCATIVE = frozenset({"in", "at", "near", "outside", "around", "inside", "across", "throughout", "into", "over", "via"})
#: What stands for organisations whose people speak for themselves or for another one.
_NO_EMPLOYER = frozenset({"think tank", "think-tank", "minority", "sect", "community"})
_WHERE = frozenset(
    """city cities town towns part parts region regions province provinces suburb suburbs border borders front side district districts
    mountains bank coast flank area areas outskirts village villages gate half desert neighborhood neighbourhood""".split()
)
_BEFORE_PLACES = _LOCATIVE | {"to", "from", "of", "with", "against", "between", "and"}
_MANY_WORDS = 6
#: Words by which a text that names Georgia means the one in America, or the one in the Caucasus.
_AMERICAN = frozenset("""alabama atlanta carolina democrat democrats florida gop republican republicans savannah tennessee texas""".split())
_CAUCASIAN = frozenset({"tbilisi", "batumi", "abkhazia", "ossetia", "caucasus", "russia", "russian", "moscow", "armenia", "azerbaijan"})
_KIND_OF_HEAD = {
    Sort.OFFICE: Kind.OFFICE,
    Sort.RANK: Kind.OFFICE,
    Sort.HONORIFIC: Kind.OFFICE,
    Sort.OFFICIALS: Kind.OFFICIALS,
    Sort.BODY: Kind.BODY,
    Sort.FORCES: Kind.FORCES,
    Sort.PEOPLE: Kind.PEOPLE,
    Sort.PRIVATE: Kind.PRIVATE,
    Sort.KIN: Kind.PRIVATE,
    Sort.DOCUMENT: Kind.DOCUMENT,
}
_TAKES_NAME = frozenset({Sort.OFFICE, Sort.RANK, Sort.HONORIFIC, Sort.PRIVATE, Sort.KIN})
_IN_PLACES = frozenset({Sort.PEOPLE, Sort.OFFICIALS, Sort.BODY})
_TAKES_OF = HEADS - {Sort.HONORIFIC, Sort.RANK}


def find(document: Document) -> list[Phrase]:
    """All phrases of a document, in order; they do not overlap."""
    return _Reader(document.tokens, document.sentences).read()


def find_in(tokens: tuple[Token, ...]) -> list[Phrase]:
    """All phrases of a headline or another lone string of tokens."""
    return _Reader(tokens, (Span(0, tokens[-1].end),) if tokens else ()).read()


_NORMAL = {
    "defense": "defence",
    "spokesman": "spokesperson",
    "spokeswoman": "spokesperson",
    "pm": "prime minister",
    "premier": "prime minister",
    "leaders": "leader",
    "ministers": "minister",
    "officials": "official",
    "secretary-general": "secretary general",
}


def _uncontracted(word: str) -> str:
    """A pronoun for people without the verb that is drawn into it: "he" of "he'd"."""
    pronoun = names.without_verb(word)
    return pronoun if pronoun in _PRONOUNS and pronoun != "it" else word


class _Reader:
    """Reads the phrases of one string of tokens."""

    def __init__(self, tokens: tuple[Token, ...], sentences: tuple[Span, ...]) -> None:
        self.tokens = tokens
        self.lower = tuple(_uncontracted(t.lower) for t in tokens)
        known = gazetteer()
        self.nouns = known.nouns
        self.found = [known.find(tokens, self.lower, i) or self._hyphenated(i) for i in range(len(tokens))]
        self._place_georgia()
        self._name_bill()
        starts = [s.start for s in sentences]
        self.sentence = [bisect_right(starts, t.start) - 1 for t in tokens]
        self.names = names.candidates(tokens, self.sentence, [entry is not None for entry in self.found])

    def _hyphenated(self, at: int) -> Entry | None:
        """The actor in "Poland-backed" and "NATO-led"."""
        if "-" not in self.lower[at]:
            return None
        name, _, rest = self.tokens[at].text.partition("-")
        entry = gazetteer().word(name) if name and rest[:1].islower() and rest not in ("based", "born") else None
        if entry is None or entry.sort not in (Sort.STATE, Sort.DEMONYM, Sort.ORGANISATION):
            return None
        return replace(entry, words=(self.lower[at],))

    def _place_georgia(self) -> None:
        words = set(self.lower)
        if "georgia" in words and words & _AMERICAN and not words & _CAUCASIAN:
            america = gazetteer().states["USA"]
            for i, entry in enumerate(self.found):
                if entry is not None and entry.actor is not None and entry.actor.id == "GEO":
                    self.found[i] = replace(entry, sort=Sort.PLACE, actor=america)

    def _is_title(self, at: int) -> bool:
        entry = self.found[at]
        return entry is not None and entry.sort in (Sort.RANK, Sort.OFFICE, Sort.HONORIFIC)

    def _name_bill(self) -> None:
        """Makes "Bill" a name before one: "Vice Adm. Bill Nowak" passed no law."""
        for i, token in enumerate(self.tokens[:-1]):
            following = self.tokens[i + 1]
            opens = i == 0 or not (self.lower[i - 1] in _ARTICLES or self.tokens[i - 1].text[0].isupper()) or self._is_title(i - 1)
            if token.text == "Bill" and opens and following.text[0].isupper() and following.text.isalpha() and self.found[i + 1] is None:
                self.found[i] = None

    def read(self) -> list[Phrase]:
        """All phrases, in order."""
        phrases: list[Phrase] = []
        at = 0
        while at < len(self.tokens):
            lower = self.lower[at]
            if self.found[at] is None and not self.names[at] and lower not in _STARTS:
                at += 1
                continue
            if lower == "it" and self._is_expletive(at):
                at += 1
                continue
            phrase = self._pronoun(at) if lower in _PRONOUNS else self.phrase(at)
            if phrase is None:
                at += 1
                continue
            phrase.sentence = self.sentence[phrase.start]
            self._own(phrase, phrases)
            phrases.append(phrase)
            at = phrase.end
        return phrases

    def _is_expletive(self, at: int) -> bool:
        """Whether "it" refers to nobody: "it is difficult for us to say", "it was clear that"."""
        following = self.lower[at + 1 : at + 10]
        if not following or following[0] not in _COPULAS:
            return False
        clause = next((k for k, word in enumerate(following) if word in (",", ".", "?", "!", ";", "and", "but")), len(following))
        return any(word in ("to", "that", "who", "whether") for word in following[2:clause])

    def _pronoun(self, at: int) -> Phrase:
        return Phrase(at, at + 1, Kind.PRONOUN, gender=_PRONOUNS[self.lower[at]])

    def _own(self, phrase: Phrase, before: list[Phrase]) -> None:
        """Notes the owner: "Nowak's government", "the Nowak government"."""
        if before and phrase.head is not None and not phrase.determiner:
            owner = before[-1]
            gap = phrase.start - owner.end
            if gap == 0 or (gap == 1 and self.lower[owner.end] in _GENITIVES):
                phrase.owner = owner

    def phrase(self, at: int, depth: int = 0) -> Phrase | None:
        """The phrase that starts at a token, or None."""
        start = at
        determiner = ""
        if self.lower[at] in _ARTICLES or self.lower[at] in _POSSESSIVES:
            determiner = self.lower[at]
            at += 1
        if at >= len(self.tokens):
            return None
        phrase, at = self._core(start, at, determiner)
        if phrase.head is None:
            return self._noun(phrase) or self._nameless(phrase, at)
        after = self._of(phrase, at, depth)
        while after > at:
            at, after = after, self._of(phrase, after, depth)
        if phrase.head.sort in _TAKES_NAME:
            at = self._named(phrase, at)
        if phrase.kind is Kind.PERSON:
            at = self._of_body(phrase, at)
        phrase.end = at
        if depth == 0 and phrase.kind in (Kind.OFFICE, Kind.PERSON, Kind.PRIVATE):
            self._apposed(phrase)
        if depth == 0 and not self._stands(phrase):
            return None
        return phrase

    def _core(self, start: int, at: int, determiner: str) -> tuple[Phrase, int]:
        """Names, modifiers and heads, as far as they follow one another; the second value is where they end."""
        phrase = Phrase(start, at, Kind.ACTOR, determiner=determiner)
        roles: set[str] = set()
        while at < len(self.tokens) and self.sentence[at] == self.sentence[start]:
            entry = self.found[at]
            if entry is None:
                if self._may_skip(at, phrase, roles):
                    at += 1
                    continue
                break
            after = at + len(entry.words)
            if entry.sort in ACTORS:
                if phrase.head is not None and phrase.kind is Kind.PEOPLE and entry.sort is Sort.ORGANISATION:
                    phrase.head, phrase.kind = None, Kind.ACTOR
                    phrase.actors.clear()
                if phrase.head is not None or self._is_borne(at, phrase):
                    break
                if entry.sort is Sort.COLLECTIVE and self._tells_where(after):
                    at = after  # "western Libya"
                    continue
                phrase.actors.append(entry)
                phrase.end = at = after
                at = self._past_genitive(at)
                continue
            phrase.former |= entry.sort is Sort.FORMER
            if entry.sort is not Sort.FORMER:
                roles.update(_NORMAL.get(w, w) for w in entry.words)
            if entry.sort in HEADS and not self._is_deputy(entry, after):
                phrase.head, phrase.kind, phrase.end = entry, _KIND_OF_HEAD[entry.sort], after
                phrase.gender = entry.gender or phrase.gender
            at = after
        phrase.roles = frozenset(roles)
        return phrase, at if phrase.head is None else phrase.end

    def _is_deputy(self, entry: Entry, after: int) -> bool:
        """Whether "deputy" stands before the office that is meant: "Poland's deputy UN envoy"."""
        if entry.words != ("deputy",):
            return False
        following = self._found_at(after)
        if following is not None and following.sort in ACTORS:
            following = self._found_at(after + len(following.words))
        return following is not None and following.sort in HEADS | {Sort.MODIFIER}

    def _found_at(self, at: int) -> Entry | None:
        return self.found[at] if at < len(self.tokens) else None

    def _tells_where(self, after: int) -> bool:
        """Whether "western" and the like tell only where: before a place, "city", "border"."""
        if after >= len(self.tokens):
            return False
        following = self._found_at(after)
        return self.lower[after] in _WHERE or (following is not None and following.sort in ACTORS)

    def _past_genitive(self, at: int) -> int:
        if at < len(self.tokens) and self.lower[at] in _GENITIVES:
            at += 1 + (self.lower[at : at + 2] in (("'", "s"), ("’", "s")))  # "U.S.'s" falls into three tokens
        return at

    def _may_skip(self, at: int, phrase: Phrase, roles: set[str]) -> bool:
        """Whether an unknown word may stand here: "the taxi driver", "oil and finance minister"."""
        following = self._found_at(at + 1)
        if following is None or phrase.head is not None:
            return False
        if self.lower[at] == "and":
            return bool(roles) and following.sort in (Sort.MODIFIER, Sort.OFFICE)
        word = self.lower[at]
        plain = (word.isalpha() or word.endswith("-year-old")) and not self.tokens[at].text[0].isupper() and word not in names.NOT_NAMES
        opens = at == phrase.start + 1 and bool(phrase.determiner) and not phrase.actors
        return plain and (opens or (bool(roles) and not phrase.actors)) and following.sort in (Sort.OFFICE, Sort.PRIVATE)

    def _is_borne(self, at: int, phrase: Phrase) -> bool:
        """Whether a state's name here begins a person's: "Chad Smith"."""
        if phrase.actors or not self._bears(at) or at + 1 >= len(self.tokens) or not self.names[at + 1]:
            return False
        return at == 0 or self.lower[at - 1] not in _BEFORE_PLACES

    def _nameless(self, phrase: Phrase, at: int) -> Phrase | None:
        """A phrase without a head: an actor, the owner of a name ("CNN's Jan Nowak"), or a bare name."""
        if phrase.actors:
            first = phrase.actors[0]
            after = self._past_genitive(phrase.end)
            owns = after > phrase.end or "commissioner" in first.words  # "CNN's Jan Nowak", "UN High Commissioner for Refugees Jan Nowak"
            if len(phrase.actors) == 1 and owns and self._is_name_at(after):
                return self._affiliated(phrase, after)
            if first.sort is Sort.COLLECTIVE and first.cased == ("West",) and phrase.determiner != "the":
                return None
            phrase.end = self._index_of_first(phrase)
            phrase.actors = [first]
            before = self.lower[phrase.start - 1] if phrase.start else ""
            phrase.located = before in _LOCATIVE
            return phrase
        at = phrase.start + bool(phrase.determiner)
        if not self._is_name_at(at):
            return None
        end = self._name_end(at)
        name = Phrase(phrase.start, end, Kind.NAME, name=self._words(at, end), determiner=phrase.determiner)
        name.end = self._of_body(name, end)
        self._apposed(name)
        return name

    def _noun(self, phrase: Phrase) -> Phrase | None:
        """A noun that stands for an organisation: "the alliance"."""
        at = phrase.start + 1
        if phrase.determiner not in ("the", "this", "its", "their") or at >= len(self.tokens) or self.lower[at] not in self.nouns:
            return None
        named = self.tokens[at].text[0].isupper() and self.lower[at + 1 : at + 2] in (("of",), ("for",))  # "the Movement for Change"
        if phrase.actors or named or self._is_name_at(at + 1):
            return None
        return Phrase(phrase.start, at + 1, Kind.NOUN, roles=frozenset({self.lower[at]}), determiner=phrase.determiner)

    def _index_of_first(self, phrase: Phrase) -> int:
        at = phrase.start
        while self.found[at] is not phrase.actors[0]:
            at += 1
        return at + len(phrase.actors[0].words)

    def _affiliated(self, phrase: Phrase, at: int) -> Phrase:
        end = self._name_end(at)
        named = Phrase(phrase.start, end, Kind.NAME, name=self._words(at, end), actors=phrase.actors, former=phrase.former)
        if phrase.actors[0].sort in (Sort.ORGANISATION, Sort.MEDIA, Sort.SEAT):
            named.kind = Kind.PERSON
        self._apposed(named)
        return named

    def _is_name_at(self, at: int) -> bool:
        if at >= len(self.tokens):
            return False
        return self.names[at] or (self._bears(at) and at + 1 < len(self.tokens) and self.names[at + 1])

    def _bears(self, at: int) -> bool:
        """Whether a token is a place's name that people bear too."""
        return self.lower[at] in BORNE and self.tokens[at].text[0].isupper()

    def _name_end(self, at: int) -> int:
        """Where a proper name ends that starts at a token."""
        end = at + 1
        while end < len(self.tokens) and end - at < _MANY_WORDS:
            if self.names[end] and self.sentence[end] == self.sentence[at]:
                end += 1
            elif self.lower[end] in _PARTICLES and end + 1 < len(self.tokens) and self.names[end + 1]:
                end += 2
            elif self.names[end - 1] and (self._bears(end) or self._is_titular(at, end) or self._is_last_name(end)):
                return end + 1
            else:
                break
        return end

    def _is_last_name(self, at: int) -> bool:
        """Whether a place's name is somebody's: "Mohammed Sabah al Salman", or "MC Swat" twice, but not "under Nowak Aleppo thrived"."""
        entry = self.found[at]
        if entry is None or entry.sort is not Sort.PLACE or len(entry.words) > 1 or at + 1 >= len(self.tokens):
            return False
        if self.lower[at + 1] in _PARTICLES or self.names[at + 1]:
            return True
        return self._before_places[self.lower[at - 1 : at + 1]] > 1

    @cached_property
    def _before_places(self) -> Counter[tuple[str, ...]]:
        """How often each word stands before a place's name, by both words; counted once, so that time stays linear."""
        places = {self.lower[i] for i, entry in enumerate(self.found) if entry is not None and entry.sort is Sort.PLACE}
        return Counter(pair for pair in zip(self.lower, self.lower[1:], strict=False) if pair[1] in places)

    def _is_titular(self, start: int, at: int) -> bool:
        """Whether a token is a title that people bear as their last name too: "Nick Pope", but not "the Zulu King"."""
        if self.lower[at] not in _TITULAR or not self.tokens[at].text[0].isupper() or self._is_name_at(at + 1):
            return False
        return not (start and self.lower[start - 1] in _ARTICLES)

    def _words(self, start: int, end: int) -> tuple[str, ...]:
        return tuple(t.text for t in self.tokens[start:end])

    def _of(self, phrase: Phrase, at: int, depth: int) -> int:
        """Reads "of the Foreign Ministry", "for Russia"; returns where the phrase ends."""
        head = phrase.head
        if head is None or head.sort not in _TAKES_OF or at + 1 >= len(self.tokens) or depth > 2:
            return at
        word = self.lower[at]
        if word not in ("of", "for", "at", "from", "with") and not (word == "in" and head.sort in _IN_PLACES):
            return at
        nested = self.phrase(at + 1, depth + 1)
        if nested is None:
            return self._portfolio(phrase, at + 1) if word in ("of", "for") else at
        if word == "in" and head.sort is Sort.BODY and not self._sits(phrase, nested):
            return at
        if nested.kind in (Kind.NAME, Kind.PERSON) and not nested.actors and word not in ("of", "for"):
            return at
        if word == "in" and nested.kind is Kind.ACTOR and nested.actors[0].sort is Sort.DEMONYM:  # "officials in the Egyptian capital"
            return at
        phrase.of = nested if phrase.of is None or nested.actors else phrase.of
        return nested.end

    def _sits(self, phrase: Phrase, nested: Phrase) -> bool:
        """Whether a capital tells whose body it is: "the Defence Ministry in London", not an embassy there."""
        in_capital = nested.kind is Kind.ACTOR and nested.actors[0].sort is Sort.CAPITAL
        return in_capital and phrase.determiner not in _POSSESSIVES and not phrase.roles & ABROAD

    def _portfolio(self, phrase: Phrase, at: int) -> int:
        """Reads "of defence", "of foreign affairs" into the roles."""
        start, words = at, set(phrase.roles)
        while at < len(self.tokens) and (entry := self.found[at]) is not None and entry.sort is Sort.MODIFIER:
            words.update(_NORMAL.get(w, w) for w in entry.words)
            at += len(entry.words)
        phrase.roles = frozenset(words)
        return at if at > start else start - 1

    def _of_body(self, phrase: Phrase, at: int) -> int:
        """Reads "of Poland" after "President Jan Nowak", "from the Free Syrian Army" after a name; returns where the phrase ends."""
        comma = at < len(self.tokens) and self.lower[at] == ","
        start = at + comma
        if start + 1 >= len(self.tokens) or self.lower[start] not in ("of", "from") or phrase.actors or phrase.of is not None:
            return at
        nested = self.phrase(start + 1, 1)
        if nested is not None and nested.kind is Kind.ACTOR and phrase.head is not None and phrase.head.sort is Sort.RANK:
            nested.end = self._name_end(nested.end) if self._is_name_at(nested.end) else nested.end  # "Colonel Nowak of the Mali Rifles"
        if nested is None or not self._closes(nested.end, comma=comma):
            return at
        body = self._is_somebodys(nested) and not comma
        if (body and phrase.head is None) or (nested.kind is Kind.ACTOR and self._has_people(phrase, nested.actors[0], self.lower[start])):
            phrase.actors = nested.actors
        elif body or (nested.kind is Kind.PEOPLE and not comma):
            phrase.of = nested
        else:
            return at
        return nested.end

    def _is_somebodys(self, phrase: Phrase) -> bool:
        """Whether a body or forces tell whose they are: "the Polish navy"."""
        whose = phrase.actors[0].sort if phrase.kind in (Kind.BODY, Kind.FORCES) and phrase.actors else None
        return whose in (Sort.STATE, Sort.DEMONYM, Sort.ORGANISATION)

    def _closes(self, at: int, *, comma: bool) -> bool:
        """Whether what somebody belongs to ends here; what a comma opened, one must close."""
        if at >= len(self.tokens):
            return True
        return self.lower[at] == "," if comma else not (self._is_name_at(at) or self.lower[at] == "to")

    def _has_people(self, phrase: Phrase, entry: Entry, word: str) -> bool:
        """Whether somebody "of" it speaks for it: of a state whoever has an office or a rank; "from" may tell where officials come from."""
        head = phrase.head
        if entry.sort is Sort.STATE:
            return head is not None and word == "of"
        if word == "from" and head is not None and head.sort not in (Sort.RANK, Sort.PRIVATE):
            return False
        return entry.sort is Sort.ORGANISATION and not _NO_EMPLOYER & set(entry.nouns)

    def _named(self, phrase: Phrase, at: int) -> int:
        """Reads the name that follows an office; returns where it ends."""
        if at < len(self.tokens) and self._bears(at) and not self.names[at] and not phrase.actors:
            end = at + 1 if not self._is_name_at(at) else self._name_end(at)
        elif self._is_name_at(at):
            end = self._name_end(at)
        else:
            return at
        phrase.name = self._words(at, end)
        phrase.kind = Kind.PERSON
        return end

    def _apposed(self, phrase: Phrase) -> None:
        """Reads what follows a comma: "Nowak, the Polish president", "the Polish president, Jan Nowak,"."""
        at = phrase.end
        if at + 1 >= len(self.tokens) or self.tokens[at].text != "," or self.sentence[at + 1] != self.sentence[at]:
            return
        if phrase.kind in (Kind.PERSON, Kind.NAME):
            other = self.phrase(at + 1, 1)
            if other is not None and other.kind in (Kind.OFFICE, Kind.PRIVATE) and other.head is not None and not other.head.plural:
                self._merge(phrase, other)
            return
        at += 1
        while at < len(self.tokens) and (entry := self.found[at]) is not None and entry.sort in (Sort.RANK, Sort.HONORIFIC):
            phrase.gender = phrase.gender or entry.gender
            at += len(entry.words)
        if self._is_name_at(at):
            end = self._name_end(at)
            closes = end >= len(self.tokens) or self.tokens[end].text in ",.;)—–” and who"
            if closes or self.sentence[phrase.start] != self.sentence[phrase.start - 1]:
                phrase.name, phrase.kind, phrase.end = self._words(at, end), Kind.PERSON, end

    def _merge(self, phrase: Phrase, other: Phrase) -> None:
        """Takes an apposed office into the phrase of the person."""
        if phrase.head is None or phrase.head.sort is Sort.HONORIFIC or not phrase.actors:
            phrase.actors = phrase.actors or other.actors
            phrase.of = phrase.of or other.of
        phrase.head = other.head if phrase.head is None or phrase.head.sort in (Sort.HONORIFIC, Sort.RANK) else phrase.head
        phrase.roles |= other.roles
        phrase.former |= other.former
        phrase.gender = phrase.gender or other.gender
        phrase.determiner = other.determiner if other.determiner in _POSSESSIVES else phrase.determiner
        phrase.kind, phrase.end = Kind.PERSON, other.end

    def _stands(self, phrase: Phrase) -> bool:
        """Whether a headed phrase is one at all: "head", "state" and "report" are verbs and plain words too."""
        if phrase.name or phrase.determiner or phrase.actors or phrase.of is not None:
            return True
        if phrase.head is None or phrase.head.sort is Sort.HONORIFIC:
            return False
        if phrase.head.plural or len(phrase.roles) > 1 or phrase.kind is Kind.PRIVATE:
            return True
        return self.tokens[phrase.end - 1].text[0].isupper() or self._follows_name(phrase)

    def _follows_name(self, phrase: Phrase) -> bool:
        return phrase.start > 0 and (self.names[phrase.start - 1] or self.lower[phrase.start - 1] in _GENITIVES)
