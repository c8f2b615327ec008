"""All benchmarks, or the parts that are named: ``python tests/benchmarks/all.py [-o PAGE] [PART …]``.

Prints tables and, with -o, writes them as one HTML page; page.py says what a part has to offer. What needs
another program (PyTorch, scikit-learn, Node) is left out where that is not installed, and the page says so.
"""

from __future__ import annotations

import argparse
import datetime
import importlib
import os
import platform
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent)]

from nnsim.environment import use_one_blas_thread  # noqa: E402

use_one_blas_thread()
# Every library takes the kernels it takes by itself, whatever this machine has been told.
for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
    os.environ.pop(name, None)

import numpy as np  # noqa: E402
from measure import noise  # noqa: E402
from page import Part, as_html, as_text  # noqa: E402
from scripts import SCRIPTS  # noqa: E402
from scripts import run as run_script  # noqa: E402

PARTS = ("engine", "sweeps", "startup", "memory", "canvas", *SCRIPTS)


def machine() -> str:
    processor = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        lines = info.read_text(encoding="utf-8").splitlines()
        processor = next(
            (li.partition(":")[2].strip() for li in lines if li.startswith("model name")), processor
        )
    return (
        f"{datetime.date.today().isoformat()} · {processor} · {platform.system()} · "
        f"Python {platform.python_version()} · NumPy {np.__version__}"
    )


def run(name: str) -> Part:
    if name in SCRIPTS:
        print(f"  … {name}", file=sys.stderr, flush=True)
        return run_script(name)
    module = importlib.import_module(name)
    found = module.rows(lambda text: print(f"  … {text}", file=sys.stderr, flush=True))
    picture = module.picture(found) if hasattr(module, "picture") else ""
    return Part(module.TITLE, module.ABOUT, found, noise(), picture)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all if none is named"
    )
    parser.add_argument("-o", dest="page", type=Path, help="the HTML file to write")
    chosen = parser.parse_args()
    unknown = set(chosen.parts) - set(PARTS)
    if unknown:
        parser.error(f"no part is called {', '.join(sorted(unknown))}")
    print(machine())
    parts: list[Part] = []
    for name in chosen.parts or PARTS:
        parts.append(run(name))
        print(as_text(parts[-1]), flush=True)
    if chosen.page is not None:
        chosen.page.write_text(as_html(parts, machine()), encoding="utf-8")


if __name__ == "__main__":
    main()
