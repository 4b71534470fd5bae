"""Runs by a provider's batch: what stops them, what they may spend, how they share a ledger, what they leave."""

from __future__ import annotations

import json
import threading
from collections import deque
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest
from batch_faults import BATCH_FAULTS, invalid
from fault_server import FAULTS, Answer, Asked, FaultServer, Instead, error, good
from many import articles, number
from provider import FAILED, PRICE, QUICK, REFUSED, Desk, Run, ended, online, struck

from summarize.errors import AuthError, BudgetError, ModelError, QuotaError, Stopped, TransientError
from summarize.ledger import Ledger
from summarize.ledger.waiting import Load
from summarize.runners.provider import Limits, Report, Terms, deliver

MANY = 6
QUOTA = {"type": "insufficient_quota", "code": "insufficient_quota"}


@pytest.mark.parametrize(
    ("wire", "kind"),
    [
        ({"upload": deque([Instead(REFUSED)] * 9)}, AuthError),
        ({"content": deque([Instead(REFUSED)] * 9)}, AuthError),
        ({"create": deque([Instead(error(429, "You exceeded your current quota.", None, **QUOTA))])}, QuotaError),
        ({"upload": deque([Instead(error(404, "Not Found"))])}, ModelError),
        ({"look": deque([Instead(FAILED)] * 9)}, TransientError),
    ],
)
def test_what_every_other_question_would_meet_stops_the_run_and_the_next_one_goes_on(
    tmp_path: Path, wire: dict[str, deque[Instead]], kind: type[Exception]
) -> None:
    articles(tmp_path, MANY)
    with FaultServer(wire=wire) as server:
        desk = Desk(tmp_path, server.base_url, Terms(PRICE, Decimal(1), "job", Decimal(10)))
        with pytest.raises(kind):
            desk.run()
        for queue in wire.values():
            queue.clear()
        assert len(desk.run().readings) == MANY
        assert (len(server.batches), len(server.questions)) == (1, 0)
    assert set(server.submitted.values()) == {1}


def test_an_account_that_runs_out_within_a_batch_stops_the_run_and_keeps_what_was_answered(tmp_path: Path) -> None:
    articles(tmp_path, MANY)
    spent = struck(lambda _: error(429, "You exceeded your current quota.", None, **QUOTA), 0, 3)
    with FaultServer(spent) as server:
        desk = Desk(tmp_path, server.base_url)
        with pytest.raises(QuotaError):
            desk.run()
        server.script = good
        assert len(desk.run().readings) == MANY
        assert server.questions == []
    assert sum(server.submitted.values()) == MANY + 2


def test_a_server_without_batches_says_so_and_holds_no_money(tmp_path: Path) -> None:
    articles(tmp_path, 1)
    wire = {"upload": deque([Instead(error(404, "Not Found"))])}
    with FaultServer(wire=wire) as server:
        desk = Desk(tmp_path, server.base_url, Terms(PRICE, None, "job", Decimal(10)))
        with pytest.raises(ModelError, match="no batches at this address"):
            desk.run()
        with desk.opened() as (ledger, _):
            assert ledger.purse("job").spent() == 0


def test_a_batch_costs_its_share_of_the_price_and_the_account_is_settled_by_what_was_used(tmp_path: Path) -> None:
    articles(tmp_path, MANY)
    with FaultServer() as server:
        desk = Desk(tmp_path, server.base_url, Terms(PRICE, Decimal("0.5"), "job", Decimal(10)))
        desk.run()
        with desk.opened() as (ledger, batched):
            spent = ledger.purse("job").spent()
            costs = [one.reply.cost for one in ledger.all() if one.reply and one.reply.cost]
            assert batched.terms.share(batched.host) == Decimal("0.5")
    assert sum(costs, Decimal(0)) == spent > 0
    full = online_cost(tmp_path)
    assert spent * 2 == full


def online_cost(folder: Path) -> Decimal:
    """What the answers in the ledger would have cost, asked online."""
    with closing(Ledger(folder / "l.sqlite")) as ledger:
        return sum((PRICE.cost(one.reply.usage) or Decimal(0) for one in ledger.all() if one.reply), Decimal(0))


