"""What holds for every test: no display, one BLAS thread, a home of its own, nothing left running."""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from nnsim.environment import use_one_blas_thread

# Before any test imports NumPy or opens a window.
use_one_blas_thread()
os.environ["QT_QPA_PLATFORM"] = "offscreen"

# The same examples in every run: a failure is never a matter of luck.
hypothesis.settings.register_profile("nnsim", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.load_profile("nnsim")

_LEAVING_TIME = 5.0


def pytest_collection_finish() -> None:
    """From here on garbage is collected between tests only, in this thread.

    A collection in an engine's thread would delete Qt objects there, which ends the process.
    """
    gc.collect()
    gc.freeze()
    gc.disable()


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings, recent files and autosaves of a test go to a folder of its own, on every system."""
    home = tmp_path_factory.mktemp("home")
    for name in ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(home))
    for name in ("APPDATA", "LOCAL_APPDATA"):
        monkeypatch.setenv(f"WIN_PD_OVERRIDE_{name}", str(home))
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
    return home


@pytest.fixture(autouse=True)
def nothing_left_running() -> Iterator[None]:
    """A test that starts a thread also ends it; one still busy leaving is waited for."""
    before = set(threading.enumerate())
    yield
    gc.collect()
    gc.freeze()  # what is still in use would be looked through after every test to come
    left = [thread for thread in threading.enumerate() if thread not in before]
    for thread in left:
        thread.join(_LEAVING_TIME)
    names = [thread.name for thread in left if thread.is_alive()]
    assert not names, f"still running after the test: {', '.join(names)}"


@pytest.fixture(scope="session")
def qapp(qapp: object) -> object:
    """pytest-qt's application, with the program's own fonts: layouts are the same everywhere."""
    from nnsim.ui.fonts import load_fonts

    assert {"Inter", "JetBrains Mono", "nnsim Symbols"} <= set(load_fonts())
    return qapp
