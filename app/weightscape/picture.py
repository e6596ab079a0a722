"""From a question to pixels without a window: bands of a picture or of raw outputs, in constant memory."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from weightscape.ask import PRECISIONS, PrecisionName, methods, network, question, questions
from weightscape.engine.choice import ENGINES, opened
from weightscape.engine.question import Engine, Question, Values, pixel_grid, work
from weightscape.engine.tile import Pace, answer
from weightscape.lens.kind import Answered, ComposedLens, DrawnLens, Level, Part, PlaneLens
from weightscape.lens.table import lens, wants
from weightscape.model.contrast import contrast
from weightscape.model.sample import MAX_SAMPLES, sample
from weightscape.model.scene import Scene
from weightscape.model.scene_error import SceneError
from weightscape.model.shade import quantise, shade

Size = tuple[int, int]
Progress = Callable[[float], object]

MAX_SIDE = 65_536
MAX_PIXELS = 2**30
SIZES = f"1..{MAX_SIDE} a side and at most {MAX_PIXELS} pixels"
# A band: enough points for any engine, little enough for any memory; without a watchdog's tiles, also little enough
# work that progress is seen every few seconds.
BAND_POINTS, BAND_WORK = 1 << 18, 1e11
# Where levels follow the view: points on the picture's short side that tell them.
OVERVIEW, COARSE, OVERVIEW_WORK = 128, 32, 2e10
# Drawings are made in one piece, at several times their size.
MAX_DRAWN = 1 << 25
EngineName = Literal["auto", "fragment", "compute", "numpy"]


def displayed(scene: Scene, whole: Question, engine: Engine) -> Level:
    """Tell how the values of a scene's lens become display values in 0..1.

    Levels that follow the view are measured here, over the whole picture, before any tile.
    """
    shown = lens(scene)
    assert isinstance(shown, PlaneLens), "the other lenses are drawn"
    level = shown.level(scene, whole)
    if scene.levels == "plain":
        return level
    if whole.answer != "values":
        leveled = contrast(level(engine.pick(whole).field(_overview(whole))))
        return lambda field: leveled(level(field))
    stretched = contrast(engine.pick(whole).field(_overview(whole)).relative)
    return lambda field: stretched(field.relative)


def _overview(whole: Question) -> Question:
    """Ask for the same picture on few points, OVERVIEW a side or, of a network that costs much, COARSE."""
    grid, short = whole.grid, min(whole.grid.columns, whole.grid.rows)
    dear = OVERVIEW**2 * work(whole.network) > OVERVIEW_WORK
    stride = max(1, short // (COARSE if dear else OVERVIEW))
    inside = grid.tile(0, 0, grid.columns // stride * stride, grid.rows // stride * stride)
    return replace(whole, grid=inside.coarser(stride))


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
    count = _whole(samples)
    if not 1 <= count <= MAX_SAMPLES:
        raise ValueError(f"samples: {samples!r} is not a whole number in 1..{MAX_SAMPLES}")
    sides = [_whole(side) for side in size] if isinstance(size, tuple | list) else []
    if len(sides) != 2 or not is_allowed((sides[0], sides[1])):
        raise ValueError(f"size: {size!r} is not two whole numbers (width, height) in {SIZES}")
    return (sides[0], sides[1]), count


def _whole(value: object) -> int:
    """Make a plain int of a whole number, Python's or NumPy's; 0 of anything else."""
    return int(value) if isinstance(value, int | np.integer) and not isinstance(value, bool) else 0


def render(
    scene: Scene | None = None, *, size: Size = (512, 512), samples: int = 1,
    engine: EngineName = "auto", precision: PrecisionName = "auto",
) -> npt.NDArray[np.uint8]:  # fmt: skip
    """Render a scene's picture: uint8 (height, width, 3), row 0 on top, display (sRGB) values.

    `size` is (width, height) in pixels; `samples` points of each pixel are averaged. Raises ValueError for an
    argument out of its range and for weights that do not fit the scene, SceneError (a ValueError) for a layer or unit
    that the network has not, FileError for a weights file that cannot be read, EngineError when a forced engine
    cannot work here, and gpu.source.ShaderError when a graphics driver refuses a shader.
    """
    size, samples = _checked(engine, precision, size, samples)
    with opened(engine) as choice:
        return np.concatenate(list(picture_bands(choice.engine, scene or Scene(), size, samples, precision)))


def field(
    scene: Scene | None = None, *, size: Size = (512, 512),
    engine: EngineName = "auto", precision: PrecisionName = "auto",
) -> npt.NDArray[np.floating]:  # fmt: skip
    """Evaluate a scene's raw outputs: (height, width, outputs), row 0 on top, float32, or float64 for double.

    `size` is (width, height) in pixels. Raises what render() raises: ValueError, SceneError, FileError, EngineError
    and gpu.source.ShaderError.
    """
    size, _ = _checked(engine, precision, size)
    with opened(engine) as choice:
        return np.concatenate(list(field_bands(choice.engine, scene or Scene(), size, precision)))


def field_bands(
    engine: Engine, scene: Scene, size: Size, precision: PrecisionName, progress: Progress = float,
    cancelled: Callable[[], bool] = bool, relative: bool = False,
) -> Iterator[npt.NDArray[np.floating]]:  # fmt: skip
    """Evaluate raw outputs band after band from the top: arrays (rows, width, outputs); `progress` takes 0..1.

    `relative`: less the outputs at the view's centre, in float64. Raises SceneError for a lens that is a drawing.
    """
    if not isinstance(lens(scene), PlaneLens):
        raise SceneError("lens", f"{scene.lens} is a drawing, which has no values to write")
    whole = question(scene, size, precision, can=methods(engine), relative=relative)
    pace, count = Pace(), _fraction(progress, size[0] * size[1])
    for top, rows in _bands(engine, whole, size):
        band = whole.grid.tile(0, top, size[0], rows)
        field = answer(engine, replace(whole, grid=band), pace, count, cancelled)
        yield field.relative.astype(np.float64) if relative else field.values


def picture_bands(
    engine: Engine, scene: Scene, size: Size, samples: int, precision: PrecisionName, progress: Progress = float,
    cancelled: Callable[[], bool] = bool, pace: Pace | None = None,
) -> Iterator[npt.NDArray[np.uint8]]:  # fmt: skip
    """Render a picture band after band from the top: uint8 arrays (rows, width, 3); `progress` takes 0..1.

    Samples are averaged after the shade, in display values; drawings are smooth by themselves. `pace` is what earlier
    pictures by this engine taught.
    """
    shown, pace = lens(scene), pace or Pace()
    if isinstance(shown, DrawnLens):
        yield quantise(drawn(engine, scene, size, precision, 1, pace, progress, cancelled), scene.quantise)
    elif isinstance(shown, ComposedLens):
        canvas = np.zeros((size[1], size[0], 3), np.uint8)
        for part in shown.parts(scene, size):
            bands = picture_bands(engine, part.scene, part.size, samples, precision, progress, cancelled, pace)
            part_of(canvas, part)[...] = np.concatenate(list(bands))
        yield canvas
    else:
        yield from _plane_bands(engine, scene, size, samples, precision, progress, cancelled, pace)


def _plane_bands(
    engine: Engine, scene: Scene, size: Size, samples: int, precision: PrecisionName, progress: Progress,
    cancelled: Callable[[], bool], pace: Pace,
) -> Iterator[npt.NDArray[np.uint8]]:  # fmt: skip
    whole = question(scene, size, precision, can=methods(engine))
    level = displayed(scene, whole, engine)
    count = _fraction(progress, size[0] * size[1] * samples)
    for top, rows in _bands(engine, whole, size):
        colours = np.zeros((rows, size[0], 3), np.float32 if whole.precision == "single" else np.float64)
        for n in range(samples):
            band = pixel_grid(*size, sample(n)).tile(0, top, size[0], rows)
            field = answer(engine, replace(whole, grid=band), pace, count, cancelled)
            colours += shade(level(field), scene.palette)
        yield quantise(colours / samples, scene.quantise)


def drawn(
    engine: Engine, scene: Scene, size: Size, precision: PrecisionName, stride: int, pace: Pace,
    progress: Progress = float, cancelled: Callable[[], bool] = bool,
) -> Values:  # fmt: skip
    """Render a picture as a whole, whatever its lens, a point for every `stride` x `stride` pixels.

    Returns display colours in 0..1, (height, width, 3). Raises SceneError for one that is too large to be drawn.
    """
    shown, width, height = lens(scene), *size
    if isinstance(shown, ComposedLens):
        canvas = np.zeros((height, width, 3), np.float32)
        for part in shown.parts(scene, size):
            colours = drawn(engine, part.scene, part.size, precision, stride, pace, progress, cancelled)
            part_of(canvas, part)[...] = colours
        return canvas
    if width * height > MAX_DRAWN:
        raise SceneError("lens", f"{scene.lens} draws pictures of at most {MAX_DRAWN} pixels, not {width} x {height}")
    answers = []
    asked = questions(scene, size, precision, methods(engine))
    count = _fraction(progress, sum(each.grid.points for each in asked) or 1)
    for each, want in zip(asked, wants(scene, network(scene), size), strict=True):
        step = stride if want.dense else 1
        part_asked = replace(each, grid=each.grid.coarser(step))
        answers.append(Answered(part_asked, answer(engine, part_asked, pace, count, cancelled), step))
    if isinstance(shown, DrawnLens):
        return shown.draw(scene, network(scene), size, answers)
    level = displayed(scene, asked[0], engine)
    colours = shade(level(answers[0].field), scene.palette)
    return colours.repeat(stride, 0).repeat(stride, 1)[:height, :width]


def part_of(canvas: npt.NDArray[Any], part: Part) -> npt.NDArray[Any]:
    """Cut out the place of a part."""
    return canvas[part.top : part.top + part.size[1], part.left : part.left + part.size[0]]


def _bands(engine: Engine, whole: Question, size: Size) -> Iterator[tuple[int, int]]:
    """Cut a picture into bands: (first row, rows), by the network and the size alone."""
    width, height = size
    points = BAND_POINTS if engine.pick(whole).has_watchdog else min(BAND_POINTS, BAND_WORK / work(whole.network))
    step = max(1, int(points // width))
    for top in range(0, height, step):
        yield top, min(step, height - top)


def _fraction(progress: Progress, points: int) -> Callable[[int], object]:
    """Count points and tell `progress` the fraction of `points` that is done."""
    done = 0

    def count(more: int) -> None:
        nonlocal done
        done += more
        progress(done / points)

    return count
