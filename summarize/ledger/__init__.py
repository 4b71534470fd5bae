"""The ledger: one SQLite file that remembers each settled question, so that nothing is paid twice.

    settled       key, status, the whole as JSON (settled.py)        one row a question, the last settling wins
    trait         what a server at an address was found to bear      rung, window, cap, by model
    account       what a job has spent, in US dollars
    reservation   what it may spend on what is under way             outlives a killed process: then it counts as spent
    job …         what batch jobs hold and found                     see holdings.py

It is in WAL mode: any number of processes may share it; a question settled by another is found when it is
looked up. Each settling is one transaction, so that a process killed at any moment loses at most what was
under way. A file that is somebody else's is refused and never written to; damage is an error where it is met.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, MutableMapping
from contextlib import AbstractContextManager
from decimal import Decimal
from pathlib import Path

from summarize.ledger.holdings import Holdings
from summarize.ledger.store import Store
from summarize.ledger.turns import turn
from summarize.settled import DONE, Settled, line, of_line

__all__ = ["Holdings", "JobPurse", "Ledger", "Traits"]

_ALL = """select line from settled
where (?1 = '' or model = ?1) and (?2 = '' or status = ?2) and not (?3 and status = 'done')
order by at, key"""
_SPENT = "select amount from reservation where job = ?1 union all select spent from account where job = ?1"


class Ledger:
    """An open ledger; may be used from many threads.

    What was settled before `now` (ISO 8601, UTC) is not seen if `fresh`; it is replaced when it is settled
    anew. Raises LedgerError where `path` cannot be used.
    """

    def __init__(self, path: Path, *, now: str = "", fresh: bool = False) -> None:
        self.path, self.fresh, self._now = path, fresh, now
        self._store = Store(path)
        self.holdings = Holdings(self._store)

    def close(self) -> None:
        """Close the file."""
        self._store.close()

    def get(self, key: str, *, again: bool = False) -> Settled | None:
        """The settled question with this key, if there is one that counts: not an earlier failure if `again`."""
        rows = self._store.rows("select line, status, at from settled where key = ?", key)
        for text, status, at in rows:
            if at >= self._now or not (self.fresh or (again and status != DONE)):
                return self._of(text)
        return None

    def put(self, settled: Settled) -> None:
        """Remember a settled question."""
        self._store.rows("insert or replace into settled values (?, ?, ?, ?, ?, ?, ?)", *_row(settled))

    def turn(self, key: str, wait: Callable[[float], None]) -> AbstractContextManager[None]:
        """Hold a question alone among all processes that share the ledger (see turns.py)."""
        return turn(self.path, key, wait)

    def all(self, *, model: str = "", status: str = "", failed: bool = False) -> Iterator[Settled]:
        """Every settled question in the order of their settling, as of now, one in memory at a time.

        Only those of a `model` or with a `status`, where given; only those that are not done if `failed`.
        """
        for (text,) in self._store.each(_ALL, model, status, failed):
            yield self._of(text)

    def bring(self, settled: Iterable[Settled]) -> tuple[int, int]:
        """Add what is not there yet, or had failed; (how many were added, how many were there).

        All or, if `settled` raises on the way, nothing.
        """
        added = there = 0
        with self._store.transaction():
            for one in settled:
                rows = self._store.rows("select status from settled where key = ?", one.key)
                new = not rows or (rows[0][0] != DONE and one.status == DONE)
                if new:
                    self.put(one)
                added, there = added + new, there + (not new)
        return added, there

    def counts(self) -> dict[tuple[str, str], tuple[int, Decimal, int]]:
        """(model, status) → how many, what they cost in US dollars, and of how many that is not known."""
        found: dict[tuple[str, str], tuple[int, Decimal, int]] = {}
        for model, status, cost in self._store.each("select model, status, cost from settled"):
            many, dollars, unknown = found.get((model, status), (0, Decimal(0), 0))
            found[model, status] = (many + 1, dollars + Decimal(cost or 0), unknown + (cost is None))
        return dict(sorted(found.items()))

    def traits(self, base_url: str, model: str) -> Traits:
        """What is known of a server, as a mapping that is kept."""
        return Traits(self._store, base_url, model)

    def purse(self, job: str) -> JobPurse:
        """The account of a job."""
        return JobPurse(self._store, job)

    def _of(self, text: str) -> Settled:
        return of_line(text, str(self.path), "the file is damaged; give another: --ledger FILE")


def _row(settled: Settled) -> tuple[str, str, str, str, str, str | None, str]:
    cost = settled.reply.cost if settled.reply else None
    model = str(settled.identity.get("model", ""))
    told = None if cost is None else str(cost)
    return settled.key, settled.status, settled.at, model, " ".join(settled.sections), told, line(settled)


class Traits(MutableMapping[str, str]):
    """What a server at an address was found to bear; read once, written through."""

    def __init__(self, store: Store, base_url: str, model: str) -> None:
        self._store, self._of = store, (base_url, model)
        self._known = dict(store.rows("select name, value from trait where base_url = ? and model = ?", *self._of))

    def __getitem__(self, name: str) -> str:
        return str(self._known[name])

    def __setitem__(self, name: str, value: str) -> None:
        self._known[name] = value
        self._store.rows("insert or replace into trait values (?, ?, ?, ?)", *self._of, name, value)

    def __delitem__(self, name: str) -> None:
        del self._known[name]
        self._store.rows("delete from trait where base_url = ? and model = ? and name = ?", *self._of, name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


class JobPurse:
    """What one job has spent and reserved (see engines.budgeted.Purse)."""

    def __init__(self, store: Store, job: str) -> None:
        self._store, self._job = store, job

    def reserve(self, most: Decimal, limit: Decimal) -> int | None:
        """Reserve `most` within `limit`; the reservation, or None where too little is left."""
        with self._store.transaction():
            if self.spent() + most > limit:
                return None
            query = "insert into reservation (job, amount) values (?, ?) returning id"
            return int(self._store.rows(query, self._job, str(most))[0][0])

    def settle(self, reservation: int, spent: Decimal) -> None:
        """Replace a reservation by what was spent."""
        with self._store.transaction():
            self._store.rows("delete from reservation where id = ?", reservation)
            total = self._account() + spent
            self._store.rows("insert or replace into account values (?, ?)", self._job, str(total))

    def spent(self) -> Decimal:
        """All that is spent or reserved."""
        amounts = self._store.rows(_SPENT, self._job)  # in one look: what moves from one to the other counts once
        return sum((Decimal(amount) for (amount,) in amounts), Decimal(0))

    def _account(self) -> Decimal:
        rows = self._store.rows("select spent from account where job = ?", self._job)
        return Decimal(rows[0][0]) if rows else Decimal(0)
