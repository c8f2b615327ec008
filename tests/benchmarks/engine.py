"""The engine against others on the same work, in the same run."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from types import ModuleType

import numpy as np
from measure import Contestant, Timed, take_turns
from page import Row, compared
from rivals import javascript
from rivals.textbook import Textbook
from works import RATE, WORKS, Work

from nnsim.core.network import Network, NetworkSpec
from nnsim.core.trainer import Task, Trainer, TrainState
from nnsim.model.build import default_project
from nnsim.model.compile import compile_project

TITLE = "Engine"
ABOUT = (
    "Microseconds of processor time per update: forward pass, backward pass and one step of plain "
    "gradient descent, in float64 unless the work says otherwise (PyTorch runs in float32 except where "
    "precisions are compared). Contestants take turns in one run, 20 batches to an epoch in file order; "
    "the ratio is ours divided by theirs, the median over the rounds. The learning curve, which the "
    "others do not have, is left out except in the last row. Everybody computes in one thread, and every "
    "library chooses its kernels itself."
)


def trainer_of(work: Work, shuffle: bool = False) -> Trainer:
    """nnsim's engine, ready to do the work; it records no learning curve."""
    acts = (work.hidden,) * (len(work.sizes) - 2) + ("softmax" if work.classes else work.hidden,)
    spec = NetworkSpec.chain(work.sizes, acts, "cce" if work.classes else "mse_half")
    network = Network(spec)
    theta = np.zeros(network.layout.size)
    for index, (w, b) in enumerate(work.parameters()):
        network.layout.weights[index].view(theta)[...] = w
        bias = network.layout.biases[index + 1]
        assert bias is not None
        bias.view(theta)[...] = b
    x, y = work.data()
    task = Task(
        spec, x, y, x[:0], y[:0], RATE, batch_size=work.batch, shuffle=shuffle, precision=work.precision
    )
    trainer = Trainer(task, TrainState(theta))
    trainer.restore(TrainState(theta), silent=True)
    return trainer


class _Epochs(Timed):
    """Does whole epochs only, and counts what was asked for."""

    def seconds(self, updates: int) -> float:
        from rivals.sklearn_mlp import whole

        return super().seconds(whole(updates)) * updates / whole(updates)


def rows(say: Callable[[str], None]) -> list[Row]:
    found: list[Row] = []
    torch, sklearn = _optional("torch_eager", "torch"), _optional("sklearn_mlp", "sklearn")
    for work in WORKS:
        say(work.name)
        found += _against(work, torch, sklearn)
    say("start-up project")
    return [*found, _in_the_program()]


def _in_the_program() -> Row:
    """The network the program starts with, in bursts, shuffled, with its learning curve."""
    compiled = compile_project(default_project())
    whole, bare = (Trainer(compiled.task, compiled.state) for _ in range(2))
    bare.restore(compiled.state, silent=True)
    ours, theirs = take_turns([Timed("whole", whole.run), Timed("bare", bare.run)])
    note = f"{whole.batches_per_epoch} batches of {whole.batch_size} to an epoch, all shuffled"
    return compared("start-up project with its learning curve", "without the curve", ours, theirs, note=note)


def _optional(module: str, package: str) -> ModuleType | None:
    try:
        return importlib.import_module(f"rivals.{module}")
    except ModuleNotFoundError as error:
        if error.name != package:
            raise
        return None


def _against(work: Work, torch: ModuleType | None, sklearn: ModuleType | None) -> list[Row]:
    goal = work.targets.get
    others: list[tuple[Contestant, float | None, str]] = [
        (Timed("textbook NumPy", Textbook(work).run), goal("NumPy"), "")
    ]
    shuffling: list[tuple[Contestant, float | None, str]] = []
    missing: list[Row] = []
    if torch is None:
        missing.append(Row(work.name, "PyTorch", note="not installed here"))
    else:
        precision = work.precision if work.sizes[0] == 784 else "float32"
        name = f"{torch.NAME}, {precision}"
        others.append((Timed(name, torch.runner(work, precision)), goal("PyTorch"), ""))
    if sklearn is None:
        missing.append(Row(work.name, "scikit-learn", note="not installed here"))
    else:
        note = sklearn.NOTE + ("" if work.classes else sklearn.LINEAR)
        shuffling.append((_Epochs(sklearn.NAME, sklearn.runner(work)), goal("scikit-learn"), note))
    nodes: list[javascript.Node] = []
    if "JavaScript" in work.targets:
        for engine, (alike, note) in javascript.ENGINES.items():
            if javascript.version(engine) is None:
                missing.append(Row(work.name, engine, note=f"not here: {javascript.FETCH}"))
                continue
            nodes.append(javascript.Node.start(engine, work))
            others.append((nodes[-1], goal("JavaScript") if alike else None, note))
    try:
        found = _in_turns(work, Timed("nnsim", trainer_of(work).run), others)
        if shuffling:  # turns of as many updates: after a longer one of the other, ours would begin cold
            found += _in_turns(work, _Epochs("nnsim", trainer_of(work, True).run), shuffling)
    finally:
        for node in nodes:
            node.stop()
    return found + missing


def _in_turns(work: Work, nnsim: Contestant, others: list[tuple[Contestant, float | None, str]]) -> list[Row]:
    ours, *theirs = take_turns([nnsim, *(other for other, _, _ in others)])
    return [
        compared(work.name, other.name, ours, times, target, note)
        for (other, target, note), times in zip(others, theirs, strict=True)
    ]
