"""A worksheet as a LaTeX document; needs amsmath and what every distribution has."""

from __future__ import annotations

from nnsim.core.explain.latex import to_latex, words_latex
from nnsim.io.worksheet.content import Item, Worksheet

_HEAD = r"""\documentclass[11pt,a4paper]{article}
\usepackage[utf8]{inputenc}
\usepackage[T1]{fontenc}
\usepackage[margin=22mm]{geometry}
\usepackage{amsmath}
\setlength{\parindent}{0pt}
\setlength{\parskip}{4pt}
\allowdisplaybreaks
"""
_SPACE = "\\hspace*{1.5em}\\rule{0.7\\linewidth}{0.3pt}\\\\[10pt]\n"


def to_latex_document(sheet: Worksheet) -> str:
    """The whole document."""
    out = [_HEAD, "\\begin{document}\n", f"\\section*{{{words_latex(sheet.title)}}}\n"]
    if sheet.source:
        out.append(f"\\emph{{{words_latex(sheet.source)}}}\n\n")
    if sheet.blank:
        out.append("Name: \\rule{6cm}{0.3pt}\n\n")
    out.append("\\begin{tabular}{@{}lp{0.72\\linewidth}@{}}\n")
    out.extend(f"{words_latex(what)} & {words_latex(text)} \\\\\n" for what, text in sheet.facts)
    out.append("\\end{tabular}\n\n")
    for what, lines in sheet.given:
        numbers = " \\quad\n".join(f"$\\mathstrut {to_latex(line, sheet.digits)}$" for line in lines)
        out.append(f"\\paragraph{{{words_latex(what)}}} {numbers}\n\n")
    if sheet.blank:
        out.append(
            "Work out every line below. The rule is given; put the numbers in and write down the result.\n\n"
        )
    for section in sheet.sections:
        out.append(f"\\subsection*{{{words_latex(section.title)}}}\n")
        out.extend(_item(item, sheet.digits) for item in section.items)
    out.append("\\end{document}\n")
    return "".join(out)


def _item(item: Item, digits: int) -> str:
    out = f"\\textbf{{{item.number}\\quad {words_latex(item.title)}}}\n"
    if item.words:
        out += f"\n{{\\small {words_latex(item.words)}\\par}}\\nopagebreak\n"
    out += f"{to_latex(item.lines, digits)}\n"
    if item.room:
        out += "\\nopagebreak\n\n" + _SPACE * item.room
    if item.parts:
        out += to_latex(item.parts, digits) + "\n"
    return out + "\\medskip\n"
