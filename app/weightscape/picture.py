"""From a scene to pixels without a window: joins model and engine, and holds no mathematics of its own."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from weightscape.engine.choice import ENGINES, opened
from weightscape.engine.question import Engine, Precision, Question, pixel_grid, work
from weightscape.engine.tile import Pace, answer
from weightscape.export.npz import read_weights
from weightscape.model import lens
from weightscape.model.input import fold
from weightscape.model.network import OUTPUTS, Network, Tap, tapped
from weightscape.model.recipe import draw
from weightscape.model.sample import MAX_SAMPLES, sample
from weightscape.model.scene import Scene
from weightscape.model.shade import quantise, shade

Size = tuple[int, int]
Progress = Callable[[float], object]

MAX_SIDE = 65_536
MAX_PIXELS = 2**30
SIZES = f"1..{MAX_SIDE} a side and at most {MAX_PIXELS} pixels"
# A band: enough points for any engine, little enough for any memory; without a watchdog's tiles, also little enough
# work that progress is seen every few seconds.
BAND_POINTS, BAND_WORK = 1 << 18, 1e11
SHIPPED_WEIGHTS = resources.files("weightscape.assets.weights")
# What may change without another network.
LOOKS = {name: getattr(Scene(), name) for name in (
    "center", "radius", "angle", "time", "palette", "quantise", "lens", "layer", "unit")}  # fmt: skip
EngineName = Literal["auto", "fragment", "compute", "numpy"]
PrecisionName = Literal["auto", "single", "double"]
PRECISIONS: tuple[PrecisionName, ...] = get_args(PrecisionName)


@lru_cache(maxsize=2)
def _network(recipe: Scene, _written: float) -> Network:
    if recipe.weights:
        with _weights_file(recipe.weights) as file:
            weights, biases, activations = read_weights(file)
        return Network(tuple(weights), tuple(biases), tuple(activations))
    return draw(recipe)


@contextmanager
def _weights_file(name: str) -> Iterator[str | Path]:
    """Find a weights file: a path, or the name of a shipped one."""
    shipped = SHIPPED_WEIGHTS / f"{name}.npz"
    if os.path.exists(name) or not name.replace("-", "").isalnum() or not shipped.is_file():
        yield name
    else:
        with resources.as_file(shipped) as file:
            yield file


def network(scene: Scene) -> Network:
    """Draw a scene's network, or read it from its weights file; the last two are remembered.

    Raises export.whole_file.FileError for a file that cannot be read, ValueError for one that does not fit.
    """
    # A file that was written again is another network.
    written = os.stat(scene.weights).st_mtime if scene.weights and os.path.exists(scene.weights) else 0.0
    return _network(replace(scene, **LOOKS), written)


def question(
    scene: Scene, size: Size, precision: Precision = "single", taps: tuple[Tap, ...] | None = None
) -> Question:
    """Ask for a scene's picture of `size` (width, height) pixels, a point in each pixel's middle.

    `taps` left out are the lens's. Raises SceneError for a layer or unit that the network has not, ValueError for
    inputs.
    """
    made = network(scene)
    wanted = lens.taps(scene.lens, scene.layer, scene.unit, made) if taps is None else taps
    if len(wanted) == 1:
        made, wanted = _cut(made, wanted[0]), OUTPUTS
    folded, radial = fold(made, scene.inputs, scene.time, scene.view, size)
    return Question(folded, pixel_grid(*size), radial, wanted, precision)


@lru_cache(maxsize=4)
def _cut(made: Network, tap: Tap) -> Network:
    """Leave out what lies behind a single tap; the same object for the same network, so that engines know it again."""
    return tapped(made, tap)


def displayed(scene: Scene) -> Callable[[npt.NDArray[np.floating]], npt.NDArray[np.floating]]:
    """Tell how the values of a scene's lens become display values in 0..1."""
    return lens.levels(scene.lens, scene.layer, network(scene))


def single_or_double(precision: PrecisionName) -> Precision:
    """Resolve `auto`, which means single."""
    return "double" if precision == "double" else "single"


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
    scene, precise = scene or Scene(), single_or_double(precision)
    with opened(engine, precise) as choice:
        return np.concatenate(list(picture_bands(choice.engine, scene, size, samples, precise)))


def field(
    scene: Scene | None = None, *, size: Size = (512, 512),
    engine: EngineName = "auto", precision: PrecisionName = "auto",
) -> npt.NDArray[np.floating]:  # fmt: skip
    """Evaluate a scene's raw outputs: (height, width, outputs), row 0 on top, float32, or float64 for double.

    `size` is (width, height) in pixels. Raises what render() raises: ValueError, SceneError, FileError, EngineError
    and gpu.source.ShaderError.
    """
    size, _ = _checked(engine, precision, size)
    scene, precise = scene or Scene(), single_or_double(precision)
    with opened(engine, precise) as choice:
        return np.concatenate(list(field_bands(choice.engine, scene, size, precise)))


def field_bands(
    engine: Engine, scene: Scene, size: Size, precision: Precision, progress: Progress = float,
    cancelled: Callable[[], bool] = bool,
) -> Iterator[npt.NDArray[np.floating]]:  # fmt: skip
    """Evaluate raw outputs band after band from the top: arrays (rows, width, outputs); `progress` takes 0..1."""
    whole, pace, count = question(scene, size, precision), Pace(), _fraction(progress, size[0] * size[1])
    for top, rows in _bands(engine, whole, size):
        band = whole.grid.tile(0, top, size[0], rows)
        yield answer(engine, replace(whole, grid=band), pace, count, cancelled).values


def picture_bands(
    engine: Engine, scene: Scene, size: Size, samples: int, precision: Precision, progress: Progress = float,
    cancelled: Callable[[], bool] = bool, pace: Pace | None = None,
) -> Iterator[npt.NDArray[np.uint8]]:  # fmt: skip
    """Render a picture band after band from the top: uint8 arrays (rows, width, 3); `progress` takes 0..1.

    Samples are averaged after the shade, in display values. `pace` is what earlier pictures by this engine taught.
    """
    whole, pace, level = question(scene, size, precision), pace or Pace(), displayed(scene)
    count = _fraction(progress, size[0] * size[1] * samples)
    for top, rows in _bands(engine, whole, size):
        colours = np.zeros((rows, size[0], 3), np.float64 if precision == "double" else np.float32)
        for n in range(samples):
            band = pixel_grid(*size, sample(n)).tile(0, top, size[0], rows)
            values = answer(engine, replace(whole, grid=band), pace, count, cancelled).values
            colours += shade(level(values), scene.palette)
        yield quantise(colours / samples, scene.quantise)


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
