"""Examples of a word: scenes that the panel could make, different from each other."""

import pytest

from weightscape.explore.tell.example import MOST, examples
from weightscape.explore.tell.readout import PANEL_FIELDS
from weightscape.lens.catalogue import lens
from weightscape.lens.lens import PlaneLens
from weightscape.scene.lens_name import LENS_FIELDS
from weightscape.scene.mean_field import of_scene
from weightscape.scene.scene import Scene
from weightscape.scene.term import TERMS, explained

SCENES = (
    Scene(),
    Scene(layers=1, outputs=1, rule="lecun", lens="probe"),
    Scene(layers=3, width=2, activation="relu", lens="height", inputs=("x", "y", "cos_t")),
)


@pytest.mark.parametrize("scene", SCENES)
def test_every_word_of_the_panel_has_examples_that_differ(scene: Scene) -> None:
    fields = [field for group in PANEL_FIELDS.values() for field in group]
    for field in fields:
        assert explained(field)
        found = examples(field, scene)
        assert len(found) <= MOST
        assert len({each for _, each in found}) == len(found)
        assert not any(each.beside for _, each in found)
    # A picture that stands still tells nothing of cycling colours.
    for field in set(fields) - {*LENS_FIELDS, "bias_scale", "layer", "unit", "units", "layers", "cycle"}:
        assert len(examples(field, scene)) > 1, field


@pytest.mark.parametrize(
    "name", [name for name in TERMS if "=" in name and not name.startswith(("status=", "button="))]
)
def test_a_choice_is_shown_beside_what_is(name: str) -> None:
    field, _, value = name.partition("=")
    found = examples(name, Scene(activation="sin", outputs=1))
    assert found[-1][0] == value
    assert str(getattr(found[-1][1], field)) == value


def test_less_and_more_are_less_and_more() -> None:
    for field in ("scale", "layers", "width", "radius", "tilt", "lift"):
        (less, low), (more, high) = examples(field, Scene(lens="height"))
        assert (less, more) == ("less", "more")
        assert getattr(low, field) < getattr(high, field)


def test_the_phases_are_what_they_are_called() -> None:
    phases = [of_scene(scene).phase for _, scene in examples("status=phase", Scene())]
    assert phases == ["ordered", "edge of chaos", "chaotic"]


def test_a_lens_that_draws_is_left_where_nothing_could_be_seen_of_it() -> None:
    assert all(scene.lens == "outputs" for _, scene in examples("scale", Scene(lens="probe")))
    assert all(isinstance(lens(scene), PlaneLens) for _, scene in examples("scale", Scene(lens="stretch")))
