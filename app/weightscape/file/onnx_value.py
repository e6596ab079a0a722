"""What has become of an ONNX graph's input, or a constant: operands, and what operators may ask of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy.typing as npt

from weightscape.file.onnx_formula import Formula, X, checked
from weightscape.file.onnx_stage import Stage, settled

Array = npt.NDArray[Any]
RESIDUAL = "it joins two computed values; residual networks and other branches are not read"


@dataclass(frozen=True, eq=False)
class Computed:
    """Hold what has become of the input: a stage, and a function of each of its values. Softmax is the end of it."""

    stage: Stage
    formula: Formula = X
    is_softmax: bool = False

    def settled(self) -> Stage:
        """Tell the stage once the function is a layer's activation. Raises ValueError."""
        return self.stage if self.is_softmax else settled(self.stage, self.formula)

    def of(self, formula: Formula) -> "Computed":
        """Take another function of the stage's values. Raises ValueError for one that is too long."""
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
