"""What each path of the published cases means: a number of the network, a formula, or a line.

``row_of(case, path)`` gives the fields of a row that say what is computed; see ``library.py``.
"""

from __future__ import annotations

import re
from typing import Any

from nnsim.io.cases import CaseLine, Run, Where

Fields = dict[str, Any]

_STANDARD = re.compile(
    r"(?:forward\.)?(?P<kind>z|a|dC_da|delta)\.(?P<l>\d+)\.(?P<s>\d+)\.(?P<j>\d+)"
    r"|grad\.(?P<gp>[Wb])\.(?P<gl>\d+)\.(?P<gj>\d+)(?:\.(?P<gk>\d+))?"
    r"|after\.(?P<k>\d+)\.(?:(?P<loss>loss)|params\.(?P<pl>\d+)\.(?P<pp>[Wb])\.(?P<pj>\d+)(?:\.(?P<pk>\d+))?)"
    r"|output_after_last\.(?P<os>\d+)\.(?P<oj>\d+)"
)
_DOWN = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_KINDS = {"z": "z", "a": "a", "dC_da": "blame", "delta": "delta"}
_RGU = "sequential_full_precision"


def row_of(case: dict[str, Any], path: str) -> Fields:
    """The fields for a path of a case. Raises ``ValueError`` for one that is not known."""
    special = _special(case["id"], path)
    if special is not None:
        return special
    if path == "loss":
        return {"where": Where("loss")}
    found = _STANDARD.fullmatch(path)
    if found is None:
        raise ValueError(f"{case['id']}: {path}")
    at: dict[str, Any] = {
        k: int(v) if v.isdigit() else v for k, v in found.groupdict().items() if v is not None
    }
    each = len(case["data"]["x"]) if case["update"]["per_sample"] else 1  # updates in an epoch
    if "kind" in at:
        return {"where": Where(_KINDS[at["kind"]], at["l"] + 1, at["j"], sample=at["s"])}
    if "gp" in at:
        # The record's gradients hold the part of the penalty, which only weights have.
        kind = "total_gradient" if "grad_note" in case["recomputed"] else _named(at["gp"]) + "_gradient"
        return {"where": Where(kind, at["gl"] + 1, at["gj"], at.get("gk", -1))}
    if "loss" in at:
        return {"where": Where("loss", after=at["k"] * each)}
    if "pp" in at:
        place = Where(_named(at["pp"]), at["pl"] + 1, at["pj"], at.get("pk", -1), after=at["k"] * each)
        return {"where": place}
    last = max(int(k) for k in case["recomputed"]["after"]) * each
    return {"where": Where("a", len(case["network"]["layers"]), at["oj"], sample=at["os"], after=last)}


def _named(letter: str) -> str:
    return "weight" if letter == "W" else "bias"


def _formula(what: str, formula: str, where: Where | None = None, **uses: Where) -> Fields:
    uses = {name.translate(_DOWN): place for name, place in uses.items()}  # no Python name ends in ₁
    return {"what": what, "formula": formula, "uses": uses, "where": where}


def _a(layer: int, neuron: int = 0, **more: Any) -> Where:
    return Where("a", layer, neuron, **more)


def _special(case: str, path: str) -> Fields | None:
    """The paths that belong to one case only."""
    parts = path.split(".")
    if case in SOFTMAXES and parts[0] in ("softmax", "exp", "sum_normalised", "cce", "cce_log10"):
        return _softmax(case, parts)
    if case in CALCULATIONS:
        return _line(case, parts)
    if case == "trask_xor":
        return _trask(parts)
    if case == "brownlee_train" and parts[0] == "epoch_error":
        return {"where": Where("epoch_error", 2, after=10 * int(parts[1]))}
    if case == "nielsen_nand":
        row = int(parts[0], 2)
        return {"where": Where("z" if parts[1] == "z" else "a", 1, sample=row)}
    if case == "rgu_bp" and parts[0] == _RGU:
        return _rgu(parts[1])
    if case == "udacity_backprop" and parts[0] == "dw":
        return _udacity(parts[1:])
    if case == "mitchell_4_7":
        return _mitchell(int(parts[1]), parts[2])
    return OTHERS.get((case, path))


