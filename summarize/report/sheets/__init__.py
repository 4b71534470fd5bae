"""Findings as tables, before anybody draws them."""

from summarize.report.sheets.findings import of_comparison, of_reading
from summarize.report.sheets.sheet import PROOF, Cell, Line, Sheet

__all__ = ["PROOF", "Cell", "Line", "Sheet", "of_comparison", "of_reading"]
