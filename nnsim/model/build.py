"""New projects: a chain of dense layers with drawn or given weights, and the one at start-up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from nnsim.core.activations import ACTIVATIONS
from nnsim.core.arrays import read_only
from nnsim.core.connections import CONNECTIONS
from nnsim.core.initializers import INITIALIZERS, Initializer
from nnsim.core.network import BiasKind
from nnsim.core.registry import OptionValue
from nnsim.core.streams import Purpose, stream
from nnsim.model import ids
from nnsim.model.checks import check_size, check_structure, entry_of, options_of, whole
from nnsim.model.errors import EditError
from nnsim.model.limits import MAX_SEED
from nnsim.model.project import EMPTY, Connection, Data, Layer, Parameters, Project, Training

GivenWeights = Sequence[tuple[ArrayLike, ArrayLike | None]]
GivenActivations = str | Sequence[str | tuple[str, Mapping[str, OptionValue]]]

PLANE_FEATURES = ("x1", "x2")


def build(
    sizes: Sequence[int],
    activations: GivenActivations = "tanh",
    data: Data | None = None,
    training: Training | None = None,
    seed: int = 42,
    weights: GivenWeights | None = None,
    *,
    bias: BiasKind | Sequence[BiasKind] = "each",
    names: Sequence[str] = (),
    weight_draw: int = 0,
    title: str = "",
    notes: str = "",
    source_note: str = "",
) -> Project:
    """A chain of dense layers, the input first.

    ``sizes`` are those of all layers; ``activations`` one name for all layers after the input, or
    one for each of them (a name, or a name with its options); ``bias`` likewise. ``weights`` holds
    (W, b) for each layer after the input, ``W[j][k]`` leading to neuron j from source k and b being
    ``None`` without biases; left out, they are drawn. Layers are "L0", "L1" …, and "C1" leads into
    "L1". Raises :class:`EditError` for anything that does not fit together.
    """
    if len(sizes) < 2:
        raise EditError("A network needs at least an input and an output layer.")
    data = Data(features=PLANE_FEATURES) if data is None else data
    training = Training() if training is None else training
    seed = whole(seed, "The seed", 0, MAX_SEED)
    count = len(sizes) - 1
    chosen: Sequence[Any] = (activations,) * count if isinstance(activations, str) else activations
    kinds: Sequence[BiasKind] = (bias,) * count if isinstance(bias, str) else bias
    names = names or ("",) * len(sizes)
    for what, given, needed in (
        ("activations", chosen, count),
        ("kinds of bias", kinds, count),
        ("names", names, count + 1),
    ):
        if len(given) != needed:
            raise EditError(f"{len(given)} {what} given where {needed} are needed.")
    layers = [Layer("L0", check_size(sizes[0]), name=names[0], bias="none")]
    for i, (size, activation, kind) in enumerate(zip(sizes[1:], chosen, kinds, strict=True), start=1):
        key, options = (activation, EMPTY) if isinstance(activation, str) else activation
        checked = options_of(entry_of(ACTIVATIONS, key), options)
        layers.append(Layer(ids.layer_id(i), check_size(size), key, checked, names[i], kind))
    connections = tuple(Connection(ids.connection_id(i), f"L{i - 1}", f"L{i}") for i in range(1, len(layers)))
    check_structure(tuple(layers), connections)
    if weights is None:
        values = draw_parameters(tuple(layers), connections, training, seed, weight_draw)
    else:
        values = given_parameters(tuple(layers), connections, weights)
    return Project(
        tuple(layers), connections, values, values, unfrozen(values), data, training,
        seed=seed, weight_draw=weight_draw, title=title, notes=notes, source_note=source_note,
    )  # fmt: skip


def default_project() -> Project:
    """What the program starts with: the circle, 2-4-2-1, the best-known playground's settings."""
    return build(
        (2, 4, 2, 1), "tanh", Data("circle", features=PLANE_FEATURES), Training(initializer="playground")
    )


def draw_parameters(
    layers: tuple[Layer, ...],
    connections: tuple[Connection, ...],
    training: Training,
    seed: int,
    weight_draw: int,
) -> Parameters:
    """All weights and biases anew: one stream, layer by layer in computing order.

    Raises :class:`EditError` if the initialiser or a kind of connection is not known.
    """
    initializer, options = drawing(training)
    rng = weight_stream(seed, Purpose.WEIGHTS, weight_draw)
    sizes = {layer.id: layer.size for layer in layers}
    weights, biases = {}, {}
    for layer in layers[1:]:
        for c in connections:
            if c.target == layer.id:
                kind = entry_of(CONNECTIONS, c.kind)
                ends = sizes[c.source], sizes[c.target]
                drawn = initializer.draw(rng, kind.weight_shape(*ends), *kind.fans(*ends), options)
                weights[c.id] = read_only(drawn)
        if layer.bias != "none":
            biases[layer.id] = read_only(initializer.draw_bias(layer.size, options))
    return Parameters(weights, biases)


def weight_stream(seed: int, purpose: Purpose, *counters: int) -> np.random.Generator:
    """As :func:`~nnsim.core.streams.stream`; refuses what only a damaged file can have brought in."""
    if min(seed, *counters) < 0:
        raise EditError("The seed of the weights is below 0. Choose another seed first.")
    return stream(seed, purpose, *counters)


def drawing(training: Training) -> tuple[Initializer, Mapping[str, OptionValue]]:
    """The initialiser and its options. Raises :class:`EditError` if either cannot be used."""
    entry = entry_of(INITIALIZERS, training.initializer)
    known = {option.key for option in entry.options}
    given = {key: value for key, value in training.initializer_options.items() if key in known}
    return entry, options_of(entry, given)


def given_parameters(
    layers: tuple[Layer, ...], connections: tuple[Connection, ...], given: GivenWeights
) -> Parameters:
    """Parameters of a chain from (W, b) for each layer after the input.

    Raises :class:`EditError` for a wrong shape or a number that is not finite.
    """
    if len(given) != len(connections):
        raise EditError(f"Weights of {len(given)} layers given for {len(connections)} layers.")
    weights, biases = {}, {}
    for source, layer, c, (w, b) in zip(layers, layers[1:], connections, given, strict=False):
        weights[c.id] = _given(w, (layer.size, source.size), f"The weights into layer {layer.id}")
        if layer.bias == "none":
            if b is not None and np.any(np.asarray(b) != 0.0):
                raise EditError(f"Layer {layer.id} has no biases, but some are given.")
            continue
        values = np.zeros(layer.size) if b is None else b
        biases[layer.id] = _given(values, (layer.size,), f"The biases of layer {layer.id}")
        if layer.bias == "shared" and np.any(biases[layer.id] != biases[layer.id][0]):
            raise EditError(f"The biases of layer {layer.id} are one shared bias, so all must be equal.")
    return Parameters(weights, biases)


def _given(values: ArrayLike, shape: tuple[int, ...], what: str) -> np.ndarray[Any, Any]:
    try:
        array = read_only(values)
    except (TypeError, ValueError):
        raise EditError(f"{what} must be a table of numbers.") from None
    if array.shape != shape:
        raise EditError(f"{what} have the shape {array.shape}; it must be {shape}.")
    if not np.isfinite(array).all():
        raise EditError(f"{what} must be finite numbers.")
    return array


def unfrozen(values: Parameters) -> Parameters:
    """Frozen marks for ``values``: none."""
    return Parameters(
        {key: read_only(np.zeros(w.shape, np.bool_), np.bool_) for key, w in values.weights.items()},
        {key: read_only(np.zeros(b.shape, np.bool_), np.bool_) for key, b in values.biases.items()},
    )
