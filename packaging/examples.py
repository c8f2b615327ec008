"""Makes the shipped examples: ``python packaging/examples.py`` writes ``resources/examples``.

The first ones are made from data sets and the networks suggested for them, the others from the
published cases in ``tests/oracles``, each under the rule its source used: biases that the source
did not train are frozen, and what the source trained sample by sample has batches of one in file
order. Titles and notes are ours.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "packaging")]

from case_networks import as_network  # noqa: E402

from nnsim.core.datasets import DATASETS  # noqa: E402
from nnsim.core.datasets.base import Samples  # noqa: E402
from nnsim.io.project_file import encode  # noqa: E402
from nnsim.io.shipped_data import load_shipped  # noqa: E402
from nnsim.model.build import build  # noqa: E402
from nnsim.model.edits import set_bias_frozen  # noqa: E402
from nnsim.model.project import Data, Project, Training  # noqa: E402

CASES = ROOT / "tests" / "oracles" / "published_cases.json"
TARGET = ROOT / "resources" / "examples"
COURSE, PRINTED = "The course", "Worked by hand in print"
SMALL = "Softmax, scores, momentum"
IN_COURSE = ("course-chain", "ibm-chain", "ibm-softmax")

# A rate for sources that print a pass and no update.
RATE = 0.1

STARTS: tuple[tuple[str, str, str, str, dict[str, Any]], ...] = (
    ("circle", "circle", "Circle", "Two inputs, a disc and a ring: the network the program starts with.", {}),
    ("xor", "gate_xor", "XOR gate", "Four rows that no single neuron can learn.", {}),
    ("and", "gate_and", "AND gate", "Four rows that one neuron learns.", {}),
    ("xor-points", "xor", "XOR, many points", "Opposite corners belong together.", {}),
    ("spiral", "spiral", "Spiral", "Two arms wound into each other: the hard one.", {}),
    ("sine", "sine", "Sine", "One input and a curve to fit.", {}),
    ("plane", "plane", "Plane", "A slope in two inputs: regression.", {}),
    ("iris", "iris", "Iris", "150 flowers, four lengths, three species.", {}),
    ("digits", "digits", "Handwritten digits", "1,797 digits of 8 × 8 pixels, ten classes.", {}),
)

SCORES = (
    "The scores come in as they are: each output has weight 1 from its own input. The source names no "
    "right class; the first one is ours."
)

# case → key, title, summary, notes
PUBLISHED: dict[str, tuple[str, str, str, str]] = {
    "course_note_chain_w025": (
        "course-chain", "Course note: a chain of two neurons", "x = 0.1 through 0.15, 0.4 and 0.25, 0.5.",
        "One input, one hidden neuron, one output. Follow the forward pass: is the output really what "
        "the note says?",
    ),
    "ibm_chain": (
        "ibm-chain", "IBM course: a chain of two neurons", "x = 0.1, w₂ = 0.45, b₂ = 0.65, target 0.25.",
        "All four parameters are updated at once, from their old values.",
    ),
    "ibm_softmax": (
        "ibm-softmax", "IBM course: softmax of three scores", "1.6, 0.55 and 0.98.", SCORES,
    ),
    "mazur": (
        "mazur", "Mazur: backpropagation step by step", "2-2-2 sigmoid, one sample, biases not trained.",
        "The classic worked example. Its source leaves the biases as they are, so they are frozen here.",
    ),
    "nielsen_quadratic_06_09": (
        "nielsen-quadratic", "Nielsen: one neuron, quadratic cost", "w = 0.6, b = 0.9: learns quickly.",
        "One sigmoid neuron is to turn 1 into 0, from a good start.",
    ),
    "nielsen_quadratic_20_20": (
        "nielsen-quadratic-slow", "Nielsen: one neuron, a bad start", "w = b = 2: saturated, learns slowly.",
        "The same neuron started far out on the sigmoid, where the slope is almost 0.",
    ),
    "nielsen_crossentropy_06_09": (
        "nielsen-entropy", "Nielsen: one neuron, cross-entropy", "w = 0.6, b = 0.9, η = 0.005.",
        "Cross-entropy instead of squared error. The rate is the source's.",
    ),
    "nielsen_crossentropy_20_20": (
        "nielsen-entropy-bad-start", "Nielsen: cross-entropy, a bad start", "w = b = 2, η = 0.005.",
        "With cross-entropy the slope cancels, so a saturated neuron learns as well.",
    ),
    "cs231n_softmax_vs_svm": (
        "cs231n-softmax", "CS231n: a softmax classifier", "Three classes from four inputs, one sample.",
        "Scores become probabilities, and the loss is minus the logarithm of the right one.",
    ),
    "vzhou_neuron": (
        "zhou-neuron", "Zhou: one neuron", "Weights 0 and 1, bias 4.", "A single sigmoid neuron.",
    ),
    "vzhou_feedforward": (
        "zhou-feedforward", "Zhou: a small network", "2-2-1, the same weights everywhere.",
        "Both hidden neurons are alike, so they give the same number.",
    ),
    "vzhou_alice": (
        "zhou-alice", "Zhou: learning from one person", "2-2-1, all weights 1, loss without the ½.",
        "Squared error without the ½: the gradient carries a factor of 2.",
    ),
    "udacity_backprop": (
        "udacity", "Udacity: a backpropagation exercise", "3-2-1 sigmoid, without biases.",
        "The source has no biases; here they are 0 and frozen. It calls minus ∂C/∂z the error term.",
    ),
    "trask_xor": (
        "trask", "Trask: XOR in a few lines", "3-4-1, a constant third input, all rows at once.",
        "The gradient is summed over the four rows, not averaged. Biases are 0 and frozen.",
    ),
    "brownlee_212": (
        "brownlee-pass", "Brownlee: one pass", "2-1-2 with one row.", "A narrow network with two outputs.",
    ),
    "brownlee_train": (
        "brownlee-training", "Brownlee: twenty epochs", "2-2-2, ten rows, one at a time in file order.",
        "An update after every row, in the order of the file.",
    ),
    "statquest_signa_ch1": (
        "statquest-trained", "StatQuest: a trained curve", "1-2-1 ReLU, three doses.",
        "Two ReLU neurons make a bent line through three points.",
    ),
    "statquest_signa_ch2": (
        "statquest-training", "StatQuest: training the curve", "1-2-1 ReLU, sum of squares.",
        "The output has no bias in the source; here it is 0 and frozen.",
    ),
    "sklearn_test_fit": (
        "sklearn-fit", "scikit-learn: a test worked by hand", "3-2-1 with a price on weights.",
        "Binary cross-entropy with L2 = 0.1 on the weights.",
    ),
    "goodfellow_xor": (
        "goodfellow-xor", "Goodfellow: XOR solved by hand", "2-2-1 ReLU: exact from the start.",
        "The weights solve XOR exactly, so the loss and every gradient are 0.",
    ),
    "han_kamber": (
        "han-kamber", "Han & Kamber: one update", "3-2-1 sigmoid, η = 0.9.",
        "The source calls minus ∂C/∂z the error of a unit and adds the update.",
    ),
    "rgu_bp": (
        "rgu", "RGU: one update without biases", "2-2-1 sigmoid, η = 1.",
        "The source uses the new output weights for the hidden errors; here all updates are made at once.",
    ),
    "nnfs_layers": (
        "nnfs-layers", "Neural Networks from Scratch: two layers", "Three samples through 4-3-3, linear.",
        "Two linear layers in a row: still a linear map.",
    ),
    "tomcordruw_relu": (
        "relu-update", "A ReLU network, one update", "2-2-1 ReLU, loss without the ½.",
        "Squared error without the ½ and ReLU neurons.",
    ),
    "nielsen_nand": (
        "nielsen-nand", "Nielsen: a perceptron that computes NAND", "Weights −2 and −2, bias 3, a step.",
        "A step has no slope, so the perceptron cannot learn by gradient descent. Look at its four rows.",
    ),
    "cs231n_image_scores": (
        "cs231n-scores", "CS231n: scores for a picture", "Four pixels, three linear scores.",
        "The source has no loss; squared error and a target of 1 for the cat are ours.",
    ),
    "nielsen_softmax_widget": (
        "nielsen-softmax", "Nielsen: softmax with sliders", "2.5, −1, 3.2 and 0.5.", SCORES,
    ),
    "cs231n_lecture_softmax": (
        "cs231n-lecture-softmax", "CS231n lecture: softmax of three scores", "3.2, 5.1 and −1.7.",
        "The scores come in as they are, and the first class is the right one.",
    ),
    "cs231n_softmax_1_m2_0": (
        "cs231n-softmax-three", "CS231n: softmax of 1, −2, 0", "1, −2 and 0.", SCORES,
    ),
    "cs231n_softmax_half": (
        "cs231n-softmax-halved", "CS231n: softmax of 0.5, −1, 0", "0.5, −1 and 0.", SCORES,
    ),
    "nnfs_softmax": (
        "nnfs-softmax", "Neural Networks from Scratch: softmax", "4.8, 1.21 and 2.385.", SCORES,
    ),
    "mitchell_4_7": (
        "mitchell-momentum", "Mitchell: two updates with momentum", "2-1-1 sigmoid, momentum 0.9.",
        "An exercise: all weights are 0.1, and the two samples are taken one after the other.",
    ),
}  # fmt: skip

NO_OUTPUT_BIAS = {"statquest_signa_ch1", "statquest_signa_ch2"}

# What the records state in words only.
SETTINGS: dict[str, dict[str, Any]] = {
    "sklearn_test_fit": {"l2": 0.1, "learning_rate": 0.1},
    "statquest_signa_ch2": {"learning_rate": 0.01},
    "mitchell_4_7": {"optimizer": "momentum", "optimizer_options": {"momentum": 0.9}},
}


def start(dataset: str, title: str) -> Project:
    """A data set with the network suggested for it."""
    entry = DATASETS[dataset]
    s = entry.suggestion
    plane = entry.width == 2
    data = Data(
        source=dataset, options=entry.with_defaults({}),
        features=s.features or (("x1", "x2") if plane else ()), scaling=s.scaling, train_share=s.train_share,
        samples=load_shipped(dataset) if entry.shipped else None,
    )  # fmt: skip
    training = Training(
        loss=s.loss, optimizer=s.optimizer, learning_rate=s.learning_rate, batch_size=s.batch_size,
        initializer=s.initializer,
    )  # fmt: skip
    inputs = len(s.features) or entry.width
    activations = (*(s.activation for _ in s.hidden), s.output_activation)
    return build((inputs, *s.hidden, s.outputs), activations, data, training, title=title)


def published(case: Mapping[str, Any]) -> Project:
    """A worked example as its source computed it."""
    _, title, _, notes = PUBLISHED[case["id"]]
    layers, update = case["network"]["layers"], case["update"]
    x, y = np.array(case["data"]["x"]), np.array(case["data"]["y"])
    samples = Samples(x, y, name="The example")
    rate, settings = case["lr"], SETTINGS.get(case["id"], {})
    if rate is None and "learning_rate" not in settings:
        notes += f" The source prints no learning rate; {RATE} is ours."
    training = Training(
        loss=case["loss"], learning_rate=RATE if rate is None else rate,
        batch_size=1 if update["per_sample"] else 0, shuffle=False,
    )  # fmt: skip
    training = replace(training, **settings)
    sizes = (x.shape[1], *(len(p["W"]) for p in layers))
    project = build(
        sizes, tuple(p["act"] for p in layers),
        Data("table", train_share=1.0, samples=samples, features=("x1", "x2") if sizes[0] == 2 else ()),
        training, weights=tuple((p["W"], p["b"]) for p in layers),
        title=title, notes=notes, source_note=source_of(case),
    )  # fmt: skip
    for layer in project.layers[1:]:
        output = layer is project.layers[-1]
        if not update["biases"] or (output and case["id"] in NO_OUTPUT_BIAS):
            for neuron in range(layer.size):
                project = set_bias_frozen(project, layer.id, neuron, True)
    return project


def source_of(case: Mapping[str, Any]) -> str:
    source = case["source"]
    return "; ".join(str(source[key]) for key in ("url", "code") if source.get(key))


def all_examples() -> Iterator[tuple[dict[str, str], Project]]:
    """(index entry, project) in the order they are shown."""
    for key, dataset, title, summary, changes in STARTS:
        entry = {"key": key, "title": title, "group": "Start here", "summary": summary}
        yield entry, replace(start(dataset, title), **changes)
    cases = {c["id"]: c for c in json.loads(CASES.read_text(encoding="utf-8"))["cases"]}
    for case, (key, title, summary, _) in PUBLISHED.items():
        group = COURSE if key in IN_COURSE else SMALL if cases[case]["kind"] != "mlp" else PRINTED
        entry = {"key": key, "title": title, "group": group, "summary": summary, "case": case}
        yield entry, published(as_network(cases[case]))


def files() -> dict[str, bytes]:
    """File name → content, the index included."""
    found, index = {}, []
    for entry, project in all_examples():
        found[f"{entry['key']}.nnsim"] = encode(project)
        index.append(entry)
    text = json.dumps(index, indent=1, ensure_ascii=False) + "\n"
    return {"index.json": text.encode("utf-8"), **found}


def main() -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    wanted = files()
    for path in TARGET.iterdir():
        if path.name not in wanted:
            path.unlink()
    for name, content in wanted.items():
        (TARGET / name).write_bytes(content)
    print(f"{len(wanted) - 1} examples written to {TARGET.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
