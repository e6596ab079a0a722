"""From one palette to another: on the way each scene has stops of its own, mixed from colours of both.

Those of one are as many as those of the other and stand at the same places, so that what lies between them is mixed
alike, straight in OKLab.
"""

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from weightscape.scene.colour import colour
from weightscape.scene.scene import Scene
from weightscape.scene.stops import blended, reduced, telling, written

# Lenses that show three outputs as a colour.
OF_OUTPUTS = ("outputs", "cut", "rgb")
Colours = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Blend:
    """Lead from the palette of scene `a` to that of scene `b`, where one of them shows it.

    Where the picture is its palette's alone, and one scene's is inverted, each value goes up the palette by its length,
    and at its end back: mixed with its own inverse a palette would be of one colour half way. Colours that cycle, and
    halves of a split view, change theirs half way.
    """

    a: Scene
    b: Scene
    _turns: bool = field(init=False, repr=False, compare=False)
    _tables: tuple[Colours, Colours] = field(init=False, repr=False, compare=False)
    _kept: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        turns = self.a.invert != self.b.invert and _is_painted(self.a) and _is_painted(self.b)
        one, other = colour(self.a).table, colour(self.b).table
        stays = self.a.cycle or self.b.cycle or self.a.beside or (np.array_equal(one, other) and not turns)
        runs = (_has_palette(self.a) or _has_palette(self.b)) and not stays
        object.__setattr__(self, "_turns", turns and runs)
        object.__setattr__(self, "_tables", (one, other))
        object.__setattr__(self, "_kept", telling(one, other)[0] if runs else ())

    def at(self, scene: Scene, part: float) -> Scene:
        """Give a scene the colours after a part (0..1) of the way."""
        if not self._kept:
            return scene
        mixed = blended(*self._tables, part)
        if not self._turns:
            return replace(scene, stops=written(mixed, self._kept))
        return replace(scene, stops=reduced(_climbed(mixed, part if self.b.invert else 1.0 - part))[0], invert=False)


def _climbed(colours: Colours, way: float) -> Colours:
    """Let each value go up a palette (n, 3), so much of its length and at its end back: 1 is the inverse."""
    last = len(colours) - 1.0
    place = np.arange(len(colours)) + way * last
    place = last - np.abs(last - place)
    found = [np.interp(place, np.arange(len(colours)), channel) for channel in colours.T]
    return np.asarray(np.floor(np.stack(found, -1) + 0.5), np.uint8)


def _is_painted(scene: Scene) -> bool:
    """Tell whether all that is seen is one number a point that goes through the palette."""
    return scene.lens == "outputs" and not scene.weights and _has_palette(scene)


def _has_palette(scene: Scene) -> bool:
    """Tell whether the palette may be seen."""
    is_of_three = scene.lens in OF_OUTPUTS and scene.outputs == 3 and not scene.weights
    return not is_of_three or scene.reading == "palette"
