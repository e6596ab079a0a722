"""Lines cover what a round pen would, spans what they say, and layers lie over each other as paint does."""

import numpy as np
import numpy.typing as npt
import pytest

from weightscape.draw.cover import KEPT_BYTES, WITHIN, Backdrop, covered, over, painted, stroke

Floats = npt.NDArray[np.float64]
HEIGHT = 40
FINE = 32


def pen(places: Floats, thickness: float) -> Floats:
    """Draw one curve by the distance to each of its segments, at FINE heights of WITHIN columns a pixel."""
    count = len(places)
    ends = np.concatenate([[places[0]], places, [places[-1]]])
    nodes = np.stack([np.arange(-0.5, count + 1), ends], -1)
    x = (np.arange(count * WITHIN) + 0.5) / WITHIN
    y = (np.arange(HEIGHT * FINE) + 0.5) / FINE
    points = np.stack(np.meshgrid(x, y), -1)[:, :, None]
    start, way = nodes[:-1], np.diff(nodes, axis=0)
    along = np.clip(((points - start) * way).sum(-1) / (way * way).sum(-1), 0.0, 1.0)
    far = np.linalg.norm(points - start - along[..., None] * way, axis=-1).min(-1)
    return (far <= thickness / 2.0).reshape(HEIGHT, FINE, count, WITHIN).mean((1, 3))


@pytest.mark.parametrize("thickness", [1.0, 2.33, 5.1])
@pytest.mark.parametrize("steep", [0.2, 1.5, 8.0])
def test_a_line_is_what_a_round_pen_draws(thickness: float, steep: float) -> None:
    steps = np.random.default_rng(int(10 * steep)).uniform(-steep, steep, 17)
    places = 20.0 + np.cumsum(steps) - np.cumsum(steps).mean()
    low, high = stroke(places[:, None], thickness)
    cover = covered(low, high, HEIGHT, np.full((WITHIN, 1), 1.0 / WITHIN))[0]
    assert cover.shape == (HEIGHT, 17)
    assert cover.sum() > 0.9 * 17 * thickness
    assert np.abs(cover - pen(places, thickness)).max() < 2.0 / FINE


def test_a_slope_is_no_thinner_than_level_ground() -> None:
    places = 4.0 + 1.5 * np.arange(20.0)
    low, high = stroke(np.stack([places, np.full(20, 7.0)], -1), 2.0)
    assert high[5:15] - low[5:15] == pytest.approx(np.tile([2.0 * np.hypot(1.0, 1.5)] * 3 + [2.0] * 3, (10, 1)))


def test_spans_cover_parts_of_pixels_and_what_is_not_finite_covers_nothing() -> None:
    low = np.array([[1.25, np.nan, -5.0, 2.0]])
    high = np.array([[3.5, 2.0, 0.5, np.inf]])
    cover = covered(low, high, 5, np.array([[1.0, 0.5], [1.0, 1.0], [1.0, 2.0], [0.0, 1.0]]))
    assert cover[0, :, 0].tolist() == [0.5, 0.75, 1.0, 0.5, 0.0]
    assert cover[1, :, 0].tolist() == [1.0, 0.375, 1.5, 1.25, 1.0]
    many = covered(low.repeat(300, 0), high.repeat(300, 0), 5, np.eye(4))
    assert (many == many[:, :, :1]).all()


def test_memory_is_lent_up_to_a_limit() -> None:
    rows = KEPT_BYTES // 40
    one, other = (covered(np.zeros((2, 5)), np.ones((2, 5)), n, np.eye(5)) for n in (rows // 2, 3))
    assert np.shares_memory(one, other)
    assert not np.shares_memory(one, covered(np.zeros((2, 5)), np.ones((2, 5)), rows + 1, np.eye(5)))


def test_layers_lie_over_each_other_and_over_rows_and_columns() -> None:
    rng, (height, width) = np.random.default_rng(4), (37, 11)
    covers = rng.uniform(0.0, 1.0, (3, height, width)).astype(np.float32)
    colours, rows = rng.uniform(0.0, 1.0, (3, 3)), np.full((height, 3), 0.1)
    rows[5], rows[36] = 0.9, (0.2, 0.4, 0.6)
    columns = {0: rng.uniform(0.0, 1.0, (height, 3)), 10: rows[::-1]}

    def layers(here: slice) -> npt.NDArray[np.float32]:
        seen = np.empty((4, here.stop - here.start, width), np.float32)
        over(covers[:, here], seen)
        return seen

    expected = rows[:, None].repeat(width, 1)
    for x, column in columns.items():
        expected[:, x] = column
    for cover, colour in zip(covers, colours, strict=True):
        expected += cover[..., None] * (colour - expected)
    assert np.abs(painted(Backdrop(rows, columns, width), layers, colours) - 255.0 * expected).max() < 0.51
    bare = painted(
        Backdrop(rows, {}, width),
        lambda here: np.ones((1, here.stop - here.start, width), np.float32),
        np.empty((0, 3)),
    )
    assert np.abs(bare - 255.0 * rows[:, None]).max() < 0.51
