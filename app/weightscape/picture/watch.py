"""Who looks after a long computation: whether it is still wanted, and who hears how far it is."""

from collections.abc import Callable
from dataclasses import dataclass

from weightscape.network.interrupt import ignore, never

Progress = Callable[[float], object]


@dataclass(frozen=True)
class Watch:
    """Hold `cancelled()`, which ends a computation with Cancelled once it is true, and `progress(0..1)`."""

    cancelled: Callable[[], bool] = never
    progress: Progress = ignore

    def share(self, n: int, count: int) -> "Watch":
        """Watch the n-th of `count` parts of equal size."""
        return Watch(self.cancelled, lambda done: self.progress((n + done) / count))

    def counting(self, points: int) -> Callable[[int], None]:
        """Make a counter of points that tells which fraction of `points` is done."""
        done = 0

        def count(more: int) -> None:
            nonlocal done
            done += more
            self.progress(min(done / points, 1.0))

        return count


UNWATCHED = Watch()
