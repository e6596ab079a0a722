"""The way from one scene to another, and on to more: every scene on it is one like any other. Renders nothing.

Random networks go along the great circle between their points of the sphere (scene/mix.py), where the variance of
independent weights stays; the view goes as a zoom does; palettes mix, other numbers run, and names change half way.
"""

import json
import math
from dataclasses import dataclass, field, fields, replace
from typing import Any

from weightscape.scene.animation import MAX_FRAMES, PERIOD, VARIABLE, Animation, Track, without_effect
from weightscape.scene.blend import Blend
from weightscape.scene.mix import MAX_MIXED, Parts, between, point, recipe_at
from weightscape.scene.scene import FILES, Scene
from weightscape.scene.scene_error import SceneError

# What both scenes have to have alike: networks of one shape, drawn alike, seen through one lens.
KEPT = (
    *("weights", "layers", "width", "activation", "output_activation", "shape", "rule", "tied", "outputs", "inputs"),
    *("edits", "silenced", "lens", "beside"),
)
# Of a network that is loaded nothing is drawn; its activations may be the scene's.
DRAWN = ("layers", "width", "shape", "rule", "tied", "outputs")
POINT = ("seed", "mix", "to_seed", "part")
RATIOS = ("scale", "bias_scale")
PACES = ("linear", "smooth")
# What is said of a value is no longer than this.
LONGEST = 40


@dataclass(frozen=True)
class Way:
    """Lead from scene `a` to scene `b`; its ends are these very scenes.

    Matrices of the rule `orthogonal` keep their variance on the way, but are orthogonal at its ends alone. Raises
    SceneError, which names the field, for scenes between which there is no way.
    """

    a: Scene
    b: Scene
    _halves: tuple[Animation, Animation] = field(init=False, repr=False, compare=False)
    _points: tuple[Parts, Parts] | None = field(init=False, repr=False, compare=False)
    _blend: Blend = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        _check_alike(self.a, self.b)
        tracks = tuple(_tracks(self.a, self.b))
        # Names are those of the nearer scene.
        first, second = (Animation(scene, tracks, 2, False) for scene in _bases(self.a, self.b))
        object.__setattr__(self, "_halves", (first, second))
        object.__setattr__(self, "_blend", Blend(self.a, self.b))
        object.__setattr__(self, "_points", None if self.a.weights else _points(self.a, self.b))

    def at(self, part: float) -> Scene:
        """Make the scene after a part (0..1) of the way."""
        if part <= 0.0 or part >= 1.0:
            return self.b if part >= 1.0 else self.a
        scene = self._blend.at(self._halves[part >= 0.5].seen(part), part)
        if self._points is None:
            return scene
        seed, mix = recipe_at(between(*self._points, part))
        return replace(scene, seed=seed, mix=mix)


