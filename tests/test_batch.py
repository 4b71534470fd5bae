"""A batch takes in every record once, keeps what it has done, and tells what became of each."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from command import retold
from exchange import good
from fault_server import FAULTS, FaultServer, delayed, once
from faults import content_filter_400
from newsroom import batch, jsonl, row, rows, statuses, table

from summarize.tables.columns import RESULTS

ASKED = ("--model", "fake-1", "--timeout", "10")


def asked(server: FaultServer) -> tuple[str, ...]:
    """The flags of a run that asks `server`."""
    return (*ASKED, "--base-url", server.base_url)


def test_every_record_is_counted_once_with_its_status(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    folder.mkdir()
    (folder / "good.txt").write_text(row(1, 0)["text"], "utf-8")
    (folder / "same.txt").write_text(row(1, 0)["text"], "utf-8")
    (folder / "empty.txt").write_text("", "utf-8")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 9)
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n")
    (folder / ".hidden.txt").write_text("hidden", "utf-8")
    ran = batch(folder, tmp_path, "--json")
    assert ran.code == 9
    told = ran.json()
    assert told["records"].pop("taken") == 6 == sum(told["records"].values())
    assert told["records"]["ok"] == told["records"]["duplicate"] == 1
    assert told["records"]["failed"] >= 2
    assert told["records"]["waiting"] == 0
    assert len(table(tmp_path, "records")) == 6
    for line in table(tmp_path, "records"):
        record = json.loads(line)
        assert (record["reason"] is None) == (record["status"] == "ok")


def test_stories_with_given_ids_are_compared_and_every_article_is_read(tmp_path: Path) -> None:
    ran = batch(jsonl(tmp_path / "a.jsonl", rows(4)), tmp_path)
    assert ran.code == 0
    stories = [json.loads(line) for line in table(tmp_path, "stories")]
    assert [s["story"] for s in stories] == ["S000", "S001", "S002", "S003"]
    assert all(s["versions"] == 3 and s["status"] == "ok" and s["differences"] > 0 for s in stories)
    assert len(table(tmp_path, "readings")) == 12
    for name in RESULTS:
        assert table(tmp_path, name) or name in {"framing", "portrayal"}, name


def test_what_a_finding_rests_on_stands_in_the_text_where_the_table_says(tmp_path: Path) -> None:
    archive = rows(3)
    batch(jsonl(tmp_path / "a.jsonl", archive), tmp_path)
    texts = {one["id"]: one["text"] for one in archive}
    seen = 0
    for name in ("claims", "positions", "differences", "wording", "voices"):
        for line in table(tmp_path, name):
            found = json.loads(line)
            if found["words"]:
                first = found["words"].split(" … ")[0]
                assert texts[found["article"]][found["start"] :].startswith(first)
                seen += 1
    assert seen > 50


def test_the_same_command_again_asks_nothing_and_changes_nothing(tmp_path: Path) -> None:
    archive = jsonl(tmp_path / "a.jsonl", rows(3))
    with FaultServer() as server:
        assert batch(archive, tmp_path, *asked(server)).code == 0
        first = {name: table(tmp_path, name) for name in RESULTS}
        questions = len(server.questions)
        assert questions >= 9
        assert batch(archive, tmp_path, *asked(server)).code == 0
        assert len(server.questions) == questions
    assert {name: table(tmp_path, name) for name in RESULTS} == first


def test_an_archive_that_grew_is_taken_in_anew_and_pays_only_for_what_is_new(tmp_path: Path) -> None:
    archive = jsonl(tmp_path / "a.jsonl", rows(2))
    with FaultServer() as server:
        assert batch(archive, tmp_path, *asked(server)).code == 0
        before = len(server.questions)
        jsonl(archive, [*rows(2), {**row(9, 0), "story": None}])
        ran = batch(archive, tmp_path, *asked(server), "--json")
        assert ran.code == 0
        assert ran.json()["records"]["ok"] == 7
        assert len(server.questions) - before <= 2


def test_a_limit_looks_at_the_first_records_and_without_it_the_job_goes_on(tmp_path: Path) -> None:
    archive = jsonl(tmp_path / "a.jsonl", rows(3))
    limited = batch(archive, tmp_path, "--limit", "4", "--json").json()
    assert (limited["records"]["taken"], limited["complete"]) == (4, False)
    whole = batch(archive, tmp_path, "--json").json()
    assert (whole["records"]["ok"], whole["complete"]) == (9, True)
    other = tmp_path / "other"
    other.mkdir()
    batch(archive, other)
    for name in (*RESULTS, "articles", "stories", "records"):
        assert table(tmp_path, name) == table(other, name), name


def test_a_sample_is_the_same_each_time_whatever_the_order_and_the_rest_is_skipped(tmp_path: Path) -> None:
    found = rows(8, 1)
    drawn: list[set[str]] = []
    for order in (found, found[::-1]):
        folder = tmp_path / str(len(drawn))
        folder.mkdir()
        assert batch(jsonl(folder / "a.jsonl", order), folder, "--sample", "3").code == 0
        assert statuses(folder) == {"ok": 3, "skipped": 5}
        drawn.append({json.loads(line)["article"] for line in table(folder, "readings")})
    assert drawn[0] == drawn[1]
    assert batch(folder / "a.jsonl", folder).code == 0
    assert statuses(folder) == {"ok": 8}


def test_a_version_that_cannot_be_read_does_not_take_its_story_with_it(tmp_path: Path) -> None:
    found = [*rows(1), {"id": "refused", "text": "An unspeakable thing happened.\n", "outlet": "R", "story": "S000"}]
    with FaultServer(lambda asked: (content_filter_400 if "unspeakable" in asked.user else good)(asked)) as server:
        ran = batch(jsonl(tmp_path / "a.jsonl", found), tmp_path, *asked(server))
    assert ran.code == 9
    (story,) = [json.loads(line) for line in table(tmp_path, "stories")]
    assert (story["status"], story["versions"]) == ("ok", 4)
    assert story["differences"] > 0
    assert "1 of its versions" in story["reason"]
    assert statuses(tmp_path) == {"ok": 3, "failed": 1}


def test_a_story_with_too_many_versions_is_told_and_its_articles_are_read_alone(tmp_path: Path) -> None:
    found = [{**row(i, 0), "story": "crowd"} for i in range(4)]
    assert batch(jsonl(tmp_path / "a.jsonl", found), tmp_path, "--most-versions", "3").code == 9
    (story,) = [json.loads(line) for line in table(tmp_path, "stories")]
    assert story["status"] == "failed"
    assert "more than 3 versions" in story["reason"]
    assert len(table(tmp_path, "readings")) == 4


def test_articles_with_one_id_keep_apart(tmp_path: Path) -> None:
    found = [{**row(i, 0), "id": "same", "story": None} for i in range(3)]
    assert batch(jsonl(tmp_path / "a.jsonl", found), tmp_path, "--stories", "none").code == 0
    articles = [json.loads(line)["article"] for line in table(tmp_path, "articles")]
    assert len(set(articles)) == 3


def test_two_jobs_in_one_ledger_do_not_mix(tmp_path: Path) -> None:
    for name, story in (("a", 1), ("b", 2)):
        assert batch(jsonl(tmp_path / f"{name}.jsonl", [row(story, 0)]), tmp_path).code == 0
    ran = batch("a.jsonl", tmp_path, "--status", "--json")
    assert [job["records"]["taken"] for job in json.loads(ran.out)] == [1]
    (line,) = table(tmp_path, "articles")
    assert json.loads(line)["article"] == "s002-0"


def test_a_dry_run_asks_nothing_and_leaves_no_ledger(tmp_path: Path) -> None:
    archive = jsonl(tmp_path / "a.jsonl", rows(3))
    with FaultServer() as server:
        ran = batch(archive, tmp_path, *asked(server), "--dry-run", "--json", "--rpm", "60")
        assert server.questions == []
    told = ran.json()
    assert (told["articles"], told["stories"], told["records"]["taken"]) == (9, 3, 9)
    assert 9 + 3 + 9 <= told["calls"]["low"] <= told["calls"]["high"] <= 4 * 9 + 3 * 3
    assert told["seconds"]["low"] >= told["calls"]["low"] - 1
    assert not (tmp_path / "l.sqlite").exists()


def test_a_dry_run_of_a_finished_job_foretells_nothing_more(tmp_path: Path) -> None:
    archive = jsonl(tmp_path / "a.jsonl", rows(2))
    with FaultServer() as server:
        assert batch(archive, tmp_path, *asked(server)).code == 0
        told = batch(archive, tmp_path, *asked(server), "--dry-run", "--json").json()
    assert told["calls"] == {"low": 0, "high": 0}


def test_groups_are_explained_without_asking_anything(tmp_path: Path) -> None:
    archive = jsonl(tmp_path / "a.jsonl", [{**one, "story": None} for one in rows(3)])
    ran = batch(archive, tmp_path, "--explain-groups", "--json")
    assert ran.code == 0
    for line in ran.out.splitlines():
        assert set(json.loads(line)) == {"story", "article", "other", "how", "why"}
    assert table(tmp_path, "readings") == []


@pytest.mark.parametrize(("fault", "code"), [("401", 6), ("quota_429", 7), ("404_model", 10)])
def test_what_stops_a_run_has_its_own_exit_code_and_the_rest_waits(tmp_path: Path, fault: str, code: int) -> None:
    archive = jsonl(tmp_path / "a.jsonl", rows(3))
    with FaultServer(FAULTS[fault]) as server:
        ran = batch(archive, tmp_path, *asked(server), "--json")
    assert ran.code == code
    assert ran.json()["records"]["waiting"] == 9


def test_nobody_there_and_too_small_a_budget_have_their_own_exit_codes(tmp_path: Path) -> None:
    archive = jsonl(tmp_path / "a.jsonl", rows(1))
    assert batch(archive, tmp_path, *ASKED, "--base-url", "http://127.0.0.1:9", "--json").code == 5
    (tmp_path / "retold.toml").write_text('[prices."fake-1"]\ninput = 1\noutput = 2\n', "utf-8")
    with FaultServer() as server:
        ran = batch(archive, tmp_path, *asked(server), "--json", "--max-cost", "0.0001")
        assert (ran.code, ran.json()["records"]["waiting"]) == (11, 3)
        whole = batch(archive, tmp_path, *asked(server), "--json", "--max-cost", "5").json()
    assert whole["cost"] == whole["provenance"]["cost"] > "0"


def test_failures_are_tried_again_when_asked_and_only_they(tmp_path: Path) -> None:
    archive = jsonl(tmp_path / "a.jsonl", [{**one, "story": None} for one in rows(4, 1)])
    refused = once(content_filter_400)
    with FaultServer(lambda asked: (refused if "paper mill" in asked.user else good)(asked)) as server:
        ran = batch(archive, tmp_path, *asked(server), "--json", "--stories", "none", "--hands", "1")
        assert ran.code == 9
        assert ran.json()["records"]["failed"] == 1
        questions = len(server.questions)
        assert batch(archive, tmp_path, *asked(server), "--stories", "none").code == 9
        assert len(server.questions) == questions, "a failure that would repeat is remembered"
        assert batch(archive, tmp_path, *asked(server), "--stories", "none", "--retry-failed").code == 0
        assert len(server.questions) == questions + 1
    assert statuses(tmp_path) == {"ok": 4}


@pytest.mark.skipif(os.name == "nt", reason="signals")
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_the_first_interrupt_saves_what_is_under_way_and_the_same_command_goes_on(tmp_path: Path, sign: int) -> None:
    archive = jsonl(tmp_path / "a.jsonl", rows(20, 1))
    with FaultServer(delayed(0.05)) as server:
        args = [sys.executable, "-m", "summarize", "batch", str(archive), "--ledger", "l.sqlite", *asked(server)]
        with subprocess.Popen(args, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            while len(server.questions) < 5 and process.poll() is None:
                time.sleep(0.01)
            process.send_signal(sign)
            assert b"Traceback" not in process.communicate(timeout=60)[1]
        assert process.returncode == 130
        known = len(server.questions)
        assert 0 < statuses(tmp_path)["waiting"] < 20
        assert batch(archive, tmp_path, *asked(server)).code == 0
        assert len(server.questions) == 20
        assert known < 20


def test_rows_on_standard_input_are_rows_whatever_separates_them(tmp_path: Path) -> None:
    found = rows(2)
    for n, separator in enumerate(",;\t"):
        names = ["id", "text", "outlet"]
        text = io.StringIO()
        csv.writer(text, delimiter=separator).writerows([names, *([one[name] for name in names] for one in found)])
        args = ("batch", "-", "--ledger", f"{n}.sqlite", "--stories", "none", "--json")
        assert retold(*args, cwd=tmp_path, stdin=text.getvalue().encode()).json()["records"]["ok"] == 6
    prose = b"Fire, text and outlet\n\nA man, a plan; a text.\n"
    assert (
        retold("batch", "-", "--ledger", "p.sqlite", "--json", cwd=tmp_path, stdin=prose).json()["records"]["ok"] == 1
    )


def test_no_archive_and_no_ledger_are_errors_with_a_hint(tmp_path: Path) -> None:
    assert batch("--status", tmp_path).code == 12
    assert batch("nowhere", tmp_path).code == 3
    assert "nowhere" in batch("nowhere", tmp_path).error()
    assert batch("", tmp_path).code == 2


def test_by_the_providers_batch_the_tables_are_those_of_a_run_online(tmp_path: Path) -> None:
    archive = jsonl(tmp_path / "a.jsonl", rows(2))
    with FaultServer() as server:
        assert batch(archive, tmp_path, *asked(server), "--runner", "batch").code == 0
        assert server.questions == [], "nothing is asked online"
        by_batch = {name: table(tmp_path, name) for name in RESULTS}
        (tmp_path / "l.sqlite").unlink()
        assert batch(archive, tmp_path, *asked(server)).code == 0
        assert server.questions
    assert {name: table(tmp_path, name) for name in RESULTS} == by_batch


def test_the_providers_batch_needs_a_model(tmp_path: Path) -> None:
    ran = batch(jsonl(tmp_path / "a.jsonl", rows(1)), tmp_path, "--runner", "batch")
    assert ran.code == 2
    assert "--model" in ran.error()
