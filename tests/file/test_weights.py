"""Which format a file is of is told by how it begins; sixty files as programs make them are one network."""

import io
import itertools
import struct
import sys
import warnings
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import pytest
import safetensors.numpy
from onnx import TensorProto, helper, numpy_helper
from state_dict import archive, state_dict
from test_npz_forms import FORMS, Parts, numbered, parts, torch

from weightscape.file.weights import SUFFIXES, is_weights, read_weights, remarks, untold, without_suffix, write_weights
from weightscape.file.whole_file import FileError
from weightscape.network.network import Network

Array = npt.NDArray[Any]
POINTS = np.random.default_rng(1).normal(size=(9, 2))
MADE = parts(2, 8, 5, 3)
NAMES = ["relu", "tanh", "identity"]
TRUTH = Network(tuple(W for W, _ in MADE), tuple(b for _, b in MADE), tuple(NAMES))(POINTS)


def npz(form: Callable[[Parts], dict[str, Array]], save: Any = np.savez) -> bytes:
    data = io.BytesIO()
    save(data, **form(MADE), activations=np.array(NAMES))
    return data.getvalue()


def tensors(form: Callable[[Parts], dict[str, Array]], dtype: str = "<f8", **metadata: str) -> bytes:
    saved = {name: np.ascontiguousarray(a, dtype if a.dtype.kind == "f" else a.dtype) for name, a in form(MADE).items()}
    return safetensors.numpy.save(saved, {"activations": ",".join(NAMES), **metadata})


def dense(style: str, dtype: str = "<f8") -> bytes:
    """Make a graph as exporters do: of PyTorch, of Keras, of scikit-learn."""
    nodes, tables, h = [], {}, "x"
    for k, ((W, b), name) in enumerate(zip(MADE, NAMES, strict=True)):
        activation = {"relu": "Relu", "tanh": "Tanh", "identity": "Identity"}[name]
        if style == "PyTorch":
            tables |= {f"{k}.weight": W.T, f"{k}.bias": b}
            nodes.append(helper.make_node("Gemm", [h, f"{k}.weight", f"{k}.bias"], [f"z{k}"], transB=1))
        else:
            tables |= {f"coef{k}": W, f"bias{k}": b[None] if style == "scikit-learn" else b}
            nodes.append(helper.make_node("MatMul", [h, f"coef{k}"], [f"m{k}"]))
            sides = [f"bias{k}", f"m{k}"] if style == "Keras" else [f"m{k}", f"bias{k}"]
            nodes.append(helper.make_node("Add", sides, [f"z{k}"]))
        nodes.append(helper.make_node(activation, [f"z{k}"], [f"h{k}"]))
        h = f"h{k}"
    if style == "scikit-learn":
        nodes.insert(0, helper.make_node("Cast", ["x"], ["cast"], to=1 if dtype == "<f4" else 11))
        nodes[1].input[0] = "cast"
        tables["shape"] = np.array([-1, 3])
        nodes.append(helper.make_node("Reshape", [h, "shape"], ["reshaped"]))
        h = "reshaped"
    kind = TensorProto.FLOAT if dtype == "<f4" else TensorProto.DOUBLE
    initial = [
        numpy_helper.from_array(np.ascontiguousarray(a, dtype if a.dtype.kind == "f" else a.dtype), n)
        for n, a in tables.items()
    ]
    ends = [helper.make_tensor_value_info(name, kind, sides) for name, sides in (("x", ["n", 2]), (h, ["n", 3]))]
    model = helper.make_model(helper.make_graph(nodes, "g", ends[:1], ends[1:], initial))
    return bytes(model.SerializeToString())


# What safetensors and state dicts cannot hold: an archive's order, objects, words.
ARCHIVE_ALONE = {"with more", "Fortran order", "get_weights"}
NESTED = ("state_dict", "model_state_dict", "model")
FILES: dict[str, tuple[str, Callable[[], bytes], float]] = {
    **{f"npz, {name}": (".npz", lambda form=form: npz(form), 1e-12) for name, form in FORMS.items()},  # type: ignore[misc]
    "npz, compressed": (".npz", lambda: npz(numbered, np.savez_compressed), 1e-12),
    **{
        f"safetensors, {name}": (".safetensors", lambda form=form: tensors(form), 1e-12)  # type: ignore[misc]
        for name, form in FORMS.items()
        if name not in ARCHIVE_ALONE
    },
    "safetensors, F32": (".safetensors", lambda: tensors(numbered, "<f4", format="pt"), 1e-5),
    "safetensors, F16": (".safetensors", lambda: tensors(numbered, "<f2", format="np"), 2e-2),
    "safetensors, I64 beside": (
        ".safetensors",
        lambda: tensors(lambda made: {**torch(made, ["0", "2", "4"]), "4.steps": np.array([7])}),
        1e-12,
    ),
    **{
        f"onnx, {style}, {dtype}": (".onnx", lambda style=style, dtype=dtype: dense(style, dtype), 1e-5)  # type: ignore[misc]
        for style, dtype in itertools.product(("PyTorch", "Keras", "scikit-learn"), ("<f8", "<f4"))
    },
    **{
        f"state dict, {name}": (".pt", lambda form=form: state_dict({**form(MADE), "activations": NAMES}), 1e-12)  # type: ignore[misc]
        for name, form in FORMS.items()
        if name in ("Sequential", "Sequential itself", "fc1", "kwargs", "in words", "columns")
    },
    **{
        f"checkpoint, {name}": (
            ".pth",
            lambda name=name: state_dict(  # type: ignore[misc]
                {name: torch(MADE, ["module.0", "module.2", "module.4"]), "epoch": 3, "activations": NAMES}
            ),
            1e-12,
        )
        for name in NESTED
    },
}


