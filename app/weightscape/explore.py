"""The window program: turns input into scenes, asks the painter for pictures, and says when to draw.

The one place with state. A frame is drawn only when something changed, and nothing here computes a picture: that
is the painter's thread.
"""

import secrets
import time
from dataclasses import replace
from typing import Any

from weightscape import heap, settings
from weightscape.action import ACTIONS, open_file
from weightscape.article import Article
from weightscape.ask import network
from weightscape.capture import Capture, saved
from weightscape.export.whole_file import FileError
from weightscape.hand import panned, zoomed
from weightscape.history import History
from weightscape.hud import badge, changed, controls, has_time, help_table, in_brief, status, title
from weightscape.lens.kind import DrawnLens, Part
from weightscape.lens.split import picked
from weightscape.lens.table import lens
from weightscape.model import command
from weightscape.model.lens import LENSES
from weightscape.model.scene import Scene
from weightscape.model.scene_error import SceneError
from weightscape.model.view import Point2, View, pixel_to_screen
from weightscape.painter import Painter
from weightscape.record import Recorder
from weightscape.request import Request, under
from weightscape.stage import Stage
from weightscape.stop import stoppable
from weightscape.trace import Trace
from weightscape.window.event import Click, Drag, Drop, Event, Key, Move, Orbit, Resize, Scroll
from weightscape.window.panel import Answer, Hud, Thumb
from weightscape.window.window import Window

WHEEL = 0.8  # radius for one step of the wheel
TURN_S = 12.0  # seconds for a turn of time
NOTICE_S = 3.0
# What a key that is held does again and again.
REPEATED = ("back", "forward", "next_figure", "last_figure", "next_panel", "last_panel")
# A film's clock is looked at so often.
CLOCK_S = 0.2
# After so long without a frame the status line says so.
IDLE_S = 1.0


def explore(scene: Scene | None = None, size: tuple[int, int] | None = None, fullscreen: bool = False) -> int:
    """Open the window and run until it is closed; return the exit status.

    Raises WindowError when there is no display or no OpenGL to draw with.
    """
    heap.keep_small()
    window = Window("weightscape", size or settings.window_size(), fullscreen)
    try:
        explorer = Explorer(window, scene or Scene())
        try:
            with stoppable(window.request_close):
                explorer.run()
        finally:
            explorer.close()
    finally:
        window.close()
    return 0


