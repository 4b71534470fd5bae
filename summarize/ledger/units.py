"""What is worked on in one go, and what came of it: stories, and articles that are in none.

Grouping lays down all units of a job in one transaction; one that was there before with the same articles keeps
what was found. What comes of a unit (its status, its rows in the tables of results, the status of its records) is
laid down in one transaction too, so that a killed run leaves whole units or none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from summarize.ledger.store import Store
from summarize.tables.columns import RESULTS, TABLES, Row

_PAGE = 200
ALONE = "alone"


@dataclass(frozen=True, slots=True)
class Unit:
    """A story of so many `versions`, or one article that is in none (then `story` is empty).

    `number` is the record of its first article; `how` and `why` say what made it one; `key` names its articles.
    A story that will not be compared has a `refused` that says why, its number negative and no records of its own.
    """

    number: int
    story: str = ""
    how: str = ALONE
    why: str = ""
    revisions: bool = False
    versions: int = 1
    key: str = ""
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Worked:
    """What came of a unit: `status` ("ok" or "failed") with its reason, rows by table, records that failed and why.

    `headlines` are those found in the texts, by article id. `counts` are its claims, those shared, and its
    differences; `cost` is in US dollars, None where not known; `told` the comparison as it is to be kept, in bytes.
    """

    unit: Unit
    status: str = "ok"
    reason: str | None = None
    rows: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    failed: Mapping[int, str] = field(default_factory=dict)
    headlines: Mapping[str, str] = field(default_factory=dict)
    counts: tuple[int, int, int] | None = None
    cost: str | None = None
    told: bytes | None = None


class Units:
    """The units of one job."""

    def __init__(self, store: Store, job: int) -> None:
        self._store, self.job = store, job

    def lay(
        self,
        units: Iterable[tuple[Unit, Sequence[int]]],
        links: Iterable[tuple[int, int, str, str]] = (),
    ) -> None:
        """Lay down all stories with their records, and why which two were joined; articles in none are alone.

        What is not among them goes.
        """
        store = self._store
        with store.transaction():
            store.rows("create temp table if not exists laid (number integer primary key)")
            for table, where in (("laid", ""), ("member", "where job = ?"), ("link", "where job = ?")):
                store.rows(f"delete from {table} {where}", *([self.job] if where else []))  # noqa: S608  # our names
            for unit, members in units:
                self._lay(unit, members)
            for record, ident in self._left():
                self._lay(Unit(record, key=ident), [record])
            for one, other, how, why in links:
                store.rows("insert or replace into link values (?, ?, ?, ?, ?)", self.job, one, other, how, why)
            query = "select number from unit where job = ? and number not in (select number from laid)"
            for (number,) in store.rows(query, self.job):
                self._drop(number)
            self._let_wait()
            store.rows("update job set phase = 'work' where id = ?", self.job)

    def waiting(self) -> Iterator[Unit]:
        """The units that nothing has come of yet, in the order of the archive; a few in memory at a time.

        Each is given once, whatever becomes of it meanwhile.
        """
        last = -(2**62)
        query = """select number, story, how, why, revisions, versions, key from unit
            where job = ? and status = 'waiting' and number > ? order by number limit ?"""
        while page := self._store.rows(query, self.job, last, _PAGE):
            for number, story, how, why, revisions, versions, key in page:
                yield Unit(number, story, how, why, bool(revisions), versions, key)
            last = page[-1][0]

    def count(self, status: str = "") -> int:
        """How many units there are, or have a status."""
        query = "select count(*) from unit where job = ?1 and (?2 = '' or status = ?2)"
        return int(self._store.rows(query, self.job, status)[0][0])

    def put(self, done: Sequence[Worked]) -> None:
        """Lay down what came of some units, all or none."""
        with self._store.transaction():
            for worked in done:
                self._put(worked)

    def again(self) -> int:
        """Let units in which anything failed wait once more; how many."""
        failed = """select distinct number from unit u where u.job = ?1 and (u.status = 'failed' or exists (
            select 1 from member m join entry e on e.job = m.job and e.record = m.record
            where m.job = u.job and m.unit = u.number and e.status = 'failed')) and u.number > 0"""
        with self._store.transaction():
            numbers = [number for (number,) in self._store.rows(failed, self.job)]
            for number in numbers:
                self._empty(number)
                self._store.rows(
                    "update unit set status = 'waiting', reason = null where job = ? and number = ?", self.job, number
                )
            self._let_wait()
        return len(numbers)

    def _left(self) -> Iterator[tuple[int, str]]:
        """The articles that are in no story, by record, with their ids."""
        query = """select p.record, p.id from piece p join entry e on e.job = p.job and e.record = p.record
            where p.job = ?1 and p.record > ?2 and (e.status in ('waiting', 'ok') or e.stage = 'reading')
            and not exists (select 1 from member m where m.job = p.job and m.record = p.record)
            order by p.record limit ?3"""
        last = 0
        while page := self._store.rows(query, self.job, last, _PAGE):
            yield from page
            last = page[-1][0]

    def _let_wait(self) -> None:
        """The records of units that wait wait as well."""
        query = """update entry set status = 'waiting', reason = null, stage = 'intake'
            where job = ?1 and (status = 'ok' or stage = 'reading') and record in (
                select m.record from unit u join member m on m.job = u.job and m.unit = u.number
                where u.job = ?1 and u.status = 'waiting')"""
        self._store.rows(query, self.job)

    def _lay(self, unit: Unit, members: Sequence[int]) -> None:
        rows = self._store.rows
        taken = """select 1 from unit u join laid l on l.number = u.number where u.job = ? and u.story = ?
            and u.number != ? limit 1"""
        if unit.story and rows(taken, self.job, unit.story, unit.number):
            unit = replace(unit, story=f"{unit.story} ({unit.number})")
        known = rows("select key, story, how from unit where job = ? and number = ?", self.job, unit.number)
        if known and known[0] != (unit.key, unit.story, unit.how):
            self._drop(unit.number)
        status = "failed" if unit.refused else "waiting"
        rows(
            """insert or ignore into unit (job, number, story, how, why, revisions, versions, key, status, reason)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            self.job, unit.number, unit.story, unit.how, unit.why, int(unit.revisions), unit.versions, unit.key,
            status, unit.refused or None,
        )  # fmt: skip
        rows("insert into laid values (?)", unit.number)
        for record in members:
            rows("insert into member values (?, ?, ?)", self.job, record, unit.number)

    def _drop(self, number: int) -> None:
        self._empty(number)
        self._store.rows("delete from unit where job = ? and number = ?", self.job, number)

    def _empty(self, number: int) -> None:
        """Take away what came of a unit."""
        found = self._store.rows("select story, key from unit where job = ? and number = ?", self.job, number)
        for story, key in found:
            for table in RESULTS:
                if story:
                    self._store.rows(f"delete from {table} where job = ? and story = ?", self.job, story)  # noqa: S608
                else:
                    where = "job = ? and story = '' and article = ?"
                    self._store.rows(f"delete from {table} where {where}", self.job, key)  # noqa: S608  # our names

    def _put(self, worked: Worked) -> None:
        rows, unit = self._store.rows, worked.unit
        self._empty(unit.number)
        for table, found in worked.rows.items():
            marks = ", ".join("?" * (len(TABLES[table]) + 2))
            for n, row in enumerate(found):
                rows(f"insert into {table} values ({marks})", self.job, *row, n)  # noqa: S608  # our names
        rows(
            """update unit set status = ?, reason = ?, claims = ?, shared = ?, differences = ?, cost = ?, told = ?
            where job = ? and number = ?""",
            worked.status, worked.reason, *(worked.counts or (None, None, None)), worked.cost, worked.told,
            self.job, unit.number,
        )  # fmt: skip
        rows(
            """update entry set status = 'ok', reason = null, stage = 'reading' where job = ?1
            and record in (select record from member where job = ?1 and unit = ?2)""",
            self.job,
            unit.number,
        )
        for ident, headline in worked.headlines.items():
            rows("update piece set found = ? where job = ? and id = ?", headline, self.job, ident)
        failed = "update entry set status = 'failed', reason = ?, stage = 'reading' where job = ? and record = ?"
        for record, reason in worked.failed.items():
            rows(failed, reason, self.job, record)
