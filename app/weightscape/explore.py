"""The window program: holds the current scene, turns input into scenes and tiles into frames.

The one place with state. A frame is drawn only when something changed, and nothing here computes a picture: that
is the painter's thread.
"""

import secrets
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from importlib import resources
from pathlib import Path

import moderngl

from weightscape import gallery, settings
from weightscape.export.whole_file import FileError
from weightscape.gpu.canvas import Affine, Canvas
from weightscape.gpu.overlay import Overlay
from weightscape.hud import changed, controls, has_time, help_table, status
from weightscape.model import command
from weightscape.model.palette import table
from weightscape.model.scene import Scene, SceneError, from_mapping, from_text
from weightscape.model.view import View, carried, pan, zoom
from weightscape.painter import Painted, Painter, Request
from weightscape.picture_file import save_picture
from weightscape.trace import Trace
from weightscape.window.event import Drag, Drop, Event, Key, Move, Refresh, Resize, Scroll
from weightscape.window.panel import Answer, Hud, Panel
from weightscape.window.window import Window, WindowError

WHEEL = 0.8  # radius for one step of the wheel
TURN_S = 12.0  # seconds for a turn of time
NOTICE_S = 3.0
HISTORY = 500
# Views that follow each other faster than this are one step of the history.
GESTURE_S = 0.6
# After so long without a frame the status line says so.
IDLE_S = 1.0
DEFAULT_SIZE = (1280, 720)


def explore(scene: Scene | None = None, size: tuple[int, int] | None = None, fullscreen: bool = False) -> int:
    """Open the window and run until it is closed; return the exit status.

    Raises WindowError when there is no display or no OpenGL to draw with.
    """
    window = Window("weightscape", size or settings.window_size() or DEFAULT_SIZE, fullscreen)
    try:
        explorer = Explorer(window, scene or Scene())
        try:
            explorer.run()
        finally:
            explorer.close()
    finally:
        window.close()
    return 0


