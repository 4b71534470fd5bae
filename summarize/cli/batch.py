"""`retold batch ARCHIVE`."""

from __future__ import annotations

import json
import signal
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from summarize.cli import holding, options
from summarize.cli.output import Printer
from summarize.errors import InputError, PartialFailure, RetoldError, SettingsError, Stopped

if TYPE_CHECKING:
    from summarize.batch import Batch, Wanted
    from summarize.settings import Settings

_KEPT = "what was done is kept; the same command goes on"
_COLUMNS, _STORIES = "Columns (of JSONL, CSV, Parquet; guessed where not given)", "Stories"


def _column(about: str) -> object:
    return typer.Option(help=about, rich_help_panel=_COLUMNS, metavar="NAME")


@options.asking
def batch(
    flags: Mapping[str, str | None],
    archive: Annotated[
        str | None,
        typer.Argument(
            help="A folder, .jsonl, .csv, .parquet, .zip, .tar, .warc (and .gz, .zst), a URL, or - for standard input."
        ),
    ] = None,
    text: Annotated[str | None, _column("Holds the article's text.")] = None,
    headline: Annotated[str | None, _column("Holds its headline.")] = None,
    outlet: Annotated[str | None, _column("Holds who published it.")] = None,
    published: Annotated[str | None, _column("Holds when.")] = None,
    url: Annotated[str | None, _column("Holds where.")] = None,
    story: Annotated[str | None, _column("Holds the story's id.")] = None,
    key: Annotated[
        str | None, typer.Option("--id", help="Holds its id.", rich_help_panel=_COLUMNS, metavar="NAME")
    ] = None,
    stories: Annotated[
        Literal["auto", "given", "url", "none"],
        typer.Option(
            help="What makes articles one story: ids that are given; also the same URL; also, if auto, likeness.",
            rich_help_panel=_STORIES,
        ),
    ] = "auto",
    window: Annotated[
        float | None, typer.Option(help="Days that tellings of one event lie apart, at most.", rich_help_panel=_STORIES)
    ] = None,
    most_versions: Annotated[
        int, typer.Option(help="Versions of a story that is compared, at most.", rich_help_panel=_STORIES, min=2)
    ] = 50,
    explain_groups: Annotated[
        bool, typer.Option("--explain-groups", help="Print why which articles are one story, and ask nothing.")
    ] = False,
    limit: Annotated[int | None, typer.Option(help="Look at so many records only, the first.", min=1)] = None,
    sample: Annotated[int | None, typer.Option(help="Read so many articles only, the same each time.", min=1)] = None,
    runner: Annotated[
        Literal["threads", "batch"],
        typer.Option(help="Ask at once, or by the provider's batch service (within a day, cheaper)."),
    ] = "threads",
    status: Annotated[
        bool, typer.Option("--status", help="Print the account of this job; without ARCHIVE, of all in the ledger.")
    ] = False,
    allow_private_hosts: options.PrivateHosts = False,
    max_download: Annotated[
        float, typer.Option(help="GiB of an archive at a URL, at most.", min=0.001, show_default="10")
    ] = 10.0,
    unblind: options.Unblind = False,
    fresh: options.Fresh = False,
    retry_failed: options.RetryFailed = False,
    dry_run: options.DryRun = False,
    as_json: options.AsJson = False,
    output: options.Output = None,
    quiet: options.Quiet = False,
    no_color: options.NoColor = False,
) -> None:
    """Read, group and compare a whole archive; what is done is kept, and the same command goes on."""
    from summarize.archive.columns import Columns  # noqa: PLC0415  # not at start-up
    from summarize.archive.records import Web  # noqa: PLC0415
    from summarize.batch import Wanted  # noqa: PLC0415
    from summarize.settings import load  # noqa: PLC0415
    from summarize.stories import Rules  # noqa: PLC0415

    printer = Printer(as_json, output=output, quiet=quiet, no_color=no_color)
    settings = load(options.with_unblind(flags, unblind=unblind))
    if status:
        _status(printer, settings, archive)
        return
    if not archive:
        raise SettingsError("no archive is given", hint="give one, or --status")
    by = {"auto": ("given", "url", "found"), "given": ("given",), "url": ("given", "url"), "none": ()}[stories]
    rules = Rules(by=frozenset(by), most=most_versions)
    columns = Columns(text=text, headline=headline, outlet=outlet, published=published, url=url, story=story, id=key)
    wanted = Wanted(
        archive,
        columns,
        rules if window is None else replace(rules, window_days=window),
        limit,
        sample,
        settings.unblind,
        Web(allow_private_hosts, int(max_download * (1 << 30))),
    )
    call = _Call(printer, settings, wanted, fresh, retry_failed)
    if dry_run:
        _foresee(call, runner)
    elif explain_groups:
        _explain(call)
    else:
        _run(call, runner)


