"""How often numbers are written while training flat out."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from nnsim.engine.messages import Granularity
from nnsim.engine.snapshot import Snapshot
from nnsim.ui.canvas.neuron_item import NeuronLook
from nnsim.ui.canvas.tempo import Tempo
from nnsim.ui.canvas.wording import chip_text


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("cost", "pause"),
    [(0.0, 0.1), (0.005, 0.1), (0.04, 0.4), (0.2, 1.0)],
    ids=["free", "cheap", "dear", "ruinous"],
)
def test_what_costs_more_is_done_less_often_within_limits(cost: float, pause: float) -> None:
    clock = Clock()
    tempo = Tempo(most=10.0, share=0.1, least=1.0, clock=clock)
    assert tempo.due()
    tempo.done(cost)
    clock.now = 100.0 + 0.99 * pause
    assert not tempo.due()
    clock.now = 100.0 + 1.01 * pause
    assert tempo.due()


def written(hands: Any) -> list[str]:
    return [chip.text for item in hands.canvas.scene.edges.chips.values() for chip in item.chips]


@pytest.fixture
def patient(hands: Any) -> Any:
    """The worked example on a canvas on which numbers are never due again by themselves."""
    hands.canvas._writing = Tempo(most=1e-6, share=1.0, least=1e-6)
    hands.canvas._writing.done(1.0)
    return hands


def looks(hands: Any) -> list[NeuronLook]:
    return [item.look for item in hands.canvas.scene.neurons.values()]


def run_for_a_while(hands: Any) -> None:
    session, end = hands.controller.session, time.monotonic() + 20.0
    session.run()
    pulls = 0
    while pulls < 8 or session.snapshot.step < 2:
        assert time.monotonic() < end, "the run does not get ahead"
        session.pull()
        QApplication.processEvents()
        pulls += 1


def test_between_two_writings_the_edges_move_and_the_numbers_stand(patient: Any) -> None:
    patient.controller.session.set_speed(None)
    before = written(patient)
    figures = patient.canvas.figures
    run_for_a_while(patient)
    moved = patient.canvas.figures.weights["C2"]
    assert written(patient) == before
    assert not np.array_equal(moved, figures.weights["C2"])
    patient.controller.session.pause()
    patient.settle()


def test_after_a_stop_every_number_is_the_last_one(patient: Any) -> None:
    patient.controller.session.set_speed(None)
    run_for_a_while(patient)
    patient.controller.session.pause()
    patient.settle()
    final: Snapshot = patient.controller.snapshot
    wanted = [chip_text(float(w)) for c in ("C1", "C2") for w in final.parameters.weights[c].ravel()]
    assert sorted(written(patient)) == sorted(wanted)
    looks = patient.canvas.scene.neurons
    assert looks["L2", 0].look.value == f"{final.probe.a[2][0]:.4f}"


@pytest.mark.parametrize(
    ("speed", "size", "every_one"),
    [(20.0, Granularity.BATCH, True), (100.0, Granularity.BATCH, False), (100.0, Granularity.LAYER, True)],
    ids=["slow updates", "fast updates", "parts of an update"],
)
def test_what_one_can_follow_is_written_every_time(
    patient: Any, speed: float, size: Granularity, every_one: bool
) -> None:
    patient.controller.session.set_speed(speed, size)
    before = looks(patient)
    run_for_a_while(patient)
    assert (looks(patient) != before) == every_one
    patient.controller.session.pause()
    patient.settle()


def drawn(hands: Any) -> dict[str, list[tuple[int, int, int]]]:
    items = hands.canvas.scene.edges.connections.items()
    return {id_: [(*run, int(item.drawn[run[1]])) for run in item._runs] for id_, item in items}


def test_connections_that_wait_for_their_turn_are_all_drawn_after_a_stop(open_canvas: Any, wide: Any) -> None:
    hands = open_canvas(wide(6, 6, 6, 6))
    edges = hands.canvas.scene.edges
    for item in edges.connections.values():
        item.seconds = 1.0  # as if each took a second to paint: none has time within a frame
    edges._saved = -1000.0
    before = drawn(hands)
    hands.controller.session.set_speed(None)
    run_for_a_while(hands)
    hands.canvas._writing.done(1.0)
    for _ in range(3):
        hands.controller.session.pull()
    hands.controller.session.pause()
    hands.settle()
    after = drawn(hands)
    assert after != before
    hands.canvas._arrange()  # draws everything anew from the final weights
    assert drawn(hands) == after


def test_connections_take_turns_within_a_frames_time(open_canvas: Any, wide: Any) -> None:
    hands = open_canvas(wide(6, 6, 6, 6))
    canvas = hands.canvas
    edges, rng = canvas.scene.edges, np.random.default_rng(0)
    changed: list[set[str]] = []
    for _ in range(6):
        weights = {c: rng.normal(size=w.shape) for c, w in canvas.figures.weights.items()}
        for item in edges.connections.values():
            item.seconds = 0.003
        before = {c: item.last_change for c, item in edges.connections.items()}
        edges.draw(replace(canvas.figures, weights=weights), in_turn=True)
        changed.append({c for c, item in edges.connections.items() if item.last_change != before[c]})
    assert all(1 <= len(turn) < 3 for turn in changed[2:])
    assert set.union(*changed[2:]) == {"C1", "C2", "C3"}
