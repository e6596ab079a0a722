"""The real JupyterLab in a real Chromium: a server of its own with an empty home, notebooks, cells and widgets."""

import json
import os
import secrets
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from browser import Tab
from numpy.typing import NDArray
from patience import PATIENCE_S, until
from PIL import Image

from weightscape.scene.scene import Scene, from_text

SETTINGS = {
    # Nobody is asked for news, and nothing is downloaded.
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True},
    # All cells are there, also those far below.
    "notebook-extension/tracker": {"windowingMode": "none"},
}
# What tells of the machine's own Jupyter.
OTHERS = ("JUPYTER", "IPYTHON", "XDG_")
# As a module in the page: the notebook that is seen, its kernel, and the widgets of its cells.
HELPERS = """
// A notebook that is not saved asks nobody whether its tab may close.
addEventListener("beforeunload", (event) => event.stopImmediatePropagation(), {capture: true});
window.labApp = () => jupyterapp;
window.labPanel = () => jupyterapp.shell.currentWidget;
window.labKernel = () => labPanel()?.sessionContext?.session?.kernel;
window.labHosts = () => [...labPanel().node.querySelectorAll("[data-lm-suppress-shortcuts]")].filter((e) => e.explorer);
window.labAsk = async (code) => {
  const future = labKernel().requestExecute({code, store_history: false}), said = [];
  future.onIOPub = ({content}) => said.push(content.text ?? content.traceback?.join("\\n") ?? "");
  await future.done;
  return said.join("");
};
"""


class Box(NamedTuple):
    """Tell where an element is, CSS pixels."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> tuple[float, float]:
        """Give its middle."""
        return self.x + self.width / 2, self.y + self.height / 2


class Lab:
    """Know a running JupyterLab's address, and write notebooks into its folder."""

    def __init__(self, folder: Path, port: int, token: str) -> None:
        self.folder, self.port, self.token = folder, port, token

    def write(self, name: str, *cells: str, outputs: Mapping[int, list[Any]] | None = None) -> str:
        """Write a notebook of cells of code, with the outputs of some of them; give its name."""
        about = {"name": "python3", "display_name": "Python 3", "language": "python"}
        made = [
            {"cell_type": "code", "id": f"cell-{n}", "metadata": {}, "source": text, "execution_count": None}
            | {"outputs": (outputs or {}).get(n, [])}
            for n, text in enumerate(cells)
        ]
        notebook = {"cells": made, "metadata": {"kernelspec": about}, "nbformat": 4, "nbformat_minor": 5}
        (self.folder / name).write_text(json.dumps(notebook), encoding="utf-8")
        return name

    def read(self, name: str) -> list[dict[str, Any]]:
        """Read a notebook's cells."""
        cells: list[dict[str, Any]] = json.loads((self.folder / name).read_text(encoding="utf-8"))["cells"]
        return cells

    def open(self, tab: Tab, name: str) -> "Notebook":
        """Open a notebook in a tab, and wait until its kernel is idle."""
        tab.open(f"http://127.0.0.1:{self.port}/lab/tree/{name}?reset&token={self.token}")
        tab.until("Boolean(window.jupyterapp)")
        tab.js(f"(() => {{ {HELPERS} }})()")
        return Notebook(tab).ready()


