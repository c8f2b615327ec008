"""Whether neurons show pictures over the input plane, and where the sample in view is on them."""

from __future__ import annotations

from math import isqrt
from typing import Literal

from nnsim.engine.snapshot import Plane
from nnsim.model.prepared import Prepared
from nnsim.model.project import Project

PictureMode = Literal["auto", "on", "off"]

# Over fewer samples there is no pattern to see, and the numbers of the pass are the subject.
PICTURES_FROM = 4
_LEAST_SIDE = 6


def can_picture(prepared: Prepared | None) -> bool:
    """Whether the data have a plane: two raw inputs."""
    return prepared is not None and prepared.samples.width == 2


def wants_pictures(mode: PictureMode, prepared: Prepared | None, before: bool) -> bool:
    """Whether to show pictures. While the data cannot be used, what was shown ``before`` stays."""
    if mode == "off":
        return False
    if prepared is None:
        return before
    return can_picture(prepared) and (mode == "on" or prepared.samples.count >= PICTURES_FROM)


def image_side(project: Project, prepared: Prepared | None) -> int:
    """The side of the inputs as a square image, row by row, if they can be one; else 0.

    Any data with a square number of columns can, from 6 × 6 on; smaller ones are no pictures. Inputs
    made from features are not the columns.
    """
    if prepared is None or prepared.samples.width != project.layers[0].size:
        return 0
    side = isqrt(prepared.samples.width)
    return side if side >= _LEAST_SIDE and side * side == prepared.samples.width else 0


def dot_of(plane: Plane | None, prepared: Prepared | None, sample: int) -> tuple[float, float] | None:
    """A sample's place on a picture as shares of its sides, from the left and from the top; ``None``
    if it has none."""
    if plane is None or prepared is None or not can_picture(prepared):
        return None
    if not 0 <= sample < prepared.samples.count:
        return None
    left, right, bottom, top = plane.extent
    x, y = map(float, prepared.samples.inputs[sample])
    dot = ((x - left) / (right - left), (top - y) / (top - bottom))
    return dot if all(0.0 <= share <= 1.0 for share in dot) else None
