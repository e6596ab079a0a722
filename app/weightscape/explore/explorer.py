"""The explorer: the one place with state. It shows a scene, asks the painter for its picture, and draws frames.

Nothing here computes a picture: that is the painter's thread.
"""

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from weightscape import settings
from weightscape.engine.question import Cancelled
from weightscape.explore.article import Article
from weightscape.explore.diary import Trace
from weightscape.explore.errand import Errands
from weightscape.explore.history import History
from weightscape.explore.leaving import LEAVE_S, Leaving
from weightscape.explore.opening import fitting
from weightscape.explore.painter import Painter
from weightscape.explore.readout import badge, changed, controls, has_time, help_table, in_brief, status, title
from weightscape.explore.record import Recorder
from weightscape.explore.remedy import Remedy, remedy
from weightscape.explore.request import Request
from weightscape.explore.screen import Screen
from weightscape.explore.waiting import Waiting, look
from weightscape.lens.lens import Part
from weightscape.network.view import Point2
from weightscape.picture.fault import EXPECTED, sentence
from weightscape.picture.network_memory import widths
from weightscape.picture.placement import under
from weightscape.publish.capture import Capture, saved
from weightscape.scene.command import within
from weightscape.scene.scene import Scene
from weightscape.window.panel import Answer, Hud, Thumb
from weightscape.window.window import Window

TURN_S = 12.0  # seconds for a turn of time
NOTICE_S = 3.0
# A film's clock is looked at so often.
CLOCK_S = 0.2
# After so long without a frame the status line says so.
IDLE_S = 1.0


