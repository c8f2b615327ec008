"""The promises about files, counted as often as before a release: kills, mutations, random documents."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest
from fast_suite import part

documents, projects = part("io/conftest.py"), part("io/test_project_file.py")
hostile, saving = part("io/test_hostile_files.py"), part("io/test_saving.py")
tables = part("io/test_tables.py")

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
