"""The window as a person uses it: every key of the table, mouse and wheel, under a real X server."""

import json
import re
import signal
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest
from display import press, spelled, until
from patience import PATIENCE_S
from PIL import Image
from program import Program, running

import weightscape
from weightscape.explore.act.action import ACTIONS
from weightscape.explore.tell.article import THUMB_PX, _thumbnail
from weightscape.file.png import read_text
from weightscape.network.view import View, pixel_to_plane
from weightscape.scene.command import COMMANDS, SEEDS, Command, apply
from weightscape.scene.figure import FIGURES, Panel, as_picture
from weightscape.scene.link import link
from weightscape.scene.scene import Scene
from weightscape.window.style import ACCENT

Picture = npt.NDArray[np.uint8]
SIZE = (480, 320)
START = Scene(layers=5, width=8, rule="lecun")
OPTIONS = ("--size", "480x320", "--layers", "5", "--width", "8", "--rule", "lecun")
SMALL = ("--size", "240x160")
# A notice goes soon that lies over what is compared.
SOON = "from weightscape.explore import fetching\nfetching.LINKED_S = 0.2\n"
STATUS_PX = 40  # the status line covers less than this
# The keys whose outcome is known beforehand, and that do something here: the others have tests of their own.
OTHERS = ("reroll", "pretty", "unedit")
CHANGES = [command for command in COMMANDS if command.change and command.name not in OTHERS]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """Run one explorer for the tests of this file; each leaves it on the scene it wants."""
    with running(tmp_path_factory.mktemp("explore"), *OPTIONS) as program:
        yield program


def begin(program: Program, scene: Scene = START) -> None:
    """Go to a scene by way of the clipboard-free path: back to the first picture, then nothing else."""
    for _ in range(600):
        if program.scene() == scene:
            return
        program.asked_after("backspace")
    pytest.fail("the first scene is out of reach")


def same(expected: Picture, seen: Picture) -> bool:
    """Compare 8-bit pictures; with some BLAS kernels float32's last digit depends on where a tile is cut."""
    difference = np.abs(expected.astype(int) - seen.astype(int))
    return bool(difference.max() <= 1 and np.mean(difference > 0) < 0.01)


def test_the_window_shows_the_bytes_that_render_writes(program: Program) -> None:
    begin(program)
    program.settled()
    expected = weightscape.render(START, size=SIZE, engine="numpy")
    until(lambda: same(expected[:-STATUS_PX], program.pixels()[:-STATUS_PX]), "the screen to show the picture")
    assert not np.array_equal(expected[-STATUS_PX:], program.pixels()[-STATUS_PX:])  # the status line


def test_at_rest_the_window_shows_a_file_of_many_samples_and_then_draws_no_more(tmp_path: Path) -> None:
    options = "--size", "240x160", "--layers", "12", "--width", "12"
    with running(tmp_path, *options, WEIGHTSCAPE_REST_SAMPLES="4") as program:
        program.settled()
        scene, size = program.scene(), (240, 160)
        expected = weightscape.render(scene, size=size, samples=4, engine="numpy")
        until(lambda: same(expected[:-STATUS_PX], program.pixels()[:-STATUS_PX]), "the smooth picture")
        rough = weightscape.render(scene, size=size, engine="numpy")
        assert not same(rough[:-STATUS_PX], program.pixels()[:-STATUS_PX])


@pytest.mark.every
@pytest.mark.parametrize("command", CHANGES, ids=lambda command: command.name)
def test_a_key_changes_the_scene_as_the_table_says(program: Program, command: Command) -> None:
    begin(program)
    for key in command.keys:
        before = program.scene()
        expected = apply(command, before, 0)
        if expected == before:  # such as resetting a view that is at rest
            program.asked_after("+")
            expected = apply(command, program.scene(), 0)

        assert expected == program.asked_after(key)


def test_r_rerolls_and_backspace_brings_the_old_network_back(program: Program) -> None:
    begin(program)
    rerolled = program.asked_after("r")

    assert replace(rerolled, seed=START.seed) == START
    assert rerolled.seed != START.seed
    assert rerolled.seed < SEEDS
    assert program.asked_after("backspace") == START
    assert program.asked_after("shift+backspace") == rerolled


