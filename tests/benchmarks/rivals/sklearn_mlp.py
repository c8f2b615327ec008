"""scikit-learn's multi-layer perceptron, fitted for as many epochs as the updates need."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import sklearn
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier, MLPRegressor
from works import BATCHES, RATE, Work

NAME = f"scikit-learn {sklearn.__version__}"
NOTE = "both shuffle every epoch"
LINEAR = "; its output layer is linear"
_ACTIVATIONS = {"tanh": "tanh", "sigmoid": "logistic", "relu": "relu"}


def runner(work: Work) -> Callable[[int], None]:
    """Does at least so many updates: whole epochs. ``seconds`` has to be told by :func:`whole`."""
    x, y = work.data()
    kind = MLPClassifier if work.classes else MLPRegressor
    targets = y.argmax(axis=1) if work.classes else y.ravel() if y.shape[1] == 1 else y

    def run(updates: int) -> None:
        model = kind(
            hidden_layer_sizes=work.sizes[1:-1], activation=_ACTIVATIONS[work.hidden], solver="sgd",
            alpha=0.0, batch_size=work.batch, learning_rate_init=RATE, max_iter=updates // BATCHES,
            momentum=0.0, nesterovs_momentum=False, tol=0.0, n_iter_no_change=10**9, random_state=0,
        )  # fmt: skip
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            model.fit(x, targets)

    return run


def whole(updates: int) -> int:
    """The next number of updates that is whole epochs, and enough of them for the start to count little."""
    return max(-(-updates // BATCHES), 25) * BATCHES
