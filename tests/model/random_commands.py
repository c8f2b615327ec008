"""Random commands on a document, sensible ones and wrong ones, for tests of what must always hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import numpy as np

from nnsim.core.activations import ACTIVATIONS
from nnsim.core.datasets import DATASETS, FEATURES, SCALINGS
from nnsim.core.datasets.base import Samples
from nnsim.core.initializers import INITIALIZERS
from nnsim.core.losses import LOSSES
from nnsim.core.optimizers import OPTIMIZERS
from nnsim.core.precisions import PRECISIONS
from nnsim.core.schedules import SCHEDULES
from nnsim.core.trainer import Diverged, Trainer
from nnsim.model import edits
from nnsim.model.compile import compile_project, with_state
from nnsim.model.errors import CompileError, EditError
from nnsim.model.prepared import samples_of
from nnsim.model.project import Data, Project

Verb = Callable[..., Project]


@dataclass(frozen=True)
class Command:
    """``verb(project, *args, **kwargs)``, under the name of the verb."""

    verb: Verb
    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] | None = None

    def __call__(self, project: Project) -> Project:
        return self.verb(project, *self.args, **(self.kwargs or {}))


def train(project: Project, phases: int) -> Project:
    """Not a verb, but what a run of so many phases makes of the document."""
    try:
        compiled = compile_project(project)
        trainer = Trainer(compiled.task, compiled.state)
        for _ in range(phases):
            trainer.advance()
    except CompileError as error:
        raise EditError(str(error)) from None
    except Diverged:
        raise EditError("The run has diverged.") from None
    return with_state(compiled, trainer.checkpoint())


class Commands:
    """An endless supply of commands that suit a document, from a seed; one in ten is wrong."""

    def __init__(self, seed: int) -> None:
        self._rng = np.random.default_rng(seed)

    def next(self, project: Project) -> Command:
        makers = [getattr(self, name) for name in sorted(dir(self)) if name.startswith("make_")]
        return makers[self._rng.integers(len(makers))](project)

    # -- drawing ----------------------------------------------------------------------------------

    def one(self, choices: Any) -> Any:
        pool = list(choices)
        return pool[self._rng.integers(len(pool))]

    def key(self, registry: Any) -> str:
        return "nonsense" if self.wrong() else self.one(registry).key

    def wrong(self) -> bool:
        return bool(self._rng.random() < 0.1)

    def count(self, high: int) -> Any:
        """0 … high−1; a wrong one is outside, or no number at all."""
        if self.wrong() or high < 1:
            return self.one((-1, high, 10**9, 0.5, "1", None, float("nan"), True))
        return int(self._rng.integers(high))

    def value(self) -> Any:
        if self.wrong():
            return self.one((float("nan"), float("inf"), "1", None, True, 10**400))
        return self.one((0.0, -0.0, 1e-300, 1e150, float(self._rng.normal()), 3, np.float64(0.1)))

    def layer(self, project: Project) -> str:
        return "L99" if self.wrong() else self.one(project.layers).id

    def options(self, entry: Any) -> dict[str, Any]:
        return {o.key: self.one((o.default, o.minimum, o.maximum, 0.5, "x")) for o in entry.options}

    # -- structure --------------------------------------------------------------------------------

    def make_add_layer(self, p: Project) -> Command:
        # Networks stay small, so that hundreds of commands take no time.
        if len(p.layers) > 6:
            return self.make_remove_layer(p)
        activation = None if self._rng.random() < 0.5 else self.key(ACTIVATIONS)
        return Command(edits.add_layer, (self.layer(p), self.count(6), activation))

    def make_remove_layer(self, p: Project) -> Command:
        return Command(edits.remove_layer, (self.layer(p),))

    def make_size(self, p: Project) -> Command:
        return Command(edits.set_layer_size, (self.layer(p), self.count(8)))

    def make_add_neuron(self, p: Project) -> Command:
        return Command(edits.add_neuron, (self.layer(p),))

    def make_remove_neuron(self, p: Project) -> Command:
        layer = self.one(p.layers)
        return Command(edits.remove_neuron, (layer.id, self.count(layer.size)))

    def make_activation(self, p: Project) -> Command:
        entry = self.one(ACTIVATIONS)
        return Command(
            edits.set_activation, (self.layer(p), entry.key, self.one((None, self.options(entry))))
        )

    def make_rename(self, p: Project) -> Command:
        return Command(edits.rename_layer, (self.layer(p), self.one(("", "A", "x" * 99, 3))))

    def make_bias_kind(self, p: Project) -> Command:
        return Command(edits.set_bias_kind, (self.layer(p), self.one(("each", "shared", "none", "odd"))))

    # -- parameters -------------------------------------------------------------------------------

    def edge(self, p: Project) -> tuple[Any, Any, Any]:
        c = self.one(p.connections)
        return c.id, self.count(p.layer(c.target).size), self.count(p.layer(c.source).size)

    def make_weight(self, p: Project) -> Command:
        return Command(edits.set_weight, (*self.edge(p), self.value()))

    def make_bias(self, p: Project) -> Command:
        layer = self.one(p.layers)
        return Command(edits.set_bias, (layer.id, self.count(layer.size), self.value()))

    def make_weight_frozen(self, p: Project) -> Command:
        return Command(edits.set_weight_frozen, (*self.edge(p), self.one((True, False))))

    def make_bias_frozen(self, p: Project) -> Command:
        layer = self.one(p.layers)
        return Command(edits.set_bias_frozen, (layer.id, self.count(layer.size), self.one((True, False))))

    def make_layer_frozen(self, p: Project) -> Command:
        return Command(edits.set_layer_frozen, (self.layer(p), self.one((True, False))))

    def make_start(self, p: Project) -> Command:
        return Command(edits.start_weights)

    def make_new(self, p: Project) -> Command:
        return Command(edits.new_weights)

    # -- training ---------------------------------------------------------------------------------

    def make_training(self, p: Project) -> Command:
        name, registry = self.one(
            (
                ("loss", LOSSES),
                ("optimizer", OPTIMIZERS),
                ("schedule", SCHEDULES),
                ("initializer", INITIALIZERS),
                ("precision", PRECISIONS),
            )
        )
        entry = self.one(registry)
        changes: dict[str, Any] = {name: self.one((entry.key, entry.key, "nonsense"))}
        if entry.options and self._rng.random() < 0.5:
            changes[f"{name}_options"] = self.options(entry)
        return Command(edits.set_training, (), changes)

    def make_rates(self, p: Project) -> Command:
        name = self.one(("learning_rate", "l1", "l2", "batch_size", "shuffle", "momentum"))
        return Command(
            edits.set_training, (), {name: self.one((0, 1, 0.01, 3.0, True, -1, "x", float("nan")))}
        )

    def make_seed(self, p: Project) -> Command:
        return Command(edits.set_seed, (self.count(1000),))

    def make_title(self, p: Project) -> Command:
        return Command(self.one((edits.set_title, edits.set_notes)), (self.one(("", "a", "b\nc", 3)),))

    def make_run(self, p: Project) -> Command:
        return Command(train, (int(self._rng.integers(1, 12)),))

    # -- data -------------------------------------------------------------------------------------

    def make_choose(self, p: Project) -> Command:
        key = self.key(DATASETS)
        # Small sets: hundreds of commands shall take no time.
        few = key in DATASETS and any(option.key == "count" for option in DATASETS[key].options)
        data = Data(
            key,
            {"count": 20} if few else {},
            train_share=self.one((0.5, 1.0)),
            scaling=self.key(SCALINGS),
        )
        return Command(edits.choose_data, (data, self._rng.random() < 0.7))

    def make_suggested(self, p: Project) -> Command:
        return Command(edits.use_suggested_network)

    def make_options(self, p: Project) -> Command:
        if p.data.samples is not None:
            return self.make_choose(p)
        return Command(
            edits.set_data_options, (), self.one(({"noise": 0.3}, {"count": 20}, {"noise": 9}, {"x": 1}))
        )

    def make_preparation(self, p: Project) -> Command:
        keys = tuple(self.one(FEATURES).key for _ in range(self._rng.integers(0, 5)))
        return self.one(
            (
                Command(edits.regenerate),
                Command(edits.set_train_share, (self.one((0.3, 0.7, 1, 0, 2)),)),
                Command(edits.set_scaling, (self.key(SCALINGS),)),
                Command(edits.set_features, (tuple(dict.fromkeys(keys)),)),
            )
        )

    def make_cell(self, p: Project) -> Command:
        samples = samples_of(p.data)
        return Command(
            edits.set_cell,
            (self.count(samples.count), self.count(samples.width + 1), self.one((0, 1, self.value()))),
        )

    def make_sample(self, p: Project) -> Command:
        samples = samples_of(p.data)
        return Command(
            edits.add_sample, ([self.value() for _ in range(samples.width)], self.one((0, 1, 0.5, "+1")))
        )

    def make_remove_samples(self, p: Project) -> Command:
        count = samples_of(p.data).count
        return Command(edits.remove_samples, ([self.count(count) for _ in range(self._rng.integers(0, 5))],))

    def make_target_kind(self, p: Project) -> Command:
        return Command(edits.set_target_kind, (self._rng.random() < 0.5,))

    def make_import(self, p: Project) -> Command:
        rows, width, classes = (
            int(self._rng.integers(0, 9)),
            int(self._rng.integers(1, 4)),
            int(self._rng.integers(1, 5)),
        )
        inputs = self._rng.normal(size=(rows, width))
        if classes == 1:
            samples = Samples(inputs, self._rng.normal(size=(rows, 2)))
        else:
            names = tuple(f"k{i}" for i in range(max(classes, 2)))
            labels = self._rng.integers(len(names), size=rows)
            samples = Samples(inputs, labels=labels, classes=names, task="classification")
        return Command(edits.import_table, (samples, self._rng.random() < 0.7))


def contents(value: Any, at: str = "") -> dict[str, Any]:
    """Everything a document holds by its path, arrays as (object, bytes): to see what was changed."""
    if is_dataclass(value) and not isinstance(value, type):
        found: dict[str, Any] = {}
        for field in fields(value):
            found.update(contents(getattr(value, field.name), f"{at}.{field.name}"))
        return found
    if isinstance(value, Mapping):
        return {k: v for key in value for k, v in contents(value[key], f"{at}[{key}]").items()} | {
            at: tuple(value)
        }
    if isinstance(value, tuple):
        return {k: v for i, one in enumerate(value) for k, v in contents(one, f"{at}[{i}]").items()} | {
            at: len(value)
        }
    if isinstance(value, np.ndarray):
        return {at: (id(value), value.dtype.str, value.shape, value.tobytes())}
    return {at: (type(value), value)}
