"""Colour spaces: display (sRGB-encoded) values, linear light, OKLab, HSV. Twin of shaders/lib/colour_space.glsl.

OKLab is Björn Ottosson's (https://bottosson.github.io/posts/oklab/, 2020, matrices of 2021-01-25), display values are
IEC 61966-2-1's, HSV is A. R. Smith's (1978) as the module colorsys has it. Arrays are (..., 3) and keep their type.
"""

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.floating]

# What red, green and blue give of light's luminance: IEC 61966-2-1.
LUMINANCE = (0.2126, 0.7152, 0.0722)
LMS = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
LAB = (
    (0.2104542553, 0.7936177850, -0.0040720468),
    (1.9779984951, -2.4285922050, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.8086757660),
)
ROOTS = ((1.0, 0.3963377774, 0.2158037573), (1.0, -0.1055613458, -0.0638541728), (1.0, -0.0894841775, -1.2914855480))
LIGHT = (
    (4.0767416621, -3.3077115913, 0.2309699292),
    (-1.2684380046, 2.6097574011, -0.3413193965),
    (-0.0041960863, -0.7034186147, 1.7076147010),
)
# A chroma is found in so many halvings, to 1/4096 of itself: to less than a step of 8 bits.
HALVINGS = 12
# Light so far beyond 0..1 is still a screen's: rounding does that to white.
SLACK = 2e-6


def linear(display: Values) -> Values:
    """Decode display values to linear light; below 0 as if they were above."""
    size = np.abs(display)
    found = np.where(size <= 0.04045, size / 12.92, ((size + 0.055) / 1.055) ** 2.4)
    return np.asarray(np.copysign(found, display), display.dtype)


def display(light: Values) -> Values:
    """Encode linear light as display values: linear() backwards."""
    size = np.abs(light)
    found = np.where(size <= 0.0031308, size * 12.92, 1.055 * size ** (1.0 / 2.4) - 0.055)
    return np.asarray(np.copysign(found, light), light.dtype)


def grey(shown: Values) -> Values:
    """Find the grey that gives as much light: display values (..., 3) -> (...) in 0..1; a grey stays as it is."""
    light = linear(shown)
    total = sum(light[..., k] * light.dtype.type(part) for k, part in enumerate(LUMINANCE))
    return display(np.asarray(total, light.dtype))


def oklab(light: Values) -> Values:
    """Turn linear light into OKLab: lightness 0..1, and a (green to red) and b (blue to yellow) around 0."""
    return _times(LAB, np.cbrt(_times(LMS, light)))


def light(lab: Values) -> Values:
    """Turn OKLab into linear light, beyond 0..1 where no screen has the colour: oklab() backwards."""
    return _times(LIGHT, _cubed(_times(ROOTS, lab)))


def rgb_of_hsv(hsv: Values) -> Values:
    """Turn hue (turns), saturation and value into display values."""
    hue, saturation, value = hsv[..., :1], hsv[..., 1:2], hsv[..., 2:]
    sixth = np.mod(hue * 6.0 + np.array((5.0, 3.0, 1.0), hsv.dtype), 6.0)
    return np.asarray(value - value * saturation * np.clip(np.minimum(sixth, 4.0 - sixth), 0.0, 1.0), hsv.dtype)


def rgb_of_oklab(lab: Values) -> Values:
    """Turn OKLab into display values in 0..1; what no screen shows loses chroma, and keeps lightness and hue.

    The chroma is found in HALVINGS steps between 0, where the colour is grey, and what was asked for.
    """
    lightness = np.clip(lab[..., :1], 0.0, 1.0)
    powers = _powers(lightness, lab)
    found = np.asarray(_at(powers, np.ones_like(lightness)))
    beyond = (found.min(-1) < -SLACK) | (found.max(-1) > 1.0 + SLACK)
    if beyond.any():
        found[beyond] = _faded([power[beyond] for power in powers])
    return np.asarray(display(np.clip(found, 0.0, 1.0)), lab.dtype)


def _powers(lightness: Values, lab: Values) -> list[Values]:
    """Write linear light as a cubic in the part t of the chroma that is kept: what stands at 1, t, t^2 and t^3.

    OKLab's three roots are lightness + t k, each its own k, and light is a sum of their cubes.
    """
    k = _times(ROOTS, np.concatenate([np.zeros_like(lightness), lab[..., 1:]], -1))
    first, second = 3.0 * lightness * lightness * _times(LIGHT, k), 3.0 * lightness * _times(LIGHT, k * k)
    return [np.broadcast_to(lightness * lightness * lightness, k.shape), first, second, _times(LIGHT, k * k * k)]


def _at(powers: list[Values], t: Values) -> Values:
    one, first, second, third = powers
    return np.asarray(((third * t + second) * t + first) * t + one)


def _faded(powers: list[Values]) -> Values:
    """Keep as much of the chroma as a screen shows, of colours (n, 3) that none shows."""
    by_channel = [np.ascontiguousarray(power.T) for power in powers]
    low = np.zeros_like(by_channel[0][0])
    for n in range(HALVINGS):
        middle = low + low.dtype.type(0.5 ** (n + 1))
        low = np.where(np.abs(_at(by_channel, middle) - low.dtype.type(0.5)).max(0) <= 0.5, middle, low)
    return _at(by_channel, low).T


def turned(lab: Values, turn: float) -> Values:
    """Turn the hue of OKLab by so many turns, from red to yellow."""
    c, s = (lab.dtype.type(each(2.0 * np.pi * turn)) for each in (np.cos, np.sin))
    a, b = lab[..., 1:2], lab[..., 2:]
    return np.concatenate([lab[..., :1], c * a - s * b, s * a + c * b], -1)


def _cubed(values: Values) -> Values:
    return np.asarray(values * values * values)


def _times(matrix: tuple[tuple[float, ...], ...], values: Values) -> Values:
    """Multiply colours by a matrix, a row of it for each number of the outcome."""
    rows = [sum(values[..., k] * values.dtype.type(row[k]) for k in range(3)) for row in matrix]
    return np.stack([np.asarray(row) for row in rows], -1)
