"""Choosing other data: with a question where the network does not fit, so that nothing is lost."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from nnsim.core.datasets import DATASETS
from nnsim.core.datasets.base import Samples, Suggestion
from nnsim.model.edits import (
    choose_data,
    data_fit_problem,
    import_table,
    use_suggested_network,
)
from nnsim.model.edits.target_kind import may_name_classes, with_classes
from nnsim.model.errors import EditError
from nnsim.model.project import Data, Project
from nnsim.ui.controller import Controller
from nnsim.ui.dialogs.question import CANCEL, Answer, Role, ask

_FIT = Answer("fit", "Fit the network to the data", Role.AcceptRole, primary=True)
_SUGGESTED = Answer("suggested", "Use the suggested network", Role.ActionRole)
_KEEP = Answer("keep", "Keep the network and its data", Role.RejectRole, escape=True)
_CLASSES = Answer("classes", "They name classes", Role.AcceptRole, primary=True)
_NUMBERS = Answer("numbers", "They are amounts", Role.ActionRole)


class DataCommands:
    """What the data panel does; questions open over ``parent`` and never block.

    The question's object name is ``fit_question``, its buttons are ``answer_fit``,
    ``answer_suggested`` and ``answer_keep``; that about a table's targets is ``target_question`` with
    ``answer_classes``, ``answer_numbers`` and ``answer_cancel``.
    """

    def __init__(self, controller: Controller, parent: QWidget) -> None:
        self._controller, self._parent = controller, parent

    def choose(self, key: str) -> None:
        """Use a data set of the program's own."""
        entry = DATASETS[key]
        try:
            data = self._controller.session.data_of(key)
            if _alike(data, self._controller.project.data):
                return  # what has been learnt on them stays
            problem = data_fit_problem(self._controller.project, data)
        except (EditError, OSError, ValueError) as error:
            self._controller.notice.emit(str(error), "error")
            return
        label = f"Data: {entry.label}"
        if problem is None:
            self._controller.edit(label, choose_data, data)
            return
        actions = {
            "fit": lambda: self._controller.edit(label, choose_data, data, fit=True),
            "suggested": lambda: self._controller.edit(
                f"{label}, suggested network", choose_with_network, data
            ),
        }
        details = f"The suggested network is {suggestion_words(entry.width, entry.suggestion)}."
        self._ask(problem, details, (_FIT, _SUGGESTED, _KEEP), actions)

    def use_suggested(self) -> None:
        """The network and training the data set in use suggests."""
        self._controller.edit("Suggested network", use_suggested_network)

    def use_table(self, samples: Samples, name: str) -> None:
        """Use a table that was read from the file ``name``; asks what whole numbers among its targets
        stand for (the question ``target_question``)."""
        values = may_name_classes(samples)
        if values is None:
            self._use_table(samples, name)
            return
        column = samples.target_names[0]
        text = (
            f"The last column, “{column}”, holds {len(values)} different whole numbers, from {values[0]:g} "
            f"to {values[-1]:g}. Do they name classes, or are they amounts?"
        )
        details = (
            "For classes, the output layer gets a neuron for each. The data panel can change it later, "
            "under Targets."
        )

        def then(key: str) -> None:
            if key == "classes":
                self._use_table(with_classes(samples), name)
            elif key == "numbers":
                self._use_table(samples, name)

        ask(self._parent, "target_question", text, details, (_CLASSES, _NUMBERS, CANCEL), then)

    def _use_table(self, samples: Samples, name: str) -> None:
        old = self._controller.project.data
        data = Data("table", seed=old.seed, scaling=old.scaling, train_share=old.train_share, samples=samples)
        try:
            problem = data_fit_problem(self._controller.project, data)
        except EditError as error:
            self._controller.notice.emit(str(error), "error")
            return
        label = f"Import {name}"
        if problem is None:
            self._controller.edit(label, import_table, samples, fit=False)
            return
        actions = {"fit": lambda: self._controller.edit(label, import_table, samples, fit=True)}
        self._ask(problem, "", (_FIT, _KEEP), actions)

    def _ask(
        self, problem: str, details: str, answers: tuple[Answer, ...], actions: dict[str, Callable[[], bool]]
    ) -> None:
        def then(key: str) -> None:
            if key in actions:
                actions[key]()

        safe = "Whatever you choose can be undone."
        ask(self._parent, "fit_question", problem, " ".join((details, safe)).strip(), answers, then)


def _alike(data: Data, used: Data) -> bool:
    """Whether choosing ``data`` gives what is used already. Data that name no features take those in use."""

    def settings(d: Data) -> tuple[object, ...]:
        return d.source, dict(d.options), d.seed, d.scaling, d.train_share

    def samples(d: Data) -> tuple[bytes, ...]:
        s = d.samples
        arrays = () if s is None else (s.inputs, s.targets, s.labels)
        return tuple(b"" if a is None else a.tobytes() for a in arrays)

    features = not data.features or data.features == used.features
    return features and settings(data) == settings(used) and samples(data) == samples(used)


def choose_with_network(project: Project, data: Data) -> Project:
    """The data together with the network they suggest, as one change."""
    return use_suggested_network(choose_data(project, data, fit=True))


def suggestion_words(inputs: int, suggestion: Suggestion) -> str:
    """ "4-8-3, tanh, softmax"."""
    width = len(suggestion.features) or inputs
    sizes = "-".join(str(n) for n in (width, *suggestion.hidden, suggestion.outputs))
    names = [suggestion.output_activation]
    if suggestion.hidden and suggestion.activation != names[0]:
        names.insert(0, suggestion.activation)
    return f"{sizes} with {' and '.join(names)}"
