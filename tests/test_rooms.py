"""The plan of the house, held by a test: who may import whom, how long a file may be, what is packed."""

import ast
import os
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from patience import ran

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "app" / "weightscape"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PLAN = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
LONGEST_FILE = 400
LOOSE_FILES = 6

# From the ground up, of each room: what it may use of this program, and beside NumPy of others'.
WALLS: dict[str, tuple[str, str]] = {
    "network": ("", ""),
    "deep": ("network", "flint"),
    "scene": ("network assets", ""),
    "draw": ("network.view assets", "PIL pyrr"),
    "gpu": ("shaders", "moderngl glcontext pyrr imgui_bundle"),
    "window": ("assets", "glfw imgui_bundle"),
    # An engine draws a landscape, too: its pixels are made where its context, or its threads, are.
    "engine": ("network deep draw gpu", "moderngl threadpoolctl platformdirs llvmlite"),
    "file": ("network scene assets stop", "av pyvips onnx torch"),
    "lens": ("network deep scene draw engine.question", "PIL"),
    "picture": ("network deep scene draw engine file lens assets", ""),
    "cluster": ("network scene engine file lens picture __version__", "dask distributed"),
    "publish": (
        "network deep scene draw gpu.needed gpu.source engine file lens picture cluster settings assets __version__",
        "matplotlib platformdirs",
    ),
    "page": (
        "network deep scene gpu.lean gpu.source engine.question engine.tile file lens picture publish assets"
        " __version__",
        "PIL",
    ),
    "notebook": ("network scene engine.choice engine.question file.png picture publish page", "anywidget traitlets"),
    "explore": (
        "network deep scene draw gpu window engine file lens picture publish settings stop __version__",
        "moderngl platformdirs",
    ),
}
# Programs join all rooms, and no room imports them.
PROGRAMS = ("bench", "cli")
# Ball arithmetic stays in one file.
BALLS = ("flint", "orbit.py")

# Every file with code by its dotted name.
NAMES = {
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts): path
    for path in PACKAGE.rglob("*.py")
    if path.name != "__init__.py"
}


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Every module a file names in an import, wherever it stands; import_module("x") with a literal, too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                base = ".".join([*path.relative_to(PACKAGE.parent).parts[: -node.level], *base.split(".")]).strip(".")
            yield node.lineno, base
            # `from weightscape import gpu` imports a room, too.
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in ("import_module", "__import__"):
                yield node.lineno, str(node.args[0].value)


def within(name: str, prefixes: tuple[str, ...]) -> bool:
    return any(name == prefix or name.startswith(prefix + ".") for prefix in prefixes)


def files(folder: Path, *suffixes: str) -> list[Path]:
    found = [path for path in sorted(folder.rglob("*")) if path.suffix in suffixes and path.is_file()]
    assert found, f"no {suffixes} in {folder}"
    return found


@pytest.mark.parametrize("room", WALLS)
def test_a_room_imports_what_lies_below_it_alone(room: str) -> None:
    own, others = (tuple(names.split()) for names in WALLS[room])
    allowed = (*(f"weightscape.{name}" for name in (room, *own)), "numpy", *others)
    found = [(path, line, name) for path in files(PACKAGE / room, ".py") for line, name in imports(path)]
    broken = [
        f"{path.name}:{line}: {name}"
        for path, line, name in found
        if name not in ("weightscape", "") and name.split(".")[0] not in sys.stdlib_module_names
        if not within(name, allowed) and not any(each.startswith(f"{name}.") for each in allowed)
    ]
    assert broken == []
    assert len(found) > 5


def test_every_folder_is_a_room_or_a_program() -> None:
    folders = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert folders == {*WALLS, *PROGRAMS}
    assert len(list(PACKAGE.glob("*.py"))) <= LOOSE_FILES


def test_the_page_of_the_plan_has_these_rooms_on_their_floors() -> None:
    drawn = re.findall(r"^    \|  ([a-z ]+)\|  (\d)", PLAN, re.M)
    seen = {room: int(floor) for rooms, floor in drawn for room in rooms.split()}
    top = 1 + max(map(_floor, WALLS))
    assert seen == {**{room: _floor(room) for room in WALLS}, **dict.fromkeys(PROGRAMS, top)}

    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| [^|]+ \| ([\w ]*)\|$", PLAN, re.M)
    assert {room: others.strip() for room, others in rows} == {
        **{room: others for room, (_, others) in WALLS.items()},
        **dict.fromkeys(PROGRAMS, ""),
    }


def _floor(room: str) -> int:
    """Tell on which floor a room stands: above all that it may use."""
    below = {name.split(".")[0] for name in WALLS[room][0].split()} & WALLS.keys()
    return max((1 + _floor(each) for each in below), default=0)


def test_ball_arithmetic_stays_in_one_file() -> None:
    library, home = BALLS
    using = {path.name for path in files(PACKAGE, ".py") for _, name in imports(path) if within(name, (library,))}
    assert using == {home}


def test_every_room_says_what_it_is_and_what_it_does_not_do() -> None:
    for room in (*WALLS, *PROGRAMS):
        said = ast.get_docstring(ast.parse((PACKAGE / room / "__init__.py").read_text(encoding="utf-8"))) or ""
        assert re.search(r"\b(not|no|never|nothing|neither)\b", said, re.I), room


