"""Numbers of the mathematics that are written in Python alone, and that a page's scripts need, too."""

from importlib import resources
from typing import Any

from weightscape.lens.output import SYMMETRIC
from weightscape.network import activation_name, edit, initialisation, philox
from weightscape.network.activation import PREACTIVATION_LIMIT, chebyshev
from weightscape.network.input import LONGEST, MAX_CONSTANT, MAX_INPUTS, NAMED_INPUTS
from weightscape.network.limit import MAX_WEIGHTS
from weightscape.network.plane import PLANE_INPUTS
from weightscape.network.view import CENTER_PLACES, EXACT, MAX_RADIUS
from weightscape.scene import (
    colour,
    colour_command,
    colour_space,
    command,
    contrast,
    json_text,
    link,
    link_code,
    mean_field,
    mix,
    palette,
    scene,
    scene_field,
    stops,
)
from weightscape.scene.shading import MOST

Numbers = dict[str, Any]


def numbers() -> Numbers:
    """Collect them as values that JSON holds, by the script that reads them."""
    return _network() | _scene() | _colour() | {"mean_field": _mean_field(), "command": _command(), "link": _link()}


def _network() -> Numbers:
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
        "symmetric": SYMMETRIC,
        "contrast": {"low": contrast.LOW, "high": contrast.HIGH, "margin": contrast.MARGIN},
        "largest_gain": MOST,
    }


def _scene() -> Numbers:
    return {
        "recipe": scene.RECIPE,
        "lists": {
            "max_mixed": mix.MAX_MIXED,
            "most_squares": mix.MOST_SQUARES,
            "max_edits": edit.MAX_EDITS,
            "largest": edit.LARGEST,
        },
        "version": scene.VERSION,
        "fingerprints": scene.FINGERPRINTS,
        "exact_integer": scene.EXACT_JSON_INTEGER,
        "max_weights": MAX_WEIGHTS,
        "named_inputs": NAMED_INPUTS,
        "max_inputs": MAX_INPUTS,
        "max_constant": MAX_CONSTANT,
        "max_components": scene_field.MAX_COMPONENTS,
        "max_text": json_text.MAX_TEXT,
        "optional": scene_field.OPTIONAL,
        "named_functions": scene_field.NAMES_OF_FUNCTIONS,
        "activation_names": {
            "names": activation_name.SQUASHED,
            "own_arguments": activation_name.OWN_ARGUMENTS,
            "pattern": activation_name.PATTERN.pattern,
            "any_argument": activation_name.ANY_ARGUMENT.pattern,
        },
        "max_radius": MAX_RADIUS,
        "center_places": CENTER_PLACES,
        "precision": EXACT.prec,
        "shipped_weights": sorted(
            each.name.removesuffix(".npz")
            for each in resources.files("weightscape.assets.weights").iterdir()
            if each.name.endswith(".npz")
        ),
    }


def _colour() -> Numbers:
    return {
        "stops": {"least": stops.LEAST, "most": stops.MOST},
        "oklab": {
            "cones": colour_space.LMS,
            "lab": colour_space.LAB,
            "roots": colour_space.ROOTS,
            "light": colour_space.LIGHT,
        },
        "cyclic": sorted(palette.CYCLIC),
        "third": colour.THIRD,
        "readings": colour.NAMES,
    }


def _mean_field() -> Numbers:
    return {
        "reach": float(mean_field.Z[-1]),
        "count": len(mean_field.Z),
        "endless": mean_field.ENDLESS,
        "max_rounds": mean_field.MAX_ROUNDS,
        "search_step": mean_field.SEARCH_STEP,
        "search_steps": mean_field.SEARCH_STEPS,
    }


def _command() -> Numbers:
    return {
        "widths": command.WIDTHS,
        "coarse": command.COARSE,
        "fine": command.FINE,
        "zoom_step": command.ZOOM_STEP,
        "seeds": command.SEEDS,
        "turn_degrees": command.TURN_DEGREES,
        "time_step": command.TIME_STEP,
        "stepped": colour_command.STEPPED,
        "network": command.NET,
        "stays": command.STAYS,
    }


def _link() -> Numbers:
    return {
        "before": link.BEFORE,
        "version": link.VERSION,
        "alphabet": link.ALPHABET,
        "prime": link.PRIME,
        "check": link.CHECK,
        "length": link.LENGTH,
        "longest": link.LONGEST,
        "wrapping": link.WRAPPING,
        "leading": link.LEADING,
        "bases": {
            "few": link_code.FEW,
            "some": link_code.SOME,
            "many": link_code.MANY,
            "letter": link_code.LETTER,
            "input": link.INPUT,
        },
        "most_digits": link_code.MOST_DIGITS,
        "most_exponent": link_code.MOST_EXPONENT,
    }
