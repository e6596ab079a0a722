"""A module that somebody wrote, taken for the activation that it computes: it is tried at numbers, near and far."""

from typing import Any

import numpy as np
import numpy.typing as npt

from weightscape.network.activation import ACTIVATIONS
from weightscape.network.activation_name import known_names
from weightscape.network.foreign import Array, named, real_numbers

# Most pre-activations are near; what cuts values off, or changes beyond a threshold, shows far.
NEAR, FAR = 8.0, 1000.0
CLOSE = 1e-9  # relative above 1: PyTorch's own softplus is 2e-9 off from 20 on


def tried(module: Any, sample: Any) -> tuple[str, float]:
    """Find f and k so that f(k z) are a module's values at numbers z between -1000 and 1000, in no order.

    k is 1, or a number that the module holds, such as the frequency of a sine, or what divides by that. `sample`: any
    tensor of the model, None without one. Raises ValueError, with where it differs from an activation that it is near.
    """
    z = _numbers()
    seen, near = _values(module, sample, z), ""
    for factor in _factors(module):
        for each in ACTIVATIONS.values():
            differs = _differing(np.asarray(each.function(factor * z), np.float64), seen)
            if not differs.any():
                return each.name, factor
            if not near and not differs[np.abs(z) <= NEAR].any():
                at = np.array([min(z[differs], key=abs)])
                ours, own = each.function(factor * at)[0], seen[z == at][0]
                near = f"{each.name} from -8 to 8 alone: at {at[0]:.6g} it is {own:.6g}, not {ours:.6g}"
    raise ValueError(f"{named(module)} computes {near or f'none of the activations {known_names()}'}")


def _differing(ours: Array, seen: Array) -> npt.NDArray[np.bool_]:
    """Tell where values differ, or are none."""
    return np.logical_not(np.abs(ours - seen) <= CLOSE * np.maximum(1.0, np.abs(ours)))


def _numbers() -> Array:
    """Draw the numbers, (1, n): many that are near, and far ones of every size."""
    random = np.random.default_rng(0)
    far = np.exp(random.uniform(np.log(NEAR), np.log(FAR), 200)) * random.choice([-1.0, 1.0], 200)
    return np.concatenate([random.uniform(-NEAR, NEAR, 400), far, [-FAR, FAR]])[None]


def _values(module: Any, sample: Any, z: Array) -> Array:
    """Tell a module's values, NaN where it has none of z's shape."""
    none = np.full_like(z, np.nan)
    if sample is None:
        return none
    try:
        with np.errstate(all="ignore"):
            seen = real_numbers(module(sample.detach().double().new_tensor(z.tolist())), "")
    except Exception:  # whatever somebody's code raises where it is fed something else
        return none
    return seen if seen.shape == z.shape else none


def _factors(module: Any) -> list[float]:
    numbers = [float(each) for each in vars(module).values() if type(each) in (int, float) and 1e-6 < abs(each) < 1e6]
    return [1.0, *numbers, *(1.0 / each for each in numbers)]
