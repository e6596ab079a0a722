"""The measurement as one picture: bars for each network, and how the cost grows with layers, width and pixels."""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import TYPE_CHECKING, Any

from weightscape.bench.report import label, number
from weightscape.file.whole_file import whole_file
from weightscape.publish.plot import COLOURS, INK, PALE, STYLE, check
from weightscape.publish.still import suffix

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Row = Mapping[str, Any]

INCHES, DPI = (12.0, 7.2), 150
# Of our engines in their own colours, which the growth panels share; rivals are grey, and named beside their bars.
RIVAL = "#999999"
MARKS = "osD^v"


@contextmanager
def chart(path: str | None) -> Iterator[Callable[[Mapping[str, Any]], object]]:
    """Give a function that draws a measurement into a file; without a path it does nothing.

    Raises ValueError for another name than .png, FileError without matplotlib and where no file can be: at
    once, not when everything has been measured.
    """
    if path is None:
        yield bool
        return
    suffix(path, (".png",))
    check()
    with whole_file(path) as file:
        yield lambda found: file.write(png(found))


def png(found: Mapping[str, Any]) -> bytes:
    """Draw a measurement: the bytes of a PNG file. Needs matplotlib."""
    from matplotlib import rc_context, style
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with rc_context():
        style.use("default")
        with rc_context(STYLE):
            canvas: Any = Figure(figsize=INCHES, dpi=DPI, facecolor="white", layout="constrained")
            FigureCanvasAgg(canvas)
            canvas.get_layout_engine().set(w_pad=0.1, h_pad=0.08)
            _draw(canvas, found)
            file = io.BytesIO()
            canvas.savefig(file, format="png")
    return file.getvalue()


def _draw(canvas: Any, found: Mapping[str, Any]) -> None:
    networks = [list(rows) for _, rows in groupby(found["rows"], lambda row: (row["network"], row["size"]))]
    series = [list(rows) for _, rows in groupby(found["growth"], lambda row: row["what"])]
    colours = _colours([*found["rows"], *found["growth"]])
    parts = [part for part in (networks, series) if part]
    if not parts:
        return
    panels = canvas.subfigures(len(parts), 1, squeeze=False, height_ratios=[1.0] * len(parts))[:, 0]
    for panel, part in zip(panels, parts, strict=True):
        draw = _bars if part is networks else _lines
        for axes, rows in zip(panel.subplots(1, len(part), squeeze=False)[0], part, strict=True):
            draw(axes, rows, colours)
    about = found["machine"]
    canvas.suptitle(f"{about['cpu']}, {about['cores']} cores; {about['renderer'] or 'no OpenGL'}", color=INK)


def _colours(rows: Sequence[Row]) -> dict[str, str]:
    """Give each engine of ours a colour that colour-blind readers can tell from the others."""
    names = dict.fromkeys(row["name"] for row in rows if row.get("kind") != "rival")
    return dict(zip(names, COLOURS * len(names), strict=False))


def _bars(axes: "Axes", rows: Sequence[Row], colours: Mapping[str, str]) -> None:
    """Draw how many pixels a second everybody computes, the quickest on top, with names and numbers in the plot."""
    rows = sorted(rows, key=lambda row: row["mpx_s"])
    most = rows[-1]["mpx_s"]
    for place, row in enumerate(rows):
        speed = row["mpx_s"]
        axes.barh(place, speed, height=0.36, color=colours.get(row["name"], RIVAL))
        axes.text(0.0, place + 0.24, f"{label(row)}  {number(speed)}", va="bottom", fontsize=6.5)
    axes.set_title(f"{rows[0]['network']}, {'x'.join(map(str, rows[0]['size']))}", loc="left")
    axes.set_xlim(0.0, 1.05 * most)
    axes.set_ylim(-0.5, len(rows) - 0.1)
    axes.set_yticks([])
    axes.locator_params(axis="x", nbins=4)
    axes.spines["left"].set_visible(False)
    axes.set_xlabel("million pixels a second")


def _lines(axes: "Axes", rows: Sequence[Row], colours: Mapping[str, str]) -> None:
    """Draw an engine's seconds along a series, and its ideal as a thin line, both axes logarithmic."""
    for mark, row in zip(MARKS * len(rows), rows, strict=False):
        colour = colours[row["name"]]
        axes.plot(row["numbers"], row["ideal_s"], color=colour, linewidth=0.8, linestyle="--")
        axes.plot(row["numbers"], row["median_s"], color=colour, marker=mark, markersize=4.0, label=label(row))
    numbers = max((row["numbers"] for row in rows), key=len)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xticks(numbers, [_side(n) if rows[0]["what"] == "pixels" else str(n) for n in numbers])
    axes.minorticks_off()
    axes.grid(color=PALE, linewidth=0.5)
    axes.set_title(f"{rows[0]['what']} ({rows[0]['fixed']})", loc="left")
    axes.set_ylabel("seconds; dashed: ideal")
    axes.legend(frameon=False, fontsize=7.0)


def _side(pixels: int) -> str:
    return f"{round(pixels**0.5)}²"
