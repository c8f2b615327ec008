"""Explaining the learning rate of an epoch; formulas of :mod:`nnsim.core.schedules`."""

from __future__ import annotations

from math import pi

from nnsim.core.explain.explanation import Face, Writer
from nnsim.core.explain.expression import (
    Call,
    Difference,
    Fraction,
    Line,
    Node,
    Number,
    Power,
    Product,
    Sum,
    Symbol,
)  # fmt: skip
from nnsim.core.explain.quantity import Quantity
from nnsim.core.schedules import SCHEDULES

ONE = Number(1.0)


def rate_lines(w: Writer) -> list[Line]:
    """How η comes about in this epoch; nothing where it is constant."""
    key = w.numbers.schedule
    if key == "constant":
        return []
    q, note = Quantity("rate"), f"{SCHEDULES[key].label.lower()}, epoch {w.numbers.epoch}"
    return [
        Line(w.symbols(q), "=", _formula(w, w.values), note),
        Line(None, "=", w.result(q)),
    ]


def _formula(w: Writer, face: Face) -> Node:
    s = w.numbers
    entry = SCHEDULES[s.schedule]
    o = {p.key: float(s.schedule_options.get(p.key, p.default)) for p in entry.options}
    base, epoch = face.named(Symbol("η₀"), s.base_rate), float(s.epoch)
    if entry.key == "step":
        times = Number(epoch // int(o["every"]))
        return Product((base, Power(face.named(Symbol("γ"), o["gamma"]), times)))
    if entry.key == "exponential":
        return Product((base, Power(face.named(Symbol("γ"), o["gamma"]), Number(epoch))))
    if entry.key == "inverse":
        bottom = Sum((ONE, Product((face.named(Symbol("decay"), o["decay"]), Number(epoch)))))
        return Fraction(base, bottom)
    if entry.key == "cosine":
        share = Fraction(Number(min(epoch, o["epochs"])), Number(o["epochs"]))
        wave = Sum((ONE, Call("cos", (Product((Number(pi), share)),))))
        floor = face.named(Symbol("f"), o["floor"])
        return Product(
            (base, Sum((floor, Product((Difference(ONE, floor), Fraction(ONE, Number(2.0)), wave)))))
        )
    return Product((base, Call("min", (Fraction(Number(epoch + 1.0), Number(o["epochs"])), ONE))))