def test_a_seed_can_be_typed(program: Program) -> None:
    begin(program)
    program.key("enter")
    before = len(program.said("ask"))
    press(program.display, *spelled("271828"), "key", "Return")
    until(lambda: len(program.said("ask")) > before, "the typed seed")

    assert program.scene() == replace(START, seed=271828)


def test_the_wheel_zooms_at_the_cursor(program: Program) -> None:
    begin(program)
    x, y = program.place()
    press(program.display, "mousemove", str(x + 100), str(y + 60))
    under = pixel_to_plane(START.view, SIZE, (100, 60))
    before = len(program.said("ask"))
    press(program.display, "click", "4")
    until(lambda: len(program.said("ask")) > before, "a zoom")
    view = program.scene().view

    assert view.radius == pytest.approx(0.8 * START.radius)
    for now, then in zip(pixel_to_plane(view, SIZE, (100, 60)), under, strict=True):
        assert abs(now - then) < Decimal("1e-12")


def test_dragging_pans(program: Program) -> None:
    begin(program)
    x, y = program.place()
    press(program.display, "mousemove", str(x + 200), str(y + 100), "mousedown", "1")
    press(program.display, "mousemove", str(x + 220), str(y + 100))
    press(program.display, "mousemove", str(x + 260), str(y + 130), "mouseup", "1")
    moved = pixel_to_plane(START.view, SIZE, (SIZE[0] / 2 - 60, SIZE[1] / 2 - 30))
    until(
        lambda: all(abs(a - b) < Decimal("1e-9") for a, b in zip(program.scene().center, moved, strict=True)),
        "the picture to follow the hand",
    )

    assert program.scene().radius == START.radius


@pytest.mark.parametrize("key", ["h", "f1", "tab"])
def test_help_and_panel_open_and_close(program: Program, key: str) -> None:
    begin(program)
    program.settled()
    expected = weightscape.render(START, size=SIZE, engine="numpy")
    covered = slice(20, -STATUS_PX)
    until(lambda: same(expected[covered], program.pixels()[covered]), "a bare picture")
    program.key(key)
    until(lambda: np.mean(expected[covered] != program.pixels()[covered]) > 0.1, "the overlay")
    program.key(key)
    until(lambda: same(expected[covered], program.pixels()[covered]), "a bare picture")


def test_escape_closes_the_help_first(program: Program) -> None:
    begin(program)
    program.key("h")
    program.key("escape")
    program.asked_after("r")  # still there

    assert program.process.poll() is None


def test_copy_and_paste_carry_the_scene(program: Program) -> None:
    begin(program)
    other = program.asked_after("r")
    program.key("ctrl+c")
    until(lambda: any("copied" in entry["text"] for entry in program.said("notice")), "the copy")
    program.asked_after("r")

    assert program.asked_after("ctrl+v") == other


def test_a_link_carries_the_scene_and_is_pasted_in_brackets(program: Program) -> None:
    begin(program)
    other = program.asked_after("r")
    told = program.said_after("ctrl+l", "link copied")
    program.asked_after("r")
    assert told == f"link copied: {len(link(other))} characters hold the scene"
    assert program.asked_after("ctrl+v") == other
    program.told("link pasted (Backspace goes back)")


def test_a_preset_shows_a_scene_of_the_gallery(program: Program) -> None:
    begin(program)

    assert program.asked_after("1") != START


def is_panel(seen: Scene, panel: Panel) -> bool:
    """Compare a scene with a panel's, but for the time, which runs."""
    return replace(seen, time=0.0) == replace(as_picture(panel), time=0.0)


def turned_to(program: Program, key: str, panel: Panel) -> None:
    """Press a key that leads to a panel: pictures of a network of time are asked for all the while."""
    program.asked_after(key)
    until(lambda: is_panel(program.scene(), panel), f"{panel.label} after {key}")


def test_page_keys_go_from_figure_to_figure_and_say_what_is_seen(program: Program) -> None:
    begin(program)
    for key, number in (("page_down", 1), ("page_up", 20), ("page_up", 19), ("page_down", 20), ("page_down", 1)):
        panel = FIGURES[number - 1].panels[0]
        turned_to(program, key, panel)
        program.told(f"Figure {number}, {panel.label}")