class Explorer:
    """The loop and its state: scene, history, what is open, what the canvas shows."""

    def __init__(self, window: Window, scene: Scene) -> None:
        self.window, self.scene = window, scene
        self.past: list[Scene] = []
        self.future: list[Scene] = []
        self.trace = Trace()
        self.help = self.panel_open = self.asking = False
        self.playing, self.dirty = True, True
        self.notice, self.notice_until = "", 0.0
        self.cursor = window.cursor_px
        self.done, self.frames = 0.0, [0.0]
        self._gesture = 0.0
        self._clock = self._asked = time.perf_counter()
        self._request: Request | None = None
        self._first_seen = -1
        self._ctx = _context(window)
        self._canvas = Canvas(self._ctx, window.size_px)
        self._canvas_view: View | None = None
        self._overlay, self._panel = self._interface()
        self._painter = Painter(settings.engine(), window.wake)
        self._writer = ThreadPoolExecutor(1, "writer")
        self._writing: list[Future[Path]] = []

    def run(self) -> None:
        """Wait for input and tiles, and draw, until the window is to be closed."""
        self._ask()
        while not self.window.should_close:
            events = self.window.poll(self._patience())
            start = time.perf_counter()
            if len(self.frames) > 1 and start - self.frames[-1] >= IDLE_S:
                self.frames, self.dirty = [], True
            if self.notice and start > self.notice_until:
                self.notice, self.dirty = "", True
            for event in events:
                self._take(event)
            self._advance()
            self._fetch()
            self._collect_files()
            if self.dirty and not self.window.iconified:
                self.dirty = False
                self._draw()
                self.trace.write("frame", ms=round(1e3 * (time.perf_counter() - start), 2))

    def close(self) -> None:
        """Finish files that are being written and free everything."""
        self._painter.close()
        self._writer.shutdown()
        self._collect_files()
        if self._panel:
            self._panel.close()
        if self._overlay:
            self._overlay.release()
        self._canvas.release()
        self._ctx.release()
        self.trace.close()

    def _interface(self) -> tuple[Overlay | None, Panel | None]:
        """Set up status line, help and panel; a machine that cannot load them still has title and keys."""
        try:
            with resources.as_file(resources.files("weightscape.assets.font") / "Roboto-Regular.ttf") as font:
                panel = Panel(self.window, font.read_bytes())
        except WindowError as error:
            print(f"weightscape: no status line: {error}", file=sys.stderr)
            for _, keys, text in command.help_rows():
                print(f"  {keys:24} {text}", file=sys.stderr)
            return None, None
        return Overlay(self._ctx), panel

    def _patience(self) -> float | None:
        """Tell how long to wait for input: not at all while time runs, until a notice ends, or without end."""
        if self.dirty:
            return 0.0
        if self._is_playing:
            return 0.0 if self._first_seen == self._number else 0.01
        if self.notice:
            return max(0.01, self.notice_until - time.perf_counter())
        if self._painter.busy or self._writing:
            return 0.25
        return IDLE_S if len(self.frames) > 1 else None

    @property
    def _is_playing(self) -> bool:
        return self.playing and has_time(self.scene)

    @property
    def _number(self) -> int:
        return self._request.number if self._request else 0

    def _take(self, event: Event) -> None:
        match event:
            case Key(name=name, repeat=repeat):
                self._key(name, repeat)
            case Scroll(x, y, steps):
                self._look(zoom(self.scene.view, self.window.size_px, (x, y), WHEEL**steps))
            case Drag(dx, dy):
                self.cursor = self.window.cursor_px
                self._look(pan(self.scene.view, self.window.size_px, dx, dy))
            case Move(x, y):
                self.cursor = x, y
            case Resize():
                self._ask()
            case Drop(paths=paths):
                self._open(paths[0])
            case Refresh():
                pass
        # The panel's own input arrives as Refresh or not at all, and a glance at the panel costs little.
        self.dirty = self.dirty or not isinstance(event, Move)

    def _key(self, name: str, repeat: bool) -> None:
        found = command.BY_KEY.get(name)
        if found is None:
            return
        if found.change:
            view = found.name.startswith(("zoom", "turn", "reset_view", "time"))
            new = command.apply(found, self.scene, secrets.randbelow(2**63))
            self._show(new, gesture=view or repeat)
            return
        action: Callable[[str], None] = getattr(self, f"_do_{found.name}")
        if not repeat or found.name in ("back", "forward"):
            action(name)

    def _look(self, view: View) -> None:
        self._show(self.scene.looking(view), gesture=True)

    def _show(self, scene: Scene, gesture: bool = False) -> None:
        """Make a scene the current one; a gesture's many scenes are one step of the history."""
        if scene == self.scene:
            return
        now = time.perf_counter()
        if not (gesture and self.past and now - self._gesture < GESTURE_S):
            self.past = [*self.past, self.scene][-HISTORY:]
        self._gesture = now if gesture else 0.0
        self.future = []
        self.scene = scene
        self._ask()

    def _ask(self) -> None:
        """Ask the painter for the current scene."""
        size = self.window.size_px
        if min(size) <= 0:
            return
        request = Request(self.scene, size, self.cursor, self._number + 1)
        self._request, self._asked, self.done, self.dirty = request, time.perf_counter(), 0.0, True
        self._painter.ask(request)
        what = "" if self.scene.weights else f" — seed {self.scene.seed}, {self.scene.layers} × {self.scene.width}"
        self.window.title = f"weightscape{what} {self.scene.activation}" if what else "weightscape"
        self.trace.write("ask", number=request.number, size=size, scene=self.scene.to_text())

    def _advance(self) -> None:
        """Let time run for scenes that have one, as fast as first pictures come."""
        now = time.perf_counter()
        step, self._clock = now - self._clock, now
        if self._is_playing and self._first_seen == self._number:
            self.scene = replace(self.scene, time=round((self.scene.time + min(step, 0.1) / TURN_S) % 1.0, 9))
            self._ask()

    def _fetch(self) -> None:
        for painted in self._painter.fetch():
            self._paint(painted)
        if self._painter.fault and self._painter.fault != self.notice:
            self._say(self._painter.fault)

    def _paint(self, painted: Painted) -> None:
        request = painted.request
        view, size = request.scene.view, request.size
        if self._canvas_view is None:
            self._canvas_view = view
        if view != self._canvas_view or size != self._canvas.size:
            self._canvas.move(Affine(*carried(view, size, self._canvas_view, self._canvas.size)), size)
            self._canvas_view = view
        self._canvas.paint(painted.values, painted.place, painted.stride, table(request.scene.palette))
        if request.number == self._number:
            self.done = painted.done
        if request.number > self._first_seen:
            self._first_seen = request.number
            late = time.perf_counter() - self._asked
            self.trace.write("first", number=request.number, stride=painted.stride, ms=round(1e3 * late, 2))
        if painted.done == 1.0:
            self.trace.write("whole", number=request.number)
        self.dirty = True

    def _draw(self) -> None:
        size = self.window.size_px
        view = self._canvas_view or self.scene.view
        self._canvas.show(
            self._ctx.screen, size, Affine(*carried(self.scene.view, size, view, self._canvas.size))
        )
        if self._panel and self._overlay:
            answer = self._panel.frame(self._hud())
            self._overlay.draw(answer.draw_data, size)
            self.window.swap()
            self._react(answer)
        else:
            self.window.swap()

    def _hud(self) -> Hud:
        now = time.perf_counter()
        self.frames = [t for t in [*self.frames, now] if now - t < 1.0]
        choice = self._painter.choice
        return Hud(
            status=status(
                self.scene,
                f"{100 * self.done:.0f} %" if self.done < 1.0 else "",
                f"{len(self.frames)} fps" if len(self.frames) > 1 else "idle",
                choice.engine.name if choice else "starting",
            ),
            progress=self.done if 0.0 < self.done < 1.0 else None,
            notice=self.notice,
            help=help_table() if self.help else None,
            controls=controls(self.scene) if self.panel_open else None,
            prompt="Seed" if self.asking else None,
        )

    def _react(self, answer: Answer) -> None:
        """Take in what the panel's user did."""
        if answer.cancelled or answer.submitted is not None:
            self.asking, self.dirty = False, True
        try:
            if answer.changes:
                self._show(changed(self.scene, answer.changes), gesture=True)
            if answer.submitted:
                self._show(replace(self.scene, seed=answer.submitted.strip()))  # type: ignore[arg-type]
        except SceneError as error:
            self._say(str(error))

    def _say(self, text: str) -> None:
        self.notice, self.notice_until, self.dirty = text, time.perf_counter() + NOTICE_S, True
        self.trace.write("notice", text=text)

    def _open(self, path: str) -> None:
        """Show the scene of a dropped file: a picture made here, a scene, or weights."""
        try:
            if path.endswith(".npz"):
                self._show(replace(self.scene, weights=path))
            else:
                self._show(from_mapping(gallery.inside(path)["scene"]))
        except (FileError, SceneError) as error:
            self._say(str(error))

    def _collect_files(self) -> None:
        for future in [future for future in self._writing if future.done()]:
            self._writing.remove(future)
            error = future.exception()
            if error:
                self._say(str(error))
            else:
                self._say(f"saved {future.result()}")
                print(future.result(), flush=True)

    def _do_screenshot(self, _: str) -> None:
        scene, size, engine = self.scene, self.window.size_px, settings.engine()

        def write() -> Path:
            path = settings.capture_path(scene)
            save_picture(path, scene, size, engine=engine)
            return path

        future = self._writer.submit(write)
        self._writing.append(future)
        future.add_done_callback(lambda _: self.window.wake())

    def _do_back(self, _: str) -> None:
        if self.past:
            self.future.append(self.scene)
            self.scene = self.past.pop()
            self._gesture = 0.0
            self._ask()

    def _do_forward(self, _: str) -> None:
        if self.future:
            self.past.append(self.scene)
            self.scene = self.future.pop()
            self._ask()

    def _do_preset(self, key: str) -> None:
        names = gallery.names()
        if int(key) <= len(names):
            name = names[int(key) - 1]
            self._show(gallery.scene(name))
            self._say(name)

    def _do_type_seed(self, _: str) -> None:
        if self._panel and not self.scene.weights:
            self.asking, self.help = True, False

    def _do_pause(self, _: str) -> None:
        self.playing = not self.playing
        if not has_time(self.scene):
            self._say("nothing here moves: time is for the inputs cos_t and sin_t")

    def _do_copy(self, _: str) -> None:
        self.window.clipboard = self.scene.to_text()
        self._say("scene copied")

    def _do_paste(self, _: str) -> None:
        try:
            self._show(from_text(self.window.clipboard))
        except SceneError as error:
            self._say(f"no scene in the clipboard: {error}")

    def _do_panel(self, _: str) -> None:
        self.panel_open = not self.panel_open

    def _do_help(self, _: str) -> None:
        self.help = not self.help

    def _do_fullscreen(self, _: str) -> None:
        self.window.toggle_fullscreen()

    def _do_close(self, _: str) -> None:
        if self.help:
            self.help = False
        elif self.window.is_fullscreen:
            self.window.toggle_fullscreen()
        else:
            self.window.request_close()


def _context(window: Window) -> moderngl.Context:
    """Wrap the window's own context. Everything is released by name, so no collector may free it in another thread."""
    try:
        ctx = moderngl.create_context(require=330)
    except Exception as error:
        raise WindowError(f"no OpenGL 3.3 in the window ({error}): install libegl1 libgl1") from error
    ctx.gc_mode = None  # type: ignore[assignment]
    return ctx