def test_imports_go_in_no_circle() -> None:
    """Neither between rooms nor between files; what only a type checker reads counts as well."""
    arrows = {name: set(_imported(path, NAMES)) for name, path in NAMES.items()}
    assert len(arrows) > 150
    seen: dict[str, int] = {}

    def floor(name: str, below: tuple[str, ...] = ()) -> int:
        assert name not in below, " -> ".join((*below[below.index(name) :], name))
        if name not in seen:
            seen[name] = 1 + max((floor(each, (*below, name)) for each in arrows[name]), default=0)
        return seen[name]

    for name in arrows:
        floor(name)


def _imported(path: Path, names: Mapping[str, Path]) -> Iterator[str]:
    for _, name in imports(path):
        found = name.removeprefix("weightscape.")
        if found in names and names[found] != path:
            yield found


def test_the_import_reader_sees_every_kind_of_import(tmp_path: Path) -> None:
    path = tmp_path / "x.py"
    path.write_text(
        "import a.b\nfrom c import d\ndef f():\n    import e\n    from g.h import i\n"
        'if 0:\n    import_module("j")\n    importlib.import_module("k.l")\n'
    )
    seen = {name for _, name in imports(path)}
    assert seen == {"a.b", "c", "c.d", "e", "g.h", "g.h.i", "j", "k.l"}


def test_no_file_is_longer_than_400_lines() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in [*files(PACKAGE, ".py"), *files(ROOT / "shaders", ".glsl", ".frag", ".vert", ".comp", ".py")]
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    }
    assert long == {}


def test_the_list_of_packages_is_the_folders() -> None:
    roots = {"weightscape": PACKAGE, "weightscape.shaders": ROOT / "shaders", "weightscape.assets": ROOT / "assets"}
    found = {
        ".".join([name, *path.parent.relative_to(folder).parts])
        for name, folder in roots.items()
        for path in folder.rglob("__init__.py")
    }
    assert sorted(found) == sorted(PROJECT["tool"]["setuptools"]["packages"])


def test_every_kind_of_file_in_shaders_and_assets_is_packed() -> None:
    patterns = PROJECT["tool"]["setuptools"]["package-data"]["*"]
    # The README's pictures lie in a folder that is no package: they stay out of the wheel.
    folders = {path.parent for folder in ("shaders", "assets") for path in (ROOT / folder).rglob("__init__.py")}
    data = [
        path for folder in folders for path in folder.iterdir() if path.is_file() and path.suffix not in (".py", ".pyc")
    ]
    data.append(PACKAGE / "py.typed")  # whoever imports the package is told its types
    assert data[-1].exists()
    assert {path.suffix for path in data} >= {".glsl", ".frag", ".vert", ".ttf"}
    assert [path.name for path in data if not any(path.match(pattern) for pattern in patterns)] == []


def test_every_shader_lies_in_a_package() -> None:
    shaders = files(ROOT / "shaders", ".glsl", ".frag", ".vert", ".comp")
    assert [path.name for path in shaders if not (path.parent / "__init__.py").exists()] == []


@pytest.mark.parametrize(
    "code",
    [
        "import weightscape",
        "import weightscape; weightscape.Scene, weightscape.Network, weightscape.Scene().to_text()",
        "import sys; sys.argv = ['weightscape', '--help']; import runpy; "
        "\ntry: runpy.run_module('weightscape', run_name='__main__')\nexcept SystemExit as end: assert not end.code",
    ],
    ids=["import", "scene", "help"],
)
def test_importing_and_help_load_neither_opengl_nor_a_window(code: str) -> None:
    heavy = "moderngl glfw imgui_bundle glcontext PIL llvmlite"
    script = f"{code}\nimport sys\nprint('LOADED', *(name for name in {heavy.split()!r} if name in sys.modules))"
    done = ran(sys.executable, "-c", script)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "LOADED"


def test_how_long_a_test_waits_stands_in_one_place() -> None:
    limit = re.compile(r"timeout=\d|\.(wait|join|acquire|result)\(\d")
    own = {
        f"{path.name}:{number}: {line.strip()}"
        for path in (ROOT / "tests").rglob("*.py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if limit.search(line)
    }
    assert own == set(), "tests/tool/patience.py has the limit: ran(), started(), ended(), until(), PATIENCE_S"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["cli.cli", "publish.still", "explore.loop", "bench.contest"])
def test_importing_what_was_never_compiled_warns_of_nothing(name: str, tmp_path: Path) -> None:
    """As after `uv pip install`, which leaves compiling to the first start."""
    code = f"import weightscape.{name}"
    done = ran(sys.executable, "-W", "error", "-c", code, env={**os.environ, "PYTHONPYCACHEPREFIX": str(tmp_path)})
    assert (done.returncode, done.stderr) == (0, "")


def test_help_names_every_command() -> None:
    done = ran(sys.executable, "-m", "weightscape", "--help")
    assert done.returncode == 0, done.stderr
    for command in ("explore", "render", "explain", "export", "show", "info"):
        assert re.search(rf"^\s+{command}\b", done.stdout, re.MULTILINE), command


def test_no_two_test_files_have_one_name() -> None:
    """Without packages pytest imports them by name alone, and refuses the second."""
    names = [path.name for path in (ROOT / "tests").rglob("test_*.py")]
    assert sorted(names) == sorted(set(names))