def test_page_keys_with_shift_go_from_picture_to_picture(program: Program) -> None:
    begin(program)
    turned_to(program, "shift+page_up", FIGURES[19].panels[-1])
    turned_to(program, "shift+page_up", FIGURES[19].panels[-2])
    turned_to(program, "shift+page_down", FIGURES[19].panels[-1])


def is_captioned(program: Program, scene: Scene) -> bool:
    """Tell whether something stands over the picture above the status line, once the picture is there."""
    bare = weightscape.render(scene, size=SIZE, engine="numpy").astype(int)
    picture, lower = slice(20, 200), slice(-2 * STATUS_PX, -STATUS_PX)
    until(lambda: np.abs(program.pixels()[picture] - bare[picture]).mean() < 1.5, "the picture")
    return bool(np.abs(program.pixels()[lower] - bare[lower]).mean() > 15)


def test_the_caption_stays_as_long_as_its_network(program: Program) -> None:
    begin(program)
    scene = program.asked_after("page_down")
    assert is_captioned(program, scene)
    for key, stays in (("+", True), ("]", False), ("backspace", True)):
        program.asked_after(key)
        program.settled()
        until(lambda stays=stays: ("said" in program.parts()) == stays, f"the caption after {key}: {stays}")  # type: ignore[misc]


def thumbnail_corner(program: Program, number: int) -> tuple[int, int]:
    """Find where a figure's small picture stands in the strip: column and row of its upper left corner."""
    picture = _thumbnail(FIGURES[number], bool).astype(int)
    inner, height = slice(8, THUMB_PX - 8), SIZE[1]

    def found() -> tuple[int, int] | None:
        seen = program.pixels().astype(int)
        for x in range((number + 1) * 100, (number + 1) * 110 + 30):  # the tour stands first
            for y in range(height - 200, height - 140):
                there = seen[y + 8 : y + THUMB_PX - 8, x + 8 : x + THUMB_PX - 8]
                if there.shape == picture[inner, inner].shape and np.abs(there - picture[inner, inner]).mean() < 2:
                    return x, y
        return None

    return until(found, f"the small picture of figure {number + 1}") or (0, 0)


def is_framed(program: Program, x: int, y: int) -> bool:
    """Tell whether the left edge of a small picture is blue, two pixels wide at least."""
    edge = program.pixels()[y + 30 : y + 60, x - 2 : x + 3].astype(int)
    blue = np.abs(edge - np.round(255 * np.array(ACCENT[:3]))).max(axis=-1) < 24
    return bool(np.count_nonzero(blue.all(axis=0)) >= 2)


def test_a_figure_of_the_strip_becomes_the_live_scene(program: Program) -> None:
    begin(program)
    program.settled()
    bare = program.pixels()
    program.key("f2")
    until(lambda: np.mean(bare != program.pixels()) > 0.2, "the strip")
    x, y = program.place()
    before = len(program.said("ask"))
    press(program.display, "mousemove", str(x + 164), str(y + SIZE[1] - 110), "click", "1")
    until(lambda: len(program.said("ask")) > before, "the figure")

    assert program.scene() == FIGURES[0].panels[0].scene
    press(program.display, "mousemove", str(x + 200), str(y + 40))
    corners = until(lambda: [thumbnail_corner(program, n) for n in range(3)], "the thumbnails")
    # The current figure's frame is three pixels wide and blue.
    assert [is_framed(program, *corner) for corner in corners] == [True, False, False]
    program.key("escape")
    begin(program)
    until(lambda: same(bare[: -2 * STATUS_PX], program.pixels()[: -2 * STATUS_PX]), "the strip to close")


def test_v_films_what_is_seen(program: Program) -> None:
    begin(program)
    program.key("v")
    for _ in range(5):
        program.asked_after("+")
    program.key("v")
    films = until(lambda: program.films(), "the film")
    with av.open(str(films[0])) as film:
        frames = [picture.to_ndarray(format="rgb24") for picture in film.decode(video=0)]

    assert frames[0].shape == (SIZE[1], SIZE[0], 3)
    assert np.mean(np.abs(frames[0].astype(int) - frames[-1])) > 2
    told = f"film saved: {films[0].name} in {films[0].parent}"
    until(lambda: told in [entry["text"] for entry in program.said("notice")], "the notice")


