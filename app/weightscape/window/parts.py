"""The parts of the panel, and where each stands: none lies over another's words or knobs.

From the lower edge stand, above each other: the status line, a strip, a station's card, a notice. The controls stand
beside them at one side; in a window too narrow for that, above all of them.
"""

from __future__ import annotations

from weightscape.window.control.knob import Knobs
from weightscape.window.control.panel_keys import PanelKeys
from weightscape.window.input_queue import InputQueue
from weightscape.window.message import Hud
from weightscape.window.over.album import Album
from weightscape.window.over.card import draw_card
from weightscape.window.over.classes import draw_classes
from weightscape.window.over.frames import draw_frames, point_at_frame
from weightscape.window.over.help import Help
from weightscape.window.over.legend import draw_legend
from weightscape.window.over.morph_bar import Bar
from weightscape.window.over.notice import LinkedNotice
from weightscape.window.over.prompt import Prompt
from weightscape.window.over.station import StationCard
from weightscape.window.over.status import (
    caption_height,
    draw_caption,
    draw_notice,
    draw_status,
    draw_veil,
    draw_veiled,
)
from weightscape.window.over.strip import Strip
from weightscape.window.over.tip import draw_tip
from weightscape.window.sheet import Box, Sheet

# Lengths at 96 dots an inch: controls in less height are away; less width beside them is none.
LEAST_PX = 150
NARROWEST_PX = 280


class Parts:
    """Holds the parts and draws what a Hud asks for."""

    def __init__(self, sheet: Sheet, queue: InputQueue) -> None:
        self._sheet = sheet
        self.knobs, self.help, self.strip = Knobs(sheet), Help(sheet), Strip(sheet)
        self.prompt, self.keys = Prompt(sheet, queue), PanelKeys(self.knobs, queue)
        self.station, self.album, self.linked = StationCard(sheet), Album(sheet), LinkedNotice(sheet)
        self.morph = Bar(sheet)
        self._key, self._is_card_closed = "", False  # what was clicked
        self.has_room = True  # for controls
        self.said: Box | None = None  # where the notice or the caption is
        self.legend: Box | None = None  # where the legend is
        self.classes: Box | None = None  # and where what dots are is told
        self.margins: Box | None = None  # from the window's edges to what nothing covers that stays

    def take(self) -> tuple[str, bool]:
        """Tell the key that a click stood for since the last time, "" for none, and whether the card was clicked."""
        taken, self._key, self._is_card_closed = (self._key, self._is_card_closed), "", False
        return taken

    def draw(self, hud: Hud, mouse: tuple[float, float], is_grabbed: bool) -> None:
        """Lay out a frame: first what takes room at the lower edge, then what stands in the room that is left."""
        sheet = self._sheet
        sheet.clear()
        self.help.scrolls, self.said, self.legend, self.classes = False, None, None, None
        is_covered = hud.help is not None or hud.album is not None  # by a sheet, over all else
        self._draw_foot(hud)
        is_narrow = self._divide(hud, is_covered)
        is_away = is_covered or (is_narrow and hud.prompt is not None)
        if not is_narrow:
            self._draw_controls(hud, is_away, is_grabbed)
        if hud.station is not None:
            self.station.draw(hud.station)
        floor = sheet.strip + (caption_height(sheet, hud.caption) if hud.is_caption_kept else 0.0)
        sheet.strip += 0 if is_covered else hud.foot
        if is_narrow or is_covered:
            self.said = self._say(hud, mouse, takes_room=True)
        self._draw_sheets(hud)
        if is_narrow:
            self._draw_controls(hud, is_away, is_grabbed)
        self.prompt.draw()
        if not (is_narrow or is_covered):
            self.said = self._say(hud, mouse)
        if hud.legend is not None and hud.veil is None and not is_covered:
            self.legend = draw_legend(sheet, hud.legend)
        if hud.classes is not None and hud.veil is None and not is_covered:
            self.classes = draw_classes(sheet, hud.classes, self.legend[3] if self.legend else 0.0)
        if hud.frames is not None and not is_covered:
            point_at_frame(sheet, hud.frames)
        tip = draw_tip(sheet, hud.tip)
        if hud.card is not None:
            self._is_card_closed |= draw_card(sheet, hud.card, self.said, tip)
        if not (is_covered or is_grabbed or hud.prompt is not None):
            left, right = sheet.beside
            self.margins = left, 0.0, sheet.size[0] - right, floor

    def _draw_foot(self, hud: Hud) -> None:
        """Dim the picture, if need be, and draw what takes the whole width at the lower edge."""
        if hud.veil is not None:
            draw_veil(self._sheet)
        elif hud.frames is not None:
            draw_frames(self._sheet, hud.frames)
        if hud.status or hud.pinned or hud.progress is not None:
            self._key = draw_status(self._sheet, hud) or self._key
        if hud.strip is not None:
            self.strip.draw(hud.strip)
        else:
            self.strip.put_away()
        if hud.morph is not None:
            self.morph.draw(hud.morph)

    def _divide(self, hud: Hud, is_covered: bool) -> bool:
        """Give what is not the controls the wider side of them; tell whether there is none that is wide enough."""
        sheet, width = self._sheet, float(self._sheet.size[0])
        if hud.controls is None or is_covered:
            return False
        left, right = self.knobs.span(hud.controls)
        wider = (0.0, left) if left >= width - right else (right, width)
        is_narrow = wider[1] - wider[0] < NARROWEST_PX * sheet.scale
        sheet.beside = sheet.beside if is_narrow else wider
        return is_narrow

    def _draw_sheets(self, hud: Hud) -> None:
        """Draw what lies over all else."""
        if hud.album is not None:
            self.album.draw(hud.album, hud.notice)
        else:
            self.album.put_away()
        if hud.help is not None:
            self._key = self.help.draw(hud.help, hud.search) or self._key

    def _draw_controls(self, hud: Hud, is_away: bool, is_grabbed: bool) -> None:
        """Draw the controls, where there is room for a few of them."""
        self.has_room = self._sheet.room >= LEAST_PX * self._sheet.scale
        if hud.controls is None or is_away or not self.has_room:
            self.keys.put_away()
            return
        self.keys.take_early()
        self.knobs.draw(hud.controls, hud.buttons, quiet=is_grabbed or self.keys.is_walking)

    def _say(self, hud: Hud, mouse: tuple[float, float], takes_room: bool = False) -> Box | None:
        """Say why there is no picture, and draw the notice or the caption; tell where that is."""
        sheet = self._sheet
        self.linked.put_away()
        if hud.veil:
            self._take_room(draw_veiled(sheet, hud.veil, is_low=takes_room), takes_room)
        if hud.album is not None and self.album.says(hud.notice):
            return None
        said: Box | None = None
        if hud.notice and hud.link:
            said = self.linked.draw(hud.notice, hud.link, mouse)
        elif hud.notice:
            said = draw_notice(sheet, hud.notice)
        elif hud.caption and hud.help is None and hud.album is None:
            said = draw_caption(sheet, hud.caption)
        self._take_room(said, takes_room)
        return said

    def _take_room(self, box: Box | None, takes_room: bool) -> None:
        if box and takes_room:
            self._sheet.strip = self._sheet.size[1] - box[1]
