"""`retold summarize FILE…`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarize.cli import options
from summarize.cli.output import Printer
from summarize.errors import PartialFailure, RetoldError

if TYPE_CHECKING:
    from summarize.cli.readings import Readings
    from summarize.job import Job


@options.asking
def summarize(
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE…", help="Articles (.txt, .md, .html, a URL); - is stdin, a folder all in it."),
    ],
    flags: Mapping[str, str | None],
    unblind: options.Unblind = False,
    fresh: options.Fresh = False,
    retry_failed: options.RetryFailed = False,
    dry_run: options.DryRun = False,
    extract_only: options.ExtractOnly = False,
    allow_private_hosts: options.PrivateHosts = False,
    as_json: options.AsJson = False,
    as_markdown: options.AsMarkdown = False,
    output: options.Output = None,
    quiet: options.Quiet = False,
    no_color: options.NoColor = False,
) -> None:
    """Read articles, each by itself: summary, claims, tone, frames, portrayal, loaded words and voices, cited."""
    from summarize import library  # noqa: PLC0415  # not at start-up
    from summarize.archive.files import expand  # noqa: PLC0415
    from summarize.cli.readings import Readings  # noqa: PLC0415
    from summarize.settings import load  # noqa: PLC0415

    printer = Printer(as_json, as_markdown, output, quiet, no_color)
    names = expand(files)
    printer.check(names)
    settings = load(options.with_unblind(flags, unblind=unblind))
    if extract_only:
        from summarize.cli.extracting import Opened, extract  # noqa: PLC0415

        opened = Opened(names, blind=not settings.unblind, private=allow_private_hosts)
        extract(printer, opened, opened.failures)
        return
    if dry_run:
        from summarize.plan import of_files  # noqa: PLC0415

        with library.ledger_if_any(settings, fresh=fresh) as known:
            printer.list(of_files(settings, names, known, private=allow_private_hosts))
        return
    ledger = library.ledger_of(settings, fresh=fresh)
    asks_for = ("summarize", *(str(Path(name).resolve()) for name in files))
    with library.running(settings, ledger, asks_for, again=retry_failed) as job, Readings(printer, job) as found:
        stopped = _read(job, names, found, unblind=settings.unblind, private=allow_private_hosts)
        if found.read or (found.failed > 1 and printer.format() == "json"):  # a failure is an entry, too
            found.show(blind=not settings.unblind)
        _end(found, len(names), stopped)


def _read(job: Job, names: list[str], found: Readings, *, unblind: bool, private: bool) -> RetoldError | None:
    """Read all; the error that stopped the run, if one did."""
    from summarize import library  # noqa: PLC0415  # not at start-up

    with found.printer.progress(len(names)) as tick:
        try:
            for outcome in library.read_files(job, names, unblind=unblind, private=private):
                found.take(outcome)
                told = f"{found.spent}, " if found.spent else ""
                tick(f"{found.read} read, {found.failed} failed, {told}of {len(names)}")
        except RetoldError as error:
            return error
    return None


def _end(found: Readings, given: int, stopped: RetoldError | None) -> None:
    """Raise what happened: what stopped the run, a lone failure itself, or that some failed."""
    if found.failed and (found.read or found.failed > 1 or stopped):  # a lone failure is the run's own error
        found.name_failures()
    if stopped is not None:
        left = given - found.read - found.failed
        if given > 1:
            found.printer.note(f"retold: {found.read} read, {found.failed} failed, {left} not reached")
        raise stopped
    if found.failed and not found.read and found.failed == 1 and found.lone is not None:
        raise found.lone
    if found.failed:
        raise PartialFailure(f"{found.failed} of {given} files failed", hint="each is named above")
