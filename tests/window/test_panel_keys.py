"""The panel by keys alone: walking, turning, typing, lists, headings and buttons; and what is left to the picture."""

import dataclasses

import pytest
from display import spelled, until
from guest import HUD, Guest, Host, look, names, show, take_answers

from weightscape.window.event import Key
from weightscape.window.message import Button, Control, Tile

CONTROLS = (
    Control("seed", "Seed", "text", "43", group="Network"),
    Control("layers", "Layers", "int", 5, 1, 256, logarithmic=True, group="Network"),
    Control("scale", "Scale", "float", 0.5, 0.0, 4.0, group="Network"),
    Control("rule", "Rule", "choice", "fixed", choices=("fixed", "lecun", "glorot", "he"), group="Network"),
    Control("tied", "Tied", "bool", True, group="Network"),
    Control("radius", "Radius", "float", 2.0, group="View"),
)
BUTTONS = (Button("reroll", "reroll", "reroll"), Button("back", "undo", "undo"))
FULL = dataclasses.replace(HUD, controls=CONTROLS, buttons=BUTTONS)


def entered(window: Host, *command: str) -> list[dict[str, object]]:
    """Show the panel with the keys in it, press keys, and tell what changed by them."""
    window.run(show, FULL)
    window.run(enter)
    window.press(*command, "key", "F12")
    until(lambda: "f12" in names(window))
    return [answer.changes for answer in window.run(take_answers)]


def keys(text: str) -> list[str]:
    return [word for key in text.split() for word in ("key", key)]


def values(window: Host) -> dict[str, object]:
    return {name: window.run(value_of, name) for name in ("seed", "layers", "scale", "rule", "tied", "radius")}


START = {control.name: control.value for control in CONTROLS}


def test_arrows_walk_and_turn_and_no_command_sees_them(window: Host) -> None:
    entered(window, *keys("Down Right Right Down Left Down Right Down Left"))
    assert window.run(at) == "tied"
    assert names(window) == ["f12"]
    found = values(window)
    assert found["layers"] == 7  # the least step of a whole number, as a fortieth of the track is less
    assert found["scale"] == 0.4  # a fortieth of the track
    assert (found["rule"], found["tied"]) == ("lecun", False)


def test_shift_and_alt_turn_finely(window: Host) -> None:
    entered(window, *keys("Down Down shift+Right alt+Right"))
    assert window.run(value_of, "scale") == 0.508
    assert names(window) == ["f12"]


@pytest.mark.parametrize("lets_go", [False, True])
def test_a_key_between_two_frames_goes_on_from_what_the_last_one_changed(window: Host, lets_go: bool) -> None:
    window.run(show, FULL)
    window.run(enter)
    assert window.run(turned_twice, lets_go) == 7


def test_a_number_without_a_track_is_turned_too(window: Host) -> None:
    entered(window, *keys("End Right"))
    assert window.run(value_of, "radius") == 2.2


def test_a_key_that_turns_is_told_to_be_held_until_it_is_let_go(window: Host) -> None:
    window.run(show, FULL)
    window.run(enter)
    window.press("key", "Down", "keydown", "Right")
    until(lambda: window.run(take_answers), "the change")
    assert [answer.is_held for answer in window.run(take_answers)] == [True]
    window.press("keyup", "Right", "key", "F12")
    until(lambda: "f12" in names(window))
    assert window.run(held) == ""


def test_tab_walks_round_and_back(window: Host) -> None:
    entered(window, *keys("shift+Tab shift+Tab shift+Tab shift+Tab Tab"))
    assert window.run(at) == "!reroll"
    assert names(window) == ["f12"]


def test_what_the_panel_has_no_use_for_is_still_a_command(window: Host) -> None:
    entered(window, *keys("r bracketleft ctrl+z 7"))
    assert names(window) == ["r", "[", "ctrl+z", "f12"]  # but a digit


def test_escape_gives_the_keys_back_and_then_closes(window: Host) -> None:
    entered(window, *keys("Escape Down Escape"))
    assert names(window) == ["down", "escape", "f12"]
    assert values(window) == START


def test_a_panel_that_never_came_leaves_the_keys_to_the_picture(window: Host) -> None:
    window.run(enter)
    window.run(show, HUD)
    window.press(*keys("Down Escape F12"))
    until(lambda: "f12" in names(window))
    assert names(window) == ["down", "escape", "f12"]


def test_a_press_into_the_picture_gives_the_keys_back(window: Host) -> None:
    entered(window, *window.point(20, 200), "click", "1", *keys("Down"))
    assert names(window) == ["down", "f12"]


