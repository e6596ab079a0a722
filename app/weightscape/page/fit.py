"""What a live page can show: lenses that colour points by values, in single precision, of networks of some size."""

from weightscape.deep.accuracy import METHODS, choose
from weightscape.network.network import distinct_weights
from weightscape.picture.forecast import STRETCHED_TARGET, TARGET, foretold
from weightscape.picture.network_memory import network
from weightscape.scene.scene import OVER, Scene
from weightscape.scene.scene_error import SceneError

LENSES = ("outputs", "cut", "rgb", "unit")
# Weights that are loaded travel as text, eleven characters each.
MAX_TABLE = 1_000_000
# Of the picture that precision is foretold for.
SIZE = (640, 360)


def check(scene: Scene) -> None:
    """Raise SceneError, in one line, for what no page can show."""
    if scene.beside:
        raise SceneError("beside", "a page shows one picture, not a split view")
    for name in (name for name in OVER if getattr(scene, name)):
        raise SceneError(name, f"a page lays no {name} over its picture: render does")
    if scene.lens not in LENSES:
        raise SceneError("lens", f"a page cannot show {scene.lens}; it shows {', '.join(LENSES)}")
    if scene.weights and (count := distinct_weights(network(scene))) > MAX_TABLE:
        raise SceneError("weights", f"{count:,} weights are too many for a page, the limit is {MAX_TABLE:,}")
    _check_precision(scene)


def _check_precision(scene: Scene) -> None:
    accuracy, stretched = foretold(scene, SIZE), scene.levels == "auto"
    if accuracy is None:
        return
    error, target = accuracy.error["single"], TARGET
    if stretched:
        error, target = accuracy.relative("single"), STRETCHED_TARGET
    if error > target:
        needed = choose(accuracy, target, stretched, METHODS)
        field = "radius" if scene.radius < 1e-3 else "layers"
        raise SceneError(field, f"a page has single precision, and this picture needs {needed}: render shows it")
