"""The best-known worked example, gone through by operations with real clicks: every number is right."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnsim.core.explain.expression import Number
from nnsim.core.explain.targets import quantity_of
from nnsim.core.operations import Operation, OperationKind
from nnsim.ui.calculation.page import Page as MathPage
from nnsim.ui.canvas.wording import chip_text, node_text
from nnsim.ui.numbers import short
from nnsim.ui.selection import Selection

K = OperationKind
CASES = Path(__file__).parents[2] / "oracles" / "published_cases.json"
EXACT = {"rel": 1e-12, "abs": 1e-12}


@pytest.fixture(scope="module")
def case() -> Any:
    return next(c for c in json.loads(CASES.read_text("utf-8"))["cases"] if c["id"] == "mazur")


@pytest.fixture
def mazur(open_page: Any) -> Any:
    """The program with the example opened through its menus, stepping by operations."""
    page = open_page(size=(1440, 900))
    example = next(e for e in page.session.examples() if e.key == "mazur")
    page.menu("File", "Open example", example.group, example.title)
    page.wait_until(lambda: page.project.title == example.title)
    page.wait_until_idle()
    page.click("step_size_operation")
    return page


def true_value(case: Any, o: Operation) -> float:
    """What an operation must find, from the recomputed numbers."""
    true, layer, neuron = case["recomputed"], (o.layer or 0) - 1, o.neuron
    forward, gradient = true["forward"], true["grad"]
    if o.kind is K.LOSS:
        return float(true["loss"])
    if o.kind is K.SLOPE:
        a = forward["a"][layer][0][neuron]
        return float(a * (1.0 - a))
    if o.kind is K.WEIGHT_GRADIENT:
        return float(gradient["W"][layer][neuron][o.source])
    if o.kind is K.BIAS_GRADIENT:
        return float(gradient["b"][layer][neuron])
    if o.kind is K.UPDATE:
        after = true["after"]["1"]["params"][layer]
        return float(after["b"][neuron] if o.source is None else after["W"][neuron][o.source])
    table = {K.SUM: forward["z"], K.ACTIVATION: forward["a"], K.BLAME: true["dC_da"], K.DELTA: true["delta"]}
    return float(table[o.kind][layer][0][neuron])


def steps(page: Any) -> Iterator[Operation]:
    """Press Step until the step is done; after each press the operation that is explained."""
    panel = page.find("calculation_panel")
    while page.snapshot.step == 0:
        page.click_step()
        yield panel.reading.place.operation


def results(panel: Any) -> list[Number]:
    """The numbers that stand alone on the last line of an equation."""
    shown: MathPage = panel.view.page
    last = [block[-1].right for block in panel.reading.blocks]
    on_page = [spot.node for spot in shown.spots]
    assert all(node in on_page for node in last)
    return last


def test_every_number_of_the_step_is_right(mazur: Any, case: Any) -> None:
    panel, seen = mazur.find("calculation_panel"), []
    for operation in steps(mazur):
        seen.append(operation)
        result = results(panel)[-1]
        assert result.value == pytest.approx(true_value(case, operation), **EXACT), operation
        assert result.quantity == quantity_of(operation)
        assert f"{len(seen)} of 45" in panel.windowTitle()
    kinds = [o.kind for o in seen]
    assert len(seen) == 45
    assert {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)} == {
        K.SUM: 4, K.ACTIVATION: 4, K.LOSS: 1, K.BLAME: 4, K.SLOPE: 4, K.DELTA: 4,
        K.WEIGHT_GRADIENT: 8, K.BIAS_GRADIENT: 4, K.UPDATE: 12,
    }  # fmt: skip
    after = case["recomputed"]["after"]["1"]["params"]
    for connection, layer in (("C1", 0), ("C2", 1)):
        np.testing.assert_allclose(
            mazur.project.parameters.weights[connection], after[layer]["W"], rtol=1e-12
        )


def test_the_canvas_shows_what_has_been_computed_and_nothing_else(mazur: Any, case: Any) -> None:
    canvas, true = mazur.window.canvas, case["recomputed"]
    items, overlay = canvas.scene.neurons, canvas.operation.overlay
    shown_a: set[tuple[int, int]] = set()
    shown_delta: set[tuple[int, int]] = set()
    old = {
        (c, t, i): w
        for c, layer in (("C1", 0), ("C2", 1))
        for t, row in enumerate(case["network"]["layers"][layer]["W"])
        for i, w in enumerate(row)
    }
    for o in steps(mazur):
        if mazur.snapshot.step:
            break  # the next step has begun: nothing of it is shown yet
        at = (o.layer or 0) - 1, o.neuron if o.neuron is not None else -1
        if o.kind is K.ACTIVATION:
            shown_a.add(at)
        if o.kind is K.DELTA:
            shown_delta.add(at)
        for layer, id_ in enumerate(("L1", "L2")):
            for neuron in range(2):
                look = items[id_, neuron].look
                a, delta = true["forward"]["a"][layer][0][neuron], true["delta"][layer][0][neuron]
                assert look.value == (node_text(a, 7) if (layer, neuron) in shown_a else "—"), o
                assert look.over == (
                    f"← δ = {node_text(delta, 7)}" if (layer, neuron) in shown_delta else ""
                ), o
        targets = canvas.scene.targets.values()
        assert {target.ringed for target in targets} == {o.kind is K.LOSS}
        if o.neuron is not None and o.source is None:
            assert overlay.marks.ring == Selection.of_neuron(f"L{o.layer}", o.neuron)
        if o.kind is K.UPDATE and o.source is not None:
            old["C1" if o.layer == 1 else "C2", o.neuron, o.source] = true_value(case, o)
        written = {
            (id_, int(edges.target[c.edge]), int(edges.source[c.edge])): c.text
            for id_, chips in canvas.scene.edges.chips.items()
            for edges in [canvas.scene.edges.edges_of(id_)]
            for c in chips.chips
        }
        assert written == {key: chip_text(w) for key, w in old.items()}, o


def test_terms_stand_on_the_edges_as_they_are_added_up_and_blame_flows_back(mazur: Any, case: Any) -> None:
    overlay = mazur.window.canvas.operation.overlay
    weights, x = case["network"]["layers"][0]["W"], case["data"]["x"][0]
    derived = case["recomputed"]["derived"]
    for o in steps(mazur):
        texts, edges = [label.text for label in overlay.labels], [m.edge for m in overlay.marks.edges]
        if (o.kind, o.layer, o.neuron) == (K.SUM, 1, 1):
            assert texts == [
                f"{short(w)}·{short(v)} = {short(w * v)}" for w, v in zip(weights[1], x, strict=True)
            ]
            assert edges == [Selection.of_edge("C1", 1, 0), Selection.of_edge("C1", 1, 1)]
            assert {m.flow for m in overlay.marks.edges} == {"forward"}
            assert overlay.note == "z = 0.3925"
        if (o.kind, o.layer, o.neuron) == (K.BLAME, 1, 0):
            assert [text.split(" = ")[1] for text in texts] == [
                short(derived["dEo1_dh1"]),
                short(derived["dEo2_dh1"]),
            ]
            assert edges == [Selection.of_edge("C2", 0, 0), Selection.of_edge("C2", 1, 0)]
            assert {m.flow for m in overlay.marks.edges} == {"back"}
            return
    raise AssertionError("the hidden layer was never blamed")


def test_going_back_takes_numbers_away_again(mazur: Any) -> None:
    panel = mazur.find("calculation_panel")
    told: list[tuple[str, str]] = []
    for _ in range(14):
        mazur.click_step()
        told.append((panel.windowTitle(), panel.text()))
    assert len(set(told)) == 14
    for before in reversed(told[:-1]):
        mazur.click("back_button")
        mazur.wait_until_idle()
        assert (panel.windowTitle(), panel.text()) == before
