"""Items by key, kept in step with what is wanted."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TypeVar

from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene

K = TypeVar("K")
Item = TypeVar("Item", bound=QGraphicsItem)


def reconcile(
    scene: QGraphicsScene, items: dict[K, Item], wanted: Collection[K], make: Callable[[], Item]
) -> None:
    """Keep the items whose keys are wanted, take the others out of the scene, add the missing ones."""
    for key in [k for k in items if k not in wanted]:
        scene.removeItem(items.pop(key))
    for key in wanted:
        if key not in items:
            items[key] = make()
            scene.addItem(items[key])
