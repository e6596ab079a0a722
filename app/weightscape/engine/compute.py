"""The engine for GPUs whose arithmetic fragment shaders cannot reach: compute shaders, OpenGL 4.3.

Narrow networks go through all layers in one dispatch, activations in shared memory (shaders/fused.comp), wide or
mixed ones a layer a dispatch, as tiled matrix products (shaders/layer.comp, output.comp). New weights, depths and
views are uploads; only a new shape compiles a program.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import moderngl
import numpy as np

from weightscape.engine.perturbed import answered, checked, variant
from weightscape.engine.question import Cancelled, Engine, EngineError, Field, Question, Values, work
from weightscape.engine.workgroup import (
    GPU,
    SOFTWARE,
    Tiles,
    Workgroup,
    fused_for,
    is_thin,
    layered_points,
    padded,
    padded_shapes,
    repeated,
    wide,
)
from weightscape.gpu.context import adapter
from weightscape.gpu.source import compute_program
from weightscape.gpu.step_store import UNIT as STEPS_UNIT
from weightscape.gpu.step_store import StepStore
from weightscape.gpu.storage import INPUTS, OUTPUTS, VALUES, FloatStore, RowStore, StorageError
from weightscape.model.network import Network, Tap, tapped

# Points of a fused dispatch: more would only make the buffer of outputs larger.
FUSED_POINTS = 1 << 20
# OpenGL 4.3 promises a dispatch so many workgroups.
MAX_GROUPS = 65_535
# Dispatches are waited for one by one until the GPU is known, then in groups of about so long: on a fast GPU a wait
# takes as long as a layer. Shaders may differ fivefold from the rate of the last group, and a window waits 50 ms.
SUBMISSION_S = 0.01
FIRST_RATE = 5e8


@dataclass(frozen=True)
class Dispatch:
    """Hold one step of an answer: a shader's file, shape and uniforms, its workgroups and its work.

    `source` and `target` name the buffers of activations that it reads and writes, if any.
    """

    shader: str
    defines: Mapping[str, str | int]
    uniforms: Mapping[str, int]
    groups: tuple[int, int]
    work: float
    source: str = ""
    target: str = ""


class ComputeEngine:
    """Compute fields in single precision with compute shaders, in a context that it is handed."""

    name = "compute"
    has_watchdog = True
    needs = 430

    def __init__(self, ctx: moderngl.Context, tiles: Tiles | None = None) -> None:
        if ctx.version_code < self.needs:
            raise EngineError(f"the compute engine needs OpenGL 4.3; this is {ctx.version_code / 100:.1f}")
        self.ctx = ctx
        self.busy_s = self.longest_s = 0.0
        chosen = tiles or (SOFTWARE if adapter(ctx).is_software else GPU)
        most = 2 * int(ctx.info["GL_MAX_SHADER_STORAGE_BLOCK_SIZE"])
        self.tiles = replace(chosen, activation_bytes=min(chosen.activation_bytes, most))
        self._weights = RowStore(ctx)
        self._steps = StepStore(ctx)
        self._floats = FloatStore(ctx)
        self._programs: dict[tuple[tuple[str, str | int], ...], moderngl.ComputeShader] = {}
        self._rate = FIRST_RATE
        self._pending, self._started = 0.0, 0.0

    def pick(self, question: Question) -> Engine:
        """Tell itself."""
        return self

    def smallest(self, network: Network) -> int:
        """Tell a few hundred points: a few workgroups, which any driver's fixed cost outweighs."""
        return 256

    def field(self, question: Question, cancelled: Callable[[], bool] = bool) -> Field:
        """Answer a question; `question.grid` is one tile, of at most a million points."""
        checked(question, self.name)
        self.busy_s = 0.0
        parts = [self._outputs(tap, question, cancelled) for tap in question.taps]
        return answered(question, parts[0] if len(parts) == 1 else np.concatenate(parts, axis=-1))

    def release(self) -> None:
        """Free programs, buffers and weights; the context stays its owner's."""
        for shader in self._programs.values():
            shader.release()
        self._programs.clear()
        self._floats.release()
        self._weights.release()
        self._steps.release()

    def _outputs(self, tap: Tap, question: Question, cancelled: Callable[[], bool]) -> Values:
        """Evaluate what is tapped, as many points at once as the buffers have room for."""
        network = tapped(question.network, tap)
        grid, channels = question.grid, network.widths[-1]
        narrow, shapes = fused_for(self.tiles, network), padded_shapes(self.tiles, network)
        if question.perturbation:
            self._steps.write(question.perturbation, tap, max(units for _, units in shapes) // 4)
        try:
            begin = self._weights.write(network, shapes).begin
        except StorageError as error:
            raise EngineError(f"the compute engine cannot take this network: {error}") from None
        values = np.empty((grid.points, channels), np.float32)
        step = min(FUSED_POINTS, MAX_GROUPS * narrow.points) if narrow else layered_points(self.tiles, network)
        for first in range(0, grid.points, step):
            part = values[first : first + step]
            dispatches = (
                [self._fused(network, question, narrow, len(part))]
                if narrow
                else self._layered(network, question, begin, len(part))
            )
            places = {"u_begin": first, "u_points": len(part), "u_channels": channels}
            self._run(dispatches, question, places, cancelled)
            self._floats.read("values", part)
        return values.reshape(grid.rows, grid.columns, channels)

    def _fused(self, network: Network, question: Question, group: Workgroup, points: int) -> Dispatch:
        defines = {
            **group.defines(),
            "INPUTS": network.widths[0],
            **variant(question, network.activations[0] if network.layers > 1 else "identity", network.activations[-1]),
        }
        groups = -(-points // group.points), 1
        return Dispatch("fused.comp", defines, {"u_layers": network.layers}, groups, points * work(network))

    def _layered(self, network: Network, question: Question, begin: Sequence[int], points: int) -> list[Dispatch]:
        """Plan layer after layer, each reading what the one before wrote."""
        shapes = padded_shapes(self.tiles, network)
        column = padded(points, self.tiles.wide_points)
        for name in ("even", "odd"):
            self._floats.buffer(name, column * max(units for _, units in shapes))
        last = network.layers - 1
        dispatches = []
        for k, (inputs, units) in enumerate(shapes):
            layer = self._output if k == last and is_thin(network) else self._layer
            uniforms = {
                "u_layer": begin[k], "u_inputs": inputs, "u_row": units // 4, "u_column": column // 4, "u_step": k,
            }  # fmt: skip
            dispatches.append(layer(network, variant(question, network.activations[k]), k, uniforms, points))
        return dispatches

    def _layer(
        self, network: Network, names: Mapping[str, str | int], k: int, uniforms: Mapping[str, int], points: int
    ) -> Dispatch:
        group = wide(self.tiles, network.widths[k + 1])
        last = k == network.layers - 1
        defines = {
            **group.defines(),
            "FIRST": int(k == 0),
            "LAST": int(last),
            "INPUTS": network.widths[0],
            **names,
        }
        groups = -(-points // group.points), -(-network.widths[k + 1] // group.units)
        source, target = ("odd", "even") if k % 2 == 0 else ("even", "odd")
        return Dispatch("layer.comp", defines, uniforms, groups, points * layer_work(network, k), source, target)

    def _output(
        self, network: Network, names: Mapping[str, str | int], k: int, uniforms: Mapping[str, int], points: int
    ) -> Dispatch:
        defines: dict[str, str | int] = {
            "THREADS": self.tiles.output_threads,
            "STEPS": self.tiles.output_steps,
            "EACH_STEP(DO)": repeated(self.tiles.output_steps),
            "INPUTS": network.widths[0],
            **names,
        }
        groups = -(-points // self.tiles.output_threads), 1
        source = "odd" if k % 2 == 0 else "even"
        return Dispatch("output.comp", defines, uniforms, groups, points * layer_work(network, k), source)

    def _run(
        self, dispatches: Sequence[Dispatch], question: Question, places: Mapping[str, int],
        cancelled: Callable[[], bool],
    ) -> None:  # fmt: skip
        """Run dispatches in order, and wait for them whenever SUBMISSION_S of work may have come together."""
        self._weights.bind()
        self._steps.bind()
        self._floats.buffer("values", places["u_points"] * places["u_channels"]).bind_to_storage_buffer(VALUES)
        for dispatch in dispatches:
            if cancelled():
                self._wait()
                raise Cancelled
            shader = self._ready(dispatch, question, places)
            if self._pending and self._pending + dispatch.work > SUBMISSION_S * self._rate:
                self._wait()
            if not self._pending:
                self._started = time.perf_counter()
            shader.run(*dispatch.groups)
            self.ctx.memory_barrier()
            self._pending += dispatch.work
        self._wait()

    def _wait(self) -> None:
        """Wait for what is under way and learn the GPU's rate from it: up by at most a factor of four, down at once."""
        if self._pending:
            self.ctx.finish()
            seconds = time.perf_counter() - self._started
            self.busy_s += seconds
            self.longest_s = max(self.longest_s, seconds)
            self._rate = min(self._pending / seconds, 4.0 * self._rate)
            self._pending = 0.0

    def _ready(self, dispatch: Dispatch, question: Question, places: Mapping[str, int]) -> moderngl.ComputeShader:
        """Find or make a dispatch's program, and give it its uniforms and buffers."""
        for binding, name in ((INPUTS, dispatch.source), (OUTPUTS, dispatch.target)):
            if name:
                self._floats.buffer(name, 1).bind_to_storage_buffer(binding)
        key = (("", dispatch.shader), *dispatch.defines.items())
        known = self._programs.get(key)
        shader = self._programs[key] = known or compute_program(self.ctx, dispatch.shader, dispatch.defines)
        self._set(shader, question, {**dispatch.uniforms, **places})
        if not known:
            # Drivers finish compiling at the first run; a workgroup tells them to, and the clock does not count it.
            self._wait()
            shader.run(1, 1, 1)
            self.ctx.finish()
        return shader

    def _set(self, shader: moderngl.ComputeShader, question: Question, places: Mapping[str, int]) -> None:
        grid, radial = question.grid, question.radial
        values: dict[str, object] = {
            "u_first": (grid.x, grid.y), "u_stride": grid.stride, "u_columns": grid.columns,
            "u_steps": STEPS_UNIT, **places,
        }  # fmt: skip
        if radial:
            values["u_radial"] = (*radial.origin, radial.length)
        for name, value in values.items():
            # A driver drops what a variant of the shader does not use.
            if name in shader:
                shader[name] = value


def layer_work(network: Network, k: int) -> float:
    """Count the floating-point operations of one point in one layer, as question.work does."""
    return 2.0 * network.weights[k].size + 10.0 * network.biases[k].size


_: type[Engine] = ComputeEngine
