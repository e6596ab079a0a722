"""Random colours that go together: drawn from a number, and kept only where a rule says that they are pretty.

The rule looks at the table of colours itself, for a picture is not known here: enough contrast, an even way through
OKLab, hues that do not leap, and nothing that a screen would have to fade.
"""

import math
from dataclasses import replace
from functools import cache
from itertools import pairwise
from random import Random

import numpy as np
import numpy.typing as npt

from weightscape.scene.colour_space import display, light, linear, oklab
from weightscape.scene.palette import PALETTES, table
from weightscape.scene.scene import Scene
from weightscape.scene.stops import gradient, hexed, stops

Values = npt.NDArray[np.floating]
# Of OKLab: how far lightness has to reach, how far the most colourful is from grey, how far two stops are apart.
LEAST_SPAN, LEAST_CHROMA, LEAST_STEP = 0.5, 0.06, 0.08
# Degrees between the hues of neighbours, of which both have so much chroma that one sees a hue.
LARGEST_LEAP, HUED = 110.0, 0.04
# No part of the way is so many times as steep as the mean: there the picture would have an edge that is none.
STEEPEST = 5.0
# Rounding to 8 bits moves light by no more than this.
ROUNDING = 0.006
# Most values of a picture are not near their ends: there stops end, too.
EDGE = 0.15
# Light of a stop is so far from a screen's ends: a grey of every lightness that is drawn is.
INSIDE = 0.002


def fault(given: str) -> str:
    """Tell why stops are not pretty, or "" where they are."""
    found = stops(given)
    labs = oklab(linear(np.array([stop.colour for stop in found]) / 255.0))
    if _is_faded(labs):
        return "gamut"
    if min(math.dist(a, b) for a, b in pairwise(labs.tolist())) < LEAST_STEP:
        return "stops too near"
    if max(_leap(a, b) for a, b in pairwise(labs)) > LARGEST_LEAP:
        return "hues leap"
    return table_fault(gradient(found))


def table_fault(colours: npt.NDArray[np.uint8]) -> str:
    """Tell why a table of colours (n, 3) is not pretty, or "" where it is."""
    labs = oklab(linear(colours / 255.0))
    if np.ptp(labs[:, 0]) < LEAST_SPAN:
        return "contrast"
    if np.hypot(labs[:, 1], labs[:, 2]).max() < LEAST_CHROMA:
        return "grey"
    # Over eight entries each, so that the rounding of 8 bits counts for little.
    steps = np.linalg.norm(labs[8:] - labs[:-8], axis=1)
    return "uneven" if steps.max() > STEEPEST * steps.mean() else ""


def _is_faded(labs: Values) -> bool:
    """Tell whether between two stops a straight line leaves the colours of a screen."""
    part = np.linspace(0.0, 1.0, 33)[:, None]
    between = np.concatenate([a + part * (b - a) for a, b in pairwise(labs)])
    shown = light(between)
    return bool(shown.min() < -ROUNDING or shown.max() > 1.0 + ROUNDING)


def _leap(one: Values, other: Values) -> float:
    a, b = complex(one[1], one[2]), complex(other[1], other[2])
    if min(abs(a), abs(b)) < HUED:
        return 0.0
    return abs(math.degrees(math.atan2((a * b.conjugate()).imag, (a * b.conjugate()).real)))


@cache
def pretty_palettes() -> tuple[str, ...]:
    """List the tables that the rule lets pass."""
    return tuple(name for name in PALETTES if not table_fault(table(name)))


def pretty(scene: Scene, chance: int) -> Scene:
    """Give a scene other colours, which `chance` and the palette that it has decide upon."""
    random = Random(chance)
    kind = random.random()
    reading = "oklab" if kind < 0.2 else "oklch" if kind < 0.4 else "palette"
    named = [name for name in pretty_palettes() if name != scene.palette]
    palette = named[int(random.random() * len(named))]
    own = drawn_stops(random) if random.random() < 0.65 else ""
    gamma = 1.0 if random.random() < 0.5 else round(2.0 ** (random.random() - 0.5), 2)
    invert = not own and random.random() < 0.3
    return replace(scene, reading=reading, palette=palette, stops=own, gamma=gamma, invert=invert)


def drawn_stops(random: Random) -> str:
    """Draw 2..5 stops in OKLCh until the rule lets them pass, as it does six of seven."""
    found = _drawn(random)
    while fault(found):
        found = _drawn(random)
    return found


def _drawn(random: Random) -> str:
    """Draw stops: lightness rises, or falls, or goes up and back; hues walk in one direction."""
    count = 2 + int(4.0 * random.random())
    dark, bright = 0.14 + 0.2 * random.random(), 0.84 + 0.13 * random.random()
    place = np.linspace(0.0, 1.0, count)
    shape = random.random()
    if shape < 0.3 and count >= 3:
        place = 1.0 - np.abs(2.0 * place - 1.0)
    lightness = dark + (bright - dark) * (1.0 - place if random.random() < 0.3 else place)
    hue, step = 2.0 * math.pi * random.random(), math.radians(30.0 + 70.0 * random.random())
    step = step if random.random() < 0.5 else -step
    most = 0.09 + 0.13 * random.random()
    at = (EDGE + (1.0 - 2.0 * EDGE) * k / (count - 1) for k in range(count))
    return " ".join(
        f"{_stop(L, most, hue + step * k)}@{x:.3g}" for k, (L, x) in enumerate(zip(lightness, at, strict=True))
    )


def _stop(lightness: float, chroma: float, hue: float) -> str:
    """Write a colour, with as much of the chroma as a screen shows, and a little less."""
    part = chroma * np.linspace(1.0, 0.0, 21)
    shown = light(np.stack([np.full(21, lightness), part * math.cos(hue), part * math.sin(hue)], -1))
    first = int(np.argmax((shown.min(1) >= INSIDE) & (shown.max(1) <= 1.0 - INSIDE)))
    red, green, blue = np.floor(255.0 * display(shown[first]) + 0.5).astype(int).tolist()
    return hexed((red, green, blue))
