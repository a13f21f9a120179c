"""The tagger's training: tags that stand for what was annotated, a loss that falls, a run from configuration to bundle."""

import hashlib
import io
import json
import random
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="the train extra is not installed")
pytest.importorskip("transformers", reason="the train extra is not installed")
from typer.testing import CliRunner

import stance
from stance.attribution import windows
from stance.attribution.network import OnnxTagger
from stance.attribution.tagger import Anchor, Settings, Tagger
from stance.attribution.tags import ANCHOR_TAGS, LINK_TAGS
from stance.errors import ConfigError
from stance.text import parse
from stance.types import Article, Attribution, Kind, Span
from tests.attribution import tiny
from training import backbone, config, data, items, spans, tagger
from training.__main__ import app
from training.data import GoldArticle, GoldStatement
from training.tracking import Record, Store

ROOT = Path(__file__).parents[2]
TAGGER = ROOT / "configs" / "tagger.yaml"

Run = tuple[Store, Record]

TEXT = "“We will wait,” the envoy said. “Not for ever.”\n\nOrlo thinks it rains."


def span(words: str) -> list[int]:
    return [TEXT.index(words), TEXT.index(words) + len(words)]


def article() -> GoldArticle:
    statements = [
        {"content": [span("We will wait"), span("Not for ever")], "cue": [span("said")], "source": [span("the envoy")]},
        {"content": [span("it rains")], "cue": span("thinks"), "source": span("Orlo")},
    ]
    return data.article(data.completed({"id": "a", "text": TEXT, "statements": statements}))


def text() -> spans.Text:
    return spans.text(article(), tiny.tokenizer(), "attributed")


def whole(one: spans.Text) -> spans.Instance:
    end = len(one.encoded.view.tokens)
    return spans.instance(one, windows.Window(0, end, 0, end))


def test_tags_stand_for_what_was_annotated() -> None:
    one = text()
    made = whole(one)
    words = [t.text for t in one.encoded.view.tokens]
    assert [(w, ANCHOR_TAGS[t]) for w, t in zip(words, made.anchors, strict=True) if t] == [("said", "B-cue"), ("thinks", "B-cue")]
    told = [[(w, LINK_TAGS[t]) for w, t in zip(words, tags, strict=True) if t] for tags in made.links]
    assert told[0] == [
        *(("We", "B-content"), ("will", "I-content"), ("wait", "I-content"), ("the", "B-source"), ("envoy", "I-source")),
        *(("Not", "B-content"), ("for", "I-content"), ("ever", "I-content")),
    ]
    assert told[1] == [("Orlo", "B-source"), ("it", "B-content"), ("rains", "I-content")]


def test_a_content_whose_cue_lies_outside_of_the_window_has_none() -> None:
    one = text()
    words = [t.text for t in one.encoded.view.tokens]
    start = words.index("Not")
    made = spans.instance(one, windows.Window(start, start + 3, start, start + 3))
    assert [ANCHOR_TAGS[t] for t in made.anchors] == ["B-bare", "O", "O"]
    assert [[LINK_TAGS[t] for t in tags] for tags in made.links] == [["B-content", "I-content", "I-content"]]


def test_a_batch_holds_every_anchor_with_its_window() -> None:
    one, model = text(), tiny.MODEL
    (batch,) = spans.epoch([one], random.Random(1), lambda t, rng: windows.cut(t.encoded, lambda: 20, before=0, after=0), 4096)
    made = spans.collate(batch)
    assert made["link_tags"].shape == (len(made["rows"]), made["heads"].shape[1])
    for row, start, end in zip(made["rows"], made["starts"], made["ends"], strict=True):
        assert made["anchor_tags"][row, start] in (1, 3)
        assert end >= start
    assert (made["anchor_tags"] == -100).sum() > 0
    assert model.batch_pieces > 0


