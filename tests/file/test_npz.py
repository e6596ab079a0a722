"""Weights go out as np.load reads them and come back equal; files that lie are refused at no cost."""

import ast
import io
import itertools
import os
import pickle
import random
import struct
import subprocess
import sys
import tracemalloc
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from patience import ran

from weightscape.file import layer_form, npy_member
from weightscape.file.npz import read_weights, write_weights
from weightscape.file.whole_file import FileError

Floats = npt.NDArray[np.float64]
Network = tuple[list[Floats], list[Floats], list[str]]


def network(*widths: int) -> Network:
    rng = np.random.default_rng(sum(widths))
    weights = [rng.normal(size=pair) for pair in itertools.pairwise(widths)]
    biases = [rng.normal(size=width) for width in widths[1:]]
    return weights, biases, ["tanh"] * (len(weights) - 1) + ["sigmoid"]


def arrays(*widths: int) -> dict[str, npt.NDArray[Any]]:
    weights, biases, _ = network(*widths)
    named: dict[str, npt.NDArray[Any]] = {}
    for k, (W, b) in enumerate(zip(weights, biases, strict=True), 1):
        named |= {f"W{k}": W, f"b{k}": b}
    return named


def npy(array: npt.NDArray[Any], pickle: bool = False) -> bytes:
    data = io.BytesIO()
    np.lib.format.write_array(data, array, allow_pickle=pickle)
    return data.getvalue()


def archive(members: dict[str, bytes], packing: int = zipfile.ZIP_STORED) -> bytes:
    return zipped({f"{name}.npy": body for name, body in members.items()}, packing)


def zipped(members: dict[str, bytes], packing: int = zipfile.ZIP_STORED) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", packing) as file:
        for name, body in members.items():
            file.writestr(name, body)
    return data.getvalue()


def head(text: str, version: int = 1) -> bytes:
    return b"\x93NUMPY" + bytes([version, 0]) + struct.pack("<H" if version == 1 else "<I", len(text)) + text.encode()


def assert_equal(found: Network, wanted: Network) -> None:
    assert found[2] == wanted[2]
    for mine, theirs in ((found[0], wanted[0]), (found[1], wanted[1])):
        assert len(mine) == len(theirs)
        for a, b in zip(mine, theirs, strict=True):
            assert a.dtype == np.float64
            assert a.flags.c_contiguous
            assert np.array_equal(a, b)


@pytest.mark.parametrize("widths", [(2, 3), (2, 30, 30, 30, 3), (4096, 512, 1), (1, 1), (2, *[3] * 255, 3)])
def test_a_network_comes_back(tmp_path: Path, widths: tuple[int, ...]) -> None:
    write_weights(tmp_path / "a.npz", *network(*widths))
    assert_equal(read_weights(tmp_path / "a.npz"), network(*widths))


def test_numpy_reads_the_file(tmp_path: Path) -> None:
    weights, biases, activations = network(2, 5, 4, 3)
    write_weights(tmp_path / "a.npz", weights, biases, activations)
    with np.load(tmp_path / "a.npz", allow_pickle=False) as file:
        assert list(file) == ["W1", "b1", "W2", "b2", "W3", "b3", "activations"]
        assert file["W2"].dtype.str == "<f8"
        assert np.array_equal(file["W2"], weights[1])
        assert np.array_equal(file["b3"], biases[2])
        assert file["activations"].tolist() == activations
    with zipfile.ZipFile(tmp_path / "a.npz") as file:
        assert file.testzip() is None
        assert {(info.create_system, info.external_attr >> 16) for info in file.infolist()} == {(3, 0o644)}


