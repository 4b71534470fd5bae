"""A dry run tells calls, tokens and cost, and asks nobody anything."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from command import Ran, retold
from fault_server import FAULTS, FaultServer, once

from summarize.comparison.rounds import MOST

FIRST = "Two die in fire\n\nTwo men died in Lisbon on Tuesday. “It is over,” the mayor said.\n"
SECOND = "Fire\n\nThree men died in Lisbon on Tuesday, according to police. “It is over,” the mayor said.\n"
PRICED = '[prices."fake-1"]\ninput = 2.0\noutput = 8.0\n'


@pytest.fixture
def server() -> Iterator[FaultServer]:
    """A server that must be asked nothing by a dry run."""
    with FaultServer() as found:
        yield found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A working folder with two articles."""
    (tmp_path / "a.txt").write_text(FIRST, "utf-8")
    (tmp_path / "b.txt").write_text(SECOND, "utf-8")
    return tmp_path


def ran(folder: Path, server: FaultServer, command: str, *flags: str) -> Ran:
    """`retold COMMAND` on both articles, on a model at `server`, with a ledger and no vocabulary."""
    asked = ("--model", "fake-1", "--base-url", server.base_url, "--ledger", "x.sqlite")
    env = {"TIKTOKEN_CACHE_DIR": str(folder / "none")}
    return retold(command, "a.txt", "b.txt", *asked, *flags, cwd=folder, env=env)


def both(number: int) -> dict[str, int]:
    """Bounds that are one number."""
    return {"low": number, "high": number}


@pytest.mark.parametrize(("command", "calls"), [("compare", "5 to 9"), ("summarize", "2")])
def test_a_dry_run_tells_calls_tokens_and_cost_without_a_key_or_a_request(
    folder: Path, server: FaultServer, command: str, calls: str
) -> None:
    done = ran(folder, server, command, "--dry-run")
    rows = {line[:14].strip(): line[14:] for line in done.out.splitlines()}
    assert (done.code, done.err) == (0, "")
    assert list(rows) == ["model", "articles", "calls", "input tokens", "output tokens", "cost"]
    assert (rows["model"], rows["articles"], rows["calls"]) == ("fake-1", "2", calls)
    assert not server.asked
    assert sorted(path.name for path in folder.iterdir()) == ["a.txt", "b.txt"]  # and no ledger is made


@pytest.mark.parametrize(("command", "low", "high"), [("compare", 5, 9), ("summarize", 2, 2)])
def test_its_json_says_the_same_and_no_cost_where_no_price_is_known(
    folder: Path, server: FaultServer, command: str, low: int, high: int
) -> None:
    told = ran(folder, server, command, "--dry-run", "--json").json()
    assert told["format"] == "retold.plan/1"
    assert (told["articles"], told["unreadable"], told["settled"]) == (2, 0, 0)
    assert told["calls"] == {"low": low, "high": high}
    assert all(told["input_tokens"][bound] > 1000 * told["calls"][bound] for bound in told["calls"])  # instructions
    assert 0 < told["output_tokens"]["low"] < told["output_tokens"]["high"]
    assert told["tokens_exact"] is False
    assert (told["cost"], told["price_source"], told["price_date"]) == (None, None, None)
    assert not server.asked


def test_an_unknown_price_is_called_unknown_and_not_nothing(folder: Path, server: FaultServer) -> None:
    cost = next(row for row in ran(folder, server, "compare", "--dry-run").out.splitlines() if row.startswith("cost"))
    assert "unknown" in cost
    assert "$" not in cost


def test_a_price_of_ones_own_gives_the_cost_of_the_tokens_told(folder: Path, server: FaultServer) -> None:
    (folder / "retold.toml").write_text(PRICED, "utf-8")
    told = ran(folder, server, "compare", "--dry-run", "--json").json()
    for bound in ("low", "high"):
        tokens = told["input_tokens"][bound] * 2 + told["output_tokens"][bound] * 8
        assert Decimal(told["cost"][bound]) == Decimal(tokens) / 1_000_000
    assert told["price_source"].endswith("retold.toml")
    printed = ran(folder, server, "compare", "--dry-run").out
    assert f"${Decimal(told['cost']['low']):.4f} to ${Decimal(told['cost']['high']):.4f}" in printed
    assert not server.asked


def test_what_is_settled_is_not_counted_again(folder: Path, server: FaultServer) -> None:
    before = ran(folder, server, "summarize", "--dry-run", "--json").json()
    assert ran(folder, server, "summarize", "--json").code == 0
    asked = len(server.questions)
    after = ran(folder, server, "summarize", "--dry-run", "--json").json()
    assert (before["calls"], before["settled"]) == (both(2), 0)
    assert (after["calls"], after["settled"], after["input_tokens"]) == (both(0), 2, both(0))
    compared = ran(folder, server, "compare", "--dry-run", "--json").json()
    assert (compared["calls"], compared["settled"]) == ({"low": 3, "high": 7}, 2)
    assert len(server.questions) == asked == 2


def test_each_sample_is_a_call_of_its_own_and_settled_by_itself(folder: Path, server: FaultServer) -> None:
    assert ran(folder, server, "summarize", "--dry-run", "--json", "--samples", "3").json()["calls"] == both(6)
    assert ran(folder, server, "summarize", "--json", "--samples", "2").code == 0
    after = ran(folder, server, "summarize", "--dry-run", "--json", "--samples", "3").json()
    assert (after["calls"], after["settled"]) == (both(2), 4)
    compared = ran(folder, server, "compare", "--dry-run", "--json", "--samples", "3").json()
    assert compared["calls"] == {"low": 2 + 1 + 2 * 3, "high": 2 + 1 + 2 * 3 + 4}  # gaps and second looks: once each