def test_digits_begin_a_number_and_enter_ends_it(window: Host) -> None:
    entered(window, *keys("Down Down"), *spelled("1.25"), *keys("Return Right"))
    assert window.run(value_of, "scale") == 1.35
    assert names(window) == ["f12"]


def test_tab_enters_what_was_typed_and_goes_on_to_the_next_field(window: Host) -> None:
    entered(window, *spelled("77"), *keys("Tab"), *spelled("12"), *keys("Tab"), *spelled("3"), *keys("Tab"))
    found = values(window)
    assert (found["seed"], found["layers"], found["scale"]) == ("77", 12, 3.0)
    assert window.run(at) == "rule"
    assert names(window) == ["f12"]


def test_shift_tab_goes_back_and_escape_drops_what_was_typed(window: Host) -> None:
    entered(window, *keys("Down"), *spelled("9"), *keys("shift+Tab"), *spelled("5"), *keys("Escape Right"))
    assert (window.run(value_of, "layers"), window.run(value_of, "seed")) == (9, "43")
    assert window.run(at) == "seed"


@pytest.mark.parametrize("last", ["escape", "enter"])
def test_keys_after_the_last_one_of_a_line_are_not_typed_there_however_fast(window: Host, last: str) -> None:
    entered(window, *keys("Down"), *spelled("9"))
    assert window.run(wants_keys_before_and_after, last) == (True, False, False)
    assert window.run(value_of, "layers") == (9 if last == "enter" else 5)


def test_tab_goes_on_from_a_line_that_the_mouse_has_opened(window: Host) -> None:
    window.run(show, FULL)
    x, y = window.run(middle_of, "scale")
    window.press(*window.point(x, y), "click", "--repeat", "2", "--delay", "60", "1", *spelled("2"), *keys("Tab F12"))
    until(lambda: "f12" in names(window))
    assert window.run(value_of, "scale") == 2.0
    assert window.run(at) == "rule"
    assert names(window) == ["f12"]


def test_a_list_is_walked_looked_at_and_taken_by_keys(window: Host) -> None:
    window.run(show, FULL)
    window.run(enter)
    for key, looked in (
        ("Down", None),
        ("Down", None),
        ("Down", None),
        ("Return", None),
        ("Down", "lecun"),
        ("h", "he"),
    ):
        window.press("key", key)
        until(lambda looked=looked: window.run(preview) == (looked and ("rule", looked)), f"a look at {looked}")
    until(lambda: window.run(popup_is_open), "the list")
    assert not window.run(take_answers)
    window.press(*keys("Up Return F12"))
    until(lambda: "f12" in names(window))
    assert [answer.changes for answer in window.run(take_answers)] == [{"rule": "glorot"}]
    assert window.run(preview) is None
    assert not window.run(popup_is_open)
    assert names(window) == ["f12"]


def test_a_list_that_is_opened_right_after_its_value_was_turned_begins_there(window: Host) -> None:
    found = entered(window, *keys("Down Down Down Right Return Down Return"))
    assert found[-1] == {"rule": "glorot"}


def test_the_mouse_beside_a_list_does_not_disturb_keys_that_walk_there(window: Host) -> None:
    window.run(show, FULL)
    window.run(enter)
    window.press(*keys("Down Down Down Return"), *window.point(20, 200), *keys("Down"), *window.point(40, 210))
    until(lambda: window.run(preview) == ("rule", "lecun"), "a look")
    window.press(*window.point(60, 220), *keys("Down Return F12"))
    until(lambda: "f12" in names(window))
    assert [answer.changes for answer in window.run(take_answers)] == [{"rule": "glorot"}]


def test_escape_closes_a_list_and_nothing_is_taken(window: Host) -> None:
    assert entered(window, *keys("Down Down Down Return Down bracketleft Escape")) == []
    assert window.run(preview) is None
    assert not window.run(popup_is_open)
    assert window.run(at) == "rule"


def test_a_choice_under_the_mouse_is_looked_at_until_the_mouse_leaves(window: Host) -> None:
    window.run(show, FULL)
    x, y = window.run(middle_of, "rule")
    window.press(*window.point(x, y), "click", "1")
    until(lambda: window.run(popup_is_open), "the list")
    left, top = window.run(list_corner)
    window.press(*window.point(int(left) + 20, int(top) + 40))
    until(lambda: window.run(preview) == ("rule", "lecun"), "a look")
    window.press(*window.point(20, 200))
    until(lambda: window.run(preview) is None, "the end of it")
    assert not window.run(take_answers)
    window.press("key", "Escape")
    until(lambda: not window.run(popup_is_open), "the list to close")


