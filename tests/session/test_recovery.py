"""Unsaved work survives a crash of the program, and nothing else is offered as if it had."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

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
