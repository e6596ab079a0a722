"""The shaders, listed, and the text of one as a driver gets it, without a driver."""

import re
from collections.abc import Iterator, Mapping
from importlib import resources

from weightscape.engine.shader.variant_list import Variant, variants
from weightscape.gpu.source import PRECISE_SINCE, source
from weightscape.picture.questions import PrecisionName, questions
from weightscape.scene.scene import Scene

STAGES = (".vert", ".frag", ".comp")
# Of the picture that shaders are listed for: an atlas of less room shows fewer layers.
SIZE = (1024, 1024)
OTHER_SCENE = (
    "--width 400 takes layer.frag, layer.comp and output.comp, and with --activation relu --lens regions sum.frag"
)
GLSL = re.compile(r"[1-9]\d\d( core| es)?")

Defines = Mapping[str, str | int]


def taken(scene: Scene, precision: PrecisionName, is_software: bool) -> list[Variant]:
    """List the shaders that a scene's picture takes, with their defines, each once. Raises SceneError, EngineError."""
    found: list[Variant] = []
    for question in questions(scene, SIZE, precision):
        found += [each for each in variants(question, is_software) if each not in found]
    return found


def listing(chosen: list[Variant]) -> str:
    """List all programs, a line each: how many variants are taken, the name, and what comes out."""
    counts = [sum(each == name for each, _ in chosen) for name in programs()]
    rows = zip(programs(), counts, strict=True)
    return "\n".join(f"{count or '':>2} {name:13} {_about(name)}" for name, count in rows)


def programs() -> list[str]:
    """Name the shaders that are handed to drivers; the others are parts of these."""
    folder = resources.files("weightscape.shaders")
    return sorted(each.name for each in folder.iterdir() if each.name.endswith(STAGES))


def defines_of(name: str, chosen: list[Variant], number: int, given: Defines) -> tuple[Defines, int]:
    """Find the defines of variant `number` of a shader, and how many variants there are.

    What is `given` counts more, and is all there is for a shader that no picture of the scene takes. Raises ValueError.
    """
    if name not in programs():
        raise ValueError(f"{name!r} is not one of {', '.join(programs())}")
    found = [defines for each, defines in chosen if each == name]
    if not found and not given and any(line.startswith("// Shape, by define") for line in _comment(name)):
        raise ValueError(f"this scene takes {', '.join(dict.fromkeys(each for each, _ in chosen))}; {OTHER_SCENE}")
    if not 1 <= number <= max(len(found), 1):
        raise ValueError(f"variant {number} of {name} is not in 1..{max(len(found), 1)}")
    return {**(found[number - 1] if found else {}), **given}, len(found)


def text(name: str, defines: Defines, version: str, tells_lines: bool) -> str:
    """Give a shader's text in GLSL `version`, "" for what it is compiled as; before each line, file and number."""
    newest = "" if name.endswith(".comp") else f"{PRECISE_SINCE} core"
    made = source(name, defines, version or newest)
    if not tells_lines:
        return made.text
    places = [f"{file}:{number}:" for file, number in made.origin]
    width = max(map(len, places))
    lines = zip(places, made.text.splitlines(), strict=True)
    return "".join(f"{place:{width}} {line}".rstrip() + "\n" for place, line in lines)


def parse_define(given: str) -> tuple[str, str]:
    """Read NAME or NAME=VALUE. Raises ValueError."""
    name, equals, value = given.partition("=")
    if not re.fullmatch(r"[A-Za-z_]\w*(\([\w, ]*\))?", name) or not given.isprintable():
        raise ValueError(f"{given!r} is not NAME or NAME=VALUE")
    return name, value if equals else "1"


def parse_number(given: str) -> int:
    """Read a variant's number. Raises ValueError."""
    if given.isdecimal() and len(given) <= 9:
        return int(given)
    raise ValueError(f"{given!r} is not a whole number")


def parse_version(given: str) -> str:
    """Read a version of GLSL. Raises ValueError."""
    if not GLSL.fullmatch(given):
        raise ValueError(f"{given!r} is not a version of GLSL, such as 330, '430 core' or '300 es'")
    return given if " " in given else f"{given} core"


def _about(name: str) -> str:
    """Tell what comes out of a shader: the first sentence of its comment."""
    words = " ".join(line.removeprefix("//").strip() for line in _comment(name)).removeprefix("What comes out: ")
    first = re.split(r"[.:] ", words)[0].rstrip(".")
    return first[0].lower() + first[1:]


def _comment(name: str) -> Iterator[str]:
    """Give the comment below #version, line after line."""
    folder = resources.files("weightscape.shaders")
    for line in (folder / name).read_text(encoding="utf-8").splitlines()[1:]:
        if not line.startswith("//"):
            return
        yield line
