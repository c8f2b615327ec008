"""The loss with its convention: its formula as the notation writes it, and what its factors are here."""

from __future__ import annotations

from nnsim.core.losses import LOSSES, Loss
from nnsim.model.notation import DocumentNames
from nnsim.model.project import Project


def formula_of(loss: Loss, names: DocumentNames) -> str:
    """``C = 1/n · Σₓ Σⱼ ½(aⱼ − yⱼ)²``, with the notation's own letters."""
    return loss.formula.replace("aⱼ", f"{names.activation_letter}ⱼ").replace("yⱼ", f"{names.target_letter}ⱼ")


def counts_of(loss: Loss, samples: int, outputs: int) -> str:
    """The factor in front as a number: ``n = 250 samples: 1/n = 0.004``."""
    n = f"n = {samples:,} sample{'' if samples == 1 else 's'}"
    m = f"m = {outputs:,} output{'' if outputs == 1 else 's'}"
    if loss.reduction == "sum":
        return f"{n}, summed up"
    factor = f"{loss.scale(max(samples, 1), outputs):.4g}"
    if loss.reduction == "samples":
        return f"{n}: 1/n = {factor}"
    return f"{n}, {m}: 1/(n·m) = {factor}"


def convention_of(loss: Loss) -> str:
    """What the ½ and the 1/n are for, in a sentence or two."""
    parts = []
    if loss.family == "squared":
        parts.append(
            "The ½ cancels the 2 of the derivative, which is a − y."
            if loss.half
            else "There is no ½, so the derivative is 2(a − y)."
        )
    parts.append(
        {
            "sum": "There is no 1/n: with twice the samples, loss and gradient are twice as large.",
            "samples": "1/n makes it the mean over the samples; over the outputs it is summed up.",
            "elements": "1/(n·m) makes it the mean over samples and outputs.",
        }[loss.reduction]
    )
    return " ".join(parts)


def loss_of(project: Project) -> Loss | None:
    """The document's loss; ``None`` if this version does not know it."""
    key = project.training.loss
    if key not in LOSSES:
        return None
    return LOSSES[key]


def tip_of(names: DocumentNames, what: str, value: str, samples: int) -> str:
    """``what`` with the formula, its factor and the value with every digit, for hovering."""
    loss = loss_of(names.project)
    if loss is None:
        return what
    outputs = names.project.layers[-1].size
    lines = [what, formula_of(loss, names), counts_of(loss, samples, outputs), convention_of(loss)]
    if value:
        lines.insert(2, f"= {value}")
    return "\n".join(lines)
