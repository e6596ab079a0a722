"""From a scene to the questions that an engine answers, by the method that foretells a true picture.

Joins what is wanted with the question that an engine answers; computes no pixel.
"""

from collections.abc import Collection
from dataclasses import replace
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from weightscape.deep.accuracy import METHODS, MOVED, Method
from weightscape.deep.orbit import OrbitError
from weightscape.deep.tangent import shrink
from weightscape.engine.question import NoOrbitError, Question, pixel_grid
from weightscape.engine.softmax import reference
from weightscape.lens.catalogue import wants
from weightscape.lens.lens import Want
from weightscape.network.input import fold
from weightscape.network.view import Size
from weightscape.picture.forecast import chosen, foretold_at, looked_at, planned
from weightscape.picture.network_memory import network
from weightscape.scene.scene import Scene

PrecisionName = Literal["auto", "single", "double", "perturbed", "wide"]
PRECISIONS: tuple[PrecisionName, ...] = get_args(PrecisionName)


def questions(
    scene: Scene,
    size: Size,
    precision: PrecisionName = "single",
    can: Collection[Method] = METHODS,
    relative: bool = False,
) -> tuple[Question, ...]:
    """Ask for all that a scene's lens wants for a picture of `size` (width, height) pixels, a point in each middle.

    "perturbed" carries differences from the centre in float32, "wide" in float64; "auto" takes the cheapest method of
    `can` that foretells a true picture; `relative`: of the differences from the centre, which plain methods have not.
    Raises SceneError for a layer or unit that the network has not, ValueError for inputs, NoOrbitError for a centre
    that no number of bits can follow through the network.
    """
    return tuple(_asked(want, scene, precision, can, relative) for want in wants(scene, network(scene), size))


def question(
    scene: Scene,
    size: Size,
    precision: PrecisionName = "single",
    can: Collection[Method] = METHODS,
    relative: bool = False,
) -> Question:
    """Ask for the first that a scene's lens wants, or, where it wants nothing, for the outputs: see questions()."""
    made = network(scene)
    first = next(iter(wants(scene, made, size)), Want(made, scene.view, size))
    return _asked(first, scene, precision, can, relative)


def _asked(want: Want, scene: Scene, precision: PrecisionName, can: Collection[Method], relative: bool) -> Question:
    made, taps, place = looked_at(want, scene)
    method = precision
    if method == "auto":
        method = chosen(foretold_at(made, *place), want.stretched or scene.levels == "auto", can, relative)
    if relative:
        method = {"single": "perturbed", "double": "wide"}.get(method, method)  # type: ignore[assignment]
    grid = pixel_grid(*want.size)
    if method in MOVED:
        try:
            moved, radial, plan = planned(made, *place, method == "wide")
        except OrbitError as error:
            raise NoOrbitError(f"{method} precision cannot follow the centre: {error}; use single or double") from None
        asked = Question(moved, grid, radial, taps, "perturbed", plan, want.answer)
    else:
        folded, radial = fold(made, *place)
        asked = Question(folded, grid, radial, taps, "double" if method == "double" else "single", None, want.answer)
    if want.answer == "derivatives":
        folded, radial = fold(made, *place)
        return replace(asked, shrink=shrink(folded, radial, *want.size))
    return asked


def centre(scene: Scene, size: Size) -> npt.NDArray[np.float64]:
    """Evaluate the values at the view's centre, as relative outputs leave them out."""
    whole = question(scene, size, "perturbed")
    return reference(whole)
