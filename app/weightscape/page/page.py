"""A live page, put together: page.html with its style, its scripts in their order, and what they are told in JSON."""

import html
import json
from importlib import resources
from typing import Any

from weightscape.file.whole_file import STDOUT
from weightscape.page.told import told
from weightscape.scene.scene import Scene

# Later files use what earlier ones define; all are one script.
SCRIPTS = (
    *("told", "matrix", "philox", "initialisation", "activation", "decimal", "python_text"),
    *("activation_name", "scene_field", "scene", "network", "view", "fold", "wanted"),
    *("link_code", "link", "mean_field", "command"),
    *("shader", "target", "weight_store", "fragment_shape", "fragment_draw", "engine", "canvas", "tile", "reuse"),
    *("precision", "submission", "exposure", "picture"),
    "main",
)


def page(scene: Scene, output: str = STDOUT) -> str:
    """Write a scene as a live page; `output`: the file that its own command line names.

    Raises SceneError, in one line, for what no page can show.
    """
    parts = {
        "@TITLE@": html.escape(f"weightscape: seed {scene.seed}"),
        "@STYLE@": _text("page.css"),
        "@TOLD@": _json(told(scene, output)),
        "@SCRIPT@": "\n".join(_text(f"script/{name}.js") for name in SCRIPTS),
    }
    text = _text("page.html")
    for mark, part in parts.items():
        text = text.replace(mark, part)
    return text


def _text(name: str) -> str:
    return (resources.files("weightscape.page") / name).read_text("utf-8")


def _json(values: Any) -> str:
    """Write JSON that may stand inside an HTML script: no "<" ends it."""
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
