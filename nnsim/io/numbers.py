"""Numbers and arrays as they stand in a project file.

A number is a JSON number or one of the texts "NaN", "Infinity", "-Infinity". An array is nested
lists of numbers, or, when large, ``{"shape": [rows, columns], "float64": "<base64>"}`` of its
little-endian bytes. Both keep every bit: −0.0, subnormal numbers, and through base64 also the
payload of a NaN.
"""

from __future__ import annotations

import binascii
from collections.abc import Mapping, Sequence
from itertools import chain
from math import inf, isfinite, nan, prod
from types import MappingProxyType
from typing import Any

import numpy as np

from nnsim.core.arrays import Array, BoolArray, read_only
from nnsim.core.registry import OptionValue
from nnsim.io.errors import ProjectFileError
from nnsim.io.packed import LongText, Packed, unpack
from nnsim.model.limits import MAX_CELLS

_NAMES = {"NaN": nan, "Infinity": inf, "-Infinity": -inf}
_PLAIN_NAN = np.float64(nan).tobytes()
_MAX_DIMENSIONS = 4


def write_number(value: float) -> float | str:
    """A number as it stands in a file."""
    if isfinite(value):
        return value
    return "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"


def write_array(values: Array, plain: int) -> Any:
    """An array as it stands in a file: as lists if it has at most ``plain`` numbers."""
    if values.size > plain or values.size == 0 or _has_odd_nan(values):
        packed = np.ascontiguousarray(values, dtype="<f8").reshape(-1)
        return {"shape": list(values.shape), "float64": Packed(packed.view(np.uint8).data)}
    return _lists(values.tolist()) if not np.isfinite(values).all() else values.tolist()


def write_mask(values: BoolArray, plain: int) -> Any:
    """A boolean array: ``true`` if all of it is, lists, or base64 of its bits."""
    if values.all():
        return True
    if values.size > plain:
        return {"shape": list(values.shape), "bool": Packed(np.packbits(values, axis=None).data)}
    return values.tolist()


def read_number(value: Any, where: str) -> float:
    """The number at ``where``. Raises :class:`ProjectFileError`."""
    if isinstance(value, str) and value in _NAMES:
        return _NAMES[value]
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ProjectFileError(f"{where}: {shown(value)} is not a number.")
    try:
        return float(value)
    except OverflowError:
        raise ProjectFileError(f"{where}: {shown(value)} is too large.") from None


def read_options(given: Mapping[str, OptionValue]) -> Mapping[str, OptionValue]:
    """Settings by name; "NaN" and its like become the numbers they stand for."""
    return MappingProxyType(
        {key: _NAMES.get(value, value) if isinstance(value, str) else value for key, value in given.items()}
    )


def write_options(given: Mapping[str, OptionValue]) -> dict[str, OptionValue]:
    """Settings in the order of their names."""
    found: dict[str, OptionValue] = {}
    for key in sorted(given):
        value = given[key]
        value = value.item() if isinstance(value, np.generic) else value
        found[key] = write_number(value) if isinstance(value, float) else value
    return found


def read_array(value: Any, where: str) -> Array:
    """The array at ``where``, read-only. Raises :class:`ProjectFileError` with the place."""
    if isinstance(value, dict):
        packed: Array = _unpacked(value, where, "float64")
        return packed
    flat, shape = _flattened(value, where)
    if not set(map(type, flat)) <= {float}:
        flat = [read_number(item, _place(where, i, shape)) for i, item in enumerate(flat)]
    array: Array = read_only(np.array(flat, dtype=np.float64).reshape(shape))
    return array


def read_mask(value: Any, shape: tuple[int, ...], where: str) -> BoolArray:
    """The boolean array of ``shape`` at ``where``. Raises :class:`ProjectFileError`."""
    if isinstance(value, bool):
        return read_only(np.full(shape, value), np.bool_)
    if isinstance(value, dict):
        packed: BoolArray = _unpacked(value, where, "bool")
        return packed
    flat, found = _flattened(value, where)
    for i, item in enumerate(flat):
        if not isinstance(item, bool) and item not in (0, 1):
            raise ProjectFileError(f"{_place(where, i, found)}: {shown(item)} is neither true nor false.")
    return read_only(np.array(flat, dtype=np.bool_).reshape(found), np.bool_)


