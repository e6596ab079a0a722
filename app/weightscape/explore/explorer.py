"""The explorer: the one place with state. It shows a scene, and asks the painter for its picture.

Nothing here computes a picture: that is the painter's thread.
"""

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal

from weightscape import settings
from weightscape.draw.lettering import sized
from weightscape.engine.question import Cancelled
from weightscape.explore.album import Album
from weightscape.explore.breeding import Breeding
from weightscape.explore.glide import Pace
from weightscape.explore.keep.diary import Diary
from weightscape.explore.keep.folder import Opener
from weightscape.explore.keep.history import History
from weightscape.explore.leaving import LEAVE_S, Leaving
from weightscape.explore.morphing import Marks, Morphing
from weightscape.explore.motion import gliding
from weightscape.explore.paint.easel import easel
from weightscape.explore.paint.flow import SHARE, Flow
from weightscape.explore.paint.request import Request
from weightscape.explore.paint.waiting import Waiting, look
from weightscape.explore.piloting import Piloting
from weightscape.explore.preview import Preview
from weightscape.explore.sheeting import Sheeting
from weightscape.explore.task.errand import Errands
from weightscape.explore.task.finding import Findings
from weightscape.explore.task.record import Recorder
from weightscape.explore.tell.article import Article
from weightscape.explore.tell.guide import Guide
from weightscape.explore.tell.past import Past
from weightscape.explore.tell.readout import title
from weightscape.explore.tell.tour import Tour
from weightscape.explore.touching import Touching
from weightscape.lens.catalogue import lens
from weightscape.lens.lens import Part, PlaneLens
from weightscape.lens.litter import Litter, members
from weightscape.lens.remedy import Remedy
from weightscape.network.interrupt import never
from weightscape.network.view import Point2, Size, View
from weightscape.picture.fault import EXPECTED, sentence
from weightscape.picture.follower import Follower
from weightscape.picture.placement import drawn_size, follows, is_lettered, is_stacked, placed, under
from weightscape.publish.capture import POSTER, Capture
from weightscape.publish.morph_film import Films
from weightscape.scene.colour import moves
from weightscape.scene.scene import Scene
from weightscape.scene.scene_error import SceneError
from weightscape.window.window import Window

NOTICE_S = 3.0
# Pictures on the way of a glide may take so many frames: in between the one before moves with the view.
GLIDING_FRAMES = 3


# What lies over the picture, one at a time.
Over = Literal["", "help", "article", "history", "album"]


