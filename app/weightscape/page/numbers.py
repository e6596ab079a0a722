"""Numbers of the mathematics that are written in Python alone, and that a page's scripts need, too."""

from typing import Any

from weightscape.lens.output import SYMMETRIC
from weightscape.network import initialisation, philox
from weightscape.network.activation import PREACTIVATION_LIMIT, chebyshev
from weightscape.network.input import LONGEST, MAX_CONSTANT, MAX_INPUTS, NAMED_INPUTS
from weightscape.network.network import MAX_WEIGHTS
from weightscape.network.plane import PLANE_INPUTS
from weightscape.network.view import MAX_RADIUS
from weightscape.scene.contrast import HIGH, LOW, MARGIN
from weightscape.scene.scene import EXACT_JSON_INTEGER, FINGERPRINTS, RECIPE, VERSION
from weightscape.scene.scene_field import MAX_COMPONENTS, OPTIONAL
from weightscape.scene.shading import MOST


def numbers() -> dict[str, Any]:
    """Collect them as values that JSON holds."""
    return {
        "philox": {
            "multipliers": [int(philox.MULTIPLIER_0), int(philox.MULTIPLIER_1)],
            "weyl": [philox.WEYL_0, philox.WEYL_1],
            "rounds": philox.ROUNDS,
            "article_key": philox.ARTICLE_KEY,
        },
        "centre": initialisation.CENTRE,
        "shoulder": initialisation.SHOULDER,
        "tail": initialisation.TAIL,
        "default_bias_scale": initialisation.DEFAULT_BIAS_SCALE,
        "chebyshev": chebyshev(23),
        "preactivation_limit": PREACTIVATION_LIMIT,
        "longest": LONGEST,
        "plane_inputs": PLANE_INPUTS,
        "recipe": RECIPE,
        "version": VERSION,
        "fingerprints": FINGERPRINTS,
        "exact_integer": EXACT_JSON_INTEGER,
        "max_weights": MAX_WEIGHTS,
        "named_inputs": NAMED_INPUTS,
        "max_inputs": MAX_INPUTS,
        "max_constant": MAX_CONSTANT,
        "max_components": MAX_COMPONENTS,
        "max_radius": MAX_RADIUS,
        "optional": OPTIONAL,
        "symmetric": SYMMETRIC,
        "contrast": {"low": LOW, "high": HIGH, "margin": MARGIN},
        "largest_gain": MOST,
    }
