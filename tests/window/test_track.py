"""A slider's track: places and values belong together, and what matters has room."""

import pytest

from weightscape.explore.tell.readout import controls
from weightscape.scene.scene import Scene
from weightscape.window.control.track import nudged, place, value_at, written
from weightscape.window.message import Control

PIXELS = 190  # of a slider in the panel


def knob(name: str, **fields: object) -> Control:
    return next(control for control in controls(Scene(**fields)) if control.name == name)


KNOBS = [
    knob("layers"),
    knob("width"),
    knob("scale"),
    knob("angle"),
    knob("layer", lens="unit"),
    knob("bias_scale", rule="he"),
    knob("scale", activation="sigmoid", rule="he"),
    knob("scale", width=512),
]


@pytest.mark.parametrize("control", KNOBS, ids=lambda control: control.name)
def test_each_value_stands_where_it_is_found_again(control: Control) -> None:
    values = [value_at(control, n / PIXELS) for n in range(PIXELS + 1)]
    assert values == sorted(values)
    assert (values[0], values[-1]) == (control.low, control.high)
    for value in values:
        assert value_at(control, place(control, value)) == pytest.approx(value, rel=2e-3, abs=1e-3)


def test_one_layer_takes_no_quarter_of_the_track_and_few_layers_have_room() -> None:
    values = [value_at(knob("layers"), n / PIXELS) for n in range(PIXELS + 1)]
    assert all(8 <= values.count(n) <= 20 for n in range(1, 5))


@pytest.mark.parametrize(
    ("fields", "low", "high"),
    [({}, 0.4, 1.2), ({"rule": "he"}, 0.7, 2.0), ({"rule": "he", "activation": "relu"}, 0.6, 1.5)],
)
def test_the_lively_scales_have_a_good_part_of_the_track(fields: dict[str, str], low: float, high: float) -> None:
    control = knob("scale", **fields)
    assert (place(control, high) - place(control, low)) * PIXELS > 75
    assert control.mark
    assert low / 1.2 < control.mark < high
    assert 0.4 < place(control, control.mark) < 0.6


def test_the_mark_is_where_small_steps_keep_their_size() -> None:
    assert knob("scale", rule="he", activation="relu", bias_scale=0.0).mark == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize(
    ("name", "value", "steps", "expected"),
    [
        ("scale", 0.7, 1, 0.7021),
        ("scale", 0.7, -1, 0.6979),
        ("layers", 27, 1, 28),
        ("layers", 27, -3, 24),
        ("layers", 1, -1, 1),
        ("angle", 0.0, 1, 0.4),
        ("scale", 10.0, 5, 10.0),
        ("layers", 5, 0.2, 6),
    ],
)
def test_the_wheel_moves_finely_and_stays_inside(name: str, value: float, steps: float, expected: float) -> None:
    assert nudged(knob(name), value, steps) == pytest.approx(expected, abs=1e-4)


def test_the_output_layer_has_its_name() -> None:
    layer = knob("layer", lens="unit")
    assert [written(layer, n) for n in (0, 1, 27)] == ["output", "1", "27"]
    assert written(knob("layers"), 1) == "1"
