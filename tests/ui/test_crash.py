"""When the program itself fails: one report each, the document intact, a copy kept."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QTimer, QtMsgType
from PySide6.QtGui import QGuiApplication, QPaintEvent
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from nnsim.core.trainer import Trainer
from nnsim.model.diff import same
from nnsim.session.recovery import Recovery


@pytest.fixture
def guarded(page: Any, capsys: pytest.CaptureFixture[str]) -> Iterator[Any]:
    """A page whose program catches errors as it does outside of tests."""
    page.program.crash.install()
    page.click("new_weights_button")  # something to lose
    page.wait_until_idle()
    page.expected = page.project
    yield page
    page.program.crash.remove()
    page.program.crash.reports = 0


def reported(page: Any, *words: str) -> None:
    """One report with these words is shown, the document is intact, and a copy of it is kept."""
    page.wait_for("crash_dialog")
    details = page.find("crash_details").toPlainText()
    for word in words:
        assert details.count(word) >= 1, details
    assert page.program.crash.reports == 1
    assert page.project is page.expected
    (file,) = page.program.store.folder.joinpath("recovery").glob("*.nnsim")
    from nnsim.io import project_file

    assert same(project_file.load(file)[0], page.project)
    page.click("crash_close")
    page.wait_until(lambda: not page.is_open("crash_dialog"))
    page.click_step("layer")  # it goes on
    assert page.snapshot.phase == 1


def test_an_error_in_a_slot(guarded: Any) -> None:
    button = QPushButton("break", guarded.window)
    button.clicked.connect(lambda: 1 / 0)
    button.click()
    reported(guarded, "ZeroDivisionError: division by zero", "test_crash.py")


def test_an_error_in_a_timer(guarded: Any) -> None:
    def fail() -> None:
        raise RuntimeError("the clock is wrong")

    QTimer.singleShot(0, fail)
    reported(guarded, "RuntimeError: the clock is wrong")


def test_an_error_while_painting(guarded: Any) -> None:
    class Broken(QWidget):
        failed = False

        def paintEvent(self, event: QPaintEvent) -> None:
            if not Broken.failed:
                Broken.failed = True
                raise ValueError("no picture")

    widget = Broken(guarded.window)
    widget.resize(50, 50)
    widget.show()
    guarded.wait_until(lambda: Broken.failed)
    reported(guarded, "ValueError: no picture")


def test_an_error_in_another_thread(guarded: Any) -> None:
    def fail() -> None:
        raise KeyError("elsewhere")

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    reported(guarded, "KeyError: 'elsewhere'")


def test_an_error_in_a_step_of_the_engine(guarded: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ArithmeticError("the engine stumbles")

    with monkeypatch.context() as broken:
        broken.setattr(Trainer, "advance", fail)
        broken.setattr(Trainer, "run", fail)
        guarded.run_flat_out()
        guarded.wait_until(lambda: not guarded.session.running)
        guarded.wait_for("crash_dialog")
    reported(guarded, "the engine stumbles")


def test_a_critical_message_of_qt(guarded: Any) -> None:
    class Where:
        file, line = "somewhere.cpp", 12

    guarded.program.crash._on_qt_message(QtMsgType.QtCriticalMsg, Where(), "a broken thing")
    guarded.program.crash._on_qt_message(QtMsgType.QtWarningMsg, Where(), "a small thing")
    reported(guarded, "a broken thing", "somewhere.cpp:12")


def test_errors_that_follow_are_added_to_the_same_dialog_and_can_be_copied(guarded: Any) -> None:
    for number in range(50):
        guarded.program.crash.report(f"error number {number}", "details")
    guarded.wait_for("crash_dialog")
    guarded.wait_until(lambda: guarded.program.crash.reports == 50)
    assert sum(w.objectName() == "crash_dialog" for w in QApplication.topLevelWidgets()) == 1
    guarded.click("crash_copy")
    text = QGuiApplication.clipboard().text()
    assert "error number 0" in text and "error number 19" in text and "error number 20" not in text
    assert "nnsim" in text and "Qt for Python" in text
    guarded.click("crash_close")


def test_everything_is_given_back(page: Any) -> None:
    before = (sys.excepthook, threading.excepthook)
    page.program.crash.install()
    assert sys.excepthook is not before[0]
    page.program.crash.remove()
    assert (sys.excepthook, threading.excepthook) == before


def test_work_left_by_a_crash_is_offered_at_the_next_start(
    open_page: Callable[..., Any], settings_file: Any
) -> None:
    first = open_page()
    first.click("new_weights_button")
    first.wait_until_idle()
    lost = first.project
    dead = Recovery(settings_file.parent / "recovery")
    assert dead.keep(lost, None)
    dead.leave()
    second = open_page()
    second.answer("recovered", "open")
    second.wait_until_idle()
    assert same(second.project, lost)
    assert second.session.modified
    second.window.leave()
    second.program.close()
    third = open_page()
    QApplication.processEvents()
    assert not third.is_open("recovered")


def test_work_left_by_a_crash_can_be_discarded_or_kept_for_later(
    open_page: Callable[..., Any], settings_file: Any
) -> None:
    dead = Recovery(settings_file.parent / "recovery")
    first = open_page()
    assert dead.keep(first.project, settings_file.parent / "mine.nnsim")
    dead.leave()
    for key, offered_again in (("later", True), ("discard", False)):
        again = open_page()
        assert "mine.nnsim" in again.wait_for("recovered").informativeText()
        again.answer("recovered", key)
        again.window.leave()
        again.program.close()
        assert bool(Recovery(settings_file.parent / "recovery").left()) == offered_again


def test_leaving_in_good_order_leaves_no_copy(open_page: Callable[..., Any]) -> None:
    page = open_page()
    page.click("new_weights_button")
    page.wait_until_idle()
    page.program._keep()
    folder = page.program.store.folder / "recovery"
    assert list(folder.iterdir())
    page.window.leave()
    page.program.close()
    assert list(folder.iterdir()) == []


def test_being_ended_by_a_signal_keeps_unsaved_work_for_the_next_start(open_page: Callable[..., Any]) -> None:
    page = open_page()
    page.click("new_weights_button")
    page.wait_until_idle()
    left = page.project
    page.program.interrupt()
    page.program.close()
    assert not page.window.isVisible()
    second = open_page()
    second.answer("recovered", "open")
    assert same(second.project, left)
