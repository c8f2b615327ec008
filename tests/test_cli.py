"""The entry of the program: what it prints, how it ends, and what it does not import."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

import pytest

import nnsim
from nnsim import cli
from nnsim.commands import CommandError

ON_LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="about displays on Linux")
NO_DISPLAY = ("DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET", "QT_QPA_PLATFORM")


def run(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """The program in a process of its own, without a display."""
    inherited = {name: value for name, value in os.environ.items() if name not in NO_DISPLAY}
    return subprocess.run(
        [sys.executable, "-m", "nnsim", *arguments],
        env={**inherited, **environ},
        cwd=Path(nnsim.__file__).parent.parent,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_the_version_is_the_packages_own() -> None:
    result = run("--version")
    assert (result.returncode, result.stdout) == (0, f"nnsim {nnsim.__version__}\n")


def test_help_names_every_command() -> None:
    result = run("--help")
    assert result.returncode == 0
    assert all(f"nnsim {name} " in result.stdout for name in cli.COMMANDS)


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_describes_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main([name, "--help"])
    assert ended.value.code == 0
    argument = "NAME" if name == "examples" else "PROJECT"
    assert argument in capsys.readouterr().out


@ON_LINUX
def test_without_a_display_the_program_says_what_works_and_ends_with_2() -> None:
    result = run()
    assert result.returncode == 2
    assert "There is no display" in result.stderr
    for way in ("nnsim train", "nnsim trace", "nnsim check", "--self-test"):
        assert way in result.stderr
    assert result.stdout == ""


@ON_LINUX
def test_a_named_project_does_not_change_that() -> None:
    result = run("xor")
    assert result.returncode == 2
    assert "There is no display" in result.stderr


def test_an_unknown_option_ends_with_2() -> None:
    result = run("--nope")
    assert result.returncode == 2
    assert "--nope" in result.stderr


@pytest.mark.parametrize(
    "arguments", [["--version"], ["train", "--help"], ["trace", "no such project", "--sample", "0"]]
)
def test_no_command_imports_qt(arguments: list[str]) -> None:
    # -X importtime names every module that is imported, on standard error.
    result = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "nnsim", *arguments],
        cwd=Path(nnsim.__file__).parent.parent,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    modules = {line.rsplit("|", 1)[-1].strip().split(".")[0] for line in result.stderr.splitlines()}
    assert "nnsim" in modules
    assert not modules & {"PySide6", "shiboken6", "pyqtgraph"}


def test_numpy_is_imported_after_the_number_of_threads_is_set() -> None:
    code = (
        "import sys, os; from nnsim import cli; assert 'numpy' not in sys.modules\n"
        "try: cli.main(['trace', '--help'])\n"
        "except SystemExit: print(os.environ['OPENBLAS_NUM_THREADS'])"
    )
    environ = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    result = subprocess.run(
        [sys.executable, "-c", code], env=environ, cwd=Path(nnsim.__file__).parent.parent,
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert result.stdout.splitlines()[-1:] == ["1"], result.stderr


def test_a_refused_command_prints_its_reason_and_ends_with_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(args: argparse.Namespace) -> int:
        raise CommandError(f"There is no project {args.project!r}.")

    monkeypatch.setattr("nnsim.commands.check.run", refuse)
    assert cli.main(["check", "nowhere.nnsim"]) == 2
    captured = capsys.readouterr()
    assert captured.err == "nnsim: There is no project 'nowhere.nnsim'.\n"
    assert captured.out == ""


def test_the_exit_code_of_a_command_is_the_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nnsim.commands.check.run", lambda args: 1)
    assert cli.main(["check", "xor"]) == 1


def test_an_interrupted_command_ends_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(args: argparse.Namespace) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("nnsim.commands.check.run", interrupt)
    assert cli.main(["check", "xor"]) == 130


def test_a_console_without_greek_letters_still_gets_help() -> None:
    result = run("trace", "--help", PYTHONIOENCODING="ascii")
    assert result.returncode == 0
    assert "loss, ? and gradients" in " ".join(result.stdout.split())


@ON_LINUX
def test_a_reader_that_leaves_early_is_no_error() -> None:
    code = "import sys; from nnsim import cli; sys.exit(cli.main(['--help']))"
    # The reading end is closed before the program writes.
    read, write = os.pipe()
    os.close(read)
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    result = subprocess.run(
        [sys.executable, "-c", code], stdout=write, stderr=subprocess.PIPE, text=True, check=False,
        cwd=Path(nnsim.__file__).parent.parent, env=environ,
    )  # fmt: skip
    os.close(write)
    assert "Traceback" not in result.stderr and "Exception ignored" not in result.stderr
