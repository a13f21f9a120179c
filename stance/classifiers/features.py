"""Features of the linear model: what is seen in a statement, and in the words around a candidate.

A feature is a name (``w:strike``, ``LL:condition+harm``) that is hashed into a column. Three kinds generalise from few
examples to new events: beginnings and pieces of words in place of whole words, classes of words from a lexicon of our own
(harm, defence, danger, support, condition, future ...), and roles in place of names. Every function that makes names out of
words remembers the columns, so that most of a text costs no more than a look-up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from itertools import combinations, pairwise
from zlib import crc32

from stance.encoding import ModelInput, Passage, Role, Word

#: Changes with every change of the features or of the lexicon: a bundle trained on others is refused.
VERSION = 1

#: Columns that names are hashed into.
WIDTH = 2**18

#: What is seen in a statement; each is a method of `View`.
GROUPS = ("words", "classes", "introduction")

#: The parts of a passage in which a candidate may be named, the nearest to the statement first.
PARTS = ("content", "clause", "before")

Columns = tuple[int, ...]

_STEM = 5
_PIECE = 4
_NEAR = 6
_MAX_OCCURRENCES = 3
_LINKS = frozenset("to in of from by against with on for at between into toward towards near inside over".split())
_JOINTS = frozenset(("and", "or", ",", "&"))
_NAMES = frozenset((Role.TARGET, Role.OTHER))
_EDGE = ("|", "|", "|")
_END_OF_SENTENCE = frozenset(".!?;")
_REMEMBERED = 2**15


class View:
    """A passage made ready for features: the shapes of its words (roles for names), by part.

    Args:
        passage: A statement, as encoded.
    """

    __slots__ = ("passage", "shapes")

    def __init__(self, passage: Passage) -> None:
        self.passage = passage
        self.shapes = {part: [_shape(w) for w in getattr(passage, part)] for part in PARTS}

    def words(self) -> set[int]:
        """Columns of the content's words, pieces of words, and neighbours."""
        columns: set[int] = set()
        plain = [w for w in self.shapes["content"] if w[0].isalnum()]
        columns.update(*map(_of_word, plain))
        columns.update(*map(_of_neighbours, plain, plain[1:]))
        columns.update(_gapped(a, b) for a, b in zip(plain, plain[2:], strict=False))
        return columns

    def classes(self) -> set[int]:
        """Columns of the content's classes of words, pairs of classes in a sentence, and classes in succession."""
        columns: set[int] = set()
        for sentence in _sentences(self.shapes["content"]):
            found = [c for w in sentence if (c := _telling(w))]
            columns.update(_together(frozenset(c for group in found for c in group)))
            columns.update(*(_in_succession(left, right) for left, right in pairwise(found)))
        return columns

    def introduction(self) -> set[int]:
        """Columns of how the statement is introduced: its cue, its kind, and the kind of its speaker."""
        passage = self.passage
        return {*_of_cue(tuple(w.text.lower() for w in passage.cue)), *_named(f"quote:{passage.kind}", f"speaker:{passage.actor_kind}")}

    def relation(self, query: ModelInput) -> tuple[set[int], int]:
        """Columns of where and how the candidate is named, and the index in `PARTS` of the nearest part that names it."""
        passage, kind = self.passage, query.target_kind
        columns = {*_named(f"kind:{kind}", f"pair:{passage.actor_kind}>{kind}", f"speaker:{passage.actor_kind}")}
        nearest = len(PARTS)
        for n, part in enumerate(PARTS):
            words: tuple[Word, ...] = getattr(passage, part)
            places = [i for i, word in enumerate(words) if word.span in query.target]
            if places:
                nearest = min(nearest, n)
                columns.update(_standing(part, self.shapes[part], places))
                shapes = self.shapes[part].copy()
                for place in places:
                    shapes[place] = Role.TARGET
                columns.update(*(_around(part, shapes, place) for place in places[:_MAX_OCCURRENCES]))
        columns.update(_introduced(nearest, passage.kind, tuple(w.text.lower() for w in passage.cue)))
        return columns, nearest


def of_word(word: Word) -> Columns:
    """Columns that a single word of the content brings, for explanations."""
    shape = _shape(word)
    return (*_of_word(shape), *_named(*(f"L:{c}" for c in _role_or_classes(shape))))


@lru_cache(maxsize=_REMEMBERED)
def classes(word: str) -> tuple[str, ...]:
    """The lexicon's classes of a lower-case word, sorted."""
    whole, beginnings = _lexicon()
    found = set(whole.get(word, ()))
    for length in range(3, len(word) + 1):
        found.update(beginnings.get(word[:length], ()))
    return tuple(sorted(found))


def _shape(word: Word) -> str:
    if word.role:
        return str(word.role)
    return "0" if word.text[0].isdigit() else word.text.lower()


def _column(name: str) -> int:
    return crc32(name.encode("utf-8", "surrogatepass")) % WIDTH


def _named(*names: str) -> Columns:
    return tuple(map(_fixed, names))


@lru_cache(maxsize=_REMEMBERED)
def _fixed(name: str) -> int:
    return _column(name)


@lru_cache(maxsize=_REMEMBERED)
def _of_word(shape: str) -> Columns:
    names = {f"w:{shape}", f"p:{shape[:_STEM]}"}
    if shape.islower():
        closed = f"<{shape}>"
        names.update(f"c:{closed[i : i + _PIECE]}" for i in range(len(closed) - _PIECE + 1))
    return tuple(map(_column, names))


@lru_cache(maxsize=_REMEMBERED)
def _of_neighbours(left: str, right: str) -> Columns:
    return _column(f"b:{left} {right}"), _column(f"h:{left[:_STEM]} {right[:_STEM]}")


