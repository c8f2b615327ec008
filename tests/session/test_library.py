"""The library: every printed number of every published case, against what the program computes."""

from __future__ import annotations

import json
import runpy
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from nnsim.core.explain.expression import evaluate
from nnsim.core.registry import UnknownNameError
from nnsim.io.cases import case_of_example, cases, find_case
from nnsim.io.examples import examples, load_example
from nnsim.resources import resource_path
from nnsim.session.casebook.reckoning import Reckoning
from nnsim.session.casebook.rows import calculation, rows_of
from nnsim.session.casebook.verdicts import VERDICTS

ROOT = Path(__file__).resolve().parent.parent.parent
RECORDS = {
    record["id"]: record
    for record in json.loads((ROOT / "tests/oracles/published_cases.json").read_text("utf-8"))["cases"]
}
PRINTED = [case for case in cases() if RECORDS[case.id]["published"]]
UNPRINTED = [case for case in cases() if not RECORDS[case.id]["published"]]


def project_of(case):
    return load_example(case.example) if case.example else None


@cache
def reckoned(key):
    case = find_case(key)
    reckoning = Reckoning(case, project_of(case))
    reckoning.work()
    return reckoning


def tolerance(row):
    """1e-12 for one pass, 1e-9 after updates."""
    places = [row.where, *row.uses.values()]
    return 1e-9 if any(place is not None and place.after for place in places) else 1e-12


def test_the_file_is_what_the_script_makes():
    made = runpy.run_path(str(ROOT / "packaging" / "library.py"))["files"]()
    folder = resource_path("cases")
    assert {path.name for path in folder.iterdir()} == set(made)
    for name, content in made.items():
        assert (folder / name).read_bytes() == content, name


def test_every_confirmed_case_is_there_and_no_other():
    good = {record["id"] for record in RECORDS.values() if record["confidence"] == "good"}
    assert {case.id for case in cases()} == good and len(cases()) == 43
    assert cases()[0].key == "course-chain"


def test_a_case_and_its_example_have_the_same_name():
    published = {example.key for example in examples() if example.case}
    assert {case.example for case in cases() if case.example} == published
    for case in cases():
        if case.example:
            assert case.key == case.example and case_of_example(case.example) is case
            assert case.title == load_example(case.example).title
    assert case_of_example("circle") is None
    with pytest.raises(UnknownNameError):
        find_case("circle")


@pytest.mark.parametrize("case", PRINTED, ids=lambda c: c.key)
def test_every_printed_number_stands_beside_the_true_one(case):
    published, reckoning = RECORDS[case.id]["published"], reckoned(case.key)
    assert len(case.rows) == len(published)
    for row, entry in zip(case.rows, published, strict=True):
        allowed = tolerance(row)
        expected = pytest.approx(entry["true"], rel=allowed, abs=allowed)
        assert reckoning.value(row) == expected, entry["path"]
        assert float(row.printed) == entry["value"] and row.verdict == entry["verdict"]


@pytest.mark.parametrize("case", PRINTED, ids=lambda c: c.key)
def test_a_number_is_confirmed_exactly_if_it_is_the_true_one_rounded(case):
    reckoning = reckoned(case.key)
    for row in case.rows:
        unit = 10.0**-row.decimals
        agrees = abs(reckoning.value(row) - float(row.printed)) <= 0.5 * unit * (1 + 1e-9) + 1e-15
        assert agrees == (row.verdict == "ok"), row


@pytest.mark.parametrize("case", UNPRINTED, ids=lambda c: c.key)
def test_a_case_without_printed_numbers_shows_the_true_ones(case):
    found, reckoning = RECORDS[case.id]["recomputed"], reckoned(case.key)
    values = [reckoning.value(row) for row in case.rows]
    assert all(row.printed == "" and row.verdict == "" for row in case.rows)
    if "updates" in found:
        names = ("a_c", "o_d", "w_ca", "w_cb", "w_c0", "w_dc", "w_d0")
        expected = [update[name] for update in found["updates"] for name in names]
    elif "softmax" in found:
        expected = found["exp"] + found["softmax"]
    elif "grad" in found:
        inner = [value for name, value in found["value"].items() if name not in case.inputs]
        expected = inner + list(found["grad"].values())
    else:
        expected = list(found.values())
    assert values == pytest.approx(expected, rel=1e-12, abs=1e-12)


def test_twenty_two_printed_numbers_are_wrong_and_each_is_explained():
    kinds = Counter(VERDICTS[row.verdict].kind for case in cases() for row in case.rows)
    assert kinds["wrong"] == 22 and kinds["rounding"] == 28 and kinds["right"] == 319
    for case in cases():
        for row in case.rows:
            if VERDICTS[row.verdict].kind in ("wrong", "rounding") or row.again:
                assert row.words, (case.key, row)


def test_mazur_has_twenty_nine_confirmed_numbers_and_its_wrong_ones_are_flagged():
    verdicts = Counter(row.verdict for row in find_case("mazur").rows)
    assert verdicts == {"ok": 29, "last_digit": 1, "wrong_algorithm": 3, "off_by_one": 1}


def test_the_courses_slip_is_the_activation_of_its_output():
    case = find_case("course-chain")
    rows = rows_of(case, project_of(case))
    wrong = [row for row in rows if row.verdict.kind == "wrong"]
    assert [(row.what, row.printed) for row in wrong] == [("a o₁", "0.7153")]
    assert (wrong[0].quantity.kind, wrong[0].quantity.layer, wrong[0].quantity.neuron) == ("a", 2, 0)


@pytest.mark.parametrize("case", cases(), ids=lambda c: c.key)
def test_every_row_has_a_name_of_its_own_and_a_place_in_the_network(case):
    project = project_of(case)
    rows = rows_of(case, project)
    printed_once = [(row.what, row.when) for row in rows if not row.again]
    doubled = {name for name, count in Counter(printed_once).items() if count > 1}
    assert doubled <= {("loss", "")}  # the CS231n slides print the loss twice
    for row in rows:
        if project is not None and row.quantity is not None and row.quantity.layer is not None:
            assert row.quantity.neuron < project.layers[row.quantity.layer].size
            if row.quantity.source is not None:
                assert row.quantity.source < project.layers[row.quantity.layer - 1].size


@pytest.mark.parametrize("case", cases(), ids=lambda c: c.key)
def test_what_is_shown_of_a_calculation_gives_the_rows_number(case):
    reckoning = reckoned(case.key)
    for row in case.rows:
        lines = calculation(row, reckoning)
        assert bool(lines) == bool(row.formula or row.line)
        if lines:
            assert evaluate(lines[-1].right) == reckoning.value(row)


def test_long_work_is_done_in_slices_and_numbers_come_as_they_are_known():
    case = find_case("mazur")
    reckoning = Reckoning(case, project_of(case))
    assert reckoning.value(case.rows[0]) is None and not reckoning.done
    slices = 0
    while not reckoning.work(0.0005):
        slices += 1
        if slices == 1:
            assert reckoning.value(case.rows[0]) is not None
            assert reckoning.value(case.rows[-1]) is None
    assert slices > 5
    assert [reckoning.value(row) for row in case.rows] == [reckoned("mazur").value(row) for row in case.rows]
