"""The project's own virtual environment, ``.venv``, with exactly the locked packages in it.

:func:`prepare` is cheap when nothing has changed: a stamp in the environment holds a digest of what
was installed. Packages are installed from the lock only, by hash, as wheels, so that nothing is
resolved and nothing foreign is built on the way.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import linux_packages

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
RUN_LOCK = ROOT / "packaging" / "requirements.txt"
DEV_LOCK = ROOT / "packaging" / "requirements-dev.txt"

# Settings of pip that would put packages elsewhere or contradict the lock. Those that say where to
# get packages from (index, proxy, certificates) stay in force.
_PIP_VARIABLES = (
    "PIP_USER",
    "PIP_TARGET",
    "PIP_PREFIX",
    "PIP_ROOT",
    "PIP_REQUIRE_HASHES",
    "PIP_NO_BINARY",
    "PIP_CONSTRAINT",
    "PYTHONHOME",
    "PYTHONPATH",
    "__PYVENV_LAUNCHER__",
)


class SetupError(Exception):
    """The environment cannot be prepared; the message says why and what helps."""


@dataclass(frozen=True)
class Stamp:
    """What is in the environment: its place, and digests of the locks installed."""

    root: str = ""
    digests: tuple[str, ...] = ()

    @staticmethod
    def read(venv: Path) -> Stamp:
        """The stamp of an environment; an empty one when it has none, or a damaged one."""
        try:
            found = json.loads((venv / "nnsim-setup.json").read_text(encoding="utf-8"))
            return Stamp(str(found["root"]), tuple(map(str, found["digests"])))
        except (OSError, ValueError, KeyError, TypeError):
            return Stamp()

    def write(self, venv: Path) -> None:
        text = json.dumps({"root": self.root, "digests": self.digests}, indent=2)
        draft = venv / "nnsim-setup.json.new"
        draft.write_text(text + "\n", encoding="utf-8")
        draft.replace(venv / "nnsim-setup.json")


def python_of(venv: Path) -> Path:
    """The interpreter of an environment, existing or not."""
    return venv / "Scripts" / "python.exe" if os.name == "nt" else venv / "bin" / "python"


def site_packages_of(venv: Path) -> Path:
    """The folder of an environment's packages; it must exist."""
    if os.name == "nt":
        return venv / "Lib" / "site-packages"
    return next((venv / "lib").glob("python*/site-packages"))


def digest(lock: Path) -> str:
    """Changes whenever the packages of ``lock`` or the way the project is installed may change."""
    content = lock.read_bytes() + (ROOT / "pyproject.toml").read_bytes()
    return hashlib.sha256(content).hexdigest()


def prepare(lock: Path) -> Path:
    """See to it that the environment holds what ``lock`` names, and return its interpreter.

    The development lock includes the other one. Raises :class:`SetupError`.
    """
    python, stamp = python_of(VENV), Stamp.read(VENV)
    in_place = python.exists() and stamp.root == str(ROOT)
    if in_place and digest(lock) in stamp.digests:
        return python
    if not in_place or not _works(python):
        _create()
    print(f"Installing the packages of {lock.relative_to(ROOT)} into {VENV.name} …", flush=True)
    _pip(python, "--require-hashes", "--no-deps", "--only-binary=:all:", "--requirement", str(lock))
    _pip(python, "--quiet", "--no-index", "--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    held = {RUN_LOCK: (RUN_LOCK,), DEV_LOCK: (RUN_LOCK, DEV_LOCK)}[lock]
    Stamp(str(ROOT), tuple(map(digest, held))).write(VENV)
    return python


def _works(python: Path) -> bool:
    """Whether an interpreter starts, is new enough and has pip; a half-made environment has not."""
    check = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    try:
        return subprocess.run([python, "-c", check], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _create() -> None:
    """Make a fresh, empty environment in place of whatever is there."""
    if Path(sys.prefix).resolve() == VENV.resolve():
        raise SetupError(
            f"The environment {VENV} has to be made anew, and this Python is part of it.\n"
            "Leave it with `deactivate` and start the command again."
        )
    _need_ensurepip()
    print(f"Making {VENV} …", flush=True)
    if VENV.is_dir() and not VENV.is_symlink():
        shutil.rmtree(VENV)
    result = subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=False)
    if result.returncode != 0:
        raise SetupError(f"`{sys.executable} -m venv {VENV}` has failed; its messages are above.")
    # Should the installation fail, the next attempt goes on from here.
    Stamp(str(ROOT)).write(VENV)


def _need_ensurepip() -> None:
    """Debian and Ubuntu keep the part of Python that makes environments in a package of its own."""
    if all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
        return
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if linux_packages.can_install():
        linux_packages.install([package])
        return
    hint = f"  sudo apt-get install {package}" if linux_packages.has_apt() else "  (module ensurepip)"
    raise SetupError(
        f"This Python ({sys.executable}) lacks the part that makes environments:\n"
        f"{hint}\n"
        "Then start the command again."
    )


def _pip(python: Path, *arguments: str) -> None:
    """``pip install`` with these arguments. Raises :class:`SetupError` when it fails."""
    environ = {name: value for name, value in os.environ.items() if name not in _PIP_VARIABLES}
    command = [str(python), "-m", "pip", "install", "--disable-pip-version-check", "--no-input", *arguments]
    if subprocess.run(command, env=environ, cwd=ROOT, check=False).returncode != 0:
        raise SetupError(
            "pip could not install the packages; its messages are above.\n"
            "Without a network connection this cannot work the first time. If it says that there is no\n"
            "matching distribution, this Python or this system is one the packages are not made for."
        )
