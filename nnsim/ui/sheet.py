"""The style sheet's text. ``$names`` are tokens of the theme and measures of :mod:`nnsim.ui.style`."""

from __future__ import annotations

from string import Template

SHEET = Template("""
QMainWindow, QDialog { background: $background; }
/* no rule for every widget: it would cost each a palette of its own; the program's palette does it */
QToolTip { background: $panel; color: $ink; border: 1px solid $line_strong; padding: 5px 7px; }

/* words and numbers */
QLabel[role="caption"], QLabel[role="title"] { color: $muted_text; font-size: ${small}pt; font-weight: 600;
    letter-spacing: 0.5px; }
QLabel[role="caption"] { text-transform: uppercase; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="heading"] { font-size: ${large}pt; font-weight: 600; }
QLabel[strong="true"] { font-weight: 600; }
QLabel[role="error"] { color: $danger_text; }
QLabel[role="good"] { color: $ok_text; }
QLabel[role="field-message"] { background: $panel; color: $danger_text; border: 1px solid $danger;
    border-radius: 4px; padding: 4px 7px; }
QLabel[role="value"], QLabel[mono="true"] { font-family: $mono; }

/* buttons */
QPushButton, QToolButton { background: $panel; color: $ink; border: 1px solid $line;
    border-radius: ${radius}px; padding: 5px 10px; }
QToolButton { padding: 4px 6px; }
QPushButton:hover, QToolButton:hover { background: $field_hover; border-color: $line_strong; }
QPushButton:pressed, QToolButton:pressed { background: $line; }
QPushButton:focus, QToolButton:focus { border-color: $focus; }
QPushButton:disabled, QToolButton:disabled {
    background: $background; color: $disabled; border-color: $line; }
QPushButton:checked, QToolButton:checked { background: $focus_soft; border-color: $focus; }
QPushButton:default { border-color: $line_strong; }
QPushButton[accent="true"], QToolButton[accent="true"] { background: $positive; color: $on_accent;
    border-color: $positive; font-weight: 600; }
QPushButton[accent="true"]:hover, QToolButton[accent="true"]:hover { background: $accent_hover;
    border-color: $accent_hover; }
QPushButton[accent="true"]:pressed, QToolButton[accent="true"]:pressed { background: $accent_pressed;
    border-color: $accent_pressed; }
QPushButton[accent="true"]:focus, QToolButton[accent="true"]:focus { border-color: $ink; }
QPushButton[accent="true"]:disabled, QToolButton[accent="true"]:disabled { background: $line;
    color: $disabled; border-color: $line; }
QPushButton[flat="true"], QToolButton[flat="true"] { background: transparent; border-color: transparent;
    padding: 3px 5px; }
QPushButton[flat="true"]:hover, QToolButton[flat="true"]:hover { background: $field_hover; }
QPushButton[flat="true"]:focus, QToolButton[flat="true"]:focus { border-color: $focus; }
QPushButton[flat="true"]:checked, QToolButton[flat="true"]:checked {
    background: $focus_soft; color: $focus_text; }
QPushButton[flat="true"]:disabled, QToolButton[flat="true"]:disabled { color: $disabled; }
QToolButton::menu-indicator { image: $chevron_down; width: 12px; height: 12px;
    subcontrol-origin: padding; subcontrol-position: right center; right: 3px; }
QPushButton::menu-indicator { image: $chevron_down; width: 12px; height: 12px;
    subcontrol-origin: padding; subcontrol-position: right center; right: 6px; }
QToolButton[popupMode="2"] { padding-right: 18px; }

/* one choice of several, side by side */
QPushButton[segment] { border-radius: 0; padding: 5px 10px; margin-left: -1px; }
QPushButton[segment="first"] { border-top-left-radius: ${radius}px; border-bottom-left-radius: ${radius}px;
    margin-left: 0; }
QPushButton[segment="last"] {
    border-top-right-radius: ${radius}px; border-bottom-right-radius: ${radius}px; }
QPushButton[segment="only"] { border-radius: ${radius}px; margin-left: 0; }
QPushButton[segment]:hover { border-color: $line; }
QPushButton[segment]:focus { background: $field_hover; border-color: $focus; }
QPushButton[segment]:checked { background: $focus; color: $on_accent; border-color: $focus; }
QPushButton[segment]:checked:focus { border-color: $ink; }
QPushButton[segment]:disabled { color: $disabled; }
QPushButton[chip="true"] { padding: 3px 5px; }

/* fields */
QLineEdit, QAbstractSpinBox, QPlainTextEdit, QTextEdit, QTextBrowser, QComboBox {
    background: $field; color: $ink; border: 1px solid $line; border-radius: ${radius}px;
    padding: 4px 7px; selection-background-color: $focus; selection-color: $on_accent; }
QLineEdit:hover, QAbstractSpinBox:hover, QComboBox:hover { border-color: $line_strong; }
QLineEdit:focus, QAbstractSpinBox:focus, QPlainTextEdit:focus, QTextEdit:focus, QComboBox:focus {
    border-color: $focus; }
QLineEdit:read-only { background: $panel; }
QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled {
    background: $background; color: $disabled; }
QLineEdit[mono="true"], QAbstractSpinBox[mono="true"], QPlainTextEdit[mono="true"] { font-family: $mono; }
QLineEdit[invalid="true"], QLineEdit[invalid="true"]:focus { border-color: $danger; }
QAbstractSpinBox { padding-right: 18px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {
    border: none; background: transparent; width: 16px;
    subcontrol-origin: border; }
QAbstractSpinBox::up-button { subcontrol-position: top right; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; }
QAbstractSpinBox::up-arrow { image: $chevron_up; width: 10px; height: 10px; }
QAbstractSpinBox::down-arrow { image: $chevron_down; width: 10px; height: 10px; }
/* the room of the arrow is taken off beside the padding */
QComboBox { padding-right: 1px; }
QComboBox::drop-down { border: none; width: 22px; subcontrol-origin: border;
    subcontrol-position: center right; }
QComboBox::down-arrow { image: $chevron_down; width: 14px; height: 14px; }
QComboBox { combobox-popup: 0; }
QComboBox QAbstractItemView { background: $panel; color: $ink; border: 1px solid $line_strong;
    outline: none; padding: 3px;
    selection-background-color: $focus_soft; selection-color: $ink; }
QComboBox QAbstractItemView::item { min-height: 24px; padding: 1px 6px; border: none; border-radius: 4px; }

QCheckBox, QRadioButton { spacing: 7px; background: transparent; padding: 2px 0; }
QCheckBox::indicator, QRadioButton::indicator, QAbstractItemView::indicator, QGroupBox::indicator {
    width: 14px; height: 14px; border: 1px solid $line_strong; border-radius: 4px; background: $field; }
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover, QCheckBox::indicator:focus,
QRadioButton::indicator:focus { border-color: $focus; }
QCheckBox::indicator:checked, QAbstractItemView::indicator:checked, QGroupBox::indicator:checked {
    background: $positive; border-color: $positive; image: $check; }
QCheckBox::indicator:indeterminate, QAbstractItemView::indicator:indeterminate {
    background: $positive; border-color: $positive; image: $dash; }
QRadioButton::indicator:checked {
    border: 4px solid $positive; background: $on_accent; width: 8px; height: 8px; }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled {
    background: $background; border-color: $line; }
QCheckBox:disabled, QRadioButton:disabled { color: $disabled; }
QCheckBox:focus, QRadioButton:focus { color: $focus_text; }

QSlider { background: transparent; min-height: 20px; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: $line; }
QSlider::sub-page:horizontal { height: 4px; border-radius: 2px; background: $line; }
QSlider::handle:horizontal {
    width: 14px; height: 14px; margin: -5px 0; border-radius: 7px; background: $positive; }
QSlider::handle:horizontal:hover { background: $accent_hover; }
QSlider::handle:horizontal:focus { border: 2px solid $ink; width: 10px; height: 10px; }
QSlider::handle:horizontal:disabled { background: $disabled; }

QProgressBar { background: $line; border: none; border-radius: 2px; max-height: 4px; min-height: 4px; }
QProgressBar::chunk { background: $ok; border-radius: 2px; }

/* lists and tables */
QAbstractItemView { background: $panel; color: $ink; border: none; outline: none;
    selection-background-color: $focus_soft; selection-color: $ink; alternate-background-color: $panel; }
QTableView { gridline-color: $line; }
QTableView[mono="true"], QTreeView[mono="true"] { font-family: $mono; }
QTableView::item, QTreeView::item, QListView::item { padding: 3px 5px; border: none; }
QTableView::item, QTreeView::item { border-bottom: 1px solid $line; }
QTableView::item:hover, QTreeView::item:hover, QListView::item:hover { background: $field_hover; }
QTableView::item:selected, QTreeView::item:selected, QListView::item:selected { background: $focus_soft;
    color: $ink; }
QTableView QLineEdit, QTreeView QLineEdit { border-radius: 0; padding: 0 4px; border-color: $focus;
    background: $panel; }
QHeaderView { background: $panel; border: none; }
QHeaderView::section { background: $panel; color: $muted_text; border: none; border-bottom: 1px solid $line;
    padding: 4px 5px; }
QTableView[mono="true"] QHeaderView::section { padding: 4px 3px; }
QTableCornerButton::section { background: $panel; border: none; border-bottom: 1px solid $line; }
QScrollArea { background: transparent; border: none; }
QScrollArea > QWidget#qt_scrollarea_viewport, QScrollArea > QWidget#qt_scrollarea_viewport > QWidget {
    background: transparent; }
QAbstractScrollArea::corner { background: transparent; }

QScrollBar { background: transparent; border: none; margin: 0; }
QScrollBar:vertical { width: 10px; }
QScrollBar:horizontal { height: 10px; }
QScrollBar::handle { background: $line_strong; border-radius: 3px; border: none; }
QScrollBar::handle:vertical { min-height: 28px; margin: 2px; }
QScrollBar::handle:horizontal { min-width: 28px; margin: 2px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: none; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

/* menus */
QMenuBar { background: $panel; color: $ink; border-bottom: 1px solid $line; padding: 1px 8px; }
QMenuBar::item { background: transparent; padding: 5px 9px; border-radius: ${radius}px; }
QMenuBar::item:selected, QMenuBar::item:pressed { background: $field_hover; }
QMenuBar QLabel#brand { font-weight: 700; padding: 0 6px 0 12px; }
QMenu { background: $panel; color: $ink; border: 1px solid $line_strong; padding: 5px; }
QMenu::item { padding: 5px 26px 5px 26px; border-radius: 4px; }
QMenu::item:selected { background: $focus_soft; color: $ink; }
QMenu::item:disabled { color: $disabled; }
QMenu::separator { height: 1px; background: $line; margin: 5px 4px; }
QMenu::section { color: $muted; padding: 4px 8px; }
QMenu::right-arrow { image: $chevron_right; width: 12px; height: 12px; margin-right: 4px; }
QMenu::indicator { width: 14px; height: 14px; margin-left: 6px; }
QMenu::indicator:checked { image: $menu_check; }
QMenu::icon { margin-left: 6px; }

/* frame of the window */
QToolBar {
    background: $panel; border: none; border-bottom: 1px solid $line; padding: 6px 8px; spacing: 8px; }
QToolBar::separator { background: $line; width: 1px; margin: 4px 4px; }
QMainWindow::separator { background: $line; width: 1px; height: 1px; }
QMainWindow::separator:hover { background: $focus; }
QDockWidget { color: $muted_text; }
QDockWidget > QWidget { background: $panel; }
QWidget#dock_title { background: $panel; }
QWidget#dock_body { background: $panel; }
QStatusBar { background: $panel; color: $muted; border-top: 1px solid $line; min-height: 24px; }
QStatusBar::item { border: none; }
QStatusBar QLabel { color: $muted; padding: 0 4px; }
QStatusBar QLabel[role="value"] { color: $ink; }
QSizeGrip { width: 0; height: 0; }
QSplitter::handle { background: $line; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QTabWidget::pane { border: none; border-top: 1px solid $line; background: $panel; }
QTabBar { background: $panel; border: none; qproperty-drawBase: 0; }
QTabBar::tab { background: transparent; color: $muted; padding: 6px 10px; border: none;
    border-bottom: 2px solid transparent; }
QTabBar::tab:hover { color: $ink; }
QTabBar::tab:selected { color: $ink; border-bottom-color: $focus; font-weight: 600; }
QTabBar::close-button { subcontrol-position: right; }
QGroupBox { border: 1px solid $line; border-radius: ${radius}px; margin-top: 10px; padding: 8px; }
QGroupBox::title { subcontrol-origin: margin; left: 8px; padding: 0 4px; color: $muted; }
QFrame#rule { background: $line; border: none; }
QFrame[role="rule"] { background: $line; border: none; max-height: 1px; min-height: 1px; }

QMessageBox QLabel#qt_msgbox_label { font-weight: 600; }
QMessageBox QLabel#qt_msgbox_informativelabel { color: $muted_text; min-width: 340px; }
QTextBrowser#help_text { background: $panel; border: none; border-radius: 0; padding: 0; }

QFrame#case_standing { border: 1px solid $line; border-radius: ${radius}px; background: $info_soft; }

/* messages under the toolbar, and the hint that points at Run */
QFrame#banner { border: none; border-bottom: 1px solid $line; background: $info_soft; }
QFrame#banner[kind="warning"] { background: $warning_soft; }
QFrame#banner[kind="error"] { background: $error_soft; }
QFrame#banner QLabel { color: $ink; }
QFrame#banner QPushButton { padding: 3px 9px; }
QWidget#hint QLabel { color: $panel; font-weight: 500; }
QWidget#hint QToolButton { border: none; background: transparent; padding: 0; }
""")
