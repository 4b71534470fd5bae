"""What a question costs a budget: the most it could before it is sent, what it did cost afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from threading import Barrier, Event

import pytest
from simulated import GOOD, QUESTION, Clock, Server, each

from summarize.engines.budgeted import Budgeted, Priced, largest
from summarize.errors import BudgetError, LedgerError, RateError, ReplyError, RetoldError, Stopped, TransientError
from summarize.ledger import JobPurse, Ledger
from summarize.prices import Price
from summarize.reply import Reply, Usage
from summarize.tokens import count

PRICE = Price(Decimal(1), Decimal(2))
COST = PRICE.bound(100, 50)  # of a good reply
MOST = PRICE.bound(largest(QUESTION) + 1_000, 50)


@pytest.fixture
def purse(tmp_path: Path) -> Iterator[JobPurse]:
    """A job's purse, with nothing spent."""
    ledger = Ledger(tmp_path / "l.sqlite")
    yield ledger.purse("job")
    ledger.close()


def budgeted(purse: JobPurse, limit: Decimal, *answers: Reply | Exception) -> tuple[Budgeted, Server]:
    server = Server(Clock(), each(*answers))
    return Budgeted(Priced(server, PRICE), PRICE, purse, limit), server


def test_the_most_is_more_than_any_tokenizer_makes_of_a_question() -> None:
    for text in (QUESTION.user, QUESTION.user + "\u4e16\U0001f30d" * 500):
        assert (
            largest(replace(QUESTION, user=text))
            > count(text, "fake-1").tokens + count(QUESTION.system, "fake-1").tokens
        )


def test_a_good_reply_costs_what_the_server_counted(purse: JobPurse) -> None:
    engine, _ = budgeted(purse, MOST)
    assert engine.ask(QUESTION).cost == COST
    assert purse.spent() == COST < MOST


@pytest.mark.parametrize(
    ("end", "spent"),
    [
        (RateError("too many"), Decimal(0)),
        (TransientError("busy"), Decimal(0)),
        (TransientError("the connection broke", sent=True), MOST),
        (ReplyError("choices", "no choice"), MOST),
        (Reply("{}"), MOST),
        (Reply("{}", usage=Usage(100, None)), MOST),
        (KeyError("a fault of ours"), MOST),
    ],
    ids=lambda given: repr(given)[:40],
)
def test_what_may_have_been_billed_and_was_not_counted_costs_the_most(
    purse: JobPurse, end: Reply | Exception, spent: Decimal
) -> None:
    engine, _ = budgeted(purse, MOST, end)
    if isinstance(end, Exception):
        with pytest.raises(type(end)):
            engine.ask(QUESTION)
    else:
        engine.ask(QUESTION)
    assert purse.spent() == spent


def test_a_question_that_may_not_fit_is_not_asked(purse: JobPurse) -> None:
    engine, server = budgeted(purse, MOST - Decimal("0.000001"))
    with pytest.raises(BudgetError, match="could cost"):
        engine.ask(QUESTION)
    assert server.arrivals == []
    assert purse.spent() == 0


def test_questions_are_asked_until_the_next_may_not_fit(purse: JobPurse) -> None:
    limit = MOST + 9 * COST
    engine, server = budgeted(purse, limit)
    for _ in range(10):
        engine.ask(QUESTION)
    with pytest.raises(BudgetError):
        engine.ask(QUESTION)
    assert len(server.arrivals) == 10
    assert purse.spent() == 10 * COST <= limit


def test_who_finds_no_room_waits_for_those_under_way_and_no_more_is_reserved_than_there_is(purse: JobPurse) -> None:
    two, limit = Barrier(2), 2 * MOST + 6 * COST
    seen: list[Decimal] = []

    def answer(_: int) -> Reply:
        seen.append(purse.spent())
        two.wait(10)  # two under way at a time, or this breaks
        return GOOD

    engine = Budgeted(Priced(Server(Clock(), answer), PRICE), PRICE, purse, limit)

    def ask(_: int) -> RetoldError | None:
        try:
            engine.ask(QUESTION)
        except BudgetError as error:
            return error
        return None

    with ThreadPoolExecutor(8) as hands:
        ended = list(hands.map(ask, range(8)))
    assert ended == [None] * 8
    assert max(seen) <= limit
    assert purse.spent() == 8 * COST


def test_a_limit_without_a_price_is_refused(purse: JobPurse) -> None:
    with pytest.raises(BudgetError, match="not known"):
        Budgeted(Server(Clock(), each()), None, purse, Decimal(1))


def test_those_who_wait_for_money_look_again_even_if_the_purse_breaks() -> None:
    class Broken:
        def reserve(self, most: Decimal, limit: Decimal) -> int | None:  # noqa: ARG002  # the protocol's
            reserved.append(most)
            return 1 if len(reserved) == 1 else None

        def settle(self, reservation: int, spent: Decimal) -> None:  # noqa: ARG002  # the protocol's
            raise LedgerError("the disk is full")

        def spent(self) -> Decimal:
            return MOST

    reserved: list[Decimal] = []
    engine = Budgeted(Priced(Server(Clock(), each(GOOD, GOOD)), PRICE), PRICE, Broken(), MOST)
    with pytest.raises(LedgerError):
        engine.ask(QUESTION)
    with pytest.raises(BudgetError):  # nobody is under way, so there is nothing to wait for
        engine.ask(QUESTION)


def test_those_who_wait_for_money_give_up_when_the_run_is_stopped(purse: JobPurse) -> None:
    stop = Event()
    stop.set()
    engine = Budgeted(Priced(Server(Clock(), each(GOOD)), PRICE), PRICE, purse, MOST, stop)
    with pytest.raises(Stopped):
        engine.ask(QUESTION)
    assert purse.spent() == 0


def test_a_server_that_exceeds_the_cap_is_reserved_for_by_what_it_did(purse: JobPurse) -> None:
    long = replace(GOOD, usage=Usage(100, 60_000))
    engine, server = budgeted(purse, PRICE.bound(1_000_000, 70_000), *[long] * 40)
    engine.ask(QUESTION)
    with pytest.raises(BudgetError):
        list(map(engine.ask, [QUESTION] * 39))
    assert purse.spent() <= PRICE.bound(1_000_000, 70_000)
    assert server.arrivals
