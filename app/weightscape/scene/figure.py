"""The figures of "A Visual Exploration of Random Neural Networks" (T. Neylon, 2018) as data.

Seeds, scales and views are those of the published pictures. Where the article gives no numbers the panel is marked
`own`: the numbers are a choice of ours that shows what the figure is about. Draws nothing.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal

from weightscape.network.view import EXACT, Size, trimmed
from weightscape.scene.scene import Scene

Kind = Literal["raster", "plot", "film"]
# How a panel is drawn: its scene's picture, or a plot of its scene's values.
Drawing = Literal["picture", "heights", "curves", "graph"]

STAR = (Decimal(-1), Decimal(0))  # where every first line of a tied network meets


@dataclass(frozen=True)
class Panel:
    """Hold one picture of a figure: `size` as published (width, height); `own` numbers are ours."""

    label: str
    scene: Scene
    size: Size
    own: bool = False
    drawing: Drawing = "picture"


@dataclass(frozen=True)
class Film:
    """Say how a figure moves: one field of its first panel's scene, from `first` to `last`.

    `geometric`: equal ratios in equal times. 25 frames a second, which a gif's clock can count.
    """

    field: str
    first: float
    last: float
    geometric: bool = False
    frames: int = 200
    fps: int = 25


@dataclass(frozen=True)
class Figure:
    """Hold a figure: panels in reading order over `columns`, a title, and a line about what it shows.

    The panels of a film are stills from it.
    """

    number: int
    title: str
    caption: str
    kind: Kind
    columns: int
    panels: tuple[Panel, ...]
    film: Film | None = None


def on_articles_grid(scene: Scene, size: Size) -> Scene:
    """Move a scene's view so that pixels of a picture of `size` stand where the article has them.

    The article samples the left and upper edge, not the pixels' middles: column i of N at x = cx - L + 2 L i / N.
    Half a pixel to the left and up, of a picture whose short side is 2 L.
    """
    half = EXACT.divide(Decimal(repr(scene.radius)), Decimal(min(size)))
    x, y = scene.center
    return replace(scene, center=trimmed((EXACT.subtract(x, half), EXACT.add(y, half)), scene.radius))


def as_picture(panel: Panel) -> Scene:
    """Tell the scene whose picture stands for a panel: a plot's has all its values in a palette's range.

    So a weighted sum goes through softsign, from -1 to 1, and the relu unit has smaller weights.
    """
    scene = panel.scene
    if panel.drawing == "picture":
        return scene
    if panel.drawing == "graph":
        return replace(scene, scale=0.24)
    if panel.drawing == "heights":
        scene = replace(scene, palette="viridis")  # as the plot has it
    if scene.weights:
        return scene
    if scene.output_activation == "identity":
        scene = replace(scene, output_activation="softsign")
    # The lens of units maps -1..1 to the palette, where the outputs' own would cut off what is below 0.
    return scene if scene.lens == "unit" else replace(scene, lens="unit", layer=0, unit=0)


def resized(size: Size, short: int) -> Size:
    """Scale a size so that its short side has `short` pixels; sides keep their ratio as well as whole pixels can."""
    width, height = size
    scale = short / min(size)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _scene(**changes: Any) -> Scene:
    """Make a scene with the article's 8 bits."""
    return Scene(**{"quantise": "floor"} | changes)


def _raster(
    number: int, title: str, caption: str, columns: int, side: int | Size, *scenes: tuple[str, Scene], own: bool = False
) -> Figure:
    size = (side, side) if isinstance(side, int) else side
    panels = tuple(Panel(label, scene, size, own) for label, scene in scenes)
    return Figure(number, title, caption, "raster", columns, panels)


def _title() -> Figure:
    scene = _scene(seed=15, radius=2.0)
    return _raster(
        1,
        "A random network",
        "One random network: each pixel's colour is its answer at a point of the plane.",
        1,
        (1200, 480),
        ("seed 15", scene),
        own=True,
    )


