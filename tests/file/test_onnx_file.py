"""ONNX graphs of dense layers are read as ONNX Runtime computes them; what is none is refused by the node's name."""

import math
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator
from onnx.reference.op_run import OpRun
from onnxruntime.capi.onnxruntime_pybind11_state import NotImplemented as NotImplementedThere
from patience import ran

from weightscape.file.onnx_file import read_weights, remarks
from weightscape.file.onnx_operator import OPERATORS
from weightscape.file.onnx_scan import scan
from weightscape.file.whole_file import FileError
from weightscape.network.network import Network

Array = npt.NDArray[Any]
Node = Any
RNG = np.random.default_rng(3)
POINTS = RNG.normal(size=(40, 2))
A, B, C = RNG.normal(size=(2, 6)), RNG.normal(size=(6, 6)), RNG.normal(size=(6, 3))
a, b, c = RNG.normal(size=6), RNG.normal(size=6), RNG.normal(size=3)
TABLES = {"A": A, "B": B, "C": C, "At": A.T.copy(), "Bt": B.T.copy(), "a": a, "b": b, "c": c, "row": a[None]}
TABLES |= {"var": RNG.uniform(0.2, 3.0, 6), "nan": np.full(6, math.nan), "zero": np.zeros(6)}
TABLES |= {f"{name}2": RNG.uniform(0.3, 2.0, 2) for name in ("a", "b", "var")}
NUMBERS = {
    "two": 2.0,
    "twenty": 20.0,
    "half": 0.5,
    "one": 1.0,
    "root": math.sqrt(2.0),
    "pi": math.pi / 2,
    "rest": 2 / math.pi,
    "w": 30.0,
}


def op(kind: str, given: str, made: str, **attributes: Any) -> Node:
    return helper.make_node(kind, given.split(), made.split(), name=f"n_{made.split()[0]}", **attributes)


def model(nodes: list[Node], dtype: Any = np.float64, outputs: str = "y", inputs: str = "x", **tables: Array) -> Any:
    """Make a model; its constants are those of TABLES and NUMBERS that its nodes name, and `tables`."""
    kind = TensorProto.DOUBLE if dtype == np.float64 else TensorProto.FLOAT
    known: dict[str, Any] = {**TABLES, **NUMBERS, **tables}
    used = {name for node in nodes for name in node.input if name in known} | tables.keys()
    initial = []
    for name in sorted(used):
        array = np.asarray(known[name])
        initial.append(numpy_helper.from_array(array.astype(dtype) if array.dtype.kind == "f" else array, name))
    graph = helper.make_graph(
        nodes,
        "graph",
        [helper.make_tensor_value_info(name, kind, ["n", 2]) for name in inputs.split()],
        [helper.make_tensor_value_info(name, kind, None) for name in outputs.split()],
        initial,
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)])
    made.ir_version = 9
    return made


def saved(path: Path, made: Any) -> Path:
    path.write_bytes(made if isinstance(made, bytes) else made.SerializeToString())
    return path


def computed(path: Path, dtype: Any = np.float64) -> Array:
    """Compute the outputs at POINTS by ONNX Runtime."""
    try:
        session: Any = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    except NotImplementedThere:
        assert dtype == np.float64  # of some operators it has float32 alone: then by the format's own reference
        session = ReferenceEvaluator(str(path), new_ops=[Erf, Gelu])
    found = session.run(None, {"x": POINTS.astype(dtype)})[0]
    assert isinstance(found, np.ndarray)
    return found


def loaded(path: Path) -> Network:
    weights, biases, names = read_weights(path)
    return Network(tuple(weights), tuple(biases), tuple(names))


class Erf(OpRun):
    """Compute erf to the last digit: the reference's own is off by 1e-7."""

    op_domain = ""

    def _run(self, x: Array) -> tuple[Array]:
        return (np.vectorize(math.erf)(x),)


class Gelu(Erf):
    def _run(self, x: Array, approximate: str = "none") -> tuple[Array]:
        assert approximate == "none"
        return (x / 2 * (1 + np.vectorize(math.erf)(x / math.sqrt(2))),)


