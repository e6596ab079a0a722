"""The explorer: the one place with state. It shows a scene, asks the painter for its picture, and takes in what comes.

Nothing here computes a picture: that is the painter's thread.
"""

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

from weightscape import settings
from weightscape.engine.choice import PROCESSORS
from weightscape.engine.question import Cancelled
from weightscape.explore.article import Article
from weightscape.explore.diary import Diary
from weightscape.explore.errand import Errands
from weightscape.explore.flow import SHARE, Flow
from weightscape.explore.history import History
from weightscape.explore.leaving import LEAVE_S, Leaving
from weightscape.explore.painter import Painter
from weightscape.explore.preview import Preview
from weightscape.explore.readout import has_time, title
from weightscape.explore.record import Recorder
from weightscape.explore.remedy import Remedy, remedy
from weightscape.explore.request import Request
from weightscape.explore.screen import Screen
from weightscape.explore.sharing import shared_context, source
from weightscape.explore.waiting import Waiting, look
from weightscape.gpu.shader_file import FILES
from weightscape.lens.lens import Part
from weightscape.network.view import Point2
from weightscape.picture.cell_patch import CellPatch
from weightscape.picture.exposure import Patch, Sample
from weightscape.picture.fault import EXPECTED, sentence
from weightscape.picture.placement import under
from weightscape.publish.capture import Capture, saved
from weightscape.scene.scene import Scene
from weightscape.window.window import Window

TURN_S = 12.0  # seconds for a turn of time
NOTICE_S = 3.0
# A film's clock, and shaders that are being edited, are looked at so often.
CLOCK_S = 0.2
# After so long without a frame the status line says so.
IDLE_S = 1.0


