"""The promises about the window, counted as before a release.

``NNSIM_DEEP_SECONDS`` sets how long it trains flat out (an hour if not given).
"""

from __future__ import annotations

import gc
import os
import sys
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fast_suite import part
from PySide6.QtCore import QObject, Qt, QTimer

_SECONDS = float(os.environ.get("NNSIM_DEEP_SECONDS", "3600"))
_WARM_UP = min(60.0, _SECONDS / 3.0)
# Seconds between two beats of the window's thread: of its own work, so that other programs on the
# machine do not count; and of waiting, whatever for.
_STALL, _WAIT = 0.1, 1.0

quitting = part("ui/test_quitting.py")


# -- leaving ---------------------------------------------------------------------------------------


@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", range(25))
def test_twenty_starts_end_in_good_order_at_any_moment(seed: int) -> None:
    assert max(quitting.quit_at_random_moments(20, seed=100 + seed)) < 2.0


# -- nothing freezes ---------------------------------------------------------------------------------


class Heart:
    """Beats in the window's thread; a thread of its own notes where the window is when it does not."""

    def __init__(self, parent: QObject) -> None:
        self.stalls: list[tuple[float, str]] = []
        self._last, self._worked = time.monotonic(), time.thread_time()
        self._where = ""
        self._on = True
        self._timer = QTimer(parent)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start(5)
        self._main = threading.get_ident()
        self._watcher = threading.Thread(target=self._watch, name="stall-watcher", daemon=True)
        self._watcher.start()

    def _beat(self) -> None:
        now, worked = time.monotonic(), time.thread_time()
        if worked - self._worked > _STALL or now - self._last > _WAIT:
            self.stalls.append((now - self._last, self._where))
        self._last, self._worked, self._where = now, worked, ""

    def _watch(self) -> None:
        while self._on:
            time.sleep(0.02)
            if time.monotonic() - self._last > 0.6 * _STALL and not self._where:
                frame = sys._current_frames().get(self._main)
                self._where = "".join(traceback.format_stack(frame)[-6:])

    def stop(self) -> None:
        self._on = False
        self._timer.stop()
        self._watcher.join()


@pytest.fixture
def heart(page: Any) -> Iterator[Heart]:
    found = Heart(page.window)
    yield found
    found.stop()


def _look_around(page: Any) -> None:
    page.select_neuron("L2", 1)
    page.select_weight("C2", 0, 1)
    page.press("Escape", "network_surface")
    for keys in ("Right", "Right", "Down", "Left"):
        page.press(keys, "network_surface")


def _edit(page: Any) -> None:
    page.type_weight("C1", 0, 0, "0.15")
    page.type_into("learning_rate", "0.1")
    page.menu("Train", "New weights")
    page.press("Ctrl+Z")
    page.press("Ctrl+Shift+Z")


def _step(page: Any) -> None:
    for size in ("operation", "neuron", "layer", "pass", "batch", "epoch"):
        page.click_step(size)
        page.click_step()
        page.click("back_button")
        page.wait_until_idle()


def _run(page: Any) -> None:
    epoch = page.epoch
    page.train_until(lambda: page.epoch > epoch + 200)


def _show_tile(page: Any, key: str) -> None:
    tile = page.find(f"data_{key}")
    page.find("data_scroll").ensureWidgetVisible(tile)
    page.click(tile)


def _choose_data(page: Any) -> None:
    for key in ("xor", "spiral", "iris", "digits", "gate_xor", "circle"):
        _show_tile(page, key)
        page.wait_until_idle()
        if page.is_open("fit_question"):
            page.answer("fit_question", "fit")
        _run(page)


def _present(page: Any) -> None:
    page.press("F11")
    page.press("Escape")


# Light and dark are not among them: Qt needs a quarter of a second to style five hundred widgets anew.
TOUR: tuple[Callable[[Any], None], ...] = (_look_around, _edit, _step, _run, _choose_data, _present)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("round_", range(20))
def test_nothing_in_a_tour_of_the_program_freezes_the_window(page: Any, heart: Heart, round_: int) -> None:
    for visit in TOUR:
        visit(page)
    assert not heart.stalls, "\n".join(f"{took * 1000:.0f} ms\n{where}" for took, where in heart.stalls)


# -- all day -----------------------------------------------------------------------------------------


def _memory() -> float:
    """Memory in use, MB."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def _objects(page: Any) -> Counter[str]:
    """How many there are of everything that could pile up."""
    gc.collect()
    counts = Counter({"items": len(page.window.canvas.scene.items()), "threads": threading.active_count()})
    counts["objects of Qt"] = len(page.window.findChildren(QObject))
    return counts


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is read from /proc")
@pytest.mark.timeout(int(_SECONDS) + 300)
def test_training_flat_out_all_day_keeps_memory_and_objects_as_they_are(page: Any) -> None:
    page.run_flat_out()
    page.qtbot.wait(int(_WARM_UP * 1000))
    memory, objects, epoch = _memory(), _objects(page), page.epoch
    page.qtbot.wait(int((_SECONDS - _WARM_UP) * 1000))
    assert page.epoch > epoch
    assert _objects(page) == objects
    assert _memory() - memory < 20.0
    page.click_run()
    page.wait_until_idle()
