"""A picture as a file: PNG at three times the screen's pixels, or SVG."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRect, QRectF, QSize
from PySide6.QtGui import QGuiApplication, QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QFileDialog, QWidget

_SCALE = 3
_PNG, _SVG = "PNG picture (*.png)", "SVG drawing (*.svg)"


@dataclass(frozen=True, slots=True)
class Picture:
    """``paint(painter, target)`` paints a picture of ``size`` pixels into ``target``."""

    size: QSize
    paint: Callable[[QPainter, QRectF], None]


def save_picture(
    parent: QWidget, picture: Picture, title: str, tell: Callable[[str, str], None]
) -> QFileDialog:
    """Open a dialog that asks where to, and write the picture there.

    ``tell(text, kind)`` hears how it went. Returns the dialog, which does not block.
    """
    dialog = QFileDialog(parent, "Save picture", f"{_file_name(title)}.png")
    dialog.setObjectName("save_picture_dialog")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters([_PNG, _SVG])
    dialog.setDefaultSuffix("png")
    dialog.filterSelected.connect(lambda chosen: dialog.setDefaultSuffix("svg" if chosen == _SVG else "png"))
    dialog.fileSelected.connect(lambda name: write_picture(picture, Path(name), title, tell))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog


def write_picture(picture: Picture, path: Path, title: str, tell: Callable[[str, str], None]) -> bool:
    """Write the picture to ``path``, as SVG if the name says so, else as PNG; whether that worked."""
    data = svg(picture, title) if path.suffix.lower() == ".svg" else png(picture)
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        beside.write_bytes(data)
        os.replace(beside, path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        reason = error.strerror or str(error)
        tell(f"The picture could not be written to “{path.name}”: {reason}.", "error")
        return False
    tell(f"The picture has been saved as “{path.name}”.", "info")
    return True


def png(picture: Picture) -> bytes:
    """The picture as a PNG file."""
    image = QImage(picture.size * _SCALE, QImage.Format.Format_RGB32)
    with QPainter(image) as painter:
        picture.paint(painter, QRectF(image.rect()))
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(data.data())


def svg(picture: Picture, title: str) -> bytes:
    """The picture as an SVG file."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(picture.size)
    generator.setViewBox(QRect(0, 0, picture.size.width(), picture.size.height()))
    generator.setResolution(round(QGuiApplication.primaryScreen().logicalDotsPerInch()))  # of fonts
    generator.setTitle(title)
    with QPainter(generator) as painter:
        picture.paint(painter, QRectF(0, 0, picture.size.width(), picture.size.height()))
    buffer.close()
    return bytes(data.data())


def _file_name(title: str) -> str:
    """A title as a file name: letters and digits, words joined by hyphens."""
    words = "".join(c if c.isalnum() else " " for c in title.lower()).split()
    return "-".join(words) or "picture"
