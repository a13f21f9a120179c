"""Command line of training: ``python -m training fit CONFIG [--set key=value]``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from stance.classifiers import bundle
from stance.errors import StanceError
from training import baseline, card, config, data

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Train the models that stance ships.")


@app.callback()
def _commands() -> None:
    """Train the models that stance ships."""


@app.command()
def fit(
    path: Annotated[Path, typer.Argument(metavar="CONFIG", help="An experiment, such as configs/baseline.yaml.")],
    override: Annotated[list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Change a key, such as model.folds=3.")] = None,
) -> None:
    """Train a model and write its bundle."""
    console = Console(stderr=True)
    try:
        _fit(config.load(path, override or ()), console)
    except StanceError as error:
        console.print(f"[red]error:[/red] {error}", highlight=False, soft_wrap=True)
        raise typer.Exit(2) from error


def _fit(experiment: config.Config, console: Console) -> None:
    with Progress(SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=console) as progress:
        task = progress.add_task("corpora")
        corpora, missing = data.corpora(experiment.corpora.required, experiment.corpora.optional)
        for absent in missing:
            console.print(f"[yellow]warning:[/yellow] {absent} is missing; trained without it", highlight=False, soft_wrap=True)
        examples = [e for corpus in corpora for article in corpus.articles for e in data.examples(article)]
        fitted = baseline.fit(examples, experiment.model, seed=experiment.seed, progress=lambda what: progress.update(task, description=what))
    made = bundle.Bundle(experiment.name, fitted.classifier, fitted.thresholds, data={c.path.name: c.sha256 for c in corpora})
    bundle.save(made, experiment.out, card=card.write(experiment, corpora, missing, examples, fitted))
    sys.stdout.write(json.dumps({name: round(value, 4) for name, value in fitted.figures.items()}) + "\n")
    console.print(f"wrote {experiment.out}", highlight=False)


if __name__ == "__main__":
    app(prog_name="python -m training")