def test_the_same_network_gives_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    weights, biases, activations = network(2, 5, 3)
    write_weights(tmp_path / "a.npz", weights, biases, activations)
    monkeypatch.setattr("time.time", lambda: 2e9)
    fortran = [np.asfortranarray(W) for W in weights]
    write_weights(tmp_path / "b.npz", fortran, [b.astype(">f8") for b in biases], tuple(activations))
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
@pytest.mark.parametrize("dtype", ["<f2", ">f2", "<f4", ">f4", "<f8", ">f8"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_files_of_numpy_are_read(tmp_path: Path, save: Any, dtype: str, order: Any) -> None:
    given = {name: np.array(a, dtype, order=order) for name, a in arrays(2, 5, 4, 3).items()}
    save(tmp_path / "a.npz", **given)
    weights, biases, activations = read_weights(tmp_path / "a.npz")
    assert activations == ["tanh", "tanh", "sigmoid"]
    wanted = ([given[f"W{k}"].astype(float) for k in (1, 2, 3)], [given[f"b{k}"].astype(float) for k in (1, 2, 3)])
    assert_equal((weights, biases, activations), (*wanted, activations))


def test_activations_of_any_byte_order_are_read(tmp_path: Path) -> None:
    for dtype in ("<U9", ">U9", "<U32"):
        np.savez(tmp_path / "a.npz", **arrays(2, 3, 1), activations=np.array(["softplus", "sin"], dtype))
        assert read_weights(tmp_path / "a.npz")[2] == ["softplus", "sin"]


def test_order_of_members_and_version_of_header_are_free(tmp_path: Path) -> None:
    given = arrays(2, 4, 3)
    members = {name: npy(a) for name, a in reversed(given.items())}
    members["b1"] = head("{'shape': (4,), 'fortran_order': False, 'descr': '<f8'}", 2) + given["b1"].tobytes()
    (tmp_path / "a.npz").write_bytes(archive(members))
    weights, biases, _ = read_weights(tmp_path / "a.npz")
    assert np.array_equal(weights[1], given["W2"])
    assert np.array_equal(biases[0], given["b1"])


def test_equal_layers_count_once_and_share_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    weights, biases, activations = network(2, *[30] * 50, 3)
    tied = [weights[0], *[weights[1]] * 49, weights[-1]]
    monkeypatch.setattr(layer_form, "MAX_WEIGHTS", 60 + 900 + 90)
    write_weights(tmp_path / "a.npz", tied, biases, activations)
    back = read_weights(tmp_path / "a.npz")
    assert_equal(back, (tied, biases, activations))
    assert all(W is back[0][1] for W in back[0][1:-1])
    with pytest.raises(ValueError, match="W3 makes more than 1050 weights"):
        write_weights(tmp_path / "b.npz", weights, biases, activations)
    monkeypatch.setattr(layer_form, "MAX_WEIGHTS", 60 + 900 + 89)
    with pytest.raises(FileError, match="member W51 makes more than 1049 weights"):
        read_weights(tmp_path / "a.npz")


def bad_networks() -> Iterator[tuple[str, Any]]:
    def changed(name: str, place: int, value: Any) -> Network:
        new = network(2, 5, 3)
        dict(W=new[0], b=new[1], a=new[2])[name][place] = value  # type: ignore[call-overload]
        return new

    weights, biases, names = network(2, 5, 3)
    yield "2 weights, 1 biases", (weights, biases[:1], names)
    yield "1 activations", (weights, biases, names[:1])
    yield "0 layers", ([], [], [])
    yield "257 layers", network(*[1] * 258)
    yield r"W2 has shape \(4, 3\)", changed("W", 1, np.zeros((4, 3)))
    yield r"W1 has shape \(5,\)", changed("W", 0, np.zeros(5))
    yield r"b1 has shape \(4,\)", changed("b", 0, np.zeros(4))
    yield r"b1 has shape \(1, 5\)", changed("b", 0, np.zeros((1, 5)))
    yield "widths go to 512", network(2, 513, 3)
    yield "widths go to 512", network(4097, 5)
    yield r"W1 has shape \(0, 5\)", network(0, 5)
    yield r"W1 \(2, 5\) holds a number that is not finite", changed("W", 0, np.full((2, 5), np.nan))
    yield r"b2 \(3,\) holds a number that is not finite", changed("b", 1, np.array([1, 2, -np.inf]))
    yield r"b2 \(3,\) holds a number beyond \+-1e\+08", changed("b", 1, np.array([1, 2, -1.1e8]))
    yield "'no name', which is no activation", changed("a", 1, "no name")
    yield "which is no activation", changed("a", 0, "σ")
    yield "which is no activation", changed("a", 0, "x" * 33)
    yield "which is no activation", changed("a", 0, "")
    yield "softmax for layer 1 of 2; it is the last layer's", changed("a", 0, "softmax")


@pytest.mark.parametrize(("reason", "parts"), list(bad_networks()))
def test_networks_that_could_not_be_read_are_not_written(tmp_path: Path, reason: str, parts: Any) -> None:
    with pytest.raises(ValueError, match=reason):
        write_weights(tmp_path / "a.npz", *parts)
    assert os.listdir(tmp_path) == []


def test_the_largest_weight_is_allowed(tmp_path: Path) -> None:
    write_weights(tmp_path / "a.npz", [np.array([[1e8], [-1e8]])], [np.array([0.0])], ["tanh"])
    assert read_weights(tmp_path / "a.npz")[0][0].tolist() == [[1e8], [-1e8]]


def failure(path: Path) -> str:
    with pytest.raises(FileError) as caught:
        read_weights(path)
    text = str(caught.value)
    assert "\n" not in text
    assert str(path) in text
    return text


def refusal(path: Path, **changes: Any) -> str:
    """Write a sound network of two layers with members changed (None takes one away) and fail to read it."""
    members = {name: npy(array) for name, array in arrays(2, 5, 3).items()}
    for name, body in changes.items():
        members[name] = npy(body) if isinstance(body, np.ndarray) else body
    path.write_bytes(archive({name: body for name, body in members.items() if body is not None}))
    return failure(path)


F8 = "{'descr': '<f8', 'fortran_order': False, 'shape': %s, }"
NANS = np.array([0x7FF0000000000001] * 3, np.uint64).view(np.float64)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"W1": None}, "member W1 is missing"),
        ({"W2": None}, "member W2 is missing"),
        ({"W1": None, "W2": None}, "there are no layers: want members W1, b1, W2 ..., *.weight and *.bias, or"),
        ({"W4": np.zeros((3, 3)), "b4": np.zeros(3)}, "member W3 is missing"),
        ({"b3": np.zeros(3)}, "member W3 is missing"),
        ({"W0": np.zeros((2, 3))}, "member W1 has shape (2, 5); want (3, outputs), as W0 (2, 3) has 3 outputs"),
        ({"W01": np.zeros((2, 2))}, "members W1 and W01 are both of layer 1"),
        ({"W1000": np.zeros((2, 2))}, "member W3 is missing"),
        ({"x\ny" * 99 + ".weight": np.zeros((1, 1))}, "both name weights; keep one way"),
        ({"W2": np.zeros((4, 3))}, "member W2 has shape (4, 3); want (5, outputs), as W1 (2, 5) has 5"),
        ({"W2": np.zeros((5, 513)), "b2": None}, "member W2 has shape (5, 513); at most 4096 inputs and 512 units"),
        ({"W1": np.zeros((4097, 5))}, "member W1 has shape (4097, 5); at most 4096 inputs and 512 units"),
        ({"W2": np.zeros((5, 3, 1))}, "member W2 has shape (5, 3, 1)"),
        ({"W2": np.ones(())}, "member W2 has shape ()"),
        ({"W2": np.zeros((5, 0))}, "member W2 has shape (5, 0); want (inputs, outputs)"),
        ({"b2": np.zeros((3, 2))}, "member b2 has shape (3, 2); want (outputs,), a row or a column"),
        ({"b2": np.zeros(2)}, "member b2 has shape (2,); want (3,)"),
        ({"b2": NANS}, "member b2 (3,) holds a number that is not finite"),
        ({"b2": np.full(3, np.inf, np.float16)}, "member b2 (3,) holds a number that is not finite"),
        (
            {"b2": np.full(3, 0x7F800001, np.uint32).view(np.float32)},
            "member b2 (3,) holds a number that is not finite",
        ),
        ({"b2": np.full(3, 1e9)}, "member b2 (3,) holds a number beyond +-1e+08"),
        ({"b2": np.zeros(3, complex)}, "member b2 (3,) holds '<c16', not real numbers of up to 64 bits; save b2."),
        ({"b2": np.zeros(3, "V2")}, "member b2 (3,) holds '|V2'"),
        ({"b2": np.array(["0"] * 3)}, "member b2 (3,) holds '<U1'"),
        ({"b2": np.zeros(3, [("x", "<f8")])}, "member b2 holds named columns, a structured array; save a plain one"),
        ({"b2": npy(np.array([None] * 3), pickle=True)}, "member b2 (3,) holds Python objects, a pickle, which"),
        ({"b2": b""}, "member b2 is no .npy array"),
        ({"b2": b"\x93NUMPY\x03\x00"}, "member b2 is no .npy array"),
        ({"b2": npy(np.zeros(3))[:-1]}, "member b2 has 23 bytes of numbers, its header wants 24"),
        ({"b2": npy(np.zeros(3)) + b"x"}, "member b2 has 25 bytes of numbers, its header wants 24"),
        ({"b2": b"\x93NUMPY\1\0" + b"\xff\xff" + b" " * 70_000}, "member b2 has a header of 65535 bytes"),
        ({"b2": b"\x93NUMPY\2\0" + b"\xff\xff\xff\xff"}, "member b2 has a header of 4294967295 bytes"),
        ({"b2": b"\x93NUMPY\1\0" + b"\xff\0{"}, "member b2 has a header of 255 bytes"),
        ({"b2": head("")}, "member b2 has a header that cannot be read"),
        ({"b2": head("(" * 1000)}, "member b2 has a header that cannot be read"),
        ({"b2": head("-" * 1000 + "1")}, "member b2 has a header that cannot be read"),
        ({"b2": head("{" + "'x':{" * 150)}, "member b2 has a header that cannot be read"),
        ({"b2": head("__import__('os').abort()")}, "member b2 has a header that cannot be read"),
        ({"b2": head("'\\d 1if 2else 3'")}, "member b2 has a header that cannot be read"),
        ({"b2": head("1if 1else 2")}, "member b2 has a header that cannot be read"),
        ({"b2": head("['descr']")}, "member b2 has a header that cannot be read"),
        ({"b2": head("{'descr': '<f8'}")}, "member b2 has a header that cannot be read"),
        ({"b2": head((F8 % "(3,)")[:-1] + "'x': 1}")}, "member b2 has a header that makes no sense"),
        ({"b2": head(F8 % "3")}, "member b2 has a header that makes no sense"),
        ({"b2": head(F8 % "(-3,)")}, "member b2 has a header that makes no sense"),
        ({"b2": head(F8 % "(True,)")}, "member b2 has a header that makes no sense"),
        ({"b2": head(F8 % "(3.0,)")}, "member b2 has a header that makes no sense"),
        ({"b2": head(F8 % ("9" * 900))}, "member b2 has a header that makes no sense"),
        ({"W2": head(F8 % "(65536, 65536)"), "b2": None, "W1": None}, "member W1 is missing"),
        ({"W2": head(F8 % "(5, 65536)"), "b2": None}, "member W2 has shape (5, 65536); at most 4096"),
        ({"W2": head(F8 % "(5, 3)")}, "member W2 has 0 bytes of numbers, its header wants 120"),
        ({"activations": np.array(["tanh"] * 3)}, "member activations has shape (3,); want 2 names, one a layer, or"),
        ({"activations": np.array(["x" * 65] * 2)}, "of at most 64 letters"),
        ({"activations": np.array([1.0, 2.0])}, "member activations holds '<f8'"),
        ({"activations": npy(np.array([None] * 2), pickle=True)}, "member activations holds Python objects, a pickle"),
        ({"activations": np.array(["tanh", ""])}, "'', which is no activation"),
        ({"activations": np.array(["tanh", "a\nb"])}, "'a\\nb', which is no activation"),
        ({"activations": np.full(8, 0x7FFFFFFF, np.uint32).view("<U4")}, "which is no activation"),
        ({"activations": np.full(8, 0xD800, np.uint32).view("<U4")}, "which is no activation"),
    ],
)
def test_faults_are_named(tmp_path: Path, changes: dict[str, Any], reason: str) -> None:
    assert reason in refusal(tmp_path / "a.npz", **changes)


