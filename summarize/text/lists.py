"""Word lists: data files beside the code that reads them, one entry a line, columns apart by tabs.

A line that begins with `#` is a comment; each file opens with what it is, its source and licence.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def entries(name: str, package: str = "summarize.text") -> tuple[tuple[str, ...], ...]:
    """Rows of `data/name` of `package`, as tuples of columns (missing trailing columns are not filled in)."""
    text = files(package).joinpath("data", name).read_text("utf-8")
    return tuple(
        tuple(column.strip() for column in line.split("\t"))
        for line in text.splitlines()
        if line.strip() and not line.startswith("#")
    )


@cache
def speech_verbs() -> frozenset[str]:
    """All surface forms of the verbs that introduce speech."""
    return frozenset(form for row in entries("speech.tsv") for form in row[2].split(","))


@cache
def negations() -> frozenset[str]:
    """Single words that negate, lower case; contractions with n't are not listed."""
    return frozenset(row[0] for row in entries("negations.txt") if " " not in row[0])


@cache
def stopwords() -> frozenset[str]:
    """English function words, lower case."""
    return frozenset(row[0] for row in entries("stopwords.txt"))
