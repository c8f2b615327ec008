"""Looking closely at a long curve: which epochs to ask for, and the curve with them in it. No Qt.

A long run keeps every second, fourth, … epoch of its curve. Where the user zooms in, the engine computes
the losses between them again.
"""

from __future__ import annotations

from math import ceil, floor

import numpy as np

from nnsim.core.arrays import read_only
from nnsim.core.curves import Curves


def piece_to_ask_for(curves: Curves, low: float, high: float) -> tuple[int, int] | None:
    """The first and last epoch between ``low`` and ``high``; ``None`` if ``curves`` has them all."""
    if len(curves) < 2 or int(curves.epoch[1] - curves.epoch[0]) == 1:
        return None
    first, last = max(floor(low), int(curves.epoch[0])), min(ceil(high), int(curves.epoch[-1]))
    return (first, last) if first < last else None


class CloseLook:
    """Curves with a piece put in; the same curves with the same piece give the same object."""

    def __init__(self) -> None:
        self._made: list[tuple[Curves, Curves, Curves]] = []

    def into(self, curves: Curves, piece: Curves | None) -> Curves:
        """``curves`` with the epochs of ``piece`` between its own, as far as it goes."""
        if piece is None or not len(piece) or not len(curves):
            return curves
        for known, known_piece, made in self._made:
            if known is curves and known_piece is piece:
                return made
        made = _put_in(curves, piece)
        self._made = [*self._made[-1:], (curves, piece, made)]
        return made


def _put_in(curves: Curves, piece: Curves) -> Curves:
    within = (piece.epoch >= curves.epoch[0]) & (piece.epoch <= curves.epoch[-1])
    epoch, first = np.unique(np.concatenate((curves.epoch, piece.epoch[within])), return_index=True)
    train, test = (
        np.concatenate((whole, part[within]))[first]
        for whole, part in ((curves.train, piece.train), (curves.test, piece.test))
    )
    return Curves(read_only(epoch, np.intp), read_only(train), read_only(test))
