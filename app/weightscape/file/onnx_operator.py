"""What each operator of an ONNX graph does to a network that is being put together, or why it cannot be read.

Operators, their attributes and defaults: https://onnx.ai/onnx/operators.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any, cast

import numpy as np

from weightscape.file.member import quoted
from weightscape.file.onnx_formula import Call, Case, Formula, above, product, quotient
from weightscape.file.onnx_value import (
    RESIDUAL,
    Array,
    Attributes,
    Computed,
    Value,
    constant,
    first,
    number,
    sides,
    vector,
)
from weightscape.network.normalising import BY_POINT, WHY, normalising

FLOAT, DOUBLE = 1, 11  # numbers of ONNX's types
TRAINING = "training_mode is on; export the network in inference mode"


def applied(kind: str, values: Sequence[Value], attributes: Attributes, outputs: int = 1) -> Value:
    """Make the first of an operator's `outputs`. Raises ValueError for one not known, or of other values than here."""
    if not any(isinstance(value, Computed) for value in values):
        if kind not in CONSTANT or not values:
            raise ValueError("only dense layers are read, and this operator makes no weights of constants")
        return CONSTANT[kind](cast(Sequence[Array], values), attributes)
    if kind in BY_POINT:
        raise ValueError(WHY)
    if kind not in OPERATORS:
        raise ValueError("the operator is not known (docs/weights-files.md lists those that are)")
    if any(isinstance(value, Computed) and value.is_softmax for value in values) and kind not in NOTHING:
        raise ValueError("softmax comes before it, and is read as a last layer alone")
    if kind == "BatchNormalization" and outputs > 1:  # so it was told before there was an attribute for it
        raise ValueError(TRAINING)
    return OPERATORS[kind](values, attributes)


def _gemm(values: Sequence[Value], told: Attributes) -> Value:
    h, B, C = first(values), constant(values, 1), values[2] if len(values) > 2 else np.zeros(0)
    if told.get("transA", 0):
        raise ValueError("transA=1 turns the input round; only rows of inputs are read")
    if B.ndim != 2:
        raise ValueError(f"its weights have shape {B.shape}, and are no matrix")
    W = np.ascontiguousarray(B.T) if told.get("transB", 0) else B
    alpha, beta = float(told.get("alpha", 1.0)), float(told.get("beta", 1.0))
    chain = h.settled().through(W if alpha == 1.0 else alpha * W)
    if isinstance(C, Computed):
        raise ValueError(RESIDUAL)
    return Computed(chain.plus(beta * vector(C)) if C.size else chain)


def _matmul(values: Sequence[Value], told: Attributes) -> Value:
    return Computed(first(values).settled().through(constant(values, 1)))


def _add(values: Sequence[Value], told: Attributes) -> Value:
    h, c = sides(values)
    if isinstance(c, Computed):
        raise ValueError(RESIDUAL)
    return h.of(h.formula.plus(number(c))) if c.size == 1 else Computed(h.settled().plus(vector(c)))


def _sub(values: Sequence[Value], told: Attributes) -> Value:
    if len(values) == 2 and not isinstance(values[1], Computed):
        return _add((values[0], -values[1]), told)
    return _add((values[0], _neg(values[1:], told)), told)


def _mul(values: Sequence[Value], told: Attributes) -> Value:
    h, c = sides(values)
    if isinstance(c, Computed):
        if c.chain is not h.chain:
            raise ValueError(RESIDUAL)
        return h.of(product(h.formula, c.formula))
    return h.of(h.formula.times(number(c))) if c.size == 1 else Computed(h.settled().times(vector(c)))


def _div(values: Sequence[Value], told: Attributes) -> Value:
    h = first(values)
    if len(values) == 2 and isinstance(values[1], Computed) and values[1].chain is h.chain:
        return h.of(quotient(h.formula, values[1].formula))
    c = constant(values, 1)
    if not np.all(c):
        raise ValueError("it divides by 0")
    return h.of(h.formula.times(1.0 / number(c))) if c.size == 1 else Computed(h.settled().times(1.0 / vector(c)))


def _neg(values: Sequence[Value], told: Attributes) -> Value:
    h = first(values)
    return h.of(h.formula.times(-1.0))


def _pow(values: Sequence[Value], told: Attributes) -> Value:
    h, c = first(values), constant(values, 1)
    if c.size != 1 or number(c) != 2.0:
        raise ValueError("only a power of 2 is read")
    return h.of(product(h.formula, h.formula))


def _greater(values: Sequence[Value], told: Attributes) -> Value:
    h, c = first(values), constant(values, 1)
    if c.size != 1:
        raise ValueError(f"it compares with {c.size} numbers")
    return h.of(above(h.formula, number(c)))


def _where(values: Sequence[Value], told: Attributes) -> Value:
    parts = [value for value in values if isinstance(value, Computed)]
    if len(parts) != 3 or any(each.chain is not parts[0].chain for each in parts):
        raise ValueError(RESIDUAL)
    return parts[0].of(Formula(Case(*(each.formula for each in parts))))