class Explorer:
    """The loop and its state: scenes, what is open, what has been asked for."""

    def __init__(self, window: Window, scene: Scene) -> None:
        self.window = window
        self.history = History(scene)
        self.trace = Trace()
        self.is_helping = self.is_paneled = self.is_asking = self.is_paused = self.is_reading = False
        self.dirty = True
        self.notice, self.notice_until = "", 0.0
        self.cursor = window.cursor_px
        self.request: Request | None = None
        self.seen = 0  # number of the last request that a tile of has been seen
        self.done, self.samples = 0.0, 1
        self.frames: list[float] = []
        self._clock, self._fault = time.perf_counter(), ""
        self._recorded = ""  # how long the film is, as the display says it
        self.stage = Stage(window)
        self.rest_samples = settings.rest_samples()
        self._painter = Painter(settings.engine(), window.wake, self.rest_samples)
        self.capture = Capture(window.wake)
        self.article = Article(window.wake)
        self._textures: dict[int, int] = {}
        self.recorder = Recorder(window.wake)

    @property
    def scene(self) -> Scene:
        """Tell the current scene."""
        return self.history.scene

    def run(self) -> None:
        """Wait for input and tiles, and draw, until the window is to be closed."""
        self.ask()
        while not self.window.should_close:
            events = self.window.poll(self._patience())
            start = time.perf_counter()
            for event in events:
                self._take(event)
            self._pass_time(start)
            self._fetch()
            if self.dirty and not self.window.iconified:
                self._draw()
                self.trace.write("frame", ms=round(1e3 * (time.perf_counter() - start), 2))

    def close(self) -> None:
        """Finish files that are being written and free everything."""
        self.recorder.close()
        self._painter.close()
        self.article.close()
        self.capture.close()
        self._fetch()
        self.stage.close()
        self.trace.close()

    def _patience(self) -> float:
        """Tell how long to wait for input: not at all while time runs, until a notice ends, or a second."""
        if self.window.iconified:
            return IDLE_S  # nothing is drawn
        if self.dirty:
            return 0.0
        if self._is_moving:
            return 0.0 if self._is_seen else 0.01
        if self.notice:
            return max(0.01, self.notice_until - time.perf_counter())
        if self.recorder.is_recording:
            return CLOCK_S
        # Python hears Ctrl+C in the terminal only between two waits, so none is endless.
        return IDLE_S

    @property
    def _is_moving(self) -> bool:
        return has_time(self.scene) and not self.is_paused

    @property
    def _is_seen(self) -> bool:
        return self.request is None or self.seen == self.request.number

    def _take(self, event: Event) -> None:
        match event:
            case Key() if self.is_asking and self.stage.panel:
                self.stage.panel.feed(event)  # pressed after the prompt was asked for, before it is there
            case Key(name=name, repeat=repeat):
                self._press(name, repeat)
            case Scroll(x, y, steps):
                part, point = self.under_cursor(x, y)
                self._look(zoomed(part, point, WHEEL**steps))
            case Drag(dx, dy):
                self.cursor = self.window.cursor_px
                part, start = self.under_cursor(self.cursor[0] - dx, self.cursor[1] - dy)
                self._look(panned(part, start, dx, dy))
            case Orbit(dx, dy):
                self.cursor = self.window.cursor_px
                self.show(command.orbited(self.scene, dx, dy), is_gesture=True)
            case Move(x, y):
                self.cursor = x, y
                self._point(x, y)
            case Click(x, y):
                self._pick(x, y)
            case Resize():
                self.ask()
            case Drop(paths=paths):
                open_file(self, paths[0])
        # Also for what the panel took and tells only as a refresh.
        self.dirty = self.dirty or not isinstance(event, Move)

    def _press(self, name: str, repeat: bool) -> None:
        found = command.BY_KEY.get(name)
        if found is None:
            return
        if found.change:
            new = command.apply(found, self.scene, secrets.randbelow(2**63))
            if self.scene.weights and found.group == command.NET:
                self.say("this network was loaded from a file: there is nothing to draw anew")
            self.show(new, is_gesture=repeat or found.name.startswith(("zoom", "turn", "time")))
        elif not repeat or found.name in REPEATED:
            ACTIONS[found.name](self, name)

    def under_cursor(self, x: float, y: float) -> tuple[Part, Point2]:
        """Tell the picture under a point of the window, and the point in its pixels."""
        return under(self.scene, self.window.size_px, self.stage.status_px, (x, y))

    def _point(self, x: float, y: float) -> None:
        """Let a lens that looks at a point look at the cursor's; in a split view both halves at the same one."""
        if min(self.window.size_px) <= 0:
            return
        part, point = self.under_cursor(x, y)
        if "probe" in LENSES[part.scene.lens].fields:
            self.history.replace(replace(self.scene, probe=pixel_to_screen(part.size, point)))  # no step to go back
            self.ask()

    def _pick(self, x: float, y: float) -> None:
        """Go where a click into a drawing leads."""
        part, point = self.under_cursor(x, y)
        shown = lens(part.scene)
        if not isinstance(shown, DrawnLens) or not shown.pick:
            return
        try:
            found = shown.pick(part.scene, network(part.scene), part.size, point)
        except (FileError, ValueError):
            return  # what cannot be painted, either, and says why itself
        if found:
            self.show(picked(self.scene, found, part.left > 0) if self.scene.beside else found)

    def _look(self, view: View) -> None:
        self.show(self.scene.looking(view), is_gesture=True)

    def read(self, scene: Scene) -> None:
        """Show a panel of the article; its caption stays as long as its network."""
        self.show(scene)
        self.notice, self.dirty = "", True
        self.trace.write("notice", text=self.article.caption)

    def show(self, scene: Scene, is_gesture: bool = False) -> None:
        if self.history.go(scene, time.perf_counter(), is_gesture):
            self.ask()

    def ask(self) -> None:
        """Ask the painter for the current scene."""
        size, scene = self.window.size_px, self.scene
        if min(size) <= 0:
            return
        number = self.request.number + 1 if self.request else 1
        self.request = Request(scene, size, self.cursor, number, time.perf_counter(), self.stage.status_px)
        self.done, self.dirty = 0.0, True
        self._painter.ask(self.request)
        self.window.title = title(scene)
        self.trace.write("ask", number=number, size=size, scene=scene.to_text())

    def _pass_time(self, now: float) -> None:
        """Let time run for scenes that have one, as fast as first pictures come; end notices and counts."""
        step, self._clock = now - self._clock, now
        if self._is_moving and self._is_seen and not self.window.iconified:
            turns = (self.scene.time + min(step, 0.1) / TURN_S) % 1.0
            self.history.replace(replace(self.scene, time=round(turns, 9)))
            self.ask()
        if self.notice and now > self.notice_until:
            self.notice, self.dirty = "", True
        recorded = self.recorder.clock(now)
        if recorded != self._recorded:
            self._recorded, self.dirty = recorded, True
        if len(self.frames) > 1 and now - self.frames[-1] >= IDLE_S:
            self.frames, self.dirty = [], True

    def _fetch(self) -> None:
        """Take in what other threads have finished: tiles, faults, files."""
        for painted in self._painter.fetch():
            self.stage.paint(painted)
            self.dirty = True
            request = painted.request
            if self.request and request.number == self.request.number:
                self.done, self.samples = painted.done, painted.samples
            if request.number > self.seen:
                self.seen = request.number
                late = time.perf_counter() - request.asked_s
                self.trace.write("first", number=request.number, stride=painted.stride, ms=round(1e3 * late, 2))
            if painted.done == 1.0 and painted.samples == 1:
                self.trace.write("whole", number=request.number)
            if painted.done == 1.0 and painted.samples == self.rest_samples:
                self.trace.write("rest", number=request.number)
        if self._painter.fault != self._fault:
            self._fault = self._painter.fault
            if self._fault:
                self.say(self._fault)
        for result in [*self.capture.fetch(), *self.recorder.fetch()]:
            if isinstance(result, Exception):
                self.say(str(result))
            else:
                self.say(saved(result))
                print(result, flush=True)

    def _draw(self) -> None:
        now = time.perf_counter()
        self.frames = [t for t in self.frames if now - t < 1.0] + [now]
        self.dirty = False
        if self.recorder.is_recording:
            self.recorder.see(self.stage.snapshot(self.scene), now)
        self._react(self.stage.draw(self.scene, self._hud()))

    def _hud(self) -> Hud:
        choice = self._painter.choice
        engine = in_brief(choice.engine.name, choice.reason) if choice else "starting"
        smooth = f"{self.samples} of {self.rest_samples} samples" if self.samples < self.rest_samples else ""
        progress = f"{100 * self.done:.0f} %" if self.done < 1.0 else smooth
        resting = "idle" if self.done == 1.0 else ""
        speed = f"{len(self.frames)} fps" if len(self.frames) > 1 else resting
        return Hud(
            status=status(self.scene, self._truth(), speed, engine),
            pinned=(*([progress] if progress else []), "H help"),
            recording=self._recorded,
            progress=self.done if 0.0 < self.done < 1.0 else None,
            notice=self.notice,
            caption=self.article.caption if self.article.shows(self.scene) else "",
            help=help_table() if self.is_helping else None,
            controls=controls(self.scene) if self.is_paneled else None,
            prompt="Seed" if self.is_asking else None,
            strip=self._strip() if self.is_reading else None,
        )

    def _truth(self) -> str:
        """Say how true the picture on the screen is, once that is known."""
        truth = self._painter.truth
        if truth is None or self.request is None or truth.number != self.request.number:
            return ""
        return badge(truth.accuracy, truth.method, self.scene.radius)

    def _strip(self) -> tuple[Thumb, ...]:
        """Make the article's strip, with the thumbnails that are there."""
        for n, pixels in enumerate(self.article.thumbnails()):
            if pixels is not None and n not in self._textures:
                self._textures[n] = self.stage.picture(pixels)
        return tuple(
            Thumb(label, hint, self._textures.get(n, 0), self.article.is_at(n, self.scene))
            for n, (label, hint) in enumerate(self.article.labels())
        )

    def _react(self, answer: Answer) -> None:
        """Take in what the panel's user did."""
        if answer.cancelled or answer.submitted is not None:
            self.is_asking, self.dirty = False, True
        if answer.picked is not None:
            self.read(self.article.go(answer.picked))
        try:
            if answer.changes:
                self.show(changed(self.scene, answer.changes), is_gesture=True)
            if answer.submitted:
                seed: Any = answer.submitted.strip()
                self.show(replace(self.scene, seed=seed))
        except SceneError as error:
            self.say(str(error))

    def say(self, text: str) -> None:
        self.notice, self.notice_until, self.dirty = text, time.perf_counter() + NOTICE_S, True
        self.trace.write("notice", text=text)
