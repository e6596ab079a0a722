"""The lens that colours each point by its largest output, as a classifier decides there, and says which it is.

Where the inputs are an image, the three points that span the plane show what the network is fed there.
"""

import math
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from weightscape.draw.plate import Plate
from weightscape.engine.question import Field
from weightscape.lens.lens import Answered, DrawnLens, Values, Want, by_rows
from weightscape.network.network import Network
from weightscape.network.view import EXACT, Size, plane_to_pixel
from weightscape.scene.scene import Scene
from weightscape.scene.scene_error import SceneError

# Paul Tol's "muted" scheme (2021), which colour-blind people can tell apart; more classes begin again.
CLASS_COLOURS = ("332288", "88ccee", "44aa99", "117733", "999933", "ddcc77", "cc6677", "882255", "aa4499", "dddddd")
RGB = np.array([[int(code[i : i + 2], 16) / 255 for i in (0, 2, 4)] for code in CLASS_COLOURS], np.float32)
# How bright a point is whose two largest outputs are equal.
DARKEST = 0.25
# A class is named where its piece is thickest, looked for at so many points on the long side.
LABEL_POINTS = 96
SMALLEST_PIECE = 0.004
# An image has so many pixels at least, and its thumbnail this part of the picture's short side.
FEWEST_PIXELS, THUMBNAIL = 64, 0.12


def _wants(scene: Scene, network: Network, size: Size) -> tuple[Want, ...]:
    if network.widths[-1] == 1:
        raise SceneError("lens", "winner shows which of several outputs is largest, and this network has only one")
    return (Want(network, scene.view, size),)


def winners(values: Values) -> Values:
    """Colour values (..., classes) by the largest, darker where the second comes close: (..., 3) in 0..1."""
    colours: Values = RGB[values.argmax(-1) % len(RGB)].astype(values.dtype)
    second, first = np.moveaxis(np.partition(values, -2, axis=-1)[..., -2:], -1, 0)
    sure = np.clip(first - second, 0.0, 1.0)[..., None]
    return np.asarray(colours * (DARKEST + (1.0 - DARKEST) * np.sqrt(sure)), values.dtype)


def _draw(scene: Scene, network: Network, size: Size, answers: Sequence[Answered]) -> Values:
    (answer,), (width, height) = answers, size
    plate = Plate(size)
    colours = _colours(answer.field) if answer.colours is None else answer.colours
    colours = colours.repeat(answer.stride, 0).repeat(answer.stride, 1)
    plate.picture(0, 0, colours[:height, :width])
    largest = answer.field.values.argmax(-1)
    letters = min(max(min(size) / 14.0, 9.0), 48.0)
    for left, top, image in _images(scene, size):
        plate.picture(left, top, image)
        high, wide = image.shape[:2]
        room, step = int(0.6 * letters), answer.stride
        rows = slice(max(top - room, 0) // step, (top + high + room) // step + 1)
        largest[rows, max(left - room, 0) // step : (left + wide + room) // step + 1] = -1  # no letters here
    for number, x, y in labels(largest):
        below = colours[round(y * answer.stride), round(x * answer.stride)]
        ink = (0.05, 0.05, 0.07) if below.mean() > 0.5 else (1.0, 1.0, 1.0)
        plate.text(x * answer.stride, y * answer.stride, str(number), letters, ink, "mm")
    return plate.pixels()


def labels(largest: npt.NDArray[np.intp]) -> Iterator[tuple[int, float, float]]:
    """Tell for each class (rows, columns), -1 for none, where its piece is thickest: class, x, y in points."""
    step = max(1, max(largest.shape) // LABEL_POINTS)
    coarse = largest[step // 2 :: step, step // 2 :: step]
    for number in np.unique(coarse):
        inside = np.pad(coarse == number, 1)
        if number < 0 or inside.sum() < SMALLEST_PIECE * coarse.size:
            continue
        depth = inside.astype(int)
        while inside.any():  # peel it, layer after layer: what is left last is the middle of the thickest piece
            inside = inside & np.roll(inside, 1, 0) & np.roll(inside, -1, 0) & np.roll(inside, 1, 1)
            inside &= np.roll(inside, -1, 1)
            depth += inside
        rows, columns = np.nonzero(depth == depth.max())
        nearest = np.argmin((rows - rows.mean()) ** 2 + (columns - columns.mean()) ** 2)
        yield int(number), (columns[nearest] - 0.5) * step, (rows[nearest] - 0.5) * step


def _images(scene: Scene, size: Size) -> Iterator[tuple[int, int, Values]]:
    """Show what the network is fed at (0, 0), (1, 0) and (0, 1), where these points are: left, top, picture."""
    side = math.isqrt(len(scene.origin))
    if len(scene.origin) < FEWEST_PIXELS or side * side != len(scene.origin):
        return
    origin, u, v = map(np.array, (scene.origin, scene.u, scene.v))
    zoom = max(1, round(THUMBNAIL * min(size) / side))
    for x, y, image in ((0, 0, origin), (1, 0, origin + u), (0, 1, origin + v)):
        left, top = plane_to_pixel(scene.view, size, (EXACT.create_decimal(x), EXACT.create_decimal(y)))
        if not (0 <= left < size[0] and 0 <= top < size[1]):
            continue
        grey = image.reshape(side, side).repeat(zoom, 0).repeat(zoom, 1)
        framed = np.pad(grey[..., None].repeat(3, -1), ((2, 2), (2, 2), (0, 0)), constant_values=0.0)
        yield round(left - side * zoom / 2) - 2, round(top - side * zoom / 2) - 2, framed


def _colours(field: Field) -> Values:
    return by_rows(lambda part: winners(part.values), field)


WINNER = DrawnLens(_wants, _draw, colours=_colours)
