"""JSON in and out: strict reading with a place in every complaint, and one way to write a value."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from nnsim.io.errors import ProjectFileError
from nnsim.io.limits import MAX_JSON_DEPTH, MAX_JSON_VALUES
from nnsim.io.long_texts import Shortened, shorten
from nnsim.io.packed import Packed
from nnsim.io.progress import PIECE, Step, no_step, part

_WIDTH = 120
_LONG_LINE = 100_000
_BOM = b"\xef\xbb\xbf"
_BYTE = re.compile(r" \(byte (\d+)\)$")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
# Names given twice are a slip of a hand, and no hand writes more than this.
_MAX_WRITTEN_BY_HAND = 2**20
_BEFORE_A_VALUE = (b",", b"[", b"{")
_LOOKED_THROUGH = 0.3  # of the time that reading a large file takes


def decode(data: bytes | bytearray, step: Step = no_step) -> Any:
    """The value of a UTF-8 JSON text (a byte order mark is allowed).

    A long base64 text in an array comes as :class:`~nnsim.io.packed.LongText`: ``step`` is told how much of
    the file has been looked through, and then how much of it such texts were read from.

    Raises :class:`ProjectFileError` with line and column for anything that is not strict JSON, for a
    name given twice in one object, and beyond the limits on values and depth.
    """
    if data.startswith(_BOM):
        data = data[len(_BOM) :]
    if not data or data.isspace():
        raise ProjectFileError("The file is empty.")
    _check_encoding(data, part(step, 0.0, _LOOKED_THROUGH))
    # Every value but the first of its list or object follows a comma; text with commas counts too,
    # which does not matter: the limit is far above any project.
    pieces = range(0, len(data), PIECE)
    if (
        sum(data.count(sign, at, at + PIECE) for at in pieces for sign in (b",", b"[", b"{"))
        > MAX_JSON_VALUES
    ):
        raise ProjectFileError(
            f"The file holds more than {MAX_JSON_VALUES:,} values written out, which is the limit; "
            "large arrays belong in base64."
        )
    short = shorten(data, part(step, _LOOKED_THROUGH, 1.0))
    try:
        value = msgspec.json.decode(short.data)
    except RecursionError:
        raise _too_deep() from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ProjectFileError(_syntax(data, str(error), short)) from None
    if isinstance(value, (dict, list)):
        _check_depth(value)
    if len(data) <= _MAX_WRITTEN_BY_HAND:
        _check_names(data)
    return short.restore(value) if short.found else value


def _check_encoding(data: bytes | bytearray, step: Step) -> None:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data[:4]:
        raise ProjectFileError("The file is not UTF-8 text; it looks like UTF-16 or a binary file.")
    at = 0
    # In pieces, so that a large file needs no second copy of itself. A piece may end inside a letter.
    while at < len(data):
        piece = data[at : at + PIECE]
        try:
            piece.decode("utf-8")
        except UnicodeDecodeError as error:
            cut_off = error.reason == "unexpected end of data" and at + len(piece) < len(data)
            if not cut_off:
                raise ProjectFileError(f"{_place(data, at + error.start)}: this is not UTF-8 text.") from None
            piece = piece[: error.start]
        at += len(piece)
        step(at / len(data))


def _check_depth(value: Any) -> None:
    level = [value]
    for _ in range(MAX_JSON_DEPTH):
        level = [
            child
            for parent in level
            for child in (parent.values() if type(parent) is dict else parent)
            if type(child) is dict or type(child) is list
        ]
        if not level:
            return
    raise _too_deep()


def _too_deep() -> ProjectFileError:
    return ProjectFileError(
        f"Lists and objects are nested more than {MAX_JSON_DEPTH} deep, which is the limit."
    )


def _check_names(data: bytes | bytearray) -> None:
    def pairs(found: list[tuple[str, Any]]) -> None:
        names = set()
        for name, _ in found:
            if name in names:
                raise ProjectFileError(f"The field “{_short(name)}” is given twice in one object.")
            names.add(name)

    # The numbers have been read already; here their length will do.
    json.loads(data, object_pairs_hook=pairs, parse_float=len, parse_int=len)


def _syntax(data: bytes | bytearray, message: str, short: Shortened) -> str:
    """The decoder's complaint as a sentence with its place."""
    if "truncated" in message:
        return f"{_place(data, len(data))}: the file ends in the middle; something is missing."
    if "out of range" in message:
        at = next((m.start() for m in _NUMBER.finditer(_text(data)) if _overflows(m.group())), None)
        where = "" if at is None else f"{_place_in_text(_text(data), at)}: "
        return _sentence(f"{where}a number is too large (beyond 1.8e308).")
    found = _BYTE.search(message)
    reason = _BYTE.sub("", message).removeprefix("JSON is malformed: ")
    where = f"{_place(data, short.original(int(found.group(1))))}: " if found else ""
    return _sentence(f"{where}this is not JSON: {reason}.")


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]


