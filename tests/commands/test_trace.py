"""``nnsim trace``: the numbers of published worked examples, as JSON and as tables."""

import json
from pathlib import Path

import numpy as np
import pytest

from nnsim import cli
from nnsim.core.datasets.base import Samples
from nnsim.io import project_file
from nnsim.model.build import build, default_project
from nnsim.model.project import Data, Training

CASES = json.loads((Path(__file__).parents[1] / "oracles" / "published_cases.json").read_text("utf-8"))
BY_ID = {case["id"]: case for case in CASES["cases"]}
SHIPPED = {"mazur": "mazur", "course-chain": "course_note_chain_w025"}
CLOSE = {"rtol": 1e-12, "atol": 1e-12}


def project_of(case, **settings):
    layers, data = case["network"]["layers"], case["data"]
    samples = Samples(np.array(data["x"]), np.array(data["y"]))
    return build(
        (len(data["x"][0]), *(len(p["W"]) for p in layers)),
        [p["act"] for p in layers],
        Data("table", train_share=1.0, samples=samples),
        Training(loss=case["loss"]),
        weights=[(p["W"], p["b"]) for p in layers],
        **settings,
    )


def traced(capsys, *arguments):
    assert cli.main(["trace", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def check(found, expected):
    np.testing.assert_allclose(found["loss"]["value"], expected["loss"], **CLOSE)
    inputs = found["layers"][0]["neurons"]
    np.testing.assert_allclose([n["dC_da"] for n in inputs], expected["dC_dx"][0], **CLOSE)
    assert [n["z"] for n in inputs] == [n["delta"] for n in inputs] == [None] * len(inputs)
    gradients = iter(found["parameters"])
    for k, layer in enumerate(found["layers"][1:]):
        parts = {
            "z": expected["forward"]["z"],
            "a": expected["forward"]["a"],
            "dC_da": expected["dC_da"],
            "delta": expected["delta"],
        }
        for name, values in parts.items():
            np.testing.assert_allclose([n[name] for n in layer["neurons"]], values[k][0], **CLOSE)
        for kind, values in (("weight", expected["grad"]["W"][k]), ("bias", expected["grad"]["b"][k])):
            for value in np.ravel(values):
                row = next(gradients)
                assert row["kind"] == kind
                np.testing.assert_allclose(row["gradient"], value, **CLOSE)
    assert next(gradients, None) is None


@pytest.mark.parametrize("key", SHIPPED)
def test_the_shipped_example_gives_the_published_numbers(key, capsys):
    check(traced(capsys, key, "--sample", "0"), BY_ID[SHIPPED[key]]["recomputed"])


@pytest.mark.parametrize("key", SHIPPED.values())
def test_a_project_file_gives_the_published_numbers(key, tmp_path, capsys):
    path = tmp_path / "case.nnsim"
    project_file.save(path, project_of(BY_ID[key]))
    check(traced(capsys, str(path), "--sample", "0"), BY_ID[key]["recomputed"])


def test_weights_and_biases_are_named_by_their_neurons(capsys):
    found = traced(capsys, "mazur", "--sample", "0")
    by_name = {p["name"]: p for p in found["parameters"]}
    assert len(by_name) == 12
    assert by_name["weight x₂ → h₁"]["value"] == 0.2
    assert by_name["weight h₁ → o₂"]["value"] == 0.5
    assert by_name["bias o₁"] | {"gradient": 0} == {
        "kind": "bias", "name": "bias o₁", "part": "L2", "source": None, "target": "o₁",
        "value": 0.6, "gradient": 0, "frozen": True,
    }  # fmt: skip


def test_a_shared_bias_is_one_parameter_with_the_sum_of_the_gradients(tmp_path, capsys):
    path = tmp_path / "case.nnsim"
    case = BY_ID["mazur"]
    project_file.save(path, project_of(case, bias="shared"))
    found = traced(capsys, str(path), "--sample", "0")["parameters"]
    biases = [p for p in found if p["kind"] == "bias"]
    assert [p["name"] for p in biases] == ["bias of Hidden 1 (shared)", "bias of Output (shared)"]
    for row, expected in zip(biases, case["recomputed"]["grad"]["b"], strict=True):
        np.testing.assert_allclose(row["gradient"], sum(expected), **CLOSE)


def test_samples_count_from_0_over_training_and_test_samples_in_file_order(tmp_path, capsys):
    path = tmp_path / "case.nnsim"
    rows = np.arange(12.0).reshape(6, 2)
    data = Data("table", samples=Samples(rows, rows[:, :1], input_names=("height", "width")))
    project_file.save(path, build((2, 1), "linear", data))
    parts = []
    for i in range(6):
        sample = traced(capsys, str(path), "--sample", str(i))["sample"]
        assert (sample["index"], sample["count"]) == (i, 6)
        assert sample["raw_inputs"] == {"height": 2.0 * i, "width": 2.0 * i + 1.0}
        parts.append(sample["part"])
    assert parts.count("train") == parts.count("test") == 3


def test_numbers_in_json_are_exact_and_not_finite_ones_are_texts(tmp_path, capsys):
    path = tmp_path / "case.nnsim"
    samples = Samples(np.array([[0.1 + 0.2]]), np.array([[1.0]]))
    data = Data("table", train_share=1.0, samples=samples)
    project_file.save(path, build((1, 1), "linear", data, weights=[([[1e200]], [0.0])]))
    found = traced(capsys, str(path), "--sample", "0")
    assert found["layers"][0]["neurons"][0]["a"] == 0.1 + 0.2
    assert found["loss"]["value"] == "Infinity"


@pytest.mark.parametrize("index", ["-1", "1"])
def test_a_sample_that_is_not_there_is_refused_with_the_range(index, capsys):
    assert cli.main(["trace", "mazur", "--sample", index]) == 2
    captured = capsys.readouterr()
    assert f"There is no sample {index}" in captured.err and "the only sample is 0" in captured.err
    assert captured.out == ""


def test_the_tables_line_up_and_hold_the_published_numbers(capsys):
    assert cli.main(["trace", "mazur", "--sample", "0"]) == 0
    printed = capsys.readouterr().out
    for value in ("0.593269992", "0.138498562", "0.298371109", "0.082167041", "1/n · Σₓ Σⱼ ½(aⱼ − yⱼ)²"):
        assert value in printed
    for block in printed.split("\n\n"):
        lines = [line for line in block.splitlines() if line.startswith("  ")]
        if "neuron" in block or "parameter " in block:
            assert len({len(line) for line in lines}) == 1


def test_without_a_number_it_is_the_first_sample(capsys):
    assert traced(capsys, "mazur") == traced(capsys, "mazur", "--sample", "0")


@pytest.mark.parametrize(("digits", "z1"), [(3, "0.378"), (17, "0.3775"), (1, "0.4")])
def test_the_tables_take_as_many_digits_as_asked(digits, z1, capsys):
    assert cli.main(["trace", "mazur", "--sample", "0", "--digits", str(digits)]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert next(row for row in rows if row[:1] == ["h₁"])[1] == z1
    (loss,) = [row[2] for row in rows if row[:2] == ["C", "="] and "sample" in row]
    expected = traced(capsys, "mazur", "--sample", "0")["loss"]["value"]
    assert float(loss) == (expected if digits == 17 else float(f"{expected:.{digits}g}"))


@pytest.mark.parametrize("digits", [0, 18, -3])
def test_digits_that_tell_nothing_are_refused(digits, capsys):
    assert cli.main(["trace", "mazur", "--sample", "0", "--digits", str(digits)]) == 2
    assert capsys.readouterr().err == f"nnsim: --digits must be 1 to 17, not {digits}.\n"


def test_control_characters_of_a_project_do_not_reach_the_terminal(tmp_path, capsys):
    path = tmp_path / "case.nnsim"
    project = project_of(BY_ID["mazur"], title="a\x1b[31mb", names=("in", "x\x1b]0;y\x07", "out"))
    project_file.save(path, project)
    assert cli.main(["trace", str(path), "--sample", "0"]) == 0
    printed = capsys.readouterr().out
    assert all(c == "\n" or c.isprintable() for c in printed)


def test_features_are_shown_beside_the_raw_inputs(tmp_path, capsys):
    path = tmp_path / "case.nnsim"
    data = Data("circle", {"count": 4}, features=("x1", "x2", "x1_squared"))
    project_file.save(path, build((3, 1), "tanh", data))
    assert cli.main(["trace", str(path), "--sample", "0"]) == 0
    assert "As in the data: " in capsys.readouterr().out


def test_a_name_without_a_suffix_is_a_file_where_no_example_has_it(tmp_path, monkeypatch, capsys):
    project_file.save(tmp_path / "mine", default_project())
    monkeypatch.chdir(tmp_path)
    assert traced(capsys, "mine", "--sample", "0")["project"] == "mine"


def test_operations_are_explained_in_order_with_numbers_that_give_the_result(capsys):
    found = traced(capsys, "mazur", "--sample", "0", "--operations")
    operations = found["operations"]
    assert [o["phase"] for o in operations] == (
        ["forward"] * 8 + ["loss"] + ["backward"] * 24 + ["update"] * 12
    )  # fmt: skip
    assert len({o["title"] for o in operations}) == len(operations)
    gradients = {
        (o["connection"], o["neuron"], o["source"]): o for o in operations if o["kind"] == "weight_gradient"
    }
    assert len(gradients) == 8
    for o in gradients.values():
        (delta, a), result = (factor["value"] for factor in o["factors"]), o["result"][0]["value"]
        assert delta * a == pytest.approx(result, rel=1e-14)
    by_name = {p["name"]: p["gradient"] for p in found["parameters"]}
    o = next(o for o in operations if o["title"] == "∂C/∂w from h₁ to o₁")
    assert o["result"][0]["value"] == by_name["weight h₁ → o₁"]
    assert [factor["quantity"] for factor in o["factors"]] == ["δ o₁", "a h₁"]


def test_operations_as_text_say_each_phase_rule_number_and_result(capsys):
    assert cli.main(["trace", "mazur", "--sample", "0", "--operations", "--digits", "6"]) == 0
    text = capsys.readouterr().out
    for piece in (
        "Forward, Hidden 1", "Backward, Output", "= 0.15·0.05 + 0.2·0.1 + 0.35", "= 0.3775",
        "= 0.741365·0.186816", "= 0.138499", "it keeps its value",
    ):  # fmt: skip
        assert piece in text


def test_a_sample_is_explained_as_one_of_its_batch(capsys):
    alone = traced(capsys, "xor", "--sample", "2", "--operations")["operations"]
    among = traced(capsys, "xor", "--sample", "2", "--operations", "--batch")["operations"]
    assert [o["title"] for o in alone if o["kind"] == "delta"] == [
        o["title"] for o in among if o["kind"] == "delta"
    ]
    gradient = next(o for o in among if o["kind"] == "weight_gradient")
    assert gradient["parts"] and "samples of the batch" in gradient["words"]
    assert not next(o for o in alone if o["kind"] == "weight_gradient")["parts"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("circle", "--sample", "1", "--operations", "--batch"), ("xor", "--sample", "0", "--batch"),
        ("xor", "--sample", "9", "--operations"),
    ],
)  # fmt: skip
def test_what_cannot_be_explained_is_refused_with_a_sentence(arguments, capsys):
    assert cli.main(["trace", *arguments]) == 2
    assert capsys.readouterr().err.startswith("nnsim: ")
