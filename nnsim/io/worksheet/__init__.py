"""Worksheets: the steps of one pass as a document to print, as HTML or LaTeX, with or without results."""

from nnsim.io.worksheet.content import Worksheet, worksheet_of
from nnsim.io.worksheet.html import to_html
from nnsim.io.worksheet.latex import to_latex_document

__all__ = ["Worksheet", "to_html", "to_latex_document", "worksheet_of"]
