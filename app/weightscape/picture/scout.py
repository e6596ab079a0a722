"""What an autopilot is told of a view: where in it how much is to be seen. It looks at a small picture, as eyes do.

Detail of a place is how far its colours are from a plain gradient, whatever lens, palette or stretch makes them: the
root mean square of what is left of a box of the picture once the plane that fits it best is taken away.
"""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from weightscape.deep.accuracy import METHODS, Method
from weightscape.engine.processor.numpy_engine import NumpyEngine
from weightscape.engine.question import NoOrbitError, work
from weightscape.lens.catalogue import lens
from weightscape.lens.lens import PlaneLens
from weightscape.network.interrupt import never
from weightscape.network.view import MIN_RADIUS, Size, View, pixel_to_screen, screen_to_offset
from weightscape.picture.bands import picture_bands
from weightscape.picture.forecast import TARGET, foretold
from weightscape.picture.network_memory import network
from weightscape.picture.questions import PrecisionName
from weightscape.picture.watch import Watch
from weightscape.scene.flight import Sight, Spot
from weightscape.scene.scene import OVER, Scene
from weightscape.scene.scene_error import SceneError

# The picture's short side in pixels; of a network that costs much as many as MOST_WORK operations evaluate, but no
# fewer than FEWEST. It is no longer than LONGEST of its short sides.
SIDE, FEWEST, MOST_WORK, LONGEST = 64, 20, 2e10, 2.0
# Boxes have a quarter of the short side, as much as will be seen once the radius is a quarter; so many stand in one.
BOXES, SHIFTS = 4, 4
ONE_WAY = 0.15
# Whether two views look alike is told by so many parts of their pictures, across and down.
COARSE = 6
# The network's threads let those go first that draw.
NICENESS = 5
# Numbers have to last for so much more zoom than there is.
AHEAD = 4.0
CHARTS = ("weights", "norms", "probe")


def check_flight(scene: Scene) -> None:
    """Refuse to fly through what shows no plane, by name. Raises SceneError."""
    if scene.lens in CHARTS:
        raise SceneError("lens", f"the autopilot flies over the plane, and {scene.lens} shows a chart")


def sight(
    scene: Scene, view: View, size: Size, precision: PrecisionName = "auto", cancelled: Callable[[], bool] = never
) -> Sight:
    """Look from a view at a scene that is seen in `size` pixels, and tell its spots, and whether its numbers end.

    `precision`: the one that the pictures are forced to have. A drawing is of the plane of the outputs; of two halves
    the first one leads. Raises engine.question.Cancelled and what picture.questions.question() raises.
    """
    plane = _plane(scene.looking(view))
    small = _small(plane, size)
    if view.radius < AHEAD * MIN_RADIUS or _ends(plane, size, precision):
        return Sight(is_end=True)
    engine = NumpyEngine(niceness=NICENESS)
    try:
        pixels = np.concatenate([*picture_bands(engine, plane, small, 1, "auto", Watch(cancelled))])
    except NoOrbitError:
        return Sight(is_end=True)
    finally:
        engine.release()
    colours = pixels.astype(np.float64) / 255.0
    return Sight(tuple(_spots(colours, view)), colours=_coarse(colours))


def _plane(scene: Scene) -> Scene:
    """Make the scene of one picture of the plane, with nothing laid over it."""
    over = {name: getattr(Scene(), name) for name in OVER}
    one = replace(scene, **over, beside="")
    return one if isinstance(lens(one), PlaneLens) else replace(one, lens="outputs", levels="plain")


def _small(scene: Scene, size: Size) -> Size:
    """Choose the size of the picture that is looked at."""
    aspect = [min(side / min(size), LONGEST) for side in size]
    points = MOST_WORK / work(network(scene)) / (aspect[0] * aspect[1])
    side = int(min(max(math.sqrt(points), FEWEST), SIDE))
    return round(aspect[0] * side), round(aspect[1] * side)


def _ends(scene: Scene, size: Size, precision: PrecisionName) -> bool:
    """Tell whether forced numbers will soon be too few, or, where none are, the most exact ones."""
    soon = replace(scene, radius=scene.radius / AHEAD)
    among: tuple[Method, ...] = METHODS if precision == "auto" else (precision,)
    accuracy = foretold(soon, size)
    return accuracy is not None and min(accuracy.error[method] for method in among) > TARGET


def _spots(colours: npt.NDArray[np.float64], view: View) -> list[Spot]:
    """Measure boxes all over a picture (rows, columns, 3)."""
    height, width = colours.shape[:2]
    box = min(width, height) // BOXES
    stride = max(box // SHIFTS, 1)
    details = detail(colours, box, stride)
    plain = View(radius=1.0, angle=view.angle)
    return [
        Spot(screen_to_offset(plain, pixel_to_screen((width, height), (left + box / 2.0, top + box / 2.0))), found)
        for top, row in zip(range(0, height, stride), details.tolist(), strict=False)
        for left, found in zip(range(0, width, stride), row, strict=False)
    ]


def _coarse(colours: npt.NDArray[np.float64]) -> tuple[float, ...]:
    """Average a picture (rows, columns, channels) in COARSE x COARSE parts."""
    rows = [part.mean(axis=0) for part in np.array_split(colours, COARSE)]
    parts = [part.mean(axis=0) for row in rows for part in np.array_split(row, COARSE)]
    return tuple(np.concatenate(parts).tolist())


def detail(colours: npt.NDArray[np.float64], box: int, stride: int) -> npt.NDArray[np.float64]:
    """Measure each box of a picture (rows, columns, channels): (boxes down, boxes across), 0 for a plain gradient.

    Of stripes, which run in one direction alone, ONE_WAY of it counts: slopes in all directions are worth more. That is
    the ratio of the structure tensor's eigenvalues.
    """
    boxes = np.lib.stride_tricks.sliding_window_view(colours, (box, box), axis=(0, 1))[::stride, ::stride]
    boxes = boxes - boxes.mean(axis=(-2, -1), keepdims=True)
    slope = np.arange(box) - (box - 1) / 2.0
    length = math.sqrt(box * float((slope**2).sum())) or 1.0
    across, down = (np.einsum(how, boxes, slope) / length for how in ("...ij,j->...", "...ij,i->..."))
    left = (boxes**2).sum(axis=(-2, -1)) - across**2 - down**2
    rough = np.sqrt(np.maximum(left, 0.0).sum(axis=-1) / (box * box))
    return np.asarray(rough * (ONE_WAY + (1.0 - ONE_WAY) * _all_ways(boxes)))


def _all_ways(boxes: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Tell of boxes (..., channels, rows, columns) how alike slopes are in all directions: 0 for stripes, up to 1."""
    x, y = np.diff(boxes, axis=-1)[..., :-1, :], np.diff(boxes, axis=-2)[..., :-1]
    xx, yy, xy = ((one * other).sum(axis=(-3, -2, -1)) for one, other in ((x, x), (y, y), (x, y)))
    middle, spread = (xx + yy) / 2.0, np.hypot((xx - yy) / 2.0, xy)
    return np.asarray(np.maximum(middle - spread, 0.0) / np.maximum(middle + spread, 1e-12))
