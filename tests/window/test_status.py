"""What of the status line is shown where it does not fit."""

from itertools import pairwise
from types import SimpleNamespace

import pytest

from weightscape.window.message import Hud, Piece
from weightscape.window.over.status import Placed, laid
from weightscape.window.sheet import Sheet

EM = 10.0
CHIP = Piece("chaotic", "phase", tone="chaotic")
PINNED = (Piece("4 of 16 samples", "progress", short="4/16"), Piece("REC 0:12", "recording", tone="recording"))
HELP = Piece("H help", "help", press="h")


class Written(Sheet):
    """A sheet whose letters are all half an em wide."""

    def __init__(self, width: int) -> None:
        super().__init__(SimpleNamespace())
        self.size, self.scale, self.em = (width, 100), 1.0, EM

    def width(self, text: str) -> float:
        return 0.5 * EM * len(text)


def line(width: int, **parts: object) -> list[Placed]:
    return laid(Written(width), Hud(**parts))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("width", "told"),
    [
        (216, ["seed 43", "4 digits", "numpy: asked for"]),
        (200, ["seed 43", "4 digits", "numpy: asked f…"]),
        (165, ["seed 43", "4 digits"]),
        (90, ["seed 43"]),
        (50, ["seed…"]),
    ],
)
def test_a_piece_is_shortened_only_where_enough_of_it_is_left(width: int, told: list[str]) -> None:
    pieces = tuple(Piece(text) for text in ("seed 43", "4 digits", "numpy: asked for"))
    assert [placed.text for placed in line(width, status=pieces)] == told


def test_the_chip_stands_in_the_middle_and_facts_behind_it() -> None:
    placed = line(1000, status=(Piece("seen"),), chip=CHIP, facts=(Piece("5 digits"), Piece("idle")), pinned=(HELP,))
    assert [each.text for each in placed] == ["seen", "chaotic", "5 digits", "idle", "H help"]
    assert placed[1].left + placed[1].right == pytest.approx(1000)
    assert placed[-1].right == 988


def test_a_long_left_part_moves_the_chip_and_then_is_cut() -> None:
    seen = Piece("unit 3 of layer 12 of random network 43 and more of it, more than half")
    for width in (500, 300):
        first, chip, last = line(width, status=(seen,), chip=CHIP, facts=(), pinned=(HELP,))
        assert first.right < chip.left < chip.right < last.left
        assert (first.text == seen.text) == (width == 500)


def test_facts_are_left_out_where_what_is_seen_is_cut() -> None:
    seen = Piece("unit 3 of layer 12 of random network 43 and more of it")
    placed = line(240, status=(seen,), chip=CHIP, facts=(Piece("idle"),), pinned=(HELP,))
    assert "idle" not in [each.text for each in placed]


@pytest.mark.parametrize("width", range(240, 1400, 37))
def test_progress_recording_and_help_are_there_at_every_width(width: int) -> None:
    seen = tuple(Piece(text) for text in ("random network 43, 27 layers of 30 tanh units", "zoom 1000x", "tied"))
    placed = line(width, status=seen, chip=CHIP, facts=(Piece("5 digits"),), pinned=(*PINNED, HELP))
    assert [each.piece.name for each in placed[-3:]] == ["progress", "recording", "help"]
    assert placed[-3].text in ("4 of 16 samples", "4/16")
    assert placed[-2].text == "REC 0:12"
    assert all(a.right < b.left for a, b in pairwise(placed))
    assert placed[0].left >= 0
    assert placed[-1].right <= width
