"""What guides a newcomer: the card of a first start, explanations, the help and its search line."""

from collections.abc import Callable

from weightscape.explore.tell.card import Card, state_file
from weightscape.explore.tell.search import Search
from weightscape.explore.tell.tips import Tips
from weightscape.scene.key_help import Entry, help_entries
from weightscape.scene.scene import Scene
from weightscape.window.message import Row


class Guide:
    """Hold what has been tried, what is pointed at, and what is searched for."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self.card, self.tips, self.search = Card(state_file()), Tips(wake), Search()

    def next_s(self) -> float:
        """Tell when there will be something new to show; inf for never."""
        return self.tips.next_s()

    def entries(self) -> list[Entry]:
        """List the rows of the help that the search finds."""
        return [entry for entry in help_entries() if self.search.finds(entry)]

    def close(self) -> None:
        """Free everything."""
        self.tips.close()


def help_table(entries: list[Entry], is_on: Callable[[str], bool] = lambda _: False) -> tuple[Row, ...]:
    """List keys and help under a heading for each group; `is_on` tells of a command whether it is in force."""
    rows: list[Row] = []
    group = ""
    for each in entries:
        if each.group != group:
            rows.append(Row("", each.group))
            group = each.group
        rows.append(Row(each.keys, each.help, each.presses, any(map(is_on, each.commands))))
    return tuple(rows) or (Row("", "nothing is called so"),)


def in_force(scene: Scene, **switches: bool) -> Callable[[str], bool]:
    """Make a test of a command's name: whether it is its lens, or its switch, that is on."""
    on = {scene.lens} | {name for name, is_on in switches.items() if is_on}
    if scene.beside:
        on.add("split")
    if scene.before:
        on.add("before")
    if scene.levels == "auto":
        on.add("levels")
    return on.__contains__
