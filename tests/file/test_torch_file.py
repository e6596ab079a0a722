"""State dicts of PyTorch are read by PyTorch alone, and nothing else that a pickle may hold is."""

import os
import pickle
import struct
import sys
import zipfile
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from state_dict import archive, state_dict

from weightscape.file.torch_file import read_weights, remarks, untold
from weightscape.file.whole_file import FileError

RNG = np.random.default_rng(6)
NET = {
    "0.weight": RNG.normal(size=(8, 2)),
    "0.bias": RNG.normal(size=8),
    "2.weight": RNG.normal(size=(3, 8)),
    "2.bias": RNG.normal(size=3),
}


def saved(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def failure(path: Path) -> str:
    with pytest.raises(FileError) as caught:
        read_weights(path)
    text = str(caught.value)
    assert "\n" not in text
    assert str(path) in text
    assert len(text) < 600
    return text


@pytest.mark.heavy
def test_a_state_dict_is_read(tmp_path: Path) -> None:
    for number, data in enumerate(
        (
            NET,
            {"state_dict": NET, "epoch": 7, "optimizer": {"lr": 3}},
            {"epoch": 7, "model_state_dict": {f"module.{name}": array for name, array in NET.items()}},
            {**NET, "2.steps": np.array(7, np.int64)},
            {"my_net": NET, "epoch": 7, "optimizer": {"lr": 3}},
        )
    ):
        path = saved(tmp_path / f"{number}.pt", state_dict(data))
        weights, biases, names = read_weights(path)
        assert [np.array_equal(W, NET[f"{2 * k}.weight"].T) for k, W in enumerate(weights)] == [True, True]
        assert [np.array_equal(b, NET[f"{2 * k}.bias"]) for k, b in enumerate(biases)] == [True, True]
        assert names == ["tanh", "sigmoid"]
        assert (remarks(path), untold(path)) == ((), ("activation", "output_activation"))


@pytest.mark.heavy
def test_layers_in_another_order_and_what_is_beside_them_are_told(tmp_path: Path) -> None:
    state = {
        "hidden.weight": RNG.normal(size=(5, 8)),
        "inp.weight": NET["0.weight"],
        "out.weight": RNG.normal(size=(3, 5)),
    }
    path = saved(tmp_path / "a.pt", state_dict({"my_net": state, "mean": np.zeros(2)}))
    assert [W.shape for W in read_weights(path)[0]] == [(2, 8), (8, 5), (5, 3)]
    said = " ".join(remarks(path))
    assert "by their shapes the layers come in the order inp.weight, hidden.weight, out.weight" in said
    assert "passed over: mean (2,)" in said


@pytest.mark.heavy
@pytest.mark.parametrize("dtype", ["<f8", "<f4", "<f2"])
def test_numbers_of_every_precision_and_names_of_activations_are_read(tmp_path: Path, dtype: str) -> None:
    net = {name: array.astype(dtype) for name, array in NET.items()}
    path = saved(tmp_path / "a.pth", state_dict({"model": net, "activations": ["ReLU", "Softmax(dim=1)"]}))
    weights, _, names = read_weights(path)
    assert names == ["relu", "softmax"]
    assert np.array_equal(weights[0], net["0.weight"].T.astype(float))
    assert remarks(path) == untold(path) == ()


@pytest.mark.heavy
def test_pytorchs_own_files_are_read(tmp_path: Path) -> None:
    torch = import_module("torch")
    nn = torch.nn
    model = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 3, bias=False)).double()
    points = torch.randn(9, 2, dtype=torch.float64)
    torch.save({"state_dict": model.state_dict(), "activations": ["tanh", "identity"]}, tmp_path / "a.pt")
    weights, biases, _ = read_weights(tmp_path / "a.pt")
    found = np.tanh(points.numpy() @ weights[0] + biases[0]) @ weights[1] + biases[1]
    assert np.abs(found - model(points).detach().numpy()).max() < 1e-9
    torch.save(nn.Sequential(nn.Linear(2, 3)).bfloat16().state_dict(), tmp_path / "b.pt")
    assert read_weights(tmp_path / "b.pt")[0][0].shape == (2, 3)

    torch.save(model, tmp_path / "c.pt")
    assert "it holds torch.nn.modules.container.Sequential, a pickled object, never read" in failure(tmp_path / "c.pt")
    torch.save(torch.ones(3), tmp_path / "d.pt")
    assert "it holds one Tensor, no state dict; save its weights alone" in failure(tmp_path / "d.pt")
    torch.save(nn.Sequential(nn.Linear(2, 3), nn.LayerNorm(3)).state_dict(), tmp_path / "e.pt")
    assert "or, is it a LayerNorm's: it scales each point by" in failure(tmp_path / "e.pt")
    torch.save(nn.Sequential(nn.Conv2d(1, 3, 3)).state_dict(), tmp_path / "f.pt")
    assert "a convolution's? only dense layers" in failure(tmp_path / "f.pt")
    torch.save({"0.weight": torch.ones(3, 2, dtype=torch.complex64)}, tmp_path / "g.pt")
    assert "torch.ComplexFloatStorage" in failure(tmp_path / "g.pt")
    torch.save({"0.weight": torch.ones(1, 1).expand(1 << 20, 1 << 20)}, tmp_path / "h.pt")
    assert "0.weight has shape (1048576, 1048576); at most 4096 inputs" in failure(tmp_path / "h.pt")