def test_the_price_is_halved_at_openai_itself_and_nowhere_else_unless_told() -> None:
    hosts = ("api.openai.com", "api.openai.com:443", "API.OpenAI.com", "api.openai.com.example.org", "localhost:8000")
    assert [Terms().share(host) for host in hosts] == [Decimal("0.5")] * 3 + [Decimal(1)] * 2
    assert Terms(discount=Decimal("0.25")).share("localhost") == Decimal("0.25")


def test_no_more_is_sent_at_a_time_than_the_budget_bears_and_all_is_sent_if_it_bears_that(tmp_path: Path) -> None:
    articles(tmp_path, MANY)
    with FaultServer() as server:
        found = Desk(tmp_path, server.base_url, Terms(PRICE, None, "job", Decimal("0.15"))).run()
    assert len(found.readings) == MANY
    assert 1 < len(server.batches) <= MANY
    assert set(server.submitted.values()) == {1}


@pytest.mark.parametrize("limit", ["0", "0.01", "0.06"])
def test_a_budget_at_its_end_stops_the_run_with_all_that_was_answered_kept(tmp_path: Path, limit: str) -> None:
    articles(tmp_path, MANY)
    with FaultServer() as server:
        with pytest.raises(BudgetError, match="could cost"):
            Desk(tmp_path, server.base_url, Terms(PRICE, Decimal(1), "job", Decimal(limit))).run()
        billed = sum(server.submitted.values())
        assert billed < MANY
        rest = Desk(tmp_path, server.base_url, Terms(PRICE, Decimal(1), "job", Decimal(10))).run()
    assert len(rest.readings) == MANY
    assert set(server.submitted.values()) == {1}


def test_a_limit_without_a_price_is_refused(tmp_path: Path) -> None:
    with (
        pytest.raises(BudgetError, match="price"),
        Desk(tmp_path, "http://127.0.0.1:9/v1", Terms(limit=Decimal(1))).opened(),
    ):
        pass


def test_a_stopped_delivery_leaves_its_batches_and_the_next_run_finds_them(tmp_path: Path) -> None:
    articles(tmp_path, MANY)
    stop = threading.Event()
    with FaultServer() as server:
        desk = Desk(tmp_path, server.base_url)
        with desk.opened() as (ledger, batched):
            assert desk.walk(Run(), ledger, batched) == MANY

            def sleep(_: float) -> None:
                stop.set()
                raise Stopped("stopped")

            with pytest.raises(Stopped):
                deliver(batched, QUICK, stop=stop, sleep=sleep)
        assert server.calls(server.asked)["look"] == 1
        assert len(desk.run().readings) == MANY
    assert len(server.batches) == 1
    assert not [asked for asked in server.asked if "cancel" in asked.path]


def test_an_interrupt_is_a_stop(tmp_path: Path) -> None:
    articles(tmp_path, 1)
    with FaultServer() as server, Desk(tmp_path, server.base_url).opened() as (ledger, batched):
        Desk(tmp_path, server.base_url).walk(Run(), ledger, batched)

        def sleep(_: float) -> None:
            raise KeyboardInterrupt

        with pytest.raises(Stopped):
            deliver(batched, QUICK, sleep=sleep)


def test_what_an_abandoned_run_had_queued_is_not_sent_by_another(tmp_path: Path) -> None:
    articles(tmp_path, MANY)
    with FaultServer() as server:
        desk = Desk(tmp_path, server.base_url)
        with desk.opened() as (ledger, batched):
            desk.walk(Run(), ledger, batched)
        for path in sorted((tmp_path / "many").iterdir())[2:]:
            path.unlink()
        assert len(desk.run().readings) == 2
    assert sum(server.submitted.values()) == 2


