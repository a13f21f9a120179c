"""Tracking: the one module that knows MLflow. Runs, their files and models go to a store on this machine.

The store is ``sqlite:///mlruns/mlflow.db`` with files under ``mlruns/artifacts``, at the repository's root; the environment
variable ``MLFLOW_TRACKING_URI`` names another. A run always ends: FINISHED, FAILED (an error) or KILLED (interrupted, or, for
runs whose process was killed outright, marked when the store is next opened).
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, NoReturn

os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
os.environ.setdefault("MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL", "1")
os.environ.setdefault("MLFLOW_SYSTEM_METRICS_SAMPLES_BEFORE_LOGGING", "1")
os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")

import mlflow
import psutil
from mlflow.entities import Metric, Param, RunTag
from mlflow.exceptions import MlflowException
from mlflow.models import ModelSignature
from mlflow.types import ColSpec, Schema

from stance.errors import StanceError

if TYPE_CHECKING:
    import datasets
    from matplotlib.figure import Figure

ROOT = Path(__file__).resolve().parents[1]
EXPERIMENT = "stance"
REGISTERED = "stance"
CHAMPION = "champion"

_MAX_PARAM = 500
_MAX_TAG = 4000
_BATCH = 100
_NAME = "mlflow.runName"
_PARENT = "mlflow.parentRunId"


class TrackingError(StanceError):
    """A run or a model that the store does not hold, or a store that cannot be opened."""


@dataclass(frozen=True, slots=True)
class Record:
    """A run as the store holds it.

    Attributes:
        id: Its id.
        name: Its name.
        status: FINISHED, FAILED, KILLED or RUNNING.
        params: The flattened configuration.
        metrics: The last value of each metric.
        tags: Tags, those of MLflow among them.
        data: Digest of each data set by name and use, such as ``seeds (train)``.
    """

    id: str
    name: str
    status: str
    params: Mapping[str, str]
    metrics: Mapping[str, float]
    tags: Mapping[str, str]
    data: Mapping[str, str]


class Run:
    """A run that is going on; made by `Store.run`."""

    def __init__(self, client: mlflow.MlflowClient, run_id: str) -> None:
        self.id = run_id
        self._client = client

    def params(self, tree: Mapping[str, Any]) -> None:
        """Logs a nested mapping, a parameter for each leaf; values that are too long for the store are cut."""
        entries = [Param(key, _cut(value, _MAX_PARAM)) for key, value in flatten(tree).items()]
        for at in range(0, len(entries), _BATCH):
            self._client.log_batch(self.id, params=entries[at : at + _BATCH])

    def metrics(self, values: Mapping[str, float], *, step: int = 0) -> None:
        """Logs metrics."""
        now = int(time.time() * 1000)
        entries = [Metric(key, float(value), now, step) for key, value in values.items()]
        for at in range(0, len(entries), _BATCH):
            self._client.log_batch(self.id, metrics=entries[at : at + _BATCH])

    def tags(self, values: Mapping[str, str]) -> None:
        """Sets tags."""
        self._client.log_batch(self.id, tags=[RunTag(key, _cut(value, _MAX_TAG)) for key, value in values.items()])

    def text(self, content: str, path: str) -> None:
        """Logs a text file."""
        self._client.log_text(self.id, content, path)

    def json(self, content: Any, path: str) -> None:
        """Logs a JSON file."""
        self.text(json.dumps(content, ensure_ascii=False, indent=1), path)

    def figure(self, figure: Figure, path: str) -> None:
        """Logs a figure as a picture."""
        self._client.log_figure(self.id, figure, path)

    def table(self, rows: Sequence[Mapping[str, Any]], path: str) -> None:
        """Logs a table, which the UI shows as such; nothing if it has no rows."""
        if rows:
            self._client.log_table(self.id, {key: [row[key] for row in rows] for key in rows[0]}, path)

    def dataset(self, table: datasets.Dataset, *, name: str, path: Path, digest: str, use: str) -> None:
        """Logs a data set as an input of the run; `digest` is the SHA-256 of its articles, of which the store keeps 32 digits."""
        with quiet():
            logged = mlflow.data.from_huggingface(table, path="json", data_files=path.as_posix(), name=name, digest=digest[:32])  # type: ignore[attr-defined]
            mlflow.log_input(logged, context=use)

    def folder(self, folder: Path, path: str) -> None:
        """Logs the files of a folder."""
        self._client.log_artifacts(self.id, str(folder), path)

    def model(
        self, folder: Path, *, example: Mapping[str, Sequence[Any]], inputs: Mapping[str, str], outputs: Mapping[str, str], requirement: str
    ) -> None:
        """Logs a bundle as an MLflow model (no pickle: the folder as it is, read by `stance.integrations.pyfunc`).

        Args:
            folder: The bundle.
            example: Columns of an input.
            inputs: Columns of the input and their types, by MLflow's names.
            outputs: The same of the output.
            requirement: What pip installs to serve it.
        """
        import pandas as pd  # noqa: PLC0415 (heavy)

        with quiet():
            info = mlflow.pyfunc.log_model(
                name="model",
                loader_module="stance.integrations.pyfunc",
                data_path=str(folder),
                signature=ModelSignature(inputs=_schema(inputs), outputs=_schema(outputs)),
                input_example=pd.DataFrame(dict(example)),
                pip_requirements=[requirement],
            )
        self.tags({"model_uri": info.model_uri})


class Store:
    """Where runs are kept.

    Args:
        uri: A tracking URI; by default that of ``MLFLOW_TRACKING_URI``, else the repository's own.

    Raises:
        TrackingError: If it cannot be opened.
    """

    def __init__(self, uri: str | None = None) -> None:
        self.uri = uri or os.environ.get("MLFLOW_TRACKING_URI") or f"sqlite:///{ROOT / 'mlruns' / 'mlflow.db'}"
        self._quiet_libraries()
        try:
            self._prepare()
            self.client = mlflow.MlflowClient(self.uri)
            self._experiment = self._find_experiment()
        except (MlflowException, OSError) as error:
            raise TrackingError(f"the tracking store {self.uri} cannot be opened: {error}; is MLFLOW_TRACKING_URI right?") from error
        self._reap()

    def _prepare(self) -> None:
        folder = self.folder
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
        mlflow.set_tracking_uri(self.uri)
        mlflow.set_registry_uri(self.uri)

    @property
    def folder(self) -> Path | None:
        """The folder of a store in a file; None for a server."""
        return Path(self.uri.removeprefix("sqlite:///")).resolve().parent if self.uri.startswith("sqlite:///") else None

    def _find_experiment(self) -> str:
        known = self.client.get_experiment_by_name(EXPERIMENT)
        if known:
            return str(known.experiment_id)
        place = (self.folder / "artifacts").as_uri() if self.folder else None
        return str(self.client.create_experiment(EXPERIMENT, artifact_location=place))

    @staticmethod
    def _quiet_libraries() -> None:
        """MLflow announces every step at INFO; what matters is told by the commands themselves."""
        for name in ("mlflow", "alembic"):
            logging.getLogger(name).setLevel(logging.ERROR)

    @contextlib.contextmanager
    def run(
        self, name: str, *, parent: str | None = None, run_id: str | None = None, tags: Mapping[str, str] | None = None, system: bool = True
    ) -> Iterator[Run]:
        """A run for as long as the block lasts; it ends with the block, however that ends.

        Args:
            name: A name to show.
            parent: Id of the run that it belongs to.
            run_id: Id of a run to go on with, in place of a new one.
            tags: Tags of a new run.
            system: Whether to record processor and memory once a second.
        """
        options: dict[str, Any] = {"run_id": run_id} if run_id else {"run_name": name, "experiment_id": self._experiment}
        if parent:
            options |= {"nested": True, "parent_run_id": parent}
        own = {**_origin(), **(tags or {})}
        with _signals(), quiet():
            active = mlflow.start_run(**options, log_system_metrics=system)
            run = Run(self.client, active.info.run_id)
            run.tags(own)
            started, status = time.monotonic(), "FAILED"
            try:
                yield run
                status = "FINISHED"
            except (KeyboardInterrupt, SystemExit, GeneratorExit):
                status = "KILLED"
                raise
            except BaseException as error:
                run.tags({"error": f"{type(error).__name__}: {error}"})
                raise
            finally:
                if not run_id:
                    run.metrics({"wall_seconds": time.monotonic() - started, "peak_memory_mb": peak_memory()})
                mlflow.end_run(status)

    def record(self, reference: str) -> Record:
        """A run by its id, the beginning of its id, its name (the newest of that name), or ``latest`` (the newest that finished).

        Raises:
            TrackingError: If there is none, or several ids begin so.
        """
        runs = self._search("", limit=2000)
        whole = [r for r in runs if r.info.run_id == reference]
        if not whole and reference == "latest":
            whole = [r for r in runs if r.info.status == "FINISHED" and _PARENT not in r.data.tags][:1]
        if not whole:
            whole = [r for r in runs if r.data.tags.get(_NAME) == reference][:1]
        if not whole and len(reference) >= 4:
            whole = [r for r in runs if r.info.run_id.startswith(reference)]
        if len(whole) == 1:
            return _record(whole[0])
        recent = ", ".join(f"{r.data.tags.get(_NAME)} ({r.info.run_id[:8]})" for r in runs[:5]) or "none"
        problem = f"{len(whole)} runs begin with" if whole else "no run is called"
        raise TrackingError(f"{problem} {reference!r} in {self.uri}; the newest are: {recent}")

    def runs(self) -> list[Record]:
        """All runs, the newest first."""
        return [_record(r) for r in self._search("")]

    def children(self, parent: str) -> list[Record]:
        """The runs that belong to a run, the oldest first."""
        return [_record(r) for r in reversed(self._search(f"tags.`{_PARENT}` = '{parent}'"))]

    def steps(self, run_id: str, metric: str) -> set[int]:
        """The steps at which a run logged a metric."""
        return {entry.step for entry in self.client.get_metric_history(run_id, metric)}

    def read_json(self, run_id: str, path: str) -> Any:
        """A JSON file of a run.

        Raises:
            TrackingError: If the run has no such file.
        """
        with self.files(run_id, path) as found:
            return json.loads(found.read_text(encoding="utf-8"))

    @contextlib.contextmanager
    def files(self, run_id: str, path: str) -> Iterator[Path]:
        """A file or a folder of a run, for as long as the block lasts.

        Raises:
            TrackingError: If the run has none of that name.
        """
        with tempfile.TemporaryDirectory() as aside, quiet():
            try:
                found = Path(self.client.download_artifacts(run_id, path, aside))
            except (MlflowException, OSError) as error:
                raise TrackingError(f"run {run_id} has no {path!r}: did it finish? ({error})") from error
            yield found

    @contextlib.contextmanager
    def bundle(self, record: Record) -> Iterator[Path]:
        """The files of a run's model, for as long as the block lasts.

        Raises:
            TrackingError: If the run logged none.
        """
        if "model_uri" not in record.tags:
            raise TrackingError(f"run {record.name} ({record.id}) logged no model; its status is {record.status}")
        with tempfile.TemporaryDirectory() as aside, quiet():
            try:
                found = Path(mlflow.artifacts.download_artifacts(artifact_uri=record.tags["model_uri"], dst_path=aside))
            except (MlflowException, OSError) as error:
                raise TrackingError(f"the model of run {record.name} ({record.id}) cannot be read: {error}") from error
            yield found

    def champion(self) -> str | None:
        """Id of the run whose model is the champion; None where there is no champion yet."""
        try:
            return str(self.client.get_model_version_by_alias(REGISTERED, CHAMPION).run_id)
        except MlflowException:
            return None

    def run_of(self, uri: str) -> str:
        """Id of the run that made a registered model, such as ``models:/stance@champion`` or ``models:/stance/3``.

        Raises:
            TrackingError: If the registry holds no such model.
        """
        name, at, alias = uri.removeprefix("models:/").partition("@")
        try:
            if at:
                return str(self.client.get_model_version_by_alias(name, alias).run_id)
            name, _, version = name.partition("/")
            return str(self.client.get_model_version(name, version).run_id)
        except MlflowException as error:
            raise TrackingError(f"{uri}: not in the registry of {self.uri}; register a run with: python -m training promote RUN") from error

    def register(self, run: Record) -> str:
        """The version of the registered model that a run made; registers it if it is not there yet.

        Raises:
            TrackingError: If the run logged no model.
        """
        for version in self.client.search_model_versions(f"name = '{REGISTERED}'") if self._is_registered() else ():
            if version.run_id == run.id:
                return str(version.version)
        if "model_uri" not in run.tags:
            raise TrackingError(f"run {run.name} ({run.id}) logged no model; promote one that finished a fit")
        with quiet(), contextlib.redirect_stderr(io.StringIO()):
            return str(mlflow.register_model(run.tags["model_uri"], REGISTERED).version)

    def crown(self, version: str) -> None:
        """Makes a version the champion."""
        self.client.set_registered_model_alias(REGISTERED, CHAMPION, version)

    def _is_registered(self) -> bool:
        return bool(self.client.search_registered_models(f"name = '{REGISTERED}'"))

    def _search(self, query: str, *, limit: int = 1000) -> list[Any]:
        return list(self.client.search_runs([self._experiment], query, max_results=limit, order_by=["attributes.start_time DESC"]))

    def _reap(self) -> None:
        """Marks runs as KILLED whose process on this machine is gone."""
        for run in self._search("attributes.status = 'RUNNING'"):
            host, process = (run.data.tags.get(f"process.{key}") for key in ("host", "id"))
            if host == socket.gethostname() and process and not _alive(process):
                self.client.set_terminated(run.info.run_id, "KILLED")


def flatten(tree: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Leaves of a nested mapping by their dotted keys."""
    leaves: dict[str, Any] = {}
    for key, value in tree.items():
        leaves |= flatten(value, f"{prefix}{key}.") if isinstance(value, Mapping) and value else {f"{prefix}{key}": value}
    return leaves


