"""What the program remembers between starts, as a JSON file of its own.

Nothing here belongs to a document. A file that cannot be read costs no more than what is in it:
every usable field is kept, the rest goes back to its default, and ``notice`` says so.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal

import msgspec

Appearance = Literal["system", "light", "dark"]

MAX_BYTES = 1_000_000
MAX_RECENT = 12
_MAX_TEXT = 200_000


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything remembered. ``layout`` and ``geometry`` are opaque to all but the window (base64).

    ``speed`` is in steps a second, ``None`` meaning flat out. ``step_size`` is a value of
    :class:`nnsim.engine.messages.Granularity`. ``hints_done`` are the keys of hints that the user
    has no more need of. ``notation`` is a key of :data:`nnsim.model.notation.NOTATIONS`.
    """

    appearance: Appearance = "system"
    layout: str = ""
    geometry: str = ""
    recent: tuple[str, ...] = ()
    last_folder: str = ""
    speed: float | None = 20.0
    step_size: str = "epoch"
    hints_done: tuple[str, ...] = ()
    notation: str = "nnsim"


class SettingsStore:
    """The settings in force and their file. Changes are written at once.

    ``path`` ``None`` keeps everything in memory. ``notice`` is a sentence for the user about a
    file that could not be read, ``None`` when all was well. ``on_problem`` is called with a sentence
    when writing begins to fail.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.notice: str | None = None
        self.on_problem: Callable[[str], object] | None = None
        self._failing = False
        self._settings = Settings()
        if path is not None:
            self._settings, self.notice = load(path)

    @property
    def settings(self) -> Settings:
        return self._settings

    @property
    def folder(self) -> Path | None:
        """Where files beside the settings go, such as copies kept after an error."""
        return None if self.path is None else self.path.parent

    def update(self, **changes: Any) -> None:
        """Change fields and write the file; the changes are in force also where it cannot be written.

        Raises ``ValueError`` for a value that has no place
        in a field (a fault of the program, not of the user).
        """
        changed = replace(self._settings, **{k: _checked(k, v) for k, v in changes.items()})
        if changed == self._settings:
            return
        self._settings = changed
        if self.path is None:
            return
        try:
            write(self.path, changed)
        except OSError as error:
            if not self._failing and self.on_problem is not None:
                self.on_problem(f"The settings could not be saved in {self.path}: {error.strerror or error}.")
            self._failing = True
        else:
            self._failing = False

    def add_recent(self, file: Path) -> None:
        """Put ``file`` first among the recent ones. A name that is not text is not remembered."""
        name = str(file)
        if not name.isprintable():
            return
        others = tuple(f for f in self._settings.recent if f != name)
        self.update(recent=(name, *others)[:MAX_RECENT])

    def remove_recent(self, file: Path) -> None:
        """Forget ``file``."""
        self.update(recent=tuple(f for f in self._settings.recent if f != str(file)))


def default_path() -> Path:
    """Where the settings of this user are on this platform."""
    import platformdirs

    return platformdirs.user_config_path("nnsim", appauthor=False) / "settings.json"


def load(path: Path) -> tuple[Settings, str | None]:
    """The settings in ``path`` and, if something in it could not be used, a sentence about it."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return Settings(), None
    except OSError as error:
        return Settings(), f"The settings in {path} could not be read: {error.strerror or error}."
    try:
        if len(data) > MAX_BYTES:
            raise ValueError(f"it is larger than {MAX_BYTES:,} bytes")
        entries = msgspec.json.decode(data, type=dict[str, Any])
    except (ValueError, msgspec.MsgspecError, RecursionError) as error:
        kept = _put_aside(path)
        return Settings(), (
            f"The settings could not be understood ({error}) and are back to their defaults."
            + (f" The old file is kept as {kept.name}." if kept else "")
        )
    good: dict[str, Any] = {}
    bad: list[str] = []
    for field in fields(Settings):
        if field.name in entries:
            try:
                good[field.name] = _checked(field.name, entries[field.name])
            except ValueError:
                bad.append(field.name)
    notice = (
        f"Some settings were not usable and are back to their defaults: {', '.join(bad)}." if bad else None
    )
    return Settings(**good), notice


def write(path: Path, settings: Settings) -> None:
    """Write beside and replace, so that the file is always whole. Raises ``OSError``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(asdict(settings), indent=1, ensure_ascii=False)
    handle, name = tempfile.mkstemp(prefix=path.name, suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text + "\n")
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


_TYPES: dict[str, Any] = {
    "appearance": Appearance,
    "layout": str,
    "geometry": str,
    "recent": tuple[str, ...],
    "last_folder": str,
    "speed": float | None,
    "step_size": str,
    "hints_done": tuple[str, ...],
    "notation": str,
}


def _checked(name: str, value: Any) -> Any:
    """``value`` as the field ``name`` takes it. Raises ``ValueError``."""
    if name not in _TYPES:
        raise ValueError(f"there is no setting {name}")
    value = msgspec.convert(value, _TYPES[name])  # its error is a ValueError
    texts = value if isinstance(value, tuple) else (value,)
    if any(isinstance(t, str) and len(t) > _MAX_TEXT for t in texts):
        raise ValueError(f"{name} is too long")
    if name == "speed" and value is not None and not 0.0 < value < float("inf"):
        raise ValueError("speed must be above zero")
    if name == "recent":
        return value[:MAX_RECENT]
    return value


def _put_aside(path: Path) -> Path | None:
    """Rename a file that cannot be read, so that it is not overwritten; ``None`` if that fails."""
    kept = path.with_suffix(".damaged.json")
    try:
        os.replace(path, kept)
    except OSError:
        return None
    return kept
