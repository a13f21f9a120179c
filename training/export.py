"""Export: a fine-tuned tagger or transformer as ONNX graphs, their weights in int8.

The encoder's graph is put together here, from ONNX Runtime's fused operators (attention, fast GELU): what PyTorch exports has none of
them, and the runtime's own optimiser did not find any in it. Only BERT's architecture is written.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from stance.attribution import windows
from stance.attribution.tags import ANCHOR_TAGS, ENCODER, LINK_TAGS, LINKER, SCHEMES
from stance.classifiers import sheets
from stance.classifiers.sheets import READER
from stance.classifiers.transformer import AIMED, WHOLE
from stance.errors import ConfigError
from training.tagger import Heads
from training.transformer import Reader

Array = NDArray[Any]

#: The architecture that can be exported.
EXPORTED = "bert"

_PIECES = "encoder.embeddings.word_embeddings.weight"
_OPSETS = (("", 17), ("com.microsoft", 1))
_IR = 10
_FUSED = "com.microsoft"


class _Graph:
    """A graph under construction; each method adds a node and returns the name of its output.

    Attributes:
        member: Set before the names of constants, so that several networks may lie in one graph.
    """

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []
        self.member = ""

    def add(self, kind: str, *inputs: str, name: str | None = None, domain: str = "", **attributes: Any) -> str:
        output = name or f"{kind.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [output], name=f"node_{len(self.nodes)}", domain=domain, **attributes))
        return output

    def constant(self, value: Array, name: str) -> str:
        name = self.member + name
        self.constants.append(numpy_helper.from_array(np.asarray(value, order="C"), name))
        return name

    def linear(self, value: str, weight: Array, bias: Array, name: str, *, output: str | None = None) -> str:
        """A linear layer; `weight` as PyTorch has it, (out, in)."""
        product = self.add("MatMul", value, self.constant(weight.T, f"{name}.weight"))
        return self.add("Add", product, self.constant(bias, f"{name}.bias"), name=output)

    def model(self, inputs: Sequence[Any], outputs: Sequence[Any]) -> onnx.ModelProto:
        graph = helper.make_graph(self.nodes, "stance", list(inputs), list(outputs), self.constants)
        opsets = [helper.make_opsetid(domain, version) for domain, version in _OPSETS]
        return helper.make_model(graph, opset_imports=opsets, ir_version=_IR, producer_name="stance")


def encoder(heads: Heads) -> onnx.ModelProto:
    """The graph of `stance.attribution.tagger.Network.read` in float32.

    Raises:
        ConfigError: If the encoder is not of BERT's architecture.
    """
    weights = _weights(heads)
    graph = _Graph()
    hidden = _encoded(graph, weights, heads.encoder.config, pieces=_pieces(graph, weights))
    tokens = _gathered(graph, hidden, "heads")
    flat = graph.linear(tokens, weights["anchor.weight"], weights["anchor.bias"], "anchor")
    parts = graph.constant(np.array([0, 0, len(SCHEMES), len(ANCHOR_TAGS)]), "anchor.shape")
    graph.add("Reshape", flat, parts, name="anchors")
    for name in ("first", "last", "member"):
        graph.linear(tokens, weights[f"{name}.weight"], weights[f"{name}.bias"], name, output=name)
    width = weights["member.bias"].shape[0]
    told: dict[str, list[Any]] = {"anchors": ["w", "t", len(SCHEMES), len(ANCHOR_TAGS)]}
    told |= {name: ["w", "t", width] for name in ("first", "last", "member")}
    return _read_by(graph, {"pieces": ["w", "p"], "features": ["w", "p", windows.KINDS], "heads": ["w", "t"]}, told)


def reader(*members: Reader) -> onnx.ModelProto:
    """The graph of `stance.classifiers.transformer.Network.read` in float32; of several readers the mean of their probabilities.

    Args:
        *members: Readers that started from one encoder: its embeddings of word pieces, which are not trained, are kept once.

    Raises:
        ConfigError: If an encoder is not of BERT's architecture, or the embeddings of word pieces differ.
    """
    graph = _Graph()
    own = [_weights(member) for member in members]
    if any(not np.array_equal(weights[_PIECES], own[0][_PIECES]) for weights in own):
        raise ConfigError("only readers that started from the same backbone can be put together; their word pieces differ")
    pieces = _pieces(graph, own[0])
    scores = []
    for n, (member, weights) in enumerate(zip(members, own, strict=True)):
        graph.member = f"{n}." if n else ""
        hidden = _encoded(graph, weights, member.encoder.config, pieces=pieces)
        first = graph.add("Gather", hidden, graph.constant(np.array(0), "first"), axis=1)
        whole = graph.linear(first, weights["whole.weight"], weights["whole.bias"], "whole.head")
        listed = _gathered(graph, hidden, "places")
        aimed = graph.linear(listed, weights["aimed.weight"], weights["aimed.bias"], "aimed.head")
        odds = graph.linear(listed, weights["speaks.weight"], weights["speaks.bias"], "speaks.head")
        scores.append((whole, aimed, graph.add("Squeeze", odds, graph.constant(np.array([2]), "axis_last"))))
    for name, told in zip(("whole", "aimed", "speaks"), zip(*scores, strict=True), strict=True):
        _put_together(graph, told, name)
    sizes: dict[str, list[Any]] = {"pieces": ["s", "p"], "features": ["s", "p", sheets.KINDS], "places": ["s", "c"]}
    return _read_by(graph, sizes, {"whole": ["s", len(WHOLE)], "aimed": ["s", "c", len(AIMED)], "speaks": ["s", "c"]})


def _put_together(graph: _Graph, told: Sequence[str], name: str) -> None:
    """The output of a graph: scores of the mean of several probabilities, for ``speaks`` the mean log-odds."""
    if name != "speaks" and len(told) > 1:
        told = [graph.add("Softmax", each, axis=-1) for each in told]
        graph.add("Log", graph.add("Mean", *told), name=name)
    else:
        graph.add("Mean", *told, name=name)


def linker(heads: Heads) -> onnx.ModelProto:
    """The graph of `Network.link` in float32."""
    weights = _weights(heads)
    width = weights["member.bias"].shape[0]
    graph = _Graph()
    scheme = graph.add("Gather", graph.constant(weights["scheme.weight"], "scheme.weight"), "scheme")
    anchor = graph.add("Unsqueeze", graph.add("Add", "anchor", scheme), graph.constant(np.array([1]), "axis_1"))
    distance = graph.add("Gather", graph.constant(weights["distance.weight"], "distance.weight"), "distance")
    mixed = graph.add("Relu", graph.add("Add", graph.add("Add", "member", distance), anchor))
    graph.linear(mixed, weights["tag.weight"], weights["tag.bias"], "tag", output="links")
    sizes = {"anchor": ["a", width], "member": ["a", "t", width], "distance": ["a", "t"], "scheme": ["a"]}
    kinds = {"anchor": TensorProto.FLOAT, "member": TensorProto.FLOAT, "distance": TensorProto.INT64, "scheme": TensorProto.INT64}
    inputs = [helper.make_tensor_value_info(name, kinds[name], sizes[name]) for name in sizes]
    return graph.model(inputs, [helper.make_tensor_value_info("links", TensorProto.FLOAT, ["a", "t", len(LINK_TAGS)])])


def quantised(model: onnx.ModelProto) -> onnx.ModelProto:
    """A graph whose matrices are int8, one scale a column; what flows through it is quantised as it comes."""
    with tempfile.TemporaryDirectory() as aside:
        source, target = Path(aside) / "float.onnx", Path(aside) / "int8.onnx"
        onnx.save(model, str(source))
        quantize_dynamic(
            source,
            target,
            op_types_to_quantize=["MatMul", "Attention"],
            per_channel=True,
            weight_type=QuantType.QInt8,
            extra_options={"DefaultTensorType": TensorProto.FLOAT},  # it cannot look into fused operators
        )
        return onnx.load(str(target))


def parts(heads: Heads, *, int8: bool = True) -> dict[str, bytes]:
    """The files of a tagger's network by name."""
    graph = encoder(heads)
    return {
        ENCODER: (quantised(graph) if int8 else graph).SerializeToString(),
        LINKER: linker(heads).SerializeToString(),
    }


