"""PyTorch's modules as networks: the numbers of their own forward pass, and one sentence for each that is not read."""

from collections import OrderedDict
from typing import Any

import numpy as np
import pytest
from foreign_model import BatchNorm1d, Linear, Module, Sequential, Softmax, Tensor, own, unit_wise

from weightscape.network.fingerprint import fingerprint
from weightscape.network.network import Network

POINTS = np.random.default_rng(3).normal(size=(40, 2))


def same(model: Module) -> Network:
    """The network of a model, which has the model's values."""
    made = Network.of(model)
    assert np.abs(made(POINTS) - model.forward(POINTS)).max() < 1e-12
    return made


def test_a_sequential_is_its_layers() -> None:
    inner = Sequential(Linear(8, 8), unit_wise("Tanh", ours="tanh"))
    flat, drop = unit_wise("Flatten", start_dim=1), unit_wise("Dropout", "(p=0.5, inplace=False)")
    relu = unit_wise("ReLU", "(inplace=True)", "relu")
    made = same(Sequential(flat, Linear(2, 8, bias=False), relu, drop, inner, Linear(8, 5), Softmax()))
    assert (made.widths, made.activations) == ((2, 8, 8, 5), ("relu", "tanh", "softmax"))
    assert not made.biases[0].any()


def test_layers_without_an_activation_are_identity() -> None:
    assert same(Linear(2, 3)).activations == ("identity",)
    assert same(Sequential(Linear(2, 4), Linear(4, 3), unit_wise("Identity"))).activations == ("identity",) * 2


def test_two_activations_in_a_row_are_two_layers() -> None:
    made = same(Sequential(Linear(2, 4), unit_wise("ReLU", ours="relu"), unit_wise("Tanh", ours="tanh")))
    assert (made.widths, made.activations) == ((2, 4, 4), ("relu", "tanh"))


def test_normalising_layers_fold_into_their_neighbours() -> None:
    tanh = unit_wise("Tanh", ours="tanh")
    before = same(Sequential(Linear(2, 8), BatchNorm1d(8), tanh, Linear(8, 3)))
    after = same(Sequential(Linear(2, 8), tanh, BatchNorm1d(8, affine=False), BatchNorm1d(8), Linear(8, 3)))
    first = same(Sequential(BatchNorm1d(2), Linear(2, 8), tanh, Linear(8, 3), BatchNorm1d(3)))
    assert {each.widths for each in (before, after, first)} == {(2, 8, 3)}


def test_normalising_layers_with_no_neighbour_are_layers() -> None:
    tanh = unit_wise("Tanh", ours="tanh")
    end = same(Sequential(Linear(2, 8), tanh, BatchNorm1d(8)))
    between = same(Sequential(Linear(2, 8), tanh, BatchNorm1d(8), tanh, Linear(8, 3)))
    assert (end.activations, between.activations) == (("tanh", "identity"), ("tanh", "tanh", "identity"))


def test_a_layer_in_several_places_is_one_matrix() -> None:
    shared, tanh = Linear(8, 8), unit_wise("Tanh", ours="tanh")
    made = same(Sequential(Linear(2, 8), tanh, shared, tanh, shared, tanh, Linear(8, 3)))
    assert made.weights[1] is made.weights[2]
    assert made.biases[1] is made.biases[2]


def test_numbers_of_any_type_come_over_whole() -> None:
    for dtype in (np.float16, np.float32, np.float64):
        model = Linear(2, 3, dtype=dtype)
        assert np.array_equal(Network.of(model).weights[0].T, model.weight.array.astype(np.float64))


def test_an_activation_that_somebody_wrote_is_tried() -> None:
    for function, name in ((np.sin, "sin"), (lambda x: np.exp(-(x**2)), "gaussian"), (np.abs, "abs")):
        assert same(Sequential(Linear(2, 4), own(function), Linear(4, 3))).activations[0] == name


