"""What stands over the picture, in words."""

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
