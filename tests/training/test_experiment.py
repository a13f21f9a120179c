"""The machinery end to end, on the smoke configuration: fit, read back, evaluate, promote, compare, export, serve."""

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("mlflow", reason="the train extra is not installed")
pytest.importorskip("optuna", reason="the train extra is not installed")
from rich.console import Console
from typer.testing import CliRunner

import stance
from stance.errors import BundleError
from training import compare, config, experiment, registry, tracking
from training.__main__ import app
from training.tracking import Record, Run, Store, TrackingError

ROOT = Path(__file__).parents[2]
SMOKE, SWEEP = ROOT / "configs" / "smoke.yaml", ROOT / "configs" / "sweep.yaml"
#: Figures of the machine, not of the model.
NOT_REPEATED = ("system/", "wall_seconds", "peak_memory_mb")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("mlruns")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{folder / 'mlflow.db'}")
        patch.chdir(ROOT)
        yield Store()


@pytest.fixture(scope="module")
def runs(store: Store) -> tuple[Record, Record]:
    """Two runs of the same command, but for the second's name."""
    change = ["--set", "evaluate={dev: ../nowhere/dev.jsonl}"]
    first = CliRunner().invoke(app, ["fit", str(SMOKE), *change])
    assert first.exit_code == 0, first.output
    assert "../nowhere/dev.jsonl is missing" in first.stderr.replace("\n", "")
    again = CliRunner().invoke(app, ["fit", str(SMOKE), *change, "--set", "name=again"])
    assert again.exit_code == 0, again.output
    return store.record("smoke"), store.record("again")


def repeated(run: Record) -> dict[str, float]:
    return {name: value for name, value in run.metrics.items() if not name.startswith(NOT_REPEATED)}


def test_the_same_command_twice_gives_the_same_figures_to_the_last_digit(runs: tuple[Record, Record]) -> None:
    first, again = map(repeated, runs)
    assert first == again
    assert len(first) > 100


def test_a_run_is_complete(store: Store, runs: tuple[Record, Record]) -> None:
    run = runs[0]
    assert run.status == "FINISHED"
    assert {"val/who_whom_what_f1", "test/attribution_f1_low", "val/given_stance_macro_f1", "cv/objective", "wall_seconds"} <= set(
        run.metrics
    )
    assert run.params["model.folds"] == "2"
    assert run.tags["data.missing"] == "../nowhere/dev.jsonl"
    assert "seed" in run.tags
    assert ({"git.commit", "git.dirty"} <= set(run.tags)) == (ROOT / ".git").exists()  # a copied tree has no history to tell
    assert set(run.data) == {f"seeds/articles.jsonl ({use})" for use in ("train", "val", "test")}
    for path in ("config.yaml", "metrics.json", "model_card.md", "figures/val_confusion.png", "counts/test.json", "errors/val.json"):
        with store.files(run.id, path) as found:
            assert found.stat().st_size > 50, path
    with store.files(run.id, "config.yaml") as found:
        assert config.load(found) == experiment.plan_of(store, run)
    intervals = experiment.read_figures(store, run)["val"]["overlap_f1"]
    assert intervals.low <= intervals.value <= intervals.high
    assert intervals.value == run.metrics["val/overlap_f1"]


def test_the_system_is_watched(runs: tuple[Record, Record]) -> None:
    assert any(name.startswith("system/") for name in runs[0].metrics)
    assert 50 < runs[0].metrics["peak_memory_mb"] < 20_000


def test_evaluate_adds_to_the_run_what_fit_would_have_found(store: Store, runs: tuple[Record, Record]) -> None:
    done = CliRunner().invoke(app, ["evaluate", runs[1].id[:10]])
    assert done.exit_code == 0, done.output
    assert repeated(store.record(runs[1].id)) == repeated(runs[1])
    assert store.record(runs[1].id).status == "FINISHED"


def test_promote_crowns_the_first_and_refuses_its_equal(store: Store, runs: tuple[Record, Record], tmp_path: Path) -> None:
    first, again = runs
    assert store.champion() is None
    crowned = CliRunner().invoke(app, ["promote", first.id])
    assert crowned.exit_code == 0
    assert "there was none to beat" in crowned.stderr
    verdict = registry.promote(store, again)
    assert (verdict.promoted, verdict.on, store.champion()) == (False, "test", first.id)
    assert verdict.gain is not None
    assert verdict.gain.value == 0.0
    assert "stays champion" in verdict.told().replace("\n", " ")
    assert registry.promote(store, again).version == verdict.version

    model = stance.load("models:/stance@champion")
    assert model.run_id == first.id
    folder = tmp_path / "bundle"
    exported = CliRunner().invoke(app, ["export", "models:/stance@champion", str(folder)])
    assert exported.exit_code == 0, exported.output
    text = "“Any attack will be met with force,” Minister Liv Haug of Norway said."
    assert stance.analyze(text, model=model) == stance.analyze(text, model=folder)
    refused = CliRunner().invoke(app, ["export", first.id, str(tmp_path)])
    assert refused.exit_code == 2


