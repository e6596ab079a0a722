"""A frame of the window: the picture, and over it what is said of it; and what its user did there."""

import time
from typing import Any

from weightscape.explore.act.action import TURNS, pick_figure
from weightscape.explore.act.album_deed import do as do_in_album
from weightscape.explore.act.morph_action import mark, slide
from weightscape.explore.act.response import do, do_key, take
from weightscape.explore.display import Display
from weightscape.explore.explorer import Explorer
from weightscape.explore.preview import with_changes
from weightscape.explore.tell.article import TOUR
from weightscape.scene.command import BY_NAME, reseeded
from weightscape.window.event import Key
from weightscape.window.panel import Answer, Value
from weightscape.window.sheet import Box


class Frames:
    """Draw what an explorer has to show."""

    def __init__(self, explorer: Explorer) -> None:
        self._explorer = explorer
        self._display = Display(explorer)
        self._last_hold = self._panel_hold = 0  # before the events of now; when the panel was taken hold of
        self._was_held = False  # a mouse button, at the last frame
        # Of what can be used in the panel, and of all parts, as the diary was told.
        self._places: tuple[dict[str, Box], dict[str, Box]] = {}, {}

    def begin_events(self) -> None:
        """Remember where the hold stood before the events of now."""
        self._last_hold = self._explorer.hold

    def draw(self) -> None:
        """Draw a frame, and take in what the panel's user did."""
        explorer = self._explorer
        now = time.perf_counter()
        explorer.frames = [t for t in explorer.frames if now - t < 1.0] + [now]
        explorer.dirty, explorer.is_late = False, explorer.waiting.is_late(now)
        is_covered = explorer.request is None or explorer.covered == explorer.request.number
        is_whole = (explorer.done >= 1.0 and is_covered) or bool(explorer.fault)
        if explorer.recorder.wants(is_whole) and not explorer.preview.is_on_screen(explorer.done >= 1.0):
            explorer.recorder.see(explorer.screen.snapshot(explorer.shown), now)
        answer = explorer.screen.draw(explorer.shown, self._display.hud())
        was_held, self._was_held = self._was_held, explorer.window.is_held
        if not was_held:  # else the hand is the one from before, also when it has let go since
            self._panel_hold = self._last_hold
        self._look_on(answer)
        explorer.fit()
        self._click(answer)
        with explorer.guard("the panel"):
            self._turn_knobs(answer, f"panel {self._panel_hold}", was_held or self._was_held or answer.is_held)
        for name in answer.left:  # behind all that the panel took
            with explorer.guard(name):
                take(explorer, Key(name))

    def _look_on(self, answer: Answer) -> None:
        """Take in what is in sight, and what is pointed at."""
        explorer, display = self._explorer, self._display
        panel = explorer.screen.panel
        places = (panel.places, panel.boxes) if panel else ({}, {})
        if places != self._places:
            self._places = places
            explorer.diary.write("panel", places=places[0], parts=places[1])
        explorer.guide.tips.see(answer.pointed, explorer.window.cursor_px, time.perf_counter())
        if range(*answer.visible) != display.visible:
            display.visible, explorer.dirty = range(*answer.visible), True
        if answer.seen != explorer.album.seen:
            explorer.album.seen, explorer.dirty = answer.seen, True

    def _click(self, answer: Answer) -> None:
        """Do what was clicked."""
        explorer = self._explorer
        if answer.is_card_closed:
            explorer.guide.card.close()
            explorer.dirty = True
        if answer.key:
            with explorer.guard(answer.key):
                do_key(explorer, answer.key)
        for name in answer.pressed:
            do(explorer, BY_NAME[name])
        if answer.starred is not None:
            explorer.past.stars.toggle(explorer.history.steps[answer.starred].scene)
        if answer.marked is not None and explorer.over == "history":
            mark(explorer, explorer.history.steps[answer.marked].scene)
        if answer.slid is not None and explorer.morphing.is_on:
            slide(explorer, answer.slid)
        if answer.picked is not None and explorer.over == "history":
            explorer.turn(lambda: explorer.history.jump(answer.picked or 0))
        elif answer.picked is not None:
            pick_figure(explorer, answer.picked + TOUR)
        with explorer.guard("the album"):
            for deed in answer.deeds:
                do_in_album(explorer, deed)
        if answer.turned:
            TURNS[answer.turned](explorer, "")
        if answer.is_linked and explorer.folder:
            explorer.opener.open(explorer.folder)

    def _turn_knobs(self, answer: Answer, gesture: str, is_held: bool) -> None:
        """Take in what was changed in the panel, or typed."""
        explorer = self._explorer
        if answer.cancelled or answer.submitted is not None:
            explorer.is_asking, explorer.dirty = False, True
        if answer.is_taken_back:
            explorer.history.forget()
            explorer.ask()
        elif answer.changes:
            explorer.show(with_changes(explorer.scene, answer.changes), gesture, is_held)
        if answer.refused:
            explorer.say(answer.refused)
        self._preview(*(answer.preview or ("", "")))
        if answer.submitted:
            seed: Any = answer.submitted.strip()
            explorer.show(reseeded(explorer.scene, seed))

    def _preview(self, name: str, value: Value) -> None:
        """Show the scene with a value that is looked at, and is no deed; with name "" as it is."""
        explorer = self._explorer
        if explorer.preview.look(explorer.scene, name, value):
            explorer.ask()
        fault = explorer.preview.take_fault()
        if fault:
            explorer.say(fault)
