"""Many units in one picture: each cell is its unit's own picture, at any size, on every engine, at any depth."""

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import numpy as np
import pytest
from exposing import drawn
from lettering import outside, overlapping, recorded

import weightscape
from weightscape.draw.cells import SMALLEST_CELL, Cells, laid_out
from weightscape.draw.cross import crossed
from weightscape.draw.plate import PAPER, POSITIVE
from weightscape.engine.processor.numpy_engine import NumpyEngine
from weightscape.engine.question import Values
from weightscape.lens.atlas import ATLAS, cells_of
from weightscape.lens.catalogue import wants
from weightscape.network.network import Network, forward
from weightscape.network.view import pixel_to_plane
from weightscape.picture.network_memory import network
from weightscape.scene.colour import colour
from weightscape.scene.lens_name import units_tap
from weightscape.scene.scene import Scene
from weightscape.scene.scene_error import SceneError
from weightscape.scene.shade import quantise, shade

# Every third parameter set of each test; all of them with -m long.
pytestmark = pytest.mark.spread(3)

SCENE = Scene(layers=4, width=5, lens="atlas")
# The second has room for letters.
SIZES = [(101, 67), (260, 190)]
NETS = {
    "one unit": (1,),
    "seven": (7,),
    "400": (400,),
    "512": (512,),
    "default": (30,) * 26 + (3,),
    "wide": (512,) * 59 + (3,),
    "mixed": (512, 3, 400, 10),
    "narrow": (4,) * 255 + (1,),
}
PLACES = [(1280, 720), (640, 640), (320, 240), (20, 10), (1, 1), (7, 300), (2000, 31), (150, 121)]


def units(scene: Scene, cells: Cells) -> list[Values]:
    """Evaluate the shown units at the cells' points in float64: for each cell (rows, columns)."""
    made, (wide, high) = network(scene), cells.size
    points = np.array(
        [
            [[float(c) for c in pixel_to_plane(scene.view, cells.size, (i + 0.5, j + 0.5))] for i in range(wide)]
            for j in range(high)
        ]
    )
    taps = [
        units_tap(k + 1, tuple(range(count)), scene.before, made)
        for k, count in zip(cells.layers, cells.units, strict=True)
    ]
    return [values[..., n] for values in forward(made, points, taps) for n in range(values.shape[-1])]


def expected(scene: Scene, cells: Cells) -> list[Values]:
    """Colour the units as the lens of one unit does: 8 bits, for each cell (rows, columns, 3)."""
    made = network(scene)
    names = [made.activations[k] for k, count in zip(cells.layers, cells.units, strict=True) for _ in range(count)]
    colours = []
    for name, values in zip(names, units(scene, cells), strict=True):
        if scene.before:
            values = 1.0 / (1.0 + np.exp(-values))
        elif name == "tanh":
            values = 0.5 + 0.5 * values
        colours.append(quantise(shade(values[..., None], colour(scene)), "round"))
    return colours


def cut(picture: Values, cells: Cells) -> list[Values]:
    wide, high = cells.size
    return [picture[top : top + high, left : left + wide] for left, top in cells.places().tolist()]


def most_off(scene: Scene, cells: Cells, picture: Values) -> int:
    pairs = zip(expected(scene, cells), cut(picture, cells), strict=True)
    return max(int(np.abs(a.astype(int) - b).max()) for a, b in pairs)


@pytest.mark.parametrize("engine", ["numpy", "fragment", "compute"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"before": True, "palette": "magma"},
        {"lens": "units", "layer": 2},
        {"lens": "units", "before": True},
        {"activation": "relu", "angle": 30.0},
        {"layers": 1},
    ],
)
def test_each_cell_is_the_whole_view_of_its_unit(
    engine: str, size: tuple[int, int], fields: dict[str, object], gl: object
) -> None:
    scene = replace(SCENE, **fields)  # type: ignore[arg-type]
    cells = cells_of(scene, network(scene), size)
    picture = weightscape.render(scene, size=size, engine=engine)  # type: ignore[arg-type]

    assert len(cells.places()) == sum(network(scene).widths[1:]) if scene.lens == "atlas" else cells.units[0] in (3, 5)
    assert most_off(scene, cells, picture) <= 1


@pytest.mark.parametrize(
    ("engine", "precision"),
    [
        ("numpy", "perturbed"),
        ("numpy", "double"),
        ("numpy", "wide"),
        ("fragment", "perturbed"),
        ("compute", "perturbed"),
    ],
)
@pytest.mark.parametrize("lens", ["atlas", "units"])
def test_every_precision_shows_the_same(engine: str, precision: str, lens: str, gl: object) -> None:
    scene = replace(SCENE, lens=lens, layer=2, center=(Decimal("0.3"), Decimal("-0.2")))
    cells = cells_of(scene, network(scene), SIZES[0])
    picture = weightscape.render(
        scene,
        size=SIZES[0],
        engine=engine,
        precision=precision,  # type: ignore[arg-type]
    )

    assert most_off(scene, cells, picture) <= 1


