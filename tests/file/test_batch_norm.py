"""Batch normalisation in files of arrays folds into the dense layers, where names, order and members say it stands."""

import os
import random
import warnings
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from safetensors.numpy import save_file
from state_dict import state_dict

from weightscape.file.weights import read_weights, remarks
from weightscape.file.whole_file import FileError
from weightscape.network.activation import ACTIVATIONS
from weightscape.network.network import Network

Array = npt.NDArray[Any]
Saved = dict[str, Array]
# More of them find what is rarer: the same number is the same file.
COUNT = int(os.environ.get("WEIGHTSCAPE_MANGLED", "300"))
RNG = np.random.default_rng(18)
POINTS = RNG.normal(size=(40, 2))
# A network by its steps: a matrix (inputs, outputs) with biases, a normalising layer, or an activation's name.
Step = tuple[Array, Array] | tuple[Array, Array, Array, Array] | str
NET = [(RNG.normal(size=pair), RNG.normal(size=pair[1])) for pair in ((2, 8), (8, 8), (8, 3))]
FIRST, ONE, TWO, LAST = (
    (RNG.normal(size=n), RNG.uniform(0.2, 3.0, n), RNG.normal(size=n), RNG.normal(size=n)) for n in (2, 8, 8, 3)
)
PYTORCH = ("running_mean", "running_var", "weight", "bias")
KERAS = ("moving_mean", "moving_variance", "gamma", "beta")


def truth(steps: Sequence[Step], eps: float = 1e-5) -> Array:
    """The network's values by its definition alone."""
    h = POINTS
    for step in steps:
        if isinstance(step, str):
            h = ACTIVATIONS[step].function(h)
        elif len(step) == 2:
            h = h @ step[0] + step[1]
        else:
            h = (h - step[0]) / np.sqrt(step[1] + eps) * step[2] + step[3]
    return h


def torch(**layers: Any) -> Saved:
    """Name layers as PyTorch does; "_" in a name is a dot."""
    saved: Saved = {}
    for name, layer in layers.items():
        stem = name.strip("_").replace("_", ".")
        if np.ndim(layer[0]) == 2:
            saved |= {f"{stem}.weight": layer[0].T.copy(), f"{stem}.bias": layer[1]}
        else:
            saved |= {f"{stem}.{role}": a for role, a in zip(PYTORCH, layer, strict=False)}
            saved[f"{stem}.num_batches_tracked"] = np.array(7)
    return saved


def keras(names: Sequence[str], *layers: Any, form: str = "{}/{}:0") -> Saved:
    saved: Saved = {}
    for name, layer in zip(names, layers, strict=True):
        roles = ("kernel", "bias") if len(layer) == 2 else KERAS
        saved |= {form.format(name, role): a for role, a in zip(roles, layer, strict=False)}
    return saved


def npz(path: Path, saved: Saved, **told: Any) -> Path:
    np.savez(path / "a.npz", **{"activations": ["tanh", "relu", "identity"]}, **saved, **told)
    return path / "a.npz"


def loaded(path: Path) -> Network:
    weights, biases, names = read_weights(path)
    return Network(tuple(weights), tuple(biases), tuple(names))


def is_same(path: Path, steps: Sequence[Step], eps: float = 1e-5) -> bool:
    wanted = truth(steps, eps)
    made = loaded(path)
    return made.widths == (2, 8, 8, 3) and bool(np.abs(made(POINTS) - wanted).max() <= 1e-9 * np.abs(wanted).max())


