"""What helps where a picture tells little, and what its colours mean, as far as that is known yet.

What takes longer than a frame is found out in a thread, and comes later.
"""

from weightscape.explore.explorer import Explorer
from weightscape.explore.tell.advice import helping, hinting, seen
from weightscape.explore.tell.classes import classes
from weightscape.explore.tell.legend import Rates, legend, rates, stretched
from weightscape.lens.reach import is_plain
from weightscape.lens.remedy import Remedy, Seen
from weightscape.network.view import View
from weightscape.picture.placement import is_fitted
from weightscape.picture.tally import many
from weightscape.scene.scene import Scene
from weightscape.window.message import Classes, Legend


def remedy(explorer: Explorer) -> Remedy | None:
    """Tell what helps where there is no picture of the scene, or of half of it, as it is seen now."""
    scene, fault = explorer.scene, explorer.fault
    return helping(scene, fault) if fault or scene.beside else None


def hint(explorer: Explorer) -> Remedy | None:
    """Tell what to do where the picture that is seen tells nothing; of a scene it stays while that is drawn again."""
    if explorer.fault or explorer.request is None or explorer.preview.scene:
        return None
    scene, known = explorer.scene, _seen(explorer)
    found = hinting(scene, known, explorer.window.size_px)
    if found is None and (outside := _outside(explorer)):
        return outside
    if found or known:
        explorer.hinted = scene if found else None, found
    return explorer.hinted[1] if explorer.hinted[0] == scene else None


def _outside(explorer: Explorer) -> Remedy | None:
    """Offer a view of all points where most are outside the first view; whoever has moved from there knows where to."""
    scene, found = explorer.scene, explorer.painter.tally
    view = found.outlook.all_in if found and found.outlook else None
    if not found or not view or scene.beside or scene.view != View(angle=scene.angle):
        return None
    if 2 * found.outside <= found.rows:
        return None
    return Remedy(
        f"{found.outside:,} of {many(found.rows, 'point')} are outside: press Enter to see all", scene.looking(view)
    )


def has_lasting_hint(explorer: Explorer) -> bool:
    """Tell whether a hint has room of its own, for as long as the scene: one that is known at once, or over a chart."""
    if explorer.fault or explorer.preview.scene:
        return False
    scene = explorer.scene
    is_known = hinting(scene, None, explorer.window.size_px) is not None
    return is_known or (explorer.hinted[0] == scene and is_fitted(scene))


def legend_of(explorer: Explorer, scene: Scene) -> Legend | None:
    """Say what the colours mean of the half that is looked at through the lens stretch, if one is."""
    half = stretched(scene)
    return legend(half, _rates(explorer, half)) if half else None


def classes_of(explorer: Explorer, scene: Scene) -> Classes | None:
    """Say what the colours of the points over a picture mean, and how many there are, as far as that is known."""
    found = explorer.painter.tally
    return classes(found, bool(scene.beside)) if found and (scene.points or scene.beside) else None


def _seen(explorer: Explorer) -> Seen | None:
    """Tell what is known of a fine picture; None where there is none yet."""
    scene, request = explorer.scene, explorer.request
    if not explorer.is_at_rest or request is None:
        return None
    if scene.lens == "stretch":
        found = _rates(explorer, scene)
        return Seen(1.0, 0.0, is_beyond=found.is_beyond) if found else None
    known, size = explorer.painter.truth, explorer.window.size_px
    spread = known[1].accuracy.spread if known and known[0] == request.number else None
    if scene.lens == "regions":
        spread = 1.0  # of values it has none
    if spread is None or not (scene.lens in ("height", "regions") or is_plain(scene)):
        return None if spread is None else Seen(spread, 0.0)
    return explorer.findings.find(("seen", scene, spread, size), lambda: seen(scene, spread, size))


def _rates(explorer: Explorer, scene: Scene) -> Rates | None:
    if not explorer.is_at_rest:
        return None
    return explorer.findings.find(("rates", scene), lambda: rates(scene))
