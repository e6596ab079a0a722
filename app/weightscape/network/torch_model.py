"""PyTorch's Sequential of dense layers and activations, as it is in inference: dropout does nothing then.

Source: torch.nn, by its documentation. Modules are known by the names of their classes; hooks are refused.
"""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from weightscape.network.activation import ACTIVATIONS
from weightscape.network.activation_name import known_as, known_names
from weightscape.network.chain import Array, Chain
from weightscape.network.foreign import LONGEST, base, named, not_yet, real_numbers, told
from weightscape.network.normalising import BY_POINT, WHY, normalising
from weightscape.network.softmax import SOFTMAX
from weightscape.network.tried_activation import tried

MODULES = "torch.nn.modules"
IDLE = ("Identity", "Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout", "FeatureAlphaDropout")
# What does as the module in it does, by the name of its attribute.
WRAPPERS = {
    "DataParallel": "module",
    "DistributedDataParallel": "module",
    "AveragedModel": "module",
    "OptimizedModule": "_orig_mod",
}
HOOKS = {"_forward_pre_hooks": "forward pre-hook", "_forward_hooks": "forward hook"}
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
    _check_calls(module, place)
    inside = WRAPPERS.get(named(module)) if type(module).__module__.startswith("torch.") else None
    if inside:
        _add(reader, getattr(module, inside), f"{place}.{inside}")
        return
    kind = base(module, MODULES)
    if _is_own(module, kind):
        _add_own(reader, module, place)
    elif kind.__name__ in STEPS:
        STEPS[kind.__name__](reader, module, place)
    elif kind.__name__ not in IDLE:
        _add_activation(reader, module, place, kind.__name__)


def _check_calls(module: Any, place: str) -> None:
    """Raise ValueError for a module that is a program, and for one that is more than its forward."""
    if any(each.__module__.startswith("torch.jit") for each in type(module).__mro__):
        raise ValueError(f"{place}: {named(module)} is TorchScript, a program; hand in the module that it was made of")
    hooks = {} if named(module).startswith("Lazy") else HOOKS  # those have PyTorch's own, and no weights yet
    for attribute, what in hooks.items():
        for hook in (getattr(module, attribute, None) or {}).values():
            name = getattr(hook, "__name__", named(hook))[:LONGEST]
            raise ValueError(f"{place}: {named(module)} has a {what}, {name}, which is not read; take it off first")
    if module.training and any("SpectralNorm" in named(each) for each in _parametrizations(module)):
        raise ValueError(f"{place}: {named(module)} has a SpectralNorm that is still training; call model.eval() first")


def _parametrizations(module: Any) -> Iterable[Any]:
    """List what computes a module's weights, anew each time they are asked for."""
    found = getattr(module, "parametrizations", None)
    return () if found is None else found.modules()


def _is_own(module: Any, kind: type) -> bool:
    """Tell whether somebody has written what a module does, for its class or for itself alone."""
    own = type(module)
    is_changed = any(getattr(own, name) is not getattr(kind, name) for name in ("forward", "__call__"))
    return is_changed or "forward" in vars(module)


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
    if what := not_yet(kind):
        return f"{kind}: {what}"
    return f"{told(module)} is not read; there are {KNOWN} {known_names()} and softmax"


def _add_own(reader: _Reader, module: Any, place: str) -> None:
    """Take a module that somebody wrote for the activation that it computes, if it is one: it is tried."""
    if next(iter(module.parameters()), None) is not None:
        raise ValueError(
            f"{place}: {named(module)} has a forward of its own, which is not read (residual networks are not yet). "
            "Hand in a Sequential that is in it, or, for dense layers one after another, "
            'Network.of(model.state_dict(), ["relu", "identity"]) with the activation of each layer' + _if_first(place)
        )
    try:
        name, factor = tried(module, next(iter(reader.model.parameters()), None))
    except ValueError as error:
        raise ValueError(f"{place}: {error}{_if_first(place)}") from None
    if factor != 1.0:
        reader.add(place, Chain.times, np.array(factor))
    reader.add(place, Chain.activated, name)


def _if_first(place: str) -> str:
    """Say what helps where a module that stands first is Fourier features."""
    return (
        "; Fourier features go before the rest: Network.of(model[1:]).after_fourier(B)" if place == "model[0]" else ""
    )


Step = Callable[[_Reader, Any, str], None]
STEPS: dict[str, Step] = {
    "Sequential": _add_sequence,
    "Linear": _add_dense,
    "BatchNorm1d": _add_normalising,
    "Flatten": _add_flatten,
    "Softmax": _add_softmax,
}
