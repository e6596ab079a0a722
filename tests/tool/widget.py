"""Widgets in a bare document: the module that anywidget loads, with a stub of its model in place of a kernel."""

import base64
import json
from pathlib import Path
from typing import Any

from browser import Tab

from weightscape.network.network import Network
from weightscape.notebook.microscope import Microscope
from weightscape.scene.scene import Scene, from_text

DOCUMENT = """<!doctype html><meta charset="utf-8"><style>body {{ margin: 8px }} .cell {{ margin: 8px 0 }}</style>
<h1>A notebook</h1><input id="other"><div class="cell"></div><div class="cell"></div><div style="height: 2000px"></div>
<script>
class Model {{
  constructor(state) {{ Object.assign(this, {{state, heard: new Map(), sent: [], saved: []}}); }}
  get(name) {{ return this.state[name]; }}
  set(name, value) {{
    if (this.state[name] === value) return;
    this.state[name] = value;
    this.tell(`change:${{name}}`);
  }}
  save_changes() {{ this.saved.push(this.state.scene); }}
  send(content) {{ this.sent.push(content); }}
  on(kind, deed) {{ this.heard.set(kind, [...(this.heard.get(kind) ?? []), deed]); }}
  off(kind, deed) {{ this.heard.set(kind, (this.heard.get(kind) ?? []).filter((each) => each !== deed)); }}
  tell(kind, ...given) {{ for (const deed of this.heard.get(kind) ?? []) deed(...given); }}
  // As the kernel does: all that is new is there before anything is told.
  python(values) {{
    const names = Object.keys(values).filter((name) => this.state[name] !== values[name]);
    Object.assign(this.state, values);
    for (const name of names) this.tell(`change:${{name}}`);
  }}
  answer(content, text) {{
    const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
    this.tell("msg:custom", content, [new DataView(bytes.buffer)]);
  }}
}}
const cells = document.querySelectorAll(".cell"), models = [], ends = [];
const before = new Set(Object.getOwnPropertyNames(window));
const url = URL.createObjectURL(new Blob([{module}], {{type: "text/javascript"}}));
const loaded = import(url).then((made) => made.default);
const show = async (state, n = 0) => {{
  models[n] = new Model(state);
  ends[n] = (await loaded).render({{model: models[n], el: cells[n]}});
}};
const explorerOf = (n = 0) => cells[n].firstChild.explorer;
const rootOf = (n = 0) => cells[n].firstChild.shadowRoot;
</script>"""


def state(scene: Scene | Network, **traits: Any) -> dict[str, Any]:
    """Give what a widget's model holds for the browser."""
    made = Microscope(scene, **traits)
    return {"scene": made.scene.to_text()} | {
        name: getattr(made, name) for name in ("height", "sliders", "precision", "networks")
    }


def opened(tab: Tab, folder: Path) -> "Cells":
    """Open a document with two empty cells."""
    file = folder / "notebook.html"
    module = json.dumps(Microscope._esm).replace("<", "\\u003c")
    file.write_text(DOCUMENT.format(module=module), encoding="utf-8")
    tab.size(640, 480)
    tab.open(file.as_uri())
    return Cells(tab)


class Cells:
    """Look at the widgets of a document's cells, and be their kernel."""

    def __init__(self, tab: Tab) -> None:
        self.tab = tab

    def show(self, state: dict[str, Any], n: int = 0) -> None:
        """Show a widget in a cell, and wait until its picture is whole."""
        self.tab.js(f"show({json.dumps(state)}, {n})")

    def rest(self, n: int = 0) -> None:
        """Wait until nothing moves and the picture is whole."""
        self.tab.until(f"!explorerOf({n}).glide.view")
        self.tab.js(f"explorerOf({n}).picture.idle")

    def python(self, n: int = 0, **values: Any) -> None:
        """Set traits, as Python does."""
        self.tab.js(f"models[{n}].python({json.dumps(values)})")

    def answer(self, content: dict[str, Any], data: bytes, n: int = 0) -> None:
        """Answer as the kernel does."""
        self.tab.js(f"models[{n}].answer({json.dumps(content)}, {json.dumps(base64.b64encode(data).decode())})")

    def scene(self, n: int = 0) -> Scene:
        """Tell the scene that Python has been told."""
        return from_text(self.tab.js(f"models[{n}].state.scene"))

    def place(self, selector: str, n: int = 0) -> tuple[float, float]:
        """Tell where the middle of an element is."""
        x, y = self.tab.js(
            f"(() => {{ const r = rootOf({n}).querySelector({json.dumps(selector)}).getBoundingClientRect();"
            " return [r.x + r.width / 2, r.y + r.height / 2]; })()"
        )
        return x, y

    def click(self, selector: str, n: int = 0) -> None:
        """Click on the middle of an element."""
        x, y = self.place(selector, n)
        self.tab.mouse("mousePressed", x, y)
        self.tab.mouse("mouseReleased", x, y)