# -- softmax ------------------------------------------------------------------------------------------

# Scores (weighted sums) of the cases that are softmax alone.
SOFTMAXES = {
    "ibm_softmax": 3, "nielsen_softmax_widget": 4, "cs231n_lecture_softmax": 3, "cs231n_softmax_1_m2_0": 3,
    "cs231n_softmax_half": 3, "nnfs_softmax": 3, "cs231n_softmax_vs_svm": 3,
}  # fmt: skip


def _softmax(case: str, parts: list[str]) -> Fields:
    if parts[0] == "cce":
        return {"where": Where("loss")}
    if parts[0] == "cce_log10":
        return _formula("loss with the logarithm to base 10", "C / log(10)", None, C=Where("loss")) | {
            "again": True
        }
    j = int(parts[1])
    if parts[0] == "softmax":
        return {"where": _a(1, j)}
    place, mark = _a(1, j), "₁₂₃₄"[j]
    if parts[0] == "exp":
        return _formula(f"exponential of z{mark}", f"exp(z{mark})", place, **{f"z{mark}": Where("z", 1, j)})
    names = {f"z{'₁₂₃₄'[i]}": Where("z", 1, i) for i in range(SOFTMAXES[case])}
    shares = _formula(f"share of z{mark} in the sum", f"z{mark} / ({' + '.join(names)})", place, **names)
    return shares | {"again": True}


# -- other rules --------------------------------------------------------------------------------------

RUNS: dict[str, tuple[Run, ...]] = {
    "mazur": (Run("in_turn", "weights updated in turn", "backwards_in_turn"),),
    "rgu_bp": (Run("in_turn", "weights updated in turn", "backwards_in_turn"),),
    "nielsen_crossentropy_06_09": (Run("figure", "the figure's step", "slope_left_out"),),
    "nielsen_crossentropy_20_20": (Run("figure", "the figure's step", "slope_left_out"),),
    "statquest_signa_ch2": (Run("one_at_a_time", "one dose at a time", batch_size=1),),
    "trask_xor": (
        Run("alpha0_1", "η = 0.1", learning_rate=0.1),
        Run("alpha0_01", "η = 0.01", learning_rate=0.01),
        Run("alpha0_001", "η = 0.001", learning_rate=0.001),
    ),
}


def _trask(parts: list[str]) -> Fields | None:
    if not parts[0].startswith("alpha"):
        return None
    run, after = "" if parts[0] == "alpha1" else parts[0], int(parts[1])
    if parts[2] == "out":
        return {"where": _a(2, sample=int(parts[3]), after=after, run=run)}
    uses: dict[str, Where] = {}
    for s, mark in enumerate("₁₂₃₄"):
        uses[f"y{mark}"] = Where("y", 2, sample=s, after=after, run=run)
        uses[f"a{mark}"] = _a(2, sample=s, after=after, run=run)
    total = " + ".join(f"abs(y{mark} - a{mark})" for mark in "₁₂₃₄")
    return _formula("mean error", f"({total}) / 4", Where("a", 2, after=after, run=run), **uses)


def _rgu(name: str) -> Fields:
    after: Fields = {"after": 1, "run": "in_turn"}
    weights = {
        "w1": (2, 0, 0),
        "w2": (2, 0, 1),
        "w3": (1, 0, 0),
        "w4": (1, 0, 1),
        "w5": (1, 1, 0),
        "w6": (1, 1, 1),
    }
    if name in weights:
        return {"where": Where("weight", *weights[name], **after)}
    if name == "delta":
        return _formula("error of o₁ (−δ)", "-δ", Where("delta", 2), δ=Where("delta", 2))
    if name == "new_error":
        where = _a(2, **after)
        return _formula("error of the new output (y − a)", "y - a", where, y=Where("y", 2, **after), a=where)
    j = int(name[-1]) - 1
    fields = _formula(
        f"error of h{'₁₂'[j]} (−δ), new output weight", "-(δ * w * h * (1 - h))", Where("delta", 1, j),
        δ=Where("delta", 2), w=Where("weight", 2, 0, j, **after), h=_a(1, j),
    )  # fmt: skip
    return fields | {"again": True}


