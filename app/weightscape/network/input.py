"""What a network is fed, and how it folds into the first layer.

x, y, time and constants are affine in the pixel's coordinates, so the view, too, only changes W1 and b1: engines
see a network of pixel coordinates. Only `r` is not affine and stays an input of its own (Radial).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from weightscape.network.network import Network, Values
from weightscape.network.view import Size, View, turn

NAMED_INPUTS = ("x", "y", "r", "cos_t", "sin_t")
MAX_INPUTS = 64
MAX_CONSTANT = 1e6
# From this many pixels away circles are straight lines, even in float64, and float32 holds the number.
LONGEST = 1e30


@dataclass(frozen=True)
class Radial:
    """How r changes from the picture's centre: r(p) - r(0), in units of one pixel, without cancellation.

    With unit u = `length` pixels, e = `origin` (the centre, seen from the plane's origin, in u) and q = p / u:
    r(p) - r(0) = u (q . (2 e + q)) / (|e + q| + |e|).
    """

    origin: tuple[float, float]
    length: float


def parse_inputs(value: Any) -> tuple[str, ...]:
    """Split "x,y,0.5" or take a sequence of names and numbers. Raises ValueError, naming the culprit."""
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, Sequence) or not 1 <= len(parts) <= MAX_INPUTS:
        raise ValueError(f"{value!r} is not a list of 1..{MAX_INPUTS} of {', '.join(NAMED_INPUTS)} or numbers")
    return tuple(_input(str(float(part) if isinstance(part, Fraction) else part).strip()) for part in parts)


def _input(part: str) -> str:
    if part in NAMED_INPUTS:
        return part
    try:
        number = float(part)
    except ValueError:
        raise ValueError(f"{part!r} is neither a number nor one of {', '.join(NAMED_INPUTS)}") from None
    if not abs(number) <= MAX_CONSTANT:
        raise ValueError(f"{part!r} is not within +-{MAX_CONSTANT:g}")
    return repr(number)


def fold(network: Network, inputs: Sequence[str], time: float, view: View, size: Size) -> tuple[Network, Radial | None]:
    """Turn a network of `inputs` into one of pixel coordinates, for a picture of `size` pixels.

    The new inputs are (px, py), pixels from the picture's centre, y up; with `r` among the inputs there is a
    third, the one Radial describes. `time` is in turns. Only the first layer changes.
    Raises ValueError when the first matrix has not one row for each input.
    """
    W = network.weights[0]
    if W.shape[0] != len(inputs):
        raise ValueError(f"the network has {W.shape[0]} inputs, the scene lists {len(inputs)}: {','.join(inputs)}")
    pixel = 2.0 * view.radius / min(size)
    c, s = turn(view)
    cx, cy = map(float, view.center)
    # Each input as (coefficient of px, of py, of the radial input; constant).
    terms = {
        "x": (pixel * c, -pixel * s, 0.0, cx),
        "y": (pixel * s, pixel * c, 0.0, cy),
        "r": (0.0, 0.0, pixel, math.hypot(cx, cy)),
        "cos_t": (0.0, 0.0, 0.0, math.cos(2.0 * math.pi * time)),
        "sin_t": (0.0, 0.0, 0.0, math.sin(2.0 * math.pi * time)),
    }
    table = np.array([terms.get(name) or (0.0, 0.0, 0.0, float(name)) for name in inputs])
    radial = _radial(view, size) if "r" in inputs else None
    rows = table[:, : 3 if radial else 2].T @ W
    first = replace(
        network, weights=(rows, *network.weights[1:]), biases=(network.biases[0] + table[:, 3] @ W, *network.biases[1:])
    )
    return first, radial


def _radial(view: View, size: Size) -> Radial:
    pixel = 2.0 * view.radius / min(size)
    c, s = turn(view)
    cx, cy = map(float, view.center)
    span = max(math.hypot(cx, cy), pixel * math.hypot(*size) / 2.0)
    return Radial(((c * cx + s * cy) / span, (c * cy - s * cx) / span), min(span / pixel, LONGEST))


def radial_input(radial: Radial, px: Values, py: Values) -> Values:
    """Evaluate the radial input at pixel coordinates, in the precision they come in."""
    dtype = px.dtype.type
    ex, ey = dtype(radial.origin[0]), dtype(radial.origin[1])
    length = dtype(radial.length)
    qx, qy = px / length, py / length
    distance = np.hypot(ex + qx, ey + qy) + np.hypot(ex, ey)
    rise = qx * (2 * ex + qx) + qy * (2 * ey + qy)
    return np.asarray(length * rise / np.maximum(distance, np.finfo(dtype).tiny), dtype)
