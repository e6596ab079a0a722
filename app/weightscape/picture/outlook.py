"""How many of a scene's points are outside its view, and which view holds them all."""

import math
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from weightscape.network.view import EXACT, Size, View, turn
from weightscape.picture.over import in_pixels
from weightscape.picture.points_memory import places
from weightscape.scene.scene import Scene

# A view that holds all points is so much larger than they are: a window's status line hides none.
ROOM = 1.15
LARGEST = 1e12


@dataclass(frozen=True)
class Outlook:
    """Say how many points are outside, and which view holds all; None where none does, or none is outside."""

    outside: int
    all_in: View | None = None


def outlook(scene: Scene, size: Size) -> Outlook:
    """Look for points outside a scene's view in a picture of this size. Raises FileError."""
    found, (width, height) = places(scene), size
    x, y = in_pixels(found, scene.view, size).T
    outside = len(found) - int(((x >= 0) & (x < width) & (y >= 0) & (y < height)).sum())
    return Outlook(outside, _holding(found, scene.view, size) if outside else None)


def _holding(found: np.ndarray, view: View, size: Size) -> View | None:
    """Make the smallest view, turned as this one, that holds points: its numbers are short."""
    c, s = turn(view)
    across, up = np.array([c, s]), np.array([-s, c])
    spans = [(float((found @ axis).min()), float((found @ axis).max())) for axis in (across, up)]
    short = min(size)
    halves = [(high - low) / 2.0 * short / side for (low, high), side in zip(spans, size, strict=True)]
    radius = ROOM * max(halves) or view.radius
    if not radius <= LARGEST:
        return None
    middles = [(low + high) / 2.0 for low, high in spans]
    place = middles[0] * across + middles[1] * up
    digit = math.floor(math.log10(radius)) - 2
    x, y = (Decimal(float(each)).quantize(Decimal(1).scaleb(digit), context=EXACT).normalize(EXACT) for each in place)
    return View((x, y), float(f"{math.ceil(radius / 10.0**digit)}e{digit}"), view.angle)
