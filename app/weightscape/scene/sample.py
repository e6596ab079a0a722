"""Where in a pixel to look: one fixed sequence of points, the same in window and file.

The first point is the pixel's middle, so one sample is the plain picture. The others follow the R2 sequence
(steps 1/g and 1/g^2 with g^3 = g + 1; M. Roberts, 2018), rounded to 1/256 pixel so that float32 holds every
coordinate exactly.
"""

MAX_SAMPLES = 1024
GROWTH = 1.32471795724474602596
GRAIN = 256


def sample(index: int) -> tuple[float, float]:
    """Tell sample `index` as an offset from the pixel's middle, in pixels, each within -0.5..0.5, y up."""
    x, y = ((0.5 + index / GROWTH**power) % 1.0 - 0.5 for power in (1, 2))
    return round(x * GRAIN) / GRAIN, round(y * GRAIN) / GRAIN
