"""What a ledger holds of batch jobs, beside the settled questions: archives, stories, and the tables of results.

    job        one archive read with one set of settings; the same command again is the same job
    body       the texts, each once
    entry      every record of an archive and what became of it
    piece      what is known of the records that are articles
    unit       what is worked on in one go: a story, or an article that is in none
    paid       the answers that cost something, each once, whatever they served
    readings … the tables of results (see tables/columns.py), with a column `job` before theirs and `n` behind

`records`, `articles` and `stories` are views of these. All of it is made when it is first needed, so that a
ledger of questions alone stays one. Rows come in an order that hangs on the archive alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from summarize.errors import LedgerError
from summarize.ledger.shelves import Shelves
from summarize.ledger.store import Store
from summarize.ledger.units import Units
from summarize.tables.columns import RESULTS, TABLES, Row

FORMAT: Final = 1
_BASE: Final = """
create table if not exists job (
    id integer primary key, name text not null unique, archive text not null, settings text not null,
    fingerprint text not null default '', taken integer not null default 0,
    whole integer not null default 0, phase text not null default 'intake',
    started text not null, ended text, provenance text
);
create table if not exists body (
    sha256 text primary key, text text not null, characters integer not null
) without rowid;
create table if not exists entry (
    job integer not null, record integer not null, place text not null, status text not null, reason text,
    article text, stage text not null, primary key (job, record)
) without rowid;
create index if not exists entry_status on entry (job, status);
create table if not exists piece (
    job integer not null, record integer not null, id text not null, sha256 text not null, label text not null,
    headline text, outlet text, published text, url text, given text, body_start integer not null,
    headline_start integer, headline_end integer, flags text not null, kin text not null, draw text not null,
    found text,
    primary key (job, record)
) without rowid;
create unique index if not exists piece_id on piece (job, id);
create index if not exists piece_kin on piece (job, kin);
create table if not exists unit (
    job integer not null, number integer not null, story text not null, how text not null, why text not null,
    revisions integer not null, versions integer not null, key text not null, status text not null, reason text,
    claims integer, shared integer, differences integer, cost text, told blob, primary key (job, number)
) without rowid;
create index if not exists unit_status on unit (job, status, number);
create index if not exists unit_story on unit (job, story);
create table if not exists member (
    job integer not null, record integer not null, unit integer not null, primary key (job, record)
) without rowid;
create index if not exists member_unit on member (job, unit, record);
create table if not exists paid (
    job integer not null, key text not null, cost text not null, primary key (job, key)
) without rowid;
create table if not exists link (
    job integer not null, one integer not null, other integer not null, how text not null, why text not null,
    primary key (job, one, other)
) without rowid;
create view if not exists records as select job, record, place, status, reason, article from entry;
create view if not exists articles as
    select p.job, p.id as article, p.record, coalesce(u.story, '') as story, p.outlet,
        coalesce(p.headline, p.found) as headline, p.published, p.url,
        p.sha256, b.characters, p.flags
    from piece p join body b on b.sha256 = p.sha256
        left join member m on m.job = p.job and m.record = p.record
        left join unit u on u.job = p.job and u.number = m.unit;
create view if not exists stories as
    select job, story, how, why, revisions, versions, status, reason, claims, shared, differences
    from unit where story != '';
