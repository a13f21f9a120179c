"""Actors: mentions, coreference, speakers. All people in these texts are invented."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.actors import resolve
from stance.actors.gazetteer import gazetteer
from stance.actors.mentions import find
from stance.text import parse
from stance.types import ActorKind, Article, Attribution, Cast, Document, Kind, Span

SEED = Path(__file__).parents[2] / ".." / "shared" / "seed_article.txt"


def span(document: Document, words: str, nth: int = 0) -> Span:
    at = -1
    for _ in range(nth + 1):
        at = document.text.index(words, at + 1)
    return Span(at, at + len(words))


def cast_of(text: str, *sources: str | tuple[str, int] | None, title: str | None = None) -> Cast:
    """The cast of a text in which the sources say something; the content is the rest of the source's sentence."""
    document = parse(Article(text, title=title))
    attributions = []
    for source in sources:
        words, nth = (source, 0) if not isinstance(source, tuple) else source
        where = span(document, words, nth) if words is not None else None
        end = next((s.end for s in document.sentences if where and s.contains(where)), len(document.text))
        start = min(where.end + 1, end - 1) if where else 0
        attributions.append(Attribution((Span(start, end),), Kind.INDIRECT, None, where))
    return resolve(document, attributions)


def mentions(text: str) -> dict[str, str]:
    document = parse(Article(text))
    return {m.span.of(document.text): m.actor.id for m in resolve(document, ()).mentions if m.actor}


def who(cast: Cast) -> list[tuple[str, str | None] | None]:
    return [s and (s.name, s.actor.id if s.actor else None) for s in cast.speakers]


@pytest.mark.parametrize(
    ("text", "words", "actor"),
    [
        ("Russia moved its army.", "Russia", "RUS"),
        ("They saw Russian forces near the river.", "Russian forces", "RUS"),
        ("It was told to the Polish defence minister.", "the Polish defence minister", "POL"),
        ("The U.S. refused.", "The U.S.", "USA"),
        ("A message to Moscow was sent.", "Moscow", "RUS"),
        ("This angered the Kremlin.", "the Kremlin", "RUS"),
        ("They called on NATO to act.", "NATO", "NATO"),
        ("Weapons for Hezbollah were found.", "Hezbollah", "Hezbollah"),
        ("They praised the Libyan people.", "the Libyan people", "Libyan people"),
        ("They blamed the West.", "the West", "West"),
        ("Help from Ukraine's Naftogaz came.", "Ukraine", "UKR"),
        ("The Poland-backed plan failed.", "The Poland-backed", "POL"),
        ("Al Qaida in Iraq was blamed.", "Al Qaida in Iraq", "al-Qaeda in Iraq"),
        ("They met the mayor of Siversk.", "the mayor of Siversk", "UKR"),
    ],
)
def test_mentions_carry_their_actor(text: str, words: str, actor: str) -> None:
    assert mentions(text)[words] == actor


def test_capital_as_place_is_no_mention() -> None:
    assert "Warsaw" not in mentions("The talks in Warsaw went on.")
    assert mentions("The talks angered Warsaw.")["Warsaw"] == "POL"


def test_lower_case_words_are_no_states() -> None:
    assert mentions("They ate turkey from fine china, and it told us a lot.") == {}


@pytest.mark.parametrize(
    "text",
    [
        "Senator Michael Jordan spoke. Later Jordan said he would go.",
        "Mr Chad Barrow spoke. Chad Barrow said he would go.",
        "A storm hit Atlanta, Georgia, as Republicans met in Georgia.",
    ],
)
def test_names_of_states_that_are_not_states(text: str) -> None:
    assert not {"JOR", "TCD", "GEO"} & set(mentions(text).values())


def test_georgia_in_the_caucasus() -> None:
    assert "GEO" in mentions("Troops left Tbilisi as Georgia protested.").values()


def test_brussels_is_the_union_where_the_text_knows_it() -> None:
    assert mentions("The European Union met. They warned Brussels again.")["Brussels"] == "European Union"
    assert mentions("The Belgian king waited. They warned Brussels again.")["Brussels"] == "BEL"


