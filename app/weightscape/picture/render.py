"""The doors for whoever imports the package: render() and field(), and what their arguments may be."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from weightscape.engine.choice import ENGINES, EngineName, opened
from weightscape.file.table import Table, table_of
from weightscape.network.network import Network, within_limits
from weightscape.network.view import Size
from weightscape.picture.bands import field_bands, picture_bands
from weightscape.picture.network_memory import handed_in
from weightscape.picture.points_memory import handed_in as handed_points
from weightscape.picture.points_memory import points as points_of
from weightscape.picture.questions import PRECISIONS, PrecisionName
from weightscape.scene.plain import plain
from weightscape.scene.sample import MAX_SAMPLES
from weightscape.scene.scene import Scene
from weightscape.scene.tone import DEPTHS, Depth, Tone

# (rows, inputs), or a pair of this and a class for each row.
Points = npt.ArrayLike | tuple[npt.ArrayLike, npt.ArrayLike]
MAX_SIDE = 65_536
MAX_PIXELS = 2**30
SIZES = f"1..{MAX_SIDE} a side and at most {MAX_PIXELS} pixels"


def is_allowed(size: Size) -> bool:
    """Tell whether a picture may have this size."""
    return min(size) >= 1 and max(size) <= MAX_SIDE and size[0] * size[1] <= MAX_PIXELS


def checked(engine: object, precision: object, size: object, samples: object = 1) -> tuple[Size, int]:
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
def scene_of(given: Scene | Network | None, view: Scene | None, points: Points | None = None) -> Iterator[Scene]:
    """Make the scene of a network, looked at as `view` says, whose own network is left aside; a scene is one already.

    `points` lie over it. Its names for network and points hold as long as the block. Raises ValueError for what is
    neither, or does not fit.
    """
    with _network_of(given, view) as scene:
        if points is None:
            yield scene
            return
        with handed_points(_table(points)) as name:
            scene = replace(scene, points=name)
            points_of(scene)  # whether they fit is told before anything is made
            yield scene


def _table(points: Points) -> Table:
    """Make a table of points, alone or with their classes."""
    try:
        if isinstance(points, tuple | list) and len(points) == 2 and np.ndim(points[0]) == 2:
            return table_of(points[0], points[1])
        return table_of(points)
    except ValueError as error:
        raise ValueError(f"points: {error}") from None


@contextmanager
def _network_of(given: Scene | Network | None, view: Scene | None) -> Iterator[Scene]:
    if view is not None and not (isinstance(given, Network) and isinstance(view, Scene)):
        raise ValueError("view: it is a Scene, for a Network; a Scene has its own view")
    if not isinstance(given, Scene | Network | None):
        raise ValueError(f"scene: {given!r} is neither a Scene nor a Network")
    if not isinstance(given, Network):
        yield given or Scene()
        return
    scene = view or Scene()
    check_inputs(within_limits(given), scene)
    with handed_in(given) as name:
        yield replace(scene, weights=name)


def check_inputs(network: Network, view: Scene) -> None:
    """Raise ValueError where a view feeds a network another number of inputs than it has."""
    inputs, fed = network.widths[0], len(view.origin) or len(view.inputs)
    if inputs != fed:
        raise ValueError(
            f"view: the network has {inputs} inputs and is fed {fed}: Scene(inputs=[...]) names as many, "
            "Scene(origin=..., u=..., v=...) a plane in their space"
        )


def render(
    scene: Scene | Network | None = None,
    *,
    size: Size = (512, 512),
    samples: int = 1,
    engine: EngineName = "auto",
    precision: PrecisionName = "auto",
    view: Scene | None = None,
    points: Points | None = None,
    depth: Depth = 8,
    dither: bool = False,
) -> npt.NDArray[Any]:
    """Render the picture of a scene or a network: uint8 (height, width, 3), row 0 on top, display (sRGB) values.

    `size` is (width, height) in pixels; `samples` points of each pixel are averaged. `view`, for a network: a scene
    whose view, inputs, lens and colours are taken. `points`, over the picture: an array (rows, inputs), or a pair of it
    and a class for each row, whole numbers or names; misclassified ones are marked.

    `depth` 16 gives uint16, 32 float32 in 0..1; `dither` hides the steps of 8 or 16 bits by a fixed pattern. Raises
    ValueError for an argument out of its range and for weights or points that do not fit the scene, SceneError (a
    ValueError) for a layer or unit that the network has not, FileError for a weights file that cannot be read,
    EngineError when a forced engine or precision cannot work here.
    """
    size, samples = checked(engine, precision, size, samples)
    if depth not in DEPTHS:
        raise ValueError(f"depth: {depth!r} is not one of {', '.join(map(str, DEPTHS))}")
    tone = Tone(depth, bool(dither))
    with scene_of(scene, view, points) as shown, opened(engine) as choice:
        return np.concatenate(list(picture_bands(choice.engine, shown, size, samples, precision, tone=tone)))


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
    size, _ = checked(engine, precision, size)
    with scene_of(scene, view) as shown, opened(engine) as choice:
        return np.concatenate(list(field_bands(choice.engine, shown, size, precision)))