class Wave(Module):
    __module__ = "mine"

    def __init__(self, function: Any, **numbers: float) -> None:
        vars(self).update(numbers, name="a wave", is_wide=True)
        self.function = function

    def forward(self, x: Any) -> Any:
        return self.function(x)


def test_a_number_that_it_holds_folds_into_the_layer_before() -> None:
    sine = same(Sequential(Linear(2, 4), Wave(lambda x: np.sin(30 * x), zero=0, w0=30), Linear(4, 3)))
    bell = same(Sequential(Linear(2, 4), Wave(lambda x: np.exp(-((x / 0.3) ** 2)), sigma=0.3), Linear(4, 3)))
    twice = same(Sequential(Linear(2, 4), unit_wise("Tanh", ours="tanh"), Wave(lambda x: np.cos(5 * x), w0=5.0)))
    assert [made.activations[0] for made in (sine, bell)] == ["sin", "gaussian"]
    assert (twice.widths, twice.activations) == ((2, 4, 4), ("tanh", "cos"))
    with pytest.raises(ValueError, match=r"model\[1\]: Wave computes none"):
        Network.of(Sequential(Linear(2, 4), Wave(lambda x: np.sin(30 * x), w0=29)))
    with pytest.raises(ValueError, match=r"model\[0\]: it stands before the first layer"):
        Network.of(Sequential(Wave(lambda x: np.sin(30 * x), w0=30), Linear(2, 4)))


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (lambda x: np.clip(x, 0, 100), "Own computes relu from -8 to 8 alone: at 10[0-9.]* it is 100, not 10[0-9.]*$"),
        (
            lambda x: np.where(x < -50, 0, np.where(x > 0, x, 0.01 * x)),
            "leaky_relu from -8 to 8 alone: at -5[0-9.]* it is",
        ),
        (lambda x: np.log1p(np.exp(x)), "softplus from -8 to 8 alone: at 7[0-9.]* it is inf, not 7"),
        (lambda x: np.where(abs(x) > 500, np.nan, np.abs(x)), "abs from -8 to 8 alone: at -?5[0-9.]* it is nan, not 5"),
    ],
)
def test_an_activation_that_changes_far_out_is_another(function: Any, said: str) -> None:
    with pytest.raises(ValueError, match=rf"^model\[1\]: .*{said}"):
        Network.of(Sequential(Linear(2, 4), own(function)))


def test_one_that_is_rounded_as_pytorch_does_is_the_same() -> None:
    softplus = own(lambda x: np.where(x > 20, x, np.log1p(np.exp(np.minimum(x, 20)))))
    silu = own(lambda x: x / (1 + np.exp(-np.clip(x, -700, 700))))
    assert same(Sequential(Linear(2, 4), softplus, Linear(4, 4), silu)).activations == ("softplus", "silu")


class SpectralNorm:
    """As PyTorch hangs it before a layer."""


def hook(*_: Any) -> None:
    pass


@pytest.mark.parametrize(
    ("attribute", "hung", "said"),
    [
        ("_forward_hooks", hook, "has a forward hook, hook, which is not read; take it off first"),
        ("_forward_pre_hooks", SpectralNorm(), "has a forward pre-hook, SpectralNorm, which is not read"),
        ("_forward_pre_hooks", lambda *_: None, "has a forward pre-hook, <lambda>, which is not read"),
    ],
)
def test_hooks_are_refused_by_name(attribute: str, hung: Any, said: str) -> None:
    for place in ("model", r"model\[0\]", r"model\[1\]"):
        model = Sequential(Linear(2, 4), own(np.sin))
        part = {"model": model, r"model\[0\]": model.parts[0]}.get(place, model.parts[1])
        setattr(part, attribute, {})
        assert same(model).widths == (2, 4)
        setattr(part, attribute, {1: hung})
        with pytest.raises(ValueError, match=f"^{place}: [A-Za-z]* {said}"):
            Network.of(model)


