"""How the numbers of a layer are drawn: five rules for their size, two shapes for their distribution.

From uniform draws (philox.py) to weights and biases; says nothing about layers or pictures.
"""

import math

import numpy as np

from weightscape.network.philox import Draws, tied_stream

RULES = ("fixed", "lecun", "glorot", "he", "orthogonal")
SHAPES = ("uniform", "normal")
DEFAULT_BIAS_SCALE = 0.3
SQRT_3 = math.sqrt(3.0)

# M. J. Wichura, algorithm AS 241 (PPND16), Applied Statistics 37 (1988): numerator and denominator, ascending
# powers, for the centre (in 0.180625 - (u - 1/2)^2), the shoulders (in r - 1.6) and the tails (in r - 5).
CENTRE = (
    (
        3.3871328727963666080e0,
        1.3314166789178437745e2,
        1.9715909503065514427e3,
        1.3731693765509461125e4,
        4.5921953931549871457e4,
        6.7265770927008700853e4,
        3.3430575583588128105e4,
        2.5090809287301226727e3,
    ),
    (
        1.0,
        4.2313330701600911252e1,
        6.8718700749205790830e2,
        5.3941960214247511077e3,
        2.1213794301586595867e4,
        3.9307895800092710610e4,
        2.8729085735721942674e4,
        5.2264952788528545610e3,
    ),
)
SHOULDER = (
    (
        1.42343711074968357734e0,
        4.63033784615654529590e0,
        5.76949722146069140550e0,
        3.64784832476320460504e0,
        1.27045825245236838258e0,
        2.41780725177450611770e-1,
        2.27238449892691845833e-2,
        7.74545014278341407640e-4,
    ),
    (
        1.0,
        2.05319162663775882187e0,
        1.67638483018380384940e0,
        6.89767334985100004550e-1,
        1.48103976427480074590e-1,
        1.51986665636164571966e-2,
        5.47593808499534494600e-4,
        1.05075007164441684324e-9,
    ),
)
TAIL = (
    (
        6.65790464350110377720e0,
        5.46378491116411436990e0,
        1.78482653991729133580e0,
        2.96560571828504891230e-1,
        2.65321895265761230930e-2,
        1.24266094738807843860e-3,
        2.71155556874348757815e-5,
        2.01033439929228813265e-7,
    ),
    (
        1.0,
        5.99832206555887937690e-1,
        1.36929880922735805310e-1,
        1.48753612908506148525e-2,
        7.86869131145613259100e-4,
        1.84631831751005468180e-5,
        1.42151175831644588870e-7,
        2.04426310338993978564e-15,
    ),
)


def inverse_normal_cdf(u: Draws) -> Draws:
    """Map probabilities in (0, 1) to standard normal deviates, relative error about 1e-16 (AS 241)."""
    q = u - 0.5
    deviates = q * _ratio(CENTRE, 0.180625 - q * q)
    far = np.abs(q) > 0.425
    if far.any():
        r = np.sqrt(-np.log(np.minimum(u[far], 1.0 - u[far])))
        size = np.where(r <= 5.0, _ratio(SHOULDER, r - 1.6), _ratio(TAIL, r - 5.0))
        deviates[far] = np.copysign(size, q[far])
    return deviates


def _ratio(coefficients: tuple[tuple[float, ...], tuple[float, ...]], x: Draws) -> Draws:
    numerator, denominator = (np.zeros_like(x) + row[-1] for row in coefficients)
    for a, b in zip(coefficients[0][-2::-1], coefficients[1][-2::-1], strict=True):
        numerator, denominator = numerator * x + a, denominator * x + b
    return numerator / denominator


def half_width(rule: str, scale: float, n_in: int, n_out: int) -> float:
    """Tell half the width of a layer's uniform weights: sqrt 3 times their standard deviation.

    Rules: fixed (`scale` itself), lecun (variance 1/n_in), glorot (2/(n_in + n_out)), he (2/n_in), and for
    orthogonal the variance of an entry of an orthonormal matrix, 1/max(n_in, n_out).
    """
    match rule:
        case "fixed":
            return scale
        case "lecun":
            return scale * SQRT_3 / math.sqrt(n_in)
        case "glorot":
            return scale * SQRT_3 * math.sqrt(2.0 / (n_in + n_out))
        case "he":
            return scale * SQRT_3 * math.sqrt(2.0 / n_in)
        case "orthogonal":
            return scale * SQRT_3 / math.sqrt(max(n_in, n_out))
    raise ValueError(f"no rule {rule!r}")


def weights(rule: str, shape: str, scale: float, draws: Draws) -> Draws:
    """Shape uniform draws into a weight matrix, (n_in, n_out); `orthogonal` always starts from normal ones."""
    n_in, n_out = draws.shape
    if rule == "orthogonal":
        return scale * _orthonormal(inverse_normal_cdf(draws))
    return _shaped(shape, half_width(rule, scale, n_in, n_out), draws)


def biases(rule: str, shape: str, scale: float, bias_scale: float | None, draws: Draws) -> Draws:
    """Shape uniform draws into biases: like weights under `fixed`, of deviation `bias_scale` under the other rules."""
    deviation = DEFAULT_BIAS_SCALE if bias_scale is None else bias_scale
    return _shaped(shape, scale if rule == "fixed" else SQRT_3 * deviation, draws)


def _shaped(shape: str, width: float, draws: Draws) -> Draws:
    if shape == "normal":
        return (width / SQRT_3) * inverse_normal_cdf(draws)
    return (2.0 * draws - 1.0) * width


def _orthonormal(normal: Draws) -> Draws:
    """Orthonormal rows or columns, whichever are fewer; the signs make R's diagonal positive, so Q is unique."""
    tall = normal if normal.shape[0] >= normal.shape[1] else normal.T
    q, r = np.linalg.qr(tall)
    q = q * np.where(np.diag(r) < 0.0, -1.0, 1.0)
    return q if tall is normal else np.ascontiguousarray(q.T)


def tied_draws(seed: int, normal: bool, count: int) -> Draws:
    """Draw a tied network's stream; half a step is added where it feeds an inverse, since its numbers can be 0."""
    stream = tied_stream(seed, count)
    return stream + 2.0**-24 if normal else stream
