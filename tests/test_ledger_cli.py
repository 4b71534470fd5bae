"""`retold ledger`: what it shows, what goes out and comes in, and that what went out replays."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from command import retold
from exchange import good
from fault_server import FAULTS, FaultServer, once, running
from remembered import LATER, settled

from summarize.engines.recorded import recording
from summarize.ledger import Ledger
from summarize.settled import Settled, line

ARTICLE = "Two die in fire\n\nTwo men died in Lisbon on Tuesday. “It is over,” the mayor said.\n"


def made(path: Path, *many: Settled) -> Path:
    """A ledger of these."""
    ledger = Ledger(path)
    ledger.bring(many)
    ledger.close()
    return path


def held(path: Path) -> list[Settled]:
    """All that is in a ledger."""
    ledger = Ledger(path)
    found = list(ledger.all())
    ledger.close()
    return found


SEVERAL = (
    settled("a", cost="0.25", text="Ünï\u2028“x”"),
    settled("b", "json", cost="0.05"),
    settled("c", model="fake-2"),
    settled("d", "content", at=LATER),
    settled("e", "content", at=LATER, model="evil\x1b[31m\nmodel"),
)


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """A ledger of several questions, some of which failed."""
    return made(tmp_path / "x.sqlite", *SEVERAL)


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize("given", [["--ledger", "x.sqlite"], ["show", "--ledger", "x.sqlite"]])
def test_it_shows_questions_by_model_and_status_with_unknown_costs_apart(tmp_path: Path, given: list[str]) -> None:
    ran = retold("ledger", *given, cwd=tmp_path)
    lines = [" ".join(row.split()) for row in ran.out.splitlines()]
    assert (ran.code, ran.err) == (0, "")
    assert lines == [
        "ledger x.sqlite",
        "settled 5 questions, $0.3000, and 3 of unknown cost",
        "evil?[31m model content 1 question, cost unknown",
        "fake-1 content 1 question, cost unknown",
        "fake-1 done 1 question, $0.2500",
        "fake-1 json 1 question, $0.0500",
        "fake-2 done 1 question, cost unknown",
        "failures 3",
        "content · 2: content happened",
        "json · 1: json happened",
    ]


@pytest.mark.usefixtures("ledger")
def test_its_json_says_the_same_with_no_cost_where_none_is_known(tmp_path: Path) -> None:
    found = retold("ledger", "--json", "--ledger", "x.sqlite", cwd=tmp_path).json()
    assert (found["questions"], found["cost"], found["cost_unknown"]) == (5, "0.30", 3)
    assert {(one["model"], one["status"]): one["cost"] for one in found["by"]} == {
        ("fake-1", "done"): "0.25",
        ("fake-1", "json"): "0.05",
        ("fake-1", "content"): None,
        ("fake-2", "done"): None,
        ("evil\x1b[31m\nmodel", "content"): None,
    }
    assert found["failures"][0] == {"status": "content", "questions": 2, "example": "content happened"}


def test_the_ledger_may_be_named_by_a_setting(tmp_path: Path, ledger: Path) -> None:
    (tmp_path / "retold.toml").write_text(f'ledger = "{ledger.name}"\n', "utf-8")
    assert retold("ledger", "--json", cwd=tmp_path).json()["questions"] == 5
    assert retold("ledger", "--json", cwd=tmp_path, env={"RETOLD_LEDGER": "none"}).code == 12


@pytest.mark.parametrize("command", [[], ["show"], ["export", "-"], ["export", "out.jsonl"], ["failures"]])
def test_no_ledger_is_an_error_and_none_is_made(tmp_path: Path, command: list[str]) -> None:
    ran = retold("ledger", *command, "--ledger", "none.sqlite", cwd=tmp_path)
    assert ran.code == 12
    assert "none.sqlite: there is no ledger (" in ran.error()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("command", [[], ["export", "-"], ["failures"], ["import", "e.jsonl"]])
def test_a_file_that_is_no_ledger_is_one_line(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "text").write_text("not a database\n" * 100, "utf-8")
    (tmp_path / "e.jsonl").write_text(line(SEVERAL[0]) + "\n", "utf-8")
    ran = retold("ledger", *command, "--ledger", "text", cwd=tmp_path)
    assert (ran.code, ran.out) == (12, "")
    assert "--ledger FILE" in ran.error()


def test_failures_are_listed_with_what_happened(tmp_path: Path, ledger: Path) -> None:
    ran = retold("ledger", "failures", "--ledger", ledger, cwd=tmp_path)
    assert ran.out.splitlines() == [f"{s}  tone  {s} happened" for s in ("json", "content", "content")]
    told = retold("ledger", "failures", "--ledger", ledger, "--json", cwd=tmp_path).json()["failures"]
    assert [(one["status"], one["sections"], one["key"]) for one in told] == [
        ("json", ["tone"], "b"),
        ("content", ["tone"], "d"),
        ("content", ["tone"], "e"),
    ]
    made(tmp_path / "good.sqlite", settled("a"))
    none = retold("ledger", "failures", "--ledger", "good.sqlite", "--json", cwd=tmp_path)
    assert none.json() == {"format": "retold.failures/1", "failures": []}


@pytest.mark.parametrize(
    ("flags", "keys"),
    [
        ([], "abcde"),
        (["--model", "fake-1"], "abd"),
        (["--status", "content"], "de"),
        (["--done-only"], "ac"),
        (["--done-only", "--model", "fake-2"], "c"),
        (["--model", "nobody"], ""),
    ],
)
def test_an_export_has_a_line_for_each_question_chosen_in_the_order_of_settling(
    tmp_path: Path, ledger: Path, flags: list[str], keys: str
) -> None:
    ran = retold("ledger", "export", "out.jsonl", "--ledger", ledger, *flags, cwd=tmp_path)
    assert (ran.code, ran.out) == (0, "")
    assert list(recording(tmp_path / "out.jsonl")) == [one for one in SEVERAL if one.key in keys]
    shown = retold("ledger", "export", "-", "--ledger", ledger, *flags, cwd=tmp_path)
    assert shown.out == (tmp_path / "out.jsonl").read_text("utf-8")
    assert shown.err == ""


def test_what_goes_out_comes_in_whole_and_once(tmp_path: Path, ledger: Path) -> None:
    retold("ledger", "export", "out.jsonl", "--ledger", ledger, cwd=tmp_path)
    first = retold("ledger", "import", "out.jsonl", "--ledger", "new/y.sqlite", cwd=tmp_path)
    assert first.out == f"5 questions added, 0 there already: {Path('new/y.sqlite')}\n"
    assert held(tmp_path / "new" / "y.sqlite") == list(SEVERAL)
    made(tmp_path / "new" / "y.sqlite", settled("f"))
    again = retold("ledger", "import", "out.jsonl", "--ledger", "new/y.sqlite", cwd=tmp_path)
    assert again.out.startswith("0 questions added, 5 there already")


@pytest.mark.parametrize(
    "faulty", ["nonsense", "{}", '{"format": "retold.story/1"}', line(SEVERAL[0])[:-9], "\ufffe\0"]
)
def test_a_faulty_line_is_named_and_nothing_is_imported(tmp_path: Path, ledger: Path, faulty: str) -> None:
    before = held(ledger)
    lines = [line(settled(f"new{i}")) for i in range(3)]
    (tmp_path / "bad.jsonl").write_text("\n".join([*lines, "", faulty, lines[0]]), "utf-8")
    ran = retold("ledger", "import", "bad.jsonl", "--ledger", ledger, cwd=tmp_path)
    assert (ran.code, ran.out) == (12, "")
    assert "bad.jsonl, line 5: " in ran.error()
    assert held(ledger) == before


@pytest.mark.parametrize("given", ["none.jsonl", ".", "binary", "bad.jsonl"])
def test_a_file_that_is_no_recording_makes_no_ledger(tmp_path: Path, given: str) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "bad.jsonl").write_text("[]\n", "utf-8")
    ran = retold("ledger", "import", given, "--ledger", "y.sqlite", cwd=tmp_path)
    assert ran.code == 12
    assert given in ran.error()
    assert not (tmp_path / "y.sqlite").exists()


def test_an_export_never_overwrites_the_ledger(tmp_path: Path, ledger: Path) -> None:
    before = held(ledger)
    ran = retold("ledger", "export", "./x.sqlite", "--ledger", ledger, cwd=tmp_path)
    assert ran.code == 2
    assert "would overwrite the ledger" in ran.error()
    assert held(ledger) == before


def test_an_export_that_fails_on_the_way_leaves_what_was_there(tmp_path: Path, ledger: Path) -> None:
    with sqlite3.connect(ledger) as db:
        db.execute("update settled set line = '{' where key = 'e'")
    db.close()
    (tmp_path / "out.jsonl").write_text("kept\n", "utf-8")
    ran = retold("ledger", "export", "out.jsonl", "--ledger", ledger, cwd=tmp_path)
    assert ran.code == 12
    assert "damaged" in ran.error()
    assert (tmp_path / "out.jsonl").read_text("utf-8") == "kept\n"


def test_options_that_exclude_each_other_are_refused(tmp_path: Path, ledger: Path) -> None:
    ran = retold("ledger", "export", "-", "--done-only", "--status", "json", "--ledger", ledger, cwd=tmp_path)
    assert ran.code == 2
    assert "exclude each other" in ran.error()


def findings(told: dict[str, Any]) -> dict[str, Any]:
    """A comparison without the record of how it was made."""
    return {name: value for name, value in told.items() if name != "provenance"}


def test_what_was_exported_replays_to_the_same_comparison_with_no_server(
    tmp_path: Path, story_files: tuple[Path, Path]
) -> None:
    with running() as base_url:
        asked = ("--model", "fake-1", "--base-url", base_url, "--ledger", "x.sqlite")
        live = retold("compare", *story_files, *asked, "--json", cwd=tmp_path)
    assert live.code == 0, live.err
    retold("ledger", "export", "out.jsonl", "--ledger", "x.sqlite", cwd=tmp_path)
    replayed = retold("compare", *story_files, "--recording", "out.jsonl", "--json", cwd=tmp_path)
    assert replayed.code == 0, replayed.err
    assert live.json()["differences"]
    assert findings(replayed.json()) == findings(live.json())
    assert replayed.json()["provenance"]["engine"] == "recorded"


@pytest.mark.parametrize("fault", ["truncated_json", "cites_out_of_range", "length"])
def test_repairs_and_questions_asked_in_parts_replay_as_well(tmp_path: Path, fault: str) -> None:
    (tmp_path / "a.txt").write_text(ARTICLE * 3, "utf-8")
    with FaultServer(once(FAULTS[fault])) as server:
        asked = ("--model", "fake-1", "--base-url", server.base_url, "--ledger", "x.sqlite")
        live = retold("summarize", "a.txt", *asked, "--json", cwd=tmp_path)
        assert live.code == 0, live.err
        assert len(server.questions) > 1
    retold("ledger", "export", "out.jsonl", "--ledger", "x.sqlite", cwd=tmp_path)
    replayed = retold("summarize", "a.txt", "--recording", "out.jsonl", "--json", cwd=tmp_path)
    assert replayed.code == 0, replayed.err
    assert findings(replayed.json()) == findings(live.json())


def test_what_a_server_refused_is_refused_in_the_replay(tmp_path: Path) -> None:
    for name, more in (("a.txt", ""), ("b.txt", " It rained.")):
        (tmp_path / name).write_text(ARTICLE + more, "utf-8")
    refuses = FAULTS["400_content_filter"]
    with FaultServer(lambda asked: (refuses if "rained" in asked.user else good)(asked)) as server:
        asked = ("--model", "fake-1", "--base-url", server.base_url, "--ledger", "x.sqlite")
        live = retold("summarize", "a.txt", "b.txt", *asked, "--json", cwd=tmp_path)
        assert live.code == 9, live.err
    retold("ledger", "export", "out.jsonl", "--ledger", "x.sqlite", cwd=tmp_path)
    replayed = retold("summarize", "a.txt", "b.txt", "--recording", "out.jsonl", "--json", cwd=tmp_path)
    assert replayed.code == 9
    statuses = [[one["status"] for one in told.json()["failures"]] for told in (live, replayed)]
    assert statuses == [["content"], ["content"]]


def test_a_reply_with_half_an_emoji_is_kept_and_replays(tmp_path: Path) -> None:
    one = settled("k", text='{"x": "\ud83d"}')
    made(tmp_path / "x.sqlite", one)
    retold("ledger", "export", "out.jsonl", "--ledger", "x.sqlite", cwd=tmp_path)
    assert list(recording(tmp_path / "out.jsonl")) == [one]
    assert json.loads((tmp_path / "out.jsonl").read_text("utf-8"))["key"] == "k"
