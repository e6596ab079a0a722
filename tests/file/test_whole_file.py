"""A file appears whole or not at all, whatever goes wrong while it is written."""

import errno
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from patience import PATIENCE_S, ran

from weightscape.file import whole_file as module
from weightscape.file.whole_file import FileError, plain_file, shown, sweep, whole_file

posix = pytest.mark.skipif(os.name != "posix", reason="permissions, pipes and signals as POSIX has them")


def write(path: str | Path, data: bytes = b"new") -> None:
    with whole_file(path) as file:
        file.write(data)


def test_a_new_file_holds_what_was_written(tmp_path: Path) -> None:
    target = tmp_path / "σ new picture.png"
    write(target, b"x" * 1_000_000)
    assert target.read_bytes() == b"x" * 1_000_000
    assert os.listdir(tmp_path) == [target.name]


def test_nothing_is_seen_before_the_end(tmp_path: Path) -> None:
    target = tmp_path / "file"
    target.write_bytes(b"old")
    with whole_file(target) as file:
        file.write(b"new" * 1_000_000)
        file.flush()
        assert target.read_bytes() == b"old"
    assert target.read_bytes() == b"new" * 1_000_000


def test_the_file_can_be_sought_in(tmp_path: Path) -> None:
    with whole_file(tmp_path / "file") as file:
        file.write(b"abc")
        file.seek(1)
        file.write(b"X")
    assert (tmp_path / "file").read_bytes() == b"aXc"


def write_half(path: Path, fault: type[BaseException]) -> None:
    with whole_file(path) as file:
        file.write(b"half")
        raise fault


@pytest.mark.parametrize("fault", [ValueError, KeyboardInterrupt, SystemExit, OSError, GeneratorExit])
@pytest.mark.parametrize("old", [None, b"old"])
def test_an_exception_leaves_everything_as_it_was(
    tmp_path: Path, fault: type[BaseException], old: bytes | None
) -> None:
    target = tmp_path / "file"
    if old is not None:
        target.write_bytes(old)
    with pytest.raises(fault) as caught:
        write_half(target, fault)
    assert caught.type is fault  # also an OSError of the block stays what it is
    assert os.listdir(tmp_path) == ([] if old is None else ["file"])
    assert old is None or target.read_bytes() == old


@posix
@pytest.mark.parametrize("mask", [0o022, 0o077, 0o002])
def test_a_new_file_has_the_usual_permissions(tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        write(tmp_path / "file")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o666 & ~mask


@posix
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o755])
def test_a_replaced_file_keeps_its_permissions(tmp_path: Path, mode: int) -> None:
    target = tmp_path / "file"
    target.write_bytes(b"old")
    target.chmod(mode)
    write(target)
    assert stat.S_IMODE(target.stat().st_mode) == mode
    assert target.read_bytes() == b"new"


@posix
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    for name, there in (("old", True), ("fresh", False)):
        target, link = tmp_path / "folder" / name, tmp_path / f"link to {name}"
        if there:
            target.write_bytes(b"old")
        link.symlink_to(target)
        write(link)
        assert link.is_symlink()
        assert target.read_bytes() == b"new"


def failure(path: str | Path) -> str:
    with pytest.raises(FileError) as caught:
        write(path)
    text = str(caught.value)
    assert "\n" not in text
    return text


def test_places_that_hold_no_file_are_refused_in_a_plain_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"old")
    assert failure(tmp_path) == f"cannot write {tmp_path}: it is a folder"
    assert failure(f"{tmp_path}/no/file") == (
        f"cannot write {tmp_path}/no/file: the folder {tmp_path}/no does not exist"
    )
    assert failure(f"{tmp_path}/new/").endswith("it names a folder, not a file")
    assert failure(tmp_path / ("x" * 300)).endswith("the name is too long")
    assert failure("") == "cannot write '': it is no file name"
    assert failure("a\0b") == "cannot write 'a\\x00b': it is no file name"
    assert "a\\nb" in failure(f"{tmp_path}/no/a\nb")
    assert failure(tmp_path / "file" / "x").startswith(f"cannot write {tmp_path}/file/x: ")
    assert os.listdir(tmp_path) == ["file"]
    assert (tmp_path / "file").read_bytes() == b"old"


