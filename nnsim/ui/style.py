"""The one style sheet, made from the tokens: how every standard widget looks.

Properties that widgets set (before they are shown; :func:`restyle` after a change):

``role``     ``caption`` (small, spaced capitals: a section), ``muted``, ``value`` (a number),
             ``heading``, ``error``, ``field-message`` (why a field's text cannot be used)
``accent``   true on the one filled button that is the obvious next thing
``chip``     true on a small button of many, on or off
``flat``     true on a button without a border
``mono``     true on a field or label that holds a number
``segment``  ``first``, ``middle``, ``last``, ``only``: parts of a segmented choice
``invalid``  true on a field whose text cannot be used
``kind``     ``info``, ``warning``, ``error`` on a banner
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QDockWidget, QWidget
from shiboken6 import isValid

from nnsim.ui.icons import register_style_icons, style_icon
from nnsim.ui.sheet import SHEET
from nnsim.ui.theme import MONO_FAMILY, RADIUS, SYMBOL_FAMILY, Theme

_STYLED = Qt.WidgetAttribute.WA_WState_Polished


def style_sheet(theme: Theme) -> str:
    """The style sheet of the theme in force."""
    return SHEET.substitute(
        asdict(theme.tokens),
        radius=RADIUS,
        small=f"{theme.points(8.25):.2f}",
        large=f"{theme.points(12.5):.2f}",
        mono=f'"{MONO_FAMILY}", "{SYMBOL_FAMILY}"',
        info_soft=theme.mix("positive", 0.12).name(),
        warning_soft=theme.mix("negative", 0.16).name(),
        error_soft=theme.mix("danger", 0.16).name(),
        chevron_down=style_icon("chevron-down"),
        chevron_up=style_icon("chevron-up"),
        chevron_right=style_icon("chevron-right"),
        check=style_icon(f"check-{theme.mode}"),
        dash=style_icon(f"dash-{theme.mode}"),
        menu_check=style_icon(f"menu-check-{theme.mode}"),
    )


def palette(theme: Theme) -> QPalette:
    """The same colours for what no style sheet reaches."""
    roles = {
        QPalette.ColorRole.Window: "background",
        QPalette.ColorRole.WindowText: "ink",
        QPalette.ColorRole.Base: "panel",
        QPalette.ColorRole.AlternateBase: "field",
        QPalette.ColorRole.Text: "ink",
        QPalette.ColorRole.PlaceholderText: "muted",
        QPalette.ColorRole.Button: "panel",
        QPalette.ColorRole.ButtonText: "ink",
        QPalette.ColorRole.BrightText: "danger_text",
        QPalette.ColorRole.Highlight: "focus",
        QPalette.ColorRole.HighlightedText: "on_accent",
        QPalette.ColorRole.ToolTipBase: "panel",
        QPalette.ColorRole.ToolTipText: "ink",
        QPalette.ColorRole.Link: "positive_text",
        QPalette.ColorRole.LinkVisited: "focus_text",
        QPalette.ColorRole.Light: "panel",
        QPalette.ColorRole.Midlight: "field_hover",
        QPalette.ColorRole.Mid: "line_strong",
        QPalette.ColorRole.Dark: "line_strong",
        QPalette.ColorRole.Shadow: "line_strong",
    }
    made = QPalette()
    for role, token in roles.items():
        made.setColor(role, theme.color(token))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, theme.color("disabled"))
    return made


def apply_style(app: QApplication, theme: Theme, later: Callable[[QWidget], object] | None = None) -> None:
    """Give the program the look of ``theme`` now (not at later changes).

    ``later`` is called with every window and dock that is closed instead of styling it: see
    :func:`style_tree`, which has to be done before it is shown.
    """
    if not app.styleSheet():
        app.setStyle("Fusion")
        register_style_icons()
        app.setFont(theme.ui_font())
        app.setPalette(palette(theme))
        app.setStyleSheet(style_sheet(theme))
        return
    style = app.style()
    # When one sheet follows another, Qt styles every widget it remembers rules of again, and for each
    # of them all that it contains: many times each. It remembers none after this, and each is styled
    # once below. Nothing is painted before this returns.
    style.unpolish(app)
    app.setStyleSheet(style_sheet(theme))
    style.polish(app)
    if app.font() != theme.ui_font():
        app.setFont(theme.ui_font())
    app.setPalette(palette(theme))
    for window in app.topLevelWidgets():
        if window.parentWidget() is None:
            style_tree(window, later)
    for window in app.topLevelWidgets():
        window.update()


def style_tree(root: QWidget, later: Callable[[QWidget], object] | None = None) -> None:
    """Style ``root`` and all in it again; what is closed in it goes to ``later``, if given."""
    left: set[QWidget] = set()
    # Outer ones first, as inner ones inherit from them. The root last: with all of a window to be painted
    # to begin with, Qt would paint it, and once more what is to be painted in it.
    for widget in (*root.findChildren(QWidget), root):
        if not isValid(widget):  # a list of choices goes while its field is styled
            continue
        if left and widget.parentWidget() in left:
            left.add(widget)
        elif later is not None and widget.isHidden() and _closes(widget):
            left.add(widget)
            later(widget)
        elif widget.testAttribute(_STYLED):  # what has never been shown is styled when it is
            widget.style().polish(widget)


def _closes(widget: QWidget) -> bool:
    """Whether nothing else is as large or small because of what is in ``widget`` while it is hidden."""
    return widget.isWindow() or isinstance(widget, QDockWidget)


def restyle(widget: QWidget) -> None:
    """Apply the style sheet again after a property of ``widget`` that it looks at has changed."""
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    QApplication.sendEvent(widget, QEvent(QEvent.Type.StyleChange))
    widget.update()
