"""Negative controls of a model: an article is edited by code, and a comparison must find the edit and nothing else.

    Version ──controls──▶ Control ──tell──▶ Comparison ──judge──▶ Outcome ──rows──▶ a table

Nothing is written by a model or for one article: every control is made from any article by rules and word lists.
"""

from summarize.selftest.controls import controls, made
from summarize.selftest.model import NAMES, Control, Expectation, Skipped
from summarize.selftest.trial import Outcome, judge, rows, story, trial

__all__ = [
    "NAMES",
    "Control",
    "Expectation",
    "Outcome",
    "Skipped",
    "controls",
    "judge",
    "made",
    "rows",
    "story",
    "trial",
]
