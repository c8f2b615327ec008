"""Undo is exact over many more random sequences of commands than the suite has time for."""

from __future__ import annotations

import pytest
from fast_suite import part

suite = part("model/test_random_commands.py")


@pytest.mark.parametrize("seed", range(1_000, 1_500))
def test_undoing_all_and_redoing_all_gives_back_every_document(seed: int) -> None:
    suite.test_undoing_all_and_redoing_all_gives_back_every_document(seed)
