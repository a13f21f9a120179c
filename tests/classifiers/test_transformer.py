"""The transformer's machinery: probabilities that are some, whatever the company; evidence that carries the label; nothing doubtful."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="the train extra is not installed")
from stance import encoding
from stance.classifiers.base import COLUMNS
from stance.classifiers.network import OnnxNetwork
from stance.classifiers.sheets import READER, Sheet
from stance.classifiers.transformer import AIMED, WHOLE, Scores, Settings, Transformer
from stance.errors import BundleError, ConfigError
from stance.types import Query
from tests.attribution import tiny as tiny_tagger
from tests.classifiers import tiny
from tests.classifiers.helpers import queries
from training import export, transformer

ASKED: tuple[Query, ...] = (*queries("the border of Vastia would stay closed"), *queries("nobody should doubt it"))


def test_probabilities_have_the_columns_that_are_asked_for() -> None:
    told = tiny.transformer().predict_proba(ASKED)
    assert told.shape == (3, len(COLUMNS))
    np.testing.assert_allclose(told.sum(axis=1), 1.0)
    assert told[0, COLUMNS.index("not_a_target")] == told[2, COLUMNS.index("not_a_target")] == 0
    assert told[1, COLUMNS.index("neutral")] == 0
    assert tiny.transformer().predict_proba(()).shape == (0, len(COLUMNS))


def test_company_and_threads_change_nothing() -> None:
    together = tiny.transformer(threads=3).predict_proba(ASKED)
    alone = np.vstack([tiny.transformer().predict_proba(ASKED[:2]), tiny.transformer().predict_proba(ASKED[2:])])
    np.testing.assert_array_equal(together, alone)


def test_a_candidate_is_answered_without_the_statement_as_a_whole() -> None:
    told = tiny.transformer().predict_proba(ASKED[1:2])
    np.testing.assert_array_equal(told, tiny.transformer().predict_proba(ASKED[:2])[1:])


def test_the_graph_computes_what_pytorch_does() -> None:
    (sheet,) = tiny.writer().write(encoding.encode_all(ASKED[:2]))
    exported = tiny.transformer(int8=False).network.read(sheet)
    trained = transformer.TorchNetwork(tiny.reader()).read(sheet)
    np.testing.assert_allclose(exported.whole, trained.whole, atol=2e-2)
    np.testing.assert_allclose(exported.aimed, trained.aimed, atol=2e-2)
    np.testing.assert_allclose(exported.speaks, trained.speaks, atol=2e-2)
    assert (exported.whole.shape, exported.aimed.shape) == ((len(WHOLE),), (1, len(AIMED)))


def test_the_graph_of_two_tells_the_mean_of_what_they_tell() -> None:
    one, other, stranger = tiny.reader(), tiny.reader(), tiny.reader()
    for layer in (other.whole, other.aimed, other.speaks, other.encoder.encoder):
        for parameter in layer.parameters():
            parameter.data *= 0.5
    stranger.encoder.embeddings.word_embeddings.weight.data *= 0.5
    with pytest.raises(ConfigError, match="same backbone"):
        export.read_parts(one, stranger)
    (sheet,) = tiny.writer().write(encoding.encode_all(ASKED[:2]))
    parts = [export.read_parts(*members, int8=False)[READER] for members in ((one,), (other,), (one, other))]
    first, second, both = (OnnxNetwork(graph).read(sheet) for graph in parts)
    for name in ("whole", "aimed"):
        apart = [np.exp(told) / np.exp(told).sum(-1, keepdims=True) for told in (getattr(first, name), getattr(second, name))]
        np.testing.assert_allclose(np.exp(getattr(both, name)), np.mean(apart, axis=0), atol=1e-5)
        assert np.abs(apart[0] - apart[1]).max() > 0.01
    np.testing.assert_allclose(both.speaks, (first.speaks + second.speaks) / 2, atol=1e-5)
    assert len(parts[2]) < len(parts[0]) + len(parts[1])  # word pieces are kept once


def test_batches_give_what_single_sheets_give() -> None:
    asked = [encoding.encode_all(ASKED[:2]), encoding.encode_all(ASKED[2:])]
    told = transformer.answers(tiny.reader(), tiny.writer(), asked, progress=lambda _: None, bf16=False)
    alone = Transformer(transformer.TorchNetwork(tiny.reader()), tiny.writer(), Settings()).predict_proba(ASKED)
    np.testing.assert_allclose(np.vstack(told), alone, atol=1e-5)


class _Alarmist:
    """A network for which a statement threatens as long as it says "closed"."""

    def __init__(self) -> None:
        self.word = tiny_tagger.tokenizer().encode("closed", add_special_tokens=False).ids[0]

    def read(self, sheet: Sheet) -> Scores:
        scores = np.zeros(5, dtype=np.float32)
        scores[1] = 4.0 * float(self.word in sheet.pieces)
        return Scores(scores, np.tile(scores, (len(sheet.rows), 1)), np.zeros(len(sheet.rows), dtype=np.float32))


@pytest.mark.parametrize("asked", [ASKED[0], ASKED[1]])
def test_evidence_is_the_word_without_which_the_label_falls(asked: Query) -> None:
    judge = Transformer(_Alarmist(), tiny.writer(), Settings())
    ((evidence,),) = judge.explain([asked], [COLUMNS.index("threatening")])
    assert evidence.of(asked.document.text) == "closed"
    assert judge.explain([ASKED[2]], [COLUMNS.index("threatening")]) == [()]


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ({"whole_temperature": 1.0, "aimed_temperature": 1.0, "own": True}, "'distant' is missing"),
        ({"whole_temperature": 0.0, "aimed_temperature": 1.0, "distant": 1, "own": True}, "whole_temperature is 0"),
        ({"whole_temperature": 1.0, "aimed_temperature": "1", "distant": 1, "own": True}, "aimed_temperature is '1'"),
        ({"whole_temperature": 1.0, "aimed_temperature": 1.0, "distant": 1, "own": 1}, "own is 1"),
    ],
)
def test_settings_that_do_not_fit_are_refused(told: dict[str, object], message: str) -> None:
    with pytest.raises(BundleError, match=message):
        Settings.from_dict(told)


def test_a_graph_that_is_none_is_refused() -> None:
    with pytest.raises(BundleError, match=r"reader\.onnx is not a graph"):
        OnnxNetwork(b"nonsense")
