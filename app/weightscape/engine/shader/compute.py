"""The engine for GPUs whose arithmetic fragment shaders cannot reach: compute shaders, OpenGL 4.3, floats or doubles.

Narrow networks go through all layers in one dispatch, activations in shared memory (shaders/fused.comp), wide or
mixed ones a layer a dispatch, as tiled matrix products (shaders/layer.comp, output.comp). New weights, depths and
views are uploads; only a new shape compiles a program.
"""

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any, TypeVar

import moderngl
import numpy as np

from weightscape.deep.accuracy import METHODS, Method
from weightscape.draw.relief import Ground, Sight
from weightscape.engine.question import TEXEL, Cancelled, Engine, EngineError, Field, Held, Question, Values
from weightscape.engine.shader.compute_dispatch import (
    FUSED,
    LAYERED,
    WALK,
    Dispatch,
    Dispatches,
    Shapes,
    layer_work,
    tiles_for,
    unpacked,
)
from weightscape.engine.shader.landscape import seen_by_shaders
from weightscape.engine.shader.lending import can_stay, is_walk, lent
from weightscape.engine.shader.shader_answer import by_shaders, cut, factors, handed_out, set_uniforms
from weightscape.engine.shader.step_store import UNIT as STEPS_UNIT
from weightscape.engine.shader.step_store import StepStore
from weightscape.engine.shader.storage import INPUTS, OUTPUTS, VALUES, NumberStore, RowStore, StorageError
from weightscape.engine.shader.workgroup import (
    GPU,
    SOFTWARE,
    Tiles,
    afforded,
    fused_for,
    padded,
    padded_shapes,
    walk_shapes,
)
from weightscape.engine.softmax import without_softmax
from weightscape.engine.tile import LARGEST_GPU_TILE, LARGEST_TILE
from weightscape.gpu.context import adapter, free_programs
from weightscape.gpu.landscape import Mesh
from weightscape.gpu.memory import OutOfMemoryError, free_bytes, shared_bytes
from weightscape.gpu.program import Programs, key_of
from weightscape.gpu.shelf import Shelf, folded
from weightscape.gpu.source import compute_program
from weightscape.gpu.timer import Timer
from weightscape.network.interrupt import never
from weightscape.network.network import Network
from weightscape.network.view import Size

Answer = TypeVar("Answer")
# Points of a fused dispatch: those of the largest tile.
FUSED_POINTS = 1 << 21
# Dispatches are waited for one by one, or in parts, until the GPU is known, then in groups of about so long: on a fast
# GPU a wait takes as long as a layer. Shaders may differ fivefold from the rate of the last group, and a window waits
# 50 ms.
SUBMISSION_S = 0.01
FIRST_RATE = 5e8
# The smallest tile: so many points, or what one layer is thought to take so long for.
FEW_POINTS, LAYER_S = 256, 0.03


