"""Drive a real Chromium without a screen: pages, keys, mouse, touch, screenshots, by DevTools over two pipes."""

import base64
import fcntl
import json
import os
import select
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from patience import PATIENCE_S

from weightscape.network.view import Size

NAMES = ("chromium", "chromium-browser", "google-chrome")
# SwiftShader draws WebGL2 on any processor; the sandbox is not to be had by root.
OPTIONS = (
    *("--headless=new", "--no-sandbox", "--remote-debugging-pipe", "--no-first-run", "--disable-gpu-sandbox"),
    *("--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--mute-audio"),
    *("--disable-background-networking", "--disable-component-update", "--hide-scrollbars"),
    *("--disable-dev-shm-usage", "--force-color-profile=srgb"),
)
# Of keys whose deed is the browser's own.
CODES = {"Backspace": 8, "Tab": 9, "Enter": 13, "Escape": 27}
Values = dict[str, Any]


class Tab:
    """Speak with one page. `said`: errors and words of its console; `asked`: the addresses that it has asked for."""

    def __init__(self, pipe: "Pipe", session: str) -> None:
        self._pipe, self._session = pipe, session
        self.said: list[str] = []
        self.asked: list[str] = []
        pipe.listeners[session] = self._hear
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **values: Any) -> Values:
        """Call a method of DevTools. Raises AssertionError for its error."""
        return self._pipe.call(method, values, self._session)

    def size(self, width: int, height: int, scale: float = 1.0, mobile: bool = False) -> None:
        """Give the page so many CSS pixels, `scale` pixels of the screen each."""
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=mobile
        )

    def open(self, address: str) -> None:
        """Go to an address and wait until it is loaded."""
        self.call("Page.navigate", url=address)
        self.until("document.readyState === 'complete' && location.href !== 'about:blank'")

    def js(self, expression: str) -> Any:
        """Evaluate an expression, await it where it is a promise, and give its value as JSON has it."""
        found = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def until(self, expression: str) -> Any:
        """Wait until an expression is true. Raises AssertionError where patience ends."""
        end = time.monotonic() + PATIENCE_S
        while not (value := self.js(expression)):
            assert time.monotonic() < end, f"{expression} never came true; the console said {self.said}"
            self._pipe.listen(0.05)
        return value

    def key(self, key: str, code: str = "", modifiers: int = 0) -> None:
        """Press and release a key: a character, or a name such as "ArrowUp". Modifiers: Alt 1, Ctrl 2, Shift 8."""
        values: Values = {"key": key, "code": code, "modifiers": modifiers}
        values |= {"windowsVirtualKeyCode": CODES[key]} if key in CODES else {}
        text = "\r" if key == "Enter" else key
        typed = {"text": text} if len(text) == 1 and not modifiers & 3 else {}
        self.call("Input.dispatchKeyEvent", type="keyDown", **values, **typed)
        self.call("Input.dispatchKeyEvent", type="keyUp", **values)

    def mouse(self, kind: str, x: float, y: float, **values: Any) -> None:
        """Send "mousePressed", "mouseReleased", "mouseMoved" or "mouseWheel" at a point, CSS pixels."""
        button = {"button": "left", "clickCount": 1} if kind in ("mousePressed", "mouseReleased") else {}
        self.call("Input.dispatchMouseEvent", **{"type": kind, "x": x, "y": y, **button, **values})

    def drag(self, start: tuple[float, float], end: tuple[float, float], steps: int = 4) -> None:
        """Press at a point, move in steps, release at another."""
        self.mouse("mousePressed", *start)
        for n in range(1, steps + 1):
            part = n / steps
            x, y = (a + (b - a) * part for a, b in zip(start, end, strict=True))
            self.mouse("mouseMoved", x, y, button="left", buttons=1)
        self.mouse("mouseReleased", *end)

    def touch(self, kind: str, *points: tuple[float, float]) -> None:
        """Send "touchStart", "touchMove" or "touchEnd" with all fingers that are down."""
        fingers = [{"x": x, "y": y, "id": n} for n, (x, y) in enumerate(points)]
        self.call("Input.dispatchTouchEvent", type=kind, touchPoints=fingers)

    def screenshot(self) -> bytes:
        """Give what is seen, a PNG."""
        return base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"])

    def _hear(self, method: str, values: Values) -> None:
        if method == "Network.requestWillBeSent":
            self.asked.append(values["request"]["url"])
        elif method == "Runtime.exceptionThrown":
            self.said.append(json.dumps(values["exceptionDetails"]))
        elif method == "Log.entryAdded":
            self.said.append(values["entry"]["text"])
        elif method == "Runtime.consoleAPICalled":
            self.said.append(" ".join(str(each.get("value", each.get("description"))) for each in values["args"]))


