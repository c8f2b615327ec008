"""The operations of a step: their order, their groups, and that nothing of the network's size is built."""

import pytest

from nnsim.core.network import ConnectionSpec, LayerSpec, Network, NetworkSpec
from nnsim.core.operations import Operation, OperationKind, operations_of
from nnsim.core.optimizers import OPTIMIZERS
from nnsim.core.phases import Phase, PhaseKind, plan

K = OperationKind


def chain(*sizes, last="sigmoid", loss="mse_half", **penalty):
    activations = ("tanh",) * (len(sizes) - 2) + (last,)
    return Network(NetworkSpec.chain(sizes, activations, loss, **penalty))


def skipping(bias="each"):
    """x → h, h → o, and x → o past it."""
    layers = (LayerSpec(2), LayerSpec(2, "tanh", bias=bias), LayerSpec(1, "linear", bias=bias))
    joins = (ConnectionSpec(0, 1), ConnectionSpec(1, 2), ConnectionSpec(0, 2))
    return Network(NetworkSpec(layers, joins))


NETWORKS = {
    "chain": chain(2, 3, 2),
    "fused": chain(2, 2, loss="bce_mean"),
    "softmax": chain(2, 3, last="softmax", loss="mse_half"),
    "fused softmax": chain(2, 3, last="softmax", loss="cce"),
    "penalised": chain(2, 2, 1, l1=0.1),
    "skipping": skipping(),
    "shared": skipping("shared"),
    "no biases": skipping("none"),
}
KEYS = [optimizer.key for optimizer in OPTIMIZERS]
EVERY = [(name, key) for name in NETWORKS for key in KEYS]


def phase_operations(network, kind, layer=None, optimizer="sgd"):
    return operations_of(network, optimizer, Phase(kind, layer))


def kinds(operations):
    return [o.kind for o in operations]


@pytest.mark.parametrize(("name", "optimizer"), EVERY)
def test_every_operation_is_found_where_it_is(name, optimizer):
    network = NETWORKS[name]
    for phase in plan(network):
        operations = operations_of(network, optimizer, phase)
        listed = list(operations)
        assert len(listed) == len(operations) == len(set(listed))
        assert [operations.index(o) for o in listed] == list(range(len(listed)))
        assert listed[::-1] == [operations[-1 - i] for i in range(len(listed))]
        assert operations[1:3] == tuple(listed[1:3])
        with pytest.raises(IndexError):
            operations[len(operations)]


@pytest.mark.parametrize(("name", "optimizer"), EVERY)
def test_groups_follow_each_other_without_a_gap_and_are_of_one_neuron(name, optimizer):
    network = NETWORKS[name]
    for phase in plan(network):
        operations = operations_of(network, optimizer, phase)
        start = 0
        while start < len(operations):
            end = operations.neuron_end(start)
            assert end > start
            assert {operations.neuron_end(k) for k in range(start, end)} == {end}
            assert {operations.neuron_start(k) for k in range(start, end)} == {start}
            assert len({(o.layer, o.neuron) for o in operations[start:end]}) == 1
            start = end
        assert start == len(operations)


@pytest.mark.parametrize("name", NETWORKS)
def test_every_parameter_has_one_gradient_and_one_update(name):
    network = NETWORKS[name]
    gradients, updates = set(), set()
    for phase in plan(network):
        for o in operations_of(network, "adam", phase):
            where = (o.layer, o.neuron, o.connection, o.source)
            if o.kind in (K.WEIGHT_GRADIENT, K.BIAS_GRADIENT):
                assert where not in gradients
                assert (o.kind is K.WEIGHT_GRADIENT) == (o.connection is not None) == (o.source is not None)
                gradients.add(where)
            elif o.kind is K.UPDATE:
                assert where not in updates
                updates.add(where)
    shared = sum(size - 1 for la in network.spec.layers[1:] if la.bias == "shared" for size in (la.size,))
    assert gradients == updates
    assert len(gradients) == network.layout.size - shared


