"""What the engines of the GPU run, told without one: the order, the targets, and where each kept texel goes."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from weightscape.engine.question import Question, Values
from weightscape.engine.shader.compute_dispatch import WALK, Dispatches, tiles_for
from weightscape.engine.shader.fragment_draw import EVEN, MAX_SIDE, ODD, Draw, Draws
from weightscape.engine.shader.fragment_shape import MOST_PIXELS, fused_pixels, is_narrow
from weightscape.engine.shader.shader_answer import cut, lanes, stops
from weightscape.engine.shader.weight_store import pack
from weightscape.engine.shader.workgroup import GPU, walk_shapes
from weightscape.network.network import Tap
from weightscape.picture.questions import question
from weightscape.scene.scene import Scene

SIZE = (27, 13)
TAPS = (Tap(), Tap(1), Tap(0, (6, 5), True), Tap(-1, (2, 2, 0), True))


def drawn(asked: Question, is_software: bool = True) -> Draws:
    shorter, _, is_fused = cut(asked, is_narrow)
    return Draws(shorter, pack(shorter.network).begin, {}, is_fused, is_software)


def asked(**more: Any) -> Question:
    return replace(question(Scene(layers=4, width=9, activation="relu"), SIZE), **more)


def test_a_narrow_network_is_one_draw_that_keeps_all_its_rows() -> None:
    (draw,) = drawn(asked()).listed()
    assert (draw.shader, draw.target, draw.columns, draw.rows) == ("fused.frag", ("fused", 8), -(-27 // 8), 13)
    assert draw.kept == range(13)
    assert (draw.uniforms["u_layers"], draw.defines["VECTORS"]) == (4, 3)


def test_a_walk_draws_layers_in_turns_and_keeps_what_is_tapped() -> None:
    listed = drawn(asked(taps=TAPS)).listed()
    first = [(draw.target, draw.uniforms["u_number"], draw.kept) for draw in listed]
    none = range(0)
    assert first == [
        (ODD, 0, range(1, 2)),  # units 5 and 6, before the activation
        (ODD, 0, none),
        (EVEN, 1, range(3)),
        (ODD, 2, none),
        (EVEN, 3, range(1)),
        (EVEN, 3, range(1)),
    ]
    for draw in listed:
        assert draw.source == (EVEN if draw.target == ODD else ODD)
        assert draw.sampled == range(8 if draw.uniforms["u_number"] else 0)
        assert draw.defines["FIRST"] == (draw.uniforms["u_number"] == 0)
    assert [draw.defines["ACTIVATION"] for draw in listed[:2]] == ["activation_identity", "activation_relu"]


def test_a_pattern_is_the_sum_of_each_layer_that_counts() -> None:
    listed = drawn(replace(question(Scene(layers=3, width=70, activation="abs"), SIZE), answer="pattern")).listed()
    assert [draw.shader for draw in listed] == ["layer.frag", "sum.frag"] * 2
    assert [bool(draw.kept) for draw in listed] == [False, True] * 2
    for layer, sums in zip(listed[::2], listed[1::2], strict=True):
        assert (sums.source, sums.sampled, sums.rows) == (layer.target, range(4, 8), 1)


@pytest.mark.parametrize("answer", ["values", "derivatives"])
def test_several_taps_are_one_walk_through_the_layers(answer: Any) -> None:
    """A layer is multiplied once, or twice where it is tapped before its activation too, by either engine."""
    nine = replace(question(Scene(layers=9, width=20), SIZE), answer=answer)
    for taps, count in (
        (tuple(Tap(k) for k in range(9)), 9),
        (tuple(Tap(k, (3, 5)) for k in (6, 2, 4)), 7),
        ((Tap(1), Tap(5, None, before=True)), 6),
        ((*TAPS, Tap(3, (1,), before=True), Tap(2, (8,)), Tap(-2, (1, 5))), 12),
    ):
        draws = drawn(replace(nine, taps=taps))
        assert len(draws.listed()) == count
        shapes = walk_shapes(tiles_for(GPU, nine), draws.network)
        assert len(Dispatches(tiles_for(GPU, nine), draws.question, draws.begin, shapes, WALK).listed(351)) == count


def texels(draws: Draws, draw: Draw) -> Iterator[Values]:
    """What a perfect GPU would leave in a draw's textures: 10000 point + 100 unit + lane."""
    grid, each = draws.question.grid, lanes(draws.question)
    for k in range(draws.pixels):
        row, column = np.meshgrid(draw.kept, np.arange(draw.columns), indexing="ij")
        place = column * draws.points + k // each
        if draws.is_fused:
            point, group = np.where(place < grid.columns, row * grid.columns + place, -1), 0 * row
        else:
            point, group = place, row
        unit = 4 * group[..., None] + np.arange(4)
        yield (10_000.0 * point[..., None] + 100 * unit + k % each).astype(np.float32)


@pytest.mark.parametrize("is_software", [True, False])
@pytest.mark.parametrize("answer", ["values", "derivatives"])
@pytest.mark.parametrize("taps", [(Tap(),), TAPS])
def test_every_texel_goes_to_its_point_and_channel(taps: Any, answer: Any, is_software: bool) -> None:
    draws = drawn(asked(taps=taps, answer=answer), is_software)
    field = draws.answer(texels(draws, draw) for draw in draws.listed() if draw.kept)
    units = [[0, 1, 2]] if len(taps) == 1 else [[0, 1, 2], range(9), [6, 5], [2, 2, 0]]
    channels = [100 * unit + lane for lane in range(lanes(draws.question)) for each in units for unit in each]
    expected = 10_000 * np.arange(27 * 13).reshape(13, 27, 1) + np.array(channels)
    assert np.array_equal(field, expected)


def test_words_are_added_up_over_the_layers() -> None:
    draws = drawn(asked(answer="pattern", network=replace(asked().network, activations=("relu",) * 3 + ("abs",))))
    draws = replace(draws, is_fused=False)
    kept = [draw for draw in draws.listed() if draw.kept]
    field = draws.answer(texels(draws, draw) for draw in kept)
    assert len(kept) == 4
    assert field.dtype == np.float64
    assert np.array_equal(field[..., 3], 4 * (10_000 * np.arange(27 * 13).reshape(13, 27) + 300))


def test_bands_are_what_the_textures_have_room_for() -> None:
    asked = replace(question(Scene(layers=3, width=8), (300, 250)), taps=(Tap(1), Tap()))
    draws = drawn(asked)
    bands = draws.bands()
    assert len(bands) == 3
    assert sum(band.question.grid.rows for band in bands) == 250
    assert max(band.columns for band in bands) <= MAX_SIDE
    assert bands[1].question.grid == asked.grid.tile(0, bands[0].question.grid.rows, 300, bands[1].question.grid.rows)
    assert draws.bands()[0].points == MOST_PIXELS
    assert len(stops(bands[0].question)) == 2


def test_no_lane_of_a_point_is_left_out() -> None:
    for width in (4, 30, 64):
        network = question(Scene(layers=3, width=width), SIZE).network
        for is_software in (True, False):
            assert 1 <= fused_pixels(network, is_software, 1) <= MOST_PIXELS
            assert fused_pixels(network, is_software, 3) in (3, 6)
