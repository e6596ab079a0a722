"""What a lens is: pure functions from a scene to what is to be evaluated, and from fields to colours.

A plane lens gives each pixel the colour of its own point: it can be cut into tiles, panned and sampled. A drawn lens
makes a picture out of whole fields, of whatever grids it wants. A composed lens sets other scenes' pictures together.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt

from weightscape.draw.cells import Cells
from weightscape.draw.mark import Box
from weightscape.draw.plate import Plate
from weightscape.draw.relief import Ground, Sight
from weightscape.draw.sprite import Sprite
from weightscape.engine.question import Answer, Field, Grid, Question
from weightscape.network.network import OUTPUTS, Network, Tap
from weightscape.network.view import Size, View
from weightscape.scene.colour import Colour, colour
from weightscape.scene.scene import Scene
from weightscape.scene.shading import Colouring, Shading

Values = npt.NDArray[np.floating]
Level = Callable[[Field], Values]
Kind = TypeVar("Kind", bound=Colouring)
# So many numbers of a field are worked on at once.
ROWS_NUMBERS = 1 << 18


@dataclass(frozen=True)
class Want:
    """Say what is to be evaluated: taps of a network of the scene's inputs, over a view in so many pixels.

    `dense`: the picture is made of its points, so that a coarser one is a coarser grid; else it has to be whole.
    `stretched`: values are shown by their own range, so that it is this that has to be true.
    """

    network: Network
    view: View
    size: Size
    taps: tuple[Tap, ...] = OUTPUTS
    answer: Answer = "values"
    dense: bool = True
    stretched: bool = False


@dataclass(frozen=True)
class PlaneLens:
    """Colour each point of the plane by itself.

    `want(scene, network, size)` is over the scene's own view and size; `level(scene, question)` makes the function
    from a field to display values: (rows, columns, 1) for the scene's palette, or (rows, columns, 3) in 0..1.
    `shading(scene, question)`, of a lens that has one, says the same for a field that stays on the GPU.
    `colour(scene)`: how display values become colours.
    """

    want: Callable[[Scene, Network, Size], Want]
    level: Callable[[Scene, Question], Level]
    shading: Callable[[Scene, Question], Shading] | None = None
    colour: Callable[[Scene], Colour] = colour


def by_rows(function: Level, field: Field) -> Values:
    """Apply a function of points to a field, some rows at a time: its steps take many times the room of the values."""
    rows, columns, channels = field.data.shape
    step = max(1, ROWS_NUMBERS // (columns * channels))
    if step >= rows:
        return function(field)
    parts = [replace(field, data=field.data[first : first + step]) for first in range(0, rows, step)]
    return np.concatenate([function(part) for part in parts])


@dataclass(frozen=True)
class Answered:
    """Hold a question and its field, `stride` pixels from point to point.

    `colours`: of a lens that colours points by themselves, these, averaged where more samples were taken. `clear`: what
    of the picture (left, top, right, bottom) nothing stands over, for its words; None: all.
    """

    question: Question
    field: Field
    stride: int = 1
    colours: Values | None = None
    clear: Box | None = None


# What draws some rows of a picture, (first row, rows), of what was answered for these.
Span = tuple[int, int]
Drawing = Callable[[Span, Sequence[Answered]], Values]
# Points that tell what is the same for all rows, at the most.
FEW = 1 << 22


def few_of(grid: Grid, channels: int = 1) -> Grid:
    """Lay so few points over a grid that their numbers are no more than FEW."""
    stride = max(1, math.ceil(math.sqrt(grid.points * channels / FEW)))
    return grid.coarser(stride)


@dataclass(frozen=True)
class Surface:
    """Say what a landscape is, whoever draws it.

    `ground(scene, network, size, answered)`, and how it is seen: `sight(scene, size)`. `seen_by`: the scene's fields
    that change the sight alone.
    """

    ground: Callable[[Scene, Network, Size, Answered], Ground]
    sight: Callable[[Scene, Size], Sight]
    seen_by: tuple[str, ...]

    def has_same_ground(self, one: Scene, other: Scene) -> bool:
        """Tell whether two scenes differ in how their ground is seen, at most."""
        return replace(one, **{name: getattr(other, name) for name in self.seen_by}) == other


@dataclass(frozen=True)
class Points(Generic[Kind]):
    """Say how a drawn lens's points are coloured where they stay on the GPU, and what is laid over them.

    `staying(question)`: what of an answer stays there, and how it is coloured, or None where it has to come back;
    `coloured(field, colouring)` does the same to what came back. `few(grid)`: the points that are read back to make
    `sprites(scene, network, size, answered)`, the small pictures over the large one. None: all of them, so that the
    sprites come last, over a fine picture that does not move.
    """

    staying: Callable[[Question], tuple[Question, Kind] | None]
    coloured: Callable[[Field, Kind], Values]
    few: Callable[[Grid], Grid] | None
    sprites: Callable[[Scene, Network, Size, Answered], Iterable[Sprite]]


@dataclass(frozen=True)
class Mosaic:
    """Say how a drawn lens's picture is made on the GPU: of paper with letters, and of cells, one for each channel.

    All three are over (scene, network, size). `paper`: uint8 (height, width, 3), the same array for the same layout and
    words. `cells`: where they are; no letters are there. `shading`: how an answer is coloured, or None where the
    picture has to be drawn.
    """

    paper: Callable[[Scene, Network, Size], npt.NDArray[np.uint8]]
    cells: Callable[[Scene, Network, Size], Cells]
    shading: Callable[[Scene, Network, Size], Shading | None]


@dataclass(frozen=True)
class Streamed:
    """Say how a drawn lens's picture is made some rows at a time, where it is too large to be drawn as a whole.

    `few(grid)`: the points, at most FEW, that tell what is the same for all rows. `spans(scene, network, size, (top,
    count))`: which rows of what the lens wants first are needed for those of the picture, (first row, rows) each;
    `drawing(scene, network, size, few)` makes the function of (top, count) and these rows, answered, that draws them:
    display colours (count, width, 3) in 0..1.
    """

    few: Callable[[Grid], Grid]
    spans: Callable[[Scene, Network, Size, Span], list[Span]]
    drawing: Callable[[Scene, Network, Size, Answered], Drawing]


@dataclass(frozen=True)
class DrawnLens:
    """Draw a picture of whole fields.

    `wants(scene, network, size)` may be none; `draw(scene, network, size, answers)` gives display colours, float32
    (height, width, 3) in 0..1. `pick(scene, network, size, point)` tells the scene that a click at a point (pixels,
    y down) leads to, or None. `is_chart`: what stands at its edges matters, so that nothing may cover them.
    `colours(field)`, of a lens whose edges are as hard as a plane lens's: those of the first answer's points, (rows,
    columns, 3) in 0..1. They are averaged over a pixel's samples before `draw` gets them; other drawings are smooth
    by themselves. `surface`, of a landscape: what an engine draws in place of `draw`, which does it with NumPy.
    `points`, of a lens whose points may be coloured on the GPU: how.
    `mosaic`, of a lens whose cells may be coloured on the GPU: how.
    `streamed`, of a lens that draws pictures of any size: how.
    `plate`, of a chart: the plate that `draw` makes the picture of, which tells what has changed since another one.
    """

    wants: Callable[[Scene, Network, Size], tuple[Want, ...]]
    draw: Callable[[Scene, Network, Size, Sequence[Answered]], Values]
    pick: Callable[[Scene, Network, Size, tuple[float, float]], Scene | None] | None = None
    is_chart: bool = False
    colours: Callable[[Field], Values] | None = None
    surface: Surface | None = None
    points: Points[Any] | None = None
    plate: Callable[[Scene, Network, Size, Sequence[Answered]], Plate] | None = None
    mosaic: Mosaic | None = None
    streamed: Streamed | None = None


def chart(
    wants: Callable[[Scene, Network, Size], tuple[Want, ...]],
    plate: Callable[[Scene, Network, Size, Sequence[Answered]], Plate],
    pick: Callable[[Scene, Network, Size, tuple[float, float]], Scene | None] | None = None,
) -> DrawnLens:
    """Make the lens of a chart, which nothing may cover, and which is drawn anew only where it changes."""

    def draw(scene: Scene, network: Network, size: Size, answers: Sequence[Answered]) -> Values:
        return plate(scene, network, size, answers).pixels()

    return DrawnLens(wants, draw, pick, is_chart=True, plate=plate)


@dataclass(frozen=True)
class Part:
    """Place another scene's picture of `size` with its left upper corner at (left, top), pixels.

    `clear`: what of it (left, top, right, bottom) nothing in the window stands over; None: all. `is_other`: it is the
    half of a split view that differs.
    """

    scene: Scene
    size: Size
    left: int = 0
    top: int = 0
    clear: Box | None = None
    is_other: bool = False


@dataclass(frozen=True)
class ComposedLens:
    """Set pictures together: `parts(scene, size)`, and lines of the colour GRID between them.

    `stacked(scene, size)` sets them above each other, for a window where little width is free.
    """

    parts: Callable[[Scene, Size], tuple[Part, ...]]
    stacked: Callable[[Scene, Size], tuple[Part, ...]]


Lens = PlaneLens | DrawnLens | ComposedLens
