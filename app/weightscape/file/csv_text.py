"""The lines of a .csv file, which end as any system ends them, and what parts their columns."""

import csv
import io
from collections.abc import Generator, Sequence
from typing import BinaryIO

from weightscape.file.csv_word import as_number, has_decimal_comma

MAX_LINE = 1 << 17
SEPARATORS = ",;\t "
# So many lines are looked at to tell the separator.
LOOKED_AT = 8
UTF16 = b"\xff\xfe", b"\xfe\xff"


def lines(file: BinaryIO) -> Generator[str, None, None]:
    """Give a text's lines, none of them long. Raises ValueError for what is no text in UTF-8."""
    head = file.read(64)
    file.seek(0)
    if head[:2] in UTF16 or (head and not any(head[1::2])) or (head[1:] and not any(head[::2])):
        raise ValueError("it is text in UTF-16; save it in UTF-8")
    text = io.TextIOWrapper(file, "utf-8-sig", newline=None)
    try:
        while line := text.readline(MAX_LINE):
            if len(line) == MAX_LINE:
                raise ValueError(f"it is no .csv: a line has more than {MAX_LINE:,} letters")
            if "\0" in line:
                raise ValueError("it is no .csv: it is binary")
            yield line
    except UnicodeDecodeError:
        is_binary = b"\0" in head
        raise ValueError(f"it is no .csv: it is {'binary' if is_binary else 'not text in UTF-8'}") from None
    finally:
        text.detach()


def separator(first: Sequence[str], inputs: int) -> str:
    """Choose the sign that parts some lines into as many columns as are wanted, and most of them into numbers.

    Where none does, it is the first sign that parts them into columns of one number.
    """
    return max(SEPARATORS, key=lambda sign: _fit(first, sign, inputs))


def _fit(first: Sequence[str], sign: str, inputs: int) -> tuple[bool, bool, int]:
    """Tell how well a sign parts lines: whether all into one number of columns, as wanted, and numbers among them."""
    try:
        rows = [trimmed(row, sign) for row in csv.reader(first, delimiter=sign, skipinitialspace=True)]
    except csv.Error:
        return False, False, 0
    widths = {len(row) for row in rows}
    is_wanted = bool(widths) and widths <= {inputs, inputs + 1}
    words = [word for row in rows for word in row[:inputs]]
    count = sum(has_decimal_comma(word) or as_number(word) is not None for word in words)
    return is_wanted and len(widths) == 1, len(widths) == 1 and widths != {1}, count


def trimmed(row: list[str], sign: str) -> list[str]:
    """Leave out the last column where only spaces at a line's end make it."""
    return row[:-1] if sign == " " and row and not row[-1] else row
