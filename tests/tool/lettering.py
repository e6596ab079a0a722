"""What is written on drawn pictures, for tests: where each line of text stands."""

from itertools import combinations

import pytest

from weightscape.draw.letter import font
from weightscape.draw.plate import Plate

Box = tuple[float, float, float, float]
Lines = list[tuple[Plate, str, Box]]


def recorded(monkeypatch: pytest.MonkeyPatch) -> Lines:
    """Record every line of text that plates are given from now on, with its box in pixels."""
    lines: Lines = []
    write = Plate.text

    def text(plate: Plate, x: float, y: float, text: str, size: float = 13.0, *rest: object, **more: object) -> None:
        anchor = more.get("anchor", rest[1] if len(rest) > 1 else "la")
        box = font(size).getbbox(text, anchor=str(anchor))
        lines.append((plate, text, (x + box[0], y + box[1], x + box[2], y + box[3])))
        write(plate, x, y, text, size, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(Plate, "text", text)
    return lines


def outside(lines: Lines) -> list[str]:
    """List what does not lie inside its picture, but for half a pixel of a letter's edge."""
    return [
        text
        for plate, text, (left, top, right, bottom) in lines
        if min(left, top) < -0.5 or right > plate.width + 0.5 or bottom > plate.height + 0.5
    ]


def overlapping(lines: Lines) -> list[tuple[str, str]]:
    """List the pairs of lines that stand on each other by more than half a pixel."""
    return [
        (a, b)
        for (_, a, p), (_, b, q) in combinations(lines, 2)
        if min(p[2], q[2]) - max(p[0], q[0]) > 0.5 and min(p[3], q[3]) - max(p[1], q[1]) > 0.5
    ]
