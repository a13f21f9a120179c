"""Headlines that tell who issues a text, and those that do not."""

from __future__ import annotations

import pytest

from stance.actors import headline


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Statement by NATO Secretary General Jan Nowacki on Mali", "NATO Secretary General Jan Nowacki"),
        ("President Nowacki Statement Ahead of the Summit", "President Nowacki"),
        ("Readout of President Nowacki’s Call with President Balsys of Lithuania", "President Nowacki"),
        ("Remarks by President Nowacki Before the First Session", "President Nowacki"),
        ("Statement of the President on the NATO Summit and a Call with President Balsys", "President"),
        ("Background Press Call by Senior Administration Officials on Mali", "Senior Administration Officials"),
        ("By Anna Nowacki", None),
        ("Joe Moor: We won’t back down from the challenge of Putin", None),
        ("Warning from Iran over tankers", None),
        ("President Nowacki’s Clear Objectives", None),
        ("President Nowacki's speech draws fire", None),
        ("President Nowacki's call for calm ignored", None),
        ("Kenya rejects statement by President Nowacki", None),
        ("Letter from President Nowacki leaked", None),
        ("Shot by Officer Joe Nowacki, man dies", None),
        ("From Joe Nowacki to Moor: who won", None),
        ("Statement of the Council on Trade", None),
        ("", None),
        (None, None),
    ],
)
def test_the_issuer_of_a_text(title: str | None, name: str | None) -> None:
    told = headline.read(title)
    assert (" ".join(told.name) or None) == name
    assert (told.issuer is None) == (name is None)


@pytest.mark.parametrize(
    ("title", "actors"),
    [
        ("United States-Japan Joint Leaders’ Statement", ["USA", "JPN"]),
        ("Joint Statement on Mali by Poland and France", ["POL", "FRA"]),
        ("Joint Statement of the Leaders of the United States and the Philippines", ["USA", "PHL"]),
        ("Joint Statement Following a Meeting Between President Moor and Egyptian President Hani Said in Jeddah", ["USA", "EGY"]),
        ("Statement by Australia, Japan, and the United Kingdom on the Pacific", ["AUS", "JPN", "GBR"]),
        ("Statement by the North Atlantic Council on Ukraine", ["NATO"]),
        ("United States-India Joint Statement", ["USA", "IND"]),
        ("The Spirit of Warsaw: Joint Statement of Japan and the United States", ["JPN", "USA"]),
        ("Trilateral Statement by the Foreign Ministers of France, Germany and Poland", ["FRA", "DEU", "POL"]),
        ("Statement by the Prime Minister on Israel", []),
        ("North Korea denounces US-Japan joint statement", []),
        ("Statement by UN shocks Israel", []),
        ("Hostage release by Hamas welcomed in Israel", []),
        ("Attack by Russia kills ten", []),
        ("Leaders of Poland meet in Paris", []),
    ],
)
def test_those_who_declare_something_together(title: str, actors: list[str]) -> None:
    assert [actor.id for actor in headline.read(title).authors] == actors