def _cross_section() -> Figure:
    scene = _scene(seed=15, layers=18, inputs=("x", "y", "cos_t", "sin_t"), radius=2.0)
    panels = tuple(
        Panel(f"time {turn:g}", replace(scene, time=turn), (400, 400), own=True) for turn in (0.0, 0.25, 0.5, 0.75)
    )
    return Figure(
        2,
        "A moving cross-section",
        "Four inputs: two are the plane, two go round a circle; the picture is a slice that moves through the rest.",
        "film",
        4,
        panels,
        Film("time", 0.0, 1.0),
    )


def _one_unit() -> Figure:
    scene = _scene(weights="figure-3", radius=1.0, palette="grey")
    panels = (Panel("as heights", scene, (400, 400), drawing="heights"), Panel("as brightness", scene, (400, 400)))
    return Figure(
        3,
        "One unit",
        "A plane squashed by a sigmoid: one unit of a network, as heights and as shades of grey.",
        "plot",
        2,
        panels,
    )


def _curves() -> Figure:
    scene = _scene(
        seed=8366,
        inputs=("x",),
        layers=2,
        width=3,
        outputs=1,
        output_activation="tanh",
        tied=False,
        scale=2.5,
        radius=3.0,
        palette="grey",
    )
    shown = (
        ("hidden units", replace(scene, lens="unit", layer=1)),
        ("weighted sum", replace(scene, output_activation="identity")),
        ("tanh of the sum", scene),
    )
    panels = tuple(Panel(label, each, (440, 330), own=True, drawing="curves") for label, each in shown)
    return Figure(
        4, "A network of one input", "S-curves are weighted and added; the sum is squashed again.", "plot", 3, panels
    )


def _heights() -> Figure:
    scene = _scene(seed=175, layers=2, width=3, outputs=1, tied=False, scale=2.5, radius=2.0, palette="grey")
    shown = (
        *((f"unit {unit + 1}", replace(scene, lens="unit", layer=1, unit=unit)) for unit in range(3)),
        ("weighted sum", replace(scene, output_activation="identity")),
        ("sigmoid of the sum", scene),
    )
    panels = tuple(Panel(label, each, (400, 400), own=True, drawing="heights") for label, each in shown)
    return Figure(
        5,
        "A network of two inputs",
        "Three squashed planes, their weighted sum, and the sigmoid of that sum.",
        "plot",
        3,
        panels,
    )


def _three_outputs() -> Figure:
    scene = _scene(seed=22, layers=6, width=20, scale=0.9, radius=2.0)
    grey = replace(scene, lens="unit", palette="grey")
    outputs = ((name, replace(grey, unit=unit)) for unit, name in enumerate(("red", "green", "blue")))
    return _raster(
        6,
        "Three outputs, one colour",
        "A network's three outputs in grey, then together as red, green and blue.",
        4,
        400,
        *outputs,
        ("together", scene),
        own=True,
    )


def _one_layer() -> Figure:
    return _raster(
        7,
        "One layer",
        "Without hidden layers each colour channel is one soft step across the plane.",
        3,
        400,
        *((f"seed {seed}", _scene(seed=seed, layers=1, scale=2.0, radius=3.0)) for seed in (0, 2, 4, 1, 3, 5)),
    )


def _two_layers() -> Figure:
    scenes = (
        (f"seed {seed}", _scene(seed=seed, layers=2, width=10, scale=3.0, radius=2.0)) for seed in (6, 8, 10, 7, 9, 11)
    )
    return _raster(8, "Two layers", "One hidden layer of ten units: the steps bend and meet.", 3, 400, *scenes)


def _depths() -> Figure:
    scenes = (
        (f"seed {seed}, {layers} layers", _scene(seed=seed, layers=layers, width=20, scale=1.0, radius=2.0))
        for seed in (21, 31, 41, 51)
        for layers in range(1, 11)
    )
    return _raster(9, "Depth", "Four networks, a row each, cut after 1 to 10 layers.", 10, 160, *scenes)


