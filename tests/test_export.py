"""`retold export`: tables of a real ledger, as files and on standard output."""

from __future__ import annotations

import csv
import json
import re
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import pytest
from command import retold
from remembered import NOON, settled

from summarize import Version, compare
from summarize.cli.export import Table
from summarize.comparison.model import Comparison
from summarize.ledger import Ledger
from summarize.ledger.shelves import Shelves, Taken
from summarize.ledger.units import Unit, Units, Worked
from summarize.tables import documented, rows
from summarize.tables.columns import TABLES
from summarize.tables.writers import unguarded

HOSTILE = Version(
    "=Ferry sinks\n\nThe minister admitted on Monday that 12 people were hurt. “+Nobody is safe,” said Ana Ruiz.\n",
    id="a", headline="=Ferry sinks", outlet="=cmd|'/c calc'!A0",
)  # fmt: skip
OTHER = Version("Ferry sinks\n\nThe minister said on Monday that 15 people were hurt.\n", id="b")


@pytest.fixture(scope="module")
def found() -> Comparison:
    made = compare(HOSTILE, OTHER)
    assert made.differences
    return made


def filled(path: Path, found: Comparison, archives: Sequence[str]) -> Path:
    """A ledger in which each of these archives is a job that is done: one story, and a record that is no article."""
    ledger = Ledger(path)
    holdings = ledger.holdings
    for archive in archives:
        job = holdings.begin(archive, archive, "{}", NOON).id
        taken = [Taken(i, f"{archive}:{i}", a.version) for i, a in enumerate(found.story.articles, start=1)]
        Shelves(holdings.store, job).take([*taken, Taken(3, f"{archive}:3", status="skipped", reason="no article")])
        unit = Unit(1, "s1", "given", "the archive says so", versions=2, key="a b")
        units = Units(holdings.store, job)
        units.lay([(unit, [1, 2])])
        counts = (len(found.rows), len(found.shared), len(found.differences))
        units.put([Worked(unit, rows=rows.of_comparison(found, "s1"), counts=counts)])
    ledger.close()
    return path


@pytest.fixture
def ledger(tmp_path: Path, found: Comparison) -> Path:
    """A ledger of one job."""
    return filled(tmp_path / "batch.sqlite", found, ["news.jsonl"])