def test_a_killed_program_leaves_the_film_playable(tmp_path: Path) -> None:
    with running(tmp_path, *OPTIONS) as program:
        program.key("v")

        def grows() -> list[Path]:
            program.asked_after("+")
            return [path for path in (tmp_path / "captures").glob("*.unfinished.mp4") if path.stat().st_size]

        (film,) = until(grows, "the film to grow")
        program.process.kill()
        program.process.wait()
        with av.open(str(film)) as played:
            assert list(played.decode(video=0))


def test_a_screenshot_is_what_is_seen_at_rest(tmp_path: Path) -> None:
    small = *SMALL, "--layers", "5", "--width", "8", "--rule", "lecun", "--outputs", "1"
    with running(tmp_path, *small, before=SOON, WEIGHTSCAPE_REST_SAMPLES="8") as program:
        files = set[Path]()
        for key in ("", "b", "n"):  # a plane of one output, a split view, a split chart
            if key:
                program.asked_after(key)
            program.settled()
            program.key("s")
            (path,) = until(lambda: {*(tmp_path / "captures").glob("*.png")} - files, "the file")
            files.add(path)
            about, saved = json.loads(str(read_text(path, "weightscape"))), np.asarray(Image.open(path))

            assert about["samples"] == 8
            until(lambda saved=saved: is_seen(program, saved), "what is saved")  # type: ignore[misc]
            program.told(f"picture saved: {path.name} in {path.parent}")


def is_seen(program: Program, saved: Picture) -> bool:
    return same(saved[:-STATUS_PX], program.pixels()[: saved.shape[0] - STATUS_PX])


def test_time_is_paused_only_where_there_is_time(program: Program) -> None:
    begin(program)
    program.key("space")
    until(lambda: any("nothing here moves" in entry["text"] for entry in program.said("notice")), "the notice")
    program.key("space")


def test_a_screenshot_is_the_file_that_render_writes(program: Program) -> None:
    begin(program)
    program.key("s")
    files = until(lambda: list((program.folder / "captures").glob("*.png")), "the file")
    about = json.loads(str(read_text(files[0], "weightscape")))

    assert START.to_text() == json.dumps(about["scene"], ensure_ascii=False)
    assert [*SIZE] == about["size"]
    again = program.folder / "again.png"
    done = weightscape_render(files[0], again)
    assert done == again.read_bytes()


def weightscape_render(scene: Path, target: Path) -> bytes:
    """Render a picture's scene again by the command line; return the original's bytes."""
    from weightscape.cli.cli import main

    with pytest.raises(SystemExit) as left:
        main(["render", "--scene", str(scene), "--engine", "numpy", "-o", str(target)])
    assert left.value.code in (0, None)
    return scene.read_bytes()


def test_full_screen_and_back_keep_the_view(program: Program) -> None:
    begin(program)
    before = len(program.said("ask"))
    for key, size in (("f11", (1000, 700)), ("f", SIZE), ("f11", (1000, 700)), ("escape", SIZE)):
        program.key(key)
        until(lambda size=size: program.size() == size, f"a picture of {size}")  # type: ignore[misc]
    assert len(program.said("ask")) >= before + 4
    assert program.scene() == START


def test_a_resized_window_gets_a_new_picture(program: Program) -> None:
    begin(program)
    press(program.display, "windowsize", program.window, "401", "299")
    until(lambda: program.size() == (401, 299), "the new size")
    program.settled()
    expected = weightscape.render(START, size=(401, 299), engine="numpy")
    until(lambda: same(expected[:-STATUS_PX], program.pixels()[:-STATUS_PX]), "the picture at its new size")
    press(program.display, "windowsize", program.window, *map(str, SIZE))
    until(lambda: program.size() == SIZE, "the old size")


def test_nothing_is_drawn_when_nothing_happens(program: Program) -> None:
    begin(program)
    program.settled()

    def at_rest() -> bool:
        frames = len(program.said("frame"))
        press(program.display, "sleep", "0.7")
        return frames == len(program.said("frame"))

    until(at_rest, "the window to rest")


def test_every_command_without_a_change_is_known_to_the_window() -> None:
    assert {command.name for command in COMMANDS if command.change is None} == set(ACTIONS)


