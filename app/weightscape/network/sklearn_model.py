"""scikit-learn's networks, and what stands before them in a Pipeline as far as it is affine: it folds into them.

Source: sklearn.neural_network, sklearn.preprocessing, by their documentation. A classifier of two classes has one
output, the second one's probability; of more classes softmax tells one each.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from weightscape.network.chain import Array, Chain
from weightscape.network.foreign import named, real_numbers, told

Affine = tuple[Array, Array]
NAMES = {"identity": "identity", "logistic": "sigmoid", "tanh": "tanh", "relu": "relu", "softmax": "softmax"}
SEARCHES = ("GridSearchCV", "RandomizedSearchCV", "HalvingGridSearchCV", "HalvingRandomSearchCV")
NETWORKS = ("MLPClassifier", "MLPRegressor")


def add_estimator(chain: Chain, model: Any, place: str = "model") -> Chain:
    """Add an estimator's layers to a chain. Raises ValueError, in one sentence, for what is not read."""
    kind = _kind(model)
    if kind == "Pipeline":
        *before, (_, last) = model.steps
        for k, (_, step) in enumerate(before):
            chain = _add_step(chain, step, f"{place}[{k}]")
        return add_estimator(chain, last, f"{place}[{len(before)}]")
    if kind == "TransformedTargetRegressor":
        _check_fitted(model, "regressor_", place)
        chain = add_estimator(chain, model.regressor_, f"{place}.regressor_")
        return _add_inverse(chain, model.transformer_, f"{place}.transformer_")
    if kind in SEARCHES:
        if not hasattr(model, "best_estimator_"):
            raise ValueError(f"{place}: {named(model)} has no best_estimator_ yet: call its fit(X, y), with refit=True")
        return add_estimator(chain, model.best_estimator_, f"{place}.best_estimator_")
    if kind in NETWORKS:
        return _add_network(chain, model, place)
    raise ValueError(f"{place}: {told(model)} is no network; {', '.join(NETWORKS)} are read, and Pipelines with them")


def _kind(step: Any) -> str:
    """Name a class of scikit-learn's own, "" for another, which may do more than the one that it is derived from."""
    return named(step) if type(step).__module__.startswith("sklearn.") else ""


def _add_network(chain: Chain, model: Any, place: str) -> Chain:
    _check_fitted(model, "coefs_", place)
    *hidden, last = zip(model.coefs_, model.intercepts_, strict=True)
    for layer, name in [*((each, model.activation) for each in hidden), (last, model.out_activation_)]:
        if name not in NAMES:
            raise ValueError(f"{place}: {named(model)} has an activation {name!r} that is not read")
        chain = chain.dense(*(real_numbers(each, f"{place}.coefs_") for each in layer)).activated(NAMES[name])
    return chain


def _check_fitted(model: Any, attribute: str, place: str) -> None:
    if not hasattr(model, attribute):
        raise ValueError(f"{place}: {named(model)} has learnt nothing yet: call its fit(X, y) first")


def _add_step(chain: Chain, step: Any, place: str) -> Chain:
    if _is_idle(step):
        return chain
    if _kind(step) != "PCA":
        return chain.scaled(*_scaling(step, place))
    _check_fitted(step, "components_", place)
    return chain.turned(*_turned(step))


def _add_inverse(chain: Chain, step: Any, place: str) -> Chain:
    """Take back what was done to the targets."""
    if _is_idle(step):
        return chain
    a, c = _scaling(step, place)
    return chain.scaled(1.0 / a, -c / a)


def _is_idle(step: Any) -> bool:
    if step in (None, "passthrough"):
        return True
    is_function = _kind(step) == "FunctionTransformer"
    return is_function and step.func is None and step.inverse_func is None


def _scaling(step: Any, place: str) -> Affine:
    """Tell a, c of x a + c, (features,) both. Raises ValueError for what is none."""
    kind = _kind(step)
    if kind not in SCALERS:
        raise ValueError(f"{place}: {told(step)} does not fold into a layer; {', '.join(SCALERS)} and PCA do")
    if getattr(step, "clip", False):
        raise ValueError(f"{place}: {told(step)} cuts values off, which no dense layer does; clip=False folds into one")
    _check_fitted(step, "n_features_in_", place)
    return SCALERS[kind](step)


def _row(step: Any, name: str, is_there: bool, otherwise: float) -> Array:
    """Take one number a feature, or the same for all."""
    if not is_there:
        return np.full(step.n_features_in_, otherwise)
    return real_numbers(getattr(step, name), name)


def _standard(step: Any) -> Affine:
    a = 1.0 / _row(step, "scale_", step.with_std, 1.0)
    return a, -_row(step, "mean_", step.with_mean, 0.0) * a


def _min_max(step: Any) -> Affine:
    return _row(step, "scale_", True, 1.0), _row(step, "min_", True, 0.0)


def _max_abs(step: Any) -> Affine:
    a = 1.0 / _row(step, "scale_", True, 1.0)
    return a, np.zeros_like(a)


def _robust(step: Any) -> Affine:
    a = 1.0 / _row(step, "scale_", step.with_scaling, 1.0)
    return a, -_row(step, "center_", step.with_centering, 0.0) * a


def _turned(step: Any) -> Affine:
    W = real_numbers(step.components_, "components_").T
    if step.whiten:
        deviation = np.sqrt(real_numbers(step.explained_variance_, "explained_variance_"))
        W = W / np.maximum(deviation, np.finfo(np.float64).eps)
    return W, -real_numbers(step.mean_, "mean_") @ W


SCALERS: dict[str, Callable[[Any], Affine]] = {
    "StandardScaler": _standard,
    "MinMaxScaler": _min_max,
    "MaxAbsScaler": _max_abs,
    "RobustScaler": _robust,
}
