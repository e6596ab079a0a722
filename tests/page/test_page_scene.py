"""The scripts' scenes against Python's: texts, ranges, errors, decimal numbers of any length, views."""

import json
import math
import random
import struct
from dataclasses import replace
from decimal import Context, Decimal
from typing import Any

import pytest
from random_scene import random_scene
from scripted import Scripts, caught, of_scene

from weightscape.network.activation import ACTIVATIONS
from weightscape.network.activation_name import known_as
from weightscape.network.view import EXACT, View, pan, rotate, trimmed, zoom
from weightscape.scene.json_text import MAX_TEXT
from weightscape.scene.scene import Scene, from_mapping, from_text
from weightscape.scene.scene_error import SceneError

WRONG: list[dict[str, Any]] = [
    {"seed": -1},
    {"seed": str(2**64)},
    {"seed": 1.5},
    {"seed": "many"},
    {"layers": 0},
    {"layers": 257},
    {"layers": 2.5},
    {"layers": "27"},
    {"layers": True},
    {"activation": "swoosh"},
    {"tied": 1},
    {"tied": None},
    {"scale": -0.5},
    {"scale": 10_000_000},
    {"scale": "0.7"},
    {"bias_scale": 0.5},
    {"part": 0.5},
    {"part": 1.5, "to_seed": 3},
    {"outputs": 2},
    {"inputs": []},
    {"inputs": "x,y,q"},
    {"inputs": ["x", 2_000_000]},
    {"inputs": ["x"] * 65},
    {"weights": 7},
    {"origin": [1.0], "u": [], "v": []},
    {"origin": ["a"]},
    {"origin": [2e6]},
    {"units": [1, 2]},
    {"units": [1, 2, 512]},
    {"units": [1, 2, 2.5]},
    {"probe": "0.5"},
    {"center": "0"},
    {"center": [0]},
    {"center": ["0", "east"]},
    {"center": ["0", "1000000000000.1"]},
    {"radius": 0},
    {"radius": 1e-301},
    {"lens": "magnifier"},
    {"tied": False, "width": 512, "layers": 256},
    {"mix": 3},
    {"mix": "17"},
    {"mix": "17:1.5"},
    {"mix": "17:0x1"},
    {"mix": "17:0.2,17:0.3"},
    {"mix": "17:0.8,18:0.8"},
    {"mix": "43:0.1"},
    {"mix": f"{2**64}:0.1"},
    {"mix": ",".join(f"{seed}:0.01" for seed in range(100, 117))},
    {"edits": "1:0=3"},
    {"edits": "1:0:0=1_0"},
    {"edits": "1:0:0=inf"},
    {"edits": "1:0:0=1,1:0:0=2"},
    {"edits": ",".join(f"2:0:{unit}=1" for unit in range(65))},
    {"silenced": "3"},
    {"silenced": ",".join(f"2:{unit}" for unit in range(65))},
    {"version": 2},
    {"nose": 1, "ear": 2},
]


def test_random_scenes_have_the_same_text(scripts: Scripts) -> None:
    texts = [random_scene(random.Random(n), -280.0).to_text() for n in range(300)]
    texts += [Scene(to_seed=2**64 - 1, seed=2**53 + 1).to_text(), Scene(beside='{"seed": "ü\\n"}').to_text()]
    texts.append(Scene(origin=(0.5, -0.0), u=(1e-5, 123456.75), v=(3.0, 0.1), weights="digits-relu").to_text())
    assert scripts.tab.js(f"{json.dumps(texts)}.map((text) => sceneText(fromText(text)))") == [
        from_mapping(json.loads(text)).to_text() for text in texts
    ]


def test_what_is_left_out_is_as_in_the_default_scene(scripts: Scripts) -> None:
    given: list[dict[str, Any]] = [
        {},
        {"rule": "he"},
        {"to_seed": 5},
        {"units": [3, 4, 5], "lens": "rgb"},
        {"center": [1, "2e3"]},
        {"mix": f" 7:.5, {2**64 - 1}:1e-9 ", "edits": "12:3:4=1e-7,2:3:4=-0,", "silenced": "3:1,2:9,3:1"},
    ]
    texts = scripts.tab.js(f"{json.dumps(given)}.map((values) => sceneText(fromMapping(values)))")
    assert texts == [from_mapping(values).to_text() for values in given]