class ComputeEngine:
    """Compute fields with compute shaders, in a context that it is handed."""

    name = "compute"
    # Doubles are in the core of OpenGL since 4.0.
    methods: Collection[Method] = METHODS
    has_watchdog = True
    needs = 430

    def __init__(
        self,
        ctx: moderngl.Context,
        tiles: Tiles | None = None,
        clock: Callable[[], float] = time.perf_counter,
        shelf: Shelf | None = None,
    ) -> None:
        if ctx.version_code < self.needs:
            raise EngineError(f"the compute engine needs OpenGL 4.3; this is {ctx.version_code / 100:.1f}")
        self.ctx, self._clock, self._shelf = ctx, clock, shelf
        self.busy_s = self.longest_s = 0.0
        self._most_bytes = int(ctx.info["GL_MAX_SHADER_STORAGE_BLOCK_SIZE"])  # of one buffer
        is_software, self.arithmetic = adapter(ctx).is_software, adapter(ctx).driver
        self._timer = Timer(ctx, not is_software)
        chosen = tiles or (SOFTWARE if is_software else afforded(GPU, shared_bytes(ctx), free_bytes(ctx)))
        self.tiles = replace(chosen, activation_bytes=min(chosen.activation_bytes, 2 * self._most_bytes))
        self.largest = LARGEST_TILE if is_software else LARGEST_GPU_TILE
        self._share = 1  # one part in so many, of the points that should have room, has it
        self._weights = {each: RowStore(ctx, each) for each in (np.dtype(np.float32), np.dtype(np.float64))}
        self._steps = StepStore(ctx)
        self._mesh = Mesh(ctx)
        self._numbers = NumberStore(ctx)
        self._programs: Programs[moderngl.ComputeShader] = Programs(lambda each: free_programs(ctx, [each]))
        # Doubles are another machine: half as fast on some GPUs, a 64th on others.
        self._rates = dict.fromkeys(self._weights, FIRST_RATE)
        self._dtype: np.dtype[Any] = np.dtype(np.float32)  # of the question under way
        self._pending, self._started = 0.0, 0.0

    @property
    def gpu_s(self) -> float | None:
        """Tell how long the last answer took by the GPU's own clock."""
        return self._timer.seconds

    def pick(self, question: Question) -> Engine:
        """Tell itself."""
        return self

    def smallest(self, network: Network) -> int:
        """Tell a few hundred points: any driver's fixed cost outweighs those; fewer where a layer of them takes long.

        A dispatch is a layer at the least: of 512 units at 256 points a software driver would have one for 0.2 s.
        """
        heaviest = max(layer_work(network, k) for k in range(network.layers))
        tile = self.tiles.wide_points
        return max(min(FEW_POINTS, int(LAYER_S * min(self._rates.values()) / heaviest)) // tile, 1) * tile

    def field(self, question: Question, cancelled: Callable[[], bool] = never) -> Field:
        """Answer a question; `question.grid` is one tile, of at most two million points."""
        self.busy_s = 0.0
        self._timer.restart()

        def data(asked: Question) -> Values:
            return self._answered(asked, lambda dispatches: self._whole(dispatches, cancelled))

        return by_shaders(self, question, data)

    def holds(self, question: Question) -> bool:
        """Tell whether an answer can stay on the GPU."""
        return self._shelf is not None and can_stay(question)

    def held(self, question: Question, cancelled: Callable[[], bool] = never) -> Held | Field:
        """Answer, and leave the answer on the GPU if it can stay there and there is room."""
        question = without_softmax(question)
        self.busy_s = 0.0
        self._timer.restart()

        def write(texture: moderngl.Texture) -> None:
            self._answered(question, lambda dispatches: self._leave(dispatches, texture, cancelled))

        column = padded(question.grid.points, self.tiles.wide_points) if is_walk(question) else 0
        return lent(self, question, self._shelf, question.channels, write, column) or self.field(question, cancelled)

    def seen(self, question: Question, ground: Ground, sight: Sight, size: Size, is_rough: bool) -> Values:
        """Draw a landscape as a mesh."""
        return seen_by_shaders(self, self._mesh, ground, sight, size)

    def release(self) -> None:
        """Free programs, buffers and weights; the context stays its owner's."""
        if self._shelf and not self._shelf.release():
            return  # all of it is gone with the context
        self._mesh.release()
        free_programs(self.ctx, self._programs.values())
        self._programs.clear()
        self._numbers.release()
        for store in self._weights.values():
            store.release()
        self._steps.release()
        self._timer.release()

    def _answered(self, question: Question, evaluate: Callable[[Dispatches], Answer]) -> Answer:
        """Evaluate what is asked for, as many points at once as the buffers have room for."""
        dispatches = self._dispatches(question)
        while True:
            try:
                return evaluate(dispatches)
            except OutOfMemoryError as error:
                self._spare(dispatches, error)

    def _dispatches(self, question: Question) -> Dispatches:
        """Upload what a question's dispatches read, and tell which they are."""
        self._dtype = np.dtype(np.float64 if question.is_double else np.float32)
        tiles = tiles_for(self.tiles, question)
        asked, last, is_fused = cut(question, lambda network: fused_for(tiles, network))
        way = FUSED if is_fused else LAYERED if asked.answer == "values" and len(question.taps) == 1 else WALK
        shapes = (walk_shapes if way == WALK else padded_shapes)(tiles, asked.network)
        if question.perturbation:
            self._steps.write(question.perturbation, last, max(units for _, units in shapes) // 4, factors(question))
        return Dispatches(tiles, asked, self._loaded(asked.network, shapes), shapes, way)

    def _loaded(self, network: Network, shapes: Shapes) -> tuple[int, ...]:
        """Upload weights and tell where each layer's begin; where they do not fit, once more without other buffers."""
        store = self._weights[self._dtype]
        try:
            try:
                return store.write(network, shapes).begin
            except OutOfMemoryError:
                self._wait()
                self._numbers.release()
                return store.write(network, shapes).begin
        except (StorageError, OutOfMemoryError) as error:
            raise EngineError(f"the compute engine cannot take this network: {error}") from None

    def _step(self, dispatches: Dispatches) -> int:
        """Count the points that go at once: what is handed out of them has to fit one buffer, too."""
        fitting = self._most_bytes // (max(dispatches.outputs, 1) * self._dtype.itemsize)
        room = min(dispatches.room(FUSED_POINTS), fitting)
        return max(room // self._share, min(room, FEW_POINTS))

    def _whole(self, dispatches: Dispatches, cancelled: Callable[[], bool]) -> Values:
        """Evaluate all points, part after part: (rows, columns, channels)."""
        grid = dispatches.question.grid
        parts = [self._part(dispatches, part, cancelled) for part in self._parts(dispatches)]
        whole = parts[0] if len(parts) == 1 else np.concatenate(parts)
        return whole.reshape(grid.rows, grid.columns, -1)

    def _leave(self, dispatches: Dispatches, texture: moderngl.Texture, cancelled: Callable[[], bool]) -> None:
        """Evaluate all points, part after part, into a texture, which has room for them."""
        dispatches = replace(dispatches, is_lent=True)
        grid, parts, size = dispatches.question.grid, self._parts(dispatches), self._dtype.itemsize
        numbers = dispatches.kept * dispatches.column(grid.points) or grid.points * dispatches.outputs
        columns, rows = folded(numbers)
        name = "lent" if len(parts) > 1 else "tapped" if dispatches.kept else "values"
        whole = self._numbers.buffer(name, columns * rows * size)  # whole rows are copied
        if dispatches.question.channels <= TEXEL:
            columns, rows = grid.columns, grid.rows
        for part in parts:
            self._compute(dispatches, part, cancelled)
            if len(parts) > 1:
                self._collect(dispatches, part)
        self._wait()  # once for all parts, which is seldom enough for a GPU, and tells how long they took
        texture.write(whole, viewport=(0, 0, columns, rows))

    def _collect(self, dispatches: Dispatches, part: range) -> None:
        """Copy a part's numbers to their place among all that are lent."""
        size, points = self._dtype.itemsize, dispatches.question.grid.points
        if not dispatches.kept:
            row = dispatches.outputs * size
            self._numbers.copy("values", 0, "lent", part.start * row, len(part) * row)
        for unit in range(dispatches.kept):
            source, target = dispatches.column(len(part)) * unit, dispatches.column(points) * unit + part.start
            self._numbers.copy("tapped", source * size, "lent", target * size, len(part) * size)

    def _parts(self, dispatches: Dispatches) -> list[range]:
        """Tell which points go at once."""
        points, step = dispatches.question.grid.points, self._step(dispatches)
        return [range(first, min(first + step, points)) for first in range(0, points, step)]

    def _spare(self, dispatches: Dispatches, error: OutOfMemoryError) -> None:
        """Give back all buffers of numbers, and from now on take half as many points at once, if those are not few."""
        self._wait()
        self._numbers.release()
        if self._step(dispatches) <= FEW_POINTS:
            self._share = 1  # there may be room again
            raise EngineError(f"the compute engine cannot work: {error}") from None
        self._share *= 2

    def _part(self, dispatches: Dispatches, part: range, cancelled: Callable[[], bool]) -> Values:
        """Evaluate some points and read what comes of them: (points, channels)."""
        self._compute(dispatches, part, cancelled)
        self._wait()
        if dispatches.kept:
            rows = np.empty((dispatches.kept, dispatches.column(len(part))), self._dtype)
            self._numbers.read("tapped", rows)
            return handed_out(dispatches.question, unpacked(dispatches, rows, len(part)))
        values = np.empty((len(part), dispatches.outputs), np.uint32 if dispatches.is_pattern else self._dtype)
        self._numbers.read("values", values)
        return values

    def _compute(self, dispatches: Dispatches, part: range, cancelled: Callable[[], bool]) -> None:
        """Evaluate some points into the buffers "values" or "tapped"."""
        points, size = len(part), self._dtype.itemsize
        room = points * dispatches.outputs * size  # words are no larger than floats
        self._numbers.buffer("values", room)
        self._numbers.buffer("tapped", dispatches.kept * dispatches.column(points) * size)
        if dispatches.is_pattern:
            self._numbers.clear("values", room)
        places = {"u_begin": part.start, "u_points": points, "u_channels": dispatches.outputs}
        self._run(dispatches, places, cancelled)

    def _run(self, dispatches: Dispatches, places: Mapping[str, int], cancelled: Callable[[], bool]) -> None:
        """Run dispatches in order, and wait for them whenever SUBMISSION_S of work may have come together."""
        self._weights[self._dtype].bind()
        self._steps.bind()
        self._numbers.buffer("values", 1).bind_to_storage_buffer(VALUES)
        listed = dispatches.listed(places["u_points"])
        row = dispatches.column(places["u_points"]) * self._dtype.itemsize
        for name in {dispatch.target for dispatch in listed if dispatch.target}:
            self._numbers.buffer(name, row * dispatches.widest)
        for dispatch in listed:
            if cancelled():
                self._wait()
                raise Cancelled
            self._dispatch(self._ready(dispatch, dispatches.question, places), dispatch)
            if keep := dispatch.keep:
                self._numbers.copy(dispatch.target, keep.first * row, "tapped", keep.at * row, keep.units * row)

    def _dispatch(self, shader: moderngl.ComputeShader, dispatch: Dispatch) -> None:
        """Run a dispatch after those under way, or, where it alone is much for the GPU, in parts of some units each."""
        across, rows = dispatch.groups
        done = 0
        while done < rows:
            most = SUBMISSION_S * self._rates[self._dtype]
            some = min(max(int(most * rows / dispatch.work), 1), rows - done)
            amount = dispatch.work * some / rows
            if self._pending and self._pending + amount > most:
                self._wait()
            if not self._pending:
                self._started = self._clock()
                self._timer.start()
            if "u_tile" in shader:
                shader["u_tile"] = done
            shader.run(across, some)
            self._pending += amount
            done += some
        self.ctx.memory_barrier()

    def _wait(self) -> None:
        """Wait for what is under way and learn the GPU's rate from it: up by at most a factor of four, down at once."""
        if self._pending:
            self._timer.finish()
            seconds = self._clock() - self._started
            self.busy_s += seconds
            self.longest_s = max(self.longest_s, seconds)
            self._rates[self._dtype] = min(self._pending / seconds, 4.0 * self._rates[self._dtype])
            self._pending = 0.0

    def _ready(self, dispatch: Dispatch, question: Question, places: Mapping[str, int]) -> moderngl.ComputeShader:
        """Find or make a dispatch's program, and give it its uniforms and buffers."""
        for binding, name in ((INPUTS, dispatch.source), (OUTPUTS, dispatch.target)):
            if name:
                self._numbers.buffer(name, 1).bind_to_storage_buffer(binding)
        key = key_of(dispatch.shader, dispatch.defines)
        is_known = self._programs.is_fresh(key)
        if not is_known:
            self._wait()  # compiling and linking are no part of what is under way
        shader = self._programs.made(key, lambda: compute_program(self.ctx, dispatch.shader, dispatch.defines))
        steps = {"u_steps": STEPS_UNIT, "u_step_row": self._steps.row}
        set_uniforms(shader, question, {"u_columns": question.grid.columns, **steps, **dispatch.uniforms, **places})
        if not is_known:
            # Drivers finish compiling at the first run; a workgroup tells them to, and the clock does not count it.
            # It has no points, as what is summed up would be so twice.
            if "u_points" in shader:
                shader["u_points"] = 0
            shader.run(1, 1, 1)
            self.ctx.finish()
            if "u_points" in shader:
                shader["u_points"] = places["u_points"]
        return shader
