"""Tables: what anybody's CSV file becomes, what is refused and where, and that nothing is lost on the way."""

from __future__ import annotations

import os
import random
import re
from pathlib import Path

import numpy as np
import pytest

from nnsim.core.datasets import DATASETS
from nnsim.core.datasets.base import Samples
from nnsim.io import table_text, tables
from nnsim.io.errors import TableError
from nnsim.io.limits import MAX_TABLE_FIELD
from nnsim.io.shipped_data import load_shipped
from nnsim.io.tables import decode, encode, read_table, write_table
from nnsim.model.limits import MAX_COLUMNS, MAX_LAYER_SIZE, samples_problem

HEIGHTS = "age,weight,height\n1,2,3\n"


def made(key: str) -> Samples:
    make = DATASETS[key].make
    assert make is not None
    return make(np.random.default_rng(7), {})


def three_targets() -> Samples:
    rng = np.random.default_rng(3)
    odd = [[0.1 + 0.2, -0.0, 5e-324], [1e100, -1e-300, 123456789012345680.0]]
    return Samples(np.vstack((rng.normal(size=(20, 3)), odd)), rng.normal(size=(22, 3)))


def assert_equal(a: Samples, b: Samples) -> None:
    assert a.inputs.tobytes() == b.inputs.tobytes() and a.inputs.shape == b.inputs.shape
    assert (a.targets is None) == (b.targets is None)
    if a.targets is not None and b.targets is not None:
        assert a.targets.tobytes() == b.targets.tobytes() and a.targets.shape == b.targets.shape
    if a.labels is not None and b.labels is not None:
        assert [a.classes[i] for i in a.labels] == [b.classes[i] for i in b.labels]
        assert set(a.classes) == set(b.classes)
    assert (a.input_names, a.target_names) == (b.input_names, b.target_names)


def refusal(text: str | bytes) -> str:
    with pytest.raises(TableError) as caught:
        decode(text.encode() if isinstance(text, str) else text)
    return str(caught.value)


@pytest.mark.parametrize("samples", [load_shipped("iris"), load_shipped("digits"), made("plane"),
    made("multi_gauss"), made("sine"), made("circle"), made("gauss"), made("spiral"), three_targets()],
    ids=lambda s: s.name)  # fmt: skip