def test_a_name_of_the_greatest_length_is_written(tmp_path: Path) -> None:
    write(tmp_path / ("x" * 255))
    assert (tmp_path / ("x" * 255)).read_bytes() == b"new"


@posix
def test_links_in_a_circle_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    assert failure(tmp_path / "a").endswith("the links lead in a circle")


@pytest.fixture
def closed_folder() -> Iterator[Path]:
    """A folder with one file, neither of which we may write, even where the tests run as root."""
    folder = Path(tempfile.mkdtemp())
    (folder / "file").write_bytes(b"old")
    (folder / "file").chmod(0o444)
    folder.chmod(0o555)
    user = os.geteuid()
    try:
        if user == 0:
            os.seteuid(65534)
        yield folder
    finally:
        os.seteuid(user)
        folder.chmod(0o755)
        shutil.rmtree(folder)


@posix
def test_a_place_without_permission_is_refused(closed_folder: Path) -> None:
    assert failure(closed_folder / "new").endswith("no permission")
    assert failure(closed_folder / "file").endswith("no permission")
    assert (closed_folder / "file").read_bytes() == b"old"
    assert os.listdir(closed_folder) == ["file"]


@posix
def test_a_file_made_read_only_is_not_replaced(closed_folder: Path) -> None:
    user = os.geteuid()
    os.seteuid(os.getuid())
    closed_folder.chmod(0o777)
    os.seteuid(user)
    assert failure(closed_folder / "file").endswith("no permission")
    assert (closed_folder / "file").read_bytes() == b"old"


FULL = """
import resource, signal, sys
from weightscape.file.whole_file import FileError, whole_file
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    with whole_file(sys.argv[1]) as file:
        for _ in range(10):
            file.write(b"x" * 50_000)
except FileError as fault:
    print(fault)
"""


@posix
def test_a_disk_without_room_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "file"
    target.write_bytes(b"old")
    done = ran(sys.executable, "-c", FULL, str(target), check=True)
    assert done.stdout == f"cannot write {target}: the file grows larger than is allowed here\n"
    assert done.stderr == ""
    assert os.listdir(tmp_path) == ["file"]
    assert target.read_bytes() == b"old"


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="only Linux has /dev/full")
@pytest.mark.parametrize("size", [1, 1_000_000])
def test_a_full_disk_is_named(size: int) -> None:
    with pytest.raises(FileError) as caught:
        write("/dev/full", b"x" * size)
    assert str(caught.value) == "cannot write /dev/full: the disk is full"
    assert Path("/dev/full").is_char_device(), "what cannot be replaced was"


@pytest.mark.parametrize("step", ["fsync", "replace", "chmod"])
def test_a_fault_at_the_last_moment_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "no space")

    target = tmp_path / "file"
    target.write_bytes(b"old")
    monkeypatch.setattr(os, step, fail)
    assert failure(target).endswith("the disk is full")
    assert os.listdir(tmp_path) == ["file"]
    assert target.read_bytes() == b"old"