def _normalised(values: Sequence[Value], told: Attributes) -> Value:
    if told.get("training_mode", 0) or not told.get("is_test", 1):
        raise ValueError(TRAINING)
    weight, bias, mean, variance = (constant(values, place) for place in range(1, 5))
    a, c = normalising(mean, variance, weight, bias, float(told.get("epsilon", 1e-5)))
    return Computed(first(values).settled().scaled(a, c))


def _softmax(values: Sequence[Value], told: Attributes) -> Value:
    if told.get("axis", -1) not in (-1, 1):
        raise ValueError(f"axis={told['axis']}; softmax over the outputs alone is read")
    return Computed(first(values).settled().closed("softmax"), is_softmax=True)


def _nothing(values: Sequence[Value], told: Attributes) -> Value:
    return first(values)


def _dropout(values: Sequence[Value], told: Attributes) -> Value:
    if len(values) > 2 and np.any(constant(values, 2)):
        raise ValueError(TRAINING)
    return first(values)


def _cast(values: Sequence[Value], told: Attributes) -> Value:
    if told.get("to") not in (FLOAT, DOUBLE):
        raise ValueError(f"to={told.get('to')}; only float and double are read")
    return first(values)


def _flatten(values: Sequence[Value], told: Attributes) -> Value:
    if told.get("axis", 1) != 1:
        raise ValueError(f"axis={told['axis']} changes the shape; axis=1 is read")
    return first(values)


def _reshape(values: Sequence[Value], told: Attributes) -> Value:
    h, shape = first(values), [int(n) for n in constant(values, 1).ravel()[:9]]
    width = h.chain.width
    is_row = len(shape) == 2 and (shape[1] == -1 or width in (None, shape[1]))
    if not is_row and not (width == 1 and len(shape) == 1):
        raise ValueError(f"shape={shape} takes {width or 'unknown many'} values apart; only (n, {width or -1}) is read")
    return h


def _squeeze(values: Sequence[Value], told: Attributes) -> Value:
    h = first(values)
    if h.chain.width != 1:
        raise ValueError(f"it takes {h.chain.width or 'unknown many'} values apart; of one value it is read")
    return h


def _unary(name: str) -> "Operator":
    def apply(values: Sequence[Value], told: Attributes) -> Value:
        h = first(values)
        return h.of(Formula(Call(name, h.formula)))

    return apply


def _fixed(name: str, attribute: str, default: Any, wanted: Any) -> "Operator":
    """Read an activation that has an attribute, of which the table has one value alone."""

    def apply(values: Sequence[Value], told: Attributes) -> Value:
        value = told.get(attribute, default)
        value = value.decode("ascii", "replace") if isinstance(value, bytes) else value
        same = math.isclose(value, wanted, rel_tol=1e-6) if isinstance(value, float | int) else value == wanted
        if not same:
            shown = f"{value:.7g}" if isinstance(value, float) else quoted(str(value))
            raise ValueError(f"{attribute}={shown}; {name} has {attribute}={wanted} here")
        return _unary(name)(values, told)

    return apply


def _turned(values: Sequence[Array], told: Attributes) -> Array:
    order = told.get("perm", list(range(values[0].ndim))[::-1])
    if sorted(order) != list(range(values[0].ndim)):
        raise ValueError(f"perm={str(order)[:40]} is no order of {values[0].ndim} sides")
    return np.ascontiguousarray(values[0].transpose(order))


def _kept(values: Sequence[Array], told: Attributes) -> Array:
    return values[0]


def _rounded(values: Sequence[Array], told: Attributes) -> Array:
    if told.get("to") not in (FLOAT, DOUBLE):
        raise ValueError(f"to={told.get('to')}; only float and double are read")
    is_fine = told["to"] == DOUBLE or np.array_equal(values[0], values[0].astype(np.float32), equal_nan=True)
    return values[0] if is_fine else values[0].astype(np.float32).astype(np.float64)


Operator = Callable[[Sequence[Value], Attributes], Value]
FUNCTIONS = ("Tanh", "Sigmoid", "Relu", "Softplus", "Softsign", "Sin", "Cos", "Abs", "Erf", "Exp", "Asin")
NOTHING = ("Identity", "Dropout", "Flatten", "Reshape", "Squeeze", "Cast")
OPERATORS: dict[str, Operator] = {
    "Gemm": _gemm,
    "MatMul": _matmul,
    "Add": _add,
    "Sub": _sub,
    "Mul": _mul,
    "Div": _div,
    "Neg": _neg,
    "Pow": _pow,
    "Greater": _greater,
    "Where": _where,
    "Identity": _nothing,
    "Dropout": _dropout,
    "Flatten": _flatten,
    "Reshape": _reshape,
    "Squeeze": _squeeze,
    "Cast": _cast,
    "BatchNormalization": _normalised,
    "Softmax": _softmax,
    "LeakyRelu": _fixed("leaky_relu", "alpha", 0.01, 0.01),
    "Elu": _fixed("elu", "alpha", 1.0, 1.0),
    "Gelu": _fixed("gelu", "approximate", "none", "none"),
    "Swish": _fixed("silu", "alpha", 1.0, 1.0),
    **{name: _unary(name.lower()) for name in FUNCTIONS},
}
CONSTANT: dict[str, Callable[[Sequence[Array], Attributes], Array]] = {
    "Identity": _kept,
    "Transpose": _turned,
    "Cast": _rounded,
}
