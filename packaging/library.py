"""Makes the shipped library: ``python packaging/library.py`` writes ``resources/cases``.

From the published cases in ``tests/oracles`` it takes what was printed, with how many decimals, and the
verdict; what a number means, the texts and the titles are ours. True values are not written: the
program computes them.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "packaging")]

from library_paths import CALCULATIONS, RUNS, inputs_of, lines_of, row_of  # noqa: E402
from library_texts import TEXTS, Text  # noqa: E402

from nnsim.io.cases import Case, CaseRow  # noqa: E402
from nnsim.io.examples import examples, load_example  # noqa: E402

CASES = ROOT / "tests" / "oracles" / "published_cases.json"
TARGET = ROOT / "resources" / "cases"


def good_cases() -> list[dict[str, Any]]:
    """The records whose printed numbers are confirmed in their source."""
    records: list[dict[str, Any]] = json.loads(CASES.read_text(encoding="utf-8"))["cases"]
    return [record for record in records if record["confidence"] == "good"]


def case_of(record: dict[str, Any]) -> Case:
    """A record as the program shows it."""
    text, source = TEXTS[record["id"]], record["source"]
    example = {e.case: e for e in examples() if e.case}.get(record["id"])
    shape = ""
    if example is not None:
        shape = "-".join(str(layer.size) for layer in load_example(example.key).layers)
    calculation = record["id"] in CALCULATIONS
    return Case(
        text.key, record["id"], text.title or (example.title if example is not None else ""), text.source,
        text.place or source["url"], text.about, text.tags, source.get("code", ""),
        example.key if example is not None else "", shape,
        inputs_of(record) if calculation else {}, lines_of(record["id"]) if calculation else (),
        CALCULATIONS[record["id"]][2] if calculation else "", RUNS.get(record["id"], ()),
        (*(printed_row(record, text, i) for i in range(len(record["published"]))), *own_rows(record)),
    )  # fmt: skip


def printed_row(record: dict[str, Any], text: Text, index: int) -> CaseRow:
    """A printed number."""
    entry = record["published"][index]
    before = sum(other["path"] == entry["path"] for other in record["published"][:index])
    path = f"{entry['path']}#{before + 1}" if before else entry["path"]
    printed = f"{entry['value']:.{entry['decimals']}f}"
    if float(printed) != entry["value"]:  # printed to more digits than are compared
        printed = repr(entry["value"])
    fields = row_of(record, entry["path"])
    return CaseRow(
        printed=printed, decimals=entry["decimals"], verdict=entry["verdict"],
        words=words_of(text, path, alike=entry["verdict"] != "ok" or "again" in fields), **fields,
    )  # fmt: skip


def words_of(text: Text, path: str, alike: bool) -> str:
    """The explanation for a path: its own, or (if ``alike``) that of the longest beginning it shares."""
    if path in text.words:
        return text.words[path]
    found = [key for key in text.words if key.endswith("*") and path.startswith(key[:-1])] if alike else []
    return text.words[max(found, key=len)] if found else ""


def own_rows(record: dict[str, Any]) -> Iterator[CaseRow]:
    """Numbers of cases whose source prints none."""
    if record["published"]:
        return
    for path in unprinted_paths(record):
        yield CaseRow(**row_of(record, path))


def unprinted_paths(record: dict[str, Any]) -> list[str]:
    """What is worth showing of a case without printed numbers."""
    found = record["recomputed"]
    if record["kind"] == "graph":
        names = [name for name in found["value"] if name not in record["data"]]
        return [f"value.{name}" for name in names] + [f"grad.{name}" for name in found["grad"]]
    if record["kind"] == "momentum":
        numbers = ("a_c", "o_d", "w_ca", "w_cb", "w_c0", "w_dc", "w_d0")
        return [f"updates.{i}.{name}" for i in range(len(found["updates"])) for name in numbers]
    if record["kind"] == "softmax_vector":
        return [f"{part}.{j}" for part in ("exp", "softmax") for j in range(len(found["softmax"]))]
    return list(found)


def files() -> dict[str, bytes]:
    """File name → content."""
    cases = [case_of(record) for record in good_cases()]
    text = msgspec.json.format(msgspec.json.encode(cases), indent=1)
    return {"cases.json": text + b"\n"}


def main() -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    for name, content in files().items():
        (TARGET / name).write_bytes(content)
    print(f"{len(good_cases())} cases written to {TARGET.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
