"""Somebody who is told how a long run goes on."""

from __future__ import annotations

from decimal import Decimal
from typing import Final, Protocol

MINUTE: Final = 60.0  # seconds
HOUR: Final = 3600.0


class Watch(Protocol):
    """Told of each step; what it does with that is its own affair, but it must be quick."""

    def begin(self, what: str, total: int | None) -> None:
        """A part of the run begins, with so many steps, if that is known."""
        ...

    def advance(self, *, failed: bool = False, spent: Decimal | None = None) -> None:
        """A step is done; `spent` is what it cost in US dollars."""
        ...


class Nobody:
    """A watch that does nothing."""

    def begin(self, what: str, total: int | None) -> None:
        """Nothing."""

    def advance(self, *, failed: bool = False, spent: Decimal | None = None) -> None:
        """Nothing."""


def span(seconds: float) -> str:
    """A length of time in words: "40 s", "12 min", "3.5 h"."""
    if seconds < 2 * MINUTE:
        return f"{seconds:.0f} s"
    return f"{seconds / MINUTE:.0f} min" if seconds < 2 * HOUR else f"{seconds / HOUR:,.1f} h"
