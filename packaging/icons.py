"""Draws the program's icon, ``resources/icons/nnsim.svg``, as the files that systems want.

``nnsim.png`` for Linux and the window, ``nnsim.ico`` for Windows, ``nnsim.icns`` for macOS. Both
containers may hold PNG images as they are, so that writing them takes a table and a few lengths.
"""

from __future__ import annotations

import os
import struct
import sys
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgRenderer

FOLDER = Path(__file__).resolve().parent.parent / "resources" / "icons"
ICO_SIZES = (16, 20, 24, 32, 40, 48, 64, 128, 256)
# The types of PNG entries by size; @2x entries have a type of their own.
ICNS_TYPES = (
    (b"icp4", 16), (b"icp5", 32), (b"icp6", 64), (b"ic07", 128), (b"ic08", 256), (b"ic09", 512),
    (b"ic10", 1024), (b"ic11", 32), (b"ic12", 64), (b"ic13", 256), (b"ic14", 512),
)  # fmt: skip


def png(renderer: QSvgRenderer, size: int) -> bytes:
    """The drawing as a square PNG image."""
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        renderer.render(painter, QRectF(0, 0, size, size))
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not QImageWriter(buffer, QByteArray(b"png")).write(image):
        raise OSError("Qt could not write a PNG image.")
    return bytes(content.data())


def ico(images: dict[int, bytes]) -> bytes:
    """A Windows icon of PNG images, by size up to 256."""
    offset = 6 + 16 * len(images)
    head, body = struct.pack("<HHH", 0, 1, len(images)), b""
    for size, image in sorted(images.items()):
        # A size of 256 is written as 0.
        place = offset + len(body)
        head += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(image), place)
        body += image
    return head + body


def icns(images: list[tuple[bytes, bytes]]) -> bytes:
    """A macOS icon of PNG images, each with its type."""
    body = b"".join(kind + struct.pack(">I", len(image) + 8) + image for kind, image in images)
    return b"icns" + struct.pack(">I", len(body) + 8) + body


def main() -> int:
    application = QGuiApplication([])
    renderer = QSvgRenderer(str(FOLDER / "nnsim.svg"))
    if not renderer.isValid():
        print(f"{FOLDER / 'nnsim.svg'} cannot be read.", file=sys.stderr)
        return 1
    (FOLDER / "nnsim.png").write_bytes(png(renderer, 256))
    (FOLDER / "nnsim.ico").write_bytes(ico({size: png(renderer, size) for size in ICO_SIZES}))
    (FOLDER / "nnsim.icns").write_bytes(icns([(kind, png(renderer, size)) for kind, size in ICNS_TYPES]))
    application.quit()
    return 0


if __name__ == "__main__":
    sys.exit(main())
