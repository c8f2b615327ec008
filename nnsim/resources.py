"""Where the files that come with the program are: fonts, icons, examples, tables, lessons.

They lie in ``resources/`` at the top of the repository. A wheel and a frozen bundle carry them as
``_resources`` inside the package, so looking in two places is enough for all three situations.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def resources_folder(package: Path = _PACKAGE) -> Path:
    """The folder of all resources of the package installed in ``package``.

    Raises ``FileNotFoundError`` when neither place exists: the installation is damaged.
    """
    packed, checkout = package / "_resources", package.parent / "resources"
    for folder in (packed, checkout):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(
        f"The files that come with nnsim are missing: neither {packed} nor {checkout} exists. "
        "Installing the program again puts them back."
    )


def resource_path(*parts: str) -> Path:
    """The path of one resource, e.g. ``resource_path("fonts", "Inter-Regular.otf")``.

    The path is not checked: opening what does not exist fails with the path in its message.
    """
    return resources_folder().joinpath(*parts)
