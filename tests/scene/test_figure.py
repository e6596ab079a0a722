"""The table of the article's figures: its numbers, and the article's pixel grid to the last digit."""

from collections import Counter
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from weightscape import field, render
from weightscape.engine.question import plain
from weightscape.lens.catalogue import lens
from weightscape.lens.lens import PlaneLens
from weightscape.network.view import pixel_to_plane
from weightscape.picture.questions import question
from weightscape.publish import plot
from weightscape.scene.figure import FIGURES, Figure, as_picture, on_articles_grid, resized
from weightscape.scene.scene import Scene, from_text

PANELS = {
    1: 1,
    2: 4,
    3: 2,
    4: 3,
    5: 5,
    6: 4,
    7: 6,
    8: 6,
    9: 40,
    10: 18,
    11: 1,
    12: 1,
    13: 1,
    14: 8,
    15: 6,
    16: 1,
    17: 1,
    18: 9,
    19: 9,
    20: 5,
}
FAVOURITE = {"seed": 43, "layers": 27, "width": 30, "scale": 0.7, "activation": "tanh", "tied": True}


def figure(number: int) -> Figure:
    return FIGURES[number - 1]


def values(number: int, name: str) -> list[object]:
    """One field of the scenes of a figure, panel after panel."""
    return [getattr(panel.scene, name) for panel in figure(number).panels]


def test_there_are_the_articles_20_figures_with_their_panels() -> None:
    assert [each.number for each in FIGURES] == list(range(1, 21))
    assert {each.number: len(each.panels) for each in FIGURES} == PANELS
    assert {each.number: each.columns for each in FIGURES} == {
        1: 1,
        2: 4,
        3: 2,
        4: 3,
        5: 3,
        6: 4,
        7: 3,
        8: 3,
        9: 10,
        10: 3,
        11: 1,
        12: 1,
        13: 1,
        14: 4,
        15: 3,
        16: 1,
        17: 1,
        18: 3,
        19: 3,
        20: 5,
    }


@pytest.mark.parametrize("each", FIGURES, ids=lambda each: f"figure {each.number}")
def test_every_figure_says_what_it_shows_and_its_panels_are_of_one_size(each: Figure) -> None:
    assert each.title
    assert each.caption.endswith(".")
    assert len(each.caption) <= 110
    assert "\n" not in each.caption
    assert len({panel.size for panel in each.panels}) == 1
    assert (each.film is not None) == (each.kind == "film")
    assert (each.kind == "plot") == any(panel.drawing != "picture" for panel in each.panels)
    for panel in each.panels:
        assert panel.scene.quantise == "floor"
        assert from_text(panel.scene.to_text()) == panel.scene


def test_the_numbers_that_the_article_does_not_give_are_marked() -> None:
    marked = Counter(each.number for each in FIGURES for panel in each.panels if panel.own)
    assert marked == {number: PANELS[number] for number in (1, 2, 4, 5, 6, 15, 16)}


def test_seeds_are_the_articles() -> None:
    assert values(7, "seed") == [0, 2, 4, 1, 3, 5]
    assert values(8, "seed") == [6, 8, 10, 7, 9, 11]
    assert values(9, "seed") == [21] * 10 + [31] * 10 + [41] * 10 + [51] * 10
    assert values(14, "seed") == [10] * 4 + [18] * 4
    assert {*values(10, "seed"), *values(11, "seed"), *values(12, "seed"), *values(18, "seed")} == {43}
    assert {*values(19, "seed"), *values(20, "seed")} == {53}


def test_depths_widths_and_activations_are_the_articles() -> None:
    assert values(9, "layers") == [*range(1, 11)] * 4
    assert values(10, "layers") == [*range(2, 20)]
    assert values(12, "layers") == [40]
    assert values(14, "layers") == [1, 6, 11, 16] * 2
    assert values(14, "activation") == ["tanh"] * 4 + ["relu"] * 4
    assert values(15, "width") == [10, 20, 40, 80, 120, 400]
    assert set(values(15, "layers")) == {14}
    widths = {number: set(values(number, "width")) for number in (8, 9, 10, 14, 18, 19, 20)}
    assert widths == {8: {10}, 9: {20}, 10: {30}, 14: {20}, 18: {30}, 19: {30}, 20: {30}}