def layers(*between: Node, last: str = "Identity") -> list[Node]:
    """Two layers with nodes between that make h of z."""
    ends = [op("Gemm", "h C c", "u"), op(last, "u", "y")]
    return [op("Gemm", "x A a", "z"), *between, *ends]


LAYOUTS: dict[str, tuple[list[Node], list[str]]] = {
    "PyTorch": (
        [op("Gemm", "x At a", "z", transB=1), op("Tanh", "z", "h"), op("Gemm", "h C c", "y", transB=0)],
        ["tanh", "identity"],
    ),
    "alpha, beta": (
        [op("Gemm", "x At row", "z", transB=1, alpha=0.5, beta=2.0), op("Relu", "z", "h"), op("Gemm", "h C c", "y")],
        ["relu", "identity"],
    ),
    "no bias": ([op("Gemm", "x A", "z"), op("Relu", "z", "h"), op("MatMul", "h C", "y")], ["relu", "identity"]),
    "Keras": (
        [
            op("MatMul", "x A", "m"),
            op("Add", "m a", "z"),
            op("Sigmoid", "z", "h"),
            op("MatMul", "h C", "k"),
            op("Add", "c k", "u"),
            op("Softmax", "u", "y", axis=-1),
        ],
        ["sigmoid", "softmax"],
    ),
    "transposed": (
        [
            op("Transpose", "At", "T", perm=[1, 0]),
            op("MatMul", "x T", "z"),
            op("Sin", "z", "h"),
            op("MatMul", "h C", "y"),
        ],
        ["sin", "identity"],
    ),
    "two in a row": ([op("Gemm", "x A a", "z"), op("Gemm", "z B b", "h"), op("Gemm", "h C c", "y")], ["identity"] * 3),
    "nothing": (
        [
            op("Identity", "x", "x1"),
            op("Flatten", "x1", "x2", axis=1),
            op("Gemm", "x2 A a", "z"),
            op("Dropout", "z", "z1"),
            op("Tanh", "z1", "h"),
            op("Reshape", "h shape", "h1"),
            op("Cast", "h1", "h2", to=TensorProto.DOUBLE),
            op("Gemm", "h2 C c", "u"),
            op("Softmax", "u", "v"),
            op("Identity", "v", "y"),
        ],
        ["tanh", "softmax"],
    ),
    "a scaled input and output": (
        [
            op("Sub", "x mean", "x1"),
            op("Div", "x1 std", "x2"),
            op("Gemm", "x2 A a", "z"),
            op("Tanh", "z", "h"),
            op("Gemm", "h C c", "u"),
            op("Sigmoid", "u", "v"),
            op("Mul", "v two", "w1"),
            op("Sub", "w1 one", "y"),
        ],
        ["tanh", "sigmoid", "identity"],
    ),
    "normalised before the activation": (
        layers(op("BatchNormalization", "z a b a var", "m"), op("Tanh", "m", "h")),
        ["tanh", "identity"],
    ),
    "normalised after it, with zeros": (
        layers(op("Relu", "z", "m"), op("BatchNormalization", "m a b a zero", "h", epsilon=1e-3)),
        ["relu", "identity"],
    ),
    "normalised first, behind MatMul and Add, and last": (
        [
            op("BatchNormalization", "x a2 b2 a2 var2", "x1", momentum=0.5),
            op("MatMul", "x1 A", "m"),
            op("Add", "m a", "z"),
            op("BatchNormalization", "z a b a var", "z1"),
            op("Sigmoid", "z1", "h"),
            op("Gemm", "h B b", "u"),
            op("BatchNormalization", "u b a b var", "y"),
        ],
        ["sigmoid", "identity"],
    ),
    "normalised behind the last activation": (
        [op("Gemm", "x A a", "z"), op("Tanh", "z", "h"), op("BatchNormalization", "h a b a var", "y")],
        ["tanh", "identity"],
    ),
    "SIREN": (layers(op("Mul", "w z", "m"), op("Sin", "m", "h")), ["sin", "identity"]),
    "1 - z": (layers(op("Sub", "one z", "m"), op("Tanh", "m", "t"), op("Neg", "t", "h")), ["tanh", "identity"]),
    "a scaled activation": (
        layers(op("Tanh", "z", "t"), op("Mul", "t a", "m"), op("Add", "m b", "h")),
        ["tanh", "identity"],
    ),
    "one activation after another": (layers(op("Abs", "z", "t"), op("Tanh", "t", "h")), ["abs", "tanh", "identity"]),
    "an activation first": ([op("Sin", "x", "s"), op("Gemm", "s A a", "z"), op("Cos", "z", "y")], ["sin", "cos"]),
    "what is not needed": (layers(op("Tanh", "z", "h"), op("ArgMax", "z", "label")), ["tanh", "identity"]),
    "silu written out": (layers(op("Sigmoid", "z", "s"), op("Mul", "s z", "h")), ["silu", "identity"]),
    "gelu written out": (
        layers(
            op("Div", "z root", "d"),
            op("Erf", "d", "e"),
            op("Add", "e one", "f"),
            op("Mul", "z f", "g"),
            op("Mul", "g half", "h"),
        ),
        ["gelu", "identity"],
    ),
    "gelu in another order": (
        layers(
            op("Mul", "half z", "m"),
            op("Div", "z root", "d"),
            op("Erf", "d", "e"),
            op("Add", "one e", "f"),
            op("Mul", "f m", "h"),
        ),
        ["gelu", "identity"],
    ),
    "softsign written out": (
        layers(op("Abs", "z", "d"), op("Add", "d one", "e"), op("Div", "z e", "h")),
        ["softsign", "identity"],
    ),
    "PyTorch's softplus": (
        layers(op("Softplus", "z", "d"), op("Greater", "z twenty", "e"), op("Where", "e z d", "h")),
        ["softplus", "identity"],
    ),
    "gaussian": (layers(op("Mul", "z z", "d"), op("Neg", "d", "e"), op("Exp", "e", "h")), ["gaussian", "identity"]),
    "gaussian by Pow": (
        layers(op("Pow", "z two", "d"), op("Neg", "d", "e"), op("Exp", "e", "h")),
        ["gaussian", "identity"],
    ),
    "triangle": (
        layers(op("Mul", "z pi", "d"), op("Sin", "d", "e"), op("Asin", "e", "f"), op("Mul", "f rest", "h")),
        ["triangle", "identity"],
    ),
}
EXTRA = {"shape": np.array([-1, 6]), "mean": np.array([0.5, -2.0]), "std": np.array([2.0, 0.25])}


