"""Names of the networks that one file held after another: they tell them apart here, and nowhere outside."""

import json

import pytest

from weightscape.scene.epoch import MARK, epoch_name, file_of, number_of
from weightscape.scene.loaded import names_in, renamed_in
from weightscape.scene.naming import base_name, network_name
from weightscape.scene.scene import Scene, from_text

SPLIT = Scene(
    weights=epoch_name("a/net.npz", 3), beside=json.dumps({"weights": epoch_name("b/other.npz", 12), "unit": 2})
)


@pytest.mark.parametrize("number", [1, 2, 999])
def test_a_name_tells_its_file_and_its_number(number: int) -> None:
    name = epoch_name("a/net.npz", number)
    assert (file_of(name), number_of(name), base_name(name)) == ("a/net.npz", number, "net.npz")
    assert (name == "a/net.npz") == (number == 1)


@pytest.mark.parametrize("number", ["", "x", "-1", "9" * 12])
def test_a_mark_without_a_number_is_none_of_ours(number: str) -> None:
    assert number_of(f"net.npz{MARK}{number}") == 0


def test_a_text_names_the_files_alone() -> None:
    read = from_text(SPLIT.to_text())
    assert read.weights == "a/net.npz"
    assert json.loads(read.beside) == {"weights": "b/other.npz", "unit": 2}
    assert network_name(SPLIT) == "net.npz"


def test_networks_of_both_halves_are_listed_and_renamed() -> None:
    names = list(names_in(SPLIT))
    assert [file_of(name) for name in names] == ["a/net.npz", "b/other.npz"]
    new = renamed_in(SPLIT, lambda name: "c.npz" if name == names[1] else name)
    assert list(names_in(new)) == [names[0], "c.npz"]
    assert json.loads(new.beside)["unit"] == 2
    assert renamed_in(SPLIT, lambda name: name) is SPLIT


@pytest.mark.parametrize("beside", ['{"weights": 5}', '"weights"', '{"weights": "", "unit": 1}'])
def test_a_right_half_that_names_none_has_none(beside: str) -> None:
    scene = Scene(weights="a.npz", beside=beside)
    assert list(names_in(scene)) == ["a.npz"]
    assert renamed_in(scene, lambda name: "b.npz") == Scene(weights="b.npz", beside=beside)
