"""The command line as scripts meet it: bytes, streams, exit codes; one line for whatever is wrong."""

import hashlib
import io
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from patience import ended, ran, started
from PIL import Image

from weightscape import __version__, field
from weightscape.cli import progress
from weightscape.cli.cli import cli, run
from weightscape.cli.scene_option import option_name, scene_options
from weightscape.file.npz import write_weights
from weightscape.file.png import read_text, write_png
from weightscape.network.view import EXACT
from weightscape.picture.network_memory import network
from weightscape.scene.scene import RECIPE, Scene, from_mapping


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder, with an empty home and no display."""
    for name in [*os.environ]:
        if name.startswith(("WEIGHTSCAPE_", "XDG_")) or name in ("DISPLAY", "WAYLAND_DISPLAY"):
            monkeypatch.delenv(name)
    (tmp_path / "home").mkdir()
    (tmp_path / "work").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "work"


def program(*args: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the real program as a process of its own."""
    return ran(sys.executable, "-m", "weightscape", *args, encoding="utf-8", env={**os.environ, **environment})


def complaint(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str]:
    """Run in this process; give exit status and the one line on stderr, without the program's name."""
    status = run(args)
    said = capsys.readouterr()
    assert said.out == ""
    assert re.fullmatch(r"weightscape: [^\n]+\n", said.err)
    return status, said.err.removeprefix("weightscape: ").rstrip("\n")


def made(*args: str) -> None:
    """Run in this process and expect success."""
    assert run(args) == 0


def files() -> set[str]:
    return {path.name for path in Path().iterdir()}


BAD = {
    "--activation relu6": "--activation: 'relu6' is not one of identity, tanh",
    "--layers 0": "--layers: 0 is not in 1..256",
    "--layers 257": "--layers: 257 is not in 1..256",
    "--layers 5.5": "--layers: '5.5' is not a whole number in 1..256",
    "--width 513": "--width: 513 is not in 1..512",
    "--seed -1": "--seed: -1 is not in 0..18446744073709551615",
    "--seed 18446744073709551616": "--seed: 18446744073709551616 is not in 0..18446744073709551615",
    "--seed five": "--seed: 'five' is not a whole number",
    "--layers 256 --width 512 --independent": "66,587,136 weights, the limit is 16,000,000",
    "--radius 0": "--radius: 0 is not in 1e-300..",
    "--radius nan": "--radius: nan is not a finite number in 1e-300..",
    "--radius inf": "--radius: inf is not",
    "--scale 1e7": "--scale: 10000000 is not in 0..1e+06",
    "--angle x": "--angle: 'x' is not a finite number in -360..360",
    "--center 1": "--center: '1' is not two numbers, such as 0.1,-0.2",
    "--center 1,nan": "--center: ",
    "--center 1,2,3": "--center: '1,2,3' is not two numbers, such as 0.1,-0.2",
    "--inputs x,q": "--inputs: 'q' is neither a number nor one of x, y, r, cos_t, sin_t",
    "--outputs 2": "--outputs: 2 is not one of 1, 3",
    "--lens nose": "--lens: 'nose' is not one of outputs",
    "--bias-scale 1": "--bias-scale: belongs to the rules lecun, glorot, he and orthogonal",
    "--size 0x0": "--size: '0x0' is not WIDTHxHEIGHT in 1..65536",
    "--size 1000000x1000000": "--size: '1000000x1000000' is not WIDTHxHEIGHT in 1..65536",
    "--size 1e6x1e6": "--size: '1e6x1e6' is not WIDTHxHEIGHT in 1..65536",
    "--size 65536x65536": "at most 1073741824 pixels",
    "--size 10x": "--size: '10x' is not WIDTHxHEIGHT",
    "--samples 0": "--samples: '0' is not a whole number in 1..1024",
    "--samples 1025": "--samples: '1025' is not a whole number in 1..1024",
    "--engine warp": "--engine: 'warp' is not one of auto, fragment, compute, numpy, jit",
    "--precision half": "--precision: 'half' is not one of auto, single, double, perturbed, wide",
    "--colour red": "--colour",
    "stray": "unexpected extra argument",
    "--scene {": "--scene: not JSON",
    '--scene {"version":2}': "--scene: version: 2 is not 1",
    '--scene {"version":true}': "--scene: version: True is not 1",
    '--scene {"colour":2}': "--scene: colour: this program knows no such field; a newer one may",
    '--scene {"layers":0}': "--scene: layers: 0 is not in 1..256",
    '--scene {"radius":NaN}': "--scene: radius: ",
    "--scene nowhere": "--scene: nowhere is neither JSON text, nor a link, nor a file, nor one of ",
}


