"""The scene: its text form loses nothing, and what cannot be is refused by name and range."""

import json
from dataclasses import FrozenInstanceError, fields
from decimal import Decimal
from typing import Any

import pytest

from weightscape.model.activation import ACTIVATIONS
from weightscape.model.initialisation import RULES, SHAPES
from weightscape.model.lens import LENSES
from weightscape.model.palette import PALETTES
from weightscape.model.scene import MAX_TEXT, VERSION, Scene, from_mapping, from_text, overridden
from weightscape.model.scene_error import SceneError
from weightscape.model.view import View

LONG = "-0." + "1234567890" * 30 + "7"
# Two or more awkward values for every field.
AWKWARD: dict[str, list[Any]] = {
    "seed": [0, 2**53, 2**53 + 1, 2**64 - 1],
    "layers": [1, 256],
    "width": [1, 512],
    "activation": list(ACTIVATIONS),
    "output_activation": list(ACTIVATIONS),
    "shape": list(SHAPES),
    "rule": list(RULES),
    "scale": [0.0, 5e-324, 0.1 + 0.2, 1e6],
    "bias_scale": [0.0, 1 / 3, 1e6],
    "tied": [True, False],
    "to_seed": [0, 2**53 + 1, 2**64 - 1],
    "part": [0.0, 1 / 3, 1.0],
    "outputs": [1, 3],
    "inputs": [("x",), ("r", "x", "0.1", "-2.5e-07", "cos_t"), ("x",) * 64],
    "weights": ["netz \u00e4\u2028\n'\".npz", "{"],
    "center": [(Decimal(LONG), Decimal("1e12")), (Decimal("1E-300"), Decimal("-0")), (Decimal(-1), Decimal("0.10"))],
    "radius": [1e-300, 0.1, 1e12],
    "angle": [-360.0, 1e-17, 360.0],
    "time": [-1e6, 0.1, 1e6],
    "origin": [(0.1, -1e6)], "u": [(1 / 3, 0.0)], "v": [(-2e-300, 5.0)],
    "lens": list(LENSES),
    "layer": [0, 1, 256],
    "unit": [0, 511],
    "units": [(0, 1, 2), (511, 0, 3)], "before": [True, False],
    "probe": [(0.0, 0.0), (-0.1, 65536.0)],
    "turn": [-360.0, 360.0], "tilt": [0.0, 90.0], "lift": [0.0, 10.0],
    "beside": ['{"activation": "relu"}'],
    "palette": list(PALETTES),
    "levels": ["plain", "auto"], "quantise": ["round", "floor"],
}
# What no field may be, and what the message has to say.
REFUSED: list[tuple[str, Any, str]] = [
    ("seed", -1, "0..18446744073709551615"),
    ("seed", 2**64, "0..18446744073709551615"),
    ("seed", "12a", "0..18446744073709551615"),
    ("seed", True, "whole number"),
    ("seed", 1.5, "whole number"),
    ("layers", 0, "1..256"),
    ("layers", 257, "1..256"),
    ("layers", True, "1..256"),
    ("layers", "5", "1..256"),
    ("layers", 2.5, "1..256"),
    ("layers", None, "1..256"),
    ("width", 0, "1..512"),
    ("width", 513, "1..512"),
    ("activation", "tan", "sigmoid"),
    ("activation", ["tanh"], "sigmoid"),
    ("output_activation", "", "sigmoid"),
    ("shape", "cauchy", "uniform, normal"),
    ("rule", "xavier", "lecun"),
    ("scale", -0.1, "0..1e+06"),
    ("scale", 1.1e6, "0..1e+06"),
    ("scale", float("nan"), "finite number"),
    ("scale", float("inf"), "0..1e+06"),
    ("scale", False, "finite number"),
    ("bias_scale", -1.0, "0..1e+06"),
    ("tied", 1, "true nor false"),
    ("tied", "yes", "true nor false"),
    ("to_seed", -1, "0..18446744073709551615"),
    ("to_seed", True, "whole number"),
    ("part", 1.5, "0..1"),
    ("part", -0.1, "0..1"),
    ("part", "half", "finite number"),
    ("outputs", 2, "1, 3"),
    ("outputs", True, "1, 3"),
    ("inputs", "x,q", "'q'"),
    ("inputs", [], "1..64"),
    ("inputs", "nan", "1e+06"),
    ("weights", 3, "file name"),
    ("center", ["0", "nan"], "1e+12"),
    ("center", ["1e13", "0"], "1e+12"),
    ("center", ["1e9999999", "0"], "is not two numbers, such as"),
    ("center", ["0", "abc"], "is not two numbers, such as"),
    ("center", [True, False], "is not two numbers, such as"),
    ("center", ["0"], "is not two numbers, such as"),
    ("center", "12", "is not two numbers, such as"),
    ("center", 7, "is not two numbers, such as"),
    ("radius", 0, "1e-300..1e+12"),
    ("radius", -1.0, "1e-300"),
    ("radius", 1e13, "1e-300..1e+12"),
    ("radius", float("nan"), "1e-300..1e+12"),
    ("radius", 10**400, "1e-300..1e+12"),
    ("layer", -1, "0..256"),
    ("layer", 257, "0..256"),
    ("unit", 512, "0..511"),
    ("angle", 361, "-360..360"),
    ("time", 2e6, "-1e+06..1e+06"),
    ("lens", "layers", "outputs"),
    ("origin", [1, "x"], "list of numbers"),
    ("origin", [2e6], "1e+06"),
    ("origin", [0.0] * 4097, "list of numbers"),
    ("origin", [1.0], "u has 0"),
    ("u", 7, "list of numbers"),
    ("v", [True], "list of numbers"),
    ("units", [0, 1], "3 numbers"),
    ("units", [0, 1.5, 2], "whole numbers"),
    ("units", "0,1,512", "0..511"),
    ("before", 1, "true nor false"),
    ("probe", [0.0, float("nan")], "list of numbers"),
    ("probe", [0.0, 1e5], "-65536..65536"),
    ("turn", 361, "-360..360"),
    ("tilt", -1, "0..90"),
    ("lift", 11, "0..10"),
    ("beside", 3, "scene's JSON"),
    ("palette", "jet", "viridis"),
    ("quantise", "ceil", "round, floor"),
    ("levels", "none", "plain, auto"),
]


