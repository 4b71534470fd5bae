"""The SQLite file itself: ours or refused, one connection for all threads, faults as LedgerError."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from summarize.errors import LedgerError

APPLICATION: Final = 0x52544C44  # "RTLD": tells our files from other SQLite files
VERSION: Final = 1
_BUSY = 60.0  # seconds to wait for another process's transaction
_TABLES = """
create table settled (
    key text primary key, status text not null, at text not null, model text not null, sections text not null,
    cost text, line text not null
) without rowid;
create index settled_at on settled (at);
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
        with self._guarded():
            return self._db.execute(query, values).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """The write lock from the start, so that what is read is still so when it is written."""
        with self._guarded():
            self._db.execute("begin immediate")
            try:
                yield
            except BaseException:
                self._db.execute("rollback")
                raise
            self._db.execute("commit")

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        with self._lock:
            try:
                yield
            except sqlite3.Error as error:
                room = "full" in str(error) or "disk I/O" in str(error)
                hint = "make room on the disk; nothing settled is lost" if room else "give another file: --ledger FILE"
                raise LedgerError(f"the ledger cannot be used: {error}", where=str(self.path), hint=hint) from error
            except OSError as error:
                reason = error.strerror or str(error)
                raise LedgerError(f"the ledger cannot be opened: {reason}", where=str(self.path)) from error

    def _prepare(self) -> None:
        """Refuse what is not ours before anything is written; then make what is missing."""
        if not self._is_ours() and self.rows("select 1 from sqlite_master limit 1"):
            what = "this is a database, but no ledger of Retold's"
            raise LedgerError(what, where=str(self.path), hint="give another file: --ledger FILE")
        self.rows("pragma journal_mode = wal")
        self.rows("pragma synchronous = normal")  # a killed process loses nothing, a power cut the last at most
        with self.transaction():
            if not self._is_ours():  # another process may have made it meanwhile
                for table in _TABLES:
                    self.rows(table)
                self.rows(f"pragma application_id = {APPLICATION}")
                self.rows(f"pragma user_version = {VERSION}")

    def _is_ours(self) -> bool:
        ours = bool(self._pragma("application_id") == APPLICATION)
        if ours and self._pragma("user_version") != VERSION:
            what = f"this ledger is of another Retold (format {self._pragma('user_version')}, not {VERSION})"
            raise LedgerError(what, where=str(self.path), hint="upgrade, or give another file: --ledger FILE")
        return ours

    def _pragma(self, name: str) -> int:
        return int(self.rows(f"pragma {name}")[0][0])
