"""Noun phrases around a verb, found without a parser: where the subject before it starts, where the source after it ends."""

from __future__ import annotations

from stance.attribution import words as w
from stance.attribution.view import View

_MAX_SUBJECT = 28
_ENDS_PHRASE = (w.SUBORDINATORS - {"or"}) | w.AUXILIARIES | frozenset(".?!")
_NO_START = w.PREPOSITIONS | w.ADVERBS | w.DAYS | {"and"}
_OPENS_APPOSITION = w.DETERMINERS | w.RELATIVE | w.PREPOSITIONS
_NO_APPOSITION = w.SUBORDINATORS | w.PREPOSITIONS | w.ADVERBS | {"and"}
_OPENS_INTRODUCTION = w.PREPOSITIONS | w.SUBORDINATORS | w.ADVERBS


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
    if (
        start - 1 > lo
        and end - start > 1
        and view.lower(start - 1) in w.RELATIVE
        and any(is_past(view.lower(k)) or view.lower(k) in w.AUXILIARIES for k in range(start, end))
    ):
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
        if opener.isdigit() and len(opener) == 4:
            continue  # the year of a date
        if opener in _OPENS_APPOSITION or opener.endswith(("ing", "ed")) or opener.isdigit():
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
    while start < end and view.lower(start) in _NO_START:
        if view.lower(start) in w.PREPOSITIONS and start + 1 < end and view.lower(start) != "of":
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
    if view.lower(lo) in _OPENS_INTRODUCTION or view.lower(lo).endswith("ing"):
        stop = min(hi, lo + 30)
        comma = view.next_comma(lo, stop)
        start = comma + 1 if comma < stop else lo
    end = start
    while end < min(hi, start + 15):
        word = view.lower(end)
        if view.breaks(end) or word in w.AUXILIARIES or word in w.RELATIVE or (end > start and not view.is_name(end) and is_past(word)):
            break
        if end > start and (word in w.ADVERBS or word.endswith("ly")):
            break
        end += 1
        if word in w.SUBJECT_PRONOUNS and end == start + 1:
            break
    return (start, end) if end > start else None


def is_past(word: str) -> bool:
    """Whether a word looks like a past form: it ends a noun phrase."""
    return word in w.IRREGULAR_PAST or (word.endswith("ed") and len(word) > 4)


def noun_phrase_end(view: View, start: int, hi: int) -> int:
    """Where the noun phrase that starts at `start` ends, appositions included; for sources after an inverted cue."""
    end = start
    if view.lower(start) in w.SUBJECT_PRONOUNS:
        return start + 1
    while end < min(hi, start + 30):
        word = view.lower(end)
        if word == "," and _apposition(view, end):
            end += 1
            continue
        if view.breaks(end) or word in _ENDS_PHRASE or (end > start and _leaves_phrase(view, end, hi)):
            break
        end += 1
    return end - 1 if end > start + 1 and view.lower(end - 1) == "," else end


def _leaves_phrase(view: View, at: int, hi: int) -> bool:
    """Whether a word after a noun phrase tells when or how, and so is no part of it."""
    word = view.lower(at)
    if word in w.DAYS or (word in ("in", "on", "at", "during", "by", "to") and _is_circumstance(view, at, hi)):
        return True
    if view.is_name(at):
        return False
    return (word in w.TIMES and word not in ("may", "march", "this")) or (
        word.endswith("ing") and word not in ("morning", "evening", "king")
    )


def _apposition(view: View, comma: int) -> bool:
    """Whether what follows a comma describes the name before it ("Smith, a spokesman for the ministry")."""
    following = view.lower(comma + 1)
    if following in ("a", "an", "the"):
        return True
    return (
        not view.is_name(comma + 1)
        and not view.breaks(comma + 1)
        and following not in _NO_APPOSITION
        and not following.endswith("ing")
        and following not in w.SUBJECT_PRONOUNS
    )


def _is_circumstance(view: View, at: int, hi: int) -> bool:
    """Whether a prepositional phrase tells where, when or how something was said."""
    return any(
        view.lower(k) in w.VENUES or view.lower(k) in w.DAYS or view.lower(k) in w.MONTHS
        for k in range(at + 1, min(hi, at + 7))
        if not any(view.breaks(b) for b in range(at + 1, k))
    )
