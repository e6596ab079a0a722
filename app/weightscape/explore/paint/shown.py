"""What the window's canvas shows, from what it has been told: what the next picture may have of the last one."""

from collections.abc import Sequence

from weightscape.explore.paint.request import Painted, Request
from weightscape.gpu.shader_file import FILES
from weightscape.picture.chart_exposure import KeptPlate
from weightscape.picture.reuse import Kept


class Shown:
    """Hold what the last picture's parts hand on, and whether the canvas still shows that picture."""

    def __init__(self) -> None:
        self._kept: Sequence[Kept | None] = ()
        self._size, self._number = (0, 0), 0  # the picture's, and its request's, 0 while it is painted over
        self._told = 0  # number of the last request that was told of
        self._edition = FILES.edition  # of the shaders that made the picture

    def tell(self, painted: Painted) -> None:
        """Take in what the canvas is told."""
        self._told = painted.request.number

    def disturb(self) -> None:
        """Take in that the canvas is between two pictures, until a pass is over."""
        self._number = 0

    def keep(self, kept: Sequence[Kept | None], request: Request) -> None:
        """Take in that a pass is over: the canvas shows a whole picture."""
        self._kept, self._size, self._number = kept, request.size, request.number

    def keep_unfinished(self, kept: Sequence[Kept | None], request: Request) -> None:
        """Take in that a picture is given up: most of what the canvas shows of it may be fine."""
        if len(kept) == 1 and kept[0] and self._told == request.number:
            self.keep(kept, request)

    def kept_for(self, request: Request) -> Sequence[Kept | None]:
        """Tell what the last picture hands on: what is nowhere but on the canvas, only while that shows it."""
        if self._edition != FILES.edition:
            self._edition, self._kept = FILES.edition, ()
        if self._size != request.size:
            return ()
        return [each if each and (each.values is not None or self._has(each)) else None for each in self._kept]

    @property
    def is_movable(self) -> bool:
        """Tell whether the canvas shows the last picture, a single one, and moves it itself."""
        return len(self._kept) == 1 and self._told == self._number

    def _has(self, kept: Kept) -> bool:
        """Tell whether the canvas shows a part: charts do not move, and may stand side by side."""
        return self.is_movable or (isinstance(kept, KeptPlate) and self._told == self._number)
