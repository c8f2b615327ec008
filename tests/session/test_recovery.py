"""Unsaved work survives a crash of the program, and nothing else is offered as if it had."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import threading

import pytest

from nnsim.io import disk, project_file
from nnsim.model import edits
from nnsim.model.build import default_project
from nnsim.model.diff import same
from nnsim.session.recovery import Recovery


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "recovery"


def crashed(folder, value, original="None"):
    """A program that keeps its work and is then killed."""
    script = textwrap.dedent(f"""
        import os, signal, sys
        from pathlib import Path
        from nnsim.model import edits
        from nnsim.model.build import default_project
        from nnsim.session.recovery import Recovery
        recovery = Recovery(Path(sys.argv[1]))
        project = edits.set_weight(default_project(), "C1", 0, 0, {value})
        assert recovery.keep(project, {original})
        print("kept", flush=True)
        sys.stdin.read()
    """)
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout.readline().strip() == b"kept"
    return process


def end(process):
    process.kill()
    process.wait()
    process.stdin.close()
    process.stdout.close()


def test_work_of_a_killed_program_is_found_whole(folder, tmp_path):
    end(crashed(folder, 0.125, original=f"Path({str(tmp_path / 'mine.nnsim')!r})"))
    (left,) = Recovery(folder).left()
    assert same(left.load(), edits.set_weight(default_project(), "C1", 0, 0, 0.125))
    assert left.original == tmp_path / "mine.nnsim"
    left.discard()
    assert Recovery(folder).left() == () and list(folder.iterdir()) == []


def test_work_of_a_running_program_is_left_alone_until_it_dies(folder):
    process = crashed(folder, 0.125)
    assert Recovery(folder).left() == ()
    end(process)
    assert len(Recovery(folder).left()) == 1


def test_the_newest_work_is_offered_first(folder):
    for value in (0.1, 0.2):
        end(crashed(folder, value))
    weights = [left.load().parameters.weights["C1"][0, 0] for left in Recovery(folder).left()]
    assert weights == [0.2, 0.1]


def test_a_program_that_ends_in_good_order_leaves_nothing(folder):
    recovery = Recovery(folder)
    assert recovery.keep(default_project(), None)
    recovery.close()
    assert list(folder.iterdir()) == []


def test_the_copy_is_written_only_when_the_document_has_changed(folder):
    recovery, project = Recovery(folder), default_project()
    assert recovery.keep(project, None)
    (copy,) = folder.glob("*.nnsim")
    copy.unlink()
    assert recovery.keep(project, None) and not copy.exists()
    assert recovery.keep(edits.set_weight(project, "C1", 0, 0, 1.0), None) and copy.exists()
    recovery.close()


def test_discarded_work_is_gone_and_can_be_kept_again(folder):
    recovery, project = Recovery(folder), default_project()
    recovery.keep(project, None)
    recovery.discard()
    assert not list(folder.glob("*.nnsim"))
    assert recovery.keep(project, None) and list(folder.glob("*.nnsim"))
    recovery.close()


def test_a_disk_that_refuses_costs_only_the_copy(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    assert not Recovery(blocked / "recovery").keep(default_project(), None)
    assert not Recovery(None).keep(default_project(), None)
    assert Recovery(None).left() == ()


# -- in a thread -----------------------------------------------------------------------------------


class SlowDisk:
    """Writing gets as far as reaching the disk, and waits there until told to :meth:`go_on`."""

    def __init__(self, monkeypatch):
        self._real, self._reached, self._open = disk.flush, threading.Event(), threading.Event()
        monkeypatch.setattr(disk, "flush", self._flush)

    def _flush(self, fd):
        self._reached.set()
        assert self._open.wait(20)
        self._real(fd)

    def wait_until_reached(self):
        assert self._reached.wait(20)

    def go_on(self):
        self._open.set()


@pytest.fixture
def slow_disk(monkeypatch):
    return SlowDisk(monkeypatch)


@pytest.fixture
def projects():
    return [edits.set_weight(default_project(), "C1", 0, 0, i / 8) for i in range(4)]


def copies(folder):
    return [project_file.load(path)[0] for path in folder.glob("*.nnsim")]


def test_a_copy_is_written_beside_and_of_those_that_wait_the_newest(folder, slow_disk, projects):
    recovery = Recovery(folder)
    recovery.keep_soon(projects[0], None)
    slow_disk.wait_until_reached()
    for project in projects[1:]:
        recovery.keep_soon(project, None)
    assert copies(folder) == []
    slow_disk.go_on()
    recovery.keep(projects[3], None)  # waits for what is under way
    (kept,) = copies(folder)
    assert same(kept, projects[3])
    recovery.close()
    assert list(folder.iterdir()) == []


def test_what_is_discarded_while_it_is_written_is_gone(folder, slow_disk, projects):
    recovery = Recovery(folder)
    recovery.keep_soon(projects[0], None)
    slow_disk.wait_until_reached()
    recovery.discard_soon()
    slow_disk.go_on()
    recovery.discard()
    assert [path.suffix for path in folder.iterdir()] == [".lock"]
    assert recovery.keep(projects[0], None) and same(copies(folder)[0], projects[0])
    recovery.close()


def test_what_is_kept_after_discarding_stays(folder, slow_disk, projects):
    recovery = Recovery(folder)
    recovery.keep_soon(projects[0], None)
    slow_disk.wait_until_reached()
    recovery.discard_soon()
    recovery.keep_soon(projects[1], None)
    slow_disk.go_on()
    assert recovery.keep(projects[1], None)
    (kept,) = copies(folder)
    assert same(kept, projects[1])
    recovery.close()


def test_ending_in_good_order_while_a_copy_is_written_leaves_nothing(folder, slow_disk, projects):
    recovery = Recovery(folder)
    recovery.keep_soon(projects[0], None)
    slow_disk.wait_until_reached()
    slow_disk.go_on()
    recovery.close()
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("end", ["keep", "discard", "close"])
def test_what_waits_for_a_copy_is_done_when_it_is_there_or_not_wanted_any_more(
    folder, slow_disk, projects, end
):
    recovery, there = Recovery(folder), []
    recovery.keep_soon(projects[0], None, lambda: there.append(len(copies(folder))))
    slow_disk.wait_until_reached()
    assert there == []
    if end == "keep":
        slow_disk.go_on()
        recovery.keep(projects[0], None)
    else:
        recovery.discard_soon()
        slow_disk.go_on()
    recovery.close()
    assert there == [1 if end == "keep" else 0]


def test_what_waits_for_a_copy_goes_on_waiting_if_the_disk_refuses(folder, monkeypatch, projects):
    def full(*_):
        raise OSError(28, "No space left on device")

    recovery, there = Recovery(folder), []
    with monkeypatch.context() as broken:
        broken.setattr(disk, "write", full)
        recovery.keep_soon(projects[0], None, lambda: there.append(True))
        assert not recovery.keep(projects[0], None)
        assert there == []
    assert recovery.keep(projects[0], None) and there == [True]
    recovery.close()