def _text(data: bytes | bytearray) -> str:
    return data[:_MAX_WRITTEN_BY_HAND].decode("utf-8", "ignore")


def _overflows(number: str) -> bool:
    return float(number) in (float("inf"), float("-inf")) or len(number) > 4000


def _place(data: bytes | bytearray, byte: int) -> str:
    line = data.count(b"\n", 0, byte) + 1
    start = data.rfind(b"\n", 0, byte) + 1
    if byte - start > _LONG_LINE:
        return f"Line {line}, byte {byte - start + 1:,}"
    return f"Line {line}, column {len(data[start:byte].decode('utf-8', 'replace')) + 1}"


def _place_in_text(text: str, at: int) -> str:
    return f"Line {text.count(chr(10), 0, at) + 1}, column {at - text.rfind(chr(10), 0, at)}"


def _short(name: str) -> str:
    return name if len(name) <= 60 else f"{name[:57]}…"


def encode(value: Any) -> bytes:
    """A value of dicts, lists, texts, finite numbers, booleans and ``None`` as JSON for people.

    Objects take a line for each field, unless they fit on one; a list of numbers fills lines. The
    same value always gives the same bytes. :class:`~nnsim.io.packed.Packed` becomes its text.
    """
    return b"".join(pieces(value))


def pieces(value: Any) -> Iterator[bytes]:
    """As :func:`encode`, in pieces of about a megabyte at most."""
    parts: list[str] = []
    for found in _write(value, 0):
        if isinstance(found, str):
            parts.append(found)
            continue
        yield _utf8(parts)
        parts.clear()
        yield from found.pieces()
    parts.append("\n")
    yield _utf8(parts)


def _utf8(parts: list[str]) -> bytes:
    # A lone surrogate, which some text fields let through, has no form in UTF-8.
    return "".join(parts).encode("utf-8", "replace")


def _write(value: Any, depth: int) -> Iterator[str | Packed]:
    if isinstance(value, Packed):
        yield from ('"', value, '"')
        return
    if not isinstance(value, (dict, list)) or not value:
        yield _plain(value)
        return
    line = _one_line(value, _WIDTH - 2 * depth) if depth else None
    if line is not None:
        yield line
        return
    indent = "\n" + "  " * (depth + 1)
    if isinstance(value, dict):
        yield "{"
        for i, (name, child) in enumerate(value.items()):
            yield f"{',' if i else ''}{indent}{_plain(name)}: "
            yield from _write(child, depth + 1)
    elif any(isinstance(child, (dict, list)) for child in value):
        yield "["
        for i, child in enumerate(value):
            yield f"{',' if i else ''}{indent}"
            yield from _write(child, depth + 1)
    else:
        yield "["
        yield from _fill(value, indent)
    yield "\n" + "  " * depth + ("}" if isinstance(value, dict) else "]")


def _fill(values: list[Any], indent: str) -> Iterator[str]:
    """Plain values, as many to a line as fit."""
    used = _WIDTH
    for i, value in enumerate(values):
        text = _plain(value) + ("," if i < len(values) - 1 else "")
        if used + len(text) + 1 > _WIDTH:
            yield indent
            used = len(indent)
        else:
            yield " "
            used += 1
        yield text
        used += len(text)


def _one_line(value: Any, room: int) -> str | None:
    """``value`` on one line of at most ``room`` characters; ``None`` if it does not fit."""
    # Most of what is too long is seen at a glance, without writing it out.
    if isinstance(value, (dict, list, str, Packed)) and len(value) > room:
        return None
    if isinstance(value, Packed):
        value = b"".join(value.pieces()).decode("ascii")
    if isinstance(value, dict):
        if any(isinstance(child, dict) for child in value.values()):
            return None
        texts = [_one_line(child, room) for child in value.values()]
        if any(text is None for text in texts):
            return None
        fields = zip(value, texts, strict=True)
        line = "{" + ", ".join(f"{_plain(name)}: {text}" for name, text in fields) + "}"
    elif isinstance(value, list):
        if len(value) > 1 and any(isinstance(child, (dict, list)) for child in value):
            return None  # the rows of a table stand below each other
        items = [_one_line(child, room) for child in value]
        if any(item is None for item in items):
            return None
        line = f"[{', '.join(map(str, items))}]"
    else:
        line = _plain(value)
    return line if len(line) <= room else None


def _plain(value: Any) -> str:
    if isinstance(value, float):
        return float.__repr__(value)
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
