"""scikit-learn's networks with what stands before them, and lists of arrays."""

from typing import Any

import numpy as np
import pytest
from foreign_model import Tensor, estimator, fitted, pipeline

from weightscape.network.network import Network

RNG = np.random.default_rng(5)
POINTS = RNG.normal(2.0, 3.0, (30, 4))
PREPROCESSING = "sklearn.preprocessing"
MEAN, SCALE, LEAST = RNG.normal(size=4), RNG.uniform(0.5, 2.0, 4), RNG.normal(size=4)
BOTH = {"mean_": MEAN, "scale_": SCALE, "min_": LEAST, "center_": MEAN, "n_features_in_": 4}
TURN = {"components_": RNG.normal(size=(3, 4)), "mean_": MEAN, "explained_variance_": np.array([4.0, 1.0, 0.25])}


def test_a_network_is_its_layers() -> None:
    model = fitted("MLPClassifier", 4, 8, 3)
    made = Network.of(model)
    assert (made.widths, made.activations) == ((4, 8, 3), ("relu", "softmax"))
    h = np.maximum(0, POINTS @ model.coefs_[0] + model.intercepts_[0])
    assert np.allclose(made.logits(POINTS), h @ model.coefs_[1] + model.intercepts_[1], rtol=1e-13)
    assert np.allclose(made(POINTS).sum(-1), 1.0)


@pytest.mark.parametrize(
    ("hidden", "last", "names"),
    [("logistic", "logistic", ("sigmoid", "sigmoid")), ("tanh", "identity", ("tanh", "identity"))],
)
def test_activations_have_our_names(hidden: str, last: str, names: tuple[str, str]) -> None:
    assert Network.of(fitted("MLPRegressor", 2, 5, 1, activation=hidden, out_activation_=last)).activations == names


def scaler(kind: str, **changes: Any) -> Any:
    flags = dict.fromkeys(("with_mean", "with_std", "with_centering", "with_scaling"), True)
    return estimator(kind, PREPROCESSING, **{**BOTH, **flags, **changes})


