"""What a dropped file is, is told by its contents; what cannot be shown is refused by its name."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from carrier import dzi, exr, tiff
from mangled import seeds as formats
from training import data, replaced

from weightscape.explore.task.opening import changed_since, checked, guessed, opened
from weightscape.file.png import write_png
from weightscape.file.whole_file import FileError
from weightscape.lens.split import other
from weightscape.picture.epochs import EPOCHS
from weightscape.picture.successor import fitting
from weightscape.publish.caption import KEYWORD, caption
from weightscape.scene.epoch import epoch_name
from weightscape.scene.scene import Scene
from weightscape.scene.scene_error import SceneError

NOW, SIZE = Scene(layers=3, width=5, radius=1.5), (60, 40)


def weights(path: Path, inputs: int, units: int = 4) -> Path:
    with path.open("wb") as file:
        np.savez(file, W1=np.ones((inputs, units)), b1=np.zeros(units), W2=np.ones((units, 3)), b2=np.zeros(3))
    return path


def open_(*paths: Path, now: Scene = NOW) -> Scene:
    return opened(tuple(map(str, paths)), now, SIZE, 10)


@pytest.mark.parametrize("name", ["a.png", "A.PNG", "a.txt", "a"])
def test_a_picture_is_one_by_any_name(tmp_path: Path, name: str) -> None:
    scene = Scene(seed=7, layers=2)
    text = caption(scene, (2, 1), 1, "single", tmp_path / name)
    write_png(tmp_path / name, (2, 1), [np.zeros((1, 2, 3), np.uint8)], {KEYWORD: text})
    assert open_(tmp_path / name) == scene


@pytest.mark.parametrize("make", [tiff, exr, lambda text: dzi(text.decode())])
def test_tiff_openexr_and_deepzoom_are_opened(tmp_path: Path, make: Callable[[bytes], bytes]) -> None:
    scene = Scene(seed=7, layers=2)
    (tmp_path / "a").write_bytes(make(caption(scene, (2, 1), 1, "single", tmp_path / "a").encode()))
    assert open_(tmp_path / "a") == scene


@pytest.mark.parametrize("name", ["net.npz", "NET.NPZ", "net.json", "net"])
def test_weights_are_such_by_any_name_and_are_seen_as_the_scene_before(tmp_path: Path, name: str) -> None:
    path = weights(tmp_path / name, 2)
    assert open_(path) == replace(NOW, weights=str(path))


def test_weights_that_do_not_tell_their_activations_begin_as_they_are_taken(tmp_path: Path) -> None:
    path, now = weights(tmp_path / "net.npz", 2), replace(NOW, activation="relu", output_activation="sin")
    found = open_(path, now=now)
    assert found == replace(NOW, weights=str(path))
    assert guessed((str(path),), found) == [
        "net.npz: no member 'activations': hidden layers are tanh, the last layer is sigmoid; "
        "others by key A, key O (softmax: in the file alone)"
    ]
    replaced(tmp_path / "told.npz", data(1))
    told = str(tmp_path / "told.npz")
    assert open_(Path(told), now=now) == replace(now, weights=told), "R brings the recipe back"
    assert guessed((told,), open_(Path(told), now=now)) == []
    both = open_(Path(told), path, now=now)
    assert [line[:20] for line in guessed((told, str(path)), both)] == ["net.npz: no member '"]


@pytest.mark.parametrize("suffix", [".safetensors", ".onnx"])
def test_weights_of_every_format_are_opened(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"net{suffix}"
    path.write_bytes({kind: data for kind, data in formats(tmp_path)}[suffix[1:]])
    assert open_(path) == replace(NOW, weights=str(path))
    path.write_bytes(b"cut off")
    with pytest.raises(FileError, match=r"cannot read .*net\.(safetensors: its header|onnx: it is no ONNX)"):
        open_(path)


@pytest.mark.parametrize(
    "now",
    [
        replace(NOW, inputs=("x", "y", "r")),
        replace(NOW, lens="unit", layer=3, unit=4),
        replace(NOW, lens="cut", layer=9),
        replace(NOW, origin=(0.0,) * 3, u=(1.0, 0.0, 0.0), v=(0.0, 1.0, 0.0)),
    ],
)
def test_weights_that_do_not_fit_the_scene_before_are_seen_plainly(tmp_path: Path, now: Scene) -> None:
    path = weights(tmp_path / "net.npz", 2)
    assert open_(path, now=now) == Scene(weights=str(path))


def test_weights_of_other_inputs_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"many\.npz: the network has 784 inputs"):
        open_(weights(tmp_path / "many.npz", 784))


def test_of_two_files_the_second_is_on_the_right_through_the_same_view(tmp_path: Path) -> None:
    left, right = Scene(layers=2, radius=3.0), Scene(rule="he", scale=0.7, bias_scale=0.1, lens="unit", radius=9.0)
    for name, scene in (("a", left), ("b", right), ("c", right)):
        (tmp_path / name).write_text(scene.to_text())
    found = open_(tmp_path / "a", tmp_path / "b", tmp_path / "c")
    assert replace(found, beside="") == left
    assert other(found) == replace(right, radius=3.0)
    back = open_(tmp_path / "b", tmp_path / "a")
    assert other(back) == replace(left, radius=9.0)


def test_of_files_whose_weights_have_changed_it_is_told(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    net, pictures = weights(tmp_path / "net.npz", 2), []
    for name in ("out/a.png", "b.png"):
        text = caption(Scene(weights=str(net)), (2, 1), 1, "single", tmp_path / name)
        write_png(tmp_path / name, (2, 1), [np.zeros((1, 2, 3), np.uint8)], {KEYWORD: text})
        pictures.append(str(tmp_path / name))
    assert changed_since((*pictures, str(net))) == []
    weights(net, 2, 5)
    assert open_(Path(pictures[0])) == Scene(weights=f"{tmp_path}/out/../net.npz")
    lines = changed_since(tuple(pictures))
    assert [line.partition(" has changed since")[0] for line in lines] == [f"{tmp_path}/out/../net.npz", str(net)]
    assert changed_since((str(net), pictures[1])) == lines[1:]


def test_a_bad_second_file_spoils_both(tmp_path: Path) -> None:
    (tmp_path / "a").write_text(NOW.to_text())
    (tmp_path / "b").write_text("{")
    with pytest.raises(FileError, match=r"/b: it is neither .* here \(not JSON: .*, line 1, column 2\)"):
        open_(tmp_path / "a", tmp_path / "b")


@pytest.mark.parametrize(
    "scene",
    [
        replace(NOW, lens="cut", layer=99),
        replace(NOW, beside="zzz"),
        replace(NOW, beside='{"lens": "cut", "layer": 99}'),
        replace(NOW, lens="regions"),
        replace(NOW, lens="unit", unit=77),
    ],
)
def test_what_cannot_be_shown_is_found_before_it_is(scene: Scene) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever the reason is
        checked(scene, SIZE, 10)
    assert checked(NOW, SIZE, 10) == NOW


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"inputs": ("x", "y", "r")}, "inputs"),
        ({"lens": "cut", "layer": 3}, "layer"),
        ({"lens": "unit", "layer": 1, "unit": 4}, "unit"),
        ({"lens": "rgb", "units": (0, 1, 3)}, "units"),
        ({"lens": "outputs", "layer": 3}, ""),
        ({"lens": "unit", "layer": 2, "unit": 2}, ""),
        ({"lens": "units"}, ""),
    ],
)
def test_what_a_loaded_network_has_not_is_refused_by_its_name(changes: dict[str, Any], field: str) -> None:
    scene = Scene(weights="a.npz", **changes)
    if field:
        with pytest.raises(SceneError) as refused:
            fitting(scene, (2, 4, 3))
        assert refused.value.field == field
    else:
        assert fitting(scene, (2, 4, 3)) == scene


def test_a_file_that_was_followed_is_opened_as_what_it_holds_by_now(tmp_path: Path) -> None:
    path = tmp_path / "net.npz"
    path.write_bytes(data(1))
    EPOCHS.follow([str(path)])
    assert open_(path).weights == str(path)
    replaced(path, data(2))
    second = epoch_name(str(path), 2)
    assert open_(path).weights == second
    assert other(checked(replace(NOW, beside='{"weights": "' + str(path) + '"}'), SIZE, 0)).weights == second
    path.write_bytes(b"")
    with pytest.raises(FileError, match=r"net\.npz"):
        open_(path)
