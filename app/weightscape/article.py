"""The article in the window: where in its figures we are, and small pictures of them.

The pictures are computed by a thread of their own the first time the strip is opened.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from weightscape.model.figure import FIGURES, Figure
from weightscape.model.scene import Scene
from weightscape.picture import field, render

THUMB_PX = 96
PANELS = tuple((figure, panel) for figure in FIGURES for panel in figure.panels)

Thumbnail = npt.NDArray[np.uint8]


class Article:
    """Walk through the article's panels; `wake` is called when a thumbnail is there."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._place = -1
        self._thumbnails: list[Future[Thumbnail]] = []
        self._artist: ThreadPoolExecutor | None = None

    def step(self, by: int) -> Scene:
        """Go to the next panel (or the one `by` further), round and round, and return its scene."""
        self._place = (max(self._place, 0 if by < 0 else -1) + by) % len(PANELS)
        return self.scene

    def go(self, figure: int) -> Scene:
        """Go to the first panel of a figure, counted from 0, and return its scene."""
        self._place = next(n for n, (found, _) in enumerate(PANELS) if found is FIGURES[figure])
        return self.scene

    @property
    def scene(self) -> Scene:
        """Tell the scene of the current panel."""
        return PANELS[self._place][1].scene

    @property
    def caption(self) -> str:
        """Say in one line what the current panel shows."""
        figure, panel = PANELS[self._place]
        return f"{_name(figure)}, {panel.label}: {figure.caption}"

    def is_at(self, figure: int, scene: Scene) -> bool:
        """Tell whether a figure is the current one, and `scene` still its network."""
        return self._place >= 0 and PANELS[self._place][0] is FIGURES[figure] and self.scene.seed == scene.seed

    def labels(self) -> tuple[tuple[str, str], ...]:
        """List a short name and the caption of every figure."""
        return tuple((_name(figure), f"{figure.title}. {figure.caption}") for figure in FIGURES)

    def thumbnails(self) -> list[Thumbnail | None]:
        """Tell the pictures of all figures, as far as they are there; the first call begins to compute them."""
        if self._artist is None:
            self._artist = ThreadPoolExecutor(1, "article")
            self._thumbnails = [self._artist.submit(_thumbnail, figure) for figure in FIGURES]
            for future in self._thumbnails:
                future.add_done_callback(lambda _: self._wake())
        return [f.result() if f.done() and not f.cancelled() else None for f in self._thumbnails]

    def close(self) -> None:
        """Stop computing."""
        if self._artist:
            self._artist.shutdown(cancel_futures=True)


def _name(figure: Figure) -> str:
    return f"Figure {figure.number}"


def _thumbnail(figure: Figure) -> Thumbnail:
    panel = figure.panels[len(figure.panels) // 2]
    if panel.drawing in ("curves", "graph"):
        return _curves(panel.scene)
    return render(replace(panel.scene, quantise="round"), size=(THUMB_PX, THUMB_PX), samples=2, engine="numpy")


def _curves(scene: Scene) -> Thumbnail:
    """Draw the outputs along a horizontal line, each a light curve on dark ground."""
    fine = 4 * THUMB_PX
    (values,) = field(replace(scene, radius=scene.radius / fine), size=(fine, 1), engine="numpy")
    low, high = values.min(), max(values.max(), values.min() + 1e-6)
    rows = np.round((0.9 - 0.8 * (values - low) / (high - low)) * (THUMB_PX - 1)).astype(int)
    drawn = np.full((THUMB_PX, THUMB_PX, 3), 28, np.uint8)
    for offset in (0, 1):
        drawn[np.minimum(rows + offset, THUMB_PX - 1), np.arange(fine)[:, None] // 4] = (135, 190, 250)
    return drawn
