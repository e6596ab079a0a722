"""A picture on its way, in its place: what it asks of an engine, what has been found, and how true that is.

A plane lens's picture (plane_exposure.py) is streamed in tiles of any box; a drawing (drawn_exposure.py) is made as a
whole. Both are made once from a scene and keep what they need: network, wants and questions.
"""

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
import numpy.typing as npt

from weightscape.deep.accuracy import Accuracy, Method
from weightscape.draw.sprite import Sprite
from weightscape.engine.question import Cancelled, Engine, Field, Held, Question, Values, work
from weightscape.engine.tile import FILE_BUDGET_S, MAX_SIDE, Answer, Pace, Tile, answer, held_tiles, tiles
from weightscape.lens.catalogue import wants
from weightscape.lens.lens import Part
from weightscape.network.interrupt import ignore, never
from weightscape.network.view import Point2
from weightscape.picture.cell_patch import CellPatch
from weightscape.picture.forecast import foretold
from weightscape.picture.network_memory import network
from weightscape.picture.questions import PrecisionName, questions
from weightscape.picture.relief import Relief
from weightscape.picture.reuse import Kept
from weightscape.scene.colour import AS_THEY_ARE, Colour
from weightscape.scene.scene import Scene
from weightscape.scene.shading import Colouring, Uniforms

# From here inwards float32 is not worth a first picture.
QUICK_RADIUS = 1e-5


@dataclass
class Evaluator:
    """Hold an engine, how fast it is, whether its answers are still wanted, and who counts their points.

    `budget_s`: no tile takes longer; without, only where a watchdog waits does the clock decide where to cut.
    `hands_on`: landscapes are handed on undrawn (relief.py), for whoever sees them draws them.
    """

    engine: Engine
    pace: Pace
    cancelled: Callable[[], bool] = never
    count: Callable[[int], object] = ignore
    budget_s: float | None = None
    hands_on: bool = False

    def tiles(self, asked: Question, focus: Point2 | None) -> Iterator[Tile[Field]]:
        """Answer tile after tile, nearest to `focus` (column, row) first."""
        return self._counted(tiles(self.engine, asked, self.pace, self._budget(asked), focus, self.cancelled))

    def held_tiles(
        self, asked: Question, focus: Point2 | None, has_neighbours: bool = False
    ) -> Iterator[Tile[Held | Field]]:
        """Answer tile after tile, with neighbours on the left and above; answers may stay on the GPU."""
        budget = self._budget(asked)
        return self._counted(held_tiles(self.engine, asked, self.pace, budget, focus, self.cancelled, has_neighbours))

    def whole(self, asked: Question) -> Field:
        """Answer as a whole."""
        return answer(self.engine, asked, self.pace, self.count, self.cancelled)

    def points(self, asked: Question, seconds: float) -> int:
        """Tell how many points of a question are answered in so many seconds."""
        return int(self.pace.affordable(self.engine.pick(asked), asked, seconds))

    def _budget(self, asked: Question) -> float:
        return self.budget_s or (FILE_BUDGET_S if self.engine.pick(asked).has_watchdog else inf)

    def _counted(self, answered: Iterator[Tile[Answer]]) -> Iterator[Tile[Answer]]:
        for tile in answered:
            rows, columns, _ = tile.field.shape
            self.count(rows * columns)
            yield tile
            del tile  # what is held on a GPU goes back as soon as it has been seen

    def is_one_tile(self, asked: Question) -> bool:
        """Tell whether a question is thought to be answered within the budget at once."""
        fits = self.pace.points(self.engine.pick(asked), asked, self._budget(asked)) >= asked.grid.points
        return fits and max(asked.grid.columns, asked.grid.rows) <= MAX_SIDE

    def check(self) -> None:
        """Raise Cancelled where nothing is wanted any longer."""
        if self.cancelled():
            raise Cancelled


