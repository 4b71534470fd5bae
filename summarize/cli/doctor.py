"""`retold doctor`."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import typer

from summarize.cli import options
from summarize.cli.output import Printer

if TYPE_CHECKING:
    from summarize.doctor import Report

_MARKS = {"ok": "✓", "warning": "!", "failed": "✗", "skipped": "·"}
_WIDTH = 100  # columns


@options.reaching
def doctor(flags: Mapping[str, str | None], as_json: options.AsJson = False, quiet: options.Quiet = False) -> None:
    """Look at the server and the model: address, key, window, the form of answer it takes, one tiny question."""
    from summarize.doctor import examine  # noqa: PLC0415  # not at start-up
    from summarize.settings import load  # noqa: PLC0415

    printer, settings = Printer(as_json, quiet=quiet), load(flags)
    with printer.progress() as tick:
        report = examine(settings, tick)
    printer.emit([json.dumps(report.json(), ensure_ascii=False, indent=2) + "\n"] if as_json else _lines(report))
    failure = report.failure
    if failure is not None:
        hint = f" ({failure.hint})" if failure.hint else ""
        typer.echo(f"retold: {failure.check}: {failure.found}{hint}", err=True)
        raise typer.Exit(failure.code)


def _lines(report: Report) -> Iterator[str]:
    names = max(len(check.check) for check in report.checks)
    states = max(map(len, _MARKS))
    for check in report.checks:
        head = f"{_MARKS[check.state]} {check.state:{states}}  {check.check:{names}}  "
        rest = " " * len(head)
        for text, before in ((check.found, head), (check.hint and f"→ {check.hint}", rest)):
            if text:
                yield textwrap.fill(
                    text, _WIDTH, initial_indent=before, subsequent_indent=rest,
                    break_long_words=False, break_on_hyphens=False,
                ) + "\n"  # fmt: skip
