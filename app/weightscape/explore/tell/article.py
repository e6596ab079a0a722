"""The article in the window: where in its figures we are, and small pictures of them.

The pictures are computed by a thread of their own the first time the strip is opened.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from weightscape.engine.choice import opened
from weightscape.explore.paint.artist import Artist, Thumbnail, thumbnail
from weightscape.network.view import View
from weightscape.picture.bands import field_bands
from weightscape.picture.watch import Watch
from weightscape.publish.capture import NICENESS
from weightscape.scene.figure import FIGURES, Figure, Panel, as_picture
from weightscape.scene.scene import Scene
from weightscape.scene.tour import stations

THUMB_PX = 96
TOUR = -1  # stands before the figures
PANELS = tuple((figure, panel) for figure in FIGURES for panel in figure.panels)


class Article:
    """Walk through the article's figures and panels; `wake` is called when a thumbnail is there."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._place: int | None = None  # in PANELS, once a panel was shown
        self.artist: Artist[int] = Artist(_picture, wake)

    def turn(self, by: int) -> Scene:
        """Go `by` figures on, to the first panel, and return its scene."""
        now = None if self._place is None else FIGURES.index(PANELS[self._place][0])
        return self.go(_moved(now, by, len(FIGURES)))

    def go(self, figure: int) -> Scene:
        """Go to the first panel of a figure, counted from 0, and return its scene."""
        return self._at(next(n for n, (found, _) in enumerate(PANELS) if found is FIGURES[figure]))

    def step(self, by: int) -> Scene:
        """Go `by` panels on and return the scene."""
        return self._at(_moved(self._place, by, len(PANELS)))

    @property
    def name(self) -> str:
        """Name the current figure; "" where none was shown yet."""
        return "" if self._place is None else _name(PANELS[self._place][0])

    @property
    def caption(self) -> str:
        """Say in one line what the current panel shows, and what the window shows in place of a plot; else ""."""
        if self._place is None:
            return ""
        figure, panel = PANELS[self._place]
        return f"{_name(figure)}, {panel.label}{_excuse(panel)}: {figure.caption}"

    def shows(self, scene: Scene) -> bool:
        """Tell whether a scene is the current panel's, whatever the view and the time."""
        return self._place is not None and _unseen(scene) == _unseen(as_picture(PANELS[self._place][1]))

    def is_at(self, figure: int, scene: Scene) -> bool:
        """Tell whether a figure is the current one, and `scene` still its current panel's."""
        return self.shows(scene) and self._place is not None and PANELS[self._place][0] is FIGURES[figure]

    def labels(self) -> tuple[tuple[str, str], ...]:
        """List a short name and the caption of every figure."""
        return tuple((_name(figure), f"{figure.title}. {figure.caption}") for figure in FIGURES)

    def close(self) -> None:
        """Stop computing, also what is half done."""
        self.artist.close()

    def _at(self, place: int) -> Scene:
        self._place = place
        return as_picture(PANELS[place][1])


def _moved(place: int | None, by: int, count: int) -> int:
    """Go on, round and round; from nowhere to the first place, or backwards to the last."""
    if place is None:
        return 0 if by > 0 else count - 1
    return (place + by) % count


def _unseen(scene: Scene) -> Scene:
    """Take away what changes while a panel is looked at."""
    return replace(scene.looking(View()), time=0.0)


def _name(figure: Figure) -> str:
    return f"Figure {figure.number}"


def _excuse(panel: Panel) -> str:
    """Say of a plot that the window shows something else."""
    if panel.drawing == "picture":
        return ""
    live = as_picture(panel).output_activation
    squashed = f" through {live}" if live != panel.scene.output_activation else ""
    instead = "a unit of a relu network" if panel.drawing == "graph" else "the same network"
    return f" (drawn as a plot in the article; here {instead} as a picture{squashed})"


def _picture(number: int, cancelled: Callable[[], bool]) -> Thumbnail:
    """Draw the figure of a number, or the tour's first station. Raises engine.question.Cancelled."""
    if number == TOUR:
        return thumbnail(stations()[0].scene, (THUMB_PX, THUMB_PX), cancelled)
    return _thumbnail(FIGURES[number], cancelled)


def _thumbnail(figure: Figure, cancelled: Callable[[], bool]) -> Thumbnail:
    """Draw the figure's middle panel. Raises engine.question.Cancelled."""
    panel = figure.panels[len(figure.panels) // 2]
    if panel.drawing in ("curves", "graph"):
        return _curves(panel.scene, cancelled)
    return thumbnail(replace(as_picture(panel), quantise="round"), (THUMB_PX, THUMB_PX), cancelled)


def _curves(scene: Scene, cancelled: Callable[[], bool]) -> Thumbnail:
    """Draw the outputs along a horizontal line, each a light curve on dark ground."""
    fine = 4 * THUMB_PX
    thin = replace(scene, radius=scene.radius / fine)
    with opened("numpy", niceness=NICENESS) as choice:
        ((values,),) = field_bands(choice.engine, thin, (fine, 1), "single", Watch(cancelled))
    low, high = values.min(), max(values.max(), values.min() + 1e-6)
    rows = np.round((0.9 - 0.8 * (values - low) / (high - low)) * (THUMB_PX - 1)).astype(int)
    drawn = np.full((THUMB_PX, THUMB_PX, 3), 28, np.uint8)
    for offset in (0, 1):
        drawn[np.minimum(rows + offset, THUMB_PX - 1), np.arange(fine)[:, None] // 4] = (135, 190, 250)
    return drawn
