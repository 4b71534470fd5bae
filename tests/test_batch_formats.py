"""One set of articles gives the same results whatever archive it is kept in."""

from __future__ import annotations

import csv
import io
import json
from contextlib import closing
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any, get_args

import pytest
from archives import KINDS, OF_FILES, OF_PAGES, OF_ROWS, PACK, Told, jsonl, tarred, write, zipped
from command import retold
from newsroom import rows, table
from web_site import Site

from summarize.archive import walk
from summarize.archive.fingerprint import fingerprint
from summarize.archive.members import Reader, kind_of
from summarize.archive.records import PUBLIC, Web
from summarize.batch import Batch, Wanted
from summarize.engines.lexicon import Lexicon
from summarize.job import Job
from summarize.ledger import Ledger
from summarize.settling import Settler
from summarize.stories import Rules
from summarize.tables.columns import RESULTS, TABLES

if TYPE_CHECKING:
    from pathlib import Path

Found = dict[str, Any]
Tables = dict[str, list[Found]]

COMPARED = (*RESULTS, "stories")
GIVEN, FOUND = Rules(), Rules(by=frozenset({"url", "found"}))
LABELLED = {"difference", "text"}  # words that name versions, and their order; a file is named after itself
STORIES = 3


def told(story: str = "") -> tuple[Told, ...]:
    """The newsroom's articles, in the order in which a folder has them; `story` is put before the id of theirs."""
    made = []
    for row in rows(STORIES):
        host = row["outlet"].split()[-1].lower()
        about = (row["outlet"], row["published"], f"https://{host}.example.org/{row['id']}.html", row["text"].strip())
        made.append(Told(f"{row['id']}.md", "", *about, story and f"{story}{row['story']}"))
    return tuple(made)


def results(archive: Path | str, ledger: Path, rules: Rules = FOUND) -> Tables:
    """The tables of a batch on an archive, in this process; each article must be read."""
    job = Job(Settler(Lexicon()))
    with closing(Ledger(ledger)) as kept:
        row = Batch(job, kept, Wanted(str(archive), rules=rules)).run()
        found = {
            name: [
                dict(zip((c.name for c in TABLES[name]), one, strict=True)) for one in kept.holdings.rows(row.id, name)
            ]
            for name in (*COMPARED, "articles", "records")
        }
    assert [one for one in found["records"] if one["status"] != "ok"] == []
    return found


def without(found: Tables, *names: str) -> Tables:
    """The tables of results without some columns."""
    return {name: [{k: v for k, v in one.items() if k not in names} for one in found[name]] for name in COMPARED}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where this module's archives are."""
    return tmp_path_factory.mktemp("formats")


@pytest.fixture(scope="module")
def first(folder: Path) -> Any:  # noqa: ANN401  # a function for each family of archives
    """The results of the first archive of a family, which all others must equal."""

    @cache
    def of(kind: str, rules: Rules) -> Tables:
        there = folder / f"first-{kind}-{len(rules.by)}"
        there.mkdir()
        archive = write(kind, there, told("given " if rules is GIVEN else ""))
        return results(archive, there / "l.sqlite", rules)

    return of


def test_the_set_has_stories_and_findings_of_nearly_every_kind(first: Any) -> None:  # noqa: ANN401
    for kind, rules in (("folder", FOUND), ("jsonl", FOUND), ("jsonl", GIVEN)):
        found = first(kind, rules)
        assert [s["versions"] for s in found["stories"]] == [3] * STORIES
        assert {s["how"] for s in found["stories"]} == {"given" if rules is GIVEN else "event"}
        assert [name for name in COMPARED if not found[name]] in (
            [],
            ["framing"],
            ["portrayal"],
            ["framing", "portrayal"],
        )


@pytest.mark.parametrize("kind", OF_FILES[1:])
def test_archives_of_files_give_what_a_folder_gives(tmp_path: Path, first: Any, kind: str) -> None:  # noqa: ANN401
    found = results(write(kind, tmp_path, told()), tmp_path / "l.sqlite")
    assert without(found) == without(first("folder", FOUND))


@pytest.mark.parametrize("kind", OF_ROWS)
def test_archives_of_rows_give_the_same_with_the_stories_that_they_name(
    tmp_path: Path,
    first: Any,  # noqa: ANN401
    kind: str,
) -> None:
    found = results(write(kind, tmp_path, told("given ")), tmp_path / "l.sqlite", GIVEN)
    assert without(found) == without(first("jsonl", GIVEN))
    assert [s["story"] for s in found["stories"]] == [f"given S{n:03}" for n in range(STORIES)]


def test_the_same_texts_in_files_and_in_rows_give_the_same_findings_to_the_offset(tmp_path: Path) -> None:
    bare = [replace(one, name=one.name.replace(".md", ".txt"), outlet="", published="", url="") for one in told()]
    folder = tmp_path / "texts"
    folder.mkdir()
    for one in bare:
        (folder / one.name).write_bytes(one.text.encode())
    of_files = results(folder, tmp_path / "files.sqlite")
    of_rows = results(write("jsonl", tmp_path, bare), tmp_path / "rows.sqlite")
    for name, found in without(of_files, *LABELLED).items():
        assert in_order(found) == in_order(without(of_rows, *LABELLED)[name]), name
    assert of_files["differences"]


def test_stories_that_are_found_and_stories_that_are_given_are_compared_alike(first: Any) -> None:  # noqa: ANN401
    found, given = (without(first("jsonl", rules), "story", "how", "why") for rules in (FOUND, GIVEN))
    assert found == given


