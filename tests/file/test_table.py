"""Points in a table: what is read of .csv and .npy, and how what cannot be is refused, in a line and little memory."""

import random
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from weightscape.file.table import MAX_ROWS, Table, read_table
from weightscape.file.whole_file import FileError


def table(folder: Path, content: str | bytes, name: str = "a.csv", inputs: int = 2) -> Table:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_table(path, inputs)


def table_or_words(folder: Path, content: bytes, name: str) -> Table | str:
    try:
        return table(folder, content, name)
    except FileError as error:
        return str(error)


def array(folder: Path, values: Any, inputs: int = 2) -> Table:
    np.save(folder / "a.npy", values, allow_pickle=True)
    return read_table(folder / "a.npy", inputs)


@pytest.mark.parametrize(
    "text",
    [
        "1,2,0\n3,4.5,1\n",
        "x,y,class\r\n1,2,0\r\n3,4.5,1\r\n",
        "\ufeffx;y;c\n1;2;0\n\n3;4.5;1",
        "1\t2\t0\n3\t4.5\t1\n",
        "1 2 0\n3  4.5 1 \n",
        '"x","y","class"\n"1","2","0"\n" 3",4.5,"1.0"\n',
        "\nx;y;c\n1;2;0\n3;4.5;1\n",
        "\n \n1\t2\t0\n3\t4.5\t1\n",
        "x (m, s)\ty\tc\n1\t2\t0\n3\t4.5\t1\n",
        "x, m\ty, m\tclass, or kind\n1\t2\t0\n3\t4.5\t1\n",
        "1, 2, 0\n3, 4.5, 1\n",
        "x,y,class\r1,2,0\r3,4.5,1\r",
    ],
)
def test_a_csv_is_read_as_people_write_it(tmp_path: Path, text: str) -> None:
    found = table(tmp_path, text)
    assert found.points.tolist() == [[1.0, 2.0], [3.0, 4.5]]
    assert (found.codes.tolist(), found.classes, found.left_out) == ([0, 1], (0, 1), 0)


def test_names_are_classes_in_their_order(tmp_path: Path) -> None:
    found = table(tmp_path, "x,y,who\n1,2,Zoë\n3,4,Ann\n5,6,Zoë\n")
    assert (found.classes, found.codes.tolist()) == (("Ann", "Zoë"), [1, 0, 1])


@pytest.mark.parametrize(
    ("text", "points", "classes", "guess"),
    [
        ("0,1,label\n0.5,1.0,0\n2.0,1.5,1\n", 2, (0, 1), "line 1 is taken as names: 0,1,label"),
        ("\n0,1,label\n1,2,0\n2,2,\n", 1, (0,), "line 2 is taken as names: 0,1,label"),
        ("3,7,kind\n1,2,0\n2,2,1\n", 2, (0, 1), "line 1 is taken as names: 3,7,kind"),
        ("0,1,label\n1,2,cat\n2,2,ant\n1,1,cat\n", 3, ("ant", "cat"), "line 1 is taken as names: 0,1,label"),
        ("0,1,2\n0.5,2.0,1\n2.0,0.0,0\n", 2, (0, 1), "line 1 is taken as names: 0,1,2"),
        ("0,1\n0.5,2.0\n2.0,0.0\n", 2, (), "line 1 is taken as names: 0,1"),
        ("0,1\n1,0\n2.0,0.5\n", 3, (), ""),
        ("0,1,2\n1,0,1\n2.0,0.5,1\n", 3, (1, 2), ""),
        ("0,1,cat\n1,2,cat\n2,2,ant\n", 3, ("ant", "cat"), ""),
        ("0.0,1.0,ant\n1,2,cat\n", 2, ("ant", "cat"), ""),
        ("0,1,ant\n", 1, ("ant",), ""),
        ("x,y,label\n1,2,0\n", 1, (0,), ""),
    ],
)
def test_a_header_that_looks_like_numbers_is_guessed_and_told(
    tmp_path: Path, text: str, points: int, classes: tuple[Any, ...], guess: str
) -> None:
    found = table(tmp_path, text)
    assert (len(found.points), found.classes, found.remarks) == (points, classes, (guess,) if guess else ())


