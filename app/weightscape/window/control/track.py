"""The track of a slider: which place on it, 0..1, stands for which value, and how a value is written."""

from __future__ import annotations

import math
from itertools import pairwise

from weightscape.window.message import Control

Number = int | float
FINE = 1.003  # that a step of the wheel is, as a factor
FINE_STEPS = 1000  # and how many make the whole track, where values are added
LOOSE = 1.1  # a step of an arrow as a factor, where there is no track
COARSE_STEPS = 40  # of an arrow, along the whole track


def stops(control: Control) -> tuple[tuple[float, float], ...]:
    """Tell which values stand where: both ends, and those of the control's own that lie between them."""
    low, high = float(control.low or 0), float(control.high or 0)
    inner = ((place, value) for place, value in control.stops if low < value < high)
    return ((0.0, low), *inner, (1.0, high))


def place(control: Control, value: Number) -> float:
    """Tell where on the track a value stands, 0..1."""
    for (start, low), (end, high) in pairwise(stops(control)):
        if value <= high:
            is_log = control.logarithmic
            share = math.log(value / low) / math.log(high / low) if is_log else (value - low) / (high - low)
            return start + (end - start) * min(max(share, 0.0), 1.0)
    return 1.0


def value_at(control: Control, place: float) -> Number:
    """Tell the value at a place, as it can be written."""
    for (start, low), (end, high) in pairwise(stops(control)):
        if place <= end:
            share = (place - start) / (end - start)
            return rounded(control, low * (high / low) ** share if control.logarithmic else low + (high - low) * share)
    return rounded(control, stops(control)[-1][1])


def rounded(control: Control, value: float) -> Number:
    """Round a value to what is shown of it, inside the slider's range."""
    low, high = float(control.low or 0), float(control.high or 0)
    if control.kind == "int":
        return round(min(max(value, low), high))
    return min(max(float(_form(control) % value), low), high)


def nudged(control: Control, value: Number, steps: float) -> Number:
    """Move a value by fine steps; by whole numbers where it is one."""
    if control.kind == "int":
        return rounded(control, value + (math.copysign(max(abs(round(steps)), 1), steps) if steps else 0))
    if control.logarithmic:
        return rounded(control, value * FINE**steps)
    return rounded(control, value + steps * (float(control.high or 0) - float(control.low or 0)) / FINE_STEPS)


def stepped(control: Control, value: Number, steps: int) -> Number:
    """Move a value by coarse steps along the track; by at least one, where it is a whole number."""
    new = value_at(control, min(max(place(control, value) + steps / COARSE_STEPS, 0.0), 1.0))
    least = nudged(control, value, steps)
    return max(new, least) if steps > 0 else min(new, least)


def unbounded(control: Control, value: Number, steps: int, is_fine: bool) -> Number:
    """Move a value that has no track: whole numbers by ones, others by a part of themselves."""
    if control.kind == "int":
        return value + steps
    return float(f"{value * (FINE if is_fine else LOOSE) ** steps:.6g}") if value else 0.01 * steps


def written(control: Control, value: Number) -> str:
    """Write a value for people."""
    if control.zero and value == 0:
        return control.zero
    return str(int(value)) if control.kind == "int" else _form(control) % value


def _form(control: Control) -> str:
    if control.logarithmic:
        return "%.4g"
    span = float(control.high or 0) - float(control.low or 0)
    return f"%.{max(3 - math.floor(math.log10(max(span, 1e-30))), 0)}f"
