"""Bundles: a folder with a model, all that is needed to use it safely, and a card for people.

    bundle.json     versions of format, encoding and features, name, labels, thresholds, SHA-256 of every other file, origin
    linear.skops    the fitted estimators of a linear classifier, or
    reader.onnx, tokenizer.json    a transformer
    encoder.onnx, linker.onnx, tokenizer.json    the tagger, where the bundle has one; the tokenizer is the transformer's too
    README.md       the model card

Every file's hash is checked before it is parsed, skops builds no type that is not on our own list, and ONNX graphs hold no code.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stance import encoding
from stance.attribution import Attributor, Rules, tags, windows
from stance.classifiers import features, sheets, weights
from stance.classifiers.base import COLUMNS, Classifier
from stance.classifiers.linear import Linear
from stance.classifiers.sheets import READER
from stance.encoders import TOKENIZER
from stance.errors import BundleError
from stance.integrations import registry
from stance.models import DEFAULT

if TYPE_CHECKING:
    from stance.attribution.network import OnnxTagger
    from stance.classifiers.network import OnnxTransformer

FORMAT = 1
MANIFEST, WEIGHTS, CARD = "bundle.json", "linear.skops", "README.md"
_RULES, _TAGGER = "rules", "tagger"
_LINEAR, _TRANSFORMER = "linear", "transformer"


@dataclass(frozen=True, slots=True)
class Bundle:
    """A model with what is needed to use it.

    Attributes:
        name: A name to show.
        classifier: The model.
        thresholds: From which probability a stance is told; see `stance.decision`.
        attributor: What finds the statements: rules, or a tagger.
        data: SHA-256 of each corpus that it was trained on, by file name.
        run_id: The training run that made it, or None.
    """

    name: str
    classifier: Classifier
    thresholds: Mapping[str, float]
    attributor: Attributor = field(default_factory=Rules)
    data: Mapping[str, str] = field(default_factory=dict)
    run_id: str | None = None


def load(source: str | Path = DEFAULT) -> Bundle:
    """Loads a bundle.

    Args:
        source: The name of a built-in bundle ("baseline", "transformer"), the path of a folder, or a model of an MLflow registry
            ("models:/stance@champion").

    Raises:
        BundleError: If there is none, or it is incomplete, altered, or made for another version; names the file and the remedy.
        MissingExtraError: If it is in a registry and MLflow is not installed.
    """
    if isinstance(source, str) and source.startswith(registry.SCHEMES):
        with registry.fetch(source) as fetched:
            return load(within(fetched))
    folder = _folder(source)
    manifest = _manifest(folder)
    for name, digest in sorted(manifest["files"].items()):
        _check(folder, name, digest, _names(manifest))
    return Bundle(
        name=manifest["name"],
        classifier=_read_transformer(folder, manifest["transformer"])
        if manifest["classifier"] == _TRANSFORMER
        else weights.read(folder / WEIGHTS),
        thresholds=manifest["thresholds"],
        attributor=_read_tagger(folder, manifest["tagger"]) if manifest["attribution"] == _TAGGER else Rules(),
        data=manifest["data"],
        run_id=manifest["run_id"],
    )


def save(bundle: Bundle, folder: Path, *, card: str) -> None:
    """Writes a bundle; the folder appears whole or not at all.

    Raises:
        BundleError: If it holds a classifier or an attributor of a kind that `load` does not read.
    """
    classifier, attributor = bundle.classifier, bundle.attributor
    transformer = None if isinstance(classifier, Linear) else _transformer_of(classifier, folder)
    tagger = None if isinstance(attributor, Rules) else _tagger_of(attributor, folder)
    parts: dict[str, bytes] = {}
    for own in (transformer, tagger):
        for name, content in own.parts.items() if own else ():
            if parts.setdefault(name, content) != content:
                raise BundleError(f"{folder}: transformer and tagger differ in {name}; train both from one backbone")
    aside = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    if isinstance(classifier, Linear):
        weights.write(classifier, aside / WEIGHTS)
    (aside / CARD).write_text(card, encoding="utf-8")
    for name, content in parts.items():
        (aside / name).write_bytes(content)
    manifest = {
        "format": FORMAT,
        "name": bundle.name,
        "labels": list(COLUMNS),
        "encoding": encoding.VERSION,
        "features": features.VERSION,
        "classifier": _TRANSFORMER if transformer else _LINEAR,
        "transformer": {**_transformer_labels(), "settings": transformer.settings.to_dict()} if transformer else None,
        "attribution": _TAGGER if tagger else _RULES,
        "tagger": {**_tagger_labels(), "settings": tagger.settings.to_dict()} if tagger else None,
        "thresholds": dict(bundle.thresholds),
        "data": dict(bundle.data),
        "run_id": bundle.run_id,
        "files": {path.name: sha256(path) for path in sorted(aside.iterdir())},
    }
    (aside / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    _swap(aside, folder)


def within(folder: Path) -> Path:
    """The folder that holds the bundle of an MLflow model: `folder` itself or one below it.

    Raises:
        BundleError: If there is none.
    """
    found = sorted(folder.rglob(MANIFEST))
    if not found:
        raise BundleError(f"{folder} holds no {MANIFEST}; is it a model of stance?")
    return found[0].parent


def sha256(path: Path) -> str:
    """Hexadecimal SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _folder(source: str | Path) -> Path:
    if isinstance(source, str) and source.isidentifier() and not Path(source).is_dir():
        built_in = Path(str(files("stance") / "models" / source))
        if not (built_in / MANIFEST).is_file():
            raise BundleError(f"{source!r} is neither a built-in model (there are: {', '.join(_built_in())}) nor a folder")
        return built_in
    if not Path(source).is_dir():
        raise BundleError(f"{source}: no such folder; give the path of a folder that holds {MANIFEST}, or a name: {', '.join(_built_in())}")
    return Path(source)


