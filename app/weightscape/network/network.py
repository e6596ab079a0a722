"""A network: weights, biases and activations, a pure function from R^n to R^m.

z = h W + b with W of shape (inputs, outputs); pre-activations are clamped to +-1e24, which is part of the
definition and keeps every value finite. The forward pass here is the truth that every engine is tested against.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby

import numpy as np
import numpy.typing as npt

from weightscape.network.activation import ACTIVATIONS, PREACTIVATION_LIMIT
from weightscape.network.activation_name import known_as, known_names
from weightscape.network.fourier import fourier
from weightscape.network.limit import MAX_LAYERS, MAX_WEIGHT, MAX_WEIGHTS, MAX_WIDTH
from weightscape.network.model import layers_of
from weightscape.network.showing import Png, png
from weightscape.network.softmax import SOFTMAX, softmax

Matrix = npt.NDArray[np.float64]
Values = npt.NDArray[np.floating]


@dataclass(frozen=True)
class Tap:
    """Which values of a network are wanted: units of one layer, before or after its activation.

    `layer` counts from 0 for the first layer; -1 is the output layer. `units` None means all of them.
    """

    layer: int = -1
    units: tuple[int, ...] | None = None
    before: bool = False


OUTPUTS = (Tap(),)


# So many equal layers in a row are written one by one.
SPELT = 4


@dataclass(frozen=True, eq=False, repr=False)
class Network:
    """Hold one matrix, one bias vector and one activation name a layer, the output layer last.

    `weights[k]`: float64 (n_in, n_out); `biases[k]`: float64 (n_out,). A tied network holds the same matrix object
    in every hidden place. The last activation may be softmax. Lists and arrays of other real numbers are converted.
    Raises ValueError for what is none, when the shapes do not chain or an activation is unknown.
    """

    weights: tuple[Matrix, ...]
    biases: tuple[Matrix, ...]
    activations: tuple[str, ...]
    widths: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "weights", _floats("weights", self.weights, 2))
        object.__setattr__(self, "biases", _floats("biases", self.biases, 1))
        object.__setattr__(self, "activations", tuple(_named(each) for each in self.activations))
        if not len(self.weights) == len(self.biases) == len(self.activations) >= 1:
            raise ValueError("a network needs one matrix, one bias vector and one activation for each layer")
        widths = (self.weights[0].shape[0], *(W.shape[1] for W in self.weights))
        for k, (W, b, name) in enumerate(zip(self.weights, self.biases, self.activations, strict=True), start=1):
            if W.shape != (widths[k - 1], widths[k]) or b.shape != (widths[k],):
                raise ValueError(f"layer {k}: shapes {W.shape} and {b.shape} do not follow {widths[k - 1]} inputs")
            if name == SOFTMAX and k < len(self.weights):
                raise ValueError(f"layer {k}: softmax is for the last layer alone")
            if name not in (*ACTIVATIONS, SOFTMAX):
                raise ValueError(f"layer {k}: no activation {name!r}; there are {known_names()}")
        object.__setattr__(self, "widths", widths)

    @classmethod
    def of(cls, model: object, activations: Sequence[str] = ()) -> "Network":
        """Take the network out of another program's model, as it is in inference, in float64.

        `model`: a torch.nn.Sequential of Linear, activations and BatchNorm1d; scikit-learn's MLPClassifier or
        MLPRegressor, alone or in a Pipeline with scalers, which fold into the first layer; or arrays W1, b1, W2, b2 ...
        with W (inputs, outputs), pairs of these, or arrays by name as weights files have them, such as a state dict,
        with a name of `activations` for each layer. Neither program is imported. Raises ValueError that names the part
        of the model which is not read, and its value.
        """
        weights, biases, names = layers_of(model, activations)
        return cls(tuple(weights), tuple(biases), tuple(names))

    def after_fourier(self, frequencies: npt.ArrayLike, order: str = "sin cos") -> "Network":
        """Put a Fourier-feature mapping before the network: a first layer sin(2 pi B x), cos(2 pi B x).

        `frequencies`: B, (features, inputs); the network has 2 features inputs. `order` "cos sin": all cosines first.
        Raises ValueError. Source: Tancik et al. (2020).
        """
        W, b = fourier(frequencies, order)
        return Network((W, *self.weights), (b, *self.biases), ("sin", *self.activations))

    @property
    def layers(self) -> int:
        """Count the layers, the output layer included."""
        return len(self.weights)

    @property
    def logits(self) -> "Network":
        """Leave out a last softmax: the same object each time, so that engines know it again; itself without one."""
        return self._logits if self.activations[-1] == SOFTMAX else self

    @cached_property
    def _logits(self) -> "Network":  # never itself: a network that holds itself would not be freed at once
        return replace(self, activations=(*self.activations[:-1], "identity"))

    @property
    def parameters(self) -> int:
        """Count all weights and biases as the formula has them; a tied matrix counts in every layer."""
        return sum(W.size + b.size for W, b in zip(self.weights, self.biases, strict=True))

    def __repr__(self) -> str:
        """Write its widths and activations, such as Network(2-16-16-1, relu relu sigmoid)."""
        return f"{type(self).__name__}({_runs('-', self.widths)}, {_runs(' ', self.activations)})"

    def _repr_png_(self) -> Png | None:
        """Show the picture in a notebook, of a network of two inputs."""
        return png(self)

    def __call__(self, points: npt.ArrayLike) -> Matrix:
        """Evaluate the outputs in float64: points (..., n) -> (..., m)."""
        return forward(self, np.asarray(points, np.float64))[0].astype(np.float64)


def _runs(sign: str, values: Iterable[object]) -> str:
    """Write values with a sign between; of many equal ones in a row their number."""
    runs = [(value, len(list(run))) for value, run in groupby(values)]
    return sign.join(sign.join([str(each)] * n) if n <= SPELT else f"{n}×{each}" for each, n in runs)


def _named(activation: str) -> str:
    """Tell the table's own name for one from elsewhere, such as "ReLU"; what is unknown stays as it is."""
    return (known_as(activation) if isinstance(activation, str) else None) or activation