def test_stretched_to_its_own_range_a_unit_shows_its_slope_at_any_depth() -> None:
    deep = replace(SCENE, levels="auto", radius=1e-40, center=(Decimal("0.3"), Decimal("0.1")))
    size = SIZES[0]
    cells = cells_of(deep, network(deep), size)
    flat, shown = (cut(weightscape.render(replace(deep, levels=way), size=size), cells) for way in ("plain", "auto"))

    assert all((cell == cell[0, 0]).all() for cell in flat)
    assert all(np.ptp(cell[..., 0].astype(int)) > 100 for cell in shown)


@pytest.mark.parametrize("widths", NETS.values(), ids=NETS)
@pytest.mark.parametrize("size", PLACES)
def test_cells_lie_side_by_side_inside_the_picture(size: tuple[int, int], widths: tuple[int, ...]) -> None:
    cells = laid_out(size, tuple(range(len(widths))), widths)
    covered = np.zeros((size[1], size[0]), int)
    places, (wide, high) = cells.places(), cells.size
    for left, top in places.tolist():
        assert left >= 0
        assert top >= cells.frame.head
        covered[top : top + high, left : left + wide] += 1

    assert covered.max() == 1
    assert covered.sum() == len(places) * wide * high, "a cell is outside"
    assert len(places) == sum(cells.units)
    assert min(cells.size) >= SMALLEST_CELL or len(places) == 1
    ratio = size[0] / size[1]
    assert len(places) == 1 or abs(wide - high * ratio) <= max(ratio, 1.0)


@pytest.mark.parametrize("name", ["one unit", "seven", "400", "512", "default", "mixed", "narrow"])
def test_what_fits_is_shown_whole_and_uses_the_room(name: str) -> None:
    cells = laid_out((1280, 720), tuple(range(len(NETS[name]))), NETS[name])

    assert cells.units == NETS[name]
    assert sum(cells.units) * cells.size[0] * cells.size[1] > 0.4 * 1280 * 720 or name == "narrow"


def test_what_does_not_fit_is_folded_evenly_and_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = recorded(monkeypatch)
    scene = Scene(layers=60, width=64, lens="atlas")
    cells = cells_of(scene, network(scene), (200, 140))
    weightscape.render(scene, size=(200, 140), engine="numpy", precision="single")

    assert len(cells.layers) < 60
    assert max(cells.units) < 64
    assert (cells.layers[0], cells.layers[-1]) == (0, 59)
    steps = np.diff(cells.layers)
    assert steps.max() - steps.min() <= 1
    assert any(text.startswith(f"{len(cells.layers)} of 60 layers") for _, text, _ in lines)


@pytest.mark.parametrize("width", [319, 330, 640])
@pytest.mark.parametrize("fields", [{}, {"lens": "units", "layer": 4}, {"layers": 27, "width": 30, "levels": "auto"}])
def test_the_title_is_whole_where_there_is_little_room(
    width: int, fields: dict[str, object], monkeypatch: pytest.MonkeyPatch, numpy_engine: NumpyEngine
) -> None:
    lines = recorded(monkeypatch)
    scene = replace(Scene(layers=4, width=8, lens="atlas"), **fields)  # type: ignore[arg-type]
    drawn(numpy_engine, scene, (width, 373), "single", 1)
    (title,) = (text for _, text, _ in lines if "layer" in text)
    assert not title.endswith("…")