def test_a_heading_folds_by_key_and_by_mouse(window: Host) -> None:
    entered(window, *keys("Up Left"))
    assert window.run(folded) == {"Network"}
    assert window.run(items) == ["!reroll", "!back", "#Network", "#View", "radius"]
    window.press(*keys("Right Return Return"), "key", "F12")
    until(lambda: names(window).count("f12") == 2)
    assert window.run(folded) == frozenset()
    x, y = window.run(middle_of, "#View")
    window.press(*window.point(x, y), "click", "1")
    until(lambda: window.run(folded) == {"View"}, "the fold")
    window.run(unfold)


def test_buttons_are_pressed_by_key_and_by_mouse(window: Host) -> None:
    window.run(show, FULL)
    window.run(enter)
    window.press(*keys("Home Right Return F12"))
    until(lambda: "f12" in names(window))
    x, y = window.run(middle_of, "!reroll")
    window.press(*window.point(x, y), "click", "1")
    until(lambda: len(window.run(take_answers)) == 2, "the button")
    assert [answer.pressed for answer in window.run(take_answers)] == [("back",), ("reroll",)]


def test_each_press_of_a_frame_counts(window: Host) -> None:
    window.run(show, FULL)
    window.run(enter)
    window.run(press_at_once, ["home", "enter", "enter", "right", "enter"], True)
    assert [answer.pressed for answer in window.run(take_answers)] == [("reroll", "reroll", "back")]


def test_letters_of_the_same_moment_go_where_the_keys_before_them_lead(window: Host) -> None:
    window.run(enter_with, ["down", "down", "down", "enter", "h", "enter", "r", "["])
    assert values(window)["rule"] == "he"
    assert [answer.left for answer in window.run(take_answers) if answer.left] == [("r", "[")]


def test_letters_that_wait_for_a_panel_without_room_are_left_to_the_picture(window: Host) -> None:
    window.run(enter_with, ["down", "enter", "r"], False)
    assert [answer.left for answer in window.run(take_answers) if answer.left] == [("r",)]


def test_keys_of_the_same_moment_wait_for_the_controls(window: Host) -> None:
    window.run(enter_with, ["down", "down", "4", "enter"])
    assert window.run(at) == "scale"
    assert window.run(typed_at_once) == 4.0


@pytest.mark.every
@pytest.mark.parametrize(
    ("together", "reached"),
    [
        ("1 tab", "layers"),
        ("1 tab tab", "scale"),
        ("1 tab tab tab", "rule"),
        ("1 tab tab tab tab", "tied"),
        ("tab tab tab tab 1", "tied"),
        ("down 7 tab tab shift+tab", "scale"),
        ("1 tab tab tab down", "tied"),
    ],
)
@pytest.mark.parametrize("is_told", [False, True], ids=["pressed", "told"])
def test_each_of_several_keys_within_a_frame_is_a_step(
    window: Host, together: str, reached: str, is_told: bool
) -> None:
    window.run(show, FULL)
    window.run(enter)
    window.run(press_at_once, together.split(), is_told)
    assert window.run(at) == reached


def test_keys_within_a_frame_are_typed_where_those_before_them_lead(window: Host) -> None:
    window.run(enter_with, ["5", "tab", "9", "tab", "tab", "right", "tab", "left"])
    found = values(window)
    assert (found["seed"], found["layers"], found["rule"], found["tied"]) == ("5", 9, "lecun", False)


def test_a_command_of_the_same_moment_is_done_before_the_keys_behind_it_are_given_away(window: Host) -> None:
    window.run(show, dataclasses.replace(FULL, album=(Tile("a picture", "Gallery"),)))
    told = window.run(strike_at_once, ["F6", "DOWN", "7", "ENTER"])
    assert told == ["f6", "down", "7", "enter"], "none is the album's"
    window.run(show, FULL)
    window.run(enter)
    assert window.run(take_all, told[1:])
    assert values(window)["layers"] == 7


def test_the_panel_can_be_used_in_a_small_window(window: Host) -> None:
    window.resize(320, 240)
    window.run(show, FULL)
    window.run(enter)
    for key in ("Home", "End"):
        window.press("key", key)
        until(lambda: window.run(is_in_sight), f"the item after {key}")
    window.resize(640, 400)


