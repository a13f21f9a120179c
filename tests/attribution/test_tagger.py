"""The tagger: anchors become attributions; ONNX, float and int8, says what PyTorch says; nonsense in a bundle is refused."""

import numpy as np
import pytest
from numpy.typing import NDArray

from stance import encoders
from stance.attribution import Rules, network, windows
from stance.attribution.network import OnnxNetwork
from stance.attribution.tagger import Reading, Settings, Tagger, log_softmax
from stance.attribution.tags import ANCHOR_TAGS, LINK_TAGS, SCHEMES
from stance.errors import BundleError, ConfigError
from stance.text import parse
from stance.types import Article, Document, Kind, Span
from tests.attribution import tiny
from training import export
from training.tagger import TorchNetwork


class Oracle:
    """A network that knows which words are cues, and the source and the content of each."""

    width = 1

    def __init__(self, document: Document, cues: dict[str, tuple[str, list[str]]], *, silent: frozenset[str] = frozenset()) -> None:
        self.document, self.cues, self.silent = document, cues, silent

    def read(self, arrays: dict[str, NDArray[np.int64]]) -> Reading:
        shape = arrays["heads"].shape
        assert shape[0] == 1, "these documents fit into one window"
        anchors = np.full((*shape, len(SCHEMES), len(ANCHOR_TAGS)), -9.0, dtype=np.float32)
        anchors[..., 0] = 0.0
        for n, token in enumerate(self.document.tokens):
            if token.text in self.cues:
                anchors[0, n, 0, 1] = 9.0
                anchors[0, n, 1, 1] = -9.0 if token.text in self.silent else 9.0
        position = np.arange(shape[1], dtype=np.float32)[None, :, None]
        return Reading(anchors, position, np.zeros_like(position), np.zeros_like(position))

    def link(self, anchor: NDArray[np.float32], member: NDArray[np.float32], distance: object, scheme: object) -> NDArray[np.float32]:
        scores = np.zeros((*member.shape[:2], len(LINK_TAGS)), dtype=np.float32)
        for row, at in enumerate(anchor[:, 0].astype(int)):
            source, contents = self.cues[self.document.tokens[at].text]
            for begin, words in [*[(1, source)] * bool(source), *((3, c) for c in contents)]:
                start = self.document.text.index(words)
                inside = [n for n, t in enumerate(self.document.tokens) if start <= t.start < start + len(words)]
                scores[row, inside[0], begin] = 9.0
                scores[row, inside[1:], begin + 1] = 9.0
        return scores


def test_anchors_become_attributions_with_their_sources_and_fragments() -> None:
    document = parse(Article("“We will wait,” the envoy said. “Not for ever.” Orlo thinks it rains."))
    cues = {"said": ("the envoy", ["We will wait", "Not for ever"]), "thinks": ("Orlo", ["it rains"])}
    tagger = Tagger(Oracle(document, cues, silent=frozenset({"thinks"})), tiny.tokenizer(), Settings())
    (voiced,) = tagger.find([document])
    assert [(a.source and a.source.of(document.text), [c.of(document.text) for c in a.content], a.kind) for a in voiced] == [
        ("the envoy", ["We will wait", "Not for ever"], Kind.DIRECT)
    ]
    (every,) = tagger.find([document], thoughts=True)
    assert [(a.cue and a.cue.of(document.text), a.voiced) for a in every] == [("said", True), ("thinks", False)]


@pytest.mark.parametrize(
    ("told", "kept"),
    [("“We will wait.”", ["We will wait."]), ("We will wait.”", ["We will wait."]), ("“wait” and “see”", ["“wait” and “see”"]), ("“", [])],
)
def test_the_marks_around_a_quotation_are_no_content(told: str, kept: list[str]) -> None:
    document = parse(Article(f"Orlo said: {told if told.startswith('“') else '“' + told} It rained."))
    (found,) = Tagger(Oracle(document, {"said": ("Orlo", [told])}), tiny.tokenizer(), Settings()).find([document])
    assert [c.of(document.text) for a in found for c in a.content] == kept


def test_turns_that_the_network_overlooks_are_added() -> None:
    turns = ("ORLO: It rains, and it will.", "BELO: Here we say that it snows.", "ORLO: It does not snow.", "BELO: Then look out.")
    text = "\n\n".join(turns)
    document = parse(Article(text))
    (found,) = Tagger(Oracle(document, {"say": ("we", ["it snows"])}), tiny.tokenizer(), Settings()).find([document])
    told = [(a.source and a.source.of(text), a.content[0].of(text)) for a in found]
    assert told == [
        ("ORLO", "It rains, and it will."),
        ("we", "it snows"),
        ("ORLO", "It does not snow."),
        ("BELO", "Then look out."),
    ]


