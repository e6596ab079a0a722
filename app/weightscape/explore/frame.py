"""A frame of the window: the picture, and over it what is said of it; and what the panel's user did there."""

import time
from dataclasses import replace
from typing import Any

from weightscape.explore.action import TURNS, pick_figure
from weightscape.explore.album_deed import do
from weightscape.explore.article import TOUR
from weightscape.explore.explorer import Explorer
from weightscape.explore.legend import legend
from weightscape.explore.opening import fitting
from weightscape.explore.readout import at_work, badge, changed, controls, help_table, in_brief, status
from weightscape.explore.thumbs import Thumbs
from weightscape.picture.network_memory import widths
from weightscape.scene.command import within
from weightscape.window.panel import Answer, Hud, Thumb


class Frames:
    """Draw what an explorer has to show."""

    def __init__(self, explorer: Explorer) -> None:
        self._explorer = explorer
        self._last_hold = self._panel_hold = 0  # before the events of now; when the panel was taken hold of
        self._was_held = False  # a mouse button, at the last frame
        self._visible = range(0)  # of the strip
        self._figures = Thumbs(explorer.article.artist, explorer.screen.picture, explorer.screen.drop)

        self._album = Thumbs(explorer.album.artist, explorer.screen.picture, explorer.screen.drop)

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
            explorer.recorder.see(explorer.screen.snapshot(explorer.shown), now)
        answer = explorer.screen.draw(explorer.shown, self._hud())
        was_held, self._was_held = self._was_held, explorer.window.is_held
        if not was_held:  # else the hand is the one from before, also when it has let go since
            self._panel_hold = self._last_hold
        self._react(answer, f"panel {self._panel_hold}", was_held or self._was_held)

    def _hud(self) -> Hud:
        explorer = self._explorer
        choice = explorer.painter.choice
        helps = explorer.remedy if explorer.fault else None
        engine = in_brief(choice.engine.name, choice.reason) if choice else "starting"
        progress, poster = self._progress(), explorer.poster.progress
        speed = f"{len(explorer.frames)} fps" if len(explorer.frames) > 1 else "" if progress else "idle"
        return Hud(
            status=status(explorer.scene, self._truth(), speed, engine, at_work(explorer.painter.spent)),
            pinned=(*([progress] if progress else []), *([f"poster {poster}"] if poster else []), "H help"),
            recording=explorer.recorded,
            progress=explorer.done if 0.0 < explorer.done < 1.0 else None,
            notice=explorer.notice or explorer.complaint,
            link="open the folder" if explorer.notice and explorer.folder else "",
            veil=helps.text if helps else explorer.fault or ("" if explorer.is_late else None),
            caption=self._caption(),
            legend=legend(explorer.scene, is_there=explorer.is_at_rest),
            help=help_table() if explorer.over == "help" else None,
            controls=controls(explorer.scene) if explorer.is_paneled else None,
            prompt="Seed" if explorer.is_asking else None,
            strip=self._strip(),
            station=None if explorer.over else explorer.tour.card(explorer.scene),
            album=explorer.album.tiles(self._album) if explorer.over == "album" else None,
        )

    def _caption(self) -> str:
        """Say what the article's panel shows, or what helps where a picture shows little."""
        explorer = self._explorer
        if explorer.article.shows(explorer.scene) and not explorer.tour.is_on:
            return explorer.article.caption
        return explorer.hint.text if explorer.hint else ""

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

    def _truth(self) -> str:
        """Say how true the picture on the screen is, once that is known."""
        explorer = self._explorer
        truth = explorer.painter.truth
        if truth is None or explorer.request is None or truth[0] != explorer.request.number:
            return ""
        return badge(truth[1].accuracy, truth[1].method, explorer.scene.radius)

    def _strip(self) -> tuple[Thumb, ...] | None:
        """Make the strip of all steps, or of the tour and the article's figures, with the thumbnails that are there."""
        explorer = self._explorer
        if explorer.over == "history":
            return explorer.past.thumbs(explorer.history, self._visible)
        if explorer.over != "article":
            return None
        labels, tours = explorer.article.labels(), explorer.tour.is_on
        tour, *pictures = self._figures.of(range(TOUR, len(labels)))
        figures = (
            Thumb(label, hint, picture, explorer.article.is_at(n, explorer.scene) and not tours)
            for n, ((label, hint), picture) in enumerate(zip(labels, pictures, strict=True))
        )
        return Thumb("Tour", "Twelve stations, with a thing to try at each.", tour, tours), *figures

    def _react(self, answer: Answer, gesture: str, is_held: bool) -> None:
        """Take in what the panel's user did."""
        explorer = self._explorer
        if answer.cancelled or answer.submitted is not None:
            explorer.is_asking, explorer.dirty = False, True
        if range(*answer.visible) != self._visible:
            self._visible, explorer.dirty = range(*answer.visible), True
        if answer.starred is not None:
            explorer.past.stars.toggle(explorer.history.steps[answer.starred].scene)
        if answer.picked is not None and explorer.over == "history":
            explorer.turn(lambda: explorer.history.jump(answer.picked or 0))
        elif answer.picked is not None:
            pick_figure(explorer, answer.picked + TOUR)
        if answer.seen != explorer.album.seen:
            explorer.album.seen, explorer.dirty = answer.seen, True
        with explorer.guard("the album"):
            for deed in answer.deeds:
                do(explorer, deed)
        if answer.turned:
            TURNS[answer.turned](explorer, "")
        if answer.is_linked and explorer.folder:
            explorer.opener.open(explorer.folder)
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
