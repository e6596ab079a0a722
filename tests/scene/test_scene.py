"""The scene: its text form loses nothing, and what cannot be is refused by name and range."""

import json
import os
from array import array
from dataclasses import FrozenInstanceError, fields
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from weightscape.network.activation import ACTIVATIONS
from weightscape.network.initialisation import RULES, SHAPES
from weightscape.network.view import View
from weightscape.scene.json_text import MAX_TEXT
from weightscape.scene.lens_name import LENSES
from weightscape.scene.palette import PALETTES, READINGS
from weightscape.scene.scene import VERSION, Scene, from_mapping, from_text, overridden
from weightscape.scene.scene_error import SceneError

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
    "origin": [(0.1, -1e6)],
    "u": [(1 / 3, 0.0)],
    "v": [(-2e-300, 5.0)],
    "lens": list(LENSES),
    "layer": [0, 1, 256],
    "unit": [0, 511],
    "units": [(0, 1, 2), (511, 0, 3)],
    "before": [True, False],
    "probe": [(0.0, 0.0), (-0.1, 65536.0)],
    "turn": [-360.0, 360.0],
    "tilt": [0.0, 90.0],
    "lift": [0.0, 10.0],
    "beside": ['{"activation": "relu"}'],
    "palette": list(PALETTES),
    "levels": ["plain", "auto"],
    "quantise": ["round", "floor"],
    "points": ["Zwei Spiralen ä.csv", "{"],
    "axes": [True, False],
    "contour": [True, False],
    "mix": ["17:0.25", "18446744073709551615:1e-09,0:0.6"],
    "edits": ["1:0:29=-0.5,26:511:511=1000000.0", "27:0:2=5e-324"],
    "silenced": ["1:0,255:511"],
    "reading": list(READINGS),
    "stops": ["#000000 #ffffff", "#20407f@0.1,#FFeedd@0.25 #123456@0.25", " ".join(["#aabbcc"] * 16)],
    "gamma": [0.1, 1 / 3, 10.0],
    "invert": [True, False],
    "cycle": [-1000.0, 0.1, 1000.0],
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
    ("points", 3, "file name"),
    ("axes", 1, "true nor false"),
    ("contour", "no", "true nor false"),
    ("mix", 3, "SEED:PART"),
    ("mix", "17", "SEED:PART"),
    ("mix", "17:1.5", "at most 1"),
    ("mix", "17:nan", "at most 1"),
    ("mix", "17:0.2,17:0.3", "twice"),
    ("mix", "17:0.8,18:0.8", "more than 1"),
    ("mix", "43:0.1", "own seed"),
    ("mix", "18446744073709551616:0.1", "SEED:PART"),
    ("mix", ",".join(f"{seed}:0.01" for seed in range(100, 117)), "limit is 16"),
    ("edits", "1:0=3", "LAYER:INPUT:UNIT=VALUE"),
    ("edits", "1:0:0=inf", "1e+06"),
    ("edits", "1:0:0=1,1:0:0=2", "twice"),
    ("edits", ",".join(f"2:0:{unit}=1" for unit in range(65)), "limit is 64"),
    ("silenced", "3", "LAYER:UNIT"),
    ("silenced", ",".join(f"2:{unit}" for unit in range(65)), "limit is 64"),
    ("reading", "cmyk", "rgb, hsv, oklab, oklch, palette"),
    ("stops", "#000000", "2..16 stops"),
    ("stops", " ".join(["#aabbcc"] * 17), "17 colours"),
    ("stops", "#000000 #fff", "'#fff' is not a colour"),
    ("stops", "#000000 #ffffff@1.5", "'#ffffff@1.5' is not a colour"),
    ("stops", "#000000@0 #ffffff", "either all stops have a place"),
    ("stops", "#000000@0.5 #ffffff@0.25", "#ffffff@0.25 stands before #000000@0.5"),
    ("stops", "#000000@0 #ffffff@nan", "not a colour"),
    ("gamma", 0.0, "0.1..10"),
    ("invert", 1, "true nor false"),
    ("cycle", 1e4, "-1000..1000"),
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
    with pytest.raises(SceneError, match="depth: this program knows no such field"):
        from_mapping({"depth": 3})


