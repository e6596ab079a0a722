"""The lens that shows an output or unit as a lit landscape, which wears the picture's colours."""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from weightscape.draw.camera import Box, fitted
from weightscape.draw.plate import PAPER
from weightscape.draw.relief import Ground, Sight, drawn
from weightscape.engine.question import Field
from weightscape.lens.lens import Answered, DrawnLens, Surface, Values, Want
from weightscape.network.network import Network, Tap
from weightscape.network.view import Point2, Size, View, pan, screen_to_pixel, zoom
from weightscape.scene.colour import colour
from weightscape.scene.contrast import contrast
from weightscape.scene.lens_name import units_tap
from weightscape.scene.scene import Scene
from weightscape.scene.shade import shade

# The field is read on so many points on the picture's long side, but on no more than so many a pixel, nor fewer.
POINTS, MOST, FEWEST = 960, 2.0, 0.75
# What activations with bounds may give; others fill the view's own range.
RANGE = {
    **dict.fromkeys(("tanh", "softsign", "sin", "cos", "triangle"), (-1.0, 1.0)),
    **dict.fromkeys(("sigmoid", "gaussian", "softmax"), (0.0, 1.0)),
}
# However little of its range a view shows, its landscape is at least so high; the whole range is 1.
LEAST = 0.2
# Half the height of a landscape, and how thick the ground is below its lowest point; half the short side is 1.
HALF, THICK = 0.3, 0.05
# The ground can be taken hold of up to so many times as far away as its corners.
REACH = 3.0
# What changes how the ground is seen, and not the ground.
SEEN_BY = ("turn", "tilt", "lift")


def _wants(scene: Scene, network: Network, size: Size) -> tuple[Want, ...]:
    tap = units_tap(scene.layer, (scene.unit,), scene.before, network)
    taps: tuple[Tap, ...] = (tap,)
    if _wears_outputs(scene, network):
        taps = (Tap(), tap) if scene.before else (Tap(),)
    return (Want(network, scene.view, _small(size), taps, stretched=True),)


def _wears_outputs(scene: Scene, network: Network) -> bool:
    """Tell whether the landscape has the colours of the picture: of all three outputs."""
    return scene.layer in (0, network.layers) and network.widths[-1] == 3


def _draw(scene: Scene, network: Network, size: Size, answers: Sequence[Answered]) -> Values:
    ground = _ground(scene, network, size, answers[0])
    return drawn(ground, _sight(scene, size), size, answers[0].stride > 1)


def _ground(scene: Scene, network: Network, size: Size, answered: Answered) -> Ground:
    field, whole = answered.field, _wears_outputs(scene, network)
    channel = scene.unit if whole and not scene.before else -1
    heights = level(scene, network, field, channel)
    if whole:
        outputs = field.part(slice(3))
        values = contrast(outputs.relative)(outputs.relative) if scene.levels == "auto" else outputs.values
        colours = shade(values, colour(scene))
    else:
        colours = shade(np.asarray(heights, np.float32)[..., None], colour(scene))
    points = np.empty((*heights.shape, 4), np.float32)
    points[..., 0], points[..., 1:] = (heights - 0.5) * (2.0 * HALF), colours
    grid, pixel = answered.question.grid, 2.0 / min(_small(size))
    # What is steeper than the grid can tell would stand in teeth.
    return Ground(smooth(smooth(points)), grid.x * pixel, grid.y * pixel, grid.stride * pixel)


def _sight(scene: Scene, size: Size) -> Sight:
    box = _box(scene, _small(size))
    return Sight(fitted(box, scene.turn, scene.tilt, size), box, scene.lift, PAPER)


def level(scene: Scene, network: Network, field: Field, channel: int) -> npt.NDArray[np.float64]:
    """Tell how high a channel is: (rows, columns), 0..1, of its activation's range or of the view's own."""
    values = np.asarray(field.relative[..., channel], np.float64)
    low, high = float(values.min()), float(values.max())
    name = network.activations[scene.layer - 1]
    if scene.before or scene.levels == "auto" or name not in RANGE:
        middle, span = (low + high) / 2.0, high - low
    else:
        bottom, top = (float(end - field.offset[channel]) for end in RANGE[name])
        span = min(top - bottom, (high - low) / LEAST)
        middle = min(max((bottom + top) / 2.0, high - span / 2.0), low + span / 2.0)
        span = span if high > low else top - bottom
    part = (values - middle) / (span or 1.0) + 0.5
    return part.clip(0.0, 1.0)


def smooth(points: Values) -> Values:
    """Take the mean of each point (twice) and its neighbours (once), along rows and columns of (rows, columns, 4)."""
    for axis in (0, 1):
        lines = np.swapaxes(points, 0, axis)
        mean = np.empty_like(lines)
        np.add(lines[:-2], lines[2:], out=mean[1:-1])
        mean[0] = lines[0] + lines[min(1, len(lines) - 1)]
        mean[-1] = lines[max(len(lines) - 2, 0)] + lines[-1]
        # In place, and halves are exact: a landscape's points are tens of megabytes.
        mean *= 0.5
        mean += lines
        mean *= 0.5
        points = np.swapaxes(mean, 0, axis)
    return points


def _box(scene: Scene, small: Size) -> Box:
    half = HALF * scene.lift
    return Box(small[0] / min(small), small[1] / min(small), -half - THICK, half)


def _small(size: Size) -> Size:
    """Tell on how many points the field is read."""
    scale = min(max(POINTS / max(size), FEWEST), MOST)
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def grabbed(scene: Scene, size: Size, pixel: Point2) -> Point2 | None:
    """Tell which point of the ground lies under a pixel, in screen coordinates (network/view.py).

    The ground is the plane halfway up the landscape. None above its horizon, and where it is REACH away: there a
    pixel is more than a hand can hold.
    """
    box = _box(scene, _small(size))
    found = fitted(box, scene.turn, scene.tilt, size).on_plane(pixel, size)
    return found if found and math.hypot(*found) <= REACH * math.hypot(box.x, box.y) else None


def panned(scene: Scene, size: Size, start: Point2, dx: float, dy: float) -> View:
    """Drag the ground by (dx, dy) pixels, y down: what lay under `start` follows the hand.

    Where there is no ground under the hand it goes sideways and ahead, as far as in the landscape's middle.
    """
    old, new = grabbed(scene, size, start), grabbed(scene, size, (start[0] + dx, start[1] + dy))
    if old and new:
        way = new[0] - old[0], new[1] - old[1]
    else:
        camera = fitted(_box(scene, _small(size)), scene.turn, scene.tilt, size)
        pixel = 2.0 * float(camera.eye @ camera.back) * camera.slope[0] / size[0]
        step = pixel * (dx * camera.right - dy * camera.ahead)
        way = float(step[0]), float(step[1])
    short = min(size)
    return pan(scene.view, size, way[0] * short / 2.0, -way[1] * short / 2.0)


def zoomed(scene: Scene, size: Size, pixel: Point2, factor: float) -> View:
    """Multiply the radius by `factor` and keep the ground under `pixel` where it is; without any, the middle."""
    return zoom(scene.view, size, screen_to_pixel(size, grabbed(scene, size, pixel) or (0.0, 0.0)), factor)


HEIGHT = DrawnLens(_wants, _draw, surface=Surface(_ground, _sight, SEEN_BY))
