#!/usr/bin/env bash
# On a machine with an NVIDIA GPU, as root, in the folder that .gpu/ was carried to: bash .gpu/run.sh
# Which GPU; stills by every engine against NumPy; driver faults; the tests of what runs on a GPU; times.
# OUT: where logs go. TESTS, TESTS_S: which tests, and for how many seconds. PERF, PERF_S: arguments of perf.py, seconds.
set -u
work=$(mktemp -d)
export OUT=${OUT:-$work/out} PYTHONUNBUFFERED=1
mkdir -p "$OUT" "$work/lib"
for each in .gpu/gl/*.deb; do dpkg -x "$each" /; done
for each in .gpu/lib/*.deb; do dpkg -x "$each" "$work/lib"; done
ldconfig
python3 -m pip install -q --no-index --no-deps --no-compile --no-cache-dir --upgrade --target "$work/site" .gpu/wheels/*.whl
export LD_LIBRARY_PATH=$work/lib/usr/lib/x86_64-linux-gnu PYTHONPATH=$work/site
python3 -W ignore -m compileall -q "$work/site" >/dev/null 2>&1  # what old packages warn of, they warn of here
cp -r .gpu/src "$work/src"
cd "$work/src"

nvidia-smi --query-gpu=name,driver_version --format=csv,noheader
timeout 60 python3 -m weightscape info | tee "$OUT/info.txt"

for engine in numpy fragment compute; do
    timeout 60 python3 -m weightscape render --engine $engine --size 1920x1080 -o "$work/$engine.npy" >/dev/null
done
python3 - "$work" <<'P'
import sys
from pathlib import Path
import numpy as np
got = {path.stem: np.load(path).astype(float) for path in sorted(Path(sys.argv[1]).glob("*.npy"))}
for engine, values in got.items():
    off = np.abs(values - got["numpy"])
    print(f"{engine}: largest difference from numpy {off.max():.1e}, of all values {np.mean(off > 1 / 510):.5f} beyond 1/510")
P
timeout 20 python3 -W ignore tools/gpu/probe.py | tee "$OUT/probe.txt"

# Rooms whose tests need no display, and in them the files that use a context or an engine.
rooms="tests/test_*.py tests/gpu tests/engine tests/network tests/deep tests/scene tests/lens tests/picture"
# shellcheck disable=SC2086
files=${TESTS:-$(grep -lEr --include='test_*.py' '\b(gl|ctx|canvas|engine)\b' $(ls -d $rooms 2>/dev/null) |
    grep -vE 'test_(overlay|rooms|readme|package|settings|stop)\.py' | sort)}
# Other plug-ins of that machine may warn, and warnings are errors.
# shellcheck disable=SC2086
PYTEST_DISABLE_PLUGIN_AUTOLOAD=1 WEIGHTSCAPE_GL=required timeout "${TESTS_S:-100}" python3 -m pytest -q -p xdist -n 12 \
    -p no:cacheprovider --no-header --maxfail=80 $files >"$OUT/tests.log" 2>&1
status=$?
echo "tests: exit status $status$([ $status != 124 ] || echo ', out of time: no pass')"
grep -E '^(FAILED|ERROR)|passed|failed' "$OUT/tests.log" | cut -c1-180 | tail -40

# shellcheck disable=SC2086
timeout "${PERF_S:-60}" python3 -W ignore tools/gpu/perf.py ${PERF:-} 2>&1 | tee "$OUT/perf.txt"
