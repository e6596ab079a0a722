"""PyTorch and scikit-learn themselves: their own predictions, to 1e-6 in float32 and to 1e-9 in float64."""

import warnings
from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np
import pytest

from weightscape.network.network import Network

pytestmark = [pytest.mark.heavy, pytest.mark.filterwarnings("ignore")]
RNG = np.random.default_rng(18)
TOLERANCE = {np.float32: 1e-6, np.float64: 1e-9}
TYPES = list(TOLERANCE)


def program(name: str) -> Any:
    """A program's module; without the program the test fails."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return import_module(name)


@pytest.fixture(scope="module")
def nn() -> Any:
    program("torch").manual_seed(18)
    return program("torch.nn")


def shaken(layer: Any) -> Any:
    """A normalising layer that has seen something."""
    layer.running_mean.normal_()
    layer.running_var.uniform_(0.2, 3.0)
    if layer.affine:
        layer.weight.data.normal_()
        layer.bias.data.normal_()
    return layer


def plain(nn: Any) -> Any:
    return nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 16, bias=False), nn.ReLU(), nn.Linear(16, 3))


def classifier(nn: Any) -> Any:
    inner = nn.Sequential(nn.Linear(16, 8), nn.LeakyReLU(), nn.Dropout(0.3))
    return nn.Sequential(nn.Flatten(), nn.Linear(2, 16), nn.ReLU(inplace=True), inner, nn.Linear(8, 4), nn.Softmax(1))


def normalised(nn: Any) -> Any:
    first, second = shaken(nn.BatchNorm1d(2)), shaken(nn.BatchNorm1d(16))
    third, last = shaken(nn.BatchNorm1d(16, affine=False)), shaken(nn.BatchNorm1d(3))
    return nn.Sequential(
        first, nn.Linear(2, 16), second, nn.SiLU(), third, nn.Linear(16, 16), nn.GELU(), nn.Linear(16, 3), last
    )


def tied(nn: Any) -> Any:
    shared = nn.Linear(16, 16)
    return nn.Sequential(nn.Linear(2, 16), nn.ELU(), shared, nn.Softsign(), shared, nn.Softplus(), nn.Linear(16, 3))


def own(nn: Any) -> Any:
    class Sine(nn.Module):  # type: ignore[misc]  # known at run time alone
        def __init__(self, w0: float) -> None:
            super().__init__()
            self.w0 = w0

        def forward(self, x: Any) -> Any:
            return (self.w0 * x).sin()

    return nn.Sequential(nn.Linear(2, 16), Sine(3.0), nn.Linear(16, 16), Sine(1.0), nn.Linear(16, 3), nn.Sigmoid())


def weight_normalised(nn: Any) -> Any:
    layer = program("torch.nn.utils.parametrizations").weight_norm(nn.Linear(2, 16))
    layer.parametrizations.weight.original0.data *= 1.7
    return nn.Sequential(layer, nn.Tanh(), nn.Linear(16, 3))


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("make", [plain, classifier, normalised, tied, own, weight_normalised])
def test_a_network_of_pytorch_has_its_values(nn: Any, make: Callable[[Any], Any], dtype: Any) -> None:
    torch = program("torch")
    model = make(nn).to(torch.float64 if dtype is np.float64 else torch.float32)
    made, points = Network.of(model), RNG.normal(size=(200, 2)).astype(dtype)
    with torch.no_grad():
        seen = model.eval()(torch.from_numpy(points)).numpy()
    assert seen.dtype == dtype
    assert np.abs(made(points) - seen).max() <= TOLERANCE[dtype] * max(1.0, np.abs(seen).max())


def test_what_pytorch_has_and_we_have_not_is_named(nn: Any) -> None:
    for part, reason in (
        (nn.LeakyReLU(0.2), "LeakyReLU(negative_slope=0.2) is another function"),
        (nn.ELU(0.5), "ELU(alpha=0.5) is another function"),
        (nn.GELU("tanh"), "GELU(approximate='tanh') is another function"),
        (nn.Softplus(2.0), "Softplus(beta=2.0, threshold=20.0) is another function"),
        (nn.LayerNorm(4), "LayerNorm((4,), eps=1e-05"),
        (nn.PReLU(), "PReLU(num_parameters=1) is not read"),
        (nn.Conv1d(1, 1, 1), "Conv1d: convolutional networks are not read yet"),
        (nn.LazyLinear(3), "LazyLinear(in_features=0"),
        (nn.Softmax(0), "Softmax(dim=0) mixes points"),
        (nn.TransformerEncoderLayer(4, 1), "TransformerEncoderLayer( (self_attn)"),
        (nn.BatchNorm1d(4, track_running_stats=False), "BatchNorm1d(4, eps=1e-05"),
        (nn.Linear(4, 4, device="meta"), "model[1].weight is no array"),
    ):
        with pytest.raises(ValueError, match=r"^model\[1\]") as caught:
            Network.of(nn.Sequential(nn.Linear(2, 4), part))
        assert str(caught.value).removeprefix("model[1]: ").startswith(reason)


POINTS = RNG.normal(3.0, 2.0, (200, 4))
CLASSES = np.digitize(POINTS[:, 0], [2.0, 4.0])
TARGETS = POINTS[:, :2] ** 2


def scalers() -> list[Any]:
    of, pca = program("sklearn.preprocessing"), program("sklearn.decomposition").PCA
    return [
        "passthrough",
        of.StandardScaler(),
        of.StandardScaler(with_mean=False),
        of.StandardScaler(with_std=False),
        of.MinMaxScaler((-1, 3)),
        of.MaxAbsScaler(),
        of.RobustScaler(),
        of.RobustScaler(with_centering=False),
        of.FunctionTransformer(),
        pca(3),
        pca(3, whiten=True),
    ]


def test_what_wraps_a_module_of_pytorch_is_that_module(nn: Any) -> None:
    torch, model = program("torch"), plain(nn).double()
    truth = Network.of(model)(POINTS[:, :2])
    averaged = program("torch.optim.swa_utils").AveragedModel(model)
    for wrapped in (nn.DataParallel(model), torch.compile(model), averaged):
        assert np.array_equal(Network.of(wrapped)(POINTS[:, :2]), truth)


def test_hooks_of_pytorch_are_refused_and_parametrizations_are_read(nn: Any) -> None:
    utils = nn.utils
    for change in (
        lambda layer: layer.register_forward_hook(lambda *_: None),
        lambda layer: layer.register_forward_pre_hook(lambda *_: None),
        utils.weight_norm,
        utils.spectral_norm,
        lambda layer: program("torch.nn.utils.prune").l1_unstructured(layer, "weight", 0.5),
    ):
        model = plain(nn).double()
        change(model[2])
        with pytest.raises(ValueError, match=r"model\[2\]: Linear has a forward (pre-)?hook, \S+, which is not read"):
            Network.of(model)
    kinds = utils.parametrizations
    for change in (kinds.weight_norm, kinds.orthogonal, kinds.spectral_norm):
        model = plain(nn).double()
        change(model[2])
        if change is kinds.spectral_norm:
            with pytest.raises(ValueError, match="SpectralNorm that is still training; call"):
                Network.of(model)
        model.eval()
        made = Network.of(model)
        seen = model(program("torch").from_numpy(POINTS[:, :2])).detach().numpy()
        assert np.abs(made(POINTS[:, :2]) - seen).max() <= 1e-9


def test_programs_of_pytorch_are_refused_by_name(nn: Any) -> None:
    torch = program("torch")
    for made in (torch.jit.script(plain(nn)), torch.jit.trace(plain(nn), torch.zeros(1, 2))):
        with pytest.raises(ValueError, match="is TorchScript, a program; hand in the module that it was made of"):
            Network.of(made)


def test_an_activation_that_is_cut_off_far_out_is_another(nn: Any) -> None:
    class Cut(nn.Module):  # type: ignore[misc, name-defined]
        def forward(self, x: Any) -> Any:
            return x.relu().clamp(max=100)

    with pytest.raises(
        ValueError, match=r"model\[1\]: Cut computes relu from -8 to 8 alone: at 10\S+ it is 100, not 10"
    ):
        Network.of(nn.Sequential(nn.Linear(2, 3), Cut()))


def test_a_search_of_scikit_learn_is_its_best_estimator() -> None:
    net = program("sklearn.neural_network").MLPClassifier((8,), max_iter=20, random_state=1)
    search = program("sklearn.model_selection").GridSearchCV(net, {"alpha": [1e-4, 1e-2]}, cv=2)
    with pytest.raises(ValueError, match="GridSearchCV has no best_estimator_ yet"):
        Network.of(search)
    search.fit(POINTS, CLASSES)
    assert np.abs(Network.of(search)(POINTS) - search.predict_proba(POINTS)).max() <= 1e-9


@pytest.mark.parametrize("dtype", TYPES)
def test_a_classifier_of_scikit_learn_has_its_probabilities(dtype: Any) -> None:
    points, net = POINTS.astype(dtype), program("sklearn.neural_network").MLPClassifier
    for scaler in scalers():
        model = program("sklearn.pipeline").make_pipeline(scaler, net((8, 6), max_iter=20, random_state=1))
        model.fit(points, CLASSES)
        made = Network.of(model)
        assert made.widths == (4, 8, 6, 3)
        assert np.abs(made(points) - model.predict_proba(points)).max() <= TOLERANCE[dtype]


@pytest.mark.parametrize("activation", ["identity", "logistic", "tanh", "relu"])
def test_two_classes_are_one_output(activation: str) -> None:
    model = program("sklearn.neural_network").MLPClassifier((8,), activation=activation, max_iter=20, random_state=1)
    model.fit(POINTS, CLASSES > 0)
    assert np.abs(Network.of(model)(POINTS)[:, 0] - model.predict_proba(POINTS)[:, 1]).max() <= 1e-9


def test_a_regressor_of_scikit_learn_has_its_predictions() -> None:
    net, pipe = program("sklearn.neural_network").MLPRegressor, program("sklearn.pipeline").make_pipeline
    scaler = program("sklearn.preprocessing").StandardScaler
    inner = pipe(scaler(), net(hidden_layer_sizes=(8,), activation="tanh", max_iter=20, random_state=1))
    whole = program("sklearn.compose").TransformedTargetRegressor(inner, transformer=scaler())
    for model in (inner, whole):
        model.fit(POINTS, TARGETS)
        assert np.abs(Network.of(model)(POINTS) - model.predict(POINTS)).max() <= 1e-9 * np.abs(TARGETS).max()
