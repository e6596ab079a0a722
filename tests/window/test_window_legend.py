"""The legend fits into any window: its words are inside its box, and its colours fill the bar without gaps."""

from types import SimpleNamespace

import pytest

from weightscape.window.message import Legend
from weightscape.window.over.legend import draw_legend
from weightscape.window.sheet import Sheet

EM = 10.0
LEGEND = Legend(
    "how a small step changes, layer by layer", ((0, 0, 1), (0, 0, 0), (1, 0.5, 0)), ("less", "1 ×", "more"), "here 1 ×"
)
Point = tuple[float, float]


class Drawn(Sheet):
    """A sheet whose letters are all half an em wide, which lists what is drawn on it."""

    def __init__(self, width: int) -> None:
        self.texts: list[tuple[Point, str]] = []
        self.filled: list[tuple[Point, Point]] = []
        draw = SimpleNamespace(
            add_text=lambda place, _ink, text: self.texts.append((place, text)),
            add_rect_filled=lambda low, high, *_: self.filled.append((low, high)),
        )
        super().__init__(SimpleNamespace(get_background_draw_list=lambda: draw))
        self.size, self.scale, self.em = (width, 400), 1.0, EM
        self.beside = 0.0, float(width)

    def width(self, text: str) -> float:
        return 0.5 * EM * len(text)

    def ink(self, color: object) -> int:
        return 0


@pytest.mark.parametrize("width", [640, 320, 200])
def test_all_of_it_is_inside_of_its_box(width: int) -> None:
    sheet = Drawn(width)
    draw_legend(sheet, LEGEND)
    (low, high), *bar = sheet.filled
    assert low[0] >= 0
    assert high[0] <= width
    for (x, y), text in sheet.texts:
        assert low[0] < x
        assert x + sheet.width(text) <= high[0]
        assert low[1] < y
        assert y + EM <= high[1]
    assert [b[0] for _, b in bar[:-1]] == [a[0] for a, _ in bar[1:]]
    assert [text for _, text in sheet.texts[1:4]] == list(LEGEND.marks)
    assert sheet.texts[0][1] == LEGEND.title or width < 240