@pytest.fixture(scope="module")
def pages(folder: Path) -> Tables:
    """The results of the articles as web pages in a folder."""
    there = folder / "pages"
    there.mkdir()
    for one in headed():
        (there / one.name.replace(".md", ".html")).write_bytes(one.page)
    return by_address(results(there, folder / "pages.sqlite"))


def headed() -> list[Told]:
    """The articles with the headline apart from the text, as pages have it."""
    parts = [(one, one.text.partition("\n\n")) for one in told()]
    return [replace(one, headline=headline, text=text) for one, (headline, _, text) in parts]


def by_address(found: Tables) -> Tables:
    """The results with each article named by its address, which is what all archives of pages know."""
    known = {one["article"]: one["url"] for one in found["articles"]}
    assert len(set(known.values())) == len(known)
    return {
        name: in_order([{k: known.get(v, v) if k == "article" else v for k, v in one.items()} for one in rows_])
        for name, rows_ in without(found, *LABELLED).items()
    }


def in_order(found: list[Found]) -> list[Found]:
    """Rows in an order that is theirs alone."""
    return sorted(found, key=lambda one: json.dumps(one, sort_keys=True, ensure_ascii=False))


@pytest.mark.parametrize("kind", [*OF_PAGES, "zip", "tar.zst", "jsonl", "csv.gz", "parquet"])
def test_pages_give_the_same_however_they_are_kept(tmp_path: Path, pages: Tables, kind: str) -> None:
    found = headed()
    if kind in OF_ROWS:
        found = [replace(one, headline="", published="", text=one.page.decode()) for one in found]
    if kind in {*OF_ROWS, *OF_PAGES}:
        archive = write(kind, tmp_path, found)
    else:
        archive = tmp_path / f"pages.{kind}"
        pack = zipped if kind == "zip" else tarred
        raw = pack([(one.name.replace(".md", ".html"), one.page) for one in found])
        archive.write_bytes(raw if kind == "zip" else PACK[".zst"](raw))
    assert by_address(results(archive, tmp_path / "l.sqlite")) == pages
    assert pages["differences"]


@pytest.mark.parametrize("kind", ["tar.gz", "csv"])
def test_the_command_gives_what_the_library_gives(tmp_path: Path, first: Any, kind: str) -> None:  # noqa: ANN401
    given = kind in OF_ROWS
    archive = write(kind, tmp_path, told("given " if given else ""))
    ran = retold("batch", archive, "--ledger", "l.sqlite", "--json", cwd=tmp_path)
    assert ran.code == 0, ran.err
    expected = without(first("jsonl" if given else "folder", GIVEN if given else FOUND))
    exported = {name: [json.loads(line) for line in table(tmp_path, name)] for name in ("differences", "stories")}
    for name, found in exported.items():
        assert found == sorted(expected[name], key=lambda one: json.dumps(one, ensure_ascii=False)), name


def test_every_reader_of_files_is_among_those_compared() -> None:
    compared = [*(f"set.{kind}" for kind in KINDS if kind != "folder"), told()[0].name, "page.html"]
    assert {kind.reader for kind in map(kind_of, compared) if kind} == set(get_args(Reader))


def test_a_table_as_excel_saves_it_gives_what_any_other_gives(tmp_path: Path) -> None:
    plain, found = write("csv", tmp_path, told("given ")), []
    with plain.open(encoding="utf-8", newline="") as file:
        cells = list(csv.reader(file))
    for number, (encoding, before) in enumerate((("utf-8-sig", ""), ("cp1252", "sep=;\r\n"), ("utf-16", ""))):
        rewritten = io.StringIO(before, newline="")
        rewritten.seek(0, io.SEEK_END)
        csv.writer(rewritten, delimiter=";").writerows(cells)
        path = tmp_path / f"excel-{number}.csv"
        path.write_bytes(rewritten.getvalue().encode(encoding))
        found.append(without(results(path, tmp_path / f"{number}.sqlite", GIVEN)))
    assert found == [without(results(plain, tmp_path / "l.sqlite", GIVEN))] * 3


def test_texts_of_a_crawl_are_read_by_their_own_ending(tmp_path: Path) -> None:
    text = told()[0].text.encode()
    head = f"WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Target-URI: https://a.example/\r\nContent-Length: {len(text)}"
    record = f"{head}\r\nContent-Type: text/plain\r\n\r\n".encode() + text + b"\r\n\r\n"
    path = tmp_path / "CC-MAIN.warc.wet.gz"
    path.write_bytes(PACK[".gz"](record))
    assert len(results(path, tmp_path / "l.sqlite")["readings"]) == 1


def test_an_archive_on_a_web_server_gives_what_it_gives_on_disk_within_what_is_permitted(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_bytes(jsonl(told()))
    with Site() as site:
        site.put("/set.jsonl", path.read_bytes(), ETag='"1"')
        address = site.url("/set.jsonl")
        own = Web(private=True)
        assert [r.load() for r in walk.records(address, web=own)] == [r.load() for r in walk.records(str(path))]
        for web, words in ((PUBLIC, "not a public address"), (Web(private=True, most=1_000), "more than 1,000 bytes")):
            (refused,) = walk.records(address, web=web)
            with pytest.raises(Exception, match=words):
                refused.load()
        assert fingerprint(address, web=own)
        assert fingerprint(address) == ""
