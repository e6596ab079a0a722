"""Raw outputs written band by band are the file np.save would have written."""

import io
import os
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from weightscape.file.npy import whole_bands, write_npy
from weightscape.file.whole_file import FileError


def picture(shape: tuple[int, int, int], dtype: str) -> npt.NDArray[np.float64]:
    return np.random.default_rng(1).normal(scale=100, size=shape).astype(dtype)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "uint8", "int32"])
@pytest.mark.parametrize("shape", [(1, 1, 1), (7, 5, 3), (64, 3, 512)])
def test_the_bytes_are_those_of_numpy(tmp_path: Path, dtype: str, shape: tuple[int, int, int]) -> None:
    array = picture(shape, dtype)
    write_npy(tmp_path / "a.npy", shape, dtype, [array[:2], array[2:3], array[3:]])
    wanted = io.BytesIO()
    np.save(wanted, array)
    assert (tmp_path / "a.npy").read_bytes() == wanted.getvalue()


def test_row_0_is_on_top_and_any_layout_will_do(tmp_path: Path) -> None:
    array = picture((6, 4, 3), "float32")
    bands = [array[::-1][:3], np.asfortranarray(array[::-1][3:]).astype(">f4")]
    write_npy(tmp_path / "a.npy", (6, 4, 3), np.dtype(">f4"), bands)
    back = np.load(tmp_path / "a.npy")
    assert back.dtype.str == "<f4"
    assert np.array_equal(back, array[::-1])


def test_numbers_keep_every_bit(tmp_path: Path) -> None:
    array = np.array([[[np.nan, np.inf, -np.inf, -0.0, 5e-324, 1e308]]])
    write_npy(tmp_path / "a.npy", (1, 1, 6), "float64", [array])
    assert np.load(tmp_path / "a.npy").tobytes() == array.tobytes()


ONES = np.ones((2, 3, 4), np.float32)


@pytest.mark.parametrize(
    ("bands", "reason"),
    [
        ([], "end after 0 rows of 4"),
        ([ONES], "end after 2 rows of 4"),
        ([ONES, ONES, ONES[:1]], "more than 4 rows"),
        ([ONES[:, :2], ONES], r"a band of float32 \(2, 2, 4\); want float32 \(rows, 3, 4\)"),
        ([ONES[:, :, :3], ONES], "want float32"),
        ([ONES[0], ONES], "want float32"),
        ([ONES.astype(np.float64), ONES], "a band of float64"),
    ],
)
def test_bands_that_do_not_fit_leave_no_file(tmp_path: Path, bands: list[npt.NDArray[np.float32]], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        write_npy(tmp_path / "a.npy", (4, 3, 4), "float32", bands)
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("dtype", ["O", "complex128", "U4", "V8", "M8[s]", "bool"])
def test_other_types_are_refused(tmp_path: Path, dtype: str) -> None:
    with pytest.raises(ValueError, match="want floats or integers"):
        write_npy(tmp_path / "a.npy", (1, 1, 1), dtype, [])


@pytest.mark.parametrize("shape", [(0, 1, 1), (1, 0, 1), (1, 1, 0), (1, 1), (1, 1, 1, 1), (-1, 1, 1)])
def test_other_shapes_are_refused(tmp_path: Path, shape: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="no picture"):
        write_npy(tmp_path / "a.npy", shape, "float32", [])


def test_empty_bands_are_passed_over() -> None:
    bands = whole_bands([ONES[:0], ONES, ONES[:0]], (2, 3, 4), "float32")
    assert [len(band) for band in bands] == [2]


def test_memory_does_not_grow_with_the_picture(tmp_path: Path) -> None:
    def bands() -> Iterator[npt.NDArray[np.float32]]:
        for _ in range(64):
            yield np.zeros((8, 1000, 3), np.float32)

    tracemalloc.start()
    write_npy(tmp_path / "a.npy", (512, 1000, 3), "float32", bands())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (tmp_path / "a.npy").stat().st_size > 6_000_000
    assert peak < 1_000_000


def test_a_place_that_cannot_be_written_is_a_file_error(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="it is a folder"):
        write_npy(tmp_path, (2, 3, 4), "float32", [ONES])