def test_there_are_sixty_files() -> None:
    assert len(FILES) >= 60
    assert {suffix for suffix, _, _ in FILES.values()} == set(SUFFIXES)


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[pytest.mark.heavy] * (each[0] in (".pt", ".pth"))) for name, each in FILES.items()],
)
def test_a_file_as_programs_make_it_is_the_network(tmp_path: Path, name: str) -> None:
    suffix, make, tolerance = FILES[name]
    for path in (tmp_path / f"net{suffix}", tmp_path / "net"):  # also without a name that tells it
        path.write_bytes(make())
        assert is_weights(path)
        weights, biases, names = read_weights(path)
        assert names == NAMES
        assert all("passed over: class_weights" in said for said in remarks(path))
        assert len(remarks(path)) == name.endswith("with more")
        assert untold(path) == ()
        found = Network(tuple(weights), tuple(biases), tuple(names))(POINTS)
        assert np.abs(found - TRUTH).max() <= tolerance * np.abs(TRUTH).max()


def failure(path: Path) -> str:
    with pytest.raises(FileError) as caught:
        read_weights(path)
    text = str(caught.value)
    assert "\n" not in text
    assert str(path) in text
    assert len(text) < 600
    return text


KERAS = "make an ONNX of it, which is read: keras.saving.load_model("


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("net.keras", archive({"model.weights.h5": b"x", "config.json": b"{}"}), KERAS),
        ("net", archive({"model.weights.h5": b"x"}), KERAS),
        ("net.h5", b"\x89HDF\r\n\x1a\n" + bytes(99), '.export("net.onnx", format="onnx")'),
        ("net", b"\x89HDF\r\n\x1a\n" + bytes(99), KERAS),
        ("net.h5", b"cut", KERAS),
        ("net.pt", b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19." + bytes(9), "it is PyTorch's of before 1.6, one pickle"),
        ("net.pkl", b"\x80\x04K\x01.", "it is a pickle, which is never read"),
        ("net.pt", b"cut", "it is not a .pt file"),
        ("net.onnx", b"cut", "it is no ONNX file"),
        ("net.safetensors", b"ab", "it ends within its header"),
        ("net.safetensors", struct.pack("<Q", 1 << 60) + b"{}", "its header claims"),
        ("net.npz", b"cut", "it is not a .npz file"),
        ("net", b"", "it is not a .npz file"),
    ],
)
def test_what_is_not_read_is_told_what_to_do(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    (tmp_path / name).write_bytes(data)
    assert reason in failure(tmp_path / name)
    assert failure(tmp_path).endswith("it is a folder")
    assert failure(tmp_path / "none.onnx").endswith("it does not exist")


def test_pictures_and_scenes_are_no_weights(tmp_path: Path) -> None:
    for name, data in (
        ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(50)),
        ("a.json", b'{"scene":{"seed":5}}' + b" " * 50),
        ("a.json", b'{"scen": {"seed":5}}'),
        ("a.mp4", b"\0\0\0\x20ftypisom" + bytes(50)),
        ("a.tif", b"II*\0\x08\0\0\0{" + bytes(50)),
        ("a", b"\x08\x09\x0a"),
        ("a", b""),
    ):
        (tmp_path / name).write_bytes(data)
        assert not is_weights(tmp_path / name), (name, data)


@pytest.mark.parametrize("suffix", [".npz", ".safetensors"])
@pytest.mark.parametrize(("dtype", "tolerance"), [("<f8", 0.0), ("<f4", 2.0**-24)])
def test_what_goes_out_comes_back(tmp_path: Path, suffix: str, dtype: str, tolerance: float) -> None:
    path = tmp_path / f"net{suffix}"
    write_weights(path, suffix, [W for W, _ in MADE], [b for _, b in MADE], NAMES, dtype)
    weights, biases, names = read_weights(path)
    assert names == NAMES
    for (W, b), mine, own in zip(MADE, weights, biases, strict=True):
        assert (np.abs(mine - W) <= tolerance * np.abs(W)).all()
        assert (np.abs(own - b) <= tolerance * np.abs(b)).all()
    write_weights(tmp_path / "again", suffix, [W for W, _ in MADE], [b for _, b in MADE], NAMES, dtype)
    assert path.read_bytes() == (tmp_path / "again").read_bytes()


