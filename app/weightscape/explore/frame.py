"""A frame of the window: the picture, and over it what is said of it; and what the panel's user did there."""

import time
from dataclasses import replace
from typing import Any

from weightscape.explore.explorer import Explorer
from weightscape.explore.guide import help_table, in_force
from weightscape.explore.opening import fitting
from weightscape.explore.readout import at_work, badge, changed, controls, in_brief
from weightscape.explore.response import click
from weightscape.explore.thumbs import Thumbs
from weightscape.explore.words import phase, status
from weightscape.picture.network_memory import widths
from weightscape.scene.command import within
from weightscape.window.message import Piece, Row, Tip
from weightscape.window.panel import Answer, Hud, Thumb
from weightscape.window.tip import SIDE_PX


class Frames:
    """Draw what an explorer has to show."""

    def __init__(self, explorer: Explorer) -> None:
        self._explorer = explorer
        self._last_hold = self._panel_hold = 0  # before the events of now; when the panel was taken hold of
        self._was_held = False  # a mouse button, at the last frame
        self._figures = Thumbs(explorer.article.artist, explorer.screen.picture, explorer.screen.drop)
        self._examples = Thumbs(explorer.guide.tips.artist, explorer.screen.picture, explorer.screen.drop)

    def begin_events(self) -> None:
        """Remember where the hold stood before the events of now."""
        self._last_hold = self._explorer.hold

    def draw(self) -> None:
        """Draw a frame, and take in what the panel's user did."""
        explorer = self._explorer
        now = time.perf_counter()
        explorer.frames = [t for t in explorer.frames if now - t < 1.0] + [now]
        explorer.dirty, explorer.is_late = False, explorer.waiting.is_late(now)
        if explorer.recorder.is_recording:
            explorer.recorder.see(explorer.screen.snapshot(explorer.scene), now)
        answer = explorer.screen.draw(explorer.scene, self._hud())
        was_held, self._was_held = self._was_held, explorer.window.is_held
        if not was_held:  # else the hand is the one from before, also when it has let go since
            self._panel_hold = self._last_hold
        self._react(answer, f"panel {self._panel_hold}", was_held or self._was_held)

    def _hud(self) -> Hud:
        explorer = self._explorer
        helps, is_free = explorer.remedy, not (explorer.is_helping or explorer.is_asking or explorer.is_reading)
        is_figure = explorer.article.shows(explorer.scene)
        facts, figure = self._facts(), explorer.article.name if is_figure else ""
        if not explorer.is_helping:
            explorer.guide.search.text = ""
        return Hud(
            status=status(explorer.scene, facts, figure),
            chip=phase(explorer.scene),
            facts=tuple(fact for fact in facts if fact.text),
            pinned=self._pinned(),
            progress=explorer.done if 0.0 < explorer.done < 1.0 else None,
            notice=explorer.notice or explorer.complaint,
            veil=helps.text if helps else explorer.fault or ("" if explorer.is_late else None),
            caption=explorer.article.caption if is_figure else "",
            help=self._help() if explorer.is_helping else None,
            search=explorer.guide.search.text if explorer.is_helping else None,
            card=explorer.guide.card.rows() if is_free else None,
            tip=self._tip(),
            controls=controls(explorer.scene) if explorer.is_paneled else None,
            prompt="Seed" if explorer.is_asking else None,
            strip=self._strip() if explorer.is_reading else None,
        )

    def _facts(self) -> tuple[Piece, ...]:
        """Say how true the picture is, and how it was made."""
        explorer = self._explorer
        choice = explorer.painter.choice
        engine = in_brief(choice.engine.name, choice.reason) if choice else "starting"
        speed = f"{len(explorer.frames)} fps" if len(explorer.frames) > 1 else "" if self._progress() else "idle"
        told = (
            ("truth", self._truth()),
            ("work", at_work(explorer.painter.spent)),
            ("speed", speed),
            ("engine", engine),
        )
        return tuple(Piece(text, name) for name, text in told)

    def _pinned(self) -> tuple[Piece, ...]:
        """Say what is going on, and where help is."""
        text, short = self._progress(), self._short_progress()
        progress = (Piece(text, "progress", short=short),) if text else ()
        clock = self._explorer.recorded
        film = (Piece(f"REC {clock}", "recording", tone="recording"),) if clock else ()
        return *progress, *film, Piece("H help", "help", press="h")

    def _help(self) -> tuple[Row, ...]:
        """List what the help's search finds, and what of it is on."""
        explorer = self._explorer
        switches = {
            "panel": explorer.is_paneled,
            "article": explorer.is_reading,
            "pause": explorer.is_paused,
            "record": explorer.recorder.is_recording,
            "fullscreen": explorer.window.is_fullscreen,
        }
        return help_table(explorer.guide.entries(), in_force(explorer.scene, **switches))

    def _tip(self) -> Tip | None:
        """Explain what the pointer rests at."""
        explorer = self._explorer
        side = round(SIDE_PX * explorer.window.content_scale)
        return explorer.guide.tips.tip(explorer.scene, side, time.perf_counter(), self._examples.of)

    def _progress(self) -> str:
        """Say what is being waited for: an errand, a picture, its finer passes, its samples."""
        explorer = self._explorer
        if explorer.errands.name:
            return f"{explorer.errands.name} …"
        if explorer.is_late:
            return "drawing …" if explorer.scene.lens == "outputs" else f"looking: {explorer.scene.lens} …"
        if explorer.flow.is_on:
            return ""
        if explorer.done < 1.0:
            return f"{100 * explorer.done:.0f} %"
        is_rough = explorer.samples < explorer.rest_samples
        return f"{explorer.samples} of {explorer.rest_samples} samples" if is_rough else ""

    def _short_progress(self) -> str:
        """Say the same for narrow windows."""
        explorer = self._explorer
        if explorer.errands.name or explorer.is_late or explorer.flow.is_on:
            return "…"
        return f"{100 * explorer.done:.0f} %" if explorer.done < 1.0 else f"{explorer.samples}/{explorer.rest_samples}"

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
        explorer.guide.tips.see(answer.pointed, explorer.window.cursor_px, time.perf_counter())
        if answer.is_card_closed:
            explorer.guide.card.close()
            explorer.dirty = True
        if answer.key:
            with explorer.guard(answer.key):
                click(explorer, answer.key)
        if answer.cancelled or answer.submitted is not None:
            explorer.is_asking, explorer.dirty = False, True
        if answer.picked is not None:
            explorer.read(explorer.article.go(answer.picked))
        with explorer.guard("the panel"):
            if answer.is_taken_back:
                explorer.history.forget()
                explorer.ask()
            elif answer.changes:
                new = within(changed(explorer.scene, answer.changes))
                explorer.show(fitting(new, widths(new)) if new.weights else new, gesture, is_held)
            if answer.submitted:
                seed: Any = answer.submitted.strip()
                explorer.show(replace(explorer.scene, seed=seed))
