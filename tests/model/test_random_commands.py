"""What holds after any sequence of commands: undo is exact, nothing given is changed, nothing is
raised but a refusal, and every document either computes or says why not."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from nnsim.model import edits
from nnsim.model.build import build
from nnsim.model.compile import compile_project, with_state
from nnsim.model.diff import differences, same
from nnsim.model.errors import EditError
from nnsim.model.history import History
from nnsim.model.project import Data, Project, Training
from nnsim.model.validate import validate


def _load(name: str) -> ModuleType:
    """A module beside this file: tests are no package."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


random_commands = _load("random_commands")
COMMANDS = 300
SEEDS = range(20)


def first() -> Project:
    return build(
        (2, 3, 1),
        "tanh",
        Data("circle", {"count": 24}, features=("x1", "x2")),
        Training(batch_size=5),
        seed=1,
    )


def check_computes_or_says_why(project: Project) -> None:
    problems = validate(project)
    assert len(set(problems)) == len(problems)
    if any(problem.blocking for problem in problems):
        return
    compiled = compile_project(project)
    assert list(differences(project, with_state(compiled, compiled.state))) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_undoing_all_and_redoing_all_gives_back_every_document(seed: int) -> None:
    commands = random_commands.Commands(seed)
    project = first()
    states, history, merged, refused = [project], History(), None, 0
    for number in range(COMMANDS):
        command = commands.next(project)
        before = random_commands.contents(project)
        try:
            after = command(project)
        except EditError as error:
            assert str(error).endswith("."), str(error)
            refused += 1
            after = project
        assert random_commands.contents(project) == before, command
        if after is project:
            continue
        check_computes_or_says_why(after)
        merge = "drag" if number % 3 else None
        history.push(str(number), project, after, merge)
        if merge and merged:
            states[-1] = after
        else:
            states.append(after)
        merged, project = merge, after
    assert refused < 0.7 * COMMANDS and len(states) > 0.15 * COMMANDS
    held = [random_commands.contents(state) for state in states]

    for state in reversed(states[:-1]):
        assert history.undo() is state
    assert not history.can_undo
    for state in states[1:]:
        assert history.redo() is state
    assert not history.can_redo
    assert [random_commands.contents(state) for state in states] == held


@pytest.mark.parametrize("seed", range(3))
def test_the_same_commands_give_the_same_document_again(seed: int) -> None:
    ends = []
    for _ in range(2):
        commands, project = random_commands.Commands(100 + seed), first()
        for _ in range(COMMANDS):
            try:
                project = commands.next(project)(project)
            except EditError:
                continue
        ends.append(project)
    assert ends[0] is not ends[1] and same(*ends)


def test_every_verb_is_among_the_random_commands() -> None:
    seen = set()
    for seed in range(3):
        commands, project = random_commands.Commands(seed), first()
        for _ in range(COMMANDS):
            command = commands.next(project)
            try:
                project = command(project)
            except EditError:
                continue
            seen.add(command.verb.__name__)
    assert seen == (set(edits.__all__) - {"data_fit_problem"}) | {"train"}
