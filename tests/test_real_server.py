"""A real llama.cpp server with random weights: every reply is valid or failed with its true reason."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from command import retold

if TYPE_CHECKING:
    from pathlib import Path

pytest_plugins = ("llama",)

GATES = {"runaway", "length", "empty", "truncated", "json", "schema", "citations", "context"}


def evidence(node: object) -> list[dict[str, Any]]:
    """Every piece of evidence in a JSON document."""
    if isinstance(node, dict):
        own = [node] if node.keys() >= {"version", "start", "end", "exact"} else []
        return own + [e for child in node.values() for e in evidence(child)]
    return [e for child in node for e in evidence(child)] if isinstance(node, list) else []


def articles(folder: Path, count: int) -> list[str]:
    """So many short files, each unlike the others."""
    for n in range(count):
        text = f"Report {n}\n\nFire number {n} broke out on Tuesday. “It is over,” the mayor of Lowick said.\n"
        (folder / f"{n:02}.txt").write_text(text, "utf-8")
    return [f"{n:02}.txt" for n in range(count)]


@pytest.mark.parametrize("command", ["summarize", "compare"])
def test_a_real_server_answers_and_what_it_says_is_proved_or_set_aside(
    llama: str, story_files: tuple[Path, Path], tmp_path: Path, command: str
) -> None:
    flags = ("--model", "tiny", "--base-url", llama, "--ledger", "l.sqlite", "--json")
    ran = retold(command, *story_files, *flags, cwd=tmp_path)
    assert ran.code in {0, 8, 9}, ran.err
    if ran.code == 8:  # a comparison's one answer that no repair helped
        assert ran.error()
        return
    found = ran.json()
    texts = {path.stem: path.read_bytes().decode() for path in story_files}
    for e in evidence(found):
        assert texts[e["version"]][e["start"] : e["end"]] == e["exact"]
    assert {f["status"] for f in found.get("failures", ())} <= GATES
    assert found["provenance"]["rungs"] == ["strict"]
    assert found["provenance"]["usage"]["input"] > 0


def test_a_run_over_many_files_settles_each_and_asks_none_again(llama: str, tmp_path: Path) -> None:
    names = articles(tmp_path, 12)
    flags = ("--model", "tiny", "--base-url", llama, "--ledger", "l.sqlite", "--hands", "4", "--json")
    first = retold("summarize", *names, *flags, cwd=tmp_path)
    assert first.code in {0, 9}, first.err
    found = first.json()
    assert len(found["readings"]) + len(found["failures"]) == len(names)
    assert {f["status"] for f in found["failures"]} <= GATES
    again = retold("summarize", *names, *flags, cwd=tmp_path).json()
    assert again["provenance"]["asked"] == 0
    assert again["readings"] == found["readings"]
    assert [f["status"] for f in again["failures"]] == [f["status"] for f in found["failures"]]


def test_a_model_that_never_ends_fails_with_its_true_reason_in_a_bounded_number_of_requests(
    runaway_llama: str, tmp_path: Path
) -> None:
    (name,) = articles(tmp_path, 1)
    flags = ("--model", "tiny", "--base-url", runaway_llama, "--ledger", "l.sqlite", "--max-output-tokens", "600")
    ran = retold("summarize", name, *flags, cwd=tmp_path)
    assert ran.code == 8
    assert "length" in ran.error() or "white space" in ran.error()
    lines = retold("ledger", "export", "-", "--ledger", "l.sqlite", cwd=tmp_path).out.splitlines()
    assert 0 < len(lines) <= 6
    assert {json.loads(line)["status"] for line in lines} <= {"length", "runaway"}


def test_a_text_beyond_the_context_is_read_in_parts(llama: str, tmp_path: Path) -> None:
    sentences = (f"Ferry {n} ran aground near Lowick on day {n}, and the harbour master said so." for n in range(1_200))
    (tmp_path / "long.txt").write_text("\n\n".join(sentences), "utf-8")
    flags = ("--model", "tiny", "--base-url", llama, "--ledger", "l.sqlite", "--max-output-tokens", "2000", "--json")
    ran = retold("summarize", "long.txt", *flags, cwd=tmp_path)
    assert ran.code in {0, 8}, ran.err
    lines = retold("ledger", "export", "-", "--ledger", "l.sqlite", cwd=tmp_path).out.splitlines()
    statuses = [json.loads(line)["status"] for line in lines]
    assert statuses.count("context") >= 1
    assert len(statuses) > 2
    if ran.code == 8:
        assert set(statuses) & GATES - {"context"}


def test_an_unwilling_port_is_told_at_once(tmp_path: Path) -> None:
    (name,) = articles(tmp_path, 1)
    ran = retold("summarize", name, "--model", "tiny", "--base-url", "http://127.0.0.1:9/v1", cwd=tmp_path)
    assert ran.code == 5
    assert "nobody can be reached" in ran.error()
