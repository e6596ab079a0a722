"""An animation: a scene of which some numbers vary, and the scene of each frame. Renders nothing."""

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from weightscape.network.view import EXACT, trimmed
from weightscape.scene.colour import moves
from weightscape.scene.lens_name import LENS_FIELDS, LENSES
from weightscape.scene.row import ROWS, WEIGHTS, changed, check_inputs, value_of
from weightscape.scene.scene import RECIPE, Scene, has_time
from weightscape.scene.scene_error import SceneError

EASES = ("linear", "smooth", "geometric")
# Fields that may run through ratios in place of differences; the others cross zero.
POSITIVE = ("radius", "scale", "bias_scale", "layers", "width")
VARIABLE = (*(each.name for each in fields(Scene) if "low" in each.metadata), *ROWS)
# After this much a field shows what it showed before.
PERIOD = {"time": 1.0, "angle": 360.0, "turn": 360.0}
# So little of a period is nothing: 1.15 - 0.15 is not 1 in binary.
SAME = 1e-9
# Radii that differ by less are the same.
ALIKE = 1e-6
MAX_FRAMES = 1_000_000


@dataclass(frozen=True)
class Track:
    """Say how a field of the scene runs: `values[i]` at `times[i]`, evenly spaced where none are given.

    Of a field of several numbers they run all together, each value a tuple, or one alone under its number: origin.3.
    One weight runs as edits.LAYER:INPUT:UNIT.

    0 is the animation's first frame and 1 its last, or, in a loop, the one after it, which is the first again.
    Before the first time and after the last the field rests. `ease`: linear, smooth (slow at each key) or
    geometric (equal ratios, of values above 0); "" is geometric for radius and linear for the others.
    """

    name: str
    values: tuple[Any, ...]
    times: tuple[float, ...] = ()
    ease: str = ""

    def __post_init__(self) -> None:
        is_weight = self.field == WEIGHTS and self.name != self.field
        if not is_weight and (self.field not in VARIABLE or (self.name != self.field and self.field not in ROWS)):
            told = f"{', '.join(VARIABLE)} do, one of several as origin.0, and one weight as {WEIGHTS}.LAYER:INPUT:UNIT"
            raise SceneError(self.name, f"does not vary; {told}")
        if not self.values:
            raise SceneError(self.name, "needs at least one value")
        if self.ease not in ("", *EASES):
            raise SceneError("ease", f"{self.ease!r} is not one of {', '.join(EASES)}")
        if self.ease == "geometric" and self.name not in POSITIVE:
            raise SceneError("ease", f"'geometric' is for {', '.join(POSITIVE)}, not for {self.name}: linear or smooth")
        if not self.times:
            object.__setattr__(self, "times", _evenly(len(self.values)))
        if len(self.times) != len(self.values):
            raise SceneError(self.name, f"{len(self.values)} values stand at {len(self.times)} times")
        if not all(a < b for a, b in zip((-1.0, *self.times), (*self.times, 2.0), strict=True)):
            raise SceneError(self.name, "the times do not rise")
        if not 0.0 <= self.times[0] <= self.times[-1] <= 1.0:
            raise SceneError(self.name, "a time lies outside the animation")

    @property
    def field(self) -> str:
        """Tell the scene's field, of which the track may be one number: origin of origin.3."""
        return self.name.partition(".")[0]

    @property
    def is_geometric(self) -> bool:
        """Tell whether equal times make equal ratios."""
        return self.ease == "geometric" or (self.name == "radius" and self.ease != "linear")

    @property
    def is_closed(self) -> bool:
        """Tell whether the end shows what the beginning shows."""
        first, last = self.values[0], self.values[-1]
        if self.name not in PERIOD:
            return bool(first == last)
        return abs(math.remainder(last - first, PERIOD[self.name])) <= SAME * PERIOD[self.name]

    def at(self, moment: float, bend: Callable[[int, float], float] | None = None) -> Any:
        """Tell the value at 0..1; `bend` may replace (key, fraction of the way to the next key)."""
        i = bisect_right(self.times, moment) - 1
        if i < 0 or i == len(self.values) - 1:
            return self.values[max(i, 0)]
        part = (moment - self.times[i]) / (self.times[i + 1] - self.times[i])
        if self.ease == "smooth":
            part = part * part * (3.0 - 2.0 * part)
        if bend:
            part = bend(i, part)
        return _between(self.values[i], self.values[i + 1], part, self.is_geometric)


