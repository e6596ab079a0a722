"""The program itself in a window of a display of its own, with its diary and its pixels."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from display import opened_display, press, scale_letters, until

from weightscape.explore.tell.card import LINES
from weightscape.scene.scene import Scene, from_text

# Python that lets Esc tell how to leave, but never leave: what one test is told would close the window in the next.
STAYS = "from weightscape.explore import leaving\nleaving.LEAVE_S = 0.0\n"
SIGNS = {
    "[": "bracketleft",
    "]": "bracketright",
    "{": "braceleft",
    "}": "braceright",
    "(": "parenleft",
    ")": "parenright",
    "+": "plus",
    "-": "minus",
    "=": "equal",
    "<": "less",
    ">": "greater",
    ",": "comma",
    ".": "period",
    "up": "Up",
    "down": "Down",
    "left": "Left",
    "right": "Right",
    "enter": "Return",
    "escape": "Escape",
    "backspace": "BackSpace",
    "tab": "Tab",
    "home": "Home",
    "end": "End",
    "f1": "F1",
    "f2": "F2",
    "f3": "F3",
    "f4": "F4",
    "f5": "F5",
    "delete": "Delete",
    "space": "space",
    "f6": "F6",
    "f11": "F11",
    "page_up": "Prior",
    "page_down": "Next",
    ";": "semicolon",
    ":": "colon",
    "?": "question",
    "&": "ampersand",
    "f12": "F12",
}


def keysym(name: str) -> str:
    """Name a key of the command table for xdotool."""
    plus = name.rfind("+", 0, -1)  # the last sign may be a plus itself
    prefix, last = name[: plus + 1], name[plus + 1 :]
    return prefix + SIGNS.get(last, last if last.isalnum() or len(last) > 1 else f"0x{ord(last):x}")


class Program:
    """A running explorer: press keys, read its diary, look at its pixels."""

    def __init__(self, process: subprocess.Popen[str], display: str, folder: Path, first: str) -> None:
        self.process, self.display, self.folder = process, display, folder
        self._read, self._entries = 0, list[dict[str, Any]]()  # how many bytes of the diary, and what they say
        until(lambda: self.said(first) or process.poll() is not None, f"the {first} of all")
        assert process.poll() is None, (folder / "stderr").read_text()
        self.window = press(display, "search", "--name", "^weightscape").split()[0]

    def diary(self) -> list[dict[str, Any]]:
        """Read all that was written so far; what was read before is not read again."""
        path = self.folder / "trace.jsonl"
        if path.exists():
            with path.open("rb") as file:
                file.seek(self._read)
                whole, end, _ = file.read().rpartition(b"\n")
            self._read += len(whole + end)
            self._entries += [json.loads(line) for line in whole.splitlines()]
        return list(self._entries)

    def said(self, event: str) -> list[dict[str, Any]]:
        """Read all entries of one kind."""
        return [entry for entry in self.diary() if entry["event"] == event]

    def scene(self) -> Scene:
        """Read the current scene."""
        return from_text(self.said("ask")[-1]["scene"])

    def size(self) -> tuple[int, int]:
        """Read the size of the current picture."""
        width, height = self.said("ask")[-1]["size"]
        return width, height

    def settled(self) -> None:
        """Wait until the current picture is finished and on the screen."""

        def drawn() -> bool:
            entries = self.diary()
            number = next(e["number"] for e in reversed(entries) if e["event"] == "ask")
            whole = [n for n, e in enumerate(entries) if e["event"] == "rest" and e["number"] == number]
            last = {e["event"]: n for n, e in enumerate(entries)}
            stands = last.get("glide", -1) < max(last["ask"], last.get("arrive", -1))
            return stands and bool(whole) and any(e["event"] == "frame" for e in entries[whole[-1] :])

        until(drawn, "the whole picture")

    def key(self, name: str) -> None:
        """Press a key, named as in the command table."""
        press(self.display, "key", keysym(name))

    def left_by(self, name: str) -> int:
        """Press a key that has to be pressed twice within a moment, until the program ends; tell its exit status."""
        until(lambda: [self.key(name), self.key(name)] and self.process.poll() is not None, "the end")
        return self.process.wait()

    def said_after(self, name: str, words: str) -> str:
        """Press a key and wait for the notice with these words that follows."""
        before = len(self.said("notice"))
        self.key(name)
        return self.told(words, before)

    def told(self, words: str, before: int = 0) -> str:
        """Wait for a notice with these words, after the first so many."""
        found = until(
            lambda: [entry["text"] for entry in self.said("notice")[before:] if words in entry["text"]], f"{words!r}"
        )
        return str(found[-1])

    def asked_after(self, name: str) -> Scene:
        """Press a key and wait for the scene that follows."""
        before = len(self.said("ask"))
        self.key(name)
        until(lambda: len(self.said("ask")) > before, f"a new scene after {name}")
        return self.scene()

    def pixels(self) -> npt.NDArray[np.uint8]:
        """Read the window's pixels from the display's memory (an XWD file): uint8 (height, width, 3).

        The window stands wherever Xvfb put it; without a window manager that is the upper left corner.
        """
        raw = (self.folder / "fb" / "Xvfb_screen0").read_bytes()
        head = np.frombuffer(raw, ">u4", 25)
        start = int(head[0] + 12 * head[19])
        rows = np.frombuffer(raw, np.uint8, int(head[5] * head[12]), start).reshape(int(head[5]), int(head[12]))
        width, height = self.size()
        x, y = self.place()
        return rows.reshape(int(head[5]), -1, 4)[y : y + height, x : x + width, 2::-1]

    def place(self) -> tuple[int, int]:
        """Ask where the window stands on the screen."""
        values = dict(
            line.split("=") for line in press(self.display, "getwindowgeometry", "--shell", self.window).splitlines()
        )
        return int(values["X"]), int(values["Y"])

    def parts(self) -> dict[str, list[float]]:
        """Tell where the parts are that are seen over or beside the picture."""
        told = self.said("panel")
        return dict(told[-1]["parts"]) if told else {}

    def begin_again(self) -> None:
        """Close what is open and go back to the first step; the program has to be one that STAYS."""
        over, before = {"help", "album", "controls"}, len(self.said("notice"))

        def is_bare() -> bool:
            if over & {*self.parts()}:
                self.key("escape")
            return not over & {*self.parts()}

        def is_first() -> bool:
            self.key("backspace")
            return any("first picture" in entry["text"] for entry in self.said("notice")[before:])

        until(is_bare, "what is open to close")
        before = len(self.said("notice"))
        until(is_first, "the first step")
        self.said_after("f12", "no such key")  # all keys have been answered

    def films(self) -> list[Path]:
        """List the films that were recorded and are whole."""
        films = (self.folder / "captures").glob("weightscape-*.mp4")
        return [path for path in films if not path.stem.endswith(".unfinished")]

    def memory_mb(self) -> float:
        """Read the resident memory."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