def test_a_cue_without_a_source_takes_that_of_its_sentence() -> None:
    document = parse(Article("Orlo said it rains, adding that it snows. It was known that it hails."))
    cues = {"said": ("Orlo", ["it rains"]), "adding": ("", ["it snows"]), "known": ("", ["it hails"])}
    (found,) = Tagger(Oracle(document, cues), tiny.tokenizer(), Settings()).find([document])
    assert [a.source and a.source.of(document.text) for a in found] == ["Orlo", "Orlo", None]


def test_caution_finds_less() -> None:
    document = parse(Article("Orlo said it rains."))
    oracle = Oracle(document, {"said": ("Orlo", ["it rains"])})
    assert Tagger(oracle, tiny.tokenizer(), Settings(caution=(0.0, 30.0))).find([document]) == [()]
    assert len(Tagger(oracle, tiny.tokenizer(), Settings(caution=(30.0, 0.0))).find([document])[0]) == 1


@pytest.mark.parametrize("int8", [False, True])
def test_onnx_says_what_pytorch_says(int8: bool) -> None:
    heads = tiny.heads()
    encoded = windows.encode(parse(Article(tiny.TEXT)), tiny.tokenizer())
    theirs, ours = TorchNetwork(heads, bf16=False), OnnxNetwork(export.parts(heads, int8=int8))
    for window in windows.cut(encoded, lambda: 30, before=6, after=4):
        arrays = windows.batch([(encoded, window)])
        expected, found = theirs.read(arrays), ours.read(arrays)
        for a, b in zip(expected, found, strict=True):
            assert a.shape == b.shape
            # int8 is coarse; what matters is that it is far closer than another model would be
            np.testing.assert_allclose(b, a, atol=(0.25 if int8 else 0.05) * np.abs(a).max())
    distance = np.arange(expected.member.shape[1])[None] % 9
    scheme = np.ones(1, dtype=np.int64)
    linked = (n.link(expected.first[:, 0], expected.member, distance, scheme) for n in (theirs, ours))
    np.testing.assert_allclose(*linked, atol=1e-4)


def test_articles_do_not_depend_on_their_company() -> None:
    documents = [parse(Article(text)) for text in (tiny.TEXT, "Orlo said it rains.", tiny.TEXT + " He said no.")]
    tagger = tiny.tagger()
    assert tagger.find(documents) == [tagger.find([d])[0] for d in documents]
    assert tagger.find([]) == []


def test_spans_lie_in_the_document() -> None:
    document = parse(Article(tiny.TEXT))
    (found,) = tiny.tagger().find([document], thoughts=True)
    whole = Span(0, len(document.text))
    for attribution in found:
        assert all(
            whole.contains(s) and s.of(document.text).strip() for s in (*attribution.content, attribution.cue, attribution.source) if s
        )


def test_rules_stand_behind_the_same_interface() -> None:
    documents = [parse(Article("Orlo said it rains. Ana Belo thinks it snows.")), parse(Article("Nothing happened."))]
    told = Rules().find(documents)
    assert [len(found) for found in told] == [1, 0]
    assert [len(found) for found in Rules().find(documents, thoughts=True)] == [2, 0]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"budget": 4}, "budget is 4"),
        ({"budget": "x"}, "budget is 'x'"),
        ({"caution": [0.0]}, "settings"),
        ({"after": None}, "after is None"),
    ],
)
def test_settings_out_of_range_are_refused(change: dict[str, object], message: str) -> None:
    assert Settings.from_dict(Settings().to_dict()) == Settings()
    with pytest.raises(BundleError, match=message):
        Settings.from_dict({**Settings().to_dict(), **change})


def test_what_is_no_graph_and_no_tokenizer_is_refused() -> None:
    with pytest.raises(BundleError, match=r"encoder\.onnx is not a graph"):
        OnnxNetwork({**tiny.parts(), "encoder.onnx": b"no graph"})
    with pytest.raises(BundleError, match=r"tokenizer\.json cannot be read"):
        encoders.read_tokenizer(b"{}")


def test_threads_are_set_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STANCE_THREADS", "one")
    with pytest.raises(ConfigError, match="STANCE_THREADS is 'one'"):
        network.load(tiny.parts(), Settings().to_dict())


def test_log_softmax_sums_to_one() -> None:
    scores = np.random.default_rng(1).normal(size=(3, 4)).astype(np.float32) * 50
    np.testing.assert_allclose(np.exp(log_softmax(scores)).sum(axis=-1), 1.0, rtol=1e-5)
