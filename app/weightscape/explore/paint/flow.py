"""Pictures that flow: while time runs or a hand moves, quick even frames; once it rests, the whole picture.

Time is handed in.
"""

import math

# Deeds that follow each other faster are of one hand that moves: a held key, a wheel, a knob that is turned.
QUICK_S = 0.15
# The painter's part of a frame; the rest is for drawing it.
SHARE = 0.75


class Flow:
    """Remember whether the picture that was asked for last is one of many, and when its rest is due."""

    def __init__(self) -> None:
        self.is_on = False
        self._deed_s, self._due_s = -math.inf, 0.0

    def ask(self, now_s: float, is_deed: bool, is_moving: bool) -> bool:
        """Tell whether a picture asked for now flows: time `is_moving` it, or a deed follows the last one quickly."""
        is_quick = is_deed and now_s - self._deed_s < QUICK_S
        self._deed_s = now_s if is_deed else self._deed_s
        self.is_on, self._due_s = is_moving or is_quick, now_s + QUICK_S if is_quick else now_s
        return self.is_on

    def end(self) -> None:
        """Wait for no rest: it has been asked for, or comes unasked."""
        self.is_on = False

    @property
    def due_s(self) -> float:
        """Tell when the rest of the picture is due, never where none is."""
        return self._due_s if self.is_on else math.inf