class Explorer:
    """Hold scenes, what is open, what has been asked for."""

    def __init__(self, window: Window, scene: Scene) -> None:
        self.window = window
        self.history = History(scene)
        self.diary = Diary()
        self.is_helping = self.is_paneled = self.is_asking = self.is_paused = self.is_reading = False
        self.dirty = True
        self.notice, self.notice_until, self._notice_stays = "", 0.0, False
        self.fault = ""  # why there is no picture of the scene
        self.complaint = ""  # about shaders that are being edited
        self._leaving = Leaving()
        self.hold = 0  # presses and releases so far
        self.cursor = window.cursor_px
        self.request: Request | None = None
        self.seen = 0  # number of the last request that a tile of has been seen
        self.flow = Flow()
        self.waiting, self.is_late = Waiting(), False  # and whether the last frame said so
        self.done, self.samples = 0.0, 1
        self.frames: list[float] = []
        self._clock = time.perf_counter()
        self.recorded = ""  # how long the film is, as the display says it
        self.preview = Preview()
        self.screen = Screen(window, "never" if settings.engine() in PROCESSORS else settings.held())
        self.rest_samples = settings.rest_samples()
        self.shared = shared_context(window, self.screen.drawn_by, settings.held(), settings.gpu(), self.diary)
        if self.shared:
            self.screen.expect_loans()
        self.painter = Painter(
            settings.engine(),
            window.wake,
            self.rest_samples,
            source(self.shared),
            hands_on=lambda: self.screen.draws_landscapes,
        )
        self.errands = Errands(window.wake)
        self.capture = Capture(window.wake)
        self.article = Article(window.wake)
        self.recorder = Recorder(window.wake)

    @property
    def scene(self) -> Scene:
        """Tell the current scene."""
        return self.history.scene

    @property
    def shown(self) -> Scene:
        """Tell the scene that is to be seen: the current one, or with a choice that is looked at."""
        return self.preview.scene or self.scene

    @contextlib.contextmanager
    def guard(self, doing: str) -> Iterator[None]:
        """Let no fault close the window: it becomes a sentence, and, where it is ours, a line of the diary."""
        try:
            yield
        except Cancelled:
            pass
        except Exception as error:  # whatever it is: a session is worth more
            if not isinstance(error, EXPECTED):
                self.diary.fault(doing, error)
            self.say(sentence(error, doing))
            self.dirty = doing != "drawing"  # which would fail again, and again

    def close(self) -> None:
        """Finish files that are being written and free everything."""
        self.errands.cancel()
        self.recorder.close()
        self.painter.close()
        if self.shared:
            self.shared.close()
        self.article.close()
        self.capture.close(is_hurried=self._leaving.is_hurried)
        self.fetch()
        self.screen.close()
        self.diary.close()

    def patience(self) -> float:
        """Tell how long to wait for input: not at all where time may go on, until a notice ends, or a second."""
        if self.window.iconified:
            return IDLE_S  # nothing is drawn
        if self.dirty:
            return 0.0
        if self._is_moving and self._is_seen and min(self.window.size_px) > 0:
            return 0.0
        now = time.perf_counter()
        clock = now + (CLOCK_S if self.recorder.is_recording or FILES.is_watched else IDLE_S)
        rest = self.flow.due_s if self._is_seen and not self._is_moving else clock
        ends = (self.notice_until if self.notice else clock, self.waiting.next_s(now), rest, clock)
        # Python hears Ctrl+C in the terminal only between two waits, so none is endless.
        return min(max(0.01, min(ends) - now), IDLE_S)

    @property
    def _is_moving(self) -> bool:
        return has_time(self.scene) and not self.is_paused and not self.fault and not self.preview.scene

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
        self.diary.write("notice", text=self.article.caption)

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
        self.preview.end()
        self.ask()
        return True

    def ask(self, is_deed: bool = True) -> None:
        """Ask the painter for the current scene; it was changed by a deed, or by time."""
        size, scene = self.window.size_px, self.shown
        if min(size) <= 0:
            return
        number = self.request.number + 1 if self.request else 1
        now = time.perf_counter()
        self.waiting.ask(scene, now)
        frame_s = SHARE / self.window.refresh_hz if self.flow.ask(now, is_deed, self._is_moving) else 0.0
        self.request = Request(scene, size, self.cursor, number, now, self.screen.status_px, frame_s)
        self.done, self.dirty = 0.0, True
        self.painter.ask(self.request)
        self.window.title = title(self.scene)
        self.diary.write("ask", number=number, size=size, flows=self.flow.is_on, scene=scene.to_text())

    def _ask_for_rest(self) -> None:
        """Ask for the finer passes and the samples of a picture that has flowed."""
        assert self.request
        self.flow.end()
        self.request, self.dirty = replace(self.request, frame_s=0.0), True
        self.painter.ask(self.request)

    def pass_time(self, now: float) -> None:
        """Let time run for scenes that have one, as fast as first pictures come; end notices and counts."""
        step, self._clock = now - self._clock, now
        if self._is_moving and self._is_seen and not self.window.iconified:
            turns = (self.scene.time + min(step, 0.1) / TURN_S) % 1.0
            self.history.replace(replace(self.scene, time=round(turns, 9)))
            self.ask(is_deed=False)
        elif self._is_seen and now >= self.flow.due_s:
            self._ask_for_rest()
        if self.notice and now > self.notice_until:
            self.notice, self.dirty = "", True
        recorded = self.recorder.clock(now)
        if recorded != self.recorded:
            self.recorded, self.dirty = recorded, True
        self.dirty = self.dirty or self.waiting.is_late(now) != self.is_late
        if len(self.frames) > 1 and now - self.frames[-1] >= IDLE_S:
            self.frames, self.dirty = [], True

    def follow_edits(self) -> None:
        """Paint anew with shaders that have been edited, and take in what a driver says of them."""
        if FILES.look():
            self.diary.write("edit", edition=FILES.edition)
            self.ask()
        if self.complaint != FILES.complaint:
            self.complaint, self.dirty = FILES.complaint, True
            self.diary.write("complaint", text=self.complaint)

    def fetch(self) -> None:
        """Take in what other threads have finished: tiles, faults, files."""
        for painted in self.painter.fetch():
            with self.guard("painting"):  # a tile that fails is told, and the others are painted
                self.screen.paint(painted)
            self.dirty = self.dirty or not isinstance(painted.patch, Sample)  # of which nothing is seen yet
            request = painted.request
            if self.request and request.number == self.request.number:
                self.done = painted.done
                self.samples = painted.samples if painted.ends else self.samples
                self._refuse(painted.fault)
                if not request.frame_s:
                    self.flow.end()
            if painted.fault:
                self.seen = max(self.seen, request.number)
                self.diary.write("rest", number=request.number)
                continue
            self.waiting.see(request.scene, time.perf_counter())
            if request.number > self.seen:
                self.seen = request.number
                late = time.perf_counter() - request.asked_s
                stride = painted.patch.stride if isinstance(painted.patch, Patch | CellPatch) else 1
                self.diary.write("first", number=request.number, stride=stride, ms=round(1e3 * late, 2))
            if painted.ends and painted.samples == 1:
                self.diary.write("whole", number=request.number, adopted=self.screen.adopted)
            if painted.ends and painted.samples == self.rest_samples:
                self.diary.write("rest", number=request.number, adopted=self.screen.adopted)
        if self.painter.broken and not self.fault:
            self._refuse(self.painter.broken)
        for result in [*self.capture.fetch(), *self.recorder.fetch()]:
            if isinstance(result, Exception):
                self.say(str(result), stays=True)
            else:
                self.say(saved(result), stays=True)
                print(result, flush=True)

    def _refuse(self, fault: str) -> None:
        """Say in place of the picture why there is none, if there is none."""
        if fault and self.preview.scene:
            self.preview.end()
            self.say(fault)
            self.ask()
            return
        if fault and fault != self.fault:
            self.dirty = True
            self.diary.write("notice", text=fault)
        if fault:
            self.waiting.end()
        self.fault = fault

    def say(self, text: str, seconds: float = NOTICE_S, stays: bool = False) -> None:
        """Say a sentence; it ends after some seconds, or, unless it `stays`, with the picture that it is about."""
        self.notice, self.notice_until, self.dirty = text, time.perf_counter() + seconds, True
        self._notice_stays = stays
        self.diary.write("notice", text=text)
