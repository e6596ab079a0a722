"""A deep view's plan on the GPU: each layer's reference floats in a row of one float texture (shaders/lib/step.glsl).

Those of a wide plan are doubles, which no texture holds: they stand in a storage buffer, which only compute shaders
read.

They are motion: another view is another upload and no other program. Below the last layer there is a row more, whose
step lets differences pass: for what is tapped before an activation.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import moderngl
import numpy as np
import numpy.typing as npt

from weightscape.deep.difference import LARGEST
from weightscape.deep.perturbation import Perturbation, Step
from weightscape.engine.shader.weight_store import vec4s
from weightscape.network.network import Tap

# The texture unit that shaders find the steps at; 0 is the weights', 1 to 8 the activations' (fragment.py).
UNIT, BINDING = 9, 5
# Of a unit: its reference floats; with a clamp, that, too.
FLOATS, CLAMPED = 4, 7
# The largest power of two that a number holds, and what no difference reaches.
HIGHEST, BEYOND = {"f": 2.0**127, "d": 2.0**1023}, {"f": 3e38, "d": 1e308}


def tapped_steps(plan: Perturbation, tap: Tap) -> tuple[Step, ...]:
    """Cut a plan as network.tapped cuts its network: what is tapped comes last."""
    *above, last = plan.steps[: tap.layer % len(plan.steps) + 1]
    units = slice(None) if tap.units is None else list(tap.units)
    floats, clamp = last.floats[:, units], None if last.clamp is None else last.clamp[:, units]
    last = replace(last, floats=floats, clamp=clamp)
    return *above, passing(last, last.floats.shape[1]) if tap.before else last


def passing(step: Step, units: int) -> Step:
    """Make a step that lets differences pass as they come to a step."""
    one = np.zeros((FLOATS, units))
    one[0] = 1.0
    return replace(step, activation="identity", exact=False, floats=one, clamp=None, leaving=step.entering)


def is_clamped(plan: Perturbation) -> bool:
    """Tell whether any layer's pre-activations may come to their limit: a variant of the shaders (CLAMPED)."""
    return any(step.clamp is not None for step in plan.steps)


def pack_steps(
    steps: Sequence[Step],
    groups: int,
    parts: int = FLOATS,
    factors: Sequence[float] = (),
    dtype: npt.DTypeLike = np.float32,
) -> npt.NDArray[Any]:
    """Pack steps for `groups` groups of four units (at least the widest layer's): (layers, texels, 4) of `dtype`.

    `parts` of a unit: FLOATS, or CLAMPED for a plan that has clamps. `factors`: by what each step multiplies tangents
    beside the slope, which only a question for derivatives looks at.
    """
    packed = np.zeros((len(steps), 1 + parts * groups, 4), dtype)
    highest, beyond = HIGHEST[packed.dtype.char], BEYOND[packed.dtype.char]
    for row, step, factor in zip(packed, steps, factors or [1.0] * len(steps), strict=True):
        sign = 1.0 if step.exact else -1.0
        row[0] = sign * factor, *np.minimum((step.before, step.after), highest), min(step.period, 4.0 * LARGEST)
        units, width = np.zeros((parts, 4 * groups), dtype), step.floats.shape[1]
        units[:FLOATS, :width] = step.floats
        if parts == CLAMPED:
            units[FLOATS:, :width] = [[0.0], [-beyond], [beyond]] if step.clamp is None else step.clamp
        row[1:] = units.reshape(parts, groups, 4).transpose(1, 0, 2).reshape(-1, 4)
    return packed


class StepStore:
    """Keep one plan on the GPU, uploaded anew only when another comes; `row`: texels of a layer in a buffer.

    The texture grows in powers of two: few are ever made, and a software driver (llvmpipe) compiles a shader again for
    sides of another kind.
    """

    def __init__(self, ctx: moderngl.Context) -> None:
        self._ctx = ctx
        self._texture: moderngl.Texture | None = None
        self._buffer: moderngl.Buffer | None = None
        self.row = 0
        self._held: tuple[Perturbation, Tap, int, tuple[float, ...]] | None = None

    def write(self, plan: Perturbation, tap: Tap, groups: int = 0, factors: tuple[float, ...] = ()) -> None:
        """Upload the steps of a plan that lead to a tap, with room for `groups` groups of four units in each layer.

        `factors`: one for each layer of the plan that tangents are multiplied by, none for values.
        """
        if self._held and self._held[0] is plan and self._held[1:] == (tap, groups, factors):
            return
        steps = tapped_steps(plan, tap)
        room = max([groups, *(vec4s(step.floats.shape[1]) for step in steps)])
        above = factors[: len(steps) - tap.before]
        each = (*above, *[1.0] * (len(steps) + 1 - len(above)))
        # Below them, for what is tapped before an activation on the way.
        everything, parts = (*steps, passing(steps[-1], 4 * room)), CLAMPED if is_clamped(plan) else FLOATS
        packed = pack_steps(everything, room, parts, each, np.float64 if plan.wide else np.float32)
        (self._buffered if plan.wide else self._textured)(packed)
        self._held = plan, tap, groups, factors

    def _buffered(self, packed: npt.NDArray[Any]) -> None:
        self.row = packed.shape[1]
        if self._buffer is None or self._buffer.size < packed.nbytes:
            if self._buffer:
                self._buffer.release()
            self._buffer = self._ctx.buffer(reserve=_power_of_two(packed.nbytes))
        self._buffer.write(packed)

    def _textured(self, packed: npt.NDArray[Any]) -> None:
        height, width, _ = packed.shape
        old = self._texture.size if self._texture else (1, 1)
        if self._texture is None or old[0] < width or old[1] < height:
            if self._texture:
                self._texture.release()
            size = _power_of_two(max(width, old[0])), _power_of_two(max(height, old[1]))
            self._texture = self._ctx.texture(size, 4, dtype="f4")
            self._texture.filter = moderngl.NEAREST, moderngl.NEAREST
        self._texture.write(packed, viewport=(0, 0, width, height))

    def bind(self) -> None:
        """Put the steps where the shaders look for them."""
        if self._texture:
            self._texture.use(UNIT)
        if self._buffer:
            self._buffer.bind_to_storage_buffer(BINDING)

    def release(self) -> None:
        """Free the GPU's memory."""
        for each in (self._texture, self._buffer):
            if each:
                each.release()
        self._texture = self._buffer = self._held = None


def _power_of_two(number: int) -> int:
    return 1 << (number - 1).bit_length()
