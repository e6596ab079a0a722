"""The one question an engine answers: this network, these taps, this grid, this precision -> a field.

No engine knows a lens, a colour, a file or where weights come from.
"""

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt

from weightscape.deep.accuracy import Method
from weightscape.deep.orbit import OrbitError
from weightscape.deep.perturbation import Perturbation
from weightscape.draw.relief import Ground, Sight
from weightscape.gpu.loan import Loan
from weightscape.network.input import Radial
from weightscape.network.interrupt import interruptible, never
from weightscape.network.network import OUTPUTS, Network, Tap
from weightscape.network.pattern import WORDS
from weightscape.network.view import Size

Precision = Literal["single", "double", "perturbed"]
Answer = Literal["values", "derivatives", "pattern"]
Values = npt.NDArray[np.floating]
# Numbers of a texel, at the most.
TEXEL = 4


class EngineError(Exception):
    """An engine that cannot work here, or not on this question; the text says why."""


class NoOrbitError(EngineError, OrbitError):
    """A view whose centre cannot be followed through the network, so that no engine can count differences from it."""


class Cancelled(Exception):  # noqa: N818 - it is no error
    """The answer is not wanted any more."""


def until(cancelled: Callable[[], bool]) -> AbstractContextManager[None]:
    """Let long computations of this thread, such as a plan, raise Cancelled soon after `cancelled()` turns true."""

    def check() -> None:
        if cancelled():
            raise Cancelled

    return interruptible(check)