def test_a_table_written_and_read_is_the_same(samples: Samples, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    write_table(path, samples)
    back = read_table(path)
    assert_equal(back, samples)
    assert back.task == samples.task
    assert encode(back) == path.read_bytes()


def test_iris_keeps_the_order_of_its_classes() -> None:
    iris = load_shipped("iris")
    back = decode(encode(iris))
    assert back.classes == iris.classes and np.array_equal(back.labels, iris.labels)


def test_a_gate_comes_back_as_a_regression_with_the_same_numbers() -> None:
    back = decode(encode(made("gate_xor")))
    assert_equal(back, made("gate_xor"))
    assert back.task == "regression" and back.classes == ()


@pytest.mark.parametrize("name", ["=1+1", "+a", "-b", "@c", "'=x", "''=x", "'t", "'", "''", "5", "1e3", "nan",
    " a ", "a;b", 'say "x"', "a,b", "a\nb", "a\rb", "\t", "ä", "1,5", "'5", ""])  # fmt: skip
def test_any_name_survives_as_class_and_as_column(name: str) -> None:
    samples = Samples(
        np.array([[1.0, 2.5], [2.0, 3.5]]), labels=np.array([0, 1]), classes=(name, "other"),
        input_names=(name, "x2"), task="classification",
    )  # fmt: skip
    back = decode(encode(samples))
    assert back.classes == (name, "other") and back.input_names == (name, "x2")


def test_formulas_and_classes_that_look_like_numbers_are_written_with_an_apostrophe() -> None:
    samples = Samples(
        np.array([[-1.0], [2.0]]), labels=np.array([0, 1]), classes=("=A1", "7"), task="classification"
    )
    assert encode(samples) == b"x1,class\r\n-1,'=A1\r\n2,'7\r\n"


def test_target_names_cannot_change_what_is_a_target() -> None:
    samples = Samples(np.ones((1, 2)), np.ones((1, 1)), input_names=("a", "y1"), target_names=("y2",))
    assert decode(encode(samples)).width == 2
    several = Samples(np.ones((1, 2)), np.ones((1, 2)), target_names=("left", "right"))
    assert decode(encode(several)).target_names == ("y1", "y2")


@pytest.mark.parametrize("text", ["a,b,c\n1,2.5,3\n4,5,6\n", "a;b;c\n1;2,5;3\n4;5;6\n",
    "a\tb\tc\n1\t2.5\t3\n4\t5\t6",
    "\ufeffa,b,c\r\n1,2.5,3\r\n\r\n4,5,6\r\n", 'a, b , "c"\n\n 1 , 2.5,"3"\n,,\n4,5,6',
    "a;b;c\r1;2.5;3\r4;5;6",
    "a;b;c\n1,0;2,5;3,0\n4,0;5,0;6,0"])  # fmt: skip
def test_delimiters_line_ends_blank_lines_and_decimal_commas_are_understood(text: str) -> None:
    found = decode(text.encode())
    assert found.inputs.tolist() == [[1, 2.5], [4, 5]]
    assert found.targets is not None and found.targets.tolist() == [[3], [6]]
    assert found.input_names == ("a", "b") and found.target_names == ("c",)


def test_a_table_without_names_gets_the_usual_ones() -> None:
    assert decode(b"1,2,3\n4,5,6").input_names == ("x1", "x2")
    flowers = decode(b"1,b\n2,a\n3,b")
    assert flowers.classes == ("b", "a") and flowers.labels is not None
    assert flowers.labels.tolist() == [0, 1, 0] and flowers.input_names == ("x1",)


def test_few_whole_numbers_are_still_a_regression() -> None:
    assert decode(b"x,y\n1,0\n2,1\n3,0").task == "regression"


def test_last_columns_named_y1_and_on_are_several_targets() -> None:
    found = decode(b"a,y1,y2\n1,2,3\n")
    assert found.targets is not None and found.targets.tolist() == [[2, 3]]
    assert decode(b"y1,a,y2\n1,2,3\n").width == 2
    assert decode(b"x,y,class\n1,2,a\n2,3,b").classes == ("a", "b")


@pytest.mark.parametrize(("text", "sentence"), [
    (HEIGHTS + "\n\n4,5,6\n1,2,abc", "Line 6, column 3 (“height”): “abc” is not a number."),
    (HEIGHTS + "1,abc,3", "Line 3, column 2 (“weight”): “abc” is not a number."),
    (HEIGHTS + "1,,3", "Line 3, column 2 (“weight”): the cell is empty."),
    (HEIGHTS + "1,1_0,3", "Line 3, column 2 (“weight”): “1_0” is not a number."),
    (HEIGHTS + "1,NaN,3", "Line 3, column 2 (“weight”): “NaN” is not a finite number."),
    (HEIGHTS + "1,2,-inf", "Line 3, column 3 (“height”): “-inf” is not a finite number."),
    (HEIGHTS + "1,1e999,3", "Line 3, column 2 (“weight”): “1e999” is not a finite number."),
    (HEIGHTS + "1,1e101,3", "Line 3, column 2 (“weight”): “1e101” is beyond ±1e+100"),
    (HEIGHTS + "1,2", "Line 3 has 2 columns, but the first row has 3."),
    (HEIGHTS + "1", "Line 3 has 1 column, but the first row has 3."),
    (HEIGHTS + '1,"a\nb",3', "Line 3, column 2"),
    (HEIGHTS + '1,"2,3', "Line 3: the quotation marks do not pair up."),
    ("1,2\nx,3", "Line 2, column 1: “x” is not a number."),
    ("a;b\n1,5;2\n1.500;3", "Line 3, column 1 (“a”): “1.500” does not fit the numbers before"),
    ("a,b\n1,x\n2,x", "Column 2 has the class “x” in every row."),
    ("a,b\n1,x\n2,", "Line 3, column 2 (“b”): the class is missing."),
    ("a,b\n1,x\n2,y\n3,nan", "Line 4, column 2 (“b”): “nan” is not a class."),
    ("1\n2", "Line 1 has only one column."),
    ("", "The table is empty."),
    ("\ufeff\n,,\n \n", "The table is empty."),
    ("\nx,y\n", "Line 2 has names of columns, but no numbers follow."),
    (b"a,b\n1,2\n\xe4,3", "Line 3 is not UTF-8 text."),
    ("a,b\n1,2".encode("utf-16"), "It is text in UTF-16."),
    (b"a,b\n1,\0", "It is not a text file: line 2"),
    (b"PK\x03\x04" + bytes(50), "It is a spreadsheet or an archive"),
])  # fmt: skip
def test_what_is_wrong_is_said_with_its_place(text: str | bytes, sentence: str) -> None:
    assert refusal(text).startswith(sentence)


def test_limits_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    wide = ",".join(["1"] * (MAX_COLUMNS + 1))
    assert f"more than the limit of {MAX_COLUMNS:,}" in refusal(wide)
    assert decode(",".join(["1"] * MAX_COLUMNS).encode()).width == MAX_COLUMNS - 1
    assert f"more than {MAX_TABLE_FIELD:,} characters" in refusal(
        "1,2\n" + "1" * (MAX_TABLE_FIELD + 1) + ",2"
    )
    assert f"limit of {MAX_TABLE_FIELD:,} characters" in refusal("1,2\n" + "1" * 200_000 + ",2")
    assert "more than 1,000,000 characters" in refusal("1,2\n" + "," * 1_000_001)
    assert "more than 1,000,000 characters" in refusal('1,2\n1,"\n' + '","\n' * 300_000)
    names = "\n".join(f"{i},n{i}" for i in range(MAX_LAYER_SIZE + 1))
    assert f"at most {MAX_LAYER_SIZE:,} classes" in refusal(names)
    monkeypatch.setattr(table_text, "MAX_LINES", 5)
    assert "more than 5 lines" in refusal("1,2\n\n\n\n\n\n3,4")
    monkeypatch.setattr(tables, "MAX_SAMPLES", 3)
    assert decode(b"1,2\n" * 3).count == 3
    assert "Line 4: a table may have at most 3 samples." in refusal("1,2\n" * 4)


def test_files_that_cannot_be_read_or_written_are_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"It does not exist\."):
        read_table(tmp_path / "none.csv")
    with pytest.raises(TableError, match=r"It is a folder\."):
        read_table(tmp_path)
    with pytest.raises(TableError, match="does not exist"):
        write_table(tmp_path / "no" / "a.csv", made("gate_or"))
    with pytest.raises(TableError, match="folder"):
        write_table(tmp_path, made("gate_or"))


