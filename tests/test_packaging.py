"""Setting up: what is locked, when something is installed, what is said when it cannot be, the icons."""

from __future__ import annotations

import ast
import importlib
import json
import re
import struct
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGING = ROOT / "packaging"
ON_LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="about Linux")


def tool(name: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A module of ``packaging/``, whose scripts find each other by lying side by side."""
    monkeypatch.syspath_prepend(str(PACKAGING))
    return (
        importlib.reload(importlib.import_module(name))
        if name in sys.modules
        else importlib.import_module(name)
    )


def locked(file: str) -> dict[str, list[str]]:
    """Versions by package of a lock; there may be several, for different Pythons."""
    text = (PACKAGING / file).read_text(encoding="utf-8")
    versions: dict[str, list[str]] = {}
    for name, version in re.findall(r"^([a-z0-9._-]+)==([^ ;\\]+)", text, re.MULTILINE):
        versions.setdefault(name, []).append(version)
    return versions


def names(requirements: list[object]) -> set[str]:
    return {re.split(r"[<>=!~;\[ ]", r)[0].lower() for r in requirements if isinstance(r, str)}


# -- the lock ------------------------------------------------------------------------------------


def test_the_lock_holds_everything_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    wanted = names(project["project"]["dependencies"]) | names(groups["build"])
    assert wanted <= locked("requirements.txt").keys()
    assert wanted | names(groups["dev"]) <= locked("requirements-dev.txt").keys()


def test_what_runs_is_what_is_tested() -> None:
    run, dev = locked("requirements.txt"), locked("requirements-dev.txt")
    assert {name: dev.get(name) for name in run} == run


def test_pyside_is_locked_to_a_version_without_the_fault() -> None:
    assert locked("requirements.txt")["pyside6-essentials"] == ["6.11.3"]
    assert locked("requirements.txt")["shiboken6"] == ["6.11.3"]


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_every_locked_package_has_hashes_and_no_address(file: str) -> None:
    text = (PACKAGING / file).read_text(encoding="utf-8")
    entries = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert len(entries) == sum(map(len, locked(file).values()))
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in text and "--index" not in text and "--find-links" not in text


# -- the environment -----------------------------------------------------------------------------


class Machine:
    """Records what setting up would do, and keeps it away from the real environment."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.done: list[str] = []
        self.works = True
        self.module = tool("virtual_environment", monkeypatch)
        self.venv = folder / ".venv"
        monkeypatch.setattr(self.module, "VENV", self.venv)
        monkeypatch.setattr(self.module, "_create", self._create)
        monkeypatch.setattr(self.module, "_works", lambda python: self.works)
        monkeypatch.setattr(self.module, "_pip", lambda python, *options: self.done.append(" ".join(options)))

    def _create(self) -> None:
        python = self.module.python_of(self.venv)
        python.parent.mkdir(parents=True, exist_ok=True)
        python.touch()
        self.done.append("created")

    def prepare(self, lock: str) -> list[str]:
        """What preparing for a lock does."""
        self.done = []
        self.module.prepare(getattr(self.module, lock))
        return self.done


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(tmp_path, monkeypatch)


def test_the_first_start_installs_from_the_lock_by_hash_and_builds_nothing_foreign(machine: Machine) -> None:
    created, packages, project = machine.prepare("RUN_LOCK")
    assert created == "created"
    for option in ("--require-hashes", "--no-deps", "--only-binary=:all:"):
        assert option in packages
    assert packages.endswith("requirements.txt")
    for option in ("--no-index", "--no-deps", "--no-build-isolation", "--editable"):
        assert option in project


def test_the_second_start_does_nothing(machine: Machine) -> None:
    machine.prepare("RUN_LOCK")
    assert machine.prepare("RUN_LOCK") == []


def test_tests_install_more_and_running_then_needs_nothing(machine: Machine) -> None:
    machine.prepare("RUN_LOCK")
    packages, _ = machine.prepare("DEV_LOCK")
    assert packages.endswith("requirements-dev.txt")
    assert machine.prepare("RUN_LOCK") == []
    assert machine.prepare("DEV_LOCK") == []


def test_another_lock_is_installed_into_the_same_environment(machine: Machine) -> None:
    machine.prepare("RUN_LOCK")
    stamp = machine.venv / "nnsim-setup.json"
    content = json.loads(stamp.read_text(encoding="utf-8"))
    stamp.write_text(json.dumps({**content, "digests": ["of an older lock"]}), encoding="utf-8")
    assert [step.split()[0] for step in machine.prepare("RUN_LOCK")] == ["--require-hashes", "--quiet"]


@pytest.mark.parametrize("damage", ["moved", "no stamp", "torn stamp", "no python", "no pip"])
def test_an_environment_that_cannot_be_trusted_is_made_anew(machine: Machine, damage: str) -> None:
    machine.prepare("RUN_LOCK")
    stamp = machine.venv / "nnsim-setup.json"
    if damage == "moved":
        stamp.write_text(
            stamp.read_text(encoding="utf-8").replace('"root": "', '"root": "/away'), encoding="utf-8"
        )
    elif damage == "no stamp":
        stamp.unlink()
    elif damage == "torn stamp":
        stamp.write_text('{"root": ', encoding="utf-8")
    elif damage == "no python":
        machine.module.python_of(machine.venv).unlink()
    else:
        machine.works = False
    assert machine.prepare("DEV_LOCK")[0] == "created"


def test_an_installation_that_failed_is_gone_on_with(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(python: Path, *options: str) -> None:
        raise machine.module.SetupError("no network")

    with monkeypatch.context() as context:
        context.setattr(machine.module, "_pip", fail)
        with pytest.raises(machine.module.SetupError, match="no network"):
            machine.prepare("RUN_LOCK")
    # The real `_create` leaves a stamp without digests behind.
    machine.module.Stamp(str(ROOT)).write(machine.venv)
    assert machine.prepare("RUN_LOCK")[0].startswith("--require-hashes")


@pytest.mark.parametrize("root", [True, False])
def test_a_python_without_ensurepip_gets_it_or_a_sentence(
    monkeypatch: pytest.MonkeyPatch, root: bool
) -> None:
    module = tool("virtual_environment", monkeypatch)
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    installed: list[list[str]] = []
    monkeypatch.setattr(module.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(module.linux_packages, "has_apt", lambda: True)
    monkeypatch.setattr(module.linux_packages, "can_install", lambda: root)
    monkeypatch.setattr(module.linux_packages, "install", installed.append)
    if root:
        module._need_ensurepip()
        assert installed == [[package]]
    else:
        with pytest.raises(module.SetupError, match=f"sudo apt-get install {package}"):
            module._need_ensurepip()
        assert installed == []


# -- system libraries ----------------------------------------------------------------------------


@ON_LINUX
@pytest.mark.parametrize("root", [True, False])
def test_missing_libraries_are_installed_by_root_and_named_to_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, root: bool
) -> None:
    module = tool("linux_packages", monkeypatch)
    (tmp_path / "PySide6" / "Qt").mkdir(parents=True)
    missing = ["libEGL.so.1", "libxcb-cursor.so.0"]
    installed: list[str] = []

    def install(packages: list[str]) -> bool:
        installed.extend(packages)
        missing.clear()
        return True

    monkeypatch.setattr(module.qt_libraries, "missing_libraries", lambda folder, platform: list(missing))
    monkeypatch.setattr(module, "can_install", lambda: root)
    monkeypatch.setattr(module, "install", install)
    said = module.complete_qt(tmp_path, "xcb")
    if root:
        assert said is None
        assert installed == ["libegl1", "libxcb-cursor0"]
    else:
        assert installed == []
        assert said is not None and "sudo apt-get install libegl1 libxcb-cursor0" in said


# -- commands ------------------------------------------------------------------------------------


def test_an_old_python_can_read_the_script_that_turns_it_away() -> None:
    source = (PACKAGING / "dev.py").read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 4))
    first = next(node for node in ast.parse(source).body if isinstance(node, ast.If))
    assert "sys.version_info < (3, 11)" in ast.unparse(first.test)