def test_what_failed_or_was_repaired_is_not_counted_again_as_it_is_not_asked_again(folder: Path) -> None:
    with FaultServer(once(FAULTS["truncated_json"])) as server:
        assert ran(folder, server, "summarize", "--json").code == 0
        after = ran(folder, server, "summarize", "--dry-run", "--json").json()
        assert (after["calls"], after["settled"]) == (both(0), 2)
        asked = len(server.questions)
        assert ran(folder, server, "summarize", "--json").code == 0
        assert len(server.questions) == asked


def test_a_change_of_what_is_asked_is_counted_as_not_settled(folder: Path, server: FaultServer) -> None:
    assert ran(folder, server, "summarize", "--json").code == 0
    assert ran(folder, server, "summarize", "--dry-run", "--json", "--seed", "1").json()["settled"] == 0
    (folder / "a.txt").write_text(FIRST.replace("Two", "Ten"), "utf-8")
    assert ran(folder, server, "summarize", "--dry-run", "--json").json()["settled"] == 1


def test_what_cannot_be_read_is_told_apart_and_no_call(folder: Path, server: FaultServer) -> None:
    (folder / "b.txt").unlink()
    (folder / "a.txt").write_bytes(b"")
    told = ran(folder, server, "summarize", "--dry-run", "--json").json()
    assert (told["articles"], told["unreadable"], told["calls"], told["input_tokens"]) == (0, 2, both(0), both(0))


def test_longer_articles_take_more_of_everything(folder: Path, server: FaultServer) -> None:
    (folder / "retold.toml").write_text(PRICED, "utf-8")
    short = ran(folder, server, "compare", "--dry-run", "--json").json()
    (folder / "a.txt").write_text(FIRST * 20, "utf-8")
    long = ran(folder, server, "compare", "--dry-run", "--json").json()
    assert long["calls"] == short["calls"]
    for bound in ("low", "high"):
        assert long["input_tokens"][bound] > short["input_tokens"][bound]
        assert long["output_tokens"][bound] > short["output_tokens"][bound]
        assert Decimal(long["cost"][bound]) > Decimal(short["cost"][bound])


def test_a_version_with_nothing_to_hold_is_asked_for_no_claims_more(folder: Path, server: FaultServer) -> None:
    (folder / "b.txt").write_text("Fire\n\nThere was a fire in the town. It was put out.\n", "utf-8")
    told = ran(folder, server, "compare", "--dry-run", "--json").json()
    assert told["calls"] == {"low": 5, "high": 8}


def test_claims_that_exceed_a_question_are_counted_in_batches(folder: Path, server: FaultServer) -> None:
    names = [f"{n}.txt" for n in range(6)]
    for n, name in enumerate(names):
        told = "There was a fire in the town. It was put out.\n\n" * 40
        (folder / name).write_text(f"Fire {n + 2}\n\n{told}", "utf-8")
    flags = ("--model", "fake-1", "--base-url", server.base_url, "--dry-run", "--json")
    planned = retold("compare", *names, *flags, cwd=folder, env={"TIKTOKEN_CACHE_DIR": str(folder / "none")}).json()
    assert MOST < 6 * 40 <= 2 * MOST  # claims that the versions have at least, and no more than 6 * 60
    assert planned["calls"] == {"low": 6 + 2 + 6, "high": 6 + 6 + 2 * 3 + 6 + 6}
    assert not server.asked


@pytest.mark.parametrize("samples", ["1", "2"])
def test_a_run_takes_what_its_plan_says(folder: Path, server: FaultServer, samples: str) -> None:
    plan = ran(folder, server, "compare", "--dry-run", "--json", "--samples", samples).json()
    assert ran(folder, server, "compare", "--json", "--samples", samples).code == 0
    assert plan["calls"]["low"] <= len(server.questions) <= plan["calls"]["high"]
    assert len(server.questions) > plan["calls"]["low"]  # versions are looked at again


def test_the_embedded_engine_costs_nothing_and_says_so(folder: Path) -> None:
    told = retold("compare", "a.txt", "b.txt", "--dry-run", "--json", cwd=folder).json()
    assert (told["model"], told["calls"], told["input_tokens"]) == ("", {"low": 5, "high": 9}, both(0))
    assert {bound: Decimal(told["cost"][bound]) for bound in ("low", "high")} == {"low": 0, "high": 0}


def test_a_dry_run_of_one_version_is_refused_as_the_run_would_be(folder: Path, server: FaultServer) -> None:
    done = retold(
        "compare", "a.txt", "--dry-run", "--model", "fake-1", "--base-url", server.base_url, cwd=folder
    )  # fmt: skip
    assert done.code == 3
    assert "two versions" in done.error()


@pytest.mark.parametrize("flags", [["--dry-run", "--json"], ["--dry-run"]])
def test_a_plan_can_be_written_to_a_file(folder: Path, server: FaultServer, flags: list[str]) -> None:
    shown = ran(folder, server, "compare", *flags)
    written = ran(folder, server, "compare", *flags, "-o", "plan.txt")
    assert written.out == ""
    assert (folder / "plan.txt").read_text("utf-8") == shown.out
