"""Numbers as people read, type, nudge and copy them."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from nnsim.ui.numbers import exact, read, scientific, short, shown, signed
from nnsim.ui.panels.field_message import FieldMessage
from nnsim.ui.panels.number_field import NumberField, commit_pending

# -- numbers as text ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.5", 0.5), ("0,5", 0.5), (".5", 0.5), ("5.", 5.0), ("−2", -2.0), ("– 2", -2.0), ("+3", 3.0),
        ("1/3", 1.0 / 3.0), ("−1/8", -0.125), ("0,5/4", 0.125), ("1e-3", 0.001), ("1E3", 1000.0),
        (" 0.15 ", 0.15), ("2 000", 2000.0), ("1⁄3", 1.0 / 3.0),
    ],
)  # fmt: skip
def test_numbers_are_read_as_people_type_them(text: str, value: float) -> None:
    assert read(text) == value


@pytest.mark.parametrize(
    "text",
    ["", "  ", "abc", "1_000", "nan", "inf", "0x10", "1/0", "1/2/3", "1.2.3", "1e999", "٣", "²", "1/"],
)
def test_what_is_no_number_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError) as refusal:
        read(text)
    assert str(refusal.value).endswith(".")
    assert "float" not in str(refusal.value)


def test_a_huge_power_in_a_fraction_is_refused_at_once() -> None:
    with pytest.raises(ValueError):
        read("1e999999999/3")


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_the_exact_text_reads_back_as_the_same_number(value: float) -> None:
    assert repr(read(exact(value))) == repr(value)


@given(st.floats(-1e300, 1e300), st.integers(1, 9))
def test_rounded_text_is_a_number_near_the_value_and_short_means_the_same(value: float, digits: int) -> None:
    text = shown(value, digits)
    assert abs(read(text) - value) <= max(0.5 * 10.0**-digits, abs(value) * 0.05)
    assert read(short(value, digits)) == read(text)


def test_numbers_that_are_not_there_or_not_finite_have_their_signs() -> None:
    assert [shown(None), shown(nan), shown(inf), shown(-inf)] == ["—", "—", "∞", "−∞"]
    assert [shown(-0.0), short(-0.0), shown(-0.12345)] == ["0.0000", "0", "−0.1235"]
    assert [short(0.6), short(1.5e-7), short(2e7), short(100.0)] == ["0.6", "1.5e−7", "2e7", "100"]
    assert [signed(0.5), signed(-0.5), signed(0.0)] == ["+0.5000", "−0.5000", "0.0000"]
    assert [scientific(1.1e-11), scientific(0.0), scientific(None)] == ["1.1e−11", "0.0e0", "—"]


# -- the field ------------------------------------------------------------------------------------


@pytest.fixture
def page(qtbot: QtBot) -> Iterator[QWidget]:
    """A shown window with something else to go to."""
    window = QWidget()
    window.resize(300, 200)
    QVBoxLayout(window)
    elsewhere = QLineEdit(window)
    elsewhere.setObjectName("elsewhere")
    window.layout().addWidget(elsewhere)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitExposed(window)
    elsewhere.setFocus()
    yield window


def field_on(page: QWidget, value: float = 0.5, **settings: object) -> tuple[NumberField, list[float]]:
    field = NumberField(page, **settings)
    field.set_value(value)
    page.layout().addWidget(field)
    field.show()
    given: list[float] = []
    field.committed.connect(given.append)
    return field, given


def leave(page: QWidget) -> None:
    page.findChild(QLineEdit, "elsewhere").setFocus()


def type_over(qtbot: QtBot, field: NumberField, text: str) -> None:
    field.setFocus(Qt.FocusReason.TabFocusReason)
    for letter in text:  # QTest types ASCII only
        for kind in (QKeyEvent.Type.KeyPress, QKeyEvent.Type.KeyRelease):
            QApplication.sendEvent(field, QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter))


def test_an_idle_field_rounds_and_a_focused_one_shows_every_digit(qtbot: QtBot, page: QWidget) -> None:
    field, given = field_on(page, 0.13849856162855698)
    assert field.text() == "0.1385"
    field.setFocus(Qt.FocusReason.TabFocusReason)
    assert field.text() == "0.13849856162855698"
    assert field.selectedText() == field.text()
    leave(page)
    assert field.text() == "0.1385"
    assert given == []


def test_fixed_fields_keep_their_zeros_and_units_follow_the_number(page: QWidget) -> None:
    assert field_on(page, 0.4, digits=6, fixed=True)[0].text() == "0.400000"
    assert field_on(page, 0.4, digits=6)[0].text() == "0.4"
    assert field_on(page, 50.0, suffix=" %", integer=True)[0].text() == "50 %"


@pytest.mark.parametrize(
    ("typed", "value"), [("0,15", 0.15), ("1/3", 1.0 / 3.0), ("−2", -2.0), ("1e-3", 0.001)]
)
def test_enter_commits_what_was_typed(qtbot: QtBot, page: QWidget, typed: str, value: float) -> None:
    field, given = field_on(page)
    type_over(qtbot, field, typed)
    assert given == []
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert given == [value]
    assert field.value() == value
    assert field.text() == exact(value)


def test_leaving_commits_and_committing_the_same_number_says_nothing(qtbot: QtBot, page: QWidget) -> None:
    field, given = field_on(page)
    type_over(qtbot, field, "0.75")
    leave(page)
    type_over(qtbot, field, "3/4")
    leave(page)
    assert given == [0.75]
    assert field.text() == "0.75"


def test_escape_takes_back_what_was_typed(qtbot: QtBot, page: QWidget) -> None:
    field, given = field_on(page)
    type_over(qtbot, field, "77")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    leave(page)
    assert (field.value(), field.text(), given) == (0.5, "0.5", [])


def test_what_cannot_be_read_stays_as_typed_and_is_explained(qtbot: QtBot, page: QWidget) -> None:
    field, given = field_on(page, label="Bias b")
    told: list[str] = []
    field.rejected.connect(told.append)
    type_over(qtbot, field, "<b>half</b>")
    leave(page)
    message = page.findChild(FieldMessage)
    assert field.text() == "<b>half</b>"
    assert field.is_invalid() and field.property("invalid") is True
    assert message is not None and message.isVisible()
    assert message.text() == told[0] == "“<b>half</b>” is not a number. Type one such as 0.5 or 1/3."
    assert message.textFormat() == Qt.TextFormat.PlainText
    assert field.accessibleDescription() == message.text()
    assert page.rect().contains(message.geometry())
    assert message.height() >= message.heightForWidth(message.width())
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert (field.text(), field.is_invalid(), message.isVisible(), given) == ("0.5", False, False, [])


def test_a_refused_text_can_be_corrected(qtbot: QtBot, page: QWidget) -> None:
    field, given = field_on(page)
    type_over(qtbot, field, "0.1x")
    qtbot.keyClick(field, Qt.Key.Key_Enter)
    assert field.is_invalid() and field.text() == "0.1x"
    qtbot.keyClick(field, Qt.Key.Key_Backspace)
    qtbot.keyClick(field, Qt.Key.Key_Enter)
    assert given == [0.1]
    assert not field.is_invalid()


def test_limits_and_whole_numbers_are_held(qtbot: QtBot, page: QWidget) -> None:
    field, given = field_on(page, 10.0, label="Batch size", minimum=1, maximum=500, integer=True)
    for typed, sentence in (
        ("0", "Batch size must be at least 1."), ("501", "Batch size must be at most 500."),
        ("2.5", "Batch size must be a whole number."),
    ):  # fmt: skip
        field.take_back()
        type_over(qtbot, field, typed)
        qtbot.keyClick(field, Qt.Key.Key_Return)
        assert field.problem() == sentence
        leave(page)
    assert given == []


def test_new_numbers_from_outside_do_not_disturb_typing(qtbot: QtBot, page: QWidget) -> None:
    field, given = field_on(page)
    type_over(qtbot, field, "0.2")
    field.set_value(0.9)
    assert field.text() == "0.2"
    qtbot.keyClicks(field, "5")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert given == [0.25]


def test_an_unused_field_follows_numbers_from_outside_also_when_focused(page: QWidget) -> None:
    field, given = field_on(page)
    field.set_value(0.123456789)
    assert field.text() == "0.1235"
    field.setFocus()
    field.set_value(0.987654321)
    assert field.text() == "0.987654321"
    field.set_value(None)
    assert field.text() == "—"
    assert given == []


@pytest.mark.parametrize(
    ("start", "key", "modifier", "after"),
    [
        (0.35, Qt.Key.Key_Up, Qt.KeyboardModifier.NoModifier, 0.36),
        (0.35, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier, 0.25),
        (0.35, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier, 0.351),
        (0.0, Qt.Key.Key_Down, Qt.KeyboardModifier.NoModifier, -0.01),
        (-12.0, Qt.Key.Key_Up, Qt.KeyboardModifier.NoModifier, -11.0),
        (0.1234567, Qt.Key.Key_Up, Qt.KeyboardModifier.NoModifier, 0.1334567),
    ],
)
def test_arrow_keys_nudge_without_rounding(
    qtbot: QtBot, page: QWidget, start: float, key: Qt.Key, modifier: Qt.KeyboardModifier, after: float
) -> None:
    field, given = field_on(page, start)
    field.setFocus()
    qtbot.keyClick(field, key, modifier)
    assert given == [after]
    assert field.text() == exact(after)


def test_nudging_there_and_back_ends_where_it_began(qtbot: QtBot, page: QWidget) -> None:
    field, given = field_on(page, 0.1)
    field.setFocus()
    for key in [Qt.Key.Key_Down] * 12 + [Qt.Key.Key_Up] * 12:
        qtbot.keyClick(field, key)
    assert field.value() == 0.1
    assert len(given) == 24


def test_whole_numbers_nudge_by_one_and_stop_at_the_limit(qtbot: QtBot, page: QWidget) -> None:
    field, given = field_on(page, 2.0, integer=True, minimum=1, maximum=20)
    field.setFocus()
    for _ in range(3):
        qtbot.keyClick(field, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(field, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert given == [1.0, 11.0]


def test_a_series_of_nudges_shares_an_undo_key_and_typing_does_not(qtbot: QtBot, page: QWidget) -> None:
    field, _ = field_on(page)
    keys: list[str | None] = []
    field.committed.connect(lambda _: keys.append(field.merge_key("bias")))
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_Up)
    qtbot.keyClick(field, Qt.Key.Key_Up)
    type_over(qtbot, field, "3")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    leave(page)
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_Up)
    assert keys[0] is not None and keys[0] == keys[1]
    assert keys[2] is None
    assert keys[3] not in (None, keys[0])


def turn_wheel(field: NumberField, notches: int) -> QWheelEvent:
    event = QWheelEvent(
        QPointF(3, 3), QPointF(field.mapToGlobal(QPoint(3, 3))), QPoint(), QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(field, event)
    return event


def test_the_wheel_turns_the_number_only_when_focused(page: QWidget) -> None:
    field, given = field_on(page)
    assert not turn_wheel(field, 1).isAccepted()
    assert given == []
    field.setFocus()
    assert turn_wheel(field, 2).isAccepted()
    assert given == [0.52]


def test_copying_gives_every_digit(qtbot: QtBot, page: QWidget) -> None:
    field, _ = field_on(page, 0.13849856162855698)
    field.setFocus(Qt.FocusReason.TabFocusReason)
    for deselect in (False, True):
        QGuiApplication.clipboard().clear()
        if deselect:
            field.deselect()
        qtbot.keyClick(field, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        assert QGuiApplication.clipboard().text() == "0.13849856162855698"


def test_an_owner_can_refuse_a_number_and_nothing_typed_is_lost(qtbot: QtBot, page: QWidget) -> None:
    field, _ = field_on(page)
    field.committed.connect(lambda value: field.refuse("That many samples do not fit."))
    type_over(qtbot, field, "9")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert (field.text(), field.value(), field.problem()) == ("9", 0.5, "That many samples do not fit.")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert (field.text(), field.is_invalid()) == ("0.5", False)


def test_a_click_selects_all_and_a_second_one_places_the_cursor(qtbot: QtBot, page: QWidget) -> None:
    field, _ = field_on(page, 0.123456789)
    qtbot.mouseClick(field, Qt.MouseButton.LeftButton)
    assert field.selectedText() == "0.123456789"
    qtbot.mouseClick(field, Qt.MouseButton.LeftButton, pos=QPoint(field.width() - 3, 8))
    assert not field.hasSelectedText()


def test_undo_belongs_to_the_document_unless_something_is_being_typed(qtbot: QtBot, page: QWidget) -> None:
    field, _ = field_on(page)
    field.setFocus()
    undo = (Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)

    def is_kept() -> bool:
        event = QKeyEvent(QKeyEvent.Type.ShortcutOverride, *undo)
        event.ignore()
        QApplication.sendEvent(field, event)
        return event.isAccepted()

    assert not is_kept()
    qtbot.keyClicks(field, "12")
    assert is_kept()
    qtbot.keyClick(field, *undo)
    assert field.text() != "12"


def test_a_shortcut_of_the_window_finds_the_typed_number_committed(qtbot: QtBot, page: QWidget) -> None:
    field, given = field_on(page)
    type_over(qtbot, field, "0.7")
    qtbot.keyClick(field, Qt.Key.Key_Control)
    assert given == []
    event = QKeyEvent(QKeyEvent.Type.ShortcutOverride, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    event.ignore()
    QApplication.sendEvent(field, event)
    assert given == [0.7]
    assert not event.isAccepted()


def test_a_command_can_ask_for_the_typed_number_first(qtbot: QtBot, page: QWidget) -> None:
    field, given = field_on(page)
    assert commit_pending()
    type_over(qtbot, field, "0.7")
    assert commit_pending()
    assert given == [0.7]
    qtbot.keyClicks(field, "x")
    assert not commit_pending()
    assert field.text().endswith("x")


def test_hovering_tells_all_digits_and_how_to_change_them(page: QWidget) -> None:
    field, _ = field_on(page, 0.13849856162855698, label="Bias b")
    assert "Bias b: 0.13849856162855698" in field.help_text()
    assert "Shift" in field.help_text()
    assert field.accessibleName() == "Bias b"


def test_a_number_without_room_is_rounded_more_and_never_cut_off(qtbot: QtBot, page: QWidget) -> None:
    field, given = field_on(page, -0.283342, digits=6)
    assert field.text() == "−0.283342"
    field.setFixedWidth(70)
    QApplication.processEvents()
    shorter = field.text()
    assert shorter.startswith("−0.2") and len(shorter) < 9
    assert field.fontMetrics().horizontalAdvance(shorter) < 70
    field.setFocus()
    assert field.text() == "-0.283342"
    leave(page)
    assert field.value() == -0.283342 and given == []
