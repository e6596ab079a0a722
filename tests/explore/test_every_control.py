"""Every control, heading and button of the panel is used in a real window, by keys and by the mouse; and undone."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from display import press, until
from program import Program, keysym, running

from weightscape.explore.act.buttons import ROW
from weightscape.explore.tell.readout import PANEL_FIELDS, controls
from weightscape.scene.scene import Scene, from_text
from weightscape.window.message import Control

PLAIN = Scene(layers=3, width=4, rule="lecun", bias_scale=0.3, outputs=1, inputs=("x", "y", "cos_t"))
HEIGHT = Scene(layers=3, width=4, lens="height")
THREE = Scene(layers=3, width=4, lens="rgb")
FIELDS = [name for names in PANEL_FIELDS.values() for name in names]
# Which controls are used in which scene.
OF = {"height": ("layer", "unit", "before", "turn", "tilt", "lift"), "rgb": ("reading", "units")}
OF["plain"] = tuple(name for name in FIELDS if name not in (*OF["height"], *OF["rgb"]))
SCENES = {"plain": PLAIN, "height": HEIGHT, "rgb": THREE}
TYPED = {"seed": "77", "inputs": "x,y,r", "center": "0.25,0.5", "radius": "1.5", "units": "2,1,0", "unit": "1"}
TYPED |= {"time": "0.25", "stops": "20106a,ffe9b0"}
SIZE = 420, 980
TEXT = 0.8  # of its size at first: all controls are in sight


class Hand:
    """Uses the panel of a program by keys or by the mouse, and takes it back."""

    def __init__(self, program: Program, name: str) -> None:
        self.program, self.name = program, name
        self._x, self._y = program.place()
        self.scene, self.text = program.scene(), self._text()

    def places(self) -> dict[str, list[float]]:
        """Tell where everything is in the panel, in the order in which keys walk through it."""
        return dict(self.program.said("panel")[-1]["places"])

    def keys(self, *names: str) -> None:
        press(self.program.display, *(word for name in names for word in ("key", keysym(name))))

    def click(self, name: str, across: float = 0.5) -> None:
        """Click on a part of the panel, once it stands still, at a part of its width."""
        left, top, right, bottom = until(lambda: self.places().get(name), name)
        x, y = left + across * (right - left), (top + bottom) / 2
        press(self.program.display, "mousemove", str(self._x + int(x)), str(self._y + int(y)), "click", "1")

    def is_undone(self, name: str) -> None:
        """Wait until a field, and no other than what hangs on it, has changed; go back a step."""
        before: Any = from_text(self.text)
        until(lambda: getattr(self.program.scene(), name) != getattr(before, name), f"another {name}")
        now = self.program.scene()
        network = (now.seed, now.layers, now.tied) == (before.seed, before.layers, before.tied)
        assert network or name in ("seed", "layers", "tied")
        self.back()

    def back(self) -> None:
        """Go back a step, to the scene of all steps."""
        self.keys("backspace")
        until(lambda: self._text() == self.text, "the scene before, to the letter")

    def done(self) -> None:
        """Wait until all keys have been answered, and see that there was no fault."""
        self.program.said_after("f12", "no such key")
        assert self._text() == self.text
        assert self.program.said("fault") == []

    def _text(self) -> str:
        return str(self.program.said("ask")[-1]["scene"])


@pytest.fixture(scope="module")
def opened(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hand]:
    """Open a scene, whose time stands still, with the panel and the keys in it."""
    name, folder = request.param, tmp_path_factory.mktemp("control")
    state = folder / "kept"
    state.mkdir()
    (state / "text-size.json").write_text(json.dumps(TEXT))
    (state / "card.json").write_text(json.dumps({"done": []}))
    options = ("--size", f"{SIZE[0]}x{SIZE[1]}", "--scene", SCENES[name].to_text())
    with running(folder, *options, screen="800x1000x24", WEIGHTSCAPE_STATE_DIR=str(state)) as program:
        if name == "plain":
            program.key("space")
        program.said_after("f12", "no such key")
        program.key("f6")
        until(lambda: program.said("panel") and program.said("panel")[-1]["places"], "the panel")
        yield Hand(program, name)


@pytest.fixture
def hand(opened: Hand) -> Iterator[Hand]:
    """Give the keys to the panel's first control; see afterwards that nothing is left."""
    opened.keys("f6", "f6")
    opened.done()  # a click in the same moment would not open a list
    yield opened
    opened.done()