def test_weight_scales_are_the_articles() -> None:
    scales = {number: set(values(number, "scale")) for number in (7, 8, 9, 10, 11, 12, 17, 18)}
    assert scales == {7: {2.0}, 8: {3.0}, 9: {1.0}, 10: {0.7}, 11: {0.7}, 12: {0.7}, 17: {0.7}, 18: {0.7}}
    assert values(14, "scale") == [0.9] * 4 + [0.7] * 4
    assert values(19, "scale") == pytest.approx([0.5 * 2 ** (k / 8) for k in range(9)], rel=1e-15)


def test_views_are_the_articles() -> None:
    radii = {number: set(values(number, "radius")) for number in (3, 7, 8, 9, 10, 11, 12, 14, 15, 17, 19, 20)}
    assert radii == {
        3: {1.0},
        7: {3.0},
        8: {2.0},
        9: {2.0},
        10: {3.0},
        11: {2.6},
        12: {2.6},
        14: {2.0},
        15: {1.0},
        17: {2.6},
        19: {1.0},
        20: {1.0},
    }
    assert values(18, "radius") == [40, 20, 10, 5, 2.5, 1, 0.5, 0.25, 0.1]
    away = {each.number for each in FIGURES if any(panel.scene.center != (0, 0) for panel in each.panels)}
    assert away == {18, 19, 20}
    assert {*values(18, "center"), *values(19, "center"), *values(20, "center")} == {(Decimal(-1), Decimal(0))}


def test_sizes_are_the_articles() -> None:
    sizes = {number: figure(number).panels[0].size for number in (7, 8, 10, 14, 16, 18, 19)}
    assert sizes == {
        7: (400, 400),
        8: (400, 400),
        10: (400, 400),
        14: (364, 364),
        16: (2000, 627),
        18: (440, 440),
        19: (440, 440),
    }


@pytest.mark.parametrize("number", [11, 17])
def test_the_favourite_is_the_default_scene(number: int) -> None:
    assert figure(number).panels[0].scene == Scene(quantise="floor")
    assert {name: getattr(Scene(), name) for name in FAVOURITE} == FAVOURITE


def test_figure_16_is_the_last_network_of_figure_15_thirty_times_closer() -> None:
    wide, zoomed = figure(15).panels[-1].scene, figure(16).panels[0].scene
    assert zoomed.radius == pytest.approx(wide.radius / 30)
    assert (zoomed.seed, zoomed.scale, zoomed.width, zoomed.layers) == (wide.seed, wide.scale, 400, 14)


def test_films_run_as_the_article_says() -> None:
    turn, growth = figure(2).film, figure(20).film
    assert turn
    assert growth
    assert (turn.field, turn.first, turn.last) == ("time", 0.0, 1.0)
    assert (growth.field, growth.first, growth.last, growth.geometric) == ("scale", 0.4, 0.8, True)
    assert figure(2).panels[0].scene.inputs == ("x", "y", "cos_t", "sin_t")
    # The stills of figure 20 are moments of its film.
    assert values(20, "scale")[0] == growth.first
    assert values(20, "scale")[-1] == growth.last


def test_three_outputs_are_shown_one_by_one_and_together() -> None:
    grey, together = figure(6).panels[:3], figure(6).panels[3].scene
    assert [panel.scene.unit for panel in grey] == [0, 1, 2]
    assert {(panel.scene.lens, panel.scene.layer, panel.scene.palette) for panel in grey} == {("unit", 0, "grey")}
    assert together.lens == "outputs"
    assert {panel.scene.seed for panel in grey} == {together.seed}


def test_every_width_of_figure_15_has_contrast() -> None:
    for panel in (*figure(15).panels, *figure(16).panels):
        seen = render(panel.scene, size=(24, 24), engine="numpy").astype(float)
        # From the mean colour, in the direction in which the picture varies most: of 255.
        spread = np.linalg.svd((seen - seen.mean(axis=(0, 1))).reshape(-1, 3), compute_uv=False)[0] / 24
        assert spread > 40, panel.label