def test_title_name_surname_pronoun_and_office_are_one_person() -> None:
    text = (
        "Polish President Jan Nowacki said the army was ready. He said more troops would come. "
        "Nowacki said it was late. The Polish president said he would wait."
    )
    cast = cast_of(text, "Polish President Jan Nowacki", "He", ("Nowacki", 1), "The Polish president")
    assert who(cast) == [("Jan Nowacki", "POL")] * 4


def test_apposition_on_both_sides() -> None:
    text = "Ilse Brandt, the Estonian foreign minister, said no. The Latvian defence minister, Juris Kalns, said yes."
    cast = cast_of(text, "Ilse Brandt", "The Latvian defence minister, Juris Kalns")
    assert who(cast) == [("Ilse Brandt", "EST"), ("Juris Kalns", "LVA")]


def test_counterpart() -> None:
    text = "Polish President Jan Nowacki spoke. His Lithuanian counterpart, Tomas Balsys, said he agreed."
    assert who(cast_of(text, "His Lithuanian counterpart, Tomas Balsys")) == [("Tomas Balsys", "LTU")]


def test_gender_keeps_pronouns_apart() -> None:
    text = "Mrs Ada Lund met Mr Olaf Berg on Monday. She said it went well."
    assert who(cast_of(text, "She")) == [("Ada Lund", None)]


def test_leader_learnt_from_the_text() -> None:
    text = "The deal between the Kremlin and Oleg Brusov shields the leader of the Wagner group. Brusov said he was glad."
    assert who(cast_of(text, ("Brusov", 1))) == [("Oleg Brusov", "Wagner Group")]


def test_ministry_and_spokesman_without_a_state_are_those_of_the_context() -> None:
    text = "The Russian Foreign Ministry replied. The ministry said it was calm. Spokesman Igor Panin said so too in Russia."
    assert who(cast_of(text, "The ministry", "Spokesman Igor Panin")) == [("Russian Foreign Ministry", "RUS"), ("Igor Panin", "RUS")]


def test_sources_within_the_police_and_the_services_speak_for_their_state() -> None:
    text = "A senior British anti-terrorism source said it was over. A British source close to him said it was not."
    assert [s and s.actor and s.actor.id for s in cast_of(text, "A senior British anti-terrorism source", "A British source").speakers] == [
        "GBR",
        None,
    ]


def test_in_a_heading_in_capitals_only_what_stands_elsewhere_is_a_name() -> None:
    document = parse(Article("Orlan met McVasti. ORLAN, MCVASTI: BIGGEST THREAT IS DEBT. He left."))
    assert [phrase.name for phrase in find(document) if phrase.name] == [("Orlan",), ("McVasti",), ("ORLAN",), ("MCVASTI",)]
    assert who(cast_of("It was read out.", None, title="STATEMENT BY PRESIDENT JAN NOWAK ON MALI")) == [("JAN NOWAK", "USA")]


def test_a_leader_is_known_by_an_age_too() -> None:
    text = "Russian President Igor Panin came to Minsk. The 70-year-old leader said that he was tired."
    assert who(cast_of(text, "The 70-year-old leader")) == [("Igor Panin", "RUS")]


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Former Polish President Jan Nowacki said no.", "Former Polish President Jan Nowacki"),
        ("Military analyst Jan Nowacki said Russia was weak.", "Military analyst Jan Nowacki"),
        ("A Syrian resident said the army came.", "A Syrian resident"),
        ("The BBC's Jane Moor said the army came to Syria.", "The BBC's Jane Moor"),
    ],
)
def test_private_people_and_former_officials_have_no_actor(text: str, source: str) -> None:
    (speaker,) = cast_of(text, source).speakers
    assert speaker is not None
    assert speaker.actor is None


