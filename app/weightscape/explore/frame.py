"""A frame of the window: the picture, and over it what is said of it; and what the panel's user did there."""

import time
from dataclasses import replace
from typing import Any

from weightscape.explore.buttons import buttons
from weightscape.explore.explorer import Explorer
from weightscape.explore.preview import with_changes
from weightscape.explore.readout import at_work, badge, controls, help_table, in_brief, status
from weightscape.explore.response import do
from weightscape.explore.thumbs import Thumbs
from weightscape.scene.command import BY_NAME
from weightscape.window.panel import Answer, Hud, Thumb, Value


class Frames:
    """Draw what an explorer has to show."""

    def __init__(self, explorer: Explorer) -> None:
        self._explorer = explorer
        self._last_hold = self._panel_hold = 0  # before the events of now; when the panel was taken hold of
        self._was_held = False  # a mouse button, at the last frame
        self._figures = Thumbs(explorer.article.artist, explorer.screen.picture, explorer.screen.drop)

    def begin_events(self) -> None:
        """Remember where the hold stood before the events of now."""
        self._last_hold = self._explorer.hold

    def draw(self) -> None:
        """Draw a frame, and take in what the panel's user did."""
        explorer = self._explorer
        now = time.perf_counter()
        explorer.frames = [t for t in explorer.frames if now - t < 1.0] + [now]
        explorer.dirty, explorer.is_late = False, explorer.waiting.is_late(now)
        if explorer.recorder.is_recording and not explorer.preview.is_on_screen(explorer.done >= 1.0):
            explorer.recorder.see(explorer.screen.snapshot(explorer.scene), now)
        answer = explorer.screen.draw(explorer.shown, self._hud())
        was_held, self._was_held = self._was_held, explorer.window.is_held
        if not was_held:  # else the hand is the one from before, also when it has let go since
            self._panel_hold = self._last_hold
        self._react(answer, f"panel {self._panel_hold}", was_held or self._was_held or answer.is_held)

    def _hud(self) -> Hud:
        explorer = self._explorer
        choice = explorer.painter.choice
        helps = explorer.remedy
        engine = in_brief(choice.engine.name, choice.reason) if choice else "starting"
        progress = self._progress()
        speed = f"{len(explorer.frames)} fps" if len(explorer.frames) > 1 else "" if progress else "idle"
        return Hud(
            status=status(explorer.shown, self._truth(), speed, engine, at_work(explorer.painter.spent)),
            pinned=(*([progress] if progress else []), "H help"),
            recording=explorer.recorded,
            progress=explorer.done if 0.0 < explorer.done < 1.0 else None,
            notice=explorer.notice or explorer.complaint,
            veil=helps.text if helps else explorer.fault or ("" if explorer.is_late else None),
            caption=explorer.article.caption if explorer.article.shows(explorer.scene) else "",
            help=help_table() if explorer.is_helping else None,
            controls=controls(explorer.scene) if explorer.is_paneled else None,
            buttons=buttons(explorer.recorder.is_recording),
            prompt="Seed" if explorer.is_asking else None,
            strip=self._strip() if explorer.is_reading else None,
        )

    def _progress(self) -> str:
        """Say what is being waited for: an errand, a picture, its finer passes, its samples."""
        explorer = self._explorer
        if explorer.errands.name:
            return f"{explorer.errands.name} …"
        if explorer.is_late:
            return "drawing …" if explorer.shown.lens == "outputs" else f"looking: {explorer.shown.lens} …"
        if explorer.flow.is_on:
            return ""
        if explorer.done < 1.0:
            return f"{100 * explorer.done:.0f} %"
        is_rough = explorer.samples < explorer.rest_samples
        return f"{explorer.samples} of {explorer.rest_samples} samples" if is_rough else ""

    def _truth(self) -> str:
        """Say how true the picture on the screen is, once that is known."""
        explorer = self._explorer
        truth = explorer.painter.truth
        if truth is None or explorer.request is None or truth[0] != explorer.request.number:
            return ""
        return badge(truth[1].accuracy, truth[1].method, explorer.scene.radius)

    def _strip(self) -> tuple[Thumb, ...]:
        """Make the article's strip, with the thumbnails that are there."""
        explorer = self._explorer
        labels = explorer.article.labels()
        return tuple(
            Thumb(label, hint, picture, explorer.article.is_at(n, explorer.scene))
            for n, ((label, hint), picture) in enumerate(zip(labels, self._figures.of(range(len(labels))), strict=True))
        )

    def _react(self, answer: Answer, gesture: str, is_held: bool) -> None:
        """Take in what the panel's user did."""
        explorer = self._explorer
        if answer.cancelled or answer.submitted is not None:
            explorer.is_asking, explorer.dirty = False, True
        if answer.picked is not None:
            explorer.read(explorer.article.go(answer.picked))
        if answer.pressed:
            do(explorer, BY_NAME[answer.pressed])
        with explorer.guard("the panel"):
            if answer.is_taken_back:
                explorer.history.forget()
                explorer.ask()
            elif answer.changes:
                explorer.show(with_changes(explorer.scene, answer.changes), gesture, is_held)
            self._look(*(answer.preview or ("", "")))
            if answer.submitted:
                seed: Any = answer.submitted.strip()
                explorer.show(replace(explorer.scene, seed=seed))

    def _look(self, name: str, value: Value) -> None:
        """Show the scene with a value that is looked at, and is no deed; with name "" as it is."""
        explorer = self._explorer
        if explorer.preview.look(explorer.scene, name, value):
            explorer.ask()
        fault = explorer.preview.take_fault()
        if fault:
            explorer.say(fault)
