"""From a shader's text what some of its functions need, for texts that people read: no switches, no macros.

Of the preprocessor's lines it knows #define without parameters, #ifdef, #ifndef, #else and #endif.
"""

import re
from collections.abc import Iterator

WORD = re.compile(r"[A-Za-z_]\w*")
COMMENT = re.compile(r"//.*")
# What a declaration outside all functions declares.
DECLARED = re.compile(r"^(?:(?:const|uniform|highp) )*\w+ (\w+)")


def needed(text: str, *roots: str) -> str:
    """Keep the functions `roots` and all that they use, in the old order, with the comments right above them.

    Macros are written out. Raises ValueError for lines of the preprocessor that are not known here.
    """
    parts = [(part, _words(part), _name(part)) for part in _parts(_plain(text))]
    kept, new = set[str](), set(roots)
    while new:
        kept |= new
        new = {word for _, words, name in parts if name in kept for word in words} - kept
    chosen = [part for part, _, name in parts if name in kept]
    return "".join(part if _is_short(part) and _is_short(after) else part + "\n" for part, after in _pairs(chosen))


def _plain(text: str) -> Iterator[str]:
    """Give the lines that a compiler sees, with macros written out."""
    macros: dict[str, str] = {}
    taken: list[bool] = []
    for line in text.splitlines():
        word, *rest = line.split(maxsplit=2) or [""]
        if word in ("#ifdef", "#ifndef"):
            taken.append((rest[0] in macros) == (word == "#ifdef"))
        elif word == "#else":
            taken[-1] = not taken[-1]
        elif word == "#endif":
            taken.pop()
        elif not all(taken) or word == "#version":
            continue
        elif word == "#define" and "(" not in rest[0]:
            macros[rest[0]] = COMMENT.sub("", rest[1]).strip() if len(rest) > 1 else ""
        elif word.startswith("#"):
            raise ValueError(f"{line!r} is no line that can be left out")
        else:
            yield _replaced(line, macros)


def _replaced(line: str, macros: dict[str, str]) -> str:
    code, mark, comment = line.partition("//")
    indent = code[: len(code) - len(code.lstrip())]
    seen = ""
    while seen != code:
        seen, code = code, WORD.sub(lambda word: macros.get(word[0], word[0]), code)
    return indent + code.lstrip() + mark + comment  # a word that stands for nothing leaves a blank


def _parts(lines: Iterator[str]) -> Iterator[str]:
    """Give the declarations and functions one by one, with the comment right above; other comments are left out."""
    part: list[str] = []
    depth = 0
    for line in lines:
        code = COMMENT.sub("", line).rstrip()
        if not line.strip() and not depth:
            part = []
            continue
        part.append(line.rstrip())
        depth += code.count("{") - code.count("}")
        if not depth and code.endswith((";", "}")):
            yield "\n".join(part) + "\n"
            part = []


def _words(part: str) -> set[str]:
    return set(WORD.findall(COMMENT.sub("", part)))


def _name(part: str) -> str:
    found = DECLARED.match(COMMENT.sub("", part).lstrip())
    return found[1] if found else ""


def _is_short(part: str) -> bool:
    return part.count("\n") == 1


def _pairs(parts: list[str]) -> Iterator[tuple[str, str]]:
    return zip(parts, [*parts[1:], ""], strict=True)