def test_what_is_wrong_is_said_in_the_same_words(scripts: Scripts) -> None:
    found = scripts.tab.js(caught("(values) => sceneText(fromMapping(values))", *([values] for values in WRONG)))
    for values, fault in zip(WRONG, found, strict=True):
        with pytest.raises(SceneError) as caught_there:
            from_mapping(values)
        error = caught_there.value
        assert fault == {"field": error.field, "reason": error.reason}, values


def test_text_that_is_no_scene_is_refused(scripts: Scripts) -> None:
    found = scripts.tab.js(caught("fromText", ["{"], ["[]"], ["null"], ["3"]))
    assert [each["field"] for each in found] == ["scene"] * 4


def test_text_that_is_too_long_is_refused(scripts: Scripts) -> None:
    text = json.dumps({"beside": "é" * MAX_TEXT}, ensure_ascii=False)
    with pytest.raises(SceneError) as caught_there:
        from_text(text)
    assert scripts.fault(f"fromText({json.dumps(text)})") == ["scene", caught_there.value.reason]


def test_activations_are_known_by_the_names_of_others(scripts: Scripts) -> None:
    names = [
        "ReLU",
        "nn.LeakyReLU()",
        "LeakyReLU(negative_slope=0.01)",
        "LeakyReLU(0.2)",
        "logistic",
        "Tanh",
        "jax.nn.silu",
    ]
    names += [
        "GELU(approximate='none')",
        "gelu(approximate='tanh')",
        "soft sign",
        "ELU(alpha=1.0, inplace=True)",
        "swoosh",
    ]
    names += ["", "(", "Softmax(dim=1)", " relu ", *ACTIVATIONS]
    assert scripts.tab.js(f"{json.dumps(names)}.map(knownAs)") == [known_as(name) for name in names]
    assert scripts.tab.js("checkedScene({activation: 'torch.nn.ReLU'}).activation") == "relu"


def test_a_scene_is_frozen(scripts: Scripts) -> None:
    assert scripts.tab.js(f"Object.isFrozen({of_scene(Scene())}) && Object.isFrozen({of_scene(Scene())}.units)")


def doubles(count: int) -> list[float]:
    """Draw doubles of all sizes, and those at which the way of writing changes."""
    chance = random.Random(3)
    drawn = [struct.unpack("d", chance.randbytes(8))[0] for _ in range(count)]
    edges = [0.0, -0.0, 1.0, 1e15, 1e16, 123456789012345680.0, 1e-4, 9.999e-5, 1e22, 1e23, 5e-324, 0.5, 2.5, 1e300]
    return [each for each in drawn if math.isfinite(each)] + edges


def test_doubles_are_written_as_python_does(scripts: Scripts) -> None:
    values = doubles(300)
    told = json.dumps(values)
    assert scripts.tab.js(f"{told}.map(floatText)") == [repr(each) for each in values]
    short = [each for each in values if abs(each) > 1e-300]
    assert scripts.tab.js(f"{json.dumps(short)}.map(general)") == [f"{each:g}" for each in short]
    assert scripts.tab.js(f"{told}.map((each) => decimalText(normalized(exactDecimal(each))))") == [
        str(Decimal(each).normalize(Context(prec=800))) for each in values
    ]


def test_doubles_are_rounded_as_python_does(scripts: Scripts) -> None:
    values = [each for each in doubles(300) if abs(each) < 1e200] + [32768.25, 32768.75, 0.125, 1.5, 2.5]
    told = json.dumps(values)
    assert scripts.tab.js(f"{told}.map((each) => significant(each, 6))") == [float(f"{each:.6g}") for each in values]
    assert scripts.tab.js(f"{told}.map((each) => rounded(each, 2))") == [round(each, 2) for each in values]


