"""A window and its panel in a process of their own, with a real X server, real keys and a real mouse.

In the process of the tests its GL context would push aside the one that other tests use. The tests send it
functions to run, which get a Guest.
"""

import contextlib
import dataclasses
import importlib.resources
import multiprocessing
import os
import traceback
import warnings
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from typing import Any

from display import opened_display, press
from patience import PATIENCE_S, until

from weightscape.window.event import Event, Key, Refresh, merged
from weightscape.window.message import Piece
from weightscape.window.panel import Answer, Control, Hud, Panel, Value
from weightscape.window.window import Window

SIZE = (640, 400)
HUD = Hud(status=(Piece("σ 0.7 ± 0.01"), Piece("27 × 30 — tanh")))
SLIDER = Control("scale", "Scale", "float", 0.5, 0.0, 4.0)


class Guest:
    """In the process with the window: what the tests may look at and change."""

    def __init__(self) -> None:
        from weightscape.gpu.overlay import Overlay
        from weightscape.gpu.window_context import of_window

        font = importlib.resources.files("weightscape.assets.font") / "Roboto-Regular.ttf"
        self.window = Window("guest", SIZE)
        self.ctx = of_window(self.window.address)
        self.panel = Panel(self.window, font.read_bytes())
        self.overlay = Overlay(self.ctx)
        self.hud = HUD
        self.events: list[Event] = []
        self.answers: list[Answer] = []
        self.picked: int | None = None
        self.starred: int | None = None
        self.previews: list[tuple[str, Value] | None] = []  # each once, as they followed each other

    def step(self) -> None:
        self.events += self.window.poll(0.005)
        answer = self.panel.frame(self.hud)
        self.ctx.screen.use()
        self.ctx.viewport = (0, 0, *self.window.size_px)
        self.ctx.clear(0.25, 0.5, 0.75)
        self.overlay.draw(answer.draw_data, self.window.size_px)
        self.previews += [answer.preview] if answer.preview not in self.previews[-1:] else []
        is_said = (
            answer.changes or answer.submitted is not None or answer.cancelled or answer.turned or answer.is_linked
        )
        is_said = is_said or answer.slid is not None
        if is_said or answer.key or answer.is_card_closed or answer.pressed or answer.left or answer.refused:
            self.answers.append(dataclasses.replace(answer, draw_data=None, pointed=None))
        self.pointed = answer.pointed
        self.picked = self.picked if answer.picked is None else answer.picked
        self.starred = self.starred if answer.starred is None else answer.starred
        values = {c.name: answer.changes.get(c.name, c.value) for c in self.hud.controls or ()}
        controls = self.hud.controls and tuple(dataclasses.replace(c, value=values[c.name]) for c in self.hud.controls)
        done = answer.submitted is not None or answer.cancelled
        self.hud = dataclasses.replace(self.hud, controls=controls, prompt=None if done else self.hud.prompt)
        self.window.swap()

    def picture(self) -> bytes:
        return bytes(self.ctx.screen.read(viewport=(0, 0, *self.window.size_px), components=3, alignment=1))


def live(pipe: Connection, display: str) -> None:
    """Run the window until the pipe closes, and every function that comes through it."""
    warnings.simplefilter("error")
    os.environ["DISPLAY"] = display
    guest = Guest()
    with contextlib.suppress(EOFError):
        while True:
            try:
                guest.step()
                answers = [(True, function(guest, *arguments)) for function, arguments in received(pipe)]
            except EOFError:
                raise
            except Exception:
                answers = [(False, traceback.format_exc())]
            for answer in answers:
                pipe.send(answer)
    for closed in (guest.overlay.release, guest.panel.close, guest.window.close, guest.window.close):
        closed()


def received(pipe: Connection) -> Iterator[Any]:
    while pipe.poll():
        yield pipe.recv()


class Host:
    """In the process with the tests: sends functions to the guest, keys and clicks to its window."""

    def __init__(self, display: str) -> None:
        context = multiprocessing.get_context("spawn")
        self.display = display
        self.pipe, end = context.Pipe()
        self.process = context.Process(target=live, args=(end, display), daemon=True)
        self.process.start()
        end.close()
        self.corner = self.run(place)

    def run(self, function: Callable[..., Any], *arguments: Any) -> Any:
        self.pipe.send((function, arguments))
        assert self.pipe.poll(PATIENCE_S), f"{function.__name__} does not end"
        done, result = self.pipe.recv()
        assert done, result
        return result

    def press(self, *command: str) -> str:
        return press(self.display, *command)

    def point(self, x: int, y: int) -> tuple[str, str, str]:
        return "mousemove", str(self.corner[0] + x), str(self.corner[1] + y)

    def resize(self, width: int, height: int) -> None:
        number = self.press("search", "--name", "guest").split()[0]
        self.press("windowsize", number, str(width), str(height))
        until(lambda: self.run(look, "size_px") == (width, height), "the new size")

    def begin(self) -> "Host":
        """Show nothing but a status line, focused, no key held, the mouse in the picture."""
        self.press(*self.point(300, 200))
        until(lambda: self.run(look, "focused"), "the focus")
        self.run(show, HUD)
        return self

    def close(self) -> None:
        self.pipe.close()
        self.process.join()
        assert self.process.exitcode == 0


@contextlib.contextmanager
def opened_host() -> Iterator[Host]:
    with opened_display() as display:
        host = Host(display)
        yield host
        host.close()


def place(guest: Guest) -> tuple[int, int]:
    import glfw

    return glfw.get_window_pos(guest.window._handle)


def show(guest: Guest, hud: Hud) -> None:
    guest.hud, guest.events, guest.answers, guest.previews = hud, [], [], []
    guest.picked = guest.starred = None
    guest.step()
    guest.step()


def take_events(guest: Guest) -> list[Event]:
    return [event for event in merged(guest.events) if not isinstance(event, Refresh)]


def take_answers(guest: Guest) -> list[Answer]:
    return guest.answers


def look(guest: Guest, name: str) -> Any:
    return getattr(guest.window, name)


def call(guest: Guest, name: str) -> None:
    getattr(guest.window, name)()


def names(host: Host) -> list[str]:
    return [event.name for event in host.run(take_events) if isinstance(event, Key)]