def extra(nodes: list[Node]) -> dict[str, Array]:
    return {name: EXTRA[name] for node in nodes for name in node.input if name in EXTRA}


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_graph_is_what_onnx_runtime_computes(tmp_path: Path, layout: str, dtype: Any) -> None:
    nodes, names = LAYOUTS[layout]
    if dtype == np.float32:
        nodes = [op("Cast", " ".join(n.input), " ".join(n.output), to=1) if n.op_type == "Cast" else n for n in nodes]
    path = saved(tmp_path / "a.onnx", model(nodes, dtype, **extra(nodes)))
    found = loaded(path)
    assert list(found.activations) == names
    assert remarks(path) == ()
    tolerance = 1e-9 if dtype == np.float64 else 1e-6
    # Of a triangle ONNX Runtime rounds each of its four steps, and multiplies some by 30 before.
    scale = 30.0 if dtype == np.float32 and layout in ("SIREN", "triangle", "an activation first") else 1.0
    wanted = computed(path, dtype)
    assert np.abs(found(POINTS.astype(dtype)) - wanted).max() <= scale * tolerance * max(1.0, np.abs(wanted).max())


@pytest.mark.parametrize("opset", [9, 13, 14, 15, 20])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_normalising_is_read_of_every_opset(tmp_path: Path, opset: int, dtype: Any) -> None:
    made = model(LAYOUTS["normalised first, behind MatMul and Add, and last"][0], dtype)
    made.opset_import[0].version, made.ir_version = opset, 4
    path = saved(tmp_path / "a.onnx", made)
    wanted = computed(path, dtype)
    tolerance = 1e-9 if dtype == np.float64 else 1e-6
    assert np.abs(loaded(path)(POINTS.astype(dtype)) - wanted).max() <= tolerance * np.abs(wanted).max()


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (kind, name)
        for kind, name in (
            ("Tanh", "tanh"),
            ("Sigmoid", "sigmoid"),
            ("Relu", "relu"),
            ("LeakyRelu", "leaky_relu"),
            ("Elu", "elu"),
            ("Softplus", "softplus"),
            ("Softsign", "softsign"),
            ("Gelu", "gelu"),
            ("Sin", "sin"),
            ("Cos", "cos"),
            ("Abs", "abs"),
            ("Identity", "identity"),
        )
    ],
)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_every_activation_is_the_tables(tmp_path: Path, kind: str, name: str, dtype: Any) -> None:
    path = saved(tmp_path / "a.onnx", model(layers(op(kind, "z", "h"), last="Sigmoid"), dtype))
    found = loaded(path)
    assert list(found.activations) == [name, "sigmoid"]
    assert np.abs(found(POINTS.astype(dtype)) - computed(path, dtype)).max() <= (1e-9 if dtype == np.float64 else 1e-6)


