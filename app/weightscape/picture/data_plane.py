"""A plane through a network's space of inputs, laid by data: their two directions of most variance, or three rows."""

import math

import numpy as np
import numpy.typing as npt

from weightscape.file.table import Table, read_table
from weightscape.file.whole_file import FileError, shown

Floats = npt.NDArray[np.float64]
Plane = tuple[tuple[float, ...], tuple[float, ...], tuple[float, ...]]
WAYS = "pca:FILE or rows:FILE:I,J,K"
# Digits of a plane's directions, so that texts of scenes stay short, and of the origin in their unit.
DIGITS = 9
# A second variance that is so much less than the first is of rounding errors.
FLAT = 1e-12


def data_plane(text: str, inputs: int) -> tuple[Plane, str]:
    """Lay a plane as "pca:FILE" or "rows:FILE:I,J,K" say: origin, u and v, and a line about it.

    pca: 0,0 is the mean, u and v go along the first two principal components, both as long as the first one's standard
    deviation. rows, counted from 0 without a header: I is at 0,0, J at 1,0, K at 0,1. A class in the last column is
    passed over. Raises ValueError for another text, FileError for a file of other rows.
    """
    way, _, rest = text.partition(":")
    if way == "pca" and rest:
        return _principal(rest, read_table(rest, inputs))
    name, _, numbers = rest.rpartition(":")
    chosen = numbers.split(",")
    if way != "rows" or not name or len(chosen) != 3 or not all(each.strip().isdecimal() for each in chosen):
        raise ValueError(f"{text!r} is neither {WAYS.replace(' or ', ' nor ')}")
    return _through_rows(name, read_table(name, inputs), [int(each) for each in chosen])


def _principal(name: str, table: Table) -> tuple[Plane, str]:
    points = table.points
    rows, inputs = points.shape
    mean = points.mean(0)
    moved = points - mean
    is_tall = rows >= inputs
    sizes, found = np.linalg.eigh((moved.T @ moved if is_tall else moved @ moved.T) / rows)
    if len(sizes) < 2 or inputs < 2 or not sizes[-1] > 0.0:
        raise FileError(f"cannot use {shown(name)}: a plane needs two inputs and rows that differ")
    if sizes[-2] < FLAT * sizes[-1]:
        raise FileError(f"cannot use {shown(name)}: all its rows lie on one line")
    vectors = (found if is_tall else moved.T @ found)[:, :-3:-1].T
    vectors = np.array([_unit(each) for each in vectors])
    size = float(np.sqrt(sizes[-1]))
    share = 100.0 * sizes[-2:].sum() / max(sizes.sum(), 1e-300)
    told = f"plane: the first two principal components of {shown(name)}, {rows:,} rows, {share:.3g} % of their variance"
    return _plane(mean, *(size * vectors)), f"{told}; 1 is a standard deviation, {size:.3g}"


def _unit(vector: Floats) -> Floats:
    """Give a vector the length 1, and its largest number the sign +."""
    return np.asarray(vector / np.linalg.norm(vector) * np.sign(vector[np.argmax(np.abs(vector))]))


def _through_rows(name: str, table: Table, chosen: list[int]) -> tuple[Plane, str]:
    found = []
    for number in chosen:
        place = int(np.searchsorted(table.rows, number))
        if place == len(table.rows) or table.rows[place] != number:
            last = int(table.rows[-1])
            reason = "is not all numbers" if number < last else f"is not there: the last one is row {last}"
            raise FileError(f"cannot use {shown(name)}: row {number} {reason}")
        found.append(table.points[place])
    origin, first, second = found
    if _is_line(first - origin, second - origin, np.abs(found).max()):
        words = ", ".join(map(str, chosen))
        raise FileError(f"cannot use {shown(name)}: rows {words} lie on one line, and span no plane")
    told = "plane: rows {} of {} are at 0,0, 1,0 and 0,1".format(", ".join(map(str, chosen)), shown(name))
    return _plane(origin, first - origin, second - origin), told


def _is_line(u: Floats, v: Floats, largest: float) -> bool:
    """Tell whether two directions, differences of numbers up to `largest`, are one but for rounding, or none."""
    longer, *shorter = np.linalg.svd(np.stack([u, v]), compute_uv=False)
    rounding = 4.0 * np.finfo(float).eps * largest * math.sqrt(len(u))
    return not shorter or bool(shorter[0] <= max(rounding, math.sqrt(FLAT) * longer))


def _plane(origin: Floats, u: Floats, v: Floats) -> Plane:
    """Round a plane's numbers: those of the origin too are told in the unit of u and v, however far away it is."""
    first, second = (tuple(float(f"{value:.{DIGITS}g}") for value in each) for each in (u, v))
    places = DIGITS - 1 - math.floor(math.log10(min(np.linalg.norm(u), np.linalg.norm(v))))
    return tuple(round(float(value), places) for value in origin), first, second
