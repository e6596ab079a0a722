"""A network as rows of steps: its weights packed in blocks, and what each step does with which of them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from weightscape.engine.jit.code import Real
from weightscape.engine.jit.difference_step import advancing, silencing
from weightscape.engine.processor.numpy_block import places
from weightscape.engine.processor.numpy_layer import Ready, layers
from weightscape.engine.processor.numpy_pattern import Count, counts
from weightscape.engine.processor.numpy_tangent import tangent_layers
from weightscape.engine.question import Answer, Question, Values
from weightscape.network.network import Matrix
from weightscape.network.pattern import WORDS

Addresses = Callable[[str], int]
"""Tell where a step is, by its name: `product 6`, `activate tanh`, `clamp`, `spread`, `tap`."""


@dataclass(frozen=True)
class Blocks:
    """Hold a layer's weights for products of `units` units at once: blocks of their biases, then their weights."""

    units: int
    first: int
    count: int
    numbers: Values


def blocks(ready: Ready, most: int) -> Iterator[Blocks]:
    """Pack a matrix (units, inputs + 1), biases last, in as few blocks as can be, of two sizes that differ by one.

    The matrix of differences, which have no biases, gets some that are 0.
    """
    n_in = len(ready.made_of[0])
    matrix = np.pad(ready.matrix, ((0, 0), (0, n_in + 1 - ready.matrix.shape[1])))
    n = len(matrix)
    count = -(-n // most)
    larger = -(-n // count)
    full = n - count * (larger - 1)
    for units, first, many in ((larger, 0, full), (larger - 1, full * larger, count - full)):
        if many:
            part = np.roll(matrix[first : first + many * units], 1, axis=1)
            packed = part.reshape(many, units, -1).transpose(0, 2, 1)
            yield Blocks(units, first, many, np.ascontiguousarray(packed))


class Packed:
    """Remember the last question's blocks: from one view to the next mostly the first layer alone is another."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: dict[int, tuple[Ready, list[Blocks]]] = {}

    def of(self, matrices: list[Ready]) -> list[list[Blocks]]:
        """Pack each layer's matrix."""
        known: dict[int, tuple[Ready, list[Blocks]]] = {}
        for each in matrices:  # tied layers have the same
            if id(each) not in known:
                known[id(each)] = self._known.get(id(each)) or (each, list(blocks(each, self._most)))
        self._known = known
        return [known[id(each)][1] for each in matrices]


@dataclass(frozen=True)
class Program:
    """Hold a question's rows (steps, ROW) and the arrays that they point to.

    `scratch`: numbers of memory that they work in. `copies`: of the inputs that they are fed, values and tangents.
    `factors`: by what channels of the answer are to be multiplied afterwards, exact powers of two.
    """

    rows: npt.NDArray[np.int64]
    kept: Sequence[object]
    scratch: int
    copies: int
    factors: Sequence[tuple[npt.NDArray[np.int64], float]]


class Writer:
    """Write rows for a question; between two `buffer`s of so many numbers a copy its activations go to and fro."""

    def __init__(self, question: Question, buffer: int, copies: int, address: Addresses) -> None:
        self.question, self.network = question, question.network
        self.buffer, self.copies = buffer, copies
        self.n, self.h, self.z = question.network.widths[0], 0, copies * buffer
        self.real: Real = "double" if question.is_double else "float"
        self._dtype = np.float64 if question.is_double else np.float32
        self._rows: list[tuple[int, ...]] = []
        self._kept: list[object] = []
        self.factors: list[tuple[npt.NDArray[np.int64], float]] = []
        self._address, self._taps = address, places(question)

    def add(self, step: str, data: npt.NDArray[Any] | None = None, **numbers: int) -> None:
        """Write a row; the step works where the layer's pre-activations are, if it is not told otherwise."""
        where = 0
        if data is not None:
            self._kept.append(data := np.ascontiguousarray(data))
            where = data.__array_interface__["data"][0]
        get = numbers.get
        ends = get("source", 0), get("target", self.z), get("n_in", 0), get("n_out", self.n)
        self._rows.append((self._address(step), *ends, where, get("count", 0), get("unit", 0)))  # the order of ROW

    def add_all(self, steps: Sequence[tuple[str, Sequence[float] | Matrix]]) -> None:
        """Write rows of steps, with their numbers, that take the layer's pre-activations and their tangents."""
        for step, numbers in steps:
            self.add(step, np.array(numbers, self._dtype), source=self.buffer)

    def feed(self) -> None:
        """Begin with the inputs, and their tangents where there are copies for them."""
        for copy in range(self.copies):
            self.add("spread", target=self.h + copy * self.buffer, source=copy)

    def multiply(self, parts: Sequence[Blocks], units: int) -> None:
        """Multiply by a layer's weights; tangents have no biases."""
        for copy in range(self.copies):
            for part in parts:
                kind = "product" if copy == 0 else "linear"
                source, target = self.h + copy * self.buffer, self.z + copy * self.buffer
                where = {"source": source, "target": target, "n_in": self.n, "n_out": units}
                self.add(f"{kind} {part.units}", part.numbers, **where, count=part.count, unit=part.first)
        self.n = units

    def tap(self, layer: int, before: bool, factor: float = 1.0) -> None:
        """Hand out what is tapped there, of each copy to its part of the channels; tangents want to be multiplied."""
        if (layer, before) not in self._taps:
            return
        pairs, count = np.array(self._taps[layer, before], np.int64), self.question.channels // self.copies
        for copy in range(self.copies):
            self.hand_out(pairs + np.array((0, copy * count)), self.z + copy * self.buffer, self.n)
            if copy and factor != 1.0:
                self.factors.append((pairs[:, 1] + copy * count, factor))

    def hand_out(self, pairs: npt.NDArray[np.int64], source: int, units: int) -> None:
        """Copy units to channels of the answer."""
        channels = {"n_in": units, "n_out": self.question.channels, "count": len(pairs)}
        self.add("tap", pairs, source=source, **channels)

    def turn(self) -> None:
        """Go on from where the layer's activations are."""
        self.h, self.z = self.z, self.h

    def program(self, more: int = 0) -> Program:
        """Tell what has been written; steps work in `more` numbers beyond the buffers."""
        rows = np.array(self._rows, np.int64)
        return Program(rows, self._kept, 2 * self.copies * self.buffer + more, self.copies, self.factors)


def evaluation(writer: Writer, packed: list[list[Blocks]], matrices: list[Ready]) -> Program:
    """Write down how tapped values are computed."""
    writer.feed()
    for k, (parts, is_clamped) in enumerate(zip(packed, _clamps(writer.question, matrices), strict=True)):
        writer.multiply(parts, writer.network.widths[k + 1])
        if is_clamped:
            writer.add("clamp")
        writer.tap(k, before=True)
        _activate(writer, k)
        writer.tap(k, before=False)
        writer.turn()
    return writer.program()


def differentiation(writer: Writer, packed: list[list[Blocks]], matrices: list[Ready]) -> Program:
    """Write down how tapped values and their derivatives are computed."""
    writer.feed()
    plan = writer.question.perturbation
    for k, (parts, layer) in enumerate(zip(packed, tangent_layers(writer.question, matrices), strict=True)):
        writer.multiply(parts, len(layer.matrix))
        if layer.slope.outside:
            writer.add_all(silencing(plan.steps[k]) if plan else [("clamp_tangents", [])])
        if layer.hold < np.inf:
            writer.add_all([("hold", [layer.hold])])
        writer.tap(k, before=True, factor=layer.slope.early)
        plain = [(f"differentiate {writer.network.activations[k]}", [layer.slope.early])]
        writer.add_all(advancing(plan.steps[k], writer.real, layer.slope) if plan else plain)
        writer.tap(k, before=False)
        writer.turn()
    return writer.program()


def counting(writer: Writer, packed: list[list[Blocks]], matrices: list[Ready]) -> Program:
    """Write down how the words of a pattern are computed; sums stand beyond the buffers."""
    writer.feed()
    counted, clamps = counts(writer.question, matrices), _clamps(writer.question, matrices)
    totals, points = 2 * writer.buffer, writer.buffer // max(writer.network.widths)
    writer.add("forget", target=totals, n_out=WORDS)
    for k in range(max(counted, default=-1) + 1):
        writer.multiply(packed[k], writer.network.widths[k + 1])
        if k in counted:
            writer.add("count", _table(counted[k]), source=writer.z, target=totals, n_in=writer.n)
        if clamps[k]:
            writer.add("clamp")
        _activate(writer, k)
        writer.turn()
    writer.add("words", target=totals, n_out=WORDS)
    writer.hand_out(np.stack([np.arange(WORDS)] * 2, -1), totals, WORDS)
    return writer.program(WORDS * points)


PROGRAMS: dict[Answer, Callable[[Writer, list[list[Blocks]], list[Ready]], Program]] = {
    "values": evaluation,
    "derivatives": differentiation,
    "pattern": counting,
}


def _clamps(question: Question, matrices: list[Ready]) -> list[bool]:
    """Tell for each layer whether its pre-activations can reach their limit; differences have clamps of their own."""
    if question.perturbation:
        return [False] * len(matrices)
    return [layer.clamp for layer in layers(question, matrices, 1)]


def _activate(writer: Writer, layer: int) -> None:
    plan, name = writer.question.perturbation, writer.network.activations[layer]
    if plan:
        writer.add_all(advancing(plan.steps[layer], writer.real))
    elif name != "identity":
        writer.add(f"activate {name}")


def _table(count: Count) -> npt.NDArray[Any]:
    """Set each unit's threshold beside its words, as whole numbers of the same size."""
    threshold = np.broadcast_to(count.threshold[:, 0], len(count.words.T))
    whole = np.int32 if threshold.dtype == np.float32 else np.int64
    return np.column_stack([np.ascontiguousarray(threshold).view(whole), count.words.T.astype(whole)])
