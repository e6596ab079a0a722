"""What is said over the picture: an explorer's state as the plain record that the panel draws."""

import math
import time

from weightscape.draw.lettering import sized
from weightscape.explore.act import breed_deed, sheet_deed, weight_deed
from weightscape.explore.act.buttons import buttons
from weightscape.explore.advising import classes_of, has_lasting_hint, hint, legend_of, remedy
from weightscape.explore.explorer import Explorer
from weightscape.explore.paint.thumbs import Thumbs
from weightscape.explore.progress import progress
from weightscape.explore.tell.article import TOUR
from weightscape.explore.tell.guide import help_table, in_force
from weightscape.explore.tell.morph_bar import morph_bar
from weightscape.explore.tell.readout import at_work, badge, controls, in_brief
from weightscape.explore.tell.words import phase, status
from weightscape.lens.litter import MIDDLE
from weightscape.lens.region import words_height
from weightscape.picture.placement import is_fitted
from weightscape.scene.scene import Scene
from weightscape.window.message import Frames, Hud, Piece, Row, Thumb, Tip
from weightscape.window.over.tip import SIDE_PX

STRIPS = ("article", "history")
# Lenses that show no places: how close details lie says nothing of their pictures.
NOT_OF_PLACES = ("norms", "probe")


class Display:
    """Say what an explorer has to say, with the small pictures that go with it."""

    def __init__(self, explorer: Explorer) -> None:
        self._explorer, screen = explorer, explorer.screen
        self.visible = range(0)  # which thumbs of the strip are seen
        self._figures = Thumbs(explorer.article.artist, screen.picture, screen.drop)
        self._examples = Thumbs(explorer.guide.tips.artist, screen.picture, screen.drop)
        self._album = Thumbs(explorer.album.artist, screen.picture, screen.drop)

    def hud(self) -> Hud:
        """Say all of it."""
        explorer, over = self._explorer, self._explorer.over
        facts, seen = self._facts(), explorer.preview.scene or explorer.scene
        if over != "help":
            explorer.guide.search.text = ""
        return Hud(
            status=status(seen, facts, explorer.article.name if self._is_figure else "", explorer.is_stacked),
            chip=phase(seen),
            facts=tuple(fact for fact in facts if fact.text),
            pinned=self._pinned(),
            progress=explorer.done if 0.0 < explorer.done < 1.0 else None,
            notice=explorer.notice or explorer.complaint,
            link="open the folder" if explorer.notice and explorer.folder else "",
            veil=self._veil(),
            caption=self._caption(),
            is_caption_kept=explorer.staged is not explorer.scene or has_lasting_hint(explorer),
            frames=self._frames(),
            foot=self._foot(seen),
            legend=legend_of(explorer, seen),
            classes=classes_of(explorer, seen),
            help=self._help() if over == "help" else None,
            search=explorer.guide.search.text if over == "help" else None,
            card=self._card(),
            tip=self._tip(),
            controls=controls(explorer.scene) if explorer.is_paneled else None,
            buttons=buttons(explorer.recorder.is_recording),
            prompt="Seed" if explorer.is_asking else None,
            strip=self._strip() if over in STRIPS else None,
            station=None if over else explorer.tour.card(explorer.scene),
            album=explorer.album.tiles(self._album, explorer.marks.number) if over == "album" else None,
            morph=None if over else morph_bar(explorer.morphing),
        )

    @property
    def _is_figure(self) -> bool:
        return self._explorer.article.shows(self._explorer.scene)

    def _card(self) -> tuple[Row, ...] | None:
        """Say what to try first, unless that would stand over a chart, or over why there is no picture."""
        explorer = self._explorer
        is_in_the_way = explorer.fault or explorer.is_asking or explorer.tour.is_on or is_fitted(explorer.scene)
        return None if explorer.over or is_in_the_way else explorer.guide.card.rows()

    def _veil(self) -> str | None:
        """Say why there is no picture, and what helps; dim the old one while the next is late."""
        explorer = self._explorer
        helps = remedy(explorer) if explorer.fault else None
        return helps.text if helps else explorer.fault or ("" if explorer.is_late else None)

    def _caption(self) -> str:
        """Say what the article's panel shows, or what helps where a picture shows little."""
        explorer = self._explorer
        if explorer.sheeting.is_on:
            return sheet_deed.told(explorer)
        if breed_deed.is_seen(explorer):
            return breed_deed.told(explorer)
        if self._is_figure and not explorer.tour.is_on:
            return explorer.article.caption
        found = hint(explorer)
        return found.text if found else ""

    def _frames(self) -> Frames | None:
        """Frame pictures side by side: the parent, the one that is meant, and the one that is marked; or weights."""
        explorer, found = self._explorer, self._explorer.breeding
        if explorer.preview.scene:
            return None
        if explorer.staged is explorer.scene:
            return weight_deed.frames(explorer)
        boxes = tuple((*place, place[0] + size[0], place[1] + size[1]) for place, size in explorer.places())
        if explorer.sheeting.is_on:
            return sheet_deed.frames(explorer, boxes)
        return Frames(boxes, breed_deed.described(explorer), MIDDLE, found.chosen, found.marked)

    def _foot(self, scene: Scene) -> int:
        """Tell how many rows at its lower edge a picture has for the number of its pieces."""
        (width, height), screen = self._explorer.window.size_px, self._explorer.screen
        is_counted = scene.lens == "regions" and not self._explorer.fault
        room = sized((width, height - screen.status_px), screen.letters)
        return words_height(room) if is_counted else 0

    def _facts(self) -> tuple[Piece, ...]:
        """Say how true the picture is, and how it was made."""
        explorer = self._explorer
        choice = explorer.painter.choice
        engine = in_brief(choice.engine.name, choice.reason) if choice else "starting"
        speed = f"{len(explorer.frames)} fps" if len(explorer.frames) > 1 else "" if progress(explorer) else "idle"
        told = (
            ("truth", self._truth()),
            ("work", at_work(explorer.painter.spent)),
            ("speed", speed),
            ("engine", engine),
        )
        return tuple(Piece(text, name) for name, text in told)

    def _pinned(self) -> tuple[Piece, ...]:
        """Say what is going on, and where help is."""
        clock, poster, film = self._explorer.recorded, *self._explorer.written
        weight = weight_deed.told(self._explorer)
        going_on = (
            Piece(weight, "weight") if weight else None,
            progress(self._explorer),
            Piece(f"poster {poster}", "progress") if poster else None,
            Piece(f"film {film}", "progress") if film else None,
            Piece(f"REC {clock}", "recording", tone="recording") if clock else None,
            Piece("H help", "help", press="h"),
        )
        return tuple(each for each in going_on if each)

    def _help(self) -> tuple[Row, ...]:
        """List what the help's search finds, and what of it is on."""
        explorer = self._explorer
        switches = {
            "panel": explorer.is_paneled,
            "pause": explorer.is_paused,
            "breed": breed_deed.is_seen(explorer),
            "tour": explorer.tour.is_on,
            "record": explorer.recorder.is_recording,
            "fullscreen": explorer.window.is_fullscreen,
        }
        return help_table(explorer.guide.entries(), in_force(explorer.scene, **switches))

    def _tip(self) -> Tip | None:
        """Explain what the pointer rests at."""
        explorer = self._explorer
        panel = explorer.screen.panel
        side = round(SIDE_PX * panel.scale) if panel else 0
        return explorer.guide.tips.tip(explorer.scene, side, time.perf_counter(), self._examples.of)

    def _truth(self) -> str:
        """Say how true the picture on the screen is, once that is known."""
        explorer = self._explorer
        truth = explorer.painter.truth
        if truth is None or explorer.request is None or truth[0] != explorer.request.number:
            return ""
        radius = math.inf if explorer.scene.lens in NOT_OF_PLACES else explorer.scene.radius
        return badge(truth[1].accuracy, truth[1].method, radius)

    def _strip(self) -> tuple[Thumb, ...]:
        """Make the strip of all steps, or of the tour and the article's figures, with the thumbnails that are there."""
        explorer = self._explorer
        if explorer.over == "history":
            return explorer.past.thumbs(explorer.history, self.visible, explorer.marks.number)
        labels, tours = explorer.article.labels(), explorer.tour.is_on
        tour, *pictures = self._figures.of(range(TOUR, len(labels)))
        figures = (
            Thumb(label, hint, picture, explorer.article.is_at(n, explorer.scene) and not tours)
            for n, ((label, hint), picture) in enumerate(zip(labels, pictures, strict=True))
        )
        return Thumb("Tour", "Twelve stations, with a thing to try at each.", tour, tours), *figures
