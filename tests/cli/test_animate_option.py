"""What `weightscape animate` makes of its options, without rendering: which scene each frame is."""

from typing import Any

import click
import pytest

from weightscape.cli.animate_option import AnimateCommand
from weightscape.cli.cli import run
from weightscape.publish.gallery import vector
from weightscape.scene.animation import Animation


def animation(words: str) -> Animation:
    """Read a command line as `animate` does."""
    found: dict[str, Any] = {}
    command = AnimateCommand("animate", callback=lambda **given: found.update(given))
    command.main(words.split(), standalone_mode=False)
    made = found["animation"]
    assert isinstance(made, Animation)
    return made


def shown(name: str, words: str) -> list[Any]:
    made = animation(words)
    return [getattr(made.at(k), name) for k in range(made.frames)]


def refused(words: str, capsys: pytest.CaptureFixture[str]) -> str:
    assert run(["animate", "-o", "no.mp4", *words.split()]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    return said.err.removeprefix("weightscape: ").rstrip("\n")


def test_a_turn_that_begins_anywhere_is_a_loop() -> None:
    for words in ("", " --loop"):
        made = animation("--scene cross-section --vary time=0.15:1.15 --seconds 2 --fps 10" + words)
        assert made.loop
        times = [made.at(k).time for k in range(20)]
        assert times == pytest.approx([0.15 + k / 20 for k in range(20)])
    assert animation("--vary angle=-359.7:0.3").loop


@pytest.mark.parametrize(
    ("fps", "second", "number"), [("10", "1", 10), ("25", "0.44", 11), ("30000/1001", "1.001", 30)]
)
def test_a_key_frame_stands_at_its_second(fps: str, second: str, number: int) -> None:
    radii = shown("radius", f"--keys radius=0:1,{second}:7,2.002:0.5 --no-loop --fps {fps}")
    assert (radii[0], radii[number], radii[-1]) == (1.0, 7.0, 0.5)


def test_a_key_between_two_ends_is_seen() -> None:
    radii = shown("radius", "--keys radius=0:1,1:2,2:1 --ease linear --no-loop --seconds 2 --fps 10")
    assert len(radii) == 20
    assert (radii[0], radii[10], radii[-1]) == (1.0, 2.0, 1.0)
    assert radii[5] == pytest.approx(1.5, rel=1e-15)
    layers = shown("layers", "--keys layers=0:2,1:20,2:2 --no-loop --seconds 2 --fps 10")
    assert (layers[0], layers[10], layers[-1]) == (2, 20, 2)


def test_keys_keep_their_seconds_in_a_longer_film_and_beside_a_range() -> None:
    words = "--keys radius=0.5:1,1:2 --vary scale=0.25:0.75 --seconds 2 --fps 4 --ease linear"
    assert shown("radius", words) == [1.0, 1.0, 1.0, 1.5, 2.0, 2.0, 2.0, 2.0]
    scales = shown("scale", words)
    assert (scales[0], scales[-1]) == (0.25, 0.75)
    assert scales[1] == pytest.approx(0.25 + 0.5 / 7)


def test_two_fields_with_the_same_seconds_keep_step() -> None:
    made = animation("--keys radius=0:1,2:1e-4 --keys center=0:0,0,2:0.5,0.25 --seconds 2 --fps 10")
    for k in range(20):
        scene = made.at(k)
        assert abs(0.5 - float(scene.center[0])) <= 0.501 * scene.radius
    assert made.at(19).radius == 1e-4


@pytest.mark.parametrize(
    "varied",
    [
        "--vary angle=0:90",
        "--vary center=1,1:2,2",
        "--to-seed 5",
        "--keys seed=0:1,1:9",
        "--scene cross-section --vary time=1:2",
    ],
)
def test_geometric_is_refused_for_what_has_no_ratios(varied: str, capsys: pytest.CaptureFixture[str]) -> None:
    name = next(
        name
        for name in ("angle", "center", "part", "seed", "time")
        if name in varied or (name, varied[:9]) == ("part", "--to-seed")
    )
    assert refused(f"{varied} --ease geometric", capsys) == (
        f"--ease: 'geometric' is for radius, scale, bias_scale, layers, width, not for {name}: linear or smooth"
    )


def test_geometric_is_refused_for_zero(capsys: pytest.CaptureFixture[str]) -> None:
    said = refused("--vary scale=0:1 --ease geometric", capsys)
    assert said == "--ease: 'geometric' needs values above 0, and scale has 0.0"


def test_the_ease_is_chosen_where_none_is_given() -> None:
    words = "--vary radius=1:0.01 --vary angle=0:90 --seconds 3 --fps 1"
    assert shown("radius", words) == pytest.approx([1.0, 0.1, 0.01])
    assert shown("angle", words) == [0.0, 45.0, 90.0]


def test_the_help_tells_where_key_frames_stand() -> None:
    command = AnimateCommand("animate")
    text = " ".join(command.get_help(click.Context(command)).split())
    assert "the last frame" in text
    assert "above 0" in text


def test_points_of_many_inputs_run_by_name_and_one_number_alone() -> None:
    words = "--scene digits --vary origin=digits:0:digits:1-digits:2:digits:0 --seconds 1 --fps 4 --no-loop"
    rows = shown("origin", words)
    assert rows[0] == rows[-1] == tuple(vector("digits:0"))
    assert rows[1] != rows[0]
    assert shown("origin", "--scene digits --keys origin=0:digits:0,1:digits:1 --fps 4")[-1] == tuple(
        vector("digits:1")
    )
    one = shown("inputs", "--inputs x,y,0.5 --vary inputs.2=0:1 --seconds 1 --fps 3")
    assert one == [("x", "y", "0.0"), ("x", "y", "0.5"), ("x", "y", "1.0")]
    assert shown("units", "--lens rgb --vary units=0,1,2:2,3,4 --seconds 1 --fps 3")[1] == (1, 2, 3)


def test_a_wrong_number_of_several_is_named_as_it_was_given(capsys: pytest.CaptureFixture[str]) -> None:
    assert refused("--vary origin.3=0:1", capsys) == "--vary origin.3: the scene's origin is empty"
    said = refused("--scene digits --vary origin=digits:0:digits:99999", capsys)
    assert said.startswith("--origin: 'digits:99999' is not in digits:0")
