"""What zooms: the wheel, a double click, and keys, which zoom on while they are held."""

from weightscape.explore.act.lens_action import pick, picks
from weightscape.explore.act.pointer import zoomed
from weightscape.explore.explorer import Explorer
from weightscape.explore.glide import EASED, STEADY
from weightscape.scene.command import Command, tried

WHEEL = 0.8  # radius for one step of the wheel
DOUBLE_CLICK = 0.5


def turn_wheel(explorer: Explorer, x: float, y: float, steps: float) -> None:
    """Zoom at a place of the window."""
    part, point = explorer.under_cursor(x, y)
    explorer.show(explorer.scene.looking(zoomed(part, point, WHEEL**steps)), "wheel", pace=EASED)


def click(explorer: Explorer, x: float, y: float, count: int) -> None:
    """Pick what a drawing has at a place; zoom there by the second of two clicks (`count`) that pick nothing."""
    is_first, explorer.clicked = explorer.clicked != explorer.history.deeds, explorer.history.deeds
    if picks(explorer, x, y):
        pick(explorer, x, y)
    elif count == 2 and not is_first:  # else the first click has led here
        part, point = explorer.under_cursor(x, y)
        explorer.show(explorer.scene.looking(zoomed(part, point, DOUBLE_CLICK)), pace=EASED)


def hold(explorer: Explorer, found: Command) -> None:
    """Let a held key go on, step after step without a rest, until it is let go: then the last step is whole."""
    gesture = f"key {explorer.hold}"

    def again() -> bool:
        return explorer.show(tried(found, explorer.scene, 0)[0], gesture, is_held=True, pace=STEADY)

    explorer.again = again
    if not explorer.glide.is_on:
        again()
