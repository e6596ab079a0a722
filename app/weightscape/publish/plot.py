"""Plots of a scene's values as an array of pixels: heights over the plane, curves over a line, an activation's graph.

matplotlib draws (extra `figures`, loaded when first needed), on its own canvas: no window, no user's style.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from weightscape.file.whole_file import FileError
from weightscape.lens.catalogue import wants
from weightscape.network.activation import ACTIVATIONS
from weightscape.network.network import Tap, forward
from weightscape.network.view import Size
from weightscape.picture.questions import network
from weightscape.scene.figure import Drawing, Panel
from weightscape.scene.scene import Scene

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

Values = npt.NDArray[np.float64]

SHORT_IN = 3.3  # the short side in inches: with it letters and lines keep their share of the picture
CURVE_POINTS, SURFACE_POINTS = 601, 97
FINE = 3  # surfaces are drawn so many times larger and averaged: matplotlib smooths no edges between their facets
LIGHT = 0.45  # what the light's direction has to do with a surface's brightness
# Okabe and Ito's colours, which colour-blind readers can tell apart.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
INK, PALE = "#333333", "#d8d8d8"
STYLE: Any = {
    "font.family": "DejaVu Sans",
    "font.size": 8.0,
    "axes.titlesize": 9.0,
    "text.color": INK,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.linewidth": 0.6,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 3.0,
    "ytick.major.size": 3.0,
    "lines.linewidth": 1.8,
    "lines.solid_capstyle": "round",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "mathtext.fontset": "dejavusans",
}


def check() -> None:
    """Make sure that plots can be drawn. Raises FileError without matplotlib."""
    try:
        import matplotlib  # noqa: F401
    except ImportError:
        raise FileError("plots need matplotlib: pip install 'weightscape[figures]'") from None


def plot(panel: Panel, size: Size) -> npt.NDArray[np.uint8]:
    """Draw a panel of `size` (width, height) pixels: uint8 (height, width, 3), row 0 on top.

    Raises FileError without matplotlib.
    """
    check()
    fine = FINE if panel.drawing == "heights" else 1
    with _style():
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure as Canvas

        dpi, (width, height) = fine * min(size) / SHORT_IN, (fine * side for side in size)
        # A hundredth of a pixel more, since matplotlib drops what is behind the point.
        canvas = Canvas(figsize=((width + 0.01) / dpi, (height + 0.01) / dpi), dpi=dpi, facecolor="white")
        agg: Any = FigureCanvasAgg(canvas)
        DRAWINGS[panel.drawing](canvas, panel)
        agg.draw()
        pixels = np.asarray(agg.buffer_rgba(), np.uint8)[..., :3]
    blocks = pixels.reshape(size[1], fine, size[0], fine, 3)
    return np.asarray(blocks.mean(axis=(1, 3)) + 0.5, np.uint8)


@contextmanager
def _style() -> Iterator[None]:
    """Draw in this file's style, whatever the user's own is."""
    from matplotlib import rc_context, style

    # matplotlib divides by zero on purpose, here and there.
    with rc_context(), np.errstate(all="ignore"):
        style.use("default")
        with rc_context(STYLE):
            yield


def _values(scene: Scene, points: Values, units: tuple[int, ...] | None = None) -> Values:
    """Evaluate what a scene's lens shows, or `units` of its layer, at points (..., inputs): (..., channels)."""
    made = network(scene)
    tap = wants(scene, made, (1, 1))[0].taps[0]
    wanted = tap if units is None else Tap(tap.layer, units)
    return np.asarray(forward(made, points, (wanted,))[0], np.float64)


def _heights(canvas: "Canvas", panel: Panel) -> None:
    """Draw the values over the square of the scene's view as a surface, coloured by height and lit a little."""
    from matplotlib import colormaps
    from matplotlib.colors import LightSource

    scene = panel.scene
    line = np.linspace(-scene.radius, scene.radius, SURFACE_POINTS)
    x, y = np.meshgrid(line + float(scene.center[0]), line + float(scene.center[1]))
    z = _values(scene, np.stack([x, y], axis=-1))[..., 0]
    low, high = _range(z)
    step, steepness = line[1] - line[0], 1.2 * scene.radius / (high - low)
    light = LightSource(azdeg=290, altdeg=50).hillshade(z, vert_exag=steepness, dx=step, dy=step)
    colours = colormaps["viridis"]((z - low) / (high - low))
    colours[..., :3] *= (1.0 - LIGHT + LIGHT * light)[..., None]
    axes: Any = canvas.add_axes((-0.05, -0.01, 1.03, 1.0), projection="3d")
    axes.computed_zorder = False
    axes.plot_surface(
        x,
        y,
        z,
        rcount=SURFACE_POINTS,
        ccount=SURFACE_POINTS,
        facecolors=colours,
        shade=False,
        linewidth=0,
        antialiased=False,
    )
    axes.set_zlim(low, high)
    _bare_box(axes, (low, high), scene.radius)
    canvas.text(0.5, 0.97, panel.label, ha="center", va="top", fontsize=9.0)


