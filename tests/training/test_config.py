"""Configurations are read strictly."""

from pathlib import Path

import pytest
import yaml

from stance.errors import ConfigError

pytest.importorskip("pydantic", reason="the train extra is not installed")
from training import config

CONFIGS = sorted((Path(__file__).parents[2] / "configs").glob("*.yaml"))
SWEEP = Path(__file__).parents[2] / "configs" / "sweep.yaml"
BASELINE = Path(__file__).parents[2] / "configs" / "baseline.yaml"


@pytest.mark.parametrize("path", CONFIGS, ids=lambda p: p.name)
def test_shipped_configurations_load_and_are_complete(path: Path) -> None:
    plan = config.load_sweep(path).experiment if path.name == "sweep.yaml" else config.load_experiment(path)
    assert plan.name == ("baseline" if path.name == "sweep.yaml" else path.stem)
    written = yaml.safe_load(path.read_text())
    written = written.get("experiment", written)
    assert set(written) == set(type(plan).model_fields), "no key is left to its default"
    assert set(written["model"]) == set(type(plan.model).model_fields)
    assert config.parse(plan.to_yaml(), where="here") == plan


def test_the_task_tells_which_keys_there_are(tmp_path: Path) -> None:
    path = tmp_path / "odd.yaml"
    path.write_text((BASELINE.parent / "tagger.yaml").read_text().replace("  epochs:", "  epoch:"))
    with pytest.raises(ConfigError, match=r"odd\.yaml, line \d+: unknown key 'model\.epoch'; did you mean 'model\.epochs'\?"):
        config.load_experiment(path)
    with pytest.raises(ConfigError, match="task"):
        config.load_experiment(path, ["task=cooking"])


def test_ablations_differ_from_the_baseline_in_what_they_say() -> None:
    baseline = config.load(BASELINE)
    for path in CONFIGS:
        if path.name.startswith("baseline_"):
            changed = config.load(path).model_dump()
            differing = {key for key, value in baseline.model_dump().items() if changed[key] != value}
            assert differing in ({"name", "model"}, {"name", "corpora"}), path.name


def test_unknown_keys_are_named_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "odd.yaml"
    path.write_text(BASELINE.read_text().replace("  min_count:", "  mincount:"))
    line = path.read_text().splitlines().index("  mincount: 2") + 1
    with pytest.raises(ConfigError, match=rf"odd\.yaml, line {line}: unknown key 'model\.mincount'; did you mean 'model\.min_count'\?"):
        config.load(path)


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("objective=dev/who_whom_what_f1", "objective"),
        ("search={model.fold: {low: 1, high: 2}}", r"'model\.fold' cannot vary; did you mean 'model\.folds'"),
        ("search={model.folds: {low: 3}}", "either low and high, or choices"),
        ("search={model.folds: {low: 3, high: 2}}", r"low \(3.*\) must be less than high"),
        ("experiment.model.fold=3", r"did you mean 'experiment\.model\.folds'"),
    ],
)
def test_mistakes_in_sweeps_are_named(override: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        config.load_sweep(SWEEP, [override])


def test_names_of_evaluations_that_mean_something_else_are_refused() -> None:
    with pytest.raises(ConfigError, match="'val' names something else"):
        config.load(BASELINE, ["evaluate={val: a.jsonl}"])


def test_overrides_reach_inward_and_are_read_as_yaml() -> None:
    changed = config.load(BASELINE, ["model.folds=3", "seed=7", "corpora.optional=[]"])
    assert (changed.model.folds, changed.seed, changed.corpora.optional) == (3, 7, ())


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("model.fold=3", r"unknown key 'model\.fold'; did you mean 'model\.folds'"),
        ("sed=3", "did you mean 'seed'"),
        ("model.folds=1", r"model\.folds: .*greater than or equal to 2, not 1"),
        ("seed=[", "not valid YAML"),
        ("seed", "not key=value"),
        ("seed.deep=1", "'seed' holds a value"),
    ],
)
def test_mistakes_are_named(override: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        config.load(BASELINE, [override])


@pytest.mark.parametrize("content", ["- 1\n", "a: [", ""])
def test_files_that_are_no_configuration_are_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "odd.yaml"
    path.write_text(content)
    with pytest.raises(ConfigError, match=r"odd\.yaml"):
        config.load(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        config.load(tmp_path / "none.yaml")
