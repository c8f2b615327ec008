"""Random documents, with every number that a float64 can be."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from nnsim.core.activations import ACTIVATIONS
from nnsim.core.arrays import read_only
from nnsim.core.curves import Curves
from nnsim.core.datasets import DATASETS, Samples
from nnsim.core.losses import LOSSES
from nnsim.core.optimizers import OPTIMIZERS
from nnsim.io.shipped_data import load_shipped
from nnsim.model.project import Connection, Data, Layer, Parameters, Progress, Project, Training

NASTY = [0.0, -0.0, math.nan, -math.nan, math.inf, -math.inf, 5e-324, -2.2e-308, 1e308, 0.1, 1 / 3]
# Of the many NaNs only arrays keep which one it is.
SINGLE = [x for x in NASTY if math.copysign(1.0, x) > 0 or x == x]
TEXTS = ["", "plain", "Ünïcode 𝔁₁ ✓", '<b>bold</b> & "quotes" \\ / \n\t\x00\x1f', "NaN", "‮right to left"]


def _numbers(rng: random.Random, shape: tuple[int, ...]) -> Any:
    bits = np.frombuffer(rng.randbytes(8 * int(np.prod(shape))), dtype=np.float64).reshape(shape).copy()
    flat = bits.reshape(-1)
    for i in range(flat.size):
        choice = rng.random()
        if choice < 0.3:
            flat[i] = rng.choice(NASTY)
        elif choice < 0.6:
            flat[i] = rng.gauss(0.0, 1.0)
    return read_only(bits)


def _shaped_like(rng: random.Random, layers: tuple[Layer, ...], joins: tuple[Connection, ...]) -> Parameters:
    sizes = {layer.id: layer.size for layer in layers}
    biases = {}
    for layer in layers[1:]:
        if layer.bias == "shared":
            biases[layer.id] = read_only(np.full(layer.size, rng.choice(NASTY)))
        elif layer.bias == "each":
            biases[layer.id] = _numbers(rng, (layer.size,))
    return Parameters({c.id: _numbers(rng, (sizes[c.target], sizes[c.source])) for c in joins}, biases)


def _mask(rng: random.Random, values: Parameters) -> Parameters:
    share = rng.choice([0.0, 0.5, 1.0])

    def draw(a: Any) -> Any:
        return read_only(np.array([rng.random() < share for _ in range(a.size)]).reshape(a.shape), np.bool_)

    return Parameters(
        {k: draw(w) for k, w in values.weights.items()}, {k: draw(b) for k, b in values.biases.items()}
    )


def _options(rng: random.Random) -> dict[str, Any]:
    values = [1, 1.0, True, "word", 0.1, float("inf"), -3, 2**60]
    return {rng.choice("abcxyz"): rng.choice(values) for _ in range(rng.choice([0, 0, 1, 3]))}


def _data(rng: random.Random, size: int) -> Data:
    common: dict[str, Any] = {
        "options": _options(rng), "seed": rng.choice([0, 1, 2**63 - 1]),
        "features": rng.choice([(), ("x1", "x2"), ("unheard of",)]),
        "scaling": rng.choice(["none", "standard", "from the future"]),
        "train_share": rng.choice([0.5, 1.0, 1 / 3]),
    }  # fmt: skip
    kind = rng.choice(["generated", "shipped", "table", "labels", "unknown"])
    if kind == "generated":
        return Data(rng.choice([e.key for e in DATASETS if not e.shipped]), **common)
    if kind == "shipped":
        return Data("iris", **common, samples=load_shipped("iris"))
    if kind == "unknown":
        return Data("from the future", **common)
    n, d = rng.choice([0, 1, 7, 3000]), rng.choice([1, 2, 3])
    inputs = np.array([rng.gauss(0.0, 1e6) for _ in range(n * d)]).reshape(n, d)
    if kind == "table":
        m = rng.choice([1, size])
        samples = Samples(inputs, np.array([rng.uniform(-1, 1) for _ in range(n * m)]).reshape(n, m))
    else:
        classes = tuple(rng.sample(["0", "1", "yes", "no", "ünklar"], 3))
        labels = np.array([rng.randrange(3) for _ in range(n)], dtype=np.intp)
        name = rng.choice(["Mine", "The data"])
        samples = Samples(inputs, labels=labels, classes=classes, task="classification", name=name)
    return Data("table", **common, samples=samples)


def _curves(rng: random.Random) -> Curves:
    n = rng.choice([0, 1, 5, 4096])
    if n == 0:
        return Curves.empty()
    test = read_only(np.full(n, np.nan)) if rng.random() < 0.5 else _numbers(rng, (n,))
    step = rng.choice([1, 2, 1024])
    return Curves(read_only(np.arange(n) * step, np.intp), _numbers(rng, (n,)), test)


def make_project(seed: int) -> Project:
    """A document with anything in it that the types allow, sensible or not."""
    rng = random.Random(seed)
    depth = rng.randint(2, 5)
    names = [*ACTIVATIONS.keys(), "from the future"]
    layers = tuple(
        Layer(
            f"L{i * 3}", rng.choice([1, 2, 3, 70]), rng.choice(names), _options(rng), rng.choice(TEXTS),
            rng.choice(["each", "shared", "none"]),
        )
        for i in range(depth)
    )  # fmt: skip
    ends = [(i, i + 1) for i in range(depth - 1)]
    if depth > 2 and rng.random() < 0.3:
        ends.append((0, depth - 1))
    joins = tuple(
        Connection(f"C{i}", layers[a].id, layers[b].id, delay=rng.choice([0, 0, 1]))
        for i, (a, b) in enumerate(ends)
    )
    values = _shaped_like(rng, layers, joins)
    start = values if rng.random() < 0.5 else _shaped_like(rng, layers, joins)
    training = Training(
        rng.choice([*LOSSES.keys(), "from the future"]), rng.choice([*OPTIMIZERS.keys(), "from the future"]),
        _options(rng), rng.choice(SINGLE), rng.choice(["constant", "from the future"]), _options(rng),
        rng.choice(SINGLE), rng.choice(SINGLE), rng.choice([0, 1, 10]), rng.random() < 0.5,
        rng.choice(["zeros", "from the future"]), _options(rng),
    )  # fmt: skip
    slots = tuple(_shaped_like(rng, layers, joins) for _ in range(rng.choice([0, 1, 2])))
    progress = Progress(
        *(rng.choice([0, 1, 10**6, 2**53]) for _ in range(5)),
        slots=slots,
        curves=_curves(rng),
        operation=rng.choice([0, 0, 3, 2**53]),
    )
    return Project(
        layers, joins, values, start, _mask(rng, values), _data(rng, layers[-1].size), training, progress,
        seed=rng.choice([0, 42, 2**63 - 1]), weight_draw=rng.choice([0, 3]),
        title=rng.choice(TEXTS), notes=rng.choice(TEXTS) * 3, source_note=rng.choice(TEXTS),
    )  # fmt: skip


@pytest.fixture(scope="session")
def random_project() -> Callable[[int], Project]:
    """``random_project(seed)`` is a document."""
    return make_project
