"""System packages on Debian and Ubuntu, and the libraries that Qt needs from them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from nnsim import qt_libraries


def has_apt() -> bool:
    """Whether this is a system of the Debian family."""
    return sys.platform.startswith("linux") and shutil.which("apt-get") is not None


def can_install() -> bool:
    """Whether packages can be installed without asking: on such a system, as root."""
    return has_apt() and os.geteuid() == 0


def install(packages: list[str]) -> bool:
    """Install packages with apt-get; false when that fails. Its messages go to the terminal."""
    print(f"Installing system packages: {' '.join(packages)} …", flush=True)
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    # Without a network the lists cannot be renewed, but the packages may still be at hand.
    subprocess.run(["apt-get", "update", "-qq"], env=environ, check=False)
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    return subprocess.run(command, env=environ, check=False).returncode == 0


def complete_qt(site_packages: Path, platform: str) -> str | None:
    """Install what the plugin of a Qt platform misses, where that is possible.

    Returns a description of what is still missing, and ``None`` when nothing is.
    """
    folder = site_packages / "PySide6" / "Qt"
    if not sys.platform.startswith("linux") or not folder.is_dir():
        return None
    missing = qt_libraries.missing_libraries(folder, platform)
    wanted = qt_libraries.packages(missing, qt_libraries.DEBIAN)
    if wanted and can_install() and install(wanted):
        missing = qt_libraries.missing_libraries(folder, platform)
    return qt_libraries.describe(missing) if missing else None
