"""A sheet of two weights: pictures with one of them across and the other upwards, and what is seen in the middle."""

from dataclasses import replace

from weightscape.explore.touching import Touched
from weightscape.lens.litter import litter, members
from weightscape.network.edit import name_of
from weightscape.scene.breed import network_of
from weightscape.scene.scene import Scene

SIDE = 5
MIDDLE = SIDE * SIDE // 2
# From picture to picture, in standard deviations of each weight's layer.
SPREADS = (0.03, 0.06, 0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
START = SPREADS.index(1.0)
# Networks of which 25 are held at once: they share all matrices but two.
MOST_WEIGHTS = 1 << 21

Pair = tuple[Touched, Touched]


class Sheeting:
    """Hold the two weights of a sheet. `chosen`: the picture that is meant, row by row."""

    def __init__(self) -> None:
        self.pair: Pair | None = None
        self.chosen = MIDDLE
        self.spread = START
        self.wheel = 0.0  # by how much of a step the wheel has been turned
        self._of = self._picture = Scene()
        self._made: tuple[object, Scene] = None, Scene()

    @property
    def is_on(self) -> bool:
        """Tell whether a sheet is seen."""
        return self.pair is not None

    def begin(self, pair: Pair, scene: Scene, lens: str) -> None:
        """Show a sheet of two weights of a scene, its pictures seen through a lens."""
        self.pair, self.chosen, self.wheel, self._of = pair, MIDDLE, 0.0, scene
        self._picture = replace(pair[0].half(scene), lens=lens)

    def end(self) -> None:
        """Show the scene alone."""
        self.pair = None

    def meet(self, scene: Scene) -> None:
        """Take in what is seen now: a sheet is of one scene, whatever its view."""
        if self.is_on and replace(scene.looking(self._of.view), time=self._of.time) != self._of:
            self.end()

    def staged(self, scene: Scene) -> Scene:
        """Tell what is to be seen: the sheet, at the scene's view and time."""
        if self.pair is None:
            return scene
        key = self.pair, self._picture, scene.view, scene.time, self.spread
        if self._made[0] != key:
            parent = replace(self._picture.looking(scene.view), time=scene.time)
            found = [network_of(self._member(parent, n)) for n in range(SIDE * SIDE)]
            self._made = key, litter(parent, (*found[:MIDDLE], *found[MIDDLE + 1 :]))
        return self._made[1]

    def members(self, scene: Scene) -> tuple[Scene, ...]:
        """List the pictures that are seen, row by row from the upper left one."""
        return members(self.staged(scene))

    def values(self, number: int) -> tuple[float, float]:
        """Tell what the two weights are in a picture."""
        assert self.pair
        found = []
        for touched, step in zip(self.pair, (number % SIDE - SIDE // 2, SIDE // 2 - number // SIDE), strict=True):
            value = touched.value(self._of)
            moved = touched.rounded(value + step * SPREADS[self.spread] * touched.weight.deviation)
            found.append(moved if step else value)
        return found[0], found[1]

    def taken(self, scene: Scene, number: int) -> Scene:
        """Make the scene that has a picture's two weights. Raises ValueError for more edits than there may be."""
        assert self.pair
        for touched, value in zip(self.pair, self.values(number), strict=True):
            scene = touched.set_to(scene, value)
        return scene

    def told(self, number: int) -> str:
        """Say what the two weights are in a picture."""
        assert self.pair
        named = zip(self.pair, self.values(number), strict=True)
        return ", ".join(f"{name_of(touched.weight.cell)} {value:.4g}" for touched, value in named)

    def wider(self, steps: int) -> bool:
        """Set the pictures farther apart, or closer; tell whether that is possible."""
        old, self.spread = self.spread, min(max(self.spread + steps, 0), len(SPREADS) - 1)
        return self.spread != old

    def walk(self, across: int, down: int) -> None:
        """Choose the picture beside the chosen one, if there is one."""
        column, row = self.chosen % SIDE + across, self.chosen // SIDE + down
        if 0 <= column < SIDE and 0 <= row < SIDE:
            self.chosen = row * SIDE + column

    def _member(self, parent: Scene, number: int) -> Scene:
        """Set the two weights in the picture's scene, which has no other half."""
        assert self.pair
        for touched, value in zip(self.pair, self.values(number), strict=True):
            parent = replace(touched, is_other=False).set_to(parent, value)
        return parent
