"""The plan of the house, held by a test: who may import whom, how long a file may be, what is packed."""

import ast
import os
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from patience import ran

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "app" / "weightscape"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LONGEST_FILE = 400
ROOMS = ("model", "draw", "engine", "lens", "gpu", "window", "export")

# Of each room: what it may not import, as prefixes of module names.
FORBIDDEN = {
    "draw": (
        "moderngl",
        "glfw",
        "imgui_bundle",
        "weightscape.window",
        "weightscape.export",
        "weightscape.gpu",
        "weightscape.engine",
        "weightscape.lens",
        "weightscape.model.network",
        "weightscape.model.scene",
    ),
    "engine": (
        "glfw",
        "imgui_bundle",
        "weightscape.window",
        "weightscape.export",
        "weightscape.lens",
        "weightscape.draw",
    ),
    "lens": ("moderngl", "glfw", "imgui_bundle", "weightscape.window", "weightscape.export", "weightscape.gpu"),
    "gpu": ("glfw", "weightscape.window", "weightscape.export", "weightscape.engine", "weightscape.lens"),
    "window": ("moderngl", "weightscape.model", "weightscape.gpu", "weightscape.engine", "weightscape.export"),
    "export": ("moderngl", "glfw", "imgui_bundle", "weightscape.window", "weightscape.gpu", "weightscape.engine"),
}
# The model may import nothing else than this and the standard library.
MODEL_MAY = ("numpy", "weightscape.model", "weightscape.assets")
# Ball arithmetic stays in one file.
BALLS = {"reference.py": "flint"}


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


@pytest.mark.parametrize("room", FORBIDDEN)
def test_a_room_does_not_import_what_lies_behind_it(room: str) -> None:
    broken = [
        f"{path.name}:{line}: {name}"
        for path in files(PACKAGE / room, ".py")
        for line, name in imports(path)
        if within(name, FORBIDDEN[room])
    ]
    assert broken == []


def test_no_room_imports_a_program_that_joins_rooms() -> None:
    rooms = {path.name for path in PACKAGE.iterdir() if path.is_dir()}
    programs = {path.stem for path in PACKAGE.glob("*.py")} - {"__init__"}
    broken = [
        f"{path.name}:{line}: {name}"
        for room in rooms & {*FORBIDDEN, "model"}
        for path in files(PACKAGE / room, ".py")
        for line, name in imports(path)
        if within(name, tuple(f"weightscape.{program}" for program in programs))
    ]
    assert broken == []


def test_the_model_imports_numpy_and_itself_alone() -> None:
    broken = [
        f"{path.name}:{line}: {name}"
        for path in files(PACKAGE / "model", ".py")
        for line, name in imports(path)
        if not within(name, (*MODEL_MAY, BALLS.get(path.name, "numpy")))
        and name.split(".")[0] not in sys.stdlib_module_names
    ]
    assert broken == []


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
    heavy = "moderngl glfw imgui_bundle glcontext PIL"
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
    assert own == set(), "tests/patience.py has the limit: ran(), started(), ended(), until(), PATIENCE_S"


@pytest.mark.parametrize("name", ["cli", "still", "explore", "bench.contest"])
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
