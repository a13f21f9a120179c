"""Sweeps: Optuna proposes settings, each is trained with several seeds, and everything hangs under one run.

A sweep survives being killed at any moment: started again, it marks what was cut off as failed, repeats those settings in
the same run, and takes over the seeds that were done. Optuna's database stands beside the tracking store.
"""

from __future__ import annotations

import hashlib
import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import optuna
from optuna.trial import FrozenTrial, Trial, TrialState

from training import config, experiment
from training.config import Search, Sweep
from training.experiment import Material
from training.tracking import ROOT, Run, Store, TrackingError

Progress = Callable[[str], None]

_DONE = (TrialState.COMPLETE, TrialState.PRUNED)


@dataclass(frozen=True, slots=True)
class Result:
    """What a sweep found.

    Attributes:
        run_id: Its run.
        trials: Trials that count.
        params: The best settings.
        mean: Their mean over the seeds.
        std: Its standard deviation.
    """

    run_id: str
    trials: int
    params: Mapping[str, Any]
    mean: float
    std: float


def run(plan: Sweep, store: Store, progress: Progress) -> Result:
    """Runs a sweep to its end, or goes on with it.

    Raises:
        TrackingError: If another process is at it, or no trial was completed.
    """
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = _study(plan, store)
    begun = study.user_attrs.get("run_id")
    if begun and store.record(begun).status == "RUNNING":
        raise TrackingError(f"sweep {plan.name!r} is already going on in another process (run {begun}); wait for it, or change its name")
    _repair(study)
    material = experiment.gather(plan.experiment, progress)
    with store.run(plan.name, run_id=begun, tags={"kind": "sweep", "objective": plan.objective}) as parent:
        if not begun:
            study.set_user_attr("run_id", parent.id)
            parent.params({"sweep": plan.model_dump(mode="json", exclude={"experiment"}), **plan.experiment.model_dump(mode="json")})
            experiment.describe_data(material, parent)
        _log_missed(study, store, parent)
        while (done := len(study.get_trials(deepcopy=False, states=_DONE))) < plan.trials:
            progress(f"trial {done + 1} of {plan.trials}")
            _one(study, plan, material, store, parent=parent, progress=progress)
        return _conclude(study, parent)


def _study(plan: Sweep, store: Store) -> optuna.Study:
    """The study of this plan; a changed plan is another study, more trials of one are not."""
    folder = store.folder or ROOT / "mlruns"
    folder.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256(plan.model_dump_json(exclude={"trials"}).encode()).hexdigest()[:12]
    storage = optuna.storages.RDBStorage(f"sqlite:///{folder / 'optuna.db'}")
    pruner = optuna.pruners.MedianPruner(n_startup_trials=plan.startup_trials)
    study = optuna.create_study(
        study_name=f"{plan.name}-{digest}", storage=storage, direction=plan.direction, pruner=pruner, load_if_exists=True
    )
    # Begun again, the sampler must not draw the same numbers again.
    study.sampler = optuna.samplers.TPESampler(seed=plan.sampler_seed + len(study.trials), n_startup_trials=plan.startup_trials)
    return study


def _repair(study: optuna.Study) -> None:
    """Trials that were cut off fail; their settings are tried again, in the run that they began."""
    waiting = {trial.user_attrs.get("run_id") for trial in study.get_trials(deepcopy=False, states=(TrialState.WAITING,))}
    for trial in study.get_trials(deepcopy=False, states=(TrialState.RUNNING,)):
        begun = trial.user_attrs.get("run_id")
        if trial.params and (begun is None or begun not in waiting):
            study.enqueue_trial(trial.params, user_attrs={"run_id": begun} if begun else None)
        study.tell(trial.number, state=TrialState.FAIL)


