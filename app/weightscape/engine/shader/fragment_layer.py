"""How the fragment engine goes layer after layer: once, whatever is tapped on the way (shaders/layer.frag)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import moderngl
import numpy as np

from weightscape.engine.question import Question, Values
from weightscape.engine.shader.fragment_draw import MAX_SIDE, MOST_PIXELS, Drawing, read, repetitions
from weightscape.engine.shader.shader_answer import Stop, handed_out, lanes, stops, variant
from weightscape.engine.shader.weight_store import Packed, vec4s
from weightscape.network.network import Network
from weightscape.network.pattern import WORDS, counted

# Textures of the layer before are at the units from 1 on.
FIRST_UNIT = 1


@dataclass(frozen=True)
class Pass:
    """Hold what all passes over a tile have in common: `pixels` targets, `columns` texels across."""

    network: Network
    question: Question
    packed: Packed
    pixels: int
    columns: int
    cancelled: Callable[[], bool]


class LayeredDrawing(Drawing):
    """Draw layers one at a time, four units a texel, one pass a layer."""

    def _layered(self, network: Network, question: Question, cancelled: Callable[[], bool]) -> Values:
        """Go layer after layer, over as many rows of the tile at once as the targets have room for.

        `network` is the question's, cut behind the deepest tap -> (rows, columns, channels).
        """
        question, grid = replace(question, network=network), question.grid
        step = max(1, MAX_SIDE * _points(question) // grid.columns)
        bands = [grid.tile(0, top, grid.columns, min(step, grid.rows - top)) for top in range(0, grid.rows, step)]
        parts = [self._band(replace(question, grid=band), cancelled) for band in bands]
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def _band(self, question: Question, cancelled: Callable[[], bool]) -> Values:
        grid, network = question.grid, question.network
        columns = -(-grid.points // _points(question))
        now = Pass(network, question, self._weights.write(network), _pixels(question), columns, cancelled)
        found = self._counted(now) if question.answer == "pattern" else handed_out(question, self._tapped(now))
        return found[: grid.points].reshape(grid.rows, grid.columns, -1)

    def _tapped(self, now: Pass) -> dict[Stop, Values]:
        """Walk through the layers and read what is tapped on the way: (points, lanes, units) each."""
        wanted = {(stop.layer, stop.before): stop for stop in stops(now.question)}
        rows = max(vec4s(width) for width in now.network.widths[1:])
        source, target = (self._target(name, MOST_PIXELS, now.columns, rows) for name in ("even", "odd"))
        found = {}
        for k in range(now.network.layers):
            before, after = wanted.get((k, True)), wanted.get((k, False))
            if before:
                self._pass(now, k, source, target, is_before=True)
                found[before] = _read(target, before, now)
            if after or k < now.network.layers - 1:
                self._pass(now, k, source, target)
                source, target = target, source
            if after:
                found[after] = _read(source, after, now)
        return found

    def _counted(self, now: Pass) -> Values:
        """Walk through the layers and sum up the words of the units that are on: (points, words)."""
        rows = max(vec4s(width) for width in now.network.widths[1:])
        source, target = (self._target(name, MOST_PIXELS, now.columns, rows) for name in ("even", "odd"))
        total = np.zeros((now.columns, now.pixels, WORDS), np.float64)
        for k in range(now.network.layers):
            self._pass(now, k, source, target)
            if k in counted(now.network):
                total += self._summed(now, target, vec4s(now.network.widths[k + 1]))
            source, target = target, source
        return total.reshape(-1, WORDS)

    def _summed(self, now: Pass, target: moderngl.Framebuffer, rows: int) -> Values:
        """Sum up the words that a pass has left behind its activations."""
        defines: dict[str, str | int] = {"PIXELS": now.pixels, **repetitions(now.pixels, 1)}
        shader, triangle = self._program("sum.frag", defines)
        sums = self._target("sums", now.pixels, now.columns, 1)
        self._set(shader, now.question, {"u_vectors": rows})
        self._feed(shader, target, now.pixels, now.pixels)
        self._submit(sums, triangle, now.columns, 1, now.cancelled)
        return np.stack([read(sums, p, now.columns, 1)[0] for p in range(now.pixels)], axis=1)

    def _pass(
        self, now: Pass, k: int, source: moderngl.Framebuffer, target: moderngl.Framebuffer, is_before: bool = False
    ) -> None:
        """Draw layer k's activations, or with `is_before` what goes into them, from those of the layer before."""
        network = now.network
        shader, triangle = self._program("layer.frag", self._defines(now, k, is_before))
        self._set(
            shader,
            now.question,
            {
                "u_layer": now.packed.begin[k],
                "u_vectors": vec4s(network.widths[k]),
                "u_columns": now.question.grid.columns,
                "u_number": k,
                # Below the last layer's row of steps is one that lets differences pass.
                "u_step": network.layers if is_before else k,
            },
        )
        if k:
            self._feed(shader, source, now.pixels)
        self._bind()
        self._submit(target, triangle, now.columns, vec4s(network.widths[k + 1]), now.cancelled)

    def _defines(self, now: Pass, k: int, is_before: bool) -> dict[str, str | int]:
        question, activation = now.question, now.network.activations[k]
        if is_before and not question.perturbation:
            activation = "identity"
        if question.answer == "pattern" and k not in counted(now.network):
            question = replace(question, answer="values")
        return {
            "PIXELS": now.pixels,
            "FIRST": int(k == 0),
            "INPUTS": now.network.widths[0],
            **variant(question, activation),
            **repetitions(now.pixels, 1, lanes(question)),
            **self._weights.defines(now.packed),
        }

    def _feed(self, shader: moderngl.Program, source: moderngl.Framebuffer, count: int, first: int = 0) -> None:
        """Put `count` of a target's textures where a shader looks for the layer before."""
        units = range(FIRST_UNIT, FIRST_UNIT + count)
        shader["u_activations"] = list(units)
        attachments: Any = source.color_attachments
        for unit, texture in zip(units, attachments[first : first + count], strict=True):
            texture.use(unit)


def _pixels(question: Question) -> int:
    """Tell how many targets a pass draws activations into: a pattern's words take as many again."""
    if question.answer == "pattern":
        return MOST_PIXELS // 2
    return MOST_PIXELS // lanes(question) * lanes(question)


def _points(question: Question) -> int:
    """Tell how many points stand in one column of the targets."""
    return _pixels(question) // lanes(question)


def _read(target: moderngl.Framebuffer, stop: Stop, now: Pass) -> Values:
    """Read a stop's units: (points, lanes, units)."""
    first = stop.first // 4
    groups = vec4s(stop.first + stop.units) - first
    data = np.empty((now.columns, now.pixels, groups, 4), np.float32)
    for p in range(now.pixels):
        data[:, p] = read(target, p, now.columns, groups, first).transpose(1, 0, 2)
    skipped = stop.first - 4 * first
    return data.reshape(-1, lanes(now.question), 4 * groups)[..., skipped : skipped + stop.units]
