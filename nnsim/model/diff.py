"""Whether two documents hold the same, down to the bytes of every array."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

# Not part of what a document says: see Project.
_BOOKKEEPING = frozenset({"next_id"})


def same(a: object, b: object) -> bool:
    """Whether two projects (or parts of projects) have the same contents.

    Arrays count as equal if type, shape and bytes are equal: NaN equals itself, 0.0 is not −0.0.
    Numbers are compared by value, so an option of 1 equals one of 1.0; true is not 1.
    """
    return next(differences(a, b), None) is None


def differences(a: object, b: object, at: str = "project") -> Iterator[str]:
    """Where two projects differ, as paths ("project.training.loss"), in the order of the fields."""
    if a is b:
        return
    if is_dataclass(a) and not isinstance(a, type) and type(a) is type(b):
        for field in fields(a):
            if field.name not in _BOOKKEEPING:
                yield from differences(getattr(a, field.name), getattr(b, field.name), f"{at}.{field.name}")
    elif isinstance(a, Mapping) and isinstance(b, Mapping):
        for key in {**a, **b}:
            if key in a and key in b:
                yield from differences(a[key], b[key], f"{at}[{key}]")
            else:
                yield f"{at}[{key}]"
    elif isinstance(a, tuple) and isinstance(b, tuple) and len(a) == len(b):
        for index, (one, other) in enumerate(zip(a, b, strict=True)):
            yield from differences(one, other, f"{at}[{index}]")
    elif not _equal(a, b):
        yield at


def _equal(a: Any, b: Any) -> bool:
    if isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
        return (
            isinstance(a, np.ndarray)
            and isinstance(b, np.ndarray)
            and a.dtype == b.dtype
            and a.shape == b.shape
            and a.tobytes() == b.tobytes()
        )
    if isinstance(a, bool) != isinstance(b, bool):
        return False
    if isinstance(a, float) and isinstance(b, float):
        return np.float64(a).tobytes() == np.float64(b).tobytes()
    return bool(a == b)
