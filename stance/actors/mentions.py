"""Mentions: the phrases of a text that refer to actors, to people and to bodies, found in one pass over its tokens.

A phrase is read left to right by a small grammar: determiner, names and modifiers, head, "of" phrase, personal name, apposition
("the former Polish foreign minister Jan Nowak", "Nowak, spokesman for the ministry"). Nothing is resolved here beyond what
the phrase itself says; that is the work of `stance.actors.coreference`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field, replace
from enum import StrEnum

from stance.actors.gazetteer import ACTORS, HEADS, Entry, Sort, gazetteer
from stance.types import Actor, Document, Span, Token

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
_PREFIXES = ("al-", "el-", "as-", "ar-", "an-", "ad-", "ash-", "at-", "az-", "d’", "d'", "bin-")
_GENITIVES = frozenset({"'s", "'", "’"})
#: Capitalised words that are no names: days, months, and words that open sentences and headlines.
_NOT_NAMES = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday january february july september october november december sept
    oct nov dec i we you he she it they who what which when where why how the a an this that these those there here his her
    its their our my your and but or nor so yet for if as at by in on of to from with without after before during since
    until while although though because despite however meanwhile also then now today yesterday tomorrow earlier later still
    again once only just even not no yes some many most more several few all both each every any other another such speaking
    according asked addressing following amid among against about above over under between through across along near instead
    indeed thus therefore perhaps maybe never always often sometimes recently previously currently additionally furthermore
    moreover nevertheless nonetheless finally first second third next last let please thank thanks well god islam internet
    english are is was were be been being have has had do does did will would can could should might must shall ahead
    announcing regarding updated photo image video read share source reuters/ap breaking news quote unquote islamic muslim
    muslims christian christians jewish jews jew sunni sunnis shia shiite shiites catholic western eastern northern southern
    arab cold war ramadan easter christmas am pm gmt est edt bst covid-19 coronavirus""".split()
)
#: Months that are names too, and words before which they are months.
_MONTHS = frozenset({"jan", "feb", "mar", "apr", "may", "jun", "june", "jul", "aug", "april", "august", "march"})
_BEFORE_MONTHS = frozenset(
    {
        "in",
        "of",
        "on",
        "since",
        "by",
        "until",
        "till",
        "last",
        "next",
        "this",
        "early",
        "late",
        "mid",
        "from",
        "between",
        "and",
        "to",
        "through",
    }
)
#: Names of states and capitals that people bear too.
BORNE = frozenset("""chad cuba georgia india israel jordan kenya lima london malta paris sydney victoria washington""".split())
_LOCATIVE = frozenset({"in", "at", "near", "outside", "around", "inside", "across", "throughout", "into", "over", "via"})
_WHERE = frozenset(
    """city cities town towns part parts region regions province provinces suburb suburbs border borders front side district districts
    mountains bank coast flank area areas outskirts village villages gate half desert neighborhood neighbourhood""".split()
)
_BEFORE_PLACES = _LOCATIVE | {"to", "from", "of", "with", "against", "between", "and"}
_CONTRACTED = re.compile(r"[’'](?:ve|ll|re|d|m|t)$|n[’']t$", re.IGNORECASE)
_MANY_WORDS = 6
_HEADING = 3  # words of a heading in capitals, at least
#: Words by which a text that names Georgia means the one in America, or the one in the Caucasus.
_AMERICAN = frozenset("""alabama atlanta carolina democrat democrats florida gop republican republicans savannah tennessee texas""".split())
_CAUCASIAN = frozenset({"tbilisi", "batumi", "abkhazia", "ossetia", "caucasus", "russia", "russian", "moscow", "armenia", "azerbaijan"})


class Kind(StrEnum):
    """What a phrase is headed by."""

    PERSON = "person"
    NAME = "name"
    ACTOR = "actor"
    OFFICE = "office"
    OFFICIALS = "officials"
    BODY = "body"
    FORCES = "forces"
    PEOPLE = "people"
    PRIVATE = "private"
    DOCUMENT = "document"
    NOUN = "noun"
    PRONOUN = "pronoun"


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
_TAKES_OF = HEADS - {Sort.HONORIFIC, Sort.RANK}
#: Heads for which the first of two actors counts: "Britain's UN ambassador" speaks for Britain.
_ABROAD = "diplomat"


