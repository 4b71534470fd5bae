"""How a long run is shown: one bar on a terminal, elsewhere a plain line a minute."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING

from summarize.batch.watch import MINUTE, Nobody, Watch, span

if TYPE_CHECKING:
    from rich.progress import Progress

    from summarize.cli.output import Printer

_GLANCE = 0.2  # seconds between two changes of the bar
_WIDE = 12  # columns of the bar: beside the words, on 80


@contextmanager
def watching(printer: Printer) -> Iterator[Watch]:
    """A watch that shows how a run goes on, on standard error."""
    if printer.quiet:
        yield Nobody()
    elif not sys.stderr.isatty():
        yield Lines(printer.note)
    else:
        from rich.console import Console  # noqa: PLC0415  # not at start-up
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn  # noqa: PLC0415
        from rich.table import Column  # noqa: PLC0415

        one_line = Column(no_wrap=True, overflow="ellipsis")  # cut at its end, where the least telling is
        columns = (
            SpinnerColumn(),
            BarColumn(_WIDE),
            TextColumn("{task.description}", table_column=one_line, markup=False),
        )
        with Progress(*columns, console=Console(stderr=True, no_color=printer.no_color or None)) as progress:
            bar = _Bar(progress)
            try:
                yield bar
            finally:
                bar.end()


class Lines:
    """What was done, how long the rest will take, what failed, what it cost, how fast: `note` gets a line now and then.

    `often` is the least time between two lines, in seconds of `clock`.
    """

    def __init__(
        self, note: Callable[[str], None], clock: Callable[[], float] = time.monotonic, often: float = MINUTE
    ) -> None:
        self._note, self._clock, self._often = note, clock, often
        self.what, self.total = "", 0
        self._known = False
        self.done = self.failed = 0
        self.spent = Decimal(0)
        self._began = self._due = clock()

    def begin(self, what: str, total: int | None) -> None:
        """A part of the run begins."""
        self.what, self.total, self._known, self.done, self.failed = what, total or 0, total is not None, 0, 0
        self._began = self._clock()
        self._due = self._began + self._often

    def advance(self, *, failed: bool = False, spent: Decimal | None = None) -> None:
        """A step is done; told if it is time."""
        self.done += 1
        self.failed += failed
        self.spent += spent or 0
        now = self._clock()
        if now >= self._due:
            self._due = now + self._often
            self._note(f"retold: {self.told(now)}")

    def told(self, now: float) -> str:
        """How it goes, in one line."""
        rate = self.done / max(now - self._began, 1e-9)
        parts = [f"{self.what}: {self.done:,}" + (f" of {self.total:,}" if self._known else "")]
        parts += [f"{span(max(0, self.total - self.done) / rate)} left"] if self._known and rate else []
        parts += [f"{self.failed:,} failed"] if self.failed else []
        parts += [f"${self.spent:,.2f}" if self.spent >= 1 else f"${self.spent:.4f}"] if self.spent else []
        parts.append(f"{rate:,.0f} a second" if rate >= 10 else f"{rate * 60:,.0f} a minute")  # noqa: PLR2004
        return " · ".join(parts)


class _Bar(Lines):
    """The same as a bar."""

    def __init__(self, progress: Progress) -> None:
        super().__init__(self._show, often=_GLANCE)
        self._progress = progress
        self._task = progress.add_task("starting", total=None)

    def begin(self, what: str, total: int | None) -> None:
        """A part of the run begins."""
        super().begin(what, total)
        self._progress.reset(self._task, total=total, description=what)

    def end(self) -> None:
        """The last that is shown is how it ended."""
        if self.what:
            self._show(self.told(self._clock()))

    def _show(self, line: str) -> None:
        total = self.total if self._known else None
        self._progress.update(self._task, total=total, completed=self.done, description=line.removeprefix("retold: "))
