"""Figures: whom people speak for by what readers know of them, in the years of their offices. All people in these texts are invented."""

import datetime
from collections.abc import Iterator

import pytest

from stance.actors import figures, resolve
from stance.actors.gazetteer import gazetteer, rows
from stance.text import parse
from stance.types import Article, Attribution, Kind, Span

TABLE = (
    {"name": "Ilmo Karvanen", "actor": "FIN", "first": "2009", "last": "2013", "aliases": "Ilmo al-Karvanen", "alone": "Karvanen"},
    {"name": "Ilmo Karvanen", "actor": "United Nations", "first": "2015", "last": "", "aliases": "", "alone": ""},
    {"name": "Tove Brandis", "actor": "SWE", "first": "2001", "last": "2004", "aliases": "", "alone": ""},
)


@pytest.fixture(autouse=True)
def _table(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(figures, "rows", lambda _: iter(TABLE))
    figures._known.cache_clear()
    yield
    figures._known.cache_clear()


def speaker(text: str, source: str, *, year: int | None = 2010) -> str | None:
    date = datetime.date(year, 5, 1) if year else None
    document = parse(Article(text, date=date))
    start = document.text.index(source)
    said = Attribution((Span(start + len(source) + 6, len(document.text)),), Kind.INDIRECT, None, Span(start, start + len(source)))
    (found,) = resolve(document, (said,)).speakers
    return found.actor.id if found and found.actor else None


@pytest.mark.parametrize(
    ("text", "source", "year", "actor"),
    [
        ("Ilmo Karvanen said the ports were open.", "Ilmo Karvanen", 2010, "FIN"),
        ("Karvanen said the ports were open.", "Karvanen", 2010, "FIN"),
        ("Ilmo Al-Karvanen said the ports were open.", "Ilmo Al-Karvanen", 2010, "FIN"),
        ("Ilmo Karvanen said the ports were open.", "Ilmo Karvanen", 2020, "United Nations"),
        ("Ilmo Karvanen said the ports were open.", "Ilmo Karvanen", None, "United Nations"),
        ("Ilmo Karvanen said Russia was rearming. Russia. Russia.", "Ilmo Karvanen", 2014, None),
        ("Minister Tove Brandis said Russia was rearming. Russia. Russia.", "Minister Tove Brandis", 2010, "RUS"),
        ("Norwegian minister Tove Brandis said the ports were open.", "Norwegian minister Tove Brandis", 2003, "NOR"),
        ("Tove Brandis said Russia was rearming.", "Tove Brandis", 2003, "SWE"),
        ("Tove Brandis said Russia was rearming. Russia. Russia.", "Tove Brandis", 2010, None),
        ("Brandis said the ports were open.", "Brandis", 2003, None),
        ("Tove Brandis Jr. said Russia was rearming.", "Tove Brandis Jr.", 2003, "SWE"),
        ("Tove Brandis, his defence secretary, said Russia was rearming.", "Tove Brandis, his defence secretary,", 2003, "SWE"),
        ("British defence secretary Tove Brandis said the ports were open.", "British defence secretary Tove Brandis", 2003, "GBR"),
        ("Minister Tove said Russia was rearming. Russia. Russia.", "Minister Tove", 2003, "RUS"),
        ("Minister Ilmo II said Russia was rearming. Russia. Russia.", "Minister Ilmo II", 2010, "RUS"),
        ("Former minister Tove Brandis said the ports were open.", "Former minister Tove Brandis", 2003, None),
    ],
)
def test_whom_people_speak_for_in_a_year(text: str, source: str, year: int | None, actor: str | None) -> None:
    assert speaker(text, source, year=year) == actor


def test_what_the_text_says_of_a_surname_alone_goes_before_the_table() -> None:
    assert speaker("Danish minister Karvanen said the ports were open.", "Danish minister Karvanen") == "DNK"


def test_a_surname_is_that_of_the_one_whose_actor_the_text_names() -> None:
    text = "Brandis said the ports were open from Poland to Sweden. Poland. Poland. Poland."
    assert speaker(text, "Brandis", year=2003) == "SWE"
    assert speaker(text, "Brandis", year=2012) != "SWE"
    assert figures.surnamed("Brandis", 2003) == {gazetteer().states["SWE"]}
    assert figures.surnamed("Brandis", 2012) == set()


def test_an_article_of_a_name_is_dropped_at_the_start_of_a_word_only() -> None:
    assert figures._key("Ilmo al-Karvanen") == figures._key("ilmo Karvanen")
    assert figures._key("Anna Pascal-Varga") == figures._key("Anna Pascal Varga")


def test_the_shipped_table_is_well_formed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    known = gazetteer()
    seen: set[tuple[str, str, str]] = set()
    for row in rows("figures"):
        assert row["name"].strip(), row
        assert 1900 <= int(row["first"]) <= int(row["last"] or 2100) <= 2100, row
        code = len(row["actor"]) == 3 and row["actor"].isupper()
        assert not code or row["actor"] in known.states or row["actor"] in known.actors, row
        key = (row["name"], row["actor"], row["first"])
        assert key not in seen, row
        seen.add(key)
    assert len(seen) > 1000
