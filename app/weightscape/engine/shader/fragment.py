"""The engine that runs everywhere there is OpenGL 3.3: fragment shaders that draw into float textures.

Narrow networks go through all layers in one invocation (shaders/fused.frag), wide or mixed ones, and those that are
tapped in several places, a layer a draw (shaders/layer.frag). New weights, depths and views are uploads; only a new
shape compiles a program.
"""

import time
from collections.abc import Callable, Collection, Iterator
from functools import partial
from typing import Any

import moderngl
import numpy as np

from weightscape.deep.accuracy import Method
from weightscape.draw.relief import Ground, Sight
from weightscape.engine.question import TEXEL, Cancelled, Engine, EngineError, Field, Held, Question, Values
from weightscape.engine.shader.fragment_draw import MAX_SIDE, Draw, Draws, Place, Target
from weightscape.engine.shader.fragment_shape import is_narrow
from weightscape.engine.shader.landscape import seen_by_shaders
from weightscape.engine.shader.lending import can_stay, is_walk, lent
from weightscape.engine.shader.shader_answer import FLOATS, by_shaders, cut, factors, set_uniforms, stops
from weightscape.engine.shader.step_store import UNIT as STEPS_UNIT
from weightscape.engine.shader.step_store import StepStore
from weightscape.engine.shader.weight_store import WeightStore
from weightscape.engine.softmax import without_softmax
from weightscape.engine.tile import LARGEST_GPU_TILE, LARGEST_TILE
from weightscape.gpu.context import adapter
from weightscape.gpu.landscape import Mesh
from weightscape.gpu.program import Programs, Shader, free_shader, key_of
from weightscape.gpu.shelf import Shelf
from weightscape.gpu.source import program
from weightscape.gpu.target import drop, free, made
from weightscape.gpu.timer import Timer
from weightscape.network.interrupt import never
from weightscape.network.network import Network
from weightscape.network.view import Size

# Textures of the layer before are at the units from 1 on.
FIRST_UNIT = 1


