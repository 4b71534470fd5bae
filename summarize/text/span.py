"""A stretch of text."""

from __future__ import annotations

from typing import NamedTuple


class Span(NamedTuple):
    """`text[start:end]`, in code points; the start is included, the end is not."""

    start: int
    end: int
