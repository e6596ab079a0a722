"""What is promised of pictures: true at every depth and zoom, or said not to be."""

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from weightscape.cli.cli import main
from weightscape.deep.orbit import orbit
from weightscape.engine.processor.numpy_engine import NumpyEngine
from weightscape.explore.tell.readout import badge
from weightscape.network.activation import ACTIVATIONS
from weightscape.network.view import Size, pixel_to_plane
from weightscape.picture.forecast import TARGET, foretold, shortfall
from weightscape.picture.network_memory import network
from weightscape.picture.questions import question
from weightscape.picture.render import field, render
from weightscape.scene.scene import Scene

CHAOS = Scene(layers=40, width=30, scale=1.0, radius=1.0, tied=False)
DEEP = Scene(center=("0.31415926535897932384626433832795028841971", "0.2718281828459045"), radius=1e-30)
SIZE = (320, 200)


def run(args: list[str]) -> int:
    """Run the command line; return its exit status."""
    with pytest.raises(SystemExit) as caught:
        main(args)
    return int(caught.value.code or 0)


def truth(scene: Scene, size: Size, pixels: Any, bits: int = 200) -> Any:
    """Evaluate the outputs at pixels (column, row) in ball arithmetic, rounded once: float64 (n, outputs)."""
    values = []
    for column, row in pixels:
        point = pixel_to_plane(scene.view, size, (column + 0.5, row + 0.5))
        last = orbit(network(scene), scene.inputs, scene.time, point, bits).high[-1]
        values.append(ACTIVATIONS[scene.output_activation].function(last))
    return np.array(values)


def sample(size: Size, count: int) -> Any:
    rng = np.random.default_rng(8)
    return list(zip(rng.integers(0, size[0], count).tolist(), rng.integers(0, size[1], count).tolist(), strict=True))


@pytest.mark.slow
@pytest.mark.parametrize(
    "scene",
    [
        Scene(),
        CHAOS,
        replace(CHAOS, seed=5, radius=1e-2),
        Scene(layers=100, tied=False),
        Scene(activation="sin", scale=1.0),
        Scene(activation="relu", rule="he", layers=40),
    ],
    ids=["default", "chaos", "deeper", "100", "sin", "relu"],
)
def test_auto_is_true_to_half_a_step_of_8_bits(scene: Scene) -> None:
    pixels = sample(SIZE, 60)
    seen = np.asarray(field(scene, size=SIZE, engine="numpy"))
    found = np.array([seen[row, column] for column, row in pixels])
    assert np.abs(found - truth(scene, SIZE, pixels)).max() <= 1 / 510


def test_single_precision_is_not_taken_where_it_is_wrong() -> None:
    assert question(Scene(), SIZE, "auto").method == "single"
    assert question(CHAOS, SIZE, "auto").method == "double"
    assert question(DEEP, SIZE, "auto").method == "single", "a flat picture is true in single precision"
    assert question(replace(DEEP, levels="auto"), SIZE, "auto").method == "perturbed"
    assert question(DEEP, SIZE, "auto", relative=True).method == "perturbed"


@pytest.mark.parametrize("radius", [1e-12, 1e-100, 1e-290])
def test_levels_that_follow_the_view_show_the_slope_and_no_blocks(radius: float) -> None:
    scene = replace(DEEP, radius=radius, levels="auto")
    seen = render(scene, size=(90, 60), engine="numpy").astype(int)
    assert np.ptp(seen, axis=(0, 1)).min() > 200
    # A plane slope: no two neighbours jump.
    assert max(np.abs(np.diff(seen, axis=axis)).max() for axis in (0, 1)) <= 8
    assert np.array_equal(seen, render(replace(scene, radius=radius / 10), size=(90, 60), engine="numpy"))


def test_relative_outputs_are_exact_where_a_float_holds_no_difference(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(tmp_path / "r.npy")
    words = ["--center", ",".join(map(str, DEEP.center)), "--radius", "1e-30", "--size", "24x16", "--engine", "numpy"]
    assert run(["render", *words, "--relative", "-o", path]) == 0
    line, name = capsys.readouterr().out.splitlines()
    assert name == path
    values, middle = np.load(path), np.array([float(part) for part in line.split()])
    assert values.dtype == np.float64
    assert middle == pytest.approx(truth(DEEP, (24, 16), [(11.5, 7.5)])[0], rel=1e-15)
    # The slope: the same as measured a thousand times farther out.
    wide = replace(DEEP, radius=1e-12)
    rise = truth(wide, (24, 16), [(23, 7.5)], 300)[0] - truth(wide, (24, 16), [(0, 7.5)], 300)[0]
    here = 0.5 * (values[7, 23] + values[8, 23] - values[7, 0] - values[8, 0])
    assert here * 1e18 == pytest.approx(rise, rel=1e-3)


def test_relative_is_for_raw_outputs_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["render", "--relative", "-o", "a.png"]) == 2
    assert capsys.readouterr().err.endswith("--relative: is for raw outputs, -o FILE.npy\n")


