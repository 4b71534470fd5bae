"""What is worked on in one go, and what came of it: stories, and articles that are in none.

Grouping puts all units of a job together in tables of its own, which nobody waits for, and lays them down in one
transaction; one that was there before with the same articles keeps what was found. What comes of a unit (its status,
its rows in the tables of results, the status of its records) is laid down in one transaction too, so that a killed
run leaves whole units or none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from summarize.ledger.store import Store
from summarize.tables.columns import RESULTS, TABLES, Row

_PAGE = 200
ALONE = "alone"
_ASIDE = """
drop table if exists temp.laid;
drop table if exists temp.joined;
drop table if exists temp.tied;
create temp table laid (
    number integer primary key, story text not null, how text not null, why text not null,
    revisions integer not null, versions integer not null, key text not null, refused text
);
create index temp.laid_story on laid (story);
create temp table joined (record integer primary key, unit integer not null);
create temp table tied (
    one integer not null, other integer not null, how text not null, why text not null, primary key (one, other)
)
""".split(";")
_ALONE = """insert into laid select p.record, '', 'alone', '', 0, 1, p.id, null
    from piece p join entry e on e.job = p.job and e.record = p.record
    where p.job = ? and (e.status in ('waiting', 'ok') or e.stage = 'reading')
    and p.record not in (select record from joined)"""
# other articles, or another name; or one of its articles was away meanwhile
_GONE = """select number from unit where job = ?1 and (
    not exists (select 1 from laid l where l.number = unit.number
        and (l.key, l.story, l.how) = (unit.key, unit.story, unit.how))
    or status != 'waiting' and number in (
        select m.unit from entry e join member m on m.job = e.job and m.record = e.record
        where e.job = ?1 and e.status = 'waiting'))"""
_UNITS = """insert into unit (job, number, story, how, why, revisions, versions, key, status, reason)
    select ?, number, story, how, why, revisions, versions, key,
        case when refused is null then 'waiting' else 'failed' end, refused from laid where true
    on conflict (job, number) do update set why = excluded.why where why != excluded.why"""
_FAILED = """select number from unit where job = ?1 and status = 'failed' and number > 0
    union select m.unit from entry e join member m on m.job = e.job and m.record = e.record
    where e.job = ?1 and e.status = 'failed' and e.stage = 'reading'"""


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
    differences; `cost` is in US dollars, None where not known, `paid` that of each answer by its question's key;
    `told` the comparison as it is to be kept, in bytes.
    """

    unit: Unit
    status: str = "ok"
    reason: str | None = None
    rows: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    failed: Mapping[int, str] = field(default_factory=dict)
    headlines: Mapping[str, str] = field(default_factory=dict)
    counts: tuple[int, int, int] | None = None
    cost: str | None = None
    paid: Mapping[str, str] = field(default_factory=dict)
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
        rows = self._store.rows
        self._put_together(units, links)
        with self._store.transaction():
            rows(_ALONE, self.job)
            rows("insert into joined select number, number from laid where how = ?", ALONE)
            self._empty_all(_GONE)
            rows("delete from unit where job = ? and number in (select number from gone)", self.job)
            rows(_UNITS, self.job)
            for table, aside in (("member", "joined"), ("link", "tied")):
                rows(f"delete from {table} where job = ?", self.job)  # noqa: S608  # our names
                rows(f"insert into {table} select ?, * from {aside}", self.job)  # noqa: S608  # our names
            self._let_wait()
            rows("update job set phase = 'work' where id = ?", self.job)
        for table in ("laid", "joined", "tied", "gone"):
            rows(f"drop table {table}")

    def _put_together(
        self, units: Iterable[tuple[Unit, Sequence[int]]], links: Iterable[tuple[int, int, str, str]]
    ) -> None:
        """Units and links in temporary tables: what is to come of finding them is nothing in the file itself yet."""
        rows = self._store.rows
        for statement in _ASIDE:
            rows(statement)
        rows("begin")  # of the temporary tables alone, which locks nothing in the file
        try:
            for unit, members in units:
                self._aside(unit, members)
            for link in links:
                rows("insert or replace into tied values (?, ?, ?, ?)", *link)
        except BaseException:
            rows("rollback")
            raise
        rows("commit")

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

    def has(self, unit: Unit) -> bool:
        """Whether something has come of a unit with the same articles."""
        query = "select 1 from unit where job = ? and number = ? and key = ? and status = 'ok'"
        return bool(self._store.rows(query, self.job, unit.number, unit.key))

    def left(self) -> int:
        """How many units wait."""
        query = "select count(*) from unit where job = ? and status = 'waiting'"
        return int(self._store.rows(query, self.job)[0][0])

    def put(self, done: Sequence[Worked]) -> None:
        """Lay down what came of some units, all or none; not of one that is another by now."""
        same = "select 1 from unit where job = ? and number = ? and key = ? and story = ?"
        with self._store.transaction():
            for worked in done:
                unit = worked.unit
                if self._store.rows(same, self.job, unit.number, unit.key, unit.story):
                    self._put(worked)

    def again(self) -> int:
        """Let units in which anything failed wait once more; how many."""
        with self._store.transaction():
            self._empty_all(_FAILED)
            self._store.rows(
                """update unit set status = 'waiting', reason = null, claims = null, shared = null, differences = null,
                cost = null, told = null where job = ? and number in (select number from gone)""",
                self.job,
            )
            self._let_wait()
            return int(self._store.rows("select count(*) from gone")[0][0])

    def _let_wait(self) -> None:
        """The records of units that wait wait as well."""
        query = """update entry set status = 'waiting', reason = null, stage = 'intake'
            where job = ?1 and status != 'waiting' and record in (
                select m.record from unit u join member m on m.job = u.job and m.unit = u.number
                where u.job = ?1 and u.status = 'waiting')"""
        self._store.rows(query, self.job)

    def _aside(self, unit: Unit, members: Sequence[int]) -> None:
        rows, story = self._store.rows, unit.story
        while rows("select 1 from laid where story = ?", story):
            story = f"{story} ({unit.number})"
        rows(
            "insert into laid values (?, ?, ?, ?, ?, ?, ?, ?)",
            unit.number, story, unit.how, unit.why, int(unit.revisions), unit.versions, unit.key, unit.refused or None,
        )  # fmt: skip
        for record in members:
            rows("insert into joined values (?, ?)", record, unit.number)

    def _empty_all(self, chosen: str) -> None:
        """Take away what came of the units that `chosen` selects; their numbers are in `gone`."""
        rows = self._store.rows
        rows("create temp table if not exists gone (number integer primary key)")
        rows("delete from gone")
        rows(f"insert into gone {chosen}", self.job)
        of = "from unit where job = ?1 and number in (select number from gone)"
        for table in RESULTS:
            told = f"delete from {table} where job = ?1"  # noqa: S608  # our names
            rows(f"{told} and story in (select story {of} and story != '')", self.job)
            rows(f"{told} and story = '' and article in (select key {of} and story = '')", self.job)

    def _empty(self, unit: Unit) -> None:
        """Take away what came of one unit."""
        for table in RESULTS:
            told = f"delete from {table} where job = ? and story = ?"  # noqa: S608  # our names
            if unit.story:
                self._store.rows(told, self.job, unit.story)
            else:
                self._store.rows(f"{told} and article = ?", self.job, "", unit.key)

    def _put(self, worked: Worked) -> None:
        rows, unit = self._store.rows, worked.unit
        self._empty(unit)
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
        for key, cost in worked.paid.items():
            rows("insert or replace into paid values (?, ?, ?)", self.job, key, cost)