def test_weights_may_be_nodes_and_of_half_precision(tmp_path: Path) -> None:
    tables = [
        helper.make_node("Constant", [], [name], value=numpy_helper.from_array(array))
        for name, array in (("W", A), ("v", a))
    ]
    nodes = [*tables, op("Gemm", "x W v", "z"), op("Tanh", "z", "y")]
    assert np.array_equal(loaded(saved(tmp_path / "a.onnx", model(nodes))).weights[0], A)
    half = model([op("MatMul", "x W", "y")])
    half.graph.initializer.append(numpy_helper.from_array(A.astype(np.float16), "W"))
    assert np.array_equal(loaded(saved(tmp_path / "a.onnx", half)).weights[0], A.astype(np.float16).astype(float))
    brain = model([op("MatMul", "x W", "y")])
    brain.graph.initializer.append(helper.make_tensor("W", TensorProto.BFLOAT16, A.shape, A.ravel()))
    assert np.allclose(loaded(saved(tmp_path / "a.onnx", brain)).weights[0], A, rtol=1 / 128)


def test_tied_layers_share_their_matrix(tmp_path: Path) -> None:
    chain = [op("Gemm", "x A a", "h0"), *(op("Gemm", f"h{k} Bt b", f"h{k + 1}", transB=1) for k in range(200))]
    found = loaded(saved(tmp_path / "a.onnx", model([*chain, op("Gemm", "h200 C c", "y")])))
    assert found.layers == 202
    assert all(W is found.weights[1] for W in found.weights[1:-1])


def failure(path: Path) -> str:
    with pytest.raises(FileError) as caught:
        read_weights(path)
    text = str(caught.value)
    assert "\n" not in text
    assert str(path) in text
    assert len(text) < 600
    return text


