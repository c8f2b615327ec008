"""Colours: contrast, one table, live switching."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import fields
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget

from nnsim.resources import resource_path
from nnsim.ui.appearance import system_mode
from nnsim.ui.fonts import font_files
from nnsim.ui.icons import icon
from nnsim.ui.panels.data_gallery import DataTile
from nnsim.ui.style import apply_style, style_sheet
from nnsim.ui.theme import DARK, LIGHT, Theme, Tokens

LOOKS = {"light": LIGHT, "dark": DARK}
SURFACES = ("background", "panel", "field")
EVERY_SURFACE = (*SURFACES, "field_hover", "focus_soft")
COLORED_TEXTS = ("positive_text", "negative_text", "focus_text", "ok_text", "danger_text", "muted_text")


def luminance(color: str) -> float:
    """Relative luminance of ``#rrggbb`` (WCAG 2)."""
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    """Contrast ratio of two colours (WCAG 2): 1 … 21."""
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_measure_of_contrast_is_right() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("mode", LOOKS)
@pytest.mark.parametrize(
    ("texts", "surfaces"),
    [
        (("ink",), EVERY_SURFACE),
        (("muted",), SURFACES),
        (COLORED_TEXTS, EVERY_SURFACE),
        (("on_accent",), ("positive", "focus", "accent_hover", "accent_pressed")),
        (("panel",), ("ink",)),  # the hint at Run
    ],
)
def test_text_stands_out_at_least_four_and_a_half_to_one(
    mode: str, texts: tuple[str, ...], surfaces: tuple[str, ...]
) -> None:
    look = LOOKS[mode]
    for text in texts:
        for surface in surfaces:
            ratio = contrast(getattr(look, text), getattr(look, surface))
            assert ratio >= 4.5, f"{text} on {surface}: {ratio:.2f}"


@pytest.mark.parametrize("mode", LOOKS)
def test_messages_under_the_toolbar_stand_out_from_their_background(mode: Any) -> None:
    theme = Theme(mode)
    sheet = style_sheet(theme)
    colors = re.findall(r"QFrame#banner(?:\[[^]]*\])? \{[^}]*background: (#\w{6})", sheet)
    assert len(colors) == 3
    for color in colors:
        assert contrast(theme.tokens.ink, color) >= 4.5


@pytest.mark.parametrize("mode", LOOKS)
def test_what_carries_meaning_without_words_stands_out_three_to_one(mode: str) -> None:
    look = LOOKS[mode]
    for token in ("positive", "focus", "ok", "danger"):
        for surface in SURFACES:
            assert contrast(getattr(look, token), getattr(look, surface)) >= 3.0, f"{token} on {surface}"


@pytest.mark.parametrize("mode", LOOKS)
def test_the_style_sheet_uses_no_color_that_is_not_made_from_a_token(mode: Any) -> None:
    theme = Theme(mode)
    known = {getattr(theme.tokens, f.name) for f in fields(Tokens)}
    mixed = {theme.mix(t, s).name() for t, s in (("positive", 0.12), ("negative", 0.16), ("danger", 0.16))}
    sheet = style_sheet(theme)
    assert "$" not in sheet
    assert set(re.findall(r"#[0-9a-f]{6}\b", sheet)) <= known | mixed


@pytest.mark.parametrize("mode", LOOKS)
def test_drawings_that_carry_their_color_carry_that_of_the_token(mode: str) -> None:
    look = LOOKS[mode]
    for name, token in (("check", "on_accent"), ("dash", "on_accent"), ("menu-check", "ink")):
        drawing = resource_path("icons", f"{name}-{mode}.svg").read_text(encoding="utf-8")
        assert set(re.findall(r"#[0-9a-f]{6}", drawing)) == {getattr(look, token)}
    for name in ("chevron-down", "chevron-up", "chevron-right"):
        (color,) = set(re.findall(r"#[0-9a-f]{6}", resource_path("icons", f"{name}.svg").read_text()))
        assert contrast(color, look.panel) >= 3.0
        assert contrast(color, look.field) >= 3.0


def test_every_drawing_that_the_style_sheet_names_exists() -> None:
    for mode in LOOKS:
        names = re.findall(r'url\("nnsimicons:([^"]+)"\)', style_sheet(Theme(mode)))  # type: ignore[arg-type]
        assert names
        assert all(resource_path("icons", name).is_file() for name in names)