def test_a_neurons_sum_comes_before_its_activation():
    found = phase_operations(NETWORKS["chain"], PhaseKind.FORWARD, 1)
    assert kinds(found) == [K.SUM, K.ACTIVATION] * 3
    assert [o.neuron for o in found] == [0, 0, 1, 1, 2, 2]


def test_softmax_needs_every_sum_of_the_layer_first():
    found = phase_operations(NETWORKS["softmax"], PhaseKind.FORWARD, 1)
    assert kinds(found) == [K.SUM] * 3 + [K.ACTIVATION] * 3


def test_the_penalty_follows_the_loss_where_there_is_one():
    assert kinds(phase_operations(NETWORKS["chain"], PhaseKind.LOSS)) == [K.LOSS]
    assert kinds(phase_operations(NETWORKS["penalised"], PhaseKind.LOSS)) == [K.LOSS, K.PENALTY]


def test_backward_of_a_neuron_is_blame_slope_delta_and_then_the_gradients():
    found = phase_operations(NETWORKS["skipping"], PhaseKind.BACKWARD, 2)
    assert kinds(found) == [K.BLAME, K.SLOPE, K.DELTA] + [K.WEIGHT_GRADIENT] * 4 + [K.BIAS_GRADIENT]
    assert [(o.connection, o.source) for o in found[3:]] == [(1, 0), (1, 1), (2, 0), (2, 1), (None, None)]


def test_where_the_loss_is_fused_there_is_only_delta():
    found = phase_operations(NETWORKS["fused"], PhaseKind.BACKWARD, 1)
    assert kinds(found) == [K.DELTA] * 2 + [K.WEIGHT_GRADIENT, K.WEIGHT_GRADIENT, K.BIAS_GRADIENT] * 2


def test_every_delta_of_a_softmax_needs_every_blame():
    found = phase_operations(NETWORKS["softmax"], PhaseKind.BACKWARD, 1)
    assert kinds(found)[:6] == [K.BLAME] * 3 + [K.DELTA] * 3


def test_a_shared_bias_comes_once_after_the_neurons():
    found = phase_operations(NETWORKS["shared"], PhaseKind.BACKWARD, 1)
    assert [(o.kind, o.neuron) for o in found[6:]] == [
        *[(K.WEIGHT_GRADIENT, 0)] * 2, *[(K.WEIGHT_GRADIENT, 1)] * 2, (K.BIAS_GRADIENT, 0),
    ]  # fmt: skip


def test_an_update_is_the_penaltys_part_the_optimizers_states_and_the_new_value():
    found = phase_operations(NETWORKS["penalised"], PhaseKind.UPDATE, optimizer="adam")
    weight = [(K.REGULARISER, ""), (K.STATE, "m"), (K.STATE, "v"), (K.UPDATE, "")]
    assert [(o.kind, o.slot) for o in found[:11]] == [*weight, *weight, *weight[1:]]


def test_what_is_of_another_phase_is_not_found():
    network = NETWORKS["chain"]
    operations = phase_operations(network, PhaseKind.BACKWARD, 2)
    assert Operation(K.DELTA, 2, 1) in operations
    for wrong in (
        Operation(K.DELTA, 1, 1), Operation(K.DELTA, 2, 2), Operation(K.DELTA, 2, -1), Operation(K.SUM, 2, 1),
        Operation(K.DELTA, 2, 1, source=0), Operation(K.DELTA, 2), Operation(K.WEIGHT_GRADIENT, 2, 0, 1, 3),
        Operation(K.WEIGHT_GRADIENT, 2, 0, 0, 0), Operation(K.WEIGHT_GRADIENT, 2, 0, 1, -1), "δ",
    ):  # fmt: skip
        assert wrong not in operations
        with pytest.raises(ValueError):
            operations.index(wrong)


def test_a_large_network_costs_nothing():
    network = chain(784, 300, 100, 10)
    update = phase_operations(network, PhaseKind.UPDATE, optimizer="adam")
    assert len(update) == 3 * network.layout.size
    last = update[-1]
    assert last == Operation(K.UPDATE, 3, 9)
    assert update.index(last) == len(update) - 1
