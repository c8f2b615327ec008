"""Makes the bundle, the program for machines without Python, and tries it.

The result is the folder ``dist/nnsim`` (on macOS also ``dist/nnsim.app``), to be copied as a whole.
The trial runs the finished program off screen in an environment that knows nothing of this one.
"""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "dist" / "nnsim"
PARTS = (
    "PySide6-Essentials", "shiboken6", "numpy", "pyqtgraph", "colorama", "msgspec", "platformdirs",
    "threadpoolctl",
)  # fmt: skip
_TRIAL_SECONDS = 300


def main() -> int:
    """Build, complete, try. Returns 0 when the finished program passes."""
    build = [
        *(sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN"),
        *("--distpath", str(ROOT / "dist"), "--workpath", str(ROOT / "build")),
        str(ROOT / "packaging" / "nnsim.spec"),
    ]
    if subprocess.run(build, cwd=ROOT, check=False).returncode != 0:
        print("PyInstaller has failed; its messages are above.", file=sys.stderr)
        return 1
    add_licences(FOLDER / "licences")
    if sys.platform.startswith("linux"):
        shutil.copy(ROOT / "packaging" / "nnsim.desktop", FOLDER)
        shutil.copy(ROOT / "resources" / "icons" / "nnsim.png", FOLDER)
    files = [path for path in FOLDER.rglob("*") if path.is_file() and not path.is_symlink()]
    megabytes = sum(path.stat().st_size for path in files) / 1e6
    print(f"{FOLDER.relative_to(ROOT)}: {len(files)} files, {megabytes:.0f} MB", flush=True)
    passed = all([try_out("--version"), try_out("--self-test")])
    print("The bundle works." if passed else "The bundle does not work.")
    return 0 if passed else 1


def add_licences(folder: Path) -> None:
    """Put the licence of every part of the bundle beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / "LICENSE", folder / "nnsim.txt")
    for text in (ROOT / "packaging" / "licences").glob("*.txt"):
        shutil.copy(text, folder / text.name)
    about = ["This bundle holds the following parts beside nnsim itself.", ""]
    for name in PARTS:
        distribution = importlib.metadata.distribution(name)
        meta = distribution.metadata
        terms = next((meta[key] for key in ("License-Expression", "License") if key in meta), "see its files")
        about.append(f"{meta['Name']} {distribution.version}: {terms.splitlines()[0]}")
        for file in distribution.files or []:
            if file.name.upper().startswith(("LICENSE", "LICENCE", "COPYING")):
                kept = folder / name / str(file).split("licenses/")[-1]
                kept.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(str(file.locate()), kept)
    about += [f"Python {sys.version.split()[0]}: PSF-2.0, https://docs.python.org/3/license.html"]
    about += [
        "",
        "Qt and Qt for Python are used under the LGPL 3, as separate libraries in this folder that may be",
        "replaced; their sources are at https://download.qt.io/official_releases/QtForPython/.",
    ]
    (folder / "README.txt").write_text("\n".join(about) + "\n", encoding="utf-8")


def program() -> Path:
    """The finished program, the one that can print."""
    return FOLDER / ("nnsim-cli.exe" if os.name == "nt" else "nnsim")


def try_out(option: str) -> bool:
    """Whether the finished program ends well with this option, far from this folder and from Python."""
    kept = ("SYSTEMROOT", "TEMP", "TMP", "LANG")
    with tempfile.TemporaryDirectory() as home:
        environ = {name: os.environ[name] for name in kept if name in os.environ}
        environ |= {"HOME": home, "USERPROFILE": home, "APPDATA": home, "LOCALAPPDATA": home}
        environ |= {"PATH": os.defpath}
        print(f"$ {program().name} {option}", flush=True)
        try:
            command = [str(program()), option]
            result = subprocess.run(command, env=environ, cwd=home, check=False, timeout=_TRIAL_SECONDS)
        except subprocess.TimeoutExpired:
            print(f"no end after {_TRIAL_SECONDS} seconds", file=sys.stderr)
            return False
    return result.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
