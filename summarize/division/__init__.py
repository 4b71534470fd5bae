"""How one question is asked in parts, and how the parts' answers become one answer again: pure code.

    question ─ halves ──▶ parts, where the answer was cut off by its length      ╮  asked   ╭─▶ joined ─▶ answer
             ─ windows ─▶ parts, where the article exceeds the model's context   ╯ one by one╯

A part has fewer sections, lines or claims, each with the number it had in the whole, so a citation means
the same in both. The joined answer is valid under the schema of the whole question, and nobody is asked
to join: what two windows say of one thing is settled by the rules in findings.py and union.py.
"""

from summarize.division.parts import halves, windows
from summarize.division.union import joined

__all__ = ["halves", "joined", "windows"]
