"""Mouse and fingers on a page: each moves the view as it does in the window, and keeps what it holds under the hand."""

import math
from decimal import Decimal

import pytest
from browser import Tab
from live import Live

from weightscape.network.view import pan, pixel_to_plane, zoom
from weightscape.scene.link import link
from weightscape.scene.scene import Scene

SMALL = Scene(layers=3, width=6, center=(Decimal("0.25"), Decimal("-0.5")), angle=30.0)
SIZE = (320, 180)


@pytest.fixture
def live(page: Tab) -> Live:
    """Give the page of a small network."""
    return Live(page, SIZE).begin(SMALL)


def near(found: Scene, wanted: Scene) -> bool:
    """Tell whether two views are the same to a thousandth of their radius."""
    apart = max(abs(float(p) - float(q)) for p, q in zip(found.center, wanted.center, strict=True))
    return math.isclose(found.radius, wanted.radius, rel_tol=1e-9) and apart < 1e-3 * wanted.radius


def test_the_wheel_zooms_at_the_cursor(live: Live) -> None:
    live.tab.mouse("mouseWheel", 80, 45, deltaX=0, deltaY=-100)
    live.rest()
    assert near(live.scene, SMALL.looking(zoom(SMALL.view, SIZE, (80, 45), 0.8)))
    live.tab.mouse("mouseWheel", 250, 40, deltaX=0, deltaY=200)
    live.rest()
    there = zoom(zoom(SMALL.view, SIZE, (80, 45), 0.8), SIZE, (250, 40), 0.8**-2)
    assert near(live.scene, SMALL.looking(there))


def test_a_zoom_is_eased_and_ends_where_it_leads(live: Live) -> None:
    live.tab.js("void (window.radii = [])")
    live.instead("explorer.picture", "show", "({radius}) => radii.push(radius)")
    live.tab.mouse("mouseWheel", 80, 45, deltaX=0, deltaY=-300)
    live.tab.until("!explorer.glide.view")
    radii = live.tab.js("radii")
    assert radii == sorted(radii, reverse=True)
    assert radii[0] == SMALL.radius
    assert radii[-1] == live.scene.radius
    assert len(radii) > 2


def test_with_reduced_motion_a_zoom_jumps(live: Live) -> None:
    live.still()
    live.tab.js("void (window.radii = [])")
    live.instead("explorer.picture", "show", "({radius}) => radii.push(radius)")
    live.tab.mouse("mouseWheel", 80, 45, deltaX=0, deltaY=-300)
    live.tab.until("radii.length")
    assert live.tab.js("radii") == [live.scene.radius]


def test_a_drag_pans_and_is_one_step(live: Live) -> None:
    live.tab.drag((100, 60), (160, 90))
    assert near(live.scene, SMALL.looking(pan(SMALL.view, SIZE, 60, 30)))
    live.press("backspace")
    assert live.scene == SMALL


def test_two_clicks_zoom_in_there(live: Live) -> None:
    for count in (1, 2):
        live.tab.mouse("mousePressed", 200, 50, clickCount=count)
        live.tab.mouse("mouseReleased", 200, 50, clickCount=count)
    live.rest()
    assert near(live.scene, SMALL.looking(zoom(SMALL.view, SIZE, (200, 50), 0.5)))


def test_two_clicks_apart_are_none(live: Live) -> None:
    for x in (200, 260):
        live.tab.mouse("mousePressed", x, 50)
        live.tab.mouse("mouseReleased", x, 50)
    assert live.scene == SMALL


def test_a_finger_drags(live: Live) -> None:
    live.tab.touch("touchStart", (100, 60))
    for x, y in ((120, 70), (160, 90)):
        live.tab.touch("touchMove", (x, y))
    live.tab.touch("touchEnd")
    assert near(live.scene, SMALL.looking(pan(SMALL.view, SIZE, 60, 30)))


def test_two_fingers_pinch(live: Live) -> None:
    held = pixel_to_plane(SMALL.view, SIZE, (120, 80))
    live.tab.touch("touchStart", (100, 80), (140, 80))
    for n in range(1, 5):
        live.tab.touch("touchMove", (100 - 10 * n, 80), (140 + 10 * n, 80))
    live.tab.touch("touchEnd")
    assert math.isclose(live.scene.radius, SMALL.radius * 40 / 120, rel_tol=1e-9)
    kept = pixel_to_plane(live.scene.view, SIZE, (120, 80))
    assert max(abs(float(p - q)) for p, q in zip(held, kept, strict=True)) < 1e-9
    live.press("backspace")
    assert live.scene == SMALL


def test_a_finger_that_stays_goes_on_from_where_it_is(live: Live) -> None:
    live.tab.touch("touchStart", (100, 80), (140, 80))
    live.tab.touch("touchMove", (80, 80), (160, 80))
    # DevTools lift all fingers at once.
    ids = "[...explorer.pointer.down.keys()]"
    live.tab.js(f"void PICTURE.dispatchEvent(new PointerEvent('pointerup', {{pointerId: {ids}[1]}}))")
    before = live.scene
    live.tab.touch("touchMove", (90, 85))
    live.tab.touch("touchEnd")
    assert near(live.scene, before.looking(pan(before.view, SIZE, 10, 5)))


def test_two_taps_zoom_in(live: Live) -> None:
    for _ in range(2):
        live.tab.touch("touchStart", (60, 50))
        live.tab.touch("touchEnd")
    live.rest()
    assert near(live.scene, SMALL.looking(zoom(SMALL.view, SIZE, (60, 50), 0.5)))


def test_a_gesture_neither_scrolls_nor_scales_the_page(live: Live) -> None:
    live.tab.touch("touchStart", (100, 80), (140, 80))
    live.tab.touch("touchMove", (40, 80), (200, 80))
    live.tab.touch("touchEnd")
    live.tab.mouse("mouseWheel", 80, 45, deltaX=0, deltaY=300)
    live.rest()
    assert live.tab.js("[visualViewport.scale, scrollX, scrollY]") == [1, 0, 0]


def test_a_hard_pinch_goes_little_beyond_what_precision_holds(live: Live) -> None:
    before = live.scene.radius
    live.instead("explorer.picture", "show", "() => {}")
    live.tab.js("explorer.pointer.pinch([150, 90], [300, 90], [149, 90])")
    assert math.isclose(live.scene.radius, before / 4)
    live.tab.js("for (let n = 0; n < 200; n++) explorer.pointer.pinch([150, 90], [300, 90], [149, 90])")
    assert math.isclose(live.scene.radius, before / 1000)
    assert len(link(live.scene)) < 90
    live.tab.js("explorer.pointer.pinch([300, 90], [150, 90], [149, 90])")
    assert math.isclose(live.scene.radius, before / 250)


def test_a_trackpad_of_safari_pinches(live: Live) -> None:
    told = "Object.assign(new Event('{}', {{cancelable: true}}), {{scale: {}, clientX: 80, clientY: 45}})"
    for kind, scale in (("gesturestart", 1), ("gesturechange", 1.5), ("gesturechange", 2.5)):
        assert live.tab.js(f"PICTURE.dispatchEvent({told.format(kind, scale)})") is False
    assert near(live.scene, SMALL.looking(zoom(SMALL.view, SIZE, (80, 45), 0.4)))
    live.press("backspace")
    assert live.scene == SMALL
