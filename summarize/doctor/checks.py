"""What a doctor says: one check a line, each with its state, what was found, and what to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from summarize.errors import RetoldError
from summarize.reply import Usage

State = Literal["ok", "warning", "failed", "skipped"]
_LONGEST = 600  # characters of what was found; the words in it may be a server's


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at; `code` is the exit code of a failed one, else 0. One line, safe for a terminal."""

    check: str
    state: State
    found: str
    hint: str = ""
    code: int = 0

    def __post_init__(self) -> None:
        for name in ("found", "hint"):
            shown = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in getattr(self, name)[:_LONGEST])
            object.__setattr__(self, name, shown)

    def json(self) -> dict[str, str]:
        """Its entry in `--json`."""
        return {"check": self.check, "state": self.state, "found": self.found, "hint": self.hint}


@dataclass(frozen=True, slots=True)
class Report:
    """All checks of an engine, in order, and what they came to.

    `rung` is the form the answer came in, `answered_by` the model it names, `cap` the field that caps its length,
    `window` in tokens, `cost` in US dollars, `seconds` those of the one question; None and "" where not known.
    """

    engine: str
    checks: tuple[Check, ...]
    base_url: str = ""
    model: str = ""
    answered_by: str = ""
    rung: str = ""
    cap: str = ""
    window: int | None = None
    usage: Usage = field(default_factory=Usage)
    cost: Decimal | None = None
    seconds: float | None = None

    @property
    def failure(self) -> Check | None:
        """The first check that failed."""
        return next((check for check in self.checks if check.state == "failed"), None)

    def json(self) -> dict[str, object]:
        """What `--json` prints."""
        usage = self.usage
        return {
            "format": "retold.doctor/1",
            "engine": self.engine,
            "base_url": self.base_url or None,
            "model": self.model or None,
            "answered_by": self.answered_by or None,
            "rung": self.rung or None,
            "cap": self.cap or None,
            "window": self.window,
            "usage": {
                "input": usage.input,
                "output": usage.output,
                "cached": usage.cached,
                "reasoning": usage.reasoning,
            },
            "cost": None if self.cost is None else str(self.cost),
            "seconds": self.seconds,
            "checks": [check.json() for check in self.checks],
        }


def failed(name: str, error: RetoldError, said: Callable[[str], str] = str) -> Check:
    """The check that `error` failed, its words passed through `said`, which takes keys out."""
    return Check(name, "failed", said(error.what), said(error.hint), error.exit_code)