def test_collectives_take_the_state_where_things_happen() -> None:
    found = mentions("Libyan rebels fought in Benghazi, Libya. The rebels asked France for arms. Civilians in Libya fled.")
    assert found["The rebels"] == "Libyan rebels"
    cast = cast_of("Libyan rebels fought in Libya. The rebels said they would win.", "The rebels")
    assert cast.speakers[0] is not None
    assert cast.speakers[0].actor is not None
    assert cast.speakers[0].actor.kind is ActorKind.COLLECTIVE


def test_collectives_are_not_of_the_state_that_intervenes() -> None:
    found = mentions("Fighting went on in Libya. The ministers of Libya met those of France in Paris, France. They would arm the rebels.")
    assert found["the rebels"] == "Libyan rebels"


@pytest.mark.parametrize(
    ("title", "name", "actor"),
    [
        ("Joint Statement of Poland and France on Mali", "Poland and France", "POL"),
        ("NATO Leaders’ Statement on Ukraine", "NATO", "NATO"),
        ("Leaders of Poland meet in Paris", None, None),
    ],
)
def test_a_joint_statement_is_made_by_those_whom_its_headline_names(title: str, name: str | None, actor: str | None) -> None:
    document = parse(Article("“We will stand by our allies,” it says.", title=title))
    said = Attribution((Span(1, 29),), Kind.DIRECT, None, None)
    (speaker,) = resolve(document, [said]).speakers
    assert (speaker and speaker.name, speaker and speaker.actor and speaker.actor.id) == (name, actor)


def test_what_an_official_statement_says_of_the_leaders_is_its_issuers() -> None:
    text = "The Polish and the French presidents, Jan Nowacki and Marc Lebrun, met. The leaders vowed to stand by Mali. Mali was glad."
    cast = cast_of(text, "The leaders", None, title="Readout of French President Marc Lebrun’s Meeting with President Nowacki")
    assert [s and s.actor and s.actor.id for s in cast.speakers] == ["FRA", "FRA"]


@pytest.mark.parametrize(
    ("text", "source", "speaker"),
    [
        ("Rebel fighter Omar Aziz said so in Libya.", "Rebel fighter Omar Aziz", ("Omar Aziz", "Libyan rebels")),
        ("Rebel field commander Omar Aziz told CNN so in Libya.", "Rebel field commander Omar Aziz", ("Omar Aziz", "Libyan rebels")),
        ("Omar Aziz, a fighter in Sirte, said so in Libya.", "Omar Aziz, a fighter", ("Omar Aziz", None)),
        ("Jan Hart from the Free Syrian Army said so.", "Jan Hart", ("Jan Hart", "Free Syrian Army")),
        ("Jan Hart of the Brookings Institution said so.", "Jan Hart", ("Jan Hart", None)),
        ("Jan Hart, the Norwegian head of the UN mission, said so.", "Jan Hart", ("Jan Hart", "United Nations")),
        ("A British spokesman at the UN said so.", "A British spokesman at the UN", ("British spokesman at the UN", "GBR")),
        ("Poland's deputy U.N. envoy Jan Hart said so.", "Poland's deputy U.N. envoy Jan Hart", ("Jan Hart", "POL")),
        ("U.S. Vice Adm. Bill Hart said so.", "U.S. Vice Adm. Bill Hart", ("Bill Hart", "USA")),
        ("Polish Foreign Minister Jan Hart came. He'd said so.", "He'd", ("Jan Hart", "POL")),
        ("Bashar al-Assad, a survivor of many plots, said so.", "Bashar al-Assad, a survivor of many plots", ("Bashar al-Assad", "SYR")),
    ],
)
def test_people_speak_for_whom_their_words_tell(text: str, source: str, speaker: tuple[str, str | None]) -> None:
    assert who(cast_of(text, source)) == [speaker]


