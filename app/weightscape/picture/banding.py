"""A picture as bands of rows, each of which can be made at any time, in any order, in any process.

Samples, levels and layouts are the whole picture's, whichever band is made.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from weightscape.deep.accuracy import Method
from weightscape.draw.plate import GRID
from weightscape.engine.question import Engine
from weightscape.engine.tile import Pace
from weightscape.lens.catalogue import CATALOGUE
from weightscape.lens.lens import DrawnLens, Part, Values
from weightscape.network.view import Size
from weightscape.picture.drawn_exposure import check_drawn
from weightscape.picture.exposing import exposure_of
from weightscape.picture.exposure import Evaluator, Exposure, Order
from weightscape.picture.over import over
from weightscape.picture.placement import placed
from weightscape.picture.plane_exposure import PlaneExposure
from weightscape.picture.questions import PrecisionName
from weightscape.picture.refinement import refined
from weightscape.picture.span import band_rows, spans
from weightscape.picture.streamed_exposure import StreamedExposure, streamed_exposure
from weightscape.picture.watch import UNWATCHED, Watch
from weightscape.scene.scene import Scene
from weightscape.scene.tone import PLAIN, Tone

Pixels = npt.NDArray[Any]
Cut = Callable[[int, int], Pixels]
Lay = Callable[[Values, int], Values]

BANDED = PlaneExposure | StreamedExposure


@dataclass(frozen=True)
class Arithmetic:
    """Say what the last bits of a picture depend on: engines, methods, and processor or driver, of each part once."""

    engines: tuple[str, ...]
    methods: tuple[Method, ...]
    machines: tuple[str, ...]


class Banding:
    """Make any band of a picture; what is drawn as a whole is made, and held, as a whole when it is first wanted.

    `step`: how many rows are made at a time. `work`: operations that all of it takes. `pace` is what earlier pictures
    by this engine taught. `tone`: which numbers the bands have; `judges`: misclassified points are marked. Raises what
    exposure_of() raises.
    """

    def __init__(
        self,
        engine: Engine,
        scene: Scene,
        size: Size,
        samples: int,
        precision: PrecisionName,
        watch: Watch = UNWATCHED,
        pace: Pace | None = None,
        tone: Tone = PLAIN,
        judges: bool = True,
    ) -> None:
        self.size, self.tone, self._engine, self._samples = size, tone, engine, samples
        self._lines = replace(tone, dither=False).apply(np.array(GRID, np.float32), scene.quantise)
        evaluator = Evaluator(engine, pace or Pace(), watch.cancelled)
        self._exposures = [_exposure(evaluator, part, precision) for part in placed(scene, size)]
        self._overs = [over(evaluator, exposure.part, precision, judges) for exposure in self._exposures]
        self.asked = [question for exposure in self._exposures for question in exposure.asked]
        points = [_points(exposure, samples) for exposure in self._exposures]
        self._points = sum(points)
        self.work = sum(many * each.cost for many, each in zip(points, self._exposures, strict=True))
        evaluator.count = self._count = watch.counting(self._points)
        cut = [each for each in self._exposures if isinstance(each, BANDED)]
        # Lenses that are drawn at once.
        self.whole = [each.part.scene.lens for each in self._exposures if not isinstance(each, BANDED)]
        self.is_streamed = not self.whole
        self.step = min([size[1], *(band_rows(engine, each.asked[0], size) for each in cut)])
        self._cuts: list[tuple[int, Cut]] = []

    def make(self, top: int, rows: int) -> Pixels:
        """Make the rows from `top` on: (rows, width, 3), uint8 or what else the tone makes.

        The last bits of some engines' numbers are those of the cut: bands that begin at multiples of `step` make the
        very picture that is made at once.
        """
        canvas = np.full((rows, self.size[0], 3), self._lines)
        for first, count in spans(rows, self.step):
            for left, cut in self._halves():
                pixels = cut(top + first, count)
                canvas[first : first + count, left : left + pixels.shape[1]] = pixels
        return canvas

    def bands(self) -> Iterator[Pixels]:
        """Make all of it, from the top."""
        for top, rows in spans(self.size[1], self.step):
            yield self.make(top, rows)

    def skip(self, rows: int) -> None:
        """Count rows that need not be made any more as done."""
        self._count(self._points * rows // self.size[1])

    def arithmetic(self) -> Arithmetic:
        """Tell what the engine computes with now."""
        engines = [self._engine.pick(asked) for asked in self.asked]
        return Arithmetic(
            tuple(dict.fromkeys(each.name for each in engines)),
            tuple(dict.fromkeys(asked.method for asked in self.asked)),
            tuple(dict.fromkeys(each.arithmetic for each in engines)),
        )

    def _halves(self) -> list[tuple[int, Cut]]:
        while self._exposures:  # a drawing goes as soon as it is finished: its fields are large
            left = self._exposures[0].part.left
            above = self._overs.pop(0)
            lay = above.lay if above else _bare
            self._cuts.append((left, _cut(self._exposures.pop(0), Order(self._samples), self.tone, lay)))
        return self._cuts


def check_size(scene: Scene, size: Size) -> None:
    """Raise SceneError, before anything is computed, for a picture of a drawing that is too large to be held."""
    for part in placed(scene, size):
        shown = CATALOGUE[part.scene.lens]
        if isinstance(shown, DrawnLens) and not shown.streamed:
            check_drawn(part)


def _exposure(evaluator: Evaluator, part: Part, precision: PrecisionName) -> Exposure:
    shown = CATALOGUE[part.scene.lens]
    streamed = streamed_exposure(evaluator, part, shown, precision) if isinstance(shown, DrawnLens) else None
    return streamed or exposure_of(evaluator, part, precision)


def _points(exposure: Exposure, samples: int) -> int:
    return exposure.points(1) + (samples - 1) * exposure.more_points()


def _bare(colours: Values, top: int) -> Values:
    """Lay nothing over a picture."""
    return colours


def _cut(exposure: Exposure, order: Order, tone: Tone, lay: Lay) -> Cut:
    """Give what makes some rows of a picture, from its top: what is drawn is made as a whole, now."""
    part, width = exposure.part, exposure.part.size[0]
    if isinstance(exposure, PlaneExposure):
        return lambda top, rows: _finished(exposure.within((0, top, width, rows)), order, tone, lay, top)
    if isinstance(exposure, StreamedExposure):
        how = part.scene.quantise
        return lambda top, rows: tone.apply(lay(exposure.rows(top, rows, order.samples), top), how, part.left, top)
    return partial(_rows, _finished(exposure, order, tone, lay))


def _rows(whole: Pixels, top: int, rows: int) -> Pixels:
    return whole[top : top + rows]


def _finished(exposure: Exposure, order: Order, tone: Tone, lay: Lay, top: int = 0) -> Pixels:
    """Make a picture, or its rows from `top` on, as a file has it."""
    for _ in refined([exposure], order):
        pass
    part = exposure.part
    return tone.apply(lay(exposure.colours(), top), part.scene.quantise, part.left, top)
