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

# Puts something in an object's place of that name until the page begins anew.
INSTEAD = """((owner, name, value) => {
    const own = Object.getOwnPropertyDescriptor(owner, name), isFixed = own && !own.configurable;
    const put = (made) => { if (isFixed) owner[name] = made.value; else Object.defineProperty(owner, name, made); };
    put({value, writable: true, configurable: true});
    (globalThis.undone ??= []).push(() => { if (own) put(own); else delete owner[name]; });
})"""
# Makes an open page what it was when it was opened, but for the scene; what is compiled stays.
BEGUN = """((text) => {
    (globalThis.undone ??= []).splice(0).reverse().forEach((undo) => undo());
    document.querySelectorAll("dialog[open]").forEach((each) => each.close());
    for (const name of Object.keys(timers)) { clearTimeout(timers[name]); timers[name] = null; }
    hush();
    sayFault("");
    getSelection().empty();
    document.body.className = "";
    PICTURE.classList.remove("held");
    PICTURE.focus({focusVisible: false});
    explorer.pointer.down.clear();
    Object.assign(explorer.pointer, {tap: null, from: null});
    explorer.letGo();
    explorer.glide.end();
    Object.assign(explorer, {saving: null, isPaused: REDUCED.matches, steps: new Steps(fromText(text))});
    history.replaceState(null, "", location.pathname);
    explorer.picture.focus = null;
    explorer.picture.resized(); // a browser that is told to have other pixels tells the page nothing
    explorer.paint();
})"""


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

    def __init__(self, tab: Tab, size: Size = (320, 180), scale: float = 1.0) -> None:
        self.tab, self.size = tab, size
        tab.size(*size, scale=scale)

    def still(self) -> None:
        """Ask for reduced motion, as readers do who set it in their system."""
        self.tab.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-reduced-motion", "value": "reduce"}])

    def open(self, address: str) -> "Live":
        """Go to an address and wait until its picture is whole."""
        self.tab.open(address)
        self.rest()
        return self

    def begin(self, scene: Scene) -> "Live":
        """Make the open page what one of this scene is when it is opened, and wait until its picture is whole."""
        self.tab.call("Page.bringToFront")
        self.tab.until(f"innerWidth === {self.size[0]} && innerHeight === {self.size[1]}")
        self.tab.js(f"{BEGUN}({json.dumps(scene.to_text())})")
        self.rest()
        return self

    def instead(self, owner: str, name: str, value: str) -> None:
        """Put JavaScript's `value` in the place `owner[name]` until the page begins anew."""
        self.tab.js(f"{INSTEAD}({owner}, {name!r}, {value})")

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
