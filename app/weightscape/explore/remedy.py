"""What helps where a lens cannot show a network: a key, pressed so many times, and the scene that it leads to."""

from collections.abc import Callable
from dataclasses import dataclass

from weightscape.network.pattern import PIECEWISE
from weightscape.scene.command import BY_KEY, LENS_KEYS, apply
from weightscape.scene.key_help import key_label
from weightscape.scene.scene import Scene

# No key goes round more choices.
MOST = 32


@dataclass(frozen=True)
class Remedy:
    """Say what a lens wants and which key brings it; `scene` is what that key leads to."""

    text: str
    scene: Scene


def remedy(scene: Scene) -> Remedy | None:
    """Find what makes a scene's lens fit its random network; None where nothing has to, or can."""
    wanted, key, fits = _wanted(scene)
    if scene.weights or fits(scene):
        return None
    found, presses = scene, 0
    while not fits(found):
        changed = apply(BY_KEY[key], found, 0)
        if changed == found or presses > MOST:
            return None
        found, presses = changed, presses + 1
    often = f" ({presses}x)" if presses > 1 else ""
    return Remedy(f"{key_label(LENS_KEYS[scene.lens])} wants {wanted}: press {key_label(key)}{often}, or Enter", found)


def _wanted(scene: Scene) -> tuple[str, str, Callable[[Scene], bool]]:
    """Tell what a scene's lens wants of a network, the key that changes it, and how it is known."""
    pieces = ", ".join(PIECEWISE[:-1]) + f" or {PIECEWISE[-1]}"
    if scene.lens == "regions" and scene.layers > 1:
        return pieces, "a", lambda each: each.activation in PIECEWISE
    if scene.lens == "regions":
        return pieces, "o", lambda each: each.output_activation in PIECEWISE
    if scene.lens == "winner":
        return "three outputs", "c", lambda each: each.outputs > 1
    return "", "", lambda _: True