class Hostile:
    """Run code where it is unpickled."""

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return os.mkdir, ("ran",)


CALL = b"\x80\x02cposix\nsystem\n(X\x04\x00\x00\x00truetR."
STACKED = b"\x80\x04\x8c\x05posix\x8c\x06system\x93\x8c\x04true\x85R."


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (archive({"data.pkl": CALL}), "it holds posix.system, a pickled object, never read; save its weights alone"),
        (archive({"data.pkl": STACKED}), "it holds an.opcode.STACK_GLOBAL, a pickled object"),
        (archive({"data.pkl": pickle.dumps(Hostile(), 2)}), "it holds posix.mkdir, a pickled object"),
        (archive({"data.pkl": pickle.dumps(Hostile(), 4)}), "STACK_GLOBAL"),
        (archive({"data.pkl": b"\x80\x02c__builtin__\neval\n."}), "it holds __builtin__.eval"),
        (archive({"data.pkl": b"\x80\x02iposix\nsystem\n."}), "it holds posix.system"),
        (archive({"data.pkl": b"\x80\x02\x82\x01."}), "an.opcode.EXT1"),
        (archive({"data.pkl": b"\x80\x02c\xff\n\xff\n."}), "the .pt is damaged"),
        (archive({"data.pkl": b"}." + bytes(1 << 19)}), "it has no data.pkl of at most 524288 bytes"),
        (archive({"other.pkl": b"}."}), "it has no data.pkl"),
        (archive({"code/net.py": b"", "data.pkl": b"}."}), "it is TorchScript, a program; save its weights alone"),
        (archive({"constants.pkl": b"", "data.pkl": b"}."}), "it is TorchScript"),
        (state_dict(NET, zipfile.ZIP_DEFLATED), "its members are packed, as PyTorch packs none"),
        (archive({f"data/{k}": b"" for k in range(2500)}), "the .pt has more than 2400 members"),
        (b"not a zip", "it is not a .pt file, or it is truncated"),
        (state_dict(NET)[:-1], "it is not a .pt file, or it is truncated"),
    ],
)
def test_what_is_no_state_dict_is_refused_before_pytorch_is_loaded(
    tmp_path: Path, data: bytes, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    monkeypatch.chdir(tmp_path)
    assert reason in failure(saved(tmp_path / "a.pt", data))
    assert not (tmp_path / "ran").exists()


def test_a_64_bit_end_of_the_archive_is_held_to_the_limits(tmp_path: Path) -> None:
    whole = state_dict(NET)
    place = whole.rindex(b"PK\5\6")
    members, directory, begin = struct.unpack("<HII", whole[place + 10 : place + 20])
    large = b"PK\6\6" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, members, members, directory, begin)
    locator = b"PK\6\7" + struct.pack("<IQI", 0, place, 1)
    path = saved(tmp_path / "a.pt", whole[:place] + large + locator + whole[place:])
    with zipfile.ZipFile(path) as file:
        assert len(file.namelist()) == members
    many = large[:32] + struct.pack("<Q", 1 << 40) + large[40:]
    assert "more than 2400 members" in failure(saved(path, whole[:place] + many + locator + whole[place:]))
    wrong = locator[:8] + struct.pack("<Q", 7) + locator[16:]
    assert "its end is in another place than it says" in failure(
        saved(path, whole[:place] + large + wrong + whole[place:])
    )


def test_without_pytorch_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    said = failure(saved(tmp_path / "a.pt", state_dict(NET)))
    assert "that takes PyTorch: pip install torch; or, where it was made, safetensors.torch.save_file(model" in said


@pytest.mark.heavy
@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (state_dict({"epoch": 3}), "it holds no tensors by name"),
        (state_dict({"gen": NET, "disc": NET}), "it holds 2 state dicts, gen, disc; save one alone: torch.save("),
        (archive({"data.pkl": b"\x80\x02j\xff\xff\xff\x7f."}), "PyTorch does not read it: damaged ("),
        (archive({"data.pkl": b"\x80\x02]."}), "it holds one list, no state dict"),
        (state_dict({"0.weight": np.full((3, 2), np.nan)}), "not finite"),
        (state_dict({**NET, "activations": 3}), "member activations is no list of names"),
        (state_dict({**NET, "activations": ["relu6", "x"]}), "'relu6', which is no activation"),
        (state_dict({"0.weight": np.ones((8, 2)), "1.weight": np.ones((3, 7))}), "want (outputs, 8)"),
        (state_dict(NET).replace(b"0.weight", b"x.\xff\xffight"), "damaged"),
        (archive({"data.pkl": b"\x80\x02Q."}), "PyTorch does not read it"),
        (archive({"data.pkl": b"\x80\x02(ctorch\nFloatStorage\nJ\xff\xff\xff\x7f\x85R."}), "it holds one"),
    ],
)
def test_a_state_dict_of_no_network_is_refused(tmp_path: Path, data: bytes, reason: str) -> None:
    said = failure(saved(tmp_path / "a.pt", data))
    assert reason in said or "PyTorch does not read it" in said
