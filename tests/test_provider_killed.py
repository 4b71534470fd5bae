"""A run by batches that is killed at any moment goes on where it was, and nothing is sent twice."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections import deque
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias

import provider
import pytest
from batch_faults import BATCH_FAULTS, BatchScript
from fault_server import Answer, FaultServer, Instead
from many import articles
from provider import PRICE, Desk, settled

from summarize.runners.provider import Terms

Alone: TypeAlias = "tuple[object, list[tuple[str, str]], Decimal]"
MANY = 5
MOMENTS = (
    "queue",  # while questions are queued
    "walk 0",  # when all of them are
    "gather",  # in a parcel
    "upload answered",  # the file is with the provider, and nobody knows
    "uploaded",
    "create answered",  # the batch is with the provider, and nobody knows
    "created",
    "downloaded",  # the answers are on disk
    "harvest",  # half of them are laid down
    "harvested",
    "walk 1",  # all are settled
)


def started(folder: Path, server: FaultServer, moment: str) -> subprocess.CompletedProcess[str]:
    """A run that kills itself at `moment`, or comes to its end."""
    program = [sys.executable, provider.__file__, str(folder), server.base_url, moment]
    return subprocess.run(program, capture_output=True, text=True, encoding="utf-8", check=False, timeout=120)


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Alone:
    """The readings, the settled questions and the cost of a run that nobody killed."""
    folder = tmp_path_factory.mktemp("alone")
    articles(folder, MANY)
    with FaultServer() as server:
        ran = started(folder, server, "never")
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout), answers(folder), spent(folder)


def answers(folder: Path) -> list[tuple[str, str]]:
    """The status and raw answer of each settled question; its key holds the server's port."""
    return sorted(settled(folder).values())


def spent(folder: Path) -> Decimal:
    """What the account of the run holds, reservations included."""
    with Desk(folder, "http://127.0.0.1:9/v1").opened() as (ledger, _):
        return ledger.purse("job").spent()


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_run_killed_at_a_moment_ends_like_one_left_alone_and_sends_each_question_once(
    tmp_path: Path, moment: str, alone: Alone
) -> None:
    articles(tmp_path, MANY)
    with FaultServer() as server:
        killed = started(tmp_path, server, moment)
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        ran = started(tmp_path, server, "never")
        assert ran.returncode == 0, ran.stderr
        assert (len(server.batches), server.questions) == (1, [])
    assert set(server.submitted.values()) == {1}
    assert (json.loads(ran.stdout), answers(tmp_path), spent(tmp_path)) == alone


def test_a_run_killed_at_every_moment_one_after_the_other_sends_each_question_once(
    tmp_path: Path, alone: Alone
) -> None:
    articles(tmp_path, MANY)
    with FaultServer() as server:
        for moment in MOMENTS[:-1]:  # after the last but one nothing is left to wait for
            assert started(tmp_path, server, moment).returncode == -signal.SIGKILL, moment
        ran = started(tmp_path, server, "never")
    assert set(server.submitted.values()) == {1}
    assert (json.loads(ran.stdout), answers(tmp_path), spent(tmp_path)) == alone


@pytest.mark.parametrize("moment", ["create answered", "harvest", "harvested"])
def test_a_kill_and_a_fault_of_the_provider_together_lose_nothing(tmp_path: Path, moment: str, alone: Alone) -> None:
    articles(tmp_path, MANY)
    lost = deque([Instead(Answer(sent="reset"), done=True)])
    with FaultServer(ends=BatchScript((BATCH_FAULTS["expired"],)), wire={"create": lost}) as server:
        started(tmp_path, server, moment)
        ran = started(tmp_path, server, "never")
        assert (len(server.batches), server.questions) == (2, [])
    expired = MANY - len(server.ends.taken[0].output)
    assert sum(server.submitted.values()) == MANY + expired
    assert (json.loads(ran.stdout), answers(tmp_path), spent(tmp_path)) == alone


def test_what_a_killed_run_had_reserved_stays_reserved_until_its_batch_is_harvested(tmp_path: Path) -> None:
    articles(tmp_path, MANY)
    with FaultServer() as server:
        assert started(tmp_path, server, "created").returncode == -signal.SIGKILL
        reserved = spent(tmp_path)
        Desk(tmp_path, server.base_url, Terms(PRICE, Decimal("0.5"), "job", Decimal(50))).run()
        assert 0 < spent(tmp_path) < reserved
    assert set(server.submitted.values()) == {1}
