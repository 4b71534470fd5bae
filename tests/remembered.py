"""Settled questions for tests of the ledger, and programs that use one beside the test."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from hypothesis import strategies as st

from summarize.reply import Reply, Usage
from summarize.settled import DONE, Settled

NOON = "2026-01-01T12:00:00.000000+00:00"
LATER = "2026-01-01T13:00:00.000000+00:00"
IDENTITY = {"engine": "openai", "model": "fake-1", "base_url": "http://127.0.0.1/v1"}


def settled(  # noqa: PLR0913  # most by name
    key: str, status: str = DONE, at: str = NOON, *, cost: str | None = None, model: str = "fake-1", text: str = "{}"
) -> Settled:
    """A settled question; one that failed has no reply unless it cost something."""
    reply = Reply(text, model, cost=None if cost is None else Decimal(cost))
    kept = reply if status == DONE or cost else None
    what = "" if status == DONE else f"{status} happened"
    return Settled(key, status, {**IDENTITY, "model": model}, ("tone",), ("tone@0",), kept, what, 0.5, at)


def together(code: str, *arguments: Sequence[str | Path]) -> list[str]:
    """What programs of `code`, one for each list of arguments, print; all wait until all are there."""
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", code, *map(str, given)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parent,
        )
        for given in arguments
    ]
    try:
        for program in programs:
            assert program.stdout is not None
            assert program.stdout.readline() == "ready\n"
        for program in programs:
            assert program.stdin is not None
            program.stdin.close()
            program.stdin = None
        printed = [program.communicate(timeout=120)[0] for program in programs]
        assert [program.returncode for program in programs] == [0] * len(programs)
    finally:
        for program in programs:
            program.kill()
            program.wait()
    return printed


WORDS = st.text(st.characters(exclude_categories=()), max_size=30)  # half surrogate pairs too
_PLAIN = st.text(min_size=1, max_size=20)
_COUNTS = st.none() | st.integers(0, 10**9)
_MONEY = st.none() | st.decimals(0, 1000, allow_nan=False, allow_infinity=False)
_SECONDS = st.floats(0, 1e6)
REPLIES = st.builds(
    Reply,
    WORDS,
    WORDS,
    st.none() | WORDS,
    st.none() | WORDS,
    st.builds(Usage, _COUNTS, _COUNTS, _COUNTS, _COUNTS),
    st.none() | WORDS,
    WORDS,
    st.integers(1, 9),
    _MONEY,
)
SETTLED = st.builds(
    Settled,
    _PLAIN,
    _PLAIN,
    st.dictionaries(WORDS, WORDS | st.booleans() | st.integers() | _SECONDS, max_size=4),
    st.lists(WORDS, max_size=3).map(tuple),
    st.lists(WORDS, max_size=3).map(tuple),
    st.none() | REPLIES,
    WORDS,
    _SECONDS,
    WORDS,
    WORDS,
)
