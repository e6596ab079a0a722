"""Weights go out as safetensors' own reader has them and come back equal; headers that lie are refused at no cost."""

import itertools
import json
import struct
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import safetensors.numpy
from safetensors import safe_open

from weightscape.file.safetensors import read_weights, remarks, untold, write_weights
from weightscape.file.whole_file import FileError

Array = npt.NDArray[Any]
Parts = tuple[list[Array], list[Array], list[str]]


def network(*widths: int) -> Parts:
    rng = np.random.default_rng(sum(widths))
    weights = [rng.normal(size=pair) for pair in itertools.pairwise(widths)]
    return weights, [rng.normal(size=n) for n in widths[1:]], ["tanh"] * (len(weights) - 1) + ["softmax"]


def named(made: Parts, names: list[str]) -> dict[str, Array]:
    saved: dict[str, Array] = {}
    for name, W, b in zip(names, made[0], made[1], strict=True):
        saved |= {f"{name}.weight": np.ascontiguousarray(W.T), f"{name}.bias": b}
    return saved


def assert_equal(found: Parts, wanted: Parts) -> None:
    assert found[2] == wanted[2]
    for mine, theirs in ((found[0], wanted[0]), (found[1], wanted[1])):
        assert len(mine) == len(theirs)
        for a, b in zip(mine, theirs, strict=True):
            assert a.dtype == np.float64
            assert a.flags.c_contiguous
            assert np.array_equal(a, b)


@pytest.mark.parametrize("widths", [(2, 3), (2, 30, 30, 3), (4096, 512, 1), (2, *[3] * 255, 3)])
def test_a_network_goes_out_and_comes_back(tmp_path: Path, widths: tuple[int, ...]) -> None:
    made = network(*widths)
    write_weights(tmp_path / "a.safetensors", *made)
    assert_equal(read_weights(tmp_path / "a.safetensors"), made)
    assert remarks(tmp_path / "a.safetensors") == ()


@pytest.mark.parametrize("dtype", ["<f8", "<f4"])
def test_its_own_reader_reads_the_file(tmp_path: Path, dtype: str) -> None:
    made = network(2, 5, 4, 3)
    write_weights(tmp_path / "a.safetensors", *made, dtype)
    found = safetensors.numpy.load_file(tmp_path / "a.safetensors")
    assert {name: (array.shape, array.dtype.str) for name, array in found.items()} == {
        "0.weight": ((5, 2), dtype),
        "0.bias": ((5,), dtype),
        "2.weight": ((4, 5), dtype),
        "2.bias": ((4,), dtype),
        "4.weight": ((3, 4), dtype),
        "4.bias": ((3,), dtype),
    }
    for k, W in enumerate(made[0]):
        assert np.array_equal(found[f"{2 * k}.weight"], W.T.astype(dtype))
        assert np.array_equal(found[f"{2 * k}.bias"], made[1][k].astype(dtype))
    with safe_open(tmp_path / "a.safetensors", "numpy") as file:
        assert file.metadata() == {"activations": "tanh,tanh,softmax"}
    assert int.from_bytes((tmp_path / "a.safetensors").read_bytes()[:8], "little") % 8 == 0


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16])
def test_files_of_its_own_writer_are_read(tmp_path: Path, dtype: Any) -> None:
    saved = {name: a.astype(dtype) for name, a in named(network(2, 5, 3), ["fc1", "fc2"]).items()}
    safetensors.numpy.save_file(saved, tmp_path / "a", metadata={"activations": "ReLU, Softmax(dim=1)", "format": "pt"})
    wanted = (
        [saved[f"fc{k}.weight"].T.astype(float) for k in (1, 2)],
        [saved[f"fc{k}.bias"].astype(float) for k in (1, 2)],
    )
    assert_equal(read_weights(tmp_path / "a"), (*wanted, ["relu", "softmax"]))


def test_bfloat16_is_the_upper_half_of_float32(tmp_path: Path) -> None:
    values = np.array([1.0, -2.5, 3.140625, 1e-3, 0.0, 100.0], "<f4")
    body = (values.view("<u4") >> 16).astype("<u2").tobytes()
    (tmp_path / "a").write_bytes(file({"fc.weight": {"dtype": "BF16", "shape": [3, 2], "data_offsets": [0, 12]}}, body))
    wanted = (values.view("<u4") & 0xFFFF0000).view("<f4").astype(float)
    assert np.array_equal(read_weights(tmp_path / "a")[0][0], wanted.reshape(3, 2).T)


