"""The article's figures as files: joins the table, the engines, plots, films and the PNG writer.

A row of panels is held at a time, so that sheets of any size fit in memory.
"""

import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from weightscape.engine.choice import opened
from weightscape.engine.question import Engine
from weightscape.file.frame_folder import make_folder
from weightscape.file.png import write_png
from weightscape.file.video import check_library
from weightscape.network.interrupt import ignore
from weightscape.network.view import Size
from weightscape.picture.bands import picture_bands
from weightscape.picture.questions import PrecisionName
from weightscape.picture.watch import Progress, Watch
from weightscape.publish.caption import KEYWORD, caption
from weightscape.publish.still import Still
from weightscape.scene.animation import Animation, Track
from weightscape.scene.figure import FIGURES, Figure, Panel, on_articles_grid, resized
from weightscape.scene.scene import Scene
from weightscape.settings import gpu

Pixels = npt.NDArray[np.uint8]
Told = Callable[[str], object]

FIGURE_KEYWORD = "weightscape-figure"
MIN_SIDE, MAX_SIDE = 8, 4096
GAP = 32  # a gap is this part of a panel's short side
WHITE = 255
FILMS = (".mp4", ".gif")


@dataclass(frozen=True)
class Making:
    """Say how figures are made: into which folder, by which engine, and with which short side (0: as published)."""

    folder: str
    engine: str = "auto"
    precision: PrecisionName = "auto"
    short: int = 0

    @property
    def precise(self) -> PrecisionName:
        """Resolve `auto`: double, as the figures were published, but single for engines that have no other."""
        if self.precision == "auto":
            return "single" if self.engine == "fragment" else "double"
        return self.precision

    def size(self, panel: Panel) -> Size:
        """Tell a panel's size in pixels."""
        return resized(panel.size, self.short) if self.short else panel.size


def chosen(numbers: Sequence[str]) -> tuple[Figure, ...]:
    """Find figures by number, each once and in the order asked for; none named stands for all.

    Raises ValueError for a number that no figure has.
    """
    table = {str(figure.number): figure for figure in FIGURES}
    for text in numbers:
        if text not in table:
            raise ValueError(f"{text!r} is not a figure of the article, 1..{len(FIGURES)}")
    return tuple(table[text] for text in dict.fromkeys(numbers or table))


def parse_side(text: str) -> int:
    """Read a panel's short side in pixels. Raises ValueError with value and range."""
    if text.isdecimal() and len(text) <= 9 and MIN_SIDE <= int(text) <= MAX_SIDE:
        return int(text)
    raise ValueError(f"{text!r} is not a whole number in {MIN_SIDE}..{MAX_SIDE}, the short side of a panel in pixels")


def check(figures: Sequence[Figure]) -> None:
    """Make sure, before any work, that what the figures need is installed. Raises FileError."""
    from weightscape.publish import plot

    if any(panel.drawing != "picture" for figure in figures for panel in figure.panels):
        plot.check()
    for figure in figures:
        if figure.film:
            check_library(f"fig{figure.number:02}{FILMS[0]}")


def write_figures(
    figures: Sequence[Figure], making: Making, progress: Progress = ignore, written: Told = ignore
) -> None:
    """Write panels, sheets and films of figures into a folder, which is made; `written` hears of each file.

    Raises FileError for what cannot be written or is not installed, and EngineError.
    """
    check(figures)
    make_folder(making.folder)
    meter = _Meter(progress, sum(_work(figure, making) for figure in figures))
    with opened(making.engine, gpu=gpu()) as choice:
        for figure in figures:
            write_sheet(figure, making, choice.engine, meter, written)
    for figure in figures:
        if figure.film:
            write_film(figure, making, meter, written)


def write_sheet(figure: Figure, making: Making, engine: Engine, meter: "_Meter", written: Told) -> None:
    """Write a figure's panels, each to its own file, and all of them to one sheet. Raises FileError."""
    path = os.path.join(making.folder, f"fig{figure.number:02}.png")
    rows = _sheet(figure, making, engine, meter, written)
    texts = {FIGURE_KEYWORD: about(figure, making)}
    if len(figure.panels) == 1:  # then the sheet is the panel, and opens like it
        size = making.size(figure.panels[0])
        texts[KEYWORD] = caption(panel_scene(figure.panels[0], size), size, 1, making.precise, path)
    write_png(path, _sheet_size(figure, making), rows, texts)
    written(path)


def write_film(figure: Figure, making: Making, meter: "_Meter", written: Told) -> None:
    """Write a figure that moves as films of each kind, all of the size that each can have. Raises FileError."""
    from weightscape.publish.film import write_films

    film, panel = figure.film, figure.panels[0]
    assert film
    paths, size = _film_paths(figure, making), film_size(figure, making)
    track = Track(film.field, (film.first, film.last), ease="geometric" if film.geometric else "linear")
    animation = Animation(on_articles_grid(panel.scene, size), (track,), film.frames)
    still = Still(size, 1, making.engine, making.precise)
    part = meter.part(_film_work(figure, making))
    for name in write_films(paths, animation, still, Fraction(film.fps), progress=part):
        written(name)


