"""An ONNX graph as the layers of a network: from its one input to its one output, operator after operator.

Only nodes that the output needs are looked at, in the file's order, which the format wants to be one of computation.
Format: https://onnx.ai/onnx/repo-docs/IR.html.
"""

import math
from collections.abc import Iterable
from importlib import import_module
from typing import Any

import numpy as np

from weightscape.file.member import check_size, quoted
from weightscape.file.onnx_operator import applied
from weightscape.file.onnx_value import Array, Attributes, Computed, Value
from weightscape.network.chain import Chain, Layer
from weightscape.network.foreign import not_yet
from weightscape.network.limit import MAX_LAYERS, MAX_WEIGHTS

MAX_FOLDED = 16 * MAX_WEIGHTS  # numbers that are multiplied into matrices, which few nodes of a network do
MAX_ALIVE = 8  # computed values that wait at once; an activation that is written out takes three
# ONNX's numbers of the types that weights may have, and of those of shapes.
TYPES = {1: "float", 11: "double", 10: "float16", 16: "bfloat16", 6: "int32", 7: "int64", 9: "bool"}
DOMAINS = ("", "ai.onnx")


class _Values:
    """Hold by name what has been computed or read, as long as a node wants it; constants are read once, and counted."""

    def __init__(self, graph: Any, given: str, nodes: list[Any], wanted: str) -> None:
        self._tables = {table.name: table for table in graph.initializer}
        self._made: dict[str, Value] = {"": np.zeros(0), given: Computed(Chain(_width(graph, given)))}
        self._last = {name: place for place, node in enumerate(nodes) for name in node.input}
        self._last |= {wanted: len(nodes), "": len(nodes)}
        self._numbers = self._folded = 0
        self._matrix: Array | None = None

    def get(self, name: str) -> Value:
        """Give a value. Raises ValueError where nothing has made it."""
        if name not in self._made:
            if name not in self._tables:
                raise ValueError(f"nothing before it makes {quoted(name)}: a cycle, or a file without its weights")
            self._made[name] = self.table(self._tables[name])
        return self._made[name]

    def put(self, name: str, value: Value, place: int) -> None:
        """Keep what the node at a place has made, and forget what no later one wants."""
        if name in self._made or name in self._tables:
            raise ValueError(f"{quoted(name)} is made twice")
        if isinstance(value, Computed):
            self._count(value.chain.matrix)
            _check_limits(value.chain)
        self._made[name] = value
        self._made = {each: value for each, value in self._made.items() if self._last.get(each, -1) > place}
        if sum(isinstance(value, Computed) for value in self._made.values()) > MAX_ALIVE:
            raise ValueError("more branches begin before it than a network of dense layers has")

    def _count(self, matrix: Array | None) -> None:
        """Raise ValueError where matrices have been made over and over again."""
        self._folded += 0 if matrix is None or matrix is self._matrix else matrix.size
        self._matrix = matrix
        if self._folded > MAX_FOLDED:
            raise ValueError("its matrices are scaled more often than those of a network are")

    def table(self, tensor: Any) -> Array:
        """Read a constant in float64. Raises ValueError for other files' numbers, other types and too many."""
        told, shape = quoted(tensor.name or "constant"), tuple(tensor.dims)
        if tensor.data_location == 1 or tensor.external_data:
            raise ValueError(
                f"{told} lies in another file (external data), which is not opened; "
                "export anew with external_data=False, or save one file: onnx.save(onnx.load(path), out)"
            )
        if tensor.data_type not in TYPES or min(shape, default=0) < 0 or len(shape) > 8:
            raise ValueError(f"{told} {shape[:8]} is of type {tensor.data_type}; want {', '.join(TYPES.values())}")
        check_size(told, shape)
        self._numbers += math.prod(shape)
        if self._numbers > MAX_WEIGHTS + MAX_WEIGHTS // 8:
            raise ValueError(f"its constants have more than {MAX_WEIGHTS} numbers")
        try:
            array = import_module("onnx.numpy_helper").to_array(tensor)
            return np.array(array, np.float64).reshape(shape)
        except Exception as fault:  # of several kinds, where numbers and shape disagree
            raise ValueError(f"{told} {shape} is damaged: {' '.join(str(fault).split())[:80]}") from fault


