"""Layers of a model of another program, collected one after the other; what only scales each unit folds into them.

A normalising layer in inference, and a scaler before the first layer, are x a + c with a number a unit. After a dense
layer they fold into it: (h W + b) a + c = h (W a) + (b a + c). Before one they fold into it, too:
(x a + c) W + b = x (a W) + (b + c W). Nothing of it is rounded to less than float64.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
# Weights (inputs, outputs), biases (outputs,) and an activation's name, of each layer.
Layers = tuple[list[Array], list[Array], list[str]]


def normalising(
    mean: Array, variance: Array, weight: Array | None, bias: Array | None, eps: float
) -> tuple[Array, Array]:
    """Return a, c of x a + c = (x - mean) / sqrt(variance + eps) weight + bias: batch normalisation in inference.

    All are (units,); `weight` None is 1 and `bias` None 0. Formula: Ioffe & Szegedy (2015), algorithm 2.
    """
    a = 1.0 / np.sqrt(variance + eps)
    if weight is not None:
        a = a * weight
    c = -mean * a
    return a, c if bias is None else c + bias


@dataclass
class Chain:
    """Collect layers in the order in which a point goes through them."""

    _weights: list[Array] = field(default_factory=list)
    _biases: list[Array] = field(default_factory=list)
    _names: list[str] = field(default_factory=list)
    # What scales or turns the values between two layers, and is to fold into the second: (units,) or a matrix, and c.
    _between: tuple[Array, Array] | None = None

    def dense(self, W: Array, b: Array) -> None:
        """Add h W + b: W (inputs, outputs), b (outputs,). Raises ValueError for shapes that do not follow."""
        if W.ndim != 2 or b.shape != W.shape[1:] or self._width not in (None, len(W)):
            follow = f", after {self._width} units" if self._width else ""
            raise ValueError(f"weights of shape {W.shape} and biases of shape {b.shape} do not fit together{follow}")
        if self._is_open:
            self._names.append("identity")
        if self._between:
            a, c = self._between
            W, b, self._between = (a @ W if a.ndim == 2 else a[:, None] * W), b + c @ W, None
        self._weights.append(W)
        self._biases.append(b)

    def scaled(self, a: Array, c: Array) -> None:
        """Add h a + c, both (units,). Raises ValueError for another number of units than there are."""
        if a.ndim != 1 or a.shape != c.shape or self._width not in (None, len(a)):
            raise ValueError(f"{a.shape} numbers scale {self._width} units")
        if self._is_open:
            self._weights[-1], self._biases[-1] = self._weights[-1] * a, self._biases[-1] * a + c
        elif self._between:
            self._between = self._between[0] * a, self._between[1] * a + c
        else:
            self._between = a, c

    def multiplied(self, k: float) -> None:
        """Add h k, of all units alike. Raises ValueError before the first layer."""
        if k != 1.0:
            width = self._known_width()
            self.scaled(np.full(width, k), np.zeros(width))

    def turned(self, A: Array, c: Array) -> None:
        """Add x A + c, A (inputs, outputs), before the first layer, into which it folds."""
        if self._between:
            a, b = self._between
            A, c = (a @ A if a.ndim == 2 else a[:, None] * A), b @ A + c
        self._between = A, c

    def activated(self, name: str) -> None:
        """Add an activation by its name in the table. Raises ValueError before the first layer."""
        if name == "identity":
            return
        if not self._is_open:
            self._unit()
        self._names.append(name)

    def layers(self) -> Layers:
        """Give all layers. Raises ValueError where there are none."""
        if self._between:
            self._unit()
        if self._is_open:
            self._names.append("identity")
        if not self._weights:
            raise ValueError("there is no layer with weights")
        return self._weights, self._biases, self._names

    @property
    def _is_open(self) -> bool:
        """Tell whether the last layer has no activation yet."""
        return len(self._weights) > len(self._names)

    @property
    def _width(self) -> int | None:
        """Count the values that the next step is fed; None where nothing tells."""
        if self._between:
            return len(self._between[1])
        return self._weights[-1].shape[1] if self._weights else None

    def _unit(self) -> None:
        """Add a layer that leaves its values as they are, for what has none of its own."""
        width = self._known_width()
        self.dense(np.eye(width), np.zeros(width))

    def _known_width(self) -> int:
        if self._width is None:
            raise ValueError("it stands before the first layer with weights")
        return self._width