def test_a_small_file_that_claims_32_gib_costs_nothing(tmp_path: Path) -> None:
    tracemalloc.start()
    refusal(tmp_path / "a.npz", W2=head(F8 % "(65536, 65536)"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000


@pytest.mark.parametrize("member", ["W2", "activations", "b1"])
def test_a_zip_bomb_costs_nothing(tmp_path: Path, member: str) -> None:
    bodies = {name: npy(array) for name, array in arrays(2, 5, 3).items()}
    bodies[member] = npy(np.zeros((5, 3))) + bytes(50_000_000)
    data = archive(bodies, zipfile.ZIP_DEFLATED)
    del bodies
    assert len(data) < 100_000
    (tmp_path / "a.npz").write_bytes(data)
    tracemalloc.start()
    assert "member" in failure(tmp_path / "a.npz")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000


def test_a_bomb_with_a_modest_claim_is_stopped(tmp_path: Path) -> None:
    """The directory says 24 + head bytes, the packed stream would give fifty million."""
    bodies = {name: npy(array) for name, array in arrays(2, 5, 3).items()}
    real = len(bodies["b2"])
    bodies["b2"] += bytes(50_000_000)
    data = archive(bodies, zipfile.ZIP_DEFLATED)
    claim = struct.pack("<I", len(bodies["b2"]))
    assert data.count(claim) == 2
    (tmp_path / "a.npz").write_bytes(data.replace(claim, struct.pack("<I", real)))
    tracemalloc.start()
    assert "damaged" in failure(tmp_path / "a.npz")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000


def test_a_member_shorter_than_the_directory_says_is_refused(tmp_path: Path) -> None:
    bodies = {name: npy(array) for name, array in arrays(2, 5, 3).items()}
    claim = struct.pack("<I", len(bodies["b2"]))
    bodies["b2"] = bodies["b2"][:-8]
    data, short = archive(bodies, zipfile.ZIP_DEFLATED), struct.pack("<I", len(bodies["b2"]))
    assert data.count(short) == 2
    (tmp_path / "a.npz").write_bytes(data.replace(short, claim))
    assert "member b2 is truncated" in failure(tmp_path / "a.npz")


def test_odd_headers_raise_no_warning(tmp_path: Path) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        refusal(tmp_path / "a.npz", b2=head("{'\\d': 1if 1else 2}"))
    assert caught == []


def test_archives_that_are_out_of_the_ordinary_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    many = {f"x{k}": b"" for k in range(601)}
    sound = archive({name: npy(array) for name, array in arrays(2, 3).items()})
    for data, reason in (
        (b"", "it is not a .npz file"),
        (b"PK", "it is not a .npz file"),
        (npy(np.zeros(3)), "it is a .npy, one array or a pickled object; save with np.savez("),
        (pickle.dumps({"W1": 1}), "it is a pickle, which is never read; save with np.savez("),
        (sound.replace(b"W1.npy", b"W1.txt"), "*.weight and *.bias, or *kernel and *bias, not b1"),
        (sound[:-1], "it is not a .npz file, or it is truncated"),
        (sound + b"x", "it is not a .npz file"),
        (archive({}), "there are no layers: want members W1, b1, W2 ..., *.weight and *.bias"),
        (archive(many), "more than 600 members"),
        (archive({"x" * 60_000: b"", "y" * 60_000: b"", "z" * 60_000: b""}), "more than 600 members"),
        (archive({f"W{k}": b"" for k in range(1, 300)}), "there are 299 layers"),
        (archive({"W1": npy(np.zeros((2, 2)))}, zipfile.ZIP_BZIP2), "packed in an unusual way"),
        (archive({"W1": npy(np.zeros((2, 2)))}, zipfile.ZIP_LZMA), "packed in an unusual way"),
        (sound.replace(b"PK\1\2\x14\x03\x14\x00\x00\x00", b"PK\1\2\x14\x03\x14\x00\x01\x00"), "encrypted"),
        (sound.replace(b"b1.npy", b"W1.npy"), "member W1 is there twice"),
        (sound[:-6] + b"\xff\xff\xff\0" + sound[-2:], "the .npz is damaged"),
        (sound[:200] + b"!" + sound[201:], "the .npz is damaged: Bad CRC-32"),
    ):
        path.write_bytes(data)
        assert reason in failure(path), reason
    assert failure(tmp_path).endswith("it is a folder")
    assert failure(tmp_path / "none").endswith("it does not exist")


def test_a_file_beyond_the_cap_is_not_read(tmp_path: Path) -> None:
    with open(tmp_path / "a.npz", "wb") as file:
        file.truncate(600_000_001)
    assert "at most 600000000 are read" in failure(tmp_path / "a.npz")


def test_a_truncated_file_is_refused_wherever_it_ends(tmp_path: Path) -> None:
    write_weights(tmp_path / "a.npz", *network(2, 5, 3))
    data = (tmp_path / "a.npz").read_bytes()
    bounds = [i for i in range(len(data)) if data[i : i + 2] == b"PK"]
    places = {*bounds, *(i + 1 for i in bounds), *random.Random(2).sample(range(len(data)), 200), len(data) - 1}
    for place in sorted(places):
        (tmp_path / "cut.npz").write_bytes(data[:place])
        assert "it is not a .npz file" in failure(tmp_path / "cut.npz"), place


def changed(data: bytes, random_: random.Random, reach: int) -> bytes:
    new = bytearray(data)
    for _ in range(random_.randint(1, 3)):
        place = random_.randrange(min(reach, len(new)))
        if random_.random() < 0.7:
            new[place] = random_.choice([0, 1, 255, 127, random_.randrange(256), *b"0123456789(){},'<>fU"])
        else:
            new[place : place + random_.randint(0, 3)] = random_.randbytes(random_.randint(0, 3))
    return bytes(new)


def mutants(count: int) -> Iterator[bytes]:
    """Change an archive's bytes, those of its directory, or a member inside a sound archive."""
    random_ = random.Random(23)
    members = {name: npy(array) for name, array in arrays(2, 4, 3).items()}
    members["activations"] = npy(np.array(["tanh", "sin"]))
    whole = {packing: archive(members, packing) for packing in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)}
    for number in range(count):
        packing = random_.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
        data = whole[packing]
        if number % 3 == 0:
            yield changed(data, random_, len(data))
        elif number % 3 == 1:
            start = data.index(b"PK\1\2")
            yield data[:start] + changed(data[start:], random_, len(data))
        else:
            name = random_.choice(list(members))
            yield archive(members | {name: changed(members[name], random_, 140)}, packing)


@pytest.mark.slow
def test_no_mutant_does_more_than_fail(tmp_path: Path) -> None:
    outcomes = {"read": 0, "refused": 0}
    tracemalloc.start()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for mutant in mutants(1200):
            (tmp_path / "a.npz").write_bytes(mutant)
            try:
                weights, biases, names = read_weights(tmp_path / "a.npz")
            except FileError as fault:
                is_plain = "\n" not in str(fault) and len(str(fault)) < 500
                outcomes["refused" if is_plain else "badly worded"] += 1
            else:
                assert len(weights) == len(biases) == len(names)
                assert all(np.abs(array).max() <= 1e8 for array in weights + biases)
                outcomes["read"] += 1
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert min(outcomes.values()) > 50, outcomes
    assert peak < 4_000_000


@pytest.mark.skipif(not os.path.exists("/dev/fd"), reason="no /dev/fd here")
def test_pipes_and_devices_are_written(tmp_path: Path) -> None:
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        write_weights(f"/dev/fd/{process.stdin.fileno()}", *network(2, 5, 3))
        data, _ = process.communicate()
    (tmp_path / "a.npz").write_bytes(data)
    assert_equal(read_weights(tmp_path / "a.npz"), network(2, 5, 3))
    write_weights(os.devnull, *network(2, 5, 3))


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="only Linux has /dev/full")
def test_a_full_disk_is_named() -> None:
    with pytest.raises(FileError, match="the disk is full"):
        write_weights("/dev/full", *network(2, 500, 500, 3))


KILLED = """
import os, signal, sys
import numpy as np
from weightscape.file import npy_member
from weightscape.file import npz
add = npz._add
def die(archive, name, array):
    add(archive, name, array)
    if name == "W2":
        os.kill(os.getpid(), signal.SIGKILL)
npz._add = die
npz.write_weights(sys.argv[1], [np.ones((500, 500))] * 3, [np.ones(500)] * 3, ["tanh"] * 3)
"""


@pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
def test_a_killed_writer_leaves_no_file(tmp_path: Path) -> None:
    done = ran(sys.executable, "-c", KILLED, str(tmp_path / "a.npz"))
    assert done.returncode == -9
    assert not (tmp_path / "a.npz").exists()


def test_one_thread_at_a_time_touches_the_filters_of_warnings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, held, parse = tmp_path / "net.npz", [], ast.literal_eval

    def parsed(text: str) -> Any:
        held.append(npy_member._filters._lock.locked())
        return parse(text)

    monkeypatch.setattr(npy_member.ast, "literal_eval", parsed)
    write_weights(path, [np.eye(2)], [np.zeros(2)], ["tanh"])
    before = list(warnings.filters)
    read_weights(path)
    assert held
    assert all(held)
    assert warnings.filters == before
