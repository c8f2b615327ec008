"""The notation changes every label, at once, and nothing else."""

from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QLabel

from nnsim.core.activations import ACTIVATIONS
from nnsim.model.notation import NOTATIONS
from nnsim.ui.canvas.wording import spoken, tip_of, title_of
from nnsim.ui.docks import Caption, capitals
from nnsim.ui.panels.facts import FactRow
from nnsim.ui.panels.incoming_table import IncomingTable
from nnsim.ui.selection import Selection

LABELS = {entry.key: entry.label for entry in NOTATIONS}


def choose(page: Any, key: str) -> None:
    page.menu("View", "Notation", LABELS[key])
    QApplication.processEvents()


def canvas_names(page: Any) -> list[str]:
    """The names drawn in the neurons, column by column."""
    scene = page.window.canvas.scene
    return [scene.neurons[key].look.name for key in sorted(scene.neurons)]


def dock_title(page: Any, key: str) -> str:
    return page.window.docks[key].panel.windowTitle()


def test_titles_are_in_capitals_and_names_of_quantities_are_not() -> None:
    assert capitals("Sigmoid at a1[0]") == "SIGMOID AT a1[0]"
    assert capitals("Weight w₆ · o₁ ← h₂") == "WEIGHT w₆ · o₁ ← h₂"
    assert capitals("Output over x₁, x₂") == "OUTPUT OVER x₁, x₂"
    assert capitals("Cross-entropy of b") == "CROSS-ENTROPY OF b"


@pytest.fixture
def mazur(open_page: Any) -> Any:
    return open_page("mazur", size=(1440, 900))


def test_every_label_follows_the_choice_at_once(mazur: Any) -> None:
    page = mazur
    first, last = page.project.layers[1].id, page.project.layers[-1].id
    edge = Selection.of_edge(page.project.connections[0].id, 0, 1)
    expected = {
        "numbered": ("h₁", "Neuron h₁ · Hidden 1", "w₂", "net = Σ w·out + b", "δ = ∂C/∂net", "Sigmoid at h₁"),
        "nielsen": ("a²₁", "Neuron a²₁ · Hidden 1", "w²₁₂", "z = Σ w·a + b", "δ = ∂C/∂z", "Sigmoid at a²₁"),
        "code": (
            "a1[0]", "Neuron a1[0] · Hidden 1", "W1[0, 1]", "z = Σ W·a + b", "d = ∂C/∂z", "Sigmoid at a1[0]",
        ),
        "nnsim": ("h₁", "Neuron h₁ · Hidden 1", "h₁ ← x₂", "z = Σ w·a + b", "δ = ∂C/∂z", "Sigmoid at h₁"),
    }  # fmt: skip
    inputs = {"numbered": "i₂", "nielsen": "a¹₂", "code": "x[1]", "nnsim": "x₂"}
    page.select_neuron(first, 0)
    for key, (name, title, weight, z, delta, plot) in expected.items():
        choose(page, key)
        assert name in canvas_names(page) and inputs[key] in canvas_names(page)
        assert dock_title(page, "properties") == title
        caption = page.window.docks["properties"].findChild(Caption)
        assert caption.text() in f"NEURON {name} · HIDDEN 1" or caption.text().endswith("…")
        assert caption.text().startswith(f"NEURON {name}")
        rows = {row.objectName(): row.accessibleName() for row in page.window.findChildren(FactRow)}
        assert rows["neuron_z"].startswith(f"{z}:")
        assert rows["neuron_delta"].startswith(f"{delta}:")
        table = page.find("incoming_weights", IncomingTable)
        assert table.model().index(1, 0).data() == inputs[key]
        assert dock_title(page, "activation") == plot
        names = page.controller.view.names
        assert title_of(names, edge) == f"Weight {weight}"
        assert page.action(f"notation_{key}").isChecked()
        assert [k for k in LABELS if page.action(f"notation_{k}").isChecked()] == [key]
        out = Selection.of_neuron(last, 0)
        figures = page.window.canvas.figures
        assert tip_of(names, figures, out).splitlines()[0] == title_of(names, out)
        assert names.sum_letter in spoken(names, figures, out)


def test_the_page_of_a_weight_and_the_canvas_menu_speak_the_same(mazur: Any) -> None:
    page = mazur
    choose(page, "numbered")
    page.select_weight(page.project.connections[1].id, 0, 1)
    assert dock_title(page, "properties") == "Weight w₆ · o₁ ← h₂"
    row = page.find("edge_a", FactRow)
    assert row.accessibleName().startswith("out h₂:")
    page.type_into("edge_weight", "0.5")
    assert page.session.undo_label == "Weight w₆"
    choose(page, "nnsim")
    assert dock_title(page, "properties") == "Weight o₁ ← h₂"
    assert row.accessibleName().startswith("a of h₂:")


def test_nothing_but_labels_changes(mazur: Any, tmp_path: Any) -> None:
    page = mazur
    page.click_step("batch")
    project, numbers = page.project, page.snapshot
    files = []
    for key in LABELS:
        choose(page, key)
        page.wait_until_idle()
        assert page.project is project
        assert page.snapshot is numbers
        page.session.save_as(tmp_path / f"{key}.nnsim")
        files.append((tmp_path / f"{key}.nnsim").read_bytes())
    assert len(set(files)) == 1


def test_the_choice_is_remembered(open_page: Any) -> None:
    choose(open_page(), "code")
    second = open_page()
    assert second.controller.view.notation == "code"
    assert "a1[0]" in canvas_names(second)


def test_a_notation_of_a_newer_version_is_no_problem(open_page: Any, settings_file: Any) -> None:
    settings_file.parent.mkdir(parents=True, exist_ok=True)
    settings_file.write_text('{"notation": "runes"}', encoding="utf-8")
    page = open_page()
    assert page.controller.view.notation == "nnsim"
    assert page.banner() == ""


def test_every_activation_is_still_named_by_its_own_formula(mazur: Any) -> None:
    choose(mazur, "numbered")
    first = mazur.project.layers[1].id
    mazur.select_neuron(first, 0)
    for entry in ACTIVATIONS:
        if not entry.vector:
            mazur.choose("neuron_activation", entry.key)
            mazur.wait_until_idle()
            name = mazur.find("neuron_a", FactRow).accessibleName()
            assert name.startswith("out = ") and "(z" not in name
    assert mazur.find("property_panel").isVisible()
    assert isinstance(mazur.find("status_position"), QLabel)
