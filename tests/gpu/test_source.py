"""The preprocessor: one text from many files, and a driver's complaint brought back to file and line."""

import re
from collections.abc import Mapping
from importlib.resources import files
from types import SimpleNamespace
from typing import Any

import pytest

from weightscape.gpu import source as module
from weightscape.gpu.source import ShaderError, Source, complaint, opening, program, source

SHADERS = [
    f"{folder}{each.name}"
    for folder in ("", "lib/")
    for each in (files("weightscape.shaders") / folder).iterdir()
    if each.name.endswith((".vert", ".frag", ".comp", ".glsl"))
]
VERTEX = "#version 330 core\nvoid main() { gl_Position = vec4(0.0); }\n"


@pytest.fixture
def shaders(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A folder of shader files in memory, in place of the real one."""
    texts: dict[str, str] = {"v.vert": VERTEX}

    def read(name: str) -> str:
        if name not in texts:
            raise ShaderError(f"shader file {name} is missing")
        return texts[name]

    monkeypatch.setattr(module, "_file", read)
    return texts


def test_an_include_stands_in_its_place_and_only_once(shaders: dict[str, str]) -> None:
    shaders |= {
        "a.frag": '#version 330 core\n#include "b.glsl"\n#include "c.glsl"\n#include "b.glsl"\nvoid main() {}\n',
        "b.glsl": "float b;\n",
        "c.glsl": '  #include "b.glsl"\nfloat c;\n',
    }
    made = source("a.frag")
    assert made.text == "#version 330 core\n#define EXACT\nfloat b;\nfloat c;\nvoid main() {}\n"
    assert made.origin == (("a.frag", 1), ("defines", 0), ("b.glsl", 1), ("c.glsl", 2), ("a.frag", 5))


def test_includes_nest(shaders: dict[str, str]) -> None:
    for n in range(9):
        shaders[f"{n}.glsl"] = f'#include "{n + 1}.glsl"\nfloat v{n};\n'
    shaders |= {"9.glsl": "float v9;\n", "a.frag": '#version 330 core\n#include "0.glsl"\n'}
    assert [f"float v{n};" for n in range(9, -1, -1)] == source("a.frag").text.splitlines()[2:]


def test_a_cycle_raises_and_names_the_way(shaders: dict[str, str]) -> None:
    shaders |= {
        "a.frag": '#version 330 core\n#include "b.glsl"\n',
        "b.glsl": '#include "c.glsl"\n',
        "c.glsl": '#include "b.glsl"\n',
    }
    with pytest.raises(ShaderError, match=r"b.glsl includes itself by way of a.frag -> b.glsl -> c.glsl"):
        source("a.frag")
    shaders["self.frag"] = '#version 330 core\n#include "self.frag"\n'
    with pytest.raises(ShaderError, match=r"self.frag includes itself"):
        source("self.frag")


def test_a_missing_file_raises_with_its_name() -> None:
    with pytest.raises(ShaderError, match=r"nowhere\.frag is missing"):
        source("nowhere.frag")


def test_a_shader_without_a_version_raises(shaders: dict[str, str]) -> None:
    shaders["a.frag"] = "// no version\nvoid main() {}\n"
    with pytest.raises(ShaderError, match=r"a.frag:1: a shader begins with #version"):
        source("a.frag")


def test_defines_stand_behind_the_version(shaders: dict[str, str]) -> None:
    shaders["a.frag"] = "#version 330 core\nvoid main() {}\n"
    made = source("a.frag", {"WIDTH": 4, "EACH(DO)": "DO(0) DO(1)"})
    assert made.text.splitlines() == [
        "#version 330 core",
        "#define EXACT",
        "#define WIDTH 4",
        "#define EACH(DO) DO(0) DO(1)",
        "void main() {}",
    ]
    assert made.origin[2:] == (("defines", 1), ("defines", 2), ("a.frag", 2))


def test_another_version_replaces_the_files_own(shaders: dict[str, str]) -> None:
    shaders["a.frag"] = "#version 330 core\nvoid main() {}\n"
    assert source("a.frag", version="300 es").text.startswith("#version 300 es\n#define EXACT\nvoid")


@pytest.mark.parametrize("version", ["300 es", "330", "330 core", "400 core", "410 core", "430", "450 core"])
def test_exact_is_precise_in_every_glsl_that_has_it(shaders: dict[str, str], version: str) -> None:
    meant = "#define EXACT precise" if int(version[:3]) >= 400 else "#define EXACT"
    shaders["a.frag"] = f"#version {version}\nvoid main() {{}}\n"
    shaders["b.frag"] = "#version 330 core\nvoid main() {}\n"
    assert source("a.frag").text.splitlines()[1] == meant
    assert source("b.frag", version=version).text.splitlines()[1] == meant


def test_a_program_is_compiled_as_4_00_where_the_context_takes_that(shaders: dict[str, str]) -> None:
    shaders["a.frag"] = "#version 330 core\nEXACT\n"
    for code, version in ((330, "330 core"), (400, "400 core"), (410, "400 core"), (450, "400 core")):
        first = "\n".join(opening(version)) + "\n"
        texts: list[dict[str, str]] = []
        context: Any = SimpleNamespace(version_code=code, program=lambda texts=texts, **stages: texts.append(stages))
        program(context, "v.vert", "a.frag")
        assert [set(each) for each in texts] == [{"vertex_shader", "fragment_shader"}]
        assert all(text.startswith(first) for text in texts[0].values())


def test_no_shader_says_precise_by_itself() -> None:
    texts = {name: (files("weightscape.shaders") / name).read_text(encoding="utf-8") for name in SHADERS}
    assert [name for name, text in texts.items() if re.search(r"\bprecise\b", text)] == []
    assert sum(len(re.findall(r"\bEXACT\b", text)) for text in texts.values()) >= 12


def test_continued_lines_become_one_and_keep_their_first_number(shaders: dict[str, str]) -> None:
    shaders["a.frag"] = "#version 330 core\n#define SUM(k) \\\n    a += k; \\\n    b += k;\nvoid main() {}\n"
    made = source("a.frag")
    assert made.text.splitlines()[2] == "#define SUM(k) a += k; b += k;"
    assert made.origin == (("a.frag", 1), ("defines", 0), ("a.frag", 2), ("a.frag", 5))


@pytest.mark.parametrize("version", ["", "300 es", "430 core"])
@pytest.mark.parametrize("name", ["fused.frag", "layer.frag", "screen.vert"])
def test_every_line_of_a_real_shader_knows_where_it_came_from(name: str, version: str) -> None:
    made = source(name, {"A": 1}, version)
    lines = made.text.splitlines()
    assert len(lines) == len(made.origin)
    assert not any("#include" in line for line in lines)
    for line, (file, number) in list(zip(lines, made.origin, strict=True))[3:]:
        original = (files("weightscape.shaders") / file).read_text(encoding="utf-8").splitlines()[number - 1]
        assert line.startswith(original.removesuffix("\\"))


@pytest.mark.parametrize("message", ["0:3(7): error: oops", "0(3) : error C1008: oops", "ERROR: 0:3: 'x' : oops"])
def test_complaints_of_three_drivers_name_file_and_line(message: str) -> None:
    stage = Source("#version\na\nb\nc\n", (("x.frag", 1), ("lib/y.glsl", 1), ("lib/y.glsl", 2), ("x.frag", 3)))
    text = complaint(message, stage)
    assert "lib/y.glsl:2" in text
    assert "oops" in text
    assert "> lib/y.glsl:2: b" in text
    assert "  lib/y.glsl:1: a" in text


def test_a_complaint_without_a_line_or_with_a_line_too_far_is_passed_on() -> None:
    stage = Source("#version\n", (("x.frag", 1),))
    assert complaint("link failed\n", stage) == "link failed"
    assert complaint("0:99(1): error", stage) == "0:99(1): error"


BROKEN: list[tuple[Mapping[str, str], str]] = [
    ({"a.frag": "#version 330 core\nout vec4 o;\n\nvoid main() {\n    o = undeclared;\n}\n"}, "a.frag:5"),
    (
        {
            "a.frag": '#version 330 core\n// first\n#include "b.glsl"\nout vec4 o;\nvoid main() { o = vec4(f()); }\n',
            "b.glsl": "// second\n#define LONG(k) \\\n    k + \\\n    1.0\nfloat f() { return nothing; }\n",
        },
        "b.glsl:5",
    ),
    ({"v.vert": "#version 330 core\nvoid main() {\n    gl_Position = 1;\n}\n"}, "v.vert:3"),
]


@pytest.mark.parametrize(("texts", "place"), BROKEN, ids=[place for _, place in BROKEN])
def test_the_drivers_complaint_names_our_file_and_line(
    gl: Any, shaders: dict[str, str], texts: Mapping[str, str], place: str
) -> None:
    shaders |= {"a.frag": "#version 330 core\nout vec4 o;\nvoid main() { o = vec4(1.0); }\n", **texts}
    with pytest.raises(ShaderError) as caught:
        program(gl, "v.vert", "a.frag", {"SOMETHING": 1, "ELSE": 2})
    assert f"> {place}: " in str(caught.value)


def test_a_good_program_compiles_and_sees_its_defines(gl: Any, shaders: dict[str, str]) -> None:
    shaders["a.frag"] = "#version 330 core\nout vec4 o;\nvoid main() { o = vec4(VALUE); }\n"
    made = program(gl, "v.vert", "a.frag", {"VALUE": "0.5"})
    made.release()
    with pytest.raises(ShaderError, match=r"a\.frag:3"):
        program(gl, "v.vert", "a.frag")


def macros(text: str) -> list[tuple[str, str]]:
    """List a shader's macros: name and what stands for it."""
    whole = re.sub(r"\\\n\s*", "", text)
    return re.findall(r"^\s*#define (\w+)(?:\([^)]*\))?[ \t]+(.*?)(?:\s*//.*)?$", whole, re.MULTILINE)


def is_one_statement(body: str) -> bool:
    """Tell whether `if (x) MACRO` and `if (x) MACRO else ...` mean what they seem to."""
    if "{" in body and not body.startswith("{"):
        return True  # it defines a function
    return body.startswith("{") or (body.count(";") <= 1 and not body.startswith("if"))


def test_a_macro_is_one_statement() -> None:
    folder = files("weightscape.shaders")
    everything = [*folder.iterdir(), *(folder / "lib").iterdir()]
    found = {
        each.name: macros(each.read_text(encoding="utf-8"))
        for each in everything
        if each.name.endswith((".glsl", ".comp", ".frag", ".vert"))
    }
    assert {"ACCUMULATE", "FETCH_WEIGHT", "CHEBYSHEV"} <= {name for each in found.values() for name, _ in each}
    assert [(file, name) for file, each in found.items() for name, body in each if not is_one_statement(body)] == []
    assert not is_one_statement("barrier(); memoryBarrierShared();")
    assert not is_one_statement("if (more) x = 1;")
