"""What helps where a lens cannot show a network, or shows nothing: a key, and the scene that it leads to."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from weightscape.lens.reach import Reach
from weightscape.network.pattern import PIECEWISE
from weightscape.network.view import Point, Size, View, trimmed
from weightscape.scene.command import BY_KEY, LENS_KEYS, apply, tried
from weightscape.scene.key_help import key_label
from weightscape.scene.mean_field import edge_scale
from weightscape.scene.scene import Scene

# No key goes round more choices.
MOST = 32
# Outputs that differ by less than this look alike.
FLAT = 3.0 / 255.0
# Lenses that are flat where the values are; L stretches all but the last.
FLAT_LENSES = ("outputs", "cut", "rgb", "unit", "units", "atlas", "height", "winner")
# Detail of fewer pixels than this is noise, a landscape's and that of flat pieces; one press makes it so many.
FINEST, SEEN = {"height": 1.0, "regions": 2.0}, 12.0
# Layers so wide are seldom flat.
WIDE = 8
# Views so much smaller than the first one are deep: what is flat there may be no fault of the network's.
DEEP = 1e-2 * View().radius


@dataclass(frozen=True)
class Remedy:
    """Say what a lens wants and which key brings it; `scene` is what Enter leads to."""

    text: str
    scene: Scene


@dataclass(frozen=True)
class Seen:
    """Hold what is known of a picture: the values' range, and the size of its detail, in plane units, or 0."""

    spread: float
    detail: float
    place: Point | None = None  # where that is usual
    is_beyond: bool = False  # the colours end before the values begin
    reach: Reach | None = None  # of outputs that lie outside of what colours show


def remedy(scene: Scene, is_refused: bool = False, free: Collection[str] = ()) -> Remedy | None:
    """Find what makes a scene's lens fit its network; None where nothing has to, or can.

    `is_refused`: the lens cannot show it. Of a loaded network, which stays as it is, nothing else would tell. `free`:
    fields that tell its activations, since its file does not.
    """
    wanted, key, fits = _wanted(scene)
    if not key or (fits(scene) if not scene.weights else not is_refused):
        return None
    who = key_label(LENS_KEYS[scene.lens])
    if scene.weights and (fits(scene) or BY_KEY[key].name not in free):
        text = f"{who} wants {wanted}, and this network was loaded: press {key_label('q')}, or Enter"
        return Remedy(text, apply(BY_KEY["q"], scene, 0))
    found, presses = scene, 0
    while not fits(found):
        changed, _ = tried(BY_KEY[key], found, 0, free)
        if changed == found or presses > MOST:
            return None
        found, presses = changed, presses + 1
    often = f" ({presses}x)" if presses > 1 else ""
    return Remedy(f"{who} wants {wanted}: press {key_label(key)}{often}, or Enter", found)


def _wanted(scene: Scene) -> tuple[str, str, Callable[[Scene], bool]]:
    """Tell what a scene's lens wants of a network, the key that changes it, and how it is known."""
    pieces = ", ".join(PIECEWISE[:-1]) + f" or {PIECEWISE[-1]}"
    if scene.lens == "regions" and scene.layers > 1:
        return pieces, "a", lambda each: each.activation in PIECEWISE
    if scene.lens == "regions":
        return pieces, "o", lambda each: each.output_activation in PIECEWISE
    return "", "", lambda _: True


def hint(scene: Scene, layers: int, seen: Seen | None, size: Size) -> Remedy | None:
    """Find what to do where a lens shows a picture that tells nothing; `seen` is None while that is not known."""
    found = _of_shape(scene, layers)
    if found or seen is None:
        return found
    if seen.spread < FLAT and scene.lens in FLAT_LENSES:
        if scene.lens != "winner" and scene.levels == "plain" and seen.spread > 0.0:
            if scene.radius < DEEP:
                text = "flat this deep: press L to stretch it, Home to go back out, or Enter"
            else:
                text = "flat: press L to stretch it, the up arrow to wake it, or Enter"
            return Remedy(text, replace(scene, levels="auto"))
        is_gone = scene.lens == "winner" or seen.spread == 0.0
        if is_gone and scene.radius < DEEP:
            return Remedy("flat this deep: press Home to go back out, or Enter", scene.looking(View()))
        return _woken(scene) if is_gone and not scene.weights else None
    if seen.reach and scene.levels == "plain":
        winner = f"{key_label(LENS_KEYS['winner'])} for the largest, " * (seen.reach.outputs > 1)
        text = f"{seen.reach.told}: press L to stretch them, {winner}or Enter"
        return Remedy(text, replace(scene, levels="auto"))
    pixel = 2.0 * scene.radius / min(size)
    if seen.is_beyond and scene.levels == "plain":
        return Remedy("beyond the colours: press L to tell values apart, or Enter", replace(scene, levels="auto"))
    if 0.0 < seen.detail < FINEST.get(scene.lens, 0.0) * pixel:
        radius = scene.radius * seen.detail / (SEEN * pixel)
        closer = scene.looking(View(trimmed(seen.place or scene.center, radius), radius, scene.angle))
        return Remedy("finer than a pixel: press Z to zoom in (Backspace goes back), or Enter", closer)
    return None


def _of_shape(scene: Scene, layers: int) -> Remedy | None:
    """Find what follows from the network's shape alone."""
    if scene.lens == "cut" and scene.weights and scene.layer not in (0, layers):
        text = f"the output layer has not learnt to read layer {scene.layer}: press M for its units, or Enter"
        return Remedy(text, apply(BY_KEY["m"], scene, 0))
    if layers > 1 or scene.weights:
        return None
    told = {"cut": "is the picture itself", "rgb": "is the picture itself", "norms": "has nothing to compare"}
    if scene.lens not in told:
        return None
    who = key_label(LENS_KEYS[scene.lens])
    more = replace(scene, layers=4, layer=0 if scene.lens == "norms" else 2)
    return Remedy(f"of one layer {who} {told[scene.lens]}: press ] for more layers, or Enter", more)


def _woken(scene: Scene) -> Remedy | None:
    """Make narrow layers wider, and weights of others so large that they lie beyond the edge of chaos."""
    if scene.width < WIDE and scene.layers > 1:
        wider = scene
        while wider.width < WIDE:
            wider = apply(BY_KEY["}"], wider, 0)
        return Remedy("flat: press } for wider layers, or Enter", wider)
    edge = 1.5 * edge_scale(scene.activation, scene.rule, scene.width if scene.rule == "fixed" else 1, scene.bias_scale)
    if not scene.scale < edge < 1e3:
        return None
    return Remedy("flat: press the up arrow for larger weights, or Enter", replace(scene, scale=float(f"{edge:.3g}")))
