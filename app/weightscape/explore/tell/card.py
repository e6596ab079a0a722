"""The card of a first start: five things to try, ticked off when done, and remembered as a small file.

Nothing of it is worth a complaint: a file that cannot be read or written is left alone.
"""

from contextlib import suppress
from pathlib import Path

from weightscape.explore.keep.kept import keep, kept
from weightscape.file.whole_file import FileError
from weightscape.settings import state_folder
from weightscape.window.message import Row

FLY = "fly"
# What is to be tried: a name to remember it by, how it is told, and which commands do it; wheel and drag go by FLY.
LINES: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("reroll", "R", "another network", ("reroll",)),
    (FLY, "Wheel Drag", "zoom and fly", (FLY,)),
    ("layers", "[ ]", "fewer, more layers", ("fewer_layers", "more_layers")),
    ("inside", "E", "look inside", ("cut",)),
    ("help", "H", "all keys", ("help",)),
)
COMFORT = "you can't break it: Backspace goes back"


def state_file() -> Path | None:
    """Tell which file remembers, None for none."""
    folder = state_folder()
    return folder and folder / "card.json"


class Card:
    """Hold what has been done; `path` is the file that remembers it, None for nowhere."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._done = _read(path) if path else set[str]()

    @property
    def is_over(self) -> bool:
        """Tell whether there is nothing left to show."""
        return self._done >= {name for name, *_ in LINES}

    def did(self, deed: str) -> None:
        """Tick off what a command, or FLY, does."""
        self._tick({name for name, _, _, commands in LINES if deed in commands})

    def close(self) -> None:
        """Be gone for good."""
        self._tick({name for name, *_ in LINES})

    def rows(self) -> tuple[Row, ...] | None:
        """List the lines, those done marked, and a comfort; None once all is done."""
        if self.is_over:
            return None
        return (*(Row(keys, text, is_on=name in self._done) for name, keys, text, _ in LINES), Row("", COMFORT))

    def _tick(self, names: set[str]) -> None:
        if names <= self._done:
            return
        self._done |= names
        if self._path:
            with suppress(FileError, OSError):
                keep(self._path, {"done": sorted(self._done)})


def _read(path: Path) -> set[str]:
    found = kept(path)
    done = found.get("done") if isinstance(found, dict) else None
    return {name for name in done if isinstance(name, str)} if isinstance(done, list) else set()
