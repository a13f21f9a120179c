"""A sentence with its cue verbs and their subjects, and the questions that the rules ask of it."""

from __future__ import annotations

from dataclasses import dataclass

from stance.attribution import words as w
from stance.attribution.cues import Phrase, cue_phrases
from stance.attribution.lexicon import Form
from stance.attribution.phrases import is_past, noun_phrase_end, noun_phrase_start, subject_before, subject_of_sentence
from stance.attribution.view import View
from stance.types import Span

Range = tuple[int, int]

#: Marks that may end a clause, and are no part of it.
END = frozenset((".", "?", "!", ";", "…", "...", ":", ",", "—", "–", "--", "-", "|"))
DASHES = frozenset(("-", "—", "–", "--"))
_CLOSING = frozenset("\"”’'»“›«")
_MAX_CUES = 60


@dataclass(frozen=True, slots=True)
class Sentence:
    """Tokens `lo` to `hi` of a view.

    Attributes:
        view: The document's tokens.
        lo: First token.
        hi: Past the last token.
        paragraph: First token of the paragraph: a quotation may have begun in an earlier sentence.
        phrases: Cue verbs, in order.
        subjects: The subject of each of them, or None.
        inherited: For each of them, whether its subject is that of an earlier verb.
    """

    view: View
    lo: int
    hi: int
    paragraph: int
    phrases: tuple[Phrase, ...]
    subjects: tuple[Range | None, ...]
    inherited: tuple[bool, ...]

    @classmethod
    def of(cls, view: View, lo: int, hi: int, paragraph: int) -> Sentence:
        """The sentence of a token range."""
        bare = cls(view, lo, hi, paragraph, (), (), ())
        phrases = tuple(cue_phrases(view, lo, hi)[:_MAX_CUES])
        subjects: list[Range | None] = []
        inherited: list[bool] = []
        last: Range | None = None
        for phrase in phrases:
            own = bare._agent(phrase) if phrase.passive else bare._own_subject(phrase)
            subjects.append(own or (None if phrase.passive else last or bare._main_subject(phrase)))
            inherited.append(own is None)
            last = subjects[-1] or last
        return cls(view, lo, hi, paragraph, phrases, tuple(s and bare._with_antecedent(s) for s in subjects), tuple(inherited))

    def _own_subject(self, phrase: Phrase) -> Range | None:
        before = self.view.lower(phrase.group - 1) if phrase.group > self.lo else ""
        if before in ("and", "but", "or", "to", "") or self.quote_before(phrase.group) is not None:
            return None
        if phrase.cue.form is Form.PARTICIPLE and (before == "," or before in w.PREPOSITIONS | w.TIMES | w.VENUES or before.isdigit()):
            return None
        return subject_before(self.view, phrase.group, self.lo)

    def _agent(self, phrase: Phrase) -> Range | None:
        """The one by whom: "was told by officials"."""
        start = phrase.end + 1
        if self.view.lower(phrase.end) != "by" or start >= self.hi:
            return None
        return start, max(start + 1, noun_phrase_end(self.view, start, self.hi))

    def _main_subject(self, phrase: Phrase) -> Range | None:
        """The subject of the clause before: "the NATO leader made statements, but insisted"."""
        commas = [k + 1 for k in range(self.lo, phrase.group - 1) if self.view.lower(k) == "," and not self.view.is_quoted(k)]
        for start in reversed([self.lo, *commas]):
            if self.view.is_quoted(start) or self.view.lower(start) in w.PREPOSITIONS | w.SUBORDINATORS | {"and", "but"}:
                continue
            found = subject_of_sentence(self.view, start, phrase.group)
            if found and found[1] < phrase.group - 1 and not self.view.breaks(found[1]):
                return found
        found = subject_of_sentence(self.view, self.lo, phrase.group)
        return found if found and found[1] < phrase.group else None

    def _with_antecedent(self, subject: Range) -> Range:
        """A relative pronoun together with the noun phrase right before it: "the envoy, who"."""
        at = subject[0]
        if subject[1] - at != 1 or self.view.lower(at) not in ("who", "which"):
            return subject
        end = at - 1 if self.view.lower(at - 1) == "," or self.view.lower(at - 1) in DASHES else at
        start = noun_phrase_start(self.view, end, self.lo) if end > self.lo else end
        for k in range(start, end - 1):
            if self.view.lower(k) in w.PREPOSITIONS - {"of", "for", "to"} or (is_past(self.view.lower(k)) and not self.view.is_name(k)):
                start = k + 1  # "the report angered the envoy, who"
        return (start, at + 1) if start < end else subject

    def quote_before(self, at: int) -> int | None:
        """The position of the closing mark if a quotation ends right before `at`, a comma or dash aside."""
        k = at - 1
        while k >= max(0, at - 2) and (self.view.lower(k) == "," or self.view.lower(k) in DASHES) and not self.view.is_quoted(k):
            k -= 1
        if k < self.paragraph or not self.view.is_quoted(k) or self.view.tokens[k].text not in _CLOSING:
            return None
        return None if at < self.hi and self.view.is_quoted(at) else k

    def inverted_source(self, phrase: Phrase) -> Range | None:
        """The noun phrase after an inverted cue: "said the minister"."""
        start = phrase.end
        if start >= self.hi or self.view.breaks(start) or self.view.lower(start) in w.PREPOSITIONS | w.DAYS | {"."}:
            return None
        end = noun_phrase_end(self.view, start, self.hi)
        return (start, end) if end > start else None

    def clause_start(self, stop: int) -> int:
        """Where the clause starts that ends at `stop`: the sentence's start, or after a semicolon or bracket."""
        for k in range(stop - 1, self.lo - 1, -1):
            if self.view.lower(k) in (";", "(") and not self.view.is_quoted(k):
                return k + 1
        return self.lo

    def is_introduction(self, start: int, stop: int) -> bool:
        """Whether the words before a cue are no clause of their own: "In a speech on Friday, ..."."""
        if self.view.lower(start) not in w.PREPOSITIONS | {"asked", "speaking"}:
            return False
        verbs = w.AUXILIARIES | w.SUBJECT_PRONOUNS
        return stop - start < 4 or not any(self.view.lower(k) in verbs for k in range(start, stop))

    def strip_end(self, start: int, stop: int, *, also: frozenset[str] = frozenset()) -> int:
        """`stop` moved left over closing punctuation and words in `also`."""
        while (
            stop > start and not self.view.is_quoted(stop - 1) and (self.view.lower(stop - 1) in END or self.view.lower(stop - 1) in also)
        ):
            stop -= 1
        return stop

    def pieces(self, start: int, stop: int) -> list[Span]:
        """Spans of a token range: of the quotation alone if it is all quoted, to the quotation's end if it ends in one."""
        if stop <= start:
            return []
        first, last = self.view.quote_of[start], self.view.quote_of[stop - 1]
        if first >= 0 and (first == last or self._ends_like_a_sentence(first)):
            return list(self.view.quotes[first].inner)
        span = self.view.span(start, stop)
        if last < 0:
            return [span]
        inner = self.view.quotes[last].inner
        end = max(span.end, inner[0].end) if len(inner) == 1 else inner[0].end
        return [Span(span.start, end), *inner[1:]]

    def _ends_like_a_sentence(self, quote: int) -> bool:
        """Whether a quotation ends in a comma or full stop, so that what follows is the reporter's again."""
        last = self.view.quotes[quote].inner[-1].end
        return any(t.end == last and t.text in (",", ".", "?", "!") for t in self.view.tokens[self.lo : self.hi])
