"""Small pictures on the GPU, for strips and sheets of the window: those seen last stay, up to a number."""

from collections.abc import Callable, Hashable, Sequence
from typing import Generic, TypeVar

from weightscape.explore.paint.artist import Artist, Thumbnail

Subject = TypeVar("Subject", bound=Hashable)
# So many may be seen at once, and as many more are a scroll away.
MOST = 400


class Thumbs(Generic[Subject]):
    """Hand out the numbers of an artist's pictures on the GPU; `keep` uploads one, `drop` frees one."""

    def __init__(
        self, artist: Artist[Subject], keep: Callable[[Thumbnail], int], drop: Callable[[int], object]
    ) -> None:
        self._artist, self._keep, self._drop = artist, keep, drop
        self._numbers: dict[Subject, int] = {}

    def of(self, wanted: Sequence[Subject]) -> list[int]:
        """Tell the numbers of pictures, 0 for those that are not there yet; they are drawn, the first one first."""
        for subject, pixels in zip(wanted, self._artist.pictures(wanted), strict=True):
            number = self._numbers.pop(subject, 0)
            if not number and pixels is not None:
                number = self._keep(pixels)
            if number:
                self._numbers[subject] = number  # the last to be dropped
        for oldest in [*self._numbers][: -max(MOST, len(wanted))]:
            self._drop(self._numbers.pop(oldest))
        return [self._numbers.get(subject, 0) for subject in wanted]
