"""What steps of an evaluation are written with: functions in LLVM's assembly language over a tile of points.

Activations of a tile stand as (strips, units, points of a strip), a strip's points being next to each other. A step is
`void step(ptr row, ptr job)`: its row of ROW whole numbers tells what to do, the job where. So a network is a list of
rows, and no more code is made for a deeper one.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from weightscape.engine.jit.code import BYTES, Code
from weightscape.engine.jit.vector import Vector

# Of a row: the step's address; where it reads and writes in the scratch memory, in numbers; units before and after;
# an address of its own data, a count of them, and the first unit that it makes.
ROW = ("function", "source", "target", "n_in", "n_out", "data", "count", "unit")
# Of a job: addresses of scratch memory, inputs (one after the other, `chunk` numbers each) and answers; the points
# that are wanted, strips of a tile; and, told by the walk, the first strip of the tile and how many it has.
JOB = ("scratch", "inputs", "chunk", "answers", "points", "tile", "first", "strips")
ADDRESSES = ("function", "data", "scratch", "inputs", "answers")


class Step(Code):
    """Write a step: knows where rows and jobs have what."""

    def row(self, name: str) -> str:
        """Read a number of the row."""
        return self._slot("%row", ROW.index(name), name)

    def job(self, name: str) -> str:
        """Read a number of the job."""
        return self._slot("%job", JOB.index(name), name)

    def aligned(self) -> int:
        """Tell where vectors may stand, in bytes."""
        return self.shape.lanes * BYTES[self.shape.real]

    def vector(self, pointer: str, index: str) -> Vector:
        """Load a vector that begins `index` numbers beyond an aligned address."""
        return Vector(self, self.load(self.shape.text, pointer, index, self.shape.real, self.aligned()))

    def put(self, vector: Vector, pointer: str, index: str) -> None:
        """Store a vector `index` numbers beyond an aligned address."""
        self.store(self.shape.text, vector.name, self.place(pointer, index, self.shape.real), self.aligned())

    def scratch(self, offset: str) -> str:
        """Tell the address of a buffer of the scratch memory."""
        return self.place(self.job("scratch"), self.row(offset), self.shape.real)

    def sum(self, a: str, b: str | int) -> str:
        """Add whole numbers."""
        return self.value(f"add nsw i64 {a}, {b}")

    def times(self, a: str, b: str | int) -> str:
        """Multiply whole numbers."""
        return self.value(f"mul nsw i64 {a}, {b}")

    def least(self, a: str, b: str | int) -> str:
        """Take the smaller of two whole numbers."""
        return self.value(f"select i1 {self.value(f'icmp slt i64 {a}, {b}')}, i64 {a}, i64 {b}")

    def _slot(self, pointer: str, n: int, name: str) -> str:
        return self.load("ptr" if name in ADDRESSES else "i64", pointer, str(n), "i64")


@contextmanager
def each_vector(step: Step) -> Iterator[str]:
    """Repeat what is written meanwhile for every vector of a layer: tell where it begins."""
    count = step.times(step.times(step.job("strips"), step.row("n_out")), step.shape.vectors)
    with step.loop(count) as turn:
        yield step.times(turn.index, step.shape.lanes)


def copies(step: Step) -> list[str]:
    """Tell where a layer's numbers and their tangents by x and y stand: `source` numbers lie between."""
    first, between = step.scratch("target"), step.row("source")
    return [step.place(first, step.times(between, n), step.shape.real) for n in range(3)]
