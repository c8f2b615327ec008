"""What the program needs from the machine before Qt and NumPy are imported.

Qt ends the process when there is no display or a system library is missing, and one version of
PySide6 has a fault that does so later. :func:`problems` says it in words first.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib.metadata
import os
import socket
import sys
from collections.abc import Mapping, MutableMapping

from nnsim import qt_libraries

_THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)


def use_one_blas_thread(environ: MutableMapping[str, str] = os.environ) -> None:
    """Have NumPy multiply matrices in one thread. To be called before NumPy is imported.

    The order of additions then does not depend on the number of processors, so that the same seed
    gives the same bytes; and for the sizes of this program one thread is also the fastest.
    """
    for name in _THREAD_VARIABLES:
        environ[name] = "1"


def problems() -> list[str]:
    """Why the window cannot be opened here, each in words for the user; empty when it can."""
    found = [*pyside_problems(_installed_version("PySide6-Essentials"), sys.version_info[:2])]
    if sys.platform.startswith("linux"):
        found += platform_problems(os.environ)
    return found


def pyside_problems(pyside: str | None, python: tuple[int, int]) -> list[str]:
    """What is known to be wrong with this pair of versions. ``None``: version unknown."""
    if pyside == "6.12.0" and python == (3, 11):
        return [
            "PySide6 6.12.0 on Python 3.11 has a fault that ends the program after some thousand calls.\n"
            "Use another version of either, for example:\n"
            '  python -m pip install "PySide6-Essentials==6.11.3"'
        ]
    return []


def platform_problems(environ: Mapping[str, str]) -> list[str]:
    """What stops Qt on Linux: no display, or missing system libraries. Empty when nothing does."""
    platforms = [p for p in qt_platforms(environ) if display_problem(p, environ) is None]
    if not platforms:
        return ["There is no display: " + _no_display(environ)]
    folder = qt_libraries.qt_folder()
    if folder is None:
        return []
    errors: list[str] = []
    for platform in platforms:
        error = qt_libraries.load_error(folder, platform)
        if error is None:
            return []
        missing = qt_libraries.missing_libraries(folder, platform)
        errors.append(qt_libraries.describe(missing) if missing else f"Qt cannot start: {error}")
    return errors[:1]


def qt_platforms(environ: Mapping[str, str]) -> list[str]:
    """The platform plugins that Qt will try, in order: ``QT_QPA_PLATFORM``, or by the session."""
    asked = environ.get("QT_QPA_PLATFORM", "")
    names = [part.split(":")[0].strip() for part in asked.split(";")]
    return [name for name in names if name] or ["wayland", "xcb"]


def display_problem(platform: str, environ: Mapping[str, str]) -> str | None:
    """Why ``platform`` has nothing to draw on; ``None`` when it has, or needs none."""
    if platform == "xcb":
        name = environ.get("DISPLAY", "")
        if not name:
            return "DISPLAY is not set"
        return None if _x_server_answers(name) else f"nothing answers at DISPLAY={name}"
    if platform.startswith("wayland"):
        name = environ.get("WAYLAND_DISPLAY", "")
        if not name:
            return None if environ.get("WAYLAND_SOCKET") else "WAYLAND_DISPLAY is not set"
        path = os.path.join(environ.get("XDG_RUNTIME_DIR", ""), name)
        return None if _socket_answers(path) else f"nothing answers at WAYLAND_DISPLAY={name}"
    return None


def _no_display(environ: Mapping[str, str]) -> str:
    """One line on every display that was tried."""
    reasons = (display_problem(platform, environ) for platform in qt_platforms(environ))
    return ", and ".join(reason for reason in reasons if reason) + "."


def _x_server_answers(name: str) -> bool:
    """Whether an X server accepts a connection; true when that cannot be found out."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(name.encode(), None)
    try:
        return bool(xcb.xcb_connection_has_error(connection) == 0)
    finally:
        xcb.xcb_disconnect(connection)


def _socket_answers(path: str) -> bool:
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as probe:
        probe.connect(path)
        return True
    return False


def _installed_version(distribution: str) -> str | None:
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return None
