"""What of the status line is shown where it does not fit."""

from types import SimpleNamespace

import pytest

from weightscape.window.sheet import Sheet
from weightscape.window.status import draw_status

EM = 10.0


class Written(Sheet):
    """A sheet whose letters are all half an em wide, which lists what is written on it."""

    def __init__(self, width: int) -> None:
        self.texts: list[str] = []
        draw = SimpleNamespace(add_text=lambda _place, _ink, text: self.texts.append(text), add_rect_filled=nothing)
        super().__init__(SimpleNamespace(get_background_draw_list=lambda: draw))
        self.size, self.scale, self.em = (width, 100), 1.0, EM

    def width(self, text: str) -> float:
        return 0.5 * EM * len(text)

    def ink(self, color: object) -> int:
        return 0


def nothing(*_: object) -> None:
    """Draw nothing."""


@pytest.mark.parametrize(
    ("width", "told"),
    [
        (219, ["seed 43", "4 digits", "numpy: asked for"]),
        (200, ["seed 43", "4 digits", "numpy: aske…"]),
        (178, ["seed 43", "4 digits"]),
        (110, ["seed 43"]),
        (50, ["seed…"]),
    ],
)
def test_a_piece_is_shortened_only_where_enough_of_it_is_left(width: int, told: list[str]) -> None:
    sheet = Written(width)
    draw_status(sheet, ("seed 43", "4 digits", "numpy: asked for"), (), None)
    assert sheet.texts == told
