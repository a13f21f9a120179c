"""Bundles as MLflow models: ``mlflow models serve`` and ``mlflow.pyfunc.load_model`` answer with statements.

A model takes a frame with the columns ``id`` and ``text``, and ``date`` where it is known, one article a row, and gives a frame with
one row for each statement and target. What MLflow keeps is the bundle's folder as it is; nothing is pickled. MLflow calls this module;
it is not needed to import it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from stance import bundle, serialise
from stance.errors import InputError
from stance.pipeline import Analyzer

if TYPE_CHECKING:
    import pandas as pd

#: Columns of the input and of the output, with MLflow's names of their types.
INPUT = {"id": "string", "text": "string", "date": "string"}
_NEEDED = ("id", "text")
OUTPUT = {
    name: {"statement": "long", "start": "long", "end": "long", "confidence": "double"}.get(name, "string")
    for name in serialise.Row._fields
}


class Model:
    """What MLflow asks for predictions.

    Args:
        model: A bundle.
    """

    def __init__(self, model: bundle.Bundle) -> None:
        self._analyzer = Analyzer(model)

    def predict(self, frame: pd.DataFrame, params: dict[str, Any] | None = None) -> pd.DataFrame:  # noqa: ARG002 (MLflow passes it)
        """The statements of articles, one row for each statement and target.

        Args:
            frame: Columns ``id`` and ``text``, one article a row; a column ``date`` (such as 2023-06-28, or empty) is read if there is one.
            params: Not used.

        Raises:
            InputError: If a column is missing, an article is empty, or a date is none.
        """
        import pandas as pd  # noqa: PLC0415 (comes with MLflow)

        if missing := [name for name in _NEEDED if name not in frame.columns]:
            raise InputError(f"the input has no column {missing[0]!r} but {', '.join(map(repr, frame.columns))}; give id and text")
        dates = frame["date"] if "date" in frame.columns else [None] * len(frame)
        articles = (
            serialise.article_from_dict({"id": str(name), "text": text, "date": None if pd.isna(date) else str(date)})
            for name, text, date in zip(frame["id"], frame["text"], dates, strict=True)
        )
        rows = [row for analysis in self._analyzer.stream(articles) for row in serialise.rows(analysis.article, analysis.statements)]
        return pd.DataFrame(rows, columns=list(OUTPUT))


def _load_pyfunc(path: str) -> Model:
    """MLflow's entry: the model in a folder that holds a bundle, or that holds its folder."""
    return Model(bundle.load(bundle.within(Path(path))))