def _floats(name: str, arrays: Iterable[npt.ArrayLike], dimensions: int) -> tuple[Matrix, ...]:
    """Make float64 arrays; one that is float64 stays the same object, and so does one that stands in several layers."""
    made: dict[int, Matrix] = {}
    given = tuple(arrays)
    for layer, each in enumerate(given, start=1):
        if id(each) in made:
            continue
        try:
            array = np.asarray(each)
            if array.dtype.kind not in "iuf":
                raise ValueError
        except (TypeError, ValueError):
            raise ValueError(f"layer {layer}: its {name} are no array of real numbers") from None
        if array.ndim != dimensions:
            shape = "(inputs, outputs)" if dimensions == 2 else "(outputs,)"
            raise ValueError(f"layer {layer}: its {name} have shape {array.shape}, not {shape}")
        made[id(each)] = np.asarray(array, np.float64)
    return tuple(made[id(each)] for each in given)


def within_limits(network: Network) -> Network:
    """Give back a network that a picture can be made of. Raises ValueError for one too large or not finite."""
    if network.layers > MAX_LAYERS or max(network.widths[1:]) > MAX_WIDTH or distinct_weights(network) > MAX_WEIGHTS:
        raise ValueError(f"a network has at most {MAX_LAYERS} layers, {MAX_WIDTH} units and {MAX_WEIGHTS:,} weights")
    for layer, (W, b) in enumerate(zip(network.weights, network.biases, strict=True), start=1):
        if not all(np.isfinite(array).all() and np.abs(array).max(initial=0.0) <= MAX_WEIGHT for array in (W, b)):
            raise ValueError(f"layer {layer}: a weight or bias is not a finite number within +-{MAX_WEIGHT:g}")
    return network


def activated(name: str, z: Values) -> Values:
    """Apply a layer's activation to pre-activations (..., units): a new array of their type."""
    return softmax(z) if name == SOFTMAX else ACTIVATIONS[name].function(z)


def distinct_weights(network: Network) -> int:
    """Count the weights that are stored: a tied matrix once, biases not."""
    return sum({id(W): W.size for W in network.weights}.values())


def forward(network: Network, points: Values, taps: Sequence[Tap] = OUTPUTS) -> list[Values]:
    """Evaluate the network layer by layer, in the precision of `points`.

    points: (..., n) float32 or float64 -> for each tap an array (..., units) of that type.
    """
    h, dtype = points, points.dtype
    wanted = {tap.layer % network.layers for tap in taps}
    kept: dict[tuple[int, bool], Values] = {}
    for k, (W, b, name) in enumerate(zip(network.weights, network.biases, network.activations, strict=True)):
        z = np.clip(h @ W.astype(dtype) + b.astype(dtype), -PREACTIVATION_LIMIT, PREACTIVATION_LIMIT)
        h = activated(name, z)
        if k in wanted:
            kept[k, True], kept[k, False] = z, h
    layers = [kept[tap.layer % network.layers, tap.before] for tap in taps]
    return [
        values if tap.units is None else values[..., list(tap.units)] for tap, values in zip(taps, layers, strict=True)
    ]


def is_tappable(network: Network, tap: Tap) -> bool:
    """Tell whether tapped() can cut a network: but for some units of a softmax, which need all the others."""
    is_softmax = network.activations[tap.layer] == SOFTMAX and not tap.before
    return not is_softmax or tap.units is None


def tapped(network: Network, tap: Tap) -> Network:
    """Cut the network so that its outputs are the tapped values: what an engine evaluates for one tap.

    Some units of a softmax are no outputs of a smaller network: see is_tappable().
    """
    last = tap.layer % network.layers
    units = slice(None) if tap.units is None else list(tap.units)
    if last == network.layers - 1 and tap.units is None and not tap.before:
        return network
    return replace(
        network,
        weights=(*network.weights[:last], network.weights[last][:, units]),
        biases=(*network.biases[:last], network.biases[last][units]),
        activations=(*network.activations[:last], "identity" if tap.before else network.activations[last]),
    )