def test_a_forced_precision_that_cannot_hold_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--layers", "100", "--independent", "--size", "20x10", "--engine", "numpy", "-o", str(tmp_path / "a.png")]
    assert run(["render", *words, "--precision", "single"]) == 0
    line = next(line for line in capsys.readouterr().err.splitlines() if "cannot hold" in line)
    assert line.startswith("weightscape: single precision cannot hold this picture: ")
    assert line.endswith("--precision double holds it")
    assert run(["render", *words]) == 0
    assert "cannot hold" not in capsys.readouterr().err


def test_what_nothing_can_hold_is_called_noise() -> None:
    lost = Scene(layers=256, tied=False, scale=3.0)
    assert shortfall(lost, SIZE, question(lost, SIZE, "auto").method).endswith("it is noise")


@pytest.mark.parametrize(
    ("scene", "words"),
    [
        (Scene(), "5 digits"),
        (CHAOS, "exact"),
        (Scene(layers=256, tied=False, scale=3.0), "noise"),
        (DEEP, "exact, smallest detail "),
    ],
    ids=["default", "chaos", "noise", "deep"],
)
def test_the_badge_says_how_true_a_picture_is(scene: Scene, words: str) -> None:
    accuracy = foretold(scene, SIZE)
    assert accuracy
    method = "perturbed" if scene == DEEP else question(scene, SIZE, "auto").method
    said = badge(accuracy, method, scene.radius)
    assert said.startswith(words)


def test_no_seam_shows_when_the_method_changes() -> None:
    """Zoom in by small steps through every method: neighbouring pictures, brought to one grid, agree."""
    scene, engine = replace(CHAOS, layers=22, center=("0.3", "0.2")), NumpyEngine()
    methods = set()
    for k in range(0, 14):
        view = replace(scene, radius=10.0 ** (-k / 2))
        accuracy = foretold(view, SIZE)
        assert accuracy
        for method in ("single", "perturbed", "double", "wide"):
            if accuracy.error[method] > TARGET:  # type: ignore[index]
                continue
            seen = engine.field(question(view, (40, 30), method)).values  # type: ignore[arg-type]
            best = engine.field(question(view, (40, 30), "wide")).values
            assert np.mean(np.abs(seen - best) <= 1 / 510) >= 0.999
            methods.add(method)
    engine.release()
    assert methods == {"single", "perturbed", "double", "wide"}


@pytest.mark.parametrize(("activation", "most"), [("tanh", 1), ("relu", 3)])
def test_the_frames_of_a_zoom_share_their_reference(
    activation: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = replace(DEEP, layers=8, seed=77, activation=activation, scale=0.9, levels="auto")
    computed = []

    def noted(*args: Any) -> Any:
        computed.append(args)
        return orbit(*args)

    monkeypatch.setattr("weightscape.deep.planner.orbit", noted)
    for k in range(60):
        question(replace(scene, radius=10.0 ** (-k / 2)), SIZE, "perturbed")
    assert len(computed) <= most


def test_a_center_may_have_any_number_of_digits() -> None:
    scene = Scene(center=("0." + "123456789" * 40, "-0." + "987654321" * 40), radius=1e-300, levels="auto")
    assert str(scene.center[0]).endswith("123456789")
    moved = replace(scene, center=(scene.center[0] + Decimal("1e-300"), scene.center[1]))
    one, other = (
        np.asarray(field(each, size=(9, 9), engine="numpy", precision="perturbed")) for each in (scene, moved)
    )
    assert np.array_equal(one.shape, other.shape)
    ask = question(scene, (9, 9), "perturbed")
    engine = NumpyEngine()
    assert np.ptp(engine.field(ask).relative) > 0
    engine.release()


SPLIT = Scene(layers=80, tied=False, scale=0.5, radius=1e-3)


@pytest.mark.parametrize(
    ("left", "right", "told"),
    [
        ({}, {"seed": 12}, ""),
        ({}, {"scale": 1.4, "seed": 11}, "the right half: it is noise"),
        ({"scale": 1.4, "seed": 11}, {"scale": 0.5}, "the left half: it is noise"),
        ({"scale": 0.68, "radius": 1.0}, {"scale": 1.4}, "the right half: it is noise"),
        ({"scale": 1.4, "radius": 1.0}, {"scale": 0.68}, "the left half: it is noise"),
    ],
)
def test_of_a_split_view_the_half_is_told_that_falls_short_the_most(
    left: dict[str, Any], right: dict[str, Any], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scene = replace(SPLIT, **left, beside=json.dumps(right))
    words = ["--scene", scene.to_text(), "--size", "41x20", "--engine", "numpy", "-o", str(tmp_path / "a.png")]
    assert run(["render", *words, "--precision", "single"]) == 0
    said = [line for line in capsys.readouterr().err.splitlines() if "cannot hold" in line]
    assert [line.partition(" cannot hold ")[2].partition(";")[0] for line in said] == ([told] if told else [])


def test_each_half_is_judged_by_the_method_that_it_was_drawn_with() -> None:
    scene = replace(SPLIT, beside='{"scale": 1.4, "seed": 11}')
    assert shortfall(scene, SIZE, "single", "wide") == ""
    assert "right half" in shortfall(scene, SIZE, "wide", "single")