BEFORE: list[Step] = [NET[0], ONE, "tanh", NET[1], TWO, "relu", NET[2]]
AFTER: list[Step] = [NET[0], "tanh", ONE, NET[1], "relu", TWO, NET[2]]
A, B, C = NET
NUMBERED = {
    "before": (torch(_0=A, _1=ONE, _3=B, _4=TWO, _6=C), BEFORE),
    "after": (torch(_0=A, _2=ONE, _3=B, _5=TWO, _6=C), AFTER),
    "inside": (torch(net_10=A, net_11=ONE, net_13=B, net_14=TWO, net_16=C), BEFORE),
    "first and last": (torch(_0=FIRST, _1=A, _3=B, _5=C, _6=LAST), [FIRST, A, "tanh", B, "relu", C, LAST]),
    "two in a row": (torch(_0=A, _1=ONE, _2=TWO, _4=B, _6=C), [A, ONE, TWO, "tanh", B, "relu", C]),
    "on both sides": (torch(_0=A, _1=ONE, _3=TWO, _4=B, _6=C), [A, ONE, "tanh", TWO, B, "relu", C]),
    "no weight and no bias": (
        torch(_0=A, _1=ONE[:2], _3=B, _5=C),
        [A, (*ONE[:2], np.ones(8), np.zeros(8)), "tanh", B, "relu", C],
    ),
    "nested": (torch(_0_0=A, _0_1=ONE, _1_0=B, _1_1=TWO, _2=C), BEFORE),
}


@pytest.mark.parametrize("form", NUMBERED)
def test_the_numbers_of_a_sequential_tell_where_a_layer_stands(tmp_path: Path, form: str) -> None:
    saved, steps = NUMBERED[form]
    path = npz(tmp_path, saved)
    assert is_same(path, steps)
    assert remarks(path) == (f"{path}: no member 'norm_eps': the normalising layers' epsilon is 1e-05, PyTorch's own",)
    words = {"activations": "tanh,relu,identity", "norm_eps": "1e-05"}
    save_file({name: np.ascontiguousarray(a) for name, a in saved.items()}, tmp_path / "a.safetensors", words)
    assert is_same(tmp_path / "a.safetensors", steps)
    assert remarks(tmp_path / "a.safetensors") == ()


NAMED = {
    "in turns": (torch(fc1=A, bn1=ONE, fc2=B, bn2=TWO, out=C), 1e-5, "bn1, bn2"),
    "in turns, counted otherwise": (torch(fc1=A, bn0=ONE, fc2=B, bn1=TWO, fc3=C), 1e-5, "bn0, bn1"),
    "dense layers first": (torch(fc1=A, fc2=B, fc3=C, bn1=ONE, bn2=TWO), 1e-5, "bn1, bn2"),
    "blocks": (torch(l_0_norm=ONE, l_0_fc=A, l_1_norm=TWO, l_1_fc=B, head=C), 1e-5, "l.0.norm, l.1.norm"),
    "lists": (torch(lins_0=A, lins_1=B, lins_2=C, norms_0=ONE, norms_1=TWO), 1e-5, "norms.0, norms.1"),
    "kwargs": (
        {k.replace(".", "_"): a for k, a in torch(fc1=A, bn1=ONE, fc2=B, bn2=TWO, fc3=C).items()},
        1e-5,
        "bn1, bn2",
    ),
    "no gaps": (torch(_0=A, _1=ONE, _2=B, _3=TWO, _4=C), 1e-5, "1, 3"),
    "Keras": (
        keras(("dense", "batch_normalization", "dense_1", "batch_normalization_1", "dense_2"), A, ONE, B, TWO, C),
        1e-3,
        "batch_normalization, batch_normalization_1",
    ),
    "Flax": (
        keras(("Dense_0", "Dense_1", "Dense_2"), A, B, C, form="params/{}/{}")
        | {
            f"params/BatchNorm_{k}/{r}": a
            for k, n in enumerate((ONE, TWO))
            for r, a in (("scale", n[2]), ("bias", n[3]))
        }
        | {
            f"batch_stats/BatchNorm_{k}/{r}": n[i]
            for k, n in enumerate((ONE, TWO))
            for i, r in enumerate(("mean", "var"))
        },
        1e-5,
        "BatchNorm_0, BatchNorm_1",
    ),
    "numbers behind": (
        {f"{r}{k}": a for k, n in enumerate(NET, 1) for r, a in zip("Wb", n, strict=True)}
        | {
            f"{r}{k}": a
            for k, n in enumerate((ONE, TWO), 1)
            for r, a in zip(("running_mean", "running_var", "gamma", "beta"), n, strict=True)
        },
        1e-5,
        "1, 2",
    ),
}


