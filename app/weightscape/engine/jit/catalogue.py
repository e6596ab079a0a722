"""All steps by name, as programs call them: "clamp", "activate tanh", "product 6"."""

from collections.abc import Callable

from weightscape.engine.jit.code import Shape
from weightscape.engine.jit.difference_step import advance, advance_with_slope, enter, silence
from weightscape.engine.jit.flow_step import product, spread, tap, walk
from weightscape.engine.jit.layer_step import activate, clamp, clamp_tangents, differentiate, hold
from weightscape.engine.jit.pattern_step import count, forget, words
from weightscape.engine.jit.step import Step

ALONE: dict[str, Callable[[Step], None]] = {
    "spread": spread,
    "tap": tap,
    "clamp": clamp,
    "clamp_tangents": clamp_tangents,
    "hold": hold,
    "enter": enter,
    "silence": silence,
    "forget": forget,
    "count": count,
    "words": words,
    "walk": walk,
}
OF: dict[str, Callable[[Step, str], None]] = {
    "activate": activate,
    "differentiate": differentiate,
    "advance": advance,
    "advance_with_slope": advance_with_slope,
    "product": lambda step, units: product(step, int(units)),
    "linear": lambda step, units: product(step, int(units), has_biases=False),
}


def symbol(name: str, shape: Shape) -> str:
    """Name a step's function in object code."""
    return f"{name.replace(' ', '_')}_{shape.real}"


def text(name: str, shape: Shape) -> str:
    """Write a module with the function of a step alone."""
    step = Step(shape)
    kind, _, of = name.partition(" ")
    if of:
        OF[kind](step, of)
    else:
        ALONE[kind](step)
    step.do("ret void")
    bits = 8 * step.aligned()
    # Vectors are as wide as the processor's, also where it would rather have them narrower.
    widths = f'"prefer-vector-width"="{bits}" "min-legal-vector-width"="{bits}"'
    # Windows would call its library for a large stack.
    attributes = f'attributes #0 = {{ nounwind "no-stack-arg-probe" {widths} }}'
    arguments = "ptr %row, i64 %count, ptr %job" if name == "walk" else "ptr %row, ptr %job"
    head = f"define void @{symbol(name, shape)}({arguments}) #0 {{"
    return "\n".join([*sorted(step.intrinsics), head, *step.lines, "}", attributes, ""])
