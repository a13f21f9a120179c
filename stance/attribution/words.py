"""Closed word classes of English that the rules lean on (`resources/words.tsv`); they spare a tagger."""

from __future__ import annotations

import csv
from importlib import resources

with (resources.files(__package__) / "resources" / "words.tsv").open(encoding="utf-8") as _lines:
    _CLASSES = {row["class"]: frozenset(row["words"].split()) for row in csv.DictReader(_lines, delimiter="\t")}

SUBJECT_PRONOUNS = _CLASSES["subject_pronouns"]
RELATIVE = _CLASSES["relative"]
OBJECT_PRONOUNS = _CLASSES["object_pronouns"]
DETERMINERS = _CLASSES["determiners"]
POSSESSIVES = _CLASSES["possessives"]
PREPOSITIONS = _CLASSES["prepositions"]
AUXILIARIES = _CLASSES["auxiliaries"]
BE = _CLASSES["be"]
HAVE = _CLASSES["have"]
MODALS = _CLASSES["modals"]
NEGATIONS = _CLASSES["negations"]
ADVERBS = _CLASSES["adverbs"]
SUBORDINATORS = _CLASSES["subordinators"]
COMPLEMENTISERS = _CLASSES["complementisers"]
TIMES = _CLASSES["times"]
DAYS = _CLASSES["days"]
MONTHS = _CLASSES["months"]
VENUES = _CLASSES["venues"]
AUDIENCES = _CLASSES["audiences"]
NOMINAL_CUES = _CLASSES["nominal_cues"]
NOUN_OR_VERB = _CLASSES["noun_or_verb"]
IRREGULAR_PAST = _CLASSES["irregular_past"]
THREATS = _CLASSES["threats"]
LIGHT_VERBS = _CLASSES["light_verbs"]