def test_two_runs_on_one_ledger_send_each_question_once(tmp_path: Path) -> None:
    articles(tmp_path, 12)
    runs: list[Run] = []

    def run(desk: Desk) -> None:
        runs.append(desk.run())

    with FaultServer() as server:
        desk = Desk(tmp_path, server.base_url, limits=Limits(lines=3, first=0.01, longest=0.05))
        threads = [threading.Thread(target=run, args=(desk,)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert [len(found.readings) for found in runs] == [12, 12]
    assert runs[0].readings == runs[1].readings
    assert set(server.submitted.values()) == {1}


def test_no_line_holds_what_some_take_for_a_lines_end(tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    text = (
        "Fire hits Faro\n\nSome men died in Faro\u2028 on Tuesday\u2029 and\u0085 Monday, “police” said \U0001f525.\n"
    )
    (folder / "a.txt").write_text(text, "utf-8")
    with FaultServer() as server:
        found = Desk(tmp_path, server.base_url).run()
        assert found.readings == online(tmp_path, server.base_url).readings
        (lines,) = (content for name, content in server.files.items() if name == "file-1")
    assert len(lines.decode().splitlines()) == 1


def test_what_is_settled_leaves_no_line_behind(tmp_path: Path) -> None:
    articles(tmp_path, MANY)
    with FaultServer() as server:
        desk = Desk(tmp_path, server.base_url)
        desk.run()
        with desk.opened() as (ledger, _):
            assert ledger.holdings.store.rows("select count(*) from parcel_line") == [(0,)]


def test_a_fresh_run_asks_anew_and_is_not_given_what_was_settled_before(tmp_path: Path) -> None:
    articles(tmp_path, 2)
    with FaultServer() as server:
        desk = Desk(tmp_path, server.base_url)
        desk.run()
        now = max(one.at for one in Ledger(tmp_path / "l.sqlite").all()) + "z"
        with desk.opened() as (_, batched), closing(Ledger(tmp_path / "l.sqlite", now=now, fresh=True)) as ledger:
            found = Run()
            assert desk.walk(found, ledger, batched) == 2
            deliver(batched, QUICK, sleep=lambda _: None)
            assert desk.walk(found, ledger, batched) == 0
    assert set(server.submitted.values()) == {2}


def test_the_key_is_in_nothing_that_is_told_or_kept(tmp_path: Path) -> None:
    key = "sk-secret-secret-secret-0123456789"
    articles(tmp_path, 2)
    fault = invalid({"code": "bad", "message": f"The key {key} did it."})

    def leak(asked: Asked) -> Answer:
        return Answer(400, json.dumps({"error": {"message": f"No, {key}, and {number(asked)}"}}).encode())

    with FaultServer(leak, ends=ended(fault)) as server:
        desk = Desk(tmp_path, server.base_url)
        with desk.opened() as (ledger, batched):
            batched.server.connection._key = key
            found = Run()
            while desk.walk(found, ledger, batched):
                deliver(batched, QUICK, sleep=lambda _: None, tell=found.told.append)
            told = [one.what for one in ledger.all()]
    assert len(told) == 2
    assert key not in str(told) + str(found.told)
    assert "[key]" in str(told) + str(found.told)


def test_a_report_counts_what_was_sent_and_what_came_of_it(tmp_path: Path) -> None:
    articles(tmp_path, MANY)
    with FaultServer(struck(FAULTS["400_text"], 1), ends=ended(BATCH_FAULTS["nothing"])) as server:
        first, second, last = Desk(tmp_path, server.base_url).run().reports
    assert first == Report(lines=MANY, batches=1, requeued=MANY, again=True)
    assert second == Report(lines=MANY, batches=1, answered=MANY, failed=1, again=True)
    assert last == Report()


def test_a_line_is_never_in_two_parcels(tmp_path: Path) -> None:
    articles(tmp_path, MANY)
    with FaultServer() as server, Desk(tmp_path, server.base_url).opened() as (ledger, batched):
        Desk(tmp_path, server.base_url).walk(Run(), ledger, batched)
        held = batched.parcels
        first, second = (held.gather(batched.scope, Load(4, 10**9), name) for name in ("one", "two"))
        assert first is not None
        assert second is not None
        assert held.gather(batched.scope, Load(4, 10**9), "three") is None
        keys = [{key for key, _ in held.lines(parcel)} for parcel in (first, second)]
    assert [len(found) for found in keys] == [4, 2]
    assert not keys[0] & keys[1]
