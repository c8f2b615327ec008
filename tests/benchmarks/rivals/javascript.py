"""Published JavaScript engines, run by Node.

They are looked for in ``build/benchmarks/node_modules``; ``FETCH`` is the command that puts them there.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from works import RATE, Work

FOLDER = Path(__file__).resolve().parents[3] / "build" / "benchmarks"
FETCH = "npm install --prefix build/benchmarks convnetjs@0.3.0 synaptic@1.1.4"
# Package → whether it works as the playgrounds do (loops over samples, one update for a batch), what differs.
ENGINES = {
    "convnetjs": (True, "its output layer is linear"),
    "synaptic": (False, "writes code for the network at hand; updates after every sample"),
}


def version(engine: str) -> str | None:
    """The version found, or ``None`` where Node or the package is missing."""
    found = FOLDER / "node_modules" / engine / "package.json"
    if shutil.which("node") is None or not found.exists():
        return None
    return str(json.loads(found.read_text(encoding="utf-8"))["version"])


@dataclass(slots=True)
class Node:
    """A contestant in a process of its own, which idles while it is not its turn."""

    name: str
    process: subprocess.Popen[str]
    _file: Path = field(repr=False)

    @staticmethod
    def start(engine: str, work: Work) -> Node:
        x, y = work.data()
        told = {
            "sizes": work.sizes, "batch": work.batch, "rate": RATE, "hidden": work.hidden,
            "x": x.tolist(), "y": y.tolist(),
        }  # fmt: skip
        with tempfile.NamedTemporaryFile("w", suffix=".json", delete=False, encoding="utf-8") as file:
            json.dump(told, file)
        script = Path(__file__).with_suffix(".mjs")
        process = subprocess.Popen(
            ["node", str(script), str(FOLDER), engine, file.name],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
        )  # fmt: skip
        return Node(f"{engine} {version(engine)}", process, Path(file.name))

    def seconds(self, updates: int) -> float:
        assert self.process.stdin is not None and self.process.stdout is not None
        print(updates, file=self.process.stdin, flush=True)
        return float(self.process.stdout.readline())

    def stop(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(timeout=10)
        self._file.unlink()
