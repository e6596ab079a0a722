"""The text of a function in LLVM's assembly language: lines, counted loops, and numbers written exactly."""

import copy
import itertools
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Literal, Self

Real = Literal["float", "double"]
BYTES: dict[Real, int] = {"float": 4, "double": 8}


@dataclass(frozen=True)
class Shape:
    """Say what a vector register holds: `lanes` floats or doubles; and how many of them a strip takes."""

    real: Real
    lanes: int
    vectors: int = 2

    @property
    def points(self) -> int:
        """Count the points of a strip."""
        return self.lanes * self.vectors

    @property
    def text(self) -> str:
        """Write the type of a vector."""
        return f"<{self.lanes} x {self.real}>"

    @property
    def whole(self) -> str:
        """Write the type of whole numbers as wide as the vector's."""
        return f"<{self.lanes} x i{8 * BYTES[self.real]}>"


@dataclass
class Turn:
    """Hold a loop's index and what it carries from one turn to the next; `carry` is to be told the new ones."""

    index: str
    carried: list[str]
    following: list[str] = field(default_factory=list)

    def carry(self, values: Iterable[str]) -> None:
        """Hand values on to the next turn."""
        self.following = list(values)


class Code:
    """Write one function's lines; names of values are counted."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.lines: list[str] = ["entry:"]
        self.intrinsics: set[str] = set()
        self._counter, self._block = itertools.count(), "entry"

    def as_doubles(self) -> Self:
        """Go on with the same lines in doubles."""
        other = copy.copy(self)
        other.shape = replace(self.shape, real="double")
        return other

    def value(self, text: str) -> str:
        """Write a line that makes a value, and tell its name."""
        name = f"%v{next(self._counter)}"
        self.lines.append(f"  {name} = {text}")
        return name

    def do(self, text: str) -> None:
        """Write a line that makes none."""
        self.lines.append(f"  {text}")

    def call(self, intrinsic: str, *arguments: str) -> str:
        """Call an intrinsic function of vectors: fmuladd, fabs, ..."""
        shape = self.shape
        name = f"@llvm.{intrinsic}.v{shape.lanes}f{8 * BYTES[shape.real]}"
        self.intrinsics.add(f"declare {shape.text} {name}({', '.join([shape.text] * len(arguments))})")
        return self.value(f"call {shape.text} {name}({', '.join(f'{shape.text} {each}' for each in arguments)})")

    def load(self, type_: str, pointer: str, index: str = "", of: str = "", align: int = 0) -> str:
        """Load a value of `type_` from a pointer, or `index` elements `of` a type beyond it."""
        place = self.place(pointer, index, of or type_) if index else pointer
        return self.value(f"load {type_}, ptr {place}" + (f", align {align}" if align else ""))

    def store(self, type_: str, value: str, place: str, align: int = 0) -> None:
        """Store a value at a place."""
        self.do(f"store {type_} {value}, ptr {place}" + (f", align {align}" if align else ""))

    def place(self, pointer: str, index: str, of: str) -> str:
        """Tell where the element `index` of a type is."""
        return self.value(f"getelementptr {of}, ptr {pointer}, i64 {index}")

    def number(self, value: float) -> str:
        """Write a number in all lanes, rounded to their type."""
        text = f"{self.shape.real} {written(value, self.shape.real)}"
        return f"<{', '.join([text] * self.shape.lanes)}>"

    def whole(self, value: int) -> str:
        """Write a whole number in all lanes."""
        return f"<{', '.join([f'i{8 * BYTES[self.shape.real]} {value}'] * self.shape.lanes)}>"

    def spread(self, scalar: str, type_: str = "") -> str:
        """Copy a scalar, of the lanes' type if none is told, into all lanes."""
        lanes, type_ = self.shape.lanes, type_ or self.shape.real
        one = self.value(f"insertelement <{lanes} x {type_}> poison, {type_} {scalar}, i64 0")
        places = f"<{lanes} x i32> zeroinitializer"
        return self.value(f"shufflevector <{lanes} x {type_}> {one}, <{lanes} x {type_}> poison, {places}")

    @contextmanager
    def loop(self, count: str, carried: Sequence[str] = (), type_: str = "", start: str = "0") -> Iterator[Turn]:
        """Repeat what is written meanwhile for an index from `start` up to `count`, carrying values of one type.

        Afterwards `carried` of the turn names what the last turn handed on.
        """
        number = next(self._counter)
        head, body, end = (f"{name}{number}" for name in ("head", "body", "end"))
        before, index = self._block, f"%i{number}"
        turn = Turn(index, [f"%c{number}.{n}" for n in range(len(carried))])
        self.do(f"br label %{head}")
        self.lines.append(f"{head}:")
        top = len(self.lines)
        more = self.value(f"icmp slt i64 {index}, {count}")
        self.do(f"br i1 {more}, label %{body}, label %{end}")
        self._begin(body)
        yield turn
        following = self.value(f"add nsw i64 {index}, 1")
        self.do(f"br label %{head}")
        phis = [f"  {index} = phi i64 [ {start}, %{before} ], [ {following}, %{self._block} ]"]
        for name, first, then in zip(turn.carried, carried, turn.following, strict=True):
            phis.append(f"  {name} = phi {type_} [ {first}, %{before} ], [ {then}, %{self._block} ]")
        self.lines[top:top] = phis
        self._begin(end)

    def unless(self, truth: str, value: str, type_: str, otherwise: Callable[[], str]) -> str:
        """Take a value, or, if a truth holds, what is written by `otherwise`."""
        number, before = next(self._counter), self._block
        self.do(f"br i1 {truth}, label %then{number}, label %after{number}")
        self._begin(f"then{number}")
        other = otherwise()
        then = self._block
        self.do(f"br label %after{number}")
        self._begin(f"after{number}")
        return self.value(f"phi {type_} [ {value}, %{before} ], [ {other}, %{then} ]")

    def _begin(self, block: str) -> None:
        self.lines.append(f"{block}:")
        self._block = block


def written(value: float, real: Real) -> str:
    """Write a number as LLVM reads it exactly: the bits of a double, which a float must fit."""
    if real == "float":
        (value,) = struct.unpack("f", struct.pack("f", value))
    return f"0x{struct.unpack('<Q', struct.pack('<d', value))[0]:016X}"
