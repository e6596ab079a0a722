"""The steps that stand in place of activations where numbers are differences (deep/perturbation.py, Step).

Their row's data begin with HEAD numbers: powers of two before and after the difference, the most that a slope may be,
and the factor of tangents. Then come each unit's constants.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from weightscape.deep.perturbation import Step as Plan
from weightscape.engine.jit.code import Real
from weightscape.engine.jit.difference import DIFFERENCES, Far, Formula
from weightscape.engine.jit.difference_kinked import Unit
from weightscape.engine.jit.step import Step, copies
from weightscape.engine.jit.vector import Vector, larger, multiply_add, smaller, where, where_any
from weightscape.engine.processor.numpy_tangent import STEEPEST, Slope
from weightscape.network.network import Matrix

HEAD = 4
# In place of an activation's name: a smooth one where all differences are small.
NEAR = "near"


@np.errstate(under="ignore")
def advancing(plan: Plan, real: Real, slope: Slope | None = None) -> list[tuple[str, Matrix]]:
    """List the steps that take a plan's place, with their data (float64), tangents included if there is a slope."""
    most = STEEPEST / slope.factor if slope and slope.steepest > STEEPEST else np.inf
    factor = slope.factor if slope else 1.0
    kind = "advance_with_slope" if slope else "advance"
    if not plan.exact:
        return [(f"{kind} {NEAR}", _table([1.0, 1.0, most, factor], plan.floats[:2]))]
    constants = DIFFERENCES[plan.activation].constants(plan, real)
    if plan.clamp is None:
        return [(f"{kind} {plan.activation}", _table([plan.before, plan.after, most, factor], constants))]
    entered = f"{kind} {plan.activation}", _table([1.0, plan.after, most, factor], constants)
    return [("enter", _table([plan.before, 1.0, 1.0, 1.0], plan.clamp)), entered]


def silencing(plan: Plan) -> list[tuple[str, Matrix]]:
    """List the step that stops tangents beyond a plan's clamp, with its data."""
    assert plan.clamp is not None
    return [("silence", _table([plan.before, 1.0, 1.0, 1.0], plan.clamp))]


def _table(head: Sequence[float], constants: Sequence[Matrix] | Matrix) -> Matrix:
    return np.concatenate([head, *np.transpose(constants)]) if len(constants) else np.array(head)


@dataclass(frozen=True)
class Layer:
    """Hold a step's head and how many constants its units have."""

    step: Step
    head: list[Vector]
    constants: int

    @contextmanager
    def vectors(self) -> Iterator[tuple[str, Unit]]:
        """Repeat what is written meanwhile for every unit's vectors: tell where one is, and the unit's constants."""
        step, shape = self.step, self.step.shape
        n, data = step.row("n_out"), step.place(step.row("data"), str(HEAD), shape.real)
        with step.loop(step.job("strips")) as strip, step.loop(n) as unit:
            row = step.place(data, step.times(unit.index, self.constants), shape.real)
            constants = [
                Vector(step, step.spread(step.load(shape.real, row, str(k), shape.real))) for k in range(self.constants)
            ]
            first = step.times(step.sum(step.times(strip.index, n), unit.index), shape.points)
            with step.loop(str(shape.vectors)) as vector:
                yield step.sum(first, step.times(vector.index, shape.lanes)), constants


def layer(step: Step, constants: int) -> Layer:
    """Read a step's head."""
    real, data = step.shape.real, step.row("data")
    head = [Vector(step, step.spread(step.load(real, data, str(k), real))) for k in range(HEAD)]
    return Layer(step, head, constants)


def enter(step: Step) -> None:
    """Scale differences, and hold them within their unit's clamp."""
    target, made = step.scratch("target"), layer(step, 3)
    with made.vectors() as (at, (over, low, high)):
        d = multiply_add(step.vector(target, at), made.head[0], over)
        step.put(smaller(larger(d, low), high), target, at)


def silence(step: Step) -> None:
    """Make tangents 0 of what is at its clamp or beyond."""
    (d_at, *tangents), made = copies(step), layer(step, 3)
    with made.vectors() as (at, (over, low, high)):
        d = multiply_add(step.vector(d_at, at), made.head[0], over)
        is_outside = (d <= low) | (d >= high)
        for place in tangents:
            step.put(where(is_outside, 0.0, step.vector(place, at)), place, at)


def advance(step: Step, name: str) -> None:
    """Make an activation's differences of those of its argument."""
    target, made = step.scratch("target"), layer(step, count_constants(name, step.shape.real))
    before, after = made.head[:2]
    with made.vectors() as (at, unit):
        d = step.vector(target, at)
        if name == NEAR:
            A, B = unit
            step.put(d * multiply_add(d, B, A), target, at)
        else:
            each = DIFFERENCES[name]
            step.put(_near_or_far(d * before, unit, each.function, each.far) * after, target, at)


def advance_with_slope(step: Step, name: str) -> None:
    """Do the same, and multiply tangents by the slope there, held below the head's most, and the factor."""
    (d_at, *tangents), made = copies(step), layer(step, count_constants(name, step.shape.real))
    before, after, most, factor = made.head
    with made.vectors() as (at, unit):
        d = step.vector(d_at, at)
        if name == NEAR:
            A, B = unit
            part = d * B
            slope, value = (part + A) + part, d * (part + A)
        else:
            each, d = DIFFERENCES[name], d * before
            slope = _near_or_far(d, unit, each.slope, each.far_slope)
            value = _near_or_far(d, unit, each.function, each.far) * after
        step.put(value, d_at, at)
        slope = smaller(larger(slope, -most), most) * factor
        for place in tangents:
            step.put(step.vector(place, at) * slope, place, at)


def count_constants(name: str, real: Real) -> int:
    """Count the constants of a unit."""
    if name == NEAR:
        return 2
    return len(DIFFERENCES[name].constants(Plan(name, True, np.zeros((4, 1)), 0, 0), real))


def _near_or_far(d: Vector, unit: Unit, near: Formula, far: Far | None) -> Vector:
    """Apply a formula, and the one for far lanes if there are any; each lane for itself."""
    value = near(d, unit)
    return where_any(far.is_there(d, unit), lambda: far.formula(d, unit), value) if far else value