def shown(value: Any) -> str:
    """A value from a file in a message: short, and telling a text from a number."""
    if isinstance(value, str):
        return f"“{value if len(value) <= 40 else value[:37] + '…'}”"
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    if isinstance(value, (dict, list)):
        return "an object" if isinstance(value, dict) else "a list"
    if isinstance(value, int) and abs(value) >= 10**40:
        return "a number of more than 40 digits"
    return repr(value)


def shape_text(shape: tuple[int, ...]) -> str:
    """``4×2``; ``3`` for a list."""
    return "×".join(map(str, shape)) if shape else "a single number"


def _has_odd_nan(values: Array) -> bool:
    """Whether there is a NaN other than the one that "NaN" stands for."""
    missing = values[np.isnan(values)]
    return bool(len(missing)) and missing.tobytes() != _PLAIN_NAN * len(missing)


def _lists(values: Any) -> Any:
    if isinstance(values, list):
        return [_lists(value) for value in values]
    return write_number(values)


def _flattened(value: Any, where: str) -> tuple[list[Any], tuple[int, ...]]:
    """Nested lists as one list and a shape: all rows of one length, all at one depth."""
    if not isinstance(value, list):
        raise ProjectFileError(f"{where}: {shown(value)} is not a list of numbers.")
    flat, shape = value, [len(value)]
    while list in set(map(type, flat)):
        if len(shape) == _MAX_DIMENSIONS:
            raise ProjectFileError(f"{where}: lists are nested more than {_MAX_DIMENSIONS} deep.")
        length = len(flat[0]) if isinstance(flat[0], list) else -1
        for i, row in enumerate(flat):
            if not isinstance(row, list):
                place = _place(where, i, shape)
                raise ProjectFileError(f"{place}: {shown(row)} stands where a row of numbers is expected.")
            if len(row) != length:
                raise ProjectFileError(
                    f"{where}: row {i + 1} has the length {len(row)}, but row 1 has {length}."
                )
        flat = list(chain.from_iterable(flat))
        shape.append(length)
    return flat, tuple(shape)


def _place(where: str, index: int, shape: Sequence[int]) -> str:
    """The place of item ``index`` of an array in reading order: ``where[2][0]``."""
    places: list[str] = []
    for side in reversed(shape):
        index, at = divmod(index, side)
        places.append(f"[{at}]")
    return where + "".join(reversed(places))


def _unpacked(value: dict[str, Any], where: str, kind: str) -> Any:
    if set(value) != {"shape", kind}:
        raise ProjectFileError(f'{where}: an array is lists of numbers, or {{"shape": […], "{kind}": "…"}}.')
    shape, text = value["shape"], value[kind]
    if not _is_shape(shape):
        raise ProjectFileError(f"{where}.shape: one to {_MAX_DIMENSIONS} whole numbers are expected.")
    if not isinstance(text, (str, LongText)):
        raise ProjectFileError(f"{where}.{kind}: base64 text is expected.")
    count = prod(shape)
    if max(count, *shape) > MAX_CELLS:
        many = f"{max(count, *shape):,}" if max(count, *shape) < 10**40 else "so many"
        raise ProjectFileError(f"{where}: {many} numbers are more than the limit of {MAX_CELLS:,}.")
    needed = 8 * count if kind == "float64" else (count + 7) // 8
    # The text's length is looked at first, so that a false shape costs nothing.
    if abs(len(text) * 3 - needed * 4) > 12:
        raise _wrong_length(where, kind, shape)
    array = np.empty(shape, "<f8")
    bits = np.empty(needed if kind == "bool" else 0, np.uint8)
    try:
        whole = unpack(text, bits if kind == "bool" else array.reshape(-1).view(np.uint8))
    except (binascii.Error, ValueError):
        raise ProjectFileError(f"{where}.{kind}: this is not base64.") from None
    if not whole:
        raise _wrong_length(where, kind, shape)
    if kind == "bool":
        return read_only(np.unpackbits(bits, count=count).reshape(shape).astype(np.bool_), np.bool_)
    array.setflags(write=False)
    return read_only(array)


def _is_shape(value: Any) -> bool:
    if not isinstance(value, list) or not 1 <= len(value) <= _MAX_DIMENSIONS:
        return False
    return all(type(side) is int and side >= 0 for side in value)


def _wrong_length(where: str, kind: str, shape: list[int]) -> ProjectFileError:
    return ProjectFileError(
        f"{where}.{kind}: the base64 text does not hold {shape_text(tuple(shape))} values."
    )
