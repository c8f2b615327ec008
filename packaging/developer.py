"""The commands of ``dev.py``. Only the standard library is needed to start them."""

from __future__ import annotations

import argparse
import io
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import linux_packages
from virtual_environment import DEV_LOCK, ROOT, RUN_LOCK, VENV, SetupError, prepare, site_packages_of

from nnsim import environment

_HELP = """\
commands; what follows them is passed on:
  run [...]     set up what the program needs, and start it:  run --help, run train xor --epochs 100
  test [...]    set up what the tests need, and run them:     test -k xor, test tests/deep, test -n auto
  lint [--fix]  check style, formatting and types, or put right what can be
  bundle        make the program that runs without Python, in dist/, and try it
  icons         draw the icon files anew from resources/icons/nnsim.svg
  lock          write packaging/requirements*.txt anew; needs uv

Everything is installed into .venv, nothing else on this machine is touched; only as root on Debian
and Ubuntu are missing system libraries installed with apt-get."""


def main(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    # Some consoles on Windows lack the letters we print.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    commands = {"run": run, "test": test, "lint": lint, "bundle": bundle, "icons": icons, "lock": lock}
    parser = argparse.ArgumentParser(
        prog="python packaging/dev.py",
        usage="%(prog)s COMMAND ...",
        epilog=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", metavar="COMMAND", choices=commands, help=argparse.SUPPRESS)
    args = parser.parse_args(arguments[:1])
    try:
        return commands[args.command](list(arguments[1:]))
    except SetupError as error:
        print(f"\n{error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def run(arguments: list[str]) -> int:
    """Start the program. What is missing and cannot be installed, the program itself says."""
    python = prepare(RUN_LOCK)
    if linux_packages.can_install():
        linux_packages.complete_qt(site_packages_of(VENV), _platform())
    return _become([str(python), "-m", "nnsim", *arguments])


def test(arguments: list[str]) -> int:
    """Run the tests, which show their windows off screen; all of them by as many processes as cores."""
    python = prepare(DEV_LOCK)
    missing = linux_packages.complete_qt(site_packages_of(VENV), "offscreen")
    if missing:
        raise SetupError(missing)
    chosen = arguments or ["--numprocesses", "auto", "--dist", "loadfile"]
    return _become([str(python), "-m", "pytest", *chosen], ROOT)


def lint(arguments: list[str]) -> int:
    """Check everything, also when an early check fails; ``--fix`` repairs first."""
    python = prepare(DEV_LOCK)
    steps = [["ruff", "check"], ["ruff", "format", "--check"], ["mypy"]]
    if arguments == ["--fix"]:
        steps = [["ruff", "check", "--fix"], ["ruff", "format"], ["mypy"]]
    elif arguments:
        raise SetupError(f"lint knows only --fix, not {' '.join(arguments)}.")
    return max(_call([str(python), "-m", *step]) for step in steps)


def bundle(arguments: list[str]) -> int:
    """Make the bundle and run its self-test."""
    python = prepare(DEV_LOCK)
    if sys.platform.startswith("linux"):
        if shutil.which("objcopy") is None and not (
            linux_packages.can_install() and linux_packages.install(["binutils"])
        ):
            raise SetupError("PyInstaller needs objcopy, which is in the package binutils.")
        # A library that is missing here would be missing in the bundle.
        missing = linux_packages.complete_qt(site_packages_of(VENV), "xcb")
        if missing:
            raise SetupError(missing)
    return _call([str(python), str(ROOT / "packaging" / "bundle.py"), *arguments])


def icons(arguments: list[str]) -> int:
    """Draw the icons. Needs Qt, hence the environment."""
    python = prepare(RUN_LOCK)
    return _call([str(python), str(ROOT / "packaging" / "icons.py"), *arguments])


def lock(arguments: list[str]) -> int:
    """Resolve the dependencies for all systems. ``--upgrade`` takes the newest versions."""
    uv = shutil.which("uv")
    if uv is None:
        raise SetupError("lock needs uv:  python -m pip install uv")
    common = [
        *(uv, "pip", "compile", "pyproject.toml", "--universal", "--generate-hashes"),
        *("--python-version", "3.11", "--custom-compile-command", "python packaging/dev.py lock"),
        *("--quiet", *arguments),
    ]
    run_lock, dev_lock = (str(path.relative_to(ROOT)) for path in (RUN_LOCK, DEV_LOCK))
    return _call([*common, "--group", "build", "--output-file", run_lock]) or _call(
        [*common, "--group", "dev", "--constraint", run_lock, "--output-file", dev_lock]
    )


def _platform() -> str:
    """The Qt platform that the program will use here; without a display the one that needs none."""
    names = environment.qt_platforms(os.environ)
    usable = [name for name in names if environment.display_problem(name, os.environ) is None]
    return usable[0] if usable else "offscreen"


def _call(command: list[str]) -> int:
    print(f"$ {Path(command[0]).name} {' '.join(command[1:])}", flush=True)
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def _become(command: list[str], folder: Path | None = None) -> int:
    """Go on as another program, in ``folder`` if given; where there is no such thing, wait for it."""
    if os.name == "nt":
        return subprocess.run(command, cwd=folder, check=False).returncode
    sys.stdout.flush()
    if folder is not None:
        os.chdir(folder)
    os.execv(command[0], command)
