"""What the help and the README say of the project file holds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nnsim.core.activations import ACTIVATIONS
from nnsim.core.datasets import DATASETS, FEATURES, SCALINGS
from nnsim.core.initializers import INITIALIZERS
from nnsim.core.losses import LOSSES
from nnsim.core.optimizers import OPTIMIZERS
from nnsim.core.schedules import SCHEDULES
from nnsim.core.trainer import Trainer
from nnsim.io import schema
from nnsim.io.project_file import decode
from nnsim.model.compile import compile_project

ROOT = Path(__file__).resolve().parent.parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
SECTION = (ROOT / "resources" / "help" / "project-file.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```json\n(.*?)```", SECTION, re.DOTALL)


def test_its_examples_open_and_can_be_trained():
    assert len(EXAMPLES) == 2 and all(text in README for text in EXAMPLES)
    for text in EXAMPLES:
        compiled = compile_project(decode(text.encode("utf-8")))
        trainer = Trainer(compiled.task, compiled.state)
        before = trainer.train_loss()
        trainer.run(20)
        assert trainer.train_loss() < before


def test_its_chain_is_the_courses():
    compiled = compile_project(decode(EXAMPLES[0].encode("utf-8")))
    output = Trainer(compiled.task, compiled.state).evaluator.outputs(compiled.task.x_train)
    assert output[0, 0] == pytest.approx(0.6571, abs=5e-5)


@pytest.mark.parametrize(
    "registry",
    [ACTIVATIONS, LOSSES, OPTIMIZERS, SCHEDULES, INITIALIZERS, DATASETS, FEATURES, SCALINGS],
    ids=lambda r: r.kind,
)
def test_every_name_that_may_stand_in_a_file_is_told(registry):
    assert [entry.key for entry in registry if f"`{entry.key}`" not in SECTION] == []


@pytest.mark.parametrize(
    "struct", [schema.ProjectFile, schema.LayerFile, schema.DataFile, schema.TableFile, schema.TrainingFile]
)
def test_every_field_is_told(struct):
    assert [name for name in struct.__struct_fields__ if f"`{name}`" not in SECTION] == []