def bad() -> Iterator[tuple[str, Any]]:
    """Models that are no network of dense layers, each with what is said."""
    yield (
        "node n_h (LeakyRelu): alpha=0.2; leaky_relu has alpha=0.01 here",
        layers(op("LeakyRelu", "z", "h", alpha=0.2)),
    )
    yield "node n_h (Elu): alpha=0.5; elu has alpha=1.0 here", layers(op("Elu", "z", "h", alpha=0.5))
    yield "node n_h (Elu): alpha=nan; elu", layers(op("Elu", "z", "h", alpha=math.nan))
    yield "node n_h (Gelu): approximate=tanh; gelu has", layers(op("Gelu", "z", "h", approximate="tanh"))
    yield "node n_h (Swish): alpha=2; silu has", layers(op("Swish", "z", "h", alpha=2.0))
    yield "node n_h (Clip): the operator is not known (docs/weights-files.md", layers(op("Clip", "z", "h"))
    yield "node n_h (Conv): convolutional networks are not read yet", layers(op("Conv", "z A", "h"))
    yield "node n_h (Conv): convolutional", layers(op("Unsqueeze", "z A", "e"), op("Conv", "e A", "h"))
    yield "node n_h (MaxPool): convolutional networks are not read yet", layers(op("MaxPool", "z", "h"))
    yield "node n_h (LSTM): recurrent networks are not read yet", layers(op("LSTM", "z A", "h"))
    yield (
        "no activation here: case(above(x), x, softplus(x))",  # Softplus(beta=2) as PyTorch writes it out
        layers(
            op("Mul", "z two", "d"),
            op("Greater", "d twenty", "far"),
            op("Softplus", "d", "s"),
            op("Div", "s two", "near"),
            op("Where", "far z near", "h"),
        ),
    )
    yield "node n_h (LayerNormalization): it scales each point by", layers(op("LayerNormalization", "z a b", "h"))
    for reason, given, told in (
        ("training_mode is on; export", "z a b b var", {"training_mode": 1}),
        ("training_mode is on; export", "z a b b var", {"is_test": 0}),
        ("its variance has shape (3,), its mean (6,)", "z a b b c", {}),
        ("its scale has shape (6, 6), its mean (6,)", "z B b b var", {}),
        ("its variance holds -", "z a b b a", {}),
        ("its variance holds a number that is not finite", "z a b b nan", {}),
        ("its variance holds a 0, and so is its epsilon", "z a b b zero", {"epsilon": 0.0}),
        ("its epsilon is nan", "z a b b var", {"epsilon": math.nan}),
        ("its epsilon is -1", "z a b b var", {"epsilon": -1.0}),
        ("it has 4 operands", "z a b b", {}),
        ("it joins two computed values; residual", "z a b b z", {}),
        ("(2,) numbers scale 6 units", "z a2 b2 b2 var2", {}),
    ):
        node = op("BatchNormalization", given, "h", **told)
        yield f"node n_h (BatchNormalization): {reason}", layers(node)
    yield (
        "node n_h (BatchNormalization): training_mode is on",
        layers(op("BatchNormalization", "z a b b var", "h mean variance")),
    )
    yield (
        "node n_y (BatchNormalization): softmax comes before it",
        [op("Gemm", "x A a", "z"), op("Softmax", "z", "s"), op("BatchNormalization", "s a b b var", "y")],
    )
    yield (
        "node n_h (com.microsoft.Gelu): the operator is not known",
        layers(op("Gelu", "z", "h", domain="com.microsoft")),
    )
    yield "node n_h (Add): it joins two computed values; residual", layers(op("Tanh", "z", "t"), op("Add", "t z", "h"))
    yield "node n_y (Gemm): it joins two computed values", [op("Gemm", "x A a", "z"), op("Gemm", "x A z", "y")]
    yield "nor are weights that are computed", [op("Gemm", "x A a", "z"), op("MatMul", "z z", "y")]
    yield "node n_y (MatMul): it has a constant before what is computed", [op("MatMul", "A x", "y")]
    yield "node n_y (Gemm): transA=1 turns the input round", [op("Gemm", "x A a", "y", transA=1)]
    yield (
        "node n_z2 (Gemm): a matrix (2, 6) behind 6 values",
        [op("Gemm", "x A a", "z"), op("Gemm", "z A a", "z2"), op("Tanh", "z2", "y")],
    )
    yield "node n_y (Add): an array (3,) beside 6 values", [op("Gemm", "x A a", "z"), op("Add", "z c", "y")]
    yield "node n_y (Add): an array (6, 6) beside a row of values", [op("Gemm", "x A a", "z"), op("Add", "z B", "y")]
    yield (
        "node n_y (Relu): softmax comes before it",
        [op("Gemm", "x A a", "z"), op("Softmax", "z", "s"), op("Relu", "s", "y")],
    )
    yield "node n_y (Softmax): axis=0; softmax over", [op("Gemm", "x A a", "z"), op("Softmax", "z", "y", axis=0)]
    yield "node n_h (Flatten): axis=0 changes the shape", layers(op("Flatten", "z", "h", axis=0))
    yield (
        "node n_h (Reshape): shape=[-1, 2, 3] takes 6 values apart; only (n, 6)",
        (layers(op("Reshape", "z s", "h")), np.array([-1, 2, 3])),
    )
    yield "node n_h (Dropout): training_mode is on", (layers(op("Dropout", "z half s", "h")), np.array(True))
    yield "node n_h (Cast): to=10; only float and double", layers(op("Cast", "z", "h", to=10))
    yield "node n_h (Pow): only a power of 2", layers(op("Pow", "z half", "h"))
    yield "node n_h (Squeeze): it takes 6 values apart", layers(op("Squeeze", "z", "h"))
    yield "node n_u (Gemm): what stands before it is a function", layers(op("Tanh", "z", "t"), op("Mul", "t z", "h"))
    yield "nothing before it makes t: a cycle", layers(op("Add", "z t", "h"), op("Add", "h a", "t"))
    yield "node n_h (Add): nothing before it makes h: a cycle", layers(op("Add", "z h", "h"))
    yield "node n_h (Tanh): nothing before it makes nowhere", layers(op("Tanh", "nowhere", "h"))
    yield "its output y is not made from its input x", [op("Identity", "A", "y")]
    yield "nothing before it makes y", [op("Gemm", "x A a", "z")]
    yield "node n_h (Sin): h is made twice", layers(op("Tanh", "z", "h"), op("Sin", "z", "h"))