def scene_with(name: str, value: Any) -> Scene:
    """A scene in which `name` may have that value: bias_scale belongs to a rule, part to a morph."""
    needed: dict[str, dict[str, Any]] = {"bias_scale": {"rule": "he"}, "part": {"to_seed": 7}}
    plane = ("origin", "u", "v")
    if name in plane and isinstance(value, tuple):
        needed[name] = {other: (0.0,) * len(value) for other in plane if other != name}
    return Scene(**needed.get(name, {}), **{name: value})


def test_every_field_stands_in_the_tables_of_this_test() -> None:
    assert {each.name for each in fields(Scene)} == set(AWKWARD)
    assert {each.name for each in fields(Scene)} == {name for name, _, _ in REFUSED}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name in AWKWARD for value in AWKWARD[name]])
def test_the_text_form_brings_back_every_value(name: str, value: Any) -> None:
    scene = scene_with(name, value)
    assert value == getattr(scene, name)
    again = from_text(scene.to_text())
    assert scene == again
    assert repr(scene) == repr(again)
    assert hash(scene) == hash(again)


def test_the_text_form_is_one_line_of_flat_json_with_its_version() -> None:
    text = Scene().to_text()
    values = json.loads(text)
    assert "\n" not in text
    assert values["version"] == VERSION
    assert values["center"] == ["0", "0"]
    assert values["tied"] is True
    assert values["inputs"] == ["x", "y"]
    assert not any(isinstance(value, dict) for value in values.values())


def test_a_seed_beyond_doubles_is_text_in_json_and_a_smaller_one_a_number() -> None:
    assert str(2**64 - 1) == json.loads(Scene(seed=2**64 - 1).to_text())["seed"]
    assert str(2**53 + 1) == json.loads(Scene(seed=2**53 + 1).to_text())["seed"]
    assert json.loads(Scene(seed=2**53).to_text())["seed"] == 2**53


def test_the_default_scene_is_figure_11() -> None:
    scene = Scene()
    size = scene.seed, scene.layers, scene.width, scene.activation, scene.output_activation
    rule = scene.tied, scene.rule, scene.shape, scene.scale, scene.bias_scale
    assert size == (43, 27, 30, "tanh", "sigmoid")
    assert rule == (True, "fixed", "uniform", 0.7, None)
    assert View() == scene.view
    assert (scene.inputs, scene.outputs) == (("x", "y"), 3)
    assert scene == from_text("{}")
    assert scene == from_text(f'{{"version": {VERSION}}}')


