"""What lies over a classifier's picture where its points stay on the GPU: what the lens draws there, to the pixel."""

from dataclasses import replace

import numpy as np
import pytest

from weightscape.engine.processor.numpy_engine import NumpyEngine
from weightscape.lens.lens import Answered
from weightscape.lens.winner import LABEL_POINTS, WINNER, labels, winners
from weightscape.network.decision import boundary, decisions, two_sided
from weightscape.network.network import MAX_LAYERS
from weightscape.picture.network_memory import network
from weightscape.picture.questions import question
from weightscape.publish import gallery
from weightscape.scene.scene import Scene
from weightscape.scene.shading import Largest

SCENES = {
    "digits": replace(gallery.scene("digits"), lens="winner"),
    "three": Scene(layers=5, width=8, lens="winner", radius=3.0),
    "one": Scene(seed=3, layers=5, width=8, outputs=1, lens="winner", radius=3.0),
}


@pytest.mark.parametrize("size", [(401, 300), (80, 60), (230, 517)])
@pytest.mark.parametrize("name", SCENES)
@pytest.mark.parametrize("is_beside", [False, True])
def test_sprites_over_colours_are_the_drawing(
    is_beside: bool, name: str, size: tuple[int, int], numpy_engine: NumpyEngine
) -> None:
    scene, points = SCENES[name], WINNER.points
    clear = (size[0] // 3, 0, size[0], size[1] - 9) if is_beside else None
    assert points
    asked = question(scene, size)
    field = numpy_engine.field(asked)
    expected = WINNER.draw(scene, network(scene), size, [Answered(asked, field, clear=clear)])
    few = replace(asked, grid=points.few(asked.grid))
    assert few.grid.points <= 2 * LABEL_POINTS * 2 * LABEL_POINTS
    sprites = list(points.sprites(scene, network(scene), size, Answered(few, numpy_engine.field(few), clear=clear)))
    seen = winners(field.values)
    assert (np.abs(seen - expected).max(-1) > 0.1).sum() > 10
    for sprite in sprites:
        assert 4 * sprite.colours.shape[0] < max(size) + 80
        for y, row in enumerate(sprite.colours, sprite.top):
            for x, colour in enumerate(row, sprite.left):
                if 0 <= y < size[1] and 0 <= x < size[0]:
                    seen[y, x] = colour[:3] + (1 - colour[3]) * seen[y, x]

    assert len(sprites) >= len(list(labels(field.values.argmax(-1)))) - is_beside > 0
    letters = sprites[-1]
    assert clear is None or clear[0] - 2 <= letters.left < letters.left + letters.colours.shape[1] <= clear[2] + 3
    assert np.abs(seen - expected).max() <= 1 / 255


def test_single_precision_stays_with_what_goes_into_a_softmax() -> None:
    points, scene = WINNER.points, SCENES["three"]
    assert points
    asked = question(scene, (40, 30))
    assert points.staying(asked) == (asked, Largest(is_softmax=False))
    made = replace(asked.network, activations=(*asked.network.activations[:-1], "softmax"))
    assert points.staying(replace(asked, network=made)) == (
        replace(asked, network=made.logits),
        Largest(is_softmax=True),
    )
    assert points.staying(question(scene, (40, 30), "perturbed")) is None
    assert points.staying(question(scene, (40, 30), "double")) is None


@pytest.mark.parametrize("activation", ["sigmoid", "abs", "tanh"])
def test_an_only_output_has_two_sides_of_its_boundary(numpy_engine: NumpyEngine, activation: str) -> None:
    scene = Scene(layers=MAX_LAYERS, width=5, outputs=1, output_activation=activation, lens="winner")
    made = network(scene)
    assert two_sided(made) is two_sided(made)
    assert two_sided(network(SCENES["three"])) is network(SCENES["three"])
    for precision in ("single", "double", "perturbed"):
        asked = question(scene, (40, 30), precision)
        assert asked.network.widths[-1] == 2
        one = numpy_engine.field(question(replace(scene, lens="outputs"), (40, 30), precision)).values
        pair = numpy_engine.field(asked).values
        at = boundary(activation)
        assert np.allclose(pair, np.concatenate([2.0 * at - one, one], -1), atol=1e-5)
        clear = np.abs(one[..., 0] - at) > 1e-5
        assert np.array_equal(decisions(pair, "identity")[clear], decisions(one, activation)[clear])
