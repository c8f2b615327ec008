"""``nnsim worksheet``: what is given, every operation, and in a blank one nothing that is to be found out."""

import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import numpy as np
import pytest

from nnsim import cli
from nnsim.core.datasets.base import Samples
from nnsim.io import project_file
from nnsim.model.build import build
from nnsim.model.project import Data, Training


def written(tmp_path, name, *arguments):
    path = tmp_path / name
    assert cli.main(["worksheet", *arguments, "-o", str(path)]) == 0
    return path.read_text("utf-8")


class Formulas(HTMLParser):
    """Collects every <math> as XML, and all tags."""

    def __init__(self, text):
        super().__init__()
        self.tags = set()
        self.feed(text)
        self.formulas = [ElementTree.fromstring(m) for m in re.findall(r"<math.*?</math>", text, re.DOTALL)]

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        assert not {key for key, _ in attributes} & {"src", "href", "onload"}

    def text(self):
        return ["".join(formula.itertext()) for formula in self.formulas]


def test_mazurs_step_is_written_from_input_to_updated_weight(tmp_path):
    found = Formulas(written(tmp_path, "sheet.html", "mazur"))
    assert not found.tags & {"script", "link", "img", "iframe"}
    text = found.text()
    # By hand: z of h₁, δ of o₁ and the new w₅ of the printed example.
    assert any(line.endswith("=0.15·0.05+0.2·0.1+0.35=0.0075+0.02+0.35=0.3775") for line in text)
    assert any(line.endswith("=0.741365·0.186816=0.138499") for line in text)
    assert any(line.endswith("=0.4−0.5·0.082167=0.358916") for line in text)


def test_a_blank_one_has_the_rules_and_the_given_numbers_and_no_result(tmp_path):
    full = Formulas(written(tmp_path, "full.html", "mazur"))
    blank_text = written(tmp_path, "blank.html", "mazur", "--blank")
    blank = Formulas(blank_text)
    assert len(blank.formulas) == len(full.formulas)
    given = {"0.05", "0.1", "0.01", "0.99", "0.15", "0.2", "0.25", "0.3", "0.35", "0.4", "0.45", "0.5",
             "0.55", "0.6", "1", "2"}  # fmt: skip
    numbers = {n.text for formula in blank.formulas for n in formula.iter("mn")}
    assert numbers <= given
    for result in ("0.3775", "0.593", "0.7513", "0.1384", "0.3589", "0.298"):
        assert result in "".join(full.text()) and result not in blank_text
    assert blank_text.count('class="space"') == 2 * 45


@pytest.mark.parametrize("blank", [False, True])
def test_latex_is_balanced_and_holds_the_same_steps(tmp_path, blank):
    text = written(tmp_path, "sheet.tex", "mazur", *(["--blank"] if blank else []))
    assert text.startswith(r"\documentclass") and text.endswith("\\end{document}\n")
    assert text.count(r"\begin{align*}") == text.count(r"\end{align*}") == 45
    depth = 0
    for piece in re.findall(r"\\.|[{}]", text):
        depth += {"{": 1, "}": -1}.get(piece, 0)
        assert depth >= 0
    assert depth == 0
    assert (r"&= 0.15 \cdot 0.05 + 0.2 \cdot 0.1 + 0.35 \\" in text) != blank
    # Latin letters and the usual signs of print only: every LaTeX can set those.
    assert not {c for c in text if not c.isascii()} - set("–—“”’½×é")


def test_steps_choose_the_phases(tmp_path):
    text = written(tmp_path, "sheet.html", "xor", "--steps", "forward, LOSS", "--sample", "2")
    titles = re.findall("<h2>(.*?)</h2>", text)
    assert titles == ["Forward, Hidden 1", "Forward, Output", "Loss"]


def test_names_out_of_the_project_are_only_text(tmp_path):
    samples = Samples(np.array([[0.5]]), np.array([[1.0]]), input_names=("<b>",))
    project = build(
        (1, 1), ["sigmoid"], Data("table", train_share=1.0, samples=samples),
        Training(optimizer="adam", l1=0.1, l2=0.2), title="<script>alert(1)</script> & \\input{x}",
    )  # fmt: skip
    path = tmp_path / "odd.nnsim"
    project_file.save(path, project)
    found = Formulas(written(tmp_path, "sheet.html", str(path), "--notation", "numbered"))
    assert "script" not in found.tags
    assert "\\input" not in written(tmp_path, "sheet.tex", str(path)).replace(r"\textbackslash{}input", "")


@pytest.mark.parametrize(
    "arguments",
    [
        ("mazur", "-o", "sheet.pdf"), ("mazur", "-o", "sheet.html", "--steps", "sideways"),
        ("mazur", "-o", "sheet.html", "--sample", "7"), ("mazur", "-o", "sheet.html", "--digits", "0"),
        ("mazur", "-o", "sheet.html", "--notation", "runes"), ("digits", "-o", "sheet.html"),
        ("mazur", "-o", "no/such/folder/sheet.html"),
    ],
)  # fmt: skip
def test_what_cannot_be_written_is_refused_with_a_sentence(arguments, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["worksheet", *arguments]) == 2
    assert capsys.readouterr().err.startswith("nnsim: ")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("notation", "titles"),
    [
        ("nnsim", ("z of h₁, weighted sum", "a of o₁, activation", "∂C/∂a of o₁, output", "δ of h₁, hidden")),
        ("nielsen", ("z²₁, weighted sum", "a³₁, activation", "∂C/∂a³₁, output", "δ²₁, hidden")),
        ("numbered", ("net h₁, weighted sum", "out o₁, activation", "∂C/∂out o₁, output", "δ of h₁, hidden")),
        ("code", ("z1[0], weighted sum", "a2[0], activation", "∂C/∂a2[0], output", "d1[0], hidden")),
    ],
)
def test_titles_call_numbers_what_the_formulas_call_them(tmp_path, notation, titles):
    text = written(tmp_path, "sheet.html", "mazur", "--notation", notation)
    for title in titles:
        assert f"</span>{title}" in text