def test_every_part_of_figure_4s_sum_is_a_curve_to_be_seen() -> None:
    panel = figure(4).panels[1]
    x = np.linspace(-panel.scene.radius, panel.scene.radius, 101)
    parts = plot._parts(panel.scene, x)
    rise = np.ptp(parts, axis=0)
    assert rise.min() > 0.5 * rise.max()
    assert rise.min() > 2.0
    total = np.diff(np.asarray(field(panel.scene, size=(101, 1), engine="numpy"))[0, :, 0])
    assert np.count_nonzero(np.diff(np.sign(total))) >= 2  # up and down and up again


@pytest.mark.parametrize("number", [3, 4, 5, 13])
def test_a_plots_stand_in_is_neither_cut_off_nor_blank(number: int) -> None:
    for panel in figure(number).panels:
        scene = as_picture(panel)
        shown, asked = lens(scene), question(scene, (192, 108))
        assert isinstance(shown, PlaneLens)
        values = shown.level(scene, asked)(plain(field(scene, size=(192, 108), engine="numpy")))
        assert values.min() >= 0.0, panel.label
        assert values.max() <= 1.0, panel.label
        assert np.ptp(values) > 0.6, panel.label
        assert values.std() > 0.1, panel.label


def test_only_plots_have_a_stand_in_and_it_is_their_network() -> None:
    for each in FIGURES:
        for panel in each.panels:
            scene = as_picture(panel)
            if panel.drawing == "picture":
                assert scene == panel.scene
            same = ("seed", "layers", "width", "activation", "tied", "inputs", "weights", "center", "radius", "outputs")
            assert [getattr(scene, name) for name in same] == [getattr(panel.scene, name) for name in same]


@pytest.mark.parametrize(
    ("radius", "center", "size"),
    [(3.0, "0", 400), (0.1, "-1", 440), (2.6, "0", 800), (2.0, "0", 364), (40.0, "-1", 440), (1.0, "-1", 37)],
)
def test_pixels_lie_on_the_articles_grid(radius: float, center: str, size: int) -> None:
    moved = on_articles_grid(Scene(radius=radius, center=(Decimal(center), Decimal(0))), (size, size))
    reach = Fraction(Decimal(repr(radius)))
    # A pixel's middle is half a pixel right of and below the corner that the article samples.
    x, y = (Fraction(part) for part in moved.center)
    assert abs(x - (Fraction(center) - reach / size)) <= reach / 10**19
    assert abs(y - reach / size) <= reach / 10**19
    for i, j in ((0, 0), (1, size - 1), (size // 2, 3)):
        px, py = pixel_to_plane(moved.view, (size, size), (i + 0.5, j + 0.5))
        assert float(px) == pytest.approx(float(center) - radius + 2 * radius * i / size, abs=1e-15 * (1 + radius))
        assert float(py) == pytest.approx(radius - 2 * radius * j / size, abs=1e-15 * (1 + radius))


def test_the_grid_is_exact_where_decimals_are() -> None:
    assert on_articles_grid(Scene(radius=3.0), (400, 400)).center == (Decimal("-0.0075"), Decimal("0.0075"))
    assert on_articles_grid(Scene(radius=2.6, center=("0.5", "-1")), (800, 800)).center == (
        Decimal("0.49675"),
        Decimal("-0.99675"),
    )


def test_a_wide_picture_moves_by_half_a_pixel_too() -> None:
    size = (2000, 627)
    scene = figure(16).panels[0].scene
    moved = on_articles_grid(scene, size)
    x, y = pixel_to_plane(moved.view, size, (1000.5, 313.5 + 0.5))
    assert float(x) == pytest.approx(0.0, abs=1e-18)
    assert float(y) == pytest.approx(0.0, abs=1e-18)


def test_sizes_follow_the_short_side() -> None:
    assert resized((400, 400), 64) == (64, 64)
    assert resized((2000, 627), 64) == (204, 64)
    assert resized((330, 440), 33) == (33, 44)
