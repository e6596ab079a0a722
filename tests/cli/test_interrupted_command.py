"""An interrupt that Python drops in the middle of a command comes again; no half file stays behind."""

import os
import sys
from pathlib import Path

import pytest
from patience import ran

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")

# All pictures have low bands; large ones are posters. The signal comes while an object dies in the engine's third
# answer, or before a page appears, and that then never ends.
CHILD = """
import os, signal, sys, threading
from weightscape.cli.cli import main
from weightscape.engine.processor.numpy_engine import NumpyEngine
from weightscape.picture import span
from weightscape.publish import poster

span.BAND_POINTS, poster.KEPT_WORK, poster.BAND_BYTES = 1 << 11, 1e9, 1 << 12
answer, calls = NumpyEngine.field, []

class Dying:
    def __del__(self):
        signal.raise_signal(signal.SIGTERM)

def lose(*_):
    Dying()
    print("lost", flush=True)
    threading.Event().wait()

def field(*args, **named):
    calls.append(1)
    if len(calls) == 3:
        lose()
    return answer(*args, **named)

NumpyEngine.field = field
if sys.argv[1] in ("page", "export"):
    os.fsync = lose
main()
"""
ONE = "--layers 4 --width 8"
COMMANDS = (
    *(f"render {ONE} --samples 4 --size 200x120 -o a.{kind}" for kind in ("png", "tif", "exr", "dzi")),
    f"render {ONE} --size 200x120 -o a.npy",
    f"render {ONE} --samples 4 --size 2000x1200 -o a.png",
    *(f"animate {ONE} --size 64x64 --seconds 9 --vary radius=1:2 -o {name}" for name in ("a.gif", "a.mp4", "a.webm")),
    f"animate {ONE} --size 64x64 --seconds 9 --vary radius=1:2 -o frames",
    f"page {ONE} -o a.html",
    f"export {ONE} -o a.html",
    "figures 10 -o .",
    "gallery -o a.png",
)


@pytest.mark.slow
@pytest.mark.parametrize("words", COMMANDS)
def test_an_interrupt_that_is_lost_comes_again(words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WEIGHTSCAPE_ENGINE", "numpy")
    done = ran(sys.executable, "-c", CHILD, *words.split())
    assert (done.returncode, done.stdout) == (130, "lost\n")
    assert done.stderr.splitlines()[-1].startswith("weightscape: stopped")
    assert "Traceback" not in done.stderr
    assert {path.name for path in tmp_path.iterdir()} <= {"frames", "a.png.part"}
    assert not list(tmp_path.glob("**/.*"))