@pytest.mark.parametrize("stride", [2, 3, 5, 143])
def test_a_coarse_grid_gives_a_picture_of_the_same_size(stride: int, numpy_engine: NumpyEngine) -> None:
    cells = cells_of(SCENE, network(SCENE), SIZES[1])
    fine, coarse = (drawn(numpy_engine, SCENE, SIZES[1], "single", n) for n in (1, stride))

    assert coarse.shape == fine.shape
    wide, high = cells.size
    for sharp, dull in zip(cut(fine, cells), cut(coarse, cells), strict=True):
        assert (dull[:stride, :stride] == dull[0, 0]).all()
        if stride % 2 and stride < min(wide, high):
            assert np.allclose(dull[0, 0], sharp[stride // 2, stride // 2], atol=1e-4)


@pytest.mark.parametrize("scene", [SCENE, replace(SCENE, lens="units", layer=2), replace(SCENE, lens="units")])
@pytest.mark.parametrize("size", SIZES)
def test_a_click_leads_to_the_unit_that_is_seen_there(scene: Scene, size: tuple[int, int]) -> None:
    made = network(scene)
    cells = cells_of(scene, made, size)
    assert ATLAS.pick
    seen = []
    for left, top in cells.places().tolist():
        corners = [(left + x, top + y) for x in (0.01, cells.size[0] - 0.01) for y in (0.01, cells.size[1] - 0.01)]
        (found,) = {ATLAS.pick(scene, made, size, corner) for corner in corners}
        assert found
        seen.append((found.lens, found.layer, found.unit))
        for gap in ((left + cells.size[0] + 0.01, top + 0.5), (left + 0.5, top + cells.size[1] + 0.01)):
            assert ATLAS.pick(scene, made, size, gap) is None
    rows = {"atlas": (1, 2, 3, 0), "units": (scene.layer,)}[scene.lens]
    assert seen == [("unit", layer, n) for layer in rows for n in range(5 if layer else 3)]
    assert ATLAS.pick(scene, made, size, (cells.left - 1.0, 0.0)) is None
    assert ATLAS.pick(scene, made, size, (size[0] - 0.5, size[1] - 0.01)) is None


def test_layers_of_other_widths_are_shown_as_they_are() -> None:
    rng = np.random.default_rng(4)
    widths = (2, 9, 2, 30, 4)
    made = Network(
        tuple(rng.normal(size=pair) for pair in pairwise(widths)),
        tuple(rng.normal(size=n) for n in widths[1:]),
        ("tanh", "relu", "sin", "identity"),
    )
    (want,) = wants(SCENE, made, (300, 200))

    assert [(tap.layer, tap.units) for tap in want.taps] == [(k, None) for k in range(4)]
    assert cells_of(SCENE, made, (300, 200)).units == widths[1:]


def test_layers_are_further_apart_than_a_layers_lines() -> None:
    cells = laid_out((640, 360), (0, 1, 2), (100, 100, 100))
    tops = cells.places()[:, 1].reshape(3, 100)
    line = np.diff(np.unique(tops[0]))

    assert len(line) > 0
    assert (line == line[0]).all()
    assert (tops[1:, 0] - tops[:-1, -1] > line[0]).all()


def test_a_layer_that_is_not_there_is_named() -> None:
    with pytest.raises(SceneError, match=r"layer.*5 is not in 0\.\.4"):
        weightscape.render(replace(SCENE, lens="units", layer=5), size=(64, 64))


@pytest.mark.parametrize("size", [(1, 1), (20, 10), (3, 90), (400, 5)])
@pytest.mark.parametrize("lens", ["units", "atlas"])
def test_a_tiny_picture_is_a_picture(size: tuple[int, int], lens: str) -> None:
    picture = weightscape.render(Scene(lens=lens, layer=3), size=size)

    assert picture.shape == (size[1], size[0], 3)
    paper = np.floor(255 * np.array(PAPER) + 0.5)
    assert (np.abs(picture - paper) > 1).any(), "nothing is shown"


@pytest.mark.parametrize("size", [(320, 240), (1280, 720), (640, 640), (130, 900), (3840, 2160)])
@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"lens": "units", "layer": 3},
        {"layers": 256, "width": 4},
        {"layers": 14, "width": 400, "levels": "auto"},
        {"lens": "units", "layer": 1, "width": 400},
        {"layers": 1},
    ],
)
def test_letters_stand_inside_and_not_on_each_other(
    size: tuple[int, int], fields: dict[str, object], monkeypatch: pytest.MonkeyPatch, numpy_engine: NumpyEngine
) -> None:
    scene = replace(Scene(lens="atlas"), **fields)  # type: ignore[arg-type]
    lines = recorded(monkeypatch)
    drawn(numpy_engine, scene, size, "single", 64)

    assert len(lines) > 1 or (scene.lens == "units" and lines)
    assert outside(lines) == []
    assert overlapping(lines) == []


@pytest.mark.parametrize("levels", ["plain", "auto"])
@pytest.mark.parametrize("lens", ["atlas", "units"])
def test_silenced_units_are_crossed_out_and_no_others(lens: str, levels: str, numpy_engine: NumpyEngine) -> None:
    scene, size = replace(SCENE, lens=lens, levels=levels, layer=2, width=6), (260, 190)
    silent = replace(scene, silenced="2:3,2:5")
    plain, marked = (drawn(numpy_engine, each, size) for each in (scene, silent))
    cells = cells_of(scene, network(scene), size)
    for channel, (left, top) in enumerate(cells.places().tolist()):
        layer, unit = cells.at((left + 0.5, top + 0.5)) or (0, 0)
        if layer > 1:
            continue  # which hears something else
        before, after = (each[top : top + cells.size[1], left : left + cells.size[0]] for each in (plain, marked))
        expected = crossed(before) if (layer, unit) in ((1, 3), (1, 5)) else before
        assert np.allclose(after, expected, atol=1e-6), channel


def test_crosses_of_bands_are_those_of_the_whole() -> None:
    colours = np.full((31, 47, 3), 0.3)
    whole = crossed(colours)
    parts = [crossed(colours[first : first + 10], first, 31) for first in range(0, 31, 10)]
    assert np.array_equal(np.concatenate(parts), whole)
    assert not np.array_equal(whole, colours)
    assert np.allclose(whole[0, 0], POSITIVE)
