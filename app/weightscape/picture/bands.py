"""Pictures and raw outputs without a window, band after band from the top: large ones take no more memory."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from weightscape.draw.plate import GRID
from weightscape.engine.question import Engine, Question, work
from weightscape.engine.tile import Pace
from weightscape.lens.catalogue import lens
from weightscape.lens.lens import ComposedLens, DrawnLens
from weightscape.lens.stretch import log_stretch
from weightscape.network.view import Size
from weightscape.picture.exposing import exposure_of
from weightscape.picture.exposure import Evaluator, Exposure, Order
from weightscape.picture.placement import placed
from weightscape.picture.plane_exposure import PlaneExposure
from weightscape.picture.questions import PrecisionName, question
from weightscape.picture.refinement import refined
from weightscape.picture.watch import UNWATCHED, Watch
from weightscape.scene.scene import Scene
from weightscape.scene.scene_error import SceneError
from weightscape.scene.tone import PLAIN, Tone

Pixels = npt.NDArray[Any]

# A band: enough points for any engine, little enough for any memory; without a watchdog's tiles, also little enough
# work that progress is seen every few seconds.
BAND_POINTS, BAND_WORK = 1 << 18, 1e11


def field_bands(
    engine: Engine, scene: Scene, size: Size, precision: PrecisionName, watch: Watch = UNWATCHED, relative: bool = False
) -> Iterator[npt.NDArray[np.floating]]:
    """Evaluate raw outputs band after band from the top: arrays (rows, width, outputs).

    Of the lens stretch it is ln |J| by plane units, one channel in float64. `relative`: less the outputs at the view's
    centre, in float64. Raises SceneError for a drawing and for a split view.
    """
    shown = lens(scene)
    if isinstance(shown, ComposedLens):
        raise SceneError("beside", "a split view is two pictures; only one has values to write")
    if isinstance(shown, DrawnLens):
        raise SceneError("lens", f"{scene.lens} is a drawing, which has no values to write")
    whole = question(scene, size, precision, can=engine.methods, relative=relative)
    evaluator = Evaluator(engine, Pace(), watch.cancelled, watch.counting(size[0] * size[1]))
    for top, rows in _bands(size, _band_rows(engine, whole, size)):
        field = evaluator.whole(replace(whole, grid=whole.grid.tile(0, top, size[0], rows)))
        if whole.answer == "derivatives":
            yield log_stretch(scene, whole, field)
        else:
            yield field.relative.astype(np.float64) if relative else field.values


def picture_bands(
    engine: Engine,
    scene: Scene,
    size: Size,
    samples: int,
    precision: PrecisionName,
    watch: Watch = UNWATCHED,
    pace: Pace | None = None,
    tone: Tone = PLAIN,
) -> Iterator[Pixels]:
    """Render a picture band after band from the top: arrays (rows, width, 3), uint8 or what else `tone` makes.

    Samples are averaged after the shade, in display values. What is drawn as a whole is held as a whole; all else, in
    a split view as well, takes no more memory than a band. `pace` is what earlier pictures by this engine taught.
    """
    evaluator = Evaluator(engine, pace or Pace(), watch.cancelled)
    found = [exposure_of(evaluator, part, precision) for part in placed(scene, size)]
    points = sum(exposure.points(1) + (samples - 1) * exposure.more_points() for exposure in found)
    evaluator.count = watch.counting(points)
    asked = [exposure.asked[0] for exposure in found if isinstance(exposure, PlaneExposure)]
    step = min([size[1], *(_band_rows(engine, each, size) for each in asked)])
    halves = []
    while found:  # a drawing goes as soon as it is finished: its fields are large
        left = found[0].part.left
        halves.append((left, _cut(found.pop(0), Order(samples), tone)))
    lines = replace(tone, dither=False).apply(np.array(GRID, np.float32), scene.quantise)
    for top, rows in _bands(size, step):
        canvas = np.full((rows, size[0], 3), lines)
        for left, cut in halves:
            pixels = cut(top, rows)
            canvas[:, left : left + pixels.shape[1]] = pixels
        yield canvas


def _cut(exposure: Exposure, order: Order, tone: Tone) -> Callable[[int, int], Pixels]:
    """Give what makes some rows of a picture, from its top: what is drawn is made as a whole, now."""
    width = exposure.part.size[0]
    if isinstance(exposure, PlaneExposure):
        return lambda top, rows: _finished(exposure.within((0, top, width, rows)), order, tone, top)
    return partial(_rows, _finished(exposure, order, tone))


def _rows(whole: Pixels, top: int, rows: int) -> Pixels:
    return whole[top : top + rows]


def _finished(exposure: Exposure, order: Order, tone: Tone, top: int = 0) -> Pixels:
    """Make a picture, or its rows from `top` on, as a file has it."""
    for _ in refined([exposure], order):
        pass
    part = exposure.part
    return tone.apply(exposure.colours(), part.scene.quantise, part.left, top)


def _band_rows(engine: Engine, asked: Question, size: Size) -> int:
    """Tell how many rows a band has, by the network, the size, and whether a watchdog waits."""
    points = BAND_POINTS if engine.pick(asked).has_watchdog else min(BAND_POINTS, BAND_WORK / work(asked.network))
    return max(1, int(points // size[0]))


def _bands(size: Size, step: int) -> Iterator[tuple[int, int]]:
    """Cut a picture into bands: (first row, rows)."""
    for top in range(0, size[1], step):
        yield top, min(step, size[1] - top)
