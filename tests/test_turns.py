"""Two processes on one ledger ask each question once between them."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from fault_server import FaultServer, delayed, good

from summarize.errors import Stopped
from summarize.ledger import Ledger

linux = pytest.mark.skipif(sys.platform != "linux", reason="open-file-description locks are Linux'")


@linux
def test_two_processes_with_the_same_files_pay_for_each_once(tmp_path: Path) -> None:
    for n in range(8):
        (tmp_path / f"{n}.txt").write_text(f"Two men died in fire number {n} on Tuesday, the mayor said.\n", "utf-8")
    names = [f"{n}.txt" for n in range(8)]
    with FaultServer(delayed(0.2, good)) as server:
        flags = ["--model", "fake-1", "--base-url", server.base_url, "--ledger", "l.sqlite", "--json"]
        command = [sys.executable, "-m", "summarize", "summarize", *names, *flags]
        started = [
            subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, env=os.environ | {"PYTHONUTF8": "1"})
            for _ in range(3)
        ]
        assert [process.wait() for process in started] == [0, 0, 0]
        outputs = [process.stdout.read().decode() for process in started if process.stdout]
        for process in started:
            if process.stdout:
                process.stdout.close()
    assert len(server.questions) == 8
    assert len({output.partition('"failures"')[0] for output in outputs}) == 1


@linux
def test_a_question_held_by_a_killed_process_is_free(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib; from summarize.ledger import Ledger; "
        "ledger = Ledger(pathlib.Path(sys.argv[1])); "
        "held = ledger.turn('ab' * 32, None); held.__enter__(); print('held', flush=True); sys.stdin.read()"
    )
    path = tmp_path / "l.sqlite"
    holder = subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        ledger = Ledger(path)
        waited = threading.Event()

        def wait(_: float) -> None:
            if waited.is_set():
                raise Stopped("enough")
            waited.set()

        with pytest.raises(Stopped), ledger.turn("ab" * 32, wait):
            pass
        with ledger.turn("cd" * 32, wait):  # another question is not held
            pass
        holder.kill()
        holder.wait()
        with ledger.turn("ab" * 32, wait):
            pass
        ledger.close()
