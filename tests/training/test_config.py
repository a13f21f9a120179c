"""Configurations are read strictly."""

from pathlib import Path

import pytest

from stance.errors import ConfigError

pytest.importorskip("pydantic", reason="the train extra is not installed")
from training import config

CONFIGS = sorted((Path(__file__).parents[2] / "configs").glob("*.yaml"))
BASELINE = Path(__file__).parents[2] / "configs" / "baseline.yaml"


@pytest.mark.parametrize("path", [p for p in CONFIGS if p.name == "baseline.yaml"], ids=lambda p: p.name)
def test_shipped_configurations_load(path: Path) -> None:
    assert config.load(path).name == path.stem


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
