"""Weights files as people have them: what names and shapes leave no doubt about is read, the rest gets a cure."""

import itertools
import random
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from test_npz import failure

from weightscape.cli import cli
from weightscape.file.npz import read_weights, remarks, untold, write_weights
from weightscape.file.whole_file import FileError
from weightscape.network.activation import ACTIVATIONS
from weightscape.network.network import Network
from weightscape.picture.network_memory import remarks as remarks_on_scene
from weightscape.scene.scene import Scene

Array = npt.NDArray[Any]
Parts = list[tuple[Array, Array]]
Saved = dict[str, Array]
MORE = "passed over: class_weights (3,), gamma (), name (), dW1 {}, ..."
POINTS = np.random.default_rng(1).normal(size=(9, 2))


def parts(*widths: int, seed: int = 5) -> Parts:
    rng = np.random.default_rng(seed)
    return [(rng.normal(size=pair), rng.normal(size=pair[1])) for pair in itertools.pairwise(widths)]


def truth(made: Parts, names: list[str]) -> Array:
    """The network's outputs by its definition alone."""
    h = POINTS
    for (W, b), name in zip(made, names, strict=True):
        z = h @ W + b
        e = np.exp(z - z.max(-1, keepdims=True)) if name == "softmax" else z
        h = e / e.sum(-1, keepdims=True) if name == "softmax" else ACTIVATIONS[name].function(z)
    return h


def loaded(path: Path) -> Network:
    weights, biases, names = read_weights(path)
    return Network(tuple(weights), tuple(biases), tuple(names))


def numbered(made: Parts, w: str = "W{}", b: str = "b{}", start: int = 1) -> Saved:
    return {name.format(k): a for k, pair in enumerate(made, start) for name, a in zip((w, b), pair, strict=True)}


def torch(made: Parts, names: list[str]) -> Saved:
    saved: Saved = {}
    for name, (W, b) in zip(names, made, strict=True):
        saved |= {f"{name}.weight": W.T, f"{name}.bias": b}
    return saved


def apart(made: Parts, w: int, b: int) -> Saved:
    """Count weights and biases from two numbers."""
    weights = {f"W{k}": W for k, (W, _) in enumerate(made, w)}
    return weights | {f"b{k}": bias for k, (_, bias) in enumerate(made, b)}


def columns(made: Parts) -> Saved:
    return {name: a.T if name[0] == "W" else a[:, None] for name, a in numbered(made).items()}


FORMS: dict[str, Callable[[Parts], Saved]] = {
    "as written": numbered,
    "from 0": lambda made: numbered(made, start=0),
    "from 0, biases from 1": lambda made: apart(made, 0, 1),
    "from 1, biases from 0": lambda made: apart(made, 1, 0),
    "lower case": lambda made: numbered(made, "w{}", "b{}"),
    "underscore": lambda made: numbered(made, "W_{}", "b_{}"),
    "padded": lambda made: numbered(made, "W0{}", "b0{}"),
    "words": lambda made: numbered(made, "weights{}", "biases{}"),
    "scikit-learn": lambda made: numbered(made, "coefs_{}", "intercepts_{}", 0),
    "Grokking Deep Learning": lambda made: {
        **{f"weights_{k}_{k + 1}": W for k, (W, _) in enumerate(made)},
        **{f"bias_{k + 1}": b for k, (_, b) in enumerate(made)},
    },
    "rows": lambda made: {name: a if name[0] == "W" else a[None] for name, a in numbered(made).items()},
    "columns": columns,
    "columns beside (inputs, outputs)": lambda made: {
        name: a if name[0] == "W" else a[:, None] for name, a in numbered(made).items()
    },
    "Sequential": lambda made: torch(made, [f"net.{2 * k}" for k in range(len(made))]),
    "Sequential itself": lambda made: torch(made, [f"{2 * k}" for k in range(len(made))]),
    "fc1": lambda made: torch(made, [f"fc{k}" for k in range(1, len(made) + 1)]),
    "kwargs": lambda made: {
        name.replace(".", "_"): a for name, a in torch(made, [f"fc{k}" for k in range(len(made))]).items()
    },
    "in words": lambda made: torch(made, [*("first", "second", "third", "fourth", "fifth")[: len(made) - 1], "out"]),
    "Keras": lambda made: numbered(made, "dense_{}/kernel:0", "dense_{}/bias:0"),
    "Flax": lambda made: numbered(made, "params/Dense_{}/kernel", "params/Dense_{}/bias", 0),
    "get_weights": lambda made: {f"arr_{k}": a for k, a in enumerate(itertools.chain(*made))},
    "Haiku": lambda made: numbered(made, "mlp/linear_{}/w", "mlp/linear_{}/b", 0),
    "with more": lambda made: {
        "epoch": np.array(7),
        "loss": np.zeros(50),
        "class_weights": np.ones(3),
        "gamma": np.array(0.9),
        "name": np.array("x"),
        **numbered(made),
        "history": np.array({"a": 1}),
        "dW1": made[0][0],
        "empty": np.zeros(0),
    },
    "Fortran order": lambda made: {name: np.asfortranarray(a) for name, a in numbered(made).items()},
}


