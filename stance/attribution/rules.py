"""Attribution by rules: who said what, read off cue verbs, quotation marks and clause boundaries.

The order of work in a sentence is that of a reader: words next to a quotation first ("...", he said), then a cue with
its subject before it and its content after it, then the reverse, then "according to" and nouns that carry content.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from stance.attribution import words as w
from stance.attribution.circumstances import skip_addressee, skip_circumstances
from stance.attribution.content import content_end, content_start
from stance.attribution.cues import Phrase
from stance.attribution.lexicon import Form
from stance.attribution.link import Draft, link
from stance.attribution.phrases import noun_phrase_end, noun_phrase_start, subject_of_sentence
from stance.attribution.quotes import find_quotes
from stance.attribution.sentence import DASHES, END, Range, Sentence
from stance.attribution.transcripts import find_turns
from stance.attribution.view import View
from stance.types import Attribution, Document, Span

_CONJUNCTIONS = frozenset(("and", "but", "so", "or"))
_AFTERTHOUGHTS = frozenset("after as when while before amid following hours days which who where since".split())
_OWNERS = frozenset(("his", "her", "their", "its", "my", "our"))


def find_by_rules(document: Document) -> tuple[Attribution, ...]:
    """Every attribution of a document, in order of its content."""
    view = View.of(document, find_quotes(document))
    turns = find_turns(document, view)
    starts = [t.pieces[0].start for t in turns]
    drafts: list[Draft] = [*turns]
    for lo, hi, paragraph in _token_ranges(document):
        turn = bisect_right(starts, view.tokens[lo].start) - 1
        if turn < 0 or view.tokens[lo].start >= turns[turn].pieces[-1].end:
            drafts.extend(_read(Sentence.of(view, lo, hi, paragraph)))
    return link(document, view, drafts)


def _token_ranges(document: Document) -> Iterator[tuple[int, int, int]]:
    """Token range of each sentence, and the first token of its paragraph."""
    tokens, paragraphs = document.tokens, iter(document.paragraphs)
    at = first = 0
    end = -1
    for sentence in document.sentences:
        while at < len(tokens) and tokens[at].start < sentence.start:
            at += 1
        while sentence.start >= end:
            end, first = next(paragraphs).end, at
        start = at
        while at < len(tokens) and tokens[at].start < sentence.end:
            at += 1
        if at > start:
            yield start, at, first


def _read(sentence: Sentence) -> list[Draft]:
    """The attributions of a sentence."""
    readers = (_quotation_before, _inverted, _parenthetical, _content_after, _content_before)
    drafts = []
    for index, phrase in enumerate(sentence.phrases):
        if phrase.negated and phrase.cue.lemma != "rule out":
            continue
        draft = next((d for reader in readers if (d := reader(sentence, index))), None)
        if draft:
            drafts.append(draft)
    drafts.extend(_according_to(sentence))
    drafts.extend(_nouns(sentence, drafts))
    return drafts


def _draft(sentence: Sentence, phrase: Phrase, source: Range | None, pieces: list[Span]) -> Draft | None:
    view = sentence.view
    if not pieces:
        return None
    cue = view.span(phrase.start, phrase.end)
    return Draft(pieces, cue, view.span(*source) if source else None, phrase.cue.voiced)


def _quotation_before(sentence: Sentence, index: int) -> Draft | None:
    """A quotation with its cue right after it: "...", he said / said the minister."""
    phrase, subject = sentence.phrases[index], sentence.subjects[index]
    cue = phrase.cue
    if phrase.passive or cue.form is Form.PARTICIPLE or not (cue.clause or cue.quotation or cue.that or cue.addressee):
        return None
    close = sentence.quote_before(phrase.group)
    if close is not None:
        source = sentence.inverted_source(phrase)
        end = source[1] if source else phrase.end
    elif subject and not sentence.inherited[index]:
        close, source, end = sentence.quote_before(subject[0]), subject, phrase.end
    if close is None:
        return None
    if cue.addressee and end < sentence.hi and not sentence.view.breaks(end):
        end = skip_addressee(sentence.view, end, sentence.hi)
    return _draft(sentence, phrase, source, [*_ending_in_quotation(sentence, close), *_second_fragment(sentence, end)])


def _ending_in_quotation(sentence: Sentence, close: int) -> list[Span]:
    """Content that ends with the quotation closing at `close`: the quotation, or the clause that it ends."""
    view = sentence.view
    quote = view.quote_of[close]
    first = close
    while first > sentence.paragraph and view.quote_of[first - 1] == quote:
        first -= 1
    if first <= sentence.lo or any(p.end <= first for p in sentence.phrases):
        return list(view.quotes[quote].inner)
    breaks = [k + 1 for k in range(sentence.lo, first) if view.lower(k) in (";", ":", "(") or view.lower(k) in DASHES]
    start = max([sentence.lo, *breaks])
    return sentence.pieces(start, close) if first - start >= 2 else list(view.quotes[quote].inner)


def _second_fragment(sentence: Sentence, end: int) -> list[Span]:
    """What goes on after the cue: "...", he said, "..."."""
    view = sentence.view
    at = skip_circumstances(view, end, sentence.hi)
    if at >= sentence.hi or not (view.lower(at) in (",", ":") or view.lower(at) in DASHES):
        return []
    at += 2 if view.lower(at + 1) == "that" else 1
    if at < sentence.hi and view.is_quoted(at):
        return list(view.quotes[view.quote_of[at]].inner)
    if at < sentence.hi and view.lower(at) in w.AUXILIARIES:  # "The plan," he said, would fail
        return sentence.pieces(at, sentence.strip_end(at, sentence.hi))
    return []


def _inverted(sentence: Sentence, index: int) -> Draft | None:
    """An unquoted clause, its cue, then its source: "The talks failed, said the minister"."""
    view, phrase = sentence.view, sentence.phrases[index]
    if phrase.group != phrase.start or phrase.cue.form is Form.PARTICIPLE or phrase.cue.addressee or not phrase.cue.clause:
        return None
    before = view.lower(phrase.start - 1)
    if phrase.start - sentence.lo < 5 or not (before == "," or before in DASHES):
        return None
    source = sentence.inverted_source(phrase)
    if source is None or not (view.is_name(source[0]) or view.lower(source[0]) in w.DETERMINERS or source[1] - source[0] < 8):
        return None
    rest = skip_circumstances(view, source[1], sentence.hi)
    if rest < sentence.hi and view.lower(rest) not in END | {")", "who", "which"}:
        return None
    stop = phrase.start - 1
    return _draft(sentence, phrase, source, sentence.pieces(sentence.clause_start(stop), stop))


def _parenthetical(sentence: Sentence, index: int) -> Draft | None:
    """A clause cut by its cue: "The talks, he said, had failed"; "In the end, he said, the talks failed"."""
    view, phrase, subject = sentence.view, sentence.phrases[index], sentence.subjects[index]
    if phrase.passive or sentence.inherited[index] or subject is None or not (phrase.cue.clause or phrase.cue.that):
        return None
    comma = subject[0] - 1
    if comma < sentence.lo or view.lower(comma) != "," or view.is_quoted(comma):
        return None
    at = phrase.end if view.lower(phrase.end) == "," else skip_circumstances(view, phrase.end, sentence.hi)
    if at + 2 >= sentence.hi or view.lower(at) != "," or view.is_quoted(at) or view.lower(at + 1).endswith("ing"):
        return None
    stop = content_end(sentence, index, at + 1)
    if stop <= at + 1:
        return None
    left = _before_parenthesis(sentence, comma)
    if left and view.lower(at + 1) in _AFTERTHOUGHTS:
        return None  # "The ships will sail, he announced, after two cables were cut": the rest is the reporter's
    return _draft(sentence, phrase, subject, [*left, *sentence.pieces(at + 1, stop)])


def _before_parenthesis(sentence: Sentence, comma: int) -> list[Span]:
    """The words before ", he said,": the first fragment of the content, unless they only introduce it."""
    start = sentence.clause_start(comma)
    word = sentence.view.lower(start)
    opens = word in w.SUBORDINATORS | w.ADVERBS | _CONJUNCTIONS or word.endswith(("ly", "ing"))
    return [] if opens or sentence.is_introduction(start, comma) else sentence.pieces(start, comma)


def _content_after(sentence: Sentence, index: int) -> Draft | None:
    """A cue with its content after it: "The minister said that the talks had failed"."""
    view, phrase, subject = sentence.view, sentence.phrases[index], sentence.subjects[index]
    end = phrase.end
    if phrase.passive:
        reports = phrase.cue.clause or phrase.cue.that or phrase.cue.noun
        if phrase.cue.lemma != "quote" and not (reports and view.lower(end) in ("by", "that", "as")):
            return None
        end = subject[1] if subject and subject[0] >= end else end
    at = content_start(sentence, phrase, end)
    if at is None:
        return None
    stop = content_end(sentence, index, at)
    if stop <= at or _only_rounds_off(sentence, index, at):
        return None
    return _draft(sentence, phrase, subject, sentence.pieces(at, stop))


def _only_rounds_off(sentence: Sentence, index: int, at: int) -> bool:
    """Whether what follows a cue ends a sentence whose content stands before it: "..., he said in a speech made in Kyiv"."""
    view, subject = sentence.view, sentence.subjects[index]
    if not subject or sentence.inherited[index] or subject[0] <= sentence.lo + 3 or view.is_quoted(at):
        return False
    word, comma = view.lower(at), subject[0] - 1
    trails = word in w.PREPOSITIONS or word in w.IRREGULAR_PAST or word.endswith(("ed", "ing"))
    return view.lower(comma) == "," and trails and not sentence.is_introduction(sentence.clause_start(comma), comma)


def _content_before(sentence: Sentence, index: int) -> Draft | None:
    """An unquoted clause with its cue after it: "The talks failed, he said"."""
    view, phrase, subject = sentence.view, sentence.phrases[index], sentence.subjects[index]
    if phrase.passive or phrase.cue.form is Form.PARTICIPLE or not (phrase.cue.clause or phrase.cue.that):
        return None
    if subject is None or sentence.inherited[index] or subject[0] - sentence.lo < 4:
        return None
    stop = subject[0] - 1
    start = sentence.clause_start(stop)
    if not (view.lower(stop) == "," or view.lower(stop) in DASHES) or sentence.is_introduction(start, stop):
        return None
    return _draft(sentence, phrase, subject, [*sentence.pieces(start, stop), *_second_fragment(sentence, phrase.end)])


def _according_to(sentence: Sentence) -> Iterator[Draft]:
    """Content with its source by preposition: "According to the ministry, ...", "..., according to the ministry"."""
    view, lo, hi = sentence.view, sentence.lo, sentence.hi
    for k in range(lo, hi - 2):
        if view.lower(k) != "according" or view.lower(k + 1) != "to" or view.is_quoted(k):
            continue
        end = _introduced_source_end(sentence, k + 2) if k <= lo + 1 else noun_phrase_end(view, k + 2, hi)
        if end <= k + 2:
            continue
        before = view.lower(k - 2) if view.lower(k - 1) == "," else view.lower(k - 1)
        if k <= lo + 1 or before in w.SUBORDINATORS | {"and"}:
            start = end + 1 if view.lower(end) == "," else end
            pieces = sentence.pieces(start, sentence.strip_end(start, hi))
        else:
            stop = sentence.strip_end(lo, k)
            pieces = sentence.pieces(sentence.clause_start(stop), stop)
        if pieces:
            yield Draft(pieces, view.span(k, k + 2), view.span(k + 2, end), True)


def _introduced_source_end(sentence: Sentence, start: int) -> int:
    """Where the source in "According to Lund, the envoy, the pier is safe" ends: at the first comma, or after an apposition."""
    view, hi = sentence.view, sentence.hi
    comma = view.next_comma(start, hi)
    if comma == hi:
        return noun_phrase_end(view, start, hi)
    closing = view.next_comma(comma + 1, min(hi, comma + 12))
    apposition = closing < min(hi, comma + 12) and not any(view.lower(k) in w.AUXILIARIES | w.IRREGULAR_PAST for k in range(comma, closing))
    return closing if apposition else comma


def _nouns(sentence: Sentence, drafts: list[Draft]) -> list[Draft]:
    """Nouns that attribute a clause: "Russia's claim that ...", "issued a warning that ..."."""
    view, found = sentence.view, []
    for k in range(sentence.lo + 1, sentence.hi - 3):
        if view.lower(k) not in w.NOMINAL_CUES or view.lower(k + 1) != "that" or view.is_quoted(k):
            continue
        source = _possessor(sentence, k)
        stop = sentence.strip_end(k + 2, view.next_comma(k + 3, sentence.hi))
        taken = any(d.cue and d.cue.overlaps(view.span(k, k + 1)) for d in drafts)
        if source and stop > k + 4 and not taken and view.lower(k + 2) not in w.AUXILIARIES:
            found.append(Draft(sentence.pieces(k + 2, stop), view.span(k, k + 1), view.span(*source), True))
    return found


def _possessor(sentence: Sentence, noun: int) -> Range | None:
    """Whose claim it is, or who issued it."""
    view, lo = sentence.view, sentence.lo
    for k in range(noun - 1, max(lo, noun - 5) - 1, -1):
        if view.lower(k) in _OWNERS:
            return k, k + 1
        if view.lower(k) == "'s" or view.lower(k) in w.LIGHT_VERBS:
            start = noun_phrase_start(view, k, lo)
            if start < k:
                return start, k
            return None if view.lower(k) == "'s" else subject_of_sentence(view, lo, k)
    return None
