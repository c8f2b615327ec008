"""``nnsim check``: gradients that agree, gradients that do not, kinks, and what is left out."""

import json

import numpy as np
import pytest

from nnsim import cli
from nnsim.commands import check
from nnsim.core.datasets.base import Samples
from nnsim.core.evaluate import Evaluator
from nnsim.io import project_file
from nnsim.model.build import build, default_project
from nnsim.model.project import Data


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "case.nnsim"
    project_file.save(file, default_project())
    return str(file)


def checked(capsys, path, code=0):
    assert cli.main(["check", path, "--json"]) == code
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("key", ["mazur", "course-chain", "xor"])
def test_the_gradients_of_examples_agree(key, capsys):
    found = checked(capsys, key)
    assert found["passed"] is True and found["largest_error"] < 1e-8
    assert found["worst"]["relative_error"] == found["largest_error"]


def test_the_circle_agrees_in_every_parameter_and_sample(path, capsys):
    found = checked(capsys, path)
    assert found["parameters_checked"] == found["parameters"] == 2 * 4 + 4 + 4 * 2 + 2 + 2 + 1
    assert found["samples_checked"] == found["samples"] <= check.MAX_SAMPLES
    assert cli.main(["check", path]) == 0
    printed = capsys.readouterr().out
    assert "The gradients agree" in printed and "evenly spread" not in printed


def test_a_wrong_gradient_ends_with_1_and_names_its_place(path, capsys, monkeypatch):
    original = Evaluator.full_pass

    def wrong(self, x, y):
        found = original(self, x, y)
        place = int(self.network.layout.weights[1].positions()[1, 2])  # h1₃ → h2₂
        found.gradient[place] += 0.01
        return found

    monkeypatch.setattr(Evaluator, "full_pass", wrong)
    found = checked(capsys, path, code=1)
    assert found["passed"] is False and found["largest_error"] > 1e-6
    assert found["worst"]["name"] == "weight h1₃ → h2₂"
    assert cli.main(["check", path]) == 1
    printed = capsys.readouterr().out
    assert "at weight h1₃ → h2₂" in printed and "The gradients differ" in printed


def test_parameters_at_a_kink_are_left_out_and_explained(tmp_path, capsys):
    file = tmp_path / "kink.nnsim"
    data = Data("table", train_share=1.0, samples=Samples(np.array([[1.0]]), np.array([[1.0]])))
    weights = [([[0.0]], [0.0]), ([[1.0]], [0.0])]
    project_file.save(file, build((1, 1, 1), ("relu", "linear"), data, weights=weights))
    found = checked(capsys, str(file))
    assert found["at_kink"] == 2 and found["passed"] is True
    assert cli.main(["check", str(file)]) == 0
    assert "2 at a kink" in capsys.readouterr().out


def test_a_check_that_could_compare_nothing_has_not_passed(tmp_path, capsys):
    file = tmp_path / "kink.nnsim"
    data = Data("table", train_share=1.0, samples=Samples(np.array([[1.0]]), np.array([[1.0]])))
    project_file.save(file, build((1, 1), "relu", data, weights=[([[0.0]], [0.0])]))
    found = checked(capsys, str(file), code=1)
    assert found["worst"] is None and found["passed"] is False
    assert cli.main(["check", str(file)]) == 1
    assert "Nothing could be compared" in capsys.readouterr().out


def test_of_large_networks_a_spread_out_part_of_every_block_is_checked(path, capsys, monkeypatch):
    monkeypatch.setattr(check, "MAX_PARAMETERS", 12)
    monkeypatch.setattr(check, "MAX_SAMPLES", 5)
    found = checked(capsys, path)
    assert found["parameters_checked"] == 2 + 2 + 2 + 2 + 2 + 1 and found["parameters"] == 25
    assert found["samples_checked"] == 5 < found["samples"]
    assert cli.main(["check", path]) == 0
    assert "11 of 25 parameters (evenly spread" in capsys.readouterr().out
