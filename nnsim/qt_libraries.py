"""Which shared libraries Qt needs on Linux, which of them are missing, and what package has them.

Qt ends the process when its platform plugin cannot be loaded, and names at most one library. This
module loads the plugin the same way beforehand, which costs next to nothing as Qt then finds it
loaded, and looks closer only when that fails. Nothing here imports Qt.
"""

from __future__ import annotations

import ctypes
import importlib.util
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

DEBIAN, FEDORA, ARCH = 0, 1, 2

# library: package on Debian and Ubuntu, on Fedora, on Arch
PACKAGES: dict[str, tuple[str, str, str]] = {
    "libEGL.so.1": ("libegl1", "libglvnd-egl", "libglvnd"),
    "libGL.so.1": ("libgl1", "libglvnd-glx", "libglvnd"),
    "libGLX.so.0": ("libglx0", "libglvnd-glx", "libglvnd"),
    "libOpenGL.so.0": ("libopengl0", "libglvnd-opengl", "libglvnd"),
    "libX11-xcb.so.1": ("libx11-xcb1", "libX11-xcb", "libx11"),
    "libX11.so.6": ("libx11-6", "libX11", "libx11"),
    "libdbus-1.so.3": ("libdbus-1-3", "dbus-libs", "dbus"),
    "libexpat.so.1": ("libexpat1", "expat", "expat"),
    "libfontconfig.so.1": ("libfontconfig1", "fontconfig", "fontconfig"),
    "libfreetype.so.6": ("libfreetype6", "freetype", "freetype2"),
    "libgcc_s.so.1": ("libgcc-s1", "libgcc", "gcc-libs"),
    "libglib-2.0.so.0": ("libglib2.0-0", "glib2", "glib2"),
    "libgthread-2.0.so.0": ("libglib2.0-0", "glib2", "glib2"),
    "libstdc++.so.6": ("libstdc++6", "libstdc++", "gcc-libs"),
    "libwayland-client.so.0": ("libwayland-client0", "libwayland-client", "wayland"),
    "libwayland-cursor.so.0": ("libwayland-cursor0", "libwayland-cursor", "wayland"),
    "libwayland-egl.so.1": ("libwayland-egl1", "libwayland-egl", "wayland"),
    "libxcb-cursor.so.0": ("libxcb-cursor0", "xcb-util-cursor", "xcb-util-cursor"),
    "libxcb-icccm.so.4": ("libxcb-icccm4", "xcb-util-wm", "xcb-util-wm"),
    "libxcb-image.so.0": ("libxcb-image0", "xcb-util-image", "xcb-util-image"),
    "libxcb-keysyms.so.1": ("libxcb-keysyms1", "xcb-util-keysyms", "xcb-util-keysyms"),
    "libxcb-randr.so.0": ("libxcb-randr0", "libxcb", "libxcb"),
    "libxcb-render-util.so.0": ("libxcb-render-util0", "xcb-util-renderutil", "xcb-util-renderutil"),
    "libxcb-render.so.0": ("libxcb-render0", "libxcb", "libxcb"),
    "libxcb-shape.so.0": ("libxcb-shape0", "libxcb", "libxcb"),
    "libxcb-shm.so.0": ("libxcb-shm0", "libxcb", "libxcb"),
    "libxcb-sync.so.1": ("libxcb-sync1", "libxcb", "libxcb"),
    "libxcb-util.so.1": ("libxcb-util1", "xcb-util", "xcb-util"),
    "libxcb-xfixes.so.0": ("libxcb-xfixes0", "libxcb", "libxcb"),
    "libxcb-xkb.so.1": ("libxcb-xkb1", "libxcb", "libxcb"),
    "libxcb.so.1": ("libxcb1", "libxcb", "libxcb"),
    "libxkbcommon-x11.so.0": ("libxkbcommon-x11-0", "libxkbcommon-x11", "libxkbcommon-x11"),
    "libxkbcommon.so.0": ("libxkbcommon0", "libxkbcommon", "libxkbcommon"),
    "libz.so.1": ("zlib1g", "zlib-ng-compat", "zlib"),
    "libzstd.so.1": ("libzstd1", "libzstd", "zstd"),
}

_INSTALL = (
    ("Debian, Ubuntu", "sudo apt-get install"),
    ("Fedora", "sudo dnf install"),
    ("Arch", "sudo pacman -S"),
)


def qt_folder() -> Path | None:
    """The ``Qt`` folder inside the installed PySide6, or ``None`` where there is none.

    A PySide6 that came with a Linux distribution has no such folder; there the distribution's own
    packages see to the libraries.
    """
    spec = importlib.util.find_spec("PySide6")
    if spec is None or not spec.submodule_search_locations:
        return None
    folder = Path(next(iter(spec.submodule_search_locations))) / "Qt"
    return folder if (folder / "plugins" / "platforms").is_dir() else None


def plugin_files(folder: Path, platform: str) -> list[Path]:
    """The plugin of a Qt platform such as ``xcb``, ``wayland`` or ``offscreen``; mostly one file."""
    return sorted((folder / "plugins" / "platforms").glob(f"libq{platform}*.so"))


def load_error(folder: Path, platform: str) -> str | None:
    """Why the plugin of ``platform`` cannot be loaded; ``None`` when it can."""
    files = plugin_files(folder, platform)
    if not files:
        present = sorted(file.stem.removeprefix("libq") for file in plugin_files(folder, ""))
        return f"it has no platform {platform!r}, only {', '.join(present)}"
    for file in files:
        try:
            ctypes.CDLL(str(file))
        except OSError as error:
            return str(error)
    return None


def missing_libraries(folder: Path, platform: str) -> list[str]:
    """The names of all shared libraries that the plugin of ``platform`` misses, e.g. ``libEGL.so.1``.

    Empty when it can be loaded, and also when ``ldd`` is missing or finds nothing amiss:
    :func:`load_error` then is all that can be said.
    """
    files = plugin_files(folder, platform)
    if not files or shutil.which("ldd") is None:
        return []
    result = subprocess.run(["ldd", *map(str, files)], capture_output=True, text=True, check=False)
    return not_found(result.stdout)


def not_found(listing: str) -> list[str]:
    """The libraries that a listing of ``ldd`` says are not found, each once, in order of their names."""
    lines = (line.strip() for line in listing.splitlines())
    return sorted({line.split(" => ")[0] for line in lines if line.endswith("=> not found")})


def packages(libraries: Iterable[str], family: int) -> list[str]:
    """The packages of a family of distributions that hold ``libraries``, as far as known."""
    return sorted({PACKAGES[name][family] for name in libraries if name in PACKAGES})


def describe(libraries: Iterable[str]) -> str:
    """What is missing and one line for each family of distributions that installs it."""
    names = list(libraries)
    lines = [f"Qt needs system libraries that are missing: {', '.join(names)}"]
    width = max(len(label) for label, _ in _INSTALL)
    if any(name in PACKAGES for name in names):
        lines += ["To install them:"]
        for family, (label, command) in enumerate(_INSTALL):
            lines.append(f"  {label:<{width}}  {command} {' '.join(packages(names, family))}")
    unknown = [name for name in names if name not in PACKAGES]
    if unknown:
        lines.append(
            f"No package is known here for {', '.join(unknown)}; "
            "apt-file, dnf provides and pacman -F find the package of a file."
        )
    return "\n".join(lines)
