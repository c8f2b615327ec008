"""Undo is exact over many more random sequences of commands than the suite has time for."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

_SUITE = Path(__file__).parents[1] / "model" / "test_random_commands.py"
_spec = importlib.util.spec_from_file_location("random_commands_of_the_suite", _SUITE)
assert _spec is not None and _spec.loader is not None
suite = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(suite)


@pytest.mark.parametrize("seed", range(1_000, 1_500))
def test_undoing_all_and_redoing_all_gives_back_every_document(seed: int) -> None:
    suite.test_undoing_all_and_redoing_all_gives_back_every_document(seed)
