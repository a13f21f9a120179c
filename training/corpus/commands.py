"""Command line of the corpus: ``python -m training data check|split|compare|export|attach|detach``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from enum import StrEnum
from functools import wraps
from pathlib import Path
from typing import Annotated, ParamSpec

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from stance.errors import StanceError
from training.corpus import agreement, checks, duplicates, export, splits, spread, standoff
from training.corpus.records import Record, StatementRecord, load, said

app = typer.Typer(no_args_is_help=True, help="Check, split, compare and export a corpus of articles.jsonl; keep labels apart from texts.")

Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="Where articles.jsonl lies, such as seeds/.")]
OTHERS = Path("../shared/data")
FIGURES = ("overlap", "attribution", "speaker", "speaker_actor", "target", "who_whom_what")
P = ParamSpec("P")


class Form(StrEnum):
    """What a corpus can be exported to."""

    CSV = "csv"
    DOCBIN = "docbin"
    DATASET = "dataset"


def _told(command: Callable[P, None]) -> Callable[P, None]:
    """Tells an error of the input in one line, and exits with 2."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except StanceError as error:
            Console(stderr=True).print(Text.assemble(("error: ", "red"), str(error)), soft_wrap=True)
            raise typer.Exit(2) from error

    return run


@app.command()
@_told
def check(
    folder: Folder,
    others: Annotated[Path, typer.Option(help="Texts of others, none of which may be repeated; looked at where they are there.")] = OTHERS,
) -> None:
    """Check every span and label, look for repetition, and print what the corpus holds. Exit 1 if anything is wrong."""
    records = load(folder / "articles.jsonl")
    console = Console()
    wrong = list(_wrong(folder, records, others))
    measured = spread.measure(records) if not any(isinstance(w, checks.Problem) for w in wrong) else None
    if measured:
        console.print(_table(measured), _lengths(measured))
        wrong += measured.shortfalls
    for line in map(_line, wrong):
        console.print(Text.assemble(("wrong: ", "red"), line), soft_wrap=True)
    if not others.is_dir():
        console.print(f"{others} is not here: that no text of others is repeated was not looked at", highlight=False, soft_wrap=True)
    total = sum(len(record["statements"]) for record in records)
    console.print(f"{len(records)} articles, {total} statements, {len(wrong) or 'nothing'} wrong", highlight=False)
    raise typer.Exit(1 if wrong else 0)


def _wrong(folder: Path, records: list[Record], others: Path) -> Iterator[object]:
    found = list(checks.problems(records))
    yield from found
    if found:  # what follows reads spans
        return
    yield from duplicates.near_duplicates(records)
    yield from duplicates.shared_passages(records, sorted(others.glob("*/*.jsonl")))
    yield from splits.inconsistencies(records, splits.read(folder / "splits.json"))


def _line(wrong: object) -> str:
    match wrong:
        case checks.Problem(place, message):
            return f"{place}: {message}"
        case duplicates.Repetition(first, second, share):
            return f"{first} repeats {second}: {share:.0%} of its five-word runs"
        case duplicates.Passage(article, file, passage):
            return f"{article} repeats {file}: {passage!r}"
        case _:
            return str(wrong)


def _table(measured: spread.Spread) -> Table:
    table = Table(title="What the corpus holds", title_justify="left")
    for name, justify in (("property", "left"), ("value", "left"), ("count", "right"), ("share", "right"), ("unit", "left")):
        table.add_column(name, justify=justify)  # type: ignore[arg-type]
    for count in measured.counts:
        total = sum(count.values.values()) or 1
        for n, (value, number) in enumerate(count.values.items()):
            table.add_row("" if n else count.name, value, str(number), f"{number / total:.1%}", "" if n else count.unit)
        table.add_section()
    return table


def _lengths(measured: spread.Spread) -> Table:
    table = Table("length", "least", "median", "most", title="Lengths", title_justify="left")
    for name, (least, middle, most) in measured.lengths.items():
        table.add_row(name, str(least), f"{middle:g}", str(most))
    return table


@app.command()
@_told
def split(
    folder: Folder,
    seed: Annotated[int, typer.Option(help="Order among families of one size.")] = 1,
    force: Annotated[bool, typer.Option("--force", help="Overwrite frozen splits.")] = False,
) -> None:
    """Part the articles into train, dev and test, and freeze that in splits.json."""
    records = load(folder / "articles.jsonl")
    made = splits.make(records, seed=seed)
    splits.write(folder / "splits.json", made, seed=seed, force=force)
    Console(stderr=True).print(", ".join(f"{name}: {len(ids)} articles" for name, ids in made.items()), highlight=False)


