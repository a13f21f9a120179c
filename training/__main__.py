"""Command line of training: ``python -m training fit CONFIG [--set key=value]``, and what follows from it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from stance.errors import ConfigError, MissingExtraError, StanceError
from training import config
from training.corpus import commands as corpus

if TYPE_CHECKING:
    from training.experiment import Evaluation, Intervals
    from training.tracking import Record, Store

INTERRUPTED = 130

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Train the models that stance ships, and keep track of it.",
)

app.add_typer(corpus.app, name="data")

ConfigFile = Annotated[Path, typer.Argument(metavar="CONFIG", help="A configuration, such as configs/baseline.yaml.")]
Overrides = Annotated[list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Change a key, such as model.folds=3; repeatable.")]
RunName = Annotated[str, typer.Argument(metavar="RUN", help="A run's id, the beginning of its id, its name, or latest.")]
On = Annotated[list[str] | None, typer.Option("--on", metavar="NAME=PATH", help="A corpus to measure on, and a name for it; repeatable.")]

_FIT = """Examples:

python -m training fit configs/baseline.yaml

python -m training fit configs/baseline.yaml --set model.statement_c=10 --set seed=7

Needs nothing but seeds/; corpora that are optional and missing are named in a warning and in the run's tags.
"""
_AVERAGE = """Examples:

python -m training average 3f2a91 81cc02 5d0e77 --name tagger_mean

python -m training average 3f2a91 --name shorter --set model.window=160

python -m training average 9c41d0 b7e2a5 --apart --name transformer
"""
_EVALUATE = """Examples:

python -m training evaluate latest

python -m training evaluate 3f2a91 --on dev=../shared/data/annotated/dev.jsonl
"""
_SWEEP = """Examples:

python -m training sweep configs/sweep.yaml

python -m training sweep configs/sweep.yaml --set trials=40

Killed at any moment, the same command goes on; more trials are added to those that are done.
"""
_EXPORT = """Examples:

python -m training export latest build/model

python -m training export models:/stance@champion stance/models/baseline
"""
_PROMOTE = """Examples:

python -m training promote latest

python -m training promote baseline --on test
"""
_COMPARE = """Example:

python -m training compare baseline baseline_words_only
"""


@app.command(epilog=_FIT)
def fit(path: ConfigFile, override: Overrides = None) -> None:
    """Train a model, measure it, and log a complete run."""
    with _session() as console:
        plan = config.load_experiment(path, override or ())
        with _steps(console) as step, (store := _store(step)).run(plan.name, tags={"kind": "fit", "config": path.name}) as run:
            if isinstance(plan, config.TaggerConfig):
                from training import attribution  # noqa: PLC0415 (heavy)

                material = attribution.gather(plan, step)
                _warn(console, material.missing)
                found = attribution.fit(plan, material, run, step)
            elif isinstance(plan, config.TransformerConfig):
                from training import stances  # noqa: PLC0415 (heavy)

                material = stances.gather(plan, step)
                _warn(console, material.missing)
                found = stances.fit(plan, material, store=store, run=run, progress=step)
            else:
                from training import experiment  # noqa: PLC0415 (heavy)

                material = experiment.gather(plan, step)
                _warn(console, material.missing)
                found = experiment.fit(plan, material, run, step)
        _show(found)
        _told(console, f"run {plan.name} {run.id}")


@app.command(epilog=_AVERAGE)
def average(
    names: Annotated[list[str], typer.Argument(metavar="RUN...", help="Runs that differ in their seed alone, or one.")],
    as_name: Annotated[str, typer.Option("--name", metavar="NAME", help="What the new run is called.")] = "average",
    apart: Annotated[bool, typer.Option("--apart", help="Average answers, not weights: better, slower; transformers only.")] = False,
    override: Overrides = None,
) -> None:
    """Average the weights of runs, measure the mean, and log it as a run; of one run, measure it anew under other settings."""
    with _session() as console, _steps(console) as step:
        from training import attribution, experiment, stances  # noqa: PLC0415 (heavy)

        store = _store(step)
        records = [store.record(name) for name in names]
        plan = experiment.plan_of(store, records[0])
        if isinstance(plan, config.Config):
            raise ConfigError(f"average: run {records[0].name} ({records[0].id}) is a baseline's, which has no weights to average")
        if apart and isinstance(plan, config.TaggerConfig):
            raise ConfigError(f"average: run {records[0].name} ({records[0].id}) is a tagger's; --apart is for transformers")
        changed = {"name": as_name, **config.changes(override or ())}
        with store.run(as_name, tags={"kind": "average"}) as run:
            if isinstance(plan, config.TaggerConfig):
                found = attribution.average(store, records, config.replaced(plan, changed), run=run, progress=step)
            else:
                found = stances.average(store, records, config.replaced(plan, changed), run=run, progress=step, apart=apart)
        _show(found)
        _told(console, f"run {as_name} {run.id}")


@app.command(epilog=_EVALUATE)
def evaluate(name: RunName, on: On = None) -> None:
    """Measure a run's model again, or on other corpora; the figures are added to the run."""
    with _session() as console, _steps(console) as step:
        from training import experiment  # noqa: PLC0415 (heavy)

        store = _store(step)
        record = store.record(name)
        chosen = _evaluations(store, record, on or ())
        found = experiment.evaluate(store, record, chosen, step)
        _show(found)