@dataclass(frozen=True, slots=True)
class _Call:
    """A command as it was given."""

    printer: Printer
    settings: Settings
    wanted: Wanted
    fresh: bool
    again: bool

    @property
    def asks_for(self) -> tuple[str, ...]:
        """What names it where a budget is kept."""
        return "batch", self.wanted.place

    @contextmanager
    def batch(self, path: Path) -> Iterator[Batch]:
        """The batch with its ledger at `path`, closed at the end."""
        from summarize import library  # noqa: PLC0415  # not at start-up
        from summarize.batch import Batch  # noqa: PLC0415
        from summarize.cli.watching import watching  # noqa: PLC0415
        from summarize.ledger import Ledger  # noqa: PLC0415

        now = datetime.now(UTC).isoformat(timespec="microseconds")
        ledger = Ledger(path, now=now, fresh=self.fresh)
        running = library.running(self.settings, ledger, self.asks_for, again=self.again)
        with running as job, _terminated_as_interrupted(), watching(self.printer) as watch:
            yield Batch(job, ledger, self.wanted, watch, lambda line: self.printer.note(f"retold: {line}"))


@contextmanager
def _terminated_as_interrupted() -> Iterator[None]:
    """SIGTERM, by which schedulers and service managers end a process, does what Ctrl-C does."""

    def terminate(number: int, frame: FrameType | None) -> None:
        interrupt = signal.getsignal(signal.SIGINT)
        if not callable(interrupt):  # a job in the background, deaf to Ctrl-C
            raise Stopped("terminated", hint=_KEPT)
        interrupt(number, frame)

    before = signal.signal(signal.SIGTERM, terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before or signal.SIG_DFL)


def _run(call: _Call, runner: str) -> None:
    """Do it, print the account, and raise what stopped it or that some failed."""
    from summarize.batch.account import account  # noqa: PLC0415  # not at start-up
    from summarize.settings import ledger_path  # noqa: PLC0415

    stopped: RetoldError | None = None
    path = ledger_path(call.settings.ledger)
    with call.batch(path) as batch:
        deliver = None
        if runner == "batch":
            from summarize.batch.provider import by_provider  # noqa: PLC0415

            deliver = by_provider(batch, call.settings, call.asks_for)
        try:
            batch.run(deliver, again=call.again)
        except (RetoldError, KeyboardInterrupt) as error:
            if not batch.begun:
                raise
            stopped = error if isinstance(error, RetoldError) else Stopped("interrupted", hint=_KEPT)
        told = account(batch.ledger.holdings, batch.row)
    call.printer.list(told)
    if told.records["ok"]:
        call.printer.note(f"retold: results: retold export {path} --table differences -o differences.csv")
    if stopped is not None:
        raise stopped
    if told.failures:
        hint = f"retold batch {call.wanted.archive} --ledger {path} --status tells why; --retry-failed tries again"
        raise PartialFailure(f"{told.failures} failed", hint=hint)


def _foresee(call: _Call, runner: str) -> None:
    """Print what it would take; the ledger is only looked at."""
    from summarize import library  # noqa: PLC0415  # not at start-up
    from summarize.batch.foresight import foresee  # noqa: PLC0415

    with (
        library.ledger_if_any(call.settings, fresh=call.fresh) as known,
        tempfile.TemporaryDirectory(prefix="retold-") as folder,
        call.batch(Path(folder) / "ledger.sqlite") as batch,
    ):
        call.printer.list(foresee(batch, call.settings, known, runner))


def _explain(call: _Call) -> None:
    """Print why which articles are one story, as JSON lines or words."""
    from summarize.settings import ledger_path  # noqa: PLC0415  # not at start-up

    with call.batch(ledger_path(call.settings.ledger)) as batch:
        row = batch.prepare()
        found = batch.ledger.holdings.links(row.id)
        names = ("story", "article", "other", "how", "why")
        if call.printer.format() == "json":
            lines = (json.dumps(dict(zip(names, link, strict=True)), ensure_ascii=False) + "\n" for link in found)
        else:
            lines = (f"{link[0]}  {link[1]} + {link[2]}  {link[3]}: {link[4]}\n" for link in found)
        call.printer.emit("".join(c if c.isprintable() or c == "\n" else "?" for c in line) for line in lines)


def _status(printer: Printer, settings: Settings, archive: str | None) -> None:
    """Print the account of every job in the ledger, or of those on an archive."""
    from summarize.batch import place_of  # noqa: PLC0415  # not at start-up
    from summarize.batch.account import account  # noqa: PLC0415
    from summarize.settings import ledger_path  # noqa: PLC0415

    path = ledger_path(settings.ledger)
    with holding.opened(path) as ledger:
        jobs = [job for job in ledger.holdings.jobs() if archive is None or job.archive == place_of(archive)]
        told = [account(ledger.holdings, job) for job in jobs]
    if not told:
        raise InputError("no batch job on this is in the ledger", where=archive or str(path), hint="see --ledger")
    if printer.format() == "json":
        printer.emit([json.dumps([one.json() for one in told], ensure_ascii=False, indent=2) + "\n"])
        return
    for one in told:
        printer.list(one)
