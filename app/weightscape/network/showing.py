"""How a value shows itself in a notebook: as a picture that a higher room makes of it, else as text. Draws nothing."""

from collections.abc import Callable

Png = tuple[bytes, dict[str, int]]
Maker = Callable[[object], Png | None]

_makers: list[Maker] = []


def shown_by(maker: Maker) -> None:
    """Let this one make the pictures from now on: PNG bytes and the width and height to show them in, or None."""
    _makers[:] = [maker]


def png(value: object) -> Png | None:
    """Make a value's picture; None, for text, where there is none, whatever the reason."""
    try:
        return _makers[0](value)
    except Exception:  # a cell that names a value must not fail for its picture
        return None
