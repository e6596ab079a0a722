"""A line to type in. What the text is for it does not know."""

from __future__ import annotations

from weightscape.window.event import typed
from weightscape.window.input_queue import InputQueue
from weightscape.window.sheet import Sheet


class Prompt:
    """Asks for a text; keys that come before it is ready are typed when it is."""

    def __init__(self, sheet: Sheet, queue: InputQueue) -> None:
        self._sheet, self._queue = sheet, queue
        self._title: str | None = None
        self._text = ""
        self._is_active = False  # ready: imgui has given it the keys
        self._early: list[str] = []
        self._left: list[str] = []  # what came behind the key that ends it, before it had ended
        self._is_ending = False
        self._submitted: str | None = None
        self._cancelled = False
        self.is_asking = False

    def ask(self, title: str | None) -> None:
        """Ask for a text, as last time or from the beginning; None: for nothing."""
        if title != self._title:
            self._text = ""
        if title is None:
            self._early.clear()
        self._title, self.is_asking = title, title is not None

    def feed(self, name: str) -> None:
        """Take a key that arrived before the prompt was ready, or before it had ended."""
        (self._left if self._is_ending else self._early).append(name)

    @property
    def has_early_keys(self) -> bool:
        """Whether keys wait for the prompt to get ready."""
        return bool(self._early)

    def cancel(self) -> None:
        """Stop asking."""
        self._cancelled = True
        self.end()

    def end(self) -> None:
        """Type no more: the key that ends the prompt has come, though it has not been taken in."""
        self.is_asking, self._is_ending = False, True

    def take(self) -> tuple[str | None, bool]:
        """Hand over the text, if it was entered, and whether the user cancelled."""
        submitted, cancelled = self._submitted, self._cancelled
        self.is_asking = self.is_asking and submitted is None and not cancelled
        self._submitted, self._cancelled, self._is_ending = None, False, False
        return submitted, cancelled

    def draw(self) -> None:
        """Draw the title and the line in the upper middle, beside the controls, if there is something to ask."""
        if self._title is None:
            return
        sheet, im, s = self._sheet, self._sheet.im, self._sheet.scale
        left, right = sheet.beside
        width = round(min(460 * s, right - left - 24 * s))
        im.set_next_window_size((width, 0))
        place = (left + right - width) / 2, max(0.18 * sheet.room, 12 * s)
        im.set_next_window_pos((round(place[0]), round(place[1])))
        sheet.begin("prompt", opaque=True)
        im.text_wrapped(self._title)
        im.set_next_item_width(-1)
        if not self._is_active:
            im.set_keyboard_focus_here()
        entered, self._text = im.input_text("##prompt", self._text, im.InputTextFlags_.enter_returns_true)
        self._is_active = im.is_item_active()
        if entered:
            self._submitted = self._text
        elif self._is_active:
            self._type_early()
        im.text_disabled("Enter accepts, Esc cancels")
        im.end()

    def take_left(self) -> tuple[str, ...]:
        """Tell which keys came behind the one that ends the prompt and are others', once it has ended."""
        if self.is_asking:
            return ()
        left, self._left = tuple(self._left), []
        return left

    def _type_early(self) -> None:
        while self._early:
            name = self._early.pop(0)
            if name == "escape":
                self._cancelled = True
            else:
                self._queue.typed(typed(name) or name)
            if name in ("enter", "escape"):
                self._left += self._early
                self._early.clear()
