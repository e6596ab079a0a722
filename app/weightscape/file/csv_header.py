"""Whether a table's first line names its columns, though it looks like numbers: pandas names columns 0, 1, 2, ..."""

from collections import Counter
from collections.abc import Sequence

from weightscape.file.csv_word import as_number, has_decimal_comma, is_missing, is_name


def is_header(row: Sequence[str], inputs: int) -> bool:
    """Tell of a first row whether it has names alone where numbers are wanted: a header beyond doubt."""
    return all(is_name(each) and not has_decimal_comma(each) for each in row[:inputs])


def is_counted(row: Sequence[str]) -> bool:
    """Tell whether words count from 0: 0, 1, 2, ..."""
    return [each.strip() for each in row] == [str(n) for n in range(len(row))]


def is_numbered(row: Sequence[str]) -> bool:
    """Tell whether a first row begins with the nameless column in which pandas numbers rows."""
    rest = row[1:]
    return bool(rest) and not row[0].strip() and (all(map(is_name, rest)) or _is_counted_first(rest))


def _is_counted_first(row: Sequence[str]) -> bool:
    return is_counted(row) or (len(row) > 1 and is_counted(row[:-1]) and is_name(row[-1]))


def is_guessed(first: Sequence[str], labels: Sequence[str], inputs: int, may_count: bool) -> bool:
    """Guess whether a first row, of numbers, is a header.

    `labels`: the classes of all rows, the first one's included, or none. `may_count`: whether the first row counts
    all of its columns from 0, and no other has a number that is written as a whole one; it is a header then. It is,
    too, where its class is a word and all others are numbers; where it counts its inputs from 0 and its class is a
    word that is not met again.
    """
    if may_count:
        return True
    if not labels or not is_name(labels[0]):
        return False
    if is_counted(first[:inputs]) and Counter(labels)[labels[0]] == 1:
        return True
    rest = [each for each in dict.fromkeys(labels[1:]) if not is_missing(each)]
    return bool(rest) and all(as_number(each) is not None for each in rest)
