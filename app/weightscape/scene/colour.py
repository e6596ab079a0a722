"""Which colours a scene gives to numbers: reading, palette or stops, gamma, inverted or not, and how far turned.

`invert` and `gamma` act on what is bright or dark: on each of red, green and blue, on HSV's value, on OKLab's
lightness, and on a palette's number. `turn` turns the hue, or a palette; one that does not close goes back as it came.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from weightscape.scene.palette import CYCLIC, table
from weightscape.scene.scene import Scene, has_time
from weightscape.scene.stops import stops, stops_table

Four = tuple[float, float, float, float]
# What readings are called, where they are not plain.
NAMES = {"hsv": "HSV", "oklab": "OKLab", "oklch": "OKLCh"}
# What stands for a third output where there are two: nothing, the brightest value, the middle.
THIRD = {"hsv": 1.0, "oklab": 0.5, "oklch": 0.5}
# Beside time, what changes colours and none of the values that they are made of.
COLOURS_OF = ("reading", "palette", "stops", "gamma", "invert", "cycle")


@dataclass(frozen=True)
class Colour:
    """Hold what shade() needs to know; `turn` is in turns, 0..1."""

    palette: str = "viridis"
    stops: str = ""
    reading: str = "rgb"
    gamma: float = 1.0
    invert: bool = False
    turn: float = 0.0

    @property
    def table(self) -> npt.NDArray[np.uint8]:
        """Find the 256 colours that numbers in 0..1 go through: uint8 (256, 3)."""
        return stops_table(self.stops) if self.stops else table(self.palette)

    @property
    def closes(self) -> bool:
        """Tell whether the palette's end is its beginning."""
        if self.stops:
            own = stops(self.stops)
            return own[0].colour == own[-1].colour
        return self.palette in CYCLIC

    def read(self, channels: int) -> tuple[str, Four, float] | None:
        """Tell a shader READ, u_reading and THIRD of lib/shade.glsl; None where values are shown plainly.

        One channel goes through the palette, whatever the reading is.
        """
        reading = "one" if channels == 1 else self.reading
        if reading in ("one", "rgb") and self.gamma == 1.0 and not self.invert and self.turn == 0.0:
            return None
        numbers = 1.0 / self.gamma, float(self.invert), self.turn, float(self.closes)
        return reading, numbers, THIRD.get(reading, 0.0)


# Colours that are made already.
AS_THEY_ARE = Colour()


def moves(scene: Scene) -> bool:
    """Tell whether a picture changes with time: its network, or its colours."""
    return has_time(scene) or scene.cycle != 0.0


def colour(scene: Scene) -> Colour:
    """Tell a scene's colours at its time."""
    turn = scene.cycle * scene.time % 1.0 if scene.cycle else 0.0
    return Colour(scene.palette, scene.stops, scene.reading, scene.gamma, scene.invert, turn)
