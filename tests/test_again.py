"""--retry-failed asks again what ended in a failure, and nothing that ended well."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from command import Ran, retold
from fault_server import FAULTS, FaultServer, good, once

if TYPE_CHECKING:
    from pathlib import Path

COUNT = 3


def run(tmp_path: Path, server: FaultServer, *flags: str) -> Ran:
    """The command line on a few articles."""
    names = [f"{n}.txt" for n in range(COUNT)]
    for n, name in enumerate(names):
        text = f"Fire number {n}\n\nTwo men died on Tuesday. The fire spread. It was put out, the mayor said.\n"
        (tmp_path / name).write_text(text, "utf-8")
    more = ("--model", "fake-1", "--base-url", server.base_url, "--ledger", "l.sqlite", "--json", *flags)
    return retold("summarize", *names, *more, cwd=tmp_path)


@pytest.mark.parametrize("fault", ["length", "truncated_json", "cites_out_of_range", "schema_fault"])
def test_a_question_that_was_halved_or_repaired_to_a_good_end_is_not_paid_again(tmp_path: Path, fault: str) -> None:
    with FaultServer(once(FAULTS[fault])) as server:
        first = run(tmp_path, server)
        asked = len(server.questions)
        for _ in range(2):
            again = run(tmp_path, server, "--retry-failed")
            assert again.json()["readings"] == first.json()["readings"]
        assert len(server.questions) == asked > COUNT
    assert (first.code, again.code) == (0, 0)


@pytest.mark.parametrize("fault", ["refusal", "truncated_json", "length", "400_content_filter"])
def test_a_question_that_failed_is_asked_again_from_its_start_once(tmp_path: Path, fault: str) -> None:
    with FaultServer(FAULTS[fault]) as server:
        assert run(tmp_path, server).code == 9
        asked = len(server.questions)
        assert run(tmp_path, server).code == 9
        assert len(server.questions) == asked
        assert run(tmp_path, server, "--retry-failed").code == 9
        assert len(server.questions) == 2 * asked
        server.script = good
        well = run(tmp_path, server, "--retry-failed")
    assert well.code == 0
    assert len(well.json()["readings"]) == COUNT