def test_the_readme_names_commands_that_exist() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    used = set(re.findall(r"python packaging/dev\.py (\w+)", readme))
    assert {"run", "test"} <= used
    result = subprocess.run(
        [sys.executable, str(PACKAGING / "dev.py"), "--help"], capture_output=True, text=True,
        encoding="utf-8", check=True,
    )  # fmt: skip
    assert used <= set(re.findall(r"^  (\w+)", result.stdout, re.MULTILINE))


def test_an_unknown_command_is_refused_with_the_known_ones() -> None:
    result = subprocess.run(
        [sys.executable, str(PACKAGING / "dev.py"), "polish"], capture_output=True, text=True, check=False
    )
    assert result.returncode == 2
    assert "polish" in result.stderr and "run" in result.stderr


def test_the_libraries_in_the_readme_are_packages_of_the_table() -> None:
    from nnsim.qt_libraries import PACKAGES

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for family, label in enumerate(("Debian, Ubuntu", "Fedora", "Arch")):
        (row,) = re.findall(rf"^\| {label} \| `(.+)` \|$", readme, re.MULTILINE)
        assert set(row.split()) <= {packages[family] for packages in PACKAGES.values()}


# -- icons ---------------------------------------------------------------------------------------

PNG = b"\x89PNG\r\n\x1a\n"