@pytest.mark.parametrize("widths", [(2, 8, 3), (2, 8, 8, 1), (2, 5, 4, 4, 2)])
@pytest.mark.parametrize("form", FORMS)
def test_a_form_that_leaves_no_doubt_is_read(tmp_path: Path, form: str, widths: tuple[int, ...]) -> None:
    made, names = parts(*widths), ["relu"] * (len(widths) - 2) + ["identity"]
    np.savez(tmp_path / "a.npz", **FORMS[form](made), activations=np.array(names))
    assert np.allclose(loaded(tmp_path / "a.npz")(POINTS), truth(made, names), rtol=1e-12)
    said = [f"{tmp_path / 'a.npz'}: {MORE.format(made[0][0].shape)}"] if form == "with more" else []
    assert list(remarks(tmp_path / "a.npz")) == said


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"mean": np.zeros(2), "std": np.ones(2)}, "passed over: mean (2,), std (2,)"),
        ({"net.0.lora_A": np.ones((4, 2))}, "passed over: net.0.lora_A (4, 2)"),
        ({"w0": np.array(30.0)}, "passed over: w0 ()"),
        ({"w0": np.full(1, 30.0)}, "passed over: w0 (1,)"),
        (
            {"B": np.ones((1, 1))},
            "passed over: B (1, 1); B holds the frequencies of Fourier features? In Python, Network.",
        ),
        ({"net.1.num_batches_tracked": np.array(3), "optimizer/0/m": np.ones(3), "epoch": np.array(1)}, ""),
        ({"opt.exp_avg": np.ones(3), "loss": np.ones(3), "val_loss": np.ones(3), "adam/v": np.ones(2)}, ""),
    ],
)
def test_what_is_passed_over_is_told_but_for_what_trains(tmp_path: Path, more: Saved, said: str) -> None:
    path = tmp_path / "a.npz"
    np.savez(path, **torch(parts(2, 4, 3), ["net.0", "net.2"]), **more, activations=["sin", "sin"])
    found = remarks(path)
    assert len(found) == bool(said)
    assert all(each.startswith(f"{path}: {said}") for each in found), found
    assert read_weights(path)[0][0].shape == (2, 4)


def test_frequencies_are_told_with_how_they_lie(tmp_path: Path) -> None:
    path, net = tmp_path / "a.npz", torch(parts(64, 5, 3), ["net.0", "net.2"])
    for B, lies in ((np.ones((32, 2)), "B"), (np.ones((2, 32)), "B.T")):
        np.savez(path, **net, frequencies=B, activations=["sin", "sin"])
        assert f"frequencies {B.shape}; frequencies holds" in remarks(path)[0]
        assert f"after_fourier({lies}) puts" in remarks(path)[0]