class Notebook:
    """Use the notebook that is seen in a tab: its cells by JupyterLab's commands, its widgets by hand."""

    def __init__(self, tab: Tab) -> None:
        self.tab = tab

    def ready(self) -> "Notebook":
        """Wait until its kernel is idle."""
        self.tab.until("labPanel()?.content?.widgets && labPanel().context.isReady && labKernel()?.status === 'idle'")
        return self

    def command(self, name: str, **values: Any) -> None:
        """Carry out a command of JupyterLab, to its end."""
        self.tab.js(f"labApp().commands.execute({json.dumps(name)}, {json.dumps(values)}).then(() => null)")

    def run(self) -> None:
        """Run all cells."""
        self.command("notebook:run-all-cells")

    def ask(self, code: str) -> str:
        """Run code in the notebook's kernel, outside of its cells; give what it prints."""
        said: str = self.tab.js(f"labAsk({json.dumps(code)})")
        return said.strip()

    def scene(self, name: str = "microscope") -> Scene:
        """Tell the scene that a widget has in the kernel."""
        return from_text(self.ask(f"print({name}.scene.to_text())"))

    def until_kernel(self, expression: str) -> None:
        """Wait until an expression is true in the kernel."""
        until(lambda: self.ask(f"print(bool({expression}))") == "True", expression)

    def rest(self, n: int = 0) -> None:
        """Wait until a widget is there, nothing moves in it, and its picture is whole."""
        self.tab.until(f"labHosts().length > {n}")
        self.tab.until(f"!labHosts()[{n}].explorer.glide.view")
        self.tab.js(f"labHosts()[{n}].explorer.picture.idle")

    def box(self, selector: str, n: int = 0) -> Box:
        """Scroll to an element of a widget, and tell where it is."""
        found = f"labHosts()[{n}].shadowRoot.querySelector({json.dumps(selector)})"
        return self.place(found)

    def place(self, found: str) -> Box:
        """Scroll to an element, and tell where it is."""
        self.tab.js(f"{found}.scrollIntoView({{block: 'center'}})")
        self.tab.js("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))")
        side = "r.x, r.y, r.width, r.height"
        return Box(*self.tab.js(f"(() => {{ const r = {found}.getBoundingClientRect(); return [{side}]; }})()"))

    def click(self, selector: str = "#picture", n: int = 0) -> Box:
        """Click on the middle of an element of a widget, and tell where it is."""
        box = self.box(selector, n)
        self.tab.mouse("mousePressed", *box.middle)
        self.tab.mouse("mouseReleased", *box.middle)
        return box

    def seen(self, box: Box) -> NDArray[np.uint8]:
        """Give the pixels that the screen shows there, (height, width, 3)."""
        with Image.open(BytesIO(self.tab.screenshot())) as image:
            pixels = np.asarray(image.convert("RGB"))
        x, y, width, height = map(round, box)
        return pixels[y : y + height, x : x + width]


@contextmanager
def lab(folder: Path) -> Iterator[Lab]:
    """Run JupyterLab, as this Python has it, with its home and notebooks in a folder; and end it with its kernels."""
    home, notebooks = folder / "home", folder / "notebooks"
    for name, values in SETTINGS.items():
        file = home / ".jupyter" / "lab" / "user-settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values), encoding="utf-8")
    notebooks.mkdir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = Lab(notebooks, port, secrets.token_hex(16))
    options = {
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": port,
        "ServerApp.port_retries": 0,
        "ServerApp.root_dir": notebooks,
        "IdentityProvider.token": running.token,
        "LabApp.expose_app_in_browser": True,
    }
    command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root"]
    command += [f"--{name}={value}" for name, value in options.items()]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(OTHERS)}
    log = folder / "jupyter.log"
    with log.open("w") as written:
        process = subprocess.Popen(
            command, env=environment | {"HOME": str(home)}, stdin=subprocess.DEVNULL, stdout=written, stderr=written
        )
    try:
        until(lambda: process.poll() is not None or _answers(running), "JupyterLab to answer")
        assert process.poll() is None, log.read_text()
        yield running
    finally:
        process.terminate()  # JupyterLab ends its kernels
        with suppress(subprocess.TimeoutExpired):
            process.wait(PATIENCE_S)
        process.kill()
        process.wait()


def _answers(running: Lab) -> bool:
    address = f"http://127.0.0.1:{running.port}/api/status?token={running.token}"
    with suppress(OSError), urllib.request.urlopen(address, timeout=PATIENCE_S) as answer:
        return bool(answer.status == 200)
    return False
