"""The command line. Heavy modules are imported inside the command, so that ``stance --help`` answers at once."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.text import Text

from stance import __version__, reading
from stance.errors import BundleError, InputError, MissingExtraError, StanceError
from stance.files import written_aside
from stance.models import DEFAULT
from stance.types import Article

if TYPE_CHECKING:
    from stance.pipeline import Analysis, Analyzer

FAILED, USAGE, INTERRUPTED, BROKEN_PIPE = 1, 2, 130, 141

app = typer.Typer(
    name="stance",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)

_EPILOG = """\
[bold]Examples[/bold]

stance analyze --example

stance analyze article.txt

stance analyze news/*.txt --format csv -o statements.csv

stance analyze archive.jsonl --format jsonl | jq -r '.statements[].speaker'

curl -s https://example.org/story.txt | stance analyze - --format html -o story.html

[bold]Exit codes[/bold]: 0 all done; 1 some input failed, the rest is done; 2 wrong usage; 130 interrupted.
"""


class Format(StrEnum):
    """What comes out."""

    TABLE = "table"
    JSONL = "jsonl"
    CSV = "csv"
    HTML = "html"


@dataclass
class _Log:
    """Tells of failures on standard error and counts them."""

    console: Console
    failures: int = field(default=0)

    def failure(self, error: Exception) -> None:
        self.failures += 1
        self.say(str(error))

    def article_failure(self, article: Article | str, error: Exception) -> None:
        name = article.id if isinstance(article, Article) else "an article"
        fault = error if isinstance(error, StanceError) else f"{type(error).__name__}: {error}; this is a fault of stance, please report it"
        self.failure(StanceError(f"{name}: could not be analysed: {fault}"))

    def say(self, words: str) -> None:
        self.console.print(Text(f"stance: {words}"), soft_wrap=True)


def main() -> None:
    """Entry point of the console script and of ``python -m stance``."""
    app()


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"stance {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    *, version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and leave.")] = False
) -> None:
    """Finds who says what in news articles, at whom it is aimed, and whether it deters, threatens, reassures or alarms."""


@app.command(epilog=_EPILOG)
def analyze(
    *,
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FILE...",
            help="Plain text, .html, or .jsonl with an id and a text a line; - is standard input.",
            show_default=False,
        ),
    ] = None,
    format_: Annotated[Format, typer.Option("--format", "-f", help="What comes out.")] = Format.TABLE,
    model: Annotated[
        str, typer.Option("--model", "-m", metavar="NAME|PATH", help="A built-in model (baseline, transformer) or the folder of a bundle.")
    ] = DEFAULT,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="OUT", help="Write to this file, once all is done.", show_default=False)
    ] = None,
    thoughts: Annotated[bool, typer.Option("--thoughts", help="Keep what sources think or hope but are not said to have uttered.")] = False,
    min_confidence: Annotated[
        float, typer.Option("--min-confidence", metavar="P", min=0, max=1, help="Tell no stance of which the model is less sure than this.")
    ] = 0.0,
    evidence: Annotated[
        bool, typer.Option("--evidence", help="Tell which words drove each stance (takes longer with a transformer).")
    ] = False,
    example: Annotated[bool, typer.Option("--example", help="Analyse the article that comes with stance.")] = False,
) -> None:
    """Finds every statement of the given articles: speaker, targets, stance and the words."""
    sources = files or []
    if not sources and not example:
        raise typer.BadParameter("name at least one file, - for standard input, or --example", param_hint="FILE")
    _check_output(output, sources)
    log = _Log(Console(stderr=True, highlight=False))
    with _clean_exit(log):
        analyzer = _analyzer(model, thoughts=thoughts, min_confidence=min_confidence, evidence=evidence or None)
        analyses = analyzer.stream(_articles(sources, log, example=example), on_error=log.article_failure)
        with _opened(output, format_) as out:
            done = _Counted(analyses)
            _writer(format_)(_progress(done, sources, log, active=output is not None or not sys.stdout.isatty()), out)
            if log.failures and not done.count:
                raise typer.Exit(FAILED)
    raise typer.Exit(FAILED if log.failures else 0)


_ASSESS_EPILOG = """\
Writes statements.parquet, assessments.csv and report.html, a page that opens offline. Needs: pip install 'stance-nlp[report]'

[bold]Examples[/bold]

stance assess corpus.jsonl --every week -o out/

stance analyze corpus.jsonl --format jsonl -o statements.jsonl && stance assess statements.jsonl --every month -o out/
"""


class Every(StrEnum):
    """The length of a period."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@app.command(epilog=_ASSESS_EPILOG)
def assess(
    *,
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...",
            help="As for analyze, best .jsonl with a date a line. Lines that hold statements keep them.",
            show_default=False,
        ),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FOLDER", help="Where to; made if need be.", show_default=False)],
    every: Annotated[Every, typer.Option("--every", help="The length of a period.")] = Every.WEEK,
    model: Annotated[
        str, typer.Option("--model", "-m", metavar="NAME|PATH", help="A built-in model (baseline, transformer) or the folder of a bundle.")
    ] = DEFAULT,
    title: Annotated[str, typer.Option("--title", help="The headline of the report.")] = "Threat assessment",
    fresh: Annotated[bool, typer.Option("--fresh", help="Label anew what came with statements, too.")] = False,
    thoughts: Annotated[bool, typer.Option("--thoughts", help="Keep what sources think or hope but are not said to have uttered.")] = False,
) -> None:
    """Assesses a corpus: who threatens, deters, reassures and fears whom over time, with intervals, as a folder with a report."""
    if output.exists() and not output.is_dir():
        raise typer.BadParameter(f"{output}: is a file; name a folder", param_hint="--output")
    log = _Log(Console(stderr=True, highlight=False))
    with _clean_exit(log):
        try:
            _assess(files, output, log, every=every, model=model, title=title, fresh=fresh, thoughts=thoughts)
        except StanceError as error:
            log.failure(error)
    raise typer.Exit(FAILED if log.failures else 0)


def _assess(files: list[str], output: Path, log: _Log, *, every: Every, model: str, title: str, fresh: bool, thoughts: bool) -> None:
    from stance.assessment import assess as assess_  # noqa: PLC0415 (heavy)
    from stance.report import dossier  # noqa: PLC0415 (heavy, and an extra: that it is missing must show before the work)

    read = (item for source in files for item in _read(source, log, fresh=fresh))
    analyses = list(_progress(_analysed(read, log, model=model, thoughts=thoughts), files, log, active=True))
    if not analyses:
        raise InputError("no article could be read: there is nothing to assess")
    assessments = assess_(analyses, every=every.value)
    if assessments.undated:
        log.say(f"{assessments.undated} of {len(analyses)} articles have no date: they count in all totals, but in no period")
    for path in dossier.write(output, analyses, assessments, title=title):
        typer.echo(path)


def _read(source: str, log: _Log, *, fresh: bool) -> Iterator[reading.Read]:
    for found in reading.read_analysed(source, on_error=log.failure):
        yield found._replace(statements=None) if fresh else found


def _analysed(read: Iterable[reading.Read], log: _Log, *, model: str, thoughts: bool) -> Iterator[Analysis]:
    """Analyses in order; a model is loaded only if some article came without statements."""
    from stance.pipeline import Analysis  # noqa: PLC0415 (heavy)

    analyzer, kept = None, 0
    for known, group in groupby(read, key=lambda found: found.statements is not None):
        if known:
            for found in group:
                kept += 1
                yield Analysis(found.article, found.statements or ())
        else:
            analyzer = analyzer or _analyzer(model, thoughts=thoughts)
            yield from analyzer.stream((found.article for found in group), on_error=log.article_failure)
    if kept:
        log.say(f"{kept} article{' keeps its' if kept == 1 else 's keep their'} statements as they came; --fresh labels them anew")


@dataclass
class _Counted:
    """Counts analyses as they pass."""

    analyses: Iterable[Analysis]
    count: int = field(default=0)

    def __iter__(self) -> Iterator[Analysis]:
        for analysis in self.analyses:
            self.count += 1
            yield analysis


def _analyzer(model: str, *, thoughts: bool, min_confidence: float = 0.0, evidence: bool | None = None) -> Analyzer:
    from stance.pipeline import Analyzer  # noqa: PLC0415 (heavy)

    try:
        return Analyzer(model, thoughts=thoughts, min_confidence=min_confidence, evidence=evidence)
    except (BundleError, MissingExtraError) as error:
        raise typer.BadParameter(str(error), param_hint="--model") from None


def _articles(sources: Iterable[str], log: _Log, *, example: bool) -> Iterator[Article]:
    if example:
        yield reading.example()
    for source in sources:
        yield from reading.read(source, on_error=log.failure)


def _writer(format_: Format) -> Callable[[Iterable[Analysis], TextIO], None]:
    from stance.report import html, lines, table  # noqa: PLC0415 (heavy)

    return {Format.TABLE: table.write, Format.JSONL: lines.write_jsonl, Format.CSV: lines.write_csv, Format.HTML: html.write}[format_]


def _progress(analyses: Iterable[Analysis], sources: Iterable[str], log: _Log, *, active: bool) -> Iterator[Analysis]:
    """The analyses, with a bar on standard error if that is a terminal, the results go elsewhere, and there are several articles."""
    if not active or not log.console.is_terminal:
        yield from analyses
        return
    counts = [reading.count(source) for source in sources]
    total = None if None in counts else sum(n or 0 for n in counts)
    if total is not None and total < 2:
        yield from analyses
        return
    columns = (SpinnerColumn(), BarColumn(), MofNCompleteColumn(), "articles", TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=log.console, transient=True) as bar:
        yield from bar.track(analyses, total=total)


def _check_output(output: Path | None, sources: Iterable[str]) -> None:
    if output is None:
        return
    if output.is_dir() or not output.parent.is_dir():
        problem = "is a folder" if output.is_dir() else f"there is no folder {output.parent}"
        raise typer.BadParameter(f"{output}: {problem}", param_hint="--output")
    if output.exists() and any(Path(source).exists() and output.samefile(source) for source in sources):
        raise typer.BadParameter(f"{output}: is one of the inputs, which it would replace", param_hint="--output")


@contextlib.contextmanager
def _opened(output: Path | None, format_: Format) -> Iterator[TextIO]:
    """Where results go: standard output; a device or pipe as it is; else a file beside the named one that takes its place at the end."""
    if output is None:
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding=None if format_ is Format.TABLE else "utf-8", errors="replace")
        yield sys.stdout
        sys.stdout.flush()
    elif output.exists() and not output.is_file():
        with output.open("w", encoding="utf-8", errors="replace", newline="") as out:
            yield out
    else:
        with written_aside(output.resolve()) as aside, aside.open("w", encoding="utf-8", errors="replace", newline="") as out:
            yield out


@contextlib.contextmanager
def _clean_exit(log: _Log) -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        log.say("interrupted")
        raise typer.Exit(INTERRUPTED) from None
    except BrokenPipeError:  # the reader, `head` for instance, has seen enough
        with contextlib.suppress(OSError, io.UnsupportedOperation):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(BROKEN_PIPE) from None
    except OSError as error:
        log.say(f"{error.filename or 'output'}: cannot be written ({error.strerror or error})")
        raise typer.Exit(FAILED) from None
