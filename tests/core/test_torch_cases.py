"""Forty random networks, five optimizer steps each, against an independent automatic differentiation."""

import json
from pathlib import Path

import numpy as np
import pytest

from nnsim.core.arrays import read_only
from nnsim.core.network import NetworkSpec
from nnsim.core.optimizers import OPTIMIZERS
from nnsim.core.phases import PhaseKind
from nnsim.core.trainer import Task, Trainer, TrainState

CASES = json.loads((Path(__file__).parents[1] / "oracles" / "torch_cases.json").read_text("utf-8"))["cases"]
STEP = {"rtol": 1e-12, "atol": 1e-12}
AFTER = {"rtol": 1e-9, "atol": 1e-9}
# The library's names: of settings it has and we leave out, only these values mean the same as ours.
NEUTRAL = {
    "dampening": 0, "lr_decay": 0, "initial_accumulator_value": 0, "centered": False, "amsgrad": False,
}  # fmt: skip
SLOTS = {
    "momentum_buffer": "v", "sum": "s", "square_avg": "s", "exp_avg": "m", "exp_avg_sq": "v",
}  # fmt: skip


def flat(params):
    """[{W, b}, …] → θ: each layer's rows of weights, each followed by its bias."""
    return np.concatenate([np.column_stack((p["W"], p["b"])).ravel() for p in params])


def options_of(optimizer):
    hyper = dict(optimizer["hyper"])
    del hyper["lr"]
    options = {}
    for key, value in hyper.items():
        if key == "betas":
            options |= {"beta1": value[0], "beta2": value[1]}
        elif key == "eps":
            options["epsilon"] = value
        elif key == "nesterov":
            assert value is (optimizer["name"] == "nesterov")
        elif key in NEUTRAL or (optimizer["name"] == "rmsprop" and key == "momentum"):
            assert value == NEUTRAL.get(key, 0)
        else:
            options[key] = value
    assert set(options) == {o.key for o in OPTIMIZERS[optimizer["name"]].options}
    return options


def trainer_of(case):
    reg, opt = case["regularisation"], case["optimizer"]
    spec = NetworkSpec.chain(
        tuple(case["widths"]), tuple(case["activations"]), case["loss"], l1=reg["l1"], l2=reg["l2"]
    )
    x, y = np.array(case["x"]), np.array(case["y"])
    task = Task(
        spec, x, y, x[:0], y[:0], learning_rate=opt["hyper"]["lr"], optimizer=opt["name"],
        optimizer_options=options_of(opt),
    )  # fmt: skip
    return Trainer(task, TrainState(read_only(flat(case["init"]))))


@pytest.fixture(params=CASES, ids=lambda c: c["id"])
def case(request):
    return request.param


def test_the_file_holds_forty_cases_and_every_optimizer():
    assert len(CASES) == 40
    assert {c["optimizer"]["name"] for c in CASES} == set(OPTIMIZERS.keys())


def test_first_pass_agrees_in_every_number(case):
    trainer, first = trainer_of(case), case["first"]
    while trainer.plan[trainer.phase].kind is not PhaseKind.UPDATE:
        trainer.advance()
    space = trainer.space
    for layer in range(1, trainer.network.depth):
        np.testing.assert_allclose(space.z[layer], first["z"][layer - 1], **STEP)
        np.testing.assert_allclose(space.a[layer], first["a"][layer - 1], **STEP)
        np.testing.assert_allclose(space.delta[layer], first["delta"][layer - 1], **STEP)
    np.testing.assert_allclose(trainer.batch_loss, first["data_loss"], **STEP)
    np.testing.assert_allclose(trainer.train_loss(), first["data_loss"], **STEP)
    np.testing.assert_allclose(trainer.penalty(), first["penalty"], **STEP)
    np.testing.assert_allclose(trainer.batch_loss + trainer.penalty(), first["total_loss"], **STEP)
    grads = first["grad_data"]
    np.testing.assert_allclose(
        trainer.grad.flat,
        flat([{"W": w, "b": b} for w, b in zip(grads["W"], grads["b"], strict=True)]),
        **STEP,
    )


def test_the_gradient_used_includes_the_penalty(case):
    trainer, grads = trainer_of(case), case["first"]["grad_total"]
    trainer.run(1)
    np.testing.assert_allclose(
        trainer.grad.flat,
        flat([{"W": w, "b": b} for w, b in zip(grads["W"], grads["b"], strict=True)]),
        **STEP,
    )


def test_parameters_agree_after_each_of_five_steps(case):
    trainer = trainer_of(case)
    for step in case["steps"]:
        trainer.run(1)
        np.testing.assert_allclose(trainer.theta.flat, flat(step["params"]), **AFTER)
    final = case["final"]
    np.testing.assert_allclose(trainer.train_loss(), final["data_loss"], **AFTER)
    np.testing.assert_allclose(trainer.penalty(), final["penalty"], **AFTER)
    np.testing.assert_allclose(trainer.evaluator.outputs(np.array(case["x"])), final["output"], **AFTER)


def test_optimizer_state_agrees_after_five_steps(case):
    trainer = trainer_of(case)
    trainer.run(5)
    state = trainer.checkpoint()
    slots = dict(zip(OPTIMIZERS[case["optimizer"]["name"]].slot_names, state.slots, strict=True))
    given = case["optimizer_state_after_5"]
    names = [name for name in given[0] if name != "step"]
    assert {SLOTS[name] for name in names} == set(slots)
    for name in names:
        values = [parameter[name] for parameter in given]  # W1, b1, W2, b2, …
        expected = flat([{"W": w, "b": b} for w, b in zip(values[::2], values[1::2], strict=True)])
        np.testing.assert_allclose(slots[SLOTS[name]], expected, **AFTER)
    if "step" in given[0]:
        assert state.age == given[0]["step"]
