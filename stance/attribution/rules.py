"""Attribution by rules: who said what, read off cue verbs, quotation marks and clause boundaries.

The order of work in a sentence is that of a reader: words next to a quotation first ("...", he said), then a cue with
its subject before it and its content after it, then the reverse, then "according to" and nouns that carry content.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from stance.attribution import words as w
from stance.attribution.clauses import (
    Phrase,
    View,
    cue_phrases,
    noun_phrase_end,
    noun_phrase_start,
    skip_addressee,
    skip_circumstances,
    subject_before,
    subject_of_sentence,
)
from stance.attribution.lexicon import Form
from stance.attribution.link import Draft, link
from stance.attribution.quotes import find_quotes
from stance.attribution.transcripts import find_turns
from stance.types import Attribution, Document, Span

_CLOSING = frozenset("\"”’'»“›«")
_END = frozenset((".", "?", "!", ";", "…", "...", ":", ",", "—", "–", "--", "-", "|"))
_NEUTRAL_PARTICLES = frozenset(("of", "against", "about"))
_INTRODUCTIONS = w.PREPOSITIONS | w.SUBORDINATORS | frozenset("asked speaking citing meanwhile however still yet therefore".split())


def find_by_rules(document: Document) -> tuple[Attribution, ...]:
    """Every attribution of a document, in order of its content."""
    view = View.of(document, find_quotes(document))
    drafts: list[Draft] = []
    turns = find_turns(document, view)
    starts = [t.pieces[0].start for t in turns]
    for lo, hi, paragraph in _token_ranges(document):
        turn = bisect_right(starts, view.tokens[lo].start) - 1
        if turn < 0 or view.tokens[lo].start >= turns[turn].pieces[-1].end:
            drafts.extend(_Sentence(view, lo, hi, paragraph).read())
    drafts.extend(turns)
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


@dataclass
class _Sentence:
    """Reads one sentence: tokens `lo` to `hi` of the view."""

    view: View
    lo: int
    hi: int
    paragraph: int
    phrases: list[Phrase] = field(default_factory=list)
    subjects: list[tuple[int, int] | None] = field(default_factory=list)
    inherited: list[bool] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)

    def read(self) -> list[Draft]:
        """Its attributions."""
        self.phrases = cue_phrases(self.view, self.lo, self.hi)
        self._find_subjects()
        for index in range(len(self.phrases)):
            self._read_phrase(index)
        self._read_according_to()
        self._read_nouns()
        return self.drafts

    # -- subjects ---------------------------------------------------------------------------------

    def _find_subjects(self) -> None:
        last: tuple[int, int] | None = None
        for phrase in self.phrases:
            own = self._own_subject(phrase)
            if phrase.passive:
                own = self._agent(phrase)
            self.subjects.append(own or (None if phrase.passive else last or self._main_subject(phrase)))
            self.inherited.append(own is None)
            last = self.subjects[-1] or last
        self.subjects = [self._with_antecedent(s) if s else None for s in self.subjects]

    def _with_antecedent(self, subject: tuple[int, int]) -> tuple[int, int]:
        """A relative pronoun together with the noun phrase right before it: "the envoy, who"."""
        at = subject[0]
        if subject[1] - at != 1 or self.view.lower(at) not in ("who", "which"):
            return subject
        end = at - 1 if self.view.lower(at - 1) in (",", "-", "—", "–") else at
        start = noun_phrase_start(self.view, end, self.lo) if end > self.lo else end
        while start < end - 1 and self.view.lower(end - 1) not in w.PREPOSITIONS and self.view.lower(start) in w.PREPOSITIONS | {"by"}:
            start += 1
        return (start, at + 1) if start < end else subject

    def _own_subject(self, phrase: Phrase) -> tuple[int, int] | None:
        before = self.view.lower(phrase.group - 1) if phrase.group > self.lo else ""
        if before in ("and", "but", "or", "to", "") or self._after_quote(phrase.group) is not None:
            return None
        if phrase.cue.form is Form.PARTICIPLE and (before == "," or before in w.PREPOSITIONS | w.TIMES | w.VENUES or before.isdigit()):
            return None
        return subject_before(self.view, phrase.group, self.lo)

    def _agent(self, phrase: Phrase) -> tuple[int, int] | None:
        if self.view.lower(phrase.end) == "by" and phrase.end + 1 < self.hi:
            start = phrase.end + 1
            return start, max(start + 1, noun_phrase_end(self.view, start, self.hi))
        return None

    def _main_subject(self, phrase: Phrase) -> tuple[int, int] | None:
        """The subject of the clause before: "the NATO leader made statements, but insisted"."""
        starts = [self.lo] + [k + 1 for k in range(self.lo, phrase.group - 1) if self.view.lower(k) == "," and not self.view.is_quoted(k)]
        for start in reversed(starts):
            if self.view.lower(start) in w.PREPOSITIONS | w.SUBORDINATORS | {"and", "but"} or self.view.is_quoted(start):
                continue
            found = subject_of_sentence(self.view, start, phrase.group)
            if found and found[1] < phrase.group - 1 and not self.view.breaks(found[1]):
                return found
        found = subject_of_sentence(self.view, self.lo, phrase.group)
        return found if found and found[1] < phrase.group else None

    # -- one cue ----------------------------------------------------------------------------------

    def _read_phrase(self, index: int) -> None:
        phrase = self.phrases[index]
        if phrase.negated and phrase.cue.lemma not in ("rule out",):
            return
        draft = self._quoted_before(index) or self._inverted(index) or self._parenthetical(index) or self._content_after(index) or self._content_before(index)
        if draft:
            self.drafts.append(draft)

    def _quoted_before(self, index: int) -> Draft | None:
        """A quotation with its cue right after it: "...", he said / said the minister."""
        phrase = self.phrases[index]
        if phrase.cue.form is Form.PARTICIPLE or not (phrase.cue.clause or phrase.cue.quotation or phrase.cue.that or phrase.cue.addressee):
            return None
        close = self._after_quote(phrase.group)
        if close is not None and not phrase.passive:
            source = self._inverted_source(phrase)
            return self._draft(phrase, source, self._left(close), after=source[1] if source else phrase.end)
        subject = self.subjects[index]
        if subject and not self.inherited[index] and (close := self._after_quote(subject[0])) is not None:
            return self._draft(phrase, subject, self._left(close), after=phrase.end)
        return None

    def _after_quote(self, at: int) -> int | None:
        """The position of the closing mark if a quotation ends right before `at`, a comma or dash aside."""
        k = at - 1
        while k >= 0 and k >= at - 2 and self.view.lower(k) in (",", "-", "—", "–", "--") and not self.view.is_quoted(k):
            k -= 1
        if k < 0 or not self.view.is_quoted(k) or self.view.tokens[k].text not in _CLOSING or (at < self.hi and self.view.is_quoted(at)):
            return None
        return k if k >= self.lo or k >= self.paragraph else None

    def _inverted_source(self, phrase: Phrase) -> tuple[int, int] | None:
        start = phrase.end
        if start >= self.hi or self.view.breaks(start) or self.view.lower(start) in w.PREPOSITIONS | w.DAYS | {"."}:
            return None
        end = noun_phrase_end(self.view, start, self.hi)
        return (start, end) if end > start else None

    def _left(self, close: int) -> list[tuple[int, int]]:
        """Content that ends with the quotation closing at `close`: the quotation, or the clause that it ends."""
        quote = self.view.quote_of[close]
        first = close
        while first > self.paragraph and self.view.quote_of[first - 1] == quote:
            first -= 1
        start = self._clause_start(first) if first > self.lo else first
        if start >= first:
            return [self._inner(quote)]
        return [(start, close)]

    def _clause_start(self, before: int) -> int:
        """Where the clause starts that runs up to `before`: after the last cue or at the sentence's start."""
        if any(p.end <= before for p in self.phrases):
            return before
        start = max([self.lo, *(k + 1 for k in range(self.lo, before) if self.view.lower(k) in (";", ":", "(", "-", "--", "—", "–"))])
        return start if before - start >= 2 else before

    def _inner(self, quote: int) -> tuple[int, int]:
        return (-1 - quote, 0)  # resolved to the quotation's spans in `_spans`

    # -- content after the cue --------------------------------------------------------------------

    def _content_after(self, index: int) -> Draft | None:
        phrase = self.phrases[index]
        subject = self.subjects[index]
        if phrase.passive and phrase.cue.lemma not in ("quote",) and not self._passive_reports(phrase):
            return None
        end = subject[1] if phrase.passive and subject and subject[0] >= phrase.end else phrase.end
        at, cue_end = self._content_start(phrase, end)
        if at is None:
            return None
        stop = self._content_end(index, at)
        if stop <= at:
            return None
        if self._is_remainder(index, at, stop):
            return None
        return self._draft(phrase, subject, [(at, stop)], after=None, cue_end=cue_end)

    def _passive_reports(self, phrase: Phrase) -> bool:
        following = self.view.lower(phrase.end)
        return following in ("by", "that", "as") and (phrase.cue.clause or phrase.cue.that or phrase.cue.noun)

    def _content_start(self, phrase: Phrase, end: int) -> tuple[int | None, int]:
        """Where the content starts, and where the cue's words end; None if what follows is no content of this cue."""
        view, cue, hi = self.view, phrase.cue, self.hi
        at = end
        if cue.addressee and not view.breaks(at) and view.lower(at) not in w.COMPLEMENTISERS | {"to", "of", "against"}:
            at = skip_addressee(view, at, hi) if cue.lemma == "tell" or self._has_that(at) else at
        at = skip_circumstances(view, at, hi)
        if at < hi and view.lower(at) in (",", ":") and at + 1 < hi and (view.is_quoted(at + 1) or view.lower(at) == ":"):
            at += 1
        if at >= hi:
            return None, end
        word = view.lower(at)
        if view.is_quoted(at):
            return at, end
        if view.lower(at - 1) == ":" and at > end:
            return at, end
        if word == "that" and not (cue.quotation or cue.infinitive and not (cue.clause or cue.that or cue.noun)):
            return at + 1, end
        if word in _END or cue.quotation and not cue.clause:
            return None, end
        if word == "to":
            return (at, end) if cue.infinitive or cue.addressee or cue.lemma in ("ask", "urge") else (None, end)
        if word in w.COMPLEMENTISERS:
            return (at, end) if cue.clause or cue.that or cue.addressee or cue.noun else (None, end)
        if word in _NEUTRAL_PARTICLES and (cue.clause or cue.addressee) and view.lower(at - 1) in cue.words:
            return (at + 1, at + 1) if cue.lemma in ("warn", "complain", "speak", "tell", "boast", "caution") else (None, end)
        if cue.lemma == "express" or cue.lemma == "voice":
            return self._expressed(at), end
        if cue.lemma == "threaten" and word not in w.THREATS:
            return None, end  # "threatened the town": an act, not words
        if cue.noun:
            return (at, end) if word not in w.PREPOSITIONS | w.ADVERBS | {"and", "but"} or word == "for" and cue.lemma == "ask" else (None, end)
        if cue.clause or cue.addressee and cue.lemma == "tell":
            return (at, end) if word not in ("and", "but", "or", "with", "by", "of") else (None, end)
        return None, end

    def _has_that(self, at: int) -> bool:
        return any(self.view.lower(k) == "that" or self.view.lower(k) == ":" for k in range(at, min(self.hi, at + 12)) if not self.view.is_quoted(k))

    def _expressed(self, at: int) -> int:
        """After "expressed concern that", the position of the content."""
        for k in range(at, min(self.hi, at + 6)):
            if self.view.lower(k) in ("that", "about", "over"):
                return k + 1
        return at

    def _is_remainder(self, index: int, at: int, stop: int) -> bool:
        """Whether what follows a cue only rounds off a sentence whose content stands before it: "..., he said in Kyiv"."""
        subject = self.subjects[index]
        if not subject or self.inherited[index] or subject[0] <= self.lo + 3 or self.view.is_quoted(at):
            return False
        word = self.view.lower(at)
        trailing = word in w.PREPOSITIONS or word in w.IRREGULAR_PAST or word.endswith(("ed", "ing"))
        return self.view.lower(subject[0] - 1) == "," and trailing and not self._is_introduction(self._left_start(subject[0] - 1), subject[0] - 1)

    def _content_end(self, index: int, at: int) -> int:
        """Where the content that starts at `at` ends."""
        view = self.view
        stop = self.hi
        subject = self.subjects[index]
        if subject and (view.lower(subject[1] - 1) in w.RELATIVE and view.lower(subject[1] - 2) == "," or self._is_subordinate(subject[0])):
            stop = next((k for k in range(at + 1, self.hi) if view.lower(k) == "," and not view.is_quoted(k)), self.hi)
        for later in range(index + 1, len(self.phrases)):
            boundary = self._boundary(later)
            if boundary is not None and at < boundary < stop:
                stop = boundary
                break
        if not (phrase := self.phrases[index]).cue.clause or phrase.cue.noun and view.lower(at - 1) not in ("that", ":"):
            stop = next((k for k in range(at + 1, stop - 1) if view.lower(k) == "," and not view.is_quoted(k) and view.lower(k + 1) in ("but", "although", "though", "amid", "while")), stop)
        accords = next((k for k in range(at + 2, stop - 1) if view.lower(k) == "according" and view.lower(k + 1) == "to" and view.lower(k - 1) == ","), None)
        if accords:
            stop = accords
        while stop > at and (view.lower(stop - 1) in _END | {"and", "but", "while", "as"}) and not view.is_quoted(stop - 1):
            stop -= 1
        return stop

    def _is_subordinate(self, at: int) -> bool:
        """Whether the clause whose subject starts at `at` opens the sentence and depends on a later one: "When he said ..., all laughed"."""
        return at - self.lo in (1, 2) and self.view.lower(at - 1) in ("when", "as", "after", "while", "although", "though", "because", "if", "since", "before")

    def _boundary(self, later: int) -> int | None:
        """Where the words of a later cue begin, if it ends the content of an earlier one."""
        phrase, subject = self.phrases[later], self.subjects[later]
        before = self.view.lower(phrase.group - 1)
        if phrase.negated or not phrase.cue.voiced:
            return None
        if self.inherited[later]:
            if phrase.cue.form is Form.PARTICIPLE:
                return phrase.group - 1 if before == "," else None
            if before in ("and", "but"):
                return phrase.group - 1
            return None
        if subject is None:
            return None
        lead = self.view.lower(subject[0] - 1)
        if lead in ("while", "but", "as", "and") and self.view.lower(subject[0] - 2) == ",":
            return subject[0] - 1
        if lead in (",", ";", "—", "–") and self._content_start(phrase, phrase.end)[0] is None:
            return subject[0] - 1
        return None

    # -- content before the cue -------------------------------------------------------------------

    def _inverted(self, index: int) -> Draft | None:
        """An unquoted clause with its cue and then its source after it: "The talks failed, said the minister"."""
        phrase = self.phrases[index]
        if phrase.group != phrase.start or phrase.cue.form is Form.PARTICIPLE or phrase.cue.addressee or not phrase.cue.clause:
            return None
        if phrase.start - self.lo < 5 or self.view.lower(phrase.start - 1) not in (",", "—", "–", "--", "-"):
            return None
        source = self._inverted_source(phrase)
        if source is None or not (self.view.is_name(source[0]) or self.view.lower(source[0]) in w.DETERMINERS or source[1] - source[0] < 8):
            return None
        rest = skip_circumstances(self.view, source[1], self.hi)
        if rest < self.hi and self.view.lower(rest) not in _END | {")", "who", "which"}:
            return None
        return self._draft(phrase, source, [(self._left_start(phrase.start - 1), phrase.start - 1)], after=None)

    def _parenthetical(self, index: int) -> Draft | None:
        """A clause cut by its cue: "The talks, he said, had failed"; "In the end, he said, the talks failed"."""
        phrase, subject = self.phrases[index], self.subjects[index]
        if phrase.passive or self.inherited[index] or subject is None or not (phrase.cue.clause or phrase.cue.that):
            return None
        if subject[0] <= self.lo or self.view.lower(subject[0] - 1) != "," or self.view.is_quoted(subject[0] - 1):
            return None
        at = skip_circumstances(self.view, phrase.end, self.hi) if self.view.lower(phrase.end) != "," else phrase.end
        if at + 2 >= self.hi or self.view.lower(at) != "," or self.view.is_quoted(at) or self.view.lower(at + 1).endswith("ing"):
            return None
        stop = self._content_end(index, at + 1)
        if stop <= at + 1:
            return None
        right = (at + 1, stop)
        start = self._left_start(subject[0] - 1)
        introduction = self._is_introduction(start, subject[0] - 1) or self.view.lower(start) in w.SUBORDINATORS | w.ADVERBS | {"and", "but", "so", "or"} or self.view.lower(start).endswith(("ly", "ing"))
        left = [] if introduction or subject[0] - 1 <= start else [(start, subject[0] - 1)]
        return self._draft(phrase, subject, [*left, right], after=None)

    def _left_start(self, stop: int) -> int:
        """Where the clause starts that ends at `stop`: the sentence's start, or after a semicolon, dash or bracket."""
        for k in range(stop - 1, self.lo - 1, -1):
            if self.view.lower(k) in (";", "(") and not self.view.is_quoted(k):
                return k + 1
        return self.lo

    def _content_before(self, index: int) -> Draft | None:
        """An unquoted clause with its cue after it: "The talks failed, he said"."""
        phrase, subject = self.phrases[index], self.subjects[index]
        if phrase.passive or phrase.cue.form is Form.PARTICIPLE or not (phrase.cue.clause or phrase.cue.that):
            return None
        if subject is None or self.inherited[index] or subject[0] - self.lo < 4 or self.view.lower(subject[0] - 1) not in (",", "—", "–", "--", "-"):
            return None
        start = self._left_start(subject[0] - 1)
        if self._is_introduction(start, subject[0] - 1):
            return None
        return self._draft(phrase, subject, [(start, subject[0] - 1)], after=phrase.end)

    def _is_introduction(self, start: int, stop: int) -> bool:
        """Whether the words before a cue are no clause of their own: "In a speech on Friday, ..."."""
        if self.view.lower(start) not in w.PREPOSITIONS | {"asked", "speaking"}:
            return False
        return stop - start < 4 or not any(self.view.lower(k) in w.AUXILIARIES or self.view.lower(k) in w.SUBJECT_PRONOUNS for k in range(start, stop))

    # -- according to, nouns ----------------------------------------------------------------------

    def _read_according_to(self) -> None:
        view = self.view
        for k in range(self.lo, self.hi - 2):
            if view.lower(k) != "according" or view.lower(k + 1) != "to" or view.is_quoted(k):
                continue
            end = noun_phrase_end(view, k + 2, self.hi)
            if end <= k + 2:
                continue
            source = (k + 2, end)
            opens = k <= self.lo + 1 or view.lower(k - 1) == "," and view.lower(k - 2) in w.SUBORDINATORS | {"and"}
            if opens or view.lower(k - 1) in w.SUBORDINATORS | {"and"}:
                start = end + 1 if view.lower(end) == "," else end
                stop = self._strip_end(start, self.hi)
                content = [(start, stop)] if stop > start + 1 else []
            else:
                stop = self._strip_end(self.lo, k)
                content = self._without_marks(self._start_before_accord(stop), stop)
            if content:
                self.drafts.append(Draft(self._spans(content), view.span(k, k + 2), view.span(*source), True, view.tokens[k].start))

    def _start_before_accord(self, stop: int) -> int:
        """Content of "..., according to X" reaches back to the sentence's start, or to a semicolon."""
        return next((k + 1 for k in range(stop - 1, self.lo, -1) if self.view.lower(k) == ";"), self.lo)

    def _without_marks(self, start: int, stop: int) -> list[tuple[int, int]]:
        quote = self.view.quote_of[stop - 1] if stop > start else -1
        if quote >= 0 and self.view.quote_of[start] == quote:
            return [self._inner(quote)]
        return [(start, stop)] if stop > start else []

    def _read_nouns(self) -> None:
        """"Russia's claim that ...", "issued a warning that ...": the noun attributes, the clause is the content."""
        view = self.view
        for k in range(self.lo + 1, self.hi - 3):
            if view.lower(k) not in w.NOMINAL_CUES or view.lower(k + 1) != "that" or view.is_quoted(k):
                continue
            if view.lower(k + 2) in w.AUXILIARIES or any(d.cue and d.cue.start <= view.tokens[k].start < d.cue.end for d in self.drafts):
                continue
            source = self._possessor(k)
            stop = self._strip_end(k + 2, next((p for p in range(k + 3, self.hi) if view.lower(p) == "," and not view.is_quoted(p)), self.hi))
            if source and stop > k + 4:
                self.drafts.append(Draft(self._spans([(k + 2, stop)]), view.span(k, k + 1), view.span(*source), True, view.tokens[k].start))

    def _possessor(self, noun: int) -> tuple[int, int] | None:
        view = self.view
        for k in range(noun - 1, max(self.lo, noun - 5) - 1, -1):
            if view.lower(k) == "'s":
                start = noun_phrase_start(view, k, self.lo)
                return (start, k) if start < k else None
            if view.lower(k) in ("his", "her", "their", "its", "my", "our"):
                return k, k + 1
            if view.lower(k) in w.LIGHT_VERBS:
                start = noun_phrase_start(view, k, self.lo)
                return (start, k) if start < k else subject_of_sentence(view, self.lo, k)
        return None

    # -- drafts -----------------------------------------------------------------------------------

    def _draft(
        self, phrase: Phrase, source: tuple[int, int] | None, content: list[tuple[int, int]], *, after: int | None, cue_end: int | None = None
    ) -> Draft | None:
        """A draft; `after` is where a second fragment may start ("...", he said, "...")."""
        view = self.view
        pieces = self._spans(content)
        if after is not None:
            pieces += self._spans(self._second_fragment(phrase, after))
        if not pieces:
            return None
        cue = view.span(phrase.group if not phrase.passive else phrase.group, max(cue_end or phrase.end, phrase.end))
        cue = view.span(phrase.start, max(cue_end or phrase.end, phrase.end))
        return Draft(pieces, cue, view.span(*source) if source else None, phrase.cue.voiced, view.tokens[phrase.start].start)

    def _second_fragment(self, phrase: Phrase, after: int) -> list[tuple[int, int]]:
        view = self.view
        at = skip_circumstances(view, after, self.hi)
        if at < self.hi and view.lower(at) in (",", ":", "—", "–", "--"):
            at += 1
            if at < self.hi and view.lower(at) == "that":
                at += 1
            if at < self.hi and view.is_quoted(at):
                return [self._inner(view.quote_of[at])]
            if at < self.hi and view.lower(at) in w.AUXILIARIES:  # "The plan," he said, "would fail" with its marks astray
                return [(at, self._strip_end(at, self.hi))]
        return []

    def _strip_end(self, start: int, stop: int) -> int:
        while stop > start and self.view.lower(stop - 1) in _END and not self.view.is_quoted(stop - 1):
            stop -= 1
        return stop

    def _spans(self, ranges: list[tuple[int, int]]) -> list[Span]:
        spans: list[Span] = []
        for start, stop in ranges:
            if start < 0:
                spans.extend(self.view.quotes[-1 - start].inner)
                continue
            spans.extend(self._range_spans(start, stop))
        return spans

    def _ends_like_a_sentence(self, quote: int) -> bool:
        """Whether a quotation ends in a comma or full stop, so that what follows is the reporter's again."""
        last = self.view.quotes[quote].inner[-1].end
        before_mark = next((t for t in self.view.tokens[self.lo : self.hi] if t.end == last), None)
        return before_mark is not None and before_mark.text in (",", ".", "?", "!")

    def _range_spans(self, start: int, stop: int) -> list[Span]:
        """Spans of a token range: of the quotation alone if it is all quoted, to the quotation's end if it ends in one."""
        view = self.view
        if stop <= start:
            return []
        first, last = view.quote_of[start], view.quote_of[stop - 1]
        if first >= 0 and (first == last or self._ends_like_a_sentence(first)):
            return list(view.quotes[first].inner)
        begin, end = view.tokens[start].start, view.tokens[stop - 1].end
        rest: list[Span] = []
        if last >= 0:
            inner = view.quotes[last].inner
            rest = list(inner[1:])
            end = max(end, inner[0].end) if not rest else inner[0].end
        return [Span(begin, end), *rest]