def film_size(figure: Figure, making: Making) -> Size:
    """Tell the size of a figure's films: the panel's, or even sides."""
    from weightscape.publish.film import size_of

    size = making.size(figure.panels[0])
    for path in _film_paths(figure, making):
        size = size_of(path, size)
    return size


def _film_paths(figure: Figure, making: Making) -> list[str]:
    return [os.path.join(making.folder, f"fig{figure.number:02}{suffix}") for suffix in FILMS]


def panel_scene(panel: Panel, size: Size) -> Scene:
    """Tell the scene a panel's file carries: on the article's grid, unless it is a plot."""
    return on_articles_grid(panel.scene, size) if panel.drawing == "picture" else panel.scene


def about(figure: Figure, making: Making) -> str:
    """Write JSON of what a sheet shows, for a PNG's text under FIGURE_KEYWORD; `own_seed`: not the article's."""
    panels: list[dict[str, Any]] = [
        {
            "file": _panel_name(figure, number),
            "label": panel.label,
            "own_seed": panel.own,
            "size": list(making.size(panel)),
            "drawing": panel.drawing,
            "scene": json.loads(panel_scene(panel, making.size(panel)).to_text()),
        }
        for number, panel in enumerate(figure.panels, start=1)
    ]
    facts = {"number": figure.number, "title": figure.title, "caption": figure.caption, "columns": figure.columns}
    return json.dumps(facts | {"precision": making.precise, "panels": panels}, ensure_ascii=False)


class _Meter:
    """Count work that consists of parts, and tell `progress` the fraction of all that is done."""

    def __init__(self, progress: Progress, whole: float) -> None:
        self._progress, self._whole, self._begun = progress, whole, 0.0

    def part(self, amount: float) -> Progress:
        """Begin a part; the function it gives takes the part's own 0..1."""
        before, self._begun = self._begun, self._begun + amount
        return lambda fraction: self._progress(min((before + fraction * amount) / self._whole, 1.0))


def _sheet(figure: Figure, making: Making, engine: Engine, meter: _Meter, written: Told) -> Iterator[Pixels]:
    """Make a sheet row after row, from the top; a row that is not full stands in the middle."""
    width, _ = _sheet_size(figure, making)
    gap = _gap(figure, making)
    numbered = list(enumerate(figure.panels, start=1))
    for start in range(0, len(numbered), figure.columns):
        if start:
            yield _white(gap, width)
        row = [
            _panel(figure, number, making, engine, meter, written)
            for number, _ in numbered[start : start + figure.columns]
        ]
        between = _white(len(row[0]), gap)
        joined = np.concatenate([part for pixels in row for part in (between, pixels)][1:], axis=1)
        band = _white(len(joined), width)
        left = (width - joined.shape[1]) // 2
        band[:, left : left + joined.shape[1]] = joined
        yield band


def _panel(figure: Figure, number: int, making: Making, engine: Engine, meter: _Meter, written: Told) -> Pixels:
    """Make a panel and write it to its file."""
    from weightscape.publish.plot import plot

    panel = figure.panels[number - 1]
    size = making.size(panel)
    scene, progress = panel_scene(panel, size), meter.part(_panel_work(panel, making))
    if panel.drawing == "picture":
        pixels = np.concatenate(list(picture_bands(engine, scene, size, 1, making.precise, Watch(progress=progress))))
    else:
        pixels = plot(panel, size)
    path = os.path.join(making.folder, _panel_name(figure, number))
    write_png(path, size, [pixels], {KEYWORD: caption(scene, size, 1, making.precise, path)})
    written(path)
    return pixels


def _panel_name(figure: Figure, number: int) -> str:
    return f"fig{figure.number:02}-{number:02}.png"


def _gap(figure: Figure, making: Making) -> int:
    return max(1, min(making.size(figure.panels[0])) // GAP)


def _sheet_size(figure: Figure, making: Making) -> Size:
    width, height = making.size(figure.panels[0])
    gap, columns = _gap(figure, making), figure.columns
    rows = -(-len(figure.panels) // columns)
    return columns * width + (columns - 1) * gap, rows * height + (rows - 1) * gap


def _white(rows: int, columns: int) -> Pixels:
    return np.full((rows, columns, 3), WHITE, np.uint8)


def _work(figure: Figure, making: Making) -> float:
    """Estimate the work of a figure, in multiplications: only its share of the whole counts."""
    film = _film_work(figure, making) if figure.film else 0.0
    return sum(_panel_work(panel, making) for panel in figure.panels) + film


def _panel_work(panel: Panel, making: Making) -> float:
    width, height = making.size(panel)
    return float(width * height * panel.scene.layers * panel.scene.width * (panel.scene.width + 10))


def _film_work(figure: Figure, making: Making) -> float:
    assert figure.film
    return figure.film.frames * _panel_work(figure.panels[0], making)
