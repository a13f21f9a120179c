"""Files become articles, or errors that say what to do."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from stance import reading
from stance.errors import InputError, MissingExtraError, StanceError
from stance.types import Article


def read(path: Path | str) -> list[Article]:
    return list(reading.read(path))


def refused(path: Path, complaint: str) -> str:
    with pytest.raises(InputError, match=complaint) as caught:
        read(path)
    assert str(path) in str(caught.value)
    return str(caught.value)


def test_plain_text_is_untouched(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("\ufeffOne.\r\nTwo “three”.\r\n".encode())
    assert read(path) == [Article("One.\r\nTwo “three”.\r\n", id=str(path))]


def test_json_lines_keep_id_title_and_date(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": "x", "text": "One.", "title": "T", "date": "2031-05-04"}\n\n{"text": "Two."}\n', encoding="utf-8")
    first, second = read(path)
    assert (first.id, first.title, str(first.date), first.text) == ("x", "T", "2031-05-04", "One.")
    assert second.id == f"{path}:3"


def test_a_bad_line_does_not_stop_the_others(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    lines = [b'{"id": "1", "text": "One."}', b'{"id": "2", "text": "Two."', b'{"id": "3"}', b'{"id": "4", "text": "\xe9"}', b"[" * 100_000]
    path.write_bytes(b"\n".join([*lines, b'{"id": "6", "text": "Six."}']))
    errors: list[StanceError] = []
    assert [a.id for a in reading.read(path, on_error=errors.append)] == ["1", "6"]
    messages = [str(e) for e in errors]
    assert [m.split(": ")[0] for m in messages] == [f"{path}:{n}" for n in (2, 3, 4, 5)]
    assert "not JSON" in messages[0]
    assert "no key 'text'" in messages[1]
    offset = path.read_bytes().index(b"\xe9")
    assert f"byte 0xe9 at offset {offset}" in messages[2]


def test_wrong_encoding_names_offset_and_remedy(tmp_path: Path) -> None:
    path = tmp_path / "latin.txt"
    path.write_bytes(b"He said \x93no\x94.")
    message = refused(path, "byte 0x93 at offset 8")
    assert f"iconv -f WINDOWS-1252 -t UTF-8 '{path}'" in message


def test_utf_16_is_recognised(tmp_path: Path) -> None:
    path = tmp_path / "wide.txt"
    path.write_bytes("He said no.".encode("utf-16"))
    assert "iconv -f UTF-16" in refused(path, "is UTF-16")


@pytest.mark.parametrize(("name", "content"), [("a.txt", b""), ("a.txt", b" \n\t"), ("a.jsonl", b""), ("a.jsonl", b"\n\n")])
def test_empty_files(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    refused(path, "is empty")


def test_missing_file_and_folder(tmp_path: Path) -> None:
    refused(tmp_path / "none.txt", "No such file")
    refused(tmp_path, r"is a folder; name the files in it")


def test_a_json_document_is_not_taken_for_text(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("[]")
    refused(path, ".jsonl")


def test_html_gives_the_text_of_the_article(tmp_path: Path) -> None:
    pytest.importorskip("trafilatura")
    path = tmp_path / "a.html"
    words = "“We will hold the pass,” said Colonel Ada Brandt of the Alpine Guard on Monday, after a night of snow. " * 5
    page = f"<html><head><title>Snow</title></head><body><nav>Home</nav><article><p>{words}</p></article></body></html>"
    path.write_text(page, encoding="utf-8")
    (article,) = read(path)
    assert "“We will hold the pass,” said Colonel Ada Brandt" in article.text
    assert "<p>" not in article.text
    assert article.title == "Snow"


def test_html_without_an_article(tmp_path: Path) -> None:
    pytest.importorskip("trafilatura")
    path = tmp_path / "a.html"
    path.write_text("<html></html>")
    refused(path, "no article text")


def test_html_without_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.html"
    path.write_text("<p>x</p>")
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'stance-nlp\[html\]'"):
        read(path)


@pytest.mark.parametrize(
    ("raw", "ids"), [(b"One.\nTwo.", ["stdin"]), (b'{"id": "x", "text": "One."}\n{"text": "Two."}\n', ["x", "stdin:2"])]
)
def test_standard_input(monkeypatch: pytest.MonkeyPatch, raw: bytes, ids: list[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
    assert [a.id for a in reading.read("-")] == ids


def test_count(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("{}\n\n{}\n")
    assert reading.count(path) == 2
    assert reading.count("a.txt") == 1
    assert reading.count("-") is None


def test_the_example_is_of_the_promised_length() -> None:
    assert 250 <= len(reading.example().text.split()) <= 350