@dataclass(frozen=True)
class Animation:
    """Hold a scene, the tracks that run in it and the number of frames.

    `loop`: the last frame is one step before the end, so that it leads into the first; None asks the tracks, which
    must all be closed then. Raises SceneError, naming the field, for values that a scene refuses, for a field
    without effect, and for a loop that does not close.
    """

    scene: Scene = Scene()  # noqa: RUF009 - a frozen value
    tracks: tuple[Track, ...] = ()
    frames: int = 120
    loop: bool | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.frames <= MAX_FRAMES:
            raise SceneError("frames", f"{self.frames} is not in 1..{MAX_FRAMES}")
        names = [track.name for track in self.tracks]
        for track in self.tracks:
            if names.count(track.name) > 1 or (track.name != track.field and track.field in names):
                raise SceneError(track.name, "varies twice")
            if told := without_effect(self.scene, track.field):
                raise SceneError(track.field, told)
        object.__setattr__(self, "tracks", tuple(_checked(self.scene, track) for track in self.tracks))
        # The largest network on the way is no larger than this one.
        largest = {track.name: max(track.values) for track in self.tracks if track.name in ("layers", "width")}
        replace(self.scene, **largest)
        if self.loop is None:
            object.__setattr__(self, "loop", bool(self.tracks) and all(map(self._is_closed, self.tracks)))
        for track in self.tracks:
            if self.loop and not self._is_closed(track):
                raise SceneError(
                    track.name,
                    "a loop ends as it begins, and this goes from "
                    f"{_shown(track.values[0])} to {_shown(track.values[-1])}",
                )

    @property
    def end(self) -> int:
        """Tell the frame at which values reach their end: the last, or, in a loop, the one after it."""
        return self.frames if self.loop else self.frames - 1

    @property
    def marks(self) -> tuple[int, ...]:
        """List the frames at its ends."""
        return tuple(sorted({0, self.frames - 1}))

    def told(self) -> dict[str, Any]:
        """Say in values of JSON what varies."""
        return {
            "vary": {
                track.name: {
                    "values": [_plain(value) for value in track.values],
                    "times": track.times,
                    "ease": track.ease,
                }
                for track in self.tracks
            }
        }

    def timed(self, name: str, keys: Sequence[Fraction]) -> "Animation":
        """Move the keys of a track to frames, which may be between two: those that are on a frame are met exactly.

        Beyond the end there is nothing to see: there the last key moves to the end, unless a visible key is there.
        """
        track = next(track for track in self.tracks if track.name == name)
        placed = [
            (key, value)
            for key, value in zip(keys, track.values, strict=True)
            if key < self.end or (key == self.end and not self.loop)
        ]
        if len(placed) < len(keys) and not (placed and placed[-1][0] == self.end):
            placed.append((Fraction(self.end), track.values[-1]))
        times = tuple(float(key / max(self.end, 1)) for key, _ in placed)
        moved = replace(track, times=times, values=tuple(value for _, value in placed))
        return replace(self, tracks=tuple(moved if each is track else each for each in self.tracks))

    def at(self, k: int) -> Scene:
        """Make the scene of frame `k`, 0 for the first. Raises IndexError outside the animation."""
        if not 0 <= k < self.frames:
            raise IndexError(f"frame {k} is not in 0..{self.frames - 1}")
        return self.seen(k / max(1, self.end))

    def seen(self, moment: float) -> Scene:
        """Make the scene at a moment, 0 for the first frame and 1 for the end."""
        values = {track.name: track.at(moment, self._bend(track)) for track in self.tracks}
        radius = values.get("radius", self.scene.radius)
        for track in self.tracks:
            if track.field == "center" and values[track.name] not in track.values:
                values[track.name] = _trimmed(values[track.name], radius)
        return changed(self.scene, values)

    def _is_closed(self, track: Track) -> bool:
        """Tell whether a track ends as it begins: of time the network's inputs, and colours that cycle."""
        if track.name != "time" or not self.scene.cycle:
            return track.is_closed
        turns = self.scene.cycle * (track.values[-1] - track.values[0])
        return abs(math.remainder(turns, 1.0)) <= SAME and (track.is_closed or not has_time(self.scene))

    def _bend(self, track: Track) -> Callable[[int, float], float] | None:
        """Let the centre keep step with a zoom of the same times, so that the goal does not fly off the picture."""
        zoom = next((each for each in self.tracks if each.name == "radius"), None)
        if track.field != "center" or zoom is None or not zoom.is_geometric or zoom.times != track.times:
            return None
        radii = zoom.values

        def bend(i: int, part: float) -> float:
            a, b = radii[i], radii[i + 1]
            # Of radii that differ by rounding alone the differences say nothing.
            return part if math.isclose(a, b, rel_tol=ALIKE) else (_between(a, b, part, True) - a) / (b - a)

        return bend


