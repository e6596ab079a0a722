"""From a question to pixels without a window: bands of a picture or of raw outputs, in constant memory."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from weightscape.engine.choice import ENGINES, opened
from weightscape.engine.question import Engine, Question, pixel_grid, work
from weightscape.engine.tile import Pace, answer
from weightscape.lens.catalogue import lens
from weightscape.lens.lens import ComposedLens, DrawnLens
from weightscape.lens.stretch import log_stretch
from weightscape.network.network import Network, within_limits
from weightscape.picture.drawing import displayed, drawn, fraction, lined, part_of
from weightscape.picture.network_memory import handed_in
from weightscape.picture.questions import PRECISIONS, PrecisionName, methods, question
from weightscape.scene.plain import plain
from weightscape.scene.sample import MAX_SAMPLES, sample
from weightscape.scene.scene import Scene
from weightscape.scene.scene_error import SceneError
from weightscape.scene.shade import quantise, shade

Size = tuple[int, int]
Progress = Callable[[float], object]

MAX_SIDE = 65_536
MAX_PIXELS = 2**30
SIZES = f"1..{MAX_SIDE} a side and at most {MAX_PIXELS} pixels"
# A band: enough points for any engine, little enough for any memory; without a watchdog's tiles, also little enough
# work that progress is seen every few seconds.
BAND_POINTS, BAND_WORK = 1 << 18, 1e11
EngineName = Literal["auto", "fragment", "compute", "numpy"]


def is_allowed(size: Size) -> bool:
    """Tell whether a picture may have this size."""
    return min(size) >= 1 and max(size) <= MAX_SIDE and size[0] * size[1] <= MAX_PIXELS


def _checked(engine: object, precision: object, size: object, samples: object = 1) -> tuple[Size, int]:
    """Give back size and samples as plain ints. Raises ValueError with the argument's name, value and range."""
    choices: dict[str, tuple[object, tuple[str, ...]]]
    choices = {"engine": (engine, ENGINES), "precision": (precision, PRECISIONS)}
    for name, (value, allowed) in choices.items():
        if not isinstance(value, str) or value not in allowed:
            raise ValueError(f"{name}: {value!r} is not one of {', '.join(allowed)}")
    count = _whole(_plain(samples))
    if not 1 <= count <= MAX_SAMPLES:
        raise ValueError(f"samples: {samples!r} is not a whole number in 1..{MAX_SAMPLES}")
    given = _plain(size)
    sides = [_whole(side) for side in given] if isinstance(given, tuple | list) else []
    if len(sides) != 2 or not is_allowed((sides[0], sides[1])):
        raise ValueError(f"size: {size!r} is not two whole numbers (width, height) in {SIZES}")
    return (sides[0], sides[1]), count