@pytest.mark.parametrize(
    ("metadata", "names"),
    [
        ({"activations": "relu,softmax"}, ["relu", "softmax"]),
        ({"activations": '["relu", "Softmax(dim=1)"]'}, ["relu", "softmax"]),
        ({"activations": "ELU(alpha=1.0, inplace=True), linear"}, ["elu", "identity"]),
        ({"activation": "sin", "output_activation": "none"}, ["sin", "identity"]),
        ({"format": "pt"}, ["tanh", "sigmoid"]),
        (None, ["tanh", "sigmoid"]),
    ],
)
def test_activations_stand_in_the_metadata(tmp_path: Path, metadata: Any, names: list[str]) -> None:
    safetensors.numpy.save_file(named(network(2, 5, 3), ["0", "2"]), tmp_path / "a", metadata=metadata)
    assert read_weights(tmp_path / "a")[2] == names
    assert untold(tmp_path / "a") == (("activation", "output_activation") if names == ["tanh", "sigmoid"] else ())


def test_what_is_no_matrix_is_told_before_an_order_is_looked_for(tmp_path: Path) -> None:
    saved = {"a.weight": np.array(3.0), "b.weight": np.ones((3, 2))}
    safetensors.numpy.save_file(saved, tmp_path / "a", metadata={"activations": "sin"})
    with pytest.raises(FileError, match=r"member a.weight has shape \(\); want"):
        read_weights(tmp_path / "a")


@pytest.mark.parametrize(
    "names",
    [
        ["input", "hidden", "out"],
        ["net.0", "net.2", "head"],
        ["fc9", "fc10", "fc11"],
        ["first", "second", "last"],
        ["stem", "blocks.0.linear", "blocks.1.linear"],
    ],
)
def test_the_order_that_its_own_writer_loses_is_found_by_shapes(tmp_path: Path, names: list[str]) -> None:
    made = network(2, 8, 5, 3)
    safetensors.numpy.save_file(named(made, names), tmp_path / "a", metadata={"activations": "tanh,tanh,softmax"})
    assert_equal(read_weights(tmp_path / "a"), made)


def test_an_order_in_doubt_is_refused(tmp_path: Path) -> None:
    safetensors.numpy.save_file(named(network(2, 8, 8, 8, 3), ["up", "mid", "low", "out"]), tmp_path / "a")
    assert "do not tell the order of the layers, and several orders fit; name them 1.weight" in failure(tmp_path / "a")
    safetensors.numpy.save_file(named(network(2, 8, 3), ["up", "mid"]) | {"x.weight": np.ones((7, 7))}, tmp_path / "a")
    assert "and no order fits" in failure(tmp_path / "a")
    safetensors.numpy.save_file(
        {f"{chr(97 + k % 26)}{'x' * (k // 26)}.weight": np.ones((3, 3)) for k in range(60)}, tmp_path / "a"
    )
    assert "several orders fit" in failure(tmp_path / "a")


def failure(path: Path) -> str:
    with pytest.raises(FileError) as caught:
        read_weights(path)
    text = str(caught.value)
    assert "\n" not in text
    assert str(path) in text
    assert len(text) < 600
    return text


def file(header: Any, body: bytes = b"", length: int | None = None) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + body


def entry(shape: Any = (3, 2), begin: Any = 0, end: Any = 24, dtype: Any = "F32") -> dict[str, Any]:
    return {"dtype": dtype, "shape": list(shape) if isinstance(shape, tuple) else shape, "data_offsets": [begin, end]}