def test_decimal_numbers_are_python_s(scripts: Scripts) -> None:
    chance = random.Random(4)
    texts = [
        f"{chance.choice(['', '-'])}{chance.randrange(10 ** chance.randint(1, 60))}e{chance.randint(-60, 20)}"
        for _ in range(200)
    ]
    texts += ["0", "-0", "0.00", "1e3", "  7 ", ".5", "5.", "+1", "9" * 410 + "e-405", "00012.50"]
    made = [EXACT.create_decimal(each.strip()) for each in texts]
    told = json.dumps(texts)
    assert scripts.tab.js(f"{told}.map((each) => decimalText(inPrecision(parsedDecimal(each))))") == [
        str(each) for each in made
    ]
    assert scripts.tab.js(f"{told}.map((each) => decimalText(normalized(inPrecision(parsedDecimal(each)))))") == [
        str(each.normalize(EXACT)) for each in made
    ]
    step = Decimal(1).scaleb(-12)
    assert scripts.tab.js(f"{told}.map((each) => decimalText(quantized(inPrecision(parsedDecimal(each)), -12)))") == [
        str(EXACT.quantize(each, step)) for each in made
    ]
    none = json.dumps(["", ".", "e5", "1e", "0x10", "NaN", "Infinity", "1 2", "1_0", "1e99999999"])
    assert scripts.tab.js(f"{none}.every((each) => parsedDecimal(each) === null)")


def moves(chance: random.Random, angles: list[float]) -> list[tuple[str, list[float]]]:
    """Draw pans, zooms and turns."""
    made: list[tuple[str, list[float]]] = []
    for _ in range(12):
        kind = chance.choice(["pan", "zoom", "rotate"])
        if kind == "pan":
            made.append((kind, [chance.uniform(-200, 200), chance.randint(-90, 90)]))
        elif kind == "zoom":
            made.append((kind, [chance.uniform(0, 96), chance.uniform(0, 54), 10.0 ** chance.uniform(-4, 2)]))
        else:
            made.append((kind, [chance.choice(angles)]))
    return made


def moved_in_python(view: View, size: tuple[int, int], kind: str, values: list[float]) -> View:
    if kind == "pan":
        return pan(view, size, *values)
    if kind == "zoom":
        return zoom(view, size, (values[0], values[1]), values[2])
    return rotate(view, *values)


MOVE = """(view, size, kind, values) => kind === "pan" ? pan(view, size, ...values)
    : kind === "zoom" ? zoom(view, size, [values[0], values[1]], values[2]) : rotate(view, ...values)"""


def ways(scripts: Scripts, angles: list[float]) -> list[tuple[View, float, dict[str, Any]]]:
    """Go random ways in both; tell where they end, and the largest radius between."""
    size, found = (96, 54), []
    for n in range(40):
        chance = random.Random(n)
        scene = replace(random_scene(chance, -200.0), angle=0.0)
        view, made, largest = scene.view, moves(chance, angles), 0.0
        for move in made:
            largest = max(largest, view.radius)
            view = moved_in_python(view, size, *move)
        step = f"(view, move) => ({MOVE})(view, {list(size)}, ...move)"
        there = scripts.tab.js(f"{json.dumps(made)}.reduce({step}, viewOf({of_scene(scene)}))")
        found.append((view, largest, there))
    return found


def test_views_move_to_the_last_digit(scripts: Scripts) -> None:
    for view, _, there in ways(scripts, [90.0, -90.0, 180.0, 360.0]):
        assert there == {"center": [str(each) for each in view.center], "radius": view.radius, "angle": view.angle}


def test_turned_views_move_alike(scripts: Scripts) -> None:
    for view, largest, there in ways(scripts, [5.0, -5.0, 33.3]):
        assert (there["radius"], there["angle"]) == (view.radius, view.angle)
        # Cosine and sine may differ in their last place.
        for a, b in zip(there["center"], view.center, strict=True):
            assert abs(EXACT.subtract(Decimal(a), b)) <= Decimal("1e-14") * Decimal(largest)


def test_a_long_way_in_and_out_keeps_the_centre_short(scripts: Scripts) -> None:
    view = View((Decimal("0.1"), Decimal("-0.2")), 2.6)
    step = "(view, factor) => zoom(view, [96, 54], [30.5, 20.5], factor)"
    there = scripts.tab.js(f"Array(900).fill(0.5).reduce({step}, viewOf({of_scene(Scene().looking(view))}))")
    for _ in range(900):
        view = zoom(view, (96, 54), (30.5, 20.5), 0.5)
    assert there["center"] == [str(each) for each in view.center]
    assert there["radius"] == view.radius
    assert there["center"] == [str(each) for each in trimmed(view.center, view.radius)]
    assert max(map(len, there["center"])) < 330
