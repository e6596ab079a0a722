"""Input on its way to imgui, in the order it happened.

imgui forgets a move that is followed by a release, so it is handed one input a round.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Call = tuple[Any, ...]  # the name of a function of imgui's input, and its arguments
THEN = "then"  # in place of such a name: a function of our own
MODIFIERS = ("ctrl", "alt", "shift")


class InputQueue:
    """Waiting input. prefix: "ctrl+alt+shift+" or less."""

    def __init__(self, im: Any) -> None:
        self._im = im
        self._inputs: list[list[Call]] = []

    def __bool__(self) -> bool:
        return bool(self._inputs)

    def hand_over(self) -> None:
        """Give imgui the oldest input, if there is one."""
        for name, *arguments in self._inputs.pop(0) if self._inputs else ():
            if name == THEN:
                arguments[0]()
            else:
                getattr(self._im.get_io(), name)(*arguments)

    def then(self, deed: Callable[[], object]) -> None:
        """Have something done once imgui has taken in all that came before."""
        self._inputs.append([(THEN, deed)])

    def key(self, name: str, prefix: str, pressed: bool) -> None:
        """A key went down or up; of one that imgui has no name for, only the modifiers are told."""
        arrow = "_arrow" if name in ("left", "right", "up", "down") else ""
        key = getattr(self._im.Key, name + arrow, None)
        calls = [] if key is None else [("add_key_event", key, pressed)]
        self._inputs.append([*self._modifiers(prefix), *calls])

    def text(self, text: str) -> None:
        """Signs were typed."""
        self._inputs.append([("add_input_characters_utf8", text)])

    def typed(self, name: str) -> None:
        """A key went down and up that was told as an event: a sign, or the name of a key."""
        if len(name) == 1:
            self.text(name)
        else:
            self.key(name, "", True)
            self.key(name, "", False)

    def move(self, x: float, y: float) -> None:
        """The pointer went to a place; where it was in between does not matter."""
        if self._inputs and self._inputs[-1][0][0] == "add_mouse_pos_event":
            self._inputs.pop()
        self._inputs.append([("add_mouse_pos_event", x, y)])

    def button(self, button: int, prefix: str, pressed: bool) -> None:
        """One of the first three mouse buttons went down or up."""
        if button < 3:
            self._inputs.append([*self._modifiers(prefix), ("add_mouse_button_event", button, pressed)])

    def forget_click(self) -> None:
        """Drop a press of the left button that still waits, and its release."""
        down = ("add_mouse_button_event", 0, True)
        waiting = [n for n, calls in enumerate(self._inputs) if calls[-1] == down]
        if waiting:
            rest = self._inputs[waiting[-1] :]
            self._inputs[waiting[-1] :] = [calls for calls in rest if calls[-1][:2] != down[:2]]

    def wheel(self, dx: float, dy: float) -> None:
        """The wheel turned; what is held with it does not matter."""
        self._inputs.append([*self._modifiers(""), ("add_mouse_wheel_event", dx, dy)])

    def focus(self, focused: bool) -> None:
        """The window began or ceased to get the keys."""
        self._inputs.append([("add_focus_event", focused)])

    def _modifiers(self, prefix: str) -> list[Call]:
        return [("add_key_event", getattr(self._im.Key, f"mod_{name}"), name in prefix) for name in MODIFIERS]
