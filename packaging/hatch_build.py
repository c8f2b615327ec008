"""Puts ``resources/`` into the wheel, as ``nnsim/_resources``; but not the pictures of the README.

A setting cannot say it: an editable installation, which reads the folder where it is, would get a
copy too.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ResourcesHook(BuildHookInterface[BuilderConfig]):
    """Called by hatchling for every wheel; ``version`` is "standard" or "editable"."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "standard":
            for path in sorted(Path(self.root, "resources").iterdir()):
                if path.name != "screenshots":
                    build_data["force_include"][str(path)] = f"nnsim/_resources/{path.name}"
