"""The shipped examples: up to date, complete, and right."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import numpy as np
import pytest

from nnsim.core.registry import UnknownNameError
from nnsim.core.trainer import Trainer
from nnsim.io.examples import examples, load_example
from nnsim.model.compile import compile_project
from nnsim.model.validate import validate
from nnsim.resources import resource_path

ROOT = Path(__file__).resolve().parent.parent.parent
CASES = {
    case["id"]: case
    for case in json.loads((ROOT / "tests" / "oracles" / "published_cases.json").read_text(encoding="utf-8"))[
        "cases"
    ]
}
PUBLISHED = [example for example in examples() if example.case]
TRAINED = [example for example in PUBLISHED if CASES[example.case]["kind"] == "mlp"]
FORWARD = {"rtol": 1e-12, "atol": 1e-12}
AFTER = {"rtol": 1e-9, "atol": 1e-9}


def test_the_files_are_what_the_script_makes():
    made = runpy.run_path(str(ROOT / "packaging" / "examples.py"))["files"]()
    folder = resource_path("examples")
    assert {path.name for path in folder.iterdir()} == set(made)
    for name, content in made.items():
        assert (folder / name).read_bytes() == content, name


def test_every_good_network_among_the_published_cases_ships():
    calculations = {"graph", "formula", "loss"}
    good = {c["id"] for c in CASES.values() if c["confidence"] == "good" and c["kind"] not in calculations}
    assert {example.case for example in PUBLISHED} == good


@pytest.mark.parametrize("example", examples(), ids=lambda e: e.key)
def test_an_example_opens_without_a_problem_and_says_what_it_is(example):
    project = load_example(example.key)
    assert not any(problem.blocking for problem in validate(project))
    assert example.title and example.summary and project.title == example.title
    assert project.progress.step == 0
    if example.case:
        assert project.source_note and project.notes and not len(compile_project(project).prepared.test)


@pytest.mark.parametrize("example", TRAINED, ids=lambda e: e.key)
def test_a_worked_example_gives_the_true_numbers(example):
    case = CASES[example.case]
    expected, compiled = case["recomputed"], compile_project(load_example(example.key))
    trainer = Trainer(compiled.task, compiled.state)
    found = trainer.evaluator.full_pass(compiled.task.x_train, compiled.task.y_train)
    np.testing.assert_allclose(found.loss, expected["loss"], **FORWARD)
    for layer in range(1, trainer.network.depth):
        np.testing.assert_allclose(found.z[layer], expected["forward"]["z"][layer - 1], **FORWARD)
        np.testing.assert_allclose(found.delta[layer], expected["delta"][layer - 1], **FORWARD)
    if case["lr"] is None:
        return
    for k, after in sorted(expected.get("after", {}).items(), key=lambda item: int(item[0])):
        trainer.run(int(k) * trainer.batches_per_epoch - trainer.step)
        for layer, params in enumerate(after["params"]):
            np.testing.assert_allclose(trainer.theta.weights[layer], params["W"], **AFTER)
            np.testing.assert_allclose(trainer.theta.biases[layer + 1], params["b"], **AFTER)


def test_an_unknown_example_is_named_in_the_message():
    with pytest.raises(UnknownNameError, match="mazurr"):
        load_example("mazurr")