class Explorer:
    """Hold scenes, what is open, what has been asked for."""

    def __init__(self, window: Window, scene: Scene) -> None:
        self.window = window
        self.history = History(scene)
        self.trace = Trace()
        self.is_helping = self.is_paneled = self.is_asking = self.is_paused = self.is_reading = False
        self.dirty = True
        self.notice, self.notice_until, self._notice_stays = "", 0.0, False
        self.fault = ""  # why there is no picture of the scene
        self._leaving = Leaving()
        self.hold = 0  # presses and releases so far
        self._last_hold = self._panel_hold = 0  # before the events of now; when the panel was taken hold of
        self._was_held = False  # a mouse button, at the last frame
        self.cursor = window.cursor_px
        self.request: Request | None = None
        self.seen = 0  # number of the last request that a tile of has been seen
        self._waiting, self._is_late = Waiting(), False  # and whether the last frame said so
        self.done, self.samples = 0.0, 1
        self.frames: list[float] = []
        self._clock = time.perf_counter()
        self._recorded = ""  # how long the film is, as the display says it
        self.screen = Screen(window)
        self.rest_samples = settings.rest_samples()
        self._painter = Painter(settings.engine(), window.wake, self.rest_samples)
        self.errands = Errands(window.wake)
        self.capture = Capture(window.wake)
        self.article = Article(window.wake)
        self._textures: dict[int, int] = {}
        self.recorder = Recorder(window.wake)

    @property
    def scene(self) -> Scene:
        """Tell the current scene."""
        return self.history.scene

    @contextlib.contextmanager
    def guard(self, doing: str) -> Iterator[None]:
        """Let no fault close the window: it becomes a sentence, and, where it is ours, a line of the diary."""
        try:
            yield
        except Cancelled:
            pass
        except Exception as error:  # whatever it is: a session is worth more
            if not isinstance(error, EXPECTED):
                self.trace.fault(doing, error)
            self.say(sentence(error, doing))
            self.dirty = doing != "drawing"  # which would fail again, and again

    def close(self) -> None:
        """Finish files that are being written and free everything."""
        self.errands.cancel()
        self.recorder.close()
        self._painter.close()
        self.article.close()
        self.capture.close(is_hurried=self._leaving.is_hurried)
        self.fetch()
        self.screen.close()
        self.trace.close()

    def begin_events(self) -> None:
        """Remember where the hold stood before the events of now."""
        self._last_hold = self.hold

    def patience(self) -> float:
        """Tell how long to wait for input: not at all while time runs, until a notice ends, or a second."""
        if self.window.iconified:
            return IDLE_S  # nothing is drawn
        if self.dirty:
            return 0.0
        if self._is_moving:
            return 0.0 if self._is_seen else 0.01
        now = time.perf_counter()
        clock = now + (CLOCK_S if self.recorder.is_recording else IDLE_S)
        ends = (self.notice_until if self.notice else clock, self._waiting.next_s(now), clock)
        # Python hears Ctrl+C in the terminal only between two waits, so none is endless.
        return min(max(0.01, min(ends) - now), IDLE_S)

    @property
    def _is_moving(self) -> bool:
        return has_time(self.scene) and not self.is_paused

    @property
    def _is_seen(self) -> bool:
        return self.request is None or self.seen == self.request.number

    @property
    def remedy(self) -> Remedy | None:
        """Tell what helps where there is no picture of the scene, as it is seen now."""
        return remedy(self.scene) if self.fault else None

    def under_cursor(self, x: float, y: float) -> tuple[Part, Point2]:
        """Tell the picture under a point of the window, and the point in its pixels."""
        return under(self.scene, self.window.size_px, self.screen.status_px, (x, y))

    def leave(self, is_sure: bool) -> None:
        """Close the window, or say what has to be said first."""
        told = self._leaving.asked(time.perf_counter(), self.capture.is_busy, is_sure)
        if told:
            self.say(told, LEAVE_S)
        else:
            self.window.request_close()

    def read(self, scene: Scene) -> None:
        """Show a panel of the article; its caption stays as long as its network."""
        self.show(scene)
        self.notice, self.dirty = "", True
        self.trace.write("notice", text=self.article.caption)

    def show(self, scene: Scene, gesture: str = "", is_held: bool = False) -> None:
        """Go to a scene; those of one gesture are one step back."""
        self.turn(lambda: self.history.go(scene, time.perf_counter(), gesture, is_held))

    def turn(self, step: Callable[[], bool]) -> bool:
        """Go to where a step of the history leads; what was said of another picture is not said any longer."""
        before = look(self.scene)
        if not step():
            return False
        if look(self.scene) != before:
            self.notice = self.notice if self._notice_stays else ""
            self.fault = ""
        self.ask()
        return True

    def ask(self) -> None:
        """Ask the painter for the current scene."""
        size, scene = self.window.size_px, self.scene
        if min(size) <= 0:
            return
        number = self.request.number + 1 if self.request else 1
        now = time.perf_counter()
        self._waiting.ask(scene, now)
        self.request = Request(scene, size, self.cursor, number, now, self.screen.status_px)
        self.done, self.dirty = 0.0, True
        self._painter.ask(self.request)
        self.window.title = title(scene)
        self.trace.write("ask", number=number, size=size, scene=scene.to_text())

    def pass_time(self, now: float) -> None:
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
        self.dirty = self.dirty or self._waiting.is_late(now) != self._is_late
        if len(self.frames) > 1 and now - self.frames[-1] >= IDLE_S:
            self.frames, self.dirty = [], True

    def fetch(self) -> None:
        """Take in what other threads have finished: tiles, faults, files."""
        for painted in self._painter.fetch():
            self.screen.paint(painted)
            self.dirty = True
            request = painted.request
            if self.request and request.number == self.request.number:
                self.done = painted.done
                self.samples = painted.samples if painted.ends else self.samples
                self._refuse(painted.fault)
            if painted.fault:
                self.seen = max(self.seen, request.number)
                self.trace.write("rest", number=request.number)
                continue
            self._waiting.see(request.scene, time.perf_counter())
            if request.number > self.seen:
                self.seen = request.number
                late = time.perf_counter() - request.asked_s
                self.trace.write("first", number=request.number, stride=painted.patch.stride, ms=round(1e3 * late, 2))
            if painted.ends and painted.samples == 1:
                self.trace.write("whole", number=request.number)
            if painted.ends and painted.samples == self.rest_samples:
                self.trace.write("rest", number=request.number)
        if self._painter.broken and not self.fault:
            self._refuse(self._painter.broken)
        for result in [*self.capture.fetch(), *self.recorder.fetch()]:
            if isinstance(result, Exception):
                self.say(str(result), stays=True)
            else:
                self.say(saved(result), stays=True)
                print(result, flush=True)

    def _refuse(self, fault: str) -> None:
        """Say in place of the picture why there is none, if there is none."""
        if fault and fault != self.fault:
            self.dirty = True
            self.trace.write("notice", text=fault)
        if fault:
            self._waiting.end()
        self.fault = fault

    def draw(self) -> None:
        """Draw a frame, and take in what the panel's user did."""
        now = time.perf_counter()
        self.frames = [t for t in self.frames if now - t < 1.0] + [now]
        self.dirty, self._is_late = False, self._waiting.is_late(now)
        if self.recorder.is_recording:
            self.recorder.see(self.screen.snapshot(self.scene), now)
        answer = self.screen.draw(self.scene, self._hud())
        was_held, self._was_held = self._was_held, self.window.is_held
        if not was_held:  # else the hand is the one from before, also when it has let go since
            self._panel_hold = self._last_hold
        self._react(answer, f"panel {self._panel_hold}", was_held or self._was_held)

    def _hud(self) -> Hud:
        choice = self._painter.choice
        helps = self.remedy
        engine = in_brief(choice.engine.name, choice.reason) if choice else "starting"
        smooth = f"{self.samples} of {self.rest_samples} samples" if self.samples < self.rest_samples else ""
        progress = f"{100 * self.done:.0f} %" if self.done < 1.0 else smooth
        if self.errands.name:
            progress = f"{self.errands.name} …"
        elif self._is_late:
            progress = "drawing …" if self.scene.lens == "outputs" else f"looking: {self.scene.lens} …"
        speed = f"{len(self.frames)} fps" if len(self.frames) > 1 else "" if progress else "idle"
        return Hud(
            status=status(self.scene, self._truth(), speed, engine),
            pinned=(*([progress] if progress else []), "H help"),
            recording=self._recorded,
            progress=self.done if 0.0 < self.done < 1.0 else None,
            notice=self.notice,
            veil=helps.text if helps else self.fault or ("" if self._is_late else None),
            caption=self.article.caption if self.article.shows(self.scene) else "",
            help=help_table() if self.is_helping else None,
            controls=controls(self.scene) if self.is_paneled else None,
            prompt="Seed" if self.is_asking else None,
            strip=self._strip() if self.is_reading else None,
        )

    def _truth(self) -> str:
        """Say how true the picture on the screen is, once that is known."""
        truth = self._painter.truth
        if truth is None or self.request is None or truth[0] != self.request.number:
            return ""
        return badge(truth[1].accuracy, truth[1].method, self.scene.radius)

    def _strip(self) -> tuple[Thumb, ...]:
        """Make the article's strip, with the thumbnails that are there."""
        for n, pixels in enumerate(self.article.thumbnails()):
            if pixels is not None and n not in self._textures:
                self._textures[n] = self.screen.picture(pixels)
        return tuple(
            Thumb(label, hint, self._textures.get(n, 0), self.article.is_at(n, self.scene))
            for n, (label, hint) in enumerate(self.article.labels())
        )

    def _react(self, answer: Answer, gesture: str, is_held: bool) -> None:
        """Take in what the panel's user did."""
        if answer.cancelled or answer.submitted is not None:
            self.is_asking, self.dirty = False, True
        if answer.picked is not None:
            self.read(self.article.go(answer.picked))
        with self.guard("the panel"):
            if answer.is_taken_back:
                self.history.forget()
                self.ask()
            elif answer.changes:
                new = within(changed(self.scene, answer.changes))
                self.show(fitting(new, widths(new)) if new.weights else new, gesture, is_held)
            if answer.submitted:
                seed: Any = answer.submitted.strip()
                self.show(replace(self.scene, seed=seed))

    def say(self, text: str, seconds: float = NOTICE_S, stays: bool = False) -> None:
        """Say a sentence; it ends after some seconds, or, unless it `stays`, with the picture that it is about."""
        self.notice, self.notice_until, self.dirty = text, time.perf_counter() + seconds, True
        self._notice_stays = stays
        self.trace.write("notice", text=text)
