"""What a weights file brings that is written anew while it is seen: a step to its new network, if it can be shown.

Who has gone back stays there: the new networks are steps at the end, to which one goes forward.
"""

from contextlib import suppress
from dataclasses import replace

from weightscape.explore.explorer import Explorer
from weightscape.picture.epochs import EPOCHS
from weightscape.picture.lookout import Arrival
from weightscape.picture.successor import fitted, name_in, renewed, successor
from weightscape.scene.epoch import number_of
from weightscape.scene.loaded import names_in
from weightscape.scene.naming import base_name
from weightscape.scene.scene_error import SceneError

TOLD_S = 6.0


def follow_files(explorer: Explorer) -> None:
    """Take in what has been read of the files that are seen, once no hand holds the picture."""
    for told in explorer.follower.complaints():
        if isinstance(told, Exception):
            raise told
        if not explorer.fault:
            explorer.say(f"{told}; the picture is of the network before", TOLD_S, stays=True)
    while _is_free(explorer) and (arrival := explorer.follower.next()):
        _arrive(explorer, arrival)
    _keep_newest_last(explorer)
    _forget(explorer)


def _is_free(explorer: Explorer) -> bool:
    """Tell whether the scene may become another one now; a film by networks has to have seen the last one."""
    is_busy = explorer.window.is_held or explorer.glide.is_on or explorer.preview.scene or explorer.errands.is_opening
    return not is_busy and explorer.recorder.is_ready


def _arrive(explorer: Explorer, arrival: Arrival) -> None:
    """Go to a network that has been read, or keep it as a step at the end."""
    file, name = arrival.file, arrival.name
    explorer.diary.write("network", file=file, number=number_of(name), looks=arrival.looks)
    now = name_in(explorer.scene, file)
    if arrival.is_first:
        if explorer.fault and now:  # of the file, which could not be read
            explorer.ask()
        return
    is_live = explorer.history.is_last and number_of(now) >= number_of(explorer.newest.get(file, file))
    try:
        scene, told = successor(explorer.scene if is_live else explorer.history.steps[-1].scene, file, name)
    except SceneError as error:
        _say_once(explorer, f"{base_name(file)} has another network, which cannot be seen so: {error}")
        return
    is_second = file not in explorer.newest
    explorer.newest[file] = name
    if is_live and now:
        explorer.recorder.turn()
        explorer.show(scene)
        explorer.follower.said.clear()
        told = told or (f"{base_name(file)} was written anew (Backspace goes back)" if is_second else "")
        if told:
            explorer.say(told, stays=True)
    elif now:
        _say_once(explorer, f"{base_name(file)} has a new network: Ctrl+Y goes on to it")


def _say_once(explorer: Explorer, text: str) -> None:
    """Say what may be so with every network that comes, until one is shown."""
    if text not in explorer.follower.said:
        explorer.follower.said.add(text)
        explorer.say(text, TOLD_S, stays=True)


def _keep_newest_last(explorer: Explorer) -> None:
    """Let the last step always show the newest network: where a deed has cut that off, it is a step again."""
    history = explorer.history
    last = history.steps[-1]
    for file, name in explorer.newest.items():
        now = name_in(last.scene, file)
        if now and number_of(now) < number_of(name) and EPOCHS.network(name):
            with suppress(SceneError):  # it was told when it arrived
                history.append(replace(last, scene=fitted(renewed(last.scene, file, name), name)))
            return


def _forget(explorer: Explorer) -> None:
    """Let go of the oldest networks that are too many, and of their steps."""
    newest = (name for file, name in explorer.newest.items() if name_in(explorer.scene, file))
    used = {*names_in(explorer.scene), *newest, *explorer.follower.waiting}
    gone = EPOCHS.trim(used)
    if gone:
        explorer.history.drop(lambda step: not gone.isdisjoint(names_in(step.scene)))