def _udacity(parts: list[str]) -> Fields:
    if parts[0] == "error":
        return _formula("error (y − a)", "y - a", _a(2), y=Where("y", 2), a=_a(2))
    if parts[0] == "error_term":
        return _formula("error term (−δ)", "-δ", Where("delta", 2), δ=Where("delta", 2))
    source = int(parts[1])
    target = 0 if parts[0] == "ho" else int(parts[2])
    layer = 2 if parts[0] == "ho" else 1
    name = f"o₁←h{'₁₂'[source]}" if layer == 2 else f"h{'₁₂'[target]}←x{'₁₂₃'[source]}"
    place = Where("weight_gradient", layer, target, source)
    weight = Where("weight", layer, target, source)
    return _formula(f"change of w {name}", "-η * g", weight, η=Where("rate"), g=place)


def _mitchell(update: int, name: str) -> Fields:
    if name in ("a_c", "o_d"):
        return {"where": _a(1 if name == "a_c" else 2, sample=update, after=update)}
    places = {
        "w_ca": Where("weight", 1, 0, 0, after=update + 1),
        "w_cb": Where("weight", 1, 0, 1, after=update + 1),
        "w_c0": Where("bias", 1, after=update + 1),
        "w_dc": Where("weight", 2, 0, 0, after=update + 1),
        "w_d0": Where("bias", 2, after=update + 1),
    }  # fmt: skip
    return {"where": places[name]}


_O1, _O2, _H1 = "0.6213859615555266", "0.6573693455986976", "0.7105668883115941"
_PAGE = {"w₁": Where("weight", 2, 0, 0), "w₂": Where("weight", 2, 1, 0)}


def _typed_in(what: str, formula: str, where: Where, **uses: Where) -> Fields:
    return _formula(f"{what} from the page's typed outputs", formula, where, **uses) | {"again": True}


def _net(kind: str, run: str, layer: int, neuron: int, source: int = -1, sample: int = 0) -> Fields:
    return {"where": Where(kind, layer, neuron, source, sample, 500 * (3 if run else 1), run)}


_WEIGHTS = {
    "w1": ("weight", 1, 0, 0), "b1": ("bias", 1, 0, -1), "w2": ("weight", 1, 1, 0), "b2": ("bias", 1, 1, -1),
    "w3": ("weight", 2, 0, 0), "w4": ("weight", 2, 0, 1),
}  # fmt: skip

