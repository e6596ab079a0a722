"""PyTorch's Sequential of dense layers and activations, as it is in inference: dropout does nothing then.

Source: torch.nn, by its documentation. Modules are known by the names of their classes; hooks are not called.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from weightscape.network.activation import ACTIVATIONS
from weightscape.network.activation_name import known_as, known_names
from weightscape.network.chain import Array, Chain
from weightscape.network.foreign import base, named, real_numbers, told
from weightscape.network.normalising import BY_POINT, WHY, normalising
from weightscape.network.softmax import SOFTMAX

MODULES = "torch.nn.modules"
IDLE = ("Identity", "Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout", "FeatureAlphaDropout")
# What is said of others by a part of their names.
RECURRENT = dict.fromkeys(("RNN", "LSTM", "GRU"), "recurrent")
NOT_YET = dict.fromkeys(("Conv", "Pool"), "convolutional") | RECURRENT
KNOWN = "Linear, BatchNorm1d, Dropout, Flatten, Identity, Sequential and the activations"


def add_module(chain: Chain, model: Any) -> Chain:
    """Add a module's layers to a chain. Raises ValueError, in one sentence, for what no dense network has."""
    reader = _Reader(chain, model)
    _add(reader, model, "model")
    return reader.chain


class _Reader:
    """Hold the chain so far, and what was read before: a module that stands in several places is one matrix."""

    def __init__(self, chain: Chain, model: Any) -> None:
        self.chain, self.model = chain, model
        self._read: dict[int, tuple[Array, Array]] = {}

    def add(self, place: str, step: Callable[..., Chain], *what: Any) -> None:
        """Take a step of the chain, and tell its place with what is wrong with it."""
        try:
            self.chain = step(self.chain, *what)
        except ValueError as error:
            raise ValueError(f"{place}: {error}") from None

    def dense(self, module: Any, place: str) -> tuple[Array, Array]:
        """Tell a Linear's W (inputs, outputs) and b (outputs,), where it has none 0."""
        if id(module) not in self._read:
            W = real_numbers(module.weight, f"{place}.weight").T
            b = np.zeros(W.shape[1]) if module.bias is None else real_numbers(module.bias, f"{place}.bias")
            self._read[id(module)] = W, b
        return self._read[id(module)]


def _add(reader: _Reader, module: Any, place: str) -> None:
    kind = base(module, MODULES)
    if type(module).forward is not kind.forward:  # type: ignore[attr-defined]  # every module has one
        _add_own(reader, module, place)
    elif kind.__name__ in STEPS:
        STEPS[kind.__name__](reader, module, place)
    elif kind.__name__ not in IDLE:
        _add_activation(reader, module, place, kind.__name__)


def _add_sequence(reader: _Reader, module: Any, place: str) -> None:
    for k, each in enumerate(module):
        _add(reader, each, f"{place}[{k}]")


def _add_dense(reader: _Reader, module: Any, place: str) -> None:
    reader.add(place, Chain.dense, *reader.dense(module, place))


def _add_normalising(reader: _Reader, module: Any, place: str) -> None:
    if module.running_mean is None:
        raise ValueError(f"{place}: {told(module)} has no running averages: it is no function of one point")
    found = {
        name: None if getattr(module, name) is None else real_numbers(getattr(module, name), f"{place}.{name}")
        for name in ("running_mean", "running_var", "weight", "bias")
    }
    mean, variance = found["running_mean"], found["running_var"]
    assert mean is not None
    assert variance is not None
    reader.add(place, _normalised, mean, variance, found["weight"], found["bias"], module.eps)


def _normalised(chain: Chain, *numbers: Any) -> Chain:
    return chain.scaled(*normalising(*numbers))


def _add_flatten(reader: _Reader, module: Any, place: str) -> None:
    """Let rows of numbers be rows of numbers."""
    if module.start_dim != 1:
        raise ValueError(f"{place}: {told(module)} mixes points; a network is fed each by itself, Flatten(start_dim=1)")


def _add_softmax(reader: _Reader, module: Any, place: str) -> None:
    if module.dim not in (None, 1, -1):
        raise ValueError(f"{place}: {told(module)} mixes points; a softmax of the units is Softmax(dim=-1)")
    reader.add(place, Chain.activated, SOFTMAX)


def _add_activation(reader: _Reader, module: Any, place: str, kind: str) -> None:
    found = known_as(told(module))
    if found is None or found == SOFTMAX:
        raise ValueError(f"{place}: {_unknown(module, kind)}")
    reader.add(place, Chain.activated, found)


def _unknown(module: Any, kind: str) -> str:
    ours = known_as(kind)
    if ours in ACTIVATIONS:
        return f"{told(module)} is another function than {ours} is here, {ACTIVATIONS[ours].formula}"
    if kind == "LogSoftmax":
        return f"{told(module)} is not read; Softmax in its place gives the probabilities"
    if kind.rstrip("123d") in BY_POINT:
        return f"{told(module)} is not read: {WHY}"
    for part, what in NOT_YET.items():
        if part in kind:
            return f"{kind}: {what} networks are not read yet"
    return f"{told(module)} is not read; there are {KNOWN} {known_names()} and softmax"


def _add_own(reader: _Reader, module: Any, place: str) -> None:
    """Take a module that somebody wrote for the activation that it computes, if it is one: it is tried."""
    if next(iter(module.parameters()), None) is not None:
        raise ValueError(
            f"{place}: {named(module)} has a forward of its own; residual networks, and others than a Sequential, are "
            "not read yet (if there is a Sequential in it, hand in that)"
        )
    found = _measured(module, next(iter(reader.model.parameters()), None))
    if not found:
        raise ValueError(f"{place}: {named(module)} computes none of the activations {known_names()}")
    name, factor = found
    if factor != 1.0:
        reader.add(place, Chain.times, np.array(factor))
    reader.add(place, Chain.activated, name)


def _measured(module: Any, sample: Any) -> tuple[str, float] | None:
    """Find f and k so that f(k z) are a module's values at numbers z between -8 and 8 in no order; None without.

    k is 1, or a number that the module holds, such as the frequency of a sine, or what divides by that.
    """
    if sample is None:
        return None
    z = np.random.default_rng(0).uniform(-8.0, 8.0, (1, 400))
    try:
        seen = real_numbers(module(sample.detach().double().new_tensor(z.tolist())), "")
    except Exception:  # whatever somebody's code raises where it is fed something else
        return None
    for factor in _factors(module):
        for each in ACTIVATIONS.values():
            if _agree(each.function(factor * z), seen):
                return each.name, factor
    return None


def _factors(module: Any) -> list[float]:
    numbers = [float(each) for each in vars(module).values() if type(each) in (int, float) and 1e-6 < abs(each) < 1e6]
    return [1.0, *numbers, *(1.0 / each for each in numbers)]


def _agree(ours: npt.NDArray[np.floating], seen: Array) -> bool:
    return ours.shape == seen.shape and bool((np.abs(ours - seen) <= 1e-9).all())


Step = Callable[[_Reader, Any, str], None]
STEPS: dict[str, Step] = {
    "Sequential": _add_sequence,
    "Linear": _add_dense,
    "BatchNorm1d": _add_normalising,
    "Flatten": _add_flatten,
    "Softmax": _add_softmax,
}
