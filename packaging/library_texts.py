"""What the library says about the published cases, in our own words: see ``library.py``."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Text:
    """One case. ``words`` explain printed numbers by their path; a path ending in "*" means all alike.

    ``title`` is empty where the shipped example of the case has one.
    """

    key: str
    source: str
    about: str
    tags: tuple[str, ...]
    title: str = ""
    place: str = ""  # where the record's address is only words
    words: dict[str, str] = field(default_factory=dict)


_ROUNDED_HIDDEN = "The source goes on with hidden activations rounded to 0.679 and 0.574."
_WRONG_INPUT = "The source multiplies by 0.6 here, but the third input is 0.7."
_FROM_WRONG_INPUT = "Follows from the gradient that was computed with 0.6 instead of the input 0.7."
_IN_TURN = (
    "Gradient descent sends the blame back through the old output weights. The source has already "
    "replaced them, so its hidden errors belong to another rule."
)
_ROUNDED_069 = "The source goes on with an output rounded to 0.69 and with other rounded numbers."
_WIDGET = (
    "The source's figure was drawn by a program whose step uses ∂C/∂a and leaves out the slope of the "
    "activation. True gradient descent moves the weight much less in 300 updates."
)
_SCRIPT = (
    "The source's text updates all weights at once. This number comes from its program, which updates "
    "the output weights first and sends the blame back through the new ones."
)
_DIVIDED = "This is the score divided by the sum of the scores. Softmax takes the exponentials first."
_ONLINE = (
    "The printed weight is what training on all three doses at once gives. The source's code takes the "
    "doses one at a time, and that ends elsewhere."
)

TEXTS: dict[str, Text] = {
    "course_note_chain_w025": Text(
        "course-chain", "Introductory course note",
        "A forward pass by hand through two sigmoid neurons in a row. The note gives no target; 0.25 and "
        "η = 0.4 are borrowed from the course's other chain, so that a backward pass exists.",
        ("course", "sigmoid", "forward pass"),
        place="Section “Mathematical Formulation of Neural Networks”",
        words={
            "forward.a.1.0.0": "σ(0.6506) is 0.6571. The printed 0.7153 is σ(0.9210), the output of a chain "
            "with w₂ = 0.45 and b₂ = 0.65: a number from another example has been left standing.",
        },
    ),
    "ibm_chain": Text(
        "ibm-chain", "IBM: Introduction to Deep Learning & Neural Networks with Keras",
        "One forward pass, one backward pass, one update with η = 0.4. All four parameters are updated at "
        "once, from their old values.",
        ("course", "sigmoid", "one update"),
        place="Coursera, module 2, video on backpropagation",
        words={
            "grad.W.1.0.0": "With all digits it is 0.05707. Rounding the three factors first gives 0.05706.",
            "loss": "With all digits, ½(0.25 − a)² is 0.1082. The printed 0.1084 is from a learner's notes "
            "on the video.",
        },
    ),
    "ibm_softmax": Text(
        "ibm-softmax", "IBM: Introduction to Deep Learning & Neural Networks with Keras",
        "Three scores turned into shares that add up to 1. The source calls it softmax.",
        ("course", "softmax"), "IBM course: softmax of three scores",
        place="Coursera, video on activation functions",
        words={"softmax.*": _DIVIDED, "sum_normalised.*": "Each score divided by 3.13, their sum."},
    ),
    "mazur": Text(
        "mazur", "Matt Mazur: A Step by Step Backpropagation Example",
        "One sample, two layers of two sigmoid neurons, η = 0.5. Each layer has one bias for both neurons, "
        "and the source leaves the biases as they are, so they are frozen here. All weights are updated at "
        "once, from their old values.",
        ("sigmoid", "one update", "long training", "frozen biases"),
        words={
            "derived.dEo2_dh1": "With all digits it ends in 118: one off in the last place.",
            "after.1.loss": _SCRIPT,
            "sequential.1.loss": "With the output weights updated first, as the source's program does.",
            "after.10000.loss": "This is the loss after 9,999 updates. One more makes it 0.00003510188.",
            "after.9999.loss": "The printed number, one update earlier than the source says.",
            "output_after_last.*": _SCRIPT,
            "sequential.10000.out.*": "With the output weights updated first, as the source's program does.",
        },
    ),
    "nielsen_quadratic_06_09": Text(
        "nielsen-quadratic", "Michael Nielsen: Neural Networks and Deep Learning, chapter 3",
        "One neuron learns to turn 1 into 0, 300 epochs with η = 0.15.",
        ("sigmoid", "one neuron", "long training"),
        words={"output_after_last.0.0": "The source says 300 epochs; its animation makes 301 updates."},
    ),
    "nielsen_quadratic_20_20": Text(
        "nielsen-quadratic-slow", "Michael Nielsen: Neural Networks and Deep Learning, chapter 3",
        "The same neuron from a saturated start: the slope is small, so learning is slow at first.",
        ("sigmoid", "one neuron", "saturation", "long training"),
        words={"output_after_last.0.0": "Read off the source's figure, after 301 updates."},
    ),
    "nielsen_crossentropy_06_09": Text(
        "nielsen-entropy", "Michael Nielsen: Neural Networks and Deep Learning, chapter 3",
        "Cross-entropy in place of squared error, η = 0.005. The chapter derives ∂C/∂w = x(a − y); the "
        "program behind its figures takes another step.",
        ("sigmoid", "one neuron", "cross-entropy", "long training"),
        words={
            "after.300.params.0.W.0.0": _WIDGET,
            "widget_300_a": "What the figure ends at, under the step that its program takes.",
        },
    ),
    "nielsen_crossentropy_20_20": Text(
        "nielsen-entropy-bad-start", "Michael Nielsen: Neural Networks and Deep Learning, chapter 3",
        "Cross-entropy from a saturated start, η = 0.005. The chapter derives ∂C/∂w = x(a − y); the program "
        "behind its figures takes another step.",
        ("sigmoid", "one neuron", "cross-entropy", "saturation", "long training"),
        words={
            "after.300.params.0.W.0.0": _WIDGET,
            "widget_300_a": "What the figure ends at, under the step that its program takes.",
        },
    ),
    "nielsen_nand": Text(
        "nielsen-nand", "Michael Nielsen: Neural Networks and Deep Learning, chapter 1",
        "A perceptron with weights −2 and −2 and bias 3 fires unless both inputs are 1. At exactly z = 0 it "
        "does not fire.",
        ("perceptron", "step", "one neuron"), "Nielsen: a perceptron that computes NAND",
    ),
    "nielsen_softmax_widget": Text(
        "nielsen-softmax", "Michael Nielsen: Neural Networks and Deep Learning, chapter 3",
        "Four weighted sums that a reader can slide, and the shares softmax makes of them.",
        ("softmax",), "Nielsen: softmax with sliders",
    ),
    "cs231n_add_mul": Text(
        "cs231n-add-multiply", "Stanford CS231n: Backpropagation, Intuitions",
        "The smallest chain rule: a sum, then a product. Going back, an addition hands the blame on "
        "unchanged and a product swaps the factors.",
        ("calculation", "chain rule"), "CS231n: (x + y)·z and its derivatives",
    ),
    "cs231n_sigmoid_gate": Text(
        "cs231n-sigmoid-gate", "Stanford CS231n: Backpropagation, Intuitions",
        "A sigmoid neuron taken apart into single operations. The derivatives are those of the neuron's "
        "output; there is no loss.",
        ("calculation", "chain rule", "sigmoid"), "CS231n: a sigmoid neuron in single operations",
    ),
    "cs231n_patterns": Text(
        "cs231n-patterns", "Stanford CS231n: Backpropagation, Intuitions",
        "How blame flows through a product, a maximum and a sum.",
        ("calculation", "chain rule"), "CS231n: product, maximum and sum",
    ),
    "cs231n_staged": Text(
        "cs231n-staged", "Stanford CS231n: Backpropagation, Intuitions",
        "A longer formula computed in stages. x and y are used more than once, so their derivatives are "
        "sums. The source gives the method and prints no numbers.",
        ("calculation", "chain rule", "sigmoid"), "CS231n: a formula in stages",
    ),
    "micrograd_readme": Text(
        "micrograd-readme", "Andrej Karpathy: micrograd",
        "The example at the front of a tiny automatic differentiation library: c and d are built up in "
        "several stages, and a and b are used many times.",
        ("calculation", "chain rule", "relu"), "micrograd: the expression of its front page",
    ),
    "micrograd_video_L": Text(
        "micrograd-lecture", "Andrej Karpathy: The spelled-out intro to neural networks and backpropagation",
        "The lecture's first expression, (a·b + c)·f, with every derivative worked out by hand.",
        ("calculation", "chain rule"), "micrograd lecture: (a·b + c)·f",
        place="Video lecture on building micrograd (VMj-3S1tku0)",
        words={"grad.a": "Noted down from the video.", "grad.b": "Noted down from the video."},
    ),
    "micrograd_video_neuron": Text(
        "micrograd-neuron", "Andrej Karpathy: The spelled-out intro to neural networks and backpropagation",
        "A tanh neuron whose bias is chosen so that its slope is one half.",
        ("calculation", "chain rule", "tanh"), "micrograd lecture: a tanh neuron",
        place="Video lecture on building micrograd (VMj-3S1tku0)",
    ),
    "cs231n_image_scores": Text(
        "cs231n-scores", "Stanford CS231n: Linear Classification",
        "Four pixels, three classes: each score is a weighted sum of the pixels plus a bias. There is no "
        "loss in the source; a target of 1 for the cat is ours.",
        ("linear", "classification"), "CS231n: scores for a picture",
        words={
            "scores.2": "The bias −1.2 has been left out: 61.95 − 1.2 = 60.75.",
            "ship_without_bias": "The weighted sum before its bias is added.",
        },
    ),
    "cs231n_softmax_vs_svm": Text(
        "cs231n-softmax", "Stanford CS231n: Linear Classification",
        "One picture's scores judged in two ways: by the hinge loss with margin 1, and by softmax with "
        "cross-entropy. The third class is the right one.",
        ("softmax", "cross-entropy", "classification"),
        words={"forward.a.0.0.0": "0.01545 rounds to 0.015; 0.016 is 0.058 / 3.74, from rounded numbers."},
    ),
    "cs231n_lecture_softmax": Text(
        "cs231n-lecture-softmax", "Stanford CS231n: slides of lecture 3",
        "Three scores, their exponentials and shares, and the loss of the right class, which is the first.",
        ("softmax", "cross-entropy"), "CS231n lecture: softmax of three scores",
        place="Slides of 2016 and 2017, corrected in later years",
        words={
            "cce": "Cross-entropy uses the natural logarithm: −ln 0.13 = 2.04. The older slides took the "
            "logarithm to base 10.",
            "cce_log10": "The logarithm to base 10, which the older slides took.",
            "cce#2": "The corrected slides.",
        },
    ),
    "cs231n_softmax_1_m2_0": Text(
        "cs231n-softmax-three", "Stanford CS231n: Linear Classification",
        "Scores 1, −2 and 0. Compare with the halved scores of the next example: the shares come closer.",
        ("softmax",), "CS231n: softmax of 1, −2, 0",
        words={"exp.0": "2.718 cut off after two decimals; rounded it is 2.72."},
    ),
    "cs231n_softmax_half": Text(
        "cs231n-softmax-halved", "Stanford CS231n: Linear Classification",
        "The scores 1, −2 and 0 halved, as stronger regularisation would leave them.",
        ("softmax",), "CS231n: softmax of 0.5, −1, 0",
    ),
    "vzhou_neuron": Text(
        "zhou-neuron", "Victor Zhou: Machine Learning for Beginners",
        "A weighted sum and a sigmoid. The target is ours, the source has none.",
        ("sigmoid", "one neuron", "forward pass"),
    ),
    "vzhou_feedforward": Text(
        "zhou-feedforward", "Victor Zhou: Machine Learning for Beginners",
        "A forward pass with the same weights in every neuron. The target is ours, the source has none.",
        ("sigmoid", "forward pass"),
    ),
    "vzhou_alice": Text(
        "zhou-alice", "Victor Zhou: Machine Learning for Beginners",
        "One person's weight and height, one derivative worked out factor by factor. The loss is (y − a)², "
        "without the ½.",
        ("sigmoid", "chain rule"),
        words={
            "dC_da.1.0.0": "With all digits it rounds to −0.953; the source uses an output rounded to 0.524.",
            "grad.W.0.0.0": "0.02147 rounds to 0.0215; the source multiplies rounded factors.",
        },
    ),
    "udacity_backprop": Text(
        "udacity", "Udacity: Deep Learning Nanodegree",
        "One pass and one update with η = 0.5. The source's error term is minus ∂C/∂z, and its change of a "
        "weight is what is added. There are no biases; here they are 0 and frozen.",
        ("sigmoid", "one update", "no biases"),
        place="Exercise on backpropagation",
    ),
    "trask_xor": Text(
        "trask", "Andrew Trask: A Neural Network in 11 lines of Python",
        "All four rows at once, gradient summed over them, η = 1, no biases (the third input is always 1). "
        "The error it prints is the mean of |y − a|, not the loss. The second part tries other rates.",
        ("sigmoid", "xor", "long training", "no biases"),
        place="https://iamtrask.github.io/2015/07/12/basic-python-network/ and "
        "https://iamtrask.github.io/2015/07/27/python-network-part2/",
    ),
    "brownlee_212": Text(
        "brownlee-pass", "Jason Brownlee: Backpropagation from scratch in Python",
        "A narrow network, its outputs and its errors. The source tries out its backward pass on outputs "
        "typed in by hand.",
        ("sigmoid", "chain rule"),
        words={
            "delta.1.0.0": "The page tests its backward pass with outputs that its own network does not give "
            "for this row. For the real outputs, δ is 0.1481.",
            "hardcoded.*": "Right for the outputs that the page has typed in.",
        },
    ),
    "brownlee_train": Text(
        "brownlee-training", "Jason Brownlee: Backpropagation from scratch in Python",
        "An update after every row, in the order of the file, η = 0.5, twenty epochs. The printed error of "
        "an epoch adds up the squared errors, each taken before the update for its own row.",
        ("sigmoid", "per sample", "long training"),
    ),
    "rashid_weight_update_erratum3": Text(
        "rashid-corrected", "Tariq Rashid: Make Your Own Neural Network, erratum 3",
        "One weight's update with made-up numbers. The book leaves out the factor 2 of its squared error on "
        "purpose. An error of 1.5 is more than a sigmoid output can be off by.",
        ("calculation", "sigmoid", "one update"), "Rashid: one weight's update, corrected",
    ),
    "rashid_weight_update_original": Text(
        "rashid-original", "Tariq Rashid: Make Your Own Neural Network",
        "The same update as it stood before the correction, with a weight of 4 where the book's figure has "
        "3. These are the numbers that a weight of 4 would give.",
        ("calculation", "sigmoid", "one update"), "Rashid: one weight's update, before the correction",
    ),
    "statquest_signa_ch1": Text(
        "statquest-trained", "StatQuest: Illustrated Guide to Neural Networks and AI, chapter 1",
        "A trained network with two bent lines, and its three predictions.",
        ("relu", "forward pass"),
    ),
    "statquest_signa_ch2": Text(
        "statquest-training", "StatQuest: Illustrated Guide to Neural Networks and AI, chapter 2",
        "500 epochs with η = 0.01 on a sum of squared errors; the output has no bias. The text says that all "
        "doses are used at once, the code takes them one at a time.",
        ("relu", "per sample", "long training"),
        words={"batch_size_1.*": _ONLINE},
    ),
    "sklearn_test_fit": Text(
        "sklearn-fit", "scikit-learn: a comment in its tests",
        "One update with η = 0.1 and a price of ½·0.1·Σw² on the weights, worked out by hand to check a "
        "program. The test compares three decimals only, so none of the slips shows in it.",
        ("sigmoid", "cross-entropy", "one update", "L2"),
        words={
            "grad.W.0.0.2": _WRONG_INPUT, "grad.W.0.1.2": _WRONG_INPUT,
            "after.1.params.0.W.0.2": _FROM_WRONG_INPUT, "after.1.params.0.W.1.2": _FROM_WRONG_INPUT,
            "forward.a.1.0.0": "Sixteen digits, but of σ(0.1·0.679 + 0.2·0.574 + 1): rounded activations.",
            "delta.0.0.0": _ROUNDED_HIDDEN, "grad.W.0.*": _ROUNDED_HIDDEN, "grad.W.1.*": _ROUNDED_HIDDEN,
            "after.*": "Follows from gradients that were rounded on the way.",
        },
    ),
    "goodfellow_xor": Text(
        "goodfellow-xor", "Goodfellow, Bengio, Courville: Deep Learning, chapter 6",
        "Weights that solve XOR exactly: the outputs are 0, 1, 1, 0, and nothing is left to learn.",
        ("relu", "xor", "forward pass"),
    ),
    "han_kamber": Text(
        "han-kamber", "Han & Kamber: Data Mining, example 9.1",
        "One update with η = 0.9, biases included. The source's error of a unit is minus ∂C/∂z, and updates "
        "are added.",
        ("sigmoid", "one update"),
        words={"Err.e6": "With all digits it rounds to 0.1312; the source goes on with an output of 0.474."},
    ),
    "rgu_bp": Text(
        "rgu", "Robert Gordon University: The Back Propagation Algorithm",
        "One update with η = 1 and no biases. The source updates the output weights first and then uses the "
        "new ones for the hidden errors, which is not gradient descent. Its errors are minus ∂C/∂z.",
        ("sigmoid", "one update", "no biases"),
        words={
            "forward.z.1.0.0": "0.3·0.68 + 0.9·0.6637, with activations already rounded.",
            "delta.0.*": _IN_TURN,
            "sequential_full_precision.delta": "The source goes on with an output rounded to 0.69.",
            "sequential_full_precision.w6": "From rounded numbers, and then cut off; rounded it is 0.5929.",
            "sequential_full_precision.new_error": "As remembered from the hand-out, with rounded numbers.",
            "sequential_full_precision.*": _ROUNDED_069,
        },
    ),
    "nnfs_neuron": Text(
        "nnfs-neuron", "Kinsley & Kukieła: Neural Networks from Scratch",
        "A ReLU neuron with three inputs, and the derivatives of its output.",
        ("calculation", "chain rule", "relu"), "Neural Networks from Scratch: a ReLU neuron",
        place="https://nnfs.io",
    ),
    "nnfs_layers": Text(
        "nnfs-layers", "Kinsley & Kukieła: Neural Networks from Scratch",
        "A batch of three samples through two linear layers. Target and loss are ours.",
        ("linear", "forward pass", "batch"),
        place="https://nnfs.io",
    ),
    "nnfs_softmax": Text(
        "nnfs-softmax", "Kinsley & Kukieła: Neural Networks from Scratch",
        "Three outputs, their exponentials and their shares. The book types in e with twelve digits.",
        ("softmax",), "Neural Networks from Scratch: softmax",
        place="https://nnfs.io",
    ),
    "tomcordruw_relu": Text(
        "relu-update", "tomcordruw: DeepLearning2024, exercises on GitHub",
        "One pass and one update with η = 0.01; the loss is (a − y)², without the ½.",
        ("relu", "one update"),
    ),
    "keras_mse_reduction": Text(
        "keras-mse", "Keras: documentation of MeanSquaredError",
        "The same squared errors averaged or added up: libraries mean different things by “sum”. Keras adds "
        "the means of the samples; others add every element.",
        ("calculation", "loss"), "Keras: what a mean squared error is divided by",
    ),
    "mitchell_4_7": Text(
        "mitchell-momentum", "Tom Mitchell: Machine Learning, exercise 4.7",
        "Two updates with momentum 0.9 and η = 0.3, one sample at a time, all weights 0.1. The book sets the "
        "exercise and prints no solution.",
        ("sigmoid", "momentum", "per sample"), "Mitchell: two updates with momentum",
    ),
}  # fmt: skip
