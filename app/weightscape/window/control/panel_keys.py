"""What keys do in the panel: walk from item to item, turn knobs, open lists, begin and end typing."""

from __future__ import annotations

from dataclasses import replace

from weightscape.window.control.group import SIGN as HEADING
from weightscape.window.control.knob import Knobs
from weightscape.window.control.toolbar import SIGN as BUTTON
from weightscape.window.control.track import nudged, stepped, unbounded
from weightscape.window.input_queue import InputQueue

WALK = {"down": 1, "up": -1}
KEYS = (*WALK, "left", "right", "tab", "home", "end", "enter", "space", "escape")
SIGNS = "0123456789.-"  # what a number begins with


class PanelKeys:
    """Takes keys for the panel's controls, while a list is open, a line is typed into, or the panel has the focus."""

    def __init__(self, knobs: Knobs, queue: InputQueue) -> None:
        self._knobs, self._queue = knobs, queue
        self._early: list[tuple[str, str]] = []  # keys that came before there was anything to walk through
        self._is_feeding = False  # one of these is being taken
        self._left: list[str] = []  # those of them that are none of the panel's
        self.is_walking = False  # the last deed was a key's: what the mouse rests on does not matter
        self.held = ""  # a key that turns a knob, while it is down

    @property
    def has_focus(self) -> bool:
        """Whether the panel's controls have the keys."""
        return self._knobs.focus.is_on

    def enter(self) -> None:
        """Let the keys go to the controls."""
        self._knobs.focus.enter()

    def leave(self) -> None:
        """Let the keys go to the picture."""
        self._knobs.choices.fold()
        self._knobs.focus.leave()

    def put_away(self) -> None:
        """Have no controls, and no keys that wait for some."""
        self._left += [prefix + name for name, prefix in self._early if name not in KEYS]
        self._early = []
        self._knobs.put_away()

    @property
    def has_early(self) -> bool:
        """Whether keys wait for the controls to be drawn, or for the keys before them."""
        return self._early != []

    def take_early(self) -> None:
        """Do what the oldest of the waiting keys asks for, once all that came before it is done."""
        if self._early and self._knobs.focus.is_ready and not self._queue and not self._knobs.lines.is_opening:
            self._is_feeding = True
            try:
                self._feed(*self._early.pop(0))
            finally:
                self._is_feeding = False

    def _feed(self, name: str, prefix: str) -> None:
        """Take a key that has waited."""
        if self.press(name, prefix) or (len(name) == 1 and not prefix and self.type(name)):
            return
        lines = self._knobs.lines
        if lines.wanted and not lines.is_left:
            self._queue.typed(name)
            lines.is_left = name in ("enter", "escape")
        else:
            self._left.append(prefix + name)

    def take_left(self) -> tuple[str, ...]:
        """Tell which keys have waited and are none of the panel's, since the last time."""
        left, self._left = tuple(self._left), []
        return left

    def press(self, name: str, prefix: str) -> bool:
        """Take a key that went down, if it is one of the panel's; tell whether it was. prefix: "alt+shift+" or less."""
        knobs, is_free = self._knobs, not name or "ctrl+" in prefix or (name[:1] == "f" and name != "f")
        if is_free:
            return False
        if self._waits and (len(name) > 1 or name.isalpha()):  # of others the sign will tell
            self._early.append((name, prefix))
            return True
        if knobs.choices.is_open:
            knobs.choices.key("up" if name == "tab" and prefix else name)
            return True
        if (knobs.lines.active or knobs.lines.is_opening) and not knobs.lines.is_left:
            if name == "tab":
                self._queue.then(lambda: self._go_on(-1 if "shift+" in prefix else 1))
            return name == "tab"
        if not self.has_focus:
            return False
        self.is_walking = self._walk(name, prefix) or self._act(name, prefix)
        return self.is_walking

    def release(self, name: str) -> None:
        """A key went up."""
        self.held = "" if name == self.held else self.held

    def type(self, text: str) -> bool:
        """Take a sign that was typed: it begins a number; of digits none goes to the picture."""
        knobs = self._knobs
        if self._waits and not text.isalpha() and text != " ":
            self._early.append((text, ""))
            return True
        if knobs.choices.is_open:
            return True
        control = knobs.controls.get(knobs.focus.at) if self.has_focus else None
        if not self.has_focus or len(text) != 1 or text not in SIGNS:
            return False
        if control and (control.kind in ("int", "float") or (control.kind == "text" and text.isdigit())):
            knobs.type_in(control.name)
            self._queue.text(text)
            return True
        return text.isdigit()

    @property
    def _waits(self) -> bool:
        """Whether a key has to wait: for the controls, or for the keys before it, which may lead elsewhere."""
        is_behind = self.has_early and not self._is_feeding
        return self.has_focus and (is_behind or not self._knobs.focus.is_ready)

    def _walk(self, name: str, prefix: str) -> bool:
        focus = self._knobs.focus
        if name in WALK and not prefix:
            focus.step(WALK[name], lambda old, new: old[0] == new[0] == BUTTON)
        elif name == "tab":
            focus.step(-1 if "shift+" in prefix else 1)
        elif name in ("home", "end") and not prefix:
            focus.end(1 if name == "end" else -1)
        elif name == "escape":
            focus.leave()
        else:
            return False
        return True

    def _act(self, name: str, prefix: str) -> bool:
        """Do something with the item that has the keys."""
        at, is_enter = self._knobs.focus.at, name in ("enter", "space")
        side = {"left": -1, "right": 1}.get(name, 0)
        if not at or not (is_enter or side):
            return False
        if at[0] == BUTTON:
            self._knobs.toolbar.press(at[1:]) if is_enter else self._knobs.focus.step(side)
        elif at[0] == HEADING:
            self._knobs.groups.fold(at[1:], None if is_enter else side < 0)
        elif side:
            self.held = name
            self._turn(at, side, bool(prefix))
        else:
            return self._enter(at, name)
        return True

    def _turn(self, name: str, side: int, is_fine: bool) -> None:
        """Turn a knob by a step."""
        knobs, control, value = self._knobs, self._knobs.controls[name], self._knobs.value(name)
        if control.kind == "bool":
            knobs.change(name, side > 0)
        elif control.kind == "choice":
            at = control.choices.index(str(value)) + side
            knobs.change(name, control.choices[min(max(at, 0), len(control.choices) - 1)])
        elif knobs.sliders.has(name):
            knobs.change(name, (nudged if is_fine else stepped)(control, value, side))
        elif control.kind != "text":
            knobs.change(name, unbounded(control, value, side, is_fine))

    def _enter(self, name: str, key: str) -> bool:
        """Open a list, toggle, or begin to type; Space does no typing."""
        knobs, control = self._knobs, self._knobs.controls[name]
        if control.kind == "bool":
            knobs.change(name, not knobs.value(name))
        elif control.kind == "choice":
            knobs.choices.open(replace(control, value=knobs.value(name)))
        elif key == "enter":
            knobs.type_in(name)
        else:
            return False
        return True

    def _go_on(self, steps: int) -> None:
        """Enter what was typed, and go on to the next control: to type there, too, where that can be."""
        knobs, name = self._knobs, self._knobs.lines.active
        if not name:
            return
        control = knobs.controls[name]
        knobs.change(name, knobs.lines.commit(control, knobs.value(name)))
        knobs.focus.put(name)
        knobs.focus.step(steps, lambda _, new: not new[0].isalpha())
        new = knobs.controls[knobs.focus.at]
        if new.kind not in ("bool", "choice"):
            knobs.type_in(new.name)