def peak_memory() -> float:
    """The most memory that this process has held, in megabytes."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Keeps MLflow's and its libraries' own warnings off the screen."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _schema(columns: Mapping[str, str]) -> Schema:
    return Schema([ColSpec(kind, name, required=kind != "string" or name in {"id", "text"}) for name, kind in columns.items()])


def _cut(value: Any, limit: int) -> str:
    words = value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)
    return words if len(words) <= limit else f"{words[: limit - 1]}…"


def _record(run: Any) -> Record:
    data = {}
    for entry in run.inputs.dataset_inputs if run.inputs else ():
        use = next((t.value for t in entry.tags if t.key == "mlflow.data.context"), "")
        data[f"{entry.dataset.name} ({use})"] = entry.dataset.digest
    tags = dict(run.data.tags)
    return Record(run.info.run_id, tags.get(_NAME, ""), run.info.status, dict(run.data.params), dict(run.data.metrics), tags, data)


def _origin() -> dict[str, str]:
    """Where a run comes from: commit, and the process that can be asked whether it is still alive."""
    me = psutil.Process()
    tags = {"process.host": socket.gethostname(), "process.id": f"{me.pid}@{me.create_time():.2f}", "command": " ".join(sys.argv)}
    commit, changes = _git("rev-parse", "HEAD"), _git("status", "--porcelain")
    if commit:
        tags |= {"git.commit": commit, "git.dirty": str(bool(changes)).lower(), "mlflow.source.git.commit": commit}
    return tags


def _git(*arguments: str) -> str | None:
    git = shutil.which("git")
    if git is None:
        return None
    done = subprocess.run([git, "-C", str(ROOT), *arguments], capture_output=True, text=True, check=False)  # noqa: S603 (fixed words)
    return done.stdout.strip() if done.returncode == 0 else None


def _alive(process: str) -> bool:
    number, _, created = process.partition("@")
    try:
        return f"{psutil.Process(int(number)).create_time():.2f}" == created
    except (psutil.Error, ValueError):
        return False


@contextlib.contextmanager
def _signals() -> Iterator[None]:
    """While it lasts, a request to terminate is an interruption, so that runs end as KILLED."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(_signal: int, _frame: FrameType | None) -> NoReturn:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