@pytest.mark.parametrize(
    ("text", "source", "speaker"),
    [
        (
            "The Syrian Observatory for Human Rights counts. The Observatory said ten died.",
            "The Observatory",
            "Syrian Observatory for Human Rights",
        ),
        ("France met Mali. The Defence Ministry in London said no.", "The Defence Ministry in London", "GBR"),
        ("NATO met in Libya. An alliance spokesman said no.", "An alliance spokesman", "NATO"),
        ("Polish officials said no in Mali, Mali. The officials said yes.", ("officials", 1), "POL"),
        ("Gen. Nick Pope of Britain met Erik Prince. Pope said no.", ("Pope", 1), "GBR"),
    ],
)
def test_who_is_meant_by_a_part_of_their_name(text: str, source: str | tuple[str, int], speaker: str) -> None:
    first = ("Polish officials",) if source == ("officials", 1) else ()
    cast = cast_of(text, *first, source)
    assert cast.speakers[-1] is not None
    assert cast.speakers[-1].actor is not None
    assert cast.speakers[-1].actor.id == speaker


@pytest.mark.parametrize(
    ("text", "source", "speaker"),
    [
        ("President Jan Kowal of Poland, with Ukraine on his mind, said so.", "President Jan Kowal", "POL"),
        ("Polish Foreign Minister Jan Kowal, from NATO headquarters, said so.", "Polish Foreign Minister Jan Kowal", "POL"),
        ("The British embassy warned. The embassy in Moscow said so.", "The embassy in Moscow", "GBR"),
        ("Czech Defence Minister Jana Kowal said so.", "Czech Defence Minister Jana Kowal", "CZE"),
        ("The Pentagon denied it. Israel waited in Israel. A military official said so.", "A military official", "ISR"),
        ("Hungarian leader of Fidesz Jan Kowal said so.", "Hungarian leader of Fidesz Jan Kowal", "HUN"),
        ("Resident Mike Johnson said so in Ohio.", "Resident Mike Johnson", None),
        ("NATO met. The Alliance for Progress said so.", "The Alliance for Progress", None),
        ("The Zulu King said so in South Africa.", "The Zulu King", "ZAF"),
    ],
)
def test_rules_do_not_reach_too_far(text: str, source: str, speaker: str | None) -> None:
    (found,) = cast_of(text, source).speakers
    assert found is not None
    assert (found.actor and found.actor.id) == speaker


def test_father_and_son_are_two() -> None:
    text = "Polish President Jan Kowal came. Jan Kowal Jr., a farmer, said no. Kowal said yes."
    assert who(cast_of(text, "Jan Kowal Jr.", ("Kowal", 2))) == [("Jan Kowal Jr.", None), ("Jan Kowal", "POL")]


def test_a_headline_does_not_make_a_president_american() -> None:
    cast = cast_of("Turkish President Jan Kowal said no.", "Turkish President Jan Kowal", title="President Kowal's Remarks on Mali")
    assert who(cast) == [("Jan Kowal", "TUR")]


def test_the_officials_are_those_of_whom_was_talked() -> None:
    title = "Statement by Polish Foreign Minister Jan Kowal on Ukraine"
    cast = cast_of("The Russian officials failed. The officials vowed to go on.", ("The officials", 0), title=title)
    assert [s and s.actor and s.actor.id for s in cast.speakers] == ["RUS"]


def test_phrases_end_with_their_sentence() -> None:
    text = "President Joseph R. Moor Jr. of the United States spoke.\n\nISIS\n\nPresident Moor said it would lose."
    assert who(cast_of(text, ("President Moor", 0))) == [("Joseph R. Moor Jr.", "USA")]


def test_possession_names_the_speaker_not_the_owner() -> None:
    text = "Poland's foreign ministry said no. President Jan Nowacki of Poland spoke. Nowacki's son Adam said yes."
    cast = cast_of(text, "Poland's foreign ministry", "Nowacki's son Adam")
    assert [s.name if s else None for s in cast.speakers] == ["Poland's foreign ministry", "Adam"]


def test_quotation_without_source_takes_the_speaker_before() -> None:
    text = "Polish President Jan Nowacki said the army was ready. “We will stand.”"
    cast = cast_of(text, "Polish President Jan Nowacki", None)
    assert who(cast) == [("Jan Nowacki", "POL")] * 2


def test_headline_tells_who_speaks() -> None:
    cast = cast_of("We will stand with our friends.", None, title="Statement by Polish President Jan Nowacki on the War")
    assert who(cast) == [("Jan Nowacki", "POL")]


