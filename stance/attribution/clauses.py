"""A view of a document's tokens for reading clauses: noun phrases before a verb, what may stand between a cue and its content.

Positions are token indices; ranges are half-open.
"""

from __future__ import annotations

from dataclasses import dataclass

from stance.attribution import words as w
from stance.attribution.lexicon import Cue, Form, cues
from stance.attribution.quotes import Quote
from stance.types import Document, Span, Token

_BREAKS = frozenset(",;:()[]—–-…") | {"--", "...", "|"}
_MARKS = frozenset("\"“”„«»‘’'‹›")
_MAX_SUBJECT = 28


@dataclass(frozen=True, slots=True)
class View:
    """Tokens of a document with the quotation that each of them stands in.

    Attributes:
        tokens: The document's tokens.
        quotes: The document's quotations.
        quote_of: For each token the index of its quotation (marks included), or -1.
    """

    tokens: tuple[Token, ...]
    quotes: tuple[Quote, ...]
    quote_of: tuple[int, ...]

    @classmethod
    def of(cls, document: Document, quotes: tuple[Quote, ...]) -> View:
        """The view of a document."""
        quote_of = [-1] * len(document.tokens)
        at = 0
        for index, token in enumerate(document.tokens):
            while at < len(quotes) and quotes[at].outer.end <= token.start:
                at += 1
            if at < len(quotes) and quotes[at].outer.start <= token.start:
                quote_of[index] = at
        return cls(document.tokens, quotes, tuple(quote_of))

    def lower(self, index: int) -> str:
        """The token's lower-case form; "" outside the document."""
        return self.tokens[index].lower if 0 <= index < len(self.tokens) else ""

    def is_name(self, index: int) -> bool:
        """Whether the token is capitalised."""
        return 0 <= index < len(self.tokens) and self.tokens[index].text[0].isupper()

    def is_quoted(self, index: int) -> bool:
        """Whether the token stands in a quotation or is one of its marks."""
        return 0 <= index < len(self.tokens) and self.quote_of[index] >= 0

    def breaks(self, index: int) -> bool:
        """Whether a clause breaks at this token: punctuation or a quotation."""
        return not 0 <= index < len(self.tokens) or self.tokens[index].text in _BREAKS or self.quote_of[index] >= 0

    def span(self, start: int, end: int) -> Span:
        """The characters of a token range."""
        return Span(self.tokens[start].start, self.tokens[end - 1].end)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A cue as it stands: its verb group and its words.

    Attributes:
        cue: The lexicon's entry.
        group: Where the verb group starts ("has" in "has repeatedly said").
        start: Where the cue's own words start.
        end: Where they end.
        negated: Whether the group denies it ("did not say").
        passive: Whether the group is passive ("was told").
    """

    cue: Cue
    group: int
    start: int
    end: int
    negated: bool
    passive: bool


def cue_phrases(view: View, lo: int, hi: int) -> list[Phrase]:
    """Every cue verb outside quotations in a token range."""
    lexicon = cues()
    found: list[Phrase] = []
    at = lo
    while at < hi:
        phrase = None
        if view.quote_of[at] < 0 and view.tokens[at].lower in lexicon and not (view.is_name(at) and at > lo):
            phrase = _phrase(view, at, lo, hi, lexicon[view.tokens[at].lower])
        if phrase:
            found.append(phrase)
        at = phrase.end if phrase else at + 1
    return found


def _phrase(view: View, at: int, lo: int, hi: int, entries: tuple[Cue, ...]) -> Phrase | None:
    for cue in entries:
        end = at + len(cue.words)
        if end <= hi and all(view.lower(at + k) == word for k, word in enumerate(cue.words)):
            group = _group_start(view, at, lo)
            before = [view.lower(k) for k in range(group, at)]
            negated = any(b in w.NEGATIONS for b in before)
            passive = cue.form is Form.FINITE and any(b in w.BE for b in before) and not (before and before[-1] in w.HAVE)
            phrase = Phrase(cue, group, at, end, negated, passive)
            return phrase if _is_verb(view, phrase, lo, hi, before) else None
    return None


def _group_start(view: View, at: int, lo: int) -> int:
    start = at
    while start > lo and not view.is_quoted(start - 1):
        word = view.lower(start - 1)
        if not (word in w.AUXILIARIES or word in w.ADVERBS or word in w.NEGATIONS or (word.endswith("ly") and not view.is_name(start - 1))):
            break
        start -= 1
    while start < at and view.lower(start) in ("today", "yesterday"):  # "officials in Kyiv yesterday said"
        start += 1
    return start


def _is_verb(view: View, phrase: Phrase, lo: int, hi: int, before: list[str]) -> bool:
    """Whether a form that may be a noun or an adjective is a verb here."""
    word, cue = view.lower(phrase.start), phrase.cue
    previous = view.lower(phrase.group - 1) if phrase.group > lo else ""
    following = view.lower(phrase.end) if phrase.end < hi else ""
    if cue.form is Form.PARTICIPLE:
        if cue.noun and not cue.clause and (previous in w.PREPOSITIONS or previous != "," and phrase.group > lo):
            return False
        return not (previous in w.DETERMINERS or previous == "'s" or (word in w.NOUN_OR_VERB and following in ("of", "to", "for", "in", "on")))
    if before:
        return not any(b in w.MODALS for b in before) or (cue.lemma == "say" and before[-1] in ("will", "would"))
    if previous == "to":
        return False
    if previous in w.DETERMINERS and previous not in ("that", "some", "many", "both", "all") or previous == "'s":
        return False
    if cue.form is Form.BASE:
        if word == "say" and (previous == "," or view.is_quoted(phrase.group - 1)):
            return True  # "..., say analysts"
        plural = previous in ("i", "we", "you", "they", "who", "some", "many", "others", "both", "and") or (previous.endswith("s") and previous not in w.POSSESSIVES)
        return plural or (view.is_name(phrase.group - 1) and word == "say") or previous in ("people", "police", "media")
    if word in w.NOUN_OR_VERB and not (word.endswith("ed") and following in (".", ",")):
        if previous in w.PREPOSITIONS or following in ("of", "in", "about", "from", "by", "and", ".", ",", "against", "over"):
            return phrase.cue.lemma in ("tell",) and following != "."
        return previous in ("", ",", "and", "but") or previous in w.SUBJECT_PRONOUNS or view.is_name(phrase.group - 1) or following in w.COMPLEMENTISERS | w.DETERMINERS | w.SUBJECT_PRONOUNS or view.is_quoted(phrase.end)
    return previous not in w.PREPOSITIONS


def subject_before(view: View, at: int, lo: int) -> tuple[int, int] | None:
    """The noun phrase that ends right before position `at`: the subject of the verb there; None if a clause breaks there."""
    end = at
    while end > lo and view.lower(end - 1) == ")":  # "Smith (R-Ohio) said"
        opening = next((k for k in range(end - 2, max(lo, end - 15) - 1, -1) if view.lower(k) == "("), None)
        if opening is None:
            return None
        end = opening
    if end <= lo:
        return None
    if view.lower(end - 1) == ",":
        return _before_apposition(view, end - 1, lo)
    start = noun_phrase_start(view, end, lo)
    if start - 1 > lo and end - start > 1 and view.lower(start - 1) in w.RELATIVE and any(_is_past(view.lower(k)) or view.lower(k) in w.AUXILIARIES for k in range(start, end)):
        end = start - 1  # "the resolution that ushered in the mission ruled out"
        start = noun_phrase_start(view, end, lo)
        return (start, end) if start < end else None
    return (start, at) if start < end else None


def _before_apposition(view: View, comma: int, lo: int) -> tuple[int, int] | None:
    """The noun phrase before ", the NATO chief," that ends at `comma`, with its apposition."""
    nearest: tuple[int, int] | None = None
    for k in range(comma - 1, max(lo, comma - 40), -1):
        if view.lower(k) != "," or view.is_quoted(k) or view.lower(k - 1) == ",":
            continue
        start = noun_phrase_start(view, k, lo)
        if start >= k:
            continue
        opener = view.lower(k + 1)
        if opener in w.DETERMINERS | w.RELATIVE | w.PREPOSITIONS or opener.endswith(("ing", "ed")) or opener.isdigit():
            return start, comma
        nearest = nearest or (start, comma)
    return nearest


def noun_phrase_start(view: View, end: int, lo: int) -> int:
    """Where the noun phrase that ends at `end` starts; `end` itself if there is none."""
    last = view.lower(end - 1)
    if last in w.SUBJECT_PRONOUNS:
        return end - 1
    start = end
    while start > max(lo, end - _MAX_SUBJECT):
        word = view.lower(start - 1)
        if view.breaks(start - 1) or word in w.AUXILIARIES or word in w.SUBORDINATORS or word in ".?!":
            break
        if word == "and" and not _joins_nouns(view, start - 1, lo):
            break
        if word in w.DAYS and start < end:
            break
        if word in ("said", "says", "told") or (word in w.IRREGULAR_PAST and not view.is_name(start - 1)):
            break
        start -= 1
    while start < end and (view.lower(start) in w.PREPOSITIONS | w.ADVERBS | {"and"} or view.lower(start) in w.DAYS):
        if view.lower(start) in w.PREPOSITIONS and start + 1 < end and view.lower(start) not in ("of",):
            break
        start += 1
    return start


def _joins_nouns(view: View, at: int, lo: int) -> bool:
    if at <= lo or view.breaks(at - 1):
        return False
    before, after = at - 1, at + 1
    if view.is_name(before) and (view.is_name(after) or view.lower(after) in w.DETERMINERS):
        return True
    word = view.lower(before)
    verbs = any(view.lower(k) in w.AUXILIARIES or view.lower(k).endswith("ed") for k in range(max(lo, at - 8), at))
    return not verbs and word not in w.SUBJECT_PRONOUNS and view.lower(after) not in w.SUBJECT_PRONOUNS


def subject_of_sentence(view: View, lo: int, hi: int) -> tuple[int, int] | None:
    """A guess at the subject of the main clause: the first noun phrase after an introductory phrase."""
    start = lo
    if view.lower(lo) in w.PREPOSITIONS or view.lower(lo) in w.SUBORDINATORS or view.lower(lo) in w.ADVERBS or view.lower(lo).endswith("ing"):
        start = next((k + 1 for k in range(lo, min(hi, lo + 30)) if view.lower(k) == "," and not view.is_quoted(k)), lo)
    end = start
    while end < min(hi, start + 15):
        word = view.lower(end)
        if view.breaks(end) or word in w.AUXILIARIES or word in w.RELATIVE or (end > start and not view.is_name(end) and _is_past(word)):
            break
        if end > start and (word in w.ADVERBS or word.endswith("ly")):
            break
        end += 1
        if word in w.SUBJECT_PRONOUNS and end == start + 1:
            break
    return (start, end) if end > start else None


def _is_past(word: str) -> bool:
    return word in w.IRREGULAR_PAST or (word.endswith("ed") and len(word) > 4)


def noun_phrase_end(view: View, start: int, hi: int) -> int:
    """Where the noun phrase that starts at `start` ends, appositions included; for sources after an inverted cue."""
    end = start
    if view.lower(start) in w.SUBJECT_PRONOUNS:
        return start + 1
    while end < min(hi, start + 30):
        word = view.lower(end)
        if word == "," and _apposition(view, end, hi):
            end += 1
            continue
        if view.breaks(end) or word in ".?!" or word in w.SUBORDINATORS - {"or"} or word in w.AUXILIARIES:
            break
        if end > start and (word in w.DAYS or (word in ("in", "on", "at", "during", "by", "to") and _is_circumstance(view, end, hi))):
            break
        if end > start and (word in w.TIMES and word not in ("may", "march", "this") and not view.is_name(end)):
            break
        if end > start and word.endswith("ing") and not view.is_name(end) and word not in ("morning", "evening", "king"):
            break
        end += 1
    return end - 1 if end > start + 1 and view.lower(end - 1) == "," else end


def _apposition(view: View, comma: int, hi: int) -> bool:
    """Whether what follows a comma describes the name before it ("Smith, a spokesman for the ministry")."""
    following = view.lower(comma + 1)
    if following in ("a", "an", "the"):
        return True
    return not view.is_name(comma + 1) and not view.breaks(comma + 1) and following not in w.SUBORDINATORS | w.PREPOSITIONS | w.ADVERBS | {"and"} and not following.endswith("ing") and following not in w.SUBJECT_PRONOUNS


def _is_circumstance(view: View, at: int, hi: int) -> bool:
    """Whether a prepositional phrase tells where, when or how something was said."""
    return any(view.lower(k) in w.VENUES or view.lower(k) in w.DAYS or view.lower(k) in w.MONTHS for k in range(at + 1, min(hi, at + 7)) if not any(view.breaks(b) for b in range(at + 1, k)))


def skip_circumstances(view: View, at: int, hi: int) -> int:
    """The position after adverbs, times, places and occasions that stand between a cue and its content."""
    while at < hi and not view.is_quoted(at):
        word = view.lower(at)
        if word in w.DAYS or (word in w.ADVERBS and word not in ("since", "once", "even", "just", "still", "now")) or (word.endswith("ly") and word not in ("only", "family", "italy", "early")):
            at += 1
        elif word in ("this", "last", "next", "earlier", "early", "late") and view.lower(at + 1) in w.TIMES:
            at += 2
        elif word in w.PREPOSITIONS | {"as"} and (end := _circumstance_end(view, at, hi)) > at:
            at = end
        elif word == "," and (end := _parenthesis_end(view, at, hi)) > at:
            at = end
        else:
            break
    return at


def _parenthesis_end(view: View, at: int, hi: int) -> int:
    """The end of ", in a statement," or ", however,"; `at` if there is none."""
    for k in range(at + 1, min(hi, at + 12)):
        if view.lower(k) == "," and not view.is_quoted(k):
            first = view.lower(at + 1)
            return k + 1 if first in w.PREPOSITIONS | w.ADVERBS else at
    return at


def _circumstance_end(view: View, at: int, hi: int) -> int:
    """The end of a prepositional phrase of time, place or occasion; `at` if it belongs to the content."""
    known = False
    for k in range(at + 1, min(hi, at + 16)):
        word = view.lower(k)
        if word == "that" and k > at + 1:
            return k
        if view.is_quoted(k) or word in (":", ","):
            return k if known else at
        if word in w.VENUES or word in w.DAYS or word in w.MONTHS or word in w.AUDIENCES or word in ("week", "month", "year"):
            known = True
            after = view.lower(k + 1)
            if after in w.VENUES or after in w.TIMES or after in w.MONTHS or after.isdigit() or after in ("of", "with", "to") or (after in w.PREPOSITIONS and after not in ("of",)):
                continue
            return k + 1
        if word in ".?!;" or word in w.AUXILIARIES or word in w.SUBJECT_PRONOUNS:
            return k if known and word in ".?!;" else at
    return at


def skip_addressee(view: View, at: int, hi: int) -> int:
    """The position after the one spoken to: "told [the BBC] the talks had failed"."""
    word = view.lower(at)
    if word in w.OBJECT_PRONOUNS:
        return at + 1
    for k in range(at, min(hi, at + 16)):
        if view.lower(k) == "that" or view.is_quoted(k) or view.lower(k) == ":":
            return k
        if view.lower(k) in (",", ".", ";") or view.lower(k) in w.AUXILIARIES:
            break
    end = at
    if view.lower(end) in w.DETERMINERS:
        end += 1
        while end < hi and not view.breaks(end) and not view.is_name(end) and view.lower(end) not in w.DETERMINERS | w.SUBJECT_PRONOUNS | w.PREPOSITIONS | {".", "there"}:
            end += 1
    elif not view.is_name(end):
        while end < hi and (view.lower(end) in w.AUDIENCES or view.lower(end) in ("and", "a", "news")) :
            end += 1
        if end == at and view.lower(at + 1) in w.AUDIENCES:
            end = at + 2
    while end < hi and view.is_name(end) and view.lower(end) not in w.DAYS and not view.is_quoted(end):
        end += 1
    if view.lower(end) == "'s":
        end += 1
        while end < hi and (view.is_name(end) or view.lower(end) in w.VENUES):
            end += 1
    return end
