"""Where on the guided tour we are, and its card for the window."""

from dataclasses import replace

from weightscape.scene.key_help import key_label
from weightscape.scene.scene import Scene
from weightscape.scene.tour import stations
from weightscape.window.message import Station


class Tour:
    """Walk through the stations; who leaves the tour and comes back goes on where it was left, or, at its end, anew."""

    def __init__(self) -> None:
        self._at = 0
        self.is_on = False

    def begin(self) -> Scene:
        """Go to the station where the tour was left, at first and after the last to the first, and return its scene."""
        self._at = 0 if self.is_last(1) else self._at
        self.is_on = True
        return stations()[self._at].scene

    def is_last(self, by: int) -> bool:
        """Tell whether there is no station `by` further on."""
        return not 0 <= self._at + by < len(stations())

    def turn(self, by: int) -> Scene:
        """Go `by` stations on and return the scene."""
        self._at += by
        return stations()[self._at].scene

    @property
    def told(self) -> str:
        """Name the station; "" while the tour is off."""
        station = stations()[self._at]
        return f"station {self._at + 1} of {len(stations())}: {station.title}" if self.is_on else ""

    def card(self, scene: Scene) -> Station | None:
        """Make the card of the station; None while the tour is off.

        Of the station whose scene is seen, if it is one's, at any time and whatever the cursor does, for Backspace
        leads back on the tour, too.
        """
        if not self.is_on:
            return None
        still = replace(scene, time=0.0, probe=(0.0, 0.0))
        self._at = next((n for n, each in enumerate(stations()) if each.scene == still), self._at)
        station = stations()[self._at]
        keys = " ".join(map(key_label, station.keys))
        return Station(self._at + 1, len(stations()), station.title, station.text, keys, station.trial)