@pytest.mark.parametrize(("size", "text", "scale"), [((640, 400), 2.5, 400 / 240), ((640, 400), 0.7, 0.7)])
def test_large_text_leaves_a_small_window_some_room(
    window: Host, size: tuple[int, int], text: float, scale: float
) -> None:
    assert window.run(look, "size_px") == size
    assert window.run(scale_of, text) == (pytest.approx(scale), round(27 * scale))


def scale_of(guest: Guest, text: float) -> tuple[float, int]:
    guest.panel.text_size = text
    found = guest.panel.scale, guest.panel.status_px
    guest.panel.text_size = 1.0
    return found


def enter(guest: Guest) -> None:
    guest.panel.keys.leave()
    guest.panel.keys.enter()
    guest.step()


def enter_with(guest: Guest, early: list[str], has_controls: bool = True) -> None:
    show(guest, HUD)
    guest.panel.keys.enter()
    assert all(guest.panel.take(Key(name)) for name in early)
    show(guest, FULL if has_controls else HUD)


def press_at_once(guest: Guest, names: list[str], is_told: bool) -> None:
    """Press keys as glfw reports them, or hand them on as events, without a frame in between."""
    for each in names:
        prefix, _, name = each.rpartition("+")
        if is_told:
            assert guest.panel.take(Key(each)), each
            continue
        guest.panel.input.on_key(name, prefix + "+" * bool(prefix), True)
        if len(name) == 1:
            guest.panel.input.on_char(name)
        guest.panel.input.on_key(name, prefix, False)
    guest.step()


def strike_at_once(guest: Guest, names: list[str]) -> list[str]:
    """Let glfw report keys within one poll; tell those that the panel left to others."""
    import glfw

    window = guest.window
    for name in names:
        key = getattr(glfw, f"KEY_{name}")
        window._listener._on_key(None, key, 0, glfw.PRESS, 0)
        if len(name) == 1:
            window._listener._on_char(None, ord(name))
        window._listener._on_key(None, key, 0, glfw.RELEASE, 0)
    return [event.name for event in window.poll() if isinstance(event, Key)]


def take_all(guest: Guest, told: list[str]) -> bool:
    taken = all(guest.panel.take(Key(name)) for name in told)
    guest.step()
    return taken


def typed_at_once(guest: Guest) -> object:
    guest.step()
    return value_of(guest, "scale")


def wants_keys_before_and_after(guest: Guest, last: str) -> tuple[bool, bool, bool]:
    """Press a key and draw a frame; tell whether keys are typed before, between and after."""
    before = guest.panel.input.wants_keys
    guest.panel.input.on_key(last, "", True)
    between = guest.panel.input.wants_keys
    guest.panel.input.on_key(last, "", False)
    guest.step()
    return before, between, guest.panel.input.wants_keys


def at(guest: Guest) -> str:
    return guest.panel.parts.knobs.focus.at


def turned_twice(guest: Guest, lets_go: bool) -> object:
    """Turn the layers before a frame, and after it before its change has come back as a control."""
    guest.panel.input.on_key("down", "", True)
    for _ in range(2):
        guest.panel.input.on_key("right", "", True)
        answer = guest.panel.frame(FULL)
        if lets_go:  # a key that went up is taken in before the next one goes down
            guest.panel.input.on_key("right", "", False)
    guest.panel.input.on_key("right", "", False)
    return answer.changes["layers"]


def held(guest: Guest) -> str:
    return guest.panel.keys.held


def items(guest: Guest) -> list[str]:
    return guest.panel.parts.knobs.focus._items


def folded(guest: Guest) -> frozenset[str]:
    return guest.panel.folded


def unfold(guest: Guest) -> None:
    guest.panel.folded = frozenset()
    guest.panel.keys.leave()


def preview(guest: Guest) -> object:
    return guest.panel.parts.knobs.choices.preview


def popup_is_open(guest: Guest) -> bool:
    return guest.panel.input.has_popup


def list_corner(guest: Guest) -> tuple[float, float]:
    popup = guest.panel._context.open_popup_stack[0].window
    return popup.pos.x, popup.pos.y


def value_of(guest: Guest, name: str) -> object:
    return next(control.value for control in guest.hud.controls or () if control.name == name)


def middle_of(guest: Guest, name: str) -> tuple[int, int]:
    left, top, right, bottom = guest.panel._sheet.items[name]
    return round((left + right) / 2), round((top + bottom) / 2)


def is_in_sight(guest: Guest) -> bool:
    _, top, _, bottom = guest.panel._sheet.items[guest.panel.parts.knobs.focus.at]
    return top >= 0 and bottom <= guest.window.size_px[1] - guest.panel.status_px
