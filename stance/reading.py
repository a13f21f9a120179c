"""Reading: files and standard input become articles, or an `InputError` that says where the fault lies and what mends it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import BinaryIO, NamedTuple

from stance import serialise
from stance.errors import InputError, MissingExtraError, StanceError
from stance.serialise import article_from_dict
from stance.types import Article, Statement

STDIN = "-"

_JSON_LINES = frozenset({".jsonl", ".ndjson"})
_HTML = frozenset({".html", ".htm", ".xhtml"})
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


class Read(NamedTuple):
    """An article as it was read; its statements if it came with some, else None."""

    article: Article
    statements: tuple[Statement, ...] | None


def read(source: str | Path, *, on_error: Callable[[StanceError], None] | None = None) -> Iterator[Article]:
    """The articles of a file.

    What a file holds is told by its name: ``.jsonl`` (one object with ``id`` and ``text`` a line; ``title`` and ``date`` are kept),
    ``.html``, else one article of plain text in UTF-8. ``-`` is standard input: JSON Lines if it begins with ``{``, else text.

    Args:
        source: A path, or ``-``.
        on_error: Called with each error in place of raising it; reading then goes on behind the fault.

    Yields:
        Articles in order. One that has no id of its own goes by the path (and, in a ``.jsonl``, the line).

    Raises:
        InputError: If `on_error` is None and something cannot be read.
        MissingExtraError: If the file is HTML and trafilatura is not installed.
    """
    for found in _guarded(source, on_error, _article_only):
        yield found.article


def read_analysed(source: str | Path, *, on_error: Callable[[StanceError], None] | None = None) -> Iterator[Read]:
    """The articles of a file, and the statements of those whose JSON holds some: what `stance analyze` wrote, or gold data.

    Args:
        source: A path, or ``-``.
        on_error: As in `read`.

    Yields:
        Articles in order.

    Raises:
        InputError: As in `read`, and if statements are not in the shared format.
        MissingExtraError: As in `read`.
    """
    yield from _guarded(source, on_error, _article_and_statements)


def _article_only(record: object, default_id: str) -> Read:
    return Read(article_from_dict(record, default_id=default_id), None)


def _article_and_statements(record: object, default_id: str) -> Read:
    if not isinstance(record, dict) or record.get("statements") is None:
        return _article_only(record, default_id)
    return Read(*serialise.from_dict({**record, "id": record.get("id") or default_id}))


_Make = Callable[[object, str], Read]


def _guarded(source: str | Path, on_error: Callable[[StanceError], None] | None, make: _Make) -> Iterator[Read]:
    report = on_error or _raise
    try:
        yield from _records(str(source), report, make)
    except StanceError as error:
        report(error)
    except OSError as error:
        report(InputError(f"{source}: cannot be read ({error.strerror or error}); check the path and its permissions"))


def example() -> Article:
    """The article that comes with the library; its event and its persons are invented."""
    return Article(files("stance").joinpath("resources/example.txt").read_text(encoding="utf-8"), id="example")


def count(source: str | Path) -> int | None:
    """How many articles a file holds at most, or None where only reading tells; a file that cannot be read counts as one."""
    path = Path(source)
    if str(source) == STDIN:
        return None
    if path.suffix.lower() not in _JSON_LINES or not path.is_file():
        return 1
    with path.open("rb") as lines:
        return sum(1 for line in lines if line.strip())


def _raise(error: StanceError) -> None:
    raise error


def _records(source: str, report: Callable[[StanceError], None], make: _Make) -> Iterator[Read]:
    if source == STDIN:
        yield from _standard_input(sys.stdin.buffer, report, make)
        return
    path, suffix = Path(source), Path(source).suffix.lower()
    if path.is_dir():
        raise InputError(f"{source}: is a folder; name the files in it, for instance {source.rstrip('/')}/*.txt")
    if suffix == ".json":
        raise InputError(f"{source}: one JSON document; write one article a line and name the file .jsonl (jq -c '.[]' does it)")
    if suffix in _JSON_LINES:
        with path.open("rb") as lines:
            yield from _json_lines(lines, source, report, make)
    elif suffix in _HTML:
        yield Read(_from_html(path.read_bytes(), source), None)
    else:
        yield Read(Article(_decode(path.read_bytes(), source), id=source), None)


def _standard_input(stream: BinaryIO, report: Callable[[StanceError], None], make: _Make) -> Iterator[Read]:
    first = stream.readline()
    if first.lstrip(b"\xef\xbb\xbf \t").startswith(b"{"):
        yield from _json_lines(_chain(first, stream), "stdin", report, make)
    else:
        yield Read(Article(_decode(first + stream.read(), "stdin"), id="stdin"), None)


def _chain(first: bytes, rest: BinaryIO) -> Iterator[bytes]:
    yield first
    yield from rest


def _json_lines(lines: Iterator[bytes] | BinaryIO, source: str, report: Callable[[StanceError], None], make: _Make) -> Iterator[Read]:
    position, seen = 0, False
    for number, line in enumerate(lines, start=1):
        if line.strip():
            seen = True
            try:
                yield _from_json_line(line, f"{source}:{number}", position, make)
            except InputError as error:
                report(error)
        position += len(line)
    if not seen:
        raise InputError(f"{source}: is empty; expected one JSON object with id and text a line")


def _from_json_line(line: bytes, where: str, position: int, make: _Make) -> Read:
    words = _decode(line, where, position=position)
    try:
        return make(json.loads(words), where)
    except json.JSONDecodeError as error:
        raise InputError(f"{where}: not JSON ({error.msg} at column {error.colno}); expected one object with id and text a line") from None
    except RecursionError:
        raise InputError(f"{where}: not an article: JSON nested too deeply") from None
    except InputError as error:
        raise InputError(f"{where}: {error}") from None


def _from_html(raw: bytes, source: str) -> Article:
    try:
        import trafilatura  # noqa: PLC0415 (an extra)
    except ImportError:
        raise MissingExtraError("trafilatura", extra="html", purpose=f"read {source}") from None
    page = trafilatura.bare_extraction(raw, with_metadata=True) if raw.strip() else None
    if page is None or isinstance(page, dict) or not page.text:
        raise InputError(f"{source}: no article text was found in this HTML; save the text as .txt and give that")
    return article_from_dict({"id": source, "text": page.text, "title": page.title, "date": page.date})


def _decode(raw: bytes, where: str, *, position: int = 0) -> str:
    """UTF-8, with or without a byte order mark; `position` is the offset of `raw` in its file."""
    if raw.startswith(_UTF16_MARKS):
        raise InputError(f"{where}: is UTF-16, not UTF-8; convert it: {_iconv('UTF-16', where)}")
    try:
        words = raw.decode("utf-8-sig" if position == 0 else "utf-8")
    except UnicodeDecodeError as error:
        byte, offset = raw[error.start], position + error.start
        hint = "" if b"\x00" not in raw else " (it holds NUL bytes: is it text at all?)"
        problem = f"byte 0x{byte:02x} at offset {offset} is not UTF-8{hint}"
        raise InputError(f"{where}: {problem}; if it is Windows text, convert it: {_iconv('WINDOWS-1252', where)}") from None
    if not words.strip():
        raise InputError(f"{where}: is empty: {len(raw)} bytes, none but white space")
    return words


def _iconv(encoding: str, where: str) -> str:
    name = where.rsplit(":", 1)[0] if where.rsplit(":", 1)[-1].isdigit() else where
    return f"iconv -f {encoding} -t UTF-8 '{name}' > utf8{Path(name).suffix or '.txt'}"
