"""The user interface over the picture: status line, notice, help, controls, a line to type in.

It is given plain data (Hud) and gives plain data back (Answer); imgui lays it out. It has never heard of a
network, and what it drew is handed on as imgui draw data for somebody with a GPU.
"""

from __future__ import annotations

import math
import os
import tempfile
import time
from dataclasses import dataclass, field
from typing import Any, Literal

from .event import Event, Key
from .window import Window, WindowError

Value = int | float | str | bool
Color = tuple[float, float, float, float]
Row = tuple[str, str]
Call = tuple[Any, ...]  # the name of a function of imgui's input, and its arguments

# Display values. Over a white picture the text still has 10:1, the dim text and the accent 6:1.
BACKING: Color = (0.055, 0.065, 0.085, 0.88)
POPUP: Color = (0.075, 0.085, 0.11, 0.985)
TEXT: Color = (0.93, 0.94, 0.96, 1.0)
DIM: Color = (0.71, 0.73, 0.77, 1.0)
ACCENT: Color = (0.53, 0.75, 0.98, 1.0)
GRAB: Color = (0.22, 0.41, 0.68, 1.0)  # the number of a slider stays readable on it, 4.8:1
FAINT, LINE, HOVER, ACTIVE = ((1.0, 1.0, 1.0, alpha) for alpha in (0.09, 0.14, 0.16, 0.22))
FONT_PX = 16.0
ARROWS = {"←": (-1, 0), "→": (1, 0), "↑": (0, -1), "↓": (0, 1)}  # not in the font: drawn
SLIDER_LIMIT = 2**31 - 1  # larger whole numbers are typed


@dataclass(frozen=True)
class Control:
    """One knob. With low and high a number is a slider, without it is typed."""

    name: str
    label: str
    kind: Literal["int", "float", "choice", "bool", "text"]
    value: Value
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    logarithmic: bool = False
    hint: str = ""


@dataclass(frozen=True)
class Hud:
    """What is to be shown; what is None or empty is not.

    status: pieces of the bottom line, the most important first, for a narrow window cuts the end.
    progress: 0..1. help: rows of keys and text; keys apart by spaces get a cap each, ← → ↑ ↓ are drawn;
    a row without keys is a heading.
    """

    status: tuple[str, ...] = ()
    progress: float | None = None
    notice: str = ""
    help: tuple[Row, ...] | None = None
    controls: tuple[Control, ...] | None = None
    prompt: str | None = None


@dataclass(frozen=True)
class Answer:
    """What the user did since the frame before, and what to draw (good until the next frame)."""

    changes: dict[str, Value] = field(default_factory=dict)
    submitted: str | None = None
    cancelled: bool = False
    draw_data: Any = None


