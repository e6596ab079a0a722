"""The lens that shows why weights go like 1/sqrt(n): each layer's values as a histogram, their size and its law.

For independent weights of deviation sigma E|Wh|^2 = n sigma^2 |h|^2, so that a unit's mean square before its activation
is its n inputs' mean square times n sigma^2, and the biases' variance. Tied layers, being no strangers, may differ.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from weightscape.draw.chart import labels, number, signs, ticks
from weightscape.engine.question import work
from weightscape.lens.lens import Answered, Values, Want
from weightscape.network.initialisation import SQRT_3, half_width
from weightscape.network.network import Network, Tap, activated
from weightscape.network.view import Size
from weightscape.scene.scene import Scene

# Points on the long side; fewer where a network costs more operations, or has more numbers, than these in all.
POINTS, MOST_WORK, MOST_NUMBERS = 64, 2e10, 1 << 22
# More points than that, up to so many, where all cost fewer operations than this.
MOST_POINTS, CHEAP_WORK = 192, 1.2e8
# An odd number of bins: 0 is in the middle of one where values are symmetric.
BINS, FEWEST_BINS = 101, 31
# The first layer's values stand on a lattice, as the points do. Finer bins than this part of its points a side, times
# the root of its units, would show the lattice as a comb.
FINEST = 0.4
# Sizes that differ by more than this factor stand on a stretched axis.
FAR_APART = 30.0

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Scale:
    """Lay values low..high along an axis: evenly, or, with a `unit`, by powers of ten beyond it, 0 included."""

    low: float
    high: float
    unit: float = 0.0

    def place(self, values: npt.ArrayLike) -> Floats:
        """Tell where values stand, 0..1."""
        low, high, where = (self._bent(np.asarray(v, np.float64)) for v in (self.low, self.high, values))
        return np.asarray((where - low) / (high - low))

    def marks(self, most: int) -> list[tuple[float, str]]:
        """Choose at most about `most` round numbers and how they are written, the most important first."""
        if not self.unit:
            values = ticks(self.low, self.high, most)
            return sorted(zip(values, labels(values), strict=True), key=lambda mark: abs(mark[0]))
        first, last = math.ceil(math.log10(self.unit)), math.floor(math.log10(max(-self.low, self.high)))
        sides = (self.low < 0.0) + (self.high > 0.0)
        step = max(1, math.ceil(sides * (last - first + 1) / max(most - 1, 1)))
        sizes = [10.0**e for e in range(last, first - 1, -step)]
        both = [sign * size for size in sizes for sign in (1, -1) if self.low <= sign * size <= self.high]
        return [(value, signs(f"{value:g}")) for value in (0.0, *both) if self.low <= value <= self.high]

    def _bent(self, values: Floats) -> Floats:
        return np.asarray(np.arcsinh(values / self.unit)) if self.unit else values


@dataclass(frozen=True)
class Norms:
    """Hold each layer's histogram, int64 (layers, bins) over `scale`, and root mean squares, float64 (layers,).

    `measured` and `predicted` are before the activation, `after` behind it.
    """

    counts: npt.NDArray[np.int64]
    scale: Scale
    measured: Floats
    predicted: Floats
    after: Floats


def wants(scene: Scene, network: Network, size: Size) -> tuple[Want, ...]:
    """Ask for all units before their activation (what is behind follows), and for what the network is fed."""
    dear = min(MOST_WORK / work(network), MOST_NUMBERS / sum(network.widths))
    cheap = math.sqrt(CHEAP_WORK / work(network) / (size[0] * size[1])) * max(size)
    share = min(min(max(POINTS, cheap), MOST_POINTS) / max(size), math.sqrt(dear / (size[0] * size[1])), 1.0)
    coarse = max(1, round(size[0] * share)), max(1, round(size[1] * share))
    taps = tuple(Tap(k, None, True) for k in range(network.layers))
    fed = _fed(network.widths[0])
    return Want(network, scene.view, coarse, taps, dense=False), Want(fed, scene.view, coarse, dense=False)


@cache
def _fed(n: int) -> Network:
    """Make the network that hands out its inputs; the same object each time, so that engines know it again."""
    return Network((np.eye(n),), (np.zeros(n),), ("identity",))


def measure(scene: Scene, network: Network, answers: Sequence[Answered]) -> Norms:
    """Measure every layer's values, and predict their sizes from the layer before."""
    asked, fed = (answered.field for answered in answers)
    ends = np.cumsum(network.widths[1:]).tolist()

    def layer(k: int) -> tuple[Values, Values]:
        """Give one layer's values before and behind its activation: those of all would take hundreds of megabytes."""
        z = asked.part(slice(ends[k] - network.widths[k + 1], ends[k])).values
        return z, activated(network.activations[k], z)

    every = range(network.layers)
    squares, squares_after = np.array([[_square(values) for values in layer(k)] for k in every]).T
    entering = np.array([_square(fed.values), *squares_after[:-1]])
    weight, bias = np.array([deviations(scene, network, k) for k in every]).T ** 2
    predicted = np.array(network.widths[:-1]) * weight * entering + bias
    side = 0 if scene.before else 1
    size = squares if scene.before else squares_after
    reach = [(float(shown.min()), float(shown.max())) for shown in (layer(k)[side] for k in every)]
    bins = bins_for(answers[0].question.grid.points, network.widths[1])
    scale = _histogram_scale(min(low for low, _ in reach), max(high for _, high in reach), np.sqrt(size), bins)
    counts = np.stack([_counts(layer(k)[side], scale, bins) for k in every])
    return Norms(counts, scale, np.sqrt(squares), np.sqrt(predicted), np.sqrt(squares_after))


