"""What a page's own drawing shares with the program's: paces, strides, levels, in numbers."""

from typing import Any

from weightscape.engine.tile import FIRST_RATE, MAX_SIDE
from weightscape.picture.levels import COARSE, OVERVIEW, OVERVIEW_WORK
from weightscape.picture.reuse import NEAR
from weightscape.picture.stride import FEWEST_POINTS, REFINEMENT


def drawing() -> dict[str, Any]:
    """Collect them as values that JSON holds."""
    return {
        "first_rate": FIRST_RATE,
        "max_side": MAX_SIDE,
        "overview": OVERVIEW,
        "coarse": COARSE,
        "overview_work": OVERVIEW_WORK,
        "near": NEAR,
        "fewest_points": FEWEST_POINTS,
        "refinement": REFINEMENT,
    }