def control(name: str, scene: Scene) -> Control:
    return next(each for each in controls(scene) if each.name == name)


def test_each_control_is_used_in_one_of_the_scenes() -> None:
    assert sorted(FIELDS) == sorted(name for names in OF.values() for name in names)
    for scene, names in OF.items():
        assert set(names) <= {each.name for each in controls(SCENES[scene])}
    assert len(FIELDS) >= 24


@pytest.mark.parametrize("opened", OF, indirect=True)
def test_every_control_by_keys(hand: Hand) -> None:
    walk = [name for name in hand.places() if name[0] not in "!"]
    assert len(walk) > 15
    for name in walk[1:]:  # the heading above the first control is the last that is walked to
        if name in OF[hand.name]:
            kind = control(name, hand.scene).kind
            if kind == "text":
                hand.keys("enter", "ctrl+a", *TYPED[name], "enter")
            else:
                hand.keys("enter" if kind == "bool" else "right")
            hand.is_undone(name)
        hand.keys("down")


@pytest.mark.parametrize("opened", OF, indirect=True)
def test_every_control_by_the_mouse(hand: Hand) -> None:
    stands = [*hand.places()]
    for name in OF[hand.name]:
        until(lambda: [*hand.places()] == stands, "the controls of the scene")  # some readings bring others
        knob = control(name, hand.scene)
        if knob.kind == "choice":
            hand.click(name)
            other = knob.choices[knob.choices.index(str(knob.value)) - 1]
            hand.click(f"{name}={other}")
            until(lambda: not any("=" in part for part in hand.places()), "the list to close")
        elif knob.kind == "bool":
            hand.click(name)
        elif knob.low is None:
            hand.click(name)
            hand.keys("ctrl+a", *TYPED[name], "enter")
        else:
            hand.click(name, 0.8)
        hand.is_undone(name)


@pytest.mark.parametrize("by", ["keys", "mouse"])
@pytest.mark.parametrize("opened", ["height"], indirect=True)
def test_every_heading_folds_and_unfolds(hand: Hand, by: str) -> None:
    whole = list(hand.places())
    assert [name[1:] for name in whole if name[0] == "#"] == [*PANEL_FIELDS]
    hand.keys("up")  # from the first control to its heading
    for group, names in PANEL_FIELDS.items():
        for is_folded in (True, False):
            hand.click(f"#{group}") if by == "mouse" else hand.keys("enter")
            left = [name for name in whole if not (is_folded and name in names)]
            until(lambda left=left: [*hand.places()] == left, f"{group}, folded: {is_folded}")
        if by == "keys":
            last = [name for name in whole if name in names][-1]
            hand.keys(*("down" for _ in range(1 + whole.index(last) - whole.index(f"#{group}"))))


@pytest.mark.parametrize("by", ["keys", "mouse"])
@pytest.mark.parametrize("opened", ["rgb"], indirect=True)
def test_every_button(hand: Hand, by: str) -> None:
    program = hand.program
    assert [name[1:] for name in hand.places() if name[0] == "!"] == [name for name, *_ in ROW]
    hand.keys("home")

    def push(name: str) -> None:
        hand.click(f"!{name}") if by == "mouse" else hand.keys("enter")

    def told(name: str, words: str) -> None:
        before = len(program.said("notice"))
        push(name)
        program.told(words, before)

    push("reroll")
    until(lambda: program.scene().seed != THREE.seed, "another seed")
    new = program.scene()
    assert new == replace(THREE, seed=new.seed)
    hand.keys(*["right"] * (by == "keys"), "f12")
    push("back")
    until(lambda: program.scene() == THREE, "the seed before")
    hand.keys(*["right"] * (by == "keys"), "f12")
    push("forward")
    until(lambda: program.scene() == new, "the new seed")
    hand.back()
    hand.keys(*["right"] * (by == "keys"), "f12")
    told("screenshot", "picture saved")
    hand.keys(*["right"] * (by == "keys"), "f12")
    told("record", "recording")
    told("record", "film saved")
