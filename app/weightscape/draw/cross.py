"""The mark of a silenced unit: a frame and a cross over its picture, light with a dark edge."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from weightscape.draw.plate import POSITIVE

Values = npt.NDArray[np.floating]
# Widths of the stroke and of its dark edge, as parts of the shorter side, in pixels at the least; and how dark the
# edge is.
STROKE, LEAST_PX, EDGE, EDGE_ALPHA = 1.0 / 80.0, 1.5, 0.8, 0.55


def crossed(colours: Values, first: int = 0, high: int = 0) -> Values:
    """Cross display colours (rows, columns, 3) out: rows from `first` on of `high`, 0: all of it."""
    rows, columns = colours.shape[:2]
    light, dark = (part[first : first + rows, :, None] for part in _covers(columns, high or rows))
    shaded = colours * (1.0 - EDGE_ALPHA * dark)
    return np.asarray(shaded * (1.0 - light) + np.array(POSITIVE) * light, colours.dtype)


@lru_cache(maxsize=8)
def _covers(wide: int, high: int) -> tuple[Values, Values]:
    """Tell how much of each pixel the stroke covers, and how much stroke and edge do: (high, wide) each in 0..1."""
    x, y = np.arange(wide) + 0.5, np.arange(high)[:, None] + 0.5
    # How far a pixel is from the nearest of two diagonals, and from the picture's edge.
    across = np.abs(np.stack([high * x - wide * y, high * x - wide * (high - y)])) / np.hypot(wide, high)
    frame = np.minimum(np.minimum(x, wide - x), np.minimum(y, high - y))
    stroke = max(STROKE * min(wide, high), LEAST_PX)
    away = np.minimum(across.min(0) - stroke / 2.0, frame - stroke)
    return np.clip(0.5 - away, 0.0, 1.0), np.clip(0.5 + EDGE * stroke - away, 0.0, 1.0)
