"""A network that is being put together from a graph's operators: finished layers, and what is not yet a layer.

Behind the finished layers stands h W + t, or h s + t where no matrix has come yet; scales and shifts are folded into
the matrices beside them, all in float64. A layer without an activation is one with the identity.
"""

from dataclasses import dataclass, field, replace

import numpy as np

from weightscape.file.layer_shape import MAX_WIDTH
from weightscape.file.member import Floats
from weightscape.file.onnx_formula import ACTIVATIONS, Call, Formula, known, strange
from weightscape.network.network import MAX_LAYERS, MAX_WEIGHTS

ONE, ZERO = np.array(1.0), np.array(0.0)


@dataclass(frozen=True, eq=False)
class Stage:
    """Hold layers (W, b, activation), a matrix if one is waiting, and a scale and a shift, single numbers or vectors.

    `width`: how many values there are, None at the input of a graph that does not tell. `count`: of distinct weights.
    """

    width: int | None
    layers: tuple[tuple[Floats, Floats, str], ...] = ()
    matrix: Floats | None = None
    scale: Floats = field(default_factory=lambda: ONE)
    shift: Floats = field(default_factory=lambda: ZERO)
    count: int = 0

    def through(self, W: Floats) -> "Stage":
        """Multiply by a matrix (inputs, outputs). Raises ValueError where it does not fit."""
        if self.matrix is not None:
            return self.closed("identity").through(W)
        if W.ndim != 2 or 0 in W.shape or self.width not in (None, W.shape[0]):
            raise ValueError(f"a matrix {W.shape} behind {self.width} values")
        rows = np.broadcast_to(self.scale, W.shape[:1])
        shift = np.broadcast_to(self.shift, W.shape[:1]) @ W if np.any(self.shift) else ZERO
        matrix = W if np.all(rows == 1.0) else rows[:, None] * W
        return replace(self, width=W.shape[1], matrix=matrix, scale=ONE, shift=shift)

    def times(self, c: Floats) -> "Stage":
        """Multiply by a number or a vector. Raises ValueError where it does not fit."""
        self._check(c)
        if self.matrix is not None:
            return replace(self, matrix=self.matrix * c, shift=self.shift * c)
        return replace(self, scale=self.scale * c, shift=self.shift * c)

    def plus(self, c: Floats) -> "Stage":
        """Add a number or a vector. Raises ValueError where it does not fit."""
        self._check(c)
        return replace(self, shift=self.shift + c)

    def closed(self, activation: str) -> "Stage":
        """End the layer with an activation. Raises ValueError where no matrix can be made for it."""
        W = self.matrix
        if W is None:
            if not self.width or self.width > MAX_WIDTH:
                raise ValueError(f"{activation} of {self.width or 'unknown many'} values that no matrix has made")
            W = np.diag(np.broadcast_to(self.scale, (self.width,)))
        b = np.broadcast_to(self.shift, W.shape[1:]).astype(np.float64)
        before = self.layers[-1][0] if self.layers else np.zeros(0)
        is_same = np.array_equal(W, before)
        count = self.count + W.size * (not is_same)
        if len(self.layers) >= MAX_LAYERS or count > MAX_WEIGHTS:
            raise ValueError(f"it makes more than {MAX_LAYERS} layers, or more than {MAX_WEIGHTS} weights")
        layer = before if is_same else np.ascontiguousarray(W), b, activation
        return Stage(W.shape[1], (*self.layers, layer), count=count)

    def finished(self) -> "Stage":
        """End the network: what stands behind the last layer becomes one with the identity."""
        is_bare = self.matrix is None and np.all(self.scale == 1.0) and np.all(self.shift == 0.0)
        return self if is_bare and self.layers else self.closed("identity")

    def _check(self, c: Floats) -> None:
        if c.size > 1 and (c.shape != (self.width,)):
            raise ValueError(f"an array {c.shape} beside {self.width} values")


def settled(stage: Stage, formula: Formula) -> Stage:
    """Take a function of each value for a layer's activation. Raises ValueError where it is none of the table."""
    if formula.is_plain:
        return _scaled(stage, formula.scale, formula.shift)
    found = known(formula)
    if found is not None:
        return _scaled(_scaled(stage, *found.inner).closed(found.activation), *found.outer)
    if not isinstance(formula.core, Call) or formula.core.name not in ACTIVATIONS:
        raise ValueError(strange(formula))
    inside = settled(stage, formula.core.of)  # one activation after another: a layer each
    return _scaled(inside.closed(formula.core.name), formula.scale, formula.shift)


def _scaled(stage: Stage, scale: float, shift: float) -> Stage:
    """Scale and shift all values, where that changes them."""
    stage = stage if scale == 1.0 else stage.times(np.array(scale))
    return stage if shift == 0.0 else stage.plus(np.array(shift))