@app.command(epilog=_SWEEP)
def sweep(path: ConfigFile, override: Overrides = None) -> None:
    """Search for the best settings; started again, it goes on where it stopped."""
    with _session() as console:
        plan = config.load_sweep(path, override or ())
        from training import sweep as sweeping  # noqa: PLC0415 (heavy)

        with _steps(console) as step:
            result = sweeping.run(plan, _store(step), step)
        best = ", ".join(f"{key}={value}" for key, value in result.params.items())
        _told(console, f"run {plan.name} {result.run_id}: {result.trials} trials")
        _told(
            console,
            f"best {plan.objective}: {result.mean:.4f} (standard deviation {result.std:.4f} over {len(plan.seeds)} seeds) by {best}",
        )


@app.command(epilog=_EXPORT)
def export(
    name: Annotated[str, typer.Argument(metavar="RUN", help="A run (id, beginning of an id, name, latest), or models:/stance@champion.")],
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where to put the bundle; what was there is replaced.")],
) -> None:
    """Write a run's bundle to a folder, which stance loads."""
    with _session() as console, _steps(console) as step:
        from training import experiment  # noqa: PLC0415 (heavy)

        store = _store(step)
        record = store.record(store.run_of(name) if name.startswith("models:/") else name)
        experiment.export(store, record, folder)
        _told(console, f"wrote {folder}, the model of run {record.name} {record.id}")


@app.command(epilog=_PROMOTE)
def promote(
    name: RunName,
    on: Annotated[
        str | None, typer.Option("--on", metavar="NAME", help="The evaluation that decides; dev where both have it, else test.")
    ] = None,
) -> None:
    """Register a run's model; it becomes the champion if it beats the present one (paired bootstrap by article, 95 %)."""
    with _session() as console, _steps(console) as step:
        from training import registry  # noqa: PLC0415 (heavy)

        store = _store(step)
        verdict = registry.promote(store, store.record(name), on=on)
        _told(console, verdict.told())
    if not verdict.promoted:
        raise typer.Exit(1)


@app.command(epilog=_COMPARE)
def compare(first: RunName, second: RunName) -> None:
    """Show what differs between two runs: configuration, code, data and figures."""
    with _session(), _steps(Console(stderr=True)) as step:
        from training import compare as comparing  # noqa: PLC0415 (heavy)

        store = _store(step)
        runs = store.record(first), store.record(second)
    comparing.show(store, *runs, console=Console())


@contextlib.contextmanager
def _session() -> Iterator[Console]:
    """Errors that are meant for the user end with 2 and their message, an interruption with 130."""
    console = Console(stderr=True, highlight=False)
    try:
        yield console
    except ModuleNotFoundError as error:
        missing = MissingExtraError(error.name or "a package", extra="train", purpose="train")
        console.print(Text.assemble(("error: ", "red"), str(missing)), soft_wrap=True)
        raise typer.Exit(2) from error
    except StanceError as error:
        console.print(Text.assemble(("error: ", "red"), str(error)), soft_wrap=True)
        raise typer.Exit(2) from error
    except KeyboardInterrupt:
        console.print("interrupted; the run is marked as killed")
        raise typer.Exit(INTERRUPTED) from None


def _warn(console: Console, missing: Sequence[Path]) -> None:
    for absent in missing:
        console.print(Text.assemble(("warning: ", "yellow"), f"{absent} is missing; the run does without it"), soft_wrap=True)


class _Steps:
    """Shows the step that is being done."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task = progress.add_task("starting")

    def __call__(self, step: str) -> None:
        self._progress.update(self._task, description=step)


@contextlib.contextmanager
def _steps(console: Console) -> Iterator[_Steps]:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        yield _Steps(progress)


def _store(step: _Steps) -> Store:
    step("opening the tracking store")
    from training.tracking import Store  # noqa: PLC0415 (heavy)

    return Store()


def _evaluations(store: Store, record: Record, on: list[str] | tuple[str, ...]) -> list[Evaluation]:
    from training import data, experiment  # noqa: PLC0415 (heavy)

    if not on:
        return experiment.evaluations_of(store, record)
    pairs = [entry.partition("=") for entry in on]
    for name, _, path in pairs:
        if not name.isidentifier() or not path:
            raise typer.BadParameter(f"{name!r} is not NAME=PATH, such as dev=../shared/data/annotated/dev.jsonl", param_hint="--on")
    return [experiment.Evaluation(name, data.corpora([Path(path)], [])[0][0]) for name, _, path in pairs]


def _show(found: dict[str, Intervals]) -> None:
    from training import metrics  # noqa: PLC0415 (heavy)

    table = Table("figure (95 %)", *found, title="Whole pipeline on raw text", title_justify="left", box=SIMPLE, padding=(0, 1, 0, 0))
    for name in (name for name in metrics.HEADLINES if all(name in intervals for intervals in found.values())):
        cells = (intervals[name] for intervals in found.values())
        table.add_row(name, *(f"{i.value:.3f} ({i.low:.2f}–{i.high:.2f})" for i in cells))
    Console().print(table)


def _told(console: Console, words: str) -> None:
    console.print(Text(words), soft_wrap=True)


if __name__ == "__main__":
    app(prog_name="python -m training")