@dataclass(slots=True)
class Phrase:
    """A phrase as it stands, in token indices (end exclusive).

    Attributes:
        start, end: Its tokens.
        kind: What heads it.
        name: The tokens of a personal or unknown proper name.
        head: The word that heads it, where the gazetteer has it.
        roles: Its words that tell an office or a body, normalised: {"foreign", "minister"}.
        actors: The actors that it names, in order; those of its "of" phrase last.
        determiner: Its article or possessive, lower case, or "".
        former: Whether it says "former".
        owner: The person in front of it ("Nowak's government"), or None.
        gender: "m", "f" or "".
        quoted: Whether it lies within quoted words (set in resolution).
        located: Whether it tells a place ("in Moscow").
        sentence: The number of its sentence.
    """

    start: int
    end: int
    kind: Kind
    name: tuple[str, ...] = ()
    head: Entry | None = None
    roles: frozenset[str] = frozenset()
    actors: list[Entry] = field(default_factory=list)
    determiner: str = ""
    former: bool = False
    owner: Phrase | None = None
    of: Phrase | None = None
    gender: str = ""
    quoted: bool = False
    located: bool = False
    sentence: int = 0
    actor: Actor | None = None

    def span(self, tokens: tuple[Token, ...]) -> Span:
        """Where it stands in the text."""
        return Span(tokens[self.start].start, tokens[self.end - 1].end)

    @property
    def category(self) -> str:
        """The class of its head, or ""."""
        return self.head.category if self.head else ""


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