def test_an_icon_is_drawn_in_the_color_asked_for(qapp: object) -> None:
    theme = Theme("dark")
    image = icon(theme, "play", "positive").pixmap(16, 16).toImage()
    assert image.pixelColor(7, 8).name() == theme.tokens.positive


def test_a_switch_reaches_style_palette_and_every_view_at_once(page: Any) -> None:
    told: list[bool] = []
    page.window.theme.changed.connect(lambda: told.append(True))
    for choice in ("Dark", "Light"):
        page.menu("View", "Appearance", choice)
        look = LOOKS[choice.lower()]
        assert page.window.theme.mode == choice.lower()
        assert look.panel in QApplication.instance().styleSheet()  # type: ignore[union-attr]
        assert QApplication.palette().window().color().name() == look.background
        for name in ("dock_data", "run_toolbar", "status_bar"):
            widget = page.find(name)
            assert widget.grab().toImage().pixelColor(2, widget.height() - 2).name() == look.panel, name
    assert told


def test_the_choice_of_appearance_is_remembered(open_page: Callable[..., Any]) -> None:
    first = open_page()
    first.menu("View", "Appearance", "Dark")
    first.window.leave()
    second = open_page()
    assert second.window.theme.mode == "dark"
    assert second.action("appearance_dark").isChecked()
    assert not second.action("appearance_system").isChecked()


def test_without_a_choice_it_follows_the_system_live(page: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert page.program.appearance.choice == "system"
    assert page.window.theme.mode == system_mode()
    monkeypatch.setattr("nnsim.ui.appearance.system_mode", lambda: "dark")
    QApplication.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert page.window.theme.mode == "dark"
    page.menu("View", "Appearance", "Light")
    QApplication.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert page.window.theme.mode == "light"


def test_the_programs_own_fonts_are_in_use(page: Any) -> None:
    assert len(font_files()) >= 7
    for name, family in (("run_button", "Inter"), ("learning_rate", "JetBrains Mono")):
        widget: QWidget = page.find(name)
        assert widget.fontInfo().family() == family


def test_a_window_that_has_been_switched_looks_like_one_that_was_always_so(page: Any) -> None:
    app, window = QApplication.instance(), page.window
    assert isinstance(app, QApplication)
    parts = (window, *window.menus.values())
    page.wait_until(lambda: all(t.has_picture or t.isHidden() for t in window.findChildren(DataTile)))
    for choice in ("Dark", "Light"):
        page.menu("View", "Appearance", choice)
        QApplication.processEvents()
        switched = [part.grab().toImage() for part in parts]
        app.setStyleSheet("")
        own = window.menuBar().style()
        apply_style(app, window.theme)  # from nothing, as at the start
        window.menuBar().setStyle(own)
        QApplication.processEvents()
        assert [part.grab().toImage() for part in parts] == switched


def test_what_is_closed_during_a_switch_opens_in_the_new_look(page: Any) -> None:
    window = page.window
    closed = (window.menus["file"], window.docks["library"])
    page.action("appearance_dark").trigger()
    for widget in closed:
        widget.show()
        assert widget.grab().toImage().pixelColor(3, 3).name() == DARK.panel
        widget.hide()


class Witness(QObject):
    """Counts what happens to widgets."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: Counter[tuple[QEvent.Type, str]] = Counter()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(watched, QWidget) and watched.isVisible():
            self.seen[event.type(), watched.objectName()] += 1
        return False


def test_a_switch_of_colors_moves_nothing_and_paints_everything_once(page: Any) -> None:
    app = QApplication.instance()
    assert app is not None
    page.window.reset_layout()
    page.wait_until(lambda: all(t.has_picture or t.isHidden() for t in page.window.findChildren(DataTile)))
    QApplication.processEvents()
    witness = Witness()
    app.installEventFilter(witness)
    page.action("appearance_dark").trigger()
    for _ in range(3):
        QApplication.processEvents()
    app.removeEventFilter(witness)
    kinds = {kind for kind, _ in witness.seen}
    assert QEvent.Type.Resize not in kinds and QEvent.Type.Move not in kinds
    for name in ("data_circle", "timeline_operations", "calculation_view", "network_bars", "run_button"):
        assert witness.seen[QEvent.Type.Paint, name] == 1, name