def test_unknown_source_keeps_its_words() -> None:
    assert who(cast_of("A bystander with a dog said it was loud.", "A bystander with a dog")) == [("bystander with a dog", None)]


def test_gazetteer_knows_states_of_the_libraries() -> None:
    states = gazetteer().states
    assert states["POL"].name == "Poland"
    assert {"XKX", "TWN", "PSE", "BMU"} <= states.keys()


_PIECES = st.sampled_from(
    [
        "Poland",
        "'s",
        "’",
        "the",
        "his",
        "president",
        "Jan",
        "Nowacki",
        ",",
        ".",
        "\n\n",
        "of",
        "and",
        "who",
        "he",
        "-",
        "U.S.",
        "Jordan",
        "“",
        "”",
        "said",
        "İ",
        "🙂",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(min_size=1), st.lists(_PIECES, min_size=1).map(" ".join)), st.data())
def test_any_text_is_resolved(text: str, data: st.DataObject) -> None:
    if not text.strip():
        return
    document = parse(Article(text, title=text[:50]))
    size = len(document.text)
    ends = st.tuples(st.integers(0, max(size - 1, 0)), st.integers(1, 20)).map(lambda p: Span(p[0], min(size, p[0] + p[1])))
    spans = data.draw(st.lists(ends, max_size=6)) if size else []
    attributions = [Attribution((s,), Kind.DIRECT, None, data.draw(st.none() | st.sampled_from(spans))) for s in spans]
    cast = resolve(document, attributions)
    assert len(cast.speakers) == len(attributions)
    last = 0
    for mention in cast.mentions:
        assert last <= mention.span.start < mention.span.end <= size
        last = mention.span.end


def test_time_is_linear() -> None:
    text = "Polish President Jan Nowacki met the Libyan rebels in Tripoli. He said the ministry of Russia would wait.\n\n"

    def seconds(times: int) -> float:
        document = parse(Article(text * times))
        resolve(document, ())
        start = time.process_time()
        resolve(document, ())
        return time.process_time() - start

    assert seconds(1600) < 12 * seconds(400)


@pytest.mark.skipif(not SEED.exists(), reason="../shared/seed_article.txt is not here")
def test_seed_article() -> None:
    document = parse(Article(SEED.read_text(encoding="utf-8")))
    text = document.text
    sources = [span(document, "the NATO leader")]
    for words, cut in (("said Stoltenberg", 5), ("”he added", 1), ("Duda told", 0), ("Prigozhin has", 0)):
        start = text.index(words) + cut
        sources.append(Span(start, start + len(text[start:].split()[0])))
    cast = resolve(document, [Attribution((Span(s.end, s.end + 1),), Kind.INDIRECT, None, s) for s in sources])
    assert [s and s.actor and s.actor.id for s in cast.speakers] == ["NATO", "NATO", "NATO", "POL", "Wagner Group"]
    acting = {m.span.of(document.text): m.actor.id for m in cast.mentions if m.actor}
    assert (acting["Moscow"], acting["Minsk"]) == ("RUS", "BLR")