def test_escape_leaves_with_exit_status_0_and_a_quiet_terminal(tmp_path: Path) -> None:
    with running(tmp_path, *OPTIONS) as program:
        title = press(program.display, "getwindowname", program.window)
        program.said_after("escape", "Esc again, or Ctrl+Q, quits")
        assert program.process.poll() is None
        assert program.left_by("escape") == 0
        assert title.startswith("weightscape")
        assert (tmp_path / "stderr").read_text() == ""


# A terminal that closes says so twice, as the shell in it does too.
TWICE = """
import signal
from weightscape.explore import loop

close = loop.close

def asked_again(explorer):
    signal.raise_signal(signal.{sent})
    close(explorer)

loop.close = asked_again
"""


@pytest.mark.parametrize("sent", ["SIGHUP", pytest.param("SIGTERM", marks=pytest.mark.long)])
def test_a_polite_kill_closes_the_window_and_finishes_its_files(sent: str, tmp_path: Path) -> None:
    with running(tmp_path, *OPTIONS, before=TWICE.format(sent=sent)) as program:
        program.settled()
        program.key("s")
        program.asked_after("r")
        program.process.send_signal(getattr(signal, sent))

        assert program.process.wait(timeout=PATIENCE_S) == 0
        assert (tmp_path / "stderr").read_text() == ""
        assert [path.suffix for path in (tmp_path / "captures").iterdir()] == [".png"]


# Python drops what is raised where glfw calls.
IN_A_CALLBACK = """
import signal
from weightscape.window.listener import Listener

def twice(*_):
    signal.raise_signal(signal.SIGINT)
    signal.raise_signal(signal.SIGINT)

Listener._on_key = twice
"""


def test_a_second_ctrl_c_where_glfw_calls_ends_the_window(tmp_path: Path) -> None:
    with running(tmp_path, *OPTIONS, before=IN_A_CALLBACK) as program:
        program.settled()
        program.key("s")

        assert program.process.wait(timeout=PATIENCE_S) == 130
        assert (tmp_path / "stderr").read_text().strip() == "weightscape: stopped"


@pytest.mark.long  # usually done by test_explore_flow.py, too
def test_time_runs_for_a_network_of_time_and_the_space_bar_stops_it(tmp_path: Path) -> None:
    with running(tmp_path, *OPTIONS, "--inputs", "x,y,cos_t,sin_t") as program:
        until(lambda: len({e["scene"] for e in program.said("ask")}) > 5, "moving time")
        program.key("space")

        def at_rest() -> bool:
            asked = len(program.said("ask"))
            press(program.display, "sleep", "0.5")
            return asked == len(program.said("ask"))

        until(at_rest, "time to stop")


def test_the_fragment_engine_paints_in_the_window_too(tmp_path: Path) -> None:
    with running(tmp_path, *OPTIONS, WEIGHTSCAPE_ENGINE="fragment") as program:
        program.settled()
        expected = weightscape.render(START, size=SIZE, engine="fragment")
        until(lambda: same(expected[:-STATUS_PX], program.pixels()[:-STATUS_PX]), "the picture")


# So few show what keeps a picture, or a part of one; so many what keeps as little as 8 kB.
@pytest.mark.parametrize("times", [200, pytest.param(1000, marks=pytest.mark.long)])
def test_memory_stays_flat_over_rerolls(tmp_path: Path, times: int) -> None:
    with running(tmp_path, "--size", "160x120", "--layers", "3", "--width", "8") as program:

        def reroll(times: int) -> None:
            goal = len(program.said("ask")) + times
            while len(program.said("ask")) < goal:  # a display under load may swallow some keys
                press(program.display, "key", "--repeat", "100", "--delay", "4", "r")
                program.settled()

        reroll(times)
        before = program.memory_mb()
        reroll(times)
        until(lambda: program.memory_mb() < before + 8, "memory as before: what is lost stays lost")


def test_moving_the_mouse_away_from_the_origin_of_view_is_reset_by_0(program: Program) -> None:
    begin(program)
    program.asked_after("+")

    assert program.asked_after("0").view == View()
    assert re.match("weightscape", press(program.display, "getwindowname", program.window))