def test_a_forward_of_the_modules_own_is_not_passed_over() -> None:
    layer = Linear(2, 4)
    layer.forward = lambda x: 2 * x  # type: ignore[method-assign, assignment]
    with pytest.raises(ValueError, match=r"model\[0\]: Linear has a forward of its own"):
        Network.of(Sequential(layer))

    class Called(Linear):
        __module__ = "mine"

        def __call__(self, x: Tensor) -> Tensor:
            return Tensor(2 * self.forward(x.array))

    with pytest.raises(ValueError, match="model: Called has a forward of its own"):
        Network.of(Called(2, 3))


@pytest.mark.parametrize(
    ("kind", "module", "attribute"),
    [
        ("DataParallel", "torch.nn.parallel.data_parallel", "module"),
        ("DistributedDataParallel", "torch.nn.parallel.distributed", "module"),
        ("OptimizedModule", "torch._dynamo.eval_frame", "_orig_mod"),
        ("AveragedModel", "torch.optim.swa_utils", "module"),
    ],
)
def test_what_wraps_a_module_is_that_module(kind: str, module: str, attribute: str) -> None:
    inner = Sequential(Linear(2, 4), unit_wise("Tanh", ours="tanh"), Linear(4, 3))
    wrapped = type(kind, (Module,), {"__module__": module, attribute: inner})()
    assert np.array_equal(Network.of(wrapped).weights[0], Network.of(inner).weights[0])
    broken = type(kind, (Module,), {"__module__": module, attribute: Sequential(unit_wise("Conv2d"))})()
    with pytest.raises(ValueError, match=rf"^model\.{attribute}\[0\]: Conv2d: convolutional"):
        Network.of(broken)
    mine = type(kind, (Module,), {"__module__": "mine", attribute: inner, "parameters": inner.parameters})()
    with pytest.raises(ValueError, match="is not read"):
        Network.of(mine)


def test_torchscript_is_no_module() -> None:
    script = type("RecursiveScriptModule", (Module,), {"__module__": "torch.jit._script"})()
    with pytest.raises(ValueError, match="model: RecursiveScriptModule is TorchScript, a program; hand in the module"):
        Network.of(script)


def test_a_class_derived_from_one_that_is_read_is_read() -> None:
    class Mine(Linear):
        __module__ = "mine"

    class Other(Linear):
        __module__ = "mine"

        def forward(self, x: Any) -> Any:
            return 2 * super().forward(x)

    assert same(Mine(2, 3)).widths == (2, 3)
    with pytest.raises(ValueError, match="model: Other has a forward of its own, which is not read"):
        Network.of(Other(2, 3))


def test_a_state_dict_is_its_layers() -> None:
    layers = [Linear(2, 5), Linear(5, 5), Linear(5, 3)]
    state = {f"fc{k}.{kind}": getattr(each, kind) for k, each in enumerate(layers, 1) for kind in ("weight", "bias")}
    found = Network.of(OrderedDict(state), ["relu", "sin", "softmax"])
    assert found.activations == ("relu", "sin", "softmax")
    for W, b, layer in zip(found.weights, found.biases, layers, strict=True):
        assert np.array_equal(W, np.asarray(layer.weight.detach().numpy()).T)
        assert np.array_equal(b, layer.bias.detach().numpy())
    told = Network.of({**state, "activations": ["relu", "sin", "softmax"]})
    assert fingerprint(told) == fingerprint(found)
    assert Network.of({"W1": [[1.0], [2.0]] * np.ones(1), "b1": np.zeros(1)}, ["identity"])([3.0, 4.0]) == 11.0


def test_whoever_wrote_a_forward_is_told_of_the_state_dict_and_of_fourier_features() -> None:
    with pytest.raises(ValueError, match=r'Network.of\(model.state_dict\(\), \["relu", "identity"\]\)'):
        Network.of(own(lambda x: x, Tensor([1.0])))
    for parameters in ((), (Tensor([1.0]),)):
        features = own(lambda x: np.concatenate([np.sin(x), np.cos(x)], -1), *parameters)
        with pytest.raises(ValueError, match=r"model\[0\]: .*Network.of\(model\[1:\]\).after_fourier\(B\)"):
            Network.of(Sequential(features, Linear(4, 3)))


