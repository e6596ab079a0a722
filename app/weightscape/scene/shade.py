"""From a field's values to colours: twin of shaders/lib/shade.glsl.

Outputs are display (sRGB-encoded) values already, as in the article, unless a scene's colours read them otherwise.
"""

import numpy as np
import numpy.typing as npt

from weightscape.scene.colour import THIRD, Colour
from weightscape.scene.colour_space import grey, linear, oklab, rgb_of_hsv, rgb_of_oklab, turned
from weightscape.scene.palette import interpolated

Values = npt.NDArray[np.floating]
# OKLab's a and b for outputs of 0 and 1, and OKLCh's chroma for 1: as far as screens go, and no farther.
REACH, CHROMA = 0.25, 0.25
# So many points are worked on at once: their steps take many times the room of the values.
POINTS = 1 << 16


def shade(values: Values, colour: Colour) -> Values:
    """Turn outputs into display colours: (..., m) -> (..., 3) in 0..1; one output goes through the palette."""
    channels = values.shape[-1]
    if colour.read(channels) is None:
        clamped = np.clip(values, 0.0, 1.0)
        if channels == 1:
            return interpolated(colour.table, clamped[..., 0])
        return with_third(clamped, "rgb")
    flat = values.reshape(-1, channels)
    colours = np.empty((len(flat), 3), values.dtype)
    for first in range(0, len(flat), POINTS):
        part = slice(first, first + POINTS)
        colours[part] = read(np.clip(flat[part], 0.0, 1.0), colour)
    return colours.reshape(*values.shape[:-1], 3)


def with_third(values: Values, reading: str) -> Values:
    """Take the first three channels; where there are two, a third that says nothing."""
    if values.shape[-1] == 2:
        return np.concatenate([values, np.full_like(values[..., :1], THIRD.get(reading, 0.0))], axis=-1)
    return values[..., :3]


def read(values: Values, colour: Colour) -> Values:
    """Read values in 0..1 as a scene's colours say: (n, m) -> (n, 3)."""
    if values.shape[-1] == 1:
        return interpolated(colour.table, placed(values[..., 0], colour))
    three = with_third(values, colour.reading)
    return _READ[colour.reading](three, colour)


def bent(values: Values, colour: Colour) -> Values:
    """Apply gamma, then turn dark and bright round."""
    if colour.gamma != 1.0:
        values = values ** values.dtype.type(1.0 / colour.gamma)
    return 1.0 - values if colour.invert else values


def placed(values: Values, colour: Colour) -> Values:
    """Find the places of numbers in the palette, which is turned: round, or to its end and back."""
    place = bent(values, colour)
    if colour.turn == 0.0:
        return place
    turn = values.dtype.type(colour.turn)
    if colour.closes:
        return np.mod(place + turn, 1.0)
    return 1.0 - np.abs(1.0 - np.mod(place + 2.0 * turn, 2.0))


def read_rgb(three: Values, colour: Colour) -> Values:
    """Take values as red, green and blue; their hue turns in OKLab."""
    shown = bent(three, colour)
    return rgb_of_oklab(turned(oklab(linear(shown)), colour.turn)) if colour.turn else shown


def read_hsv(three: Values, colour: Colour) -> Values:
    """Take values as hue, saturation and value; the hue goes once round."""
    hue, saturation, value = np.split(three, 3, axis=-1)
    return rgb_of_hsv(np.concatenate([hue + hue.dtype.type(colour.turn), saturation, bent(value, colour)], -1))


def read_oklab(three: Values, colour: Colour) -> Values:
    """Take values as OKLab's lightness, a and b."""
    a_and_b = (three[..., 1:] - 0.5) * three.dtype.type(2.0 * REACH)
    return rgb_of_oklab(turned(np.concatenate([bent(three[..., :1], colour), a_and_b], -1), colour.turn))


def read_oklch(three: Values, colour: Colour) -> Values:
    """Take values as OKLCh's lightness, chroma and hue; the hue goes once round."""
    lightness, chroma, hue = np.split(three, 3, axis=-1)
    angle = (hue + hue.dtype.type(colour.turn)) * hue.dtype.type(2.0 * np.pi)
    chroma = chroma * hue.dtype.type(CHROMA)
    return rgb_of_oklab(np.concatenate([bent(lightness, colour), chroma * np.cos(angle), chroma * np.sin(angle)], -1))


def read_palette(three: Values, colour: Colour) -> Values:
    """Send the lightness of red, green and blue through the palette: that of the grey that gives as much light."""
    return interpolated(colour.table, placed(grey(three), colour))


_READ = {"rgb": read_rgb, "hsv": read_hsv, "oklab": read_oklab, "oklch": read_oklch, "palette": read_palette}


def quantise(colours: Values, how: str) -> npt.NDArray[np.uint8]:
    """Round display values in 0..1 to 8 bits: floor(255 v + 0.5), or floor(255 v) for "floor"."""
    return np.asarray(np.floor(255.0 * colours + (0.5 if how == "round" else 0.0)), np.uint8)
