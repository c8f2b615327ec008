"""Mathematics is set as one would write it: signs, brackets, fractions, rows, alignment."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from nnsim.core.explain.expression import (
    Absolute,
    Call,
    Difference,
    Exp,
    Fraction,
    Group,
    Line,
    Minus,
    Node,
    Number,
    Power,
    Product,
    Role,
    Root,
    Sum,
    Symbol,
    walk,
)
from nnsim.core.explain.quantity import Quantity
from nnsim.ui.calculation.box import Box
from nnsim.ui.calculation.digits import mantissa_and_power
from nnsim.ui.calculation.faces import Face, Faces
from nnsim.ui.calculation.page import Page, make_page
from nnsim.ui.calculation.setting import Setter
from nnsim.ui.calculation.walk import next_number
from nnsim.ui.theme import Theme

Z = Quantity("z", 1, 0)


@pytest.fixture(scope="module")
def setter(qapp: object) -> Setter:
    return Setter(Faces(Theme()))


def n(value: float, quantity: Quantity | None = None, role: Role = Role.PLAIN) -> Number:
    return Number(value, quantity, role)


def text(box: Box | Page) -> str:
    """What is written, from left to right."""
    return "".join(run.text for run in box.runs)


def rows_of(page: Page) -> list[str]:
    """The text of each row, for pages without fractions and scripts."""
    by_line: dict[float, list[str]] = {}
    for run in page.runs:
        by_line.setdefault(round(run.y, 1), []).append(run.text)
    return ["".join(by_line[y]) for y in sorted(by_line)]


def page_of(setter: Setter, width: float, *lines: Line) -> Page:
    return make_page(setter, width, "", [lines], "")


# -- signs and brackets -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("node", "written"),
    [
        (Sum((n(2.0), n(-3.0))), "2−3"),
        (Sum((n(-2.0), n(3.0))), "−2+3"),
        (Difference(n(2.0), n(-3.0)), "2−(−3)"),
        (Difference(n(2.0), Sum((n(1.0), n(3.0)))), "2−(1+3)"),
        (Sum((n(1.0), Minus(n(3.0)))), "1−3"),
        (Product((n(0.5), n(-0.1))), "0.5·(−0.1)"),
        (Product((n(-0.5), n(0.1))), "−0.5·0.1"),
        (Sum((n(1.0), Product((n(-0.5), n(0.1))))), "1+(−0.5)·0.1"),
        (Product((Difference(n(0.75), n(0.01)), n(2.0))), "(0.75−0.01)·2"),
        (Product((Group(Difference(n(0.75), n(0.01))), n(2.0))), "(0.75−0.01)·2"),
        (Minus(Sum((n(1.0), n(2.0)))), "−(1+2)"),
        (Minus(n(-1.0)), "−(−1)"),
        (Power(n(-1.5), n(2.0)), "(−1.5)2"),
        (Call("max", (n(0.0), n(-1.0))), "max(0,−1)"),
        (Sum((n(1.0), Sum((n(2.0), n(3.0))))), "1+(2+3)"),
    ],
)
def test_signs_and_brackets_are_written_as_by_hand(setter: Setter, node: Node, written: str) -> None:
    assert text(setter.box(node)) == written


@pytest.mark.parametrize("node", [Sum((n(1.0), n(-3.0))), Product((n(2.0), n(-3.0)))])
def test_a_number_keeps_its_value_whatever_sign_stands_before_it(setter: Setter, node: Node) -> None:
    assert [spot.node for spot in setter.box(node).spots][-1] == n(-3.0)


@pytest.mark.parametrize(
    ("value", "digits", "shown"),
    [
        (0.5932699921, 4, ("0.5933", None)),
        (0.5932699921, 6, ("0.59327", None)),
        (1.105905967, 6, ("1.105906", None)),
        (0.0821670406, 4, ("0.08217", None)),
        (0.4, 4, ("0.4", None)),
        (-12.5, 4, ("−12.5", None)),
        (123456.7, 4, ("123457", None)),
        (4.3857e-5, 4, ("4.386", -5)),
        (-2.5e12, 4, ("−2.5", 12)),
        (0.0, 4, ("0", None)),
        (float("nan"), 4, ("—", None)),
        (float("-inf"), 4, ("−∞", None)),
    ],
)
def test_numbers_show_significant_digits(value: float, digits: int, shown: tuple[str, int | None]) -> None:
    assert mantissa_and_power(value, digits) == shown


def test_a_result_shows_more_digits_in_its_colour(setter: Setter) -> None:
    delta = n(0.138498562, role=Role.FOCUS)
    assert text(setter.box(delta)) == "0.1385"
    assert {run.token for run in setter.box(delta).runs} == {"focus_text"}
    page = page_of(setter, 300.0, Line(None, "=", delta))
    assert rows_of(page) == ["=0.138499"]
    assert page.runs[1].face is Face.RESULT


# -- shapes -----------------------------------------------------------------------------------------


def test_a_fraction_has_its_parts_over_and_under_its_bar(setter: Setter) -> None:
    box = setter.box(Fraction(n(1.0), n(2.0)))
    bar = box.strokes[0].points[0][1]
    top, bottom = box.spots
    assert top.y + top.height <= bar + 2.0 < bottom.y + 2.0
    assert abs((top.x + top.width / 2) - (bottom.x + bottom.width / 2)) < 0.5


def test_subscripts_hang_and_exponents_rise(setter: Setter) -> None:
    base, sub = setter.box(Symbol("z", sub="h")).runs
    assert (sub.text, sub.y > base.y, sub.level > base.level) == ("h", True, True)
    base, exponent = setter.box(Exp(n(2.0))).runs
    assert exponent.y < base.y - 3.0


def test_digits_written_as_subscripts_become_real_ones(setter: Setter) -> None:
    name, digit = setter.box(Symbol("x₁")).runs
    assert (name.text, digit.text) == ("x", "1")
    assert digit.y > name.y


def test_brackets_and_roots_grow_with_what_they_hold(setter: Setter) -> None:
    tall = Fraction(n(1.0), Sum((n(1.0), Exp(n(2.0)))))
    inside = setter.box(tall)
    for node in (Group(tall), Root(tall), Absolute(tall)):
        box = setter.box(node)
        drawn = [y for stroke in box.strokes for _, y in stroke.points]
        assert min(drawn) <= -inside.ascent
        assert max(drawn) >= inside.descent - 0.5
    assert "(" in text(setter.box(Group(n(1.0)))), "around text they are letters"


# -- rows -------------------------------------------------------------------------------------------

LONG = Sum(tuple(Product((n(0.1234), n(0.5 + i))) for i in range(9)))


def test_long_sums_break_before_plus_signs_with_a_hanging_indent(setter: Setter) -> None:
    page = page_of(setter, 280.0, Line(Symbol("z"), "=", LONG))
    rows = rows_of(page)
    assert len(rows) > 2
    assert all(row.startswith("+") for row in rows[1:])
    relation = next(run.x for run in page.runs if run.text == "=")
    starts = [min(r.x for r in page.runs if round(r.y, 1) == y) for y in {round(r.y, 1) for r in page.runs}]
    assert all(x > relation for x in starts if x > 0.5)
    assert page.width == 280.0


def test_products_break_only_where_sums_cannot(setter: Setter) -> None:
    wide = Product((Difference(n(0.7513), n(0.01)), n(0.7513), Difference(n(1.0), n(0.7513)), n(0.123)))
    rows = rows_of(page_of(setter, 170.0, Line(Symbol("δ"), "=", wide)))
    assert len(rows) > 1
    assert all(row.startswith("·") for row in rows[1:])


@pytest.mark.parametrize("width", range(120, 400, 10))
def test_a_term_breaks_where_it_does_not_fit_beside_its_sign(setter: Setter, width: int) -> None:
    terms = tuple(Product((n(-0.04628 - i), n(-0.5558), n(0.25))) for i in range(3))
    for node in (Sum(terms), Difference(terms[0], Sum(terms)), Product((Sum(terms), *terms))):
        page = page_of(setter, float(width), Line(None, "=", node))
        assert page.width == width
        assert [s.node for s in page.spots] == [x for x in walk(node) if isinstance(x, Number)]


def test_relation_signs_stand_under_each_other(setter: Setter) -> None:
    page = page_of(
        setter, 300.0,
        Line(Symbol("z", sub="h1"), "=", Sum((n(1.0), n(2.0)))),
        Line(None, "=", n(3.0)),
        Line(Symbol("a"), "=", n(4.0)),
    )  # fmt: skip
    assert len({round(run.x, 2) for run in page.runs if run.text == "="}) == 1


def test_a_fraction_too_wide_for_the_panel_is_written_with_a_stroke(setter: Setter) -> None:
    softmax = Fraction(Exp(n(1.2)), Sum(tuple(Exp(n(float(i))) for i in range(16))))
    wide = page_of(setter, 900.0, Line(Symbol("a"), "=", softmax))
    narrow = page_of(setter, 280.0, Line(Symbol("a"), "=", softmax))
    assert "/" not in text(wide)
    assert "/" in text(narrow)
    assert narrow.width == 280.0
    assert [s.node for s in narrow.spots] == [s.node for s in wide.spots]


def trees() -> st.SearchStrategy[Node]:
    leaves = st.floats(-1e3, 1e3, allow_nan=False).map(n)
    pair = st.tuples

    def larger(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        several = st.lists(inner, min_size=1, max_size=4).map(tuple)
        return st.one_of(
            several.map(Sum), several.map(Product), inner.map(Minus), inner.map(Group), inner.map(Root),
            inner.map(Exp), inner.map(Absolute), pair(inner, inner).map(lambda p: Difference(*p)),
            pair(inner, inner).map(lambda p: Fraction(*p)), pair(inner, inner).map(lambda p: Power(*p)),
            several.map(lambda a: Call("max", a)),
        )  # fmt: skip

    return st.recursive(leaves, larger, max_leaves=14)


@settings(deadline=None, max_examples=60)
@given(tree=trees(), width=st.floats(90.0, 700.0))
def test_every_number_is_on_the_page_in_order_and_inside_it(setter: Setter, tree: Node, width: float) -> None:
    page = page_of(setter, width, Line(Symbol("z"), "=", tree))
    assert [s.node for s in page.spots] == [x for x in walk(tree) if isinstance(x, Number)]
    for spot in page.spots:
        assert spot.x >= -0.01
        assert spot.x + spot.width <= page.width + 0.01
        assert spot.y >= -0.01
        assert spot.y + spot.height <= page.height + 0.01
        assert page.at(spot.x + spot.width / 2, spot.y + spot.height / 2, 0.0) is not None


# -- pointing and walking ---------------------------------------------------------------------------


def test_a_number_is_found_under_a_point(setter: Setter) -> None:
    page = page_of(setter, 300.0, Line(Symbol("z"), "=", Sum((n(1.0), n(2.0, Z)))))
    spot = page.spots[1]
    found = page.at(spot.x + 1.0, spot.y + 1.0)
    assert found is not None
    assert found.node.quantity == Z
    assert page.at(-50.0, -50.0) is None


def test_arrow_keys_walk_in_reading_order_and_between_rows(setter: Setter) -> None:
    page = page_of(
        setter, 300.0,
        Line(Symbol("z"), "=", Sum((n(1.0), n(2.0), n(3.0)))), Line(None, "=", Sum((n(4.0), n(5.0), n(6.0)))),
    )  # fmt: skip
    numbers = page.numbers()

    def go(value: float, key: str) -> float:
        chosen = next(s for s in numbers if s.node.value == value)
        found = next_number(numbers, chosen, key)
        assert found is not None
        assert isinstance(found.node, Number)
        return found.node.value

    assert (go(1.0, "right"), go(3.0, "right"), go(4.0, "left"), go(1.0, "left")) == (2.0, 4.0, 3.0, 1.0)
    assert (go(2.0, "down"), go(5.0, "up"), go(5.0, "down"), go(2.0, "end")) == (5.0, 2.0, 5.0, 6.0)
    assert next_number((), None, "right") is None


def test_text_size_follows_the_theme(qtbot: QtBot) -> None:
    theme = Theme()
    small = Setter(Faces(theme)).box(LONG)
    theme.set_text_scale(2.0)
    large = Setter(Faces(theme)).box(LONG)
    assert large.width == pytest.approx(2 * small.width, rel=0.03)
    assert large.height == pytest.approx(2 * small.height, rel=0.03)
