"""The promises about the window, counted as before a release.

``NNSIM_DEEP_SECONDS`` sets how long it trains flat out (an hour if not given).
"""

from __future__ import annotations

import faulthandler
import gc
import os
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fast_suite import part
from PySide6.QtCore import QObject, QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from nnsim.model.edits import set_layer_size
from nnsim.model.notation import DEFAULT_NOTATION, NOTATIONS

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
        self.visits = ""  # the part of the tour under way
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
            where = f"{self.visits}, {(worked - self._worked) * 1000:.0f} ms of them work\n{self._where}"
            self.stalls.append((now - self._last, where))
        self._last, self._worked, self._where = now, worked, ""

    def _watch(self) -> None:
        with tempfile.TemporaryFile("w+") as file:
            while self._on:
                time.sleep(0.02)
                if time.monotonic() - self._last > 0.6 * _STALL and not self._where:
                    # Holding the frames themselves would keep a painter alive beyond its paint event.
                    file.seek(0)
                    faulthandler.dump_traceback(file)
                    file.truncate()
                    file.seek(0)
                    main = file.read().partition(f"Thread 0x{self._main:016x}")[2]
                    self._where = "\n".join(main.partition("\n\n")[0].splitlines()[1:7])

    def stop(self) -> None:
        self._on = False
        self._timer.stop()
        self._watcher.join()


class Visitor(part("ui/conftest.py").Page):  # type: ignore[misc]
    """Does one thing after the other: no hand presses two keys before the window has seen the first."""

    def click(self, *args: Any) -> None:
        super().click(*args)
        QApplication.processEvents()

    def press(self, *args: Any) -> None:
        super().press(*args)
        QApplication.processEvents()

    def menu(self, *path: str) -> None:
        super().menu(*path)
        QApplication.processEvents()


@pytest.fixture
def visitor(page: Any) -> Visitor:
    return Visitor(page.qtbot, page.program)


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


def _select(page: Any) -> None:
    page.select_neuron("L1", 0)
    page.select_neuron("L2", 0)
    page.select_weight("C1", 0, 0)
    page.click(page.window.findChild(QWidget, "layer_name"))
    page.press("Ctrl+A", "network_surface")


def _build(page: Any) -> None:
    page.select_neuron("L2", 0)
    page.press("Ctrl+L", "network_surface")
    for _ in range(3):
        page.press("Ctrl+Shift+N", "network_surface")
    for keys in ("Ctrl+Z", "Ctrl+Shift+Z"):
        for _ in range(4):
            page.press(keys, "network_surface")
            page.wait_until_idle()
    for text in (page.window.findChild(QWidget, "layer_plus"), page.window.findChild(QWidget, "layer_minus")):
        if text is not None and text.isEnabled():
            page.click(text)
    page.wait_until_idle()


def _scrub(page: Any) -> None:
    _run(page)
    ribbon = page.find("timeline_ribbon")
    places = [QPoint(x, ribbon.height() // 2) for x in range(20, ribbon.width() - 20, 40)]
    QTest.mousePress(ribbon, Qt.MouseButton.LeftButton, pos=places[0])
    for place in places:
        QTest.mouseMove(ribbon, place)
        QApplication.processEvents()
    QTest.mouseRelease(ribbon, Qt.MouseButton.LeftButton, pos=places[-1])
    page.wait_until_idle()


def _present(page: Any) -> None:
    page.window.activateWindow()
    page.wait_until(page.window.isActiveWindow)
    for presented in (True, False):
        page.press("F11", "network_surface")
        page.wait_until(lambda wanted=presented: page.window.presentation.active is wanted)
        page.wait_until(lambda wanted=presented: page.window.isFullScreen() is wanted)
        page.wait_until(lambda wanted=presented: (page.window.theme.text_scale > 1) is wanted)
        page.wait_until(lambda wanted=presented: page.window.docks["data"].isHidden() is wanted)


def _switch_look(page: Any) -> None:
    for choice in ("Dark", "Light"):
        page.menu("View", "Appearance", choice)


def _switch_notation(page: Any) -> None:
    for notation in NOTATIONS:
        page.menu("View", "Notation", notation.label)
    page.menu("View", "Notation", NOTATIONS[DEFAULT_NOTATION].label)


def _show_docks(page: Any) -> None:
    for _ in range(2):
        for key in page.window.docks:
            page.menu("View", "Docks", page.window.docks[key].spec.label)
    page.menu("View", "Reset layout")


def _open_dialogs(page: Any) -> None:
    for text, name in (
        ("First steps", "help_first_steps"), ("Keyboard shortcuts", "help_shortcuts"),
        ("Project file format", "help_project_file"), ("About nnsim", "help_about"),
    ):  # fmt: skip
        page.menu("Help", text)
        page.wait_for(name)
        page.click(page.wait_for(name).findChild(QWidget, "help_close"))
        page.window.activateWindow()
    page.menu("Train", "Check all gradients…")
    dialog = page.wait_for("gradient_check")
    page.wait_until(lambda: page.text("gradient_again") == "Check again")
    page.click(dialog.findChild(QWidget, "gradient_close"))
    page.window.activateWindow()


def _open(page: Any, group: str, title: str) -> None:
    page.menu("File", "Open example", group, title)
    _leave_unsaved(page)
    assert page.session.title == title or page.project.title, "it has not been opened"


def _leave_unsaved(page: Any) -> None:
    if page.is_open("unsaved_changes"):
        page.answer("unsaved_changes", "discard")
    page.wait_until_idle()


def _open_examples(page: Any) -> None:
    """A few of every kind by the menu, and one by the library's list."""
    _open(page, "Start here", "Spiral")
    _open(page, "Start here", "Iris")
    _open(page, "Worked by hand in print", "Mazur: backpropagation step by step")
    _step(page)
    _open(page, "Worked by hand in print", "Nielsen: one neuron, quadratic cost")
    page.menu("File", "Library…")
    browser = page.wait_for("library_window")
    page.type("softmax", browser.findChild(QWidget, "library_search"))
    page.click(browser.findChild(QWidget, "library_open"))
    _leave_unsaved(page)
    page.window.activateWindow()


def _grow_large(page: Any) -> None:
    """Handwritten digits with a hidden layer of 100, and what one does with it."""
    _open(page, "Start here", "Handwritten digits")
    page.press("Ctrl+A", "network_surface")
    layer = page.project.layers[1].id
    page.controller.edit("Resize", set_layer_size, layer, 100)
    page.wait_until_idle()
    page.press("F", "network_surface")
    for work in (_step, _scrub, _switch_notation):
        work(page)
    page.press("Ctrl+R", "network_surface")
    page.press("Ctrl+Z", "network_surface")
    page.press("Ctrl+Shift+Z", "network_surface")


def _start_anew(page: Any) -> None:
    page.menu("File", "New")
    _leave_unsaved(page)
    page.menu("View", "Reset layout")


TOUR: tuple[Callable[[Any], None], ...] = (
    _look_around, _select, _switch_look, _present, _edit, _build, _step, _run, _scrub, _switch_notation,
    _show_docks, _open_dialogs, _open_examples, _grow_large, _switch_look, _present, _start_anew,
    _choose_data,
)  # fmt: skip


@pytest.mark.timeout(600)
@pytest.mark.parametrize("round_", range(20))
def test_nothing_in_a_tour_of_the_program_freezes_the_window(
    visitor: Visitor, heart: Heart, round_: int
) -> None:
    for visit in TOUR:
        heart.visits = visit.__name__
        visit(visitor)
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
