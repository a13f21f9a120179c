"""The transformer's training: labels that stand for what was annotated, a loss that falls, a run from configuration to bundle."""

import dataclasses
import json
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="the train extra is not installed")
pytest.importorskip("transformers", reason="the train extra is not installed")
from typer.testing import CliRunner

import stance
from stance.classifiers import sheets
from stance.classifiers.base import COLUMNS
from stance.classifiers.network import OnnxTransformer
from stance.classifiers.transformer import Settings, Transformer
from stance.text import parse
from stance.types import Article, Attribution, Speaker
from stance.types import Kind as StatementKind
from tests.attribution import tiny as tiny_tagger
from tests.classifiers import tiny
from tests.classifiers.helpers import examples
from training import config, data, stances, teaching, transformer
from training.__main__ import app
from training.teaching import Teacher
from training.tracking import Record, Store
from training.transformer import Lesson

ROOT = Path(__file__).parents[2]
TRANSFORMER = ROOT / "configs" / "transformer_seeds.yaml"

SEEDS = ROOT / "seeds" / "articles.jsonl"

Run = tuple[Store, Record]


def lessons() -> list[Lesson]:
    return [stances._lesson(example) for example in examples()]


def test_a_smaller_part_of_a_corpus_lies_within_a_larger_one() -> None:
    corpus = data.Corpus(SEEDS, tuple(data.read(SEEDS)[:50]), "")
    small, large, whole = (stances._part(corpus, fraction, 3).articles for fraction in (0.1, 0.3, 1.0))
    assert [len(part) for part in (small, large, whole)] == [5, 15, 50]
    ids = [{article.document.article.id for article in part} for part in (small, large, whole)]
    assert ids[0] < ids[1] < ids[2]


def test_labels_follow_their_candidates_when_these_change_places() -> None:
    one = lessons()[0]
    both = Lesson((*one.inputs, one.inputs[1]), one.whole, np.vstack([one.aimed, 1 - one.aimed]), np.array([1.0, 0.0], dtype=np.float32))
    seen = set()
    for seed in range(8):
        mixed = transformer._shuffled(both, random.Random(seed))
        made = transformer.collate([(mixed, sheet) for sheet in tiny.writer().write(mixed.inputs)])
        seen.add((*made["aimed_labels"][0, :, 1].tolist(), *made["speaks_labels"][0].tolist()))
    assert seen == {(1.0, 0.0, 1.0, 0.0), (0.0, 1.0, 0.0, 1.0)}


def test_an_epoch_reads_each_corpus_as_often_as_it_is_told() -> None:
    told = [dataclasses.replace(one, share=share) for share in (0.0, 2.0) for one in lessons()]
    batches = list(transformer._Batches(told, tiny.writer(), 1, tiny.MODEL).epoch(random.Random(1)))
    assert sum(map(len, batches)) == 2 * len(lessons())
    assert len(batches) > 1


def test_neutral_statements_are_read_less_often_if_so_told() -> None:
    corpus = data.Corpus(Path("seeds/articles.jsonl"), (), "")
    model = tiny.MODEL.model_copy(update={"neutral": 0.25, "shares": {"seeds/articles.jsonl": 2.0}})
    shares = {example.labels[0]: stances._share_of(example, corpus, model) for example in examples()}
    assert shares.pop("neutral") == 0.5
    assert set(shares.values()) == {2.0}


def test_names_are_hidden_from_the_learner_and_the_rest_is_not() -> None:
    model = tiny.MODEL.model_copy(update={"nameless": 1.0, "masked": 0.0})
    tensors = next(iter(transformer._Batches(lessons(), tiny.writer(), 1, model)))
    inside = tensors["features"][..., 0] > 0
    named = sheets.names(tensors["features"]) & inside
    mask = tiny.writer().mask
    assert named.any()
    assert (tensors["pieces"][named] == mask).all()
    assert (tensors["pieces"][inside & ~named] != mask).all()


def test_a_transformer_learns_what_it_is_shown() -> None:
    losses: list[float] = []

    def log(values: dict[str, float], _: int) -> None:
        losses.extend(value for name, value in values.items() if name == "train/loss")

    quick = {"epochs": 150, "masked": 0.0, "dropout": 0.0, "learning_rate": 0.003, "head_learning_rate": 0.003, "bf16": False}
    model = tiny.MODEL.model_copy(update=quick)
    few = examples()[::9]
    reader = transformer.fit(
        [stances._lesson(e) for e in few], tiny.writer(), tiny_tagger.config(), model, seed=1, progress=lambda _: None, log=log
    )
    assert losses[-1] < losses[0] / 3
    judge = Transformer(transformer.TorchNetwork(reader), tiny.writer(), Settings())
    answers = [judge.answer(e.queries) for e in few]
    for example, answer in zip(few, answers, strict=True):
        assert COLUMNS[int(answer.probabilities[0].argmax())] == example.labels[0]
        assert COLUMNS[int(answer.probabilities[1].argmax())] == example.labels[1]
        assert answer.speaks is not None
        assert answer.speaks[1] < 0.5  # the speaker is not Vastia's


def test_whom_a_speaker_speaks_for_is_not_learned_where_it_was_told() -> None:
    assert np.isnan(stances._lesson(examples()[0], told=True).speaks).all()
    assert stances._lesson(examples()[0]).speaks.tolist() == [0.0]


