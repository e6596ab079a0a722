#!/usr/bin/env bash
# Pack what a machine with an NVIDIA GPU that reaches nothing outside needs to run this checkout: .gpu/ in its root.
# Run it where there is a network and Debian's apt; then carry .gpu/ over and run there: bash .gpu/run.sh
# GPU_PYTHON: the version of Python there (3.12). GPU_THERE: packages that it has, and that are left out. GPU_EXTRA: more.
set -euo pipefail
cd "$(dirname "$0")/../.."
python=${GPU_PYTHON:-3.12}
rm -rf .gpu
mkdir -p .gpu/wheels .gpu/gl .gpu/lib .gpu/src

# The project's own dependencies, and of its extra "test" what runs tests: with what those need in turn.
readarray -t wanted < <(python3 - <<'P'
import re, tomllib
project = tomllib.load(open("pyproject.toml", "rb"))["project"]
tests = [each for each in project["optional-dependencies"]["test"] if each.startswith("pytest")]
print(*(re.sub(r"\s", "", each) for each in [*project["dependencies"], *tests]), sep="\n")
P
)
platforms=$(printf -- '--platform manylinux%s_x86_64 ' _2_28 _2_27 _2_17 2014 1 _2_5)
# shellcheck disable=SC2086
python3 -m pip download -q --only-binary=:all: --python-version "$python" --implementation cp $platforms \
    -d .gpu/wheels "${wanted[@]}" ${GPU_EXTRA:-}
for name in ${GPU_THERE:-}; do rm -f .gpu/wheels/"${name//-/_}"-*; done

# Loaders of OpenGL, which a driver alone does not bring, and the libraries that glfw opens.
lists=$(mktemp -d)
mkdir "$lists/partial"
apt() { apt-get -qq -oAPT::Architecture=amd64 -oAPT::Architectures=amd64 "-oDir::State::Lists=$lists" "$@" >/dev/null; }
apt update
(cd .gpu/gl && apt download libegl1 libglvnd0 libopengl0 libgl1 libglx0 libgles2)
(cd .gpu/lib && apt download libx11-6 libx11-xcb1 libxcb1 libxau6 libxdmcp6 libbsd0 libmd0 libxext6 libxrandr2 \
    libxinerama1 libxcursor1 libxi6 libxrender1 libxfixes3 libxxf86vm1)
rm -rf "$lists"

# The checkout as it stands, changes and new files with it.
git ls-files -z --cached --others --exclude-standard -- . ':!assets/picture' | while IFS= read -r -d '' file; do
    [ ! -e "$file" ] || printf '%s\0' "$file"
done | tar --null -T - -c | tar -x -C .gpu/src
python3 -m pip wheel -q --no-deps -w .gpu/wheels ./.gpu/src  # of the copy, where no earlier build left anything
rm -rf .gpu/src/build .gpu/src/app/*.egg-info
cp tools/gpu/run.sh .gpu/
du -sh .gpu
