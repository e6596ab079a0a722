"""What dots are is told inside of its box, in any window, below a legend where there is one."""

from types import SimpleNamespace

import pytest

from weightscape.window.message import Classes
from weightscape.window.over.classes import draw_classes
from weightscape.window.sheet import Sheet

EM = 10.0
CLASSES = Classes(
    ("spirals.csv: 598 points", "12 misclassified (2.01 %)"), (((0.1, 0.1, 0.4), "0: 298"), ((0.9, 0.9, 0.2), "1: 300"))
)
Point = tuple[float, float]


class Drawn(Sheet):
    """A sheet whose letters are all half an em wide, which lists what is drawn on it."""

    def __init__(self, width: int) -> None:
        self.texts: list[tuple[Point, str]] = []
        self.dots: list[Point] = []
        draw = SimpleNamespace(
            add_text=lambda place, _ink, text: self.texts.append((place, text)),
            add_rect_filled=lambda *_: None,
            add_circle_filled=lambda middle, *_: self.dots.append(middle),
        )
        super().__init__(SimpleNamespace(get_background_draw_list=lambda: draw))
        self.size, self.scale, self.em = (width, 400), 1.0, EM
        self.beside = 0.0, float(width)

    def width(self, text: str) -> float:
        return 0.5 * EM * len(text)

    def ink(self, color: object) -> int:
        return 0


@pytest.mark.parametrize("width", [640, 320, 150])
@pytest.mark.parametrize("below", [0.0, 90.0])
def test_all_of_it_is_inside_of_its_box(width: int, below: float) -> None:
    sheet = Drawn(width)
    left, top, right, bottom = draw_classes(sheet, CLASSES, below)
    assert 0 <= left < right <= width
    assert below < top < bottom
    assert len(sheet.texts) == len(sheet.dots) == 4
    for (x, y), text in sheet.texts:
        assert left < x
        assert x + sheet.width(text) <= right
        assert top < y
        assert y + EM <= bottom
    assert all(left < x < right and top < y < bottom for x, y in sheet.dots)
