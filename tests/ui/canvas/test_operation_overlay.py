"""The operation under way on the canvas: ringed, its terms on its edges, nothing on top of anything."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QRectF

from nnsim.core.explain.numbers import whole_step
from nnsim.core.operations import Operation, OperationKind
from nnsim.engine.messages import Granularity
from nnsim.model.build import build, default_project
from nnsim.model.compile import Compiled, compile_project
from nnsim.model.project import Training
from nnsim.ui.calculation.subject import StepPlan
from nnsim.ui.canvas.operation_marks import NO_MARKS, Marks, marks_of
from nnsim.ui.selection import NOTHING, Selection

K = OperationKind
OF_NEURONS = (K.SUM, K.ACTIVATION, K.BLAME, K.SLOPE, K.DELTA)


def compiled_of(optimizer: str = "sgd", last: str = "tanh", **training: Any) -> Compiled:
    project = build((2, 3, 2), ("tanh", last), training=Training(optimizer=optimizer, **training), seed=1)
    return compile_project(project)


def all_marks(compiled: Compiled) -> list[tuple[Operation, Marks]]:
    task = compiled.task
    numbers = whole_step(task, compiled.state, task.x_train[:1], task.y_train[:1])
    plan = StepPlan(compiled.network, task.optimizer)
    return [
        (o, marks_of(compiled, numbers, o))
        for phase in range(len(plan.phases))
        for o in plan.operations(phase)
    ]


@pytest.mark.parametrize(
    "compiled",
    [compiled_of(), compiled_of("adam", l1=0.1), compiled_of("momentum", "softmax", loss="cce")],
    ids=["sgd", "adam", "softmax"],
)
def test_every_operation_marks_its_neuron_or_its_weight(compiled: Compiled) -> None:
    ids, joins = compiled.layer_ids, compiled.connection_ids
    for o, marks in all_marks(compiled):
        edges = [mark.edge for mark in marks.edges]
        if o.kind in (K.LOSS, K.PENALTY):
            assert marks == Marks(loss=True)
        elif o.connection is not None:
            assert edges == [Selection.of_edge(joins[o.connection], o.neuron or 0, o.source or 0)]
            assert marks.ring == NOTHING
            assert marks.edges[0].texts[0], o
        else:
            assert marks.ring == Selection.of_neuron(ids[o.layer or 0], o.neuron or 0)
            assert bool(marks.note) == (o.kind is not K.ACTIVATION)
        assert marks.done == (o.kind is K.UPDATE)
        if o.kind in (K.SUM, K.DELTA):
            into = joins[(o.layer or 0) - 1]
            assert edges == [
                Selection.of_edge(into, o.neuron or 0, i) for i in range((2, 3)[(o.layer or 0) - 1])
            ]
        if o.kind is K.BLAME and o.layer == 1:
            assert edges == [Selection.of_edge(joins[1], j, o.neuron or 0) for j in range(2)]
        if o.kind not in OF_NEURONS and o.connection is None:
            assert marks.under or marks.loss, "what is found out about a bias stands where the bias is"


def test_values_go_above_the_wire_and_gradients_below() -> None:
    for o, marks in all_marks(compiled_of("adam")):
        assert {mark.above for mark in marks.edges} <= {o.kind in (K.SUM, K.DELTA)}
        flows = {mark.flow for mark in marks.edges}
        if o.kind is K.SUM:
            assert flows == {"forward"}
        if o.kind in (K.DELTA, K.WEIGHT_GRADIENT):
            assert flows == {"back"}


def touching(rects: list[QRectF]) -> list[tuple[QRectF, QRectF]]:
    return [(a, b) for i, a in enumerate(rects) for b in rects[i + 1 :] if a.intersects(b)]


@pytest.mark.parametrize(("width", "height"), [(420, 300), (900, 520), (1400, 900)])
def test_no_number_covers_another(open_canvas: Any, width: int, height: int) -> None:
    hands = open_canvas(default_project(), width, height)
    overlay, chips = hands.canvas.operation.overlay, hands.canvas.scene.edges.chips
    written = 0
    for _ in range(85):
        hands.controller.step(Granularity.OPERATION)
        hands.settle()
        boxes = [item.box_of(chip.edge) for item in chips.values() for chip in item.chips]
        labels = [label.rect for label in overlay.labels]
        written += len(labels)
        assert touching(labels) == []
        assert not [(a, b) for a in labels for b in boxes if a.intersects(b)]
        scene = QRectF(0.0, 0.0, hands.canvas.arrangement.width, hands.canvas.arrangement.height)
        assert all(scene.contains(label) for label in labels)
        assert overlay.note_rect is None or scene.contains(overlay.note_rect)
    assert written > 0 or width == 420


@pytest.mark.parametrize(("width", "height"), [(620, 380), (700, 440), (900, 520), (1400, 900)])
def test_what_is_found_out_about_a_neuron_covers_no_caption_and_no_target(
    open_canvas: Any, width: int, height: int
) -> None:
    hands = open_canvas(default_project(), width, height)
    overlay, scene, layout = hands.canvas.operation.overlay, hands.canvas.scene, hands.canvas.arrangement
    assert layout.pictures
    for _ in range(85):
        hands.controller.step(Granularity.OPERATION)
        hands.settle()
        note, ring = overlay.note_rect, overlay.marks.ring
        if note is None:
            continue
        for (layer, neuron), item in scene.neurons.items():
            body, own = item.body().translated(item.pos()), (layer, neuron) == (ring.layer, ring.neuron)
            caption = QRectF(body.left(), body.bottom() + 3.0, body.width(), layout.below - 6.0)
            assert not note.intersects(caption) or (own and overlay.marks.under), overlay.note
            assert own or not note.intersects(body), overlay.note
        for target in scene.targets.values():
            assert not target.text or not note.intersects(target.box()), overlay.note


def test_a_gradient_that_stands_under_its_weight_is_not_said_again(open_canvas: Any) -> None:
    hands = open_canvas(default_project(), 1400, 900)
    overlay, edges, told = hands.canvas.operation.overlay, hands.canvas.scene.edges, set()
    for _ in range(85):
        hands.controller.step(Granularity.OPERATION)
        hands.settle()
        step = hands.controller.in_step
        if step is None or step.place.operation.kind is not K.WEIGHT_GRADIENT:
            continue
        edge = overlay.marks.edges[0].edge
        place = edges.edges_of(edge.connection).find(edge.target, edge.source)
        below = any(c.gradient for c in edges.chips[edge.connection].chips if c.edge == place)
        assert below != any(label.text.startswith("∂C/∂w") for label in overlay.labels)
        told.add(below)
    assert True in told


def test_new_weights_are_marked_while_others_are_old(open_canvas: Any) -> None:
    hands = open_canvas(default_project(), 1400, 900)
    overlay, chips = hands.canvas.operation.overlay, hands.canvas.scene.edges.chips["C1"]
    while hands.controller.snapshot.phase < 7:
        hands.controller.step(Granularity.LAYER)
        hands.settle()
    assert overlay.updated == []
    for new in (1, 2):
        hands.controller.step(Granularity.OPERATION)
        hands.settle()
        assert len(overlay.updated) == new
    edges = hands.canvas.scene.edges.edges_of("C1")
    places = [edges.find(0, 0), edges.find(0, 1)]
    assert overlay.updated == [chips.box_of(place) for place in sorted(places)]
    assert overlay.marks.done


def test_between_steps_and_by_whole_layers_nothing_is_marked(open_canvas: Any) -> None:
    hands = open_canvas(default_project(), 900, 520)
    overlay = hands.canvas.operation.overlay
    assert overlay.marks == NO_MARKS
    hands.controller.step(Granularity.OPERATION)
    hands.settle()
    assert overlay.marks.ring == Selection.of_neuron("L1", 0)
    assert overlay.note.startswith("z = ")
    hands.controller.step(Granularity.LAYER)
    hands.settle()
    assert overlay.marks == NO_MARKS, "by layers the whole layer is ringed"
    assert overlay.labels == ()
    assert all(hands.canvas.scene.neurons["L1", i].look.ringed for i in range(4))
    hands.controller.step(Granularity.BATCH)
    hands.settle()
    assert overlay.marks == NO_MARKS
