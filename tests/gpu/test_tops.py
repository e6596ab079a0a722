"""Layers over the canvas: laid as a file lays them, moved with the view, and away again."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from gl_object import living

from weightscape.draw.sprite import laid
from weightscape.gpu.canvas import Affine, Canvas
from weightscape.gpu.tops import MOVING, STILL, Tops
from weightscape.scene.palette import table
from weightscape.scene.shade import quantise

SIZE = (37, 23)
STRAIGHT = Affine()
CHANCE = np.random.default_rng(5)
VALUES = CHANCE.uniform(-0.1, 1.1, (SIZE[1], SIZE[0], 3)).astype(np.float32)


def layer(seed: int) -> Any:
    """Make random colours, multiplied by their alpha, half of them nothing."""
    chance = np.random.default_rng(seed)
    alpha = chance.integers(0, 256, (SIZE[1], SIZE[0], 1)) * chance.integers(0, 2, (SIZE[1], SIZE[0], 1))
    return np.concatenate([chance.uniform(0, 1, (SIZE[1], SIZE[0], 3)) * alpha, alpha], -1).astype(np.uint8)


@pytest.fixture
def canvas(gl: Any) -> Iterator[Canvas]:
    canvas = Canvas(gl, SIZE)
    canvas.paint(VALUES, (0.0, 0.0), 1.0, table("grey"))
    yield canvas
    canvas.release()


@pytest.fixture
def tops(gl: Any) -> Iterator[Tops]:
    tops = Tops(gl)
    yield tops
    tops.release()


def shown(gl: Any, canvas: Canvas, tops: Tops, affine: Affine = STRAIGHT, is_rounded: bool = True) -> Any:
    screen = gl.framebuffer([gl.texture(SIZE, 4)])
    canvas.show(screen, SIZE, affine, is_rounded, tops.uniforms(affine.turn, affine.shift))
    raw = np.frombuffer(screen.read(components=3, alignment=1), np.uint8)
    return raw.reshape(SIZE[1], SIZE[0], 3)[::-1].astype(int)


@pytest.mark.parametrize("how", ["round", "floor"])
def test_layers_are_laid_as_in_a_file(how: str, gl: Any, canvas: Canvas, tops: Tops) -> None:
    moving, still = layer(1), layer(2)
    tops.lay(MOVING, moving)
    tops.lay(STILL, still)
    expected = quantise(laid(laid(np.clip(VALUES, 0, 1), moving), still), how)
    assert np.abs(shown(gl, canvas, tops, is_rounded=how == "round") - expected).max() <= 1
    few = 1e-3 if how == "round" else 0.03  # whole numbers of 255ths are just there, or just not
    assert (shown(gl, canvas, tops, is_rounded=how == "round") != expected).mean() < few


def test_a_layer_moves_and_the_other_stays(gl: Any, canvas: Canvas, tops: Tops) -> None:
    dot = np.zeros((SIZE[1], SIZE[0], 4), np.uint8)
    dot[4, 7] = 255
    tops.lay(MOVING, dot)
    bare = shown(gl, canvas, Tops(gl), Affine(shift=(3.0, 2.0)))
    seen = shown(gl, canvas, tops, Affine(shift=(3.0, 2.0)))
    assert np.argwhere((seen != bare).any(-1)).tolist() == [[4 + 2, 7 - 3]]
    tops.lay(MOVING, None)
    tops.lay(STILL, dot)
    seen = shown(gl, canvas, tops, Affine(shift=(3.0, 2.0)))
    assert np.argwhere((seen != bare).any(-1)).tolist() == [[4, 7]]


def test_what_stays_in_pieces_is_the_layer_that_is_laid_at_once(gl: Any, canvas: Canvas, tops: Tops) -> None:
    whole, once = layer(2), Tops(gl)
    for boxes in ([(3, 2, 9, 20), (0, 15, 37, 23)], [(30, 0, 37, 5)], []):
        kept = np.zeros_like(whole)
        for left, top, right, bottom in boxes:
            kept[top:bottom, left:right] = whole[top:bottom, left:right]
        once.lay(STILL, kept)
        tops.lay_pieces(SIZE, ((left, top, kept[top:bottom, left:right]) for left, top, right, bottom in boxes))
        assert tops.boxes == tuple(boxes)
        for moving in (layer(1), None):
            for each in (tops, once):
                each.lay(MOVING, moving)
            expected = shown(gl, canvas, once)
            assert np.array_equal(shown(gl, canvas, tops), expected)  # nothing is left of pieces before
            screen = gl.framebuffer([gl.texture(SIZE, 4)])
            canvas.show(screen, SIZE, STRAIGHT, True, tops.uniforms(STRAIGHT.turn, STRAIGHT.shift), tops.boxes)
            raw = np.frombuffer(screen.read(components=3, alignment=1), np.uint8).reshape(SIZE[1], SIZE[0], 3)
            assert np.array_equal(raw[::-1], expected)
            assert screen.scissor == (0, 0, *SIZE)
    once.release()


def test_without_layers_nothing_is_told_to_the_shader(gl: Any, tops: Tops) -> None:
    assert tops.uniforms((1.0, 0.0, 0.0, 1.0), (0.0, 0.0)) == {}
    tops.lay(STILL, layer(1))
    assert tops.has(STILL)
    tops.lay(STILL, None)
    assert tops.uniforms((1.0, 0.0, 0.0, 1.0), (0.0, 0.0)) == {}


@pytest.mark.slow
def test_released_layers_leave_nothing_on_the_gpu(gl: Any) -> None:
    before = living(gl)
    tops = Tops(gl)
    tops.lay(MOVING, layer(1))
    tops.lay(STILL, layer(2)[:5, :9])
    tops.uniforms((1.0, 0.0, 0.0, 1.0), (0.0, 0.0))
    assert living(gl) != before
    tops.release()
    assert living(gl) == before
