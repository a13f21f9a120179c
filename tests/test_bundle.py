"""Bundles: what is saved comes back, and nothing doubtful is loaded."""

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import skops.io

from stance import bundle
from stance.attribution import Rules
from stance.errors import BundleError
from tests.classifiers.helpers import queries, small_bundle


class Intruder:
    """A type that no bundle may bring."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "small"
    bundle.save(small_bundle(), path, card="# A card\n")
    return path


def edit(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    manifest = json.loads((folder / "bundle.json").read_text())
    change(manifest)
    (folder / "bundle.json").write_text(json.dumps(manifest))


def flip_a_bit(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def test_what_is_saved_comes_back(folder: Path) -> None:
    loaded, asked = bundle.load(folder), queries("we will bomb Vastia")
    np.testing.assert_allclose(loaded.classifier.predict_proba(asked), small_bundle().classifier.predict_proba(asked), atol=1e-6)
    assert (loaded.name, loaded.thresholds, loaded.data) == ("small", small_bundle().thresholds, small_bundle().data)
    assert loaded.run_id is None


def test_saving_again_replaces_and_leaves_nothing_behind(folder: Path) -> None:
    bundle.save(small_bundle(), folder, card="# Another\n")
    assert (folder / "README.md").read_text() == "# Another\n"
    assert [p.name for p in folder.parent.iterdir()] == ["small"]


@pytest.mark.parametrize("name", ["linear.skops", "README.md"])
def test_a_changed_byte_is_refused(folder: Path, name: str) -> None:
    flip_a_bit(folder / name)
    with pytest.raises(BundleError, match=rf"{name} was altered.*again"):
        bundle.load(folder)


@pytest.mark.parametrize("name", ["linear.skops", "README.md", "bundle.json"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(BundleError, match=name):
        bundle.load(folder)


def test_a_truncated_manifest_is_refused(folder: Path) -> None:
    path = folder / "bundle.json"
    path.write_text(path.read_text()[:-20])
    with pytest.raises(BundleError, match=r"bundle\.json is not valid JSON"):
        bundle.load(folder)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda m: m["labels"].__setitem__(0, "angry"), "unknown label 'angry'"),
        (lambda m: m["labels"].reverse(), "in this order"),
        (lambda m: m.update(encoding=99), "encoding version 99"),
        (lambda m: m.update(features=99), "features version 99"),
        (lambda m: m.update(format=99), "format 99"),
        (lambda m: m.pop("thresholds"), "'thresholds' is missing"),
        (lambda m: m["thresholds"].update({"whole:alarmed": "high"}), "threshold 'whole:alarmed' is 'high'"),
        (lambda m: m["files"].pop("README.md"), r"lacks README\.md"),
        (lambda m: m["files"].update({"../evil": "0"}), r"names '\.\./evil'"),
    ],
)
def test_a_manifest_that_does_not_fit_is_refused(folder: Path, change: Callable[[dict[str, Any]], object], message: str) -> None:
    edit(folder, change)
    with pytest.raises(BundleError, match=message):
        bundle.load(folder)


@pytest.mark.parametrize("content", [{"statement": 1, "pair": 2}, {"statement": {"estimator": Intruder()}}, []])
def test_weights_of_another_kind_are_refused_even_if_their_hash_is_right(folder: Path, content: object) -> None:
    skops.io.dump(content, folder / "linear.skops")
    edit(folder, lambda m: m["files"].update({"linear.skops": bundle.sha256(folder / "linear.skops")}))
    with pytest.raises(BundleError, match=r"linear\.skops does not hold a linear model that can be trusted"):
        bundle.load(folder)


@pytest.mark.parametrize("source", ["nosuchmodel", "no/such/folder"])
def test_a_source_that_is_not_there_says_so(source: str) -> None:
    with pytest.raises(BundleError, match=source):
        bundle.load(source)


def test_the_shipped_bundle_loads_and_is_small() -> None:
    loaded = bundle.load("baseline")
    folder = Path(bundle.__file__).parent / "models" / "baseline"
    assert loaded.name == "baseline"
    assert sum(p.stat().st_size for p in folder.iterdir()) < 5_000_000


@pytest.fixture
def tagging(tmp_path: Path) -> Path:
    pytest.importorskip("torch", reason="the train extra is not installed")
    from tests.attribution import tiny

    path = tmp_path / "tagging"
    bundle.save(dataclasses.replace(small_bundle(), attributor=tiny.tagger()), path, card="# A card\n")
    return path


def test_a_tagger_comes_back(tagging: Path) -> None:
    from stance.text import parse
    from stance.types import Article
    from tests.attribution import tiny

    document = parse(Article(tiny.TEXT))
    assert bundle.load(tagging).attributor.find([document]) == tiny.tagger().find([document])
    assert isinstance(small_bundle().attributor, Rules)


@pytest.mark.parametrize("name", ["encoder.onnx", "linker.onnx", "tokenizer.json"])
def test_an_altered_or_missing_part_of_a_tagger_is_refused(tagging: Path, name: str) -> None:
    flip_a_bit(tagging / name)
    with pytest.raises(BundleError, match=rf"{name} was altered.*again"):
        bundle.load(tagging)
    (tagging / name).unlink()
    with pytest.raises(BundleError, match=name):
        bundle.load(tagging)
    edit(tagging, lambda m: m["files"].pop(name))
    with pytest.raises(BundleError, match=f"'files' lacks {name}"):
        bundle.load(tagging)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda m: m.update(attribution="magic"), "unknown attribution 'magic'"),
        (lambda m: m.pop("tagger"), "'tagger' is missing"),
        (lambda m: m["tagger"].update(windows=99), "windows is 99"),
        (lambda m: m["tagger"].update(link_tags=["O"]), "link_tags is"),
        (lambda m: m["tagger"]["settings"].update(budget=10**6), "budget is 1000000"),
        (lambda m: m.update(attribution="rules"), r"'files' names 'encoder\.onnx'"),
    ],
)
def test_a_tagger_of_another_kind_is_refused(tagging: Path, change: Callable[[dict[str, Any]], object], message: str) -> None:
    edit(tagging, change)
    with pytest.raises(BundleError, match=message):
        bundle.load(tagging)


def test_only_what_can_be_loaded_again_is_saved(tmp_path: Path) -> None:
    class Nobody:
        def find(self, documents: object, *, thoughts: bool = False) -> list[tuple[()]]:
            return []

    with pytest.raises(BundleError, match="only rules or an ONNX tagger can be saved, not Nobody"):
        bundle.save(dataclasses.replace(small_bundle(), attributor=Nobody()), tmp_path / "x", card="")
    assert not list(tmp_path.iterdir())
