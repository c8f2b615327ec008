"""What the engine keeps in memory, against the size of the network and the length of the run."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable

import numpy as np
from measure import Spread
from page import Row
from works import Work

from nnsim.core.network import Network, NetworkSpec
from nnsim.core.trainer import Task, Trainer, TrainState

TITLE = "Memory"
ABOUT = (
    "What Python and NumPy have allocated for a trainer of 2,000 samples after a few updates with Adam, "
    "data not counted; and what is added to it while a run goes on, its learning curve included, which "
    "keeps at most 4,096 points."
)
SIZES = ((2, 4, 2, 1), (2, *[8] * 6, 1), (64, 32, 10), (784, 128, 10), (784, 512, 512, 10))
UPDATES = (10_000, 40_000, 160_000)
_MEGABYTE = 2.0**20


def rows(say: Callable[[str], None]) -> list[Row]:
    found = []
    tracemalloc.start()
    try:
        for sizes in SIZES:
            found.append(_of_network(sizes))
            say(found[-1].work)
        found += _of_run(say)
    finally:
        tracemalloc.stop()
    return found


def _allocated() -> int:
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


def _task(sizes: tuple[int, ...], samples: int, batch: int) -> tuple[Task, TrainState]:
    rng = np.random.default_rng(0)
    spec = NetworkSpec.chain(sizes, ("tanh",) * (len(sizes) - 1))
    x, y = rng.normal(size=(samples, sizes[0])), rng.uniform(-0.5, 0.5, (samples, sizes[-1]))
    theta = rng.normal(size=Network(spec).layout.size) * 0.03
    task = Task(spec, x, y, x[:0], y[:0], 1e-4, "adam", batch_size=batch, shuffle=True)
    return task, TrainState(theta)


def _of_network(sizes: tuple[int, ...]) -> Row:
    task, state = _task(sizes, 2000, 50)
    before = _allocated()
    trainer = Trainer(task, state)
    trainer.run(3)
    used = (_allocated() - before) / _MEGABYTE
    weights = Work("", sizes, 50).weights
    note = f"{weights:,} parameters, which are {weights * 8 / _MEGABYTE:.3g} MB"
    return Row("-".join(map(str, sizes)), unit="MB", ours=Spread(used, used, used), note=note)


def _of_run(say: Callable[[str], None]) -> list[Row]:
    trainer = Trainer(*_task((2, 4, 2, 1), 50, 10))
    trainer.run(2_000)
    start, done, found = _allocated(), trainer.step, []
    for updates in UPDATES:
        while trainer.step - done < updates:
            trainer.run(1000)
        added = (_allocated() - start) / _MEGABYTE
        name = f"2-4-2-1, {updates:,} updates on"
        say(name)
        found.append(Row(name, unit="MB", ours=Spread(added, added, added), target=1.0, note="added"))
    return found