@dataclass(frozen=True)
class Patch:
    """Hold float32 values (rows, columns, channels) in their place in the picture.

    They are display values, 8-bit colours (uint8), or, with a `shading`, an answer that has stayed on the GPU.
    `place`: left upper corner in pixels; `stride`: pixels from point to point; nothing is painted right of or below
    the pixel `limit`. `colour`: how they become colours; three channels AS_THEY_ARE are colours. No rows: the picture
    is as it was. `is_kept`: they are the last picture's, moved. `samples` of each pixel are averaged. `sprites` lie
    over them.
    """

    values: npt.NDArray[np.float32] | npt.NDArray[np.uint8] | Held
    place: tuple[int, int]
    stride: int
    limit: tuple[int, int]
    colour: Colour
    is_kept: bool = False
    samples: int = 1
    shading: Uniforms | Colouring | None = None
    sprites: Sequence[Sprite] = ()

    @property
    def is_empty(self) -> bool:
        """Tell whether the picture stays as it is."""
        return 0 in self.values.shape

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Tell the pixels that are painted: left, top, and the first ones beyond, right and bottom."""
        (left, top), (rows, columns) = self.place, self.values.shape[:2]
        right, bottom = left + columns * self.stride, top + rows * self.stride
        return left, top, min(right, self.limit[0]), min(bottom, self.limit[1])


@dataclass(frozen=True)
class Sample:
    """Hold a patch of one more sample of each pixel: seen once it has been averaged, by a Mean.

    `is_first`: the samples are counted from it.
    """

    patch: Patch
    is_first: bool


@dataclass(frozen=True)
class Mean:
    """Say that the samples so far, so many of each pixel, are averaged from the pixel `place` to the pixel `limit`.

    `sprites` lie over them.
    """

    place: tuple[int, int]
    limit: tuple[int, int]
    samples: int
    sprites: Sequence[Sprite] = ()


@dataclass(frozen=True)
class Stamp:
    """Say that sprites lie over the picture, from the pixel `place` to the pixel `limit`."""

    place: tuple[int, int]
    limit: tuple[int, int]
    sprites: Sequence[Sprite]


Laid = Patch | Sample | Mean | Relief | CellPatch | Stamp


@dataclass(frozen=True)
class Order:
    """Say how far a picture is refined: `samples` points a pixel, tiles nearest to `focus` (pixels) first.

    `is_watched`: it is seen while it is made, and a better method is chosen where the first one's is not true.
    """

    samples: int = 1
    focus: Point2 | None = None
    is_watched: bool = False


class Exposure:
    """One picture on its way. `cost`: operations a point, 0 where there is nothing to foretell."""

    def __init__(self, evaluator: Evaluator, part: Part, precision: PrecisionName) -> None:
        self.part, self.evaluator = part, evaluator
        # Held, so that two halves with large networks do not make them anew in turns.
        self.network = network(part.scene)
        self.wants = wants(part.scene, self.network, part.size)
        self.asked = self._questions(precision)
        self.cost = work(self.asked[0].network) if self.asked else 0.0
        self.truth: tuple[Method, Accuracy] | None = None
        self.samples = 1

    @property
    def method(self) -> Method:
        """Tell the method of what is first wanted."""
        return self.asked[0].method

    @property
    def is_moved(self) -> bool:
        """Tell whether it begins with the last picture's pixels."""
        return False

    def first_stride(self, seconds: float) -> int:
        """Tell how coarse the first pass has to be, to be there within so many seconds."""
        raise NotImplementedError

    def points(self, stride: int) -> int:
        """Count the points of a pass."""
        raise NotImplementedError

    def more_points(self) -> int:
        """Count the points of one more sample."""
        raise NotImplementedError

    def carry(self) -> Iterator[Patch]:
        """Begin with what the last picture has of this one: nothing, for a drawing does not move with the plane."""
        return iter(())

    def expose(self, stride: int, order: Order) -> Iterator[Laid]:
        """Evaluate a point for every `stride` x `stride` pixels of what is missing."""
        raise NotImplementedError

    def told(self) -> Iterator[Stamp]:
        """Lay over a fine picture what is told of all its points: nothing, for most."""
        return iter(())

    def foretell(self) -> bool:
        """Foretell how true the picture is; ask anew, and tell so, where another method is wanted."""
        self.evaluator.check()
        better, accuracy = self._questions("auto"), foretold(self.part.scene, self.part.size)
        is_enough = better[0].method in ("single", self.method)
        if not is_enough:
            self.asked = better  # each of the things that it wants has a method of its own
        self.truth = (self.method, accuracy) if accuracy else None
        return not is_enough

    def take_sample(self, n: int, order: Order) -> Generator[Laid, None, bool]:
        """Take sample `n` of each pixel (scene/sample.py), if it is not taken; tell whether it smooths the picture."""
        raise NotImplementedError

    def colours(self) -> Values:
        """Give display colours, averaged over the samples so far: (rows, columns, 3) in 0..1."""
        raise NotImplementedError

    def averaged(self) -> Patch | Mean:
        """Give the whole part's colours in their place."""
        part = self.part
        limit = part.left + part.size[0], part.top + part.size[1]
        colours = np.asarray(self.colours(), np.float32)
        return Patch(colours, (part.left, part.top), 1, limit, AS_THEY_ARE, samples=self.samples)

    def kept(self) -> Kept | None:
        """Hold what the next picture may have of this one."""
        return None

    def _questions(self, precision: PrecisionName) -> tuple[Question, ...]:
        return questions(self.part.scene, self.part.size, precision, self.evaluator.engine.methods)


def first_method(scene: Scene) -> Method:
    """Choose what computes a first picture, before anything is foretold."""
    return "single" if scene.levels == "plain" and scene.radius >= QUICK_RADIUS else "perturbed"
