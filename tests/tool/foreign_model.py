"""Stand-ins for PyTorch's modules and scikit-learn's estimators: their names, their attributes, and what they compute.

The heavy tests see that the programs themselves are like these.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from weightscape.network.activation import ACTIVATIONS

Array = npt.NDArray[Any]
RNG = np.random.default_rng(18)


class Tensor:
    """As much of a tensor as is asked for numbers."""

    def __init__(self, numbers: npt.ArrayLike) -> None:
        self.array = np.asarray(numbers)
        self.dtype = f"torch.{self.array.dtype}"
        self.shape = self.array.shape

    def detach(self) -> "Tensor":
        return self

    def cpu(self) -> "Tensor":
        return self

    def double(self) -> "Tensor":
        return Tensor(self.array.astype(np.float64))

    def new_tensor(self, numbers: Any) -> "Tensor":
        return Tensor(np.array(numbers, self.array.dtype))

    def numpy(self) -> Array:
        return self.array

    def __array__(self, dtype: Any = None, copy: Any = None) -> Array:
        raise RuntimeError("it has a gradient")


class Module:
    """What all modules have."""

    __module__ = "torch.nn.modules.module"
    text = "()"
    training = False

    def forward(self, x: Array) -> Array:
        raise NotImplementedError

    def parameters(self) -> Iterator[Tensor]:
        return iter(())

    def __call__(self, x: Tensor) -> Tensor:
        return Tensor(self.forward(x.array))

    def __repr__(self) -> str:
        return type(self).__name__ + self.text


class Linear(Module):
    __module__ = "torch.nn.modules.linear"

    def __init__(self, n: int, m: int, bias: bool = True, dtype: Any = np.float32) -> None:
        self.weight = Tensor((RNG.normal(size=(m, n)) / math.sqrt(n)).astype(dtype))
        self.bias = Tensor(RNG.normal(size=m).astype(dtype)) if bias else None

    def parameters(self) -> Iterator[Tensor]:
        yield self.weight

    def forward(self, x: Array) -> Array:
        return x @ self.weight.array.T + (self.bias.array if self.bias else 0.0)


class BatchNorm1d(Module):
    __module__ = "torch.nn.modules.batchnorm"
    text, eps = "(8)", 1e-5

    def __init__(self, n: int, affine: bool = True, averages: bool = True) -> None:
        self.running_mean = Tensor(RNG.normal(size=n)) if averages else None
        self.running_var = Tensor(RNG.uniform(0.2, 3.0, n)) if averages else None
        self.weight = Tensor(RNG.normal(size=n)) if affine else None
        self.bias = Tensor(RNG.normal(size=n)) if affine else None

    def forward(self, x: Array) -> Array:
        assert self.running_mean
        assert self.running_var
        h: Array = (x - self.running_mean.array) / np.sqrt(self.running_var.array + self.eps)
        return h * self.weight.array + self.bias.array if self.weight and self.bias else h


class Sequential(Module):
    __module__ = "torch.nn.modules.container"

    def __init__(self, *parts: Module) -> None:
        self.parts = parts

    def __iter__(self) -> Iterator[Module]:
        return iter(self.parts)

    def parameters(self) -> Iterator[Tensor]:
        return (each for part in self.parts for each in part.parameters())

    def forward(self, x: Array) -> Array:
        for part in self.parts:
            x = part.forward(x)
        return x


def unit_wise(name: str, text: str = "()", ours: str = "identity", **attributes: Any) -> Module:
    """A module by its name that does to each number what an activation does."""

    def forward(self: Module, x: Array) -> Array:
        return ACTIVATIONS[ours].function(x)

    members = {"__module__": "torch.nn.modules.activation", "forward": forward, "text": text, **attributes}
    made: Module = type(name, (Module,), members)()
    return made


class Softmax(Module):
    __module__ = "torch.nn.modules.activation"

    def __init__(self, dim: int | None = -1) -> None:
        self.dim, self.text = dim, f"(dim={dim})"

    def forward(self, x: Array) -> Array:
        e = np.exp(x - x.max(-1, keepdims=True))
        return np.asarray(e / e.sum(-1, keepdims=True))


def own(function: Callable[[Array], Array], *parameters: Tensor) -> Module:
    """A module that somebody wrote."""
    members = {"forward": lambda self, x: function(x), "parameters": lambda self: iter(parameters)}
    made: Module = type("Own", (Module,), {"__module__": "mine", **members})()
    return made


def estimator(kind: str, module: str = "sklearn.neural_network", /, **attributes: Any) -> Any:
    """An estimator by its name and attributes."""
    return type(kind, (), {"__module__": module, "__repr__": lambda self: f"{kind}()", **attributes})()


def fitted(kind: str = "MLPClassifier", *widths: int, **changes: Any) -> Any:
    """A network of scikit-learn's, relu and softmax if nothing else is said."""
    pairs = list(pairwise(widths))
    learnt: Mapping[str, Any] = {
        "coefs_": [RNG.normal(size=pair) / math.sqrt(pair[0]) for pair in pairs],
        "intercepts_": [RNG.normal(size=m) for _, m in pairs],
        "activation": "relu",
        "out_activation_": "softmax",
    }
    return estimator(kind, **{**learnt, **changes})


def pipeline(*steps: Any) -> Any:
    """A Pipeline of steps."""
    return estimator("Pipeline", "sklearn.pipeline", steps=[(f"step {k}", step) for k, step in enumerate(steps)])