@pytest.mark.parametrize(("reason", "nodes"), list(bad()))
def test_what_is_no_dense_network_is_refused_by_the_nodes_name(tmp_path: Path, reason: str, nodes: Any) -> None:
    nodes, tables = (nodes[0], {"s": nodes[1]}) if isinstance(nodes, tuple) else (nodes, {})
    assert reason in failure(saved(tmp_path / "a.onnx", model(nodes, **tables)))


@pytest.mark.spread(9)
@pytest.mark.parametrize("kind", sorted({*OPERATORS} | {"Constant"}))
@pytest.mark.parametrize(
    "operands", ["{0}", "{0} {0}", "{0} {0} {0}", "{0} b", "{0} two", "{0} B", "{0} B b", "one {0}"]
)
def test_an_operator_after_itself_ends(tmp_path: Path, kind: str, operands: str) -> None:
    """What doubles with each node would take for ever by the sixtieth."""
    chain = [op(kind, operands.format("z" if k == 0 else f"z{k}"), f"z{k + 1}") for k in range(300)]
    path = saved(tmp_path / "a.onnx", model([*layers()[:1], *chain, op("Gemm", "z300 C c", "y")]))
    try:
        assert len(read_weights(path)[0]) <= 256
    except FileError as fault:
        assert len(str(fault).replace(str(path), "")) < 220, fault  # noqa: PT017 - it may be read, too


def test_a_function_of_many_operators_is_refused_by_the_node(tmp_path: Path) -> None:
    for kind, operands, last in (
        ("Mul", "{0} {0}", 4),
        ("Pow", "{0} two", 4),
        ("Div", "{0} {0}", 4),
        ("Where", "{0} {0} {0}", 3),
        ("Erf", "{0}", 31),
    ):
        chain = [op("Tanh", "z", "z0"), *(op(kind, operands.format(f"z{k}"), f"z{k + 1}") for k in range(60))]
        said = failure(saved(tmp_path / "a.onnx", model([*layers()[:1], *chain, op("Gemm", "z60 C c", "y")])))
        assert f"node n_z{last} ({kind}): it makes a function of more than 32 operators" in said


def test_matrices_that_are_scaled_without_end_are_refused(tmp_path: Path) -> None:
    tables = {"start": np.ones((2, 512)), "wide": np.ones((512, 512)), "row": np.ones(512)}
    chain = [op("Mul", f"z{k} row", f"z{k + 1}") for k in range(1000)]
    nodes = [op("MatMul", "x start", "z"), op("MatMul", "z wide", "z0"), *chain, op("Tanh", "z1000", "y")]
    said = failure(saved(tmp_path / "a.onnx", model(nodes, **tables)))
    assert "(Mul): its matrices are scaled more often than those of a network are" in said


