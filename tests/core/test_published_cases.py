"""Worked examples from books, courses and posts, against their recomputed (not their printed) numbers."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nnsim.core.activations import SOFTMAX, STEP
from nnsim.core.arrays import read_only
from nnsim.core.losses import LOSSES
from nnsim.core.network import ConnectionSpec, LayerSpec, NetworkSpec
from nnsim.core.phases import PhaseKind
from nnsim.core.trainer import Task, Trainer, TrainState

ALL = json.loads((Path(__file__).parents[1] / "oracles" / "published_cases.json").read_text("utf-8"))["cases"]
BY_ID = {c["id"]: c for c in ALL}
MLPS = [c for c in ALL if c["kind"] == "mlp"]
TRAINED = [c for c in MLPS if "after" in c["recomputed"]]
SOFTMAXES = [c for c in ALL if c["kind"] == "softmax_vector"]
# One source trains with a penalty, which the record states in words only: L2 0.1 and learning rate 0.1.
PENALISED = {"sklearn_test_fit": {"learning_rate": 0.1, "l2": 0.1}}
PASS = {"rtol": 1e-12, "atol": 1e-12}
AFTER = {"rtol": 1e-9, "atol": 1e-9}


def flat(params):
    return np.concatenate([np.column_stack((p["W"], p["b"])).ravel() for p in params])


def trainer_of(case, *, biases=None, bias="each", l2=0.0, **training):
    """The case as a trainer. Biases that its source did not train are frozen."""
    layers = case["network"]["layers"]
    x, y = np.array(case["data"]["x"]), np.array(case["data"]["y"])
    specs = (LayerSpec(x.shape[1]),) + tuple(LayerSpec(len(p["W"]), p["act"], bias=bias) for p in layers)
    joins = tuple(ConnectionSpec(i, i + 1) for i in range(len(layers)))
    update = case["update"]
    fixed = not (update["biases"] if biases is None else biases)
    frozen = np.concatenate(
        [np.column_stack((np.zeros_like(p["W"]), np.full_like(p["b"], fixed))).ravel() for p in layers]
    )
    settings = {
        "learning_rate": case["lr"] or 0.0,
        "batch_size": 1 if update["per_sample"] else 0,
        "frozen": frozen.astype(bool),
    }
    spec = NetworkSpec(specs, joins, case["loss"], l2=l2)
    task = Task(spec, x, y, x[:0], y[:0], **(settings | training))
    return Trainer(task, TrainState(read_only(flat(layers))))


def check_after(trainer, after):
    """After k updates (or epochs) the parameters and the loss are those of ``after[k]``."""
    steps = trainer.batches_per_epoch
    for k, expected in sorted(after.items(), key=lambda item: int(item[0])):
        if int(k) * steps > trainer.step:
            trainer.run(int(k) * steps - trainer.step)
        np.testing.assert_allclose(trainer.theta.flat, flat(expected["params"]), **AFTER, err_msg=f"k = {k}")
        np.testing.assert_allclose(trainer.train_loss(), expected["loss"], **AFTER, err_msg=f"k = {k}")


@pytest.fixture(params=MLPS, ids=lambda c: c["id"])
def case(request):
    return request.param


def test_every_network_among_the_examples_is_here():
    assert len(MLPS) == 25
    assert len(TRAINED) == 17


def test_one_pass_agrees_in_every_number(case):
    trainer, expected = trainer_of(case), case["recomputed"]
    x, y = trainer.task.x_train, trainer.task.y_train
    found = trainer.evaluator.full_pass(x, y)
    for layer in range(1, trainer.network.depth):
        k = layer - 1
        np.testing.assert_allclose(found.z[layer], expected["forward"]["z"][k], **PASS)
        np.testing.assert_allclose(found.a[layer], expected["forward"]["a"][k], **PASS)
        np.testing.assert_allclose(found.da[layer], expected["dC_da"][k], **PASS)
        np.testing.assert_allclose(found.delta[layer], expected["delta"][k], **PASS)
    np.testing.assert_allclose(found.loss, expected["loss"], **PASS)
    np.testing.assert_allclose(trainer.train_loss(), expected["loss"], **PASS)
    np.testing.assert_allclose(found.da[0], expected["dC_dx"], **PASS)
    l2 = PENALISED.get(case["id"], {}).get("l2", 0.0)
    assert (l2 != 0.0) == ("grad_note" in expected)
    gradient = expected["grad"]
    plain = [
        {"W": np.array(w) - l2 * np.array(p["W"]), "b": b}
        for w, b, p in zip(gradient["W"], gradient["b"], case["network"]["layers"], strict=True)
    ]
    np.testing.assert_allclose(found.gradient, flat(plain), **PASS)


@pytest.mark.parametrize("case", TRAINED, ids=lambda c: c["id"])
def test_training_reaches_the_recomputed_parameters(case):
    check_after(trainer_of(case, **PENALISED.get(case["id"], {})), case["recomputed"]["after"])


def test_mazur_with_one_trained_bias_for_each_neuron():
    case = BY_ID["mazur"]
    trainer = trainer_of(case, biases=True)
    variant = case["variants"]["bias_updated_per_neuron"]
    check_after(trainer, variant["after"])
    outputs = trainer.evaluator.outputs(trainer.task.x_train)
    np.testing.assert_allclose(outputs, variant["output_after_10000"], **AFTER)


def test_mazur_with_one_trained_bias_for_each_layer():
    case = BY_ID["mazur"]
    trainer = trainer_of(case, biases=True, bias="shared")
    variant = case["variants"]["bias_updated_shared_per_layer"]
    check_after(trainer, variant["after"])
    outputs = trainer.evaluator.outputs(trainer.task.x_train)
    np.testing.assert_allclose(outputs, variant["output_after_10000"], **AFTER)
    for bias in trainer.theta.biases[1:]:
        assert bias[0] == bias[1]


@pytest.mark.parametrize("name", ["nielsen_crossentropy_06_09", "nielsen_crossentropy_20_20"])
def test_nielsen_at_the_quadratic_examples_rate(name):
    case = BY_ID[name]
    trainer = trainer_of(case, learning_rate=0.15)
    for k, loss in case["variants"]["correct_eta_0_15"].items():
        trainer.run(int(k) - trainer.step)
        np.testing.assert_allclose(trainer.train_loss(), loss, **AFTER)


def test_the_courses_chain_falls_below_its_thresholds_in_the_stated_epoch():
    case = BY_ID["ibm_chain"]
    trainer = trainer_of(case)
    thresholds = {float(t): k for t, k in case["recomputed"]["first_epoch_below"].items()}
    found = {}
    while len(found) < len(thresholds):
        loss = trainer.train_loss()
        found |= {t: trainer.step for t in thresholds if loss < t and t not in found}
        trainer.run(1)
    assert found == thresholds


def test_the_error_of_an_online_epoch_is_measured_before_each_update():
    case = BY_ID["brownlee_train"]
    trainer = trainer_of(case)
    for expected in case["recomputed"]["epoch_error"]:
        error = 0.0
        for _ in range(trainer.batches_per_epoch):
            while trainer.plan[trainer.phase].kind is not PhaseKind.BACKWARD:
                trainer.advance()
            error += 2.0 * trainer.batch_loss
            trainer.run(1)
        np.testing.assert_allclose(error, expected, **AFTER)


@pytest.mark.parametrize(("batch_size", "key"), [(0, "full_batch"), (1, "batch_size_1")])
def test_full_batch_and_online_descent_end_where_each_of_them_should(batch_size, key):
    case = BY_ID["statquest_signa_ch2"]
    trainer = trainer_of(case, learning_rate=0.01, batch_size=batch_size)
    # The source's network has no bias at the output.
    trainer = Trainer(replace(trainer.task, frozen=np.arange(7) == 6), trainer.checkpoint())
    trainer.run(500 * trainer.batches_per_epoch)
    w1, b1, w2, b2, w3, w4, _ = trainer.theta.flat
    expected = case["recomputed"][key]
    found = {"w1": w1, "b1": b1, "w2": w2, "b2": b2, "w3": w3, "w4": w4}
    for name, value in found.items():
        np.testing.assert_allclose(value, expected[name], **AFTER, err_msg=name)


def test_only_the_last_bias_moves_when_all_else_is_frozen():
    case = BY_ID["statquest_b3"]
    trainer = trainer_of(case, learning_rate=0.1, frozen=np.arange(7) != 6)
    for k, expected in case["recomputed"]["b3_descent"].items():
        trainer.run(int(k) - trainer.step)
        np.testing.assert_allclose(trainer.theta.flat[6], expected["b3"], **AFTER)
        np.testing.assert_allclose(trainer.train_loss(), expected["ssr"], **AFTER)


def test_mitchells_two_updates_with_momentum():
    updates = BY_ID["mitchell_4_7"]["recomputed"]["updates"]
    x = np.array([u["x"] for u in updates])
    y = np.array([u["y"] for u in updates])
    spec = NetworkSpec.chain((2, 1, 1), ("sigmoid", "sigmoid"), "mse_half")
    task = Task(spec, x, y, x[:0], y[:0], learning_rate=0.3, optimizer="momentum", batch_size=1)
    trainer = Trainer(task, TrainState(read_only(np.full(5, 0.1))))
    for u in updates:
        found = trainer.evaluator.layers(np.array([u["x"]]))
        np.testing.assert_allclose([found[1][0, 0], found[2][0, 0]], [u["a_c"], u["o_d"]], **PASS)
        trainer.run(1)
        expected = [u[name] for name in ("w_ca", "w_cb", "w_c0", "w_dc", "w_d0")]
        np.testing.assert_allclose(trainer.theta.flat, expected, **AFTER)


@pytest.mark.parametrize("case", SOFTMAXES, ids=lambda c: c["id"])
def test_softmax_and_its_cross_entropy(case):
    z, expected = np.array([case["data"]["logits"]]), case["recomputed"]
    a = SOFTMAX.value(z)
    np.testing.assert_allclose(a[0], expected["softmax"], **PASS)
    if "cce" in expected:
        y = np.zeros_like(z)
        y[0, case["data"]["target"]] = 1.0
        delta = np.empty_like(z)
        LOSSES["cce"].fused_delta(a, y, 1.0, delta)
        np.testing.assert_allclose(LOSSES["cce"].value(z, a, y, "softmax"), expected["cce"], **PASS)
        np.testing.assert_allclose(delta[0], expected["dC_dz"], **PASS)


def test_squared_errors_differ_by_their_stated_factors_only():
    case = BY_ID["keras_mse_reduction"]
    a, y = np.array(case["data"]["y_pred"]), np.array(case["data"]["y_true"])
    expected = case["recomputed"]
    assert LOSSES["mse_mean"].value(a, a, y, "linear") == expected["torch_mean"]
    assert LOSSES["sse"].value(a, a, y, "linear") == expected["torch_sum"]
    assert LOSSES["mse_half"].value(a, a, y, "linear") == expected["half_mse_nielsen"]


def test_a_perceptron_fires_above_its_threshold_only():
    outputs = BY_ID["nielsen_nand"]["recomputed"]
    for inputs, expected in outputs.items():
        z = np.array([-2.0 * int(inputs[0]) - 2.0 * int(inputs[1]) + 3.0])
        assert z[0] == expected["z"] and STEP.value(z)[0] == expected["step"]


def test_scores_of_a_linear_classifier():
    case = BY_ID["cs231n_image_scores"]
    layer, x = case["network"]["layers"][0], np.array(case["data"]["x"])
    task = Task(NetworkSpec.chain((4, 3), ("linear",)), x, np.zeros((1, 3)), x[:0], np.zeros((0, 3)))
    trainer = Trainer(task, TrainState(read_only(flat([layer]))))
    np.testing.assert_allclose(trainer.evaluator.outputs(x)[0], case["recomputed"]["scores"], **PASS)