def test_looking_changes_the_view_alone() -> None:
    view = View((Decimal(LONG), Decimal(2)), 1e-200, 12.5)
    scene = Scene(seed=7, tied=False).looking(view)
    assert view == scene.view
    assert Scene(seed=7, tied=False) == scene.looking(View())


def test_a_centre_keeps_more_digits_than_a_double() -> None:
    scene = Scene(center=(Decimal(LONG), Decimal(0)))
    assert str(from_text(scene.to_text()).center[0]) == LONG


# Values as other packages hand them in, and what they stand for.
HANDED: list[tuple[str, Any, Any]] = [
    ("weights", Path("nets") / "net.npz", os.path.join("nets", "net.npz")),
    ("center", np.array([0.1, 0.2]), (Decimal("0.1"), Decimal("0.2"))),
    ("center", np.float32([0.1, 0.2]), (float(np.float32(0.1)), float(np.float32(0.2)))),
    ("center", [np.float64(0.1), np.int64(3)], (Decimal("0.1"), Decimal(3))),
    ("center", (np.array(0.1), np.array(2)), (Decimal("0.1"), Decimal(2))),
    ("center", np.array([1, 2], np.uint8), (Decimal(1), Decimal(2))),
    ("center", np.array(["0.1", LONG]), (Decimal("0.1"), Decimal(LONG))),
    ("center", (np.str_("0.1"), Fraction(-1, 8)), (Decimal("0.1"), Decimal("-0.125"))),
    ("center", np.array([Decimal("0.1"), Fraction(1, 4)], object), (Decimal("0.1"), Decimal("0.25"))),
    ("center", array("d", [0.1, 0.2]), (Decimal("0.1"), Decimal("0.2"))),
    ("inputs", np.array(["x", "y", "0.5"]), ("x", "y", "0.5")),
    ("inputs", ["x", np.float32(0.5), np.int64(2)], ("x", "0.5", "2.0")),
    ("units", np.array([3, 1, 2]), (3, 1, 2)),
    ("units", [np.uint8(3), np.int64(1), 2.0], (3, 1, 2)),
    ("probe", np.float32([0.5, -0.25]), (0.5, -0.25)),
    ("probe", [Decimal("0.1"), Fraction(1, 4)], (0.1, 0.25)),
    ("inputs", ["x", Fraction(1, 4), Decimal("0.5")], ("x", "0.25", "0.5")),
    *((name, np.arange(4.0), (0.0, 1.0, 2.0, 3.0)) for name in ("origin", "u", "v")),
    *((name, np.arange(2, dtype=np.int16), (0.0, 1.0)) for name in ("origin", "u", "v")),
    ("radius", Decimal("0.1"), 0.1),
    ("radius", Fraction(1, 3), 1 / 3),
    ("radius", np.float16(0.5), 0.5),
    ("radius", np.longdouble("0.1"), 0.1),
    ("seed", np.str_("18446744073709551615"), 2**64 - 1),
    ("layers", np.float32(5.0), 5),
    ("layers", np.array(5), 5),
    ("outputs", np.array(1), 1),
]
# The same of every field of one kind.
WRAPPED: list[tuple[str, Any, Any]] = [
    (each.name, wrap(AWKWARD[each.name][0]), AWKWARD[each.name][0])
    for each in fields(Scene)
    for wrap in {bool: [np.bool_, np.array], str: [np.str_, np.array]}.get(
        type(AWKWARD[each.name][0]), [np.float64, np.array] if "low" in each.metadata else []
    )
    if each.name != "seed" or wrap is np.array
]
NOT_TAKEN: list[tuple[str, Any, str]] = [
    ("center", np.zeros(3), "two numbers, such as"),
    ("center", np.zeros((1, 2)), "two numbers, such as"),
    ("center", np.array([np.nan, 0.0]), "1e+12"),
    ("center", np.array([np.inf, 0.0]), "1e+12"),
    ("center", np.array([1j, 0.0]), "two numbers, such as"),
    ("center", [1j, 0.0], "two numbers, such as"),
    ("center", np.array([True, False]), "two numbers, such as"),
    ("center", [[1], [2]], "two numbers, such as"),
    ("center", [(0, (1,), 0), 0], "two numbers, such as"),
    ("center", np.array(0.5), "two numbers, such as"),
    ("origin", np.zeros((2, 2)), "list of numbers"),
    ("origin", np.zeros(5000), "list of numbers"),
    ("origin", np.array([np.nan]), "list of numbers"),
    ("u", np.array([1j]), "list of numbers"),
    ("v", np.array([True]), "list of numbers"),
    ("v", np.array(1.0), "list of numbers"),
    ("units", np.array([0.5, 1, 2]), "whole numbers"),
    ("units", np.arange(4), "3 numbers"),
    ("units", [Decimal("0.5"), 1, 2], "whole numbers"),
    ("probe", np.zeros(3), "2 numbers"),
    ("radius", np.float32("nan"), "finite number"),
    ("radius", np.array([1.0]), "finite number"),
    ("radius", 1j, "finite number"),
    ("radius", np.complex64(1), "radius: "),
    ("layers", np.float32(5.5), "1..256"),
    ("layers", np.bool_(True), "1..256"),
    ("layers", np.timedelta64(3, "s"), "layers: "),
    ("tied", np.int64(1), "true nor"),
    ("tied", np.array([True]), "true nor"),
    ("activation", np.array(["tanh"]), "sigmoid"),
    ("weights", np.array([1.0]), "file name"),
    ("weights", np.float64, "file name"),
    ("inputs", np.array(["x", "q"]), "'q'"),
    ("inputs", np.array([True]), "number"),
    ("inputs", np.zeros((2, 2)), "list"),
]