class Panel:
    """Draws a Hud and watches the window's input. Needs no GL context."""

    def __init__(self, window: Window, font: bytes | os.PathLike[str]) -> None:
        try:
            from imgui_bundle import imgui  # late: it wants X11 libraries, and glfw loaded before it
        except ImportError as error:
            raise WindowError(f"the panel lacks a library: install libegl1 libgl1 ({error})") from error
        self._im: Any = imgui
        self._window = window
        self._context: Any = imgui.create_context()
        self._io: Any = imgui.get_io()
        self._hud = Hud()
        self._shape: object = None
        self._boxes: list[tuple[float, float, float, float]] = []  # where the mouse is the panel's
        self._drafts: dict[str, str] = {}
        self._inputs: list[list[Call]] = []
        self._early: list[str] = []
        self._text = ""
        self._submitted: str | None = None
        self._changes: dict[str, Value] = {}
        self._asking = self._active = self._cancelled = False  # of the prompt
        self._page = 0  # how many pages of help to turn
        self._scrolls = self._typing = self._grabbed = self._hovered = self._popup = self._dismiss = False
        self._clock, self._scale, self._size = time.perf_counter(), 0.0, window.size_px
        self._em, self._strip = FONT_PX, 0.0
        self._set_up(font)
        window.observer = self

    def frame(self, hud: Hud) -> Answer:
        """Lay out the hud and tell what the user changed since the last frame."""
        im, queue = self._im, self._context.input_events_queue
        im.set_current_context(self._context)
        self._prepare()
        names = None if hud.controls is None else [control.name for control in hud.controls]
        shape = hud.help, hud.prompt, names, self._size, self._scale
        if hud.prompt != self._hud.prompt:
            self._text = ""
        # Sizes, focus and input settle over several rounds, one input a round, for imgui forgets a move
        # that is followed by a release. All are done here, so that a program which draws only when
        # something happened still shows the end of it.
        rounds, busy = 3 if shape != self._shape else 0, bool(self._inputs)
        self._hud, self._shape, self._asking = hud, shape, hud.prompt is not None
        while True:
            for name, *arguments in self._inputs.pop(0) if self._inputs else ():
                getattr(self._io, name)(*arguments)
            im.new_frame()
            self._build()
            rounds = max(rounds - 1, 1 if busy else 0)
            busy = bool(self._inputs or len(queue) or (self._early and rounds))
            if not (rounds or busy):
                break
            im.end_frame()
            self._io.delta_time = 1e-4
        im.render()
        answer = Answer(self._changes, self._submitted, self._cancelled, im.get_draw_data())
        self._asking = self._asking and self._submitted is None and not self._cancelled
        self._typing = bool(self._io.want_text_input)
        self._changes, self._submitted, self._cancelled, self._dismiss = {}, None, False, False
        return answer

    def feed(self, event: Event) -> None:
        """Type a key that arrived after the prompt was asked for and before its first frame."""
        if isinstance(event, Key):
            self._early.append(event.name)

    def close(self) -> None:
        """Let go of the window; again is harmless."""
        if self._context is None:
            return
        if self._window.observer is self:
            self._window.observer = None
        self._im.set_current_context(self._context)
        platform = self._im.get_platform_io()
        platform.platform_get_clipboard_text_fn = platform.platform_set_clipboard_text_fn = None
        self._im.destroy_context(self._context)
        self._context = None

    @property
    def wants_mouse(self) -> bool:
        """Whether the mouse is over the panel or holds a part of it; such input gives no events."""
        return self._grabbed or self._over(*self._window.cursor_px)

    @property
    def wants_keyboard(self) -> bool:
        """Whether somebody types into the panel; such input gives no events."""
        return self._asking or self._typing

    def on_key(self, name: str, prefix: str, pressed: bool) -> bool:
        if pressed and name == "escape" and (self._asking or self._popup):
            self._cancelled, self._dismiss = self._asking, not self._asking
            self._asking = False
            return True
        if pressed and self._scrolls and name in ("page_up", "page_down"):
            self._page += 1 if name == "page_down" else -1
            return True
        if pressed and (not self.wants_keyboard or (name[:1] == "f" and name != "f")):
            return False  # a command; F11 is one even while somebody types
        self._press(name, prefix, pressed)
        return pressed

    def on_char(self, text: str) -> bool:
        if self.wants_keyboard:
            self._inputs.append([("add_input_characters_utf8", text)])
        return self.wants_keyboard

    def on_cursor(self, x: float, y: float) -> bool:
        move = ("add_mouse_pos_event", x, y)
        if self._inputs and self._inputs[-1][0][0] == move[0]:
            self._inputs.pop()
        self._inputs.append([move])
        was, self._hovered = self._hovered, self._over(x, y)
        return self._grabbed or self._hovered or was  # also when leaving, for its highlight must go

    def on_button(self, button: int, prefix: str, pressed: bool) -> bool:
        taken = self._over(*self._window.cursor_px) if pressed else self._grabbed
        self._grabbed = taken and pressed
        if button < 3:
            self._inputs.append([*self._modifiers(prefix), ("add_mouse_button_event", button, pressed)])
        return taken

    def on_scroll(self, dx: float, dy: float) -> bool:
        taken = self._over(*self._window.cursor_px)
        if taken:
            self._inputs.append([("add_mouse_wheel_event", dx, dy)])
        return taken

    def on_focus(self, focused: bool) -> None:
        self._inputs.append([("add_focus_event", focused)])

    def _over(self, x: float, y: float) -> bool:
        return self._popup or any(left <= x < right and top <= y < bottom
                                  for left, top, right, bottom in self._boxes)

    def _press(self, name: str, prefix: str, pressed: bool) -> None:
        arrow = "_arrow" if name in ("left", "right", "up", "down") else ""
        key = getattr(self._im.Key, name + arrow, None)
        calls = [] if key is None else [("add_key_event", key, pressed)]
        self._inputs.append([*self._modifiers(prefix), *calls])

    def _modifiers(self, prefix: str) -> list[Call]:
        return [("add_key_event", getattr(self._im.Key, f"mod_{name}"), name in prefix)
                for name in ("ctrl", "alt", "shift")]

    def _type_early(self) -> None:
        for name in self._early:
            sign = " " if name == "space" else name
            sign = sign[-1].upper() if sign.startswith("shift+") and len(sign) == 7 else sign
            if len(sign) == 1:
                self._inputs.append([("add_input_characters_utf8", sign)])
            elif name == "escape":
                self._cancelled = True
            else:
                self._press(name, "", True)
                self._press(name, "", False)
        self._early.clear()

    def _set_up(self, font: bytes | os.PathLike[str]) -> None:
        im, io = self._im, self._io
        io.set_ini_filename("")
        io.set_log_filename("")
        io.backend_flags |= im.BackendFlags_.renderer_has_textures
        io.config_input_text_cursor_blink = False  # a still picture stays still
        io.config_mac_osx_behaviors = False  # the window has already made ctrl of the command key
        platform = im.get_platform_io()
        platform.platform_get_clipboard_text_fn = lambda _: self._window.clipboard
        platform.platform_set_clipboard_text_fn = lambda _, text: setattr(self._window, "clipboard", text)
        if not isinstance(font, bytes):
            io.fonts.add_font_from_file_ttf(os.fspath(font), FONT_PX)
            return
        with tempfile.TemporaryDirectory() as folder:  # imgui reads the whole file at once
            path = os.path.join(folder, "font.ttf")
            with open(path, "wb") as file:
                file.write(font)
            io.fonts.add_font_from_file_ttf(path, FONT_PX)

    def _prepare(self) -> None:
        now = time.perf_counter()
        self._io.delta_time = min(max(now - self._clock, 1e-4), 1.0)
        width, height = self._window.size_px
        self._clock, self._size = now, (max(width, 120), max(height, 90))  # 0, 0 when put away
        self._io.display_size = self._size
        if self._scale != self._window.content_scale:
            self._scale = self._window.content_scale
            _dress(self._im, self._scale)

    def _build(self) -> None:
        hud = self._hud
        self._boxes, self._scrolls = [], False
        self._em, self._strip = self._im.get_font_size(), 0.0
        if hud.status or hud.progress is not None:
            self._status(hud.status, hud.progress)
        if hud.controls is not None:
            self._side(hud.controls)
        if hud.help is not None:
            self._help(hud.help)
        if hud.prompt is not None:
            self._ask(hud.prompt)
        else:
            self._early.clear()
        if hud.notice:
            self._notice(hud.notice)
        self._popup = self._im.is_popup_open("", self._im.PopupFlags_.any_popup)

    def _status(self, pieces: tuple[str, ...], progress: float | None) -> None:
        """A strip at the bottom; what does not fit is shortened, and the rest left out."""
        draw, s, (width, height) = self._im.get_background_draw_list(), self._scale, self._size
        self._strip = round(self._em + 11 * s)
        top = height - self._strip
        draw.add_rect_filled((0, top), self._size, self._ink(BACKING))
        if progress is not None:
            draw.add_rect_filled((0, top), (width, top + 3 * s), self._ink(LINE))
            draw.add_rect_filled((0, top), (width * min(max(progress, 0), 1), top + 3 * s), self._ink(ACCENT))
        x = 12 * s
        for index, piece in enumerate(pieces):
            gap = 10 * s if index else 0.0
            text = self._fit(piece, width - x - 2 * gap - 12 * s)
            if index and text:
                draw.add_rect_filled((x + gap, top + 8 * s), (x + gap + s, height - 7 * s), self._ink(LINE))
            draw.add_text((round(x + 2 * gap), round(top + 6 * s)), self._ink(TEXT), text)
            x += 2 * gap + self._width(text)
            if text != piece:
                break

    def _notice(self, text: str) -> None:
        draw, s, (width, height) = self._im.get_foreground_draw_list(), self._scale, self._size
        wrap = min(width - 52 * s, 560 * s)
        size = self._im.calc_text_size(text, wrap_width=wrap)
        left, top = round((width - size.x) / 2), round(height - self._strip - size.y - 26 * s)
        low, high = (left - 14 * s, top - 9 * s), (left + size.x + 14 * s, top + size.y + 9 * s)
        draw.add_rect_filled(low, high, self._ink(POPUP), 6 * s)
        draw.add_rect(low, high, self._ink(LINE), 6 * s)
        font = self._im.get_font()
        draw.add_text(font, self._em, (left, top), self._ink(TEXT), text, wrap_width=wrap)

    def _help(self, rows: tuple[Row, ...]) -> None:
        """The rows in as few columns as fit; what still does not fit scrolls."""
        s, width, height = self._scale, self._size[0] - 24 * self._scale, self._room()
        inner, gap = width - 40 * s, 32 * s
        caps = min(max((self._caps(None, 0, 0, keys) for keys, _ in rows), default=0) + 12 * s, 0.5 * inner)
        words = min(max((self._width(text) for _, text in rows), default=0) + s, inner - caps)
        sizes = [self._height(row, words) for row in rows]
        most = max(int((inner + gap) / (caps + words + gap)), 1)
        columns = _columns(rows, sizes, most, height - 32 * s)
        across = len(columns) * (caps + words + gap) - gap
        tall = max(sum(sizes[index] for index in column) for column in columns)
        self._im.set_next_window_size((across + 40 * s, min(tall + 32 * s, height)))
        self._im.set_next_window_pos((round((self._size[0] - across) / 2 - 20 * s),
                                      round((height - min(tall + 32 * s, height)) / 2 + 12 * s)))
        self._begin("help", opaque=True)
        self._scrolls = tall + 32 * s > height
        self._im.set_scroll_y(self._im.get_scroll_y() + self._page * 0.8 * height)
        self._page = 0
        draw, corner = self._im.get_window_draw_list(), self._im.get_cursor_screen_pos()
        for number, column in enumerate(columns):
            x, y = corner.x + 6 * s + number * (caps + words + gap), corner.y
            for index in column:
                self._row(draw, x, y, rows[index], caps, words)
                y += sizes[index]
        self._im.dummy((across, tall))
        self._im.end()

    def _row(self, draw: Any, x: float, y: float, row: Row, caps: float, words: float) -> None:
        font, s = self._im.get_font(), self._scale
        if not row[0]:
            draw.add_text((round(x), round(y + 8 * s)), self._ink(ACCENT), self._fit(row[1], caps + words))
            return
        self._caps(draw, round(x), round(y + 3 * s), row[0])
        at = (round(x + caps), round(y + 5 * s))
        draw.add_text(font, self._em, at, self._ink(TEXT), row[1], wrap_width=words + 1)

    def _height(self, row: Row, words: float) -> float:
        lines = self._im.calc_text_size(row[1], wrap_width=words + 1).y if row[0] else self._em
        return float(round(lines + (11 if row[0] else 14) * self._scale))

    def _caps(self, draw: Any, x: float, y: float, keys: str) -> float:
        """Draw each key on a cap of its own (nothing without draw); return how wide they are together."""
        s, start = self._scale, x
        for key in keys.split():
            room = self._em if key in ARROWS else self._width(key)
            wide = max(round(room + 10 * s), round(self._em + 7 * s))
            if draw:
                low, high = (x, y), (x + wide, y + self._em + 5 * s)
                draw.add_rect_filled(low, high, self._ink(FAINT), 4 * s)
                draw.add_rect(low, high, self._ink(LINE), 4 * s)
                if key in ARROWS:
                    self._arrow(draw, x + wide / 2, y + (self._em + 5 * s) / 2, *ARROWS[key])
                else:
                    draw.add_text((round(x + (wide - room) / 2), round(y + 2 * s)), self._ink(TEXT), key)
            x += wide + 4 * s
        return x - start

    def _arrow(self, draw: Any, x: float, y: float, dx: int, dy: int) -> None:
        r = 0.28 * self._em
        tip, back = (x + r * dx, y + r * dy), (x - r * dx, y - r * dy)
        ink, thick = self._ink(TEXT), 1.3 * self._scale
        draw.add_line(back, tip, ink, thick)
        for side in (-1, 1):
            barb = (x + 0.7 * r * side * dy, y + 0.7 * r * side * dx)
            draw.add_line(barb, tip, ink, thick)

    def _side(self, controls: tuple[Control, ...]) -> None:
        s, room = self._scale, self._room()
        labels = max((self._width(control.label) for control in controls), default=0)
        width = round(min(labels + 232 * s, self._size[0] - 24 * s))
        labels = min(labels, 0.4 * width)
        self._im.set_next_window_pos((self._size[0] - width - 12 * s, 12 * s))
        self._im.set_next_window_size_constraints((width, 0), (width, room))
        self._begin("controls", self._im.WindowFlags_.always_auto_resize)
        for control in controls:
            self._im.align_text_to_frame_padding()
            self._im.text_unformatted(self._fit(control.label, labels))
            self._hint(control.hint)
            self._im.same_line(labels + 26 * s)
            self._im.set_next_item_width(-1)
            old = self._changes.get(control.name, control.value)
            new = self._knob(control, old)
            self._hint(control.hint)
            if new != old:
                self._changes[control.name] = new
        self._im.end()

    def _knob(self, control: Control, value: Value) -> Value:
        """Show the fitting widget and return its value."""
        low, high = control.low, control.high
        if control.kind == "bool":
            return bool(self._im.checkbox(f"##{control.name}", bool(value))[1])
        if control.kind == "choice":
            return self._choice(control, str(value))
        if control.kind == "text" or low is None or high is None or max(-low, high) > SLIDER_LIMIT:
            return self._typed(control, value)
        return self._slider(control, value, low, high)

    def _slider(self, control: Control, value: Any, low: float, high: float) -> Value:
        flags = self._im.SliderFlags_
        flag = flags.always_clamp | (flags.logarithmic if control.logarithmic else flags.none)
        name = f"##{control.name}"
        if control.kind == "int":
            return int(self._im.slider_int(name, int(value), int(low), int(high), "%d", flag)[1])
        decimals = max(3 - math.floor(math.log10(max(high - low, 1e-30))), 0)
        form = "%.4g" if control.logarithmic else f"%.{decimals}f"
        changed, new = self._im.slider_float(name, float(value), low, high, form, flag)
        # The slider counts in single precision; what it shows is what was meant.
        return min(max(float(form % new), low), high) if changed else value

    def _choice(self, control: Control, value: str) -> str:
        if self._im.begin_combo(f"##{control.name}", value):
            if self._dismiss:
                self._im.close_current_popup()
            for choice in control.choices:
                if self._im.selectable(choice, choice == value)[0]:
                    value = choice
            self._im.end_combo()
        return value

    def _typed(self, control: Control, value: Value) -> Value:
        """A line of text; it counts when Enter is pressed or the field is left."""
        shown = self._drafts.get(control.name, f"{value:.12g}" if isinstance(value, float) else str(value))
        _, text = self._im.input_text(f"##{control.name}", shown, self._im.InputTextFlags_.auto_select_all)
        if self._im.is_item_active():
            self._drafts[control.name] = text
            return value
        self._drafts.pop(control.name, None)
        return _parsed(control, text, value) if self._im.is_item_deactivated_after_edit() else value

    def _hint(self, text: str) -> None:
        if text and self._im.is_item_hovered() and not self._grabbed and self._im.begin_tooltip():
            self._im.push_text_wrap_pos(min(320 * self._scale, self._size[0] - 40 * self._scale))
            self._im.text_unformatted(text)
            self._im.pop_text_wrap_pos()
            self._im.end_tooltip()

    def _ask(self, title: str) -> None:
        s, flags = self._scale, self._im.InputTextFlags_.enter_returns_true
        width = round(min(460 * s, self._size[0] - 24 * s))
        self._im.set_next_window_size((width, 0))
        place = (self._size[0] - width) / 2, max(0.18 * self._room(), 12 * s)
        self._im.set_next_window_pos((round(place[0]), round(place[1])))
        self._begin("prompt", opaque=True)
        self._im.text_wrapped(title)
        self._im.set_next_item_width(-1)
        if not self._active:
            self._im.set_keyboard_focus_here()
        entered, self._text = self._im.input_text("##prompt", self._text, flags)
        self._active = self._im.is_item_active()
        if entered:
            self._submitted = self._text
        elif self._active and self._early:
            self._type_early()
        self._im.text_disabled("Enter accepts, Esc cancels")
        self._im.end()

    def _begin(self, name: str, extra: int = 0, opaque: bool = False) -> None:
        """A window that stays where it is put, without title; the mouse over it is the panel's."""
        flags = self._im.WindowFlags_
        fixed = flags.no_title_bar | flags.no_resize | flags.no_move | flags.no_collapse | flags.no_nav
        self._im.push_style_color(self._im.Col_.window_bg, POPUP if opaque else BACKING)
        self._im.begin(name, None, fixed | flags.no_saved_settings | extra)
        self._im.pop_style_color()
        place, size = self._im.get_window_pos(), self._im.get_window_size()
        self._boxes.append((place.x, place.y, place.x + size.x, place.y + size.y))

    def _room(self) -> float:
        """How high a window may be above the status line."""
        return max(self._size[1] - self._strip - 24 * self._scale, 60 * self._scale)

    def _width(self, text: str) -> float:
        return float(self._im.calc_text_size(text).x)

    def _fit(self, text: str, room: float) -> str:
        """Shorten the text to so many pixels; "" where nothing worth reading fits."""
        if self._width(text) <= room:
            return text
        for end in range(len(text) - 1, 1, -1):
            short = text[:end].rstrip() + "…"
            if self._width(short) <= room:
                return short
        return ""

    def _ink(self, color: Color) -> int:
        return int(self._im.color_convert_float4_to_u32(color))


