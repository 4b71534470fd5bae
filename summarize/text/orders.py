"""Does a text address the machine that reads it? Articles are data; whoever reads the result should know.

What is found is a hint and no verdict: an article about such attacks quotes them. It changes nothing in how
the text is read, but for the control tokens of chat formats, which some servers would take as such: they
are masked (CONTROL).
"""

from __future__ import annotations

import re
from functools import cache

from summarize.text.lists import entries

CONTROL = re.compile(r"<\|[A-Za-z0-9_]{1,40}\|>|\[/?INST\]|<</?SYS>>|</?s>")
_SHOWN = 60  # characters of the words that are quoted
_MOST = 200_000  # code points that are looked at; a longer text is no article


def orders(text: str) -> tuple[str, ...]:
    """What in `text` may address a machine: kinds, each with the first words of its kind, in their order."""
    found: dict[str, tuple[int, str]] = {}
    text = text[:_MOST]
    lower = text.lower()
    for pattern, what, words in _patterns():
        match = pattern.search(text) if not words or any(word in lower for word in words) else None
        if match and (what not in found or match.start() < found[what][0]):
            found[what] = (match.start(), " ".join(match[0].split())[:_SHOWN])
    ordered = sorted((at, what, quoted) for what, (at, quoted) in found.items())
    return tuple(f"{what}, “{quoted}”" if quoted.isprintable() and quoted else what for _, what, quoted in ordered)


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str, tuple[str, ...]], ...]:
    rows = ((*row, "")[:3] for row in entries("orders.tsv"))
    return tuple(
        (re.compile(p, re.IGNORECASE | re.MULTILINE), what, tuple(filter(None, w.split("|")))) for p, what, w in rows
    )
