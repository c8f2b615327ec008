"""Items whose picture is kept between two changes, so that a frame copies it instead of drawing it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Protocol

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget


@dataclass(slots=True, eq=False)
class Picture:
    """What an item looked like at a ``zoom``. ``area`` is what of it is in the ``pixmap``, in the item's
    coordinates; ``left`` and ``top`` the pixels from the item's origin to the pixmap's corner; ``whole``
    that nothing is missing. ``made`` counts the pictures, ``seconds`` is what drawing it took; ``stale``:
    the item has changed since."""

    pixmap: QPixmap
    source: QRectF
    area: QRectF
    left: float
    top: float
    zoom: float
    whole: bool
    made: int
    seconds: float
    stale: bool = False


class Keeper(Protocol):
    """Who paints the items from their pictures, in place of Qt."""

    def paint(self, item: KeptItem, painter: QPainter, widget: QWidget | None) -> None:
        """Show ``item`` by its picture."""


class KeptItem(QGraphicsItem):
    """Has its picture kept by Qt, which makes it anew at every zoom, or by a :class:`Keeper`.

    A subclass implements :meth:`draw` and calls :meth:`renew` after a change. ``SCALABLE`` says that its
    picture may be scaled for a moment; the others are drawn at every zoom, as they are cheap or small.
    ``hurried``: there is no time for details now, since every frame is drawn at another zoom.
    """

    SCALABLE: ClassVar[bool] = False

    def __init__(self) -> None:
        super().__init__()
        self.kept: Picture | None = None
        self.hurried = False
        self._keeper: Keeper | None = None
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)

    def draw(self, painter: QPainter) -> None:
        """Draw the item at the painter's zoom."""
        raise NotImplementedError

    def renew(self) -> None:
        """Be drawn anew: the item has changed."""
        if self.kept is not None:
            self.kept.stale = True
        self.update()

    def keep_with(self, keeper: Keeper | None) -> None:
        """Have pictures kept by ``keeper`` from now on; ``None``: by Qt."""
        self._keeper, self.kept = keeper if self.SCALABLE else None, None
        self.hurried = keeper is not None
        mode = QGraphicsItem.CacheMode
        self.setCacheMode(mode.DeviceCoordinateCache if keeper is None else mode.NoCache)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        if self._keeper is None:
            self.draw(painter)
        else:
            self._keeper.paint(self, painter, widget)
