"""A batch that is killed again and again, at any moment, ends with the tables of one that was left alone.

RETOLD_KILLS says how often it is killed (10, if it is not set).
"""

from __future__ import annotations

import os
import random
import resource
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from chat_client import connection, get
from fault_server import FaultServer, delayed
from newsroom import batch, jsonl, rows, statuses, table

from summarize.tables.columns import RESULTS

STORIES, HANDS = 12, 4
KILLS = int(os.environ.get("RETOLD_KILLS", "10"))  # before the environment is cleaned of Retold's variables
TABLES = ("records", "articles", "stories", *RESULTS)


def command(server: FaultServer, *more: str) -> list[str]:
    """A batch that asks `server`."""
    whom = ("--model", "fake-1", "--base-url", server.base_url, "--hands", str(HANDS), "--timeout", "10")
    return [sys.executable, "-m", "summarize", "batch", "a.jsonl", "--ledger", "l.sqlite", *whom, *more]


def killed(args: list[str], folder: Path, after: float, until: Callable[[], bool] = lambda: True) -> int | None:
    """The process's exit code; once `until` is so, and so many seconds later, it is killed if it still runs."""
    quiet = subprocess.DEVNULL
    with subprocess.Popen(args, cwd=folder, stdout=quiet, stderr=quiet, env={**os.environ}) as process:
        while process.poll() is None and not until():
            time.sleep(0.001)
        try:
            return process.wait(after)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return None


def settle(server: FaultServer) -> None:
    """Wait until the server has seen the dead one's connections end."""
    with connection(server.base_url) as client:
        assert get(client, "/v1/models").status == 200
    while server.connections:
        time.sleep(0.001)


def tables(folder: Path) -> dict[str, list[str]]:
    """Every table, sorted."""
    return {name: table(folder, name) for name in TABLES}


def test_a_batch_killed_at_any_moment_ends_with_the_same_tables_and_pays_nothing_twice(tmp_path: Path) -> None:
    chance = random.Random(5)  # noqa: S311  # moments, not secrets
    archive = [{**one, "story": None if i % 3 == 0 else one["story"]} for i, one in enumerate(rows(STORIES))]
    alone, torn = tmp_path / "alone", tmp_path / "torn"
    for folder in (alone, torn):
        folder.mkdir()
        jsonl(folder / "a.jsonl", archive)
    with FaultServer(delayed(0.03)) as server:
        assert killed(command(server), alone, 600) == 0
        whole = Counter(question.user for question in server.questions)
    with FaultServer(delayed(0.03)) as server:
        kills, code = 0, None
        for _ in range(KILLS):
            target = len(server.questions) + chance.randint(1, max(1, whole.total() // KILLS))
            early = chance.random() < 0.3  # while it starts, takes in and groups
            moment = chance.uniform(0.3, 1.2) if early else chance.uniform(0.0, 0.1)
            until = (lambda: True) if early else (lambda target=target: len(server.questions) >= target)
            code = killed(command(server), torn, moment, until)
            settle(server)
            if code is not None:
                break
            kills += 1
        if code is None:
            code = killed(command(server), torn, 600)
        again = Counter(question.user for question in server.questions)
    assert code == 0
    assert kills > KILLS // 3, "the run is over too soon for this test to mean anything"
    assert tables(torn) == tables(alone)
    assert again.keys() == whole.keys()
    assert (again - whole).total() <= kills * HANDS, "what was asked twice was under way"


def test_an_export_killed_at_any_moment_leaves_the_whole_file_or_none(tmp_path: Path) -> None:
    chance = random.Random(6)  # noqa: S311  # moments, not secrets
    assert batch(jsonl(tmp_path / "a.jsonl", rows(20, 1)), tmp_path).code == 0
    args = [sys.executable, "-m", "summarize", "export", "l.sqlite", "--table", "claims", "-o", "claims.csv"]
    assert killed(args, tmp_path, 60) == 0
    target = tmp_path / "claims.csv"
    whole = target.read_bytes()
    for _ in range(max(3, KILLS // 2)):
        target.unlink(missing_ok=True)
        killed(args, tmp_path, chance.uniform(0.1, 0.6))
        assert not target.exists() or target.read_bytes() == whole


@pytest.mark.skipif(os.name == "nt", reason="no limit on the size of files")
@pytest.mark.parametrize("size", [60_000, 150_000, 400_000])
def test_a_full_disk_is_one_clear_error_and_the_job_goes_on_when_there_is_room(tmp_path: Path, size: int) -> None:
    jsonl(tmp_path / "a.jsonl", rows(10))
    args = [sys.executable, "-m", "summarize", "batch", "a.jsonl", "--ledger", "l.sqlite"]
    full = subprocess.run(
        args,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)),
    )
    assert full.returncode == 12, full.stderr
    assert "Traceback" not in full.stderr
    assert "full" in full.stderr
    with closing(sqlite3.connect(tmp_path / "l.sqlite")) as db:
        assert db.execute("pragma integrity_check").fetchone() == ("ok",)
    assert batch("a.jsonl", tmp_path).code == 0
    assert statuses(tmp_path) == {"ok": 30}
