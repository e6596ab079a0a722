"""Reads what a film says of itself: the comment inside an mp4 or webm."""

from typing import Any

from weightscape.file.video import FORMATS, check_library
from weightscape.file.whole_file import FileError, FilePath, plain_file, shown
from weightscape.scene.json_text import MAX_TEXT

# Long enough for any file made here; what FFmpeg looks for in others need not end.
PATIENCE_S = 20.0


def read_comment(path: FilePath, suffix: str) -> str | None:
    """Find the comment of a film of the kind `suffix` (.mp4, .webm), whatever its name; None where there is none.

    Raises FileError where the file is no such film or is damaged, the comment is longer than MAX_TEXT characters, or
    PyAV is missing.
    """
    check_library(path, "read")
    import av

    # The open file and the format's name: FFmpeg is not to guess a playlist, which names other files and places.
    name = FORMATS[suffix].name
    # From version 19 on PyAV hands wrong signs out as surrogates, and refuses to be told anything else.
    telling: Any = {"metadata_errors": "replace"} if int(av.__version__.partition(".")[0]) < 19 else {}
    with plain_file(path) as file:
        try:
            with av.open(file, format=name, timeout=PATIENCE_S, **telling) as container:
                about = {key.lower(): text for key, text in container.metadata.items()}
        except av.FFmpegError as fault:
            raise FileError(f"cannot read {shown(path)}: FFmpeg: {fault.strerror}") from fault
    text = about.get("comment")
    text = text and text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    if text and len(text) > MAX_TEXT:
        raise FileError(f"cannot read {shown(path)}: its comment is longer than {MAX_TEXT} characters")
    return text
