"""The command line as users have it: a real process, bytes in, bytes out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Ran:
    """What a finished process left: exit code and both streams."""

    code: int
    out: str
    err: str

    def json(self) -> dict[str, Any]:
        """Standard output, which must be one JSON object."""
        found: dict[str, Any] = json.loads(self.out)
        return found

    def error(self) -> str:
        """The one line on standard error that every failure must be."""
        assert "Traceback" not in self.err
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        assert lines[0].startswith("retold: ")
        return lines[0]


def retold(*args: str | Path, cwd: Path, stdin: bytes = b"", env: dict[str, str] | None = None) -> Ran:
    """`retold ARGS` run in `cwd`, with `env` beside the environment that conftest has cleaned."""
    done = subprocess.run(
        [sys.executable, "-m", "summarize", *map(str, args)],
        cwd=cwd,
        input=stdin,
        env={**os.environ, "PYTHONUTF8": "1", **(env or {})},
        capture_output=True,
        timeout=120,
        check=False,
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())
