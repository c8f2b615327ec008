"""The check of an installation: passes here, and notices what is broken."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QPixmap

from nnsim import self_test
from nnsim.engine.runner import Runner
from nnsim.session.session import Session

ROOT = Path(__file__).resolve().parents[2]


def test_it_passes_in_a_process_of_its_own_without_a_display() -> None:
    environment = {
        k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    environment["PYTHONPATH"] = str(ROOT)
    done = subprocess.run(
        [sys.executable, "-m", "nnsim", "--self-test"],
        capture_output=True, text=True, encoding="utf-8", env=environment, timeout=100, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "self-test passed"
    assert "fonts loaded" in done.stdout and "the same" in done.stdout and "colors" in done.stdout


def failure(qapp: object, capsys: pytest.CaptureFixture[str]) -> str:
    assert self_test.run() == 1
    told = capsys.readouterr()
    assert "self-test passed" not in told.out
    return told.err


def test_it_notices_fonts_that_are_missing(
    qapp: object, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(self_test, "load_fonts", lambda: ("Inter",))
    assert "JetBrains Mono" in failure(qapp, capsys)


def test_it_notices_a_network_that_does_not_learn(
    qapp: object, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(self_test, "EPOCHS", 1)
    assert "the loss did not fall" in failure(qapp, capsys)


def test_it_notices_an_example_that_is_missing(
    qapp: object, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(self_test, "EXAMPLE", "squircle")
    assert "cannot be opened" in failure(qapp, capsys)


def test_it_notices_an_engine_that_fails(
    qapp: object, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("no arithmetic here")

    monkeypatch.setattr(Runner, "work", fail)
    assert "no arithmetic here" in failure(qapp, capsys)


def test_it_notices_a_file_that_changes_on_the_way(
    qapp: object, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Session.save_as

    def careless(self: Session, path: Path, *rest: Any) -> None:
        whole(self, path, *rest)
        if path.name == "second.nnsim":
            path.write_bytes(path.read_bytes().replace(b"1", b"2", 1))

    monkeypatch.setattr(Session, "save_as", careless)
    assert "what was saved is not what was opened" in failure(qapp, capsys)


def test_it_notices_a_blank_window(
    qapp: object, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from nnsim.ui.main_window import MainWindow

    def blank(self: MainWindow) -> QPixmap:
        picture = QPixmap(self.size())
        picture.fill("white")
        return picture

    monkeypatch.setattr(MainWindow, "grab", blank)
    assert "blank" in failure(qapp, capsys)