def _parsed(control: Control, text: str, old: Value) -> Value:
    """Read what was typed; the old value where it makes no sense or is out of range."""
    if control.kind == "text":
        return text
    try:
        new = int(text) if control.kind == "int" else float(text)
    except ValueError:
        return old
    low = -math.inf if control.low is None else control.low
    high = math.inf if control.high is None else control.high
    return new if low <= new <= high and abs(new) != math.inf else old


def _columns(rows: tuple[Row, ...], sizes: list[float], most: int, room: float) -> list[list[int]]:
    """Deal the rows out to columns: as few as the room asks for, at most so many, about equally high.

    What a heading stands over stays in one column, unless it is too much for the room.
    """
    for together in (True, False):
        count = min(len(_dealt(rows, sizes, room, together)), most)
        limit = sum(sizes) / count
        while len(columns := _dealt(rows, sizes, limit, together)) > count:
            limit += 4.0
        if limit <= room:
            break
    return columns


def _dealt(rows: tuple[Row, ...], sizes: list[float], limit: float, together: bool) -> list[list[int]]:
    columns: list[list[int]] = [[]]
    for index, size in enumerate(sizes):
        ends = [end for end in range(index + 1, len(rows)) if not rows[end][0]] or [len(rows)]
        whole = sum(sizes[index : ends[0] if together else index + 2])
        need = size if rows[index][0] else whole
        if columns[-1] and sum(sizes[i] for i in columns[-1]) + need > limit:
            columns.append([])
        columns[-1].append(index)
    return columns


