"""Icons as drawings in one colour, tinted by token and sharp at every scale.

The drawings are ``resources/icons/*.svg``. Those for buttons use ``currentColor``; those for parts
of widgets that only the style sheet can reach carry their colour (their names end in the mode
where it matters).
"""

from __future__ import annotations

from weakref import WeakKeyDictionary

from PySide6.QtCore import QByteArray, QDir, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from nnsim.resources import resource_path
from nnsim.ui.theme import Theme

SIZE = 16
_SCALES = (1, 2, 3)
_PREFIX = "nnsimicons"

_drawn: WeakKeyDictionary[Theme, dict[tuple[str, str, str], QIcon]] = WeakKeyDictionary()


def register_style_icons() -> None:
    """Let the style sheet name drawings without a path, as :func:`style_icon` does."""
    QDir.setSearchPaths(_PREFIX, [str(resource_path("icons"))])


def style_icon(name: str) -> str:
    """The drawing ``name`` as a style sheet writes it."""
    return f'url("{_PREFIX}:{name}.svg")'


def icon(theme: Theme, name: str, token: str = "ink") -> QIcon:
    """The drawing ``name`` in the colour of ``token``; paler where it is disabled.

    Ask again on ``theme.changed``. Raises ``FileNotFoundError`` for a name without a drawing.
    """
    colors = theme.color(token).name(), theme.color("disabled").name()
    # The same few drawings stand in many places, and all of them ask when the look changes.
    drawn = _drawn.setdefault(theme, {})
    if (name, *colors) not in drawn:
        drawn[name, *colors] = _draw(name, *colors)
    return drawn[name, *colors]


def _draw(name: str, color: str, disabled: str) -> QIcon:
    drawing = resource_path("icons", f"{name}.svg").read_text(encoding="utf-8")
    found = QIcon()
    for mode, tint in ((QIcon.Mode.Normal, color), (QIcon.Mode.Disabled, disabled)):
        tinted = drawing.replace("currentColor", tint)
        renderer = QSvgRenderer(QByteArray(tinted.encode()))
        for scale in _SCALES:
            found.addPixmap(_rendered(renderer, scale), mode)
    return found


def _rendered(renderer: QSvgRenderer, scale: int) -> QPixmap:
    pixmap = QPixmap(QSize(SIZE, SIZE) * scale)
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as painter:
        renderer.render(painter, QRectF(0, 0, SIZE * scale, SIZE * scale))
    pixmap.setDevicePixelRatio(scale)
    return pixmap
