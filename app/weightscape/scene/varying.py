"""What an autopilot varies gently, if it is told to: time, or the weights of a random network. Renders nothing.

Weights wander on the sphere of seeds (scene/mix.py), from the scene's own point towards two others and back.
"""

import math
from collections.abc import Collection
from dataclasses import dataclass, replace

from weightscape.scene.colour import moves
from weightscape.scene.mix import recipe_at
from weightscape.scene.morph import sphere_point
from weightscape.scene.scene import Scene
from weightscape.scene.scene_error import SceneError

TIME, WEIGHTS = VARIED = ("time", "weights")
# Seconds of a turn of time.
TURN_S = 12.0
# Seconds of a whole way of the weights, towards others and back; it leads so far (degrees) towards them, and from one
# to the other in such a ratio of times that it does not repeat itself soon.
WEIGHTS_S, FARTHEST_DEGREES, OTHER_PACE = 60.0, 40.0, 0.6180339887498949
# What is told to vary, or no longer to, does so within about so many seconds.
LAG_S = 0.8
# Seeds that are wandered to: from the scene's own one by the step of a generator (D. Knuth, MMIX), short ones.
STEP, SHIFT, SEEDS = 6364136223846793005, 1442695040888963407, 1_000_000


@dataclass(frozen=True)
class Variation:
    """Hold which of VARIED run (`running`), how quickly by now (0..1 each), and how far they have come."""

    running: tuple[str, ...] = ()
    paces: tuple[float, float] = (0.0, 0.0)
    turns: float = 0.0
    way: float = 0.0

    @property
    def is_on(self) -> bool:
        """Tell whether anything runs."""
        return bool(self.running)

    def after(self, seconds: float, part: float) -> "Variation":
        """Run on for so many seconds, at a part (0..1) of the whole pace."""
        gain = 1.0 - math.exp(-seconds / LAG_S)
        time, weights = (
            pace + gain * ((name in self.running) - pace) for pace, name in zip(self.paces, VARIED, strict=True)
        )
        step = part * seconds
        turns, way = self.turns + time * step / TURN_S, self.way + weights * step / WEIGHTS_S
        return replace(self, paces=(time, weights), turns=turns, way=way)

    def toggled(self, name: str) -> "Variation":
        """Let time or weights vary, or no longer."""
        others = tuple(each for each in self.running if each != name)
        return replace(self, running=others if name in self.running else (*others, name))

    def scene(self, base: Scene) -> Scene:
        """Make the scene that has come of one."""
        scene = replace(base, time=round((base.time + self.turns) % 1.0, 9)) if self.turns else base
        return _wandered(scene, self.way) if self.way else scene


STILL = Variation()


def check_varied(scene: Scene, names: Collection[str]) -> None:
    """Refuse what cannot vary in a scene. Raises SceneError."""
    if TIME in names and not moves(scene):
        raise SceneError("time", "it moves nothing here: it is for inputs cos_t, sin_t, and for colours that cycle")
    if WEIGHTS in names and scene.weights:
        raise SceneError("weights", "a network loaded from a file has no seed, and its weights do not vary")
    if WEIGHTS in names:
        sphere_point(scene)


def _wandered(scene: Scene, way: float) -> Scene:
    """Go from a random network's point of the sphere towards two others, and back after each whole of the way."""
    here = sphere_point(scene)
    one, other = _others(scene.seed, here)
    farthest = math.radians(FARTHEST_DEGREES)
    turn = farthest * _wave(way)
    between = 0.5 * math.pi * _wave(OTHER_PACE * way)
    parts = {seed: math.cos(turn) * part for seed, part in here.items()}
    parts |= {one: math.sin(turn) * math.cos(between), other: math.sin(turn) * math.sin(between)}
    seed, mix = recipe_at(parts)
    return replace(scene, seed=seed, mix=mix, to_seed=None, part=None)


def _wave(way: float) -> float:
    return 0.5 - 0.5 * math.cos(2.0 * math.pi * way)


def _others(seed: int, taken: Collection[int]) -> tuple[int, int]:
    """Tell two seeds that are wandered to from one."""
    found: list[int] = []
    while len(found) < 2:
        seed = (seed * STEP + SHIFT) % 2**64
        short = (seed >> 33) % SEEDS
        if short not in taken and short not in found:
            found.append(short)
    return found[0], found[1]
