"""The cue lexicon: words that attribute, and what may follow them (`resources/cues.tsv`)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources


class Form(StrEnum):
    """Inflection of a cue verb, as far as the way it takes its subject depends on it."""

    BASE = "base"
    FINITE = "finite"
    PARTICIPLE = "participle"


@dataclass(frozen=True, slots=True)
class Cue:
    """One inflected cue verb.

    Attributes:
        lemma: The verb, with its particle.
        words: The inflected words, lower case.
        form: Base form, finite form, or participle in -ing.
        clause: Takes a clause, with or without "that".
        that: Takes a clause only after "that", "whether", "how" and the like.
        infinitive: Takes "to do".
        noun: Takes a noun phrase.
        addressee: Takes the one spoken to before the clause.
        quotation: Takes a quotation only.
        voiced: Whether it reports words, not thoughts.
    """

    lemma: str
    words: tuple[str, ...]
    form: Form
    clause: bool
    that: bool
    infinitive: bool
    noun: bool
    addressee: bool
    quotation: bool
    voiced: bool


@cache
def cues() -> dict[str, tuple[Cue, ...]]:
    """Every cue by its first word, the longest first."""
    by_word: dict[str, list[Cue]] = {}
    file = resources.files(__package__) / "resources" / "cues.tsv"
    with file.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            for form in row["forms"].split("|"):
                cue = _cue(row["lemma"], form, row["frames"], voiced=row["voiced"] == "1")
                by_word.setdefault(cue.words[0], []).append(cue)
    return {word: tuple(sorted(found, key=lambda c: -len(c.words))) for word, found in by_word.items()}


def _cue(lemma: str, form: str, frames: str, *, voiced: bool) -> Cue:
    words = tuple(form.split())
    if words[0].endswith("ing") and not lemma.split(maxsplit=1)[0].endswith("ing"):
        inflection = Form.PARTICIPLE
    else:
        inflection = Form.BASE if form == lemma else Form.FINITE
    return Cue(lemma, words, inflection, "c" in frames, "t" in frames, "i" in frames, "n" in frames, "o" in frames, "q" in frames, voiced)
