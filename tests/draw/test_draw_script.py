"""Formulas: what follows a low line is a subscript, names of Python stay, and lines break at blanks."""

import numpy as np
import pytest

from weightscape.draw.plate import Plate, text_width
from weightscape.draw.script import draw_script, pieces, script_width, wrapped

FORMULA = "l_k+1 = tanh(l_k W_k + b_k+1);   l_27 = f(l_26)"


def test_symbols_have_subscripts_and_names_have_none() -> None:
    low = [piece for piece, is_low in pieces(FORMULA) if is_low]
    assert low == ["k+1", "k", "k", "k+1", "27", "26"]
    assert "".join(piece for piece, _ in pieces(FORMULA)) == FORMULA.replace("_", "")
    for name in ("layer_0.dot(weights_0_1)", "bias_1", "a_2"):
        assert [*pieces(name)] == [(name, False)]


@pytest.mark.parametrize("text", [FORMULA, "layer_0", ""])
def test_a_line_ends_where_its_width_says(text: str) -> None:
    plate, size = Plate((600, 60)), 20.0
    draw_script(plate, 10.0, 30.0, text, size)
    seen = plate.pixels()
    marked = np.flatnonzero((np.abs(seen - seen[0, 0]).max(-1) > 0.1).any(0))
    end = 10.0 + script_width(text, size)
    assert marked.size == 0 if not text else end - 4 < marked[-1] < end + 1


def test_subscripts_stand_below_the_line() -> None:
    def lowest(text: str) -> int:
        plate = Plate((100, 60))
        draw_script(plate, 10.0, 30.0, text, 20.0)
        seen = plate.pixels()
        return int(np.flatnonzero((np.abs(seen - seen[0, 0]).max(-1) > 0.1).any(1))[-1])

    assert lowest("l_0") > lowest("l") + 2
    assert script_width("l_0", 20.0) < text_width("l0", 20.0)


def test_lines_are_as_long_as_there_is_room() -> None:
    lines = wrapped(FORMULA, 180.0, 14.0)
    assert len(lines) > 1
    assert " ".join(lines).split() == FORMULA.split()
    assert all(script_width(line, 14.0) <= 180.0 for line in lines)
    assert wrapped(FORMULA, 1e4, 14.0) == [FORMULA]
