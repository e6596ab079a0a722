"""From a scene to its exposures: one picture, or a split view's halves."""

from collections.abc import Sequence

from weightscape.deep.orbit import OrbitError
from weightscape.engine.question import Cancelled
from weightscape.lens.catalogue import CATALOGUE
from weightscape.lens.lens import Part, PlaneLens
from weightscape.lens.remedy import remedy
from weightscape.picture.cells_exposure import CellsExposure
from weightscape.picture.chart_exposure import ChartExposure
from weightscape.picture.drawn_exposure import DrawnExposure
from weightscape.picture.exposure import Evaluator, Exposure, first_method
from weightscape.picture.fault import sentence
from weightscape.picture.plane_exposure import PlaneExposure
from weightscape.picture.points_exposure import PointsExposure
from weightscape.picture.questions import PrecisionName
from weightscape.picture.refused_exposure import RefusedExposure
from weightscape.picture.reuse import Kept
from weightscape.scene.scene_error import SceneError


def exposure_of(evaluator: Evaluator, part: Part, precision: PrecisionName, old: Kept | None = None) -> Exposure:
    """Make a part's exposure. Raises what questions() raises, and SceneError for a drawing that is too large."""
    shown = CATALOGUE[part.scene.lens]
    if isinstance(shown, PlaneLens):
        return PlaneExposure(evaluator, part, shown, precision, old)
    if shown.points:
        return PointsExposure(evaluator, part, shown, shown.points, precision)
    if shown.mosaic:
        return CellsExposure(evaluator, part, shown, shown.mosaic, precision)
    if shown.plate:
        return ChartExposure(evaluator, part, shown, precision, old)
    return DrawnExposure(evaluator, part, shown, precision, old)


def window_exposures(evaluator: Evaluator, parts: Sequence[Part], old: Sequence[Kept | None]) -> list[Exposure]:
    """Make a window's exposures, by the last picture's method where it has only moved, else by a quick one.

    One half that cannot be shown is refused alone, and the picture as a whole only with both.
    """
    kept = old if len(old) == len(parts) else [None] * len(parts)
    found: list[Exposure] = []
    faults: list[Exception] = []
    for part, last in zip(parts, kept, strict=True):
        try:
            found.append(_soon(evaluator, part, last))
        except Cancelled:
            raise
        except Exception as error:  # whatever it is, the other half can be shown
            found.append(RefusedExposure(part, _told(part, error)))
            faults.append(error)
    if len(faults) == len(parts):
        raise faults[0]
    return found


def _told(part: Part, error: Exception) -> str:
    """Say what to press where a lens cannot show a half, or what is wrong."""
    helps = remedy(part.scene, is_refused=True) if isinstance(error, SceneError) and error.field == "lens" else None
    return helps.text if helps else sentence(error)


def _soon(evaluator: Evaluator, part: Part, old: Kept | None) -> Exposure:
    method = old.method if old and old.moved_to(part) else first_method(part.scene)
    try:
        return exposure_of(evaluator, part, method, old)
    except OrbitError:  # no reference: what is left is plain
        return exposure_of(evaluator, part, "single")
