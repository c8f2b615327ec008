"""How a page of help looks: Qt's Markdown in the program's fonts, sizes and colours."""

from __future__ import annotations

from PySide6.QtGui import (
    QFont,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFrameFormat,
    QTextLength,
    QTextTable,
)

from nnsim.ui.theme import GRID, Theme

_HEADINGS = {1: 16.0, 2: 11.5}  # points by level
_SMALL_HEADING = 10.0
_CODE = 9.0


def dress(document: QTextDocument, theme: Theme) -> None:
    """Give a document just read from Markdown its look."""
    block = document.begin()
    while block.isValid():
        level = block.blockFormat().headingLevel()
        if level:
            _dress_heading(document, block, level, theme)
        _dress_code(document, block, theme)
        block = block.next()
    for frame in document.rootFrame().childFrames():
        if isinstance(frame, QTextTable):
            _dress_table(frame, theme)


def _dress_heading(document: QTextDocument, block: QTextBlock, level: int, theme: Theme) -> None:
    cursor = QTextCursor(block)
    place = block.blockFormat()
    place.setTopMargin(0 if block == document.begin() else 2.5 * GRID)
    place.setBottomMargin(GRID)
    cursor.setBlockFormat(place)
    cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
    look = QTextCharFormat()
    look.setFont(theme.ui_font(_HEADINGS.get(level, _SMALL_HEADING), QFont.Weight.DemiBold))
    cursor.setCharFormat(look)  # in place of Markdown's, which counts in steps of its own


def _dress_code(document: QTextDocument, block: QTextBlock, theme: Theme) -> None:
    """Examples in the font for numbers: Markdown takes any fixed font."""
    mono = theme.mono_font(_CODE)
    look = QTextCharFormat()
    look.setFontFamilies(mono.families())
    look.setFontPointSize(mono.pointSizeF())
    parts = block.begin()
    while not parts.atEnd():
        part = parts.fragment()
        if part.charFormat().fontFixedPitch():
            cursor = QTextCursor(document)
            cursor.setPosition(part.position())
            cursor.setPosition(part.position() + part.length(), QTextCursor.MoveMode.KeepAnchor)
            cursor.mergeCharFormat(look)
        parts += 1


def _dress_table(table: QTextTable, theme: Theme) -> None:
    look = table.format()
    look.setBorderCollapse(True)
    look.setBorder(1)
    look.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    look.setBorderBrush(theme.color("line"))
    look.setCellPadding(0.75 * GRID)
    look.setCellSpacing(0)
    look.setTopMargin(GRID)
    look.setBottomMargin(GRID)
    look.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
    table.setFormat(look)
