"""What becomes of the network's picture without one of its units: both pictures, and how far they are apart."""

from dataclasses import dataclass

import numpy as np

from weightscape.engine.question import Field
from weightscape.lens.lens import Values
from weightscape.lens.winner import winners
from weightscape.network.edit import Unit, edited, silenced_of, unsilenced
from weightscape.network.network import Network
from weightscape.network.remembered import remembered
from weightscape.scene.colour import colour
from weightscape.scene.contrast import contrast
from weightscape.scene.scene import Scene
from weightscape.scene.scene_error import SceneError
from weightscape.scene.shade import shade

# More outputs are classes, of which the largest is shown.
CHANNELS = 3
# A difference is shown so many times as large, a power of two, that but for its largest parts it can be seen.
MOST_TIMES, SEEN_PERCENT = 128, 98.0


def with_and_without(scene: Scene, network: Network, unit: Unit) -> tuple[Network, Network]:
    """Give a scene's network in which a unit is heard, and one in which it is not; the scene's own is one of them.

    Raises SceneError where the second would be too large.
    """
    units = silenced_of(scene.silenced)
    others = tuple(each for each in units if each != unit)
    try:
        if others != units:
            return _without(network, others), network
        return network, _without(network, tuple(sorted((*units, unit))))
    except ValueError as error:
        raise SceneError("silenced", str(error)) from None


@remembered(2)
def _without(network: Network, units: tuple[Unit, ...]) -> Network:
    """Silence these units and no other: the same object for the same ones, so that engines know it again."""
    whole = unsilenced(network)
    return edited(whole, {}, units) if units else whole


@dataclass(frozen=True, eq=False)
class Look:
    """Say how outputs become colours: as the lens outputs has them, or of many the largest, as the lens winner has it.

    `measured`: outputs of a few points, by whose range both pictures are stretched where the scene's levels are.
    """

    scene: Scene
    measured: Field

    def __call__(self, field: Field) -> Values:
        """Colour outputs: (rows, columns, 3) in 0..1."""
        if field.shape[-1] > CHANNELS:
            return winners(field.values)
        return shade(self._levels(field), colour(self.scene))

    def apart(self, one: Field, other: Field) -> Values:
        """Tell how far two fields are apart, in 0..1.

        Of colours it is (rows, columns, 3); of one output, whose palette has no such differences, and of many, their
        mean, (rows, columns, 1).
        """
        channels = one.shape[-1]
        if channels > CHANNELS:
            return np.asarray(np.abs(other.values - one.values).mean(-1, keepdims=True))
        if channels == 1:
            first, second = (np.clip(self._levels(each), 0.0, 1.0) for each in (one, other))
            return np.asarray(np.abs(second - first))
        return np.asarray(np.abs(self(other) - self(one)))

    def _levels(self, field: Field) -> Values:
        """Give values as they are, or stretched by the range of the measured ones."""
        if self.scene.levels != "auto":
            return field.values
        # Counted from the measured ones' offset: a deep zoom's differences have their digits.
        low, above = self.measured.offset, self.measured.relative
        values = (field.offset - low) + np.asarray(field.relative, np.float64)
        return np.asarray(contrast(above)(values))


@dataclass(frozen=True)
class Change:
    """Tell of a difference its mean and its largest, in 0..1, and how many times as large it is shown.

    `is_decided`: it is that of many outputs; `otherwise`: the part of the points where another one is largest.
    """

    mean: float
    largest: float
    times: int
    is_decided: bool = False
    otherwise: float = 0.0


def change(look: Look, one: Field, other: Field) -> Change:
    """Measure how far two fields of few points are apart."""
    apart = np.asarray(look.apart(one, other), np.float64)
    usual = float(np.percentile(apart, SEEN_PERCENT)) or float(apart.max())
    times = 1
    while times < MOST_TIMES and 2 * times * usual <= 1.0 and usual > 0.0:
        times *= 2
    if one.shape[-1] <= CHANNELS:
        return Change(float(apart.mean()), float(apart.max()), times)
    otherwise = float((one.values.argmax(-1) != other.values.argmax(-1)).mean())
    return Change(float(apart.mean()), float(apart.max()), times, True, otherwise)
