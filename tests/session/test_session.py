"""Documents and files of a session."""

from __future__ import annotations

import time

import pytest

from nnsim.core.registry import UnknownNameError
from nnsim.engine.inline import InlineEngine
from nnsim.engine.messages import Granularity
from nnsim.io import project_file
from nnsim.io.errors import ChangedOnDisk, ProjectFileError
from nnsim.model import edits
from nnsim.model.compile import compile_project
from nnsim.model.diff import same
from nnsim.session.session import Session
from nnsim.session.settings import SettingsStore


@pytest.fixture
def store():
    return SettingsStore(None)


@pytest.fixture
def session(store):
    made = Session(InlineEngine(), store=store)
    made.wait()
    yield made
    assert made.close()


def change(session, value=0.5):
    session.dispatch("Set weight", edits.set_weight, "C1", 0, 0, value)


def test_a_document_is_saved_and_opened_again_whole(session, tmp_path):
    change(session)
    session.run(epochs=3)
    session.wait()
    saved = session.project
    session.save_as(tmp_path / "mine")
    assert session.path == tmp_path / "mine.nnsim" and not session.modified
    session.new()
    session.open(tmp_path / "mine.nnsim")
    session.wait()
    assert same(session.project, saved) and not session.modified and not session.can_undo
    assert session.title == "mine" and session.snapshot.epoch == 3


def test_modified_means_different_from_what_was_saved(session, tmp_path):
    assert not session.modified
    change(session)
    assert session.modified
    session.undo()
    assert not session.modified
    session.redo()
    session.save_as(tmp_path / "a.nnsim")
    session.undo()
    assert session.modified
    session.redo()
    assert not session.modified


def test_saving_during_a_run_saves_where_it_stands_and_the_run_goes_on(session, tmp_path):
    session.run()
    end = time.monotonic() + 20
    while session.snapshot.epoch < 3 and time.monotonic() < end:
        session.pull()
    session.save_as(tmp_path / "a.nnsim")
    assert session.running and session.modified
    session.pause()
    session.wait()
    reached = session.project.progress.epoch
    session.open(tmp_path / "a.nnsim")
    assert 3 <= session.project.progress.epoch <= reached


def test_a_file_that_cannot_be_opened_leaves_the_document_as_it_was(session, tmp_path):
    change(session)
    before = session.project
    bad = tmp_path / "bad.nnsim"
    bad.write_text('{"format_version": 1, "layers": [2,')
    for path in (bad, tmp_path / "missing.nnsim"):
        with pytest.raises(ProjectFileError, match=path.name):
            session.open(path)
    with pytest.raises(UnknownNameError):
        session.open_example("no-such-example")
    assert session.project is before and session.can_undo and session.modified
    assert session.recent() == ()


def test_a_file_that_somebody_else_changed_is_not_overwritten_unasked(session, tmp_path):
    path = tmp_path / "a.nnsim"
    session.save_as(path)
    theirs = path.read_bytes() + b"\n"
    path.write_bytes(theirs)
    change(session)
    with pytest.raises(ChangedOnDisk):
        session.save()
    assert path.read_bytes() == theirs and session.modified
    session.save_as(path)
    assert path.read_bytes() != theirs and not session.modified
    session.save()


def test_what_is_changed_while_a_document_is_written_is_still_to_be_saved(session, tmp_path):
    change(session, 0.25)
    saving = session.saving(tmp_path / "a")
    written = session.project
    change(session, 0.75)
    stamp = saving.write()
    assert session.modified and session.path is None
    session.saved(saving, stamp)
    assert session.modified and session.path == tmp_path / "a.nnsim"
    assert same(project_file.load(session.path)[0], written)
    session.undo()
    assert not session.modified
    session.redo()
    session.save()  # the stamp is that of what was written
    assert not session.modified


def test_a_document_written_after_another_one_was_opened_does_not_name_that_one(session, tmp_path):
    saving = session.saving(tmp_path / "a.nnsim")
    session.new()
    change(session)
    session.saved(saving, saving.write())
    assert session.path is None and session.modified
    assert session.recent() == (tmp_path / "a.nnsim",)


def test_a_restored_document_counts_as_unsaved(session, tmp_path):
    change(session)
    project = session.project
    session.new()
    session.restore(project, tmp_path / "a.nnsim")
    assert session.project is project and session.modified and session.path == tmp_path / "a.nnsim"


def test_recent_files_are_those_opened_or_saved_last(session, tmp_path):
    for name in ("a", "b"):
        session.save_as(tmp_path / f"{name}.nnsim")
    session.open(tmp_path / "a.nnsim")
    assert [path.name for path in session.recent()] == ["a.nnsim", "b.nnsim"]


def test_every_shipped_example_opens_and_can_be_computed(session):
    keys = [example.key for example in session.examples()]
    assert len(keys) > 20 and len(set(keys)) == len(keys)
    for key in keys:
        session.open_example(key)
        assert session.path is None and not session.modified and not session.can_undo
        assert session.snapshot is None or session.problems == tuple(
            p for p in session.problems if not p.blocking
        )
        compile_project(session.project)


def test_shipped_data_come_loaded_and_generated_data_do_not(session):
    assert session.data_of("iris").samples.count == 150
    assert session.data_of("circle").samples is None
    session.dispatch("Data", edits.choose_data, session.data_of("iris"), fit=True)
    session.wait()
    assert session.snapshot is not None and session.prepared.samples.count == 150


def test_a_document_saved_between_two_operations_is_opened_there_and_can_go_back(session, tmp_path):
    session.run(epochs=2)
    session.wait()
    for granularity in (Granularity.LAYER, Granularity.NEURON, Granularity.OPERATION):
        session.step(granularity)
        session.wait()
    saved = session.project
    assert (saved.progress.phase, saved.progress.operation) == (1, 3)
    session.save_as(tmp_path / "mine")
    session.new()
    session.open(tmp_path / "mine.nnsim")
    session.wait()
    assert same(session.project, saved) and session.snapshot.operation == 3
    session.back(Granularity.OPERATION)
    session.wait()
    assert session.project.progress.operation == 2
    session.back(Granularity.BATCH)
    session.wait()
    assert (session.project.progress.step, session.project.progress.phase) == (50, 0) and not session.can_back