@app.command()
@_told
def compare(
    first: Annotated[Path, typer.Argument(metavar="FIRST", help="A labelling, JSON Lines.")],
    second: Annotated[Path, typer.Argument(metavar="SECOND", help="Another labelling of the same articles.")],
    verbose: Annotated[bool, typer.Option("--verbose", help="List every disagreement.")] = False,
) -> None:
    """Krippendorff's alpha and the scorer's figures of two labellings."""
    ours = load(first)
    found = agreement.compare(ours, load(second))
    console = Console()
    marked = f"{found.first} and {found.second} statements, {found.aligned} marked by both"
    console.print(f"{found.articles} articles; {marked}", highlight=False)
    table = Table("figure", "value")
    for name, value in found.alpha.items():
        table.add_row(f"alpha, {name}", f"{value:.3f}")
    for name in (*(f"{figure}_f1" for figure in FIGURES), "stance_accuracy", "stance_macro_f1"):
        table.add_row(name, f"{found.figures[name]:.3f}")
    console.print(table)
    if verbose:
        texts = {record["id"]: record for record in ours}
        for one in found.disagreements:
            console.print(_disagreement(texts[one.place.article], one), highlight=False, soft_wrap=True, markup=False)


def _disagreement(record: Record, one: agreement.Disagreement) -> str:
    marked = one.first or one.second
    content = said(record, marked) if marked else ""
    differing = ", ".join(one.fields) or "marked by one"
    return f"{one.place} ({differing}): {content!r}\n  first:  {_labels(one.first)}\n  second: {_labels(one.second)}"


def _labels(statement: StatementRecord | None) -> str:
    if statement is None:
        return "not marked"
    aimed = ", ".join(f"{t['stance']} toward {t['actor']}" for t in statement["targets"])
    return f"{statement['kind']}, {statement['speaker_actor']}, {aimed or statement['stance']}"


@app.command("export")
@_told
def export_(
    folder: Folder,
    to: Annotated[Form, typer.Option(help="A table, a spaCy DocBin, or a folder for datasets.load_from_disk.")],
    out: Annotated[Path, typer.Option("-o", "--output", help="The file, or for a dataset the folder, to write.")],
    part: Annotated[str | None, typer.Option("--split", help="Only train, dev or test.")] = None,
) -> None:
    """Write the corpus for another tool."""
    records = load(folder / "articles.jsonl")
    if part is not None:
        frozen = splits.read(folder / "splits.json")
        if part not in frozen:
            raise typer.BadParameter(f"{part!r} is none of {', '.join(frozen)}", param_hint="--split")
        records = [record for record in records if record["id"] in set(frozen[part])]
    match to:
        case Form.CSV:
            out.write_text(export.to_csv(records), encoding="utf-8")
        case Form.DOCBIN:
            export.to_docbin(records).to_disk(out)
        case Form.DATASET:
            export.as_dataset(records).save_to_disk(str(out))
    sys.stderr.write(f"wrote {len(records)} articles to {out}\n")


Output = Annotated[Path, typer.Option("-o", "--output", help="The file to write.")]


@app.command()
@_told
def attach(
    labels: Annotated[Path, typer.Argument(metavar="LABELS", help="Labels without texts, such as labels/news.jsonl.")],
    texts: Annotated[Path, typer.Argument(metavar="TEXTS", help="The texts that were labelled, JSON Lines with id and text.")],
    out: Output,
) -> None:
    """Put labels and the texts that they belong to together into a corpus to train on.

    Example: python -m training data attach labels/news.jsonl ../shared/data/unlabelled/articles.jsonl -o corpora/news.jsonl
    """
    count = standoff.write(out, standoff.attach(standoff.read(labels), standoff.read(texts)))
    sys.stderr.write(f"wrote {count} articles to {out}\n")


@app.command()
@_told
def detach(
    corpus: Annotated[Path, typer.Argument(metavar="CORPUS", help="Annotated articles, JSON Lines.")],
    out: Output,
) -> None:
    """Write the labels of a corpus without its texts: offsets, actors and stances, each article known by the SHA-256 of its text."""
    count = standoff.write(out, standoff.detach(standoff.read(corpus)))
    sys.stderr.write(f"wrote the labels of {count} articles to {out}\n")
