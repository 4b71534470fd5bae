"""A batch job: an archive read, grouped and compared, unattended; whatever happens between, nothing is lost.

    archive ─ intake ─▶ records, articles ─ grouping ─▶ stories ─ work ─▶ tables of results
                all in one ledger; each step goes on where it was stopped

The same archive with the same settings is the same job: the command is given again, and what is there is kept.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from summarize.archive.addresses import told
from summarize.archive.columns import Columns
from summarize.archive.fingerprint import fingerprint
from summarize.archive.members import shown
from summarize.archive.records import PUBLIC, Record, Web
from summarize.archive.walk import records
from summarize.batch.grouping import group
from summarize.batch.intake import Intake
from summarize.batch.watch import Nobody, Watch
from summarize.batch.work import Work
from summarize.errors import LedgerError
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

    `limit` records are looked at, `sample` articles of them read; None: all. `web` says what may be fetched.
    """

    archive: str
    columns: Columns = field(default_factory=Columns)
    rules: Rules = field(default_factory=Rules)
    limit: int | None = None
    sample: int | None = None
    unblind: bool = False
    web: Web = PUBLIC

    @property
    def place(self) -> str:
        """The archive as it is named everywhere."""
        return place_of(self.archive)


def place_of(archive: str) -> str:
    """An archive's name, wherever the command is given: on one line, without a password."""
    return told(archive) if "://" in archive else shown(_whole(archive))


def _whole(archive: str) -> str:
    """A path from the root; what is none as it is."""
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
        return self.ledger.holdings.job(self.begun.id)

    def _begin(self) -> JobRow:
        """The job's row, made if it is new. Raises InputError for an archive that is not there, LedgerError."""
        wanted, engine = self.wanted, self.job.engine
        chosen = {
            "engine": dict(engine.identity),
            "samples": self.job.samples,
            "unblind": wanted.unblind,
            "columns": asdict(wanted.columns),
            "stories": {k: sorted(v) if isinstance(v, frozenset) else v for k, v in asdict(wanted.rules).items()},
        }
        settings = json.dumps(chosen, sort_keys=True, ensure_ascii=False)
        name = hashlib.sha256(f"{_whole(wanted.archive)}\n{settings}".encode("utf-8", "surrogatepass")).hexdigest()[:16]
        return self.ledger.holdings.begin(name, wanted.place, settings, self.now().isoformat(timespec="seconds"))

    def run(self, deliver: Callable[[], bool] | None = None, *, again: bool = False) -> JobRow:
        """Do all that is to be done; the job's row at the end.

        `deliver` brings answers to questions that were put aside, and is called until it brings none (False).
        `again`: what failed is tried once more. Raises what stops a run; everything done is kept. LedgerError where
        another process works on this job.
        """
        found = self._records()
        with self._alone():
            row = self._prepared(found, again=again)
            holdings = self.ledger.holdings
            shelves, units = holdings.shelves(row.id), holdings.units(row.id)
            if row.phase == "done" and not units.left():
                return row
            holdings.update(row.id, phase="work", ended=None)
            self._work(Work(self.job, shelves, units, self.watch, self.wanted.unblind), row.id, deliver)
            return self.row

    def _work(self, work: Work, job: int, deliver: Callable[[], bool] | None) -> None:
        holdings = self.ledger.holdings
        try:
            work.run()
            while work.open and deliver is not None and deliver():
                work.run()
        finally:
            if work.tally.asked or work.tally.again:
                asked, blind = self.job, not self.wanted.unblind
                record = provenance(asked.engine, work.tally, asked.started, blind=blind, samples=asked.samples)
                holdings.update(job, provenance=json.dumps(record, ensure_ascii=False))
        if not work.open:
            holdings.update(job, phase="done", ended=self.now().isoformat(timespec="seconds"))

    def prepare(self, *, again: bool = False) -> JobRow:
        """Take in and group whatever is not yet; the job's row. Raises as `run`."""
        found = self._records()
        with self._alone():
            return self._prepared(found, again=again)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One process at a time on one job, where the system has such locks (see ledger/turns.py)."""

        def refuse(_seconds: float) -> None:
            hint = "wait until it is done; --status tells how far it is"
            raise LedgerError("another process works on this job", where=str(self.ledger.path), hint=hint)

        with self.ledger.turn(hashlib.sha256(f"job {self.row.name}".encode()).hexdigest(), refuse):
            yield

    def _prepared(self, found: Iterator[Record], *, again: bool) -> JobRow:
        wanted, holdings = self.wanted, self.ledger.holdings
        row = self.row
        shelves, units = holdings.shelves(row.id), holdings.units(row.id)
        mark = fingerprint(wanted.archive, web=wanted.web)
        if row.fingerprint != mark or not mark or self.ledger.fresh:
            if row.taken and not self.ledger.fresh:
                self.note("the archive is another one than before: it is taken in anew; answered questions are kept")
            shelves.clear(mark, RESULTS)
            row = self.row
        self._take(row, found, again=again and shelves.failed())
        shelves.draw(wanted.sample)
        if self.row.phase in {"intake", "grouping"}:
            holdings.update(row.id, phase="grouping", ended=None)
            group(shelves, units, wanted.rules, self.watch, self.job.settler.stop)
        if again:
            units.again()
        return self.row

    def _take(self, row: JobRow, found: Iterator[Record], *, again: bool) -> None:
        """Take in what is not there yet; `again`: and what failed."""
        limit = self.wanted.limit
        if not again and (row.whole or (limit is not None and limit <= row.taken)):
            return
        intake = Intake(self.ledger.holdings.shelves(row.id), self.watch, self.job.settler.stop)
        last = intake.run(found, row.taken, limit, again=again)
        self.ledger.holdings.update(row.id, whole=int(row.whole or limit is None or last < limit))

    def _records(self) -> Iterator[Record]:
        return records(self.wanted.archive, self.wanted.columns, note=self.note, web=self.wanted.web)