def bins_for(points: int, units: int) -> int:
    """Tell in how many bins values of so many points are counted where the first layer has so many units."""
    return min(max(int(FINEST * math.sqrt(points * units)) // 2 * 2 + 1, FEWEST_BINS), BINS)


def deviations(scene: Scene, network: Network, layer: int) -> tuple[float, float]:
    """Tell the deviations of a layer's weights and biases: the recipe's, or those that a loaded network has."""
    W, b = network.weights[layer], network.biases[layer]
    if scene.weights:
        return math.sqrt(_square(W)), math.sqrt(_square(b))
    weight = half_width(scene.rule, scene.scale, *W.shape) / SQRT_3
    return weight, scene.scale / SQRT_3 if scene.bias_scale is None else scene.bias_scale


def sizes_scale(norms: Norms) -> Scale:
    """Choose the axis of the root mean squares, from 0."""
    sizes = np.concatenate([norms.measured, norms.predicted, norms.after])
    return Scale(0.0, 1.05 * float(sizes.max()) or 1.0, _unit(sizes))


def growth(scene: Scene, network: Network) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Say in two lines by what the layers between the first and the last multiply lengths, in fewer and fewer words."""
    inner = range(1, network.layers - 1) or range(network.layers)
    inputs = [network.widths[k] for k in inner]
    spread = [deviations(scene, network, k)[0] for k in inner]
    factors = [sigma * math.sqrt(n) for sigma, n in zip(spread, inputs, strict=True)]
    factor, formula = _range(factors), f"σ = {_range(spread)}, n = {_range(inputs)}"
    return (
        (f"weights stretch sizes by {factor} a layer", f"sizes × {factor} a layer", f"σ√n = {factor}"),
        (f"= σ√n, {formula} inputs; 1 keeps sizes", f"= σ√n, {formula}", formula),
    )


def _range(values: Sequence[float]) -> str:
    low, high = number(min(values)), number(max(values))
    return low if low == high else f"{low}…{high}"


def _square(values: Values) -> float:
    return float(np.mean(np.square(values, dtype=np.float64)))


def _unit(sizes: Floats) -> float:
    """Tell from where on an axis is to be stretched; 0: not at all."""
    seen = sizes[sizes > 0.0]
    if not seen.size or seen.max() <= FAR_APART * seen.min():
        return 0.0
    return float(max(seen.min(), 1e-12 * seen.max()))


def _histogram_scale(low: float, high: float, sizes: Floats, bins: int) -> Scale:
    """Choose the histograms' axis: all values, low..high, are on it, with an empty bin on both sides."""
    stretched = _unit(sizes) if low < high else 0.0
    # A hair more, so that no rounding puts the outermost values into those.
    room = 0.0 if stretched else 1.0001 * (high - low) / (bins - 2) or abs(low) or 1.0
    return Scale(low - room, high + room, stretched)


def _counts(part: Values, scale: Scale, bins: int) -> npt.NDArray[np.int64]:
    places = np.clip((scale.place(part) * bins).astype(np.int64), 0, bins - 1)
    return np.bincount(places.ravel(), minlength=bins)
