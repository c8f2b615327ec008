"""The promises about files, counted as often as before a release: kills, mutations, random documents."""

from __future__ import annotations

import importlib.util
import random
import sys
from pathlib import Path
from types import ModuleType

import pytest

_SUITE = Path(__file__).parents[1] / "io"


def _part(name: str) -> ModuleType:
    """A test file of the fast suite, whose tools are used here."""
    spec = importlib.util.spec_from_file_location(f"deep_{name}", _SUITE / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


documents, projects = _part("conftest"), _part("test_project_file")
hostile, saving, tables = _part("test_hostile_files"), _part("test_saving"), _part("test_tables")

MEMORY = 300 * 2**20


def _peak_memory() -> int:
    """The most this process has used so far, in bytes; 0 on Windows, which cannot tell."""
    if sys.platform == "win32":
        return 0
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", range(20))
def test_a_hundred_kills_during_saving_never_cost_the_file(tmp_path: Path, seed: int) -> None:
    saving.kill_writers(tmp_path, kills=100, seed=1_000 + seed)


@pytest.mark.parametrize("block", range(50))
def test_a_hundred_random_documents_come_back_byte_for_byte(block: int) -> None:
    for seed in range(1_000 + 100 * block, 1_100 + 100 * block):
        projects.assert_same_after_saving(documents.make_project(seed))


@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", range(50))
def test_two_thousand_mutated_projects_are_opened_or_refused_in_words(seed: int) -> None:
    before = _peak_memory()
    sources = hostile.all_sources(documents.make_project)
    outcomes = hostile.attack(sources, 2_000, seed=10_000 + seed)
    assert sum(outcomes.values()) == 2_000 and len(outcomes) == 3
    assert _peak_memory() - before < MEMORY


@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", range(20))
def test_a_thousand_mutated_tables_are_read_or_refused_in_words(seed: int) -> None:
    before = _peak_memory()
    refused = tables.attack(1_000, random.Random(10_000 + seed))
    assert 100 < refused < 1_000
    assert _peak_memory() - before < MEMORY
