"""The ledger remembers what was settled, once and whole, for any number of threads and processes."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from remembered import LATER, NOON, SETTLED, settled, together

from summarize.errors import LedgerError
from summarize.ledger import Ledger
from summarize.settled import Settled

AFTER = "2026-01-01T12:30:00.000000+00:00"  # between NOON and LATER


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """An empty ledger in a folder that is not there yet."""
    found = Ledger(tmp_path / "new" / "ledger.sqlite")
    yield found
    found.close()


@hypothesis_settings(max_examples=40)
@given(st.lists(SETTLED, max_size=5))
def test_what_was_put_is_found_by_its_key_the_last_one_winning_also_by_the_next_process(many: list[Settled]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.sqlite"
        first = Ledger(path)
        for one in many:
            first.put(one)
        first.close()
        second = Ledger(path)
        last = {one.key: one for one in many}
        assert {key: second.get(key) for key in last} == last
        assert {one.key: one for one in second.all()} == last
        second.close()


def test_a_question_that_was_never_settled_is_not_found(ledger: Ledger) -> None:
    assert ledger.get("k") is None


@pytest.mark.parametrize(
    ("fresh", "again", "seen"),
    [(False, False, {"done", "failed"}), (False, True, {"done"}), (True, False, set()), (True, True, set())],
)
def test_fresh_sees_nothing_from_before_and_again_no_failure_from_before(
    ledger: Ledger, *, fresh: bool, again: bool, seen: set[str]
) -> None:
    ledger.put(settled("done", at=NOON))
    ledger.put(settled("failed", "refused", at=NOON))
    other = Ledger(ledger.path, now=AFTER, fresh=fresh)
    assert {key for key in ("done", "failed") if other.get(key, again=again)} == seen
    other.close()


def test_what_was_settled_since_the_start_is_seen_however_fresh(ledger: Ledger) -> None:
    other = Ledger(ledger.path, now=AFTER, fresh=True)
    for status in ("done", "refused"):
        ledger.put(settled(status, status, at=LATER))
        assert other.get(status, again=True) == settled(status, status, at=LATER)
    other.close()


def test_all_come_in_the_order_of_their_settling_and_may_be_chosen(ledger: Ledger) -> None:
    ledger.put(settled("a", at=LATER))
    ledger.put(settled("b", "json", cost="0.1"))
    ledger.put(settled("c", model="fake-2"))
    ledger.put(settled("d", "refused"))
    assert [one.key for one in ledger.all()] == ["b", "c", "d", "a"]
    assert [one.key for one in ledger.all(model="fake-1")] == ["b", "d", "a"]
    assert [one.key for one in ledger.all(status="json")] == ["b"]
    assert [one.key for one in ledger.all(failed=True)] == ["b", "d"]
    assert [one.key for one in ledger.all(failed=True, model="fake-2")] == []


def test_what_is_put_while_all_are_read_is_not_among_them(ledger: Ledger) -> None:
    for name in "ab":
        ledger.put(settled(name))
    seen = []
    for one in ledger.all():
        seen.append(one.key)
        ledger.put(settled("c", at=LATER))
    assert seen == ["a", "b"]


def test_bringing_adds_what_is_missing_or_had_failed_and_says_how_many(ledger: Ledger) -> None:
    ledger.put(settled("a", text="old"))
    ledger.put(settled("b", "refused"))
    ledger.put(settled("c", "refused"))
    new = [settled("a", text="new"), settled("b"), settled("c", "content"), settled("d"), settled("d")]
    assert ledger.bring(iter(new)) == (2, 3)
    assert {one.key: one.status for one in ledger.all()} == {"a": "done", "b": "done", "c": "refused", "d": "done"}
    assert ledger.get("a") == settled("a", text="old")
    assert ledger.bring(new) == (0, 5)


def test_bringing_something_that_breaks_off_brings_nothing(ledger: Ledger) -> None:
    def broken() -> Iterator[Settled]:
        yield settled("a")
        raise LedgerError("a faulty line")

    with pytest.raises(LedgerError, match="a faulty line"):
        ledger.bring(broken())
    assert not list(ledger.all())
    ledger.put(settled("b"))  # no transaction is left open


def test_counts_are_by_model_and_status_with_unknown_costs_apart(ledger: Ledger) -> None:
    for i, cost in enumerate(["0.1", "0.2", None]):
        ledger.put(settled(f"a{i}", cost=cost))
    ledger.put(settled("b", "json", cost="0.05"))
    ledger.put(settled("c", model="fake-2"))
    assert ledger.counts() == {
        ("fake-1", "done"): (3, Decimal("0.3"), 1),
        ("fake-1", "json"): (1, Decimal("0.05"), 0),
        ("fake-2", "done"): (1, Decimal(0), 1),
    }


def test_traits_are_kept_for_one_address_and_model_alone(ledger: Ledger) -> None:
    traits = ledger.traits("http://a/v1", "m")
    traits["rung"], traits["window"] = "object", "8192"
    traits["rung"] = "none"
    del traits["window"]
    other = Ledger(ledger.path)
    assert dict(other.traits("http://a/v1", "m")) == dict(traits) == {"rung": "none"}
    assert not other.traits("http://a/v1", "n")
    assert not other.traits("http://b/v1", "m")
    other.close()


def test_a_name_that_no_utf_8_can_hold_is_kept_as_well(ledger: Ledger) -> None:
    ledger.put(settled("a", model="\udcff"))
    ledger.traits("http://a/v1", "\udcff")["rung"] = "none"
    assert [one.identity["model"] for one in ledger.all()] == ["\udcff"]
    assert ledger.traits("http://a/v1", "\udcff")["rung"] == "none"


def test_threads_lose_nothing(ledger: Ledger) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda i: ledger.put(settled(f"k{i}")), range(200)))
        found = list(pool.map(lambda i: ledger.get(f"k{i}"), range(200)))
    assert found == [settled(f"k{i}") for i in range(200)]


WRITING = """
import sys
from pathlib import Path
from remembered import settled
from summarize.ledger import Ledger

print("ready", flush=True)
sys.stdin.read()
ledger = Ledger(Path(sys.argv[1]))  # made by whoever comes first
for i in range(500):
    ledger.put(settled(f"{sys.argv[2]}-{i}", text="x" * 1000))
ledger.close()
"""


def test_two_processes_that_make_and_fill_one_ledger_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    together(WRITING, (path, "one"), (path, "two"))
    found = Ledger(path)
    assert {one.key for one in found.all()} == {f"{name}-{i}" for name in ("one", "two") for i in range(500)}
    found.close()


MAKING = """
import sys
from pathlib import Path
from summarize.ledger import Ledger

print("ready", flush=True)
sys.stdin.read()
for i in range(40):
    Ledger(Path(sys.argv[1]) / f"{i}.sqlite").close()
"""


def test_processes_that_make_the_same_ledgers_at_once_wait_for_each_other(tmp_path: Path) -> None:
    together(MAKING, *[(tmp_path,)] * 4)
    for i in range(40):
        found = Ledger(tmp_path / f"{i}.sqlite")
        assert found.get("k") is None
        found.close()
