"""Nudging a number in the property panel: ΔC/h beside ∂C, and where rounding takes over."""

from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QPushButton

from nnsim.core.nudge import Nudge
from nnsim.ui.numbers import exact
from nnsim.ui.panels.facts import FactRow
from nnsim.ui.panels.nudge_picture import NudgePicture
from nnsim.ui.panels.nudge_section import words_of


@pytest.fixture
def mazur(open_page: Any) -> Any:
    return open_page("mazur", size=(1440, 1000))


def number(page: Any, name: str) -> float:
    text = page.find(name, FactRow).full_text()
    return float(text)


def open_nudge(page: Any, name: str) -> None:
    toggle = page.find(f"{name}_toggle", QPushButton)
    page.find("property_scroll").ensureWidgetVisible(toggle)
    page.click(toggle)


def test_what_is_opened_comes_into_view(open_page: Any) -> None:
    page = open_page("mazur", size=(1280, 720))
    page.select_neuron(page.project.layers[1].id, 0)
    open_nudge(page, "neuron_nudge")
    page.wait_until_idle()
    port = page.find("property_scroll").viewport()
    seen = QRect(port.mapToGlobal(QPoint(0, 0)), port.size())
    toggle = page.find("neuron_nudge_toggle")
    field = page.find("neuron_nudge_h")
    page.wait_until(lambda: seen.contains(field.mapToGlobal(field.rect().center())))
    assert seen.contains(toggle.mapToGlobal(toggle.rect().center()))


def test_a_weight_is_nudged_and_nothing_is_edited(mazur: Any) -> None:
    page, project = mazur, mazur.project
    connection = project.connections[1].id
    page.select_weight(connection, 0, 1)
    open_nudge(page, "edge_nudge")
    gradient = float(page.snapshot.probe.gradient.weights[connection][0, 1])
    assert number(page, "edge_nudge_derivative") == gradient
    assert number(page, "edge_nudge_value") == 0.45
    assert number(page, "edge_nudge_loss") == page.snapshot.probe.loss
    up = number(page, "edge_nudge_loss_up")
    assert number(page, "edge_nudge_one_sided") == (up - page.snapshot.probe.loss) / 0.001
    assert number(page, "edge_nudge_one_sided") == pytest.approx(gradient, rel=1e-2)
    assert number(page, "edge_nudge_central") == pytest.approx(gradient, rel=1e-6)
    assert page.project is project
    # The change by hand gives the loss that the nudge has told.
    page.type_into("edge_weight", "0.451")
    page.wait_until_idle()
    assert page.snapshot.probe.loss == up
    assert number(page, "edge_nudge_loss") == up
    assert number(page, "edge_nudge_value") == 0.451


def test_h_is_typed_and_picked_in_the_picture_and_0_is_refused(mazur: Any) -> None:
    page = mazur
    page.select_weight(page.project.connections[0].id, 0, 0)
    open_nudge(page, "edge_nudge")
    page.type_into("edge_nudge_h", "1e-14")
    assert "rounding" in page.text("edge_nudge_words")
    page.type_into("edge_nudge_h", "0")
    assert page.find("edge_nudge_h").property("invalid")
    page.press("Escape", page.find("edge_nudge_h"))
    picture = page.find("edge_nudge_picture", NudgePicture)
    page.find("property_scroll").ensureWidgetVisible(picture)
    area = picture._area()
    middle = QPoint(round(area.left() + area.width() * 4 / 14), round(area.center().y()))
    page.qtbot.mouseClick(picture, Qt.MouseButton.LeftButton, pos=middle)
    assert page.field("edge_nudge_h").value() == pytest.approx(1e-5)
    assert "digits agree with ∂C" in page.text("edge_nudge_words")


def test_bias_sum_and_activation_of_a_neuron_are_nudged(mazur: Any) -> None:
    page = mazur
    hidden = page.project.layers[1].id
    page.select_neuron(hidden, 1)
    open_nudge(page, "neuron_nudge")
    probe = page.snapshot.probe
    expected = {
        "bias": ("∂C/∂b", float(probe.gradient.biases[hidden][1])),
        "z": ("∂C/∂z", float(probe.delta[1][1])),
        "a": ("∂C/∂a", float(probe.da[1][1])),
    }
    for key, (label, derivative) in expected.items():
        page.click(f"neuron_nudge_of_{key}")
        assert number(page, "neuron_nudge_derivative") == derivative
        assert number(page, "neuron_nudge_central") == pytest.approx(derivative, rel=1e-6)
        assert page.find("neuron_nudge_derivative", FactRow).accessibleName().startswith(label)


def test_numbers_follow_the_document_the_sample_and_the_notation(mazur: Any) -> None:
    page = mazur
    page.select_neuron(page.project.layers[2].id, 0)
    open_nudge(page, "neuron_nudge")
    page.click("neuron_nudge_of_z")
    before = number(page, "neuron_nudge_derivative")
    page.click_step("batch")
    after = number(page, "neuron_nudge_derivative")
    assert after != before
    assert after == float(page.snapshot.probe.delta[2][0])
    page.menu("View", "Notation", "Numbered: w₁ … w₈, net, out")
    assert page.find("neuron_nudge_derivative", FactRow).accessibleName().startswith("∂C/∂net")
    assert page.find("neuron_nudge_of_z", QPushButton).text() == "net"
    assert page.find("neuron_nudge_of_z", QPushButton).isChecked()
    assert exact(after) == page.find("neuron_nudge_derivative", FactRow).full_text()


def test_a_closed_section_computes_nothing(mazur: Any) -> None:
    page = mazur
    page.select_weight(page.project.connections[0].id, 0, 0)
    assert page.find("edge_nudge_loss", FactRow).text() == "—"
    open_nudge(page, "edge_nudge")
    assert page.find("edge_nudge_loss", FactRow).text() != "—"


def nudge(
    h: float = 0.1, up: float = 1.1, down: float = 0.9, derivative: float = 1.0, loss: float = 1.0
) -> Nudge:
    return Nudge(h, loss, up, down, derivative)


def test_words_tell_bending_rounding_agreement_and_nothing_at_all() -> None:
    near = nudge(1e-5)
    assert words_of(nudge(up=1.2, down=0.95), near).startswith("The loss bends within h: ΔC/h is 50 % off.")
    tiny = nudge(1e-15, up=1.0 + 4.5e-16, down=1.0)
    assert words_of(tiny, near).startswith(
        "C changes by only 2 units of its last digit: rounding takes over."
    )
    assert words_of(tiny, near).endswith("Nearest at h = 0.00001.")
    assert "does not depend" in words_of(nudge(up=1.0, down=1.0, derivative=0.0), near)
    assert "below its last digit" in words_of(nudge(up=1.0, down=1.0), near)
    assert "not a finite number" in words_of(nudge(up=float("inf")), None)
    close = words_of(nudge(up=1.1 + 1e-4, down=0.9 + 1e-4), None)
    assert close.startswith("With both sides 15 digits agree with ∂C; ")
    assert close.endswith("it is off by 1.0e−3 of it.")


def test_an_input_is_nudged_too(mazur: Any) -> None:
    page = mazur
    page.select_neuron(page.project.layers[0].id, 1)
    open_nudge(page, "input_nudge")
    probe = page.snapshot.probe
    assert number(page, "input_nudge_derivative") == float(probe.da[0][1])
    assert number(page, "input_nudge_value") == float(probe.a[0][1])
    assert number(page, "input_nudge_central") == pytest.approx(float(probe.da[0][1]), rel=1e-6)
