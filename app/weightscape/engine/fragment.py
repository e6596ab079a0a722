"""The engine that runs everywhere there is OpenGL 3.3: fragment shaders that draw into float textures.

Narrow networks go through all layers in one invocation (shaders/fused.frag), wide or mixed ones a layer a pass
(shaders/layer.frag). New weights, depths and views are uploads; only a new shape compiles a program.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

import moderngl
import numpy as np

from weightscape.engine.perturbed import answered, checked, variant
from weightscape.engine.question import Cancelled, Engine, EngineError, Field, Question, Values
from weightscape.gpu.context import adapter
from weightscape.gpu.source import program
from weightscape.gpu.step_store import UNIT as STEPS_UNIT
from weightscape.gpu.step_store import StepStore
from weightscape.gpu.target import free, made
from weightscape.gpu.weight_store import Packed, WeightStore, vec4s
from weightscape.model.network import Network, tapped

# Registers: about 8 * VECTORS * PIXELS + 4 * PIXELS floats an invocation; GPUs have 128 to 256, software any number.
WIDEST_FUSED = 16
FLOATS_A_GPU_INVOCATION = 160
MOST_PIXELS = 8
# A tile's targets: eight textures of at most this many texels a side.
MAX_SIDE = 4096


class FragmentEngine:
    """Compute fields in single precision with fragment shaders, in a context that it is handed."""

    name = "fragment"
    has_watchdog = True

    def __init__(self, ctx: moderngl.Context) -> None:
        self.ctx = ctx
        self.busy_s = self.longest_s = 0.0
        self.is_software = adapter(ctx).is_software
        self._weights = WeightStore(ctx)
        self._steps = StepStore(ctx)
        self._programs: dict[tuple[tuple[str, str | int], ...], tuple[moderngl.Program, moderngl.VertexArray]] = {}
        self._targets: dict[tuple[str, int], moderngl.Framebuffer] = {}
        self._warm: set[moderngl.VertexArray] = set()

    def pick(self, question: Question) -> Engine:
        """Tell itself."""
        return self

    def smallest(self, network: Network) -> int:
        """Tell a few hundred points: any driver's fixed cost outweighs those."""
        return 256

    def field(self, question: Question, cancelled: Callable[[], bool] = bool) -> Field:
        """Answer a question; `question.grid` is one tile, of at most a million points."""
        checked(question, self.name)
        self.busy_s = 0.0
        parts = []
        for tap in question.taps:
            network = tapped(question.network, tap)
            if question.perturbation:
                self._steps.write(question.perturbation, tap)
            draw = self._fused if is_narrow(network) else self._layered
            parts.append(draw(network, question, cancelled))
        return answered(question, parts[0] if len(parts) == 1 else np.concatenate(parts, axis=-1))

    def release(self) -> None:
        """Free programs, targets and weights; the context stays its owner's."""
        for shader, triangle in self._programs.values():
            triangle.release()
            shader.release()
        for framebuffer in self._targets.values():
            free(self.ctx, framebuffer)
        self._programs.clear()
        self._warm.clear()
        self._targets.clear()
        self._weights.release()
        self._steps.release()

    def _fused(self, network: Network, question: Question, cancelled: Callable[[], bool]) -> Values:
        vectors = max((vec4s(width) for width in network.widths[1:-1]), default=1)
        pixels = _pixels(vectors, self.is_software)
        grid = question.grid
        columns = -(-grid.columns // pixels)
        defines: dict[str, str | int] = {
            "VECTORS": vectors,
            "PIXELS": pixels,
            "INPUTS": network.widths[0],
            **variant(question, network.activations[0] if network.layers > 1 else "identity", network.activations[-1]),
            **_repetitions(pixels, vectors),
        }
        target = self._target("fused", pixels, columns, grid.rows)
        packed = self._weights.write(network)
        shader, triangle = self._program("fused.frag", {**defines, **self._weights.defines(packed)})
        begin = packed.begin
        stride = begin[2] - begin[1] if network.layers > 3 else 0
        self._set(shader, question, {
            "u_layers": network.layers, "u_hidden": begin[1] if network.layers > 2 else 0,
            "u_hidden_stride": stride, "u_output": begin[-1],
        })  # fmt: skip
        self._bind()
        self._submit(target, triangle, columns, grid.rows, cancelled)
        data = np.empty((grid.rows, columns, pixels, network.widths[-1]), np.float32)
        for k in range(pixels):
            data[:, :, k] = _read(target, k, columns, grid.rows)[:, :, : network.widths[-1]]
        return data.reshape(grid.rows, columns * pixels, -1)[:, : grid.columns]

    def _layered(self, network: Network, question: Question, cancelled: Callable[[], bool]) -> Values:
        """Go layer after layer, over as many rows of the tile at once as the targets have room for."""
        grid = question.grid
        step = max(1, MAX_SIDE * MOST_PIXELS // grid.columns)
        bands = [grid.tile(0, top, grid.columns, min(step, grid.rows - top)) for top in range(0, grid.rows, step)]
        parts = [self._layered_band(network, replace(question, grid=band), cancelled) for band in bands]
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def _layered_band(self, network: Network, question: Question, cancelled: Callable[[], bool]) -> Values:
        grid, pixels = question.grid, MOST_PIXELS
        columns = -(-grid.points // pixels)
        packed = self._weights.write(network)
        rows = max(vec4s(width) for width in network.widths[1:])
        source, target = (self._target(name, pixels, columns, rows) for name in ("even", "odd"))
        for k in range(network.layers):
            self._layer_pass(network, packed, k, question, source, target, columns, cancelled)
            source, target = target, source
        groups = vec4s(network.widths[-1])
        data = np.empty((columns, pixels, groups, 4), np.float32)
        for p in range(pixels):
            data[:, p] = _read(source, p, columns, groups).transpose(1, 0, 2)
        return data.reshape(columns * pixels, -1)[: grid.points, : network.widths[-1]].reshape(
            grid.rows, grid.columns, -1
        )

    def _layer_pass(
        self, network: Network, packed: Packed, k: int, question: Question, source: moderngl.Framebuffer,
        target: moderngl.Framebuffer, columns: int, cancelled: Callable[[], bool],
    ) -> None:  # fmt: skip
        defines: dict[str, str | int] = {
            "PIXELS": MOST_PIXELS,
            "FIRST": int(k == 0),
            "INPUTS": network.widths[0],
            **variant(question, network.activations[k]),
            **_repetitions(MOST_PIXELS, 1),
        }
        shader, triangle = self._program("layer.frag", {**defines, **self._weights.defines(packed)})
        self._set(shader, question, {
            "u_layer": packed.begin[k], "u_vectors": vec4s(network.widths[k]), "u_columns": question.grid.columns,
            "u_step": k,
        })  # fmt: skip
        if k:
            units = range(1, 1 + MOST_PIXELS)
            shader["u_activations"] = list(units)
            attachments: Any = source.color_attachments
            for unit, texture in zip(units, attachments, strict=True):
                texture.use(unit)
        self._bind()
        self._submit(target, triangle, columns, vec4s(network.widths[k + 1]), cancelled)

    def _bind(self) -> None:
        self._weights.bind()
        self._steps.bind()

    def _program(
        self, fragment: str, defines: Mapping[str, str | int]
    ) -> tuple[moderngl.Program, moderngl.VertexArray]:
        key = (("", fragment), *defines.items())
        if key not in self._programs:
            shader = program(self.ctx, "screen.vert", fragment, defines)
            self._programs[key] = shader, self.ctx.vertex_array(shader, [])
        return self._programs[key]

    def _set(self, shader: moderngl.Program, question: Question, places: Mapping[str, int]) -> None:
        grid, radial = question.grid, question.radial
        values: dict[str, object] = {
            "u_first": (grid.x, grid.y), "u_stride": grid.stride, "u_steps": STEPS_UNIT, **places,
        }  # fmt: skip
        if radial:
            values["u_radial"] = (*radial.origin, radial.length)
        for name, value in values.items():
            # A driver drops what a variant of the shader does not use.
            if name in shader:
                shader[name] = value

    def _target(self, name: str, count: int, columns: int, rows: int) -> moderngl.Framebuffer:
        """Find or make the textures to draw into; they grow in powers of two, so that few are ever made."""
        if max(columns, rows) > MAX_SIDE:
            raise EngineError(f"a tile of {columns} x {rows} texels is larger than {MAX_SIDE}")
        old = self._targets.get((name, count))
        if old and old.width >= columns and old.height >= rows:
            return old
        width, height = (old.width, old.height) if old else (1, 1)
        size = _power_of_two(max(columns, width)), _power_of_two(max(rows, height))
        if old:
            free(self.ctx, old)
        self._targets[name, count] = made(self.ctx, size, count)
        return self._targets[name, count]

    def _submit(
        self, target: moderngl.Framebuffer, triangle: moderngl.VertexArray, columns: int, rows: int,
        cancelled: Callable[[], bool],
    ) -> None:  # fmt: skip
        """Draw, wait and time it: nothing else is queued meanwhile, so a slow driver is seen at once."""
        if cancelled():
            raise Cancelled
        target.use()
        self.ctx.disable(moderngl.BLEND | moderngl.DEPTH_TEST | moderngl.CULL_FACE)
        if triangle not in self._warm:
            # Drivers finish compiling at the first draw; a pixel tells them to, and the clock does not count it.
            self._warm.add(triangle)
            self._draw(target, triangle, 1, 1)
        start = time.perf_counter()
        self._draw(target, triangle, columns, rows)
        spent = time.perf_counter() - start
        self.busy_s += spent
        self.longest_s = max(self.longest_s, spent)

    def _draw(self, target: moderngl.Framebuffer, triangle: moderngl.VertexArray, columns: int, rows: int) -> None:
        target.viewport = (0, 0, columns, rows)
        triangle.render(moderngl.TRIANGLES, vertices=3)
        self.ctx.finish()


def is_narrow(network: Network) -> bool:
    """Tell whether all layers fit one invocation: equal, narrow hidden layers, one activation, up to four outputs."""
    hidden = {vec4s(width) for width in network.widths[1:-1]}
    alike = len(hidden) <= 1 and len(set(network.activations[:-1])) <= 1
    return alike and max(hidden, default=1) <= WIDEST_FUSED and network.widths[-1] <= 4 and _steps(network) <= 1


def _steps(network: Network) -> int:
    """Count the different distances from one stored hidden matrix to the next: the shader's loop knows only one."""
    seen: dict[tuple[int, int], int] = {}
    hidden = zip(network.weights[1:-1], network.biases[1:-1], strict=True)
    numbers = [seen.setdefault((id(W), id(b)), len(seen)) for W, b in hidden]
    return len({b - a for a, b in pairwise(numbers)})


def _pixels(vectors: int, is_software: bool) -> int:
    """Choose how many pixels an invocation takes: limited by registers on a GPU, by compile time in software."""
    if is_software:
        return MOST_PIXELS if vectors <= 8 else 4
    pixels = FLOATS_A_GPU_INVOCATION // (8 * vectors + 4)
    return next(p for p in (8, 4, 2, 1) if p <= max(pixels, 1))


def _repetitions(pixels: int, vectors: int) -> dict[str, str]:
    """Spell out the loops that must be unrolled, as macros."""
    every_k, every_v = range(pixels), range(vectors)
    return {
        "EACH_PIXEL(DO)": " ".join(f"DO({k})" for k in every_k),
        "EACH_PIXEL_WITH(DO, v)": " ".join(f"DO({k}, v)" for k in every_k),
        "EACH_VECTOR(DO)": " ".join(f"DO({v})" for v in every_v),
        "EACH_PAIR(DO)": " ".join(f"DO({k}, {v})" for k in every_k for v in every_v),
        "EACH_LINK(DO)": " ".join(f"DO({k}, {v})" for k in every_k for v in every_v[:-1]),
    }


def _power_of_two(number: int) -> int:
    return 1 << (number - 1).bit_length()


def _read(target: moderngl.Framebuffer, attachment: int, columns: int, rows: int) -> Values:
    """Read one target back: float32 (rows, columns, 4), in the order of the framebuffer's rows."""
    raw = target.read(viewport=(0, 0, columns, rows), components=4, attachment=attachment, dtype="f4", alignment=1)
    return np.frombuffer(raw, np.float32).reshape(rows, columns, 4)


_: type[Engine] = FragmentEngine