@pytest.mark.parametrize(
    ("step", "fed"),
    [
        (scaler("StandardScaler"), (POINTS - MEAN) / SCALE),
        (scaler("StandardScaler", with_mean=False), POINTS / SCALE),
        (scaler("StandardScaler", with_std=False, scale_=None), POINTS - MEAN),
        (scaler("MinMaxScaler", clip=False), POINTS * SCALE + LEAST),
        (scaler("MaxAbsScaler"), POINTS / SCALE),
        (scaler("RobustScaler"), (POINTS - MEAN) / SCALE),
        (scaler("RobustScaler", with_centering=False, center_=None), POINTS / SCALE),
        (estimator("FunctionTransformer", PREPROCESSING, func=None, inverse_func=None), POINTS),
        ("passthrough", POINTS),
        (None, POINTS),
    ],
)
def test_what_scales_the_inputs_folds_into_the_first_layer(step: Any, fed: Any) -> None:
    model = fitted("MLPClassifier", 4, 8, 3)
    made = Network.of(pipeline(step, model))
    assert made.widths == (4, 8, 3)
    assert np.allclose(made(POINTS), Network.of(model)(fed), rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("whiten", [False, True])
def test_turned_inputs_fold_too_with_scalers_around(whiten: bool) -> None:
    turn = estimator("PCA", "sklearn.decomposition", whiten=whiten, **TURN)
    model, after = fitted("MLPClassifier", 3, 8, 3), np.array([2.0, 3.0, 0.5])
    steps = scaler("StandardScaler"), turn, scaler("MaxAbsScaler", scale_=after, n_features_in_=3), model
    made = Network.of(pipeline(*steps))
    fed = ((POINTS - MEAN) / SCALE - MEAN) @ TURN["components_"].T
    fed = (fed / np.array([2.0, 1.0, 0.5]) if whiten else fed) / after
    assert made.widths == (4, 8, 3)
    assert np.allclose(made(POINTS), Network.of(model)(fed), rtol=1e-10, atol=1e-12)
    twice = Network.of(pipeline(turn, estimator("PCA", "sklearn.decomposition", whiten=False, **SMALL), model))
    assert twice.widths == (4, 8, 3)


SMALL = {"components_": np.eye(3)[::-1], "mean_": np.ones(3)}


def test_scaled_targets_are_scaled_back() -> None:
    inner = fitted("MLPRegressor", 4, 6, 4, activation="tanh", out_activation_="identity")
    model = estimator(
        "TransformedTargetRegressor", "sklearn.compose", regressor_=inner, transformer_=scaler("StandardScaler")
    )
    assert np.allclose(Network.of(model)(POINTS), Network.of(inner)(POINTS) * SCALE + MEAN, rtol=1e-12)


UNREAD: list[tuple[Any, str]] = [
    (
        estimator("GridSearchCV", "sklearn.model_selection._search"),
        "model: GridSearchCV has no best_estimator_ yet: call its fit(X, y), with refit=True",
    ),
    (estimator("MLPClassifier"), "model: MLPClassifier has learnt nothing yet: call its fit(X, y) first"),
    (
        pipeline(estimator("StandardScaler", "mine"), fitted("MLPClassifier", 4, 3)),
        "model[0]: StandardScaler() does not fold",
    ),
    (
        pipeline(estimator("StandardScaler", PREPROCESSING), fitted("MLPClassifier", 4, 3)),
        "model[0]: StandardScaler has learnt nothing yet",
    ),
    (
        pipeline(scaler("MinMaxScaler", clip=True), fitted("MLPClassifier", 4, 3)),
        "model[0]: MinMaxScaler() cuts values off",
    ),
    (
        pipeline(estimator("PolynomialFeatures", PREPROCESSING), fitted("MLPClassifier", 4, 3)),
        "model[0]: PolynomialFeatures() does not fold into a layer; StandardScaler, MinMaxScaler",
    ),
    (pipeline(None, estimator("SVC", "sklearn.svm")), "model[1]: SVC() is no network; MLPClassifier, MLPRegressor"),
    (fitted("MLPRegressor", 4, 3, out_activation_="exp"), "model: MLPRegressor has an activation 'exp' that is not"),
]


@pytest.mark.parametrize(("model", "reason"), UNREAD)
def test_what_is_not_read_is_named(model: Any, reason: str) -> None:
    with pytest.raises(ValueError, match=r"^model") as caught:
        Network.of(model)
    assert str(caught.value).startswith(reason)


def test_arrays_are_weights_and_biases_in_turn() -> None:
    W1, b1, W2, b2 = RNG.normal(size=(2, 5)), RNG.normal(size=5), RNG.normal(size=(5, 5)), RNG.normal(size=5)
    flat = Network.of([W1, b1, W2, b2, W2, b2], ["Tanh", "relu", "linear"])
    assert (flat.widths, flat.activations) == ((2, 5, 5, 5), ("tanh", "relu", "identity"))
    assert flat.weights[0] is W1
    assert flat.weights[1] is flat.weights[2]
    pairs = Network.of([(W1.tolist(), b1.tolist()), (W2, b2)], ["tanh", "softmax"])
    assert np.array_equal(pairs.weights[0], W1)
    tensors = Network.of([Tensor(W1), Tensor(b1)], ["tanh"])
    assert np.array_equal(tensors.weights[0], W1)


ARRAYS: list[tuple[Any, Any, str]] = [
    ([np.eye(2)], ["tanh"], "1 arrays are no W1, b1, W2, b2"),
    ([np.eye(2), np.ones(2)], [], r"activations: \[\] names none for each of the 1 layers"),
    ([np.eye(2), np.ones(2)], "tanh", "activations: 'tanh' names none for each of the 1 layers"),
    ([np.ones((3, 2)), np.ones(3)], ["tanh"], r"layer 1: weights \(3, 2\) lie as \(outputs, inputs\); hand in W.T"),
    ([np.ones((2, 3)), np.ones(4)], ["tanh"], "layer 1: shapes"),
    ([np.eye(2), ["a", "b"]], ["tanh"], "array 2 is no array of real numbers"),
    ([], [], "list: no network is read from it; hand in a torch.nn.Sequential, scikit-learn's MLPClassifier"),
    ({"W1": np.eye(2)}, [], r"activations: \[\] names none for each of the 1 layers, and nor do the arrays"),
    ({"W1": np.eye(2)}, "tanh", "activations: 'tanh' is no list of names"),
    ({"W1": np.eye(2), "W2": np.eye(2), "W3": np.eye(2)}, ["relu"], "names none for each of the 3 layers"),
    ({"W1": np.eye(2), "activations": "relu"}, ["tanh"], "activations: they are given, and member activations names"),
    ({"W1": np.ones((2, 3)), "W2": np.eye(2)}, ["relu", "relu"], r"member W2 has shape \(2, 2\); want \(3, outputs\)"),
    ({"conv.weight": np.ones((3, 2, 2, 2)), "conv.bias": np.ones(3)}, ["relu"], "member conv.weight"),
    ({"W1": np.array([["a", "b"]])}, ["relu"], "member W1 is no array of real numbers"),
    ({"W1": 3}, ["relu"], r"member W1 has shape \(\)"),
    ({"lr": 0.1, 7: np.eye(2)}, ["relu"], "there are no layers: want members W1"),
    ({}, ["relu"], "there are no layers: want members W1"),
    ({str(k): 0 for k in range(601)}, ["relu"], "there are 601 arrays, at most 600 are read"),
    ({"W1": np.eye(2) * np.nan}, ["relu"], "member W1"),
    ("net.npz", [], "str: no network is read"),
    (None, [], "NoneType: no network is read"),
    (fitted("MLPClassifier", 2, 3), ["tanh"], "activations: a MLPClassifier has its own"),
]


@pytest.mark.parametrize(("model", "names", "reason"), ARRAYS)
def test_other_arrays_are_named(model: Any, names: Any, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Network.of(model, names)


def test_a_search_is_its_best_estimator() -> None:
    best = pipeline(scaler("StandardScaler"), fitted("MLPClassifier", 4, 8, 3))
    found = estimator("GridSearchCV", "sklearn.model_selection._search", best_estimator_=best)
    assert np.array_equal(Network.of(found).weights[0], Network.of(best).weights[0])