def test_a_teacher_is_mixed_into_annotated_labels_and_alone_in_others() -> None:
    own = lessons()[:2]
    teacher = Teacher(tiny.reader(), tiny.writer())
    told = teaching.taught(own, [own[0].inputs], [teacher], trust=0.25, doubt=0.03, progress=lambda _: None)
    assert len(told) == 3
    np.testing.assert_allclose(told[0].whole, 0.75 * own[0].whole + 0.25 * told[2].whole, atol=1e-6)
    np.testing.assert_allclose(told[2].aimed.sum(axis=1), 1.0, atol=1e-3)


def test_narration_is_what_nobody_says_as_if_the_last_speaker_had() -> None:
    words = ("Tanks rolled to the border of Vastia at dawn.", "Orlo said that he would bomb it.", "Ships left Orlo that very night.", "Oh.")
    document = parse(Article(" ".join(words)))
    said = Attribution((document.sentences[1],), StatementKind.INDIRECT)
    told = list(stances._narration(document, [(said, Speaker("Orlo"))]))
    assert [(attribution.span, speaker and speaker.name) for attribution, speaker in told] == [
        (document.sentences[0], None),
        (document.sentences[2], "Orlo"),
    ]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    folder = tmp_path_factory.mktemp("transformer")
    changes = {
        "name": "tiny",
        "attributor": "baseline",
        "limit": 3,
        "samples": 10,
        "model.backbone": str(tiny_tagger.backbone(folder / "backbone")),
        "model.sha256": "null",
        "model.epochs": 1,
        "corpora.optional": "[]",
        "unlabelled": "[]",
        "evaluate": "{}",
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{folder / 'mlflow.db'}")
        patch.chdir(ROOT)
        store = Store()
        done = _invoke("fit", str(TRANSFORMER), *_sets(changes))
        assert done == 0
        yield store, store.record("tiny")


def _sets(changes: dict[str, object]) -> list[str]:
    return [part for key, value in changes.items() for part in ("--set", f"{key}={value}")]


def _invoke(*words: str) -> int:
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    return done.exit_code


def test_a_run_is_complete(run: Run) -> None:
    store, record = run
    assert record.status == "FINISHED"
    assert {"train/loss", "val/who_whom_what_f1", "val/given_stance_macro_f1", "test/ece", "tuned/statement_ece"} <= set(record.metrics)
    assert record.tags["tuned_on"] == "val"
    with store.files(record.id, "model_card.md") as card:
        assert "3 articles" in card.read_text()


def test_its_bundle_comes_back(run: Run, tmp_path: Path) -> None:
    _, record = run
    folder = tmp_path / "bundle"
    _invoke("export", record.id, str(folder))
    loaded = stance.load(folder)
    assert isinstance(loaded.classifier, OnnxTransformer)
    assert loaded.run_id == record.id
    assert json.loads((folder / "bundle.json").read_text())["classifier"] == "transformer"
    assert {path.name for path in folder.iterdir()} == {"bundle.json", "README.md", "reader.onnx", "tokenizer.json"}
    text = "Orlo said that we will bomb Vastia."
    assert len(stance.Analyzer(loaded, evidence=True).analyze(text)) == 1


def test_runs_are_averaged(run: Run) -> None:
    store, record = run
    _invoke("average", record.id, record.id, "--name", "twice")
    twice = store.record("twice")
    assert twice.tags["averaged"] == f"{record.id}, {record.id}"
    assert twice.metrics["val/stance_macro_f1"] == record.metrics["val/stance_macro_f1"]


def test_runs_answer_together(run: Run) -> None:
    store, record = run
    _invoke("average", record.id, record.id, "--apart", "--name", "together")
    together = store.record("together")
    assert together.tags["apart"] == "true"
    assert together.metrics["val/stance_macro_f1"] == pytest.approx(record.metrics["val/stance_macro_f1"], abs=0.02)
    with store.files(together.id, "model_card.md") as card:
        assert "Answers are the mean of the runs" in card.read_text()


def test_a_run_teaches_another(run: Run, tmp_path: Path) -> None:
    store, record = run
    articles = tmp_path / "articles.jsonl"
    text = "Orlo said that he would bomb Vastia. Tanks rolled towards Vastia at dawn. Ships left for Vastia that night."
    articles.write_text(json.dumps({"id": "a", "text": text}) + "\n")
    changes = {
        "name": "pupil",
        "model.teachers": f"[{record.id}]",
        "unlabelled": f"[{articles}]",
        "narration": "true",
        "threshold": 0.17,
        "attributor": "baseline",
        "limit": 3,
        "samples": 10,
    }
    backbone = {"model.backbone": _backbone(store, record), "model.sha256": "null", "model.epochs": 1}
    _invoke("fit", str(TRANSFORMER), *_sets({**changes, **backbone, "corpora.optional": "[]", "evaluate": "{}"}))
    pupil = store.record("pupil")
    assert pupil.tags["teachers"] == record.id
    assert pupil.metrics["train/statements"] == record.metrics["train/statements"] + 2
    _invoke("export", pupil.id, str(tmp_path / "bundle"))
    assert stance.load(tmp_path / "bundle").thresholds["target:threatening"] == 0.17


def _backbone(store: Store, record: Record) -> str:
    plan = stances.experiment.plan_of(store, record)
    assert isinstance(plan, config.TransformerConfig)
    return plan.model.backbone


def test_a_task_that_is_none_is_refused() -> None:
    done = CliRunner().invoke(app, ["fit", str(TRANSFORMER), "--set", "task=magic"], env={"MLFLOW_TRACKING_URI": "sqlite:///:memory:"})
    assert done.exit_code == 2
    assert "task is 'magic'" in done.stderr.replace("\n", " ")
