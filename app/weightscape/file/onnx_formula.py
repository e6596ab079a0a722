"""What function of one number an expression is: products, sums, constants; and which activation of the table it is.

Programs write some activations out, such as silu as x sigmoid(x). An expression is kept as scale x core + shift, where
the core has neither factor nor summand of its own: so x / 2 (1 + erf(x / sqrt 2)) and x (erf(...) / 2 + 1 / 2) are one.
"""

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

# Functions and factors of one formula: no entry of WRITTEN_OUT has ten, and a few activations may follow each other.
MAX_SIZE = 32
ALIKE = 1e-6  # relative; constants are often float32


@dataclass(frozen=True)
class Formula:
    """Hold scale x core + shift. The core is "x", a `Call`, a `Product` or a `Case`."""

    core: "str | Call | Product | Case" = "x"
    scale: float = 1.0
    shift: float = 0.0

    def times(self, factor: float) -> "Formula":
        """Multiply by a number."""
        return replace(self, scale=self.scale * factor, shift=self.shift * factor)

    def plus(self, summand: float) -> "Formula":
        """Add a number."""
        return replace(self, shift=self.shift + summand)

    @property
    def is_plain(self) -> bool:
        """Tell whether it is x itself, scaled and shifted at most."""
        return self.core == "x"

    @cached_property
    def size(self) -> int:
        """Count its functions, each as often as it is written: a node that is used twice counts twice."""
        if isinstance(self.core, str):
            return 1
        inside = self.core.factors if isinstance(self.core, Product) else self.core[-1:]
        inside = self.core if isinstance(self.core, Case) else inside
        return 1 + sum(each.size for each in inside if isinstance(each, Formula))


class Call(NamedTuple):
    """Name a function of a formula."""

    name: str
    of: Formula


class Product(NamedTuple):
    """Hold the factors of a product, each of scale 1."""

    factors: tuple[Formula, ...]


class Case(NamedTuple):
    """Choose between two formulas by a condition, which is a call."""

    condition: Formula
    then: Formula
    other: Formula


class Known(NamedTuple):
    """Say that an expression is scale x activation(inner scale x + inner shift) + shift."""

    activation: str
    inner: tuple[float, float]
    outer: tuple[float, float]


Core = str | Call | Product | Case
X = Formula()


def product(a: Formula, b: Formula) -> Formula:
    """Multiply two formulas; a product of products is one product."""
    if not a.scale or not b.scale:
        return b.times(a.shift) if not a.scale else a.times(b.shift)
    parts: list[Formula] = []
    for each in (a, b):
        if isinstance(each.core, Product) and not each.shift:
            parts += each.core.factors
        else:
            parts.append(replace(each, scale=1.0, shift=each.shift / each.scale))
    return Formula(Product(tuple(sorted(parts, key=_key))), a.scale * b.scale)


def quotient(a: Formula, b: Formula) -> Formula:
    """Divide two formulas."""
    return product(a, Formula(Call("reciprocal", b)))


def above(a: Formula, number: float) -> Formula:
    """Say that a formula is greater than a number."""
    return Formula(Call("above", a.plus(-number)))


def known(formula: Formula) -> Known | None:
    """Find the activation of the table that a formula is, scaled and shifted at most, inside and outside; else None."""
    core, outer = formula.core, (formula.scale, formula.shift)
    if isinstance(core, Call) and core.of.is_plain and core.name in ACTIVATIONS:
        return Known(core.name, (core.of.scale, core.of.shift), outer)
    for name, (pattern, factor) in WRITTEN_OUT.items():
        if alike(core, pattern):
            return Known(name, (1.0, 0.0), (outer[0] * factor, outer[1]))
    return None


def checked(formula: Formula) -> Formula:
    """Give back a formula. Raises ValueError for one of more functions than any activation has."""
    if formula.size > MAX_SIZE:
        raise ValueError(f"it makes a function of more than {MAX_SIZE} operators, and no activation is as long")
    return formula


def strange(formula: Formula) -> str:
    """Say of a formula that it is no activation, and what it is."""
    return f"what stands before it is a function of each value that is no activation here: {_words(formula.core)[:60]}"


def alike(a: Core, b: Core) -> bool:
    """Tell whether two cores are the same, but for constants' rounding."""
    if isinstance(a, Call) and isinstance(b, Call):
        return a.name == b.name and _alike(a.of, b.of)
    if isinstance(a, Case) and isinstance(b, Case):
        return all(map(_alike, a, b))
    if isinstance(a, Product) and isinstance(b, Product):
        return len(a.factors) == len(b.factors) and all(map(_alike, a.factors, b.factors))
    return a == b


def _alike(a: Formula, b: Formula) -> bool:
    close = all(abs(m - n) <= ALIKE * max(1.0, abs(n)) for m, n in ((a.scale, b.scale), (a.shift, b.shift)))
    return close and alike(a.core, b.core)


def _key(a: Formula) -> str:
    """Order factors by their functions alone, not by constants that rounding may have changed."""
    return f"{_words(a.core)}{a.shift:.3g}"


def _words(core: Core) -> str:
    if isinstance(core, Call):
        return f"{core.name}({_words(core.of.core)})"
    if isinstance(core, Case):
        return f"case({', '.join(_words(each.core) for each in core)})"
    return core if isinstance(core, str) else "*".join(_words(each.core) for each in core.factors)


# Those that ONNX has a node for, or that stand by themselves in one.
ACTIVATIONS = (
    "tanh",
    "sigmoid",
    "relu",
    "leaky_relu",
    "elu",
    "softplus",
    "gelu",
    "silu",
    "softsign",
    "sin",
    "cos",
    "abs",
)
SQUARE = product(X, X)
# The table's other ones as products and calls, and what they are to be multiplied by.
WRITTEN_OUT: dict[str, tuple[Core, float]] = {
    "silu": (product(X, Formula(Call("sigmoid", X))).core, 1.0),
    "gelu": (product(X, Formula(Call("erf", X.times(math.sqrt(0.5)))).plus(1.0)).core, 2.0),
    # PyTorch's: beyond 20 it is x, 2e-9 less.
    "softplus": (Case(above(X, 20.0), X, Formula(Call("softplus", X))), 1.0),
    "softsign": (quotient(X, Formula(Call("abs", X)).plus(1.0)).core, 1.0),
    "gaussian": (Call("exp", SQUARE.times(-1.0)), 1.0),
    "triangle": (Call("asin", Formula(Call("sin", X.times(math.pi / 2)))), math.pi / 2),
}