def read_parts(*members: Reader, int8: bool = True) -> dict[str, bytes]:
    """The files of a transformer's network by name; of several readers, see `reader`."""
    graph = reader(*members)
    return {READER: (quantised(graph) if int8 else graph).SerializeToString()}


def _weights(module: Heads | Reader) -> dict[str, Array]:
    """The weights of a network whose encoder can be exported."""
    shape = module.encoder.config
    if shape.model_type != EXPORTED or shape.hidden_act != "gelu":
        raise ConfigError(f"model.backbone: only encoders of BERT's architecture with GELU can be exported, not {shape.model_type!r}")
    return {name: value.detach().float().numpy() for name, value in module.state_dict().items()}


def _read_by(graph: _Graph, taken: Mapping[str, list[Any]], told: Mapping[str, list[Any]]) -> onnx.ModelProto:
    """A graph that takes ids and gives scores."""
    inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, size) for name, size in taken.items()]
    return graph.model(inputs, [helper.make_tensor_value_info(name, TensorProto.FLOAT, size) for name, size in told.items()])


def _gathered(graph: _Graph, hidden: str, places: str) -> str:
    """What the encoder makes of the pieces at some places, shape (n, places, size)."""
    where = graph.add("Unsqueeze", places, graph.constant(np.array([2]), "axis_2"))
    return graph.add("GatherND", hidden, where, batch_dims=1)


