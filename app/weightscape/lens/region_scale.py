"""How large the pieces are that the lens of linear pieces shows: in float64, at a few places of a view."""

import math

import numpy as np

from weightscape.lens.region import hidden
from weightscape.lens.stretch_scale import SMALLEST, fed
from weightscape.network.interrupt import check
from weightscape.network.network import Network
from weightscape.network.pattern import pattern
from weightscape.network.view import Size, View
from weightscape.scene.scene import Scene

# Places a side.
SIDE = 5
# A part of neighbouring pixels lies in two pieces: so few in a view that shows pieces, so many in one that is far away.
FEW, FINE, MOST = 0.1, 0.4, 0.9


def piece_size(scene: Scene, network: Network, size: Size) -> float | None:
    """Tell how far boundaries lie apart along a straight line, usually, in plane units.

    Where most are finer than two pixels it is told of a view around the same centre that shows them, for pieces in the
    middle may be finer than elsewhere. None for a view too small for float64. Of a line that boundaries cross
    at random a part 1 - exp(-step / distance) of all steps crosses one. Raises SceneError where nothing has pieces.
    """
    shorter, most = hidden(scene, network), FINE
    while scene.radius >= SMALLEST:
        check()
        crossing = _crossing(scene, shorter, size)
        if crossing <= most:
            return 2.0 * scene.radius / min(size) / -math.log1p(-crossing) if crossing else math.inf
        most = FEW
        scene = scene.looking(View(scene.center, scene.radius / (4.0 if crossing > MOST else 2.0), scene.angle))
    return None


def _crossing(scene: Scene, network: Network, size: Size) -> float:
    """Tell which part of the steps of a pixel leads into another piece."""
    places, slopes = fed(scene, size, SIDE)
    beside = places + 2.0 * scene.radius / min(size) * slopes
    here, there = (pattern(network, np.asarray(points, np.float64)) for points in (places, beside))
    return float((there != here).any(-1).mean())
