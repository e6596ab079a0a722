"""What the keys of lenses do, the split view's among them, and a drag of a landscape."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from weightscape.scene.lens_name import LENSES
from weightscape.scene.scene import NETWORK, Scene
from weightscape.scene.scene_error import SceneError

ORBIT = 0.4, 0.3  # degrees a pixel


def shown_through(name: str) -> Callable[[Scene, int], Scene]:
    """Look through a lens, from a layer that shows something; again goes back to the outputs."""

    def change(scene: Scene, _: int) -> Scene:
        if scene.lens == name:
            return replace(scene, lens="outputs")
        lens, middle = LENSES[name], 1 if scene.weights else max(scene.layers // 2, 1)
        start = {"output": 0, "middle": middle}[lens.start]
        stays = lens.keeps_layer and LENSES[scene.lens].keeps_layer
        return replace(scene, lens=name, layer=scene.layer if stays and scene.layer else start)

    return change


def split(scene: Scene, _: int) -> Scene:
    """Show in the right half a network that differs, and stays so while the left one changes; or one picture again."""
    if scene.beside:
        return replace(scene, beside="")
    kept = {name: getattr(scene, name) for name in (*NETWORK, "origin", "u", "v")}
    return replace(scene, beside=json.dumps(kept | _counterpart(scene)))


def _counterpart(scene: Scene) -> dict[str, Any]:
    """Tie layers that are independent, or the other way round; of a loaded network show the units of a layer."""
    if scene.weights:
        return {"lens": "outputs"} if scene.lens == "units" else {"lens": "units", "layer": scene.layer or 1}
    try:
        return {"tied": replace(scene, tied=not scene.tied).tied}
    except SceneError:  # too many weights to be independent
        return {"seed": (scene.seed + 1) % 2**64}


def orbited(scene: Scene, dx: float, dy: float) -> Scene:
    """Drag a landscape by (dx, dy) pixels, y down: its camera goes round it and over it."""
    if "turn" not in LENSES[scene.lens].fields:
        return scene
    turn = (scene.turn - ORBIT[0] * dx + 180.0) % 360.0 - 180.0
    return replace(scene, turn=turn, tilt=min(max(scene.tilt + ORBIT[1] * dy, 0.0), 90.0))
