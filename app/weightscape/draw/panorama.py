"""What is seen of a landscape, direction by direction: the truth of hidden and visible without a graphics processor.

In a vertical plane through the eye a landscape is a curve, and what is visible of it is what rises above all that
lies before it. So the curve's highest elevation so far tells, for each elevation, which piece of the curve is seen:
no holes, whatever the slope. Azimuth by azimuth this makes a panorama, from which each pixel takes its direction.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from weightscape.draw.camera import Box, Camera
from weightscape.network.view import Size

Values = npt.NDArray[np.float32]
Indices = npt.NDArray[np.intp]
Colour = tuple[float, float, float]

# How bright walls are at the floor; above them, 1.
FLOOR = 0.5
# Azimuths that are looked at together: few enough for the processor's cache.
STRIP = 128
# Points of the picture that are looked up together.
BAND_POINTS = 1 << 18
# Directions for each point of the picture, at most: from above, circles round the middle are many.
DENSEST = 2.0
MOST_DIRECTIONS = 1 << 24


@dataclass(frozen=True)
class Landscape:
    """Hold points on a lattice: `points` (rows, columns, 4) are height, red, green, blue; row 0 on top.

    Point (row, column) stands at x = `left` + `step` column, y = `top` - `step` row. The ground goes on to the sides
    of `box`, and falls there to its floor in walls of the ground's colours times `walls` (those of x, those of y).
    """

    points: Values
    left: float
    top: float
    step: float
    box: Box
    walls: tuple[float, float]


@dataclass(frozen=True)
class _Sphere:
    """Number directions: azimuths from `left` (0 is straight ahead), elevations from `low`, radians."""

    left: float
    low: float
    azimuths: int
    elevations: int
    across: float
    along: float


def seen(land: Landscape, camera: Camera, size: Size, fine: int, paper: Colour) -> Values:
    """Draw a landscape, the mean of `fine` x `fine` points a pixel: (height, width, 3)."""
    width, height = size
    points = width * fine, height * fine
    sphere = _sphere(land.box, camera, points)
    panorama = np.empty((sphere.azimuths * sphere.elevations + 1, 3), np.float32)
    panorama[:] = paper
    whole = panorama[:-1].reshape(sphere.azimuths, sphere.elevations, 3)
    for first in range(0, sphere.azimuths, STRIP):
        _look(land, camera, sphere, first, whole[first : first + STRIP])
    picture = np.zeros((height, width, 3), np.float32)
    rows = max(1, BAND_POINTS // (points[0] * fine))
    for top in range(0, height, rows):
        part = picture[top : top + rows]
        where = _directions(camera, sphere, points, top * fine, len(part) * fine)
        for i, j in np.ndindex(fine, fine):
            part += panorama.take(where[i::fine, j::fine], 0)
    return picture / np.float32(fine * fine)


def _sphere(box: Box, camera: Camera, size: Size) -> _Sphere:
    """Number the directions in which a box is seen, one for each point of a picture where it is seen largest."""
    x, y, z = (float(v) for v in camera.eye)
    aside, before = abs(x) > box.x, abs(y) > box.y
    nearest = math.hypot(max(abs(x) - box.x, 0.0), max(abs(y) - box.y, 0.0))
    farthest = math.hypot(abs(x) + box.x, abs(y) + box.y)
    steps = box.corners - camera.eye
    elevations = [math.atan2(h - z, r) for h in (box.low, box.high) for r in (nearest, farthest)]
    low, high = min(elevations), max(elevations)
    azimuths = np.arctan2(steps @ camera.right, steps @ camera.ahead) if aside or before else [-math.pi, math.pi]
    left, right = float(np.min(azimuths)), float(np.max(azimuths))
    dense = size[0] / (2.0 * camera.slope[0])
    wide = 1.0 if low < 0.0 < high else max(math.cos(low), math.cos(high))
    across, along = max((right - left) * wide * dense, 1.0), max((high - low) * dense, 1.0)
    most = min(DENSEST * size[0] * size[1], MOST_DIRECTIONS)
    less = min(1.0, math.sqrt(most / (across * along)))
    count = math.ceil(across * less), math.ceil(along * less)
    return _Sphere(left, low, *count, max(right - left, 1e-9) / count[0], max(high - low, 1e-9) / count[1])


def _look(land: Landscape, camera: Camera, sphere: _Sphere, first: int, part: Values) -> None:
    """Draw azimuths from `first` on into a part of the panorama: colours (azimuths, elevations, 3)."""
    azimuths = sphere.left + (np.arange(first, first + len(part)) + 0.5) * sphere.across
    points, elevations = _profile(land, camera, azimuths)
    place = (elevations - sphere.low) / sphere.along - 0.5
    # So many directions lie below what was highest so far; those that a point adds see the piece up to that point.
    below = np.ceil(np.maximum.accumulate(place, 1)).clip(0, sphere.elevations).astype(np.intp)
    low, high = int(below[:, 0].min()), int(below[:, -1].max())
    count = np.diff(below, axis=1, prepend=low, append=high)
    last = np.arange(below.size).reshape(below.shape)
    end = np.repeat(np.append(last, last[:, -1:], 1).ravel(), count.ravel())
    rise = np.diff(place, axis=1, prepend=0).ravel().take(end)
    direction = np.arange(low, high, dtype=np.float32)[None]
    part_way = (place.ravel().take(end).reshape(len(part), -1) - direction).ravel() / np.where(rise > 0.0, rise, 1.0)
    flat = points.reshape(-1, 4)
    colours = flat.take(end, 0)
    colours += (flat.take(end - 1, 0, mode="clip") - colours) * part_way[:, None]
    there = (direction >= below[:, :1]) & (direction < below[:, -1:])
    np.copyto(part[:, low:high], colours.reshape(len(part), -1, 4)[..., 1:], where=there[..., None])


def _profile(land: Landscape, camera: Camera, azimuths: npt.NDArray[np.floating]) -> tuple[Values, Values]:
    """Follow the ground away from the eye: points (azimuths, points, 4) with walls at both ends, and elevations."""
    box = land.box
    x, y, z = (float(v) for v in camera.eye)
    toward = np.sin(azimuths)[:, None] * camera.right + np.cos(azimuths)[:, None] * camera.ahead
    cos, sin = (np.where(np.abs(v) < 1e-9, 1e-9, v) for v in (toward[:, 0], toward[:, 1]))
    sides = np.stack([(-box.x - x) / cos, (box.x - x) / cos]), np.stack([(-box.y - y) / sin, (box.y - y) / sin])
    near = np.maximum(np.maximum(sides[0].min(0), sides[1].min(0)), 0.0)
    far = np.maximum(np.minimum(sides[0].max(0), sides[1].max(0)), near)
    steps = max(1, math.ceil(float((far - near).max()) / land.step))
    r = (near[:, None] + (far - near)[:, None] * np.linspace(0.0, 1.0, steps + 1)).astype(np.float32)
    cos, sin = cos.astype(np.float32)[:, None], sin.astype(np.float32)[:, None]
    ground = _ground(land, r * cos + np.float32(x), r * sin + np.float32(y))
    front = ground[:, :1].repeat(2, 1)
    front[:, 0, 0] = box.low
    walls = np.where(sides[0].min(0) >= sides[1].min(0), land.walls[0], land.walls[1])
    front[:, :, 1:] *= walls.astype(np.float32)[:, None, None]
    front[:, 0, 1:] *= FLOOR
    points = np.concatenate([front, ground], 1)
    return points, np.arctan2(points[..., 0] - np.float32(z), np.concatenate([r[:, :1], r[:, :1], r], 1))


def _ground(land: Landscape, x: Values, y: Values) -> Values:
    """Read the lattice between its points: (..., 4)."""
    rows, columns = land.points.shape[:2]
    i = ((x - np.float32(land.left)) / np.float32(land.step)).clip(0, columns - 1)
    j = ((np.float32(land.top) - y) / np.float32(land.step)).clip(0, rows - 1)
    left, top = i.astype(np.intp), j.astype(np.intp)
    right, low = np.minimum(left + 1, columns - 1), np.minimum(top + 1, rows - 1) * columns
    i, j, top = (i - left)[..., None], (j - top)[..., None], top * columns
    flat = land.points.reshape(-1, 4)
    upper = flat.take(top + left, 0)
    upper += (flat.take(top + right, 0) - upper) * i
    lower = flat.take(low + left, 0)
    lower += (flat.take(low + right, 0) - lower) * i
    upper += (lower - upper) * j
    return np.asarray(upper)


def _directions(camera: Camera, sphere: _Sphere, size: Size, top: int, rows: int) -> Indices:
    """Tell which direction each point of some of a picture's rows looks into: (rows x columns); the last is none."""
    x = (np.arange(size[0], dtype=np.float32) + np.float32(0.5)) * np.float32(2 / size[0]) - np.float32(1)
    y = np.float32(1) - (np.arange(top, top + rows, dtype=np.float32) + np.float32(0.5)) * np.float32(2 / size[1])
    beside = x * np.float32(camera.slope[0])
    rays = (y * np.float32(camera.slope[1]))[:, None] * camera.up - camera.back
    ahead, above = (rays @ camera.ahead).astype(np.float32)[:, None], rays[:, 2:].astype(np.float32)
    azimuth = np.arctan2(beside, ahead)
    elevation = np.arctan2(above, np.hypot(beside, ahead))
    column = np.floor((azimuth - np.float32(sphere.left)) / np.float32(sphere.across))
    row = np.floor((elevation - np.float32(sphere.low)) / np.float32(sphere.along))
    inside = (column >= 0) & (column < sphere.azimuths) & (row >= 0) & (row < sphere.elevations)
    number = column.astype(np.intp) * sphere.elevations + row.astype(np.intp)
    return np.where(inside, number, sphere.azimuths * sphere.elevations)
