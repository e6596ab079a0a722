"""What goes wrong in the window ends as a sentence and a line in the diary, and the picture stays as it was."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from display import press, until
from program import Program, running

from weightscape.lens.split import other
from weightscape.publish.still import Still, write_still
from weightscape.scene.link import link
from weightscape.scene.scene import Scene

START = Scene(layers=4, width=8)
OPTIONS = ("--size", "240x160", "--layers", "4", "--width", "8")
# Ctrl+O drops the files that a list names, Ctrl+C copies the list, and V fails.
BEFORE = """
from pathlib import Path
from weightscape.explore.act import action
from weightscape.explore.act import response
from weightscape.window.event import Drop

def drop(explorer, key):
    response.take(explorer, Drop(tuple(Path({list!r}).read_text().splitlines())))

def copy(explorer, key):
    explorer.window.clipboard = Path({list!r}).read_text()
    explorer.say("copied")

def fail(explorer, key):
    raise KeyError("nobody expected this")

action.ACTIONS |= {{"open": drop, "copy": copy, "record": fail}}
"""


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    folder = tmp_path_factory.mktemp("fault")
    with running(folder, *OPTIONS, before=BEFORE.format(list=str(folder / "list"))) as program:
        yield program


@pytest.fixture
def at_start(program: Program) -> Program:
    while program.scene() != START:
        program.asked_after("backspace")
    return program


def drop(program: Program, *paths: Path | str) -> None:
    (program.folder / "list").write_text("\n".join(map(str, paths)))
    program.key("ctrl+o")


def weights(path: Path, *widths: int) -> Path:
    layers = list(pairwise(widths))
    arrays = {f"W{k}": np.full(shape, 0.1) for k, shape in enumerate(layers, 1)}
    np.savez(path, **arrays, **{f"b{k}": np.zeros(n) for k, (_, n) in enumerate(layers, 1)})  # type: ignore[arg-type]
    return path


def still_there(program: Program, scene: Scene = START) -> None:
    """Check that the scene is the one from before, and the window alive."""
    assert program.scene() == scene
    program.asked_after("+")
    assert program.asked_after("backspace") == scene


def test_an_action_that_fails_is_told_and_closes_nothing(at_start: Program) -> None:
    at_start.said_after("v", "KeyError: 'nobody expected this'")
    fault = at_start.said("fault")[-1]
    assert "in fail" in fault["traceback"]
    still_there(at_start)


@pytest.mark.every
@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("bad.npz", b"just text", "bad.npz: it is neither weights nor"),
        ("cut.npz", b"PK\3\4 and no more", "cut.npz"),
        ("note.txt", b"[1, 2]", "scene made here (not a JSON object)"),
        ("old.json", b'{"layers": 0}', "old.json: layers"),
        ("gone.json", None, "gone.json"),
        ("deep.json", b'{"lens": "cut", "layer": 99}', "deep.json: layer: 99"),
        ("lost.json", b'{"weights": "nowhere.npz"}', "nowhere.npz"),
        ("half.json", b'{"beside": "zzz"}', "half.json"),
    ],
)
def test_a_file_that_is_refused_changes_nothing_and_is_named(
    at_start: Program, tmp_path: Path, name: str, content: bytes | None, words: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    before = len(at_start.said("notice"))
    drop(at_start, tmp_path / name)
    at_start.told(words, before)
    still_there(at_start)
    assert not any(entry["text"] in at_start.said("notice")[-1]["text"] for entry in at_start.said("fault"))


def test_a_folder_and_other_arrays_are_refused_too(at_start: Program, tmp_path: Path) -> None:
    (tmp_path / "dir.npz").mkdir()
    np.savez(tmp_path / "other.npz", pictures=np.zeros(3))
    for name in ("dir.npz", "other.npz"):
        before = len(at_start.said("notice"))
        drop(at_start, tmp_path / name)
        at_start.told(name, before)
        still_there(at_start)


@pytest.mark.every
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"weights": "no-such.npz"}', "no-such.npz"),
        ('{"lens": "cut", "layer": 99}', "layer: 99"),
        ('{"beside": "zzz"}', "beside: "),
        ('{"lens": "regions"}', "linear pieces"),
        ("soup", "clipboard: no scene (not JSON)"),
        (" ", "clipboard: it is empty"),
        ('"' + link(Scene(seed=123456))[:-5] + '"', "link: it is cut: 6 of its 11 characters are there"),
        (link(Scene(seed=123456)).replace("1A", "1AA"), "link: it is broken: "),
    ],
)
def test_what_is_pasted_and_cannot_be_shown_changes_nothing(at_start: Program, text: str, words: str) -> None:
    (at_start.folder / "list").write_text(text)
    at_start.said_after("ctrl+c", "copied")
    at_start.said_after("ctrl+v", words)
    still_there(at_start)


def test_nothing_that_is_dropped_is_nothing(at_start: Program) -> None:
    faults = len(at_start.said("fault"))
    drop(at_start)
    still_there(at_start)
    assert len(at_start.said("fault")) == faults


def test_a_good_file_is_opened_whatever_its_name_is(at_start: Program, tmp_path: Path) -> None:
    scene = Scene(seed=7, layers=3, width=5)
    (tmp_path / "own.txt").write_text(scene.to_text())
    before = len(at_start.said("notice"))
    drop(at_start, tmp_path / "own.txt")
    assert at_start.told("opened", before) == "opened own.txt (Backspace goes back)"
    assert at_start.scene() == scene
    assert at_start.asked_after("backspace") == START
    drop(at_start, weights(tmp_path / "NET.npz", 2, 4, 3).rename(tmp_path / "NET.NPZ"))
    until(lambda: at_start.scene().weights.endswith("NET.NPZ"), "the weights")
    until(lambda: [each for each in at_start.said("notice") if "opened NET.NPZ" in each["text"]], "the word")
    assert at_start.asked_after("backspace") == START


def test_two_files_stand_side_by_side(at_start: Program, tmp_path: Path) -> None:
    left, right = Scene(seed=7, layers=3, width=5, radius=2.0), Scene(seed=8, rule="he", activation="relu", radius=9.0)
    for name, scene in (("one.json", left), ("two.json", right)):
        (tmp_path / name).write_text(scene.to_text())
    drop(at_start, tmp_path / "one.json", tmp_path / "two.json", tmp_path / "three.json")
    at_start.told("opened one.json and two.json (Backspace goes back); 1 more stays closed")
    scene = at_start.scene()
    assert replace(scene, beside="") == left
    assert other(scene) == replace(right, radius=2.0)
    assert at_start.asked_after("backspace") == START


def test_two_weights_files_stand_side_by_side(at_start: Program, tmp_path: Path) -> None:
    paths = [weights(tmp_path / f"{n}.npz", 2, n, 3) for n in (4, 6)]
    drop(at_start, *paths)
    at_start.told("opened 4.npz and 6.npz")
    assert at_start.scene().weights == str(paths[0])
    assert other(at_start.scene()).weights == str(paths[1])


@pytest.mark.parametrize("key", ["z", "k", ";"])
def test_a_weights_file_that_goes_while_it_is_seen_is_told(at_start: Program, tmp_path: Path, key: str) -> None:
    path = weights(tmp_path / "going.npz", 2, 4, 3)
    drop(at_start, path)
    until(lambda: at_start.scene().weights == str(path), "the weights")
    at_start.settled()
    path.unlink()
    at_start.said_after(key, "going.npz")
    assert at_start.process.poll() is None


def test_a_network_of_many_inputs_without_a_plane_is_refused(at_start: Program, tmp_path: Path) -> None:
    drop(at_start, weights(tmp_path / "many.npz", 784, 4, 3))
    at_start.told("many.npz: the network has 784 inputs")
    still_there(at_start)


@pytest.mark.parametrize("key", ["a", "[", "}", "up", "i"])
def test_a_loaded_network_stays_and_says_which_key_leaves_it(at_start: Program, key: str) -> None:
    loaded = at_start.asked_after("9")
    at_start.said_after(key, "R goes back to random ones")
    assert at_start.scene() == loaded


@pytest.mark.parametrize("key", ["r", "shift+r"])
def test_a_new_seed_leaves_a_loaded_network_for_the_last_random_one(at_start: Program, key: str) -> None:
    assert at_start.asked_after("9").weights
    new = at_start.asked_after(key)
    assert replace(new, seed=START.seed) == START
    at_start.told("a random network again; Backspace goes back")
    assert at_start.asked_after("backspace").weights


def test_enter_says_that_a_loaded_network_has_no_seed(at_start: Program) -> None:
    at_start.asked_after("8")
    at_start.said_after("enter", "has no seed: R goes back to random ones")


@pytest.mark.parametrize("key", ["f12", "ctrl+j", "&"])
def test_a_key_that_does_nothing_says_so(at_start: Program, key: str) -> None:
    at_start.said_after(key, "no such key, H has them all")
    before = len(at_start.said("notice"))
    press(at_start.display, "key", "Control_L", "key", "Shift_L", "key", "Alt_L")
    at_start.said_after("space", "nothing here moves")
    assert len(at_start.said("notice")) == before + 1


@pytest.mark.parametrize(("key", "words"), [("shift+up", "larger biases"), ("0", "reset the view: nothing to change")])
def test_a_key_that_has_nothing_to_do_says_so(at_start: Program, key: str, words: str) -> None:
    at_start.said_after(key, words)
    still_there(at_start)


def test_where_the_way_forward_ends_is_told(at_start: Program) -> None:
    at_start.asked_after("+")
    at_start.said_after("ctrl+y", "this is the last picture")
    assert at_start.asked_after("backspace") == START
    assert at_start.asked_after("ctrl+y").radius < START.radius


def with_another_network(folder: Path) -> Path:
    """Make a picture of a weights file that is another network by now."""
    net = weights(folder / "net.npz", 2, 4, 3)
    made = Scene(weights=str(net))
    write_still(str(folder / "pic.png"), made, Still((8, 6), engine="numpy"))
    weights(net, 2, 5, 3)
    return folder / "pic.png"


def test_a_picture_whose_network_has_changed_is_shown_and_told(at_start: Program, tmp_path: Path) -> None:
    before = len(at_start.said("notice"))
    drop(at_start, with_another_network(tmp_path))
    said = at_start.told("net.npz has changed since this was made: another network", before)
    assert said.endswith("; opened pic.png (Backspace goes back)")
    assert at_start.scene() == Scene(weights=str(tmp_path / "net.npz"))
    assert at_start.asked_after("backspace") == START


def test_a_window_that_starts_with_such_a_picture_tells_it_too(tmp_path: Path) -> None:
    picture = with_another_network(tmp_path)
    with running(tmp_path, "--size", "240x160", "--scene", str(picture)) as program:
        assert "net.npz has changed since this was made" in program.said("notice")[0]["text"]
        assert "net.npz has changed since this was made" in (tmp_path / "stderr").read_text()
        program.settled()
        assert program.scene().weights == str(tmp_path / "net.npz")
