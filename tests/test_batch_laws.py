"""Whatever is done to a batch job, and in whatever order, it ends as if nothing else had ever been asked of it."""

from __future__ import annotations

import fcntl
import tempfile
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from newsroom import jsonl, row

from summarize.archive.records import Record, refused
from summarize.batch import Batch, Wanted
from summarize.batch.account import account
from summarize.batch.intake import Intake
from summarize.batch.watch import Nobody
from summarize.cli.watching import Lines
from summarize.engines.lexicon import Lexicon
from summarize.errors import LedgerError, NoArticle
from summarize.job import Job
from summarize.ledger import Ledger
from summarize.ledger.units import Unit, Worked
from summarize.tables.columns import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from summarize.batch.account import Account
    from summarize.engines import Engine
    from summarize.prompt import Question
    from summarize.reply import Reply

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

    store.rows = counted  # type: ignore[assignment, method-assign]  # a process cannot be killed in itself


def run(ledger: Path, wanted: Wanted, *, fresh: bool = False, again: bool = False, killed: int = 0) -> Account | None:
    """The account of a run to its end, or None of one that was killed."""
    with closing(Ledger(ledger, now="2100-01-01", fresh=fresh)) as kept:
        batch = Batch(Job.of(LEXICON), kept, wanted)
        if killed:
            killed_at(kept, killed)
        try:
            batch.run(again=again)
            return account(kept.holdings, batch.row)
        except KilledError:
            return None


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


@settings(max_examples=40)
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


def test_a_run_killed_between_drawing_and_grouping_loses_no_article(tmp_path: Path) -> None:
    wanted = Wanted(str(archive(tmp_path / "a.jsonl", [0, 1, 3, 7])))
    run(tmp_path / "kept.sqlite", wanted)
    with closing(Ledger(tmp_path / "kept.sqlite")) as kept:
        (job,) = kept.holdings.jobs()
        kept.holdings.shelves(job.id).draw(1)
    told = run(tmp_path / "kept.sqlite", wanted)
    assert told
    assert (told.records["ok"], told.records["waiting"]) == (4, 0)
    run(tmp_path / "alone.sqlite", wanted)
    assert tables(tmp_path / "kept.sqlite") == tables(tmp_path / "alone.sqlite")


def test_stories_of_one_name_are_told_apart_even_from_one_that_has_the_new_name(tmp_path: Path) -> None:
    with closing(Ledger(tmp_path / "l.sqlite")) as kept:
        units = kept.holdings.units(kept.holdings.begin("one", "a", "{}", "").id)
        names = {1: "a", 3: "a", 5: "a (3)"}
        units.lay((Unit(n, name, "given", "w", versions=2, key=name), (n, n + 1)) for n, name in names.items())
        assert [unit.story for unit in units.waiting()] == ["a", "a (3)", "a (3) (5)"]


def test_a_story_that_is_kept_is_told_with_the_reasons_of_today(tmp_path: Path) -> None:
    run(tmp_path / "l.sqlite", Wanted(str(archive(tmp_path / "a.jsonl", [0, 1]))))
    with closing(Ledger(tmp_path / "l.sqlite")) as kept:
        (job,) = kept.holdings.jobs()
        units = kept.holdings.units(job.id)
        key = kept.holdings.store.rows("select key from unit")[0][0]
        units.lay([(Unit(1, "S000", "given", "another reason", versions=2, key=key), (1, 2))])
        (told,) = kept.holdings.rows(job.id, "stories")
    assert (told[2], told[5]) == ("another reason", "ok")


def test_finding_stories_locks_nothing_in_the_ledger(tmp_path: Path) -> None:
    with closing(Ledger(tmp_path / "l.sqlite")) as kept, closing(Ledger(tmp_path / "l.sqlite")) as other:
        job = kept.holdings.begin("one", "a", "{}", "")

        def found() -> Iterator[tuple[Unit, tuple[int, ...]]]:
            yield Unit(1, "S", "given", "w", versions=2, key="k"), (1, 2)
            other.holdings.begin("two", "b", "{}", "")

        kept.holdings.units(job.id).lay(found())
        assert len(kept.holdings.jobs()) == 2


@pytest.mark.skipif(not hasattr(fcntl, "F_OFD_SETLK"), reason="no such locks here")
def test_a_job_is_worked_on_by_one_process_at_a_time(tmp_path: Path) -> None:
    wanted = Wanted(str(archive(tmp_path / "a.jsonl", [0, 1])))
    refused = []

    class Second(Nobody):
        """Somebody who starts the same, at each step of the first."""

        def advance(self, **_told: object) -> None:
            with pytest.raises(LedgerError, match="another process") as caught:
                run(tmp_path / "l.sqlite", wanted, fresh=True)
            refused.append(caught.value.exit_code)

    with closing(Ledger(tmp_path / "l.sqlite")) as kept:
        batch = Batch(Job.of(LEXICON), kept, wanted, Second())
        batch.run()
        assert account(kept.holdings, batch.row).records["ok"] == 2
    assert set(refused) == {12}
    assert run(tmp_path / "l.sqlite", wanted)


