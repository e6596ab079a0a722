"""Pictures and raw outputs without a window, band after band from the top: large ones take no more memory."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from weightscape.engine.question import Engine
from weightscape.engine.tile import Pace
from weightscape.lens.catalogue import lens
from weightscape.lens.lens import ComposedLens, DrawnLens
from weightscape.lens.stretch import log_stretch
from weightscape.network.view import Size
from weightscape.picture.banding import Banding, Pixels
from weightscape.picture.exposure import Evaluator
from weightscape.picture.questions import PrecisionName, question
from weightscape.picture.span import band_rows, spans
from weightscape.picture.watch import UNWATCHED, Watch
from weightscape.scene.scene import Scene
from weightscape.scene.scene_error import SceneError
from weightscape.scene.tone import PLAIN, Tone


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
    for top, rows in spans(size[1], band_rows(engine, whole, size)):
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
    judges: bool = True,
) -> Iterator[Pixels]:
    """Render a picture band after band from the top: arrays (rows, width, 3), uint8 or what else `tone` makes.

    Samples are averaged after the shade, in display values. What is drawn as a whole is held as a whole; all else, in
    a split view as well, takes no more memory than a band. `pace` is what earlier pictures by this engine taught.
    Unless it `judges`, no point is marked as misclassified.
    """
    yield from Banding(engine, scene, size, samples, precision, watch, pace, tone, judges).bands()
