"""A landscape as a lens hands it on: its ground, and how that is seen. Whoever draws it, this is what is drawn.

The light is here, and its twin in shaders/lib/relief.glsl: a ground that is only seen from elsewhere is lit anew.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from weightscape.draw.camera import Box, Camera, Vector
from weightscape.draw.panorama import Colour, Landscape, Values, seen
from weightscape.network.view import Size

# Where the sun stands, seen by the camera: to the right, ahead, above. Some light reaches every slope.
SUN, AMBIENT = (-0.7, -0.25, 0.65), 0.4
# A slope that faces the sun is at most so much brighter than the plane.
BRIGHTEST = 1.25
# Walls have the colours of the ground above them, darkened.
WALL = 0.55


@dataclass(frozen=True)
class Ground:
    """Hold points on a lattice: `points` (rows, columns, 4) are height, red, green, blue, not lit; row 0 on top.

    Point (row, column) stands at x = `left` + `step` column, y = `top` - `step` row.
    """

    points: Values
    left: float
    top: float
    step: float


@dataclass(frozen=True)
class Sight:
    """Say how a ground is seen: by which camera, its heights times `lift`, within `box`, before `paper`."""

    camera: Camera
    box: Box
    lift: float
    paper: Colour

    @property
    def sun(self) -> Vector:
        """Tell the direction to the sun: (3,), of length 1."""
        camera = self.camera
        sun = SUN[0] * camera.right + SUN[1] * camera.ahead + np.array([0.0, 0.0, SUN[2]])
        return np.asarray(sun / np.linalg.norm(sun))

    @property
    def walls(self) -> tuple[float, float]:
        """Tell how bright the walls are, those of x and those of y: of each pair the one that the camera sees."""
        sun, eye = self.sun, self.camera.eye
        sides = (math.copysign(sun[0], sun[0] * eye[0]), math.copysign(sun[1], sun[1] * eye[1]))
        x, y = (float(WALL * (AMBIENT + (1.0 - AMBIENT) * max(side, 0.0) / sun[2])) for side in sides)
        return x, y


def drawn(ground: Ground, sight: Sight, size: Size, is_rough: bool) -> Values:
    """Draw a ground with NumPy: display colours (height, width, 3) in 0..1; a rough one on every second pixel."""
    land = lit(ground, sight)
    if not is_rough:
        return seen(land, sight.camera, size, 2, sight.paper)
    half = (size[0] + 1) // 2, (size[1] + 1) // 2
    picture = seen(land, sight.camera, half, 1, sight.paper)
    return picture.repeat(2, 0).repeat(2, 1)[: size[1], : size[0]]


def lit(ground: Ground, sight: Sight) -> Landscape:
    """Raise a ground to its height and light it."""
    points = ground.points * np.array([sight.lift, 1.0, 1.0, 1.0], np.float32)
    points[..., 1:] *= light(points[..., 0], ground.step, sight.sun)[..., None]
    np.clip(points[..., 1:], 0.0, 1.0, out=points[..., 1:])
    return Landscape(points, ground.left, ground.top, ground.step, sight.box, sight.walls)


def light(z: Values, step: float, sun: Vector) -> npt.NDArray[np.float32]:
    """Tell how bright each point of a ground is, `step` apart: (rows, columns), 1 where it is level."""
    padded = np.pad(z, 1, mode="edge")
    across = (padded[1:-1, 2:] - padded[1:-1, :-2]) / np.float32(2.0 * step)
    along = (padded[:-2, 1:-1] - padded[2:, 1:-1]) / np.float32(2.0 * step)
    x, y, top = (np.float32(v) for v in sun)
    facing = (top - x * across - y * along) / np.sqrt(1.0 + across**2 + along**2)
    bright = AMBIENT + (1.0 - AMBIENT) * np.maximum(facing, 0.0) / top
    return np.asarray(np.minimum(bright, np.float32(BRIGHTEST)), np.float32)
