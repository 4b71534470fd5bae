"""`retold export LEDGER`: tables of results as JSON Lines, CSV or Parquet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal, get_args

import typer

from summarize.cli import holding, options
from summarize.cli.output import Printer
from summarize.errors import SettingsError

if TYPE_CHECKING:
    from summarize.ledger import Ledger
    from summarize.ledger.holdings import JobRow
    from summarize.tables.writers import Form

Table = Literal[
    "records",
    "articles",
    "stories",
    "readings",
    "claims",
    "positions",
    "differences",
    "wording",
    "framing",
    "portrayal",
    "voices",
]
TABLE_NAMES: Final[tuple[Table, ...]] = get_args(Table)
_SUFFIXES: Final[dict[str, Form]] = {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".parquet": "parquet"}


def export(
    source: holding.Source,
    table: Annotated[
        Table | None,
        typer.Option(
            "--table", metavar="NAME", help=f"Which table, of {', '.join(TABLE_NAMES)} (docs/tables.md tells of them)."
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Write here; .jsonl, .csv and .parquet choose the format.", metavar="FILE"),
    ] = None,
    every: Annotated[
        Path | None, typer.Option("--all", help="Write every table into this folder.", metavar="DIR", file_okay=False)
    ] = None,
    form: Annotated[
        Literal["jsonl", "csv", "parquet"] | None,
        typer.Option("--format", help="The format, whatever the suffix.", show_default="by suffix, else jsonl"),
    ] = None,
    job: holding.Number = None,
    quiet: options.Quiet = False,
) -> None:
    """Write a table of a batch's results, or all of them: a row a finding, with the words that prove it."""
    printer = Printer(as_json=True, quiet=quiet)
    if (table is None) == (every is None):
        hint = f"--table NAME is one of {', '.join(TABLE_NAMES)}; --all DIR writes all"
        raise SettingsError("which table?" if table is None else "--table and --all exclude each other", hint=hint)
    if every is not None and output is not None:
        raise SettingsError("--all and --output exclude each other", hint="--all DIR names its files after the tables")
    with holding.opened(source) as found:
        chosen = holding.chosen(found, job, printer)
        if every is not None:
            _all(found, chosen, every, form or "jsonl", printer)
        elif table is not None:
            target = None if output is None or str(output) == "-" else output  # None: standard output
            _one(found, chosen, table, target, form or _by_suffix(target), printer)


def _by_suffix(target: Path | None) -> Form:
    """The format that a file's name asks for. Raises SettingsError where it asks for none."""
    if target is None:
        return "jsonl"
    if target.suffix.lower() not in _SUFFIXES:
        hint = "end it in .jsonl, .csv or .parquet, or give --format"
        raise SettingsError("its name says no format", where=str(target), hint=hint)
    return _SUFFIXES[target.suffix.lower()]


def _one(found: Ledger, job: JobRow, table: Table, target: Path | None, form: Form, printer: Printer) -> None:
    from summarize.tables.writers import lines, write  # noqa: PLC0415  # not at start-up

    rows = found.holdings.rows(job.id, table)
    if target is not None:
        holding.refuse(target, found.path, job.archive)
        written = write(table, rows, target, form)
        printer.note(f"retold: {written:,} row{'' if written == 1 else 's'} of {table} written to {target}")
    elif form == "parquet":
        raise SettingsError("Parquet is not written to standard output", hint="name a file: -o FILE.parquet")
    else:
        printer.emit(lines(table, rows, form))


def _all(found: Ledger, job: JobRow, folder: Path, form: Form, printer: Printer) -> None:
    """Every table into `folder`, which is made if there is none; each file is whole or not there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"cannot make the folder: {error.strerror}", where=str(folder)) from error
    for table in TABLE_NAMES:
        _one(found, job, table, folder / f"{table}.{form}", form, printer)
