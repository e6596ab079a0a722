"""`weightscape animate`: every frame is the picture of its scene, folders are taken up again, nothing half is left."""

import json
import os
import re
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt
import pytest
from patience import ended, started
from PIL import Image

from weightscape.cli.animate_option import parse_keys
from weightscape.cli.cli import run
from weightscape.picture import render as picture
from weightscape.picture.render import render
from weightscape.publish import film, gallery
from weightscape.scene.scene import Scene, from_mapping

Frame = npt.NDArray[np.uint8]
SMALL = ("--engine", "numpy", "--size", "24x16", "--layers", "4", "--width", "8")
SHORT = ("--seconds", "0.5", "--fps", "10")
CALM = Scene(layers=4, width=8)


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder, with an empty home and no settings."""
    for name in [*os.environ]:
        if name.startswith(("WEIGHTSCAPE_", "XDG_")):
            monkeypatch.delenv(name)
    (tmp_path / "home").mkdir()
    (tmp_path / "work").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "work"


def animate(*args: str) -> None:
    assert run(["animate", *SMALL, *args]) == 0


def files() -> set[str]:
    return set(os.listdir())


def frames_of(path: str) -> list[Frame]:
    with av.open(path) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(container.streams.video[0])]


def drawn(scene: Scene, size: tuple[int, int] = (24, 16)) -> Frame:
    return render(scene, size=size, engine="numpy")


def psnr(a: Frame, b: Frame) -> float:
    return float(10.0 * np.log10(255.0**2 / np.mean((a.astype(np.float64) - b) ** 2)))


def test_first_and_last_frame_are_the_pictures_of_their_scenes(capsys: pytest.CaptureFixture[str]) -> None:
    animate(*SHORT, "--vary", "scale=0.4:0.8", "-o", "a.png")
    assert capsys.readouterr().out == "a.png\na.png.json\n"
    frames = frames_of("a.png")
    assert len(frames) == 5
    np.testing.assert_array_equal(frames[0], drawn(Scene(layers=4, width=8, scale=0.4)))
    np.testing.assert_array_equal(frames[-1], drawn(Scene(layers=4, width=8, scale=0.8)))


def test_a_film_of_a_units_role_has_its_frames_drawn_and_the_network_may_move_in_it() -> None:
    scene = Scene(layers=4, width=8, lens="role", layer=3, unit=2, silenced="1:4")
    size = ("--size", "160x120", "--lens", "role", "--layer", "3", "--unit", "2", "--silenced", "1:4")
    animate(*SHORT, *size, "--vary", "scale=0.4:0.8", "-o", "a.png")
    frames = frames_of("a.png")
    np.testing.assert_array_equal(frames[0], drawn(replace(scene, scale=0.4), (160, 120)))
    np.testing.assert_array_equal(frames[-1], drawn(replace(scene, scale=0.8), (160, 120)))
    assert np.abs(frames[0].astype(int) - frames[-1]).max() > 50


@pytest.mark.parametrize(("suffix", "least"), [(".mp4", 30.0), (".webm", 30.0), (".gif", 30.0)])
def test_lossy_films_stay_close_to_the_pictures(suffix: str, least: float) -> None:
    animate(*SHORT, "--size", "96x64", "--vary", "radius=1:0.1", "-o", f"a{suffix}")
    frames = frames_of(f"a{suffix}")
    assert len(frames) == 5
    for frame, radius in (frames[0], 1.0), (frames[-1], 0.1):
        assert psnr(frame, drawn(Scene(layers=4, width=8, radius=radius), (96, 64))) > least


def test_frames_in_a_folder_each_carry_their_scene() -> None:
    animate(*SHORT, "--to-seed", "7", "-o", "frames")
    assert sorted(os.listdir("frames")) == [f"00000{k}.png" for k in range(1, 6)]
    for k in range(5):
        path = f"frames/00000{k + 1}.png"
        carried = gallery.inside(path)
        scene = from_mapping(carried["scene"])
        assert (scene, carried["size"]) == (Scene(layers=4, width=8, to_seed=7, part=k / 4), [24, 16])
        np.testing.assert_array_equal(np.asarray(Image.open(path)), drawn(scene))


def test_a_morph_ends_at_the_other_network() -> None:
    animate(*SHORT, "--to-seed", "7", "-o", "a.png")
    frames = frames_of("a.png")
    np.testing.assert_array_equal(frames[0], drawn(CALM))
    np.testing.assert_array_equal(frames[-1], drawn(Scene(layers=4, width=8, seed=7)))
    animate(*SHORT, "--to-seed", "7", "--loop", "--fps", "8", "-o", "b.png")
    loop = frames_of("b.png")
    np.testing.assert_array_equal(loop[2], frames[-1])
    np.testing.assert_array_equal(loop[1], loop[3])


def test_a_loop_of_time_leads_back_into_its_first_frame() -> None:
    circle = ("--scene", "cross-section", "--engine", "numpy", "--size", "24x16")
    assert run(["animate", *circle, "--vary", "time=0:1", "--seconds", "1", "--fps", "20", "-o", "a.png"]) == 0
    frames = [frame.astype(int) for frame in frames_of("a.png")]
    steps = [np.abs(a - b).mean() for a, b in zip(frames, frames[1:] + frames[:1], strict=True)]
    assert len(frames) == 20
    assert 0.5 * min(steps[:-1]) < steps[-1] < 1.5 * max(steps[:-1])
    assert np.abs(frames[10] - frames[0]).mean() > 2.0 * steps[-1]


def test_a_rerun_keeps_whole_frames_and_makes_the_others_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def stamps() -> list[int]:
        return [os.stat(f"frames/00000{k}.png").st_mtime_ns for k in range(1, 6)]

    command = (*SHORT, "--vary", "radius=1:2", "-o", "frames")
    animate(*command)
    whole = [Path(f"frames/00000{k}.png").read_bytes() for k in range(1, 6)]
    for k in range(1, 6):
        os.utime(f"frames/00000{k}.png", ns=(1, 1))
    Path("frames/000002.png").write_bytes(whole[1][:-20])
    Path("frames/000004.png").write_bytes(whole[3][:-30] + bytes([whole[3][-30] ^ 1]) + whole[3][-29:])
    Path("frames/000005.png").unlink()
    animate(*command)
    assert [stamp == 1 for stamp in stamps()] == [True, False, True, False, False]
    assert [Path(f"frames/00000{k}.png").read_bytes() for k in range(1, 6)] == whole
    animate(*SHORT, "--vary", "radius=1:3", "-o", "frames")
    assert [stamp == 1 for stamp in stamps()] == [True, False, False, False, False]
    monkeypatch.setattr("weightscape.publish.film.opened", lambda *_, **__: pytest.fail("nothing is missing"))
    animate(*SHORT, "--vary", "radius=1:3", "-o", "frames")


def test_odd_sides_are_rounded_and_said(capsys: pytest.CaptureFixture[str]) -> None:
    animate(*SHORT, "--size", "25x17", "--vary", "radius=1:2", "-o", "a.mp4")
    assert "weightscape: .mp4 needs even sides: 24x16 in place of 25x17\n" in capsys.readouterr().err
    assert frames_of("a.mp4")[0].shape == (16, 24, 3)
    animate(*SHORT, "--size", "25x17", "--vary", "radius=1:2", "-o", "a.gif")
    assert "even" not in capsys.readouterr().err
    assert frames_of("a.gif")[0].shape == (17, 25, 3)


def test_a_film_tells_what_it_was_made_from() -> None:
    animate(*SHORT, "--vary", "radius=1:2", "-o", "a.mp4")
    with av.open("a.mp4") as container:
        about = json.loads(container.metadata["comment"])
    assert from_mapping(about["scene"]) == Scene(layers=4, width=8, radius=1.0)
    assert about["animation"]["vary"]["radius"]["values"] == [1.0, 2.0]
    assert (about["animation"]["fps"], about["animation"]["frames"]) == ("10", 5)
    animate(*SHORT, "--vary", "center=0,0:1,1", "-o", "a.gif")
    assert files() == {"a.mp4", "a.gif", "a.gif.json"}
    beside = gallery.inside("a.gif.json")
    assert from_mapping(beside["scene"]) == CALM
    assert beside["animation"]["vary"]["center"]["values"] == [["0", "0"], ["1", "1"]]


@pytest.mark.parametrize("suffix", [".mp4", ".webm", ".gif", ".png"])
def test_a_film_opens_as_its_first_scene(suffix: str, capsys: pytest.CaptureFixture[str]) -> None:
    animate(*SHORT, "--samples", "2", "--vary", "radius=1:2", "-o", f"a{suffix}")
    capsys.readouterr()
    assert run(["show", f"a{suffix}"]) == 0
    assert from_mapping(json.loads(capsys.readouterr().out)) == Scene(layers=4, width=8, radius=1.0)
    assert run(["render", "--scene", f"a{suffix}", "--engine", "numpy", "-o", "still.png"]) == 0
    carried = gallery.inside("still.png")
    assert (carried["size"], carried["samples"]) == ([24, 16], 2)
    os.rename(f"a{suffix}", "a.clip")
    if suffix in (".mp4", ".webm"):
        assert from_mapping(gallery.inside("a.clip")["scene"]).radius == 1.0


def test_a_film_that_cannot_be_opened_is_told_in_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("bad.mp4").write_bytes(b"\0\0\0\x20ftypisom" + b"\0" * 50)
    Path("bad.webm").write_bytes(b"")
    animate(*SHORT, "--vary", "radius=1:2", "-o", "a.gif")
    Path("a.gif.json").unlink()
    capsys.readouterr()
    for name in ("bad.mp4", "bad.webm", "a.gif"):
        for command in (["show", name], ["render", "--scene", name, "-o", "x.png"]):
            assert run(command) == 1
            said = capsys.readouterr()
            assert (said.out, re.fullmatch(rf"weightscape: cannot (read|use) {name}: [^\n]+\n", said.err) is None) == (
                "",
                False,
            )
    monkeypatch.setitem(sys.modules, "av", None)
    assert run(["show", "bad.mp4"]) == 1
    assert re.fullmatch(
        r"weightscape: cannot read bad.mp4: [^\n]*pip install 'weightscape\[video\]'[^\n]*\n", capsys.readouterr().err
    )


def test_a_course_too_long_to_be_read_again_is_left_out() -> None:
    keys = ",".join(f"{k / 4000}:{1 + k / 7}" for k in range(4001))
    animate("--fps", "4", "--keys", f"radius={keys}", "-o", "a.gif")
    assert set(gallery.inside("a.gif")) == {"scene", "size", "samples", "precision"}


def test_other_frames_stay_in_a_folder_and_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    animate("--seconds", "0.5", "--fps", "10", "--vary", "radius=1:2", "-o", "f")
    assert capsys.readouterr().err == ""
    animate("--seconds", "0.4", "--fps", "10", "--vary", "radius=1:2", "-o", "f")
    said = capsys.readouterr()
    assert (said.out, said.err) == ("f\n", "weightscape: other frames that stay in f: 1\n")
    Path("f/cover.png").write_bytes(b"")
    Path("f/notes.txt").write_bytes(b"")
    animate("--seconds", "0.2", "--fps", "10", "--vary", "radius=1:2", "-o", "f")
    assert capsys.readouterr().err == "weightscape: other frames that stay in f: 4\n"
    assert len(os.listdir("f")) == 7


@pytest.mark.parametrize("output", ["a.gif", "frames"])
def test_all_frames_share_one_pace(output: str, monkeypatch: pytest.MonkeyPatch) -> None:
    paces = []

    def noted(*args: Any, **named: Any) -> Any:
        paces.append(named["pace"])
        return picture.picture_bands(*args, **named)

    monkeypatch.setattr("weightscape.publish.film.picture_bands", noted)
    animate(*SHORT, "--vary", "radius=1:2", "-o", output)
    assert len(paces) == 5
    assert paces[0].rates
    assert all(pace is paces[0] for pace in paces)


def test_key_frames_stand_at_their_seconds() -> None:
    animate(
        "--fps",
        "4",
        "--keys",
        "radius=0:1,0.5:2,1:1",
        "--keys",
        "center=0:0,0,1:0.5,-1",
        "--no-loop",
        "--seconds",
        "1.25",
        "-o",
        "f",
    )
    scenes = [from_mapping(gallery.inside(f"f/00000{k}.png")["scene"]) for k in range(1, 6)]
    assert [scene.radius for scene in scenes][::4] == [1.0, 1.0]
    assert str(scenes[-1].center[1]) == "-1"
    assert max(scene.radius for scene in scenes) > 1.5


def test_points_stand_in_key_frames_with_their_comma() -> None:
    assert parse_keys("center=0:0,0,1.5:1,-2") == ("center", [(0.0, "0,0"), (1.5, "1,-2")])
    assert parse_keys("bias-scale=0:1,2:3") == ("bias_scale", [(0.0, "1"), (2.0, "3")])


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ("", "--vary: nothing varies"),
        ("--vary radius", "--vary: 'radius' is not NAME=A:B"),
        ("--vary radius=1:x", "--vary radius: 'x' is not a finite number in 1e-300..1e+12"),
        ("--vary bias-scale=0:1", "--vary bias-scale: belongs to the rules"),
        ("--vary layers=2:300", "--vary layers: 300 is not in 1..256"),
        ("--vary center=0:1", "--vary center: '0' is not two numbers, such as 0.1,-0.2"),
        ("--vary radius=1:2 --loop", "--vary radius: a loop ends as it begins"),
        ("--vary radius=1:2 --ease slow", "--ease: 'slow' is not one of linear, smooth, geometric"),
        ("--vary radius=1:2 --fps 0", "--fps: '0' is not a number in 1..240"),
        ("--vary radius=1:2 --fps 1/0", "--fps: '1/0' is not a number in 1..240"),
        ("--vary radius=1:2 --seconds 0", "--seconds: 0 is not above 0"),
        ("--vary radius=1:2 --seconds nan", "--seconds: 'nan' is not a number of seconds in 0..86400"),
        ("--vary radius=1:2 --seconds 86400", "--seconds: 2592000 is not in 1..1000000"),
        ("--vary radius=1:2 --fps 60 -o x.gif", "--fps: 60 is not in 1..50 frames a second, the range of .gif"),
        ("--vary radius=1:2 -o x.avi", "-o: 'x.avi' does not end in .mp4 or .webm or .gif or .png"),
        ("--vary radius=1:2 --size 1x8", "--size: 1x8 is too small for .mp4"),
        ("--keys radius=0:1", "--keys: 'radius=0:1' is not NAME=T:V,T:V..."),
        ("--keys radius=0:1,9:2 --seconds 4", "--keys: the time 9 is not in 0..4 seconds"),
        ("--keys radius=1:1,0:2", "--keys radius: the times do not rise"),
        ("--vary layer=0:9 --lens unit", "--layer: 9 is not in 0..4"),
    ],
)
def test_a_wrong_value_is_one_line_before_any_work(args: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["animate", *SMALL, "-o", "x.mp4", *args.split()]) == 2
    error = capsys.readouterr().err
    assert re.fullmatch(r"weightscape: [^\n]+\n", error)
    assert said in error
    assert files() == set()


def test_a_place_that_cannot_be_written_and_a_missing_extra_are_failures(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("taken").write_bytes(b"")
    assert run(["animate", *SMALL, "--vary", "radius=1:2", "-o", "no/x.mp4"]) == 1
    assert "the folder" in capsys.readouterr().err
    assert run(["animate", *SMALL, "--vary", "radius=1:2", "-o", "taken/frames"]) == 1
    assert "cannot make the folder taken/frames" in capsys.readouterr().err
    monkeypatch.setitem(sys.modules, "av", None)
    assert run(["animate", *SMALL, "--vary", "radius=1:2", "-o", "x.mp4"]) == 1
    assert "pip install 'weightscape[video]'" in capsys.readouterr().err
    animate(*SHORT, "--vary", "radius=1:2", "-o", "frames")
    assert files() == {"taken", "frames"}


def test_one_engine_serves_all_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    import weightscape.publish.film as module

    calls: list[Any] = []

    def counted(*args: Any, **options: Any) -> Any:
        calls.append(args)
        return opened(*args, **options)

    opened = module.opened
    monkeypatch.setattr(module, "opened", counted)
    animate(*SHORT, "--vary", "radius=1:2", "-o", "a.png")
    assert len(calls) == 1
    assert picture.render is render


def test_a_stop_tells_how_many_frames_are_kept_and_fresh_makes_all_anew(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made: list[int] = []

    def noted(*args: Any, **named: Any) -> Any:
        if len(made) == 3:
            raise KeyboardInterrupt
        made.append(1)
        return picture.picture_bands(*args, **named)

    words = ["animate", *SMALL, *SHORT, "--vary", "radius=1:2", "-o", "f"]
    with monkeypatch.context() as patch:
        patch.setattr("weightscape.publish.film.picture_bands", noted)
        assert run(words) == 130
        said = "stopped; 3 of 5 frames are kept in f: the same command goes on, --fresh starts anew"
        assert capsys.readouterr().err.splitlines()[-1] == f"weightscape: {said}"
        made.clear()
        assert run(words) == 0
        assert len(made) == 2
        made.clear()
        assert run([*words, "--fresh"]) == 130
        assert len(made) == 3


def test_a_new_folder_asks_for_no_frames_caption_before_that_frame_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """A long film begins at once: 18,000 captions would take 20 s."""
    made, asked = list[int](), film._texts

    def noted(folder: str, k: int, *more: Any) -> dict[str, str]:
        assert len(os.listdir("f")) == k
        made.append(k)
        return asked(folder, k, *more)

    monkeypatch.setattr(film, "_texts", noted)
    animate(*SHORT, "--vary", "radius=1:2", "-o", "f")
    assert made == [0, 1, 2, 3, 4]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("output", "sent"),
    [
        ("a.mp4", signal.SIGINT),
        ("a.webm", signal.SIGTERM),
        ("frames", signal.SIGTERM),
        ("a.gif", signal.SIGTERM),
        ("a.png", signal.SIGINT),
    ],
)
def test_a_stop_leaves_no_half_file(output: str, sent: signal.Signals) -> None:
    # It says which engine works once the file is open and before the first frame; the film would take a minute.
    command = [
        sys.executable,
        "-m",
        "weightscape",
        "animate",
        "--precision",
        "double",
        "--size",
        "64x64",
        "--layers",
        "4",
        "--seconds",
        "600",
        "--vary",
        "radius=1:2",
        "-o",
        output,
    ]
    process = started(*command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stderr is not None
    assert "engine" in process.stderr.readline()
    process.send_signal(sent)
    status, out, err = ended(process)
    kept = r"(; \d+ of 18000 frames are kept in frames: the same command goes on, --fresh starts anew)?"
    assert (status, out) == (130, "")
    assert re.fullmatch(f"weightscape: stopped{kept if output == 'frames' else ''}", err.strip())
    if output == "frames":
        assert all(re.fullmatch(r"\d{6}\.png", name) for name in os.listdir("frames"))
        assert files() == {"frames"}
    else:
        assert files() == set()
