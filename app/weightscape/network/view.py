"""Where we look: centre, radius and angle of the picture in the plane, and the way from pixels to the plane.

Three frames, named once: pixel (centres at .5, y down from the top as in arrays), screen (-1..1 on the short
side, y up), plane (what the network sees, y up). The centre is decimal, of any length, so no zoom runs out of it.
"""

import math
from dataclasses import dataclass, replace
from decimal import Context, Decimal

MIN_RADIUS, MAX_RADIUS = 1e-300, 1e12
# Decimal places of the centre that are kept below the radius: 2^-64 of it, far below any pixel of any poster.
CENTER_PLACES = 20
# Enough digits for a centre of 1e12 at radius 1e-300.
EXACT = Context(prec=400)

Point = tuple[Decimal, Decimal]
Size = tuple[int, int]
Point2 = tuple[float, float]


@dataclass(frozen=True)
class View:
    """Look at `center`; `radius` is half the short side in plane units, `angle` turns counter-clockwise in degrees."""

    center: Point = (Decimal(0), Decimal(0))
    radius: float = 2.6
    angle: float = 0.0


def pixel_to_screen(size: Size, pixel: tuple[float, float]) -> tuple[float, float]:
    """Map pixel coordinates (x right, y down, centres at .5) to screen coordinates (short side -1..1, y up)."""
    width, height = size
    short = min(size)
    return (2.0 * pixel[0] - width) / short, (height - 2.0 * pixel[1]) / short


def screen_to_pixel(size: Size, screen: tuple[float, float]) -> tuple[float, float]:
    """Undo pixel_to_screen."""
    width, height = size
    short = min(size)
    return (screen[0] * short + width) / 2.0, (height - screen[1] * short) / 2.0


def turn(view: View) -> tuple[float, float]:
    """Tell cosine and sine of the view's angle, exact at multiples of 90 degrees."""
    quarter, rest = divmod(view.angle, 90.0)
    c, s = math.cos(math.radians(rest)), math.sin(math.radians(rest))
    return ((c, s), (-s, c), (-c, -s), (s, -c))[int(quarter) % 4]


def screen_to_offset(view: View, screen: tuple[float, float]) -> tuple[float, float]:
    """Map screen coordinates to plane units, measured from the view's centre."""
    c, s = turn(view)
    return (view.radius * (c * screen[0] - s * screen[1]), view.radius * (s * screen[0] + c * screen[1]))


def offset_to_screen(view: View, offset: tuple[float, float]) -> tuple[float, float]:
    """Undo screen_to_offset."""
    c, s = turn(view)
    return (c * offset[0] + s * offset[1]) / view.radius, (c * offset[1] - s * offset[0]) / view.radius


def pixel_to_plane(view: View, size: Size, pixel: tuple[float, float]) -> Point:
    """Map pixel coordinates to the plane, as exactly as the centre is known."""
    return moved(view.center, screen_to_offset(view, pixel_to_screen(size, pixel)))


def plane_to_pixel(view: View, size: Size, point: Point) -> tuple[float, float]:
    """Undo pixel_to_plane."""
    dx, dy = (float(EXACT.subtract(p, c)) for p, c in zip(point, view.center, strict=True))
    return screen_to_pixel(size, offset_to_screen(view, (dx, dy)))


def moved(point: Point, offset: tuple[float, float]) -> Point:
    """Add a float offset to a decimal point without rounding."""
    x, y = (EXACT.add(p, Decimal(d)) for p, d in zip(point, offset, strict=True))
    return x, y


def pan(view: View, size: Size, dx: float, dy: float) -> View:
    """Drag the picture by (dx, dy) pixels, y down: the plane follows the hand."""
    short = min(size)
    offset = screen_to_offset(view, (-2.0 * dx / short, 2.0 * dy / short))
    return replace(view, center=trimmed(moved(view.center, offset), view.radius))


def zoom(view: View, size: Size, pixel: tuple[float, float], factor: float) -> View:
    """Multiply the radius by `factor`, within its range, and keep the plane point under `pixel` where it is."""
    radius = min(max(view.radius * factor, MIN_RADIUS), MAX_RADIUS)
    new = replace(view, radius=radius)
    x, y = screen_to_offset(new, pixel_to_screen(size, pixel))
    return replace(new, center=trimmed(moved(pixel_to_plane(view, size, pixel), (-x, -y)), radius))


def rotate(view: View, degrees: float) -> View:
    """Turn the camera counter-clockwise about the centre; the angle stays in -180..180."""
    return replace(view, angle=(view.angle + degrees + 180.0) % 360.0 - 180.0)


def trimmed(point: Point, radius: float) -> Point:
    """Drop decimal places that no picture of this radius can show, so that long flights keep short texts."""
    step = Decimal(1).scaleb(Decimal(radius).adjusted() - CENTER_PLACES)
    x, y = (EXACT.quantize(p, step).normalize(EXACT) if p else Decimal(0) for p in point)
    return x, y


def carried(new: View, size: Size, old: View, old_size: Size) -> tuple[tuple[float, float, float, float], Point2]:
    """Tell where the pixels of one view lie in another's picture: an affine map, pixels from the middle, y up.

    Returns (a, b, c, d) and a shift, in pixels of the old picture: old = (a b; c d) new + shift.
    """
    c, s = turn(View(angle=new.angle - old.angle))
    ratio = (new.radius / min(size)) / (old.radius / min(old_size))
    gap = [float(EXACT.subtract(p, q)) for p, q in zip(new.center, old.center, strict=True)]
    x, y = offset_to_screen(old, (gap[0], gap[1]))
    half = min(old_size) / 2.0
    return (ratio * c, -ratio * s, ratio * s, ratio * c), (x * half, y * half)