def test_the_windows_icon_holds_a_png_image_of_every_size(monkeypatch: pytest.MonkeyPatch) -> None:
    data = (ROOT / "resources" / "icons" / "nnsim.ico").read_bytes()
    kind, count = struct.unpack("<HH", data[2:6])
    assert kind == 1
    found = set()
    for i in range(count):
        width, height, *_, length, place = struct.unpack("<BBBBHHII", data[6 + 16 * i : 22 + 16 * i])
        image = data[place : place + length]
        assert image.startswith(PNG)
        assert struct.unpack(">II", image[16:24]) == (width or 256, height or 256)
        found.add(width or 256)
    assert {16, 32, 48, 256} <= found


def test_the_macos_icon_is_a_sequence_of_png_images_that_fills_the_file() -> None:
    data = (ROOT / "resources" / "icons" / "nnsim.icns").read_bytes()
    assert data[:4] == b"icns" and struct.unpack(">I", data[4:8]) == (len(data),)
    place, sizes = 8, set()
    while place < len(data):
        (length,) = struct.unpack(">I", data[place + 4 : place + 8])
        image = data[place + 8 : place + length]
        assert image.startswith(PNG)
        sizes.add(struct.unpack(">II", image[16:24])[0])
        place += length
    assert place == len(data) and {16, 32, 128, 256, 512, 1024} <= sizes


def test_the_icon_files_are_those_of_the_drawing(qapp: object, monkeypatch: pytest.MonkeyPatch) -> None:
    from PySide6.QtGui import QImage
    from PySide6.QtSvg import QSvgRenderer

    icons = tool("icons", monkeypatch)
    renderer = QSvgRenderer(str(ROOT / "resources" / "icons" / "nnsim.svg"))
    drawn = QImage.fromData(icons.png(renderer, 64)).convertToFormat(QImage.Format.Format_ARGB32)
    kept = QImage(str(ROOT / "resources" / "icons" / "nnsim.png")).scaled(drawn.size())
    kept = kept.convertToFormat(QImage.Format.Format_ARGB32)
    # Scaling blurs edges; a place inside each shape is enough to tell an old drawing from a new one.
    for x, y in ((18, 18), (18, 45), (36, 32), (52, 10)):
        a, b = drawn.pixelColor(x, y), kept.pixelColor(x, y)
        assert all(abs(p - q) <= 8 for p, q in zip(a.getRgb(), b.getRgb(), strict=True))


# -- the package ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["wheel", "editable"])
def test_a_wheel_carries_the_resources_and_an_editable_installation_does_not(
    tmp_path: Path, kind: str
) -> None:
    pytest.importorskip("hatchling")
    code = f"import hatchling.build as b; print(b.build_{kind}({str(tmp_path)!r}))"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        files = archive.namelist()
    assert ("nnsim/_resources/fonts/Inter-Regular.otf" in files) is (kind == "wheel")
    assert ("nnsim/cli.py" in files) is (kind == "wheel")
    assert not any(file.startswith(("resources/", "tests/", "packaging/")) for file in files)
    assert not any("screenshots" in file for file in files)
