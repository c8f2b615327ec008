"""Undo and redo give back the very documents, within limits of number and memory."""

from __future__ import annotations

from itertools import pairwise

import pytest

from nnsim.model import edits
from nnsim.model.build import build
from nnsim.model.history import History
from nnsim.model.project import Project


def titled(project: Project, *titles: str) -> list[Project]:
    states = [project]
    for title in titles:
        states.append(edits.set_title(states[-1], title))
    return states


def filled(states: list[Project], history: History, merge: str | None = None) -> History:
    for number, (before, after) in enumerate(pairwise(states), start=1):
        history.push(f"Edit {number}", before, after, merge)
    return history


@pytest.fixture
def project() -> Project:
    return build((2, 3, 1))


def test_undo_and_redo_give_back_the_identical_documents(project: Project) -> None:
    states = titled(project, "a", "b", "c")
    history = filled(states, History())
    for state in reversed(states[:-1]):
        assert history.undo() is state
    assert not history.can_undo
    for state in states[1:]:
        assert history.redo() is state
    assert not history.can_redo


def test_labels_say_what_comes_next(project: Project) -> None:
    history = filled(titled(project, "a", "b"), History())
    assert (history.undo_label, history.redo_label, history.labels) == ("Edit 2", "", ("Edit 1", "Edit 2"))
    history.undo()
    assert (history.undo_label, history.redo_label, history.labels) == ("Edit 1", "Edit 2", ("Edit 1",))
    history.undo()
    assert (history.undo_label, history.redo_label) == ("", "Edit 1")


def test_an_empty_history_has_nothing_to_give(project: Project) -> None:
    history = History()
    assert not history.can_undo and not history.can_redo and len(history) == 0
    for move in (history.undo, history.redo):
        with pytest.raises(IndexError):
            move()


def test_something_new_ends_what_could_be_redone(project: Project) -> None:
    states = titled(project, "a", "b")
    history = filled(states, History())
    history.undo()
    other = edits.set_title(states[1], "other")
    history.push("Other", states[1], other)
    assert not history.can_redo and history.labels == ("Edit 1", "Other")
    assert history.undo() is states[1]


def test_what_changes_nothing_is_no_entry(project: Project) -> None:
    history = filled(titled(project, "a"), History())
    history.undo()
    history.push("Nothing", project, project)
    assert len(history) == 1 and history.can_redo


def test_entries_of_one_key_in_a_row_are_one_drag(project: Project) -> None:
    states = titled(project, "a", "b", "c")
    history = filled(states, History(), merge="title")
    assert history.labels == ("Edit 3",)
    assert history.undo() is project
    assert history.redo() is states[-1]


def test_a_drag_ends_with_a_seal_another_key_an_undo_or_a_change_in_between(project: Project) -> None:
    a, b, c = titled(project, "a", "b")
    for interrupt in ("seal", "key", "undo"):
        history = History()
        history.push("First", a, b, "drag")
        if interrupt == "seal":
            history.seal()
        elif interrupt == "undo":
            history.undo()
            history.redo()
        history.push("Second", b, c, "other" if interrupt == "key" else "drag")
        assert history.labels == ("First", "Second"), interrupt
    history = History()
    history.push("First", a, b, "drag")
    history.push("Second", edits.set_title(b, "x"), c, "drag")
    assert len(history) == 2


def test_a_drag_back_to_where_it_began_leaves_no_entry(project: Project) -> None:
    a, b, c = titled(project, "a", "b")
    history = filled([a, b, c], History(), merge="drag")
    history.push("Back", c, a, "drag")
    assert not history.can_undo and history.bytes == 0
    assert filled([a, b], history, merge="drag").undo() is a


def test_entries_without_a_key_are_never_merged(project: Project) -> None:
    assert len(filled(titled(project, "a", "b"), History())) == 2


def test_a_seal_lets_the_next_drag_merge_again(project: Project) -> None:
    states = titled(project, "a", "b", "c")
    history = History()
    history.push("1", states[0], states[1], "drag")
    history.seal()
    history.push("2", states[1], states[2], "drag")
    history.push("3", states[2], states[3], "drag")
    assert history.labels == ("1", "3")


def test_only_so_many_entries_are_kept_the_latest_ones(project: Project) -> None:
    states = titled(project, *map(str, range(10)))
    history = filled(states, History(max_entries=4))
    assert history.labels == ("Edit 7", "Edit 8", "Edit 9", "Edit 10")
    while history.can_undo:
        last = history.undo()
    assert last is states[6]


def test_arrays_that_documents_share_count_once() -> None:
    project = build((2, 100, 100, 1))
    history = filled(titled(project, *"abcdef"), History())
    alone = filled(titled(project, "a"), History())
    assert history.bytes - alone.bytes < 100_000
    weights = project.parameters.weights["C2"].nbytes
    history.push("Weight", project, edits.set_weight(project, "C2", 0, 0, 1.0))
    assert weights <= history.bytes - alone.bytes < weights + 100_000


def test_memory_is_given_back_when_entries_go(project: Project) -> None:
    states = [project]
    for number in range(6):
        states.append(edits.set_weight(states[-1], "C1", 0, 0, float(number)))
    history = filled(states, History())
    whole = history.bytes
    for _ in range(6):
        history.undo()
    assert history.bytes == whole
    history.push("Title", project, edits.set_title(project, "x"))
    assert history.bytes == filled(titled(project, "x"), History()).bytes
    history.clear()
    assert (history.bytes, len(history)) == (0, 0)


def test_the_oldest_entries_go_when_memory_is_short_but_never_the_last() -> None:
    project = build((2, 200, 200, 1))
    one = project.parameters.weights["C2"].nbytes
    states = [project]
    for number in range(20):
        states.append(edits.set_weight(states[-1], "C2", 0, 0, float(number)))
    history = filled(states, History(max_bytes=8 * one))
    assert 3 <= len(history) < 8 and history.bytes <= 8 * one
    assert history.undo() is states[-2]
    tiny = filled(states, History(max_bytes=1))
    assert tiny.labels == ("Edit 20",)
    assert tiny.undo() is states[-2]


def test_merging_does_not_lose_count_of_memory(project: Project) -> None:
    states = [project]
    for number in range(50):
        states.append(edits.set_weight(states[-1], "C1", 0, 0, float(number)))
    merged = filled(states, History(), merge="drag")
    direct = History()
    direct.push("All", states[0], states[-1])
    assert merged.bytes == direct.bytes