@pytest.mark.parametrize(("name", "value", "meant"), [*HANDED, *WRAPPED])
def test_what_numpy_and_other_packages_hand_in_is_taken(name: str, value: Any, meant: Any) -> None:
    needed = {other: meant for other in ("origin", "u", "v") if name in ("origin", "u", "v")}
    needed |= {"bias_scale": {"rule": "he"}, "part": {"to_seed": 7}}.get(name, {})
    scene, plainly = Scene(**{**needed, name: value}), Scene(**{**needed, name: meant})
    assert scene == plainly
    assert hash(scene) == hash(plainly)
    assert repr(scene) == repr(plainly)
    assert scene.to_text() == plainly.to_text()
    assert from_text(scene.to_text()) == scene


@pytest.mark.parametrize(("name", "value", "said"), NOT_TAKEN)
def test_what_is_no_such_value_is_refused_in_a_line_whoever_hands_it_in(name: str, value: Any, said: str) -> None:
    with pytest.raises(SceneError) as caught:
        Scene(**{name: value})
    assert caught.value.field == name
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300


def test_a_third_is_a_centre_to_more_digits_than_any_zoom_shows() -> None:
    x, _ = Scene(center=(Fraction(1, 3), 0)).center  # type: ignore[arg-type]
    assert abs(Fraction(x) - Fraction(1, 3)) < Fraction(1, 10**390)


def test_a_centre_of_float32_keeps_its_value() -> None:
    x, y = Scene(center=np.float32([0.1, 1e-7])).center  # type: ignore[arg-type]
    assert (np.float32(x), np.float32(y)) == (np.float32(0.1), np.float32(1e-7))
    assert float(x) == float(np.float32(0.1)) != 0.1
