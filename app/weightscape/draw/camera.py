"""A camera that orbits the middle of a landscape, as far away as shows all of it.

The landscape's frame: the picture's screen coordinates (short side -1..1, x right, y up) and height above the plane.
"""

import math
import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from weightscape.network.view import Size

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # pyrr has a wrong backslash in a docstring, of which Python tells when it compiles
    from pyrr import matrix44

Vector = npt.NDArray[np.float64]

# Half the picture's long side at distance 1: a long lens, for little distortion.
SLOPE = 0.35
# This part of the picture is free of the landscape.
MARGIN = 0.02
# How sharply the distance changes from one corner's to another's: films of a whole turn breathe, they do not jerk.
SHARPNESS = 6.0
# A ray that falls by less on its way of 1 is level.
LEVEL = 1e-9


@dataclass(frozen=True)
class Box:
    """Bound a landscape: |x| <= `x`, |y| <= `y`, `low` <= z <= `high`."""

    x: float
    y: float
    low: float
    high: float

    @property
    def corners(self) -> Vector:
        """List the corners: (8, 3)."""
        sides = ((-self.x, self.x), (-self.y, self.y), (self.low, self.high))
        return np.stack(np.meshgrid(*sides), -1).reshape(8, 3)


@dataclass(frozen=True)
class Camera:
    """Stand at `eye`; `right`, `up` and `back` are its axes, `slope` half the picture at distance 1 (x, y)."""

    eye: Vector
    right: Vector
    up: Vector
    back: Vector
    slope: tuple[float, float]

    @property
    def ahead(self) -> Vector:
        """Tell where straight ahead is in the plane."""
        return np.array([-self.right[1], self.right[0], 0.0])

    def matrix(self, near: float = 0.1, far: float = 100.0) -> Vector:
        """Give the matrix (4, 4) that takes rows (x, y, z, 1) to clip space; what is nearer or farther is cut off."""
        look = matrix44.create_look_at(self.eye, self.eye - self.back, self.up)
        degrees = 2.0 * math.degrees(math.atan(self.slope[1]))
        lens: Vector = matrix44.create_perspective_projection(degrees, self.slope[0] / self.slope[1], near, far)
        return np.asarray(look @ lens)

    def project(self, points: Vector, size: Size) -> Vector:
        """Tell where points (..., 3) are seen: (..., 2) pixels, y down."""
        seen = np.concatenate([points, np.ones_like(points[..., :1])], -1) @ self.matrix()
        place: Vector = (1.0 + np.array([1.0, -1.0]) * seen[..., :2] / seen[..., 3:]) / 2.0 * np.array(size)
        return place

    def on_plane(self, pixel: tuple[float, float], size: Size) -> tuple[float, float] | None:
        """Tell where in the plane z = 0 the point is that is seen at a pixel; None above the horizon and from below."""
        x, y = 2.0 * pixel[0] / size[0] - 1.0, 1.0 - 2.0 * pixel[1] / size[1]
        ray = x * self.slope[0] * self.right + y * self.slope[1] * self.up - self.back
        if self.eye[2] <= 0.0 or ray[2] >= -LEVEL:
            return None
        found = self.eye - self.eye[2] / ray[2] * ray
        return float(found[0]), float(found[1])


def fitted(box: Box, turn: float, tilt: float, size: Size) -> Camera:
    """Look at a box from `turn` degrees to the right of -y and `tilt` above the plane, all of it in the picture.

    The camera moves aside and up so that as much is free on both sides of the box.
    """
    t, u = math.radians(turn), math.radians(tilt)
    ahead = np.array([-math.sin(t), math.cos(t), 0.0])
    right, top = np.array([math.cos(t), math.sin(t), 0.0]), np.array([0.0, 0.0, 1.0])
    up, back = math.sin(u) * ahead + math.cos(u) * top, math.sin(u) * top - math.cos(u) * ahead
    slope = SLOPE * size[0] / max(size), SLOPE * size[1] / max(size)
    free = slope[0] * (1.0 - MARGIN), slope[1] * (1.0 - MARGIN)
    x, y, near = (box.corners @ axis for axis in (right, up, back))
    # A corner is in the picture where |x| <= (distance - near) * slope: the distance it asks for is linear.
    reach = max(box.x, box.y)
    ends = [[_largest(near + way * v / part, reach) for way in (1, -1)] for v, part in ((x, free[0]), (y, free[1]))]
    distance = _largest(np.mean(ends, 1), reach)
    aside, above = (part * (a - b) / 2.0 for (a, b), part in zip(ends, free, strict=True))
    eye = distance * back + aside * right + above * up
    return Camera(eye, right, up, back, slope)


def _largest(values: Vector, reach: float) -> float:
    """Tell the largest, or a little more, without a kink where two are equal."""
    largest, sharp = float(values.max()), SHARPNESS / reach
    return largest + math.log(np.exp((values - largest) * sharp).sum()) / sharp