def _evenly(count: int) -> tuple[float, ...]:
    return tuple(i / max(1, count - 1) for i in range(count))


def without_effect(scene: Scene, name: str) -> str:
    """Say why no value of a field changes anything that is seen of a scene; "" where one does."""
    if scene.weights and name in RECIPE:
        return f"has no effect on a network loaded from {scene.weights}"
    if name == "time" and not moves(scene):
        return f"has no effect on the inputs {','.join(scene.inputs)}, only on cos_t, sin_t and colours that cycle"
    if name == "inputs" and scene.origin:
        return "have no effect where origin, u and v tell what a network is fed"
    if name in LENS_FIELDS and name not in LENSES[scene.lens].fields:
        owners = ", ".join(lens for lens, each in LENSES.items() if name in each.fields)
        return f"has no effect on the lens {scene.lens}, only on {owners}"
    return ""


def _checked(scene: Scene, track: Track) -> Track:
    """Bring each value to the field's type. Raises SceneError for one that the scene cannot have."""
    values = tuple(value_of(changed(scene, {track.name: value}), track.name) for value in track.values)
    if track.field == "inputs":
        check_inputs(scene, track.name, values)
    if track.is_geometric and min(values) <= 0:
        raise SceneError("ease", f"'geometric' needs values above 0, and {track.name} has {min(values)}")
    return replace(track, values=values)


def _between(a: Any, b: Any, part: float, geometric: bool) -> Any:
    """Go from `a` to `b`: points exactly in decimals, whole numbers to the next whole number."""
    if part <= 0.0 or part >= 1.0:
        return b if part >= 1.0 else a
    if isinstance(a, Decimal):
        return EXACT.add(a, EXACT.multiply(EXACT.subtract(b, a), Decimal(part)))
    if isinstance(a, tuple):
        return tuple(_between(one, other, part, geometric) for one, other in zip(a, b, strict=True))
    if isinstance(a, str):  # of the inputs, where a name stays
        return a if a == b else repr(_between(float(a), float(b), part, geometric))
    if geometric:
        value = math.exp(math.log(a) + part * (math.log(b) - math.log(a)))
        value = min(max(value, min(a, b)), max(a, b))
    elif isinstance(a, int):
        # In fractions: a seed has more digits than a float.
        value = a + (b - a) * Fraction(part)
    else:
        value = (1.0 - part) * a + part * b
    return round(value) if isinstance(a, int) else float(value)


def _shown(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _plain(value: Any) -> Any:
    """Write decimals as text, of which a float would lose digits, and tuples as lists of text."""
    if isinstance(value, tuple):
        return [str(part) for part in value]
    return str(value) if isinstance(value, Decimal) else value


def _trimmed(value: Any, radius: float) -> Any:
    """Drop decimal places of a point, or of one of its numbers."""
    return trimmed(value, radius) if isinstance(value, tuple) else trimmed((value, value), radius)[0]