class _Reader:
    """Reads the phrases of one string of tokens."""

    def __init__(self, tokens: tuple[Token, ...], sentences: tuple[Span, ...]) -> None:
        self.tokens = tokens
        self.lower = tuple(t.lower for t in tokens)
        known = gazetteer()
        self.nouns = known.nouns
        self.found = [known.find(tokens, self.lower, i) or self._hyphenated(i) for i in range(len(tokens))]
        self._place_georgia()
        starts = [s.start for s in sentences]
        self.sentence = [bisect_right(starts, t.start) - 1 for t in tokens]
        self.names = self._names()

    def _hyphenated(self, at: int) -> Entry | None:
        """The actor in "Poland-backed" and "NATO-led"."""
        if "-" not in self.lower[at]:
            return None
        name, _, rest = self.tokens[at].text.partition("-")
        entry = gazetteer().word(name) if name and rest[:1].islower() and rest != "based" else None
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

    def _names(self) -> list[bool]:
        """Which tokens can be part of a proper name that the gazetteer lacks."""
        opens = [self._opens(i) for i in range(len(self.tokens))]
        inner = {t.text for t, first in zip(self.tokens, opens, strict=True) if not first and t.text[0].isupper()}
        small = {t.lower for t in self.tokens if t.text[0].islower()}
        names = [self._is_name(i, opens[i], inner, small) for i in range(len(self.tokens))]
        self._hide_headings(names, small)
        return names

    def _opens(self, i: int) -> bool:
        """Whether a token opens a sentence or a quotation, where a capital tells nothing."""
        return i == 0 or self.sentence[i] != self.sentence[i - 1] or self.lower[i - 1] in "“\"‘'«„:—–-•…*"

    def _is_name(self, i: int, opens: bool, inner: set[str], small: set[str]) -> bool:
        token = self.tokens[i]
        text = token.text
        if self.found[i] is not None or token.lower in _NOT_NAMES or not text[0].isalpha():
            return False
        if not text[0].isupper():
            return text.startswith(_PREFIXES) and any(c.isupper() for c in text)
        if token.lower in _MONTHS and self._is_month(i):
            return False
        if token.lower.startswith(("pro-", "anti-")) or _CONTRACTED.search(text) or "/" in text:
            return False
        return not opens or text in inner or token.lower not in small

    def _hide_headings(self, names: list[bool], small: set[str]) -> None:
        """Keeps of the names in headings in capitals, where any word looks like one, those that stand elsewhere in the text too."""
        words: dict[int, list[bool]] = {}
        for token, sentence in zip(self.tokens, self.sentence, strict=True):
            if len(token.text) > 1 and token.text.isalpha():
                words.setdefault(sentence, []).append(token.text.isupper())
        shouted = {sentence for sentence, capitals in words.items() if len(capitals) >= _HEADING and all(capitals)}
        plain = [t for t, sentence in zip(self.tokens, self.sentence, strict=True) if sentence not in shouted]
        if shouted and plain:
            known = {t.lower for t in plain if t.text[0].isupper() and t.lower not in small}
            for i, sentence in enumerate(self.sentence):
                names[i] = names[i] and (sentence not in shouted or self.lower[i] in known)

    def _is_month(self, i: int) -> bool:
        before, after = self.tokens[i - 1] if i else None, self.tokens[i + 1] if i + 1 < len(self.tokens) else None
        if any(t is not None and t.text[0].isdigit() for t in (before, after)) or (before is not None and before.lower in _BEFORE_MONTHS):
            return True
        return not any(t is not None and t.text[0].isupper() for t in (before, after))

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
            return self._nameless(phrase, at) or self._noun(phrase)
        after = self._of(phrase, at, depth)
        while after > at:
            at, after = after, self._of(phrase, after, depth)
        if phrase.head.sort in _TAKES_NAME:
            at = self._named(phrase, at)
        if phrase.kind is Kind.PERSON and phrase.head.sort is not Sort.HONORIFIC:
            at = self._of_state(phrase, at)
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
        while at < len(self.tokens):
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
            if entry.sort in HEADS:
                phrase.head, phrase.kind, phrase.end = entry, _KIND_OF_HEAD[entry.sort], after
                phrase.gender = entry.gender or phrase.gender
            at = after
        phrase.roles = frozenset(roles)
        return phrase, at if phrase.head is None else phrase.end

    def _tells_where(self, after: int) -> bool:
        """Whether "western" and the like tell only where: before a place, "city", "border"."""
        if after >= len(self.tokens):
            return False
        following = self.found[after]
        return self.lower[after] in _WHERE or (following is not None and following.sort in ACTORS)

    def _past_genitive(self, at: int) -> int:
        if at < len(self.tokens) and self.lower[at] in _GENITIVES:
            at += 1 + (self.lower[at : at + 2] in (("'", "s"), ("’", "s")))  # "U.S.'s" falls into three tokens
        return at

    def _may_skip(self, at: int, phrase: Phrase, roles: set[str]) -> bool:
        """Whether an unknown word may stand here: "the taxi driver", "oil and finance minister"."""
        following = self.found[at + 1] if at + 1 < len(self.tokens) else None
        if following is None or phrase.head is not None:
            return False
        if self.lower[at] == "and":
            return bool(roles) and following.sort in (Sort.MODIFIER, Sort.OFFICE)
        word = self.lower[at]
        plain = (word.isalpha() or word.endswith("-year-old")) and not self.tokens[at].text[0].isupper() and word not in _NOT_NAMES
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
            if len(phrase.actors) == 1 and after > phrase.end and self._is_name_at(after):
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
        self._apposed(name)
        return name

    def _noun(self, phrase: Phrase) -> Phrase | None:
        """A noun that stands for an organisation: "the alliance"."""
        at = phrase.start + 1
        if phrase.determiner not in ("the", "this", "its", "their") or at >= len(self.tokens) or self.lower[at] not in self.nouns:
            return None
        return Phrase(phrase.start, at + 1, Kind.NOUN, roles=frozenset({self.lower[at]}), determiner=phrase.determiner)

    def _index_of_first(self, phrase: Phrase) -> int:
        at = phrase.start
        while self.found[at] is not phrase.actors[0]:
            at += 1
        return at + len(phrase.actors[0].words)

    def _affiliated(self, phrase: Phrase, at: int) -> Phrase:
        end = self._name_end(at)
        named = Phrase(phrase.start, end, Kind.NAME, name=self._words(at, end), actors=phrase.actors)
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
            elif self._bears(end) and self.names[end - 1]:
                return end + 1
            else:
                break
        return end

    def _words(self, start: int, end: int) -> tuple[str, ...]:
        return tuple(t.text for t in self.tokens[start:end])

    def _of(self, phrase: Phrase, at: int, depth: int) -> int:
        """Reads "of the Foreign Ministry", "for Russia"; returns where the phrase ends."""
        head = phrase.head
        if head is None or head.sort not in _TAKES_OF or at + 1 >= len(self.tokens) or depth > 2:
            return at
        word = self.lower[at]
        if word not in ("of", "for", "at", "from", "with") and not (word == "in" and head.sort in (Sort.PEOPLE, Sort.OFFICIALS)):
            return at
        nested = self.phrase(at + 1, depth + 1)
        if nested is None:
            return self._portfolio(phrase, at + 1) if word in ("of", "for") else at
        if nested.kind in (Kind.NAME, Kind.PERSON) and not nested.actors and word not in ("of", "for"):
            return at
        phrase.of = nested if phrase.of is None or nested.actors else phrase.of
        return nested.end

    def _portfolio(self, phrase: Phrase, at: int) -> int:
        """Reads "of defence", "of foreign affairs" into the roles."""
        start, words = at, set(phrase.roles)
        while at < len(self.tokens) and (entry := self.found[at]) is not None and entry.sort is Sort.MODIFIER:
            words.update(_NORMAL.get(w, w) for w in entry.words)
            at += len(entry.words)
        phrase.roles = frozenset(words)
        return at if at > start else start - 1

    def _of_state(self, phrase: Phrase, at: int) -> int:
        """Reads "of Poland" after "President Jan Nowak"; returns where the phrase ends."""
        if at + 1 < len(self.tokens) and self.lower[at] == "of" and not phrase.actors and phrase.of is None:
            start = at + 1 + (self.lower[at + 1] == "the")
            entry = self.found[start] if start < len(self.tokens) else None
            if entry is not None and entry.sort in (Sort.STATE, Sort.ORGANISATION):
                phrase.actors = [entry]
                return start + len(entry.words)
        return at

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