class Faulty:
    """An engine of ours with a fault: it breaks on what holds a word."""

    def __init__(self, word: str) -> None:
        self._word = word

    def __getattr__(self, name: str) -> object:
        return getattr(LEXICON, name)

    def ask(self, question: Question) -> Reply:
        """Raises ZeroDivisionError, as nobody foresaw."""
        if self._word in question.user:
            raise ZeroDivisionError("\x1b[31mred")
        return LEXICON.ask(question)


def test_a_fault_of_our_own_on_one_article_costs_neither_its_story_nor_the_run(tmp_path: Path) -> None:
    bad = {**row(0, 2), "text": "Zebras were counted at the bridge.\n"}
    found = [
        row(0, 0),
        row(0, 1),
        bad,
        {**bad, "id": "x", "story": None, "text": "Zebras went home again.\n"},
        row(5, 0),
    ]
    wanted = Wanted(str(jsonl(tmp_path / "a.jsonl", found)))
    with closing(Ledger(tmp_path / "l.sqlite")) as kept:
        batch = Batch(Job.of(cast("Engine", Faulty("Zebras"))), kept, wanted)
        batch.run()
        told = account(kept.holdings, batch.row)
    assert (told.records["ok"], told.records["failed"], told.records["waiting"]) == (3, 2, 0)
    assert told.stories == {("given", "ok"): 1}
    assert all(reason.isprintable() and "ZeroDivisionError" in reason for _, reason, *_ in told.reasons)


def test_where_a_reader_breaks_the_last_record_says_so(tmp_path: Path) -> None:
    def broken() -> Iterator[Record]:
        yield refused("a:1", NoArticle("nothing"))
        raise ZeroDivisionError

    with closing(Ledger(tmp_path / "l.sqlite")) as kept:
        job = kept.holdings.begin("one", "a", "{}", "")
        assert Intake(kept.holdings.shelves(job.id), Nobody(), Event()).run(broken(), 0, None) == 2
        assert [(told[1], told[2]) for told in kept.holdings.rows(job.id, "records")] == [
            ("a:1", "skipped"), ("after a:1", "failed"),
        ]  # fmt: skip


def test_an_answer_that_serves_two_articles_is_paid_once_in_the_account(tmp_path: Path) -> None:
    with closing(Ledger(tmp_path / "l.sqlite")) as kept:
        job = kept.holdings.begin("one", "a", "{}", "")
        units = kept.holdings.units(job.id)
        found = [Unit(number, f"S{number}", "given", "w", versions=2, key="k") for number in (1, 3)]
        units.lay([(unit, (unit.number, unit.number + 1)) for unit in found])
        units.put([Worked(unit, cost="0.25", paid={"question": "0.25"}) for unit in found])
        assert account(kept.holdings, job).cost == Decimal("0.25")
        crowd = Unit(-5, "crowd", "given", "w", versions=99, key="c", refused="too many")
        units.lay([*((unit, (unit.number, unit.number + 1)) for unit in found), (crowd, ())])
        assert account(kept.holdings, job).cost == Decimal("0.25"), "what was asked of nobody costs nothing"
        units.put([Worked(found[0], cost=None)])
        assert account(kept.holdings, job).cost is None


def test_a_run_that_has_nothing_to_do_changes_nothing_in_its_job(tmp_path: Path) -> None:
    wanted = Wanted(str(archive(tmp_path / "a.jsonl", [0, 1])))
    first = run(tmp_path / "l.sqlite", wanted)
    again = run(tmp_path / "l.sqlite", wanted)
    assert first
    assert again == first


def test_a_line_of_progress_tells_first_how_far_and_never_less_than_nothing_is_left() -> None:
    told: list[str] = []
    now = iter(range(100))
    lines = Lines(told.append, clock=lambda: float(next(now)), often=1.0)
    lines.begin("taking in", None)
    lines.advance(failed=True)
    lines.begin("reading", 1)
    lines.advance(spent=Decimal(2))
    lines.advance()
    assert told == [
        "retold: taking in: 1 · 1 failed · 60 a minute",
        "retold: reading: 1 of 1 · 0 s left · $2.00 · 60 a minute",
        "retold: reading: 2 of 1 · 0 s left · $2.00 · 60 a minute",
    ]
