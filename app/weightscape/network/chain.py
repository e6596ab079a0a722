"""Layers of a network of another program, put together one after the other; what only scales folds into them.

Behind the finished layers stands h W + t, or h s + t where no matrix has come yet. A normalising layer in inference and
a scaler are such an s and t, a number a unit. After a matrix they fold into it: (h W + b) s + t = h (W s) + (b s + t).
Before one, too: (h s + t) W + b = h (s W) + (t W + b). Nothing of it is rounded to less than float64.
"""

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from weightscape.network.limit import MAX_WIDTH

Array = npt.NDArray[np.float64]
# Weights (inputs, outputs), biases (outputs,) and an activation's name.
Layer = tuple[Array, Array, str]
ONE, ZERO = np.array(1.0), np.array(0.0)


@dataclass(frozen=True, eq=False)
class Chain:
    """Hold layers, a matrix if one is waiting, and a scale and a shift, single numbers or vectors.

    `width`: how many values there are, None where nothing tells. `is_turned`: the matrix is no layer's, and folds into
    the next one. `count`: of distinct weights. Each step gives a chain of its own, so that a graph may branch.
    """

    width: int | None = None
    layers: tuple[Layer, ...] = ()
    matrix: Array | None = None
    scale: Array = field(default_factory=lambda: ONE)
    shift: Array = field(default_factory=lambda: ZERO)
    is_turned: bool = False
    count: int = 0

    def dense(self, W: Array, b: Array) -> "Chain":
        """Add h W + b: W (inputs, outputs), b (outputs,). Raises ValueError for shapes that do not follow."""
        if W.ndim != 2 or b.shape != W.shape[1:] or self.width not in (None, len(W)):
            follow = f", after {self.width} units" if self.width else ""
            raise ValueError(f"weights of shape {W.shape} and biases of shape {b.shape} do not fit together{follow}")
        return self.through(W).plus(b)

    def through(self, W: Array) -> "Chain":
        """Multiply by a matrix (inputs, outputs). Raises ValueError where it does not fit."""
        if self.matrix is not None and not self.is_turned:
            return self.closed("identity").through(W)
        if W.ndim != 2 or 0 in W.shape or self.width not in (None, len(W)):
            raise ValueError(f"a matrix {W.shape} behind {self.width} values")
        shift = np.broadcast_to(self.shift, W.shape[:1]) @ W if np.any(self.shift) else ZERO
        if self.matrix is not None:
            matrix = self.matrix @ W
        else:
            matrix = W if np.all(self.scale == 1.0) else np.broadcast_to(self.scale, W.shape[:1])[:, None] * W
        return replace(self, width=W.shape[1], matrix=matrix, scale=ONE, shift=shift, is_turned=False)

    def turned(self, A: Array, c: Array) -> "Chain":
        """Add h A + c, A (inputs, outputs), that is no layer but folds into the next. Raises ValueError."""
        return replace(self.through(A).plus(c), is_turned=True)

    def times(self, c: Array) -> "Chain":
        """Multiply by a number or a vector. Raises ValueError where it does not fit."""
        self._check(c)
        if self.matrix is not None:
            return replace(self, matrix=self.matrix * c, shift=self.shift * c)
        return replace(self, scale=self.scale * c, shift=self.shift * c)

    def plus(self, c: Array) -> "Chain":
        """Add a number or a vector. Raises ValueError where it does not fit."""
        self._check(c)
        return replace(self, shift=self.shift + c if np.any(self.shift) else c)

    def scaled(self, a: Array, c: Array) -> "Chain":
        """Add h a + c, (units,) both, of as many units as there are. Raises ValueError for another number of them."""
        if a.ndim != 1 or a.shape != c.shape or self.width not in (None, len(a)):
            raise ValueError(f"{a.shape} numbers scale {self.width} units")
        return replace(self, width=len(a)).times(a).plus(c)

    def closed(self, activation: str) -> "Chain":
        """End the layer with an activation. Raises ValueError where no matrix can be made for it."""
        W = self.matrix
        if W is None:
            W = np.diag(np.broadcast_to(self.scale, (self._unit_width(),)))
        b = self.shift if self.shift.shape == W.shape[1:] else np.broadcast_to(self.shift, W.shape[1:]).copy()
        before = self.layers[-1][0] if self.layers else np.zeros(0)
        W = before if np.array_equal(W, before) else W
        is_known = any(W is each for each, _, _ in self.layers)
        layers = (*self.layers, (W, b, activation))
        return Chain(W.shape[1], layers, count=self.count + W.size * (not is_known))

    def activated(self, name: str) -> "Chain":
        """Add an activation by its name in the table; the identity is none. Raises ValueError as closed() does."""
        return self if name == "identity" else self.closed(name)

    def finished(self) -> "Chain":
        """End the network: what stands behind the last layer becomes one with the identity. Raises ValueError."""
        if self.width is None:
            raise ValueError("there is no layer with weights")
        is_bare = self.matrix is None and np.all(self.scale == 1.0) and np.all(self.shift == 0.0)
        return self if is_bare and self.layers else self.closed("identity")

    def _check(self, c: Array) -> None:
        if c.size > 1 and (c.shape != (self.width,)):
            raise ValueError(f"an array {c.shape} beside {self.width} values")

    def _unit_width(self) -> int:
        """Count the units of a layer that has no matrix of its own."""
        if self.width is None:
            raise ValueError("it stands before the first layer with weights, and nothing tells how many values it has")
        if self.width > MAX_WIDTH:
            raise ValueError(f"no matrix has made its {self.width} values; at most {MAX_WIDTH} units a layer are read")
        return self.width
