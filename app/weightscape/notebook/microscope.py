"""The live widget: a scene that Python and a hand in the browser change in turns, and a network in place of weights."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

try:
    import anywidget
except ImportError as error:
    raise ImportError("Microscope needs anywidget: pip install 'weightscape[notebook]'") from error
import traitlets

from weightscape.network.network import Network, distinct_weights, within_limits
from weightscape.network.view import Size
from weightscape.notebook.module import module
from weightscape.notebook.painter import PAINTER, Request
from weightscape.notebook.still import png
from weightscape.page.fit import MAX_TABLE
from weightscape.page.network_table import table
from weightscape.picture.network_memory import copied, is_handed_in, lend, lent_name, untold
from weightscape.picture.network_memory import network as made
from weightscape.picture.questions import PRECISIONS
from weightscape.picture.render import check_inputs, checked
from weightscape.scene.link import from_link
from weightscape.scene.scene import Scene, from_mapping, from_text, overridden
from weightscape.scene.scene_error import SceneError

HEIGHTS = (80, 4000)
# That a slider moves; those of the network's size and weights are for random ones.
SLIDERS = ("layers", "width", "scale", "bias_scale", "part", "time", "layer", "unit", "angle", "radius")


def tables(name: str, network: Network) -> dict[str, Any]:
    """Write a network for the browser; one that is too large is left to the kernel."""
    return {name: table(network)} if distinct_weights(network) <= MAX_TABLE else {}


def is_there(scene: Scene) -> bool:
    """Tell whether somebody still holds the network that a scene names."""
    try:
        return made(scene) is not None
    except SceneError:
        return False


class SceneTrait(traitlets.TraitType[Scene, Any]):
    """Take a scene, its text, its link or a mapping of its fields; as a scene it is kept."""

    info_text = "a Scene, its text, its link, or a mapping of its fields"

    def validate(self, obj: Any, value: Any) -> Scene:
        """Make a scene. Raises SceneError, or TraitError for what is none of these."""
        if isinstance(value, Scene):
            return value
        if isinstance(value, str):
            return from_text(value) if value.lstrip().startswith("{") else from_link(value)
        if isinstance(value, Mapping):
            return from_mapping(value)
        self.error(obj, value)


class Microscope(anywidget.AnyWidget):
    """Show a scene, or a network, live in a notebook: drag, wheel, keys and sliders, as in the window.

    `scene`: what is seen, a trait. It is set as a Scene, its text, its link or a mapping of its fields, and follows the
    hand; `observe(f, "scene")` hears of it. `network`: what is looked at. `view`, for a network: a scene whose view,
    inputs, lens and colours are taken. `height` of the picture in CSS pixels, 80..4000; `sliders`: names of fields, by
    default those of the network at hand; `precision` as in render(). The browser draws by WebGL, the kernel what single
    precision or the page's lenses cannot. Raises what render() raises.
    """

    _esm = module()
    scene = SceneTrait().tag(sync=True, to_json=lambda scene, _: scene.to_text(), from_json=lambda text, _: text)
    height = traitlets.Int(400, min=HEIGHTS[0], max=HEIGHTS[1]).tag(sync=True)
    sliders = traitlets.Tuple().tag(sync=True)
    precision = traitlets.Enum(PRECISIONS, "auto").tag(sync=True)
    networks = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        scene: Scene | Network | Mapping[str, Any] | str | None = None,
        *,
        view: Scene | None = None,
        **traits: Any,
    ) -> None:
        self._lent: Network | None = None
        self._size: Size | None = None  # of what the kernel draws
        first = None if isinstance(scene, Network) else (Scene() if scene is None else scene)
        super().__init__(scene=view or Scene() if first is None else first, **traits)
        if isinstance(scene, Network):
            self.network = scene
        self.on_msg(self._hear)

    @property
    def network(self) -> Network:
        """The network that is looked at. Set it to another, or to a model that Network.of() takes: the view stays."""
        return made(self.scene)

    @network.setter
    def network(self, given: object) -> None:
        network = copied(within_limits(given if isinstance(given, Network) else Network.of(given)))
        check_inputs(network, self.scene)
        name = lent_name(network)
        lend({name: network})
        with self.hold_sync():
            self._lent = network  # as long as it is looked at
            self.networks = tables(name, network)
            self.scene = overridden(self.scene, weights=name)

    @traitlets.validate("sliders")
    def _known(self, proposal: Any) -> tuple[str, ...]:
        names = tuple(proposal["value"])
        if unknown := [name for name in names if name not in SLIDERS]:
            raise traitlets.TraitError(f"sliders: {unknown[0]!r} is not one of {', '.join(SLIDERS)}")
        return names

    @traitlets.validate("scene")
    def _carried(self, proposal: Any) -> Scene:
        """Hand the browser weights that it cannot draw, before the scene. Raises what network() raises."""
        scene: Scene = proposal["value"]
        if self._lent is not None and is_handed_in(scene.weights) and not is_there(scene):
            scene = overridden(scene, weights=lent_name(self._lent))  # the browser has not heard of a newer one
        if scene.weights and (scene.weights not in self.networks or untold(scene.weights)):
            self.networks = tables(scene.weights, made(scene))
        return scene

    def _hear(self, _: object, content: Any, buffers: object) -> None:
        """Have the kernel draw what the browser asks for: {"kind": "draw", "id", "scene", "size"}."""
        if not isinstance(content, dict) or content.get("kind") != "draw":
            return
        number, precision = content.get("id"), self.precision

        def answer(told: dict[str, object], picture: bytes) -> None:
            self.send(told | {"id": number}, [picture] if picture else None)

        try:
            size, _samples = checked("auto", precision, content.get("size"))
            scene = from_text(str(content.get("scene")))
        except ValueError as error:
            answer({"kind": "problem", "text": str(error)}, b"")
            return
        if is_handed_in(scene.weights) and (self._lent is None or scene.weights != lent_name(self._lent)):
            return  # the browser is about to hear of a newer one
        PAINTER.ask(self, Request(scene, size, precision, answer))

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """Add a picture for readers without a kernel."""
        bundle = super()._repr_mimebundle_(**kwargs)
        data, about = bundle if isinstance(bundle, tuple) else (bundle, {})
        try:
            drawn = png(self.scene)
        except Exception:  # as network/showing.py
            drawn = None
        if data and drawn:
            data = {**data, "image/png": b64encode(drawn[0]).decode()}
            about = {**about, "image/png": drawn[1]}
        return data, about
