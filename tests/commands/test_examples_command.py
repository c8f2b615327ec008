"""``nnsim examples``: what ships, and printed numbers beside the true ones."""

from __future__ import annotations

import json

import pytest

from nnsim.cli import main
from nnsim.io.cases import cases
from nnsim.io.examples import examples


def output_of(capsys, *arguments):
    assert main(["examples", *arguments]) == 0
    return capsys.readouterr().out


def test_the_list_names_every_example_and_every_case(capsys):
    text = output_of(capsys)
    for key in [e.key for e in examples()] + [c.key for c in cases()]:
        assert f"  {key} " in text


def test_the_list_as_json(capsys):
    found = json.loads(output_of(capsys, "--json"))
    assert [e["key"] for e in found["examples"]] == [e.key for e in examples()]
    by_key = {c["key"]: c for c in found["cases"]}
    assert by_key["mazur"]["printed"] == 34 and by_key["mazur"]["wrong"] == 4
    assert by_key["mazur"]["project"] == "mazur" and by_key["cs231n-patterns"]["project"] is None


def test_a_case_shows_its_source_and_its_slip(capsys):
    text = output_of(capsys, "course-chain")
    assert "Introductory course note" in text and "0.7153" in text and "0.657139247297" in text
    assert "✗ wrong" in text and "σ(0.9210)" in text


def test_a_case_as_json(capsys):
    found = json.loads(output_of(capsys, "course-chain", "--json"))
    last = found["numbers"][-1]
    assert last["printed"] == "0.7153" and last["verdict"] == "wrong" and last["what"] == "a o₁"
    assert last["true"] == pytest.approx(0.6571392472973264, abs=1e-12)


def test_a_calculation_has_nothing_to_check_and_the_message_says_where_it_is(capsys):
    assert main(["check", "cs231n-patterns"]) == 2
    assert "nnsim examples cs231n-patterns" in capsys.readouterr().err


@pytest.mark.parametrize(("name", "word"), [("circle", "without printed numbers"), ("mazurr", "no worked")])
def test_a_name_without_printed_numbers_is_refused_with_a_sentence(capsys, name, word):
    assert main(["examples", name]) == 2
    assert word in capsys.readouterr().err
