"""The example notebooks run from top to bottom."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

nbformat = pytest.importorskip("nbformat", reason="nbclient is not installed (pip install 'stance-nlp[dev]')")
nbclient = pytest.importorskip("nbclient", reason="nbclient is not installed (pip install 'stance-nlp[dev]')")
pytest.importorskip("ipykernel", reason="ipykernel is not installed (pip install 'stance-nlp[dev]')")

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "examples").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_runs_and_is_kept_without_output(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    notebook = nbformat.read(path, as_version=4)
    assert all(not cell.get("outputs") and cell.get("execution_count") is None for cell in notebook.cells)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]))
    nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    shown = [kind for cell in notebook.cells for output in cell.get("outputs", ()) for kind in output.get("data", ())]
    assert "text/html" in shown
    assert "image/png" in shown


def test_the_example_shows_what_it_says() -> None:
    notebook = nbformat.read(ROOT / "examples" / "assessment.ipynb", as_version=4)
    names: dict[str, object] = {}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            exec(cell.source.replace("%matplotlib inline", ""), names)  # noqa: S102 (our own)
    (flag,) = names["assessments"].escalations
    assert (flag.speaker.id, flag.target.id) == ("RUS", "FIN")