def _eighteen() -> Figure:
    scenes = ((f"{layers} layers", _scene(layers=layers, radius=3.0)) for layers in range(2, 20))
    return _raster(
        10, "Layer by layer", "One network at 18 depths: each layer folds the picture once more.", 3, 400, *scenes
    )


def _favourite(number: int, title: str, caption: str, layers: int = 27) -> Figure:
    return _raster(number, title, caption, 1, 800, (f"{layers} layers", _scene(layers=layers)))


def _relu_graph() -> Figure:
    scene = _scene(seed=18, layers=2, width=20, activation="relu", lens="unit", layer=1, radius=2.0, palette="grey")
    panel = Panel("relu", scene, (480, 360), drawing="graph")
    return Figure(13, "relu", "relu: nothing below zero, the number itself above.", "plot", 1, (panel,))


def _patchwork() -> Figure:
    scenes = (
        (
            f"{name}, {layers} layers",
            _scene(seed=seed, layers=layers, width=20, activation=name, scale=scale, radius=2.0),
        )
        for name, seed, scale in (("tanh", 10, 0.9), ("relu", 18, 0.7))
        for layers in (1, 6, 11, 16)
    )
    return _raster(
        14, "tanh and relu", "tanh above, relu below: relu makes patchworks of straight pieces.", 4, 364, *scenes
    )


def _wide(width: int, radius: float = 1.0) -> Scene:
    return _scene(seed=1198, layers=14, width=width, scale=0.53, radius=radius)


def _widths() -> Figure:
    scenes = ((f"width {width}", _wide(width)) for width in (10, 20, 40, 80, 120, 400))
    return _raster(
        15,
        "Width",
        "Fourteen layers of 10 to 400 units: wider networks have detail everywhere.",
        3,
        400,
        *scenes,
        own=True,
    )


def _wide_zoom() -> Figure:
    return _raster(
        16,
        "Into the widest",
        "The network of 400 units, 30 times closer: what looked like static is smooth.",
        1,
        (2000, 627),
        ("width 400, 30 times closer", _wide(400, 1.0 / 30.0)),
        own=True,
    )


def _zooms() -> Figure:
    radii = (40.0, 20.0, 10.0, 5.0, 2.5, 1.0, 0.5, 0.25, 0.1)
    return _raster(
        18,
        "Nine zooms",
        "From far away a star of rays, from close by a smooth slope; the riches lie between.",
        3,
        440,
        *((f"radius {radius:g}", _scene(radius=radius, center=STAR)) for radius in radii),
    )


def _scales() -> Figure:
    scenes = (
        (f"scale {scale:.3g}", _scene(seed=53, scale=scale, radius=1.0, center=STAR))
        for scale in (0.5 * 2.0 ** (k / 8.0) for k in range(9))
    )
    return _raster(19, "Nine weight scales", "The same numbers, ever larger: from order to static.", 3, 440, *scenes)


def _scale_film() -> Figure:
    panels = tuple(
        Panel(f"scale {scale:.3g}", _scene(seed=53, scale=scale, radius=1.0, center=STAR), (440, 440))
        for scale in (0.4 * 2.0 ** (k / 4.0) for k in range(5))
    )
    return Figure(
        20,
        "Weight scale in motion",
        "The weights of one network grow from 0.4 to 0.8, and order turns into static.",
        "film",
        5,
        panels,
        Film("scale", 0.4, 0.8, geometric=True),
    )


FIGURES = (
    _title(),
    _cross_section(),
    _one_unit(),
    _curves(),
    _heights(),
    _three_outputs(),
    _one_layer(),
    _two_layers(),
    _depths(),
    _eighteen(),
    _favourite(11, "The favourite", "Seed 43, 27 layers of 30 tanh units: the network most of the article looks at."),
    _favourite(12, "Forty layers", "The favourite, 13 layers deeper: finer detail, in the same places.", 40),
    _relu_graph(),
    _patchwork(),
    _widths(),
    _wide_zoom(),
    _favourite(17, "The favourite once more", "27 layers, complex in places: calm fields beside fine folds."),
    _zooms(),
    _scales(),
    _scale_film(),
)