@pytest.mark.parametrize(
    ("text", "source", "name", "actor"),
    [
        (
            "Kenya’s ambassador to Poland, Jan Nowacki, said it was over.",
            "Kenya’s ambassador to Poland, Jan Nowacki,",
            "Jan Nowacki",
            "KEN",
        ),
        (
            "Kenya’s ambassador in Warsaw, Jan Nowacki, said it was over.",
            "Kenya’s ambassador in Warsaw, Jan Nowacki,",
            "Jan Nowacki",
            "KEN",
        ),
        (
            "NATO’s commander of Mali operations, Canadian General Jan Nowacki, said it was over.",
            "NATO’s commander of Mali operations, Canadian General Jan Nowacki,",
            "Jan Nowacki",
            "NATO",
        ),
        (
            "UN High Commissioner for Human Rights Jan Nowacki said it was over.",
            "UN High Commissioner for Human Rights Jan Nowacki",
            "Jan Nowacki",
            "United Nations",
        ),
        ("Kenya’s state news agency Kazetta said it was over.", "Kenya’s state news agency Kazetta", "Kazetta", "KEN"),
        ("Kenya’s ambassador to Poland Jon Nowacki said it was over.", "Kenya’s ambassador to Poland Jon Nowacki", "Jon Nowacki", "KEN"),
        (
            "The Kenyan president, in a call to Jan Nowacki, said it was over.",
            "The Kenyan president, in a call to Jan Nowacki,",
            "Kenyan president",
            "KEN",
        ),
        ("Libyan rapper MC Swat said it was over. MC Swat left.", "MC Swat", "MC Swat", None),
        ("Under Nowacki Aleppo thrived. Nowacki said it was over.", ("Nowacki", 1), "Nowacki", None),
        ("British broadcaster BBC said it was over.", "British broadcaster BBC", "BBC", None),
        ("Lebanese movement Hezbollah said it was over.", "Lebanese movement Hezbollah", "Hezbollah", "Hezbollah"),
        (
            "A Kenyan court which convicted Jan Nowacki said it was over.",
            "A Kenyan court which convicted Jan Nowacki",
            "Kenyan court",
            "KEN",
        ),
        ("Libyans fighting Nowacki said it was over.", "Libyans fighting Nowacki", "Libyans", "LBY"),
        ("A spokesman for the suspect, Jan Nowacki, said it was over.", "A spokesman for the suspect, Jan Nowacki,", "spokesman", None),
        (
            "A UN official who met the star, Jan Nowacki, said it was over.",
            "A UN official who met the star, Jan Nowacki,",
            "UN official",
            "United Nations",
        ),
        ("Kenya's Jan Nowacki won gold. The Kenyan president said it was over.", "The Kenyan president", "Kenyan president", "KEN"),
        ("Russia rose. The Russian Federation fell. Russia said it was over.", ("Russia", 2), "Russia", "RUS"),
        ("Kenyan ministers met. The AFP reports that it is over.", "The AFP", "AFP", None),
        # Whom a source mentions last is not always whom it presents.
        ("A spokesman for Jan Nowacki said it was over.", "A spokesman for Jan Nowacki", "spokesman for Jan Nowacki", None),
        (
            "The leader of the Free Syrian Army, which wants to topple Jan Nowacki, said it was over.",
            "The leader of the Free Syrian Army, which wants to topple Jan Nowacki,",
            "leader of the Free Syrian Army",
            "Free Syrian Army",
        ),
        ("Kenyan officials in Kazetta said it was over.", "Kenyan officials in Kazetta", "Kenyan officials", "KEN"),
    ],
)
def test_speakers_go_by_the_name_in_which_their_source_ends(text: str, source: str | tuple[str, int], name: str, actor: str | None) -> None:
    (speaker,) = cast_of(text, source).speakers
    assert speaker is not None
    assert (speaker.name, speaker.actor.id if speaker.actor else None) == (name, actor)


def test_the_un_and_arab_envoy_is_the_first_ones() -> None:
    (speaker,) = cast_of(
        "UN and Arab League envoy to Syria, Jan Nowacki, said so.", "UN and Arab League envoy to Syria, Jan Nowacki,"
    ).speakers
    assert speaker is not None
    assert (speaker.name, speaker.actor.id if speaker.actor else None) == ("Jan Nowacki", "United Nations")


def test_he_is_who_was_an_officer() -> None:
    text = "Jan Nowacki was an intelligence officer until the revolt. He said that the road was open."
    (speaker,) = cast_of(text, "He").speakers
    assert speaker is not None
    assert speaker.name == "Jan Nowacki"


def test_who_was_an_officer_need_not_be_one() -> None:
    text = "Jan Nowacki was a Kenyan minister. Nowacki said that the road was open. Joe Moor is a Kenyan minister. Moor said so."
    first, second = cast_of(text, ("Nowacki", 1), ("Moor", 1)).speakers
    assert first is not None
    assert second is not None
    assert first.actor is None
    assert second.actor is not None
    assert second.actor.id == "KEN"


