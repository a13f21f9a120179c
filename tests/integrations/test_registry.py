"""Models out of an MLflow registry."""

import sys
from pathlib import Path

import pytest

import stance
from stance.errors import BundleError, MissingExtraError


def test_without_mlflow_the_message_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mlflow", None)
    with pytest.raises(MissingExtraError, match=r"load models:/stance@champion; install it with: pip install 'stance-nlp\[train\]'"):
        stance.load("models:/stance@champion")


def test_without_a_store_none_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mlflow = pytest.importorskip("mlflow", reason="the train extra is not installed")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.setattr(mlflow.tracking, "is_tracking_uri_set", lambda: False)
    with pytest.raises(BundleError, match="set MLFLOW_TRACKING_URI"):
        stance.load("models:/stance@champion")
    assert not list(tmp_path.iterdir())
