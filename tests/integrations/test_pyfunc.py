"""The bundle as an MLflow model; what MLflow makes of it is tested with the training."""

from pathlib import Path

import pytest

from stance import serialise
from stance.errors import BundleError, InputError
from stance.integrations import pyfunc
from tests.classifiers.helpers import small_bundle


def test_one_row_for_each_statement_and_target() -> None:
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame({"id": [1, 2], "text": ["“We will help,” Ana Orlo said. “It is late,” she added.", "It rained."]})
    told = pyfunc.Model(small_bundle()).predict(frame)
    assert list(told.columns) == list(serialise.Row._fields)
    assert list(told.article) == ["1", "1"]
    assert list(told.statement) == [1, 2]


def test_a_date_is_read_where_there_is_one() -> None:
    pd = pytest.importorskip("pandas")
    model = pyfunc.Model(small_bundle())
    frame = pd.DataFrame({"id": ["a", "b"], "text": ["“We will help,” Ana Orlo said."] * 2, "date": ["2011-05-01", None]})
    assert len(model.predict(frame)) == 2
    with pytest.raises(InputError, match="date must be null or like"):
        model.predict(frame.assign(date="soon"))


def test_a_missing_column_is_named() -> None:
    pd = pytest.importorskip("pandas")
    with pytest.raises(InputError, match="no column 'text' but 'id', 'words'"):
        pyfunc.Model(small_bundle()).predict(pd.DataFrame({"id": ["a"], "words": ["b"]}))


def test_a_folder_without_a_bundle_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"holds no bundle\.json"):
        pyfunc._load_pyfunc(str(tmp_path))