def _bare_box(axes: Any, heights: tuple[float, float], radius: float) -> None:
    """Leave of a 3-D box only three edges, their ends as numbers, and their names."""
    axes.view_init(elev=30.0, azim=-60.0)
    axes.set_box_aspect((1.0, 1.0, 0.75), zoom=0.94)
    for axis, ticks in ((axes.xaxis, (-radius, radius)), (axes.yaxis, (-radius, radius)), (axes.zaxis, heights)):
        axis.pane.set_visible(False)
        axis.line.set_color(INK)
        axis.set_ticks(ticks, [f"{value:.3g}".replace("-", "\N{MINUS SIGN}") for value in ticks])
    axes.grid(False)
    axes.tick_params(pad=-2.0)
    axes.set_xlabel("x", labelpad=-10.0)
    axes.set_ylabel("y", labelpad=-10.0)


def _range(z: Values) -> tuple[float, float]:
    """Round the range of heights outwards: to 0..1 or -1..1 for squashed values, else to whole numbers."""
    low, high = float(np.floor(z.min())), float(np.ceil(z.max()))
    return low, max(high, low + 1.0)


def _curves(canvas: "Canvas", panel: Panel) -> None:
    """Draw values over the line: all units of the lens's layer, or the output; a sum with its parts."""
    scene = panel.scene
    x = np.linspace(-scene.radius, scene.radius, CURVE_POINTS)
    axes = _plain_axes(canvas, panel.label)
    if scene.lens == "unit":
        units = tuple(range(network(scene).widths[1:][scene.layer - 1]))
        for colour, y in zip(COLOURS, _values(scene, x[:, None], units).T, strict=False):
            axes.plot(x, y, color=colour)
    else:
        if scene.output_activation == "identity":
            for colour, y in zip(COLOURS, _parts(scene, x).T, strict=False):
                axes.plot(x, y, color=colour, linewidth=0.9, alpha=0.75)
        axes.plot(x, _values(scene, x[:, None])[:, 0], color=INK, linewidth=2.4)
    lines = [np.asarray(line.get_ydata(), np.float64) for line in axes.lines[2:]]  # after the two of the origin
    top = max(1.0, float(np.ceil(np.abs(lines).max() - 0.05)))
    axes.set_ylim(-1.06 * top, 1.06 * top)
    axes.set_xlim(x[0], x[-1])
    axes.set_yticks([-top, 0.0, top])
    axes.set_xticks([x[0], 0.0, x[-1]])


def _parts(scene: Scene, x: Values) -> Values:
    """Evaluate what each unit of the last hidden layer adds to the one output: (points, units)."""
    made = network(scene)
    (hidden,) = forward(made, x[:, None], (Tap(made.layers - 2),))
    return np.asarray(hidden * made.weights[-1][:, 0], np.float64)


def _graph(canvas: "Canvas", panel: Panel) -> None:
    """Draw the graph of the scene's activation, both axes to the same measure."""
    x = np.linspace(-3.0, 3.0, CURVE_POINTS)
    axes = _plain_axes(canvas, panel.label)
    axes.plot(x, ACTIVATIONS[panel.scene.activation].function(x), color=COLOURS[0], linewidth=2.6, clip_on=False)
    axes.set_xlim(-3.0, 3.0)
    axes.set_ylim(-0.6, 3.0)
    axes.set_xticks([-3, -2, -1, 0, 1, 2, 3])
    axes.set_yticks([0, 1, 2, 3])
    axes.set_aspect("equal")


def _plain_axes(canvas: "Canvas", title: str) -> "Axes":
    """Make axes with two thin lines through the origin and no frame."""
    axes = canvas.add_axes((0.1, 0.11, 0.86, 0.76))
    axes.axhline(0.0, color=PALE, linewidth=0.8, zorder=0)
    axes.axvline(0.0, color=PALE, linewidth=0.8, zorder=0)
    axes.set_title(title, pad=8.0)
    return axes


DRAWINGS: dict[Drawing, Callable[["Canvas", Panel], None]] = {"heights": _heights, "curves": _curves, "graph": _graph}