OTHERS: dict[tuple[str, str], Fields] = {
    ("mazur", "derived.E_o1"): _formula("loss of o₁", "(y - a)^2 / 2", _a(2), y=Where("y", 2), a=_a(2)),
    ("mazur", "derived.E_o2"): _formula(
        "loss of o₂", "(y - a)^2 / 2", _a(2, 1), y=Where("y", 2, 1), a=_a(2, 1)
    ),
    ("mazur", "derived.do1"): _formula("slope of o₁", "a * (1 - a)", Where("slope", 2), a=_a(2)),
    ("mazur", "derived.dh1"): _formula("slope of h₁", "a * (1 - a)", Where("slope", 1), a=_a(1)),
    ("mazur", "derived.dEo1_dh1"): _formula(
        "blame of h₁ from o₁", "δ * w", Where("weight", 2, 0, 0),
        δ=Where("delta", 2), w=Where("weight", 2, 0, 0),
    ),
    ("mazur", "derived.dEo2_dh1"): _formula(
        "blame of h₁ from o₂", "δ * w", Where("weight", 2, 1, 0),
        δ=Where("delta", 2, 1), w=Where("weight", 2, 1, 0),
    ),
    ("mazur", "sequential.1.loss"): {"where": Where("loss", after=1, run="in_turn"), "again": True},
    ("mazur", "after.9999.loss"): {"where": Where("loss", after=9999), "again": True},
    ("mazur", "sequential.10000.out.0"): {"where": _a(2, 0, after=10000, run="in_turn"), "again": True},
    ("mazur", "sequential.10000.out.1"): {"where": _a(2, 1, after=10000, run="in_turn"), "again": True},
    **{
        (f"nielsen_crossentropy_{start}", "widget_300_a"): {
            "where": _a(1, after=300, run="figure"), "again": True,
        }
        for start in ("06_09", "20_20")
    },
    ("cs231n_image_scores", "ship_without_bias"): _formula(
        "score of the ship without its bias", "z₃ - b₃", Where("z", 1, 2),
        z3=Where("z", 1, 2), b3=Where("bias", 1, 2),
    ) | {"again": True},
    **{("cs231n_image_scores", f"scores.{j}"): {"where": Where("z", 1, j)} for j in range(3)},
    ("cs231n_softmax_vs_svm", "hinge"): _formula(
        "hinge loss, margin 1", "max(0, z₁ - z₃ + 1) + max(0, z₂ - z₃ + 1)", None,
        z1=Where("z", 1, 0), z2=Where("z", 1, 1), z3=Where("z", 1, 2),
    ),
    ("vzhou_alice", "dp_dh1"): _formula(
        "∂o₁/∂h₁", "w * o * (1 - o)", Where("weight", 2, 0, 0), w=Where("weight", 2, 0, 0), o=_a(2)
    ),
    ("vzhou_alice", "dh1_dw1"): _formula(
        "∂h₁/∂w h₁←x₁", "x * h * (1 - h)", Where("weight", 1, 0, 0), x=Where("x"), h=_a(1)
    ),
    ("brownlee_212", "hardcoded.delta_out.0"): _typed_in(
        "δ of o₁", f"({_O1} - y) * {_O1} * (1 - {_O1})", Where("delta", 2), y=Where("y", 2)
    ),
    ("brownlee_212", "hardcoded.delta_out.1"): _typed_in(
        "δ of o₂", f"({_O2} - y) * {_O2} * (1 - {_O2})", Where("delta", 2, 1), y=Where("y", 2, 1)
    ),
    ("brownlee_212", "hardcoded.delta_hidden"): _typed_in(
        "δ of h₁",
        f"(w₁ * ({_O1} - y₁) * {_O1} * (1 - {_O1}) + w₂ * ({_O2} - y₂) * {_O2} * (1 - {_O2}))"
        f" * {_H1} * (1 - {_H1})",
        Where("delta", 1), **_PAGE, y1=Where("y", 2), y2=Where("y", 2, 1),
    ),
    **{
        ("statquest_signa_ch2", f"{run}.{name}"): _net(kind, key, layer, neuron, source)
        for run, key in (("full_batch", ""), ("batch_size_1", "one_at_a_time"))
        for name, (kind, layer, neuron, source) in _WEIGHTS.items()
    },
    ("sklearn_test_fit", "after.1.out"): {"where": _a(2, after=1)},
    ("sklearn_test_fit", "after.1.z_out"): {"where": Where("z", 2, after=1)},
    **{
        ("han_kamber", f"Err.{unit}"): _formula(
            f"error of {name} (−δ)", "-δ", Where("delta", layer, j), δ=Where("delta", layer, j)
        )
        for unit, name, layer, j in (("e6", "o₁", 2, 0), ("e5", "h₂", 1, 1), ("e4", "h₁", 1, 0))
    },
}  # fmt: skip

# -- calculations without a network -------------------------------------------------------------------

