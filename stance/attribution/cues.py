"""Cue verbs in a sentence: found by the lexicon, kept where the context makes them verbs."""

from __future__ import annotations

from dataclasses import dataclass

from stance.attribution import words as w
from stance.attribution.lexicon import Cue, Form, cues
from stance.attribution.phrases import is_past
from stance.attribution.view import View


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
        return _is_participle(view, phrase, lo, previous, following)
    if before:
        return not any(b in w.MODALS for b in before) or (cue.lemma == "say" and before[-1] in ("will", "would"))
    if word.endswith("ed") and is_past(previous) and not view.is_name(phrase.group - 1):
        return False  # "has endured repeated arrests"
    if previous in ("to", "'s") or (previous in w.DETERMINERS and previous not in ("that", "some", "many", "both", "all")):
        return False
    if cue.form is Form.BASE:
        return _is_plural(view, phrase, previous)
    if word in w.NOUN_OR_VERB and not (word.endswith("ed") and following in (".", ",")):
        return _is_verb_rather_than_noun(view, phrase, previous, following)
    return previous not in w.PREPOSITIONS


def _is_participle(view: View, phrase: Phrase, lo: int, previous: str, following: str) -> bool:
    if phrase.cue.noun and not phrase.cue.clause and (previous in w.PREPOSITIONS or (previous != "," and phrase.group > lo)):
        return False  # "a resolution condemning", "by declaring war"
    if previous in w.DETERMINERS or previous == "'s":
        return False
    return not (view.lower(phrase.start) in w.NOUN_OR_VERB and following in ("of", "to", "for", "in", "on"))


def _is_plural(view: View, phrase: Phrase, previous: str) -> bool:
    """Whether a base form has a subject that it agrees with."""
    say = view.lower(phrase.start) == "say"
    if say and (previous == "," or view.is_quoted(phrase.group - 1) or view.is_name(phrase.group - 1)):
        return True  # "..., say analysts"
    if previous in ("i", "we", "you", "they", "who", "some", "many", "others", "both", "and", "people", "police", "media"):
        return True
    return previous.endswith("s") and previous not in w.POSSESSIVES


def _is_verb_rather_than_noun(view: View, phrase: Phrase, previous: str, following: str) -> bool:
    if previous in w.PREPOSITIONS or following in ("of", "in", "about", "from", "by", "and", ".", ",", "against", "over"):
        return phrase.cue.lemma == "tell" and following != "."
    if previous in ("", ",", "and", "but") or previous in w.SUBJECT_PRONOUNS or view.is_name(phrase.group - 1):
        return True
    return following in w.COMPLEMENTISERS | w.DETERMINERS | w.SUBJECT_PRONOUNS or view.is_quoted(phrase.end)