def _whole(value: object) -> int:
    """Give back a whole number; 0 for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _plain(value: object) -> object:
    try:
        return plain(value)
    except ValueError:
        return value


@contextmanager
def _shown(given: Scene | Network | None, view: Scene | None) -> Iterator[Scene]:
    """Make the scene of a network, looked at as `view` says, whose own network is left aside."""
    if view is not None and not (isinstance(given, Network) and isinstance(view, Scene)):
        raise ValueError("view: it is a Scene, for a Network; a Scene has its own view")
    if not isinstance(given, Scene | Network | None):
        raise ValueError(f"scene: {given!r} is neither a Scene nor a Network")
    if not isinstance(given, Network):
        yield given or Scene()
        return
    scene, inputs = view or Scene(), within_limits(given).widths[0]
    fed = len(scene.origin) or len(scene.inputs)
    if inputs != fed:
        raise ValueError(
            f"view: the network has {inputs} inputs and is fed {fed}: Scene(inputs=[...]) names as many, "
            "Scene(origin=..., u=..., v=...) a plane in their space"
        )
    with handed_in(given) as name:
        yield replace(scene, weights=name)


def render(
    scene: Scene | Network | None = None,
    *,
    size: Size = (512, 512),
    samples: int = 1,
    engine: EngineName = "auto",
    precision: PrecisionName = "auto",
    view: Scene | None = None,
) -> npt.NDArray[np.uint8]:
    """Render the picture of a scene or a network: uint8 (height, width, 3), row 0 on top, display (sRGB) values.

    `size` is (width, height) in pixels; `samples` points of each pixel are averaged. `view`, for a network: a scene
    whose view, inputs, lens and colours are taken. Raises ValueError for an argument out of its range and for weights
    that do not fit the scene, SceneError (a ValueError) for a layer or unit that the network has not, FileError for a
    weights file that cannot be read, EngineError when a forced engine or precision cannot work here.
    """
    size, samples = _checked(engine, precision, size, samples)
    with _shown(scene, view) as shown, opened(engine) as choice:
        return np.concatenate(list(picture_bands(choice.engine, shown, size, samples, precision)))


def field(
    scene: Scene | Network | None = None,
    *,
    size: Size = (512, 512),
    engine: EngineName = "auto",
    precision: PrecisionName = "auto",
    view: Scene | None = None,
) -> npt.NDArray[np.floating]:
    """Evaluate raw outputs: (height, width, outputs), row 0 on top, float32, or float64 for double precision.

    `size` is (width, height) in pixels; `view` as in render(). Raises what render() raises: ValueError, SceneError,
    FileError, EngineError.
    """
    size, _ = _checked(engine, precision, size)
    with _shown(scene, view) as shown, opened(engine) as choice:
        return np.concatenate(list(field_bands(choice.engine, shown, size, precision)))


def field_bands(
    engine: Engine,
    scene: Scene,
    size: Size,
    precision: PrecisionName,
    progress: Progress = float,
    cancelled: Callable[[], bool] = bool,
    relative: bool = False,
) -> Iterator[npt.NDArray[np.floating]]:
    """Evaluate raw outputs band after band from the top: arrays (rows, width, outputs); `progress` takes 0..1.

    Of the lens stretch it is ln |J| by plane units, one channel in float64. `relative`: less the outputs at the view's
    centre, in float64. Raises SceneError for a drawing and for a split view.
    """
    shown = lens(scene)
    if isinstance(shown, ComposedLens):
        raise SceneError("beside", "a split view is two pictures; only one has values to write")
    if isinstance(shown, DrawnLens):
        raise SceneError("lens", f"{scene.lens} is a drawing, which has no values to write")
    whole = question(scene, size, precision, can=methods(engine), relative=relative)
    pace, count = Pace(), fraction(progress, size[0] * size[1])
    for top, rows in _bands(engine, whole, size):
        band = whole.grid.tile(0, top, size[0], rows)
        field = answer(engine, replace(whole, grid=band), pace, count, cancelled)
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
    progress: Progress = float,
    cancelled: Callable[[], bool] = bool,
    pace: Pace | None = None,
) -> Iterator[npt.NDArray[np.uint8]]:
    """Render a picture band after band from the top: uint8 arrays (rows, width, 3); `progress` takes 0..1.

    Samples are averaged after the shade, in display values, also of drawings that colour points by themselves; charts
    are smooth without. `pace` is what earlier pictures by this engine taught.
    """
    shown, pace = lens(scene), pace or Pace()
    if isinstance(shown, DrawnLens):
        colours = drawn(engine, scene, size, precision, 1, pace, progress, cancelled, samples)
        yield quantise(colours, scene.quantise)
    elif isinstance(shown, ComposedLens):
        canvas, parts = quantise(lined(size), scene.quantise), shown.parts(scene, size)
        for n, part in enumerate(parts):
            share = _share(progress, n, len(parts))
            bands = picture_bands(engine, part.scene, part.size, samples, precision, share, cancelled, pace)
            part_of(canvas, part)[...] = np.concatenate(list(bands))
        yield canvas
    else:
        yield from _plane_bands(engine, scene, size, samples, precision, progress, cancelled, pace)


def _share(progress: Progress, n: int, count: int) -> Progress:
    """Tell `progress` of the n-th of `count` parts of equal size."""
    return lambda done: progress((n + done) / count)


def _plane_bands(
    engine: Engine,
    scene: Scene,
    size: Size,
    samples: int,
    precision: PrecisionName,
    progress: Progress,
    cancelled: Callable[[], bool],
    pace: Pace,
) -> Iterator[npt.NDArray[np.uint8]]:
    whole = question(scene, size, precision, can=methods(engine))
    level = displayed(scene, whole, engine)
    count = fraction(progress, size[0] * size[1] * samples)
    for top, rows in _bands(engine, whole, size):
        colours = np.zeros((rows, size[0], 3), np.float32 if whole.precision == "single" else np.float64)
        for n in range(samples):
            band = pixel_grid(*size, sample(n)).tile(0, top, size[0], rows)
            field = answer(engine, replace(whole, grid=band), pace, count, cancelled)
            colours += shade(level(field), scene.palette)
        yield quantise(colours / samples, scene.quantise)


def _bands(engine: Engine, whole: Question, size: Size) -> Iterator[tuple[int, int]]:
    """Cut a picture into bands: (first row, rows), by the network and the size alone."""
    width, height = size
    points = BAND_POINTS if engine.pick(whole).has_watchdog else min(BAND_POINTS, BAND_WORK / work(whole.network))
    step = max(1, int(points // width))
    for top in range(0, height, step):
        yield top, min(step, height - top)