def test_layers_that_stand_in_another_order_are_put_in_that_of_their_shapes(tmp_path: Path) -> None:
    first, second, third = made = parts(2, 8, 5, 3)
    path = tmp_path / "a.npz"
    np.savez(path, **torch([second, first, third], ["hidden", "inp", "out"]), activations=["relu", "relu", "identity"])
    assert np.allclose(loaded(path)(POINTS), truth(made, ["relu", "relu", "identity"]), rtol=1e-12)
    order = "by their shapes the layers come in the order inp.weight, hidden.weight, out.weight"
    assert remarks(path) == (f"{path}: {order}",)
    np.savez(path, **torch([parts(8, 8)[0], first, parts(8, 8)[0]], ["hidden", "inp", "out"]))
    with pytest.raises(FileError, match=r"member inp.weight has shape \(8, 2\); want \(outputs, 8\)"):
        read_weights(path)  # two orders fit, so that the file's own is told


@pytest.mark.parametrize("ending", ["/value", ".value", "/raw_value"])
def test_names_of_flax_nnx_are_those_of_its_layers(tmp_path: Path, ending: str) -> None:
    made = parts(2, 8, 3)
    np.savez(
        tmp_path / "a.npz",
        **numbered(made, f"Dense_{{}}/kernel{ending}", f"Dense_{{}}/bias{ending}"),
        activations="sin",
    )
    assert np.allclose(loaded(tmp_path / "a.npz")(POINTS), truth(made, ["sin", "sigmoid"]))


@pytest.mark.parametrize("dtype", ["<f2", ">f4", ">f8", "<i8", ">i2", "i1", "u1", "<u8", "?"])
def test_every_real_number_is_read(tmp_path: Path, dtype: str) -> None:
    made = [(np.round(3 * abs(W)).astype(dtype), np.round(3 * abs(b)).astype(dtype)) for W, b in parts(2, 4, 3)]
    np.savez(tmp_path / "a.npz", **numbered(made))
    assert np.allclose(loaded(tmp_path / "a.npz")(POINTS), truth(made, ["tanh", "sigmoid"]))


def test_biases_that_are_missing_are_0_and_that_is_said(tmp_path: Path) -> None:
    made = [(W, 0 * b) for W, b in parts(2, 5, 3)]
    np.savez(tmp_path / "a.npz", W1=made[0][0], W2=made[1][0], activations=["sin", "sin"])
    assert np.allclose(loaded(tmp_path / "a.npz")(POINTS), truth(made, ["sin", "sin"]))
    assert remarks(tmp_path / "a.npz") == (f"{tmp_path / 'a.npz'}: no biases beside the weights: they are 0",)

    np.savez(tmp_path / "a.npz", W1=made[0][0], W2=made[1][0], b2=made[1][1], activations=["sin", "sin"])
    assert remarks(tmp_path / "a.npz") == (f"{tmp_path / 'a.npz'}: no biases beside W1: they are 0",)


def test_one_output_has_a_bias_that_is_a_number(tmp_path: Path) -> None:
    made = parts(2, 5, 1)
    for last in ({}, {"W2": made[1][0][:, 0]}):
        np.savez(tmp_path / "a.npz", **numbered(made) | {"b2": made[1][1][0]} | last)
        assert np.allclose(loaded(tmp_path / "a.npz")(POINTS), truth(made, ["tanh", "sigmoid"]))


def test_one_input_has_weights_in_a_row(tmp_path: Path) -> None:
    made = parts(1, 4, 3)
    for columns in (False, True):
        turned = {"b1": made[0][1][:, None], "W2": made[1][0].T, "b2": made[1][1][:, None]} if columns else {}
        np.savez(tmp_path / "a.npz", **numbered(made) | {"W1": made[0][0][0]} | turned)
        assert np.allclose(loaded(tmp_path / "a.npz").weights[0], made[0][0])
        assert np.allclose(loaded(tmp_path / "a.npz").weights[1], made[1][0])