@dataclass(frozen=True)
class Morph:
    """Lead through two or more scenes, each way as long as the others; in a loop back to the first, too.

    `ease`: linear, or smooth, slow at each scene. The `frames` of its film are even steps of it, of which the last is
    the last scene, or in a loop one step before the first again. Raises SceneError as Way does, and for one scene.
    """

    scenes: tuple[Scene, ...]
    frames: int = 120
    loop: bool = False
    ease: str = "smooth"
    ways: tuple[Way, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if len(self.scenes) < 2:
            raise SceneError("scene", "a morph needs two scenes or more")
        if not 1 <= self.frames <= MAX_FRAMES:
            raise SceneError("frames", f"{self.frames} is not in 1..{MAX_FRAMES}")
        if self.ease not in PACES:
            raise SceneError("ease", f"{self.ease!r} is not one of {', '.join(PACES)}, the paces of a morph")
        closes = self.loop and self.scenes[-1] != self.scenes[0]
        ends = (*self.scenes[1:], *(self.scenes[:1] if closes else ()))
        object.__setattr__(self, "ways", tuple(map(Way, self.scenes, ends)))

    @property
    def end(self) -> int:
        """Tell the frame at which the end is reached: the last, or, in a loop, the one after it."""
        return self.frames if self.loop else self.frames - 1

    @property
    def marks(self) -> tuple[int, ...]:
        """List the frames that are at the scenes, or next to them."""
        ways = len(self.ways)
        return tuple(sorted({min(round(n * self.end / ways), self.frames - 1) for n in range(ways + 1)}))

    def at(self, k: int) -> Scene:
        """Make the scene of frame `k`, 0 for the first. Raises IndexError outside the film."""
        if not 0 <= k < self.frames:
            raise IndexError(f"frame {k} is not in 0..{self.frames - 1}")
        return self.seen(k / max(1, self.end))

    def seen(self, moment: float) -> Scene:
        """Make the scene at a moment, 0 for the beginning and 1 for the end."""
        done = min(max(moment, 0.0), 1.0) * len(self.ways)
        n = min(int(done), len(self.ways) - 1)
        part = done - n
        return self.ways[n].at(part * part * (3.0 - 2.0 * part) if self.ease == "smooth" else part)

    def told(self) -> dict[str, Any]:
        """Say in values of JSON which scenes follow: of each how it differs from the first, but for files."""
        first, *others = (json.loads(scene.to_text()) for scene in self.scenes)
        names = [each.name for each in fields(Scene) if each.name not in FILES]
        changes = [{name: each.get(name) for name in names if each.get(name) != first.get(name)} for each in others]
        return {"ease": self.ease, "to": changes}


def _check_alike(a: Scene, b: Scene) -> None:
    is_loaded = a.weights != "" and a.weights == b.weights
    for name in KEPT:
        one, other = getattr(a, name), getattr(b, name)
        if one != other and not (is_loaded and name in DRAWN):
            raise SceneError(name, f"{_shown(name, one)} and {_shown(name, other)} differ, and a morph keeps it")
    for name in ("origin", "u", "v"):
        if len(getattr(a, name)) != len(getattr(b, name)):
            raise SceneError(name, "one scene has it and the other has not, and a morph keeps it")


def _shown(name: str, value: Any) -> str:
    if name == "tied":
        return "tied" if value else "independent"
    text = ",".join(map(str, value)) if isinstance(value, tuple) else str(value) or "none"
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _tracks(a: Scene, b: Scene) -> list[Track]:
    """Let what is a number, or several, run where it has an effect; whole numbers are names of layers and units."""
    names = {each.name for each in fields(Scene) if isinstance(each.metadata.get("low"), float)} & {*VARIABLE}
    names |= {"center", "origin", "u", "v", "probe"}
    varied = [name for name in VARIABLE if name in names - {*POINT} and getattr(a, name) != getattr(b, name)]
    base, _ = _bases(a, b)
    return [_track(name, getattr(a, name), getattr(b, name)) for name in varied if not without_effect(base, name)]


def _track(name: str, one: Any, other: Any) -> Track:
    if PERIOD.get(name) == 360.0:  # the short way round
        one = math.remainder(one, 360.0)
        other = one + math.remainder(other - one, 360.0)
    return Track(name, (one, other), (), "geometric" if name in RATIOS and min(one, other) > 0.0 else "")


def _bases(a: Scene, b: Scene) -> tuple[Scene, Scene]:
    """Make both scenes without what tells the network's place; colours cycle in both that do so on the way."""
    cycle = a.cycle or b.cycle
    changes: dict[str, Any] = {"cycle": cycle} | ({} if a.weights else {"mix": "", "to_seed": None, "part": None})
    return replace(a, **changes), replace(b, **changes)


def _points(a: Scene, b: Scene) -> tuple[Parts, Parts]:
    first, second = sphere_point(a), sphere_point(b)
    seeds = len({**first, **second})
    if seeds > MAX_MIXED + 1:
        raise SceneError("mix", f"the scenes are of {seeds} seeds together, the limit is {MAX_MIXED + 1}")
    return first, second


def sphere_point(scene: Scene) -> Parts:
    """Tell where on the sphere a network lies that may be on its way to another seed's. Raises SceneError."""
    here = {seed: part for seed, part in point(scene.seed, scene.mix).items() if part > 0.0}
    if scene.to_seed is None or not scene.part or (scene.to_seed == scene.seed and not scene.mix):
        return here
    if scene.part == 1.0:
        return {scene.to_seed: 1.0}
    if scene.to_seed in here:
        raise SceneError("to_seed", f"{scene.to_seed} is mixed in already: part way to it is beside the sphere")
    turn = 0.5 * math.pi * scene.part
    return {seed: math.cos(turn) * part for seed, part in here.items()} | {scene.to_seed: math.sin(turn)}
