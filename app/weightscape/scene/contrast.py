"""Contrast that follows the view: the levels between which a picture's values lie become black and white.

Below the scale of a network's detail its picture is a smooth slope of almost one colour; stretched, the slope shows.
Levels are percentiles, so that a few stray points do not flatten the rest, and they move smoothly with the view.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.floating]

LOW, HIGH = 1.0, 99.0
# How much of 0..1 lies between the two.
MARGIN = 0.05


@dataclass(frozen=True)
class Contrast:
    """Map values linearly, each channel by itself, so that `low` and `high` come to lie MARGIN inside 0..1."""

    low: npt.NDArray[np.float64]
    high: npt.NDArray[np.float64]

    def __call__(self, values: Values) -> Values:
        """Stretch values (..., channels); a channel without any range becomes 0.5."""
        span = self.high - self.low
        flat = ~(span > 0.0)
        # Two steps: 1 / span of a deep zoom is more than float64 holds.
        stretched = (values - self.low) / np.where(flat, 1.0, span)
        return np.where(flat, 0.5, MARGIN + (1.0 - 2.0 * MARGIN) * stretched)


def contrast(values: Values) -> Contrast:
    """Measure the levels of values (..., channels)."""
    flat = np.asarray(values.reshape(-1, values.shape[-1]), np.float64)
    low, high = np.percentile(flat, (LOW, HIGH), axis=0)
    return Contrast(low, high)
