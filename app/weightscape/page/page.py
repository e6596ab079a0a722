"""A live page, put together: page.html with its style, its scripts in their order, and what they are told in JSON."""

import base64
import html
import json
from collections.abc import Iterable
from importlib import resources
from typing import Any

from weightscape.file.whole_file import STDOUT
from weightscape.page.fit import check
from weightscape.page.gallery import Card
from weightscape.page.told import told
from weightscape.scene.naming import network_name
from weightscape.scene.scene import Scene

# Later files use what earlier ones define; all are one script.
SCRIPTS = (
    *("place", "told", "matrix", "philox", "initialisation", "activation", "decimal", "python_text"),
    *("activation_name", "scene_field", "edit", "stops", "palette", "scene", "network", "view", "fold", "wanted"),
    *("link_code", "link", "mean_field", "command"),
    *("shader", "target", "weight_store", "fragment_shape", "fragment_draw", "engine", "canvas", "tile", "reuse"),
    *("precision", "submission", "exposure", "pixel_observer", "picture"),
    *(
        "icon",
        "words",
        "steps",
        "glide",
        "status",
        "key",
        "help",
        "gallery",
        "address",
        "save",
        "pointer",
        "explorer",
        "act",
    ),
    "main",
)


def page(scene: Scene, output: str = STDOUT, cards: tuple[Card, ...] = ()) -> str:
    """Write a scene as a live page; `output`: the file that its own command line names.

    A page with `cards` is one of a gallery, and begins there. Raises SceneError, in one line, for what no page shows.
    """
    check(scene)
    title = "gallery" if cards else network_name(scene)
    parts = {
        "@TITLE@": html.escape(f"weightscape: {title}"),
        "@ICON@": base64.b64encode(icon()).decode(),
        "@STYLE@": style(),
        "@TOLD@": _json(told(scene, output, cards)),
        "@SCRIPT@": script(SCRIPTS),
    }
    text = _text("page.html")
    for mark, part in parts.items():
        text = text.replace(mark, part)
    return text


def script(names: Iterable[str]) -> str:
    """Put scripts together, in their order."""
    return "\n".join(_text(f"script/{name}.js") for name in names)


def style() -> str:
    """Read how a page looks."""
    return _text("page.css")


def markup() -> str:
    """Read the elements that the scripts work with."""
    text = _text("page.html")
    return text[text.index("<canvas") : text.index("<noscript>")]


def icon() -> bytes:
    """Read the program's icon, a small PNG."""
    return (resources.files("weightscape.assets.icon") / "icon-16.png").read_bytes()


def _text(name: str) -> str:
    return (resources.files("weightscape.page") / name).read_text("utf-8")


def _json(values: Any) -> str:
    """Write JSON that may stand inside an HTML script: no "<" ends it."""
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