def test_a_layer_of_a_graph_is_told_by_its_number(tmp_path: Path) -> None:
    broken = np.array([[np.nan, 1.0, 2.0]] * 6)
    assert "the matrix of layer 2 (6, 3) holds a number that is not finite" in failure(
        saved(tmp_path / "a.onnx", model([*layers(op("Tanh", "z", "h"))[:-2], op("Gemm", "h N c", "y")], N=broken))
    )


def test_ends_and_constants_are_held_to_what_is_read(tmp_path: Path) -> None:
    path, plain = tmp_path / "a.onnx", [op("Gemm", "x A a", "y")]
    two = model([*plain, op("Tanh", "y", "v")], outputs="y v")
    assert "it has 2 outputs, y, v: one is read; export one of them alone" in failure(saved(path, two))
    assert "it has 2 inputs, x, W: one is read; weights have" in failure(
        saved(path, model([op("Gemm", "x W", "y")], inputs="x W"))
    )
    assert "it has 0 inputs, none: one is read" in failure(saved(path, model(plain, inputs="")))

    for change, reason in (
        ({"data_location": 1}, "A lies in another file (external data), which is not opened; export anew with"),
        ({"data_type": 8}, "A (2, 6) is of type 8; want float, double"),
        ({"raw_data": b"123"}, "A (2, 6) is damaged"),
    ):
        made = model(plain)
        for field, value in change.items():
            setattr(made.graph.initializer[0], field, value)
        assert reason in failure(saved(path, made)), change
    made = model(plain)
    made.graph.initializer[0].dims[:] = [65536, 65536]
    assert "A has shape (65536, 65536); at most 2097152 numbers are read" in failure(saved(path, made))
    made.graph.initializer[0].dims[:] = [-2, -6]
    assert "A (-2, -6) is of type" in failure(saved(path, made))
    made = model(plain)
    made.graph.initializer.append(made.graph.initializer[0])
    assert "two of its constants have one name" in failure(saved(path, made))


@pytest.mark.parametrize(
    ("value", "reason"), [(np.nan, "not finite"), (1e30, "beyond +-1e+08"), (np.inf, "not finite")]
)
def test_numbers_are_finite_and_not_too_large(tmp_path: Path, value: float, reason: str) -> None:
    assert reason in failure(saved(tmp_path / "a.onnx", model([op("Gemm", "x W a", "y")], W=np.full((2, 6), value))))
    scaled = [op("Gemm", "x A a", "z", alpha=float(np.float32(min(value, 3e38))))]
    assert reason.split()[0] in failure(saved(tmp_path / "a.onnx", model([*scaled, op("Tanh", "z", "y")])))


def test_what_is_too_wide_or_too_deep_is_refused(tmp_path: Path) -> None:
    wide = [op("Gemm", "x W", "y")]
    assert "widths go to 512" in failure(saved(tmp_path / "a.onnx", model(wide, W=np.ones((2, 513)))))
    deep = [op("Gemm", "x A a", "h0"), *(op("Gemm", f"h{k} B b", f"h{k + 1}") for k in range(256))]
    assert "more than 256 layers" in failure(saved(tmp_path / "a.onnx", model(deep, outputs="h256")))


