"""What commands on a batch's ledger have in common: the ledger, one of its jobs, files that are not written over."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from summarize.cli.output import Printer
from summarize.errors import LedgerError, SettingsError

if TYPE_CHECKING:
    from summarize.ledger import Ledger
    from summarize.ledger.holdings import JobRow

Source = Annotated[Path, typer.Argument(metavar="LEDGER", help="The ledger of a batch.", dir_okay=False)]
Number = Annotated[int | None, typer.Option("--job", help="Which job, by its number.", show_default="the last")]
_BESIDE: Final = ("", "-wal", "-shm", "-journal", "-turns")  # files that belong to a ledger
_LISTED: Final = 10  # jobs that an error names


def opened(path: Path) -> closing[Ledger]:
    """The ledger at `path`, closed at the end of a `with`. Raises LedgerError for none."""
    from summarize.ledger import Ledger  # noqa: PLC0415  # not at start-up

    if not path.exists():
        raise LedgerError("there is no ledger", where=str(path), hint="retold batch makes one")
    return closing(Ledger(path))


def chosen(found: Ledger, wanted: int | None, printer: Printer) -> JobRow:
    """The job asked for, else the last; which one is noted where there are several.

    Raises LedgerError where there is none, SettingsError for a number that none has.
    """
    jobs = found.holdings.jobs()
    if not jobs:
        raise LedgerError("there is no batch in this ledger", where=str(found.path), hint="retold batch makes one")
    job = next((one for one in jobs if one.id == wanted), None) if wanted is not None else jobs[-1]
    if job is None:
        told = ", ".join(f"{one.id} ({one.archive})" for one in jobs[-_LISTED:])
        raise SettingsError(f"there is no job {wanted}", where=str(found.path), hint=f"there are: {told}")
    if wanted is None and len(jobs) > 1:
        printer.note(
            f"retold: {len(jobs)} jobs in this ledger, this is of the last: {job.id} ({job.archive}); see --job"
        )
    return job


def refuse(target: Path, ledger: Path, archive: str = "") -> None:
    """Raise SettingsError where `target` is the ledger, or the archive it was made of."""
    there, kept = target.resolve(), ledger.resolve()
    if there in {kept.with_name(kept.name + more) for more in _BESIDE}:
        raise SettingsError("this would overwrite the ledger", where=str(target), hint="write elsewhere")
    if archive and there == Path(archive).resolve():
        raise SettingsError("this would overwrite the archive", where=str(target), hint="write elsewhere")