def table(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_every_table_there_is_can_be_chosen() -> None:
    assert get_args(Table) == tuple(TABLES)


def test_without_a_file_a_table_is_json_lines_on_standard_output(
    tmp_path: Path, ledger: Path, found: Comparison
) -> None:
    made = rows.of_comparison(found, "s1")
    for name in TABLES:
        ran = retold("export", ledger, "--table", name, cwd=tmp_path)
        assert (ran.code, ran.err) == (0, "")
        told = table(ran.out)
        assert all(list(row) == [c.name for c in TABLES[name]] for row in told)
        if name in made:
            assert sorted(map(repr, (tuple(row.values()) for row in told))) == sorted(map(repr, made[name]))
    assert [row["status"] for row in table(retold("export", ledger, "--table", "records", cwd=tmp_path).out)] == [
        "ok", "ok", "skipped"
    ]  # fmt: skip


def test_all_tables_go_into_a_folder_and_tell_the_same_in_every_format(tmp_path: Path, ledger: Path) -> None:
    from pyarrow import parquet

    for form in ("jsonl", "csv", "parquet"):
        ran = retold("export", ledger, "--all", "new/tables", "--format", form, cwd=tmp_path)
        assert ran.code == 0, ran.err
    folder = tmp_path / "new" / "tables"
    assert {p.name for p in folder.iterdir()} == {f"{t}.{form}" for t in TABLES for form in ("jsonl", "csv", "parquet")}
    for name in TABLES:
        told = table((folder / f"{name}.jsonl").read_text("utf-8"))
        assert parquet.read_table(folder / f"{name}.parquet").to_pylist() == told
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            read = [{k: unguarded(v) for k, v in row.items()} for row in csv.DictReader(file, strict=True)]
        assert read == [{k: "" if v is None else str(v) for k, v in row.items()} for row in told]


@pytest.mark.parametrize(("name", "more", "first"), [
    ("c.csv", (), "article,"), ("c.JSONL", (), "{"), ("c.parquet", (), "PAR1"),
    ("c.txt", ("--format", "csv"), "article,"),
    ("c.csv", ("--format", "jsonl"), "{"),
])  # fmt: skip
def test_the_suffix_chooses_the_format_unless_it_is_given(
    tmp_path: Path, ledger: Path, name: str, more: tuple[str, ...], first: str
) -> None:
    ran = retold("export", ledger, "--table", "claims", "-o", name, *more, cwd=tmp_path)
    assert ran.code == 0, ran.err
    assert "rows of claims written to" in ran.err
    assert (tmp_path / name).read_bytes().startswith(first.encode())


def test_foreign_words_are_no_formula_in_csv(tmp_path: Path, ledger: Path) -> None:
    ran = retold("export", ledger, "--table", "articles", "--format", "csv", cwd=tmp_path)
    row = next(csv.DictReader(ran.out.splitlines(keepends=True), strict=True))
    assert (row["outlet"], row["headline"]) == ("'=cmd|'/c calc'!A0", "'=Ferry sinks")


def test_of_several_jobs_the_last_is_taken_and_that_is_said(tmp_path: Path, found: Comparison) -> None:
    ledger = filled(tmp_path / "two.sqlite", found, ["first.zip", "second.zip"])
    last = retold("export", ledger, "--table", "records", cwd=tmp_path)
    assert "2 jobs" in last.err
    assert "2 (second.zip)" in last.err
    assert {str(row["place"]).split(":")[0] for row in table(last.out)} == {"second.zip"}
    first = retold("export", ledger, "--table", "records", "--job", "1", cwd=tmp_path)
    assert {str(row["place"]).split(":")[0] for row in table(first.out)} == {"first.zip"}
    assert first.err == ""
    none = retold("export", ledger, "--table", "records", "--job", "7", cwd=tmp_path)
    assert none.code == 2
    assert "no job 7" in none.error()
    assert "1 (first.zip), 2 (second.zip)" in none.error()


@pytest.mark.parametrize(("args", "said"), [
    (("--table", "claims", "--all", "d"), "exclude each other"), ((), "which table"),
    (("--all", "d", "-o", "x.csv"), "exclude each other"), (("--table", "claims", "-o", "x.xlsx"), "no format"),
    (("--table", "claims", "--format", "parquet"), "standard output"),
    (("--table", "claims", "-o", "batch.sqlite", "--format", "csv"), "overwrite the ledger"),
    (("--table", "claims", "-o", "./batch.sqlite-wal", "--format", "csv"), "overwrite the ledger"),
    (("--table", "records", "-o", "news.jsonl"), "overwrite the archive"),
])  # fmt: skip
def test_what_cannot_be_done_is_refused_in_one_line_and_changes_nothing(
    tmp_path: Path, ledger: Path, args: tuple[str, ...], said: str
) -> None:
    (tmp_path / "news.jsonl").write_text("the archive\n", "utf-8")
    ran = retold("export", ledger, *args, cwd=tmp_path)
    assert ran.code == 2
    assert said in ran.error()
    assert {p.name for p in tmp_path.iterdir()} - {"batch.sqlite-wal", "batch.sqlite-shm"} == {
        "batch.sqlite", "news.jsonl"
    }  # fmt: skip
    assert (tmp_path / "news.jsonl").read_text("utf-8") == "the archive\n"
    assert retold("export", ledger, "--table", "claims", cwd=tmp_path).code == 0


def test_a_table_that_is_none_is_refused_with_those_there_are(tmp_path: Path, ledger: Path) -> None:
    ran = retold("export", ledger, "--table", "people", cwd=tmp_path)
    assert ran.code == 2
    assert "differences" in ran.err


def test_a_ledger_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    ran = retold("export", "nosuch.sqlite", "--table", "claims", cwd=tmp_path)
    assert ran.code == 12
    assert "nosuch.sqlite: there is no ledger" in ran.error()
    assert not list(tmp_path.iterdir())


def test_a_ledger_without_a_batch_says_so(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "l.sqlite")
    ledger.put(settled("k"))
    ledger.close()
    ran = retold("export", "l.sqlite", "--table", "claims", cwd=tmp_path)
    assert ran.code == 12
    assert "no batch in this ledger" in ran.error()


def test_a_value_that_something_else_put_into_the_ledger_is_named(tmp_path: Path, ledger: Path) -> None:
    with sqlite3.connect(ledger) as db:
        db.execute("update claims set start = 'here' where claim = 1")
    db.close()
    (tmp_path / "c.csv").write_text("kept", "utf-8")
    ran = retold("export", ledger, "--table", "claims", "-o", "c.csv", cwd=tmp_path)
    assert ran.code == 12
    assert "row 1 of the table claims" in ran.error()
    assert (tmp_path / "c.csv").read_text("utf-8") == "kept"


def test_the_tables_in_the_ledger_are_named_as_documented_with_the_job_first(ledger: Path) -> None:
    with sqlite3.connect(f"{ledger.as_uri()}?mode=ro", uri=True) as db:
        for name, columns in TABLES.items():
            found = [name for (name, *_) in db.execute(f"select * from {name}").description]  # noqa: S608  # our names
            assert found[: len(columns) + 1] == ["job", *(c.name for c in columns)]
            assert found[len(columns) + 1 :] in ([], ["n"])
    db.close()


def test_the_queries_on_the_page_run_on_a_ledger(ledger: Path) -> None:
    queries = re.findall(r'"(select [^"]*)"', documented.markdown())
    assert len(queries) == 4
    with sqlite3.connect(f"{ledger.as_uri()}?mode=ro", uri=True) as db:
        for query in queries:
            assert db.execute(query, (1,) if "?" in query else ()).fetchall(), query
    db.close()
