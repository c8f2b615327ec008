"""From number to number with the arrow keys."""

from __future__ import annotations

from collections.abc import Sequence

from nnsim.ui.calculation.box import Spot


def next_number(numbers: Sequence[Spot], chosen: Spot | None, key: str) -> Spot | None:
    """The number to go to from ``chosen`` with "left", "right", "up", "down", "home" or "end".

    ``numbers`` are in reading order. Left and right follow it; up and down go to the nearest number of
    the next row. At the ends it stays. ``None`` if there are no numbers.
    """
    if not numbers:
        return None
    if chosen not in numbers or chosen is None:
        return numbers[-1] if key in ("end", "up", "left") else numbers[0]
    at = numbers.index(chosen)
    if key == "home":
        return numbers[0]
    if key == "end":
        return numbers[-1]
    if key in ("left", "right"):
        return numbers[min(max(at + (1 if key == "right" else -1), 0), len(numbers) - 1)]
    return _in_next_row(numbers, chosen, key == "down")


def _in_next_row(numbers: Sequence[Spot], chosen: Spot, down: bool) -> Spot:
    x, y = _middle(chosen)
    beyond = []
    for spot in numbers:
        sx, sy = _middle(spot)
        # In the next row: wholly beside the chosen one, not a script or part of a fraction in its own.
        apart = spot.y >= chosen.y + chosen.height - 2 if down else spot.y + spot.height <= chosen.y + 2
        if apart:
            beyond.append((abs(sy - y) + 0.3 * abs(sx - x), spot))
    return min(beyond, key=lambda pair: pair[0])[1] if beyond else chosen


def _middle(spot: Spot) -> tuple[float, float]:
    return spot.x + spot.width / 2, spot.y + spot.height / 2
