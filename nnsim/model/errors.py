"""What the document says when something cannot be done. ``str()`` is a sentence for the user."""

from __future__ import annotations

from dataclasses import dataclass


class EditError(ValueError):
    """A verb refused its arguments. Nothing has changed."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that keeps the document from being computed, or that the user should know.

    ``blocking``: training and passes are impossible until it is solved. ``where`` names the place
    ("layer L2", "data", "training"); ``code`` is stable, for tests and for offering a remedy.
    """

    code: str
    message: str
    where: str = ""
    blocking: bool = True


class CompileError(ValueError):
    """The document cannot be computed; ``problems`` says why."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(" ".join(p.message for p in problems))
        self.problems = problems
