"""Live pages of scenes, for a browser to open."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from browser import Tab

from weightscape.network.view import Size
from weightscape.page.gallery import Card
from weightscape.page.page import page
from weightscape.scene.scene import Scene, from_text

FILE = "net.html"
ALT, CTRL, SHIFT = 1, 2, 8
# What DevTools calls keys of the table of commands.
NAMES = {
    "space": " ",
    "tab": "Tab",
    "page_up": "PageUp",
    "page_down": "PageDown",
    **{name: f"Arrow{name.capitalize()}" for name in ("up", "down", "left", "right")},
    **{name: name.capitalize() for name in ("escape", "enter", "backspace", "home", "f1", "f2", "f3", "f4", "f11")},
}


def written(folder: Path, scene: Scene, cards: tuple[Card, ...] = ()) -> str:
    """Write a scene's page, and give its address."""
    file = folder / FILE
    file.write_text(page(scene, FILE, cards), encoding="utf-8")
    return file.as_uri()


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Serve a folder; give its address, and the list of what is asked for."""
    asked: list[str] = []

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            """Note the path, and say nothing."""
            asked.append(self.path)

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        server.server_close()


class Live:
    """Drive a live page as a reader does."""

    def __init__(self, tab: Tab, size: Size = (320, 180)) -> None:
        self.tab, self.size = tab, size
        tab.size(*size)

    def still(self) -> None:
        """Ask for reduced motion, as readers do who set it in their system."""
        self.tab.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-reduced-motion", "value": "reduce"}])

    def open(self, address: str) -> "Live":
        """Go to an address and wait until its picture is whole."""
        self.tab.open(address)
        self.rest()
        return self

    def rest(self) -> None:
        """Wait until nothing moves and the picture is whole."""
        self.tab.until("!explorer.glide.view")
        self.tab.js("explorer.picture.idle")

    @property
    def scene(self) -> Scene:
        """Tell the scene that the page is at."""
        return from_text(self.tab.js("sceneText(explorer.scene)"))

    def show(self, scene: Scene) -> None:
        """Show a scene, as if it were pasted."""
        self.tab.js(f"explorer.open(() => fromText({json.dumps(scene.to_text())}))")

    def press(self, name: str) -> None:
        """Press a key as the table of commands names it: "r", "shift+up", "ctrl+z"."""
        *held, key = name.split("+") if name not in ("+", "ctrl++") else [*name[:-1].split("+")[:-1], "+"]
        modifiers = sum({"alt": ALT, "ctrl": CTRL, "shift": SHIFT}[each] for each in held)
        typed = key.upper() if "shift" in held and len(key) == 1 else key
        self.tab.key(NAMES.get(key, typed), modifiers=modifiers)

    @property
    def notice(self) -> str:
        """Tell what is said, "" for nothing."""
        found: str = self.tab.js("NOTICE.hidden ? '' : NOTICE.textContent")
        return found
