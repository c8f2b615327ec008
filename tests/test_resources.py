"""Files that come with the program are found in a checkout and in an installed package; fonts suffice."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from nnsim.resources import resource_path, resources_folder

ROOT = Path(__file__).resolve().parent.parent
NEEDED = (
    "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩαβγδεζηθικλμνξοπρςστυφχψω∂∇Σ√½⅓·−×÷±←→↑↓⟲⟳↺↻"
    "₀₁₂₃₄₅₆₇₈₉₊₋ᵢⱼₖₗₘₙₜ⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁱⁿˡᴸᵀᵗ′ŷẑ̂∞≤≥≈≠∈⌊⌋‖⊙▸▾▶⏵⏸⏹✓✕⚠…—“”"
)
# Spellings of minus and division that are understood when typed or pasted, and never shown.
ONLY_READ = set("∕﹣－")


def test_in_a_checkout_the_resources_are_those_at_its_top() -> None:
    assert resources_folder() == ROOT / "resources"
    assert resource_path("fonts", "Inter-Regular.otf").is_file()


def test_an_installed_package_uses_the_copy_inside_it(tmp_path: Path) -> None:
    package = tmp_path / "site-packages" / "nnsim"
    (package / "_resources").mkdir(parents=True)
    (tmp_path / "site-packages" / "resources").mkdir()  # somebody else's
    assert resources_folder(package) == package / "_resources"


def test_missing_resources_are_explained(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="Installing the program again"):
        resources_folder(tmp_path / "nnsim")


def test_every_font_has_its_licence_beside_it() -> None:
    folder = resource_path("fonts")
    families = {path.name.split("-")[0] for path in folder.glob("*.[ot]tf")}
    assert families == {"Inter", "JetBrainsMono", "nnsimSymbols"}
    for family in families:
        licence = (folder / f"{family}-LICENSE.txt").read_text(encoding="utf-8")
        assert "SIL OPEN FONT LICENSE Version 1.1" in licence


@pytest.mark.parametrize("text_font", ["Inter-Regular.otf", "JetBrainsMono-Regular.ttf"])
def test_the_fonts_have_every_letter_that_the_program_shows(qapp: object, text_font: str) -> None:
    from PySide6.QtGui import QRawFont

    fonts = [QRawFont(str(resource_path("fonts", name)), 16.0)
             for name in (text_font, "nnsimSymbols-Regular.ttf")]  # fmt: skip
    assert all(font.isValid() for font in fonts)
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "nnsim").rglob("*.py"))
    letters = {c for c in NEEDED + sources if ord(c) > 126} - ONLY_READ
    missing = {c for c in letters if not any(font.supportsCharacter(ord(c)) for font in fonts)}
    assert {f"{c} {unicodedata.name(c, '?')}" for c in missing} == set()


def test_letters_that_a_text_font_lacks_come_from_our_symbols(qapp: object) -> None:
    from PySide6.QtGui import QFont, QTextLayout

    for family in ("Inter", "JetBrains Mono"):
        layout = QTextLayout("w∇⟲ᵀ", QFont(family))
        layout.beginLayout()
        layout.createLine()
        layout.endLayout()
        used = {run.rawFont().familyName() for run in layout.glyphRuns()}
        assert used == {family, "nnsim Symbols"}