def _one(study: optuna.Study, plan: Sweep, material: Material, store: Store, *, parent: Run, progress: Progress) -> None:
    trial = study.ask()
    settings = {key: _suggest(trial, key, search) for key, search in plan.search.items()}
    begun = trial.user_attrs.get("run_id")
    with store.run(
        f"{plan.name}-{trial.number}", run_id=begun, parent=parent.id, tags={"kind": "trial", "trial": str(trial.number)}
    ) as run:
        trial.set_user_attr("run_id", run.id)
        if not begun:
            run.params(settings)
        scores: list[float] = []
        pruned = False
        for step, seed in enumerate(plan.seeds):
            progress(f"trial {trial.number}, seed {seed}")
            scores.append(_score(plan, settings, material, store, trial=run, seed=seed))
            trial.report(statistics.fmean(scores), step)
            if step + 1 < len(plan.seeds) and trial.should_prune():
                pruned = True
                break
        mean, std = statistics.fmean(scores), statistics.pstdev(scores)
        run.metrics({f"{plan.objective}_mean": mean, f"{plan.objective}_std": std})
        run.tags({"pruned": str(pruned).lower()})
    trial.set_user_attr("mean", mean)
    trial.set_user_attr("std", std)
    study.tell(trial, None if pruned else mean, state=TrialState.PRUNED if pruned else TrialState.COMPLETE)
    _log_trial(study.trials[trial.number], parent)


def _score(plan: Sweep, settings: Mapping[str, Any], material: Material, store: Store, *, trial: Run, seed: int) -> float:
    """The objective with one seed; taken over if this very configuration was finished before the sweep was cut off."""
    changed = config.replaced(plan.experiment, {**settings, "seed": seed})
    digest = hashlib.sha256(changed.model_dump_json().encode()).hexdigest()
    for known in store.children(trial.id):
        if known.status == "FINISHED" and known.tags.get("config.sha256") == digest:
            return known.metrics[plan.objective]
    tags = {"kind": "seed", "config.sha256": digest, "seed": str(seed)}
    with store.run(f"{plan.name}-seed-{seed}", parent=trial.id, tags=tags, system=False) as run:
        run.params(changed.model_dump(mode="json"))
        values = experiment.score(changed, material, on=plan.objective.split("/")[0], progress=_ignore)
        run.metrics(values)
    return values[plan.objective]


def _suggest(trial: Trial, key: str, search: Search) -> Any:
    if search.choices is not None:
        return trial.suggest_categorical(key, list(search.choices))
    low, high = search.low, search.high
    if isinstance(low, int) and isinstance(high, int):
        return trial.suggest_int(key, low, high, log=search.log)
    return trial.suggest_float(key, float(low or 0), float(high or 0), log=search.log)


def _log_trial(trial: FrozenTrial, parent: Run) -> None:
    parent.metrics({"trial/mean": trial.user_attrs["mean"], "trial/std": trial.user_attrs["std"]}, step=trial.number)


def _log_missed(study: optuna.Study, store: Store, parent: Run) -> None:
    """Logs trials on the parent that were told to Optuna just before the sweep was cut off."""
    logged = store.steps(parent.id, "trial/mean")
    for trial in study.get_trials(deepcopy=False, states=_DONE):
        if trial.number not in logged:
            _log_trial(trial, parent)


def _conclude(study: optuna.Study, parent: Run) -> Result:
    completed = study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,))
    if not completed:
        raise TrackingError(f"sweep {study.study_name}: no trial was completed; allow more trials")
    best, done = study.best_trial, study.get_trials(deepcopy=False, states=_DONE)
    mean, std = best.user_attrs["mean"], best.user_attrs["std"]
    parent.metrics({"best/mean": mean, "best/std": std, "best/trial": best.number, "trials": len(done)})
    parent.tags({"best.run": best.user_attrs["run_id"], **{f"best.{key}": str(value) for key, value in best.params.items()}})
    rows = [{"trial": t.number, "state": t.state.name.lower(), **t.params, **{k: t.user_attrs[k] for k in ("mean", "std")}} for t in done]
    parent.table(rows, "trials.json")
    return Result(parent.id, len(done), best.params, mean, std)


def _ignore(_step: str) -> None:
    """Steps of one seed are not shown."""
