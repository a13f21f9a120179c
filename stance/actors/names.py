"""Proper names: which tokens of a text can be part of a name that the gazetteer lacks."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set

from stance.types import Token

_PREFIXES = ("al-", "el-", "as-", "ar-", "an-", "ad-", "ash-", "at-", "az-", "d’", "d'", "bin-")
#: Capitalised words that are no names: days, months, and words that open sentences and headlines.
NOT_NAMES = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday january february july september october november december sept
    oct nov dec i we you he she it they who what which when where why how the a an this that these those there here his her
    its their our my your and but or nor so yet for if as at by in on of to from with without after before during since
    until while although though because despite however meanwhile also then now today yesterday tomorrow earlier later still
    again once only just even not no yes some many most more several few all both each every any other another such speaking
    according asked addressing following amid among against about above over under between through across along near instead
    indeed thus therefore perhaps maybe never always often sometimes recently previously currently additionally furthermore
    moreover nevertheless nonetheless finally first second third next last let please thank thanks well god islam internet
    english are is was were be been being have has had do does did will would can could should might must shall ahead
    announcing regarding updated photo image video read share source reuters/ap breaking news quote unquote islamic muslim
    muslims christian christians jewish jews jew sunni sunnis shia shiite shiites catholic western eastern northern southern
    arab cold war ramadan easter christmas am pm gmt est edt bst covid-19 coronavirus""".split()
)
#: Months that are names too, and words before which they are months.
MONTHS = frozenset({"jan", "feb", "mar", "apr", "may", "jun", "june", "jul", "aug", "april", "august", "march"})
_BEFORE_MONTHS = frozenset("""in of on since by until till last next this early late mid from between and to through""".split())
_CONTRACTED = re.compile(r"[’'](?:ve|ll|re|d|m|t)$|n[’']t$", re.IGNORECASE)
_HEADING = 3  # words of a heading in capitals, at least
_QUOTES = "“\"‘'«„:—–-•…*"


def candidates(tokens: Sequence[Token], sentences: Sequence[int], taken: Sequence[bool]) -> list[bool]:
    """Which tokens can be part of a proper name.

    Args:
        tokens: The tokens of a text.
        sentences: The number of each token's sentence.
        taken: Which tokens begin a phrase of the gazetteer.
    """
    opens = [i == 0 or sentences[i] != sentences[i - 1] or tokens[i - 1].lower in _QUOTES for i in range(len(tokens))]
    inner = {t.text for t, first in zip(tokens, opens, strict=True) if not first and t.text[0].isupper()}
    small = {t.lower for t in tokens if t.text[0].islower()}
    names = []
    for i, token in enumerate(tokens):
        # Where a sentence or a quotation opens, a capital tells nothing by itself.
        opening = opens[i] and token.text not in inner and token.lower in small
        names.append(not taken[i] and _looks_like_one(token) and not (opening and token.text[0].isupper()) and not _is_month(tokens, i))
    return _without_headings(names, tokens, sentences, small)


def without_verb(word: str) -> str:
    """A word without the verb or the negation that is drawn into it: "he" of "he'd"."""
    return _CONTRACTED.sub("", word)


def _looks_like_one(token: Token) -> bool:
    text = token.text
    if token.lower in NOT_NAMES or not text[0].isalpha():
        return False
    if not text[0].isupper():
        return text.startswith(_PREFIXES) and any(c.isupper() for c in text)
    adjective = token.lower.startswith(("pro-", "anti-")) or token.lower.endswith("-based")
    return not (adjective or _CONTRACTED.search(text) or "/" in text)


def _is_month(tokens: Sequence[Token], i: int) -> bool:
    if tokens[i].lower not in MONTHS or not tokens[i].text[0].isupper():
        return False
    before, after = tokens[i - 1] if i else None, tokens[i + 1] if i + 1 < len(tokens) else None
    if any(t is not None and t.text[0].isdigit() for t in (before, after)) or (before is not None and before.lower in _BEFORE_MONTHS):
        return True
    return not any(t is not None and t.text[0].isupper() for t in (before, after))


def _without_headings(names: list[bool], tokens: Sequence[Token], sentences: Sequence[int], small: Set[str]) -> list[bool]:
    """Keeps of the names in headings in capitals, where any word looks like one, those that stand elsewhere in the text too."""
    words: dict[int, list[bool]] = {}
    for token, sentence in zip(tokens, sentences, strict=True):
        if len(token.text) > 1 and token.text.isalpha():
            words.setdefault(sentence, []).append(token.text.isupper())
    shouted = {sentence for sentence, capitals in words.items() if len(capitals) >= _HEADING and all(capitals)}
    plain = [t for t, sentence in zip(tokens, sentences, strict=True) if sentence not in shouted]
    if not shouted or not plain:
        return names
    known = {t.lower for t in plain if t.text[0].isupper() and t.lower not in small}
    return [name and (sentences[i] not in shouted or tokens[i].lower in known) for i, name in enumerate(names)]