def test_the_logged_model_is_an_mlflow_model(store: Store, runs: tuple[Record, Record]) -> None:
    import mlflow
    import pandas as pd

    model = mlflow.pyfunc.load_model(runs[0].tags["model_uri"])
    frame = pd.DataFrame({"id": ["a", "b"], "text": ["“We will help,” Liv Haug said.", "It rained."]})
    told = model.predict(frame)
    assert list(told.article) == ["a"]
    assert list(told.columns) == model.metadata.signature.outputs.input_names()


def test_compare_shows_what_differs(store: Store, runs: tuple[Record, Record]) -> None:
    out = io.StringIO()
    compare.show(store, *runs, console=Console(file=out, width=160))
    shown = out.getvalue()
    assert "again" in shown
    assert "who_whom_what_f1" in shown
    assert "+0.000 (+0.000 to +0.000)" in shown
    assert "model.folds" not in shown


def test_a_run_that_nobody_knows_is_named_with_what_there_is(store: Store, runs: tuple[Record, Record]) -> None:
    with pytest.raises(TrackingError, match=r"no run is called 'nosuch'.*again"):
        store.record("nosuch")
    with pytest.raises(TrackingError, match="not measured on 'dev'"):
        registry.counts(store, runs[0], "dev")
    with pytest.raises(BundleError, match="cannot be fetched"):
        stance.load("models:/nosuch@champion")


@pytest.mark.parametrize(("error", "status"), [(ValueError("odd"), "FAILED"), (KeyboardInterrupt(), "KILLED")])
def test_a_run_that_breaks_off_is_marked(store: Store, error: BaseException, status: str) -> None:
    def broken() -> str:
        with store.run("broken", system=False) as run:
            made.append(run)
            raise error

    made: list[Run] = []
    with pytest.raises(type(error)):
        broken()
    assert store.record(made[0].id).status == status


def test_a_request_to_terminate_is_an_interruption(store: Store) -> None:
    def terminated() -> None:
        with store.run("terminated", system=False):
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(1)

    with pytest.raises(KeyboardInterrupt):
        terminated()
    assert store.record("terminated").status == "KILLED"


def test_a_run_whose_process_is_gone_is_marked_when_the_store_is_opened(store: Store) -> None:
    run = store.client.create_run("1", run_name="gone", tags=tracking._origin() | {"process.id": "999999@1.00"})
    alive = store.client.create_run("1", run_name="alive", tags=tracking._origin())
    Store()
    assert store.record(run.info.run_id).status == "KILLED"
    assert store.record(alive.info.run_id).status == "RUNNING"
    store.client.set_terminated(alive.info.run_id)


def test_long_params_and_many_params_do_no_harm(store: Store) -> None:
    tree = {"long": "x" * 50_000, "deep": {"list": list(range(5000))}, "many": {f"k{n}": n for n in range(250)}}
    with store.run("long", system=False) as run:
        run.params(tree)
        run.tags({"long": "y" * 50_000})
    record = store.record("long")
    assert len(record.params) == 252
    assert record.params["long"].endswith("…")


def test_a_sweep_that_is_killed_goes_on_and_counts_nothing_twice(store: Store) -> None:
    change = [
        "trials=3",
        "seeds=[1, 2]",
        "name=tiny",
        "startup_trials=3",
        "experiment.limit=8",
        "experiment.corpora.optional=[]",
        "experiment.model.folds=2",
    ]
    command = [sys.executable, "-m", "training", "sweep", str(SWEEP), *(word for c in change for word in ("--set", c))]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as killed:
        deadline = time.monotonic() + 60
        while not (cut := in_the_middle(store)):
            assert killed.poll() is None, "the sweep ended by itself"
            assert time.monotonic() < deadline
            time.sleep(0.05)
        killed.kill()
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "3 trials" in done.stderr

    (parent,) = [r for r in store.runs() if r.name == "tiny"]
    trials = store.children(parent.id)
    assert [t.status for t in trials] == ["FINISHED"] * 3
    assert parent.metrics["trials"] == 3
    assert len(store.steps(parent.id, "trial/mean")) == 3
    for trial in trials:
        seeds = [s for s in store.children(trial.id) if s.status == "FINISHED"]
        values = [s.metrics["val/given_who_whom_what_f1"] for s in seeds]
        assert sorted(s.tags["seed"] for s in seeds) == ["1", "2"]
        assert trial.metrics["val/given_who_whom_what_f1_mean"] == pytest.approx(sum(values) / 2)
        assert trial.metrics["val/given_who_whom_what_f1_std"] == pytest.approx(abs(values[0] - values[1]) / 2)
    assert cut in {s.id for s in store.children(trials[-1].id) + store.children(trials[-2].id)}
    assert store.record(cut).status in {"KILLED", "FINISHED"}


def in_the_middle(store: Store) -> str | None:
    """Id of the second seed's run of the second trial, once it goes on."""
    for run in store.runs():
        if run.name == "tiny-1":
            going = [s.id for s in store.children(run.id) if s.tags.get("seed") == "2"]
            return going[0] if going else None
    return None
