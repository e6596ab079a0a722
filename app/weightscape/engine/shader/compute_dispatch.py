"""What the compute engine runs for a question: which shaders, with which shape, in which order.

All layers at once (shaders/fused.comp), a layer a dispatch up to the outputs (layer.comp, output.comp), or a layer a
dispatch with copies of what is tapped on the way.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from weightscape.engine.question import Question, Values, work
from weightscape.engine.shader.shader_answer import Stop, lanes, stops, variant
from weightscape.engine.shader.workgroup import (
    Tiles,
    Workgroup,
    doubled,
    fused_for,
    is_thin,
    layered_points,
    low,
    padded,
    repeated,
    sheeted,
    wide,
)
from weightscape.network.network import Network
from weightscape.network.pattern import WORDS, counted

# OpenGL 4.3 promises a dispatch so many workgroups.
MAX_GROUPS = 65_535
# Ways to an answer: all layers in one dispatch, a layer a dispatch to the outputs, or to all that is tapped or counted.
FUSED, LAYERED, WALK = "fused", "layered", "walk"

Defines = Mapping[str, str | int]
Shapes = list[tuple[int, int]]


@dataclass(frozen=True)
class Keep:
    """Name units of a layer that are copied, once it is there, to row `at` of what is handed out."""

    first: int
    units: int
    at: int


@dataclass(frozen=True)
class Dispatch:
    """Hold one step of an answer: a shader's file, shape and uniforms, its workgroups and its work.

    `source` and `target` name the buffers of activations that it reads and writes, if any.
    """

    shader: str
    defines: Defines
    uniforms: Mapping[str, int]
    groups: tuple[int, int]
    work: float
    source: str = ""
    target: str = ""
    keep: Keep | None = None


@dataclass(frozen=True)
class Dispatches:
    """Hold how a question, cut behind the deepest tap, is answered: in which `way`.

    Layers begin at `begin` of the weights and are padded to `shapes`. `is_lent`: the answer stays on the GPU.
    """

    tiles: Tiles
    question: Question
    begin: Sequence[int]
    shapes: Shapes
    way: str
    is_lent: bool = False

    @property
    def network(self) -> Network:
        """Tell the network."""
        return self.question.network

    @property
    def is_pattern(self) -> bool:
        """Tell whether it is sums of words that come out."""
        return self.question.answer == "pattern"

    @property
    def kept(self) -> int:
        """Count the units that are copied on the way."""
        return 0 if self.is_pattern or self.way != WALK else sum(stop.units for stop in stops(self.question))

    @property
    def outputs(self) -> int:
        """Count the numbers of a point that shaders write as they are handed out."""
        return WORDS if self.is_pattern else 0 if self.kept else self.question.channels

    @property
    def widest(self) -> int:
        """Count the units that a buffer of activations needs room for."""
        return max(units for _, units in self.shapes)

    def room(self, most: int) -> int:
        """Count the points that go at once, where all layers do at `most` so many: activations need memory."""
        group = fused_for(self.tiles, self.network) if self.way == FUSED else None
        if group:
            return min(most, MAX_GROUPS * group.points // lanes(self.question))
        return layered_points(self.tiles, self.shapes, self.kept) // lanes(self.question)

    def listed(self, points: int) -> list[Dispatch]:
        """List all that is to be run for so many points, in order."""
        group = fused_for(self.tiles, self.network)
        if self.way == FUSED and group:
            listed = [self.fused(group, points)]
        else:
            listed = self.walk(points) if self.way == WALK else self.layered(points)
        return [*listed, self.words(points)] if self.is_pattern and self.is_lent else listed

    def column(self, points: int) -> int:
        """Count the numbers of a unit's row for so many points: whole tiles, with every sheet of them."""
        each = lanes(self.question)
        return padded(points, self.tiles.wide_points // each) * each

    def fused(self, group: Workgroup, points: int) -> Dispatch:
        """Go through all layers at once."""
        network, each = self.network, lanes(self.question)
        first = network.activations[0] if network.layers > 1 else "identity"
        defines = {
            **group.defines(),
            "INPUTS": network.widths[0],
            **variant(self.question, first, network.activations[-1]),
        }
        groups = -(-points // (group.points // each)), 1
        return Dispatch("fused.comp", defines, {"u_layers": network.layers}, groups, each * points * work(network))

    def layered(self, points: int) -> list[Dispatch]:
        """Go layer after layer, each reading what the one before wrote, up to the outputs."""
        last = self.network.layers - 1
        above = [self.layer(k, points) for k in range(last)]
        return [*above, self.output(last, points) if is_thin(self.network) else self.layer(last, points, is_last=True)]

    def walk(self, points: int) -> list[Dispatch]:
        """Go layer after layer, and keep what is tapped on the way."""
        wanted = {} if self.is_pattern else {(stop.layer, stop.before): keep for stop, keep in keeps(self.question)}
        listed = []
        for k in range(self.network.layers):
            before, after = wanted.get((k, True)), wanted.get((k, False))
            if before:
                early = self.layer(k, points, is_before=True)
                listed.append(replace(early, target="before", keep=before))
            if after or self.is_pattern or k < self.network.layers - 1:
                listed.append(replace(self.layer(k, points), keep=after))
        return listed

    def layer(self, k: int, points: int, is_last: bool = False, is_before: bool = False) -> Dispatch:
        """Multiply and activate, or with `is_before` only multiply, in tiles."""
        network, width = self.network, self.network.widths[k + 1]
        group = wide(self.tiles, width)
        defines = {
            **group.defines(),
            "FIRST": int(k == 0),
            "LAST": int(is_last),
            "INPUTS": network.widths[0],
            **self._names(k, is_before),
        }
        each = lanes(self.question)
        groups = -(-points // (group.points // each)), -(-width // group.units)
        source, target = ("odd", "even") if k % 2 == 0 else ("even", "odd")
        # Below the last layer's row of steps is one that lets differences pass.
        uniforms = self._uniforms(k, points) | ({"u_step": network.layers} if is_before else {})
        return Dispatch("layer.comp", defines, uniforms, groups, each * points * layer_work(network, k), source, target)

    def output(self, k: int, points: int) -> Dispatch:
        """Make up to four outputs, a point an invocation."""
        defines: dict[str, str | int] = {
            "THREADS": self.tiles.output_threads,
            "STEPS": self.tiles.output_steps,
            "EACH_STEP(DO)": repeated(self.tiles.output_steps),
            "INPUTS": self.network.widths[0],
            **self._names(k, False),
        }
        groups, source = (-(-points // self.tiles.output_threads), 1), "odd" if k % 2 == 0 else "even"
        amount = points * layer_work(self.network, k)
        return Dispatch("output.comp", defines, self._uniforms(k, points), groups, amount, source)

    def words(self, points: int) -> Dispatch:
        """Make words of a pattern's sums, where those stand."""
        threads = self.tiles.output_threads
        return Dispatch("words.comp", {"THREADS": threads}, {}, (-(-points // threads), 1), float(WORDS * points))

    def _names(self, k: int, is_before: bool) -> Defines:
        question, activation = self.question, self.network.activations[k]
        if is_before and not question.perturbation:
            activation = "identity"
        if question.answer == "pattern" and k not in counted(self.network):
            question = replace(question, answer="values")
        return variant(question, activation)

    def _uniforms(self, k: int, points: int) -> dict[str, int]:
        inputs, units = self.shapes[k]
        return {
            "u_layer": self.begin[k],
            "u_inputs": inputs,
            "u_row": units // 4,
            "u_column": self.column(points) // 4,
            "u_step": k,
            "u_number": k,
        }


def tiles_for(tiles: Tiles, question: Question) -> Tiles:
    """Lay out what a question keeps in registers beside its sums."""
    tiles = doubled(tiles) if question.is_double else tiles
    tiles = sheeted(tiles) if lanes(question) > 1 else tiles
    return low(tiles) if question.perturbation or question.answer != "values" else tiles


def keeps(question: Question) -> list[tuple[Stop, Keep]]:
    """Tell where what each stop hands out is kept, row after row."""
    found, at = [], 0
    for stop in stops(question):
        found.append((stop, Keep(stop.first, stop.units, at)))
        at += stop.units
    return found


def unpacked(dispatches: Dispatches, rows: Values, points: int) -> dict[Stop, Values]:
    """Sort what a walk has kept, (rows, column), by stop: (points, lanes, units) each."""
    each = lanes(dispatches.question)
    length = len(rows[0]) if each == 1 else dispatches.tiles.wide_points // each
    sheets = np.moveaxis(rows.reshape(len(rows), -1, each, length), (2, 0), (-2, -1))
    by_point = sheets.reshape(-1, each, len(rows))[:points]
    return {stop: by_point[..., keep.at : keep.at + keep.units] for stop, keep in keeps(dispatches.question)}


def layer_work(network: Network, k: int) -> float:
    """Count the floating-point operations of one point in one layer, as question.work does."""
    return 2.0 * network.weights[k].size + 10.0 * network.biases[k].size
