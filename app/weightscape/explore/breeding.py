"""Breeding: whether nine pictures are seen instead of one, which children a scene has, and which of them is meant.

The scene in the middle is the history's; its children are remembered, so that going back shows the same ones.
"""

from dataclasses import dataclass, replace

from weightscape.lens.litter import MIDDLE, SIDE, Litter, litter, members
from weightscape.scene.breed import START, WILDNESS, children, crosses, network_of, refusal
from weightscape.scene.scene import Scene

COUNT = SIDE * SIDE
# Scenes whose children are remembered, as many as there may be steps.
MOST = 500


@dataclass(frozen=True)
class Brood:
    """Say how a scene's children come about: how wild, by which chance, and of which two scenes if it is a cross."""

    wildness: int
    chance: int
    pair: tuple[Scene, Scene] | None = None


class Breeding:
    """Remember broods. `chosen`: the picture that is meant, 0 to 8 row by row; `marked`: the first one of a cross."""

    def __init__(self) -> None:
        self.is_on = False
        self.chosen = MIDDLE
        self.marked: int | None = None
        self.wheel = 0.0  # by how much of a step the wheel has been turned
        self._broods: dict[Scene, Brood] = {}
        self._next = Brood(START, 0)
        self._made: tuple[object, tuple[Scene, ...]] = None, ()
        self._staged: tuple[Scene, Brood, Litter] | None = None

    def begin(self, chance: int) -> None:
        """Show nine pictures; of a scene that has had children they are the same."""
        self.is_on, self.chosen, self.marked = True, MIDDLE, None
        self._next = replace(self._next, chance=chance)

    def end(self) -> None:
        """Show one picture."""
        self.is_on, self.marked = False, None

    def staged(self, scene: Scene) -> Scene:
        """Tell what is to be seen: a scene with its children around it, or itself where there are none."""
        if not self.is_on or scene.beside or refusal(scene):
            return scene
        brood = self.brood(scene)
        if not self._staged or self._staged[:2] != (scene, brood):
            self._staged = scene, brood, litter(scene, self._children(network_of(scene), brood))
        return self._staged[2]

    def members(self, scene: Scene) -> tuple[Scene, ...]:
        """List the nine scenes that are seen, or the one."""
        return members(self.staged(scene))

    def subject(self, scene: Scene) -> Scene:
        """Tell the scene that is meant by what saves or copies one: the chosen picture's."""
        found = self.members(scene)
        return found[self.chosen] if len(found) == COUNT else scene

    def brood(self, scene: Scene) -> Brood:
        """Tell how a scene's children come about; a new scene's as wild as the last one's, by another chance."""
        network = network_of(scene)
        if network not in self._broods:
            self._next = replace(self._next, chance=self._next.chance + 1)
            self._settle(network, self._next)
        return self._broods[network]

    def cross(self, scene: Scene, pair: tuple[Scene, Scene]) -> None:
        """Let a scene's children be crosses of two others."""
        self._settle(network_of(scene), replace(self.brood(scene), pair=pair))

    def renew(self, scene: Scene, chance: int) -> None:
        """Give a scene other children."""
        self._settle(network_of(scene), replace(self.brood(scene), chance=chance))
        self.marked = None

    def wilder(self, scene: Scene, steps: int) -> bool:
        """Make a scene's children, and those of scenes to come, wilder, or milder; tell whether that is possible."""
        old = self.brood(scene)
        wildness = min(max(old.wildness + steps, 0), len(WILDNESS) - 1)
        self._settle(network_of(scene), replace(old, wildness=wildness))
        self._next = replace(self._next, wildness=wildness)
        self.marked = None
        return wildness != old.wildness

    def walk(self, across: int, down: int) -> None:
        """Choose the picture beside the chosen one, if there is one."""
        column, row = self.chosen % SIDE + across, self.chosen // SIDE + down
        if 0 <= column < SIDE and 0 <= row < SIDE:
            self.chosen = row * SIDE + column

    def _settle(self, network: Scene, brood: Brood) -> None:
        self._broods.pop(network, None)
        self._broods[network] = brood
        for oldest in [*self._broods][:-MOST]:
            del self._broods[oldest]

    def _children(self, network: Scene, brood: Brood) -> tuple[Scene, ...]:
        """Make a network's children once: a new view, or time, changes none of them."""
        if self._made[0] != (network, brood):
            wildness = WILDNESS[brood.wildness]
            made = (
                crosses(*brood.pair, wildness, brood.chance)
                if brood.pair
                else children(network, wildness, brood.chance)
            )
            self._made = (network, brood), tuple(map(network_of, made))
        return self._made[1]