class Explorer:
    """Hold scenes, what is open, what has been asked for."""

    def __init__(self, window: Window, scene: Scene) -> None:
        self.window = window
        self.history = History(scene)
        self.diary = Diary()
        self.over: Over = ""
        self.is_asking = False
        self.dirty = True
        self.notice, self.notice_until, self._notice_stays = "", 0.0, False
        self.fault = ""  # why there is no picture of the scene
        self.complaint = ""  # about shaders that are being edited
        self.leaving = Leaving()
        self.hold = 0  # presses and releases so far
        self.clicked = -1  # how many deeds there were at the last click
        self.glide = gliding(settings.motion())
        self.again: Callable[[], bool] = never  # makes the next step of a held key, if there is one
        self.cursor = window.cursor_px
        self.request: Request | None = None
        self.seen = 0  # number of the last request that a tile of has been seen
        self.flow = Flow()
        self.waiting, self.is_late = Waiting(), False  # and whether the last frame said so
        self.done, self.samples = 0.0, 1
        self.covered = 0  # number of the last request over whose picture all lies that is to lie there
        self.frames: list[float] = []
        self.clock_s = time.perf_counter()
        self.recorded = ""  # how long the film is, as the display says it
        self.preview, self.marks, self.morphing = Preview(), Marks(), Morphing()
        self.breeding, self.sheeting, self.piloting = Breeding(), Sheeting(), Piloting(window.wake)
        self.hinted: tuple[Scene | None, Remedy | None] = None, None  # of which scene a hint is known
        self.rest_samples = settings.rest_samples()
        self.screen, self.shared, self.painter = easel(window, self.diary, self.rest_samples)
        self._start_threads(window)

    def _start_threads(self, window: Window) -> None:
        """Make what works in threads of its own, most of it only once it is asked to."""
        self.errands, self.findings = Errands(window.wake), Findings(window.wake)
        self.touching = Touching(window.wake)
        self.capture, self.poster = Capture(window.wake), Capture(window.wake, POSTER)
        self.films = Films(window.wake)
        self.written = "", ""  # how far the poster and the film of a morph are, as the display says it
        self.folder: Path | None = None  # what a click on the notice opens
        self.opener = Opener(window.wake)
        self.article, self.tour = Article(window.wake), Tour()
        self.album = Album(window.wake)
        self.past = Past(window.wake, self.screen.picture, self.screen.drop, self.album)
        self.guide = Guide(window.wake)
        self.recorder = Recorder(window.wake)
        self.follower = Follower(window.wake)
        self.newest: dict[str, str] = {}  # of each followed file the name of the last network that can be seen

    @property
    def scene(self) -> Scene:
        """Tell the current scene."""
        return self.history.scene

    @property
    def is_paused(self) -> bool:
        """Tell whether time stands still; another answer is a step to go back."""
        return self.history.step.is_paused

    @is_paused.setter
    def is_paused(self, is_paused: bool) -> None:
        self.history.do(replace(self.history.step, is_paused=is_paused), time.perf_counter())

    @property
    def is_paneled(self) -> bool:
        """Tell whether the panel is open; another answer is a step to go back."""
        return self.history.step.is_paneled

    @is_paneled.setter
    def is_paneled(self, is_paneled: bool) -> None:
        self.history.do(replace(self.history.step, is_paneled=is_paneled), time.perf_counter())

    @property
    def shown(self) -> Scene:
        """Tell the scene that is seen: with a choice that is looked at, or on the way while its view glides."""
        scene = self.preview.scene or self.staged
        return scene.looking(self.glide.view) if self.glide.view else scene

    @property
    def staged(self) -> Scene:
        """Tell the current scene, with its children around it while it breeds, or the sheet of two of its weights."""
        return self.sheeting.staged(self.scene) if self.sheeting.is_on else self.breeding.staged(self.scene)

    @property
    def subject(self) -> Scene:
        """Tell the scene that is saved and copied: the current one, or that of several which is chosen."""
        sheet = self.sheeting
        return sheet.members(self.scene)[sheet.chosen] if sheet.is_on else self.breeding.subject(self.scene)

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

    @property
    def is_moving(self) -> bool:
        """Tell whether time runs, a morph, or a flight, or a weight swings."""
        if self.fault or self.preview.scene:
            return False
        if self.piloting.is_on or self.touching.is_swinging:
            return True
        return self.morphing.is_playing if self.morphing.is_on else moves(self.scene) and not self.is_paused

    @property
    def writers(self) -> tuple[Capture, ...]:
        """List what writes files from scenes."""
        return self.capture, self.poster, self.films

    @property
    def is_seen(self) -> bool:
        """Tell whether something of what was last asked for is on the screen."""
        return self.request is None or self.seen == self.request.number

    @property
    def is_at_rest(self) -> bool:
        """Tell whether a fine picture of the scene is seen, and nothing moves."""
        return self.done == 1.0 and not (self.fault or self.flow.is_on or self.is_moving)

    def under_cursor(self, x: float, y: float) -> tuple[Part, Point2]:
        """Tell the picture under a point of the window, and the point in its pixels."""
        return under(self.staged, self._lettered_size, self.screen.status_px, (x, y), self.screen.free)

    def parts(self) -> tuple[Part, ...]:
        """Tell which pictures are seen where in the window. Raises SceneError for a right half that cannot be."""
        return placed(self.staged, self._lettered_size, self.screen.status_px, self.screen.free)

    def places(self) -> list[tuple[tuple[int, int], Size]]:
        """Tell the corner and the size of each picture that is seen in the window."""
        return [((part.left, part.top), part.size) for part in self.parts()]

    @property
    def drawn_size(self) -> Size:
        """Tell the size of the picture as it is seen with nothing beside it, above the status line."""
        return drawn_size(self.scene, self._lettered_size, self.screen.status_px)

    @property
    def _lettered_size(self) -> Size:
        return sized(self.window.size_px, self.screen.letters)

    @property
    def is_stacked(self) -> bool:
        """Tell whether a split view's halves stand above each other."""
        try:
            return is_stacked(self.scene, self.window.size_px, self.screen.status_px, self.screen.free)
        except SceneError:  # which is told in the place of the picture
            return False

    def fit(self) -> None:
        """Ask again for a chart, halves or words over a picture where its free room or its letters are others now."""
        request, seen = self.request, (self.screen.free, self.screen.letters)
        if not request or (request.free, request.letters) == seen or self.fault:
            return
        is_rewritten = request.letters != self.screen.letters and is_lettered(request.scene)
        if is_rewritten or follows(request.scene, request.size, request.below, request.free, self.screen.free):
            self.ask()

    def lay(self, what: Over) -> None:
        """Lay something over the picture, in place of what lies there; the same again takes it away.

        The keys are its own from then on, and the panel's no longer.
        """
        self.over, self.dirty = "" if self.over == what else what, True
        if self.screen.panel:
            self.screen.panel.keys.leave()

    def leave(self, is_sure: bool) -> None:
        """Close the window, or say what has to be said first."""
        told = self.leaving.asked(time.perf_counter(), any(each.is_busy for each in self.writers), is_sure)
        if told:
            self.say(told, LEAVE_S)
        else:
            self.window.request_close()

    def read(self, scene: Scene, plays: bool = False) -> None:
        """Show a panel of the article, whose caption stays as long as its network, or a station of the tour.

        `plays`: time runs from now on, in the same step.
        """
        step = replace(self.history.step, scene=scene, is_paused=self.is_paused and not plays, bred="")
        self.turn(lambda: self.history.do(step, time.perf_counter()))
        self.notice, self.dirty = "", True
        self.diary.write("notice", text=self.tour.told or self.article.caption)

    def show(self, scene: Scene, gesture: str = "", is_held: bool = False, pace: Pace | None = None) -> bool:
        """Go to a scene, at once or at a pace; those of one gesture are one step back."""
        return self.turn(lambda: self.history.go(scene, time.perf_counter(), gesture, is_held), pace)

    def turn(self, step: Callable[[], bool], pace: Pace | None = None) -> bool:
        """Go to where a step of the history leads; what was said of another picture is not said any longer."""
        before, start = look(self.scene), self.shown.view
        if not step():
            return False
        for each in (self.morphing, self.touching, self.sheeting, self.piloting):
            each.meet(self.scene)
        if look(self.scene) != before:
            self.notice = self.notice if self._notice_stays else ""
            self.fault = ""
        self.preview.end()
        if not self._sets_out(start, pace):
            self.ask()
        return True

    def _sets_out(self, start: View, pace: Pace | None) -> bool:
        """Let what is seen glide from a view to the current scene's, if it may; tell whether it does."""
        was_on, now, frame_s = self.glide.is_on, time.perf_counter(), 1.0 / self.window.refresh_hz
        if pace is None or self.fault or self.window.iconified:
            return False
        if not self.glide.begin(start, self.scene.view, pace, now, frame_s):
            return False
        # A flat picture moves with the view. One at rest shows all of the way in, and the goal's all of the way out:
        # there nothing but the goal is asked for.
        is_flat = isinstance(lens(self.staged), PlaneLens) and not self.is_moving
        is_from_rest = not was_on and not pace.is_steady
        self.glide.is_ahead = is_flat and (is_from_rest or not self.glide.is_inward)
        if self.glide.is_ahead:
            self.ask(is_ahead=True)
        return True

    def ask(self, is_deed: bool = True, is_ahead: bool = False) -> None:
        """Ask the painter for the scene that is seen; it was changed by a deed, or by time.

        `is_ahead`: for the one that its view glides to, and goes on to.
        """
        if is_deed and not is_ahead:
            self.glide.end()
        glides, flies = self.glide.is_on and not is_ahead, self.piloting.is_on and not is_deed
        size, scene = self.window.size_px, self.shown if glides or self.preview.scene else self.staged
        if min(size) <= 0:
            return
        number = self.request.number + 1 if self.request else 1
        now, frames = time.perf_counter(), GLIDING_FRAMES if glides else 1
        if flies:
            scene, frames = self.piloting.painted(scene)
        self.waiting.ask(scene, now)
        flows = self.flow.ask(now, is_deed, self.is_moving or glides)
        frame_s = SHARE * frames / self.window.refresh_hz if flows else 0.0
        below, free, letters = self.screen.status_px, self.screen.free, self.screen.letters
        self.request = Request(scene, size, self.cursor, number, now, below, free, letters, frame_s)
        self.done, self.dirty = 0.0, True
        self.findings.cancel()
        self.follower.follow(self.scene)
        self.painter.ask(self.request)
        self.window.title = title(self.scene)
        if glides or flies:
            return  # each view on the way has its line
        seen = {"members": [each.to_text() for each in members(scene)]} if isinstance(scene, Litter) else {}
        self.diary.write("ask", number=number, size=size, flows=self.flow.is_on, scene=scene.to_text(), **seen)

    def say(self, text: str, seconds: float = NOTICE_S, stays: bool = False) -> None:
        """Say a sentence; it ends after some seconds, or, unless it `stays`, with the picture that it is about."""
        self.notice, self.notice_until, self.dirty = text, time.perf_counter() + seconds, True
        self._notice_stays, self.folder = stays, None
        self.diary.write("notice", text=text)