def test_a_folder_that_cannot_be_synced_does_not_undo_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sync = os.fsync

    def choosy(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "not here")
        sync(handle)

    monkeypatch.setattr(os, "fsync", choosy)
    write(tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == b"new"


@posix
def test_devices_and_pipes_are_written_not_replaced(tmp_path: Path) -> None:
    write("/dev/null")
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    write(pipe, b"through" * 10)
    reader.join(PATIENCE_S)
    assert got == [b"through" * 10]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


KILLED = """
import sys
from weightscape.file.whole_file import whole_file
with whole_file(sys.argv[1]) as file:
    file.write(b"x" * 1_000_000)
    file.flush()
    print("half", flush=True)
    sys.stdin.read()
"""


@posix
@pytest.mark.parametrize("old", [None, b"old"])
def test_a_killed_writer_leaves_no_half_file(tmp_path: Path, old: bytes | None) -> None:
    target = tmp_path / "file"
    if old is not None:
        target.write_bytes(old)
    command = [sys.executable, "-c", KILLED, str(target)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"half\n"
        process.kill()
        process.wait()
    assert (target.read_bytes() if target.exists() else None) == old


def aged(path: Path, seconds: float) -> None:
    os.utime(path, (path.stat().st_atime, path.stat().st_mtime - seconds))


def half(folder: Path) -> Path:
    found = [path for path in folder.iterdir() if path.suffix == ".part"]
    assert len(found) == 1
    return found[0]


@posix
def test_what_a_killed_writer_left_is_swept_and_what_a_living_one_writes_is_not(tmp_path: Path) -> None:
    command = [sys.executable, "-c", KILLED, str(tmp_path / "file")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        left = half(tmp_path)
        aged(left, 10 * module.FORGOTTEN_S)
        sweep(tmp_path)
        assert left.exists(), "its writer lives"
        process.kill()
        process.wait()
    write(tmp_path / "other")
    assert os.listdir(tmp_path) == ["other"]


@posix
def test_half_a_file_of_this_very_process_is_not_swept(tmp_path: Path) -> None:
    with whole_file(tmp_path / "file") as file:
        aged(half(tmp_path), 10 * module.FORGOTTEN_S)
        sweep(tmp_path)
        file.write(b"new")
    assert (tmp_path / "file").read_bytes() == b"new"


def test_half_a_file_that_is_new_may_not_be_locked_yet(tmp_path: Path) -> None:
    left = tmp_path / ".weightscape-0123456789abcdef.part"
    left.write_bytes(b"half")
    sweep(tmp_path)
    assert left.exists()
    aged(left, 10 * module.FORGOTTEN_S)
    sweep(tmp_path)
    assert not left.exists()


@posix
@pytest.mark.parametrize(("age", "stays"), [(module.FORGOTTEN_S / 2, True), (2 * module.FORGOTTEN_S, False)])
def test_where_files_cannot_be_locked_half_a_file_goes_after_a_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, age: float, stays: bool
) -> None:
    def fail(_: int) -> None:
        raise OSError(errno.ENOLCK, "no locks here")

    monkeypatch.setattr(module, "lock", fail)
    left = tmp_path / ".weightscape-0123456789abcdef.part"
    left.write_bytes(b"half")
    aged(left, age)
    write(tmp_path / "file")
    assert left.exists() == stays


@posix
def test_nothing_else_is_swept(tmp_path: Path) -> None:
    names = {".weightscape-0123456789abcdef.png", "weightscape-0123456789abcdef.part", ".weightscape-1.part"}
    for name in names:
        (tmp_path / name).write_bytes(b"mine")
        aged(tmp_path / name, 10 * module.FORGOTTEN_S)
    (tmp_path / ".weightscape-0123456789abcdea.part").symlink_to(tmp_path / ".weightscape-1.part")
    (tmp_path / ".weightscape-0123456789abcdeb.part").mkdir()
    os.mkfifo(tmp_path / ".weightscape-0123456789abcdec.part")
    before = sorted(os.listdir(tmp_path))
    sweep(tmp_path)
    assert sorted(os.listdir(tmp_path)) == before
    sweep(tmp_path / "no such folder")


def test_plain_files_are_read_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"here")
    with plain_file(tmp_path / "file") as file:
        assert file.read() == b"here"
    for path, reason in ((tmp_path, "it is a folder"), (tmp_path / "no", "it does not exist"), ("", "no file name")):
        with pytest.raises(FileError, match=reason), plain_file(path):
            pass


@posix
def test_pipes_and_devices_are_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(FileError, match="it is not a plain file"), plain_file(path):
            pass


def test_faults_of_the_reader_are_told_with_the_path(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"here")
    with pytest.raises(FileError, match=r"cannot read .*file: "), plain_file(tmp_path / "file") as file:
        file.seek(-1)
    with pytest.raises(ValueError, match="null"), plain_file(tmp_path / "file"):
        raise ValueError("null and the like are not ours")


def test_paths_are_shown_on_one_line() -> None:
    assert shown("/a b/σ.png") == "/a b/σ.png"
    assert shown(Path("/a")) == "/a"
    assert shown("a\nb") == "'a\\nb'"
    assert shown("a\udcff") == "'a\\udcff'"
