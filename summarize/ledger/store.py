"""The SQLite file itself: ours or refused, one connection for all threads, faults as LedgerError."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from summarize.errors import LedgerError

APPLICATION: Final = 0x52544C44  # "RTLD": tells our files from other SQLite files
VERSION: Final = 1
_BUSY = 60.0  # seconds to wait for another process's transaction
_TRIES = 3_000  # in that time
_TABLES = """
create table settled (
    key text primary key, status text not null, at text not null, model text not null, sections text not null,
    cost text, line text not null
);
create table trait (
    base_url text not null, model text not null, name text not null, value text not null,
    primary key (base_url, model, name)
) without rowid;
create table account (job text primary key, spent text not null) without rowid;
create table reservation (id integer primary key, job text not null, amount text not null)
""".split(";")


class Store:
    """An open file at `path`, made if there is none. Raises LedgerError where it cannot be used."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        with self._guarded():
            self._refuse_others()
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, timeout=_BUSY, isolation_level=None, check_same_thread=False)
            try:
                self._prepare()
            except BaseException:
                self._db.close()
                raise

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:  # Any: what SQLite holds
        """All rows that `query` gives or, for a change, none."""
        with self._lock:  # what _guarded does, without the cost of a generator for each question
            try:
                return self._db.execute(query, _storable(values)).fetchall()
            except sqlite3.Error as error:
                raise self._unusable(error) from error

    def each(self, query: str, *values: object) -> Iterator[tuple[Any, ...]]:
        """The rows that `query` gives, one at a time, as they were when the first was read.

        Over a connection of its own: what is written meanwhile, by this process too, is not among them.
        """
        with self._guarded():
            db = sqlite3.connect(self.path, timeout=_BUSY, isolation_level=None, check_same_thread=False)
        with closing(db):
            with self._guarded():
                cursor = db.execute(query, _storable(values))
            while True:
                with self._guarded():
                    row = cursor.fetchone()
                if row is None:
                    return
                yield row

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """The write lock from the start, so that what is read is still so when it is written."""
        with self._guarded():
            self._db.execute("begin immediate")
            try:
                yield
                self._db.execute("commit")
            except BaseException:
                if self._db.in_transaction:  # on a full disk SQLite may have rolled back by itself
                    self._db.execute("rollback")
                raise

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        with self._lock:
            try:
                yield
            except sqlite3.Error as error:
                raise self._unusable(error) from error
            except OSError as error:
                what = f"the ledger cannot be opened: {error.strerror or error}"
                raise LedgerError(what, where=str(self.path), hint=_hint("")) from error

    def _unusable(self, error: sqlite3.Error) -> LedgerError:
        return LedgerError(f"the ledger cannot be used: {error}", where=str(self.path), hint=_hint(str(error)))

    def _refuse_others(self) -> None:
        """Raise LedgerError for what is not ours, read in a way that changes nothing of it.

        An ordinary connection would not do: its end alone moves another program's log into the file.
        """
        if not self.path.exists():
            return
        if self.path.is_dir() or self.path.stat().st_size == 1:  # SQLite takes one byte for nothing
            what = "this is a folder, no ledger" if self.path.is_dir() else "this is no ledger"
            raise LedgerError(what, where=str(self.path), hint=_hint(""))
        only_read = f"{self.path.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(only_read, timeout=_BUSY, isolation_level=None, uri=True)) as db:
            db.execute("begin")  # one look: another process may be making it
            self._is_ours(db)

    def _prepare(self) -> None:
        """Make what is missing."""
        self._share()
        self.rows("pragma synchronous = normal")  # a killed process loses nothing, a power cut the last at most
        with self.transaction():
            if not self._is_ours(self._db):  # another process may have made it meanwhile
                for table in _TABLES:
                    self.rows(table)
                self.rows(f"pragma application_id = {APPLICATION}")
                self.rows(f"pragma user_version = {VERSION}")

    def _share(self) -> None:
        """WAL mode. SQLite does not wait by itself where two processes make one file at once, so we do."""
        with self._guarded():
            for left in range(_TRIES, -1, -1):
                try:
                    self._db.execute("pragma journal_mode = wal").fetchall()
                except sqlite3.OperationalError as error:
                    if not left or error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                        raise
                    threading.Event().wait(_BUSY / _TRIES)
                else:
                    return

    def _is_ours(self, db: sqlite3.Connection) -> bool:
        """True for a ledger, False for a file that is still empty. Raises LedgerError for anything else."""
        filled = db.execute("select 1 from sqlite_master limit 1").fetchone() is not None
        ours = bool(db.execute("pragma application_id").fetchone()[0] == APPLICATION)
        (version,) = db.execute("pragma user_version").fetchone()
        if filled and not ours:
            raise LedgerError("this is a database, but no ledger of Retold's", where=str(self.path), hint=_hint(""))
        if ours and version != VERSION:
            what = f"this ledger is of another Retold (format {version}, not {VERSION})"
            raise LedgerError(what, where=str(self.path), hint="upgrade, or give another file: --ledger FILE")
        return ours


def _hint(said: str) -> str:
    if "full" in said or "disk I/O" in said:
        return "is the disk full? make room; nothing settled is lost"
    if "locked" in said:
        return "another process holds it; try again when it is done"
    return "give another file: --ledger FILE"


def _storable(values: Sequence[object]) -> list[object]:
    """`values` without what no UTF-8 can hold: half a surrogate pair, as in a broken emoji or file name."""
    return [v.encode("utf-8", "backslashreplace").decode() if isinstance(v, str) else v for v in values]
