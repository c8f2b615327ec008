"""Saving: whatever goes wrong, the file is the old one or the new one, whole."""

from __future__ import annotations

import errno
import os
import random
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nnsim.io import disk, saving
from nnsim.io.errors import ChangedOnDisk, ProjectFileError, SaveError
from nnsim.io.saving import backup_path, read_bytes, save_bytes, save_pieces

OLD, NEW = b"old content\n" * 50, b"new content, longer\n" * 80

# Every call that saving makes to the operating system.
CALLS = (
    "status", "read", "writable", "open_new", "write", "flush", "opened_status", "close", "copy_access",
    "replace", "link", "remove", "names", "flush_folder",
)  # fmt: skip

posix_only = pytest.mark.skipif(os.name != "posix", reason="permissions and links of POSIX")


def strays(folder: Path) -> list[str]:
    return [p.name for p in folder.iterdir() if p.name.endswith(".tmp")]


def test_a_new_file_is_written_and_its_stamp_is_that_of_reading_it(tmp_path: Path) -> None:
    path = tmp_path / "a.nnsim"
    stamp = save_bytes(path, NEW)
    assert read_bytes(path, 10_000) == (NEW, stamp)
    assert [p.name for p in tmp_path.iterdir()] == ["a.nnsim"]


def test_the_previous_version_is_kept_beside_under_one_name(tmp_path: Path) -> None:
    path = tmp_path / "a.nnsim"
    for content in (b"one", b"two", b"three"):
        save_bytes(path, content)
    assert path.read_bytes() == b"three"
    assert backup_path(path).read_bytes() == b"two"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.nnsim", "a.nnsim~"]


def test_saving_the_same_again_keeps_the_older_backup(tmp_path: Path) -> None:
    path = tmp_path / "a.nnsim"
    for content in (b"one", b"two", b"two"):
        save_bytes(path, content)
    assert backup_path(path).read_bytes() == b"one"


def test_a_backup_left_half_way_by_a_kill_does_not_disturb_the_next_save(tmp_path: Path) -> None:
    path = tmp_path / "a.nnsim"
    save_bytes(path, b"one")
    os.link(path, backup_path(path))  # killed between keeping the old one and putting the new one in place
    save_bytes(path, b"two")
    assert path.read_bytes() == b"two" and backup_path(path).read_bytes() == b"one"
    assert strays(tmp_path) == []


def test_without_a_second_name_for_a_file_the_backup_is_a_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(source: Path, target: Path) -> None:
        raise OSError(errno.EPERM, "not supported")

    path = tmp_path / "a.nnsim"
    save_bytes(path, OLD)
    monkeypatch.setattr(disk, "link", no_links)
    save_bytes(path, NEW)
    assert path.read_bytes() == NEW and backup_path(path).read_bytes() == OLD
    assert strays(tmp_path) == []


