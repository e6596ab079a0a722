"""The guided tour: stations in order, each one scene, what is to be seen there and one thing to try.

Texts and scenes stand in assets/tour.json. Draws nothing.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources

from weightscape.scene.scene import Scene, from_mapping


@dataclass(frozen=True)
class Station:
    """Hold a scene, a title, two sentences about it, and a thing to try with the `keys` that do it."""

    title: str
    text: str
    keys: tuple[str, ...]
    trial: str
    scene: Scene


@cache
def stations() -> tuple[Station, ...]:
    """Read the tour. Raises SceneError for a scene that cannot be."""
    text = (resources.files("weightscape.assets") / "tour.json").read_text("utf-8")
    return tuple(
        Station(each["title"], each["text"], tuple(each["keys"]), each["try"], from_mapping(each["scene"]))
        for each in json.loads(text)
    )
