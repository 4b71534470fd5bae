"""What waits for a provider's batch, in the ledger's file: lines, one a question, and the parcels they are sent in.

    queued ─ gather ─▶ sent in a parcel: gathered ─▶ uploaded ─▶ created ─ harvest ─▶ answered, or queued again
                                            ╰─────── give_back ──────────────────────▶ queued again

A line has the key of its question, so that a question waits once, whoever asks it. Each step is one transaction,
laid down before the next thing is done over the network: a process killed at any moment loses nothing, and the next
one goes on from the parcel's state. An answer lies here until it is settled. `scope` says whose lines are meant: those
that a run has asked for since it began, so that what an abandoned run had queued is not sent.

Money: a parcel's reservation (see JobPurse) is made in the transaction that gathers it, and settled in that which
harvests it.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from summarize.engines.openai import Form
from summarize.ledger import JobPurse
from summarize.ledger.turns import turn
from summarize.ledger.waiting import Harvest, Keyed, Line, Load, Parcel, Verdict

if TYPE_CHECKING:
    from summarize.ledger.store import Store

_TABLES: Final = """
create table if not exists parcel (
    id integer primary key, ours text not null unique, job text not null, state text not null, file_id text not null,
    batch_id text not null, reservation integer, lines integer not null, at text not null
);
create table if not exists parcel_line (
    seq integer primary key, key text not null unique, scope text not null, parcel integer, tries integer not null,
    rung text not null, cap text not null, output integer not null, size integer not null, most text,
    status integer, at text not null, body blob, answer text
);
create index if not exists parcel_line_sent on parcel_line (parcel, seq) where parcel is not null;
create index if not exists parcel_line_queued on parcel_line (scope, seq) where parcel is null and status is null
""".split(";")
_AROUND: Final = 200  # bytes of a line around its body
_TURN: Final = hashlib.sha256(b"who sends parcels").hexdigest()
_PARCEL: Final = "id, ours, job, state, file_id, batch_id, lines, at"
_LINE: Final = "key, scope, parcel, tries, rung, cap, output, most, status, answer"
_QUEUED: Final = "scope = ? and parcel is null and status is null"


K = TypeVar("K", bound=Keyed)


class Parcels:
    """The lines and parcels of a ledger; may be used from many threads. Raises LedgerError, as the store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        for table in _TABLES:
            store.rows(table)

    @property
    def folder(self) -> Path:
        """Where the ledger lies: there is room for what comes."""
        return self._store.path.parent

    def turn(self, wait: Callable[[float], None]) -> AbstractContextManager[None]:
        """One process at a time sends parcels; `wait` is called with seconds while another does."""
        return turn(self._store.path, _TURN, wait)

    def line(self, key: str) -> Line | None:
        """The line of a question, if it has one."""
        rows = self._store.rows(f"select {_LINE} from parcel_line where key = ?", key)  # noqa: S608  # ours
        return _line(rows[0]) if rows else None

    def queue(self, line: Line, body: bytes) -> None:
        """Queue a question with the `body` that asks it, in place of what was queued for it."""
        most = None if line.most is None else str(line.most)
        query = """insert into parcel_line (key, scope, tries, rung, cap, output, most, body, size, at)
            values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) on conflict (key) do update
            set scope = ?2, rung = ?4, cap = ?5, output = ?6, most = ?7, body = ?8, size = ?9, at = ?10
            where parcel is null and status is null"""
        form = (line.form.rung, line.form.cap, line.form.output)
        self._store.rows(query, line.key, line.scope, line.tries, *form, most, zlib.compress(body), len(body), self._at)

    def ask_for(self, key: str, scope: str) -> None:
        """A queued or sent line is waited for by this scope."""
        self._store.rows("update parcel_line set scope = ? where key = ?", scope, key)

    def forget_settled(self) -> None:
        """Let go of lines whose questions have been settled since they were laid down."""
        self._store.rows(
            """delete from parcel_line where parcel is null and exists
            (select 1 from settled where settled.key = parcel_line.key and settled.at >= parcel_line.at)"""
        )

    def queued(self, scope: str) -> tuple[int, Decimal | None]:
        """How many lines are queued, and how many US dollars the first can cost at most."""
        (count,) = self._store.rows(f"select count(*) from parcel_line where {_QUEUED}", scope)[0]  # noqa: S608  # ours
        rows = self._store.rows(f"select most from parcel_line where {_QUEUED} order by seq limit 1", scope)  # noqa: S608  # ours
        return count, Decimal(rows[0][0]) if rows and rows[0][0] is not None else None

    def left(self, load: Load) -> Decimal:
        """US dollars that are neither spent nor reserved of the limit."""
        return (load.limit or Decimal(0)) - JobPurse(self._store, load.job).spent()

    def waiting(self, scope: str) -> list[Parcel]:
        """The parcels that have lines of this scope and are not harvested, in the order of their making."""
        query = f"""select {_PARCEL} from parcel where state <> 'harvested' and exists
            (select 1 from parcel_line where parcel = parcel.id and scope = ?) order by id"""  # noqa: S608  # ours
        return [Parcel(*row) for row in self._store.rows(query, scope)]

    def gather(self, scope: str, load: Load, ours: str) -> Parcel | None:
        """A parcel of the first queued lines, as many as `load` allows; None where not even one is allowed."""
        with self._store.transaction():
            count, last, most = self._first(scope, load)
            if not count:
                return None
            reservation = None
            if load.limit is not None:
                query = "insert into reservation (job, amount) values (?, ?) returning id"
                reservation = self._store.rows(query, load.job, str(most))[0][0]
            query = f"""insert into parcel (ours, job, state, file_id, batch_id, reservation, lines, at)
                values (?, ?, 'gathered', '', '', ?, ?, ?) returning {_PARCEL}"""  # noqa: S608  # ours
            parcel = Parcel(*self._store.rows(query, ours, load.job, reservation, count, self._at)[0])
            taken = f"update parcel_line set parcel = ? where {_QUEUED} and seq <= ?"  # noqa: S608  # ours
            self._store.rows(taken, parcel.id, scope, last)
            return parcel

    def lines(self, parcel: Parcel) -> Iterator[tuple[str, bytes]]:
        """The key and body of each line in a parcel, in its order, one in memory at a time."""
        for key, body in self._store.each("select key, body from parcel_line where parcel = ? order by seq", parcel.id):
            yield key, zlib.decompress(body)

    def uploaded(self, parcel: Parcel, file_id: str) -> Parcel:
        """Its file is with the provider."""
        return self._moved(parcel, "state = 'uploaded', file_id = ?", file_id)

    def created(self, parcel: Parcel, batch_id: str) -> Parcel:
        """Its batch is with the provider."""
        return self._moved(parcel, "state = 'created', batch_id = ?", batch_id)

    def give_back(self, parcel: Parcel, *, tries: int, kept: bool, only: Iterable[int] = ()) -> Harvest | None:
        """Queue all lines of a parcel that will not be answered; nothing was spent. None if it is harvested already.

        `tries` are added to those lines whose number in the file (from 1) is in `only`, to all of them without it.
        `kept`: the others stay in their scope, to be gathered at once; else all wait to be asked for again.
        """
        with self._store.transaction():
            if not self._ended(parcel, Decimal(0)):
                return None
            numbers = {number for number in only if 1 <= number <= parcel.lines}
            for number in numbers:
                query = """update parcel_line set scope = '', tries = tries + ? where seq =
                    (select seq from parcel_line where parcel = ? order by seq limit 1 offset ?)"""
                self._store.rows(query, tries, parcel.id, number - 1)
            back = """update parcel_line set parcel = null, tries = tries + ?, scope = iif(?, scope, '')
                where parcel = ?"""
            self._store.rows(back, 0 if numbers else tries, kept, parcel.id)
            return Harvest(requeued=parcel.lines)

    def harvest(
        self, parcel: Parcel, delivered: Iterable[K], judge: Callable[[Line, K], Verdict], *, lost: bool
    ) -> Harvest | None:
        """Lay down what came of each line, in one transaction; None if it was harvested already.

        Of several lines with one key the first counts. Lines that did not come are queued again, and count as paid
        if `lost`.
        """
        with self._store.transaction():
            if self._store.rows("select state from parcel where id = ?", parcel.id) != [("created",)]:
                return None
            found = Harvest()
            for one in delivered:
                query = f"select {_LINE} from parcel_line where key = ? and parcel = ?"  # noqa: S608  # ours
                rows = self._store.rows(query, one.key, parcel.id)
                if not rows:
                    found.strange += 1
                    continue
                self._lay_down(_line(rows[0]), judge(_line(rows[0]), one), found)
            self._missing(parcel, found, Verdict(spent=None if lost else Decimal(0)))
            self._ended(parcel, found.spent)
            return found

    def _missing(self, parcel: Parcel, found: Harvest, verdict: Verdict) -> None:
        while rows := self._store.rows(f"select {_LINE} from parcel_line where parcel = ? limit 500", parcel.id):  # noqa: S608  # ours
            for row in rows:
                self._lay_down(_line(row), verdict, found)

    def _lay_down(self, line: Line, verdict: Verdict, found: Harvest) -> None:
        spent = line.most if verdict.spent is None else verdict.spent
        found.spent += spent or Decimal(0)
        if verdict.status is not None:
            query = "update parcel_line set parcel = null, body = null, status = ?, answer = ?, at = ? where key = ?"
            self._store.rows(query, verdict.status, verdict.answer, self._at, line.key)
            found.answered += 1
            found.failed += verdict.status != 200  # noqa: PLR2004  # HTTP's "OK"
            return
        query = "update parcel_line set parcel = null, scope = '', tries = tries + ? where key = ?"
        self._store.rows(query, int(verdict.tried), line.key)
        found.requeued += 1

    def _first(self, scope: str, load: Load) -> tuple[int, int, Decimal]:
        """How many of the queued lines fit, the number of the last one, and what they can cost."""
        room = self.left(load) if load.limit is not None else None
        count = size = last = 0
        most = Decimal(0)
        query = f"select seq, size, most from parcel_line where {_QUEUED} order by seq limit ?"  # noqa: S608  # ours
        for seq, bytes_, dear in self._store.rows(query, scope, load.lines):
            size += bytes_ + _AROUND
            dollars = most + Decimal(dear or 0)
            if (count and size > load.size) or (room is not None and dollars > room):
                break
            count, last, most = count + 1, seq, dollars
        return count, last, most

    def _moved(self, parcel: Parcel, change: str, *values: object) -> Parcel:
        query = f"update parcel set {change} where id = ? returning {_PARCEL}"  # noqa: S608  # ours
        return Parcel(*self._store.rows(query, *values, parcel.id)[0])

    def _ended(self, parcel: Parcel, spent: Decimal) -> bool:
        """Mark it as harvested and settle its reservation, inside a transaction; False if it was."""
        query = "update parcel set state = 'harvested' where id = ? and state <> 'harvested' returning reservation, job"
        for reservation, job in self._store.rows(query, parcel.id):
            if reservation is not None:
                self._store.rows("delete from reservation where id = ?", reservation)
                rows = self._store.rows("select spent from account where job = ?", job)
                total = (Decimal(rows[0][0]) if rows else Decimal(0)) + spent
                self._store.rows("insert or replace into account values (?, ?)", job, str(total))
            return True
        return False

    @property
    def _at(self) -> str:
        return datetime.now(UTC).isoformat(timespec="microseconds")


def _line(row: tuple[object, ...]) -> Line:
    key, scope, parcel, tries, rung, cap, output, most, status, answer = row
    dollars = None if most is None else Decimal(str(most))
    form = Form(rung, cap, output)  # type: ignore[arg-type]  # as stored
    return Line(key, scope, parcel, tries, form, dollars, status, answer)  # type: ignore[arg-type]  # as stored
