"""`--extract-only`: what would be read, and of URLs: nobody is asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from command import retold
from web_site import Site, html

from summarize.archive.pages import page_version
from summarize.news import Version, lay_out
from summarize.report.extract import lines

PRIVATE = "--allow-private-hosts"


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as found:
        found.put("/ferry.html", html())
        found.put("/other", html("Ferry back in port"))
        yield found


def test_each_sentence_is_told_with_its_role_and_whether_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("A ferry ran aground.\n\nNobody was hurt.\n\nSources:\n- Radio\n")
    told = retold("summarize", "a.txt", "--extract-only", "--json", cwd=tmp_path).json()
    assert told["format"] == "retold.extract/1"
    (version,) = told["versions"]
    assert version["text"] == (tmp_path / "a.txt").read_text()
    for sentence in version["sentences"]:
        assert version["text"][sentence["start"] : sentence["end"]] == sentence["exact"]
    assert [(s["role"], s["read"]) for s in version["sentences"]] == [
        ("body", True), ("body", True), ("boilerplate", False), ("boilerplate", False),
    ]  # fmt: skip


def test_a_url_is_an_article_for_summarize_and_compare(site: Site, tmp_path: Path) -> None:
    urls = site.url("/ferry.html"), site.url("/other")
    told = retold("compare", *urls, PRIVATE, "--extract-only", cwd=tmp_path).out
    for words in ("Ferry runs aground off Lowick", "Ferry back in port", urls[0], "The Daily Example", "2024-08-20"):
        assert words in told
    read = retold("summarize", *urls, PRIVATE, "--json", cwd=tmp_path).json()
    assert [v["headline"] for v in read["versions"]] == ["Ferry runs aground off Lowick", "Ferry back in port"]
    assert [v["url"] for v in read["versions"]] == list(urls)
    compared = retold("compare", *urls, PRIVATE, "--json", cwd=tmp_path).json()
    assert len(compared["versions"]) == 2
    planned = retold("summarize", *urls, PRIVATE, "--dry-run", cwd=tmp_path)
    assert planned.code == 0


def test_a_page_on_disk_is_read_as_one_from_the_web(tmp_path: Path) -> None:
    (tmp_path / "ferry.html").write_bytes(html())
    told = retold("summarize", "ferry.html", "--extract-only", "--json", cwd=tmp_path).json()
    assert told["versions"][0]["text"] == page_version(html(), "a", "a").text


def test_a_url_of_this_machine_is_refused_without_the_option(site: Site, tmp_path: Path) -> None:
    ran = retold("summarize", site.url("/ferry.html"), "--extract-only", cwd=tmp_path)
    assert (ran.code, ran.out) == (3, "")
    assert PRIVATE in ran.error()
    assert site.asked == []


def test_a_file_that_cannot_be_read_is_told_and_stops_no_other(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("A ferry ran aground.")
    ran = retold("summarize", "a.txt", "none.txt", "--extract-only", "--json", cwd=tmp_path)
    assert ran.code == 9
    told = ran.json()
    assert [v["id"] for v in told["versions"]] == ["a"]
    assert [f["file"] for f in told["failures"]] == ["none.txt"]
    assert "none.txt: there is no such file" in ran.err


def test_a_ledger_is_not_made(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("A ferry ran aground.")
    ledger = tmp_path / "ledger.sqlite"
    ran = retold("summarize", "a.txt", "--extract-only", "--model", "m", "--ledger", ledger, cwd=tmp_path)
    assert ran.code == 0
    assert not ledger.exists()


def test_bylines_are_read_only_unblind_and_masks_are_told() -> None:
    version = Version(
        "Ferry aground\nBy Anna Berg\n\nThe Example saw it at https://example.org/a on Monday.", outlet="The Example"
    )
    blind, shown = ("\n".join(lines(lay_out(version, blind=blind))) for blind in (True, False))
    assert "byline, not read" in blind
    assert "“The Example” as [outlet]; “https://example.org/a” as [link]" in blind
    assert "not read" not in shown
    assert "masked" not in shown


def test_what_could_act_on_a_terminal_is_shown_as_an_escape() -> None:
    told = "".join(lines(lay_out(Version("A \x1b[1mferry\u202e ran aground.", label="\x1b]0;x\x07"))))
    assert told.isprintable()
