"""The arithmetic of a hostile compiler: sums and products as GLSL allows them to be changed, in NumPy.

GLSL lets a compiler take sums and products of floats for those of real numbers, unless they are `precise`. What
compilers are known to make of that are RULES here:

    last    constants of a sum are added at its end: s p + (s - 1) is computed as (s p + s) - 1
    fused   a product is not rounded before it is added (fma); of two products it is the first
    second  the same, but of two products it is the second
    merged  two products of one number by constants become one: (z - n a) - n b is computed as z - n (a + b)

No sum passes a selection, a product or what is `precise`. Seen on GPUs: docs/shaders.md, section 8.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
RULES = ("last", "fused", "second", "merged")


@dataclass(frozen=True, eq=False)
class Value:
    """Numbers and, where they may be rearranged, what they are made of.

    `factors` are a product's. A sum is `rest` + coefficient x number of each of `parts`, its constant standing
    beside None; parts are empty where there is nothing to rearrange.
    """

    array: Array
    is_constant: bool = False
    factors: "tuple[Value, Value] | None" = None
    rest: "Value | None" = None
    parts: "Mapping[Value | None, Value]" = field(default_factory=dict)


class Arithmetic:
    """Sums and products of floats under some of the RULES; `changed` counts what each rule has changed."""

    def __init__(self, rules: Collection[str] = ()) -> None:
        assert set(rules) <= set(RULES)
        self.rules = frozenset(rules)
        self.changed: Counter[str] = Counter()

    def product(self, a: Value, b: Value) -> Value:
        parts: dict[Value | None, Value] = {}
        if "merged" in self.rules and a.is_constant != b.is_constant:
            parts = {b: a} if a.is_constant else {a: b}
        return Value(a.array * b.array, a.is_constant and b.is_constant, (a, b), None, parts)

    def negated(self, a: Value) -> Value:
        parts = {key: Value(-each.array, True) for key, each in a.parts.items()}
        factors = (Value(-a.factors[0].array), a.factors[1]) if a.factors else None
        return Value(-a.array, a.is_constant, factors, a.rest and self.negated(a.rest), parts)

    def sum(self, a: Value, b: Value) -> Value:
        """Add two numbers; where a rule moves one of their parts, build the sum anew from all of them."""
        is_constant = a.is_constant and b.is_constant
        apart_a, apart_b = self.taken_apart(a), self.taken_apart(b)
        (rest_a, parts_a), (rest_b, parts_b) = apart_a, apart_b
        rest = self.plus(rest_a, rest_b) if rest_a and rest_b else rest_a or rest_b
        parts = {**parts_a, **parts_b}
        shared = parts_a.keys() & parts_b.keys()
        parts |= {key: Value(parts_a[key].array + parts_b[key].array, True) for key in shared}
        moved = {"merged"} if shared - {None} else set()
        if any(None in parts and (rest or len(parts) > 1) for rest, parts in (apart_a, apart_b)):
            moved.add("last")
        if is_constant or not moved:
            return Value(self.plus(a, b).array, is_constant, None, rest, parts)
        self.changed.update(moved)
        return Value(self.put_together(rest, parts).array, False, None, rest, parts)

    def taken_apart(self, a: Value) -> "tuple[Value | None, Mapping[Value | None, Value]]":
        if a.is_constant and "last" in self.rules:
            return None, {None: a}
        return (a.rest, a.parts) if a.parts else (a, {})

    def put_together(self, rest: Value | None, parts: "Mapping[Value | None, Value]") -> Value:
        terms = [Value(key.array * each.array, False, (key, each)) for key, each in parts.items() if key]
        terms += [parts[None]] if None in parts else []
        for term in terms:
            rest = self.plus(rest, term) if rest else term
        assert rest
        return rest

    def plus(self, a: Value, b: Value) -> Value:
        for rule, (product, other) in (("fused", (a, b)), ("fused", (b, a)), ("second", (b, a)), ("second", (a, b))):
            if rule in self.rules and product.factors:
                self.changed[rule] += 1
                return Value(fma(product.factors[0].array, product.factors[1].array, other.array))
        return Value(a.array + b.array)


def fma(x: Array, y: Array, c: Array) -> Array:
    """Compute x y + c, rounded once (of doubles: but for an error of some 2^-100 of the largest)."""
    if x.dtype == np.float32:
        return (x.astype(np.float64) * y + c).astype(np.float32)
    product, sum_ = x * y, x * y + c
    upper_x, upper_y = ((each.view(np.int64) & -(1 << 27)).view(np.float64) for each in (x, y))
    lower_x, lower_y = x - upper_x, y - upper_y
    lost = ((upper_x * upper_y - product) + upper_x * lower_y + lower_x * upper_y) + lower_x * lower_y
    part = sum_ - product
    lost += (product - (sum_ - part)) + (c - part)  # of the sum; Knuth's TwoSum
    return np.asarray(np.where(np.isfinite(lost), sum_ + lost, sum_))
