"""The public surface."""

from __future__ import annotations

import doctest
import subprocess
import sys
from pathlib import Path

import pytest

import stance

HEAVY = ("torch", "transformers", "mlflow", "pandas", "matplotlib", "jinja2", "pyarrow", "sklearn", "spacy", "trafilatura")


def test_all_is_pinned() -> None:
    expected = {
        *("Actor", "Analyzer", "Article", "Stance", "StanceError", "Statement", "Weights"),
        *("__version__", "analyze", "assess", "load", "render"),
    }
    assert set(stance.__all__) == expected
    assert all(getattr(stance, name) is not None for name in stance.__all__)
    assert expected <= set(dir(stance))


def test_the_changelog_knows_this_version() -> None:
    changelog = Path(__file__).parents[1] / "CHANGELOG.md"
    assert f"## [{stance.__version__}]" in changelog.read_text(encoding="utf-8")


def test_unknown_attribute_is_refused() -> None:
    with pytest.raises(AttributeError, match="no attribute 'analyse'"):
        _ = stance.analyse


def test_docstring_tells_the_truth() -> None:
    result = doctest.testmod(stance, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert result.attempted >= 4
    assert result.failed == 0


def test_import_is_fast_and_light() -> None:
    code = f"import sys, time; import stance; print(time.process_time(), [name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    seconds, loaded = done.stdout.split(maxsplit=1)
    assert loaded.strip() == "[]"
    assert float(seconds) < 0.5, "with the start of the interpreter"


def test_analysis_imports_no_framework() -> None:
    frameworks = ("torch", "transformers", "mlflow", "matplotlib")  # pandas: scikit-learn imports it itself where it is installed
    code = f"import stance, sys; stance.analyze('He said no.'); print([name for name in {frameworks!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_load_gives_a_bundle_that_analyze_takes() -> None:
    bundle = stance.load("baseline")
    assert [s.speaker.name for s in stance.analyze("“We are ready,” said Liv Haug.", model=bundle)] == ["Liv Haug"]


def test_unknown_model_is_refused_by_name() -> None:
    with pytest.raises(stance.StanceError, match="no-such-model"):
        stance.load("no-such-model")
