"""The canvas: tiles land where they belong, in the colours a file would have; old pictures follow the view."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from gl_object import living

from weightscape.gpu import source
from weightscape.gpu.canvas import Affine, Canvas
from weightscape.network.view import View, carried, pan, pixel_to_plane, plane_to_pixel, zoom
from weightscape.scene.colour import Colour
from weightscape.scene.palette import PALETTES, table
from weightscape.scene.shade import quantise, shade

SIZE = (37, 23)
VALUES = np.random.default_rng(5).uniform(-0.1, 1.1, (SIZE[1], SIZE[0], 3)).astype(np.float32)


@pytest.fixture
def canvas(gl: Any) -> Iterator[Canvas]:
    canvas = Canvas(gl, SIZE)
    yield canvas
    canvas.release()


def test_a_released_canvas_leaves_nothing_on_the_gpu(gl: Any) -> None:
    Canvas(gl, SIZE).release()  # with it goes what others have deleted and the driver still held
    before = living(gl)
    canvas = Canvas(gl, SIZE)
    canvas.paint(VALUES, (0.0, 0.0), 1.0, table("grey"))
    assert living(gl) != before
    canvas.release()
    assert living(gl) == before


def shown(gl: Any, canvas: Canvas, size: tuple[int, int], affine: Affine, is_rounded: bool = True) -> Any:
    """Show the canvas on an 8-bit screen and read it: uint8 (height, width, 3), row 0 on top."""
    screen = gl.framebuffer([gl.texture(size, 4)])
    canvas.show(screen, size, affine, is_rounded)
    raw = np.frombuffer(screen.read(components=3, alignment=1), np.uint8)
    return raw.reshape(size[1], size[0], 3)[::-1]


@pytest.mark.parametrize("how", ["round", "floor"])
def test_a_whole_tile_is_shown_with_the_bytes_of_a_file(how: str, gl: Any, canvas: Canvas) -> None:
    canvas.paint(VALUES, (0.0, 0.0), 1.0, table("grey"))
    seen = shown(gl, canvas, SIZE, Affine(), how == "round")

    assert np.array_equal(quantise(shade(VALUES, Colour("grey")), how), seen)


@pytest.mark.parametrize("how", ["round", "floor"])
def test_eight_bits_are_shown_as_their_display_values_are(how: str, gl: Any, canvas: Canvas) -> None:
    rows, columns = SIZE[1] - 2, SIZE[0] - 4  # no row is as long as a whole number of words
    colours = np.resize(np.arange(256, dtype=np.uint8), (rows, columns, 3))
    values = np.divide(colours, np.float32(255), dtype=np.float32)
    canvas.paint(VALUES, (0.0, 0.0), 1.0, table("grey"))
    canvas.paint(colours, (2.0, 1.0), 1.0, table("grey"))
    seen = shown(gl, canvas, SIZE, Affine(), how == "round")
    expected = np.clip(VALUES, 0, 1)
    expected[1 : 1 + rows, 2 : 2 + columns] = values

    far = np.abs(quantise(expected, how).astype(int) - seen)
    # Drivers may miss k/255 by a rounding, which counts where numbers are cut off.
    assert far.max() <= (how == "floor")
    canvas.paint(VALUES, (0.0, 0.0), 1.0, table("grey"))
    assert np.array_equal(np.clip(VALUES, 0, 1), canvas.read())


def test_a_coarse_tile_stays_within_its_limit(canvas: Canvas) -> None:
    canvas.paint(VALUES, (0.0, 0.0), 1.0, table("grey"))
    canvas.paint(np.full((2, 2, 3), 0.5, np.float32), (4.0, 3.0), 8.0, table("grey"), limit=(9, 14))
    expected = np.clip(VALUES, 0, 1)
    expected[3:14, 4:9] = 0.5

    assert np.array_equal(expected, canvas.read())


def test_tiles_land_at_their_place_and_touch_nothing_else(canvas: Canvas) -> None:
    canvas.paint(VALUES, (0.0, 0.0), 1.0, table("grey"))
    patch = np.full((4, 5, 3), 0.5, np.float32)
    canvas.paint(patch, (30.0, 20.0), 1.0, table("grey"))  # sticks out to the right and below
    expected = np.clip(VALUES, 0, 1)
    expected[20:24, 30:35] = 0.5

    assert np.array_equal(expected, canvas.read())


@pytest.mark.parametrize("name", PALETTES)
def test_one_channel_goes_through_the_palette_as_in_python(canvas: Canvas, name: str) -> None:
    grey = VALUES[:, :, :1]
    canvas.paint(grey, (0.0, 0.0), 1.0, table(name))

    assert np.abs(shade(grey, Colour(name)) - canvas.read()).max() <= 1e-6


def test_a_coarse_tile_covers_its_blocks_smoothly(canvas: Canvas) -> None:
    ramp = np.repeat(np.linspace(0, 1, 10, dtype=np.float32)[None, :, None], 6, 0).repeat(3, 2)
    canvas.paint(ramp, (0.0, 0.0), 4.0, table("grey"))
    row = canvas.read()[10, :, 0]

    assert np.all(np.diff(row) >= 0)
    assert row[18] == pytest.approx((row[17] + row[19]) / 2, abs=1e-3)
    assert np.allclose(row[[5, 6]].mean(), 1 / 9, atol=1e-3)  # the middle of the second block


@pytest.mark.parametrize(
    "change",
    [
        lambda v: pan(v, SIZE, 5, -3),
        lambda v: zoom(v, SIZE, (9.0, 4.0), 0.5),
        lambda v: View(v.center, v.radius, 90.0),
        lambda v: zoom(pan(View(v.center, v.radius, 20.0), SIZE, 3, 2), SIZE, (1.0, 2.0), 1.7),
    ],
)
def test_the_old_picture_is_seen_where_its_points_are_now(gl: Any, canvas: Canvas, change: Any) -> None:
    old = View((Decimal("0.25"), Decimal("-1.5")), 1.25, 0.0)
    new = change(old)
    yy, xx = np.mgrid[0 : SIZE[1], 0 : SIZE[0]]
    smooth = np.stack([xx / 40, yy / 40, 0 * xx + 0.5], -1).astype(np.float32)
    canvas.paint(smooth, (0.0, 0.0), 1.0, table("grey"))
    canvas.move(Affine(*carried(new, SIZE, old, SIZE)), SIZE)
    seen = canvas.read()
    for x, y in [(12, 9), (20, 14), (18, 11), (25, 8)]:
        px, py = plane_to_pixel(old, SIZE, pixel_to_plane(new, SIZE, (x + 0.5, y + 0.5)))
        if 1 < px < SIZE[0] - 1 and 1 < py < SIZE[1] - 1:
            assert np.allclose([(px - 0.5) / 40, (py - 0.5) / 40, 0.5], seen[y, x], atol=2e-3)


def test_what_the_old_picture_did_not_show_is_dark(gl: Any, canvas: Canvas) -> None:
    canvas.paint(np.ones_like(VALUES), (0.0, 0.0), 1.0, table("grey"))
    view = View()
    picture = shown(gl, canvas, SIZE, Affine(*carried(zoom(view, SIZE, (18.5, 11.5), 4.0), SIZE, view, SIZE)))

    assert picture[0, 0].tolist() == [23, 23, 23]
    assert picture[11, 18].tolist() == [255, 255, 255]


def test_another_size_keeps_the_middle_however_mix_is_computed(gl: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, mix = source._file, "#define mix(x, y, a) ((x) + (a) * ((y) - (x)))\nvoid main()"
    assert "mix(" in whole("moved.frag")
    monkeypatch.setattr(source, "_file", lambda name: whole(name).replace("void main()", mix))
    canvas = Canvas(gl, SIZE)
    test_another_size_keeps_the_middle(canvas)
    canvas.release()


def test_another_size_keeps_the_middle(canvas: Canvas) -> None:
    canvas.paint(VALUES, (0.0, 0.0), 1.0, table("grey"))
    canvas.move(Affine(), (45, 31))

    assert np.array_equal(np.clip(VALUES, 0, 1), canvas.read()[4:27, 4:41])
    assert canvas.size == (45, 31)