@lru_cache(maxsize=_REMEMBERED)
def _gapped(left: str, right: str) -> int:
    return _column(f"g:{left[:_STEM]} {right[:_STEM]}")


@lru_cache(maxsize=_REMEMBERED // 8)
def _together(found: frozenset[str]) -> Columns:
    return _named(*(f"L:{c}" for c in found), *(f"LL:{a}+{b}" for a, b in combinations(sorted(found), 2)))


@lru_cache(maxsize=_REMEMBERED)
def _in_succession(left: tuple[str, ...], right: tuple[str, ...]) -> Columns:
    return _named(*(f"LS:{a}>{b}" for a in left for b in right))


@lru_cache(maxsize=_REMEMBERED // 8)
def _of_cue(cue: tuple[str, ...]) -> Columns:
    return _named(*(f"q:{w}" for w in cue), f"q:{' '.join(cue)}", *(f"Lq:{c}" for w in cue for c in classes(w)))


@lru_cache(maxsize=_REMEMBERED // 8)
def _introduced(nearest: int, kind: str, cue: tuple[str, ...]) -> Columns:
    where = PARTS[nearest] if nearest < len(PARTS) else "none"
    return _named(f"where:{where}", f"where:{where}:{kind}", *(f"where:{where}:{c}" for w in cue for c in classes(w)))


def _standing(part: str, shapes: Sequence[str], places: Sequence[int]) -> Columns:
    """How prominent the candidate is in a part: how often, how early, and whether others are named before it."""
    others = sum(s == Role.OTHER for s in shapes) - len(places)
    earlier = sum(s == Role.OTHER for s in shapes[: places[0]])
    return _named(
        f"{part}:times:{min(len(places), 3)}",
        f"{part}:others-before:{min(earlier, 3)}",
        f"{part}:others:{min(others, 3)}",
        f"{part}:speaker:{Role.SPEAKER in shapes}",
        f"{part}:depth:{min(places[0].bit_length(), 6)}",
    )


def _around(part: str, shapes: Sequence[str], place: int) -> Iterator[int]:
    """Words next to a mention by their place, and classes of words near it by their side; all names of a list have the same."""
    first, last = _list_around(shapes, place)
    left, right = shapes[max(first - 2 * _NEAR, 0) : first], shapes[last + 1 : last + 1 + _NEAR]
    before, after = [*_EDGE, *left][-3:], [*right, *_EDGE][:3]
    yield from _beside(part, "-", before[2], before[1], before[0])
    yield from _beside(part, "+", after[0], after[1], after[2])
    yield _fixed(f"{part}-1+1:{before[2]} {after[0]}")
    link = next((i for i in range(len(left) - 1, -1, -1) if left[i] in _LINKS), None)
    if link is not None:
        governor = next((c for w in reversed(left[:link]) if (c := _role_or_classes(w))), ())
        yield from _linked(part, governor, left[link])
    for w in left[-_NEAR:]:
        yield from _near(part, "-", w)
    for w in right:
        yield from _near(part, "+", w)


def _list_around(shapes: Sequence[str], place: int) -> tuple[int, int]:
    """The first and the last name of the list that a name stands in: "Moscow, Minsk and Tehran"."""
    first = last = place
    while first >= 2 and shapes[first - 1] in _JOINTS and shapes[first - 2] in _NAMES:
        first -= 2
    while last + 2 < len(shapes) and shapes[last + 1] in _JOINTS and shapes[last + 2] in _NAMES:
        last += 2
    return first, last


@lru_cache(maxsize=_REMEMBERED)
def _beside(part: str, side: str, first: str, second: str, third: str) -> Columns:
    names = {f"{part}{side}1:{first}", f"{part}{side}2:{second}", f"{part}{side}12:{first} {second}"}
    names.update(f"{part}{side}p:{w[:_STEM]}" for w in (first, second, third))
    names.update(f"{part}{side}L1:{c}" for w in (first, second) for c in _role_or_classes(w))
    return tuple(map(_column, names))


@lru_cache(maxsize=_REMEMBERED)
def _linked(part: str, governor: tuple[str, ...], link: str) -> Columns:
    """The preposition that leads to a mention, perhaps through a list, and what it hangs on: "a threat (danger) to Latvia"."""
    return _named(f"{part}link:{link}", *(f"{part}link:{c}>{link}" for c in governor))


@lru_cache(maxsize=_REMEMBERED)
def _near(part: str, side: str, word: str) -> Columns:
    return tuple(_column(f"{part}{side}L:{c}") for c in _role_or_classes(word))


def _sentences(words: Iterable[str]) -> Iterator[list[str]]:
    sentence: list[str] = []
    for word in words:
        if word in _END_OF_SENTENCE:
            yield sentence
            sentence = []
        else:
            sentence.append(word)
    yield sentence


def _telling(word: str) -> tuple[str, ...]:
    """A word's role or classes without those that tell nothing of a stance, only of what a name stands for."""
    return tuple(c for c in _role_or_classes(word) if c != "place")


def _role_or_classes(word: str) -> tuple[str, ...]:
    return (word,) if word[0].isupper() else classes(word)


@cache
def _lexicon() -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """Classes of whole words, and classes of word beginnings (marked ``*`` in the file)."""
    whole: dict[str, tuple[str, ...]] = {}
    beginnings: dict[str, tuple[str, ...]] = {}
    resource = files("stance.classifiers") / "resources" / "lexicon.tsv"
    for line in resource.read_text(encoding="utf-8").splitlines()[1:]:
        name, words = line.split("\t")
        for word in words.split("|"):
            table = beginnings if word.endswith("*") else whole
            key = word.rstrip("*")
            table[key] = (*table.get(key, ()), name)
    return whole, beginnings
