"""What has become of an ONNX graph's input, or a constant: operands, and what operators may ask of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from weightscape.file.onnx_formula import ACTIVATIONS, Call, Formula, X, checked, known, strange
from weightscape.network.chain import Chain

Array = npt.NDArray[Any]
RESIDUAL = "it joins two computed values; residual networks and other branches are not read"


@dataclass(frozen=True, eq=False)
class Computed:
    """Hold what has become of the input: a chain, and a function of each of its values. Softmax is the end of it."""

    chain: Chain
    formula: Formula = X
    is_softmax: bool = False

    def settled(self) -> Chain:
        """Tell the chain once the function is a layer's activation. Raises ValueError."""
        return self.chain if self.is_softmax else _settled(self.chain, self.formula)

    def of(self, formula: Formula) -> "Computed":
        """Take another function of the chain's values. Raises ValueError for one that is too long."""
        return replace(self, formula=checked(formula))


Value = Computed | Array
Attributes = dict[str, Any]


def first(values: Sequence[Value]) -> Computed:
    """Give the first operand, which is computed. Raises ValueError."""
    if not values or not isinstance(values[0], Computed):
        raise ValueError("it has a constant before what is computed, W x; only x W is read")
    return values[0]


def constant(values: Sequence[Value], place: int) -> Array:
    """Give an operand that is a constant. Raises ValueError."""
    if len(values) <= place:
        raise ValueError(f"it has {len(values)} operands")
    value = values[place]
    if isinstance(value, Computed):
        raise ValueError(f"{RESIDUAL}, nor are weights that are computed")
    return value


def sides(values: Sequence[Value]) -> tuple[Computed, Value]:
    """Tell the two operands of a sum or product, a computed one first. Raises ValueError."""
    if len(values) != 2:
        raise ValueError(f"it has {len(values)} operands")
    a, b = values if isinstance(values[0], Computed) else values[::-1]
    return first([a]), b


def vector(c: Array) -> Array:
    """Take (n,), (1, n) or one number as a vector of n or a number. Raises ValueError."""
    if c.size != (c.shape[-1] if c.ndim else 1):
        raise ValueError(f"an array {c.shape} beside a row of values")
    return c.reshape(-1) if c.size > 1 else c.reshape(())


def number(c: Array) -> float:
    """Give the one number of an array."""
    return float(c.reshape(-1)[0])


def _settled(chain: Chain, formula: Formula) -> Chain:
    """Take a function of each value for a layer's activation. Raises ValueError where it is none of the table."""
    if formula.is_plain:
        return _scaled(chain, formula.scale, formula.shift)
    found = known(formula)
    if found is not None:
        return _scaled(_scaled(chain, *found.inner).closed(found.activation), *found.outer)
    if not isinstance(formula.core, Call) or formula.core.name not in ACTIVATIONS:
        raise ValueError(strange(formula))
    inside = _settled(chain, formula.core.of)  # one activation after another: a layer each
    return _scaled(inside.closed(formula.core.name), formula.scale, formula.shift)


def _scaled(chain: Chain, scale: float, shift: float) -> Chain:
    """Scale and shift all values, where that changes them."""
    chain = chain if scale == 1.0 else chain.times(np.array(scale))
    return chain if shift == 0.0 else chain.plus(np.array(shift))
