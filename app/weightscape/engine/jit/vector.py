"""Vectors that are written down instead of computed: a formula of them becomes lines of a function's text."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from weightscape.engine.jit.code import Code

# Beyond this a float or double has no fraction, so that adding and subtracting it rounds to whole numbers.
WHOLE = {"float": 2.0**23, "double": 2.0**52}


@dataclass(frozen=True)
class Mask:
    """Stand for a truth in each lane."""

    code: Code
    name: str

    def __and__(self, other: Self) -> "Mask":
        lanes = f"<{self.code.shape.lanes} x i1>"
        return Mask(self.code, self.code.value(f"and {lanes} {self.name}, {other.name}"))

    def __or__(self, other: Self) -> "Mask":
        lanes = f"<{self.code.shape.lanes} x i1>"
        return Mask(self.code, self.code.value(f"or {lanes} {self.name}, {other.name}"))

    def any(self) -> str:
        """Tell whether it holds in any lane."""
        lanes = self.code.shape.lanes
        self.code.intrinsics.add(f"declare i1 @llvm.vector.reduce.or.v{lanes}i1(<{lanes} x i1>)")
        return self.code.value(f"call i1 @llvm.vector.reduce.or.v{lanes}i1(<{lanes} x i1> {self.name})")

    def kept(self, whole: str) -> str:
        """Keep whole numbers where it holds, elsewhere 0."""
        shape = self.code.shape
        return self.code.value(
            f"select <{shape.lanes} x i1> {self.name}, {shape.whole} {whole}, {shape.whole} zeroinitializer"
        )


@dataclass(frozen=True)
class Vector:
    """Stand for a number in each lane; numbers of Python's are rounded to the lanes' type."""

    code: Code
    name: str

    def __add__(self, other: "Vector | float") -> "Vector":
        return self._made("fadd", self, other)

    def __radd__(self, other: float) -> "Vector":
        return self._made("fadd", other, self)

    def __sub__(self, other: "Vector | float") -> "Vector":
        return self._made("fsub", self, other)

    def __rsub__(self, other: float) -> "Vector":
        return self._made("fsub", other, self)

    def __mul__(self, other: "Vector | float") -> "Vector":
        return self._made("fmul", self, other)

    def __rmul__(self, other: float) -> "Vector":
        return self._made("fmul", other, self)

    def __truediv__(self, other: "Vector | float") -> "Vector":
        return self._made("fdiv", self, other)

    def __rtruediv__(self, other: float) -> "Vector":
        return self._made("fdiv", other, self)

    def __neg__(self) -> "Vector":
        return Vector(self.code, self.code.value(f"fneg {self.code.shape.text} {self.name}"))

    def __abs__(self) -> "Vector":
        return Vector(self.code, self.code.call("fabs", self.name))

    def __lt__(self, other: "Vector | float") -> Mask:
        return self._compared("olt", other)

    def __gt__(self, other: "Vector | float") -> Mask:
        return self._compared("ogt", other)

    def __le__(self, other: "Vector | float") -> Mask:
        return self._compared("ole", other)

    def __ge__(self, other: "Vector | float") -> Mask:
        return self._compared("oge", other)

    def like(self, other: "Vector | float") -> "Vector":
        """Write a number as a vector of the same code."""
        return other if isinstance(other, Vector) else Vector(self.code, self.code.number(other))

    def doubled(self) -> "Vector":
        """Go on in doubles."""
        return self._as(self.code.as_doubles(), "fpext")

    def within(self, code: Code) -> "Vector":
        """Come back from doubles to what `code` computes in."""
        return self._as(code, "fptrunc")

    def _as(self, code: Code, how: str) -> "Vector":
        if code.shape == self.code.shape:
            return Vector(code, self.name)
        return Vector(code, code.value(f"{how} {self.code.shape.text} {self.name} to {code.shape.text}"))

    def _made(self, operation: str, a: "Vector | float", b: "Vector | float") -> "Vector":
        left, right = self.like(a), self.like(b)
        return Vector(self.code, self.code.value(f"{operation} {self.code.shape.text} {left.name}, {right.name}"))

    def _compared(self, how: str, other: "Vector | float") -> Mask:
        text = f"fcmp {how} {self.code.shape.text} {self.name}, {self.like(other).name}"
        return Mask(self.code, self.code.value(text))


def where(mask: Mask, yes: Vector | float, no: Vector | float) -> Vector:
    """Choose in each lane."""
    some = yes if isinstance(yes, Vector) else no
    assert isinstance(some, Vector)
    code, kind = mask.code, mask.code.shape.text
    choice = f"select <{code.shape.lanes} x i1> {mask.name}, {kind} {some.like(yes).name}, {kind} {some.like(no).name}"
    return Vector(code, code.value(choice))


def where_any(mask: Mask, write: Callable[[], Vector], otherwise: Vector) -> Vector:
    """Choose lane by lane as where() does; what `write` computes is gone through only where some lane wants it."""
    code = otherwise.code
    chosen = code.unless(mask.any(), otherwise.name, code.shape.text, lambda: where(mask, write(), otherwise).name)
    return Vector(code, chosen)


def smaller(a: Vector, b: Vector | float) -> Vector:
    """Take the smaller number; one instruction, which no NaN gets through."""
    return where(a < b, a, b)


def larger(a: Vector, b: Vector | float) -> Vector:
    """Take the larger number."""
    return where(a > b, a, b)


def multiply_add(a: Vector, b: Vector | float, c: Vector | float) -> Vector:
    """Compute a b + c, rounded once where the processor can do it in one instruction."""
    return Vector(a.code, a.code.call("fmuladd", a.name, a.like(b).name, a.like(c).name))


def with_sign(a: Vector, sign: Vector) -> Vector:
    """Give |a| the sign of another."""
    return Vector(a.code, a.code.call("copysign", a.name, sign.name))


def rounded(a: Vector, largest: float | None = None) -> Vector:
    """Round to the nearest whole number, ties to even; quicker where |a| stays below `largest`, a quarter of WHOLE."""
    whole = WHOLE[a.code.shape.real]
    if largest is not None:
        assert largest <= whole / 4
        return (a + 1.5 * whole) - 1.5 * whole
    by = with_sign(a.like(whole), a)
    return where(abs(a) < whole, (a + by) - by, a)


def power_of_two(n: Vector) -> Vector:
    """Compute 2^n of whole numbers n, in the range of normal numbers."""
    code, shape = n.code, n.code.shape
    shift, bias = (23, 127) if shape.real == "float" else (52, 1023)
    # In the low bits of n + 1.5 WHOLE stands n; what is above is shifted out.
    moved = n + (1.5 * WHOLE[shape.real] + bias)
    bits = code.value(f"bitcast {shape.text} {moved.name} to {shape.whole}")
    up = code.value(f"shl {shape.whole} {bits}, {code.whole(shift)}")
    return Vector(code, code.value(f"bitcast {shape.whole} {up} to {shape.text}"))


def exponent(y: Vector) -> Vector:
    """Find the whole n of y = 2^n m with m within 1/sqrt 2 .. sqrt 2, for y >= 1."""
    code, shape = y.code, y.code.shape
    shift, root, whole = (
        (23, 0x3F3504F3, 0x4B000000) if shape.real == "float" else (52, 0x3FE6A09E667F3BCD, 0x433 << 52)
    )
    bits = code.value(f"bitcast {shape.text} {y.name} to {shape.whole}")
    above = code.value(f"sub {shape.whole} {bits}, {code.whole(root)}")
    n = code.value(f"lshr {shape.whole} {above}, {code.whole(shift)}")
    # As the low bits of WHOLE they are added to it.
    moved = code.value(f"or {shape.whole} {n}, {code.whole(whole)}")
    return Vector(code, code.value(f"bitcast {shape.whole} {moved} to {shape.text}")) - WHOLE[shape.real]


def polynomial(x: Vector, coefficients: "list[float] | tuple[float, ...]") -> Vector:
    """Compute c0 + c1 x + c2 x^2 + ... by Horner's rule."""
    *lower, top = coefficients
    total = x.like(top)
    for each in reversed(lower):
        total = multiply_add(total, x, each)
    return total
