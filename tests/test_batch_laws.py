"""Whatever is done to a batch job, and in whatever order, it ends as if nothing else had ever been asked of it."""

from __future__ import annotations

import tempfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from newsroom import jsonl, row

from summarize.batch import Batch, Wanted
from summarize.batch.account import account
from summarize.engines.lexicon import Lexicon
from summarize.job import Job
from summarize.ledger import Ledger
from summarize.tables.columns import TABLES

if TYPE_CHECKING:
    from summarize.batch.account import Account
    from summarize.engines import Engine

Tables = dict[str, list[tuple[Any, ...]]]
LEXICON = Lexicon()


class KilledError(BaseException):
    """What stands for a process that ends."""


def killed_at(ledger: Ledger, query: int) -> None:
    """Let the process die before its `query`th query, counted from 1; the dead ask nothing more."""
    store, left = ledger.holdings.store, query
    rows = store.rows

    def counted(asked: str, *values: object) -> list[tuple[Any, ...]]:
        nonlocal left
        left -= 1
        if left <= 0:
            raise KilledError
        return rows(asked, *values)

    store.rows = counted  # type: ignore[method-assign]  # a process cannot be killed in itself


def run(
    ledger: Path, wanted: Wanted, *, fresh: bool = False, again: bool = False, killed: int = 0, engine: Engine = LEXICON
) -> Account | None:
    """The account of a run to its end, or None of one that was killed."""
    with closing(Ledger(ledger, now="2100-01-01", fresh=fresh)) as kept:
        batch = Batch(Job.of(engine), kept, wanted)
        if killed:
            killed_at(kept, killed)
        try:
            batch.run(again=again)
        except KilledError:
            return None
        return account(kept.holdings, batch.row)


def tables(ledger: Path) -> Tables:
    """Every table of the only job."""
    with closing(Ledger(ledger)) as kept:
        (job,) = kept.holdings.jobs()
        return {name: list(kept.holdings.rows(job.id, name)) for name in TABLES}


def archive(path: Path, chosen: list[int]) -> Path:
    """Some of a dozen rows: stories with ids and without, copies, what cannot be read, ids that meet."""
    pool: list[dict[str, Any]] = [
        row(0, 0), row(0, 1), row(0, 2),
        {**row(1, 0), "story": None}, {**row(1, 0), "story": None, "outlet": "Copyist"}, {**row(1, 2), "story": None},
        row(0, 0), {**row(2, 0), "id": "s000-0", "story": "story-1"}, {**row(2, 1), "story": " story-1"},
        {**row(3, 0), "text": ""}, {**row(3, 1), "text": "."}, {**row(3, 2), "story": "S 0\n00", "url": "http://a.b/c"},
    ]  # fmt: skip
    return jsonl(path, [pool[i] for i in chosen])


RUNS = st.fixed_dictionaries(
    {
        "rows": st.none() | st.lists(st.integers(0, 11), min_size=1, max_size=9),
        "limit": st.none() | st.integers(1, 9),
        "sample": st.none() | st.integers(1, 6),
        "fresh": st.booleans(),
        "again": st.booleans(),
        "killed": st.just(0) | st.integers(1, 500),
    }
)


@settings(max_examples=60)
@given(st.lists(RUNS, min_size=2, max_size=5))
def test_any_sequence_of_runs_ends_with_the_tables_of_one_fresh_run(runs: list[dict[str, Any]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path, kept, alone = (Path(folder) / name for name in ("a.jsonl", "kept.sqlite", "alone.sqlite"))
        archive(path, [0, 1, 3, 4, 7, 8])
        for one in [*runs, {**runs[-1], "rows": None, "fresh": False, "killed": 0}]:
            if one["rows"]:
                archive(path, one["rows"])
            wanted = Wanted(str(path), limit=one["limit"], sample=one["sample"])
            told = run(kept, wanted, fresh=one["fresh"], again=one["again"], killed=one["killed"])
        held = len(path.read_text("utf-8").splitlines())
        assert told
        assert min(held, wanted.limit or held) <= told.taken == sum(told.records.values()) <= held
        fresh = run(alone, replace(wanted, limit=told.taken))
        assert fresh
        assert tables(kept) == tables(alone)
        assert (told.records, told.stories, told.reasons) == (fresh.records, fresh.stories, fresh.reasons)
