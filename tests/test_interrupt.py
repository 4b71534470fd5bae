"""Ctrl-C: the first lets those under way finish and keeps what was settled, the second leaves them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from command import retold
from fault_server import FAULTS, FaultServer, Script, delayed, good

if TYPE_CHECKING:
    from pathlib import Path

HANDS = 3


def _heeds_interrupts() -> None:
    """A child of a job in the background is born deaf to them."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def interrupted(tmp_path: Path, script: Script, signals: int) -> tuple[int, str, str, FaultServer]:
    """Exit code, both streams and the server of a run that is interrupted once some questions are under way."""
    for n in range(40):
        (tmp_path / f"{n:02}.txt").write_text(f"Two men died in fire number {n} on Tuesday, police said.\n", "utf-8")
    with FaultServer(script) as server:
        flags = ["--model", "fake-1", "--base-url", server.base_url, "--ledger", "l.sqlite", "--hands", str(HANDS)]
        command = [sys.executable, "-m", "summarize", "summarize", ".", "--json", *flags]
        process = subprocess.Popen(
            command,
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=dict(os.environ),
            preexec_fn=_heeds_interrupts,  # noqa: PLW1509  # no threads of ours take locks in the child
        )
        with process:
            while server.served < 4 and len(server.questions) < HANDS:
                time.sleep(0.01)
            time.sleep(0.1)
            for _ in range(signals):
                process.send_signal(signal.SIGINT)
                time.sleep(0.2)
            try:
                out, err = process.communicate(timeout=60)
            finally:
                process.kill()
    return process.returncode, out, err, server


def test_one_interrupt_finishes_what_is_under_way_and_the_same_command_goes_on(tmp_path: Path) -> None:
    code, out, err, server = interrupted(tmp_path, delayed(0.3, good), 1)
    found = json.loads(out)
    assert code == 130
    assert "Traceback" not in err
    assert "interrupted" in err.splitlines()[-1]
    assert 0 < len(found["readings"]) == server.served < 40
    with FaultServer() as after:
        flags = ("--model", "fake-1", "--base-url", after.base_url, "--ledger", "l.sqlite", "--json")
        whole = retold("summarize", ".", *flags, cwd=tmp_path)
    assert whole.code == 0
    assert len(whole.json()["readings"]) == 40
    assert len(after.questions) == 40  # another address is another question: nothing is mixed up


@pytest.mark.parametrize("signals", [2])
def test_a_second_interrupt_waits_for_nobody(tmp_path: Path, signals: int) -> None:
    code, _, err, server = interrupted(tmp_path, FAULTS["hang"], signals)
    assert code == 130
    assert "Traceback" not in err
    assert "left" in err.splitlines()[-1]
    assert len(server.questions) == HANDS
