"""Counts what is in an ONNX file before anything is made of it: a file of some megabytes may hold a million nodes.

It reads tags and lengths alone, and knows which fields are messages. Formats: https://protobuf.dev/programming-guides/
encoding, and onnx.proto of https://github.com/onnx/onnx.
"""

from collections.abc import Iterator

MAX_NODES = 4096
MAX_FIELDS = 120_000
MAX_DEPTH = 12
MAX_VARINTS = 1 << 20  # bytes of numbers that grow as they are read

# Of each message: the fields that are messages themselves.
MESSAGES: dict[str, dict[int, str]] = {
    "model": {7: "graph", 8: "opset", 14: "entry", 20: "training", 25: "function", 26: "device"},
    "graph": {
        1: "node",
        5: "tensor",
        11: "value",
        12: "value",
        13: "value",
        14: "annotation",
        15: "sparse",
        16: "entry",
    },
    "node": {5: "attribute", 9: "entry", 10: "device"},
    "attribute": {
        5: "tensor",
        6: "graph",
        10: "tensor",
        11: "graph",
        14: "type",
        15: "type",
        22: "sparse",
        23: "sparse",
    },
    "tensor": {3: "segment", 13: "entry", 16: "entry"},
    "sparse": {1: "tensor", 2: "tensor"},
    "value": {2: "type", 4: "entry"},
    "type": {1: "shape", 4: "type", 5: "type", 7: "type", 8: "shape", 9: "type"},
    "shape": {1: "type", 2: "shape", 3: "type"},
    "annotation": {2: "entry"},
    "training": {1: "graph", 2: "graph", 3: "entry", 4: "entry"},
    "function": {7: "node", 9: "opset", 11: "attribute", 12: "value", 14: "entry"},
}
# Fields of packed varints: of a tensor, dims, int32, int64 and uint64 data; of an attribute, ints.
VARINTS = {("tensor", 1), ("tensor", 5), ("tensor", 7), ("tensor", 11), ("attribute", 8)}


def scan(data: bytes) -> None:
    """Raise ValueError for more nodes or fields than a network has, deep nesting, and what is no protobuf."""
    counts = {"node": 0, "field": 0, "varint": 0}
    view = memoryview(data)
    waiting = [("model", 0, len(data), 0)]
    while waiting:
        message, place, end, depth = waiting.pop()
        if depth > MAX_DEPTH:
            raise ValueError("its graphs are nested too deeply")
        for field, begin, stop in _fields(view, place, end):
            counts["field"] += 1
            inside = MESSAGES.get(message, {}).get(field, "")
            counts["node"] += inside == "node"
            counts["varint"] += (stop - begin) * ((message, field) in VARINTS)
            _check(counts)
            if inside:
                waiting.append((inside, begin, stop, depth + 1))


def _check(counts: dict[str, int]) -> None:
    if counts["node"] > MAX_NODES:
        raise ValueError(f"it has more than {MAX_NODES} nodes; only networks of dense layers are read")
    if counts["field"] > MAX_FIELDS:
        raise ValueError(f"it has more than {MAX_FIELDS} entries; only networks of dense layers are read")
    if counts["varint"] > MAX_VARINTS:
        raise ValueError("it has long lists of whole numbers; save its weights as raw float32 or float64")


def _fields(data: memoryview, place: int, end: int) -> Iterator[tuple[int, int, int]]:
    """List the fields of a message: number, and where what it holds begins and ends."""
    while place < end:
        tag, place = _varint(data, place, end)
        field, wire = tag >> 3, tag & 7
        if wire == 0:
            _, stop = _varint(data, place, end)
        elif wire == 2:
            length, place = _varint(data, place, end)
            stop = place + length
        elif wire in (1, 5):
            stop = place + (8 if wire == 1 else 4)
        else:
            raise ValueError("it is no ONNX file, or it is damaged")
        if stop > end or not field:
            raise ValueError("it is no ONNX file, or it is cut off")
        yield field, place if wire == 2 else stop, stop
        place = stop


def _varint(data: memoryview, place: int, end: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if place >= end:
            break
        byte = data[place]
        value, place = value | (byte & 127) << shift, place + 1
        if byte < 128:
            return value, place
    raise ValueError("it is no ONNX file, or it is cut off")