@pytest.mark.parametrize(
    "text", ["1,2,0.5\n3,4,1\n", "1,2,1e300\n3,4,0\n", "".join(f"1,{n},{n}\n" for n in range(1001))]
)
def test_values_of_a_regression_are_no_classes(tmp_path: Path, text: str) -> None:
    found = table(tmp_path, text)
    assert (found.classes, set(found.codes.tolist()), len(found.points)) == ((), {-1}, text.count("\n"))
    assert found.remarks == ("the last column is of values, not of classes: points are not judged",)


def test_a_word_that_python_alone_takes_for_a_number_is_a_name(tmp_path: Path) -> None:
    assert table(tmp_path, "3,4,2\n1,2,1_0\n").classes == ("1_0", "2")


def test_long_names_stay_apart(tmp_path: Path) -> None:
    names = ["a" * 50 + end for end in "xyz"] + ["a" * 40, "b\x07", "b\x08", "b?"]
    found = table(tmp_path, "".join(f"1,2,{name}\n" for name in names)).classes
    assert len(set(found)) == len(names)
    assert all(len(str(each)) <= 40 for each in found)
    assert {"a" * 39 + "…", "a" * 35 + "… (2)", "a" * 40, "b?"} <= set(found)


def test_without_a_last_column_there_are_no_classes(tmp_path: Path) -> None:
    found = table(tmp_path, "1,2\n3,4\n")
    assert (found.classes, found.codes.tolist()) == ((), [-1, -1])
    assert array(tmp_path, np.ones((3, 4)), 4).classes == ()


def test_rows_that_are_not_all_numbers_are_left_out_and_counted(tmp_path: Path) -> None:
    found = table(tmp_path, "1,2,a\nnan,2,a\n,3,b\n4,inf,b\nNA,1,a\n5,6,\n7,8,b\n-1e300,0,b\n1,1,NA\n1,1,nan\n")
    assert found.points.tolist() == [[1.0, 2.0], [7.0, 8.0]]
    assert (found.rows.tolist(), found.left_out, found.classes) == ([0, 6], 8, ("a", "b"))
    found = array(tmp_path, [[1, 2, 0], [np.nan, 2, 0], [1, 2, np.nan]])
    assert (found.rows.tolist(), found.left_out) == ([0], 2)