@dataclass(frozen=True)
class Grid:
    """Points on a square lattice, in pixels from the middle of the picture, y up.

    The point of column i and row j is (x + stride * i, y - stride * j): row 0 on top. All three numbers are short
    binary fractions, so float32 holds every coordinate exactly, and a tile of a grid has the very points of the
    whole.
    """

    columns: int
    rows: int
    x: float
    y: float
    stride: float = 1.0

    @property
    def points(self) -> int:
        """Count the points."""
        return self.columns * self.rows

    def tile(self, column: int, row: int, columns: int, rows: int) -> "Grid":
        """Cut out a part that begins at (column, row)."""
        return replace(self, columns=columns, rows=rows, x=self.x + self.stride * column, y=self.y - self.stride * row)

    def coarser(self, stride: int) -> "Grid":
        """Lay one point in the middle of each block of stride x stride points, the last blocks running over."""
        half = self.stride * (stride - 1) / 2.0
        return Grid(
            -(-self.columns // stride), -(-self.rows // stride), self.x + half, self.y - half, self.stride * stride
        )


def pixel_grid(width: int, height: int, shift: tuple[float, float] = (0.0, 0.0)) -> Grid:
    """Lay one point in the middle of each pixel of a picture, moved by `shift` (a fraction of a pixel, y up)."""
    return Grid(width, height, (1.0 - width) / 2.0 + shift[0], (height - 1.0) / 2.0 + shift[1])


@dataclass(frozen=True)
class Question:
    """Ask for the tapped values of a network of pixel coordinates (network/input.py, fold) on a grid.

    Precision "perturbed" comes with a `perturbation`: then the network is of differences from the picture's centre
    (no biases), and the plan tells what stands in place of each activation (deep/perturbation.py).

    Answer "derivatives": all tapped values, then their derivatives by x, then those by y (plane-ward, y up; a pixel is
    the unit), tangents being multiplied by `shrink` once a layer (deep/tangent.py) and the field's scale taking that
    back. Answer "pattern": which linear piece a point is in, WORDS numbers; `taps` mean nothing (network/pattern.py).
    """

    network: Network
    grid: Grid
    radial: Radial | None = None
    taps: tuple[Tap, ...] = OUTPUTS
    precision: Precision = "single"
    perturbation: Perturbation | None = None
    answer: Answer = "values"
    shrink: float = 1.0

    @property
    def method(self) -> Method:
        """Name the way to compute it: `wide` are differences in float64."""
        return "wide" if self.perturbation and self.perturbation.wide else self.precision

    @property
    def is_double(self) -> bool:
        """Tell whether it is computed in float64."""
        return self.method in ("double", "wide")

    @property
    def channels(self) -> int:
        """Count the values of one point: the units of all taps, thrice with their derivatives, or a pattern's words."""
        if self.answer == "pattern":
            return WORDS
        widths = self.network.widths[1:]
        units = sum(widths[tap.layer] if tap.units is None else len(tap.units) for tap in self.taps)
        return 3 * units if self.answer == "derivatives" else units


@dataclass(frozen=True)
class Field:
    """Hold the answer: channels over the grid, value = offset + scale * data.

    `data`: (rows, columns, channels), float32 or, in double precision, float64. `offset` and `scale`: float64, one
    a channel, so that the small differences of a deep zoom lose nothing.
    """

    data: Values
    offset: npt.NDArray[np.float64]
    scale: npt.NDArray[np.float64]

    @property
    def shape(self) -> tuple[int, int, int]:
        """Tell rows, columns and channels."""
        rows, columns, channels = self.data.shape
        return rows, columns, channels

    @property
    def values(self) -> Values:
        """Multiply out, in the data's own precision where offset and scale are trivial, else in float64."""
        if not self.offset.any() and (self.scale == 1.0).all():
            return self.data
        return np.asarray(self.offset + self.scale * self.data)

    @property
    def relative(self) -> Values:
        """Multiply out what lies above the offset, float64 but for trivial scales: at deep zoom it is the picture."""
        return self.data if (self.scale == 1.0).all() else np.asarray(self.scale * self.data)

    def part(self, channels: slice) -> "Field":
        """Give some channels, without copying them."""
        return Field(self.data[..., channels], self.offset[channels], self.scale[channels])


@dataclass(frozen=True)
class Held:
    """Hold an answer where it was made, in a texture that another context reads: value = offset + scale * number.

    Up to TEXEL channels are a point's texel, more are folded (gpu/shelf.py). `offset` and `scale` are as a field's.
    """

    loan: Loan
    offset: npt.NDArray[np.float64]
    scale: npt.NDArray[np.float64]

    @property
    def shape(self) -> tuple[int, int, int]:
        """Tell rows, columns and channels."""
        return self.loan.shape


def work(network: Network) -> float:
    """Count the floating-point operations of one point, an activation as ten."""
    return sum(2.0 * W.size + 10.0 * b.size for W, b in zip(network.weights, network.biases, strict=True))


def plain(data: Values) -> Field:
    """Wrap values that need no offset and no scale."""
    channels = data.shape[-1]
    return Field(data, np.zeros(channels), np.ones(channels))


class Engine(Protocol):
    """One way to compute a field, and to draw a landscape of it.

    `busy_s` is how long the last answer kept processor or GPU at work, without what is done once (compiling,
    uploading); the tiler (tile.py) goes by it. `gpu_s`: the GPU's own time of it, None where no GPU answered or its
    driver has no clock. `longest_s` is the longest single submission so far, which a
    driver's watchdog goes by where `has_watchdog` is set. `methods`: those it has. `largest`: points of a tile.
    `arithmetic` names all that an answer's last bits depend on: the engine, and the processor or driver it computes on.
    """

    name: str
    arithmetic: str
    methods: Collection[Method]
    has_watchdog: bool
    largest: int
    busy_s: float
    longest_s: float

    @property
    def gpu_s(self) -> float | None:
        """Tell how long the last answer took by the GPU's own clock."""

    def pick(self, question: Question) -> "Engine":
        """Tell which engine will answer: itself, but for the one that chooses among several (auto.py)."""

    def smallest(self, network: Network) -> int:
        """Tell the number of points below which a smaller tile is no quicker."""

    def field(self, question: Question, cancelled: Callable[[], bool] = never) -> Field:
        """Answer; raise Cancelled soon after `cancelled()` turns true, EngineError when it cannot be done."""

    def holds(self, question: Question) -> bool:
        """Tell whether held() may leave the answer on the GPU: for a window that shares the engine's context."""

    def held(self, question: Question, cancelled: Callable[[], bool] = never) -> Held | Field:
        """Answer as field() does, but leave the answer where it is made, if there is room for it."""

    def seen(self, question: Question, ground: Ground, sight: Sight, size: Size, is_rough: bool) -> Values:
        """Draw a landscape made of an answer: display colours, float32 (height, width, 3) in 0..1; EngineError.

        `is_rough`: it is on its way, and a quick picture is better than a smooth one.
        """

    def release(self) -> None:
        """Give back threads, GPU memory and context."""