def test_a_tagger_learns_what_it_is_shown() -> None:
    losses: list[float] = []

    def log(values: dict[str, float], _: int) -> None:
        losses.extend(value for name, value in values.items() if name == "train/loss")

    model = tiny.MODEL.model_copy(
        update={"epochs": 150, "masked": 0.0, "dropout": 0.0, "learning_rate": 0.005, "head_learning_rate": 0.005, "bf16": False}
    )
    one = text()
    heads = tagger.fit(
        [one],
        tiny.config(),
        model,
        seed=1,
        progress=lambda _: None,
        log=log,
    )
    assert losses[-1] < losses[0] / 4
    network = Tagger(tagger.TorchNetwork(heads, bf16=False), tiny.tokenizer(), Settings())
    (found,) = network.find([one.article.document], thoughts=True)
    expected = [s.attribution for s in one.article.statements]
    assert [(a.source, a.cue, a.content) for a in found] == [(a.source, a.cue, a.content) for a in expected]


def test_the_same_seed_gives_the_same_weights() -> None:
    def weights() -> dict[str, np.ndarray]:
        heads = tagger.fit([text()], tiny.config(), tiny.MODEL, seed=7, progress=lambda _: None, log=lambda _, __: None)
        return {name: value.numpy() for name, value in heads.state_dict().items()}

    first, again = weights(), weights()
    assert all(np.array_equal(first[name], again[name]) for name in first)


def test_given_anchors_are_linked_in_their_document() -> None:
    one = text()
    gold = one.golds[0]
    end = len(one.encoded.view.tokens)
    anchor = Anchor(0, gold.anchor[0], gold.anchor[1] - 1, False, True)
    linked = tiny.tagger().link_given(one.article.document, one.encoded, anchors={windows.Window(0, end, 0, end): [anchor]}, scheme=0)
    assert all(a.cue == article().statements[0].attribution.cue for a in linked)


def test_sentence_items_are_cut_at_the_sentence_and_compared_by_words() -> None:
    found = list(items.items([article()]))
    assert [item.document.text for item in found] == ["“We will wait,” the envoy said.", "“Not for ever.”", "Orlo thinks it rains."]
    assert found[1].spans == {"source": frozenset(), "cue": frozenset(), "content": frozenset({(0, 2)})}
    right = [[Attribution((Span(1, 13),), Kind.DIRECT, Span(26, 30), Span(16, 25))], [], [Attribution((Span(12, 20),), Kind.INDIRECT)]]
    assert items.figures(found, right) == pytest.approx({"items_source_f1": 2 / 3, "items_cue_f1": 2 / 3, "items_content_f1": 4 / 5})


def test_overlapping_fragments_are_no_attribution() -> None:
    document = parse(Article(TEXT))
    odd = Attribution((Span(1, 13), Span(4, 20)), Kind.DIRECT)
    gold = GoldStatement(odd, None, None, (), article().statements[0].stance)
    assert spans.text(GoldArticle(document, (gold,), "a", {}), tiny.tokenizer(), "voiced").golds == ()


def test_a_backbone_is_the_one_that_was_meant(tmp_path: Path) -> None:
    folder = tiny.backbone(tmp_path / "tiny")
    assert backbone.locate(str(folder), None) == folder
    with pytest.raises(ConfigError, match=r"SHA-256 of .*model\.safetensors is .*, not 000"):
        backbone.locate(str(folder), "0" * 64)
    with pytest.raises(ConfigError, match="neither a folder nor an installed package; install it: pip install no-such-encoder"):
        backbone.locate("no-such-encoder", "0" * 64)
    (tmp_path / "empty").mkdir()
    with pytest.raises(ConfigError, match=r"holds no model\.safetensors"):
        backbone.locate(str(tmp_path / "empty"), None)
    assert backbone.locate("some/name-on-a-hub", None) == "some/name-on-a-hub"