def _dress(im: Any, scale: float) -> None:
    """Give all widgets one dark, calm look; scale multiplies every size."""
    im.style_colors_dark()
    style, col = im.get_style(), im.Col_
    clear: Color = (0, 0, 0, 0)
    colors: dict[Any, Color] = {
        col.window_bg: BACKING, col.popup_bg: POPUP, col.border: LINE, col.text: TEXT, col.text_disabled: DIM,
        col.frame_bg: FAINT, col.frame_bg_hovered: HOVER, col.frame_bg_active: ACTIVE, col.button: FAINT,
        col.button_hovered: HOVER, col.button_active: ACTIVE, col.header: FAINT, col.header_hovered: HOVER,
        col.header_active: ACTIVE, col.slider_grab: GRAB, col.slider_grab_active: GRAB, col.nav_cursor: clear,
        col.check_mark: ACCENT, col.checkbox_selected_bg: FAINT, col.input_text_cursor: TEXT,
        col.text_selected_bg: (*GRAB[:3], 0.8), col.scrollbar_bg: clear, col.scrollbar_grab: ACTIVE,
    }
    for index, color in colors.items():
        style.set_color_(index, color)
    style.font_size_base, style.font_scale_dpi = FONT_PX, scale
    style.window_rounding = 6 * scale
    style.popup_rounding = style.frame_rounding = style.grab_rounding = style.scrollbar_rounding = 4 * scale
    for name, size in {"window_padding": (14, 12), "frame_padding": (8, 4), "item_spacing": (8, 7)}.items():
        setattr(style, name, (size[0] * scale, size[1] * scale))
    style.scrollbar_size, style.grab_min_size = 10 * scale, 12 * scale
