"""What the program remembers: its file, what cannot be read, what cannot be written."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim.session.settings import MAX_BYTES, MAX_RECENT, Settings, SettingsStore, default_path, load


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "settings.json"


def test_what_is_set_is_there_at_the_next_start(file: Path) -> None:
    store = SettingsStore(file)
    assert store.notice is None
    changes: dict[str, Any] = {
        "appearance": "dark", "layout": "AAEC", "speed": None, "step_size": "layer", "hints_done": ("run",),
    }  # fmt: skip
    store.update(**changes)
    assert SettingsStore(file).settings == Settings(**changes)


def test_nothing_is_written_before_something_is_set(file: Path) -> None:
    SettingsStore(file).update(appearance="system")
    assert not file.exists()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[1, 2]",
        b'"text"',
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b"{}" + b" " * MAX_BYTES,
        b'{"speed": Infinity}',
    ],
)
def test_a_file_that_cannot_be_understood_is_put_aside_and_said(file: Path, content: bytes) -> None:
    file.parent.mkdir()
    file.write_bytes(content)
    store = SettingsStore(file)
    assert store.settings == Settings()
    assert store.notice is not None and "defaults" in store.notice and "settings.damaged.json" in store.notice
    assert file.with_name("settings.damaged.json").read_bytes() == content
    store.update(appearance="dark")
    assert SettingsStore(file).settings.appearance == "dark"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("appearance", "pink"), ("appearance", 1), ("layout", ["x"]), ("recent", "one"), ("recent", [1]),
        ("speed", "fast"), ("speed", -1), ("speed", 0), ("step_size", None),
        ("hints_done", {"run": True}), ("layout", "x" * 300_000),
    ],
)  # fmt: skip
def test_one_bad_entry_costs_only_itself(file: Path, field: str, value: Any) -> None:
    file.parent.mkdir()
    good = "step_size" if field != "step_size" else "last_folder"
    file.write_text(json.dumps({field: value, good: "kept", "from a newer version": 1}))
    settings, notice = load(file)
    assert getattr(settings, field) == getattr(Settings(), field)
    assert getattr(settings, good) == "kept"
    assert notice is not None and field in notice


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(), st.lists, max_leaves=5
)


@given(st.dictionaries(st.sampled_from(list(Settings.__slots__)), ANYTHING))
def test_no_content_keeps_the_program_from_starting(tmp_path_factory: Any, content: dict[str, Any]) -> None:
    file = tmp_path_factory.mktemp("s") / "settings.json"
    file.write_text(json.dumps(content))
    settings, _ = load(file)
    assert isinstance(settings, Settings)
    assert settings.appearance in ("system", "light", "dark")
    assert isinstance(settings.layout, str)


def test_recent_files_are_newest_first_without_repeats_and_limited(file: Path) -> None:
    store = SettingsStore(file)
    for number in range(MAX_RECENT + 5):
        store.add_recent(Path(f"/a/{number}.nnsim"))
    store.add_recent(Path("/a/7.nnsim"))
    recent = SettingsStore(file).settings.recent
    assert len(recent) == MAX_RECENT
    assert recent[0] == str(Path("/a/7.nnsim"))
    assert len(set(recent)) == len(recent)
    store.remove_recent(Path("/a/7.nnsim"))
    assert str(Path("/a/7.nnsim")) not in store.settings.recent


def test_a_file_name_that_is_not_text_is_not_remembered(file: Path) -> None:
    store = SettingsStore(file)
    store.add_recent(Path("/a/caf\udce9.nnsim"))
    assert store.settings.recent == ()


def test_a_place_that_cannot_be_written_is_said_and_the_change_holds(file: Path) -> None:
    file.parent.parent.joinpath("deep").write_text("a file where the folder should be")
    store = SettingsStore(file)
    told: list[str] = []
    store.on_problem = told.append
    store.update(appearance="dark")
    assert len(told) == 1 and "could not be saved" in told[0]
    assert store.settings.appearance == "dark"


def test_a_failed_write_leaves_the_old_file_and_nothing_else(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = SettingsStore(file)
    store.update(appearance="dark")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    told: list[str] = []
    store.on_problem = told.append
    store.update(appearance="light")
    assert "No space left" in told[0]
    assert load(file)[0].appearance == "dark"
    assert [p.name for p in file.parent.iterdir()] == ["settings.json"]


def test_a_value_that_has_no_place_is_a_mistake_of_the_program(file: Path) -> None:
    store = SettingsStore(file)
    with pytest.raises(ValueError):
        store.update(appearance="pink")
    with pytest.raises(ValueError):
        store.update(unheard_of=1)
    assert store.settings == Settings()


def test_the_file_is_in_the_users_own_folder(own_home: Path) -> None:
    assert own_home in default_path().parents
    assert default_path().name == "settings.json"


def test_a_damaged_file_is_said_in_the_window(open_page: Callable[..., Any], settings_file: Path) -> None:
    settings_file.parent.mkdir(parents=True)
    settings_file.write_text("{ damaged")
    page = open_page()
    assert "back to their defaults" in page.banner()
    page.click("banner_dismiss")
    assert page.banner() == ""


def test_settings_that_cannot_be_saved_are_said_once(page: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(os, "replace", fail)
    page.click("step_size_layer")
    page.click("step_size_batch")
    assert "Read-only file system" in page.banner()
    page.click("banner_dismiss")
    assert page.banner() == ""
    page.click("step_size_layer")
    assert page.banner() == ""
