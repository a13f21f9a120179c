"""What may stand between a cue and its content: when, where, how and to whom something was said."""

from __future__ import annotations

from stance.attribution import words as w
from stance.attribution.view import View

_ENDS_ADDRESSEE = w.DETERMINERS | w.SUBJECT_PRONOUNS | w.PREPOSITIONS | {".", "there"}
_OPENS_CIRCUMSTANCE = w.PREPOSITIONS | {"as"}
_OPENS_PARENTHESIS = w.PREPOSITIONS | w.ADVERBS
_AFTER_OCCASION = w.VENUES | w.TIMES | w.MONTHS | w.PREPOSITIONS


def skip_circumstances(view: View, at: int, hi: int) -> int:
    """The position after adverbs, times, places and occasions that stand between a cue and its content."""
    while at < hi and not view.is_quoted(at):
        word = view.lower(at)
        if (
            word in w.DAYS
            or (word in w.ADVERBS and word not in ("since", "once", "even", "just", "still", "now"))
            or (word.endswith("ly") and word not in ("only", "family", "italy", "early"))
        ):
            at += 1
        elif word in ("this", "last", "next", "earlier", "early", "late") and view.lower(at + 1) in w.TIMES:
            at += 2
        elif (word in _OPENS_CIRCUMSTANCE and (end := _circumstance_end(view, at, hi)) > at) or (
            word == "," and (end := _parenthesis_end(view, at, hi)) > at
        ):
            at = end
        else:
            break
    return at


def _parenthesis_end(view: View, at: int, hi: int) -> int:
    """The end of ", in a statement," or ", however,"; `at` if there is none."""
    stop = min(hi, at + 12)
    comma = view.next_comma(at + 1, stop)
    return comma + 1 if comma < stop and view.lower(at + 1) in _OPENS_PARENTHESIS else at


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
            if after in _AFTER_OCCASION or after.isdigit():
                continue
            return k + 1
        if word in ".?!;" or word in w.AUXILIARIES or word in w.SUBJECT_PRONOUNS:
            return k if known and word in ".?!;" else at
    return at


def skip_addressee(view: View, at: int, hi: int) -> int:
    """The position after the one spoken to: "told [the BBC] the talks had failed"."""
    if view.lower(at) in w.OBJECT_PRONOUNS:
        return at + 1
    for k in range(at, min(hi, at + 16)):
        if view.lower(k) in ("that", ":") or view.is_quoted(k):
            return k
        if view.lower(k) in (",", ".", ";") or view.lower(k) in w.AUXILIARIES:
            break
    end = _common_nouns_end(view, at, hi)
    while end < hi and view.is_name(end) and view.lower(end) not in w.DAYS and not view.is_quoted(end):
        end += 1
    if view.lower(end) == "'s":
        end += 1
        while end < hi and (view.is_name(end) or view.lower(end) in w.VENUES):
            end += 1
    return end


def _common_nouns_end(view: View, at: int, hi: int) -> int:
    """The position after "a news conference" or "reporters", before any name."""
    end = at
    if view.lower(end) in w.DETERMINERS:
        end += 1
        while end < hi and not view.breaks(end) and not view.is_name(end) and view.lower(end) not in _ENDS_ADDRESSEE:
            end += 1
        return end
    while end < hi and not view.is_name(end) and (view.lower(end) in w.AUDIENCES or view.lower(end) in ("and", "a", "news")):
        end += 1
    return at + 2 if end == at and view.lower(at + 1) in w.AUDIENCES else end
