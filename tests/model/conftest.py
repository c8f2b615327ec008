"""Projects for the tests of the document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from nnsim.core.arrays import read_only
from nnsim.core.trainer import Trainer
from nnsim.model.build import build
from nnsim.model.compile import compile_project, with_state
from nnsim.model.project import Data, Parameters, Project, Training

Train = Callable[[Project, int], Project]


@pytest.fixture(scope="session")
def train() -> Train:
    """``train(project, updates)``: the project after so many updates."""

    def run(project: Project, updates: int) -> Project:
        compiled = compile_project(project)
        trainer = Trainer(compiled.task, compiled.state)
        trainer.run(updates)
        return with_state(compiled, trainer.checkpoint())

    return run


@pytest.fixture(scope="session")
def trained(train: Train) -> Project:
    """2-4-3-1 after some updates of Adam: state, curve, start and frozen marks all tell apart."""
    project = build(
        (2, 4, 3, 1), ("tanh", "relu", "tanh"),
        Data("circle", {"count": 40}, features=("x1", "x2")),
        Training(optimizer="adam", learning_rate=0.01, batch_size=7), seed=5,
    )  # fmt: skip
    rng = np.random.default_rng(1)
    marks = Parameters(
        {k: read_only(rng.random(w.shape) < 0.3, np.bool_) for k, w in project.frozen.weights.items()},
        {k: read_only(rng.random(b.shape) < 0.3, np.bool_) for k, b in project.frozen.biases.items()},
    )
    return train(replace(project, frozen=marks), 10)