def test_they_are_not_an_adjective() -> None:
    text = "Traders left over Syrian oil. They said that it was over."
    (speaker,) = cast_of(text, "They").speakers
    assert speaker is None or "Syrian" not in speaker.name


def test_the_two_men_are_the_two_last_named() -> None:
    text = "Kenyan President Jan Nowacki met Malian President Joe Moor. The two men said that it was over."
    (speaker,) = cast_of(text, "The two men").speakers
    assert speaker is not None
    assert (speaker.name, speaker.actor.id if speaker.actor else None) == ("Jan Nowacki and Joe Moor", "KEN")


def test_a_statement_is_not_that_of_a_body_quoted_in_it() -> None:
    text = 'The Kenyan government met. "The Malian army must go," said the statement. The statement said more.'
    document = parse(Article(text))
    quoted = Attribution((span(document, "The Malian army must go"),), Kind.DIRECT, None, span(document, "the statement"))
    more = Attribution((span(document, "more"),), Kind.INDIRECT, None, span(document, "The statement"))
    speakers = resolve(document, (quoted, more)).speakers
    assert [s.actor.id for s in speakers if s and s.actor] == ["KEN", "KEN"]


def test_he_is_the_spokesman_and_not_whose_he_is() -> None:
    text = "Kenyan President Jan Nowacki's spokesman Joe Moor was tired. He said that it was over."
    (speaker,) = cast_of(text, "He").speakers
    assert speaker is not None
    assert speaker.name == "Joe Moor"


def test_the_two_men_are_no_women() -> None:
    text = "Kenyan President Jan Nowacki met Mrs. Anna Moor of Poland. The two men said that it was over."
    (speaker,) = cast_of(text, "The two men").speakers
    assert speaker is not None
    assert "Nowacki" not in speaker.name


def test_a_statement_may_be_a_spokesmans() -> None:
    text = "A Kenyan foreign ministry spokesman in Warsaw said that it was over. The statement said more."
    _, statement = cast_of(text, "A Kenyan foreign ministry spokesman", "The statement").speakers
    assert statement is not None
    assert statement.actor is not None
    assert statement.actor.id == "KEN"


def test_a_text_without_america_has_no_american_generals() -> None:
    text = "Shots rang out in Mali. General Jan Nowacki said that it was over. Mali wept."
    (speaker,) = cast_of(text, "General Jan Nowacki").speakers
    assert speaker is not None
    assert speaker.actor is not None
    assert speaker.actor.id == "MLI"


@pytest.mark.parametrize("whose", ["the Malian army", "the Mali Rifles", "Mali's navy"])
def test_officers_speak_for_whose_forces_theirs_are(whose: str) -> None:
    text = f"Kenya and America watched. Kenya and America waited. Brig. Jan Nowacki of {whose} said that it was over."
    (speaker,) = cast_of(text, "Brig. Jan Nowacki").speakers
    assert speaker is not None
    assert (speaker.name, speaker.actor.id if speaker.actor else None) == ("Jan Nowacki", "MLI")


@pytest.mark.parametrize(
    ("text", "source", "actor"),
    [
        ("Kenya and Mali quarrel. In Nairobi the foreign ministry said that it was over. Mali is far.", "the foreign ministry", "KEN"),
        ("Kenya and Mali quarrel. In Nairobi a Malian minister said that it was over.", "a Malian minister", "MLI"),
        ("Mali quarrels. Mali waits. In Nairobi its embassy said that it was over.", "its embassy", "MLI"),
        ("Kenya waits. Mr Joe Moor of NATO said that it was over.", "Mr Joe Moor of NATO", "NATO"),
        ("Kenya waits. Joe Moor of the Malian navy said that it was over.", "Joe Moor of the Malian navy", "MLI"),
    ],
)
def test_where_and_of_what_they_are_tells_for_whom_they_speak(text: str, source: str, actor: str) -> None:
    (speaker,) = cast_of(text, source).speakers
    assert speaker is not None
    assert speaker.actor is not None
    assert speaker.actor.id == actor
