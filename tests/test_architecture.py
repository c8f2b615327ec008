"""The house keeps its shape: who may import whom, what the arithmetic may touch, and what is forbidden.

The rules are checked on the syntax trees of the sources. Each rule is also tried on a small made-up
source that breaks it, so that a rule that has gone blind is noticed.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "nnsim"

QT = {"PySide6", "shiboken6", "pyqtgraph"}
GROUND = {"resources", "environment", "qt_libraries"}
ROOMS = ["core", "model", "io", "engine", "lessons", "session", "ui"]
TOP = {"commands", "app", "self_test", "cli"}


@dataclass(frozen=True)
class Rule:
    """What one room may import: rooms of ours, and packages of others beside the standard library."""

    rooms: frozenset[str]
    packages: frozenset[str]


def rule(rooms: set[str], packages: set[str]) -> Rule:
    return Rule(frozenset(rooms), frozenset(packages))


# One line for each room: the table of the design. A module at the top of the package is a room too.
RULES = {
    "__init__": rule(set(), set()),
    "resources": rule(set(), set()),
    "qt_libraries": rule(set(), set()),
    "environment": rule({"qt_libraries"}, set()),
    "core": rule(set(), {"numpy", "threadpoolctl"}),
    "model": rule({"core"}, {"numpy"}),
    "io": rule({"core", "model", "resources"}, {"numpy", "msgspec"}),
    "engine": rule({"core", "model"}, {"numpy"}),
    "lessons": rule({"core", "model", "io", "engine", "resources"}, {"numpy", "msgspec"}),
    "session": rule({*ROOMS[:5], *GROUND}, {"numpy", "msgspec", "platformdirs"}),
    "ui": rule({*ROOMS[:6], *GROUND}, {"numpy"} | QT),
    "commands": rule({*ROOMS[:6], *GROUND}, {"numpy", "msgspec"}),
    "app": rule({*ROOMS, *GROUND}, {"numpy"} | QT),
    # It drives the window as app does, and looks at the picture.
    "self_test": rule({*ROOMS, *GROUND, "app"}, {"numpy"} | QT),
    "cli": rule({*ROOMS[:6], *GROUND, "commands", "app", "self_test"}, set()),
    "__main__": rule({"cli"}, set()),
}

# The arithmetic has no files, threads, clocks, randomness of its own, or other ways out.
CORE_LEAVES_ALONE = {
    *("threading", "_thread", "queue", "multiprocessing", "concurrent", "asyncio", "subprocess"),
    *("time", "datetime", "sched", "signal", "random", "secrets"),
    *("io", "os", "pathlib", "shutil", "tempfile", "glob", "csv", "json", "sqlite3", "socket"),
    *("logging", "warnings", "ctypes", "sys"),
}
CORE_NEVER_CALLS = {"open", "print", "input"}

# No code comes from files, and no shell is started.
FORBIDDEN_MODULES = {"pickle", "cPickle", "_pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib"}
FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__"}
FORBIDDEN_DOTTED = {"os.system", "os.popen", "builtins.eval", "builtins.exec", "builtins.compile"}
FORBIDDEN_NAMES = {"QDataStream", "QSettings"}
FORBIDDEN_KEYWORDS = {"allow_pickle", "shell"}

LONGEST_FILE = 400
TOP_LEVEL = {"pyproject.toml", "README.md", "LICENSE", "nnsim", "resources", "tests", "packaging"}
MADE_BY_TOOLS = {"build", "dist", "__pycache__"}


def room_of(module: str) -> str:
    """``nnsim.core.losses`` belongs to ``core``, ``nnsim.cli`` to ``cli``, ``nnsim`` to ``__init__``."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def module_of(path: Path) -> str:
    """The dotted name of a source file of the package."""
    parts = list(path.relative_to(ROOT).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


def imported(tree: ast.AST, module: str, is_package: bool = False) -> Iterator[tuple[int, str]]:
    """Line and full name of everything imported anywhere in a module, relative imports resolved.

    ``from a import b`` gives ``a.b``, since b may be a module.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = module.split(".")
                above = above[: len(above) - node.level + is_package]
                base = ".".join([*above, *([base] if base else [])])
            for alias in node.names:
                yield node.lineno, f"{base}.{alias.name}"


def import_faults(source: str, module: str, is_package: bool = False) -> list[str]:
    """Imports that the table does not allow to the room of ``module``, or hides from it."""
    room = room_of(module)
    if room not in RULES:
        return [f"{module}: the room {room!r} is not in the table"]
    tree = ast.parse(source)
    faults = [
        f"{module}:{node.lineno}: an import by name cannot be checked"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module")
    ]
    for line, name in imported(tree, module, is_package):
        first = name.split(".")[0]
        if first == "nnsim":
            target = name.split(".")[1] if name.count(".") else "__init__"
            own = target == room or target == "__version__"
            allowed = own or target in RULES[room].rooms
        else:
            allowed = first in RULES[room].packages or first in sys.stdlib_module_names
        if not allowed:
            faults.append(f"{module}:{line}: {room} must not import {name}")
    return faults


def core_faults(source: str, module: str) -> list[str]:
    """What the arithmetic must not touch: files, threads, clocks, global state, global randomness."""
    tree = ast.parse(source)
    faults = [
        f"{module}:{line}: core must not import {name}"
        for line, name in imported(tree, module)
        if name.split(".")[0] in CORE_LEAVES_ALONE
    ]
    for node in ast.walk(tree):
        if isinstance(node, ast.Global):
            faults.append(f"{module}:{node.lineno}: core has no module state ({', '.join(node.names)})")
        elif isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            if name in CORE_NEVER_CALLS:
                faults.append(f"{module}:{node.lineno}: core must not call {name}")
            elif name.startswith(("np.random.", "numpy.random.")) and not (node.args or node.keywords):
                faults.append(f"{module}:{node.lineno}: {name}() is seeded by the clock")
            elif name in ("np.random.seed", "np.load", "np.save", "np.savez", "np.loadtxt", "np.genfromtxt"):
                faults.append(f"{module}:{node.lineno}: core must not call {name}")
    return faults


def danger_faults(source: str, name: str) -> list[str]:
    """Ways in which code could come out of a file or a shell."""
    tree = ast.parse(source)
    faults = [
        f"{name}:{line}: {what} is forbidden"
        for line, what in imported(tree, "nnsim.x")
        if what.split(".")[0] in FORBIDDEN_MODULES or what.split(".")[-1] in FORBIDDEN_NAMES
    ]
    # A function or module of ours may be called `compile`; only the built-in one is meant.
    ours = {alias.asname or alias.name for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)
            for alias in n.names if n.module and n.module.startswith("nnsim")}  # fmt: skip
    ours |= {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in FORBIDDEN_NAMES:
            faults.append(f"{name}:{node.lineno}: {node.attr} is forbidden")
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        built_in = isinstance(node.func, ast.Name) and called in FORBIDDEN_CALLS - ours
        if built_in or called in FORBIDDEN_DOTTED:
            faults.append(f"{name}:{node.lineno}: {called}() is forbidden")
        for keyword in node.keywords:
            off = isinstance(keyword.value, ast.Constant) and keyword.value.value is False
            if keyword.arg in FORBIDDEN_KEYWORDS and not off:
                faults.append(f"{name}:{node.lineno}: {keyword.arg} is forbidden")
    return faults


def length_faults(source: str, name: str) -> list[str]:
    lines = len(source.splitlines())
    return [f"{name}: {lines} lines, {LONGEST_FILE} at most"] if lines > LONGEST_FILE else []


def top_level_faults(names: set[str]) -> list[str]:
    """Entries at the root of the repository that do not belong there, and those that are missing."""
    seen = {n for n in names - MADE_BY_TOOLS if not n.startswith(".") and not n.endswith(".egg-info")}
    return [f"{n} does not belong at the top" for n in sorted(seen - TOP_LEVEL)] + [
        f"{n} is missing at the top" for n in sorted(TOP_LEVEL - seen)
    ]


def sources(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


# -- the house as it is --------------------------------------------------------------------------


def test_imports_only_point_down() -> None:
    files = sources("nnsim")
    assert len(files) > 20
    faults = [
        fault
        for path in files
        for fault in import_faults(
            path.read_text(encoding="utf-8"), module_of(path), path.name == "__init__.py"
        )
    ]
    assert faults == []


def test_the_arithmetic_knows_no_files_threads_clocks_or_state() -> None:
    files = sources("nnsim/core")
    assert files
    faults = [f for path in files for f in core_faults(path.read_text(encoding="utf-8"), module_of(path))]
    assert faults == []


def test_no_code_comes_from_files_or_shells() -> None:
    faults = [
        fault
        for path in sources("nnsim", "packaging", "tests")
        for fault in danger_faults(path.read_text(encoding="utf-8"), str(path.relative_to(ROOT)))
    ]
    assert faults == []


def test_no_source_file_is_long() -> None:
    faults = [
        fault
        for path in sources("nnsim", "packaging", "tests")
        for fault in length_faults(path.read_text(encoding="utf-8"), str(path.relative_to(ROOT)))
    ]
    assert faults == []


def test_nothing_else_lies_at_the_top_of_the_repository() -> None:
    assert top_level_faults({path.name for path in ROOT.iterdir()}) == []


def test_every_folder_and_module_of_the_package_is_in_the_table() -> None:
    names = {p.stem for p in PACKAGE.iterdir() if p.suffix == ".py"}
    names |= {p.name for p in PACKAGE.iterdir() if (p / "__init__.py").is_file()}
    assert names - RULES.keys() == set()


# -- the rules themselves ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("nnsim.core.losses", "import nnsim.model.project"),
        ("nnsim.core.losses", "from nnsim.model.project import Project"),
        ("nnsim.core.losses", "from nnsim import resources"),
        ("nnsim.core.losses", "from ..model import project"),
        ("nnsim.core.losses", "import msgspec"),
        ("nnsim.core.losses", "import scipy.special"),
        ("nnsim.core.connections.dense", "from ...ui import theme"),
        ("nnsim.model.project", "from nnsim.io import saving"),
        ("nnsim.io.saving", "from nnsim.session.session import Session"),
        ("nnsim.engine.worker", "from nnsim.io import saving"),
        ("nnsim.engine.worker", "from PySide6.QtCore import QThread"),
        ("nnsim.session.session", "import pyqtgraph as pg"),
        ("nnsim.session.session", "def f():\n    from nnsim.ui import theme"),
        ("nnsim.session.session", "if TYPE_CHECKING:\n    from nnsim.ui.theme import Theme"),
        ("nnsim.ui.theme", "from nnsim.app import run"),
        ("nnsim.commands.train", "from nnsim.ui import numbers"),
        ("nnsim.commands.train", "from PySide6 import QtCore"),
        ("nnsim.cli", "import PySide6"),
        ("nnsim.environment", "import PySide6"),
        ("nnsim.attic.old", "import math"),
        ("nnsim.ui.theme", "import importlib\nimportlib.import_module('nnsim.' + name)"),
    ],
)
def test_an_import_that_points_up_or_out_is_found(module: str, source: str) -> None:
    assert len(import_faults(source, module)) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("nnsim.core.losses", "import math\nimport numpy as np\nfrom nnsim.core import arrays"),
        ("nnsim.core.connections.dense", "from .base import Connection"),
        ("nnsim.engine.worker", "import threading, queue\nfrom nnsim.model.compile import Compiled"),
        ("nnsim.ui.theme", "from PySide6.QtGui import QFont\nfrom nnsim.resources import resource_path"),
        ("nnsim.app", "import pyqtgraph\nfrom nnsim.ui.theme import Theme\nfrom nnsim import __version__"),
    ],
)
def test_an_import_that_points_down_is_allowed(module: str, source: str) -> None:
    assert import_faults(source, module) == []


def test_relative_imports_of_a_package_are_resolved_from_the_package_itself() -> None:
    assert import_faults("from .base import Connection", "nnsim.core.connections", True) == []
    assert len(import_faults("from ...ui import theme", "nnsim.core.connections", True)) == 1


@pytest.mark.parametrize(
    "source",
    [
        "import threading",
        "import time",
        "from pathlib import Path",
        "import random",
        "x = open('a')",
        "print(1)",
        "x = 1\ndef f():\n    global x",
        "rng = np.random.default_rng()",
        "np.random.seed(1)",
        "np.load(path)",
    ],
)
def test_arithmetic_that_reaches_out_is_found(source: str) -> None:
    assert len(core_faults(source, "nnsim.core.losses")) == 1


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "from marshal import loads",
        "import shelve as s",
        "eval('1')",
        "exec(text)",
        "compile(text, 'f', 'exec')",
        "__import__(name)",
        "os.system('ls')",
        "np.load(f, allow_pickle=True)",
        "np.load(f, allow_pickle=flag)",
        "subprocess.run(c, shell=True)",
        "from PySide6.QtCore import QSettings",
        "QtCore.QDataStream(d)",
    ],
)
def test_a_way_for_code_to_come_in_is_found(source: str) -> None:
    assert len(danger_faults(source, "made up")) == 1


@pytest.mark.parametrize(
    "source",
    [
        "dialog.exec()",
        "import re\nre.compile('a')",
        "from nnsim.model.compile import compile\ncompile(project)",
        "np.load(f, allow_pickle=False)",
        "text = 'eval, exec and pickle are only words here'",
    ],
)
def test_what_only_looks_dangerous_is_allowed(source: str) -> None:
    assert danger_faults(source, "made up") == []


def test_a_long_file_is_found() -> None:
    assert length_faults("x\n" * 400, "made up") == []
    assert len(length_faults("x\n" * 401, "made up")) == 1


def test_a_stray_entry_at_the_top_is_found() -> None:
    assert top_level_faults(TOP_LEVEL | {".git", ".venv", "build"}) == []
    assert len(top_level_faults(TOP_LEVEL | {"notes.txt"})) == 1
    assert len(top_level_faults(TOP_LEVEL - {"README.md"})) == 1