def failing(x: Any) -> Any:
    raise RuntimeError("wants an image")


L = Linear(2, 4)
ALPHA = "LeakyReLU(negative_slope=0.2) is another function than leaky_relu is here, max(0.01 z, z)"
UNKNOWN: list[tuple[Module, str]] = [
    (Sequential(L, unit_wise("LeakyReLU", "(negative_slope=0.2)")), f"model[1]: {ALPHA}"),
    (Sequential(L, unit_wise("ELU", "(alpha=2.0)")), "model[1]: ELU(alpha=2.0) is another function than elu"),
    (Sequential(L, unit_wise("GELU", "(approximate='tanh')")), "model[1]: GELU(approximate='tanh') is another"),
    (
        Sequential(L, unit_wise("Softplus", "(beta=2.0, threshold=20.0)")),
        "model[1]: Softplus(beta=2.0, threshold=20.0)",
    ),
    (
        Sequential(L, Sequential(unit_wise("LayerNorm", "((4,))"))),
        "model[1][0]: LayerNorm((4,)) is not read: it scales each point by a number of that point's own",
    ),
    (Sequential(unit_wise("Conv2d", "(1, 3)")), "model[0]: Conv2d: convolutional networks are not read yet"),
    (Sequential(L, unit_wise("MaxPool1d")), "model[1]: MaxPool1d: convolutional networks are not read yet"),
    (unit_wise("LSTM", "(2, 3)"), "model: LSTM: recurrent networks are not read yet"),
    (
        Sequential(L, unit_wise("LogSoftmax", "(dim=-1)")),
        "model[1]: LogSoftmax(dim=-1) is not read; Softmax in its place",
    ),
    (Sequential(L, Softmax(0)), "model[1]: Softmax(dim=0) mixes points"),
    (Sequential(L, Softmax(), Linear(4, 3)), "layer 1: softmax is for the last layer alone"),
    (Sequential(unit_wise("Flatten", "(start_dim=0)", start_dim=0), L), "model[0]: Flatten(start_dim=0) mixes points"),
    (Sequential(L, BatchNorm1d(4, averages=False)), "model[1]: BatchNorm1d(8) has no running averages"),
    (Sequential(L, BatchNorm1d(3)), "model[1]: (3,) numbers scale 4 units"),
    (
        Sequential(L, Linear(3, 2)),
        "model[1]: weights of shape (3, 2) and biases of shape (2,) do not fit together, after 4",
    ),
    (Sequential(unit_wise("ReLU"), L), "model[0]: it stands before the first layer with weights"),
    (Sequential(), "there is no layer with weights"),
    (Sequential(L, own(lambda x: np.sin(30 * x))), "model[1]: Own computes none of the activations identity, tanh"),
    (Sequential(L, own(failing)), "model[1]: Own computes none"),
    (own(np.sin), "model: Own computes none"),
    (Sequential(L, own(lambda x: x, Tensor([1.0]))), "model[1]: Own has a forward of its own, which is not read"),
    (Linear(2, 3, dtype=complex), "model.weight is no array of real numbers"),
]


@pytest.mark.parametrize(("model", "reason"), UNKNOWN)
@pytest.mark.filterwarnings("ignore::numpy.exceptions.ComplexWarning")
def test_what_is_not_read_is_named(model: Module, reason: str) -> None:
    with pytest.raises(ValueError, match=r"^\S") as caught:
        Network.of(model)
    assert str(caught.value).startswith(reason)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("variance", "reason"), [(-1.0, "holds -1, and none is below 0"), (np.nan, "is not finite")])
def test_a_variance_that_is_none_is_told(variance: float, reason: str) -> None:
    norm = BatchNorm1d(4)
    norm.running_var = Tensor(np.full(4, variance))
    with pytest.raises(ValueError, match=rf"model\[1\]: its variance .*{reason}"):
        Network.of(Sequential(L, norm))