# case → (inputs, lines, output, record's name → line)
CALCULATIONS: dict[str, tuple[tuple[str, ...], str, str, dict[str, str]]] = {
    "cs231n_add_mul": (("x", "y", "z"), "q = x + y; f = q * z", "f", {}),
    "cs231n_sigmoid_gate": (
        ("w0", "x0", "w1", "x1", "w2"),
        "p₀ = w₀ * x₀; p₁ = w₁ * x₁; s = p₀ + p₁; z = s + w₂; m = -z; t = exp(m); d = 1 + t; f = 1 / d",
        "f", {"w0x0": "p₀", "w1x1": "p₁", "neg": "m", "exp": "t", "p1": "d"},
    ),
    "cs231n_patterns": (
        ("x", "y", "z", "w"), "p = x * y; m = max(z, w); s = p + m; f = 2 * s", "f",
        {"mul": "p", "max": "m", "add": "s", "out": "f"},
    ),
    "cs231n_staged": (
        ("x", "y"),
        "u = sigmoid(y); n = x + u; v = sigmoid(x); t = x + y; q = t^2; d = v + q; i = 1 / d; f = n * i", "f",
        {"sigy": "u", "num": "n", "sigx": "v", "xpy": "t", "xpysqr": "q", "den": "d", "invden": "i"},
    ),
    "micrograd_readme": (
        ("a", "b"),
        "c₁ = a + b; d₁ = a * b + b^3; c₂ = c₁ + c₁ + 1; c = c₂ + 1 + c₂ - a; "
        "d₂ = d₁ + d₁ * 2 + relu(b + a); d = d₂ + 3 * d₂ + relu(b - a); "
        "e = c - d; f = e^2; h = f / 2; g = h + 10 / f",
        "g", {},
    ),
    "micrograd_video_L": (("a", "b", "c", "f"), "e = a * b; d = e + c; L = d * f", "L", {}),
    "micrograd_video_neuron": (
        ("x1", "x2", "w1", "w2", "b"), "n = x₁ * w₁ + x₂ * w₂ + b; o = tanh(n)", "o", {}
    ),
    "nnfs_neuron": (
        ("x0", "x1", "x2", "w0", "w1", "w2", "b"), "z = x₀ * w₀ + x₁ * w₁ + x₂ * w₂ + b; y = relu(z)", "y", {}
    ),
    **{
        case: (
            ("o₁", "o₂", "w₁", "w₂", "e", "η"),
            "z = w₁ * o₁ + w₂ * o₂; a = sigmoid(z); s = a * (1 - a); g = -e * s * o₁; w = w₁ - η * g", "",
            {"sig": "a", "dsig": "s", "slope": "g", "w_new": "w"},
        )
        for case in ("rashid_weight_update_erratum3", "rashid_weight_update_original")
    },
    "keras_mse_reduction": (
        ("a₁₁", "a₁₂", "a₂₁", "a₂₂", "y₁₁", "y₁₂", "y₂₁", "y₂₂"),
        "m₁ = ((a₁₁ - y₁₁)^2 + (a₁₂ - y₁₂)^2) / 2; m₂ = ((a₂₁ - y₂₁)^2 + (a₂₂ - y₂₂)^2) / 2; "
        "mean = (m₁ + m₂) / 2; sum = m₁ + m₂; all = 2 * m₁ + 2 * m₂",
        "",
        {
            "torch_mean": "mean", "keras_sum": "sum", "torch_sum": "all",
            "per_sample.0": "m₁", "per_sample.1": "m₂",
        },
    ),
}  # fmt: skip


def line_name(case: str, name: str) -> str:
    """The program's name for a name of the record."""
    return CALCULATIONS[case][3].get(name, name.translate(_DOWN))


def _line(case: str, parts: list[str]) -> Fields:
    if parts[0] == "grad":
        return {"slope": line_name(case, parts[1])}
    name = ".".join(parts[1:] if parts[0] == "value" else parts)
    return {"line": line_name(case, name)}


def lines_of(case: str) -> tuple[CaseLine, ...]:
    """The lines of a calculation."""
    parts = (line.split(" = ", 1) for line in CALCULATIONS[case][1].split("; "))
    return tuple(CaseLine(name, formula) for name, formula in parts)


def inputs_of(case: dict[str, Any]) -> dict[str, float]:
    """The inputs of a calculation, from the record's data."""
    data, names = case["data"], CALCULATIONS[case["id"]][0]
    if case["id"].startswith("rashid"):
        numbers = [*data["o_j"], *data["w"], data["e"], data["lr"]]
    elif case["id"] == "keras_mse_reduction":
        numbers = [value for key in ("y_pred", "y_true") for row in data[key] for value in row]
    else:
        numbers = [data[name] for name in names]
    return {name.translate(_DOWN): float(value) for name, value in zip(names, numbers, strict=True)}