@contextlib.contextmanager
def running(
    folder: Path,
    *options: str,
    screen: str = "1000x700x24",
    dpi: int = 96,
    before: str = "",
    first: str = "first",
    is_bare: bool = False,
    is_first: bool = False,
    **environment: str,
) -> Iterator[Program]:
    """Start the explorer on a display of its own; stop it however it stands. `before`: Python to be run first.

    It is there once its diary has an event of the kind `first`. `is_bare`: no command is named, so that it takes up the
    session of WEIGHTSCAPE_STATE_DIR; that is a folder of its own unless told. `is_first`: a first start, with its card.
    """
    (folder / "fb").mkdir()
    (folder / "home").mkdir()
    (folder / "state").mkdir()
    if not is_first:
        (folder / "state" / "card.json").write_text(json.dumps({"done": [name for name, *_ in LINES]}))
    with opened_display(screen, "-fbdir", str(folder / "fb")) as display:
        if dpi != 96:
            scale_letters(display, dpi)
        env = (
            os.environ
            | {
                "DISPLAY": display,
                "HOME": str(folder / "home"),
                # The driver's own cache: what it has compiled for one program is there for the next.
                "MESA_SHADER_CACHE_DIR": os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache")),
                "WEIGHTSCAPE_OUTPUT_DIR": str(folder / "captures"),
                "WEIGHTSCAPE_STATE_DIR": str(folder / "state"),
                "WEIGHTSCAPE_TRACE": str(folder / "trace.jsonl"),
                "WEIGHTSCAPE_REST_SAMPLES": "1",
                # What is seen is compared with files of this engine, to the byte.
                "WEIGHTSCAPE_ENGINE": "numpy",
                "WEIGHTSCAPE_MOTION": "full",  # however the desktop is set on which the tests run
            }
            | environment
        )
        env.pop("WAYLAND_DISPLAY", None)
        start = ["-c", f"{before}\nfrom weightscape.cli.cli import main\nmain()"] if before else ["-m", "weightscape"]
        command = [sys.executable, "-W", "error", *start, *([] if is_bare else ["explore"]), *options]
        with (folder / "stderr").open("w") as stderr:
            process = subprocess.Popen(
                command, env=env, stdout=subprocess.PIPE, stderr=stderr, text=True, start_new_session=True
            )
            try:
                yield Program(process, display, folder, first)
            finally:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)  # and what it has started itself
                process.communicate()