def network(graph: Any) -> list[Layer]:
    """Put a graph's layers together. Raises ValueError, naming the node, for what they cannot be made of."""
    _check_names(graph)
    given, wanted = _ends(graph)
    nodes = _needed(graph.node, wanted)
    values = _Values(graph, given, nodes, wanted)
    with np.errstate(all="ignore"):  # what is not finite is refused when all is put together
        for place, node in enumerate(nodes):
            try:
                values.put(node.output[0], _made(node, values), place)
            except ValueError as fault:
                raise ValueError(f"node {_told(node)}: {fault}") from fault
        end = values.get(wanted)
        if not isinstance(end, Computed):
            raise ValueError(f"its output {quoted(wanted)} is not made from its input {quoted(given)}")
        chain = end.settled() if end.is_softmax else end.settled().finished()
        _check_limits(chain)
        return list(chain.layers)


def _check_limits(chain: Chain) -> None:
    if len(chain.layers) > MAX_LAYERS or chain.count > MAX_WEIGHTS:
        raise ValueError(f"it makes more than {MAX_LAYERS} layers, or more than {MAX_WEIGHTS} weights")


def _check_names(graph: Any) -> None:
    """Raise ValueError for a name that is no UTF-8, which the package hands on as bytes."""
    names = [each.name for each in (*graph.initializer, *graph.input, *graph.output)]
    for node in graph.node:
        names += [node.name, node.op_type, node.domain, *node.input, *node.output]
        names += [each.name for each in node.attribute]
    if not all(isinstance(name, str) for name in names):
        raise ValueError("a name in it is no UTF-8")


def _made(node: Any, values: _Values) -> Value:
    attributes = _attributes(node)
    if node.op_type == "Constant" and node.domain in DOMAINS:
        return _constant(values, attributes)
    kind = node.op_type if node.domain in DOMAINS else f"{node.domain}.{node.op_type}"
    return applied(kind, [values.get(name) for name in node.input], attributes, sum(map(bool, node.output)))


def _told(node: Any) -> str:
    """Name a node: its own name, or that of what it makes, and its operator."""
    domain = "" if node.domain in DOMAINS else f"{node.domain}."
    return f"{quoted(node.name or node.output[0] or 'without a name')} ({quoted(domain + node.op_type)})"


def _attributes(node: Any) -> Attributes:
    """List numbers, words and tensors of a node's attributes; graphs within are none of ours."""
    fields = {1: "f", 2: "i", 3: "s", 4: "t", 6: "floats", 7: "ints"}
    return {each.name: getattr(each, fields[each.type]) for each in node.attribute if each.type in fields}


def _constant(values: _Values, attributes: Attributes) -> Array:
    if "value" in attributes and hasattr(attributes["value"], "dims"):
        return values.table(attributes["value"])
    for name in ("value_float", "value_int", "value_floats", "value_ints"):
        if name in attributes:
            listed = attributes[name]
            array = np.array(listed if isinstance(listed, float | int) else list(listed), np.float64)
            check_size(name, array.shape)
            return array
    raise ValueError("it holds no numbers")


def _ends(graph: Any) -> tuple[str, str]:
    """Tell the names of the one input that is no weights, and of the one output. Raises ValueError for others."""
    tables = [table.name for table in graph.initializer]
    if len(set(tables)) < len(tables):
        raise ValueError("two of its constants have one name")
    inputs = [each.name for each in graph.input if each.name not in set(tables)]
    outputs = [each.name for each in graph.output]
    for what, names, cure in (
        ("inputs", inputs, "; weights have to be constants"),
        ("outputs", outputs, "; export one of them alone"),
    ):
        if len(names) != 1:
            listed = ", ".join(map(quoted, names[:4])) + ", ..." * (len(names) > 4)
            raise ValueError(f"it has {len(names)} {what}, {listed or 'none'}: one is read{cure * (len(names) > 1)}")
    return inputs[0], outputs[0]


def _width(graph: Any, given: str) -> int | None:
    """Tell how many numbers the input has; None where its shape, (n) or (batch, n), does not tell it."""
    for each in graph.input:
        if each.name == given:
            sides = each.type.tensor_type.shape.dim
            if 1 <= len(sides) <= 2 and sides[-1].dim_value > 0:
                return int(sides[-1].dim_value)
    return None


def _needed(nodes: Iterable[Any], wanted: str) -> list[Any]:
    """List the nodes that the output needs, in the file's order. Raises ValueError for those of other networks."""
    names, found = {wanted}, []
    for node in reversed(list(nodes)):
        if names.intersection(node.output):
            if not node.output[0]:
                raise ValueError(f"node {_told(node)} makes something without a name")
            found.append(node)
            names.update(node.input)
            if what := not_yet(node.op_type):  # told before what its neighbours do
                raise ValueError(f"node {_told(node)}: {what}")
    return found[::-1]