@pytest.mark.parametrize(("name", "value", "said"), REFUSED)
def test_a_value_out_of_range_is_refused_with_field_and_range(name: str, value: Any, said: str) -> None:
    with pytest.raises(SceneError) as caught:
        scene_with(name, value)
    assert name == caught.value.field
    assert str(caught.value).startswith(f"{name}: ")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "culprit"),
    [
        ("", "scene"),
        ("{", "scene"),
        ("[]", "scene"),
        ("43", "scene"),
        ("null", "scene"),
        ("[" * 100_000, "scene"),
        ("{" + " " * MAX_TEXT + "}", "scene"),
        ('{"seed": 1, "depth": 3}', "depth"),
        ('{"version": 2}', "version"),
        ('{"version": "1"}', "version"),
        ('{"version": true}', "version"),
        ('{"version": null}', "version"),
        ('{"radius": NaN}', "radius"),
        ('{"radius": -Infinity}', "radius"),
        ('{"layers": 1e400}', "layers"),
        ('{"scale": {"value": 1}}', "scale"),
        ('{"center": {"0": 1, "1": 2}}', "center"),
        ('{"bias_scale": 0.3}', "bias_scale"),
    ],
)
def test_text_that_is_no_scene_is_refused_by_name(text: str, culprit: str) -> None:
    with pytest.raises(SceneError) as caught:
        from_text(text)
    assert culprit == caught.value.field
    assert len(str(caught.value)) < 300


def test_whole_numbers_may_come_as_floats_and_fractions_as_whole_numbers() -> None:
    scene = from_text('{"layers": 5.0, "outputs": 1.0, "scale": 2, "center": [0.1, -3]}')
    assert (scene.layers, scene.outputs, scene.scale) == (5, 1, 2.0)
    assert [int, int, float] == [type(v) for v in (scene.layers, scene.outputs, scene.scale)]
    assert (Decimal("0.1"), Decimal(-3)) == scene.center


def test_each_rule_brings_its_default_scales() -> None:
    assert (Scene().scale, Scene().bias_scale) == (0.7, None)
    for rule in RULES[1:]:
        assert (Scene(rule=rule).scale, Scene(rule=rule).bias_scale) == (1.0, 0.3)


def test_another_rule_drops_the_old_rules_scales_unless_they_are_given() -> None:
    he = overridden(Scene(scale=0.123), rule="he")
    assert (he.scale, he.bias_scale) == (1.0, 0.3)
    assert overridden(Scene(), rule="he", scale=0.5).scale == 0.5
    assert (overridden(he, rule="fixed").scale, overridden(he, rule="fixed").bias_scale) == (0.7, None)
    assert (lambda s: (s.scale, s.bias_scale))(
        overridden(overridden(he, scale=2.0, bias_scale=0.1), seed=5, rule="he")
    ) == (2.0, 0.1)


def test_a_bias_scale_under_fixed_is_an_error() -> None:
    with pytest.raises(SceneError, match="bias_scale: belongs to the rules lecun"):
        Scene(bias_scale=0.3)


def test_a_part_without_a_seed_to_go_to_is_an_error_and_a_morph_begins_at_0() -> None:
    with pytest.raises(SceneError, match="part: belongs to a morph"):
        Scene(part=0.5)
    assert (Scene().to_seed, Scene().part) == (None, None)
    assert Scene(to_seed=7).part == 0.0
    assert {"to_seed", "part"}.isdisjoint(json.loads(Scene().to_text()))


def test_16_million_weights_are_the_limit_of_independent_networks() -> None:
    # 100 layers: 2 * 400 + 98 * 400 * 400 + 400 * 3 = 15,682,000 weights, and 160,000 more with each further one.
    largest = Scene(tied=False, layers=100, width=400)
    with pytest.raises(SceneError, match=r"width: 102 .* 16,002,000 weights, the limit is 16,000,000"):
        overridden(largest, layers=102)
    assert overridden(largest, layers=101).layers == 101
    assert Scene(layers=256, width=512).layers == 256


def test_a_scene_is_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        Scene().seed = 1  # type: ignore[misc]


def test_a_scene_takes_no_positions_and_no_unknown_names() -> None:
    with pytest.raises(TypeError):
        Scene(43)  # type: ignore[misc]
    with pytest.raises(TypeError):
        Scene(depth=3)  # type: ignore[call-arg]
    with pytest.raises(SceneError, match="depth: no such field"):
        from_mapping({"depth": 3})


def test_looking_changes_the_view_alone() -> None:
    view = View((Decimal(LONG), Decimal(2)), 1e-200, 12.5)
    scene = Scene(seed=7, tied=False).looking(view)
    assert view == scene.view
    assert Scene(seed=7, tied=False) == scene.looking(View())


def test_a_centre_keeps_more_digits_than_a_double() -> None:
    scene = Scene(center=(Decimal(LONG), Decimal(0)))
    assert str(from_text(scene.to_text()).center[0]) == LONG
