"""A batch job: an archive read, grouped and compared, unattended; whatever happens between, nothing is lost.

    archive ─ intake ─▶ records, articles ─ grouping ─▶ stories ─ work ─▶ tables of results
                all in one ledger; each step goes on where it was stopped

The same archive with the same settings is the same job: the command is given again, and what is there is kept.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from summarize.archive.columns import Columns
from summarize.archive.fingerprint import fingerprint
from summarize.archive.records import Record
from summarize.archive.walk import records
from summarize.batch.grouping import group
from summarize.batch.intake import Intake
from summarize.batch.watch import Nobody, Watch
from summarize.batch.work import Work
from summarize.errors import InputError
from summarize.job import Job
from summarize.ledger import Ledger
from summarize.ledger.holdings import JobRow
from summarize.provenance import provenance
from summarize.stories import Rules
from summarize.tables.columns import RESULTS

__all__ = ["Batch", "Wanted", "place_of"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a batch is to do: `archive` is a path, a URL or "-"; `rules` say what is one story.

    `limit` records are looked at, `sample` articles of them read; None: all.
    """

    archive: str
    columns: Columns = field(default_factory=Columns)
    rules: Rules = field(default_factory=Rules)
    limit: int | None = None
    sample: int | None = None
    unblind: bool = False

    @property
    def place(self) -> str:
        """The archive as it is named everywhere."""
        return place_of(self.archive)


def place_of(archive: str) -> str:
    """An archive's name, wherever the command is given."""
    return archive if archive == "-" or "://" in archive else str(Path(archive).resolve())


@dataclass(slots=True)
class Batch:
    """A job on an archive, kept in `ledger`. Times are from `now`."""

    job: Job
    ledger: Ledger
    wanted: Wanted
    watch: Watch = field(default_factory=Nobody)
    note: Callable[[str], None] = lambda _: None
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    begun: JobRow | None = None

    @property
    def row(self) -> JobRow:
        """The job's row as it is now."""
        if self.begun is None:
            self.begun = self._begin()
        return next(job for job in self.ledger.holdings.jobs() if job.id == self.begun.id)

    def _begin(self) -> JobRow:
        """The job's row, made if it is new. Raises InputError for an archive that is not there, LedgerError."""
        wanted, engine = self.wanted, self.job.engine
        told = {
            "engine": dict(engine.identity),
            "samples": self.job.samples,
            "unblind": wanted.unblind,
            "columns": asdict(wanted.columns),
            "stories": {k: sorted(v) if isinstance(v, frozenset) else v for k, v in asdict(wanted.rules).items()},
        }
        settings = json.dumps(told, sort_keys=True, ensure_ascii=False)
        name = hashlib.sha256(f"{wanted.place}\n{settings}".encode("utf-8", "surrogatepass")).hexdigest()[:16]
        return self.ledger.holdings.begin(name, wanted.place, settings, self.now().isoformat(timespec="seconds"))

    def run(self, deliver: Callable[[], bool] | None = None, *, again: bool = False) -> JobRow:
        """Do all that is to be done; the job's row at the end.

        `deliver` brings answers to questions that were put aside, and is called until it brings none (False).
        `again`: what failed is tried once more. Raises what stops a run; everything done is kept.
        """
        row = self.prepare(again=again)
        holdings = self.ledger.holdings
        work = Work(self.job, holdings.shelves(row.id), holdings.units(row.id), self.watch, self.wanted.unblind)
        try:
            work.run()
            while work.open and deliver is not None and deliver():
                work.run()
        finally:
            blind = not self.wanted.unblind
            record = provenance(self.job.engine, work.tally, self.job.started, blind=blind, samples=self.job.samples)
            holdings.update(row.id, provenance=json.dumps(record, ensure_ascii=False))
        if not work.open:
            holdings.update(row.id, phase="done", ended=self.now().isoformat(timespec="seconds"))
        return self.row

    def prepare(self, *, again: bool = False) -> JobRow:
        """Take in and group whatever is not yet; the job's row. Raises as `run`."""
        wanted, holdings = self.wanted, self.ledger.holdings
        found = self._records()
        row = self.row
        shelves, units = holdings.shelves(row.id), holdings.units(row.id)
        mark = fingerprint(wanted.archive)
        if row.fingerprint != mark or not mark or self.ledger.fresh:
            if row.taken and not self.ledger.fresh:
                self.note("the archive is another one than before: it is taken in anew; answered questions are kept")
            shelves.clear(mark, RESULTS)
            row = self.row
        changed = self._take(row, found, frozenset(shelves.failed()) if again else frozenset())
        changed |= bool(shelves.draw(wanted.sample))
        if changed or row.phase in {"intake", "grouping"}:
            holdings.update(row.id, phase="grouping", ended=None)
            group(shelves, units, wanted.rules, self.watch, self.job.settler.stop)
        if again:
            units.again()
        return self.row

    def _take(self, row: JobRow, found: Iterator[Record], again: frozenset[int]) -> bool:
        """Whether anything was taken in that was not there."""
        limit = self.wanted.limit
        if not again and (row.whole or (limit is not None and limit <= row.taken)):
            return False
        intake = Intake(self.ledger.holdings.shelves(row.id), self.watch, self.job.settler.stop)
        last = intake.run(found, row.taken, limit, again)
        self.ledger.holdings.update(row.id, whole=int(row.whole or limit is None or last < limit))
        return last > row.taken or bool(again)

    def _records(self) -> Iterator[Record]:
        try:
            return records(self.wanted.archive, self.wanted.columns, note=self.note)
        except FileNotFoundError as error:
            raise InputError("there is no such archive", where=self.wanted.archive) from error
