"""Where the content of a cue starts and ends."""

from __future__ import annotations

from stance.attribution import words as w
from stance.attribution.circumstances import skip_addressee, skip_circumstances
from stance.attribution.cues import Phrase
from stance.attribution.lexicon import Cue, Form
from stance.attribution.sentence import DASHES, END, Sentence

_PARTICLES = frozenset(("of", "against", "about"))
_TAKES_PARTICLE = frozenset(("warn", "complain", "boast", "caution", "tell"))
_DEPENDENT = frozenset(("when", "as", "after", "while", "although", "though", "because", "if", "since", "before"))
_TURN = frozenset(("but", "although", "though", "amid", "while"))
_LOOSE_ENDS = frozenset(("and", "but", "while", "as"))
_NO_NOUN = w.PREPOSITIONS | w.ADVERBS | {"and", "but"}
_NO_CLAUSE = frozenset(("and", "but", "or", "with", "by", "of"))


def content_start(sentence: Sentence, phrase: Phrase, end: int) -> int | None:
    """Where the content of a cue starts that itself ends at `end`; None if what follows is no content of it."""
    view, cue, hi = sentence.view, phrase.cue, sentence.hi
    at = _skip_preliminaries(sentence, cue, end)
    if at >= hi:
        return None
    word = view.lower(at)
    if view.is_quoted(at) or (at > end and view.lower(at - 1) == ":"):
        return at
    if word == "that":
        return None if cue.quotation or (cue.infinitive and not (cue.clause or cue.that or cue.noun)) else at + 1
    if word in END or (cue.quotation and not cue.clause):
        return None
    if word == "to":
        return at if cue.infinitive or cue.addressee else None
    if word in w.COMPLEMENTISERS:
        return at if cue.clause or cue.that or cue.addressee or cue.noun else None
    if word in _PARTICLES and (cue.clause or cue.addressee) and at == end:
        return at + 1 if cue.lemma in _TAKES_PARTICLE else None
    return _bare_content(sentence, cue, at)


def _skip_preliminaries(sentence: Sentence, cue: Cue, end: int) -> int:
    """The position after addressee, circumstances, and a comma or colon before a quotation."""
    view, hi, at = sentence.view, sentence.hi, end
    if cue.addressee and not view.breaks(at) and view.lower(at) not in w.COMPLEMENTISERS | _PARTICLES | {"to"}:
        named = any(view.lower(k) in ("that", ":") and not view.is_quoted(k) for k in range(at, min(hi, at + 12)))
        at = skip_addressee(view, at, hi) if cue.lemma == "tell" or named else at
    at = skip_circumstances(view, at, hi)
    if at + 1 < hi and (view.lower(at) == ":" or (view.lower(at) == "," and view.is_quoted(at + 1))):
        at += 1
    return at


def _bare_content(sentence: Sentence, cue: Cue, at: int) -> int | None:
    """Content that no conjunction opens: a noun phrase or a clause without "that"."""
    view = sentence.view
    word = view.lower(at)
    if cue.lemma in ("express", "voice"):  # "expressed concern that"
        return next((k + 1 for k in range(at, min(sentence.hi, at + 6)) if view.lower(k) in ("that", "about", "over")), at)
    if cue.lemma == "threaten" and word not in w.THREATS:
        return None  # "threatened the town": an act, not words
    if cue.noun:
        return at if word not in _NO_NOUN or (word == "for" and cue.lemma == "ask") else None
    if cue.clause or cue.lemma == "tell":
        return at if word not in _NO_CLAUSE else None
    return None


def content_end(sentence: Sentence, index: int, at: int) -> int:
    """Where the content that starts at `at` ends."""
    view, stop, subject, cue = sentence.view, sentence.hi, sentence.subjects[index], sentence.phrases[index].cue
    if subject and (_is_relative(sentence, subject[1] - 1) or _is_dependent(sentence, subject[0])):
        stop = view.next_comma(at + 1, stop)
    for later in range(index + 1, len(sentence.phrases)):
        boundary = _boundary(sentence, later, at)
        if boundary is not None and at < boundary < stop:
            stop = boundary
            break
    if not cue.clause or (cue.noun and view.lower(at - 1) not in ("that", ":")):
        stop = view.next_comma(at + 1, stop - 1, before=_TURN) if stop - 1 > at else stop
        stop = stop if view.lower(stop) == "," else sentence.strip_end(at, stop + 1)
    for k in range(at + 2, stop - 1):
        if view.lower(k) == "according" and view.lower(k + 1) == "to" and view.lower(k - 1) == ",":
            stop = k
            break
    return sentence.strip_end(at, stop, also=_LOOSE_ENDS)


def _is_noun_phrase(sentence: Sentence, start: int, stop: int) -> bool:
    """Whether a short stretch holds no clause, so that "and" after it opens a new one: "denied [the charges] and his lawyer said"."""
    clause = w.AUXILIARIES | w.SUBJECT_PRONOUNS | w.COMPLEMENTISERS
    return 0 < stop - start < 6 and not any(sentence.view.lower(k) in clause for k in range(start, stop))


def _is_relative(sentence: Sentence, at: int) -> bool:
    """Whether a relative pronoun after a comma stands at `at`: its clause ends at the next comma."""
    return sentence.view.lower(at) in w.RELATIVE and sentence.view.lower(at - 1) == ","


def _is_dependent(sentence: Sentence, at: int) -> bool:
    """Whether the clause whose subject starts at `at` opens the sentence and depends on a later one: "When he said ..., all laughed"."""
    return at - sentence.lo in (1, 2) and sentence.view.lower(at - 1) in _DEPENDENT


def _boundary(sentence: Sentence, later: int, at: int) -> int | None:
    """Where the words of a later cue begin, if it ends the content of an earlier one."""
    view, phrase, subject = sentence.view, sentence.phrases[later], sentence.subjects[later]
    if phrase.negated or not phrase.cue.voiced or subject is None:
        return None
    before = view.lower(phrase.group - 1)
    if sentence.inherited[later]:
        joined = before == "," if phrase.cue.form is Form.PARTICIPLE else before in ("and", "but")
        return phrase.group - 1 if joined else None
    lead = view.lower(subject[0] - 1)
    if lead in _LOOSE_ENDS and (view.lower(subject[0] - 2) == "," or (lead == "and" and _is_noun_phrase(sentence, at, subject[0] - 1))):
        return subject[0] - 1
    if (lead in (",", ";") or lead in DASHES) and content_start(sentence, phrase, phrase.end) is None:
        return subject[0] - 1
    return None
