"""A scene that shows another loaded network in place of one: through the same view and lens, as far as that can be."""

from dataclasses import replace

from weightscape.lens.split import other
from weightscape.picture.network_memory import widths
from weightscape.scene.epoch import file_of, number_of
from weightscape.scene.lens_name import LENSES
from weightscape.scene.loaded import names_in, renamed_in
from weightscape.scene.naming import base_name
from weightscape.scene.scene import Scene
from weightscape.scene.scene_error import SceneError


def fitting(scene: Scene, widths: tuple[int, ...]) -> Scene:
    """Give back a scene whose inputs and whose lens's layer and units a loaded network of these widths has.

    Raises SceneError for one that has others; a random network has what its recipe says.
    """
    own, units = LENSES[scene.lens].fields, widths[1:]
    if not scene.origin and len(scene.inputs) != widths[0]:
        raise SceneError("inputs", f"{len(scene.inputs)} are listed, the network has {widths[0]}")
    if "layer" in own and scene.layer > len(units):
        raise SceneError("layer", f"{scene.layer} is not in 0..{len(units)}")
    for name, asked in (("unit", (scene.unit,)), ("units", scene.units)):
        if name not in own or scene.lens == "weights":  # which shows what there is
            continue
        last = units[(scene.layer or len(units)) - 1] - 1
        if max(asked) > last:
            raise SceneError(name, f"{max(asked)} is not in 0..{last}, the units of layer {scene.layer}")
    return scene


def fitted(scene: Scene, name: str) -> Scene:
    """Check both halves of a scene that show a network. Raises SceneError."""
    halves = [replace(scene, beside=""), *([other(scene)] if scene.beside else [])]
    for half in halves:
        if half.weights == name:
            fitting(half, widths(half))
    return scene


def successor(scene: Scene, file: str, name: str) -> tuple[Scene, str]:
    """Show a file's new network as the one before, from another layer or through no lens where need be; say which.

    Raises SceneError.
    """
    scene = renewed(scene, file, name)
    plain = Scene()
    first = replace(scene, layer=plain.layer, unit=plain.unit, units=plain.units)
    fault: SceneError | None = None
    for each in (scene, first, replace(first, lens=plain.lens)):
        try:
            return fitted(each, name), f"{base_name(file)} has another network: {fault}" if fault else ""
        except SceneError as error:
            fault = fault or error
    assert fault
    raise fault


def renewed(scene: Scene, file: str, name: str) -> Scene:
    """Show a file's new network wherever the newest one was seen; a half that shows an older one keeps it."""
    now = name_in(scene, file)
    return renamed_in(scene, lambda each: name if each == now else each)


def name_in(scene: Scene, file: str) -> str:
    """Tell which network of a file a scene shows; "" for none."""
    return max((name for name in names_in(scene) if file_of(name) == file), key=number_of, default="")