@pytest.mark.slow
def test_layers_are_counted_and_not_spelt(tmp_path: Path) -> None:
    made = parts(2, *[3] * 11, 3)
    saved = torch(made, [f"fc{k}" for k in range(1, 13)])
    np.savez(tmp_path / "a.npz", **dict(sorted(saved.items())))  # fc1, fc10, fc11, fc12, fc2 ...
    assert np.allclose(loaded(tmp_path / "a.npz")(POINTS), truth(made, ["tanh"] * 11 + ["sigmoid"]))

    saved = torch(made, [*(f"body.{k}" for k in range(11)), "head"])
    np.savez(tmp_path / "a.npz", **saved)
    assert np.allclose(loaded(tmp_path / "a.npz")(POINTS), truth(made, ["tanh"] * 11 + ["sigmoid"]))

    made = parts(2, 3, 3, 3, 3)
    np.savez(tmp_path / "a.npz", **torch(made, ["up1", "down1", "up2", "down2"]))
    assert np.allclose(loaded(tmp_path / "a.npz")(POINTS), truth(made, ["tanh"] * 3 + ["sigmoid"]))
    np.savez(tmp_path / "a.npz", **torch(made, ["up2", "down1", "up1", "down2"]))
    assert "members up2 and up1 stand in another order than their numbers" in failure(tmp_path / "a.npz")


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ({"activations": ["ReLU", "linear"]}, ["relu", "identity"]),
        ({"activations": [b"relu", b"softmax"]}, ["relu", "softmax"]),
        ({"activations": [["relu"], ["Softmax(dim=1)"]]}, ["relu", "softmax"]),
        ({"Activations": ["nn.ReLU()", "Sigmoid()"]}, ["relu", "sigmoid"]),
        ({"activations": "relu"}, ["relu", "sigmoid"]),
        ({"activation": "relu", "output_activation": "none"}, ["relu", "identity"]),
        ({"activations": ["relu"], "output_activation": "softmax"}, ["relu", "softmax"]),
        ({"output_activation": "softmax"}, ["tanh", "softmax"]),
        ({}, ["tanh", "sigmoid"]),
    ],
)
def test_activations_may_be_named_in_many_ways(tmp_path: Path, given: dict[str, Any], names: list[str]) -> None:
    made = parts(2, 5, 3)
    np.savez(tmp_path / "a.npz", **numbered(made), **given)
    assert read_weights(tmp_path / "a.npz")[2] == names
    assert np.allclose(loaded(tmp_path / "a.npz")(POINTS), truth(made, names))


