"""A run that is killed again and again asks nothing twice that is settled, and ends like one that was left alone.

RETOLD_KILLS says how often it is killed (10, if it is not set).
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from chat_client import connection, get
from fault_server import FAULTS, FaultServer, delayed, times
from many import articles, number, read_by, started

from summarize.ledger import Ledger
from summarize.settled import DONE

MANY, HANDS = 300, 8
HANDS_FLAG = ("--hands", str(HANDS))
KILLS = int(os.environ.get("RETOLD_KILLS", "10"))  # before the environment is cleaned of Retold's variables


def settled(folder: Path) -> set[str]:
    """The keys of what is settled."""
    path = folder / "l.sqlite"
    if not path.exists():
        return set()
    with closing(Ledger(path)) as ledger:
        return {one.key for one in ledger.all() if one.status == DONE}


def killed(server: FaultServer, folder: Path, until: Callable[[], bool], *more: str) -> None:
    """Start a run and kill it without a warning, once `until` is so or it has ended by itself."""
    with started(server, folder, *more) as process:
        while process.poll() is None and not until():
            time.sleep(0.001)
        process.kill()
        process.wait()
    with connection(server.base_url) as client:  # connections are taken in turn: all of the dead one's are, now
        assert get(client, "/v1/models").status == 200
    while server.connections:
        time.sleep(0.001)


def test_a_run_killed_at_any_moment_goes_on_where_it_was_and_ends_like_one_left_alone(tmp_path: Path) -> None:
    chance = random.Random(20)  # noqa: S311  # moments, not secrets
    articles(tmp_path, MANY)
    asked: list[list[int]] = []  # the articles asked about in each run
    known: list[set[str]] = []  # the keys settled after it
    with FaultServer(delayed(0.02)) as server:
        seen = 0

        def take() -> None:
            nonlocal seen
            new = [number(question) for question in server.questions[seen:]]
            seen += len(new)
            asked.append(new)
            known.append(settled(tmp_path))

        for _ in range(KILLS):
            target = seen + chance.randint(1, max(1, MANY // KILLS))
            moment = time.monotonic() + chance.uniform(0.0, 0.6)
            early = chance.random() < 0.2  # while it starts
            killed(
                server,
                tmp_path,
                lambda target=target, moment=moment, early=early: (  # type: ignore[misc]  # bound now
                    time.monotonic() > moment if early else len(server.questions) >= target
                ),
                *HANDS_FLAG,
            )
            take()
        last = read_by(server, tmp_path, *HANDS_FLAG)
        take()
    assert last.code == 0
    told = last.json()
    of_key = {record["key"]: int(record["version"][-3:]) for record in told["provenance"]["requests"]}
    assert len(of_key) == MANY
    for before, now in zip(known, asked[1:], strict=False):
        assert not {of_key[key] for key in before} & set(now), "no settled question is asked again"
    assert all(len(run) == len(set(run)) for run in asked)
    assert sum(map(len, asked)) <= MANY + KILLS * HANDS
    again = sum(map(len, asked)) - MANY
    assert told["provenance"]["from_ledger"] == len(known[-2])
    assert again == sum(len(run) for run in asked[:-1]) - len(known[-2]), "what was lost was under way"
    with FaultServer() as server:
        (tmp_path / "l.sqlite").unlink()
        alone = read_by(server, tmp_path, *HANDS_FLAG).json()
    assert told.pop("provenance") != alone.pop("provenance")
    assert told == alone


PRICE = '[prices."fake-1"]\ninput = 1\noutput = 2\n'  # dollars for a million tokens
WIDE = ("--hands", "64", "--max-output-tokens", "2000")


def billed(server: FaultServer) -> float:
    """Dollars that the server would charge, for whatever it was asked and answered."""
    return (server.prompt_tokens * 1 + server.completion_tokens * 2) / 1e6


def limited(dollars: float) -> tuple[str, ...]:
    """The flags of a budget among many hands."""
    return (*WIDE, "--max-cost", str(dollars))


def test_a_budget_holds_with_many_hands_and_over_resumes_until_it_is_raised(tmp_path: Path) -> None:
    articles(tmp_path, 120)
    (tmp_path / "retold.toml").write_text(PRICE, "utf-8")
    with FaultServer(delayed(0.1)) as server:
        for _ in range(2):  # to its end, and once more
            ran = read_by(server, tmp_path, *limited(0.25))
            assert ran.code == 11
            assert "raise --max-cost" in ran.err.splitlines()[-1]
            assert 0.125 < billed(server) <= 0.25, "it is a limit, not a refusal"
        asked = len(server.questions)
        assert read_by(server, tmp_path, *limited(2.0)).code == 0
        assert len(server.questions) == 120 > asked
        assert billed(server) <= 2.0
    assert server.high_water > 1


@pytest.mark.parametrize("moment", [1, 3, 6, 20])
def test_a_budget_holds_over_a_kill_and_may_be_raised_after_it(tmp_path: Path, moment: int) -> None:
    articles(tmp_path, 120)
    (tmp_path / "retold.toml").write_text(PRICE, "utf-8")
    with FaultServer(delayed(0.1)) as server:
        killed(server, tmp_path, lambda: len(server.questions) >= moment, *limited(0.25))
        assert server.questions
        assert read_by(server, tmp_path, *limited(0.25)).code == 11
        assert billed(server) <= 0.25
        assert read_by(server, tmp_path, *limited(2.0)).code == 0
        assert billed(server) <= 2.0


def test_a_budget_counts_what_was_billed_and_lost_on_the_way(tmp_path: Path) -> None:
    articles(tmp_path, 40)
    (tmp_path / "retold.toml").write_text(PRICE, "utf-8")
    with FaultServer(times(FAULTS["reset_mid_body"], 2)) as server:
        assert read_by(server, tmp_path, *limited(0.25)).code == 11
        assert billed(server) <= 0.25
        assert server.statuses[200] > 2


@pytest.mark.parametrize("limit", ["0", "0.001"])
def test_a_budget_too_small_for_one_question_asks_nothing(tmp_path: Path, limit: str) -> None:
    articles(tmp_path, 2)
    (tmp_path / "retold.toml").write_text(PRICE, "utf-8")
    with FaultServer() as server:
        assert read_by(server, tmp_path, "--max-cost", limit).code == 11
        assert server.questions == []


def test_a_budget_without_a_price_is_refused_before_anything_is_asked(tmp_path: Path) -> None:
    articles(tmp_path, 2)
    with FaultServer() as server:
        ran = read_by(server, tmp_path, "--max-cost", "1")
        assert ran.code == 11
        assert "[prices." in ran.error()
        assert server.questions == []


def test_two_processes_share_one_budget(tmp_path: Path) -> None:
    articles(tmp_path, 60)
    (tmp_path / "retold.toml").write_text(PRICE, "utf-8")
    with FaultServer(delayed(0.05)) as server:
        with started(server, tmp_path, *limited(0.2)) as first, started(server, tmp_path, *limited(0.2)) as second:
            assert [process.wait(60) for process in (first, second)] == [11, 11]
        assert 0.05 < billed(server) <= 0.2