def _built_in() -> list[str]:
    return sorted(p.parent.name for p in Path(str(files("stance") / "models")).glob(f"*/{MANIFEST}")) or ["none"]


_FIELDS: Mapping[str, type | tuple[type, ...]] = {
    "format": int,
    "name": str,
    "labels": list,
    "encoding": int,
    "features": int,
    "classifier": str,
    "attribution": str,
    "thresholds": dict,
    "data": dict,
    "run_id": (str, type(None)),
    "files": dict,
}


def _manifest(folder: Path) -> dict[str, Any]:
    """The manifest, with every field there and of the right type, for this version of the library."""
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BundleError(f"{path} cannot be read ({error.strerror}); a bundle is a folder that holds {MANIFEST}") from error
    except ValueError as error:
        raise BundleError(f"{path} is not valid JSON ({error}); fetch or train the bundle again") from error
    if not isinstance(manifest, dict):
        raise BundleError(f"{path} holds a {type(manifest).__name__}, not an object; fetch or train the bundle again")
    for key, kind in _FIELDS.items():
        if key not in manifest or not isinstance(manifest[key], kind):
            raise BundleError(f"{path}: {key!r} is missing or of the wrong type; fetch or train the bundle again")
    _check_versions(path, manifest)
    return manifest


def _check_versions(path: Path, manifest: Mapping[str, Any]) -> None:
    if manifest["format"] != FORMAT:
        raise BundleError(f"{path}: format {manifest['format']}, but this version of stance reads {FORMAT}; install a matching version")
    for key, ours in (("encoding", encoding.VERSION), ("features", features.VERSION)):
        if manifest[key] != ours:
            remedy = f"this version of stance has {ours}; train it again or install a matching version"
            raise BundleError(f"{path}: trained on {key} version {manifest[key]}, but {remedy}")
    if manifest["labels"] != list(COLUMNS):
        odd = next((x for x in manifest["labels"] if x not in COLUMNS), None)
        what = f"unknown label {odd!r}" if odd is not None else f"labels {manifest['labels']}"
        raise BundleError(f"{path}: {what}; expected {', '.join(COLUMNS)}, in this order; train it again")
    if missing := _names(manifest) - set(manifest["files"]):
        raise BundleError(f"{path}: 'files' lacks {min(missing)}; fetch or train the bundle again")
    for key, known in (("classifier", (_LINEAR, _TRANSFORMER)), ("attribution", (_RULES, _TAGGER))):
        if manifest[key] not in known:
            raise BundleError(f"{path}: unknown {key} {manifest[key]!r}; this version of stance knows {' and '.join(map(repr, known))}")
    if manifest["classifier"] == _TRANSFORMER:
        _check_labels(path, _TRANSFORMER, manifest.get(_TRANSFORMER), _transformer_labels())
    if manifest["attribution"] == _TAGGER:
        _check_labels(path, _TAGGER, manifest.get(_TAGGER), _tagger_labels())
    for key, value in manifest["thresholds"].items():
        most = 0.99 if key == "agreement" else 10
        if not isinstance(value, int | float) or not 0 <= value <= most:
            raise BundleError(f"{path}: threshold {key!r} is {value!r}; it must be a number from 0 to {most}")


