"""Hands: each item is done once, errors are results, and nothing is drawn after a stop."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from summarize.cli.spool import Spool
from summarize.errors import QuotaError
from summarize.runners.threads import Threads


@pytest.mark.parametrize("hands", [1, 2, 16])
def test_every_item_is_done_once_and_its_result_names_it(hands: int) -> None:
    found = {done.index: done.result for done in Threads(hands).map(lambda n: n * n, range(200))}
    assert found == {n: n * n for n in range(200)}


@pytest.mark.parametrize("hands", [1, 4])
def test_an_error_is_a_result_and_stops_no_other(hands: int) -> None:
    done = list(Threads(hands).map(lambda n: 10 // n, range(20)))
    assert [d.index for d in done if isinstance(d.error, ZeroDivisionError)] == [0]
    assert len(done) == 20


@pytest.mark.parametrize("hands", [1, 4])
def test_an_error_that_stops_a_run_lets_nothing_more_be_drawn(hands: int) -> None:
    drawn: list[int] = []

    def items() -> Iterator[int]:
        for n in range(10_000):
            drawn.append(n)
            yield n

    def work(n: int) -> int:
        if n == 5:
            raise QuotaError("nothing left")
        return n

    done = list(Threads(hands).map(work, items()))
    assert [d.index for d in done if d.error] == [5]
    assert len(drawn) < 10_000
    assert len(done) == len(drawn)


def test_a_stop_that_is_set_beforehand_lets_nothing_be_done() -> None:
    stop = threading.Event()
    stop.set()
    assert list(Threads(4, stop).map(lambda n: n, range(10))) == []


def test_no_more_than_the_hands_are_under_way_and_no_more_is_drawn_than_is_taken() -> None:
    under_way = high = 0
    lock = threading.Lock()

    def work(n: int) -> int:
        nonlocal under_way, high
        with lock:
            under_way += 1
            high = max(high, under_way)
        threading.Event().wait(0.001)
        with lock:
            under_way -= 1
        return n

    drawn = 0

    def items() -> Iterator[int]:
        nonlocal drawn
        for n in range(500):
            drawn = n
            yield n

    runner = Threads(4).map(work, items())
    next(runner)
    threading.Event().wait(0.3)
    assert drawn <= 4 + 8 + 4  # at work, in the queue, and waiting to be put there
    assert len(list(runner)) == 499
    assert high <= 4


def test_an_iterator_that_fails_is_told_once() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise OSError("the archive ended early")

    done = list(Threads(3).map(lambda n: n, items()))
    assert [d.index for d in done if d.error is None] == [0]
    assert [type(d.error) for d in done if d.error is not None] == [OSError]


def test_a_spool_gives_texts_back_by_lane_and_index_whatever_order_they_came_in() -> None:
    with Spool() as spool:
        for n in (3, 1, 2):
            spool.put("a", n, f"é{n}\n")
            spool.put("b", n, "x" * n)
        assert list(spool.lane("a")) == ["é1\n", "é2\n", "é3\n"]
        assert list(spool.lane("b")) == ["x", "xx", "xxx"]
        assert list(spool.lane("nothing")) == []
        assert spool.count("a") == 3