@pytest.mark.parametrize(
    ("given", "open_", "said"),
    [
        (
            {},
            ("activation", "output_activation"),
            "no member 'activations': hidden layers are tanh, the last layer is sigmoid; others by --activation,"
            " --output-activation (softmax: in the file alone)",
        ),
        (
            {"activations": "relu"},
            ("output_activation",),
            "no member 'output_activation': the last layer is sigmoid; others by --output-activation"
            " (softmax: in the file alone)",
        ),
        (
            {"output_activation": "relu"},
            ("activation",),
            "no member 'activations': hidden layers are tanh; others by --activation (softmax: in the file alone)",
        ),
        ({"activations": ["relu", "relu"]}, (), ""),
    ],
)
def test_what_a_file_leaves_open_is_said_and_what_tells_it(
    tmp_path: Path, given: dict[str, Any], open_: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.npz"
    np.savez(path, **numbered(parts(2, 5, 3)), **given)
    assert untold(path) == open_
    render = ["render", "--weights", str(path), "--size", "8x8", "--engine", "numpy", "-o", f"{path}.png"]

    def told() -> list[str]:
        lines = [line for line in capsys.readouterr().err.splitlines() if line.startswith("weightscape: ")]
        return [line for line in lines if "no member" in line]

    assert cli.run(render) == 0
    assert told() == ([f"weightscape: {path}: {said}"] if said else [])
    # Whoever has said it hears of it no more.
    options = {"activation": ["--activation", "relu"], "output_activation": ["--output-activation", "identity"]}
    assert cli.run([*render, *(word for name in open_ for word in options[name])]) == 0
    assert told() == []
    assert (
        cli.run(["render", "--scene", f"{path}.png", "--size", "4x4", "--engine", "numpy", "-o", f"{path}.2.png"]) == 0
    )
    assert told() == []


def test_missing_biases_are_said(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    np.savez(path, W1=np.eye(2), activations="relu")
    assert (
        remarks_on_scene(Scene(weights=str(path)))
        == remarks(path)
        == (f"{path}: no biases beside the weights: they are 0",)
    )
    assert remarks_on_scene(Scene()) == remarks_on_scene(Scene(weights="digits-relu")) == ()


def swapped(made: Parts, *layers: int) -> Saved:
    return {name: a.T if name in {f"W{k}" for k in layers} else a for name, a in numbered(made).items()}


ABOUT = np.zeros((3, 3))


@pytest.mark.parametrize(
    ("saved", "reason"),
    [
        (
            swapped(parts(2, 8, 3), 1, 2),
            "member b1 has shape (8,); want (2,), as W1 (8, 2) has 2 outputs: W1 seems to be "
            "(outputs, inputs): save W1.T, and the others likewise",
        ),
        (
            swapped(parts(2, 8, 3), 2),
            "member W2 has shape (3, 8); want (8, outputs), as W1 (2, 8) has 8 outputs: W2 seems "
            "to be (outputs, inputs): save W2.T",
        ),
        (
            {"W1": np.zeros((8, 2)), "W2": np.zeros((3, 8))},
            "W1 seems to be (outputs, inputs): save W1.T, and the others",
        ),
        ({"fc.weight": np.zeros((2, 8)), "fc.bias": np.zeros(8)}, "fc.weight seems to be (inputs, outputs): save fc.w"),
        ({"W1": ABOUT, "b1": np.zeros((3, 1))}, "members W1 (3, 3) and so on may lie either way round beside columns"),
        ({"c.weight": np.zeros((4, 3, 3, 3))}, "c.weight has shape (4, 3, 3, 3): a convolution's? only dense layers"),
        (
            {"a.weight": ABOUT, "n.weight": np.zeros(3), "n.bias": np.zeros(3)},
            "n.weight has shape (3,), and is no matrix; save n.weight.reshape(inputs, outputs), or, is it a Layer",
        ),
        ({"W1": np.zeros(3)}, "member W1 has shape (3,), and is no matrix; save W1.reshape(inputs, outputs)"),
        (
            {"W1": ABOUT, "W2": np.zeros(3), "b2": np.zeros(3)},
            "member W2 has shape (3,); want (3, outputs), as W1 (3, 3)",
        ),
        ({"a.weight": ABOUT, "n.running_mean": np.zeros(3)}, "n.running_mean of a normalising layer has no"),
        ({"a/kernel": ABOUT, "n/gamma": np.zeros(3)}, "member n/gamma belongs to a normalising layer"),
        (
            {"a/kernel": ABOUT, "n/bias": np.zeros(3)},
            "member n/bias has no weights beside it; only dense layers are read",
        ),
        ({"a.weight": ABOUT, "p.weight": np.ones(1)}, "p.weight has shape (1,), and is no matrix: slopes of a PReLU"),
        (
            {"0.weight_g": ABOUT, "0.weight_v": ABOUT},
            "take that off: torch.nn.utils.remove_weight_norm(layer, 'weight')",
        ),
        (
            {"0.parametrizations.weight.original0": ABOUT, "1.weight": ABOUT},
            "parametrize.remove_parametrizations(layer, 'weight')",
        ),
        ({"0.weight_orig": ABOUT, "0.weight_mask": ABOUT}, "torch.nn.utils.prune.remove(layer, 'weight')"),
        ({"0.bias_orig": np.ones(3), "0.bias_mask": np.ones(3)}, "torch.nn.utils.prune.remove(layer, 'bias')"),
        ({"0.weight_orig": ABOUT, "0.weight_u": np.ones(3)}, "torch.nn.utils.remove_spectral_norm(layer, 'weight')"),
        ({"r.weight_ih_l0": ABOUT, "r.weight_hh_l0": ABOUT}, "r.weight_ih_l0 belongs to a recurrent layer: recurrent"),
        (
            {"lstm/kernel": ABOUT, "lstm/recurrent_kernel": ABOUT, "lstm/bias": np.ones(3)},
            "belongs to a recurrent layer",
        ),
        (
            {"a.in_proj_weight": ABOUT, "a.out_proj.weight": ABOUT},
            "a.in_proj_weight belongs to attention, which is not",
        ),
        ({"W1": ABOUT, "fc.weight": ABOUT}, "members W1 and fc.weight both name weights; keep one way of naming"),
        ({"W1": ABOUT, "w1": ABOUT}, "members W1 and w1 are both of layer 1; keep one"),
        ({"a.weight": ABOUT, "a.W": ABOUT}, "members a.weight and a.W are of one layer; keep one"),
        ({"W2": ABOUT}, "member W1 is missing"),
        ({"w1": ABOUT, "w3": ABOUT}, "member w2 is missing"),
        (
            {"x": ABOUT, "y": ABOUT},
            "there are no layers: want members W1, b1, W2 ..., *.weight and *.bias, or *kernel and *bias, not x, y",
        ),
        ({"arr_0": ABOUT, "arr_1": ABOUT, "arr_2": ABOUT}, "there are no layers"),
        ({"W1": ABOUT, "activations": "relu6"}, "holds 'relu6', which is no activation here; there are identity, tanh"),
        ({"W1": ABOUT, "W2": ABOUT, "activations": ["softmax", "relu"]}, "softmax for layer 1 of 2; it is the last"),
        ({"W1": ABOUT, "W2": ABOUT, "activations": "softmax"}, "softmax for layer 1 of 2; it is the last layer's"),
        ({"W1": ABOUT, "activations": ["relu"] * 2}, "member activations has shape (2,); want one name"),
        ({"W1": ABOUT, "activation": "sin", "activations": "sin"}, "members activation, activations name the same"),
        ({"W1": ABOUT, "activations": "sin", "output_activation": "cos"}, "name another one each for the last layer"),
        ({"W1": ABOUT, "activations": np.array(["sin"], object)}, "member activations holds Python objects, a pickle"),
        (
            {"W1": ABOUT.astype(complex)},
            "member W1 (3, 3) holds '<c16', not real numbers of up to 64 bits; save W1.astype",
        ),
        (
            {"W1": ABOUT.astype(object)},
            "member W1 (3, 3) holds Python objects, a pickle, which is never read, not real",
        ),
        ({"W1": ABOUT.astype(np.longdouble)}, "member W1 (3, 3) holds '<f16', not real numbers"),
    ],
)
def test_what_is_in_doubt_gets_a_cure(tmp_path: Path, saved: dict[str, Any], reason: str) -> None:
    np.savez(tmp_path / "a.npz", **saved)
    said = failure(tmp_path / "a.npz")
    assert reason in said
    assert said.endswith("(what is read: weightscape export --help)")
    assert len(said) < 600


def test_dicts_and_single_arrays_are_told_how_to_be_saved(tmp_path: Path) -> None:
    for saved in (np.array({"W1": ABOUT}), ABOUT):
        np.save(tmp_path / "a.npy", saved, allow_pickle=True)
        assert "it is a .npy, one array or a pickled object; save with np.savez(" in failure(tmp_path / "a.npy")


def test_a_softmax_goes_out_and_comes_back(tmp_path: Path) -> None:
    made = parts(2, 5, 3)
    write_weights(tmp_path / "a.npz", [W for W, _ in made], [b for _, b in made], ["ReLU", "softmax"])
    assert read_weights(tmp_path / "a.npz")[2] == ["relu", "softmax"]
    with np.load(tmp_path / "a.npz") as file:
        assert file["activations"].tolist() == ["relu", "softmax"]


NAMES = (
    "W1",
    "b1",
    "W2",
    "b2",
    "W3",
    "b3",
    "W0",
    "b0",
    "w1",
    "w2",
    "weights_0_1",
    "bias_1",
    "fc1.weight",
    "fc1.bias",
    "fc2.weight",
    "fc2.bias",
    "fc10.weight",
    "out.weight",
    "out.bias",
    "dense/kernel",
    "dense/bias",
    "arr_0",
    "arr_1",
    "arr_2",
    "arr_3",
    "activations",
    "activation",
    "output_activation",
    "loss",
    "bn.running_mean",
    "W",
    "b",
    "weight",
    "bias",
    "\n.weight",
    "é/w",
)
WORDS = ("relu", "ReLU()", "softmax", "tanh", "none", "relu6", "", "\n", "σ" * 70)
DTYPES = ("<f8", "<f4", ">f2", "<i4", "?", "u1", "<c8", "O", "U3", "S4", "<f16", "M8[s]", "V3")


def files(count: int) -> Iterator[Saved]:
    """Sound networks in any form, some with one member changed, and heaps of members."""
    rng, forms = random.Random(31), list(FORMS.values())
    for number in range(count):
        if number % 3:
            widths = [2, *(rng.randint(1, 3) for _ in range(rng.randint(1, 3)))]
            saved = dict(rng.choice(forms)(parts(*widths, seed=number)))
        else:
            saved = {name: array(rng) for name in rng.sample(NAMES, rng.randint(0, 7))}
        if number % 3 == 2:
            name = rng.choice([*saved, *NAMES])
            saved[name] = array(rng)
        if rng.random() < 0.4:
            words = [rng.choice(WORDS) for _ in range(rng.randint(0, 4))]
            saved["activations"] = np.array(words or rng.choice(WORDS))
        yield saved


def array(rng: random.Random) -> Array:
    shape = [rng.randint(0 if rng.random() < 0.1 else 1, 3) for _ in range(rng.choice((0, 1, 1, 2, 2, 2, 3)))]
    values = np.array([rng.choice((0, 1, 1, 2, 3)) for _ in range(int(np.prod(shape)))], np.float64).reshape(shape)
    if rng.random() < 0.1 and values.size:
        values.ravel()[0] = rng.choice((np.nan, np.inf, 1e9))
    with np.errstate(all="ignore"):
        return values.astype(rng.choice(DTYPES if rng.random() < 0.3 else DTYPES[:6]))


def test_every_file_is_a_network_or_one_line(tmp_path: Path) -> None:
    path, seen = tmp_path / "a.npz", {"read": 0, "refused": 0}
    for saved in files(600):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            np.savez(path, allow_pickle=True, **saved)
        try:
            made, said = loaded(path), ""
        except FileError as fault:
            said = str(fault)
        if said:
            assert "\n" not in said
            assert len(said) < 600
            seen["refused"] += 1
        else:
            assert np.isfinite(made(np.ones((3, made.widths[0])))).all()
            # Each number of the network stands in the file, and each matrix is one of the file's.
            there = [np.asarray(a, np.float64) for a in saved.values() if a.dtype.kind in "fiub"]
            for W in made.weights:
                ways = W, W.T, W.ravel()
                assert any(np.array_equal(way, a) for way in ways for a in there)
            assert all(text.startswith(f"{path}: ") for text in remarks(path))
            seen["read"] += 1
    assert min(seen.values()) > 150, seen


@pytest.mark.parametrize("name", ["B", "0.B", "encode.freqs", "fourier_matrix"])
def test_a_buffer_of_frequencies_is_told_what_to_do_with(tmp_path: Path, name: str) -> None:
    made = parts(8, 5, 3)
    path = tmp_path / "a.npz"
    np.savez(path, **torch(made, ["1", "3"]), **{name: np.ones((4, 2))}, activations=["relu", "sigmoid"])
    assert loaded(path).widths == (8, 5, 3)
    (said,) = remarks(path)
    assert f"passed over: {name} (4, 2)" in said
    assert "Network.after_fourier(B)" in said
    np.savez(path, **torch(made, ["1", "3"]), **{name: np.ones((3, 2))}, activations=["relu", "sigmoid"])
    (said,) = remarks(path)
    assert said.endswith(f"passed over: {name} (3, 2)")
