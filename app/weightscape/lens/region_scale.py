"""How large the pieces are that the lens of linear pieces shows: in float64, at a few places of a view."""

import math

import numpy as np

from weightscape.lens.region import hidden
from weightscape.lens.stretch_scale import SMALLEST, fed
from weightscape.network.interrupt import check
from weightscape.network.network import Network
from weightscape.network.pattern import pattern
from weightscape.network.view import Size
from weightscape.scene.scene import Scene

# Places a side.
SIDE = 7
# Points so far apart that most lie in two pieces tell nothing; then closer ones are asked.
MOST, CLOSER = 0.75, 4.0
# Steps are no smaller than this part of a coordinate: float64 has 16 digits.
LEAST = 1e-13


def piece_size(scene: Scene, network: Network, size: Size) -> float | None:
    """Tell how far boundaries lie apart along a straight line, usually, in plane units; a view's pixel at the least.

    None for a view that is too small for float64, or pieces that are. Along a line that boundaries cross at random, a
    part 1 - exp(-step / distance) of all steps crosses one. Raises SceneError where no unit has two pieces.
    """
    if scene.radius < SMALLEST:
        return None
    shorter, pixel = hidden(scene, network), 2.0 * scene.radius / min(size)
    places, slopes = fed(scene, size, SIDE)
    here, step = pattern(shorter, np.asarray(places, np.float64)), pixel
    while step > LEAST * max(1.0, *(abs(float(each)) for each in scene.center)):
        check()
        there = np.stack([pattern(shorter, np.asarray(places + step * slope, np.float64)) for slope in slopes])
        crossing = float((there != here).any(-1).mean())
        if crossing <= MOST:
            return step / -math.log1p(-crossing) if crossing else math.inf
        step /= CLOSER
    return None