@pytest.mark.parametrize("words", BAD)
def test_a_wrong_value_gives_one_line_and_status_2(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, said = complaint(capsys, "render", *words.split(), "-o", "x.png")
    assert (status, BAD[words] in said, files()) == (2, True, set()), said


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        ("render", 2, "Missing option '-o' / '--output'"),
        ("render -o x.jpg", 2, "-o: 'x.jpg' does not end in .png or .tif or .tiff or .dzi or .exr or .npy"),
        ("export -o x.frag", 2, "-o: 'x.frag' does not end in .npz or .safetensors or .json or .glsl"),
        ("render --size 4x4 -o nowhere/x.png", 1, "cannot write nowhere/x.png: the folder"),
        ("render --size 4x4 -o nowhere/x.npy", 1, "cannot write nowhere/x.npy: the folder"),
        ("export -o nowhere/x.npz", 1, "cannot write nowhere/x.npz: the folder"),
        ("export -o nowhere/x.json", 1, "cannot write nowhere/x.json: the folder"),
        ("show nowhere.png", 1, "cannot read nowhere.png: it does not exist"),
        ("explain --weights nowhere.npz", 1, "cannot read nowhere.npz: it does not exist"),
        ("explain --scene .", 1, "cannot read .: it is a folder"),
        ("render -o x.png --seed", 2, "'--seed' requires an argument"),
        ("rendre", 2, "No such command 'rendre'"),
        ("--size 0x0", 2, "--size: '0x0' is not"),
        ("--layers 0", 2, "--layers: 0 is not in 1..256"),
        ("render --engine fragment --precision double --size 4x4 -o x.png", 1, "fragment engine"),
    ],
)
def test_a_fault_gives_one_line_and_leaves_nothing(
    words: str, status: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found, line = complaint(capsys, *words.split())
    assert (found, said in line, files()) == (status, True, set()), line


def test_damaged_and_foreign_files_give_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    made("render", "--engine", "numpy", "--size", "30x20", "-o", "whole.png")
    capsys.readouterr()
    data = Path("whole.png").read_bytes()
    Path("cut.png").write_bytes(data[: len(data) // 2])
    write_png("bare.png", (1, 1), [np.zeros((1, 1, 3), np.uint8)], {})
    write_png("odd.png", (1, 1), [np.zeros((1, 1, 3), np.uint8)], {"weightscape": '{"scene": {}, "size": [0, 9]}'})
    Path("later.json").write_text('{"version": 9}')
    before = files()
    for words, status, said in (
        ("show cut.png", 1, "cannot read cut.png: the PNG is truncated"),
        ("render --scene cut.png -o x.png", 1, "cannot read cut.png: the PNG is truncated"),
        ("show bare.png", 1, "cannot use bare.png: the picture carries no scene"),
        ("render --scene bare.png -o x.png", 1, "cannot use bare.png: the picture carries no scene"),
        ("render --scene odd.png -o x.png", 2, "--scene: size: '0x9' is not WIDTHxHEIGHT"),
        ("show later.json", 2, "later.json: version: 9 is not 1"),
        ("render --scene later.json -o x.png", 2, "--scene: version: 9 is not 1"),
        ("explain --weights whole.png", 1, "cannot read whole.png: it is not a .npz file"),
    ):
        found, line = complaint(capsys, *words.split())
        assert (found, said in line, files()) == (status, True, before), line


def test_a_file_that_may_not_be_written_is_told_and_stays_as_it_was(capsys: pytest.CaptureFixture[str]) -> None:
    Path("folder.png").mkdir()
    status, said = complaint(capsys, "render", "--size", "4x4", "-o", "folder.png")
    assert (status, said) == (1, "cannot write folder.png: it is a folder")
    assert files() == {"folder.png"}


@pytest.mark.slow
def test_two_processes_write_the_same_bytes_and_so_does_the_picture_itself() -> None:
    scene = ["--seed", "5", "--layers", "9", "--center", "-1,0.25", "--angle", "-30"]
    still = ["--size", "150x90", "--samples", "3", "--precision", "double"]
    first = program("render", *scene, *still, "-o", "a.png")
    assert (first.returncode, first.stdout) == (0, "a.png\n")
    assert program("render", *still, *scene, "-o", "b.png").returncode == 0
    assert program("render", "--scene", "a.png", "-o", "c.png").returncode == 0
    assert len({hashlib.sha256(Path(name).read_bytes()).digest() for name in ("a.png", "b.png", "c.png")}) == 1
    with Image.open("a.png") as picture:
        assert picture.size == (150, 90)


def test_a_picture_carries_scene_size_samples_and_precision(capsys: pytest.CaptureFixture[str]) -> None:
    made("render", "--seed", str(2**64 - 1), "--layers", "2", "--size", "7x5", "--engine", "numpy", "-o", "a.png")
    carried = json.loads(read_text("a.png", "weightscape") or "")
    assert {name: carried[name] for name in carried if name != "scene"} == {
        "size": [7, 5],
        "samples": 1,
        "precision": "auto",
    }
    assert from_mapping(carried["scene"]) == Scene(seed=2**64 - 1, layers=2)
    capsys.readouterr()
    made("show", "a.png")
    shown = capsys.readouterr().out
    assert shown.count("\n") > 15
    assert json.loads(shown) == carried["scene"]


def test_options_override_what_a_picture_carries() -> None:
    made(
        "render",
        "--seed",
        "9",
        "--layers",
        "2",
        "--size",
        "7x5",
        "--samples",
        "2",
        "--precision",
        "double",
        "-o",
        "a.png",
    )
    made(
        "render",
        "--scene",
        "a.png",
        "--layers",
        "3",
        "--size",
        "5x4",
        "--samples",
        "1",
        "--precision",
        "single",
        "--engine",
        "numpy",
        "-o",
        "b.png",
    )
    carried = json.loads(read_text("b.png", "weightscape") or "")
    assert from_mapping(carried["scene"]) == Scene(seed=9, layers=3)
    assert (carried["size"], carried["samples"], carried["precision"]) == ([5, 4], 1, "single")


@pytest.mark.parametrize(("precision", "dtype"), [("single", np.float32), ("double", np.float64)])
def test_npy_holds_the_raw_outputs(precision: str, dtype: type) -> None:
    made(
        "render",
        "--outputs",
        "1",
        "--output-activation",
        "identity",
        "--size",
        "9x6",
        "--samples",
        "5",
        "--engine",
        "numpy",
        "--precision",
        precision,
        "-o",
        "a.npy",
    )
    values = np.load("a.npy")
    assert (values.shape, values.dtype) == ((6, 9, 1), dtype)
    scene = Scene(outputs=1, output_activation="identity")
    expected = field(scene, size=(9, 6), engine="numpy", precision="double")
    assert np.allclose(values, expected, atol=1e-3)


@pytest.mark.parametrize("name", ["net.npz", "net.safetensors"])
def test_exported_weights_render_the_same_picture(name: str) -> None:
    made("export", "--seed", "3", "--layers", "4", "-o", name)
    made("render", "--seed", "3", "--layers", "4", "--size", "40x30", "--engine", "numpy", "-o", "a.png")
    made("render", "--weights", name, "--size", "40x30", "--engine", "numpy", "-o", "b.png")
    with Image.open("a.png") as a, Image.open("b.png") as b:
        assert a.tobytes() == b.tobytes()


def test_weights_are_float64_and_float32_on_request(capsys: pytest.CaptureFixture[str]) -> None:
    made("export", "--layers", "4", "-o", "net.npz")
    made("export", "--layers", "4", "--float32", "-o", "half.npz")
    made("export", "--layers", "4", "--float32", "-o", "half.safetensors")
    with np.load("net.npz") as net, np.load("half.npz") as half:
        assert (net["W1"].dtype, half["W1"].dtype, half["b4"].dtype) == (np.float64, np.float32, np.float32)
        assert np.array_equal(net["W1"].astype(np.float32), half["W1"])
    assert b'"dtype":"F32"' in Path("half.safetensors").read_bytes()
    assert run(["export", "--float32", "-o", "a.json"]) == 2
    assert "--float32: a .json holds no weights; .npz and .safetensors do" in capsys.readouterr().err


def test_a_picture_of_a_weights_file_opens_from_another_folder(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("sub").mkdir()
    monkeypatch.chdir("sub")
    made("export", "--seed", "3", "--layers", "4", "-o", "net.npz")
    made("render", "--weights", "net.npz", "--size", "8x6", "--engine", "numpy", "-o", "a.png")
    monkeypatch.chdir("..")
    made("render", "--scene", "sub/a.png", "--engine", "numpy", "-o", "b.png")
    capsys.readouterr()
    made("show", "sub/a.png")
    assert json.loads(capsys.readouterr().out)["weights"] == os.path.join("sub", "net.npz")
    with Image.open("sub/a.png") as a, Image.open("b.png") as b:
        assert a.tobytes() == b.tobytes()


def test_an_exported_scene_is_the_scene() -> None:
    made("export", "--scene", "figure-12", "--rule", "he", "-o", "a.json")
    assert from_mapping(json.loads(Path("a.json").read_text("utf-8"))) == Scene(layers=40, rule="he")


def test_recipe_options_beside_weights_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    net = network(Scene(layers=2))
    write_weights("plain.npz", net.weights, net.biases, net.activations)
    values = {"activation": "relu", "output_activation": "relu", "shape": "normal", "rule": "he", "mix": "17:0.25"}
    for name in RECIPE:
        option = ["--tied"] if name == "tied" else [option_name(name), values.get(name, "1")]
        if name == "bias_scale":
            option += ["--rule", "he"]
        status, said = complaint(capsys, "explain", "--weights", "plain.npz", *option)
        assert (status, "has no effect on a network loaded from plain.npz" in said) == (2, True), said


def bare(name: str, **members: object) -> None:
    """Write a file that does not tell its activations, but for these members."""
    net = network(Scene(layers=3, width=4))
    arrays = {
        f"{letter}{k}": a
        for letter, row in zip("Wb", (net.weights, net.biases), strict=True)
        for k, a in enumerate(row)
    }
    np.savez(name, **arrays, **members)


def test_options_tell_the_activations_that_a_weights_file_does_not(capsys: pytest.CaptureFixture[str]) -> None:
    bare("bare.npz")
    made("explain", "--weights", "bare.npz", "--activation", "relu", "--output-activation", "identity")
    said = capsys.readouterr()
    assert "y = identity(h2 W3 + b3)" in said.out
    assert "relu(h1 W2 + b2)" in said.out
    assert said.err == ""
    options = ("--activation", "relu", "--output-activation", "identity")
    made("render", "--weights", "bare.npz", *options, "--size", "8x6", "--engine", "numpy", "-o", "a.png")
    made("render", "--scene", "a.png", "--engine", "numpy", "-o", "b.png")
    assert Path("a.png").read_bytes() == Path("b.png").read_bytes()
    made("export", "--scene", "a.png", "-o", "told.npz")
    made("render", "--weights", "told.npz", "--size", "8x6", "--engine", "numpy", "-o", "c.png")
    with Image.open("a.png") as a, Image.open("c.png") as c:
        assert a.tobytes() == c.tobytes()
    film = ("--vary", "radius=1:2", "--seconds", "0.5", "--fps", "4", "--size", "8x6", "-o", "film.gif")
    made("animate", "--scene", "a.png", *film)
    capsys.readouterr()
    status, told = complaint(capsys, "explain", "--weights", "told.npz", "--activation", "relu")
    assert (status, told[:69]) == (2, "--activation: has no effect on a network loaded from told.npz (--weig")
    status, told = complaint(capsys, "explain", "--weights", "bare.npz", "--scale", "2")
    assert (status, told[:25]) == (2, "--scale: has no effect on")
    bare("half.npz", activations="relu")
    made("explain", "--weights", "half.npz", "--output-activation", "identity")
    capsys.readouterr()
    status, told = complaint(capsys, "explain", "--weights", "half.npz", "--activation", "tanh")
    assert (status, told[:28]) == (2, "--activation: has no effect ")


def test_a_file_that_tells_nothing_does_not_take_a_random_networks_activations(
    capsys: pytest.CaptureFixture[str],
) -> None:
    bare("bare.npz")
    made("explain", "--scene", '{"activation": "relu", "output_activation": "sin"}', "--weights", "bare.npz")
    said = capsys.readouterr()
    assert "y = sigmoid(h2 W3 + b3)" in said.out
    assert "hidden layers are tanh, the last layer is sigmoid; others by --activation, --output-activation" in said.err
    made("explain", "--scene", '{"activation": "relu", "weights": "bare.npz"}')
    said = capsys.readouterr()
    assert "h1 = relu(" in said.out
    assert "no member 'output_activation': the last layer is sigmoid" in said.err
    assert "hidden layers" not in said.err


def test_weights_that_do_not_fit_the_inputs_are_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    net = network(Scene(layers=2, inputs=("x", "y", "r")))
    write_weights("three.npz", net.weights, net.biases, net.activations)
    status, said = complaint(capsys, "render", "--weights", "three.npz", "-o", "x.png")
    cure = "; --plane pca:FILE lays a plane through data, --origin, --u and --v any"
    assert (status, said) == (2, f"--inputs: three.npz has 3 inputs, the scene lists 2, x,y{cure}")
    made("render", "--weights", "three.npz", "--inputs", "x,y,r", "--size", "4x4", "-o", "x.png")


def test_weights_with_an_unknown_activation_cannot_be_used(capsys: pytest.CaptureFixture[str]) -> None:
    np.savez("relu6.npz", W1=np.eye(2), activations="relu6")
    status, said = complaint(capsys, "explain", "--weights", "relu6.npz")
    assert (status, said[:70]) == (1, "cannot read relu6.npz: member activations holds 'relu6', which is no a")


@pytest.mark.parametrize("form", [["--center", "{}"], ["--center={}"]])
def test_a_center_keeps_every_digit_and_its_sign(form: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    text = "-0.1234567890123456789012345678901234567890,-2e-5"
    made("export", *(word.format(text) for word in form), "-o", "a.json")
    center = json.loads(Path("a.json").read_text())["center"]
    assert [EXACT.create_decimal(c) for c in center] == [EXACT.create_decimal(c) for c in text.split(",")]


def test_every_field_of_a_scene_is_an_option_with_help() -> None:
    options = {each.name: each for each in scene_options()}
    assert {"scene", *Scene.__dataclass_fields__} == set(options)
    assert all(each.help for each in options.values())
    assert options["tied"].secondary_opts == ["--independent"]
    text = " ".join(CliRunner().invoke(cli, ["render", "--help"]).output.split())
    engines = "auto fragment compute numpy jit"
    for words in ("1..256 [27]", "uniform normal", "[tanh]", "--samples N", "1024x1024", engines):
        assert words in text


def test_explore_is_the_command_when_none_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    for words in ([], ["explore"]):
        status, said = complaint(capsys, *words, "--seed", "minus")
        assert (status, "--seed: 'minus'" in said) == (2, True)
    assert "--fullscreen" in CliRunner().invoke(cli, ["--seed", "5", "--help"]).output
    assert CliRunner().invoke(cli, ["--version"]).output == f"weightscape {__version__}\n"
    assert "Commands:" in CliRunner().invoke(cli, ["--help"]).output


@pytest.mark.slow
def test_without_a_display_there_is_a_still(place: Path) -> None:
    done = program("--seed", "5", "--size", "40x30", WEIGHTSCAPE_OUTPUT_DIR=str(place / "captures"))
    assert done.returncode == 0
    assert re.fullmatch(r"weightscape: .*no display.*\nengine: \w+ \(.+\)\n", done.stderr)
    path = Path(done.stdout.rstrip("\n"))
    assert path.parent == place / "captures"
    assert from_mapping(json.loads(read_text(path, "weightscape") or "")["scene"]) == Scene(seed=5)
    with Image.open(path) as picture:
        assert picture.size == (40, 30)
    again = program("--seed", "5", "--size", "40x30", WEIGHTSCAPE_OUTPUT_DIR=str(place / "captures"))
    assert again.stdout == done.stdout
    assert len(list(path.parent.iterdir())) == 1


@pytest.mark.slow
def test_a_dead_display_gives_a_still_too(place: Path) -> None:
    done = program("explore", "--size", "40x30", WEIGHTSCAPE_OUTPUT_DIR=str(place), DISPLAY=":9999")
    assert done.returncode == 0
    assert re.fullmatch(r"weightscape: [^\n]+\nengine: \w+ \(.+\)\n", done.stderr)
    assert Path(done.stdout.rstrip("\n")).exists()


@pytest.mark.slow
def test_without_display_and_opengl_the_missing_packages_are_named(place: Path) -> None:
    nowhere = {"__EGL_VENDOR_LIBRARY_DIRS": str(place / "none"), "WEIGHTSCAPE_OUTPUT_DIR": str(place)}
    done = program("--size", "8x6", **nowhere)
    assert (done.returncode, done.stdout.count("\n")) == (0, 1)
    display, engine = done.stderr.splitlines()
    assert "there is no display" in display
    missing = r"no OpenGL 3\.3 here .*install the packages libegl1 and libgl1 .*"
    assert re.fullmatch(rf"engine: (numpy|jit) \({missing}\)", engine)
    forced = program("--size", "8x6", WEIGHTSCAPE_ENGINE="numpy", **nowhere)
    assert forced.stderr == display + "\n"


def test_engine_and_reason_are_told_on_stderr_when_auto_chose(capsys: pytest.CaptureFixture[str]) -> None:
    made("render", "--size", "4x4", "-o", "a.png")
    said = capsys.readouterr()
    assert said.out == "a.png\n"
    assert re.fullmatch(r"engine: \w+ \(.+\)\n", said.err)
    made("render", "--size", "4x4", "--engine", "numpy", "-o", "a.png")
    assert capsys.readouterr().err == ""


def test_the_environment_sets_engine_and_precision_and_a_picture_its_own_precision(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WEIGHTSCAPE_ENGINE", "numpy")
    monkeypatch.setenv("WEIGHTSCAPE_PRECISION", "double")
    made("render", "--size", "4x4", "-o", "a.npy")
    assert capsys.readouterr().err == ""
    assert np.load("a.npy").dtype == np.float64
    made("render", "--size", "4x4", "--precision", "single", "-o", "a.png")
    made("render", "--scene", "a.png", "-o", "b.npy")
    assert np.load("b.npy").dtype == np.float32
    capsys.readouterr()
    monkeypatch.setenv("WEIGHTSCAPE_SIZE", "big")
    status, said = complaint(capsys, "render", "-o", "c.png")
    assert (status, said.startswith("WEIGHTSCAPE_SIZE: 'big' is not WIDTHxHEIGHT")) == (2, True)


def test_the_users_size_is_the_default_for_render_below_option_and_picture(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = place.parent / "config"
    monkeypatch.setattr("platformdirs.user_config_dir", lambda *_, **__: str(config))
    config.mkdir()
    (config / "config.toml").write_text('size = "5x3"')
    made("render", "-o", "a.npy")
    monkeypatch.setenv("WEIGHTSCAPE_SIZE", "6x2")
    made("render", "-o", "b.npy")
    made("render", "--size", "4x4", "-o", "c.png")
    made("render", "--scene", "c.png", "-o", "c.npy")
    made("render", "--scene", "c.png", "--size", "3x2", "-o", "d.npy")
    assert [np.load(f"{name}.npy").shape[:2] for name in "abcd"] == [(3, 5), (2, 6), (4, 4), (2, 3)]


@pytest.mark.parametrize(
    "words",
    [
        "render --size 4x4 --engine fragment -o a.png",
        "figures 18 --size 16 --engine fragment -o figures",
        "animate --size 4x4 --vary radius=1:2 --seconds 0.1 --engine fragment -o frames",
    ],
)
def test_the_users_gpu_is_the_one_taken_and_a_missing_one_is_told_with_those_there(
    words: str, ctx: Any, place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    config = place.parent / "config"
    monkeypatch.setattr("platformdirs.user_config_dir", lambda *_, **__: str(config))
    config.mkdir()
    (config / "config.toml").write_text('gpu = "no such card"')
    status, said = complaint(capsys, *words.split())
    assert status == 1
    assert "the setting gpu: 'no such card' is no number and in no name of " in said
    assert ctx.info["GL_RENDERER"] in said
    monkeypatch.setenv("WEIGHTSCAPE_GPU", ctx.info["GL_RENDERER"].upper())
    made(*words.split())


def test_info_tells_versions_engine_and_display(capsys: pytest.CaptureFixture[str]) -> None:
    made("info", "--json")
    facts = json.loads(capsys.readouterr().out)
    assert facts["weightscape"] == __version__
    assert facts["packages"]["numpy"] == np.__version__
    assert facts["display"] == ""
    assert facts["auto"]["engine"] in ("numpy", "jit", "fragment")
    assert "missing" in facts["opengl"] or facts["opengl"]["max_texture_size"] >= 1024
    devices = [each["number"] for each in facts["gpus"]]
    assert devices == sorted({*devices})
    for each in facts["gpus"]:
        assert "missing" in each or each["asked"] in ("4.5", "4.3", "4.1", "3.3")
    if "missing" not in facts["opengl"]:
        gl = facts["opengl"]
        (taken,) = [each for each in facts["gpus"] if each.get("taken")]
        same = ("renderer", "asked", "got", "software")
        assert (gl["device"], *(gl[name] for name in same)) == (taken["number"], *(taken[name] for name in same))
        assert gl["compute"] == ("shared_memory" in gl["limits"]) == (float(gl["got"]) >= 4.3)
        assert min(gl["limits"].values()) >= 8
        assert gl["limits"].get("shared_memory", 32_768) >= 32_768  # what OpenGL promises
    assert len(facts["cures"]) >= 5
    made("info")
    text = capsys.readouterr().out
    assert f"auto takes {facts['auto']['engine']} for the default network: {facts['auto']['reason']}\n" in text


def test_help_loads_no_mathematics_and_no_graphics() -> None:
    done = program("--help")
    assert (done.returncode, "Commands:" in done.stdout) == (0, True)
    code = "import sys, weightscape.cli.cli as c; s = c.run({}); print(s, *sorted(sys.modules), file=sys.stderr)"
    heavy = {"moderngl", "glcontext", "glfw", "imgui_bundle"}
    for args, absent in (["--help"], heavy | {"numpy"}), (["render", "--help"], heavy), (["explain"], heavy):
        found = ran(sys.executable, "-c", code.format(args), check=True)
        status, *modules = found.stderr.split()
        assert (status, absent & set(modules)) == ("0", set())


class Terminal(io.StringIO):
    """Stand in for a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "patience", "is_shown"), [(Terminal, 0.0, True), (Terminal, 1e9, False), (io.StringIO, 0.0, False)]
)
def test_long_work_shows_its_progress_on_a_terminal_only(
    stream: type[io.StringIO], patience: float, is_shown: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "PATIENCE_S", patience)
    monkeypatch.setattr(sys, "stderr", stream())
    with progress.progress("a.png") as tell:
        for done in (0.25, 0.5, 1.0):
            tell(done)
    shown = sys.stderr.getvalue()  # type: ignore[attr-defined]
    assert ("a.png" in shown, "100%" in shown) == (is_shown, is_shown)
    assert bool(shown) == is_shown


@pytest.mark.parametrize(
    ("elapsed_s", "before", "now", "said"),
    [
        (10.0, 0.0, 0.5, "0:10 left"),
        (30.0, 0.75, 0.76, "12:00 left"),
        (3600.0, 0.5, 0.6, "4:00:00 left"),
        (5.0, 0.3, 0.3, ""),
        (5.0, 0.3, 1.0, "0:00 left"),
    ],
)
def test_time_left_is_told_by_this_run_alone(elapsed_s: float, before: float, now: float, said: str) -> None:
    assert progress.told_left(elapsed_s, before, now) == said


def test_a_run_that_goes_on_begins_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "PATIENCE_S", 0.0)
    monkeypatch.setattr(sys, "stderr", stream := Terminal())
    clock = iter([0.0, 100.0, 103.0])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(clock))
    with progress.progress("a.png") as tell:
        tell(0.7)
        assert "70%" in stream.getvalue()
        tell(0.8)
    assert "80%  0:06 left" in stream.getvalue()


def test_a_result_stands_on_a_line_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "PATIENCE_S", 0.0)
    both = Terminal()
    monkeypatch.setattr(sys, "stderr", both)
    monkeypatch.setattr(sys, "stdout", both)
    with progress.progress("figures") as bar:
        bar(0.5)
        bar.say("a.png")
    assert f"{progress.CLEAR}a.png\n" in both.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize("sent", ["SIGTERM", "SIGHUP"])
@pytest.mark.parametrize(
    "words", ["render --samples 9 --lens winner --size 5700x5700 -o a.png", "explore --size 20000x20000"]
)
def test_a_kill_in_the_middle_leaves_nothing_behind(
    words: str, sent: str, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEIGHTSCAPE_OUTPUT_DIR", str(place))
    with started(sys.executable, "-m", "weightscape", *words.split(), stderr=subprocess.PIPE) as process:
        assert process.stderr
        line = process.stderr.readline()
        if words.startswith("explore"):
            assert "no display" in line
            line = process.stderr.readline()
        assert line.startswith("engine: ")  # the file is open by now
        assert any(name.endswith(".part") for name in files())
        process.send_signal(getattr(signal, sent))
        status, _, error = ended(process)
        assert (status, error.strip()) == (130, "weightscape: stopped")
    assert files() == set()


def test_a_reader_that_goes_away_is_no_fault() -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as closed:
        done = ran(
            sys.executable, "-m", "weightscape", "explain", capture_output=False, stdout=closed, stderr=subprocess.PIPE
        )
    assert done.stderr == ""


def test_an_output_that_cannot_show_a_letter_still_gets_the_text() -> None:
    done = program("explain", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert "sigmoid(z) = 1 / (1 + e" in done.stdout
