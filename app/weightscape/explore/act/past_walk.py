"""What keys do in the strip of all steps beside walking: to its ends, and by as many steps as are seen at once."""

from weightscape.explore.explorer import Explorer

ENDS = ("home", "end")
PAGES = {"page_up": -1, "page_down": 1}


def walks_past(explorer: Explorer, key: str) -> bool:
    """Take a key that goes far in the open strip; tell whether it was one."""
    if explorer.over != "history" or not (key in ENDS or key in PAGES):
        return False
    history, panel = explorer.history, explorer.screen.panel
    newest = len(history.steps) - 1
    if key in ENDS:
        place = 0 if key == "home" else newest
    else:
        first, after = panel.visible_steps if panel else (0, 0)
        page = max(after - first - 1, 1)  # one is seen before and after
        place = min(max(history.place + PAGES[key] * page, 0), newest)
    if not explorer.turn(lambda: history.jump(place)):
        explorer.say("this is the first picture" if place == 0 else "this is the last picture")
    return True
