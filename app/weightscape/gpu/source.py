"""Shader source: from the files in shaders/ to one text that a driver takes, and back from its complaints.

The one preprocessor of the house. It resolves `#include "lib/shade.glsl"` (nested, each file once), writes
defines behind `#version`, and remembers for every line of the result which file and line it came from,
because drivers drop the file numbers of `#line`. It knows no network.

One define is always there: EXACT, to be put before a variable whose sum must be computed as it is written. Compilers
may reorder sums (a - b) + b, join products with them or take a common factor out, and some do; small results are lost
that way. GLSL 4.00 forbids it by the word `precise`, and that is what EXACT stands for from there on; before, it is
empty. `precise` says nothing of a function's result: let an EXACT variable hold it, then return that. Shaders are
written for 3.30, so `program` compiles them as 4.00 wherever the context takes it. What was seen: docs/shaders.md,
section 8.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from weightscape.gpu.shader_file import FILES

if TYPE_CHECKING:
    import moderngl

Made = TypeVar("Made")
INCLUDE = re.compile(r'^\s*#include\s+"([^"]+)"\s*$')
UNIFORM = re.compile(r"^\s*uniform\s+\w+\s+(\w+)")
# Mesa says 0:12(3), NVIDIA 0(12), Apple and ANGLE ERROR: 0:12.
DRIVER_LINE = re.compile(r"\b0[:(](\d+)\)?(?:\(\d+\))?")
# What moderngl sets before a driver's words: the stage, underlined.
HEADING = re.compile(r"\A\s*GLSL \w+ failed\s+\w+\s+=+\s+")
PRECISE_SINCE = 400


class ShaderError(Exception):
    """A shader that cannot be read or does not compile; the text names file and line."""


@dataclass(frozen=True)
class Source:
    """One shader as a driver takes it: `text`, and for each of its lines the (file, line) it came from."""

    text: str
    origin: tuple[tuple[str, int], ...]


def _file(name: str) -> str:
    try:
        return FILES.text(name)
    except OSError as error:
        raise ShaderError(f"shader file {name} is missing") from error
    except ValueError as error:
        raise ShaderError(f"shader file {name} is not text in UTF-8") from error


def opening(version: str) -> tuple[str, str]:
    """Write the two lines that every shader of GLSL `version`, e.g. "430 core" or "300 es", begins with."""
    is_precise = int(version.split()[0]) >= PRECISE_SINCE
    return f"#version {version}", "#define EXACT precise" if is_precise else "#define EXACT"


def source(name: str, defines: Mapping[str, str | int] | None = None, version: str = "") -> Source:
    """Read shader `name`, with its includes, and EXACT and `defines` behind its first line.

    `version` replaces the file's own, e.g. "430 core" or "300 es".
    Raises ShaderError for a missing file, an include cycle or a missing `#version`.
    """
    head, *body = _lines(name, seen=set(), above=())
    if not head[0].startswith("#version"):
        raise ShaderError(f"{name}:1: a shader begins with #version")
    first, exact = opening(version or head[0].removeprefix("#version "))
    lines = [(first, head[1]), (exact, ("defines", 0))]
    lines += [(f"#define {key} {value}", ("defines", 1 + n)) for n, (key, value) in enumerate((defines or {}).items())]
    lines += body
    return Source("\n".join(text for text, _ in lines) + "\n", tuple(origin for _, origin in lines))


def uniforms(name: str) -> frozenset[str]:
    """List the uniforms that shader `name` and its includes declare in any of their variants."""
    return frozenset(found[1] for text, _ in _lines(name, set(), ()) if (found := UNIFORM.match(text)))


def _lines(name: str, seen: set[str], above: tuple[str, ...]) -> list[tuple[str, tuple[str, int]]]:
    if name in above:
        raise ShaderError(f"{name} includes itself by way of {' -> '.join(above)}")
    if name in seen:
        return []
    seen.add(name)
    lines: list[tuple[str, tuple[str, int]]] = []
    for number, text in enumerate(_file(name).splitlines(), start=1):
        include = INCLUDE.match(text)
        if include:
            lines += _lines(include[1], seen, (*above, name))
        elif lines and lines[-1][0].endswith("\\"):
            # GLSL 3.30 knows no line continuation, so it is resolved here.
            lines[-1] = (lines[-1][0][:-1] + text.strip(), lines[-1][1])
        else:
            lines.append((text, (name, number)))
    return lines


def program(
    ctx: "moderngl.Context", vertex: str, fragment: str, defines: Mapping[str, str | int] | None = None
) -> "moderngl.Program":
    """Compile and link two shader files; both get the same `defines`, and GLSL 4.00 where the context takes it.

    Raises ShaderError with file, line and the lines around it when the driver refuses.
    """
    version = f"{PRECISE_SINCE} core" if ctx.version_code >= PRECISE_SINCE else ""
    stages = {"vertex": source(vertex, defines, version), "fragment": source(fragment, defines, version)}
    return _compiled(ctx.program, stages)


def compute_program(
    ctx: "moderngl.Context", name: str, defines: Mapping[str, str | int] | None = None
) -> "moderngl.ComputeShader":
    """Compile and link a compute shader; raises ShaderError like `program`."""
    return _compiled(lambda compute_shader: ctx.compute_shader(compute_shader), {"compute": source(name, defines)})


def _compiled(compile: "Callable[..., Made]", stages: Mapping[str, Source]) -> "Made":
    """Hand each stage's text to the driver, and its complaint to the stage that it is about (else the last)."""
    try:
        return compile(**{f"{name}_shader": stage.text for name, stage in stages.items()})
    except Exception as error:  # moderngl.Error; the name would cost an import of moderngl here
        named = [stage for name, stage in stages.items() if f"{name}_shader" in str(error)]
        raise ShaderError(complaint(str(error), (named or list(stages.values())[-1:])[0])) from error


def complaint(message: str, stage: Source) -> str:
    """Rewrite a driver's `message` so that each line number names our file, and quote the lines around the first."""
    lines = stage.text.splitlines()

    def place(match: re.Match[str]) -> str:
        number = int(match[1])
        return "{}:{}".format(*stage.origin[number - 1]) if 0 < number <= len(lines) else match[0]

    text = DRIVER_LINE.sub(place, HEADING.sub("", message).strip())
    first = DRIVER_LINE.search(message)
    if first and 0 < int(first[1]) <= len(lines):
        middle = int(first[1]) - 1
        around = range(max(0, middle - 2), min(len(lines), middle + 3))
        text += "".join(
            f"\n{'>' if n == middle else ' '} {stage.origin[n][0]}:{stage.origin[n][1]}: {lines[n]}" for n in around
        )
    return text
