"""What a batch takes of its ledger for each article does not grow with the archive."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from newsroom import jsonl

from summarize.batch import Batch, Wanted
from summarize.engines.lexicon import Lexicon
from summarize.job import Job
from summarize.ledger import Ledger
from summarize.stories import Rules


def steps(folder: Path, articles: int) -> float:
    """Steps of SQLite's machine for each article of an archive, in hundreds; the same in every run."""
    counted = 0

    def count() -> int:
        nonlocal counted
        counted += 1
        return 0

    rows = [{"id": f"a{n}", "text": f"Case {n}\n\nThe clerk of room {n} said so on Monday.\n"} for n in range(articles)]
    archive = jsonl(folder / f"{articles}.jsonl", rows)
    with closing(Ledger(folder / f"{articles}.sqlite")) as ledger:
        ledger.holdings.store._db.set_progress_handler(count, 100)
        Batch(Job.of(Lexicon()), ledger, Wanted(str(archive), rules=Rules(by=frozenset({"given"})))).run()
    return counted / articles


def test_the_ledgers_work_for_each_article_is_the_same_in_an_archive_of_eight_times_as_many(tmp_path: Path) -> None:
    few, many = steps(tmp_path, 100), steps(tmp_path, 800)
    assert many < 1.2 * few
