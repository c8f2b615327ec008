"""A decoded JSON object as a :class:`~nnsim.io.schema.ProjectFile`, every complaint with its place."""

from __future__ import annotations

import difflib
import re
from typing import Any

import msgspec

from nnsim.io import schema
from nnsim.io.errors import ProjectFileError

_PLACE = re.compile(r" - at `\$\.?(.*)`$", re.DOTALL)
_UNKNOWN = re.compile(r"^Object contains unknown field `(.*)`$", re.DOTALL)
_MISSING = re.compile(r"^Object missing required field `(.*)`$", re.DOTALL)
_EXPECTED = re.compile(r"^Expected `(.*)`, got `(.*)`$", re.DOTALL)
_TOO_MANY = re.compile(r"^Expected `array` of length <= (\d+)$")
_WORDS = {
    "int": "a whole number",
    "float": "a number",
    "str": "text",
    "bool": "true or false",
    "object": "an object",
    "array": "a list",
    "null": "null",
}


def to_file(document: dict[str, Any]) -> schema.ProjectFile:
    """Check the fields of a decoded file. Raises :class:`ProjectFileError`."""
    try:
        return msgspec.convert(document, schema.ProjectFile, strict=True)
    except msgspec.ValidationError as error:
        raise ProjectFileError(_sentence(str(error))) from None
    except RecursionError:
        raise ProjectFileError("Lists and objects are nested too deep.") from None


def _sentence(message: str) -> str:
    found = _PLACE.search(message)
    place = found.group(1).replace("[...]", "[…]") if found else ""
    reason = _PLACE.sub("", message)
    if unknown := _UNKNOWN.match(reason):
        name = unknown.group(1)
        there = f"{place}: there" if place else "There"
        return f"{there} is no field “{_short(name)}” here.{_suggestion(name)}"
    if missing := _MISSING.match(reason):
        return f"{place + ': the' if place else 'The'} field “{missing.group(1)}” is missing."
    if limit := _TOO_MANY.match(reason):
        return f"{place}: there are more entries than the limit of {int(limit.group(1)):,}."
    if expected := _EXPECTED.match(reason):
        wanted = " or ".join(_words(part) for part in expected.group(1).split(" | ") if part != "null")
        got = "a number with a fraction" if expected.group(2) == "float" else _words(expected.group(2))
        return f"{place or 'The file'}: {wanted} is expected, not {got}."
    return f"{place}: {reason}." if place else f"{reason}."


def _words(name: str) -> str:
    return _WORDS.get(name, name)


def _suggestion(name: str) -> str:
    known = sorted({field for struct in _structs() for field in struct.__struct_fields__})
    near = difflib.get_close_matches(name[:60], known, n=1)
    return f" Is “{near[0]}” meant?" if near else ""


def _structs() -> list[type[schema.FileStruct]]:
    return schema.FileStruct.__subclasses__()


def _short(name: str) -> str:
    return name if len(name) <= 60 else f"{name[:57]}…"
