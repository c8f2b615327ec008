"""Every operation of every oracle case: what is shown, worked out, is the result."""

import json
from pathlib import Path

import numpy as np
import pytest

from nnsim.core.arrays import read_only
from nnsim.core.explain import step_numbers, whole_step
from nnsim.core.network import Network, NetworkSpec
from nnsim.core.optimizers import OPTIMIZERS
from nnsim.core.phases import PhaseKind
from nnsim.core.trainer import Task, Trainer, TrainState

ORACLES = Path(__file__).parents[2] / "oracles"
TORCH = json.loads((ORACLES / "torch_cases.json").read_text("utf-8"))["cases"]
PUBLISHED = json.loads((ORACLES / "published_cases.json").read_text("utf-8"))["cases"]
MLPS = [case for case in PUBLISHED if case["kind"] == "mlp"]
CLOSE = {"rtol": 1e-12, "atol": 1e-12}


def flat(params):
    return read_only(np.concatenate([np.column_stack((p["W"], p["b"])).ravel() for p in params]))


def torch_trainer(case):
    penalty, optimizer = case["regularisation"], case["optimizer"]
    given = dict(optimizer["hyper"])
    if "betas" in given:
        given["beta1"], given["beta2"] = given["betas"]
    if "eps" in given:
        given["epsilon"] = given["eps"]
    known = {option.key for option in OPTIMIZERS[optimizer["name"]].options}
    spec = NetworkSpec.chain(
        tuple(case["widths"]), tuple(case["activations"]), case["loss"], l1=penalty["l1"], l2=penalty["l2"]
    )
    x, y = np.array(case["x"]), np.array(case["y"])
    task = Task(
        spec, x, y, x[:0], y[:0], learning_rate=given["lr"], optimizer=optimizer["name"],
        optimizer_options={key: value for key, value in given.items() if key in known},
    )  # fmt: skip
    return Trainer(task, TrainState(flat(case["init"])))


def to_the_update(trainer):
    while trainer.plan[trainer.phase].kind is not PhaseKind.UPDATE:
        trainer.advance()


@pytest.mark.parametrize("case", TORCH, ids=lambda c: c["id"])
def test_every_operation_of_an_optimizers_second_step(case, check_step):
    trainer = torch_trainer(case)
    trainer.run(1)
    to_the_update(trainer)
    numbers = step_numbers(trainer, len(case["x"]) - 1)
    assert check_step(trainer.task, trainer.network, numbers) > trainer.network.layout.size
    trainer.advance()
    np.testing.assert_allclose(trainer.theta.flat, flat(case["steps"][1]["params"]), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("case", MLPS, ids=lambda c: c["id"])
def test_every_operation_of_a_published_case(case, check_step):
    layers = case["network"]["layers"]
    x, y = np.array(case["data"]["x"]), np.array(case["data"]["y"])
    sizes = (x.shape[1], *(len(p["W"]) for p in layers))
    spec = NetworkSpec.chain(sizes, tuple(p["act"] for p in layers), case["loss"])
    task = Task(spec, x, y, x[:0], y[:0], learning_rate=case["lr"] or 0.0)
    row = len(x) - 1
    numbers = whole_step(task, TrainState(flat(layers)), x, y, row)
    for layer in range(1, len(sizes)):
        expected = case["recomputed"]["delta"][layer - 1][row]
        np.testing.assert_allclose(numbers.delta[layer][row], expected, **CLOSE)
    check_step(task, Network(task.network), numbers)
    alone = whole_step(task, TrainState(flat(layers)), x[:1], y[:1])
    check_step(task, Network(task.network), alone, terms=3)