@pytest.mark.parametrize("form", NAMED)
def test_other_names_tell_the_layer_and_a_member_the_side(tmp_path: Path, form: str) -> None:
    saved, eps, names = NAMED[form]
    path = npz(tmp_path, saved)
    assert is_same(path, BEFORE, eps)
    whose = "Keras" if eps == 1e-3 else "Flax" if form == "Flax" else "PyTorch"
    own = f"{whose}' own" if whose != "PyTorch" else "PyTorch's own"
    assert remarks(path) == (
        f"{path}: no member 'norm_eps': the normalising layers' epsilon is {eps:g}, {own}",
        f"{path}: no member 'norm_place': {names} taken to stand before the activation",
    )
    for side, steps in (("before", BEFORE), ("after", AFTER)):
        path = npz(tmp_path, saved, norm_place=side, norm_eps=0.25)
        assert remarks(path) == ()
        assert is_same(path, steps, 0.25)
    path = npz(tmp_path, saved, norm_place=["before", "after"], norm_eps=[1e-4, 1e-4])
    assert is_same(path, [A, ONE, "tanh", B, "relu", TWO, C], 1e-4)


def test_gaps_on_both_sides_are_taken_for_an_activation_before(tmp_path: Path) -> None:
    path = npz(tmp_path, torch(_0=A, _2=ONE, _4=B, _6=C), norm_eps=1e-5)
    assert is_same(path, [A, "tanh", ONE, B, "relu", C])
    assert remarks(path) == (f"{path}: no member 'norm_place': 2 taken to stand after the activation",)
    path = npz(tmp_path, torch(_0=A, _2=ONE, _4=B, _6=C), norm_eps=1e-5, norm_place="before")
    assert is_same(path, [A, ONE, "tanh", B, "relu", C])


def test_sorted_names_are_placed_by_number_or_by_width(tmp_path: Path) -> None:
    path, words = tmp_path / "a.safetensors", {"activations": "tanh,relu,identity", "norm_place": "after"}
    for saved, steps in (
        (torch(fc1=A, bn1=ONE, fc2=B, bn2=TWO, fc3=C), AFTER),
        (torch(fc1=A, fc2=B, fc3=C, norm=FIRST), [FIRST, A, "tanh", B, "relu", C]),
        (torch(fc1=A, fc2=B, fc3=C, norm=LAST), [A, "tanh", B, "relu", C, LAST]),
        (torch(fc1=A, bn1=FIRST, fc2=B, bn2=ONE, fc3=C, bn3=TWO), [FIRST, A, "tanh", ONE, B, "relu", TWO, C]),
    ):
        save_file({name: np.ascontiguousarray(a) for name, a in saved.items()}, path, words)
        assert is_same(path, steps)
    save_file(torch(fc1=A, fc2=B, fc3=C, norm=ONE), path, words)  # type: ignore[arg-type]
    with pytest.raises(FileError, match="normalising layer norm fits in several places; number it as the dense layer"):
        read_weights(path)


def test_without_an_activation_between_the_sides_are_one(tmp_path: Path) -> None:
    saved = torch(_0=A, _1=ONE, _2=B, _3=C, _4=LAST)
    path = tmp_path / "a.npz"
    np.savez(path, activations=["identity"] * 3, norm_eps=1e-5, **saved)
    assert is_same(path, [A, ONE, B, C, LAST])
    assert remarks(path) == ()


def bad(**change: Array) -> Saved:
    return torch(_0=A, _1=ONE, _3=B, _5=C) | {f"1.{name}": a for name, a in change.items()}


