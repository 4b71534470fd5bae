"""What comes in: every record of an archive in its place, every text once.

Records are taken in the order of the archive, many in one transaction, and `taken` in the job's row says how far
that is: a killed intake goes on there. A record that says the same as an earlier one (its text, and who published
it where and when) is a duplicate of that.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from summarize.ledger.store import Store
from summarize.news import Version
from summarize.text.span import Span

WAITING: Final = "waiting"
NOT_DRAWN: Final = "not in the sample"
_PAGE = 200  # articles read from the file at a time
_LONGEST = 200  # code points of an id
_ALL_OF = ("link", "member", "unit", "paid", "piece", "entry")
# by its index: SQLite, knowing nothing of how many there are, would look through all of the job
_KIN = "select id, record from piece indexed by piece_kin where job = ? and kin = ? order by record limit 1"
_PIECE = """p.record, b.text, p.id, p.label, p.headline, p.outlet, p.published, p.url, p.given, p.body_start,
    p.headline_start, p.headline_end, p.flags"""


@dataclass(frozen=True, slots=True)
class Taken:
    """A record that was looked at: its `version`, or its `status` ("failed", "skipped") and the reason."""

    record: int
    place: str
    version: Version | None = None
    status: str = WAITING
    reason: str | None = None


class Shelves:
    """The records and articles of one job."""

    def __init__(self, store: Store, job: int) -> None:
        self._store, self.job = store, job

    def clear(self, fingerprint: str, tables: Sequence[str]) -> None:
        """Forget all that was taken and found (`tables` of results too): the archive is another one now.

        A table at a time, so that nobody waits long for the file; until all is gone the job has no fingerprint, and
        whoever finds it so clears it again.
        """
        begun = "update job set fingerprint = ?, taken = 0, whole = 0, phase = 'intake', ended = null where id = ?"
        self._store.rows(begun, "", self.job)
        if self._store.rows("select 1 from piece where job = ? limit 1", self.job):
            self._store.rows(
                """delete from body where sha256 in (select sha256 from piece where job = ?1)
                and sha256 not in (select sha256 from piece where job != ?1)""",
                self.job,
            )
        for table in (*tables, *_ALL_OF):
            self._store.rows(f"delete from {table} where job = ?", self.job)  # noqa: S608  # our names
        self._store.rows(begun, fingerprint, self.job)

    def take(self, records: Sequence[Taken]) -> None:
        """Put records in their places, all or none; what is new is still to be grouped."""
        with self._store.transaction():
            for taken in records:
                self._put(taken)
            taken_in = "update job set taken = max(taken, ?), phase = 'intake', ended = null where id = ?"
            self._store.rows(taken_in, records[-1].record, self.job)

    def failed(self, record: int = 0) -> bool:
        """Whether this record (0: any) failed when it was looked at."""
        query = "select 1 from entry where job = ? and status = 'failed' and stage = 'intake'"
        if record:
            return bool(self._store.rows(f"{query} and record = ?", self.job, record))
        return bool(self._store.rows(f"{query} limit 1", self.job))

    def draw(self, sample: int | None) -> int:
        """Leave aside all articles but a sample of so many, the same each time; how many changed.

        Drawn by the digest of what they say, so that their order in the archive does not matter. None: all are in.
        What changed is still to be grouped.
        """
        with self._store.transaction():
            changed = self._all_in() if sample is None else self._drawn(sample)
            if changed:
                self._store.rows("update job set phase = 'grouping', ended = null where id = ?", self.job)
        return changed

    def _all_in(self) -> int:
        back = """update entry set status = 'waiting', reason = null, stage = 'intake' where job = ?
            and status = 'skipped' and stage = 'sample'"""
        return self._changed(back, self.job)

    def _drawn(self, sample: int) -> int:
        self._store.rows("create temp table if not exists drawn (record integer primary key)")
        self._store.rows("delete from drawn")
        lot = """insert into drawn select e.record from entry e join piece p on p.job = e.job and p.record = e.record
            where e.job = ?1 and (e.status in ('waiting', 'ok') or e.stage in ('reading', 'sample'))
            order by p.draw, e.record limit ?2"""
        self._store.rows(lot, self.job, sample)
        out = """update entry set status = 'skipped', reason = ?2, stage = 'sample' where job = ?1
            and (status in ('waiting', 'ok') or stage = 'reading') and record not in drawn"""
        unseen = """update piece set found = null where job = ?1 and found is not null and record not in drawn"""
        back = """update entry set status = 'waiting', reason = null, stage = 'intake' where job = ?1
            and status = 'skipped' and stage = 'sample' and record in drawn"""
        changed = self._changed(out, self.job, NOT_DRAWN)
        if changed:
            self._store.rows(unseen, self.job)
        return changed + self._changed(back, self.job)

    def _changed(self, query: str, *values: object) -> int:
        """Carry out a change; of how many rows."""
        self._store.rows(query, *values)
        return int(self._store.rows("select changes()")[0][0])

    def articles(self) -> Iterator[tuple[int, Version]]:
        """The articles that are to be read, by record; a few in memory at a time."""
        query = f"""select {_PIECE} from piece p join body b on b.sha256 = p.sha256
            join entry e on e.job = p.job and e.record = p.record
            where p.job = ? and p.record > ? and e.status in ('waiting', 'ok', 'failed')
            order by p.record limit {_PAGE}"""  # noqa: S608  # our words
        last = 0
        while page := self._store.rows(query, self.job, last):
            for row in page:
                yield row[0], version_of(row)
            last = page[-1][0]

    def members(self, unit: int) -> list[tuple[int, Version]]:
        """The articles of a unit, by record."""
        # in this order: SQLite would go through all pieces of the job for the members of one unit
        query = f"""select {_PIECE} from member m cross join piece p on p.job = m.job and p.record = m.record
            cross join body b on b.sha256 = p.sha256 where m.job = ? and m.unit = ? order by m.record"""  # noqa: S608  # our words
        return [(row[0], version_of(row)) for row in self._store.rows(query, self.job, unit)]

    def _put(self, taken: Taken) -> None:
        entry = "insert or replace into entry values (?, ?, ?, ?, ?, ?, 'intake')"
        version = taken.version
        if version is None:
            self._store.rows(entry, self.job, taken.record, taken.place, taken.status, taken.reason, None)
            return
        version = storable(version)
        kin = _kin(version)
        known = self._store.rows(_KIN, self.job, kin)
        if known and known[0][1] != taken.record:
            reason = f"the same as record {known[0][1]}"
            self._store.rows(entry, self.job, taken.record, taken.place, "duplicate", reason, known[0][0])
            return
        ident = self._free(version.id, taken.record)
        self._store.rows(entry, self.job, taken.record, taken.place, WAITING, None, ident)
        self._store.rows("insert or ignore into body values (?, ?, ?)", version.digest, version.text, len(version.text))
        head = version.headline_span
        self._store.rows(
            "insert or replace into piece values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, null)",
            self.job, taken.record, ident, version.digest, version.label, version.headline, version.outlet,
            version.published, version.url, version.story, version.body_start, head.start if head else None,
            head.end if head else None, json.dumps(version.flags, ensure_ascii=False), kin,
            hashlib.sha256(f"drawn {kin}".encode()).hexdigest()[:16],
        )  # fmt: skip

    def _free(self, wanted: str, record: int) -> str:
        """An id that no other article of the job has."""
        ident = "".join(c if c.isprintable() else " " for c in wanted)
        ident = " ".join(ident.split())[:_LONGEST] or f"record {record}"
        while (known := self._store.rows("select record from piece where job = ? and id = ?", self.job, ident)) and (
            known[0][0] != record
        ):
            ident = f"{ident[:_LONGEST]} ({record})"
        return ident


def version_of(row: Sequence[object]) -> Version:
    """The version that is told by a row of what _PIECE selects."""
    text, ident, label, headline, outlet, published, url, given, body, start, end, flags = row[1:]
    span = Span(start, end) if isinstance(start, int) and isinstance(end, int) else None
    known = {"headline": headline, "outlet": outlet, "published": published, "url": url, "story": given}
    return Version(
        str(text), str(ident), str(label), body_start=int(str(body)), headline_span=span,
        flags=tuple(json.loads(str(flags))), **{k: None if v is None else str(v) for k, v in known.items()},
    )  # fmt: skip


def storable(version: Version) -> Version:
    """`version` without half surrogate pairs, which nothing can hold: one for one, so that no offset moves."""
    try:
        version.text.encode()
    except UnicodeEncodeError:
        text = "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in version.text)
        return replace(version, text=text, flags=(*version.flags, "half characters are shown as \ufffd"))
    return version


def _kin(version: Version) -> str:
    """What two records have in common that say the same."""
    known = [version.digest, version.headline, version.outlet, version.published, version.url, version.story]
    return hashlib.sha256(json.dumps(known).encode()).hexdigest()[:32]
