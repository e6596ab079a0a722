"""Clocks that tests hand in: what a budget does then hangs on no processor."""

from itertools import count
from typing import Any


def ticks() -> Any:
    """Make a clock that is a second further each time it is asked: seconds then count what was timed."""
    return count(0.0).__next__


class WorkClock:
    """A clock for a compute engine on a GPU that does `rate` operations a second and nothing else."""

    def __init__(self, rate: float) -> None:
        self.rate, self.now = rate, 0.0
        self.engine: Any = None
        self.spans: list[float] = []

    def __call__(self) -> float:
        # The engine asks before the first dispatch of a group and once the group is waited for.
        if self.engine._pending:
            self.spans.append(self.engine._pending / self.rate)
            self.now += self.spans[-1]
        return self.now
