"""What exceeds a model's context is read in windows, with nothing lost and no sentence renumbered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from command import retold
from exchange import Answer, Asked, good
from fault_server import FaultServer
from faults import context

if TYPE_CHECKING:
    from pathlib import Path

PLACES = "Lowick Marsby Tarn Ensby Holt Wick Selby Garth Kelso Ayton".split()
TEXT = "\n\n".join(
    f"Ferry {n} of the brutal line ran aground near {PLACES[n % 10]} on Tuesday. “It is wet number {n},” said Ana "
    f"Ruiz{n}. Some {n + 200} passengers were taken off by boats, the harbour office reported."
    for n in range(120)
)


def read(tmp_path: Path, server: FaultServer, *flags: str, text: str = TEXT) -> dict[str, Any]:
    """The reading of the long text."""
    (tmp_path / "a.txt").write_text(text, "utf-8")
    more = ("--model", "fake-1", "--base-url", server.base_url, "--ledger", "l.sqlite", "--json")
    found = retold("summarize", "a.txt", *more, *flags, cwd=tmp_path).json()
    reading: dict[str, Any] = found["readings"]["a"]
    return reading


def spans(reading: dict[str, Any], section: str) -> list[tuple[str, tuple[int, ...]]]:
    """Words and places of a section's findings."""
    return [
        (finding.get("text") or finding["words"], tuple(e["start"] for e in finding["evidence"]))
        for finding in reading[section]
    ]


def test_windows_find_the_claims_and_words_of_the_whole(tmp_path: Path) -> None:
    with FaultServer() as server:
        whole = read(tmp_path, server)
        asked = len(server.questions)
        parts = read(tmp_path, server, "--context-window", "8000", "--max-output-tokens", "2000")
    assert asked == 1
    assert len(server.questions) > 3
    assert spans(parts, "claims") == spans(whole, "claims")
    assert spans(parts, "wording") == spans(whole, "wording")
    assert parts["ungrounded"] == []
    shown = {line for q in server.questions[1:] for line in q.user.splitlines() if line.startswith("[")}
    assert len(shown) >= 360  # every sentence is in some window


def test_a_window_that_the_server_names_is_kept_for_all_that_follows(tmp_path: Path) -> None:
    limit = 7_000

    def script(asked: Asked) -> Answer:
        return context(limit)(asked) if asked.tokens + asked.body["max_tokens"] > limit else good(asked)

    flags = ("--max-output-tokens", "2000")
    with FaultServer(script) as server:
        first = read(tmp_path, server, *flags)
        refused = server.statuses[400]
        second = read(tmp_path, server, *flags, text=TEXT.replace("brutal", "grim"))
        assert server.statuses[400] == refused == 1
    assert len(second["claims"]) == len(first["claims"])
    assert len(first["claims"]) > 300


def test_a_model_too_small_for_the_instructions_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    with FaultServer() as server:
        flags = ("--model", "fake-1", "--base-url", server.base_url, "--ledger", "l.sqlite")
        ran = retold("summarize", "a.txt", *flags, "--context-window", "600", cwd=tmp_path)
    assert ran.code == 5
    assert "leaves no room" in ran.error()
    assert server.questions == []