def test_safetensors_are_known_whatever_the_length_of_their_header(tmp_path: Path) -> None:
    path = tmp_path / "net"
    whole = tensors(lambda made: torch(made, ["0", "2", "4"]))
    length = int.from_bytes(whole[:8], "little")
    for more in range(256):  # the first byte of the length takes every value, those of a pickle and of ONNX among them
        header = whole[8 : 8 + length] + b" " * more
        path.write_bytes(struct.pack("<Q", len(header)) + header + whole[8 + length :])
        assert is_weights(path)
        assert all(map(np.array_equal, read_weights(path)[0], [W for W, _ in MADE])), more


@pytest.mark.parametrize("length", [0x0280, 0x0380, 0x0480, 0x0580, 128])
def test_safetensors_that_are_cut_off_are_no_pickle(tmp_path: Path, length: int) -> None:
    (tmp_path / "net.safetensors").write_bytes(struct.pack("<Q", length) + b'{"a":')
    assert "it ends within its header" in failure(tmp_path / "net.safetensors")


@pytest.mark.parametrize("fields", [{"producer_version": "1.2"}, {"model_version": 7}, {"doc_string": "a net"}])
def test_a_graph_is_known_by_how_it_begins_whoever_made_it(tmp_path: Path, fields: dict[str, Any]) -> None:
    made = onnx.load_model_from_string(dense("PyTorch"))
    made.producer_name = ""
    for name, value in fields.items():
        setattr(made, name, value)
    (tmp_path / "net").write_bytes(made.SerializeToString())
    assert read_weights(tmp_path / "net")[2] == NAMES


def test_suffixes_are_left_out_of_names() -> None:
    names = ["a.npz", "a.safetensors", "a.onnx", "a.pt", "a.pth", "a.b.pt"]
    assert list(map(without_suffix, names)) == ["a"] * 5 + ["a.b"]
    assert without_suffix("a.png") == "a.png"
    assert without_suffix("npz") == "npz"


PYTORCH = {
    "relu": "ReLU",
    "tanh": "Tanh",
    "sigmoid": "Sigmoid",
    "silu": "SiLU",
    "gelu": "GELU",
    "elu": "ELU",
    "identity": "Identity",
}


@pytest.mark.heavy
@pytest.mark.parametrize("hidden", ["relu", "tanh", "silu", "gelu", "elu"])
def test_pytorch_computes_what_was_exported(tmp_path: Path, hidden: str) -> None:
    library = import_module("torch")
    load = import_module("safetensors.torch").load_file
    nn = library.nn
    names = [hidden, hidden, "sigmoid"]
    network = Network(tuple(W for W, _ in MADE), tuple(b for _, b in MADE), tuple(names))
    model = nn.Sequential()
    for (W, _), name in zip(MADE, names, strict=True):
        model.extend([nn.Linear(*W.shape), getattr(nn, PYTORCH[name])()])
    model.double()
    for suffix in (".npz", ".safetensors"):
        path = tmp_path / f"net{suffix}"
        write_weights(path, suffix, network.weights, network.biases, names)
        if suffix == ".safetensors":
            model.load_state_dict(load(path))
        else:
            with np.load(path) as saved:
                for k, layer in enumerate(model[::2], 1):
                    layer.weight.data = library.tensor(saved[f"W{k}"].T)
                    layer.bias.data = library.tensor(saved[f"b{k}"])
        with library.no_grad():
            found = model(library.tensor(POINTS)).numpy()
        assert np.abs(found - network(POINTS)).max() < 1e-9
    assert "torch" in sys.modules


@pytest.mark.heavy
def test_graphs_of_pytorchs_exporter_are_read(tmp_path: Path) -> None:
    library = import_module("torch")
    nn = library.nn
    for activation in (
        nn.Tanh(),
        nn.GELU(),
        nn.Sigmoid(),
        nn.SiLU(),
        nn.Softsign(),
        nn.ELU(),
        nn.LeakyReLU(),
        nn.Softplus(),
    ):
        model = nn.Sequential(nn.Linear(2, 8), activation, nn.Linear(8, 3), nn.Softmax(-1)).double()
        points = library.tensor(POINTS)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            library.onnx.export(model, (points,), tmp_path / "a.onnx", external_data=False, verbose=False)
        weights, biases, names = read_weights(tmp_path / "a.onnx")
        found = Network(tuple(weights), tuple(biases), tuple(names))(POINTS)
        assert np.abs(found - model(points).detach().numpy()).max() < 1e-9
