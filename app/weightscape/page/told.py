"""What a live page is told: the scene, a scene's fields, the shaders, the colour tables, all words of the window."""

import base64
import json
from dataclasses import asdict, fields
from typing import Any

from weightscape import __version__
from weightscape.gpu.source import source
from weightscape.page.gallery import Card
from weightscape.page.word import words
from weightscape.scene.link import ORDER
from weightscape.scene.palette import PALETTES, table
from weightscape.scene.scene import Scene

SHADERS = ("fused.frag", "layer.frag", "gather.frag", "tile.frag", "moved.frag", "screen.vert")
DIALECT = "300 es"


def told(scene: Scene, output: str, cards: tuple[Card, ...] = ()) -> dict[str, Any]:
    """Collect it as values that JSON holds."""
    return {
        "version": __version__,
        "scene": json.loads(scene.to_text()),
        "fields": [_field(name) for name in ORDER],
        "shaders": {name: source(name, version=DIALECT).text for name in SHADERS},
        "words": words(bool(cards)),
        "gallery": [asdict(card) for card in cards],
        "palettes": {name: base64.b64encode(table(name).tobytes()).decode() for name in PALETTES},
    }


def _field(name: str) -> dict[str, Any]:
    each = next(each for each in fields(Scene) if each.name == name)
    default: Any = getattr(Scene(), name)
    return {"name": name, "default": json.loads(json.dumps(default, default=str)), **each.metadata}