def test_an_encoder_that_comes_in_parts_is_put_together_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("inner/model.safetensors", "weights")
    content, site = whole.getvalue(), tmp_path / "site"
    for n, part in ((1, content[:50]), (2, content[50:])):
        info, data = site / f"shards_part_{n}-0.1.dist-info", site / f"shards_{n}" / f"inner.zip.{n:03}"
        for folder in (info, data.parent):
            folder.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: shards-part-{n}\nVersion: 0.1\n")
        (info / "RECORD").write_text(f"shards_{n}/{data.name},,\n")
        data.write_bytes(part)
    monkeypatch.syspath_prepend(site)
    monkeypatch.chdir(tmp_path)
    found = backbone.locate("shards", hashlib.sha256(b"weights").hexdigest())
    assert (Path(found) / "model.safetensors").read_text() == "weights"
    shutil.rmtree(site)
    assert backbone.locate("shards", None) == found


def test_the_encoder_of_the_configuration_is_installed_and_whole() -> None:
    plan = config.load_experiment(TAGGER)
    assert isinstance(plan, config.TaggerConfig)
    assert (Path(backbone.locate(plan.model.backbone, plan.model.sha256)) / "config.json").is_file()


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    folder = tmp_path_factory.mktemp("tagger")
    start = tiny.backbone(folder / "backbone")
    changes = {
        "name": "tiny",
        "limit": 3,
        "samples": 10,
        "model.backbone": str(start),
        "model.sha256": "null",
        "model.epochs": 1,
        "corpora.optional": "[]",
        "thoughts": "[]",
        "evaluate": "{}",
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{folder / 'mlflow.db'}")
        patch.chdir(ROOT)
        store = Store()
        done = CliRunner().invoke(
            app, ["fit", str(TAGGER), *(part for key, value in changes.items() for part in ("--set", f"{key}={value}"))]
        )
        assert done.exit_code == 0, done.output
        yield store, store.record("tiny")


def test_a_run_is_complete(run: Run) -> None:
    store, record = run
    assert record.status == "FINISHED"
    wanted = {"train/loss", "val/attribution_f1", "val/items_cue_f1", "val/given_cues_attribution_f1", "test/overlap_f1_lost_by_int8"}
    assert wanted <= set(record.metrics)
    with store.files(record.id, "model_card.md") as card:
        assert "3 articles" in card.read_text()


def test_its_bundle_comes_back_and_is_the_one_that_was_measured(run: Run, tmp_path: Path) -> None:
    _, record = run
    folder = tmp_path / "bundle"
    done = CliRunner().invoke(app, ["export", record.id, str(folder)])
    assert done.exit_code == 0, done.output
    loaded = stance.load(folder)
    assert isinstance(loaded.attributor, OnnxTagger)
    assert loaded.run_id == record.id
    assert json.loads((folder / "bundle.json").read_text())["attribution"] == "tagger"
    assert stance.Analyzer(loaded).analyze(tiny.TEXT).article.text == tiny.TEXT


def test_a_run_is_measured_again(run: Run) -> None:
    done = CliRunner().invoke(app, ["evaluate", run[1].id])
    assert done.exit_code == 0, done.output
    assert "who_whom_what_f1" in done.output


def test_runs_are_averaged(run: Run) -> None:
    store, record = run
    done = CliRunner().invoke(app, ["average", record.id, record.id, "--name", "twice"])
    assert done.exit_code == 0, done.output
    twice = store.record("twice")
    assert twice.tags["averaged"] == f"{record.id}, {record.id}"
    for figure in ("val/attribution_f1", "test/items_content_f1"):
        assert twice.metrics[figure] == record.metrics[figure]
    done = CliRunner().invoke(app, ["average", record.id, "--name", "careful", "--set", "model.caution=[50, 50]"])
    assert done.exit_code == 0, done.output
    assert store.record("careful").metrics["val/overlap_recall"] < 0.1  # turns of transcripts are found without the network


def test_thoughts_must_name_a_corpus_that_is_used() -> None:
    done = CliRunner().invoke(
        app, ["fit", str(TAGGER), "--set", "thoughts=[nowhere.jsonl]"], env={"MLFLOW_TRACKING_URI": "sqlite:///:memory:"}
    )
    assert done.exit_code == 2
    assert "thoughts names nowhere.jsonl" in done.stderr.replace("\n", " ")