HOSTILE: list[tuple[Saved, str]] = [
    (bad(running_var=np.full(8, np.nan)), "normalising layer 1: its variance holds a number that is not finite"),
    (bad(running_var=np.full(8, -1.0)), "normalising layer 1: its variance holds -1, and none is below 0"),
    (bad(running_var=np.zeros(8)) | {"norm_eps": np.array(0.0)}, "its variance holds a 0, and so is its epsilon"),
    (bad(running_mean=np.full(8, np.inf)), "normalising layer 1: its mean holds a number that is not finite"),
    (bad(weight=np.full(8, 1e10)), "member 0.weight, normalised, (2, 8) holds a number beyond"),
    (bad(running_var=np.ones(7)), "member 1.running_var has shape (7,); want one number a unit, (8,)"),
    (bad(weight=np.ones((8, 8))), "member 1.weight has shape (8, 8); want one number a unit"),
    (bad(running_mean=np.ones(0)), "member 1.running_mean has shape (0,); want one number a unit"),
    (bad(running_var=np.ones(8, complex)), "member 1.running_var (8,) holds '<c16', not real numbers"),
    (torch(_0=A, _1=LAST, _3=B, _5=C), "member 1.running_mean has 3 numbers; want 8, as 0.weight (8, 2) has 8 outputs"),
    (torch(_0=ONE, _1=A, _3=B, _5=C), "member 0.running_mean has 8 numbers; want 2, as 1.weight (8, 2) has 2 inputs"),
    (
        torch(fc=A, bn=LAST, fd=B, fe=C) | {"fe.weight": np.ones((4, 8)), "fe.bias": np.ones(4)},
        "fits nowhere: it has 3",
    ),
    (torch(_0=A, _2=B, _4=C, _6=LAST), "normalising layer 6 stands after the last activation, tanh, where no dense"),
    (bad() | {"norm_place": np.array("aside")}, "member norm_place holds 'aside'; want 'before' or 'after'"),
    (bad() | {"norm_place": np.ones(1)}, "member norm_place holds '<f8', not names"),
    (bad() | {"norm_place": np.array(["after"] * 3)}, "member norm_place has shape (3,); want one value, or 1"),
    (bad() | {"norm_eps": np.array("small")}, "member norm_eps holds 'small', which is no number"),
    (bad() | {"norm_eps": np.array(-1.0)}, "normalising layer 1: its epsilon is -1, no number from 0"),
    (bad() | {"norm_eps": np.ones(0)}, "member norm_eps has shape (0,)"),
    (torch(_0=A) | {"n.running_var": np.ones(8)}, "member n.running_var of a normalising layer has no mean beside it"),
    (torch(_0=A) | {"n.running_std": np.ones(8)}, "member n.running_std is a deviation"),
    (torch(_0=A) | {"n.running_mean": np.ones(8), "n.moving_mean": np.ones(8)}, "are of one layer; keep one"),
    (torch(_0=A) | {"n.gamma": np.ones(8), "n.beta": np.ones(8)}, "a normalising layer without averages, a LayerNorm?"),
    (torch(_0=A) | {"LayerNorm_0/scale": np.ones(8)}, "a LayerNorm? it scales each point by a number of that point's"),
    ({"W1": A[0], "gamma1": np.ones(8)}, "member gamma1 belongs to a normalising layer without averages"),
    (torch(_1=ONE), "there are no layers: want members W1"),
]


@pytest.mark.parametrize(("saved", "reason"), HOSTILE)
def test_what_does_not_fold_is_refused_by_name(tmp_path: Path, saved: Saved, reason: str) -> None:
    names = ["tanh"] * sum(a.ndim == 2 and not name.startswith("1.weight(") for name, a in saved.items())
    np.savez(tmp_path / "a.npz", **saved, activations=names[:3] or ["tanh"])
    with pytest.raises(FileError) as caught:
        read_weights(tmp_path / "a.npz")
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 600


