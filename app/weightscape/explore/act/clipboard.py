"""The clipboard: a scene goes there as text or as a link, and comes from there as either."""

from weightscape.explore.act.arrival import Loaded, bring
from weightscape.explore.explorer import Explorer
from weightscape.publish import gallery
from weightscape.publish.caption import misfits
from weightscape.scene.link import from_link, is_link, link, unwrapped
from weightscape.scene.scene import from_text
from weightscape.scene.scene_error import SceneError


def copy(explorer: Explorer, _: str) -> None:
    """Put the scene's text into the clipboard."""
    explorer.window.clipboard = explorer.subject.to_text()
    explorer.say("scene copied")


def copy_link(explorer: Explorer, _: str) -> None:
    """Put a link that holds the scene into the clipboard, or say why there can be none."""
    try:
        text = link(explorer.subject)
    except SceneError as error:
        explorer.say(f"no {error}")
        return
    explorer.window.clipboard = text
    explorer.say(f"link copied: {len(text):,} characters hold the scene")


def paste(explorer: Explorer, _: str) -> None:
    """Show the scene whose text, or whose link, is in the clipboard."""
    text = explorer.window.clipboard
    what = "link" if is_link(text) else "scene"
    bring(explorer, "what was pasted", lambda: _pasted(text), f"{what} pasted (Backspace goes back)")


def _pasted(text: str) -> Loaded:
    """Read what was pasted. Raises SceneError."""
    if is_link(text):
        return from_link(text), []
    bare = unwrapped(text)
    try:
        return from_text(bare), misfits(gallery.carried(bare))
    except SceneError as error:
        if not text.strip():
            raise SceneError("clipboard", "it is empty; Ctrl+C copies a scene, Ctrl+L a link") from None
        reason = error.reason if error.field == "scene" else error
        raise SceneError("clipboard", f"no scene ({reason})") from None
