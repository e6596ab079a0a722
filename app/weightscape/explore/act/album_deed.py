"""What is done with the album: it is opened, what is seen is starred, a tile is chosen, renamed or removed.

Each is a function of the explorer.
"""

from weightscape.explore.act.arrival import bring
from weightscape.explore.act.morph_action import mark
from weightscape.explore.explorer import Explorer
from weightscape.publish.bookmark import Bookmark
from weightscape.publish.gallery import Listed
from weightscape.window.message import Deed


def album(explorer: Explorer, _: str) -> None:
    """Open or close the sheet of the gallery and the bookmarks."""
    if not explorer.screen.panel:
        explorer.say("no sheet can be shown here: the panel lacks a library, as the terminal says")
        return
    explorer.lay("album")
    explorer.album.bookmarks.bookmarks()
    if explorer.over == "album" and explorer.album.bookmarks.fault:
        explorer.say(explorer.album.bookmarks.fault, stays=True)


def bookmark(explorer: Explorer, _: str) -> None:
    """Star the scene that is seen, or take its star away."""
    explorer.album.toggle(explorer.subject)


def do(explorer: Explorer, deed: Deed) -> None:
    """Do what the sheet's user asked for."""
    book = explorer.album
    subject = book.shown[deed.tile]
    if deed.kind == "close":
        explorer.over = ""
    elif deed.kind == "restore":
        explorer.say(book.restore())
    elif deed.kind == "open":
        book.last = subject
        explorer.over = "album" if isinstance(subject, Bookmark) and subject.scene is None else ""
        told = subject.told if isinstance(subject, Listed) else subject.name
        bring(explorer, subject.name, lambda: book.open(subject), told)
    elif deed.kind == "mark":
        mark(explorer, subject)
    elif isinstance(subject, Bookmark) and deed.kind == "remove":
        book.remove(subject)
    elif isinstance(subject, Bookmark):
        book.rename(subject, deed.text)
    else:
        explorer.say("the gallery's scenes stay as they are")
    explorer.dirty = True
