"""A stretch of text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from operator import attrgetter
from typing import NamedTuple


class Span(NamedTuple):
    """`text[start:end]`, in code points; the start is included, the end is not."""

    start: int
    end: int


def within(spans: Sequence[Span], at: int) -> bool:
    """Whether one of `spans`, which are in order and apart, holds the offset `at`."""
    i = bisect_right(spans, at, key=attrgetter("start")) - 1
    return i >= 0 and at < spans[i].end