ONES = np.ones(6, "<f4").tobytes()
NANS = np.full(6, np.nan, "<f4").tobytes()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it ends within its header"),
        (b"\x10\0\0", "it ends within its header"),
        (file(b"{}", length=1 << 40), "its header claims 1099511627776 bytes, at most 120000 are read"),
        (file(b"{" + b" " * 200_000), "its header claims 200001 bytes"),
        (file(b"{}", length=50), "it ends within its header"),
        (file(b" {}"), "its header does not begin with {"),
        (file(b"{"), "its header is no JSON"),
        (file(b"{\xff}"), "its header is no JSON"),
        (file(b'{"a":' + b"[" * 60_000), "its header is no JSON"),
        (file(b'{"a":1,"a":1}'), "a name stands twice in its header"),
        (file(b'{"a":{"dtype":"F32","dtype":"F64","shape":[],"data_offsets":[0,0]}}'), "a name stands twice"),
        (file({}), "there are no layers"),
        (file({"w.weight": [1]}), "member w.weight tells other things than dtype, shape and data_offsets"),
        (file({"w.weight": entry() | {"more": 1}}, ONES), "tells other things than dtype"),
        (file({"w.weight": entry(dtype="F4")}, ONES), "member w.weight is of a type that is not known: 'F4'"),
        (file({"w.weight": entry(dtype=["F32"])}, ONES), "is of a type that is not known"),
        (file({"w.weight": entry(shape=(3, 2, -1))}, ONES), "has a shape or offsets that make no sense"),
        (file({"w.weight": entry(shape=(3, True))}, ONES), "has a shape or offsets that make no sense"),
        (file({"w.weight": entry(shape=(3, 2.0))}, ONES), "has a shape or offsets that make no sense"),
        (file({"w.weight": entry(shape=(1,) * 9)}, ONES), "has a shape or offsets that make no sense"),
        (file({"w.weight": entry(begin=-24, end=0)}, ONES), "has a shape or offsets that make no sense"),
        (file({"w.weight": entry(end=23)}, ONES), "member w.weight has 23 bytes, its shape (3, 2) of F32 wants 24"),
        (file({"w.weight": entry(begin=24, end=0)}, ONES), "has -24 bytes"),
        (file({"w.weight": entry(shape=(65536, 65536), end=1 << 34)}), "has a shape or offsets that make no sense"),
        (
            file({"w.weight": entry(shape=(65536, 8191), end=65536 * 8191 * 4)}, ONES),
            "its arrays have 2147221504 bytes",
        ),
        (file({"w.weight": entry()}, ONES + b"x"), "its arrays have 24 bytes, the file has 25 for them"),
        (file({"w.weight": entry()}, ONES[:-1]), "its arrays have 24 bytes, the file has 23 for them"),
        (
            file({"a.weight": entry(), "b.weight": entry(begin=20, end=44)}, 2 * ONES),
            "member b.weight overlaps the array before it: it begins at 20, not 24",
        ),
        (file({"a.weight": entry(), "b.weight": entry()}, ONES), "member b.weight overlaps the array before it"),
        (file({"w.weight": entry(begin=4, end=28)}, b"1234" + ONES), "member w.weight leaves a gap before it"),
        (
            file({"w.weight": entry(dtype="I32")}, ONES),
            "member w.weight (3, 2) holds I32; want one of F64, F32, F16, BF16",
        ),
        (file({"w.weight": entry()}, NANS), "holds a number that is not finite"),
        (file({"w.weight": entry(), "w.bias": entry((2, 3), 24, 48)}, 2 * ONES), "want (outputs,), a row or a column"),
        (file({"c.weight": entry((1, 1, 3, 2))}, ONES), "a convolution's? only dense layers"),
        (file({"w.weight": entry(), "w.running_mean": entry((), 24, 28)}, ONES + b"1234"), "a normalising layer"),
        (file({"w.weight": entry(), "activations": entry((), 24, 28)}, ONES + b"1234"), "holds F32, not names such as"),
        (file({"__metadata__": [], "w.weight": entry()}, ONES), "its metadata is no text"),
        (file({"__metadata__": {"a": 1}, "w.weight": entry()}, ONES), "its metadata is no text"),
        (
            file({"__metadata__": {"activations": "relu6"}, "w.weight": entry()}, ONES),
            "'relu6', which is no activation",
        ),
        (file({"__metadata__": {"activations": "[relu"}, "w.weight": entry()}, ONES), "member activations is no list"),
        (
            file({"__metadata__": {"activations": "[" * 5000}, "w.weight": entry()}, ONES),
            "member activations is no list",
        ),
        (file({"__metadata__": {"activations": "sin,sin"}, "w.weight": entry()}, ONES), "want one name"),
        (file({f"x{k}": entry((0,), 0, 0) for k in range(601)}), "it has 601 arrays, at most 600 are read"),
        (file({f"W{k}": entry((1, 1), 4 * k, 4 * k + 4) for k in range(300)}, ONES * 50), "there are 300 layers"),
        (file({"w.weight": entry((0, 2), 0, 0)}), "member w.weight has shape (0, 2)"),
    ],
)
def test_faults_are_named(tmp_path: Path, data: bytes, reason: str) -> None:
    (tmp_path / "a.safetensors").write_bytes(data)
    assert reason in failure(tmp_path / "a.safetensors")


def test_a_hundred_thousand_entries_and_large_claims_cost_nothing(tmp_path: Path) -> None:
    many = {f"layer{k}.weight": entry((1, 1), 4 * k, 4 * k + 4) for k in range(100_000)}
    (tmp_path / "many").write_bytes(file(many, bytes(400_000)))
    del many
    (tmp_path / "large").write_bytes(file({"w.weight": entry((65536, 8191), 0, 65536 * 8191 * 4)}, ONES))
    tracemalloc.start()
    assert "its header claims" in failure(tmp_path / "many")
    assert "its arrays have 2147221504 bytes" in failure(tmp_path / "large")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000
    with open(tmp_path / "long", "wb") as long:
        long.truncate(600_000_001)
    assert "at most 600000000 are read" in failure(tmp_path / "long")


def test_networks_that_could_not_be_read_are_not_written(tmp_path: Path) -> None:
    weights, biases, names = network(2, 5, 3)
    for parts, reason in (
        ((weights, biases, ["tanh", "relu6"]), "which is no activation"),
        ((weights, biases[:1], names), "2 weights, 1 biases"),
        (([weights[0], weights[1] * np.nan], biases, names), "not finite"),
        ((weights[::-1], biases[::-1], names), "W2 has shape"),
    ):
        with pytest.raises(ValueError, match=reason):
            write_weights(tmp_path / "a.safetensors", *parts)
    assert list(tmp_path.iterdir()) == []