class FailingDisk:
    """Lets ``good`` calls through and fails the next one, either by an error or by a short write."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, good: int, error: int) -> None:
        self.calls = 0
        self.failed = ""
        for name in CALLS:
            monkeypatch.setattr(disk, name, self._guarded(name, getattr(disk, name), good, error))

    def _guarded(self, name: str, real: Callable[..., Any], good: int, error: int) -> Callable[..., Any]:
        def call(*args: Any) -> Any:
            self.calls += 1
            if self.calls - 1 != good:
                return real(*args)
            self.failed = name
            if name == "close":
                real(*args)
            raise OSError(error, os.strerror(error))

        return call


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO, errno.EACCES])
@pytest.mark.parametrize("exists", [True, False])
def test_whichever_call_fails_the_file_is_old_or_new_and_nothing_is_left_behind(
    tmp_path: Path, exists: bool, error: int
) -> None:
    failed: set[str] = set()
    refusals = 0
    for good in range(100):
        folder = tmp_path / str(good)
        folder.mkdir()
        path = folder / "a.nnsim"
        if exists:
            save_bytes(path, OLD)
        saved, message = True, ""
        with pytest.MonkeyPatch.context() as patch:
            bad = FailingDisk(patch, good, error)
            try:
                save_bytes(path, NEW)
            except SaveError as refusal:
                saved, message = False, str(refusal)
        if not bad.failed:
            break
        failed.add(bad.failed)
        refusals += not saved
        left = [name for name in strays(folder) if bad.failed != "remove"]
        assert left == [], bad.failed
        if saved:
            assert path.read_bytes() == NEW
        else:
            assert "“a.nnsim” was not saved. " in message and message.endswith(".")
            assert path.read_bytes() == OLD if exists else not path.exists(), bad.failed
    else:
        pytest.fail("the loop never got through a whole save")
    assert failed >= {"status", "open_new", "write", "flush", "close", "replace", "flush_folder"}
    assert refusals >= 5


def test_a_disk_that_fails_amid_a_large_file_costs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saving, "_FLUSHED", 10)  # bytes that are written between two flushes
    pieces = [bytes([65 + i]) * 6 for i in range(10)]
    path, failed = tmp_path / "a.nnsim", list[str]()
    save_bytes(path, OLD)
    for good in range(100):
        with pytest.MonkeyPatch.context() as patch:
            bad = FailingDisk(patch, good, errno.EIO)
            try:
                save_pieces(path, pieces)
            except SaveError:
                assert path.read_bytes() == OLD
            else:
                assert path.read_bytes() == b"".join(pieces)
        if not bad.failed:
            break
        failed.append(bad.failed)
        save_bytes(path, OLD)
    assert failed.count("flush") == 5 and failed.count("write") == 10
    assert strays(tmp_path) == []


def test_a_disk_that_writes_less_than_asked_is_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "write", lambda fd, data: os.write(fd, data[:7]))
    save_bytes(tmp_path / "a.nnsim", NEW)
    assert (tmp_path / "a.nnsim").read_bytes() == NEW


def test_a_disk_that_writes_nothing_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.nnsim"
    save_bytes(path, OLD)
    monkeypatch.setattr(disk, "write", lambda fd, data: 0)
    with pytest.raises(SaveError, match="The disk is full"):
        save_bytes(path, NEW)
    assert path.read_bytes() == OLD and strays(tmp_path) == []


def test_a_disk_that_only_claims_to_have_written_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.nnsim"
    save_bytes(path, OLD)
    monkeypatch.setattr(disk, "write", lambda fd, data: len(data))
    with pytest.raises(SaveError, match="The disk is full"):
        save_bytes(path, NEW)
    assert path.read_bytes() == OLD and strays(tmp_path) == []


def test_a_file_that_changed_since_it_was_opened_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a.nnsim"
    stamp = save_bytes(path, OLD)
    path.write_bytes(b"somebody else's")
    with pytest.raises(ChangedOnDisk, match="changed the file since"):
        save_bytes(path, NEW, stamp)
    assert path.read_bytes() == b"somebody else's" and strays(tmp_path) == []
    assert save_bytes(path, NEW).size == len(NEW)  # when the user says so


def test_a_change_while_the_new_content_is_being_written_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.nnsim"
    stamp = save_bytes(path, OLD)
    real = disk.flush

    def flush_while_another_program_saves(fd: int) -> None:
        real(fd)
        path.write_bytes(b"somebody else's")

    monkeypatch.setattr(disk, "flush", flush_while_another_program_saves)
    with pytest.raises(ChangedOnDisk):
        save_bytes(path, NEW, stamp)
    assert path.read_bytes() == b"somebody else's"


def test_a_file_with_the_same_content_but_another_time_has_not_changed(tmp_path: Path) -> None:
    path = tmp_path / "a.nnsim"
    stamp = save_bytes(path, OLD)
    os.utime(path, (1_000_000_000, 1_000_000_000))
    save_bytes(path, NEW, stamp)
    assert path.read_bytes() == NEW


def test_a_file_that_has_vanished_is_written_anew(tmp_path: Path) -> None:
    path = tmp_path / "a.nnsim"
    stamp = save_bytes(path, OLD)
    path.unlink()
    save_bytes(path, NEW, stamp)
    assert path.read_bytes() == NEW


@posix_only
def test_permissions_stay_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "a.nnsim"
    save_bytes(path, OLD)
    for mode in (0o600, 0o664):
        path.chmod(mode)
        save_bytes(path, NEW)
        assert stat.S_IMODE(path.stat().st_mode) == mode


@posix_only
def test_a_link_stays_a_link_and_its_target_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    target, link = tmp_path / "real" / "a.nnsim", tmp_path / "link.nnsim"
    save_bytes(target, OLD)
    link.symlink_to(target)
    save_bytes(link, NEW)
    assert link.is_symlink() and target.read_bytes() == NEW
    assert backup_path(link) == backup_path(target)


def test_what_killed_writers_left_is_removed_and_what_is_in_use_is_not(tmp_path: Path) -> None:
    path, other = tmp_path / "a.nnsim", tmp_path / "b.nnsim"
    left: dict[str, Path] = {}
    real = disk.remove
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(disk, "remove", lambda path: None)
        patch.setattr(disk, "replace", lambda source, target: (_ for _ in ()).throw(OSError("killed")))
        for name, target in (("old", path), ("fresh", path), ("other", other)):
            before = set(tmp_path.iterdir())
            with pytest.raises(SaveError):
                save_bytes(target, OLD)
            (left[name],) = set(tmp_path.iterdir()) - before
    assert disk.remove is real
    for name in ("old", "other"):
        os.utime(left[name], (time.time() - 3600, time.time() - 3600))
    save_bytes(path, NEW)
    assert [p for p in left.values() if p.exists()] == [left["fresh"], left["other"]]


@pytest.mark.parametrize("name", ["ä" * 100 + ".nnsim", "a" * 249 + ".nnsim", "with space & <b>.nnsim"])
def test_long_and_odd_names_can_be_saved(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    save_bytes(path, OLD)
    save_bytes(path, NEW)
    assert path.read_bytes() == NEW and strays(tmp_path) == []


def test_what_cannot_be_saved_to_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "folder.nnsim").mkdir()
    with pytest.raises(SaveError, match=r"“folder.nnsim” was not saved. It is a folder."):
        save_bytes(tmp_path / "folder.nnsim", NEW)
    with pytest.raises(SaveError, match=r"The folder “.*nowhere” does not exist"):
        save_bytes(tmp_path / "nowhere" / "a.nnsim", NEW)
    with pytest.raises(SaveError, match="was not saved"):
        save_bytes(tmp_path / "nul\0.nnsim", NEW)


@posix_only
def test_a_write_protected_file_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.nnsim"
    save_bytes(path, OLD)
    monkeypatch.setattr(disk, "writable", lambda path: False)  # root may write anywhere
    with pytest.raises(SaveError, match="write-protected"):
        save_bytes(path, NEW)
    assert path.read_bytes() == OLD


@posix_only
def test_reading_refuses_what_is_no_file_in_words(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name, words in (("none", "does not exist"), ("", "folder"), ("pipe", "not a regular file")):
        with pytest.raises(ProjectFileError, match=words):
            read_bytes(tmp_path / name, 100)


WRITER = """
import sys
from pathlib import Path
from nnsim.io.saving import save_bytes
path, contents = Path(sys.argv[1]), [Path(p).read_bytes() for p in sys.argv[2:]]
print("ready", flush=True)
while True:
    for content in contents:
        save_bytes(path, content)
"""


def kill_writers(folder: Path, kills: int, seed: int) -> None:
    """Kill a process that saves all the time, again and again; the file is always one of two."""
    path = folder / "a.nnsim"
    contents = [bytes([i]) * 300_000 for i in (65, 66)]
    sources = [folder / f"source{i}" for i in range(2)]
    for source, content in zip(sources, contents, strict=True):
        source.write_bytes(content)
    save_bytes(path, contents[0])
    rng = random.Random(seed)
    for _ in range(kills):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path), *map(str, sources)], stdout=subprocess.PIPE
        )
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"ready\n"
        time.sleep(rng.uniform(0.0, 0.03))
        writer.kill()
        writer.wait()
        writer.stdout.close()
        assert path.read_bytes() in contents
        backup = backup_path(path)
        assert not backup.exists() or backup.read_bytes() in contents
    for name in strays(folder):
        os.utime(folder / name, (0, 0))
    save_bytes(path, b"the end")
    assert strays(folder) == []


def test_a_kill_during_saving_never_costs_the_file(tmp_path: Path) -> None:
    kill_writers(tmp_path, kills=20, seed=1)
