"""Steps that take a layer's pre-activations, and their tangents, where they are."""

from weightscape.engine.jit.activation import ACTIVATIONS, REACH, Formula, clamp_preactivation
from weightscape.engine.jit.step import Step, copies, each_vector
from weightscape.engine.jit.vector import Vector, larger, smaller, where, where_any
from weightscape.network.activation import PREACTIVATION_LIMIT


def activate(step: Step, name: str) -> None:
    """Activate all numbers of a layer where they are."""
    target, each = step.scratch("target"), ACTIVATIONS[name]
    with each_vector(step) as at:
        step.put(_near_or_far(step, step.vector(target, at), each.function, each.far), target, at)


def differentiate(step: Step, name: str) -> None:
    """Activate a layer's numbers, and multiply their tangents by the slope times the layer's factor."""
    z_at, dx_at, dy_at = copies(step)
    each, factor = ACTIVATIONS[name], Vector(step, step.spread(step.load(step.shape.real, step.row("data"))))
    with each_vector(step) as at:
        z = step.vector(z_at, at)
        slope = _near_or_far(step, z, each.slope, each.far_slope) * factor
        step.put(_near_or_far(step, z, each.function, each.far), z_at, at)
        for place in (dx_at, dy_at):
            step.put(step.vector(place, at) * slope, place, at)


def _near_or_far(step: Step, z: Vector, near: Formula, far: Formula | None) -> Vector:
    """Apply a formula, and the one for far lanes if there are any; each lane for itself."""
    value = near(z)
    if far is None:
        return value
    further = far
    return where_any(abs(z) > REACH[step.shape.real], lambda: further(z.doubled()).within(step), value)


def clamp(step: Step) -> None:
    """Hold all pre-activations of a layer within their limit, where they are."""
    target = step.scratch("target")
    with each_vector(step) as at:
        step.put(clamp_preactivation(step.vector(target, at)), target, at)


def clamp_tangents(step: Step) -> None:
    """Hold pre-activations within their limit, and make the tangents of those that are at it 0."""
    z_at, *tangents = copies(step)
    with each_vector(step) as at:
        z = clamp_preactivation(step.vector(z_at, at))
        step.put(z, z_at, at)
        is_inside = abs(z) < PREACTIVATION_LIMIT
        for place in tangents:
            step.put(where(is_inside, step.vector(place, at), 0.0), place, at)


def hold(step: Step) -> None:
    """Hold tangents within what the next steps can multiply."""
    _, *tangents = copies(step)
    most = Vector(step, step.spread(step.load(step.shape.real, step.row("data"))))
    with each_vector(step) as at:
        for place in tangents:
            step.put(smaller(larger(step.vector(place, at), -most), most), place, at)