def heaps() -> Iterator[tuple[str, bytes]]:
    """Files that would take much memory where they were parsed or followed, and what is said of each."""
    node = b"\x0a\x0b" + b"\x0a\x01x\x12\x01y\x22\x03Abs"
    nodes = node * 1_000_000
    yield "more than 4096 nodes", b"\x08\x09\x3a" + length(nodes) + nodes
    attribute = b"\x2a\x00" * 400_000
    inside = b"\x0a" + length(attribute) + attribute
    yield "more than 120000 entries", b"\x08\x09\x3a" + length(inside) + inside
    numbers = b"\x3a" + length(bytes(3_000_000)) + bytes(3_000_000)
    tensor = b"\x2a" + length(numbers) + numbers
    yield "long lists of whole numbers", b"\x08\x09\x3a" + length(tensor) + tensor
    graph = b""
    for _ in range(200):  # a graph in an attribute of a node of a graph ...
        attribute = b"\x32" + length(graph) + graph
        node = b"\x2a" + length(attribute) + attribute
        graph = b"\x0a" + length(node) + node
    yield "nested too deeply", b"\x08\x09\x3a" + length(graph) + graph
    square = np.ones((512, 512))
    branches = [op("Gemm", "x W", "z"), *(op("Mul", "z v", f"m{k}") for k in range(900))]
    joined = [op("Add", "m0 m1", "j1"), *(op("Add", f"j{k} m{k + 1}", f"j{k + 1}") for k in range(1, 899))]
    many = model([*branches, *joined], outputs="j899", W=np.ones((2, 512)), v=np.ones(512))
    yield "more branches begin before it than", many.SerializeToString()
    turns = [op("Gemm", "x W", "h0"), *(op("Gemm", f"h{k} {'QR'[k % 2]}", f"h{k + 1}") for k in range(200))]
    yield (
        "16000000 weights",
        model(turns, np.float32, "h200", W=np.ones((2, 512)), Q=square, R=2 * square).SerializeToString(),
    )


def length(data: bytes) -> bytes:
    n, made = len(data), b""
    while n > 127:
        made, n = made + bytes([n & 127 | 128]), n >> 7
    return made + bytes([n])


LIMITED = """
import resource, sys
from weightscape.file.onnx_file import read_weights
from weightscape.file.whole_file import FileError
import onnx, onnx.numpy_helper
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    read_weights(sys.argv[1])
except FileError as fault:
    print(fault)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is told as Linux tells it")
@pytest.mark.parametrize("number", range(6))
def test_heaps_cost_little(tmp_path: Path, number: int) -> None:
    reason, data = list(heaps())[number]
    path = saved(tmp_path / "a.onnx", data)
    done = ran(sys.executable, "-c", LIMITED, str(path), env={**os.environ, "PYTHONWARNINGS": "error"})
    assert done.returncode == 0, done.stderr
    said, grown = done.stdout.splitlines()
    assert reason in said
    assert int(grown) < 256


def test_what_is_no_protobuf_is_refused(tmp_path: Path) -> None:
    whole = model([op("Gemm", "x A a", "y")]).SerializeToString()
    for data, reason in (
        (whole[:-1], "cut off"),
        (whole[:50], "cut off"),
        (b"\x0b" + whole, "no ONNX file, or it is damaged"),
        (b"\x08" + b"\xff" * 12, "no ONNX file, or it is cut off"),
        (b"\x00\x00" + whole, "no ONNX file"),
        (b"", "it has 0 inputs"),
    ):
        assert reason in failure(saved(tmp_path / "a.onnx", data)), reason
    scan(whole)
    with open(tmp_path / "long.onnx", "wb") as file:
        file.truncate(150_000_001)
    assert "at most 150000000 are read of an .onnx" in failure(tmp_path / "long.onnx")


def test_a_large_network_is_read(tmp_path: Path) -> None:
    square = RNG.normal(size=(61, 512, 512)).astype(np.float32)
    tables: dict[str, Array] = {"W": np.ones((2, 512)), **{f"Q{k}": each for k, each in enumerate(square)}}
    deep = [op("Gemm", "x W", "h0"), *(op("Gemm", f"h{k} Q{k}", f"h{k + 1}") for k in range(61))]
    weights, _, _ = read_weights(saved(tmp_path / "a.onnx", model(deep, np.float32, "h61", **tables)))
    assert len(weights) == 62
    assert np.array_equal(weights[-1], square[-1])


def test_without_the_package_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = saved(tmp_path / "a.onnx", model([op("Gemm", "x A a", "y")]))
    monkeypatch.setitem(sys.modules, "onnx", None)
    assert ".onnx files need onnx: pip install 'weightscape[onnx]'" in failure(path)


def test_the_package_is_loaded_for_such_files_alone() -> None:
    done = ran(
        sys.executable,
        "-c",
        "import weightscape.file.weights, sys; print('onnx' in sys.modules, 'torch' in sys.modules)",
    )
    assert done.stdout.split() == ["False", "False"]
