"""Iris and digits are read from the files that come with the program."""

import numpy as np
import pytest

from nnsim.core.datasets import DATASETS
from nnsim.core.registry import UnknownNameError
from nnsim.io import shipped_data
from nnsim.io.shipped_data import load_shipped


@pytest.mark.parametrize("key", [entry.key for entry in DATASETS if entry.shipped])
def test_a_shipped_set_is_what_its_entry_says_and_read_once(key):
    samples, entry = load_shipped(key), DATASETS[key]
    assert (samples.task, samples.input_names, samples.classes) == (
        entry.task,
        entry.input_names,
        entry.classes,
    )
    assert samples.name == entry.label
    assert load_shipped(key) is samples


def test_iris_has_fifty_flowers_of_each_species():
    iris = load_shipped("iris")
    assert iris.inputs.shape == (150, 4) and np.bincount(iris.labels).tolist() == [50, 50, 50]
    assert iris.inputs[0].tolist() == [5.1, 3.5, 1.4, 0.2]
    np.testing.assert_allclose(iris.inputs.mean(axis=0), [5.8433, 3.0573, 3.758, 1.1993], atol=1e-4)


def test_digits_are_grey_values_from_0_to_1():
    digits = load_shipped("digits")
    assert digits.inputs.shape == (1797, 64) and np.bincount(digits.labels).min() >= 174
    assert digits.inputs.min() == 0.0 and digits.inputs.max() == 1.0
    np.testing.assert_array_equal(digits.inputs * 16, np.round(digits.inputs * 16))
    assert digits.labels[:5].tolist() == [0, 1, 2, 3, 4]


def test_only_shipped_sets_can_be_read():
    with pytest.raises(ValueError, match="Circle is generated"):
        load_shipped("circle")
    with pytest.raises(UnknownNameError):
        load_shipped("mnist")


@pytest.mark.parametrize(
    "text", ["a,b\n1,2\n", "h\n5.1,3.5,1.4,0.2,rose\n", "h\n5.1,x,1.4,0.2,setosa\n", "", "h\n"]
)
def test_a_damaged_file_is_said_to_be_damaged(text, tmp_path, monkeypatch):
    (tmp_path / "iris.csv").write_text(text, encoding="utf-8")
    monkeypatch.setattr(shipped_data, "resource_path", lambda *parts: tmp_path / parts[-1])
    load_shipped.cache_clear()
    try:
        with pytest.raises(ValueError, match=r"iris\.csv.*damaged"):
            load_shipped("iris")
    finally:
        load_shipped.cache_clear()
