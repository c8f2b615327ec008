"""Before Qt starts: one version with a fault, displays that are not there, libraries that are missing."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from nnsim import environment, qt_libraries

ON_LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="about Linux")


def test_the_pyside_that_loses_references_is_refused_on_python_3_11_only() -> None:
    (problem,) = environment.pyside_problems("6.12.0", (3, 11))
    assert "6.12.0" in problem and "pip install" in problem
    assert environment.pyside_problems("6.12.0", (3, 12)) == []
    assert environment.pyside_problems("6.11.3", (3, 11)) == []
    assert environment.pyside_problems(None, (3, 11)) == []


def test_the_installed_pyside_is_not_the_faulty_one() -> None:
    version = environment._installed_version("PySide6-Essentials")
    assert version is not None
    assert environment.pyside_problems(version, sys.version_info[:2]) == []


def test_the_test_machine_has_what_qt_needs_off_screen() -> None:
    assert environment.problems() == []


@ON_LINUX
def test_without_any_display_both_kinds_are_named() -> None:
    (problem,) = environment.platform_problems({})
    assert "WAYLAND_DISPLAY is not set" in problem
    assert "DISPLAY is not set" in problem.replace("WAYLAND_DISPLAY", "")


@ON_LINUX
def test_a_display_that_nobody_serves_counts_as_none() -> None:
    (problem,) = environment.platform_problems({"DISPLAY": ":4093"})
    assert "DISPLAY=:4093" in problem


@ON_LINUX
def test_a_wayland_display_counts_when_something_listens_there(tmp_path: Path) -> None:
    environ = {"WAYLAND_DISPLAY": "wayland-7", "XDG_RUNTIME_DIR": str(tmp_path)}
    assert environment.display_problem("wayland", environ) is not None
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "wayland-7"))
        server.listen()
        assert environment.display_problem("wayland", environ) is None


@ON_LINUX
def test_off_screen_needs_no_display() -> None:
    assert environment.platform_problems({"QT_QPA_PLATFORM": "offscreen"}) == []


@ON_LINUX
def test_a_platform_that_qt_does_not_have_is_named_with_those_it_has() -> None:
    (problem,) = environment.platform_problems({"QT_QPA_PLATFORM": "cinema"})
    assert "'cinema'" in problem and "offscreen" in problem


@pytest.mark.parametrize(
    ("asked", "platforms"),
    [
        (None, ["wayland", "xcb"]),
        ("", ["wayland", "xcb"]),
        ("xcb", ["xcb"]),
        ("offscreen:size=800x600", ["offscreen"]),
        ("wayland;xcb", ["wayland", "xcb"]),
    ],
)
def test_the_platforms_are_those_qt_would_try(asked: str | None, platforms: list[str]) -> None:
    environ = {} if asked is None else {"QT_QPA_PLATFORM": asked}
    assert environment.qt_platforms(environ) == platforms


def test_matrices_are_multiplied_in_one_thread() -> None:
    environ = {"OMP_NUM_THREADS": "8"}
    environment.use_one_blas_thread(environ)
    assert environ["OMP_NUM_THREADS"] == environ["OPENBLAS_NUM_THREADS"] == "1"


# -- libraries -----------------------------------------------------------------------------------

LISTING = """\
\tlinux-vdso.so.1 (0x00007ffd2a9f6000)
\tlibxcb-cursor.so.0 => not found
\tlibEGL.so.1 => not found
\tlibQt6Gui.so.6 => /x/PySide6/Qt/lib/libQt6Gui.so.6 (0x00007f33a8400000)
\tlibEGL.so.1 => not found
"""


def test_missing_libraries_are_read_from_ldd_each_once() -> None:
    assert qt_libraries.not_found(LISTING) == ["libEGL.so.1", "libxcb-cursor.so.0"]


def test_missing_libraries_are_named_with_the_packages_of_three_families() -> None:
    text = qt_libraries.describe(["libEGL.so.1", "libxcb-cursor.so.0"])
    assert "libEGL.so.1, libxcb-cursor.so.0" in text
    assert "apt-get install libegl1 libxcb-cursor0" in text
    assert "dnf install libglvnd-egl xcb-util-cursor" in text
    assert "pacman -S libglvnd xcb-util-cursor" in text


def test_a_library_of_an_unknown_package_is_still_named() -> None:
    text = qt_libraries.describe(["libnew.so.9"])
    assert "missing: libnew.so.9" in text
    assert "apt-get" not in text


@ON_LINUX
def test_a_plugin_whose_library_is_gone_is_explained(tmp_path: Path) -> None:
    # A copy of a real plugin that asks for a library which does not exist.
    folder = qt_libraries.qt_folder()
    if folder is None:
        pytest.skip("PySide6 comes from the system")
    platforms = tmp_path / "plugins" / "platforms"
    platforms.mkdir(parents=True)
    (plugin,) = qt_libraries.plugin_files(folder, "offscreen")
    broken = plugin.read_bytes().replace(b"libfontconfig.so.1\0", b"libfontconfig.so.7\0")
    broken = broken.replace(b"libQt6Gui.so.6\0", b"libQt6Gui.so.7\0")
    (platforms / plugin.name).write_bytes(broken)

    error = qt_libraries.load_error(tmp_path, "offscreen")
    assert error is not None and ".so.7" in error
    assert "libQt6Gui.so.7" in qt_libraries.missing_libraries(tmp_path, "offscreen")


@ON_LINUX
def test_every_library_that_qt_takes_from_the_system_has_a_package_in_the_table() -> None:
    folder = qt_libraries.qt_folder()
    if folder is None:
        pytest.skip("PySide6 comes from the system")
    files = [*qt_libraries.plugin_files(folder, "xcb"), *qt_libraries.plugin_files(folder, "wayland")]
    needed = {name for file in files for name in _needed(file, folder)}
    of_glibc = {"libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1"}
    loaders = {name for name in needed if name.startswith("ld-linux")}
    assert needed - of_glibc - loaders - qt_libraries.PACKAGES.keys() == set()


def _needed(file: Path, folder: Path) -> set[str]:
    """The libraries outside PySide6 that a file, or a library of PySide6 it needs, asks for itself.

    What those ask for in turn comes with their packages.
    """
    listing = subprocess.run(["ldd", file], capture_output=True, text=True, check=True).stdout
    inside = [Path(line.split(" => ")[1].split(" (")[0]) for line in listing.splitlines()
              if f" => {folder}" in line or "/PySide6/" in line]  # fmt: skip
    names: set[str] = set()
    for one in [file, *inside]:
        names |= _direct(one)
    return {name for name in names if not (folder / "lib" / name).exists()}


def _direct(file: Path) -> set[str]:
    """The DT_NEEDED entries of a 64-bit little-endian ELF file."""
    data = file.read_bytes()

    def number(offset: int, size: int) -> int:
        return int.from_bytes(data[offset : offset + size], "little")

    headers, size, count = number(32, 8), number(54, 2), number(56, 2)
    segments = [headers + i * size for i in range(count)]
    loads = [(number(s + 16, 8), number(s + 8, 8), number(s + 32, 8)) for s in segments if number(s, 4) == 1]
    dynamic = next(s for s in segments if number(s, 4) == 2)
    start, length = number(dynamic + 8, 8), number(dynamic + 32, 8)
    entries = [(number(p, 8), number(p + 8, 8)) for p in range(start, start + length, 16)]
    address = next(value for tag, value in entries if tag == 5)
    strings = next(address - a + offset for a, offset, n in loads if a <= address < a + n)
    needed = [value for tag, value in entries if tag == 1]
    return {data[strings + n : data.index(b"\0", strings + n)].decode() for n in needed}
