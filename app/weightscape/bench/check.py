"""Whether a rival computes the same network: its values against ours, as far as float32 can tell them apart."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from weightscape.network.network import Network, forward

Values = npt.NDArray[np.floating]

SAMPLE = 2048
FACTOR, ROOM = 8.0, 2e-6


@dataclass(frozen=True)
class Check:
    """Hold our values (points, outputs), and how far others may be off on a sample: (largest, typical) difference."""

    ours: Values
    step: int
    largest: float
    typical: float

    def verdict(self, values: Values) -> dict[str, float | bool]:
        """Tell the largest difference from our values, and whether that is a wrong answer."""
        return {"max_difference": float(np.abs(values - self.ours).max()), "wrong": self.is_wrong(values)}

    def is_wrong(self, values: Values) -> bool:
        """Tell whether values are further off than float32 explains: somewhere, or nearly everywhere.

        In a chaotic network single points may differ by anything; most do not.
        """
        off = np.abs(values - self.ours)[:: self.step]
        return not (off.max() <= self.largest and np.median(off) <= self.typical)


def check(network: Network, points: npt.NDArray[np.float32], ours: Values) -> Check:
    """Measure on a sample of points what float32 itself loses, the tests' own measure of a fair difference."""
    step = max(1, len(points) // SAMPLE)
    some = points[::step]
    lost = np.abs(forward(network, some)[0] - network(some))
    return Check(ours, step, FACTOR * float(lost.max()) + ROOM, FACTOR * float(np.median(lost)) + ROOM)