def test_a_file_beyond_the_size_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MAX_TABLE_BYTES", 2**20)
    path = tmp_path / "large.csv"
    path.touch()
    os.truncate(path, 2**20 + 1)
    with pytest.raises(TableError, match="larger than the limit of 1 MiB"):
        read_table(path)


PIECES = [
    b"\xff", b"\0", b"\xef\xbb\xbf", b'"', b'""', b"'", b",", b";", b"\t", b"\r", b"\n", b"\r\n", b"nan",
    b"1e999", b"-", b"=", b"'=", b"1_0", b"\xe2\x80\xa8", b",,,,,", b"\n\n\n", b"y1", b"abc", b"9" * 400,
    b"x" * 20_000, b'"\n' * 50, b"1,5", b"\xed\xa0\x80", "１".encode(),
]  # fmt: skip


def mutated(data: bytes, rng: random.Random) -> bytes:
    for _ in range(rng.randrange(1, 5)):
        at = rng.randrange(len(data) + 1)
        kind = rng.randrange(5)
        if kind == 0:
            data = data[:at] + bytes([rng.randrange(256)]) + data[at + 1 :]
        elif kind == 1:
            data = data[:at] + data[at + rng.randrange(1, 60) :]
        elif kind == 2:
            data = data[:at] + rng.choice(PIECES) + data[at:]
        elif kind == 3:
            data = data.replace(rng.choice(PIECES), rng.choice(PIECES), rng.randrange(1, 9))
        else:
            lines = data.split(b"\n")
            rng.shuffle(lines)
            data = b"\n".join(lines)
    return data


def attack(count: int, rng: random.Random) -> int:
    """Read ``count`` mutations of valid tables; returns how many were refused."""
    originals = [encode(s) for s in (load_shipped("iris"), made("gate_xor"), made("circle"), three_targets())]
    originals.append(encode(three_targets()).replace(b",", b";").replace(b".", b","))
    refused = 0
    for _ in range(count):
        data = mutated(rng.choice(originals)[: rng.choice((300, 2_000, 100_000))], rng)
        try:
            found = decode(data)
        except TableError as error:
            refused += 1
            assert re.fullmatch(r"\S.*[.]", str(error), re.DOTALL) and len(str(error)) < 400
        else:
            assert found.count and samples_problem(found) is None
    return refused


def test_mutated_tables_are_read_or_refused_in_words() -> None:
    assert 100 < attack(600, random.Random(2)) < 590
