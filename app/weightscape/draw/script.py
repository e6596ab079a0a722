"""Formulas on a plate: in l_k+1 = tanh(l_k W_k) what follows a low line is a subscript."""

import re
from collections.abc import Iterator

from weightscape.draw.plate import INK, Colour, Plate, text_width

# A symbol of one letter and its subscript: names of Python, which are longer, stay as they are.
SYMBOL = re.compile(r"(?<!\w)([lWb])_(k\+1|k|\d+)(?!\w)")
# Subscripts are so large, and stand so far below the line, in letters.
SMALL, LOW = 0.72, 0.18


def pieces(text: str) -> Iterator[tuple[str, bool]]:
    """Take a line apart: each piece, and whether it is a subscript."""
    start = 0
    for found in SYMBOL.finditer(text):
        yield text[start : found.end(1)], False
        yield found[2], True
        start = found.end()
    yield text[start:], False


def script_width(text: str, size: float) -> float:
    """Measure a line, in pixels."""
    return sum(_wide(piece, size, is_low) for piece, is_low in pieces(text))


def draw_script(plate: Plate, x: float, y: float, text: str, size: float, colour: Colour = INK) -> None:
    """Write a line on its baseline, from `x` on."""
    for piece, is_low in pieces(text):
        if piece:
            plate.text(x, y + is_low * LOW * size, piece, SMALL * size if is_low else size, colour, "ls")
        x += _wide(piece, size, is_low)


def wrapped(text: str, room: float, size: float) -> list[str]:
    """Break a line at its blanks into lines of at most `room` pixels; a single word may be longer."""
    lines: list[str] = []
    for word in text.split(" "):
        if lines and script_width(f"{lines[-1]} {word}".strip(), size) <= room:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    return [line.strip() for line in lines if line.strip()]


def _wide(piece: str, size: float, is_low: bool) -> float:
    return text_width(piece, SMALL * size if is_low else size)
