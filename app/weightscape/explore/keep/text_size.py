"""How large the text over the picture is: what the user chose last is kept in a file of its own."""

from weightscape.explore.keep.kept import keep, kept
from weightscape.settings import state_folder

TEXT_SIZES = (0.7, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0, 2.5)
NAME = "text-size.json"


def next_text_size(now: float, steps: int) -> float:
    """Tell the next larger size, or smaller one for steps of -1; for 0 the one at first."""
    if not steps:
        return 1.0
    others = [size for size in TEXT_SIZES if (size > now if steps > 0 else size < now)]
    return others[0 if steps > 0 else -1] if others else now


def kept_text_size() -> float:
    """Read the size that was chosen last; 1 where none was, or where the file is broken."""
    folder = state_folder()
    found = kept(folder / NAME) if folder else None
    return float(found) if found in TEXT_SIZES else 1.0


def keep_text_size(size: float) -> None:
    """Write the size for the next time. Raises FileError."""
    folder = state_folder()
    if folder:
        keep(folder / NAME, size)