class FragmentEngine:
    """Compute fields in single precision with fragment shaders, in a context that it is handed."""

    name = "fragment"
    methods: Collection[Method] = FLOATS
    has_watchdog = True

    def __init__(
        self, ctx: moderngl.Context, clock: Callable[[], float] = time.perf_counter, shelf: Shelf | None = None
    ) -> None:
        self.ctx, self._clock = ctx, clock
        self.busy_s = self.longest_s = 0.0
        self.is_software, self.arithmetic = adapter(ctx).is_software, adapter(ctx).driver
        self.largest = LARGEST_TILE if self.is_software else LARGEST_GPU_TILE
        self._timer = Timer(ctx, not self.is_software)
        self._shelf = shelf
        self._weights = WeightStore(ctx)
        self._steps = StepStore(ctx)
        self._mesh = Mesh(ctx)
        self._programs: Programs[Shader] = Programs(partial(free_shader, ctx))
        self._targets: dict[Target, moderngl.Framebuffer] = {}
        self._warm: set[moderngl.VertexArray] = set()

    @property
    def gpu_s(self) -> float | None:
        """Tell how long the last answer took by the GPU's own clock."""
        return self._timer.seconds

    def pick(self, question: Question) -> Engine:
        """Tell itself."""
        return self

    def smallest(self, network: Network) -> int:
        """Tell a few hundred points: any driver's fixed cost outweighs those."""
        return 256

    def field(self, question: Question, cancelled: Callable[[], bool] = never) -> Field:
        """Answer a question; `question.grid` is one tile, of at most two million points."""
        self.busy_s = 0.0
        self._timer.restart()
        return by_shaders(self, question, lambda asked: self._data(asked, cancelled))

    def holds(self, question: Question) -> bool:
        """Tell whether an answer can stay on the GPU; a pattern that is counted layer by layer is put together here."""
        if self._shelf is None or not can_stay(question):
            return False
        return question.answer != "pattern" or cut(question, is_narrow)[2]

    def held(self, question: Question, cancelled: Callable[[], bool] = never) -> Held | Field:
        """Answer, and leave the answer on the GPU if it can stay there and there is room."""
        question = without_softmax(question)
        self.busy_s = 0.0
        self._timer.restart()

        def write(texture: moderngl.Texture) -> None:
            (self._fold if question.channels > TEXEL else self._leave)(question, texture, cancelled)

        column = question.grid.points if is_walk(question) else 0
        return lent(self, question, self._shelf, 4, write, column) or self.field(question, cancelled)

    def seen(self, question: Question, ground: Ground, sight: Sight, size: Size, is_rough: bool) -> Values:
        """Draw a landscape as a mesh."""
        return seen_by_shaders(self, self._mesh, ground, sight, size)

    def release(self) -> None:
        """Free programs, targets and weights; the context stays its owner's."""
        if self._shelf and not self._shelf.release():
            return  # all of it is gone with the context
        self._mesh.release()
        for each in self._programs.values():
            free_shader(self.ctx, each)
        for framebuffer in self._targets.values():
            free(self.ctx, framebuffer)
        self._programs.clear()
        self._warm.clear()
        self._targets.clear()
        self._weights.release()
        self._steps.release()
        self._timer.release()

    def _data(self, question: Question, cancelled: Callable[[], bool]) -> Values:
        """Evaluate what is asked for, as many rows at once as the targets have room for: (rows, columns, channels)."""
        parts = [
            band.answer(_textures(target, draw, band.pixels) for target, draw in self._run(band, cancelled))
            for band in self._draws(question).bands()
        ]
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def _leave(self, question: Question, texture: moderngl.Texture, cancelled: Callable[[], bool]) -> None:
        """Evaluate what is asked for into a texture, which has room for all of it."""
        lent = self.ctx.framebuffer([texture])
        try:
            top = 0
            for band in self._draws(question).bands():
                ((_, last),) = self._run(band, cancelled)
                gathered = band.gathered(last, top)
                self._submit(lent, self._ready(gathered, band.question), gathered)
                top += band.question.grid.rows
        finally:
            drop(self.ctx, lent)

    def _fold(self, question: Question, texture: moderngl.Texture, cancelled: Callable[[], bool]) -> None:
        """Evaluate more numbers a point than a texel has into a texture, which has room for all of them."""
        lent = self.ctx.framebuffer([texture])
        column = question.grid.points if is_walk(question) else 0
        try:
            begin = 0
            for band in self._draws(question).bands():
                channel = 0
                for stop, (_, draw) in zip(stops(band.question), self._run(band, cancelled), strict=True):
                    folded = band.folded(draw, stop, Place(texture.width, column, channel, begin))
                    self._submit(lent, self._ready(folded, band.question), folded)
                    channel += stop.units
                begin += band.question.grid.points
        finally:
            drop(self.ctx, lent)

    def _draws(self, question: Question) -> Draws:
        """Upload what a question's draws read, and tell which they are."""
        asked, last, is_fused = cut(question, is_narrow)
        if question.perturbation:
            self._steps.write(question.perturbation, last, factors=factors(question))
        packed = self._weights.write(asked.network)
        return Draws(asked, packed.begin, self._weights.defines(packed), is_fused, self.is_software)

    def _run(self, draws: Draws, cancelled: Callable[[], bool]) -> Iterator[tuple[moderngl.Framebuffer, Draw]]:
        """Draw in order, wait for each, and hand out a target of which something is kept, before the next."""
        listed = draws.listed()
        for draw in listed:  # each is as large as the largest of its draws before the first
            self._target(draw)
        self._weights.bind()
        self._steps.bind()
        for draw in listed:
            if cancelled():
                raise Cancelled
            target = self._target(draw)
            self._submit(target, self._ready(draw, draws.question), draw)
            if draw.kept:
                yield target, draw

    def _target(self, draw: Draw) -> moderngl.Framebuffer:
        """Find or make the textures to draw into; they grow in powers of two, so that few are ever made."""
        if max(draw.columns, draw.rows) > MAX_SIDE:
            raise EngineError(f"a tile of {draw.columns} x {draw.rows} texels is larger than {MAX_SIDE}")
        old = self._targets.get(draw.target)
        if old and old.width >= draw.columns and old.height >= draw.rows:
            return old
        width, height = (old.width, old.height) if old else (1, 1)
        size = _power_of_two(max(draw.columns, width)), _power_of_two(max(draw.rows, height))
        if old:
            free(self.ctx, old)
        self._targets[draw.target] = made(self.ctx, size, draw.target[1])
        return self._targets[draw.target]

    def _ready(self, draw: Draw, question: Question) -> moderngl.VertexArray:
        """Find or make a draw's program, and give it its uniforms and the textures that it samples."""
        shader, triangle = self._programs.made(key_of(draw.shader, draw.defines), lambda: self._compiled(draw))
        set_uniforms(shader, question, {"u_steps": STEPS_UNIT, **draw.uniforms})
        if draw.sampled:
            units = range(FIRST_UNIT, FIRST_UNIT + len(draw.sampled))
            shader["u_activations"] = list(units)
            attachments: Any = self._targets[draw.source].color_attachments
            for unit, k in zip(units, draw.sampled, strict=True):
                attachments[k].use(unit)
        return triangle

    def _compiled(self, draw: Draw) -> Shader:
        shader = program(self.ctx, "screen.vert", draw.shader, draw.defines)
        return shader, self.ctx.vertex_array(shader, [])

    def _submit(self, target: moderngl.Framebuffer, triangle: moderngl.VertexArray, draw: Draw) -> None:
        """Draw, wait and time it: nothing else is queued meanwhile, so a slow driver is seen at once."""
        target.use()
        self.ctx.disable(moderngl.BLEND | moderngl.DEPTH_TEST | moderngl.CULL_FACE)
        if triangle not in self._warm:
            # Drivers finish compiling at the first draw; a pixel tells them to, and the clock does not count it.
            self._warm.add(triangle)
            self._draw(target, triangle, draw.top, 1, 1)
        start = self._clock()
        self._timer.start()
        self._draw(target, triangle, draw.top, draw.columns, draw.rows)
        spent = self._clock() - start
        self.busy_s += spent
        self.longest_s = max(self.longest_s, spent)

    def _draw(
        self, target: moderngl.Framebuffer, triangle: moderngl.VertexArray, top: int, columns: int, rows: int
    ) -> None:
        target.viewport = (0, top, columns, rows)
        triangle.render(moderngl.TRIANGLES, vertices=3)
        self._timer.finish()


def _textures(target: moderngl.Framebuffer, draw: Draw, count: int) -> Iterator[Values]:
    """Read what is kept of a draw, texture after texture."""
    return (_read(target, k, draw) for k in range(count))


def _read(target: moderngl.Framebuffer, texture: int, draw: Draw) -> Values:
    """Read the rows of a texture that are kept: float32 (rows, columns, 4), in the order of the target's rows."""
    box = 0, draw.kept.start, draw.columns, len(draw.kept)
    raw = target.read(viewport=box, components=4, attachment=texture, dtype="f4", alignment=1)
    return np.frombuffer(raw, np.float32).reshape(len(draw.kept), draw.columns, 4)


def _power_of_two(number: int) -> int:
    return 1 << (number - 1).bit_length()
