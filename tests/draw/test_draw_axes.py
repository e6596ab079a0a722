"""Numbers along the edges stand where those points of the plane are, also in turned, deep and far views."""

from decimal import Decimal

import numpy as np
import pytest

from weightscape.draw import axes as module
from weightscape.draw.axes import axes
from weightscape.draw.sprite import Sprite, laid, layer, pieces
from weightscape.network.view import Size, View, plane_to_pixel

SIZE: Size = (600, 400)
Word = tuple[float, float, str, str]
Stroke = tuple[float, float, float, float]


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> tuple[list[Word], list[Stroke]]:
    """Take down all words and strokes."""
    words: list[Word] = []
    strokes: list[Stroke] = []
    nothing = Sprite(0, 0, np.zeros((1, 1, 4), np.float32))

    def word(x: float, y: float, text: str, size: float, anchor: str) -> Sprite:
        words.append((x, y, text, anchor))
        return nothing

    def stroke(x: float, y: float, dx: float, dy: float) -> Sprite:
        strokes.append((x, y, x + dx, y + dy))
        return nothing

    monkeypatch.setattr(module, "_word", word)
    monkeypatch.setattr(module, "_stroke", stroke)
    return words, strokes


def value(text: str) -> float:
    return float(text.replace("−", "-"))


@pytest.mark.parametrize("angle", [0.0, 90.0, 180.0, -90.0, 20.0, -33.0, 70.0, 140.0])
@pytest.mark.parametrize("center", [("0", "0"), ("-0.75", "1234.5")])
def test_numbers_are_those_of_the_plane(
    heard: tuple[list[Word], list[Stroke]], angle: float, center: tuple[str, str]
) -> None:
    view = View((Decimal(center[0]), Decimal(center[1])), 2.6, angle)
    axes(view, SIZE)
    words, strokes = heard
    numbers = [each for each in words if each[3] in ("mb", "lm")]
    names = {anchor: text for _, _, text, anchor in words if anchor in ("rb", "la")}
    assert sorted(names.values()) == ["x", "y"]
    assert len(numbers) >= 4
    ticks = {(round(x0, 6), round(y0, 6)): (x1 - x0, y1 - y0) for x0, y0, x1, y1 in strokes}
    for x, y, text, anchor in numbers:
        start = min(ticks, key=lambda place: np.hypot(place[0] - x, place[1] - y))
        coordinate = "xy".index(names["rb" if anchor == "mb" else "la"])
        # The tick, and the number at its end, are on the line of this value.
        for place in (start, (x, y)):
            point = [Decimal(0), Decimal(0)]
            point[coordinate] = Decimal(repr(value(text)))
            along = [0.0, 0.0]
            along[1 - coordinate] = 1.0
            on = plane_to_pixel(view, SIZE, (point[0], point[1]))
            further = plane_to_pixel(view, SIZE, (point[0] + Decimal(along[0]), point[1] + Decimal(along[1])))
            dx, dy = further[0] - on[0], further[1] - on[1]
            gap = ((place[0] - on[0]) * dy - (place[1] - on[1]) * dx) / np.hypot(dx, dy)
            assert abs(gap) < 0.01


def test_ticks_point_into_the_picture_and_straight_where_it_is_not_turned(
    heard: tuple[list[Word], list[Stroke]],
) -> None:
    axes(View(), SIZE)
    lower = [each for each in heard[1] if each[1] == SIZE[1]]
    left = [each for each in heard[1] if each[0] == 0]
    assert all(x0 == x1 and y1 < y0 for x0, y0, x1, y1 in lower)
    assert all(y0 == y1 and x1 > x0 for x0, y0, x1, y1 in left)
    assert len(lower) > 3
    assert len(left) > 2


def test_far_inside_they_count_from_the_centre(heard: tuple[list[Word], list[Stroke]]) -> None:
    axes(View((Decimal("-0.7436438870371587"), Decimal("0.1318259043091895")), 1e-13), SIZE)
    texts = [text for _, _, text, _ in heard[0]]
    assert "x from −0.7436439" in texts
    assert "y from 0.1318259" in texts
    assert "0" in texts
    assert any(text.endswith("e−13") or text.endswith("e−14") for text in texts)


def test_the_edges_are_those_of_the_box() -> None:
    bare = layer(axes(View(), SIZE, (100, 50, 500, 300)), *SIZE[:1], 0, SIZE[1])
    rows, columns = np.nonzero(bare[..., 3])
    assert (columns.min(), rows.max()) >= (98, 290)
    assert rows.max() <= 302
    assert columns.max() <= 505


def test_they_are_seen_on_light_and_on_dark_and_in_any_rows() -> None:
    sprites = axes(View(), SIZE)
    whole = layer(sprites, SIZE[0], 0, SIZE[1])
    parts = [layer(sprites, SIZE[0], top, 50) for top in range(0, SIZE[1], 50)]
    assert np.array_equal(np.concatenate(parts), whole)
    for tone in (0.0, 1.0):
        seen = laid(np.full((SIZE[1], SIZE[0], 3), tone), whole)
        assert (np.abs(seen - tone) > 0.7).any(-1).sum() > 100


def test_a_tick_is_drawn_within_a_sixteenth_of_a_pixel() -> None:
    """Nearer than that no alpha differs by more than the way, as it falls by 1 in a pixel."""
    for k in range(64):
        x, y = 100 + k / 64, 50 - k / 61
        tick = module._stroke(x, y, 0.0, -7.0)
        exact = module._line_of(x - 90, y - 30, 0.0, -7.0).moved(90, 30)
        seen, right = (layer([each], 200, 0, 100).astype(int) for each in (tick, exact))
        assert min(seen.max(), right.max()) > 170
        assert np.abs(seen - right).max() <= np.hypot(1, 1) / 16 * 255 + 1
        assert module._stroke(x + 3, y - 9, 0.0, -7.0).colours is tick.colours  # drawn once


def test_pieces_are_what_the_whole_layer_has() -> None:
    both = module.edges(View(angle=20.0), SIZE)
    whole = layer([each for edge in both for each in edge], SIZE[0], 0, SIZE[1])
    found = pieces(both, SIZE)
    assert len(found) == 2
    assert sum(each.pixels.size for each in found) < 0.4 * whole.size
    joined = np.zeros_like(whole)
    for each in found:
        rows, columns, _ = each.pixels.shape
        joined[each.top : each.top + rows, each.left : each.left + columns] = each.pixels
    assert np.array_equal(joined, whole)
    assert pieces([(), both[1]], SIZE)[0].left == 0
