"""A worksheet as one HTML file: no script, nothing loaded from elsewhere, made to be printed.

Formulas are MathML, which browsers set by themselves.
"""

from __future__ import annotations

from html import escape

from nnsim.core.explain.mathml import to_mathml
from nnsim.io.worksheet.content import Item, Section, Worksheet

_STYLE = """
:root { color-scheme: light; }
body { max-width: 46rem; margin: 2rem auto; padding: 0 1.25rem; color: #1d2433; background: #fff;
  font: 15px/1.5 Inter, "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; padding-top: .75rem; border-top: 1px solid #dfe3ea; }
h3 { font-size: 1rem; margin: 0 0 .25rem; font-weight: 600; }
.source, .words { color: #667085; margin: .25rem 0; }
.words { font-size: .92rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: 1rem 0; }
dt { color: #667085; } dd { margin: 0; }
.given { display: flex; flex-wrap: wrap; gap: .15rem 1.5rem; margin: .25rem 0 1rem; }
.operation { margin: 1.1rem 0; break-inside: avoid; }
.number { color: #667085; font-weight: 400; margin-right: .5rem; }
math { font-size: 1.06rem; }
math[display="block"] { width: fit-content; max-width: 100%; margin: .35rem 0;
  overflow-x: auto; overflow-y: hidden; }
mtd { padding: .35em .25em; }
.positive { color: #1a5fcf; } .negative { color: #a94f00; } .focus { color: #6a30e0; font-weight: 600; }
.ok { color: #0d6b53; font-weight: 600; }
.space { border-bottom: 1px solid #98a2b3; height: 2.2rem; margin: 0 0 .35rem 2rem; max-width: 30rem; }
.name { margin: 1rem 0; color: #667085; }
.name span { display: inline-block; width: 16rem; border-bottom: 1px solid #98a2b3; }
@page { margin: 18mm 16mm; }
@media print { body { margin: 0; max-width: none; padding: 0; font-size: 11pt; }
  h2 { break-after: avoid; } h3 { break-after: avoid; } }
""".strip()


def to_html(sheet: Worksheet) -> str:
    """The whole document."""
    facts = "".join(f"<dt>{escape(what)}</dt><dd>{escape(text)}</dd>" for what, text in sheet.facts)
    given = "".join(
        f"<h3>{escape(what)}</h3><div class='given'>"
        + "".join(f"<div>{_inline(to_mathml(line, sheet.digits))}</div>" for line in lines)
        + "</div>"
        for what, lines in sheet.given
    )
    source = f"<p class='source'>{escape(sheet.source)}</p>" if sheet.source else ""
    name = "<p class='name'>Name <span></span></p>" if sheet.blank else ""
    task = (
        "<p>Work out every line below. The rule is given; put the numbers in and write down the result.</p>"
        if sheet.blank
        else ""
    )
    sections = "\n".join(_section(section, sheet.digits) for section in sheet.sections)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(sheet.title)}</title>\n<style>\n{_STYLE}\n</style>\n</head>\n<body>\n"
        f"<h1>{escape(sheet.title)}</h1>\n{source}{name}\n<dl>{facts}</dl>\n{given}\n{task}\n"
        f"{sections}\n</body>\n</html>\n"
    )


def _inline(math: str) -> str:
    return math.replace(' display="block"', "", 1)


def _section(section: Section, digits: int) -> str:
    items = "\n".join(_item(item, digits) for item in section.items)
    return f"<h2>{escape(section.title)}</h2>\n{items}"


def _item(item: Item, digits: int) -> str:
    space = '<div class="space"></div>' * item.room
    parts = to_mathml(item.parts, digits) if item.parts else ""
    words = f'<p class="words">{escape(item.words)}</p>' if item.words else ""
    return (
        f'<div class="operation"><h3><span class="number">{item.number}</span>{escape(item.title)}</h3>'
        f"{words}{to_mathml(item.lines, digits)}{space}{parts}</div>"
    )