def _names(manifest: Mapping[str, Any]) -> set[str]:
    """The files that a bundle must hold."""
    classifier = (READER, TOKENIZER) if manifest["classifier"] == _TRANSFORMER else (WEIGHTS,)
    return {CARD, *classifier, *(tags.PARTS if manifest["attribution"] == _TAGGER else ())}


def _check_labels(path: Path, part: str, told: Any, ours: Mapping[str, Any]) -> None:
    """Refuses a tagger or a transformer that was trained on other windows, sheets or tags, or whose settings are no settings."""
    if not isinstance(told, dict) or not isinstance(told.get("settings"), dict):
        raise BundleError(f"{path}: {part!r} is missing or of the wrong type; fetch or train the bundle again")
    for key, value in ours.items():
        if told.get(key) != value:
            raise BundleError(f"{path}: {part}: {key} is {told.get(key)!r}, but this version of stance has {value!r}; train it again")


def _transformer_labels() -> dict[str, Any]:
    return {"sheets": sheets.VERSION}


def _tagger_labels() -> dict[str, Any]:
    return {
        "windows": windows.VERSION,
        "schemes": list(tags.SCHEMES),
        "anchor_tags": list(tags.ANCHOR_TAGS),
        "link_tags": list(tags.LINK_TAGS),
    }


def _read_tagger(folder: Path, told: Mapping[str, Any]) -> OnnxTagger:
    from stance.attribution import network  # noqa: PLC0415 (onnxruntime, which bundles without a tagger need not load)

    return network.load({name: (folder / name).read_bytes() for name in tags.PARTS}, told["settings"])


def _read_transformer(folder: Path, told: Mapping[str, Any]) -> OnnxTransformer:
    from stance.classifiers import network  # noqa: PLC0415 (onnxruntime, which linear bundles need not load)

    return network.load({name: (folder / name).read_bytes() for name in network.PARTS}, told["settings"])


def _tagger_of(attributor: Attributor, folder: Path) -> OnnxTagger:
    from stance.attribution import network  # noqa: PLC0415 (onnxruntime)

    if not isinstance(attributor, network.OnnxTagger):
        raise BundleError(f"{folder}: only rules or an ONNX tagger can be saved, not {type(attributor).__name__}")
    return attributor


def _transformer_of(classifier: Classifier, folder: Path) -> OnnxTransformer:
    from stance.classifiers import network  # noqa: PLC0415 (onnxruntime)

    if not isinstance(classifier, network.OnnxTransformer):
        raise BundleError(f"{folder}: only a linear classifier or an ONNX transformer can be saved, not {type(classifier).__name__}")
    return classifier


def _check(folder: Path, name: str, digest: object, allowed: set[str]) -> None:
    path = folder / name
    if name not in allowed:
        raise BundleError(f"{folder / MANIFEST}: 'files' names {name!r}; such a bundle holds {', '.join(sorted(allowed))} only")
    if not path.is_file():
        raise BundleError(f"{path} is missing; fetch or train the bundle again")
    found = sha256(path)
    if found != digest:
        raise BundleError(f"{path} was altered: its SHA-256 is {found}, not {digest}; fetch or train the bundle again")


def _swap(aside: Path, folder: Path) -> None:
    """Puts the new folder where the old one was; at any moment one of them is whole."""
    old = folder.with_name(f".{folder.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    aside.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
