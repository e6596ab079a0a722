"""What a live page is told: the scene, a scene's fields, the shaders, the colour tables, all words of the window."""

import json
import os
import shlex
from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from typing import Any

from weightscape import __version__
from weightscape.file.whole_file import STDOUT
from weightscape.gpu.lean import lean
from weightscape.gpu.source import source
from weightscape.page.bend import bends
from weightscape.page.drawing import drawing
from weightscape.page.gallery import Card
from weightscape.page.network_table import table as network_table
from weightscape.page.numbers import numbers
from weightscape.page.word import words
from weightscape.picture.network_memory import network
from weightscape.scene.command import COMMANDS, SEEDED, Command
from weightscape.scene.key_help import key_label
from weightscape.scene.lens_name import LENSES
from weightscape.scene.link import ORDER, link
from weightscape.scene.naming import base_name
from weightscape.scene.palette import PALETTES, table
from weightscape.scene.scene import Scene
from weightscape.scene.scene_error import SceneError
from weightscape.scene.scene_field import SEEDS

SHADERS = ("fused.frag", "layer.frag", "gather.frag", "tile.frag", "moved.frag", "screen.vert")
DIALECT = "300 es"
# What no page sets.
UNSET = ("PERTURBED", "DERIVATIVES", "PATTERN", "DOUBLE", "SLOPE")


def told(scene: Scene, output: str, cards: tuple[Card, ...] = ()) -> dict[str, Any]:
    """Collect it as values that JSON holds; of a weights file's name the last part, for what others read.

    Raises what picture.network_memory.network() raises.
    """
    # The page edits by itself.
    unedited = replace(scene, edits="", silenced="")
    networks = {base_name(scene.weights): network_table(network(unedited))} if scene.weights else {}
    scene = replace(scene, weights=base_name(scene.weights))
    return {
        "version": __version__,
        "scene": json.loads(scene.to_text()),
        "fields": [_field(name) for name in ORDER],
        "shaders": {name: lean(source(name, version=DIALECT).text, UNSET) for name in SHADERS},
        "made": _made(scene, output, bool(cards)),
        "words": words(bool(cards)),
        "gallery": [asdict(card) for card in cards],
        "lenses": {name: asdict(each) for name, each in LENSES.items()},
        "commands": [_command(each) for each in COMMANDS],
        "numbers": numbers(),
        "drawing": drawing(),
        "networks": networks,
        "palettes": {name: bends(table(name)) for name in PALETTES},
    }


def _made(scene: Scene, output: str, has_gallery: bool) -> str:
    """Write the command line that makes the page."""
    file = "-" if output == STDOUT else shlex.quote(os.path.basename(output))
    if has_gallery:
        return f"weightscape page -o {file}"
    try:
        return f"weightscape page --scene '{link(scene)}' -o {file}"
    except SceneError:
        return f"weightscape page --weights {shlex.quote(base_name(scene.weights))} ... -o {file}"


def _field(name: str) -> dict[str, Any]:
    each = next(each for each in fields(Scene) if each.name == name)
    default: Any = getattr(Scene(), name)
    kind = _kind(name, each.metadata)
    told = {"name": name, "kind": kind, "default": _plain(default), **each.metadata}
    # No double holds the largest seed.
    return told | {"high": str(each.metadata["high"])} if kind == "seed" else told


def _command(command: Command) -> dict[str, Any]:
    """Tell all but what it does; `seeded`: it gives another network, and leaves a loaded one."""
    return {
        "name": command.name,
        "keys": command.keys,
        "labels": [key_label(key) for key in command.keys],
        "help": command.help,
        "group": command.group,
        "seeded": command.name in SEEDED,
    }


def _kind(name: str, metadata: Mapping[str, Any]) -> str:
    """Name what a field holds: whole and other numbers look the same in JSON."""
    if name in (*SEEDS, "center", "inputs"):
        return "seed" if name in SEEDS else name
    low = metadata["row"][0] if "row" in metadata else metadata.get("low")
    kind = next(each for each in ("choices", "switch", "text", "row", "low") if each in metadata)
    return {"low": "number"}.get(kind, kind) if not isinstance(low, int) else {"low": "whole"}.get(kind, "whole row")


def _plain(default: Any) -> Any:
    return json.loads(json.dumps(default, default=str))
