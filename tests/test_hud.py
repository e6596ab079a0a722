"""What stands over the picture, in words."""

from typing import Any

import pytest

from weightscape.hud import in_brief, status
from weightscape.model.scene import Scene


@pytest.mark.parametrize(("reason", "brief"), [
    ("OpenGL is software here (llvmpipe (LLVM 15.0.6, 256 bits)) and NumPy is faster",
     "numpy: OpenGL is software here and NumPy is faster"),
    ("2.1 x compute on some GPU", "numpy: 2.1 x compute on some GPU"),
    ("asked for", "numpy: asked for"),
])  # fmt: skip
def test_the_engine_is_told_with_its_reason(reason: str, brief: str) -> None:
    assert in_brief("numpy", reason) == brief


def test_what_is_empty_takes_no_place_and_the_engine_stands_last() -> None:
    pieces = status(Scene(), "", "", "idle", "numpy: asked for")
    assert pieces[0] == "seed 43"
    assert pieces[-2:] == ("H for help", "numpy: asked for")
    assert all(pieces)


@pytest.mark.parametrize(("fields", "told"), [
    ({}, "chaotic, stretch 1.19"), ({"scale": 0.3}, "ordered, stretch 0.865"), ({"layers": 2}, ""),
    ({"weights": "a.npz"}, ""),
])  # fmt: skip
def test_the_phase_of_a_random_network_is_told(fields: dict[str, Any], told: str) -> None:
    pieces = status(Scene(**fields), "", "", "idle", "numpy")
    assert [piece for piece in pieces if "stretch" in piece] == ([told] if told else [])
