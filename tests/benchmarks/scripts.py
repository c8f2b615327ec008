"""Benchmarks that are programs of their own: run one after the other, their words put on the page."""

from __future__ import annotations

import subprocess
import sys
from html import escape
from pathlib import Path

from measure import noise
from page import Part

FOLDER = Path(__file__).resolve().parent
# Name → title, what it is about. The name is the script's.
SCRIPTS = {
    "window": ("Window", "The whole window off screen while the start-up network trains flat out."),
    "operations": ("Operations", "From the key to the screen, one operation at a time."),
    "time_travel": ("History", "What keeping the past of a run costs, and going back to it."),
}
_LIMIT = 600.0  # seconds


def run(name: str) -> Part:
    """The script's output as a part; what went wrong, where it could not run."""
    title, about = SCRIPTS[name]
    try:
        done = subprocess.run(
            [sys.executable, str(FOLDER / f"{name}.py")], capture_output=True, text=True, timeout=_LIMIT
        )
        said = (
            done.stdout if done.returncode == 0 else f"could not run: {done.stderr.strip().splitlines()[-1]}"
        )
    except subprocess.TimeoutExpired:
        said = f"took longer than {_LIMIT:g} s"
    return Part(title, about, [], noise(), f"<pre>{escape(said.rstrip())}</pre>", said.rstrip())
