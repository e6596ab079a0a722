"""Points in a table, .csv or .npy: a row each, as many numbers as a network has inputs, and perhaps a class, last.

The reader trusts nothing: what a file claims is held against a limit before memory is set aside for it. Nothing is
unpickled. Rows with a number that is none, or beyond 1e30, are left out, and counted.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from weightscape.file.csv_rows import Column, csv_rows
from weightscape.file.csv_word import as_number, is_missing
from weightscape.file.npy_rows import npy_rows
from weightscape.file.whole_file import FileError, FilePath, plain_file, shown

Floats = npt.NDArray[np.float64]
SUFFIXES = (".csv", ".npy")
MAX_ROWS = 1_000_000
MAX_NUMBERS = 1 << 23  # 64 MB, and as much while they are read
FARTHEST = 1e30  # as a number; float32 holds it
MAX_BYTES = 600_000_000
MAX_CLASSES = 1000
LONGEST = 40  # letters of a class's name
VALUES = "the last column is of values, not of classes: points are not judged"


@dataclass(frozen=True, eq=False)
class Table:
    """Hold points, float64 (rows, inputs), and the class of each: a place in `classes`, -1 where there are none.

    `classes`: whole numbers in their order, or names in theirs. `rows`: which rows of the file they are, counted from 0
    without a header. `left_out`: how many rows had a number that is none. `remarks`: what the reader made of the file
    that it might not mean, a line each.
    """

    points: Floats
    codes: npt.NDArray[np.int64]
    classes: tuple[int, ...] | tuple[str, ...]
    rows: npt.NDArray[np.int64]
    left_out: int
    remarks: tuple[str, ...] = ()


def is_table(name: str) -> bool:
    """Tell whether a file is meant as a table, by its name."""
    return os.path.splitext(name)[1].lower() in SUFFIXES


def read_table(path: FilePath, inputs: int) -> Table:
    """Read points of so many inputs from a .csv or .npy file.

    Raises FileError, one line that names the file, for another kind, another number of columns, more than 1,000 names
    of classes, and for more than 1,000,000 rows or 8,388,608 numbers.
    """
    name = os.fspath(path)
    if not is_table(name):
        raise FileError(f"cannot read {shown(path)}: it does not end in {' or '.join(SUFFIXES)}")
    with plain_file(path) as file:
        try:
            if (size := os.fstat(file.fileno()).st_size) > MAX_BYTES:
                raise ValueError(f"the file has {size:,} bytes, at most {MAX_BYTES:,} are read")
            read = npy_rows if name.lower().endswith(".npy") else csv_rows
            return _table(*read(file, inputs, MAX_ROWS, MAX_NUMBERS))
        except ValueError as fault:
            raise FileError(f"cannot read {shown(path)}: {fault}") from None


def table_of(points: Any, classes: Any = None) -> Table:
    """Make a table of arrays: points (rows, inputs), and a class of each, a whole number or a name.

    Raises ValueError, as read_table() does of a file.
    """
    found = np.asarray(points)
    if found.ndim != 2 or found.dtype.kind not in "iuf" or not found.size:
        raise ValueError(f"an array of shape {found.shape} and type {found.dtype}; want real numbers (rows, inputs)")
    if len(found) > MAX_ROWS or found.size > MAX_NUMBERS:
        raise ValueError(f"{len(found):,} x {found.shape[1]} numbers; at most {MAX_ROWS:,} rows and {MAX_NUMBERS:,}")
    column = None if classes is None else _column(np.asarray(classes), len(found))
    return _table(np.array(found, np.float64), column, "")


def _column(classes: npt.NDArray[Any], rows: int) -> Column:
    if classes.shape not in ((rows,), (rows, 1)):
        raise ValueError(f"classes of shape {classes.shape} beside {rows:,} rows")
    flat = classes.reshape(-1)
    return flat.astype(np.float64) if flat.dtype.kind in "biuf" else [str(each) for each in flat]


def _table(points: Floats, column: Column | None, guess: str) -> Table:
    """Leave out rows whose numbers are none that a network can be fed, and number the classes."""
    is_good = (np.abs(points) <= FARTHEST).all(-1)
    if column is not None:
        is_good &= ~_is_missing(column)
    rows = np.flatnonzero(is_good)
    if not len(rows):
        raise ValueError("it has no row of finite numbers")
    left_out = len(points) - len(rows)
    points = points[rows] if left_out else points
    remarks = (guess,) if guess else ()
    labels: Any = column[rows] if isinstance(column, np.ndarray) else column and [column[row] for row in rows]
    coded = None if labels is None else _coded(labels)
    if coded is None and labels is not None:
        remarks = (*remarks, VALUES)
    codes, classes = coded or (np.full(len(rows), -1), ())
    return Table(points, codes, classes, rows, left_out, remarks)


def _is_missing(column: Column) -> npt.NDArray[np.bool_]:
    if isinstance(column, np.ndarray):
        return ~np.isfinite(column)
    known = {each: is_missing(each) for each in dict.fromkeys(column)}
    return np.array([known[each] for each in column])


def _coded(labels: Any) -> tuple[npt.NDArray[np.int64], Any] | None:
    """Number the classes; None of numbers that are none: not all whole, or too many different ones."""
    numbers = labels if isinstance(labels, np.ndarray) else _numbers(labels)
    if numbers is None:
        names = sorted(dict.fromkeys(labels))
        if len(names) > MAX_CLASSES:
            raise ValueError(f"it has {len(names):,} names of classes, at most {MAX_CLASSES:,} are told apart")
        places = {name: n for n, name in enumerate(names)}
        return np.fromiter((places[name] for name in labels), np.int64, len(labels)), _short(names)
    if (numbers != np.round(numbers)).any() or np.abs(numbers).max() > 2**53:
        return None
    found, codes = np.unique(numbers, return_inverse=True)
    return None if len(found) > MAX_CLASSES else (codes.astype(np.int64), tuple(int(each) for each in found))


def _numbers(labels: Iterable[str]) -> Floats | None:
    """Make numbers of words, unless one of them is a name."""
    found = [as_number(each) for each in labels]
    return None if None in found else np.array(found, np.float64)


def _short(names: Iterable[str]) -> tuple[str, ...]:
    """Shorten names to LONGEST letters; those that become equal are numbered."""
    found: dict[str, None] = {}
    for name in names:
        shown = short = "".join(char if char.isprintable() else "?" for char in name)
        number = 1
        while len(shown) > LONGEST or shown in found:
            end = f"… ({number})" if number > 1 else "…"
            shown, number = short[: LONGEST - len(end)] + end, number + 1
        found[shown] = None
    return tuple(found)
