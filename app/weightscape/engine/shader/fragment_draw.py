"""What the fragment engine draws with: its programs and targets, and the clock that every draw is waited for by."""

import time
from collections.abc import Callable, Mapping

import moderngl
import numpy as np

from weightscape.engine.question import Cancelled, EngineError, Question, Values
from weightscape.engine.shader.shader_answer import set_uniforms
from weightscape.engine.shader.step_store import UNIT as STEPS_UNIT
from weightscape.engine.shader.step_store import StepStore
from weightscape.engine.shader.weight_store import WeightStore
from weightscape.engine.tile import LARGEST_GPU_TILE, LARGEST_TILE
from weightscape.gpu.context import adapter, free_programs
from weightscape.gpu.source import program
from weightscape.gpu.target import free, made

# A tile's targets: eight textures of at most this many texels a side.
MOST_PIXELS = 8
MAX_SIDE = 4096

Shader = tuple[moderngl.Program, moderngl.VertexArray]
Defines = Mapping[str, str | int]


class Drawing:
    """Draw into float textures; nothing is queued while a draw is waited for."""

    def __init__(self, ctx: moderngl.Context, clock: Callable[[], float] = time.perf_counter) -> None:
        self.ctx, self._clock = ctx, clock
        self.busy_s = self.longest_s = 0.0
        self.is_software = adapter(ctx).is_software
        self.largest = LARGEST_TILE if self.is_software else LARGEST_GPU_TILE
        self._weights = WeightStore(ctx)
        self._steps = StepStore(ctx)
        self._programs: dict[tuple[tuple[str, str | int], ...], Shader] = {}
        self._targets: dict[tuple[str, int], moderngl.Framebuffer] = {}
        self._warm: set[moderngl.VertexArray] = set()

    def release(self) -> None:
        """Free programs, targets and weights; the context stays its owner's."""
        for _, triangle in self._programs.values():
            triangle.release()
        free_programs(self.ctx, [shader for shader, _ in self._programs.values()])
        for framebuffer in self._targets.values():
            free(self.ctx, framebuffer)
        self._programs.clear()
        self._warm.clear()
        self._targets.clear()
        self._weights.release()
        self._steps.release()

    def _bind(self) -> None:
        self._weights.bind()
        self._steps.bind()

    def _program(self, fragment: str, defines: Defines) -> Shader:
        key = (("", fragment), *defines.items())
        if key not in self._programs:
            shader = program(self.ctx, "screen.vert", fragment, defines)
            self._programs[key] = shader, self.ctx.vertex_array(shader, [])
        return self._programs[key]

    def _set(self, shader: moderngl.Program, question: Question, places: Mapping[str, int]) -> None:
        set_uniforms(shader, question, {"u_steps": STEPS_UNIT, **places})

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
        self,
        target: moderngl.Framebuffer,
        triangle: moderngl.VertexArray,
        columns: int,
        rows: int,
        cancelled: Callable[[], bool],
    ) -> None:
        """Draw, wait and time it: nothing else is queued meanwhile, so a slow driver is seen at once."""
        if cancelled():
            raise Cancelled
        target.use()
        self.ctx.disable(moderngl.BLEND | moderngl.DEPTH_TEST | moderngl.CULL_FACE)
        if triangle not in self._warm:
            # Drivers finish compiling at the first draw; a pixel tells them to, and the clock does not count it.
            self._warm.add(triangle)
            self._draw(target, triangle, 1, 1)
        start = self._clock()
        self._draw(target, triangle, columns, rows)
        spent = self._clock() - start
        self.busy_s += spent
        self.longest_s = max(self.longest_s, spent)

    def _draw(self, target: moderngl.Framebuffer, triangle: moderngl.VertexArray, columns: int, rows: int) -> None:
        target.viewport = (0, 0, columns, rows)
        triangle.render(moderngl.TRIANGLES, vertices=3)
        self.ctx.finish()


def repetitions(pixels: int, vectors: int, lanes: int = 1) -> dict[str, str]:
    """Spell out the loops that must be unrolled, as macros; `lanes` of the pixels are one."""
    every_k, every_v = range(pixels), range(vectors)
    values = {"EACH_VALUE(DO)": " ".join(f"DO({k})" for k in every_k[::lanes])} if lanes > 1 else {}
    return {
        "EACH_PIXEL(DO)": " ".join(f"DO({k})" for k in every_k),
        "EACH_PIXEL_WITH(DO, v)": " ".join(f"DO({k}, v)" for k in every_k),
        "EACH_VECTOR(DO)": " ".join(f"DO({v})" for v in every_v),
        "EACH_PAIR(DO)": " ".join(f"DO({k}, {v})" for k in every_k for v in every_v),
        "EACH_LINK(DO)": " ".join(f"DO({k}, {v})" for k in every_k for v in every_v[:-1]),
        **values,
    }


def _power_of_two(number: int) -> int:
    return 1 << (number - 1).bit_length()


def read(target: moderngl.Framebuffer, attachment: int, columns: int, rows: int, first: int = 0) -> Values:
    """Read one target back, from row `first` on: float32 (rows, columns, 4), in the order of the target's rows."""
    raw = target.read(viewport=(0, first, columns, rows), components=4, attachment=attachment, dtype="f4", alignment=1)
    return np.frombuffer(raw, np.float32).reshape(rows, columns, 4)
