"""The widget's script and style: the page's own, put into a function, so that each widget has all of it for itself."""

import json
import re
from importlib import resources

from weightscape.page.page import SCRIPTS, markup, script, style
from weightscape.page.told import told
from weightscape.scene.scene import Scene

# Between the page's scripts and its last one, which begins.
OWN = ("theme", "kernel", "shown", "slider", "model")
MODULE = """// A live picture of a network in a notebook, for anywidget.
const TOLD_ALL = {told};
const MARKUP = {markup};
const STYLE = {style};

function microscope(MODEL, ELEMENT) {{
"use strict";
{script}
return endWidget;
}}

export default {{render: ({{model, el}}) => microscope(model, el)}};
"""


def module() -> str:
    """Write the ES module that anywidget loads: render({model, el}) shows a widget and gives what ends it."""
    *page, main = (name for name in SCRIPTS if name != "place")
    own = [_text(f"script/{name}.js") for name in OWN]
    return MODULE.format(
        told=json.dumps(_told(), ensure_ascii=False),
        markup=json.dumps(markup(), ensure_ascii=False),
        style=json.dumps(local(style()) + _text("widget.css"), ensure_ascii=False),
        script="\n".join([_text("script/place.js"), script(page), *own, script([main]), _text("script/widget.js")]),
    )


def local(css: str) -> str:
    """Make a style that is about a document one about an element: its colours, its size, and when it is narrow.

    Colours for light readers are those of the class that script/theme.js gives.
    """
    of_light = r"@media \(prefers-color-scheme: light\) \{\s*:root (\{[^}]*\})\s*\}"
    css = re.sub(of_light, r":root(:where(.light)) \1", css)  # no more specific than what follows it
    css = css.replace(":root", ":host").replace("html, body {", ".page {")
    css = re.sub(r"\bbody,", ".page,", css)
    return re.sub(r"@media \((min|max)-(width|height):", r"@container page (\1-\2:", css)


def _told() -> dict[str, object]:
    """Collect what all widgets are told; its scene and networks each of them has of its own."""
    values = told(Scene(), "") | {"made": "weightscape.Microscope(scene)"}
    return {name: value for name, value in values.items() if name not in ("scene", "networks")}


def _text(name: str) -> str:
    return (resources.files("weightscape.notebook") / name).read_text("utf-8")
