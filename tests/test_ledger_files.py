"""A file that cannot serve as a ledger is one clear error, and stays as it was."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from remembered import settled

from summarize.errors import LedgerError
from summarize.ledger import Ledger
from summarize.ledger.store import VERSION

NOBODY = 65534


@contextmanager
def refused(path: Path, says: str) -> Iterator[None]:
    """What is done inside raises a LedgerError on `path` with a hint, and leaves the file's bytes alone."""
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(LedgerError, match=says) as caught:
        yield
    assert caught.value.where == str(path)
    assert caught.value.hint
    assert caught.value.exit_code == 12
    assert (path.read_bytes() if path.is_file() else None) == before


@contextmanager
def nobody() -> Iterator[None]:
    """Without root's right to write everywhere."""
    mine = os.geteuid()
    if mine == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(mine)


def filled(path: Path, rows: int = 50) -> Path:
    """A ledger of such many rows, some pages each."""
    ledger = Ledger(path)
    for i in range(rows):
        ledger.put(settled(f"k{i:04}", text="x" * 10_000))
    ledger.close()
    return path


def test_a_database_of_somebody_elses_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    with sqlite3.connect(path) as db:
        db.execute("create table settled (key text)")
    db.close()
    with refused(path, "no ledger of Retold's"):
        Ledger(path)


def test_a_database_of_somebody_elses_with_an_open_log_is_refused_and_the_log_stays(tmp_path: Path) -> None:
    path, log = tmp_path / "other.sqlite", tmp_path / "other.sqlite-wal"
    killed = (
        "import os, sqlite3, sys; db = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "db.execute('pragma journal_mode = wal'); db.execute('create table t (a)'); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", killed, str(path)], check=True)
    kept = log.read_bytes()
    assert kept
    with refused(path, "no ledger of Retold's"):
        Ledger(path)
    assert log.read_bytes() == kept


@pytest.mark.parametrize("text", [b"x", b"Not a database.\n" * 1000, b"SQLite format 3\0 and then none", b"\0" * 5000])
def test_a_file_that_is_no_database_is_refused(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "text.txt"
    path.write_bytes(text)
    with refused(path, "not a database|no ledger"):
        Ledger(path)


def test_an_empty_file_becomes_a_ledger(tmp_path: Path) -> None:
    path = tmp_path / "empty"
    path.touch()
    Ledger(path).close()
    assert path.stat().st_size


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with refused(tmp_path, "this is a folder"):
        Ledger(tmp_path)


def test_a_path_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with refused(tmp_path / "file" / "ledger.sqlite", "cannot be opened"):
        Ledger(tmp_path / "file" / "ledger.sqlite")


def test_a_newer_format_is_refused(tmp_path: Path) -> None:
    path = filled(tmp_path / "ledger.sqlite", 1)
    with sqlite3.connect(path) as db:
        db.execute(f"pragma user_version = {VERSION + 1}")
        db.execute("pragma wal_checkpoint")
    db.close()
    with refused(path, f"format {VERSION + 1}, not {VERSION}"):
        Ledger(path)


@pytest.mark.skipif(sys.platform == "win32", reason="folders there have no such modes")
@pytest.mark.parametrize("there", [True, False])
def test_a_folder_that_may_not_be_written_is_refused(*, there: bool) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "ledger.sqlite"
        if there:
            filled(path, 1)
        folder.chmod(0o555)
        with nobody(), refused(path, "cannot be used: "):
            Ledger(path)
        folder.chmod(0o755)


def read_all(path: Path) -> None:
    """Everything that a run or a command reads of a ledger."""
    ledger = Ledger(path)
    try:
        for one in ledger.all():
            ledger.get(one.key)
        ledger.counts()
    finally:
        ledger.close()


def test_a_ledger_with_zeros_written_over_its_middle_is_refused(tmp_path: Path) -> None:
    path = filled(tmp_path / "ledger.sqlite")
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 3)
        file.write(bytes(path.stat().st_size // 3))
    with refused(path, "malformed|no settled question"):
        read_all(path)


DAMAGED = st.tuples(st.floats(0, 1), st.integers(1, 60_000), st.sampled_from([b"\0", b"\xff", b"["]))


@hypothesis_settings(max_examples=60)
@given(DAMAGED)
def test_wherever_a_ledger_is_damaged_reading_it_is_at_worst_a_ledger_error(damage: tuple[float, int, bytes]) -> None:
    share, length, byte = damage
    with TemporaryDirectory() as name:
        path = Path(name) / "ledger.sqlite"
        path.write_bytes(SOUND)
        at = int(share * len(SOUND))
        raw = SOUND[:at] + byte * min(length, len(SOUND) - at) + SOUND[at + length :]
        path.write_bytes(raw)
        try:
            read_all(path)
        except LedgerError as error:
            assert (error.where, bool(error.hint)) == (str(path), True)  # noqa: PT017  # either is right
        assert path.read_bytes() == raw


def test_a_damaged_ledger_is_not_made_worse_by_putting_into_it(tmp_path: Path) -> None:
    path = filled(tmp_path / "ledger.sqlite")
    raw = path.read_bytes()
    page = int.from_bytes(raw[16:18], "big")
    path.write_bytes(raw[:page] + b"\xff" * (len(raw) - page))
    with refused(path, "malformed"):
        Ledger(path).put(settled("new"))


def _sound() -> bytes:
    with TemporaryDirectory() as name:
        return filled(Path(name) / "ledger.sqlite").read_bytes()


SOUND = _sound()
