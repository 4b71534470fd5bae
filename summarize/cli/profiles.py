"""`retold profiles LEDGER`: what each outlet does, beside the others that tell the same stories."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarize.cli import options
from summarize.cli.output import Printer, Rendering
from summarize.errors import LedgerError, SettingsError

if TYPE_CHECKING:
    from rich.console import Console

    from summarize.ledger import Ledger
    from summarize.ledger.holdings import JobRow
    from summarize.profiles import Profiles

_LISTED = 10  # jobs that an error names
_BESIDE = ("", "-wal", "-shm", "-journal", "-turns")  # files that belong to a ledger


def profiles(
    source: Annotated[Path, typer.Argument(metavar="LEDGER", help="The ledger of a batch.", dir_okay=False)],
    job: Annotated[int | None, typer.Option("--job", help="Which job, by its number.", show_default="the last")] = None,
    outlet: Annotated[
        list[str] | None,
        typer.Option("--outlet", metavar="NAME", help="Only this outlet; may be given again.", show_default="all"),
    ] = None,
    least: Annotated[
        int, typer.Option("--least", metavar="N", help="How many stories a figure takes, 10 or more.")
    ] = 20,
    as_json: options.AsJson = False,
    as_markdown: options.AsMarkdown = False,
    output: options.Output = None,
    quiet: options.Quiet = False,
    no_color: options.NoColor = False,
) -> None:
    """Show what each outlet leaves out, words and quotes otherwise over many stories, with intervals. No ranking."""
    from summarize.profiles import FLOOR  # noqa: PLC0415  # not at start-up
    from summarize.profiles import profiles as profiled  # noqa: PLC0415

    printer = Printer(as_json, as_markdown, output, quiet, no_color)
    printer.format()
    if output is not None and output.resolve() in {source.resolve().with_name(source.name + more) for more in _BESIDE}:
        raise SettingsError("this would overwrite the ledger", where=str(output), hint="write elsewhere")
    if least < FLOOR:
        raise SettingsError(f"--least {least} is too few stories for an interval", hint=f"give {FLOOR} or more")
    with _opened(source) as found:
        chosen = _chosen(found, job, printer)
        if chosen.phase != "done":
            printer.note(f"retold: job {chosen.id} is not done; this is of the stories that are")
        with printer.progress() as tick:
            tick("measuring outlets")
            made = profiled(partial(found.holdings.rows, chosen.id), least=least, only=outlet or ())
    printer.show(_rendering(made, chosen.id))


@contextmanager
def _opened(path: Path) -> Iterator[Ledger]:
    """The ledger at `path`. Raises LedgerError for none."""
    from summarize.ledger import Ledger  # noqa: PLC0415  # not at start-up

    if not path.exists():
        raise LedgerError("there is no ledger", where=str(path), hint="retold batch makes one")
    found = Ledger(path)
    try:
        yield found
    finally:
        found.close()


def _chosen(found: Ledger, wanted: int | None, printer: Printer) -> JobRow:
    """The job asked for, else the last; which one is noted where there are several."""
    jobs = found.holdings.jobs()
    if not jobs:
        raise LedgerError("there is no batch in this ledger", where=str(found.path), hint="retold batch makes one")
    chosen = next((job for job in jobs if job.id == wanted), None) if wanted is not None else jobs[-1]
    if chosen is None:
        told = ", ".join(f"{job.id} ({job.archive})" for job in jobs[-_LISTED:])
        raise SettingsError(f"there is no job {wanted}", where=str(found.path), hint=f"there are: {told}")
    if wanted is None and len(jobs) > 1:
        printer.note(f"retold: {len(jobs)} jobs in this ledger, this is of the last: {chosen.id}; see --job")
    return chosen


def _rendering(made: Profiles, job: int) -> Rendering:
    def terminal(console: Console) -> None:
        from summarize.report.profiles import profiles_view  # noqa: PLC0415

        profiles_view(made, console)

    def markdown() -> str:
        from summarize.report.profiles import profiles_markdown  # noqa: PLC0415

        return profiles_markdown(made)

    def as_json() -> object:
        from summarize.report import profiles as report  # noqa: PLC0415

        return report.as_json(made, job)

    return Rendering(terminal, markdown, as_json)
