"""Two presses of a button that are one double click: soon after each other, and near."""

from __future__ import annotations

import math
import time

SECONDS, PX = 0.4, 6.0  # at most; at 96 dots an inch


class DoubleClick:
    """Remember where the first of two clicks was, and when."""

    def __init__(self) -> None:
        self._first = 0.0, 0.0, -math.inf

    def is_second(self, x: float, y: float, scale: float) -> bool:
        """Take in a click of now; tell whether it is the second one. A third one is a first one again."""
        (left, top, then), now = self._first, time.perf_counter()
        is_second = now - then < SECONDS and max(abs(x - left), abs(y - top)) < PX * scale
        self._first = x, y, -math.inf if is_second else now
        return is_second