def test_a_variance_of_0_is_divided_by_epsilon_alone(tmp_path: Path) -> None:
    saved = bad(running_var=np.zeros(8))
    assert is_same(npz(tmp_path, saved), [A, (ONE[0], np.zeros(8), *ONE[2:]), "tanh", B, "relu", C])


def test_equal_layers_of_which_one_is_normalised_stay_apart(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    np.savez(path, **torch(_0=A, _2=B, _4=B, _5=TWO, _7=C), activations=["tanh"] * 3 + ["identity"], norm_eps=1e-5)
    assert np.allclose(loaded(path)(POINTS), truth([A, "tanh", B, "tanh", B, TWO, "tanh", C]), rtol=1e-12)


def damaged(dice: random.Random) -> Saved:
    """A file of layers in which one to three things are other ones."""
    forms = [*NUMBERED.values(), *NAMED.values()]
    saved = dict(dice.choice(forms)[0])
    for _ in range(dice.randint(1, 3)):
        name, other = dice.choice([*saved]), dice.choice([*dice.choice(forms)[0]])
        array = saved.pop(name)
        values = (0.0, -1.0, 1e-300, 1e300, np.nan, np.inf)
        changes: dict[str, Saved] = {
            "gone": {},
            "named": {other: array},
            "told": {name: array, dice.choice(("norm_eps", "norm_place")): np.array(dice.choice(("after", "1", 7)))},
            "turned": {name: array.T},
            "cut": {name: array[: dice.randint(0, 3)] if array.ndim else array},
            "grown": {name: np.stack([array, array])},
            "filled": {name: np.full(array.shape, dice.choice(values))},
            "typed": {name: np.ones(array.shape, dice.choice(("<f2", "<i4", "?", "<c8", "U3")))},
        }
        saved |= dice.choice([*changes.values()])
    return saved


def test_every_damaged_file_is_a_network_or_one_line(tmp_path: Path) -> None:
    seen = {"read": 0, "refused": 0}
    for number in range(COUNT):
        with warnings.catch_warnings(action="ignore"), np.errstate(all="ignore"):
            np.savez(tmp_path / "a.npz", **damaged(random.Random(number)))
        said = ""
        try:
            made = loaded(tmp_path / "a.npz")
        except FileError as fault:
            said = str(fault)
        if said:
            assert "\n" not in said
            assert len(said) < 600
            seen["refused"] += 1
        else:
            assert np.isfinite(made(np.ones((3, made.widths[0])))).all()
            assert all("\n" not in text for text in remarks(tmp_path / "a.npz"))
            seen["read"] += 1
    assert min(seen.values()) > COUNT / 10, seen


@pytest.mark.heavy
@pytest.mark.parametrize("is_new", [False, True])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_what_pytorch_exports_is_what_onnx_runtime_computes(tmp_path: Path, dtype: str, is_new: bool) -> None:
    program, runtime = import_module("torch"), import_module("onnxruntime")
    nn, bn = program.nn, program.nn.BatchNorm1d
    program.manual_seed(18)
    model = nn.Sequential(
        *(bn(2), nn.Linear(2, 16), bn(16, eps=1e-3), nn.ReLU(), bn(16, affine=False), nn.Dropout(), nn.Linear(16, 16)),
        *(nn.Tanh(), bn(16), nn.Identity(), nn.Linear(16, 3), bn(3)),
    )
    shake(model, bn)
    model.to(getattr(program, dtype)).eval()
    points, path = program.randn(200, 2, dtype=getattr(program, dtype)), tmp_path / "a.onnx"
    with warnings.catch_warnings(action="ignore"):
        program.onnx.export(model, (points,), path, dynamo=is_new, external_data=False)
    session = runtime.InferenceSession(path, providers=["CPUExecutionProvider"])
    wanted = session.run(None, {session.get_inputs()[0].name: points.numpy()})[0]
    made = loaded(path)
    assert (made.widths, made.activations) == ((2, 16, 16, 3), ("relu", "tanh", "identity"))
    tolerance = 1e-9 if dtype == "float64" else 1e-6
    assert np.abs(made(points.numpy()) - wanted).max() <= tolerance * max(1.0, np.abs(wanted).max())


def shake(model: Any, kind: type) -> None:
    """Let a model's normalising layers have seen something."""
    for each in model.modules():
        if isinstance(each, kind):
            each.running_mean.normal_()
            each.running_var.uniform_(0.2, 3.0)
            if each.affine:
                each.weight.data.normal_()
                each.bias.data.normal_()


@pytest.mark.heavy
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_pytorchs_own_networks_are_read(tmp_path: Path, dtype: str) -> None:
    program = import_module("torch")
    nn = program.nn
    program.manual_seed(18)

    class Named(nn.Module):  # type: ignore[misc, name-defined]  # known at run time alone
        def __init__(self) -> None:
            super().__init__()
            self.fc1, self.fc2, self.fc3 = nn.Linear(2, 16), nn.Linear(16, 16), nn.Linear(16, 3)
            self.bn1, self.bn2 = nn.BatchNorm1d(16, eps=1e-2), nn.BatchNorm1d(16, eps=1e-4, affine=False)

        def forward(self, x: Any) -> Any:
            h = self.bn1(self.fc1(x).relu())
            return self.fc3(self.bn2(self.fc2(h).tanh()))

    bn, lin = nn.BatchNorm1d, nn.Linear
    models = [
        (nn.Sequential(lin(2, 16), bn(16), nn.ReLU(), lin(16, 16, bias=False), bn(16), nn.Tanh(), lin(16, 3)), {}),
        (nn.Sequential(lin(2, 16), nn.ReLU(), bn(16), lin(16, 16), nn.Tanh(), bn(16), lin(16, 3), bn(3)), {}),
        (nn.Sequential(bn(2), lin(2, 16), bn(16, affine=False), nn.ReLU(), lin(16, 16), nn.Tanh(), lin(16, 3)), {}),
        (Named(), {"norm_eps": [1e-2, 1e-4], "norm_place": "after"}),
    ]
    for model, told in models:
        shake(model, bn)
        model.to(getattr(program, dtype)).eval()
        points = program.randn(200, 2, dtype=getattr(program, dtype))
        with program.no_grad():
            wanted = model(points).numpy()
        beside = {"activations": ["relu", "tanh", "identity"], **told}
        program.save({"state_dict": model.state_dict(), **beside}, tmp_path / "a.pt")
        np.savez(tmp_path / "a.npz", **beside, **{k: v.numpy() for k, v in model.state_dict().items()})
        words = {name: ",".join(map(str, v)) if isinstance(v, list) else v for name, v in beside.items()}
        import_module("safetensors.torch").save_file(model.state_dict(), tmp_path / "a.safetensors", words)
        for suffix in ("pt", "npz", "safetensors"):
            seen = loaded(tmp_path / f"a.{suffix}")(points.numpy())
            tolerance = 1e-9 if dtype == "float64" else 1e-6
            assert np.abs(seen - wanted).max() <= tolerance * max(1.0, np.abs(wanted).max())


@pytest.mark.heavy
def test_what_a_state_dict_tells_beside_is_numbers_or_words(tmp_path: Path) -> None:
    net = torch(_0=A, _1=ONE, _3=B, _5=C)
    for told, reason in (
        ({"norm_place": 3}, "member norm_place is no list of names"),
        ({"norm_eps": {"a": 1}}, "member norm_eps is no number"),
    ):
        (tmp_path / "a.pt").write_bytes(state_dict({"state_dict": net, **told}))
        with pytest.raises(FileError, match=reason):
            read_weights(tmp_path / "a.pt")
