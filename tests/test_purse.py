"""The purse: what is spent and reserved together never exceeds the limit, whoever shares it."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from remembered import together

from summarize.ledger import Ledger

LIMIT = Decimal("1.00")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """An empty ledger."""
    found = Ledger(tmp_path / "ledger.sqlite")
    yield found
    found.close()


def test_what_is_settled_gives_back_what_was_reserved_too_much(ledger: Ledger) -> None:
    purse = ledger.purse("job")
    first = purse.reserve(Decimal("0.8"), LIMIT)
    assert first is not None
    assert purse.reserve(Decimal("0.3"), LIMIT) is None
    assert purse.spent() == Decimal("0.8")
    purse.settle(first, Decimal("0.1"))
    assert purse.spent() == Decimal("0.1")
    assert purse.reserve(Decimal("0.9"), LIMIT) is not None
    assert purse.reserve(Decimal("1E-9"), LIMIT) is None


def test_each_job_has_an_account_of_its_own_that_outlives_the_process(ledger: Ledger) -> None:
    reservation = ledger.purse("one").reserve(Decimal("0.5"), LIMIT)
    assert reservation is not None
    ledger.purse("one").settle(reservation, Decimal("0.25"))
    other = Ledger(ledger.path)
    assert other.purse("one").spent() == Decimal("0.25")
    assert other.purse("two").spent() == 0
    other.close()


KILLED = """
import sys, time
from decimal import Decimal
from pathlib import Path
from summarize.ledger import Ledger

assert Ledger(Path(sys.argv[1])).purse("job").reserve(Decimal("0.7"), Decimal(1))
print("reserved", flush=True)
sys.stdin.read()
"""


def test_what_a_killed_process_had_reserved_counts_as_spent(ledger: Ledger) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(ledger.path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as program:
        assert program.stdout is not None
        assert program.stdout.readline().strip() == b"reserved"
        program.send_signal(signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)
    purse = ledger.purse("job")
    assert purse.spent() == Decimal("0.7")
    assert purse.reserve(Decimal("0.4"), LIMIT) is None
    assert purse.reserve(Decimal("0.3"), LIMIT) is not None


CENTS = st.integers(0, 60).map(lambda cents: Decimal(cents) / 100)
CALLS = st.lists(st.tuples(CENTS, st.floats(0, 1), st.booleans()), min_size=1, max_size=12)


@hypothesis_settings(max_examples=40)
@given(st.lists(CALLS, min_size=2, max_size=4))
def test_threads_and_ledgers_together_never_exceed_the_limit(hands: list[list[tuple[Decimal, float, bool]]]) -> None:
    with TemporaryDirectory() as folder:
        ledgers = [Ledger(Path(folder) / "ledger.sqlite") for _ in range(2)]
        paid: list[Decimal] = []
        barrier = threading.Barrier(len(hands))

        def hand(place: int) -> None:
            purse = ledgers[place % 2].purse("job")
            barrier.wait()
            for most, share, settles in hands[place]:
                reservation = purse.reserve(most, LIMIT)
                assert purse.spent() <= LIMIT
                if reservation is None:
                    continue
                spent = (most * Decimal(share)).quantize(Decimal("0.000001")) if settles else most
                if settles:
                    purse.settle(reservation, spent)
                paid.append(spent)

        with ThreadPoolExecutor(len(hands)) as pool:
            list(pool.map(hand, range(len(hands))))
        assert sum(paid) == ledgers[0].purse("job").spent() == ledgers[1].purse("job").spent() <= LIMIT
        for ledger in ledgers:
            ledger.close()


SPENDING = """
import sys
from decimal import Decimal
from pathlib import Path
from summarize.ledger import Ledger

purse = Ledger(Path(sys.argv[1])).purse("job")
print("ready", flush=True)
sys.stdin.read()
paid, refused, most = Decimal(0), 0, Decimal(0)
for i in range(300):
    reservation = purse.reserve(Decimal("0.013"), Decimal(1))
    most = max(most, purse.spent())
    if reservation is None:
        refused += 1
    else:
        purse.settle(reservation, Decimal("0.007"))
        paid += Decimal("0.007")
print(paid, refused, most)
"""


def test_two_processes_together_spend_up_to_the_limit_and_no_more(ledger: Ledger) -> None:
    printed = [line.split() for line in together(SPENDING, (ledger.path,), (ledger.path,))]
    paid = sum(Decimal(line[0]) for line in printed)
    assert paid == ledger.purse("job").spent() <= LIMIT
    assert paid > LIMIT - 3 * Decimal("0.013")  # they stopped for want of money, not before
    assert all(int(line[1]) > 0 and Decimal(line[2]) <= LIMIT for line in printed)