@pytest.mark.parametrize("dtype", ["<f8", ">f4", "<f2", "<i8", "|u1", "|b1"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_an_array_of_any_real_type_is_read(tmp_path: Path, dtype: str, order: Any) -> None:
    values = np.array([[1, 0, 1], [0, 1, 0], [1, 1, 1]], dtype, order=order)
    found = array(tmp_path, values)
    assert np.array_equal(found.points, values[:, :2])
    assert np.array_equal(found.codes, values[:, 2])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no row of finite numbers"),
        ("x,y\n", "no row of finite numbers"),
        ("1\n2\n", "it has 1 column; want 2"),
        ("1,2,3,4\n", "it has 4 columns; want 2"),
        ("1,2,3\n1,2\n", "line 2 has 2 columns, the first has 3"),
        ("1,2\n1,two\n", "line 2: 'two' is not a number"),
        ("1,2,0\n1_0,2,0\n", "line 2: '1_0' is not a number"),
        ("1,5;2,25;0\n2,5;3,25;1\n", "line 1: '1,5' has a decimal comma; write a point"),
        ("x y\n1,5 2,25\n", "line 2: '1,5' has a decimal comma; write a point"),
        ('1,2,"a\n3,4,c\n', 'line 1: a quote (") is not closed on its line'),
        ('1,2,b\n\n3,4,"a\nb"\n', 'line 3: a quote (") is not closed on its line'),
        ('\n1,2,b\n3,4,"a"b\n', 'line 3: a quote (") is not closed on its line, or something follows it'),
        ("1,2,b\n" + '3,4,"' + "a,b\n" * 50_000, 'line 2: a quote (") is not closed'),
        (",0,1,label\n0,0.5,0.2,a\n", "in which pandas numbers rows; save with index=False"),
        (",x,y\n0,0.5,0.2\n", "in which pandas numbers rows; save with index=False"),
        (",0,1\n0,0.5,0.2\n", "in which pandas numbers rows; save with index=False"),
        ("x,y,c\n1,2,0\n".encode("utf-16"), "it is text in UTF-16; save it in UTF-8"),
        ("x,y,c\n1,2,0\n".encode("utf-16-be"), "it is text in UTF-16; save it in UTF-8"),
        ("x,y,c\n1,2,Zoë\n".encode("latin-1"), "not text in UTF-8"),
        (b"\x93NUMPY\1\0v\0", "it is binary"),
        (b"\x80\4\x95junk\n", "not text in UTF-8"),
        (b"1," * 100_000, "more than 131,072 letters"),
        ("".join(f"1,2,n{n}\n" for n in range(1001)), "1,001 names of classes, at most 1,000"),
    ],
)
def test_a_csv_of_something_else_is_refused_in_a_line(tmp_path: Path, text: str | bytes, said: str) -> None:
    with pytest.raises(FileError) as caught:
        table(tmp_path, text)
    assert said in str(caught.value)
    assert str(tmp_path / "a.csv") in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (np.ones(3), "shape (3,); want (rows, 2) or (rows, 3)"),
        (np.ones((2, 5)), "it has 5 columns"),
        (np.ones((2, 2), complex), "not real numbers"),
        (np.array([{}, 1], object), "a pickle, which is never read"),
        (np.array([["1", "2"]]), "not real numbers"),
        (np.zeros(2, [("x", float), ("y", float)]), "it holds named columns, a structured array"),
        (np.full((2, 2), np.nan), "no row of finite numbers"),
    ],
)
def test_an_array_of_something_else_is_refused_in_a_line(tmp_path: Path, values: Any, said: str) -> None:
    with pytest.raises(FileError) as caught:
        array(tmp_path, values)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("shape", ["(1000000, 4294)", "(4294967296, 1)", "(1000000, 3)", "(1000001, 2)", "(-1, 2)"])
def test_eighty_bytes_ask_for_no_memory(tmp_path: Path, shape: str) -> None:
    header = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}}}".ljust(69) + "\n"
    tracemalloc.start()
    with pytest.raises(FileError):
        table(tmp_path, b"\x93NUMPY\1\0F\0" + header.encode(), "a.npy")
    assert tracemalloc.get_traced_memory()[1] < 1e6
    tracemalloc.stop()


@pytest.mark.slow
def test_rows_end_where_they_are_too_many(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="at most 1,000,000 rows"):
        table(tmp_path, "1,2\n" * (MAX_ROWS + 1))
    with pytest.raises(FileError, match="1,000,001 x 2 numbers; at most 1,000,000 rows"):
        array(tmp_path, np.zeros((MAX_ROWS + 1, 2), np.uint8))


@pytest.mark.parametrize("name", ["a.txt", "a", "a.npz"])
def test_another_kind_of_file_is_refused_by_its_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileError, match=r"does not end in \.csv or \.npy"):
        table(tmp_path, "1,2\n", name)


@pytest.mark.parametrize("name", ["a.csv", "a.npy"])
def test_broken_files_are_read_or_refused_in_a_line(tmp_path: Path, name: str) -> None:
    np.save(tmp_path / "whole.npy", np.arange(30.0).reshape(10, 3))
    whole = (tmp_path / "whole.npy").read_bytes() if name == "a.npy" else b"x,y,class\n" + b"1.5,-2e3,one\n" * 9
    chance, refused = random.Random(18), 0
    for _ in range(150):
        broken = bytearray(whole)
        for _ in range(chance.randint(1, 6)):
            at = chance.randrange(len(broken))
            match chance.randrange(3):
                case 0:
                    broken[at] = chance.randrange(256)
                case 1:
                    del broken[at : at + chance.randint(1, 20)]
                case _:
                    broken[at:at] = chance.randbytes(chance.randint(1, 5))
        found = table_or_words(tmp_path, bytes(broken), name)
        refused += isinstance(found, str)
        assert "\n" not in found if isinstance(found, str) else np.isfinite(found.points).all()
    assert 20 < refused <= 150
