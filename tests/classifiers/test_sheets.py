"""Sheets: every candidate has its place, what is named is marked, and nothing grows beyond what an encoder reads."""

import dataclasses

import pytest

pytest.importorskip("torch", reason="the train extra is not installed")
from stance import encoding
from stance.classifiers.sheets import FEATURES, SLOTS, Sheet, Writer, names
from stance.encoding import ModelInput
from tests.attribution import tiny
from tests.classifiers.helpers import queries


def inputs(content: str) -> list[ModelInput]:
    return encoding.encode_all(queries(content))


def shown(sheet: Sheet) -> list[str]:
    return [tiny.tokenizer().id_to_token(piece) for piece in sheet.pieces]


def write(asked: list[ModelInput]) -> list[Sheet]:
    return Writer(tiny.tokenizer()).write(asked)


def test_a_sheet_is_speaker_text_and_candidates() -> None:
    (sheet,) = write(inputs("talks with Vastia had failed"))
    pieces = shown(sheet)
    assert pieces[0] == "[CLS]"
    assert pieces.count("[SEP]") == 3
    assert [pieces[place] for place in sheet.places] == ["[SEP]"]
    assert pieces[sheet.places[0] + 1 : -1] == ["vastia"]
    assert sheet.rows == (1,)
    assert sheet.features.max() < FEATURES


def test_a_mention_shares_its_slot_with_the_name_in_the_list() -> None:
    (sheet,) = write(inputs("talks with Vastia had failed"))
    slot = sheet.features[sheet.places[0], 3]
    named = [piece for piece, feature in zip(shown(sheet), sheet.features, strict=True) if feature[3] == slot]
    assert named == ["vastia", "[SEP]", "vastia"]


def test_words_of_the_content_know_their_pieces() -> None:
    asked = inputs("talks with Vastia had failed")
    (sheet,) = write(asked)
    told = {asked[0].passage.content[n].text: "".join(p.removeprefix("##") for p in shown(sheet)[a:b]) for n, a, b in sheet.words}
    assert told == {"talks": "talks", "with": told["with"], "Vastia": "vastia", "had": "had", "failed": "failed"}


def test_more_candidates_than_slots_go_on_another_sheet() -> None:
    whole, one = inputs("talks with Vastia had failed")
    sheets = write([whole, *[one] * (SLOTS + 2)])
    assert [len(s.rows) for s in sheets] == [SLOTS, 2]
    assert [row for s in sheets for row in s.rows] == list(range(1, SLOTS + 3))


def test_a_long_statement_is_cut_and_keeps_its_candidates() -> None:
    long = " ".join(["stubbornly incomprehensible"] * 400)
    asked = inputs(f"{long} with Vastia")
    (sheet,) = write(asked[:1] + [ModelInput(asked[0].passage, target_kind="state", target_name=long)] * SLOTS)
    assert len(sheet.pieces) <= 512
    assert len(sheet.places) == SLOTS
    assert all(end <= len(sheet.pieces) for _, _, end in sheet.words)


def test_a_listed_name_tells_how_often_the_document_names_it() -> None:
    whole, one = inputs("talks with Vastia had failed")
    ranks = [dataclasses.replace(one, target_rank=rank) for rank in (0, 2, 40, 50)]
    (sheet,) = write([whole, *ranks])
    told = [int(sheet.features[place, 4]) for place in sheet.places]
    assert told == [int(sheet.features[place + 1, 4]) for place in sheet.places]
    assert told[0] < told[1] < told[2] == told[3]
    assert int(sheet.features[0, 4]) not in told


def test_pieces_that_name_a_candidate_are_known() -> None:
    (sheet,) = write(inputs("talks with Vastia had failed"))
    assert {piece for piece, named in zip(shown(sheet), names(sheet.features), strict=True) if named} == {"vastia", "[SEP]"}