class Pipe:
    """Hand messages of DevTools to and fro, each ended by a zero byte."""

    def __init__(self, send: int, receive: int) -> None:
        self._send, self._receive, self._rest, self._number = send, receive, b"", 0
        self._answers: dict[int, Values] = {}
        self.listeners: dict[str, Callable[[str, Values], None]] = {}

    def call(self, method: str, values: Mapping[str, Any] | None = None, session: str = "") -> Values:
        self._number += 1
        message = {"id": self._number, "method": method, "params": values or {}}
        data = json.dumps(message | ({"sessionId": session} if session else {})).encode() + b"\0"
        while data:
            data = data[os.write(self._send, data) :]
        end = time.monotonic() + PATIENCE_S
        while self._number not in self._answers:
            assert time.monotonic() < end, f"the browser does not answer {method}"
            self.listen(1.0)
        answer = self._answers.pop(self._number)
        assert "error" not in answer, f"{method}: {answer['error']}"
        found: Values = answer["result"]
        return found

    def listen(self, seconds: float) -> None:
        """Take in what has come, and wait for it at most so long."""
        if not select.select([self._receive], [], [], seconds)[0]:
            return
        data = os.read(self._receive, 1 << 20)
        assert data, "the browser has gone"
        *whole, self._rest = (self._rest + data).split(b"\0")
        for message in map(json.loads, whole):
            if "id" in message:
                self._answers[message["id"]] = message
            elif listener := self.listeners.get(message.get("sessionId", "")):
                listener(message["method"], message["params"])


class Browser:
    """A running Chromium with a fresh profile."""

    def __init__(self, pipe: Pipe) -> None:
        self._pipe = pipe

    def tab(self, size: Size = (640, 360)) -> Tab:
        """Open an empty tab of so many CSS pixels."""
        target = self._pipe.call("Target.createTarget", {"url": "about:blank"})["targetId"]
        session = self._pipe.call("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]
        tab = Tab(self._pipe, session)
        tab.size(*size)
        return tab

    @contextmanager
    def faultless_tab(self) -> Iterator[Tab]:
        """Open a tab; at its end nothing has gone wrong in it, and nothing was asked for but the page."""
        opened = self.tab()
        yield opened
        try:
            assert opened.said == []
            assert [each for each in opened.asked if not each.startswith(("file:", "data:", "blob:"))] == []
        finally:
            self.close(opened)

    def close(self, tab: Tab) -> None:
        """Close a tab."""
        with suppress(AssertionError):
            tab.call("Page.close")


def executable() -> str:
    """Find Chromium. Raises AssertionError, which says what to install: no test passes without it."""
    found = next((path for name in NAMES if (path := shutil.which(name))), "")
    assert found, "these tests need Chromium: apt-get install chromium"
    return found


@contextmanager
def browser(profile: Path, *options: str) -> Iterator[Browser]:
    """Run Chromium with its profile in a folder, and end it."""
    (theirs_in, ours_out), (ours_in, theirs_out) = os.pipe(), os.pipe()
    # Out of the way of 3 and 4, which the browser reads and writes.
    high = [fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 10) for fd in (theirs_in, theirs_out, ours_out, ours_in)]
    for fd in (theirs_in, theirs_out, ours_out, ours_in):
        os.close(fd)

    def take() -> None:
        os.dup2(high[0], 3)
        os.dup2(high[1], 4)

    command = [executable(), *OPTIONS, f"--user-data-dir={profile}", *options, "about:blank"]
    quiet: Values = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, preexec_fn=take, pass_fds=(3, 4), start_new_session=True, **quiet)
    for fd in high[:2]:
        os.close(fd)
    pipe = Pipe(*high[2:])
    try:
        yield Browser(pipe)
        with suppress(AssertionError):
            pipe.call("Browser.close")
    finally:
        with suppress(subprocess.TimeoutExpired):
            process.wait(PATIENCE_S)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, 9)
        process.wait()
        for fd in high[2:]:
            os.close(fd)
