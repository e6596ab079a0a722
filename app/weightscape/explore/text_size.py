"""How large the text over the picture is: what the user chose last is kept in a file of its own."""

import json

from weightscape.file.whole_file import FileError, plain_file, whole_file
from weightscape.settings import state_folder

TEXT_SIZES = (0.7, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0, 2.5)
NAME = "text-size.json"
LONGEST = 100  # bytes of such a file


def next_text_size(now: float, steps: int) -> float:
    """Tell the next larger size, or smaller one for steps of -1; for 0 the one at first."""
    if not steps:
        return 1.0
    others = [size for size in TEXT_SIZES if (size > now if steps > 0 else size < now)]
    return others[0 if steps > 0 else -1] if others else now


def kept_text_size() -> float:
    """Read the size that was chosen last; 1 where none was, or where the file is broken."""
    folder = state_folder()
    if folder is None:
        return 1.0
    try:
        with plain_file(folder / NAME) as file:
            found = json.loads(file.read(LONGEST))
    except (FileError, ValueError):
        return 1.0
    return float(found) if found in TEXT_SIZES else 1.0


def keep_text_size(size: float) -> None:
    """Write the size for the next time. Raises FileError."""
    folder = state_folder()
    if folder is None:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(f"cannot keep the text's size: {error.strerror}") from None
    with whole_file(folder / NAME) as file:
        file.write(json.dumps(size).encode())