def _encoded(graph: _Graph, weights: Mapping[str, Array], shape: Any, *, pieces: str) -> str:
    """What the encoder makes of all pieces, shape (n, pieces, size)."""
    hidden = _embedded(graph, weights, shape.layer_norm_eps, pieces=pieces)
    for layer in range(shape.num_hidden_layers):
        hidden = _layer(graph, weights, f"encoder.encoder.layer.{layer}.", hidden=hidden, shape=shape)
    return hidden


def _pieces(graph: _Graph, weights: Mapping[str, Array]) -> str:
    """The embeddings of word pieces, kept in int8, one scale a row."""
    table = weights[_PIECES]
    scales = np.maximum(np.abs(table).max(axis=1, keepdims=True), 1e-9) / 127
    rows = graph.add("Gather", graph.constant(np.round(table / scales).astype(np.int8), "pieces.table"), "pieces")
    scale = graph.add("Gather", graph.constant(scales.astype(np.float32), "pieces.scales"), "pieces")
    return graph.add("Mul", graph.add("Cast", rows, to=TensorProto.FLOAT), scale)


def _embedded(graph: _Graph, weights: Mapping[str, Array], epsilon: float, *, pieces: str) -> str:
    """Sum of the embeddings of pieces, positions and features, normalised."""
    prefix = "encoder.embeddings."
    own = weights[f"{prefix}position_embeddings.weight"] + weights[f"{prefix}token_type_embeddings.weight"][0]
    count = graph.add("Slice", graph.add("Shape", "pieces"), *(graph.constant(np.array([n]), f"count.{n}") for n in (1, 2)))
    zero = graph.constant(np.array([0]), "zero")
    positions = graph.add("Slice", graph.constant(own, "positions.table"), zero, count)
    features = graph.add("Gather", graph.constant(weights["features.weight"], "features.table"), "features")
    features = graph.add("ReduceSum", features, graph.constant(np.array([2]), "axis_features"), keepdims=0)
    total = graph.add("Add", graph.add("Add", pieces, features), positions)
    gamma, beta = (graph.constant(weights[f"{prefix}LayerNorm.{n}"], f"embeddings.{n}") for n in ("weight", "bias"))
    return graph.add("LayerNormalization", total, gamma, beta, axis=-1, epsilon=epsilon)


def _layer(graph: _Graph, weights: Mapping[str, Array], prefix: str, *, hidden: str, shape: Any) -> str:
    def constant(name: str, value: Array | None = None) -> str:
        return graph.constant(weights[prefix + name] if value is None else value, prefix + name)

    own = [f"attention.self.{part}." for part in ("query", "key", "value")]
    joint = constant("attention.joint.weight", np.concatenate([weights[f"{prefix}{p}weight"].T for p in own], axis=1))
    bias = constant("attention.joint.bias", np.concatenate([weights[f"{prefix}{p}bias"] for p in own]))
    heads = shape.num_attention_heads
    mixed = graph.add("Attention", hidden, joint, bias, domain=_FUSED, num_heads=heads)
    mixed = graph.add("MatMul", mixed, constant("attention.output.dense.weight", weights[f"{prefix}attention.output.dense.weight"].T))
    hidden = _normalised(graph, mixed, hidden, constant, part="attention.output", epsilon=shape.layer_norm_eps)
    inner = graph.add("MatMul", hidden, constant("intermediate.dense.weight", weights[f"{prefix}intermediate.dense.weight"].T))
    inner = graph.add("FastGelu", inner, constant("intermediate.dense.bias"), domain=_FUSED)
    inner = graph.add("MatMul", inner, constant("output.dense.weight", weights[f"{prefix}output.dense.weight"].T))
    return _normalised(graph, inner, hidden, constant, part="output", epsilon=shape.layer_norm_eps)


def _normalised(graph: _Graph, value: str, skip: str, constant: Callable[[str], str], *, part: str, epsilon: float) -> str:
    """Layer normalisation of a sum, written out: several times as fast as the runtime's own operators on processors (measured)."""
    gamma, beta, bias = (constant(f"{part}.{name}") for name in ("LayerNorm.weight", "LayerNorm.bias", "dense.bias"))
    total = graph.add("Add", graph.add("Add", value, bias), skip)
    centred = graph.add("Sub", total, graph.add("ReduceMean", total, axes=[2]))
    variance = graph.add("ReduceMean", graph.add("Mul", centred, centred), axes=[2])
    least = graph.constant(np.array(epsilon, dtype=np.float32), f"{bias}.epsilon")
    scale = graph.add("Reciprocal", graph.add("Sqrt", graph.add("Add", variance, least)))
    return graph.add("Add", graph.add("Mul", graph.add("Mul", centred, scale), gamma), beta)
