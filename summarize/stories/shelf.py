"""One file of SQLite that holds what is known of each article while stories are looked for, and is thrown away.

It is why memory stays flat: whatever grows with the archive is in it, and its cache has a fixed size. Nothing in it
outlives a run, so that nothing is journalled nor waited for.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from summarize.errors import RetoldError

_APPLICATION: Final = 0x5254_5354  # "RTST": tells our files from other SQLite files
_CACHE = 24_000  # kibibytes
_DRAWN = 256  # rows at a time
_TABLES = """
create table article (number integer primary key, key blob not null, story blob, address blob, digest blob not null);
create table raw (number integer primary key, minute integer, key blob not null, terms text not null,
    weights blob not null, hashes blob not null, shingles integer not null);
create table ranked (rank integer primary key, number integer not null, minute integer, codes blob not null,
    weights blob not null, hashes blob not null, shingles integer not null, words text not null);
create table loose_posting (term integer not null, rank integer not null, weight integer not null);
create table posting (term integer not null, rank integer not null, weight integer not null,
    primary key (term, rank)) without rowid;
create table loose_shingle (hash integer not null, rank integer not null);
create table loose_pair (a integer not null, b integer not null);
create table pair (a integer not null, b integer not null, primary key (a, b)) without rowid;
create table link (ratio integer not null, a integer not null, b integer not null);
create table cluster (rank integer primary key, head integer not null);
create index clusters on cluster (head, rank);
create table story (first integer primary key, how text not null, revisions integer not null, why text not null,
    name blob not null);
create table member (number integer primary key, first integer not null);
create index members on member (first, number)
"""


class Shelf:
    """The file at `path`, made anew, or a temporary one. Raises RetoldError where it cannot be written or read."""

    def __init__(self, path: Path | None = None) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="retold-stories-") if path is None else None
        self.path = Path(self._folder.name) / "stories.sqlite" if self._folder else Path(path or "")
        self._db: sqlite3.Connection | None = None
        try:
            self._remove()
            self._db = sqlite3.connect(self.path, isolation_level=None)
            for pragma in (
                "page_size=16384",
                "journal_mode=off",
                "synchronous=off",
                "locking_mode=exclusive",
                "temp_store=file",
            ):
                self._db.execute(f"pragma {pragma}")
            self._db.execute(f"pragma cache_size=-{_CACHE}")
            self._db.execute(f"pragma application_id={_APPLICATION}")
            self._db.executescript(_TABLES)
            self._db.execute("begin")  # one for all: each by itself would be written out by itself
        except (sqlite3.Error, OSError) as error:
            self._discard()
            raise self._unusable(error) from error
        except BaseException:
            self._discard()
            raise

    def close(self) -> None:
        """Close the file and throw it away."""
        if self._db is not None:
            self._discard()
            self._remove()

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:  # Any: what SQLite holds
        """All rows that `query` gives or, for a change, none."""
        try:
            return self._open.execute(query, values).fetchall()
        except sqlite3.IntegrityError as error:
            raise ValueError(str(error)) from error
        except (sqlite3.Error, OSError) as error:
            raise self._unusable(error) from error

    def each(self, query: str) -> Iterator[tuple[Any, ...]]:
        """The rows that `query` gives, some at a time; what it reads must not be changed meanwhile."""
        try:
            cursor = self._open.execute(query)
            while drawn := cursor.fetchmany(_DRAWN):
                yield from drawn
        except (sqlite3.Error, OSError) as error:
            raise self._unusable(error) from error

    def put(self, query: str, rows: Iterable[tuple[object, ...]]) -> None:
        """Carry out a change for each of `rows`."""
        try:
            self._open.executemany(query, rows)
        except (sqlite3.Error, OSError) as error:
            raise self._unusable(error) from error

    @property
    def _open(self) -> sqlite3.Connection:
        if self._db is None:
            raise ValueError("the stories are closed")
        return self._db

    def _discard(self) -> None:
        if self._db is not None:
            self._db.close()
            self._db = None
        if self._folder is not None:
            self._folder.cleanup()

    def _remove(self) -> None:
        """Take away a file of ours that a run left behind; another one is not ours to take."""
        if self._folder is not None or not self.path.exists():
            return
        with self.path.open("rb") as file:
            head = file.read(72)  # where SQLite has the application's number
        if head and head[68:] != _APPLICATION.to_bytes(4, "big"):
            raise RetoldError("this is another file", where=str(self.path), hint="give the path of a new one")
        self.path.unlink()

    def _unusable(self, error: Exception) -> RetoldError:
        hint = "make room there, or set TMPDIR to a larger disk" if self._folder else "give another path"
        return RetoldError(f"stories cannot be kept on disk: {error}", where=str(self.path), hint=hint)