create table if not exists layout (format integer not null)
""".split(";\n")
_PAID: Final = "select cost from paid where job = ?"
_ORDER: Final = {
    "records": "record",
    "articles": "record",
    "stories": "abs(number)",
}


@dataclass(frozen=True, slots=True)
class JobRow:
    """A batch job: its `archive` and `settings` (JSON) as they were given; times in ISO 8601, UTC.

    `phase` is "intake", "grouping", "work" or "done"; `taken` counts the records that were looked at, `whole` is 1
    if the archive was read to its end.
    """

    id: int
    name: str
    archive: str
    settings: str
    fingerprint: str
    taken: int
    whole: int
    phase: str
    started: str
    ended: str | None
    provenance: str | None


class Holdings:
    """The batch jobs of an open ledger."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._made = False

    def make(self) -> None:
        """Make what is missing. Raises LedgerError for holdings of another Retold."""
        if self._made:
            return
        with self.store.transaction():
            for statement in _BASE:
                self.store.rows(statement)
            for table in RESULTS:
                self.store.rows(_created(table))
            found = self.store.rows("select format from layout")
            if not found:
                self.store.rows("insert into layout values (?)", FORMAT)
            elif found[0][0] != FORMAT:
                what = f"the batch jobs in this ledger are of another Retold (format {found[0][0]}, not {FORMAT})"
                raise LedgerError(what, where=str(self.store.path), hint="give another file: --ledger FILE")
        self._made = True

    def begin(self, name: str, archive: str, settings: str, at: str) -> JobRow:
        """The job with this name, made if there is none."""
        self.make()
        insert = "insert into job (name, archive, settings, started) values (?, ?, ?, ?) on conflict do nothing"
        self.store.rows(insert, name, archive, settings, at)
        return JobRow(*self.store.rows("select * from job where name = ?", name)[0])

    def update(self, job: int, **values: str | int | None) -> None:
        """Change what is known of a job: columns of its row by name."""
        names = ", ".join(f"{name} = ?" for name in values)
        self.store.rows(f"update job set {names} where id = ?", *values.values(), job)  # noqa: S608  # our names

    def jobs(self) -> list[JobRow]:
        """Every job, in the order in which they were begun; none where there never was one."""
        if not self.store.rows("select 1 from sqlite_master where name = 'job'"):
            return []
        self.make()
        return [JobRow(*row) for row in self.store.rows("select * from job order by id")]

    def rows(self, job: int, table: str) -> Iterator[Row]:
        """The rows of a table (see tables/columns.py) of one job, one in memory at a time."""
        names = ", ".join(column.name for column in TABLES[table])
        order = _ORDER.get(table, "story, article, n")
        source = "unit where story != '' and" if table == "stories" else f"{table} where"  # the view has no number
        yield from self.store.each(f"select {names} from {source} job = ? order by {order}", job)  # noqa: S608  # our names

    def counts(self, job: int) -> dict[str, int]:
        """Status → how many records."""
        return dict(self.store.rows("select status, count(*) from entry where job = ? group by 1", job))

    def reasons(self, job: int, limit: int = 20) -> list[tuple[str, str, int, str]]:
        """(status, reason, how many records, the place of the first), the most frequent first."""
        query = """select status, reason, count(*), place, min(record) from entry
            where job = ?1 and reason is not null and status != 'waiting'
            group by status, reason order by count(*) desc, min(record) limit ?2"""  # place: that of the least record
        return [(str(a), str(b), int(c), str(d)) for a, b, c, d, _ in self.store.rows(query, job, limit)]

    def story_reasons(self, job: int, limit: int = 20) -> list[tuple[str, str, int, str]]:
        """(status, reason, how many stories, the first one's id), the most frequent first."""
        query = """select status, reason, count(*), story, min(abs(number)) from unit
            where job = ?1 and reason is not null and story != '' and status != 'waiting'
            group by status, reason order by count(*) desc, min(abs(number)) limit ?2"""  # story: that of the least
        return [(str(a), str(b), int(c), str(d)) for a, b, c, d, _ in self.store.rows(query, job, limit)]

    def stories(self, job: int) -> dict[tuple[str, str], int]:
        """(how it was found, status) → how many stories."""
        query = "select how, status, count(*) from unit where job = ? and story != '' group by 1, 2 order by 1, 2"
        return {(how, status): count for how, status, count in self.store.rows(query, job)}

    def links(self, job: int) -> Iterator[tuple[str, str, str, str, str]]:
        """(story, article, article, how, why) of each pair that was joined."""
        query = """select u.story, a.id, b.id, l.how, l.why from link l
            join piece a on a.job = l.job and a.record = l.one join piece b on b.job = l.job and b.record = l.other
            join member m on m.job = l.job and m.record = l.one join unit u on u.job = l.job and u.number = m.unit
            where l.job = ? order by l.one, l.other"""
        yield from self.store.each(query, job)

    def shelves(self, job: int) -> Shelves:
        """The records and articles of a job."""
        return Shelves(self.store, job)

    def units(self, job: int) -> Units:
        """The stories and single articles of a job."""
        return Units(self.store, job)

    def cost(self, job: int) -> Decimal | None:
        """What the answers of the units that are done cost, in US dollars, each once; None if not known of all."""
        unknown = "select 1 from unit where job = ? and status != 'waiting' and number > 0 and cost is null limit 1"
        if self.store.rows(unknown, job):
            return None
        return sum((Decimal(cost) for (cost,) in self.store.each(_PAID, job)), Decimal(0))

    def job(self, number: int) -> JobRow:
        """The job of this number, which there must be."""
        return JobRow(*self.store.rows("select * from job where id = ?", number)[0])


def _created(table: str) -> str:
    """A table of results: in the order of its stories and articles on disk."""
    columns = ", ".join(f"{c.name} {c.kind}{' not null' if c.name in _KEYS else ''}" for c in TABLES[table])
    return (
        f"create table if not exists {table} (job integer not null, {columns}, n integer not null, "
        "primary key (job, story, article, n)) without rowid"
    )


_KEYS: Sequence[str] = ("story", "article")
