"""What the commands of the panel and of its letters do."""

from weightscape.explore.explorer import Explorer
from weightscape.explore.keep.text_size import keep_text_size, next_text_size


def enter_panel(explorer: Explorer, _: str) -> None:
    """Let the keys go to the panel, opened if need be, or to the picture again."""
    panel = explorer.screen.panel
    if panel is None:
        explorer.say("there is no panel here: it lacks a library, as the terminal says")
    elif panel.keys.has_focus:
        panel.keys.leave()
    else:
        explorer.is_paneled = True
        reveal_panel(explorer)
        panel.keys.enter()


def reveal_panel(explorer: Explorer) -> None:
    """Take away what leaves no room for the panel where that has been opened: help, album, in small windows a strip."""
    panel = explorer.screen.panel
    if explorer.is_paneled and (explorer.over in ("help", "album") or (panel and not panel.has_room)):
        explorer.over = ""


def larger_text(explorer: Explorer, _: str) -> None:
    """Make all that is written over the picture larger."""
    _set_text(explorer, 1)


def smaller_text(explorer: Explorer, _: str) -> None:
    """Make all that is written over the picture smaller."""
    _set_text(explorer, -1)


def plain_text(explorer: Explorer, _: str) -> None:
    """Write as at first."""
    _set_text(explorer, 0)


def _set_text(explorer: Explorer, steps: int) -> None:
    panel = explorer.screen.panel
    if panel is None:
        return
    panel.text_size = next_text_size(panel.text_size, steps)
    small = "; in this small window less" if panel.scale < explorer.window.content_scale * panel.text_size else ""
    explorer.ask()  # the picture ends where the status line begins
    keep_text_size(panel.text_size)
    explorer.say(f"text {100 * panel.text_size:.0f} %{small}", stays=True)
